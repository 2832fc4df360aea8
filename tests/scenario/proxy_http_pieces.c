/*
 * A client connection with many pipelined requests of all framings to changing origins. However
 * the streams are cut into pieces, whichever side is slow, and whether bodies go through the
 * machine or around it: every origin sees the same requests and the client the same responses.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/rng.h"
#include "proxy/http.h"

#define SEEDS 150
#define REQUESTS 12
#define TEXT_MAX (1U << 22)
#define BODY_MAX 60000
#define STEPS_MAX 2000000

struct world {
	struct rng_seeded seeded;
	struct rng rng;
	struct http_proxy *h;
	/* The script: what the client sends, origins must see and answer, the client must get. */
	struct buf client_sends, client_expects;
	struct buf origin_expects[REQUESTS], origin_sends[REQUESTS];
	/* In flight. */
	size_t client_at;		/* bytes of client_sends that the machine took */
	struct buf at_origin;		/* what the origin got of the current request */
	struct buf from_origin;		/* what the machine has not taken yet */
	struct buf at_client;
	unsigned served;
	bool open, origin_leaves, client_closed;
};

static char fill(uint32_t i)
{
	return (char)('a' + i % 26);
}

static void add(struct buf *b, const char *text)
{
	assert_int_equal(buf_append(b, text, strlen(text)), 0);
}

static void add_data(struct buf *b, size_t len)
{
	uint8_t *p = buf_reserve(b, len);
	size_t i;

	assert_non_null(p);
	for (i = 0; i < len; i++)
		p[i] = (uint8_t)fill((uint32_t)i);
	buf_commit(b, len);
}

static size_t small_or_large(struct world *w)
{
	return rng_below(&w->rng, 3) ? rng_below(&w->rng, 300) : rng_below(&w->rng, BODY_MAX);
}

/* The same body on both sides of the proxy, in chunks; extensions only where they come in. */
static void add_chunks(struct world *w, struct buf *in, struct buf *out)
{
	unsigned n = rng_below(&w->rng, 5);

	while (n--) {
		size_t len = 1 + small_or_large(w);

		assert_int_equal(buf_printf(in, "%zX;e=\"x\"\r\n", len), 0);
		assert_int_equal(buf_printf(out, "%zx\r\n", len), 0);
		add_data(in, len);
		add_data(out, len);
		add(in, "\r\n");
		add(out, "\r\n");
	}
	add(in, "0\r\nSum: 1\r\n\r\n");
	add(out, "0\r\nSum: 1\r\n\r\n");
}

static void add_length(struct world *w, struct buf *in, struct buf *out)
{
	size_t len = small_or_large(w);

	assert_int_equal(buf_printf(in, "Content-Length: %zu\r\n\r\n", len), 0);
	assert_int_equal(
		buf_printf(out, "Content-Length: %zu\r\nVia: 1.1 culvert\r\n\r\n", len), 0);
	add_data(in, len);
	add_data(out, len);
}

static void add_request(struct world *w, unsigned i)
{
	struct buf *in = &w->client_sends, *out = &w->origin_expects[i];
	unsigned framing = rng_below(&w->rng, 3), origin = rng_below(&w->rng, 2);

	assert_int_equal(
		buf_printf(in, "POST http://origin%u/%u HTTP/1.1\r\nHost: x\r\n", origin, i), 0);
	assert_int_equal(buf_printf(out, "POST /%u HTTP/1.1\r\nHost: origin%u\r\n", i, origin), 0);
	if (framing == 0) {
		add(in, "\r\n");
		add(out, "Via: 1.1 culvert\r\n\r\n");
	} else if (framing == 1) {
		add_length(w, in, out);
	} else {
		add(in, "Transfer-Encoding: chunked\r\n\r\n");
		add(out, "Transfer-Encoding: chunked\r\nVia: 1.1 culvert\r\n\r\n");
		add_chunks(w, in, out);
	}
}

static void add_response(struct world *w, unsigned i)
{
	struct buf *in = &w->origin_sends[i], *out = &w->client_expects;
	bool last = i == REQUESTS - 1;

	if (rng_below(&w->rng, 3) == 0) {
		add(in, "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n");
		add(out, "HTTP/1.1 103 Early Hints\r\nLink: x\r\nVia: 1.1 culvert\r\n\r\n");
	}
	add(in, "HTTP/1.1 200 OK\r\n");
	add(out, "HTTP/1.1 200 OK\r\n");
	if (last) {
		size_t len = small_or_large(w);

		add(in, "\r\n");
		add(out, "Connection: close\r\nVia: 1.1 culvert\r\n\r\n");
		add_data(in, len);
		add_data(out, len);
	} else if (rng_below(&w->rng, 2)) {
		add_length(w, in, out);
	} else {
		add(in, "Transfer-Encoding: chunked\r\n\r\n");
		add(out, "Transfer-Encoding: chunked\r\nVia: 1.1 culvert\r\n\r\n");
		add_chunks(w, in, out);
	}
}

static void world_init(struct world *w, uint64_t seed)
{
	unsigned i;

	memset(w, 0, sizeof(*w));
	w->rng = rng_seeded_init(&w->seeded, seed);
	w->h = http_proxy_new(NULL);
	assert_non_null(w->h);
	buf_init(&w->client_sends, TEXT_MAX);
	buf_init(&w->client_expects, TEXT_MAX);
	buf_init(&w->at_origin, TEXT_MAX);
	buf_init(&w->from_origin, TEXT_MAX);
	buf_init(&w->at_client, TEXT_MAX);
	for (i = 0; i < REQUESTS; i++) {
		buf_init(&w->origin_expects[i], TEXT_MAX);
		buf_init(&w->origin_sends[i], TEXT_MAX);
		add_request(w, i);
		add_response(w, i);
	}
}

static void world_fini(struct world *w)
{
	unsigned i;

	http_proxy_free(w->h);
	buf_fini(&w->client_sends);
	buf_fini(&w->client_expects);
	buf_fini(&w->at_origin);
	buf_fini(&w->from_origin);
	buf_fini(&w->at_client);
	for (i = 0; i < REQUESTS; i++) {
		buf_fini(&w->origin_expects[i]);
		buf_fini(&w->origin_sends[i]);
	}
}

static void take_events(struct world *w)
{
	enum http_event event;

	while ((event = http_proxy_event(w->h)) != HTTP_EV_NONE) {
		switch (event) {
		case HTTP_EV_DIAL:
			assert_int_equal(buf_len(&w->from_origin), 0);
			w->open = true;
			http_proxy_connected(w->h);
			break;
		case HTTP_EV_CLOSE_UPSTREAM:
			assert_true(w->open);
			w->open = false;
			break;
		case HTTP_EV_CLOSE_CLIENT:
			w->client_closed = true;
			break;
		case HTTP_EV_WRONG_LOGIN:
		case HTTP_EV_TUNNEL:
		case HTTP_EV_ABORT_CLIENT:
		case HTTP_EV_NONE:
			fail();
		}
	}
}

/* The origin answers when it has the whole request, and never sees anything else. */
static void origin_serves(struct world *w)
{
	struct buf *want;

	if (w->served == REQUESTS)
		return;
	want = &w->origin_expects[w->served];
	assert_true(buf_len(&w->at_origin) <= buf_len(want));
	if (buf_len(&w->at_origin) < buf_len(want))
		return;
	assert_memory_equal(buf_data(&w->at_origin), buf_data(want), buf_len(want));
	buf_clear(&w->at_origin);
	assert_int_equal(buf_append(&w->from_origin, buf_data(&w->origin_sends[w->served]),
				    buf_len(&w->origin_sends[w->served])), 0);
	w->served++;
	w->origin_leaves = w->served == REQUESTS;
}

static size_t some(struct world *w, size_t max)
{
	size_t n = 1 + (rng_below(&w->rng, 4) ? rng_below(&w->rng, 40000) : rng_below(&w->rng, 8));

	return n < max ? n : max;
}

static void move_outputs(struct world *w)
{
	const uint8_t *p;
	size_t n;

	n = http_proxy_client_output(w->h, &p);
	if (n && rng_below(&w->rng, 4)) {
		n = some(w, n);
		assert_int_equal(buf_append(&w->at_client, p, n), 0);
		http_proxy_client_sent(w->h, n);
	}
	n = http_proxy_upstream_output(w->h, &p);
	if (n && rng_below(&w->rng, 4)) {
		n = some(w, n);
		assert_int_equal(buf_append(&w->at_origin, p, n), 0);
		http_proxy_upstream_sent(w->h, n);
	}
}

/* Moves a part of what `may` go around the machine. */
static size_t move_around(struct world *w, const uint8_t *p, size_t len, uint64_t may,
			  struct buf *to)
{
	size_t n = some(w, len);

	if (n > may)
		n = (size_t)may;
	assert_int_equal(buf_append(to, p, n), 0);
	return n;
}

static void move_down(struct world *w)
{
	size_t len = buf_len(&w->from_origin), used;
	const uint8_t *p = buf_data(&w->from_origin);
	uint64_t may = http_proxy_passthrough_down(w->h);

	if (len == 0) {
		if (w->origin_leaves && w->open)
			http_proxy_upstream_eof(w->h);
		return;
	}
	if (may && rng_below(&w->rng, 2)) {
		used = move_around(w, p, len, may, &w->at_client);
		http_proxy_passed_down(w->h, used);
	} else {
		http_proxy_upstream_input(w->h, p, some(w, len), &used);
	}
	buf_consume(&w->from_origin, used);
}

static void move_up(struct world *w)
{
	size_t len = buf_len(&w->client_sends) - w->client_at, used;
	const uint8_t *p = buf_data(&w->client_sends) + w->client_at;
	uint64_t may = http_proxy_passthrough_up(w->h);

	if (len == 0)
		return;
	if (may && rng_below(&w->rng, 2)) {
		used = move_around(w, p, len, may, &w->at_origin);
		http_proxy_passed_up(w->h, used);
	} else {
		http_proxy_client_input(w->h, p, some(w, len), &used);
	}
	w->client_at += used;
}

static void run(struct world *w)
{
	const uint8_t *p;
	unsigned steps;

	for (steps = 0; steps < STEPS_MAX; steps++) {
		take_events(w);
		move_outputs(w);
		origin_serves(w);
		if (w->client_closed && http_proxy_client_output(w->h, &p) == 0)
			return;
		move_down(w);
		take_events(w);
		if (buf_len(&w->from_origin) == 0)
			move_up(w);
	}
	fail_msg("no end in sight");
}

static void test_pieces_do_not_matter(void **state)
{
	uint64_t seed;

	(void)state;
	for (seed = 1; seed <= SEEDS; seed++) {
		struct world w;

		world_init(&w, seed);
		run(&w);
		assert_int_equal(w.served, REQUESTS);
		assert_int_equal(buf_len(&w.at_client), buf_len(&w.client_expects));
		assert_memory_equal(buf_data(&w.at_client), buf_data(&w.client_expects),
				    buf_len(&w.at_client));
		assert_false(w.open);
		world_fini(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces_do_not_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
