/*
 * Theory of operation
 *
 * The client's side of the machine. Requests are served one after another: HEAD -> [WAIT] -> [BODY]
 * -> DONE -> HEAD; the origin's side walks NONE -> DIALING -> HEAD -> BODY -> IDLE
 * (http_exchange.c). Each side sets its own state only and asks the other one by a function.
 *
 * A head is parsed once, when it is complete, and written at once as the origin gets it. A request
 * for the origin that is connected and idle goes there; any other one is dialled, which closes the
 * old connection. Pipelined requests wait with the driver.
 *
 * CONNECT and a successful Upgrade end in RAW on both sides: nothing is read or written here any
 * more.
 *
 * Refusals: what makes the framing doubtful closes the connection; after other refusals it goes
 * on, when the request has no body or a short one of known length, which is dropped (SKIP). A
 * client that waits for 100 may or may not send the body after a refusal, so there it closes.
 *
 * Limits: heads and output are bounded by the maxima in http.h; an idle connection holds no buffer.
 * There is no clock: the driver limits the time in a head by http_proxy_phase and _timeout.
 *
 * Left out: caching, HTTP/1.0 keep-alive, transfer codings besides chunked, HTTP/2.
 */
#include "proxy/http.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "proxy/guesses.h"
#include "proxy/http_answer.h"
#include "proxy/http_machine.h"

#define ANSWER_TEXT_MAX 640	/* a dial's detail line and a few words */

static const char *client_state_name(enum http_client_state state)
{
	static const char *const names[] = {
		[HTTP_CL_HEAD] = "head", [HTTP_CL_WAIT] = "wait", [HTTP_CL_BODY] = "body",
		[HTTP_CL_SKIP] = "skip", [HTTP_CL_DONE] = "done", [HTTP_CL_RAW] = "raw",
		[HTTP_CL_CLOSING] = "closing",
	};

	return names[state];
}

static void set_client(struct http_proxy *h, enum http_client_state state)
{
	log_trace("http client: %s -> %s", client_state_name(h->client), client_state_name(state));
	h->client = state;
}

void http_client_next(struct http_proxy *h)
{
	buf_clear(&h->request_head);
	buf_clear(&h->request);
	http_scan_init(&h->request_scan, HTTP_KIND_REQUEST, HTTP_REQUEST_LINE_MAX,
		       HTTP_REQUEST_HEAD_MAX);
	memset(&h->x, 0, sizeof(h->x));
	h->x.client_minor = 1;
	set_client(h, HTTP_CL_HEAD);
}

void http_client_wait(struct http_proxy *h)
{
	set_client(h, HTTP_CL_WAIT);
}

void http_client_pass_body(struct http_proxy *h)
{
	set_client(h, http_body_done(&h->request_body) ? HTTP_CL_DONE : HTTP_CL_BODY);
}

void http_client_tunnel(struct http_proxy *h)
{
	buf_clear(&h->request);
	set_client(h, HTTP_CL_RAW);
}

void http_client_close(struct http_proxy *h)
{
	buf_clear(&h->request_head);
	buf_clear(&h->request);
	set_client(h, HTTP_CL_CLOSING);
}

/* Whether what is left of the request's body can be dropped to keep the connection. */
static bool body_skippable(const struct http_proxy *h)
{
	const struct http_body *b = &h->request_body;

	if (http_body_done(b))
		return true;
	return b->framing == HTTP_BODY_LENGTH && b->left <= HTTP_SKIP_MAX && !h->x.expect_continue;
}

static void answer(struct http_proxy *h, const struct http_reason *reason, bool fatal,
		   const char *fmt, va_list args) CULVERT_PRINTF(4, 0);

static void answer(struct http_proxy *h, const struct http_reason *reason, bool fatal,
		   const char *fmt, va_list args)
{
	char text[ANSWER_TEXT_MAX];
	struct http_answer a = {
		.reason = reason,
		.waited_s = h->x.waited_s,
		.text = text,
		.close = fatal || http_is_last(h) || !body_skippable(h),
		.to_head = h->x.is_head,
		.discreet = h->auth && !h->x.trusted,
	};

	if (h->x.responded) {
		http_close_both(h, h->x.to_end);
		return;
	}
	vsnprintf(text, sizeof(text), fmt, args);
	for (char *c = text; *c; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	}
	if (http_answer_write(&h->client_out, &a) < 0) {
		http_close_both(h, true);
		return;
	}
	if (a.close)
		http_close_both(h, false);
	else if (http_body_done(&h->request_body))
		http_client_next(h);
	else
		set_client(h, HTTP_CL_SKIP);
}

void http_refuse(struct http_proxy *h, unsigned status, bool fatal, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	answer(h, http_reason_of_status(status), fatal, fmt, args);
	va_end(args);
}

void http_fail(struct http_proxy *h, const struct http_reason *reason, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	answer(h, reason, false, fmt, args);
	va_end(args);
}

void http_refuse_for_memory(struct http_proxy *h)
{
	h->close_client = true;
	http_fail(h, http_reason_of_cause(CAUSE_EXHAUSTED),
		  "cannot pass the request on: out of memory");
}

static bool same_target(const struct proxy_target *a, const struct proxy_target *b)
{
	if (a->port != b->port || !addr_equal(&a->addr, &b->addr))
		return false;
	return txt_equal_nocase(txt_str(a->name), b->name);
}

/* A request to serve: on the connection at hand if it leads there. The texts of `head` end here. */
static void dispatch(struct http_proxy *h, const struct http_request *r,
		     const struct http_head *head)
{
	h->x.reused = !r->is_connect && http_upstream_is_idle(h) &&
		      same_target(&h->target, &r->target);
	if (!r->is_connect && http_request_write(r, head, &h->request) < 0) {
		http_refuse_for_memory(h);
		return;
	}
	h->target = r->target;
	buf_clear(&h->request_head);
	if (h->x.reused)
		http_exchange_start(h);
	else
		http_exchange_dial(h);
}

/* RFC 9110 section 7.6.2: the request ends here. */
static void answer_max_forwards(struct http_proxy *h, const struct http_request *r)
{
	if (r->is_options)
		http_refuse(h, 200, false, "culvert");
	else
		http_refuse(h, 501, false, "TRACE is not answered by this proxy");
}

/* Asks for the login. A wrong one is answered late; the last one allowed ends the connection. */
static void refuse_login(struct http_proxy *h, const struct http_head *head)
{
	if (http_auth_is_given(head)) {
		h->wrong_logins++;
		h->login_held = true;
		http_post(h, HTTP_EV_WRONG_LOGIN);
	}
	http_refuse(h, 407, h->wrong_logins >= GUESSES_PER_CONNECTION,
		    "this proxy wants a user name and a password");
}

/* The head is complete: remember what the exchange needs, then refuse or serve. */
static void begin_request(struct http_proxy *h)
{
	struct http_head head;
	struct http_request r;
	struct http_refusal refusal;
	int err;

	err = http_head_parse(&head, HTTP_KIND_REQUEST, buf_data(&h->request_head),
			      buf_len(&h->request_head));
	if (err < 0) {
		if (err == ERR_LIMIT)
			http_refuse(h, 431, true, "bad request: more than %d fields",
				    HTTP_FIELDS_MAX);
		else
			http_refuse(h, 400, true, "bad request: a field is malformed");
		return;
	}
	http_request_parse(&r, &head, &refusal);
	h->x.client_minor = r.minor;
	h->x.is_head = r.is_head;
	h->x.is_connect = r.is_connect;
	h->x.upgrade = r.upgrade;
	h->x.expect_continue = r.expect_continue;
	h->x.retryable = r.idempotent && r.framing == HTTP_BODY_NONE && !r.upgrade;
	h->close_client = !r.keep_alive;
	h->x.trusted = !h->auth || http_auth_check(h->auth, &head);
	http_body_init(&h->request_body, r.framing, r.length, false, false);
	if (refusal.status && refusal.fatal)
		http_refuse(h, refusal.status, true, "bad request: %s", refusal.why);
	else if (!h->x.trusted)
		refuse_login(h, &head);
	else if (refusal.status)
		http_refuse(h, refusal.status, false, "request refused: %s", refusal.why);
	else if (r.limits_forwards && r.max_forwards == 0)
		answer_max_forwards(h, &r);
	else
		dispatch(h, &r, &head);
}

static void refuse_head(struct http_proxy *h, enum http_scan_verdict verdict)
{
	http_body_init(&h->request_body, HTTP_BODY_NONE, 0, false, false);
	if (verdict == HTTP_SCAN_LINE_LONG)
		http_refuse(h, 414, true, "bad request: the request line exceeds %d bytes",
			    HTTP_REQUEST_LINE_MAX);
	else if (verdict == HTTP_SCAN_LONG)
		http_refuse(h, 431, true, "bad request: the head exceeds %d bytes",
			    HTTP_REQUEST_HEAD_MAX);
	else
		http_refuse(h, 400, true, "bad request: a bad character or line end");
}

static size_t input_head(struct http_proxy *h, const uint8_t *p, size_t len)
{
	enum http_scan_verdict verdict;
	size_t used = 0;

	/* Answers to pipelined requests must not pile up, nor guesses come all at once. */
	if (h->login_held || buf_len(&h->client_out) >= HTTP_OUTPUT_SOFT_MAX)
		return 0;
	verdict = http_scan_input(&h->request_scan, p, len, &used);
	if (verdict != HTTP_SCAN_MORE && verdict != HTTP_SCAN_END) {
		refuse_head(h, verdict);
		return len;
	}
	if (buf_append(&h->request_head, p, used) < 0)
		http_close_both(h, true);
	else if (verdict == HTTP_SCAN_END)
		begin_request(h);
	return used;
}

static void request_body_done(struct http_proxy *h)
{
	if (h->client == HTTP_CL_SKIP)
		http_client_next(h);
	else
		set_client(h, HTTP_CL_DONE);
}

static size_t input_body(struct http_proxy *h, const uint8_t *p, size_t len)
{
	size_t used = http_body_input(&h->request_body, p, len, &h->upstream_out,
				      HTTP_OUTPUT_SOFT_MAX);

	if (http_body_bad(&h->request_body)) {
		http_close_upstream(h);
		http_refuse(h, 400, true, "bad request: the chunked body is malformed");
	} else if (http_body_done(&h->request_body)) {
		request_body_done(h);
	}
	return used;
}

static size_t input_skip(struct http_proxy *h, size_t len)
{
	uint64_t n = http_body_passthrough(&h->request_body);

	if (n > len)
		n = len;
	http_body_passed(&h->request_body, n);
	if (http_body_done(&h->request_body))
		request_body_done(h);
	return (size_t)n;
}

static size_t client_input_step(struct http_proxy *h, const uint8_t *p, size_t len)
{
	switch (h->client) {
	case HTTP_CL_HEAD:
		return input_head(h, p, len);
	case HTTP_CL_BODY:
		return input_body(h, p, len);
	case HTTP_CL_SKIP:
		return input_skip(h, len);
	case HTTP_CL_CLOSING:
		return len;
	case HTTP_CL_WAIT:
	case HTTP_CL_DONE:
	case HTTP_CL_RAW:
		break;
	}
	return 0;
}

void http_proxy_client_input(struct http_proxy *h, const uint8_t *p, size_t len, size_t *used)
{
	size_t n;

	*used = 0;
	while (*used < len) {
		n = client_input_step(h, p + *used, len - *used);
		if (n == 0)
			return;
		*used += n;
	}
}

void http_proxy_client_eof(struct http_proxy *h)
{
	h->client_eof = true;
	switch (h->client) {
	case HTTP_CL_HEAD:
		if (http_scan_started(&h->request_scan))
			http_refuse(h, 400, true, "bad request: the head ends early");
		else
			http_close_both(h, false);
		break;
	case HTTP_CL_WAIT:
	case HTTP_CL_BODY:
		if (http_body_done(&h->request_body))
			break;
		/* What the origin has got must not look complete. */
		http_close_upstream(h);
		http_refuse(h, 400, true, "bad request: the body ends early");
		break;
	case HTTP_CL_SKIP:
		http_close_both(h, false);
		break;
	case HTTP_CL_DONE:
	case HTTP_CL_RAW:
	case HTTP_CL_CLOSING:
		break;
	}
}

unsigned http_proxy_wrong_logins(const struct http_proxy *h)
{
	return h->wrong_logins;
}

void http_proxy_login_answered(struct http_proxy *h)
{
	h->login_held = false;
}

/* Ends what waits for bytes of the client; a head that has begun gets an answer. */
static void end_waiting(struct http_proxy *h, unsigned status, const char *text)
{
	if (h->client == HTTP_CL_HEAD && http_scan_started(&h->request_scan)) {
		http_body_init(&h->request_body, HTTP_BODY_NONE, 0, false, false);
		http_refuse(h, status, true, "%s", text);
	} else if (h->client == HTTP_CL_HEAD || h->client == HTTP_CL_SKIP) {
		http_close_both(h, false);
	}
}

void http_proxy_timeout(struct http_proxy *h)
{
	end_waiting(h, 408, "the request's head did not arrive in time");
}

void http_proxy_drain(struct http_proxy *h)
{
	h->draining = true;
	end_waiting(h, 503, "this proxy is shutting down");
}

size_t http_proxy_client_output(const struct http_proxy *h, const uint8_t **p)
{
	*p = buf_data(&h->client_out);
	return buf_len(&h->client_out);
}

void http_proxy_client_sent(struct http_proxy *h, size_t len)
{
	buf_consume(&h->client_out, len);
}

size_t http_proxy_upstream_output(const struct http_proxy *h, const uint8_t **p)
{
	*p = buf_data(&h->upstream_out);
	return buf_len(&h->upstream_out);
}

void http_proxy_upstream_sent(struct http_proxy *h, size_t len)
{
	buf_consume(&h->upstream_out, len);
}

uint64_t http_proxy_passthrough_up(const struct http_proxy *h)
{
	if (buf_len(&h->upstream_out) > 0)
		return 0;
	if (h->client == HTTP_CL_RAW)
		return UINT64_MAX;
	return h->client == HTTP_CL_BODY ? http_body_passthrough(&h->request_body) : 0;
}

void http_proxy_passed_up(struct http_proxy *h, uint64_t n)
{
	if (h->client != HTTP_CL_BODY)
		return;
	http_body_passed(&h->request_body, n);
	if (http_body_done(&h->request_body))
		request_body_done(h);
}

enum http_phase http_proxy_phase(const struct http_proxy *h)
{
	switch (h->client) {
	case HTTP_CL_HEAD:
		return http_scan_started(&h->request_scan) ? HTTP_HEAD : HTTP_IDLE;
	case HTTP_CL_SKIP:
		return HTTP_HEAD;
	case HTTP_CL_RAW:
		return HTTP_RAW;
	case HTTP_CL_WAIT:
	case HTTP_CL_BODY:
	case HTTP_CL_DONE:
	case HTTP_CL_CLOSING:
		break;
	}
	return HTTP_BUSY;
}
