/*
 * Stands in for everything around the objects of node/ that serve a client: loop and timers, local
 * sockets, dials and streams, all in memory and in simulated time. A program that includes this and
 * links node/{conn,patience,relay,session,http_session} runs them as they are.
 */
#ifndef CULVERT_TESTS_NODE_LAB_H
#define CULVERT_TESTS_NODE_LAB_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/list.h"
#include "front/conn.h"
#include "front/dial.h"
#include "front/patience.h"
#include "io/sock.h"
#include "link/tunnel.h"
#include "proxy/guesses.h"
#include "support/sim_loop.h"
#include "support/sim_sock.h"

#define LAB_BYTES_MAX SIM_SOCK_BYTES_MAX
#define LAB_ROUNDS_MAX 10000

struct net_stream {
	struct list link;
	void *owner;
	struct buf rx;		/* from the origin, not read yet */
	struct buf tx;		/* to the origin, not acknowledged */
	size_t tx_max;
	unsigned events;
	bool fin, failed;	/* the origin's */
	bool shut, starved;
	uint8_t space[4096];
};

struct dial {
	dial_fn fn;
	void *ctx;
	char target[PROXY_TARGET_TEXT_MAX];
};

static struct {
	struct io_loop loop;
	struct patience patience;
	struct guesses guesses;
	struct dial_env env;
	struct service_config config;
	struct conn_group group;
	struct list streams;
	struct dial *dial;	/* the one under way */
	size_t stream_count;
	unsigned dials, cancelled;
	unsigned streams_closed, streams_aborted;
	bool path_down;
} lab;

/* --- streams --- */

void net_stream_set_owner(struct net_stream *s, void *owner)
{
	s->owner = owner;
}

void net_stream_local(const struct net_stream *s, struct endpoint *out)
{
	(void)s;
	memset(out, 0, sizeof(*out));
}

enum cause net_stream_cause(const struct net_stream *s)
{
	return s->failed ? CAUSE_RESET : CAUSE_OK;
}

unsigned net_stream_peek(const struct net_stream *s, struct iovec *iov, unsigned max)
{
	assert_true(max > 0);
	if (buf_len(&s->rx) == 0)
		return 0;
	iov[0].iov_base = s->rx.data + s->rx.start;
	iov[0].iov_len = buf_len(&s->rx);
	return 1;
}

size_t net_stream_pending(const struct net_stream *s)
{
	return buf_len(&s->rx);
}

void net_stream_consume(struct net_stream *s, size_t len)
{
	buf_consume(&s->rx, len);
}

void net_stream_settle(struct net_stream *s)
{
	(void)s;
}

bool net_stream_at_eof(const struct net_stream *s)
{
	return s->fin && buf_len(&s->rx) == 0;
}

static inline size_t lab_stream_room(struct net_stream *s)
{
	size_t room = s->failed || s->shut ? 0 : s->tx_max - buf_len(&s->tx);

	s->starved = room == 0;
	return room;
}

unsigned net_stream_space(struct net_stream *s, struct iovec *iov, unsigned max)
{
	size_t room = lab_stream_room(s);

	(void)max;
	iov[0].iov_base = s->space;
	iov[0].iov_len = room < sizeof(s->space) ? room : sizeof(s->space);
	return room > 0;
}

void net_stream_commit(struct net_stream *s, size_t len)
{
	assert_int_equal(buf_append(&s->tx, s->space, len), 0);
}

size_t net_stream_write(struct net_stream *s, const void *data, size_t len)
{
	size_t room = lab_stream_room(s);

	if (len > room)
		len = room;
	assert_int_equal(buf_append(&s->tx, data, len), 0);
	s->starved = s->starved || len == room;
	return len;
}

size_t net_stream_unacked(const struct net_stream *s)
{
	return buf_len(&s->tx);
}

void net_stream_shutdown(struct net_stream *s)
{
	s->shut = true;
}

static inline void lab_stream_free(struct net_stream *s)
{
	list_remove(&s->link);
	lab.stream_count--;
	buf_fini(&s->rx);
	buf_fini(&s->tx);
	free(s);
}

void net_stream_close(struct net_stream *s)
{
	lab.streams_closed++;
	lab_stream_free(s);
}

void net_stream_abort(struct net_stream *s)
{
	lab.streams_aborted++;
	lab_stream_free(s);
}

static inline struct net_stream *lab_stream_new(size_t tx_max)
{
	struct net_stream *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	s->tx_max = tx_max;
	buf_init(&s->rx, LAB_BYTES_MAX);
	buf_init(&s->tx, LAB_BYTES_MAX);
	list_push_back(&lab.streams, &s->link);
	lab.stream_count++;
	return s;
}

/* --- dials --- */

int dial_start(struct dial_env *env, const struct proxy_target *target, dial_fn fn, void *ctx,
	       struct dial **out)
{
	struct dial *d = calloc(1, sizeof(*d));

	assert_non_null(d);
	assert_ptr_equal(env, &lab.env);
	assert_null(lab.dial);
	*d = (struct dial){.fn = fn, .ctx = ctx};
	proxy_target_format(target, d->target);
	lab.dials++;
	lab.dial = *out = d;
	return 0;
}

void dial_cancel(struct dial *d)
{
	assert_ptr_equal(d, lab.dial);
	lab.cancelled++;
	lab.dial = NULL;
	free(d);
}

/* --- what a test does --- */

static inline bool lab_path_up(void *ctx, const struct net_stream *s)
{
	(void)ctx;
	assert_non_null(s);
	return !lab.path_down;
}

/* Tells one socket or stream of what it waits for; whether there was one. */
static inline bool lab_deliver(void)
{
	if (sim_socks_deliver())
		return true;
	for (struct list *l = lab.streams.next; l != &lab.streams; l = l->next) {
		struct net_stream *s = LIST_ENTRY(l, struct net_stream, link);
		struct tunnel_stream_sink *sink = s->owner;
		unsigned events = s->events;

		if (events && sink) {
			s->events = 0;
			sink->on_stream(sink, s, events);
			return true;
		}
	}
	return false;
}

static inline void lab_settle(void)
{
	unsigned rounds = 0;

	while (lab_deliver())
		assert_true(++rounds < LAB_ROUNDS_MAX);
}

/* Time goes by; what is due runs at its time. */
static inline void lab_wait(uint64_t ms)
{
	struct boot_time until = boot_add_ms(lab.loop.now, ms);

	lab_settle();
	while (sim_loop_step(&lab.loop, until))
		lab_settle();
	lab.loop.now = until;
}

/* The process stands still; then what is overdue runs. */
static inline void lab_freeze(uint64_t ms)
{
	lab.loop.now = boot_add_ms(lab.loop.now, ms);
	lab_wait(0);
}

static inline void lab_client_send(struct io_sock *sock, const void *p, size_t len)
{
	assert_int_equal(buf_append(&sock->in, p, len), 0);
	lab_settle();
}

static inline void lab_client_text(struct io_sock *sock, const char *text)
{
	lab_client_send(sock, text, strlen(text));
}

/* IO_END: half-closed, or gone (nobody knows); IO_END | IO_RESET: reset. */
static inline void lab_client_ends(struct io_sock *sock, unsigned ends)
{
	sock->ends |= ends;
	lab_settle();
}

/* The client reads `len` bytes. */
static inline void lab_client_take(struct io_sock *sock, size_t len)
{
	assert_true(buf_len(&sock->out) >= len);
	buf_consume(&sock->out, len);
	lab_settle();
}

static inline void lab_origin_event(struct net_stream *s, unsigned events)
{
	s->events |= events;
	lab_settle();
}

static inline void lab_origin_text(struct net_stream *s, const char *text)
{
	assert_int_equal(buf_append(&s->rx, text, strlen(text)), 0);
	lab_origin_event(s, NET_EV_READABLE);
}

static inline void lab_origin_ends(struct net_stream *s)
{
	s->fin = true;
	lab_origin_event(s, NET_EV_EOF);
}

static inline void lab_origin_fails(struct net_stream *s)
{
	s->failed = true;
	lab_origin_event(s, NET_EV_FAILED);
}

/* The origin acknowledges `len` bytes. */
static inline void lab_origin_take(struct net_stream *s, size_t len)
{
	assert_true(buf_len(&s->tx) >= len);
	buf_consume(&s->tx, len);
	if (s->starved && len > 0)
		lab_origin_event(s, NET_EV_WRITABLE);
}

/* The dial under way ends well; its stream takes `tx_max` bytes without an acknowledgement. */
static inline struct net_stream *lab_dial_opens(size_t tx_max)
{
	struct dial d = *lab.dial;
	struct net_stream *s = lab_stream_new(tx_max);

	free(lab.dial);
	lab.dial = NULL;
	d.fn(d.ctx, s, NULL);
	lab_settle();
	return s;
}

static inline void lab_dial_fails(enum cause cause)
{
	struct dial d = *lab.dial;
	struct fault fault;

	free(lab.dial);
	lab.dial = NULL;
	fault_set_cause(&fault, cause, "it did not work");
	d.fn(d.ctx, NULL, &fault);
	lab_settle();
}

static inline void lab_init(enum service_kind kind, unsigned max)
{
	memset(&lab, 0, sizeof(lab));
	sim_loop_init(&lab.loop);
	sim_socks_init();
	list_init(&lab.streams);
	assert_int_equal(patience_init(&lab.patience, &lab.loop, lab_path_up, NULL), 0);
	lab.config.kind = kind;
	lab.config.target.addr = (struct addr){ADDR_V4, {10, 0, 0, 1}};
	lab.config.target.port = 80;
	conn_group_init(&lab.group, &lab.loop, max);
	lab.group.dial = &lab.env;
	lab.group.config = &lab.config;
	lab.group.patience = &lab.patience;
	lab.group.guesses = &lab.guesses;
}

/* Everything that a connection held is gone. */
static inline void lab_expect_nothing_left(void)
{
	assert_int_equal(lab.group.open, 0);
	assert_int_equal(lab.group.placed, 0);
	assert_true(list_empty(&sim_socks.all));
	assert_true(list_empty(&lab.streams));
	assert_true(list_empty(&lab.patience.waits));
	assert_true(list_empty(&lab.patience.stalled));
	assert_null(lab.dial);
}

static inline void lab_fini(void)
{
	conn_group_kill(&lab.group);
	lab_expect_nothing_left();
	patience_fini(&lab.patience);
	assert_true(list_empty(&lab.loop.timers));
	sim_socks_fini();
}

#endif
