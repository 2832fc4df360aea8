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
#include "io/sock.h"
#include "node/conn.h"
#include "node/dial.h"
#include "node/patience.h"
#include "node/tunnel.h"
#include "proxy/guesses.h"
#include "support/sim_loop.h"

#define LAB_BYTES_MAX (1U << 22)
#define LAB_ROUNDS_MAX 10000

/* Both ends of a local connection: the part under test holds it, the test plays the client. */
struct io_sock {
	struct list link;
	io_sock_fn fn;
	void *ctx;
	struct endpoint peer;
	struct buf in;		/* from the client, not read yet */
	struct buf out;		/* to the client, not read yet */
	size_t out_max;
	unsigned want, ends;	/* that happened */
	unsigned told;
	bool watched, shut, unix_socket;
};

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
	struct node_listener_config config;
	struct conn_group group;
	struct list socks, streams;
	struct dial *dial;	/* the one under way */
	size_t stream_count;
	unsigned dials, cancelled;
	unsigned closed, aborted;	/* sockets */
	unsigned streams_closed, streams_aborted;
	struct io_sock *last_ended;	/* only its address counts */
	struct buf heard;		/* what the client of the last ended socket had not read */
	bool path_down;
} lab;

/* --- local sockets --- */

void io_sock_set_handler(struct io_sock *sock, io_sock_fn fn, void *ctx)
{
	sock->fn = fn;
	sock->ctx = ctx;
}

void io_sock_want(struct io_sock *sock, unsigned want)
{
	sock->want = want;
	sock->watched = sock->watched || !(want & IO_READ);
}

ssize_t io_sock_read(struct io_sock *sock, void *p, size_t len)
{
	size_t n = buf_len(&sock->in) < len ? buf_len(&sock->in) : len;

	if (n == 0)
		return sock->ends & IO_RESET ? ERR_RESET :
		       sock->ends & IO_END   ? 0 :
					       ERR_AGAIN;
	memcpy(p, buf_data(&sock->in), n);
	buf_consume(&sock->in, n);
	return (ssize_t)n;
}

ssize_t io_sock_readv(struct io_sock *sock, const struct iovec *iov, unsigned n)
{
	(void)n;
	return io_sock_read(sock, iov[0].iov_base, iov[0].iov_len);
}

ssize_t io_sock_write(struct io_sock *sock, const void *p, size_t len)
{
	size_t room = sock->out_max - buf_len(&sock->out);

	if (sock->ends & (IO_RESET | IO_CLOSED))
		return ERR_CLOSED;
	if (room == 0)
		return ERR_AGAIN;
	if (len > room)
		len = room;
	assert_int_equal(buf_append(&sock->out, p, len), 0);
	return (ssize_t)len;
}

ssize_t io_sock_writev(struct io_sock *sock, const struct iovec *iov, unsigned n)
{
	assert_true(n > 0);
	return io_sock_write(sock, iov[0].iov_base, iov[0].iov_len);
}

unsigned io_sock_ends_seen(const struct io_sock *sock)
{
	return sock->told;
}

size_t io_sock_unsent(const struct io_sock *sock)
{
	return buf_len(&sock->out);
}

void io_sock_shutdown(struct io_sock *sock)
{
	sock->shut = true;
}

void io_sock_peer(const struct io_sock *sock, struct endpoint *out)
{
	*out = sock->peer;
}

static inline void lab_sock_free(struct io_sock *sock)
{
	list_remove(&sock->link);
	lab.last_ended = sock;
	buf_clear(&lab.heard);
	assert_int_equal(buf_append(&lab.heard, buf_data(&sock->out), buf_len(&sock->out)), 0);
	buf_fini(&sock->in);
	buf_fini(&sock->out);
	free(sock);
}

void io_sock_close(struct io_sock *sock)
{
	lab.closed++;
	lab_sock_free(sock);
}

void io_sock_abort(struct io_sock *sock)
{
	lab.aborted++;
	lab_sock_free(sock);
}

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
	for (struct list *l = lab.socks.next; l != &lab.socks; l = l->next) {
		struct io_sock *sock = LIST_ENTRY(l, struct io_sock, link);
		unsigned ready = 0;

		if (sock->want & IO_READ && (buf_len(&sock->in) > 0 || sock->ends))
			ready |= IO_READ;
		if (sock->want & IO_WRITE &&
		    (buf_len(&sock->out) < sock->out_max || sock->ends & IO_RESET))
			ready |= IO_WRITE;
		if (sock->watched)
			ready |= sock->ends & ~sock->told;
		sock->told |= ready & (IO_END | IO_CLOSED | IO_RESET);
		if (ready && sock->fn) {
			sock->fn(sock->ctx, ready);
			return true;
		}
	}
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

static inline struct io_sock *lab_sock_new(void)
{
	struct io_sock *sock = calloc(1, sizeof(*sock));

	assert_non_null(sock);
	sock->out_max = LAB_BYTES_MAX;
	sock->peer.addr = (struct addr){ADDR_V4, {127, 0, 0, 1}};
	list_init(&sock->link);
	buf_init(&sock->in, LAB_BYTES_MAX);
	buf_init(&sock->out, LAB_BYTES_MAX);
	list_push_back(&lab.socks, &sock->link);
	return sock;
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
	d.fn(d.ctx, s, CAUSE_OK, "");
	lab_settle();
	return s;
}

static inline void lab_dial_fails(enum cause cause)
{
	struct dial d = *lab.dial;

	free(lab.dial);
	lab.dial = NULL;
	d.fn(d.ctx, NULL, cause, "it did not work");
	lab_settle();
}

static inline bool lab_sock_is_open(const struct io_sock *sock)
{
	for (struct list *l = lab.socks.next; l != &lab.socks; l = l->next) {
		if (LIST_ENTRY(l, struct io_sock, link) == sock)
			return true;
	}
	return false;
}

static inline void lab_init(enum node_listener_kind kind, unsigned max)
{
	memset(&lab, 0, sizeof(lab));
	sim_loop_init(&lab.loop);
	list_init(&lab.socks);
	list_init(&lab.streams);
	buf_init(&lab.heard, LAB_BYTES_MAX);
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
	assert_true(list_empty(&lab.socks));
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
	buf_fini(&lab.heard);
}

#endif
