/*
 * One client connection of the HTTP/1.1 proxy, without sockets: bytes from the client and from the
 * origin in, bytes for both and events out.
 *
 * The driver, after each call that is not a query: takes events until there is none, moves both
 * outputs, then offers again what was not used (first the origin's bytes, then the client's, so
 * that bytes an origin sent beyond a response are never taken for the next one). A side's end of
 * stream is told after all of its bytes were used. When the client's connection fails, the driver
 * closes both sides and frees the machine.
 *
 * Calls about an origin that was not asked for, or that a pending event already ends, are ignored.
 */
#ifndef CULVERT_PROXY_HTTP_H
#define CULVERT_PROXY_HTTP_H

#include <stddef.h>
#include <stdint.h>

#include "base/cause.h"
#include "base/compiler.h"
#include "proxy/proxy.h"

/* RFC 9112 section 3 wants at least 8,000 for a request line; cookies make heads long. */
#define HTTP_REQUEST_LINE_MAX 16384
#define HTTP_REQUEST_HEAD_MAX 32768
#define HTTP_RESPONSE_HEAD_MAX 65536
/* Input waits while this much output is unsent. */
#define HTTP_OUTPUT_SOFT_MAX 16384
/* A refused request's body is read up to this size to keep the connection. */
#define HTTP_SKIP_MAX 65536

struct http_proxy;

enum http_event {
	HTTP_EV_NONE,
	HTTP_EV_WRONG_LOGIN,	/* hold the client's output back, then http_proxy_login_answered */
	HTTP_EV_DIAL,		/* close the old origin if there is one; dial http_proxy_target */
	HTTP_EV_TUNNEL,		/* CONNECT or Upgrade: after the outputs, raw bytes both ways */
	HTTP_EV_CLOSE_UPSTREAM,	/* close the origin's connection, or give up the dial; at once */
	HTTP_EV_CLOSE_CLIENT,	/* send the client's output, then FIN, drain its input, close */
	HTTP_EV_ABORT_CLIENT,	/* send the client's output, then reset: the body was cut short */
};

enum http_phase {
	HTTP_IDLE,	/* between requests: nothing of a head has arrived */
	HTTP_HEAD,	/* in a head, or a body that is dropped: the driver limits the time */
	HTTP_BUSY,	/* a request is served, or the end is on its way */
	HTTP_RAW,	/* tunnel */
};

/* `auth` (NULL: none asked for) must outlive the machine. NULL when out of memory. */
struct http_proxy *http_proxy_new(const struct proxy_auth *auth);
void http_proxy_free(struct http_proxy *h);

/* Removes and returns the next event, HTTP_EV_NONE when there is none. */
enum http_event http_proxy_event(struct http_proxy *h);

/* Where HTTP_EV_DIAL leads. Valid until the next input from the client. */
const struct proxy_target *http_proxy_target(const struct http_proxy *h);

/*
 * The dial's result. `waited_s` is for how long an answer was waited for; `detail` (may be NULL) is
 * one line that says what failed, on what and why.
 */
void http_proxy_connected(struct http_proxy *h);
void http_proxy_failed(struct http_proxy *h, enum cause cause, unsigned waited_s,
		       const char *detail);

/* Bytes from the front; `*used` of them were taken, the rest is offered again later. */
void http_proxy_client_input(struct http_proxy *h, const uint8_t *p, size_t len, size_t *used);
void http_proxy_client_eof(struct http_proxy *h);
void http_proxy_upstream_input(struct http_proxy *h, const uint8_t *p, size_t len, size_t *used);
void http_proxy_upstream_eof(struct http_proxy *h);
void http_proxy_upstream_reset(struct http_proxy *h);

/* Bytes to send, valid until the next call that is not a query; _sent drops them. */
size_t http_proxy_client_output(const struct http_proxy *h, const uint8_t **p);
void http_proxy_client_sent(struct http_proxy *h, size_t len);
size_t http_proxy_upstream_output(const struct http_proxy *h, const uint8_t **p);
void http_proxy_upstream_sent(struct http_proxy *h, size_t len);

/*
 * Bulk: how many of the next bytes of that direction may be moved without the machine. 0 while
 * earlier output of the direction is unsent; UINT64_MAX: until the end of the stream. _passed
 * reports what was moved.
 */
uint64_t http_proxy_passthrough_up(const struct http_proxy *h);
void http_proxy_passed_up(struct http_proxy *h, uint64_t n);
uint64_t http_proxy_passthrough_down(const struct http_proxy *h);
void http_proxy_passed_down(struct http_proxy *h, uint64_t n);

/* How many wrong logins this connection has sent. */
unsigned http_proxy_wrong_logins(const struct http_proxy *h);
/* The time has come for the answer to a wrong login; until then no further request is read. */
void http_proxy_login_answered(struct http_proxy *h);

enum http_phase http_proxy_phase(const struct http_proxy *h);

/* The driver's limit ran out: in a head the client gets 408, else nothing; all then close. */
void http_proxy_timeout(struct http_proxy *h);

/*
 * No further request is wanted: closes an idle connection, refuses a head that is not complete, and
 * closes after the response of any other one.
 */
void http_proxy_drain(struct http_proxy *h);

#endif
