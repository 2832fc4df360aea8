/*
 * Theory of operation
 *
 * The origin's side of the machine in http.c. A response head is collected, checked and written
 * anew; interim responses (1xx) go to the client as they come, except to HTTP/1.0; then the body
 * passes through its framing.
 *
 * A response that begins before the request's body was passed on completely makes the end of the
 * exchange the end of both connections: nobody can say what of the body the origin has read.
 *
 * A connection that served before may be closed by its origin just when the next request is under
 * way. When not one byte of a response came and the request can be repeated (idempotent, no body),
 * it is sent once more on a new connection (RFC 9112 section 9.3.1).
 *
 * A response that breaks off leaves the client's connection closed; where only the end of that
 * connection would tell the client that the body is complete, it is reset instead.
 */
#include "proxy/http_machine.h"

#include <stdio.h>

#include "base/err.h"
#include "base/log.h"
#include "proxy/http_answer.h"
#include "proxy/http_response.h"

static const char *upstream_state_name(enum http_upstream_state state)
{
	static const char *const names[] = {
		[HTTP_UP_NONE] = "none", [HTTP_UP_DIALING] = "dialing", [HTTP_UP_IDLE] = "idle",
		[HTTP_UP_HEAD] = "head", [HTTP_UP_BODY] = "body", [HTTP_UP_RAW] = "raw",
	};

	return names[state];
}

static void set_upstream(struct http_proxy *h, enum http_upstream_state state)
{
	log_trace("http upstream: %s -> %s", upstream_state_name(h->upstream),
		  upstream_state_name(state));
	h->upstream = state;
}

bool http_upstream_is_idle(const struct http_proxy *h)
{
	return h->upstream == HTTP_UP_IDLE;
}

/* Nothing that was meant for the old connection, or came from it, is left. */
static void leave_upstream(struct http_proxy *h, enum http_upstream_state next)
{
	buf_clear(&h->upstream_out);
	buf_clear(&h->response_head);
	set_upstream(h, next);
}

void http_exchange_dial(struct http_proxy *h)
{
	/* The dial closes the old connection itself. */
	http_unpost(h, HTTP_EV_CLOSE_UPSTREAM);
	http_post(h, HTTP_EV_DIAL);
	leave_upstream(h, HTTP_UP_DIALING);
	http_client_wait(h);
}

void http_close_upstream(struct http_proxy *h)
{
	if (h->upstream == HTTP_UP_NONE)
		return;
	/* A dial that the driver has not seen yet may stand for an old connection, too. */
	http_unpost(h, HTTP_EV_DIAL);
	http_post(h, HTTP_EV_CLOSE_UPSTREAM);
	leave_upstream(h, HTTP_UP_NONE);
}

static void expect_response(struct http_proxy *h)
{
	buf_clear(&h->response_head);
	http_scan_init(&h->response_scan, HTTP_KIND_RESPONSE, HTTP_RESPONSE_HEAD_MAX,
		       HTTP_RESPONSE_HEAD_MAX);
	set_upstream(h, HTTP_UP_HEAD);
}

static void start_tunnel(struct http_proxy *h)
{
	buf_clear(&h->response_head);
	h->x.responded = true;
	h->x.to_end = true;
	http_post(h, HTTP_EV_TUNNEL);
	http_client_tunnel(h);
	set_upstream(h, HTTP_UP_RAW);
}

void http_exchange_start(struct http_proxy *h)
{
	static const char established[] = "HTTP/1.1 200 Connection established\r\n\r\n";

	if (h->x.is_connect) {
		if (buf_append(&h->client_out, established, sizeof(established) - 1) < 0)
			http_close_both(h, true);
		else
			start_tunnel(h);
		return;
	}
	if (buf_append(&h->upstream_out, buf_data(&h->request), buf_len(&h->request)) < 0) {
		http_close_upstream(h);
		http_refuse_for_memory(h);
		return;
	}
	if (!h->x.retryable || !h->x.reused)
		buf_clear(&h->request);
	h->upstream_reusable = false;
	expect_response(h);
	http_client_pass_body(h);
}

void http_proxy_connected(struct http_proxy *h)
{
	if (h->upstream == HTTP_UP_DIALING)
		http_exchange_start(h);
}

void http_proxy_failed(struct http_proxy *h, enum cause cause, unsigned waited_s,
		       const char *detail)
{
	char target[PROXY_TARGET_TEXT_MAX];

	if (h->upstream != HTTP_UP_DIALING)
		return;
	set_upstream(h, HTTP_UP_NONE);
	h->x.waited_s = waited_s;
	if (detail && *detail)
		http_fail(h, http_reason_of_cause(cause), "%s", detail);
	else
		http_fail(h, http_reason_of_cause(cause), "cannot connect to %s: %s",
			  proxy_target_format(&h->target, target), cause_text(cause));
}

/* Both messages are complete: on to the next request, or to the end. */
static void exchange_finish(struct http_proxy *h)
{
	if (http_is_last(h)) {
		http_close_both(h, false);
		return;
	}
	if (h->upstream_reusable)
		set_upstream(h, HTTP_UP_IDLE);
	else
		http_close_upstream(h);
	http_client_next(h);
}

static void response_done(struct http_proxy *h)
{
	if (h->client == HTTP_CL_BODY)
		http_close_both(h, false);
	else
		exchange_finish(h);
}

/* The origin cannot be used further; `why` it is so goes into our answer, if there is to be one. */
static void response_failed(struct http_proxy *h, const struct http_reason *reason,
			    const char *why)
{
	char target[PROXY_TARGET_TEXT_MAX];

	http_close_upstream(h);
	http_fail(h, reason, "bad answer from %s: %s", proxy_target_format(&h->target, target),
		  why);
}

static void response_fault(struct http_proxy *h, enum http_fault fault, const char *why)
{
	response_failed(h, http_reason_of_fault(fault), why);
}

/* 1xx: the final response is still to come, except after 101. */
static void interim_response(struct http_proxy *h, const struct http_response *r,
			     const struct http_head *head)
{
	int err = 0;

	if (r->status == 101 && !h->x.upgrade) {
		response_fault(h, HTTP_FAULT_UPGRADE, "it changes the protocol unasked");
		return;
	}
	if (h->x.client_minor > 0)
		err = http_response_write(r, head, h->x.client_minor, false, &h->client_out);
	if (err < 0)
		http_close_both(h, true);
	else if (r->status == 101)
		start_tunnel(h);
	else
		expect_response(h);
}

static void final_response(struct http_proxy *h, const struct http_response *r,
			   const struct http_head *head)
{
	bool decode = r->framing == HTTP_BODY_CHUNKED && h->x.client_minor == 0;
	bool early = h->client == HTTP_CL_BODY;

	h->x.to_end = decode || r->framing == HTTP_BODY_TO_END;
	if (early || h->x.to_end || http_is_last(h))
		h->close_client = true;
	if (http_response_write(r, head, h->x.client_minor, h->close_client, &h->client_out) < 0) {
		http_close_both(h, true);
		return;
	}
	h->x.responded = true;
	h->upstream_reusable = r->keep_alive && r->framing != HTTP_BODY_TO_END;
	http_body_init(&h->response_body, r->framing, r->length, decode, true);
	set_upstream(h, HTTP_UP_BODY);
	if (http_body_done(&h->response_body))
		response_done(h);
}

static void response_head_bad(struct http_proxy *h, int err)
{
	char why[48];

	if (err == ERR_LIMIT) {
		snprintf(why, sizeof(why), "its head has more than %d fields", HTTP_FIELDS_MAX);
		response_fault(h, HTTP_FAULT_LONG, why);
	} else {
		response_fault(h, HTTP_FAULT_MALFORMED, "a field is malformed");
	}
}

static void response_head_complete(struct http_proxy *h)
{
	struct http_head head;
	struct http_response r;
	int err;

	buf_clear(&h->request);
	err = http_head_parse(&head, HTTP_KIND_RESPONSE, buf_data(&h->response_head),
			      buf_len(&h->response_head));
	if (err < 0)
		response_head_bad(h, err);
	else if (http_response_parse(&r, &head, h->x.is_head) < 0)
		response_fault(h, HTTP_FAULT_MALFORMED, r.why);
	else if (r.status == 407)
		response_fault(h, HTTP_FAULT_LOGIN,
			       "it asks for a proxy's password, which is none of its business");
	else if (r.status < 200)
		interim_response(h, &r, &head);
	else
		final_response(h, &r, &head);
	/* The texts of `head` end here. */
	buf_clear(&h->response_head);
}

static void response_head_long(struct http_proxy *h)
{
	char why[48];

	snprintf(why, sizeof(why), "its head exceeds %d bytes", HTTP_RESPONSE_HEAD_MAX);
	response_fault(h, HTTP_FAULT_LONG, why);
}

static size_t input_response_head(struct http_proxy *h, const uint8_t *p, size_t len)
{
	enum http_scan_verdict verdict;
	size_t used = 0;

	/* Interim responses must not pile up. */
	if (buf_len(&h->client_out) >= HTTP_OUTPUT_SOFT_MAX)
		return 0;
	verdict = http_scan_input(&h->response_scan, p, len, &used);
	if (verdict == HTTP_SCAN_BAD) {
		response_fault(h, HTTP_FAULT_MALFORMED, "a bad character or line end in its head");
		return len;
	}
	if (verdict != HTTP_SCAN_MORE && verdict != HTTP_SCAN_END) {
		response_head_long(h);
		return len;
	}
	if (buf_append(&h->response_head, p, used) < 0)
		http_close_both(h, true);
	else if (verdict == HTTP_SCAN_END)
		response_head_complete(h);
	return used;
}

static size_t input_response_body(struct http_proxy *h, const uint8_t *p, size_t len)
{
	size_t used = http_body_input(&h->response_body, p, len, &h->client_out,
				      HTTP_OUTPUT_SOFT_MAX);

	if (http_body_bad(&h->response_body))
		http_close_both(h, h->x.to_end);
	else if (http_body_done(&h->response_body))
		response_done(h);
	return used;
}

static size_t upstream_input_step(struct http_proxy *h, const uint8_t *p, size_t len)
{
	switch (h->upstream) {
	case HTTP_UP_HEAD:
		return input_response_head(h, p, len);
	case HTTP_UP_BODY:
		return input_response_body(h, p, len);
	case HTTP_UP_IDLE:
		/* Nobody asked. It must not become the answer to the next request. */
		http_close_upstream(h);
		return len;
	case HTTP_UP_NONE:
	case HTTP_UP_DIALING:
		return len;
	case HTTP_UP_RAW:
		break;
	}
	return 0;
}

void http_proxy_upstream_input(struct http_proxy *h, const uint8_t *p, size_t len, size_t *used)
{
	size_t n;

	*used = 0;
	while (*used < len) {
		n = upstream_input_step(h, p + *used, len - *used);
		if (n == 0)
			return;
		*used += n;
	}
}

static bool can_retry(const struct http_proxy *h)
{
	return h->x.reused && h->x.retryable && !h->x.retried &&
	       !http_scan_started(&h->response_scan) && buf_len(&h->request) > 0;
}

static void upstream_ended(struct http_proxy *h, bool reset)
{
	switch (h->upstream) {
	case HTTP_UP_IDLE:
		http_close_upstream(h);
		break;
	case HTTP_UP_HEAD:
		if (can_retry(h)) {
			h->x.retried = true;
			http_exchange_dial(h);
			break;
		}
		if (reset)
			response_failed(h, http_reason_of_cause(CAUSE_RESET),
					"it reset the connection");
		else
			response_fault(h, HTTP_FAULT_CLOSED,
				       "it closed the connection before the answer's end");
		break;
	case HTTP_UP_BODY:
		h->upstream_reusable = false;
		if (!reset && http_body_end(&h->response_body))
			response_done(h);
		else
			http_close_both(h, h->x.to_end);
		break;
	case HTTP_UP_NONE:
	case HTTP_UP_DIALING:
	case HTTP_UP_RAW:
		break;
	}
}

void http_proxy_upstream_eof(struct http_proxy *h)
{
	upstream_ended(h, false);
}

void http_proxy_upstream_reset(struct http_proxy *h)
{
	upstream_ended(h, true);
}

uint64_t http_proxy_passthrough_down(const struct http_proxy *h)
{
	if (buf_len(&h->client_out) > 0)
		return 0;
	if (h->upstream == HTTP_UP_RAW)
		return UINT64_MAX;
	return h->upstream == HTTP_UP_BODY ? http_body_passthrough(&h->response_body) : 0;
}

void http_proxy_passed_down(struct http_proxy *h, uint64_t n)
{
	if (h->upstream != HTTP_UP_BODY)
		return;
	http_body_passed(&h->response_body, n);
	if (http_body_done(&h->response_body))
		response_done(h);
}
