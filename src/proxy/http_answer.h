/* Answers that the proxy gives itself. */
#ifndef CULVERT_PROXY_HTTP_ANSWER_H
#define CULVERT_PROXY_HTTP_ANSWER_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/cause.h"
#include "base/compiler.h"
#include "http/head.h"
#include "proxy/proxy.h"

#define HTTP_PHRASE_MAX 60	/* one line of a terminal, behind what clients put before it */
#define HTTP_DETAILS_MAX 200	/* what is longer stands in the body */

/* Why an answer is ours. Static; no text of a client, a name server or an origin is in it. */
struct http_reason {
	unsigned status;
	const char *phrase;	/* printable ASCII, at most HTTP_PHRASE_MAX with what `timed` adds */
	const char *error;	/* RFC 9209 section 2.3; NULL: no failure of the request */
	bool timed;		/* the seconds that were waited for complete the phrase */
};

/* What an origin did so that its answer cannot be passed on. */
enum http_fault {
	HTTP_FAULT_CLOSED,	/* it closed the connection before its answer */
	HTTP_FAULT_MALFORMED,
	HTTP_FAULT_LONG,	/* a head beyond the limits */
	HTTP_FAULT_UPGRADE,	/* 101 that nobody asked for */
	HTTP_FAULT_LOGIN,	/* 407: clients would send it the password of this proxy */
	HTTP_FAULT_COUNT
};

const struct http_reason *http_reason_of_cause(enum cause cause);
const struct http_reason *http_reason_of_fault(enum http_fault fault);
/* The standard phrase, for faults of the request. */
const struct http_reason *http_reason_of_status(unsigned status);

/* The phrase with the seconds in it where they belong; 0: not known. */
void http_reason_phrase(const struct http_reason *r, unsigned waited_s,
			char out[static HTTP_PHRASE_MAX + 1]);

/* `text` as the inside of an sf-string: printable ASCII, escaped (RFC 8941 section 3.3.3). */
void http_details_quote(const char *text, char out[static HTTP_DETAILS_MAX + 1]);

struct http_answer {
	const struct http_reason *reason;
	unsigned waited_s;
	const char *text;	/* the body: one line */
	bool close;		/* announce the end of the connection */
	bool to_head;		/* leave the body out */
	bool discreet;		/* the client is not known yet: no Proxy-Status */
};

/* Appends a whole response. 407 carries the challenge. 0, ERR_LIMIT or ERR_NOMEM. */
CULVERT_MUST_USE int http_answer_write(struct buf *out, const struct http_answer *a);

/*
 * Whether the request holds the credentials (RFC 7617) in its one Proxy-Authorization field,
 * compared in constant time.
 */
CULVERT_MUST_USE bool http_auth_check(const struct proxy_auth *auth, const struct http_head *h);

/* Whether it holds any, right or wrong: a request without asks what is wanted. */
bool http_auth_is_given(const struct http_head *h);

#endif
