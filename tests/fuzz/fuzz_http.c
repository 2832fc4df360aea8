/*
 * HTTP: the input is a script of records (operation, 16-bit length, bytes) that a client, an origin
 * and the network play. Whatever they do, an origin sees only requests with one certain framing,
 * one Host and no hop-by-hop field of the client, and the machine never asks for more than its
 * limits.
 */
#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/rd.h"
#include "http/body.h"
#include "http/framing.h"
#include "http/head.h"
#include "proxy/http.h"
#include "proxy/http_machine.h"

static const struct proxy_auth AUTH = {"user", "pass"};

/* An origin that reads strictly what the proxy sends. */
struct origin {
	struct http_scan scan;
	struct buf head, decoded;
	struct http_body body;
	bool in_body;
};

struct world {
	struct http_proxy *h;
	struct origin origin;
	bool open, dialing, raw, ended;
	bool bulk;
};

static void origin_reset(struct origin *o)
{
	http_body_fini(&o->body);
	buf_clear(&o->head);
	buf_clear(&o->decoded);
	http_body_init(&o->body, HTTP_BODY_NONE, 0, true, false);
	http_scan_init(&o->scan, HTTP_KIND_REQUEST, 65536, 65536);
	o->in_body = false;
}

static void origin_check_head(struct origin *o)
{
	enum http_framing framing = HTTP_BODY_NONE;
	struct http_framing_fields f;
	struct http_head h;
	bool several;
	size_t i;

	assert(http_head_parse(&h, HTTP_KIND_REQUEST, buf_data(&o->head), buf_len(&o->head)) == 0);
	assert(http_framing_parse(&f, &h, 1, false) == 0);
	assert(http_head_find(&h, "host", &several) && !several);
	if (memcmp(h.start.p, "TRACE ", 6) == 0) {
		assert(!http_head_find(&h, "cookie", &several));
		assert(!http_head_find(&h, "authorization", &several));
	}
	for (i = 0; i < h.count; i++) {
		assert(!txt_equal_nocase(h.fields[i].name, "proxy-authorization"));
		assert(!txt_equal_nocase(h.fields[i].name, "proxy-connection"));
		assert(!txt_equal_nocase(h.fields[i].name, "keep-alive"));
	}
	assert(h.start.left > 9 && memcmp(h.start.p + h.start.left - 9, " HTTP/1.1", 9) == 0);
	if (f.has_length)
		framing = HTTP_BODY_LENGTH;
	if (f.chunked)
		framing = HTTP_BODY_CHUNKED;
	http_body_init(&o->body, framing, f.length, true, false);
	buf_clear(&o->head);
	o->in_body = true;
}

static void origin_input(struct origin *o, const uint8_t *p, size_t len)
{
	size_t used;

	while (len > 0) {
		if (o->in_body) {
			used = http_body_input(&o->body, p, len, &o->decoded, SIZE_MAX);
			assert(!http_body_bad(&o->body));
			buf_clear(&o->decoded);
		} else {
			enum http_scan_verdict v = http_scan_input(&o->scan, p, len, &used);

			assert(v == HTTP_SCAN_MORE || v == HTTP_SCAN_END);
			assert(buf_append(&o->head, p, used) == 0);
			if (v == HTTP_SCAN_END)
				origin_check_head(o);
		}
		if (o->in_body && http_body_done(&o->body)) {
			o->in_body = false;
			http_scan_init(&o->scan, HTTP_KIND_REQUEST, 65536, 65536);
		}
		p += used;
		len -= used;
	}
}

static void take_events(struct world *w)
{
	enum http_event event;

	while ((event = http_proxy_event(w->h)) != HTTP_EV_NONE) {
		assert(!w->ended);
		switch (event) {
		case HTTP_EV_WRONG_LOGIN:
			http_proxy_login_answered(w->h);
			break;
		case HTTP_EV_DIAL:
			origin_reset(&w->origin);
			w->open = false;
			w->dialing = true;
			break;
		case HTTP_EV_TUNNEL:
			assert(w->open);
			w->raw = true;
			break;
		case HTTP_EV_CLOSE_UPSTREAM:
			assert(w->open || w->dialing);
			w->open = w->dialing = false;
			break;
		case HTTP_EV_CLOSE_CLIENT:
		case HTTP_EV_ABORT_CLIENT:
			w->ended = true;
			break;
		case HTTP_EV_NONE:
			break;
		}
	}
}

/* A client that has ended is waited for no more: what is left is the origin's or the end. */
static void check_progress(const struct world *w)
{
	if (w->h->client_eof)
		assert(w->h->client == HTTP_CL_WAIT || w->h->client == HTTP_CL_DONE ||
		       w->h->client == HTTP_CL_RAW || w->h->client == HTTP_CL_CLOSING);
	if (w->h->client == HTTP_CL_WAIT)
		assert(w->h->upstream == HTTP_UP_DIALING);
	if (w->h->client == HTTP_CL_DONE || w->h->client == HTTP_CL_BODY)
		assert(w->h->upstream == HTTP_UP_HEAD || w->h->upstream == HTTP_UP_BODY);
}

/* No head of an answer holds a line end of another kind, or the challenge of an origin. */
static void check_answer(const uint8_t *p, size_t len)
{
	struct http_scan scan;
	struct http_head head;
	bool several;
	size_t used;

	if (len < 9 || memcmp(p, "HTTP/1.1 ", 9) != 0)
		return;
	http_scan_init(&scan, HTTP_KIND_REQUEST, 1U << 20, 1U << 20);
	scan.in_first_line = false;
	if (http_scan_input(&scan, p, len, &used) != HTTP_SCAN_END)
		return;
	if (http_head_parse(&head, HTTP_KIND_RESPONSE, p, used) == 0 &&
	    http_head_find(&head, "proxy-authenticate", &several))
		assert(memcmp(p, "HTTP/1.1 407 ", 13) == 0);
	for (size_t i = 1; i < used; i++)
		assert(p[i] != '\n' || p[i - 1] == '\r');
}

static void drain(struct world *w)
{
	const uint8_t *p;
	size_t n;

	take_events(w);
	n = http_proxy_upstream_output(w->h, &p);
	assert(n == 0 || w->open);
	assert(n < HTTP_OUTPUT_SOFT_MAX + HTTP_REQUEST_HEAD_MAX + 2048);
	if (n)
		origin_input(&w->origin, p, n);
	http_proxy_upstream_sent(w->h, n);
	n = http_proxy_client_output(w->h, &p);
	assert(n < HTTP_OUTPUT_SOFT_MAX + HTTP_RESPONSE_HEAD_MAX + 2048);
	check_answer(p, n);
	http_proxy_client_sent(w->h, n);
	check_progress(w);
}

/* Offers bytes until none is taken any more; what remains is lost, as when a peer gives up. */
static void offer(struct world *w, const uint8_t *p, size_t len, bool up)
{
	size_t used;
	uint64_t may;

	do {
		may = up ? http_proxy_passthrough_up(w->h) : http_proxy_passthrough_down(w->h);
		used = 0;
		if (w->raw || (!up && !w->open))
			return;
		if (w->bulk && may && len) {
			used = may < len ? (size_t)may : len;
			if (up) {
				origin_input(&w->origin, p, used);
				http_proxy_passed_up(w->h, used);
			} else {
				http_proxy_passed_down(w->h, used);
			}
		} else if (up) {
			http_proxy_client_input(w->h, p, len, &used);
		} else {
			http_proxy_upstream_input(w->h, p, len, &used);
		}
		assert(used <= len);
		p += used;
		len -= used;
		drain(w);
	} while (used && len);
}

static void play(struct world *w, unsigned op, const uint8_t *p, size_t len)
{
	if (op == 0 || op == 8)
		offer(w, p, len, true);
	else if (op == 1 || op == 9)
		offer(w, p, len, false);
	else if (op == 2 && w->open)
		http_proxy_upstream_eof(w->h);
	else if (op == 3 && w->open)
		http_proxy_upstream_reset(w->h);
	else if (op == 4)
		http_proxy_client_eof(w->h);
	else if (op == 5)
		http_proxy_timeout(w->h);
	else if (op == 6 && w->dialing) {
		w->dialing = false;
		w->open = true;
		http_proxy_connected(w->h);
	} else if (op == 7 && w->dialing) {
		w->dialing = false;
		http_proxy_failed(w->h, (enum cause)(1 + len % (CAUSE_COUNT - 1)), (unsigned)len,
				  NULL);
	}
	drain(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd r = rd_init(data, size);
	uint8_t flags = rd_u8(&r);
	struct world w = {.bulk = flags & 2};

	buf_init(&w.origin.head, 1U << 20);
	buf_init(&w.origin.decoded, 1U << 24);
	http_body_init(&w.origin.body, HTTP_BODY_NONE, 0, true, false);
	origin_reset(&w.origin);
	w.h = http_proxy_new(flags & 1 ? &AUTH : NULL);
	if (!w.h)
		abort();
	while (r.left > 0 && !w.raw) {
		unsigned op = rd_u8(&r) % 10;
		size_t len = rd_be16(&r);
		const uint8_t *p;

		if (len > r.left)
			len = r.left;
		p = rd_bytes(&r, len);
		if (p)
			play(&w, op, p, len);
	}
	http_proxy_free(w.h);
	origin_reset(&w.origin);
	http_body_fini(&w.origin.body);
	return 0;
}
