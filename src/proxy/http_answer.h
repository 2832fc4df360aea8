/* Answers that the proxy gives itself. */
#ifndef CULVERT_PROXY_HTTP_ANSWER_H
#define CULVERT_PROXY_HTTP_ANSWER_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/cause.h"
#include "base/compiler.h"
#include "proxy/http_head.h"
#include "proxy/proxy.h"

/* The status of a cause, by the table of causes. */
unsigned http_status_of(enum cause cause);

/* The reason phrase of a status that this proxy may send. Static. */
const char *http_status_phrase(unsigned status);

/*
 * Appends a whole response whose body is one line of text. `close` announces the end of the
 * connection; `to_head` leaves the body out. 407 carries the challenge. 0, ERR_LIMIT or ERR_NOMEM.
 */
CULVERT_MUST_USE int http_answer_write(struct buf *out, unsigned status, const char *text,
				       bool close, bool to_head);

/*
 * Whether the request holds the credentials (RFC 7617) in its one Proxy-Authorization field,
 * compared in constant time.
 */
CULVERT_MUST_USE bool http_auth_check(const struct proxy_auth *auth, const struct http_head *h);

#endif
