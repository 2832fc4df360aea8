/* An origin's response as the proxy understands it, and the same response as the client sees it. */
#ifndef CULVERT_PROXY_HTTP_RESPONSE_H
#define CULVERT_PROXY_HTTP_RESPONSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "http/body.h"
#include "http/head.h"

/* Texts point into the head that was parsed. */
struct http_response {
	unsigned status;
	unsigned minor;
	struct txt reason;
	bool keep_alive;	/* the origin's connection can serve another request */
	bool has_length;	/* tell the client, even where no body follows */
	uint64_t length;
	enum http_framing framing;
	const char *why;	/* after an error: what is wrong, for people; static */
};

/*
 * Fills `out` from a complete head; `to_head` says that HEAD was asked. 0, or ERR_SYNTAX for what
 * no client should see.
 */
CULVERT_MUST_USE int http_response_parse(struct http_response *out, const struct http_head *h,
					 bool to_head);

/*
 * Appends the head for a client of HTTP/1.`client_minor`; `close` announces that its connection
 * ends afterwards. Such a client of HTTP/1.0 gets a chunked body decoded. 0, ERR_LIMIT or
 * ERR_NOMEM.
 */
CULVERT_MUST_USE int http_response_write(const struct http_response *r, const struct http_head *h,
					 unsigned client_minor, bool close, struct buf *out);

#endif
