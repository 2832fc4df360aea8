/*
 * A client's request as the proxy understands it, and the same request as the origin sees it.
 */
#ifndef CULVERT_PROXY_HTTP_REQUEST_H
#define CULVERT_PROXY_HTTP_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "http/body.h"
#include "http/head.h"
#include "proxy/proxy.h"

/* Texts point into the head that was parsed. */
struct http_request {
	struct txt method;
	struct txt path;		/* path and query as sent; may lack the leading slash */
	struct proxy_target target;
	unsigned minor;			/* of the client's version, at most 1 */
	bool is_connect, is_head, is_options, is_trace;
	bool idempotent;		/* RFC 9110 section 9.2.2 */
	bool keep_alive;		/* the client wants to go on afterwards */
	bool expect_continue;
	bool upgrade;			/* an Upgrade to pass on */
	bool te_trailers;
	bool limits_forwards;		/* Max-Forwards counts for this method */
	uint64_t max_forwards;
	enum http_framing framing;
	uint64_t length;
};

/* Why a request is refused. `status` 0: it is not. */
struct http_refusal {
	unsigned status;
	bool fatal;		/* the framing cannot be trusted: close */
	const char *why;	/* static */
};

/*
 * Fills `out` from a complete head. After a refusal that is not fatal the framing fields are valid,
 * so that the body can be skipped.
 */
void http_request_parse(struct http_request *out, const struct http_head *h,
			struct http_refusal *refusal);

/*
 * Appends the head for the origin: origin-form, Host from the target, own framing, nothing that
 * concerns the proxy only. 0, ERR_LIMIT or ERR_NOMEM.
 */
CULVERT_MUST_USE int http_request_write(const struct http_request *r, const struct http_head *h,
					struct buf *out);

#endif
