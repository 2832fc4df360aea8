/*
 * A driver for the HTTP machine in memory: what both sides were sent is collected as text, input
 * that the machine does not take waits, events are counted.
 */
#ifndef CULVERT_TESTS_PROXY_LAB_H
#define CULVERT_TESTS_PROXY_LAB_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "proxy/http.h"

#define LAB_MAX (1U << 24)

struct lab {
	struct http_proxy *h;
	struct buf to_client, to_upstream;	/* everything that was sent */
	struct buf from_client, from_upstream;	/* not taken yet */
	unsigned dials, upstream_closes;
	bool dialing, open;			/* of the upstream connection */
	bool tunnel, client_closed, client_aborted;
	bool auto_connect;			/* a dial succeeds at once */
	bool held;				/* there was a wrong login */
	bool hold_logins;			/* the test says when they are answered */
	bool bulk;				/* move bodies by passthrough */
	size_t piece;				/* most bytes per input call; 0: all */
};

static inline void lab_init(struct lab *l, const struct proxy_auth *auth)
{
	memset(l, 0, sizeof(*l));
	l->h = http_proxy_new(auth);
	assert_non_null(l->h);
	buf_init(&l->to_client, LAB_MAX);
	buf_init(&l->to_upstream, LAB_MAX);
	buf_init(&l->from_client, LAB_MAX);
	buf_init(&l->from_upstream, LAB_MAX);
	l->auto_connect = true;
}

static inline void lab_fini(struct lab *l)
{
	http_proxy_free(l->h);
	buf_fini(&l->to_client);
	buf_fini(&l->to_upstream);
	buf_fini(&l->from_client);
	buf_fini(&l->from_upstream);
}

static inline void lab_event(struct lab *l, enum http_event event)
{
	switch (event) {
	case HTTP_EV_DIAL:
		l->dials++;
		l->open = false;
		l->dialing = true;
		buf_clear(&l->from_upstream);
		if (l->auto_connect) {
			l->dialing = false;
			l->open = true;
			http_proxy_connected(l->h);
		}
		break;
	case HTTP_EV_WRONG_LOGIN:
		l->held = true;
		if (!l->hold_logins)
			http_proxy_login_answered(l->h);
		break;
	case HTTP_EV_TUNNEL:
		l->tunnel = true;
		break;
	case HTTP_EV_CLOSE_UPSTREAM:
		assert_true(l->open || l->dialing);
		l->upstream_closes++;
		l->open = l->dialing = false;
		buf_clear(&l->from_upstream);
		break;
	case HTTP_EV_CLOSE_CLIENT:
		l->client_closed = true;
		break;
	case HTTP_EV_ABORT_CLIENT:
		l->client_closed = l->client_aborted = true;
		break;
	case HTTP_EV_NONE:
		break;
	}
}

/* Events until none, then both outputs. */
static inline void lab_drain(struct lab *l)
{
	enum http_event event;
	const uint8_t *p;
	size_t n;

	while ((event = http_proxy_event(l->h)) != HTTP_EV_NONE)
		lab_event(l, event);
	n = http_proxy_upstream_output(l->h, &p);
	assert_int_equal(buf_append(&l->to_upstream, p, n), 0);
	http_proxy_upstream_sent(l->h, n);
	n = http_proxy_client_output(l->h, &p);
	assert_int_equal(buf_append(&l->to_client, p, n), 0);
	http_proxy_client_sent(l->h, n);
}

static inline size_t lab_bulk(struct buf *from, struct buf *to, uint64_t may)
{
	size_t n = buf_len(from);

	if (n > may)
		n = (size_t)may;
	assert_int_equal(buf_append(to, buf_data(from), n), 0);
	buf_consume(from, n);
	return n;
}

static inline size_t lab_take(struct lab *l, struct buf *from, bool up)
{
	size_t len = buf_len(from), used = 0;

	if (l->piece && len > l->piece)
		len = l->piece;
	if (up)
		http_proxy_client_input(l->h, buf_data(from), len, &used);
	else
		http_proxy_upstream_input(l->h, buf_data(from), len, &used);
	assert_true(used <= len);
	buf_consume(from, used);
	lab_drain(l);
	return used;
}

/* Moves what can be moved: the origin's bytes first, as the contract wants. */
static inline void lab_settle(struct lab *l)
{
	size_t moved;

	lab_drain(l);
	do {
		moved = 0;
		if (l->bulk && l->open && http_proxy_passthrough_down(l->h)) {
			moved += lab_bulk(&l->from_upstream, &l->to_client,
					  http_proxy_passthrough_down(l->h));
			http_proxy_passed_down(l->h, moved);
			lab_drain(l);
		}
		if (l->open && buf_len(&l->from_upstream))
			moved += lab_take(l, &l->from_upstream, false);
		if (l->bulk && l->open && http_proxy_passthrough_up(l->h)) {
			size_t n = lab_bulk(&l->from_client, &l->to_upstream,
					    http_proxy_passthrough_up(l->h));

			http_proxy_passed_up(l->h, n);
			moved += n;
			lab_drain(l);
		}
		if (buf_len(&l->from_client))
			moved += lab_take(l, &l->from_client, true);
	} while (moved);
}

static inline void lab_client_bytes(struct lab *l, const void *p, size_t len)
{
	assert_int_equal(buf_append(&l->from_client, p, len), 0);
	lab_settle(l);
}

static inline void lab_client(struct lab *l, const char *text)
{
	lab_client_bytes(l, text, strlen(text));
}

static inline void lab_upstream_bytes(struct lab *l, const void *p, size_t len)
{
	assert_true(l->open);
	assert_int_equal(buf_append(&l->from_upstream, p, len), 0);
	lab_settle(l);
}

static inline void lab_upstream(struct lab *l, const char *text)
{
	lab_upstream_bytes(l, text, strlen(text));
}

static inline void lab_upstream_end(struct lab *l, bool reset)
{
	assert_true(l->open);
	if (reset)
		http_proxy_upstream_reset(l->h);
	else
		http_proxy_upstream_eof(l->h);
	lab_settle(l);
}

static inline void lab_client_eof(struct lab *l)
{
	assert_int_equal(buf_len(&l->from_client), 0);
	http_proxy_client_eof(l->h);
	lab_settle(l);
}

/* The text that was collected, NUL-terminated; valid until the next call on the same side. */
static inline const char *lab_text(struct buf *b)
{
	uint8_t *end = buf_reserve(b, 1);

	assert_non_null(end);
	*end = 0;
	return b->data ? (const char *)buf_data(b) : "";
}

static inline void lab_expect(struct buf *b, const char *text)
{
	assert_string_equal(lab_text(b), text);
	buf_clear(b);
}

static inline void lab_expect_prefix(struct buf *b, const char *text)
{
	const char *got = lab_text(b);

	if (strncmp(got, text, strlen(text)) != 0)
		assert_string_equal(got, text);
	buf_clear(b);
}

static inline unsigned lab_status(struct lab *l)
{
	unsigned status = 0;

	assert_int_equal(sscanf(lab_text(&l->to_client), "HTTP/1.1 %u ", &status), 1);
	return status;
}

/* One line of text, a length that matches, and the end announced where it comes. */
static inline void lab_check_answer(struct lab *l, unsigned status, bool closes)
{
	const char *text = lab_text(&l->to_client);
	const char *body = strstr(text, "\r\n\r\n"), *length = strstr(text, "Content-Length: ");

	assert_int_equal(lab_status(l), status);
	assert_non_null(body);
	assert_non_null(length);
	body += 4;
	assert_int_equal(strtoul(length + strlen("Content-Length: "), NULL, 10), strlen(body));
	assert_ptr_equal(strchr(body, '\n'), body + strlen(body) - 1);
	assert_int_equal(strstr(text, "Connection: close\r\n") != NULL, closes);
	assert_int_equal(l->client_closed, closes);
	assert_false(l->client_aborted);
}

#endif
