/*
 * The state that http.c (client's side) and http_exchange.c (origin's side) share, and what one asks
 * of the other. Not for others.
 */
#ifndef CULVERT_PROXY_HTTP_MACHINE_H
#define CULVERT_PROXY_HTTP_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "http/body.h"
#include "http/head.h"
#include "proxy/http.h"
#include "proxy/http_answer.h"
#include "proxy/http_request.h"
#include "proxy/proxy.h"

enum http_client_state {
	HTTP_CL_HEAD,		/* collecting a request head; no exchange is open */
	HTTP_CL_WAIT,		/* the head is complete; the dial is under way */
	HTTP_CL_BODY,		/* passing the request body on */
	HTTP_CL_SKIP,		/* dropping the body of a request that was answered already */
	HTTP_CL_DONE,		/* the request was passed on completely; the response is due */
	HTTP_CL_RAW,		/* tunnel */
	HTTP_CL_CLOSING,	/* only output is left; input is dropped */
};

enum http_upstream_state {
	HTTP_UP_NONE,
	HTTP_UP_DIALING,
	HTTP_UP_IDLE,		/* open, between exchanges */
	HTTP_UP_HEAD,		/* a response head is due */
	HTTP_UP_BODY,		/* passing the response body on */
	HTTP_UP_RAW,
};

/* What is kept of the request while its exchange lasts. */
struct http_exchange {
	unsigned client_minor;
	bool is_connect, is_head, upgrade;
	bool expect_continue;
	bool retryable;		/* no body, idempotent */
	bool retried;
	bool reused;		/* sent on a connection that had served before */
	bool responded;		/* part of the final response went to the client */
	bool to_end;		/* the client knows the response's end by the connection's */
	bool trusted;		/* no password is asked for, or the right one was given */
	unsigned waited_s;	/* for the dial that failed */
};

struct http_proxy {
	const struct proxy_auth *auth;
	enum http_client_state client;
	enum http_upstream_state upstream;
	unsigned events;		/* bit n: enum http_event n */
	bool client_eof;
	bool draining;
	bool login_held;		/* a wrong login waits for its answer's time */
	unsigned wrong_logins;
	bool close_client;		/* after this exchange */
	bool upstream_reusable;		/* after this exchange */
	struct http_exchange x;
	struct proxy_target target;
	struct http_scan request_scan, response_scan;
	struct http_body request_body, response_body;
	struct buf request_head;	/* as it comes from the client, until it is parsed */
	struct buf request;		/* the head for the origin, as long as it may be sent (again) */
	struct buf response_head;
	struct buf client_out, upstream_out;
};

/* The client's connection ends with this exchange. */
static inline bool http_is_last(const struct http_proxy *h)
{
	return h->close_client || h->client_eof || h->draining;
}

/* --- both sides (http_machine.c) --- */

void http_post(struct http_proxy *h, enum http_event event);
void http_unpost(struct http_proxy *h, enum http_event event);
/* Ends both; the client gets what is in its output, then FIN or (`abort`) a reset. */
void http_close_both(struct http_proxy *h, bool abort);

/* --- the client's side (http.c) --- */

/*
 * Ends the exchange with an answer of our own, or by closing when a response has begun. `fatal`
 * closes in any case; else the connection goes on when the request's body can be skipped.
 */
void http_refuse(struct http_proxy *h, unsigned status, bool fatal, const char *fmt, ...)
	CULVERT_PRINTF(4, 5);
/* The same with a reason beyond the status, never fatal. */
void http_fail(struct http_proxy *h, const struct http_reason *reason, const char *fmt, ...)
	CULVERT_PRINTF(3, 4);
/* The same for a request that there is no memory to pass on; closes. */
void http_refuse_for_memory(struct http_proxy *h);

/* Ready for the next request head. */
void http_client_next(struct http_proxy *h);
/* The request waits for a dial. */
void http_client_wait(struct http_proxy *h);
/* The head is on its way to the origin: now the body, if there is one. */
void http_client_pass_body(struct http_proxy *h);
void http_client_tunnel(struct http_proxy *h);
/* Input is dropped from now on. */
void http_client_close(struct http_proxy *h);

/* --- the origin's side (http_exchange.c) --- */

/* Sends h->request on the open origin connection, as the first or again. */
void http_exchange_start(struct http_proxy *h);
/* Asks for a dial to h->target. */
void http_exchange_dial(struct http_proxy *h);
/* Ends the origin's connection, if there is one. */
void http_close_upstream(struct http_proxy *h);
/* Open, and between two exchanges. */
bool http_upstream_is_idle(const struct http_proxy *h);

#endif
