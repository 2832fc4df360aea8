/*
 * Stands in for io/sock: local sockets and listeners in memory. The part under test holds a socket, the
 * test is the client at its other end, or the local target that it connects to.
 */
#ifndef CULVERT_TESTS_SUPPORT_SIM_SOCK_H
#define CULVERT_TESTS_SUPPORT_SIM_SOCK_H

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
#include "support/sim_own.h"

#define SIM_SOCK_BYTES_MAX (1U << 22)

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
	int connect_result;	/* ERR_AGAIN: not yet */
	bool watched, shut, unix_socket;
};

struct io_listener {
	struct list link;
	struct io_address at;
	io_accept_fn fn;
	void *ctx;
};

static struct {
	struct list all, listeners;
	unsigned closed, aborted;
	int target;			/* what io_sock_connect comes to: 0, an error, ERR_AGAIN for ever */
	struct io_sock *connected;	/* the last one of it */
	struct io_sock *last_ended;	/* only its address counts */
	uint16_t taken;			/* by another program: nobody can listen on this port */
	struct buf heard;		/* what the client of the last ended socket had not read */
} sim_socks;

static inline void sim_socks_init(void)
{
	memset(&sim_socks, 0, sizeof(sim_socks));
	list_init(&sim_socks.all);
	list_init(&sim_socks.listeners);
	buf_init(&sim_socks.heard, SIM_SOCK_BYTES_MAX);
}

static inline void sim_socks_fini(void)
{
	assert_true(list_empty(&sim_socks.all));
	assert_true(list_empty(&sim_socks.listeners));
	sim_own++;
	buf_fini(&sim_socks.heard);
	sim_own--;
}

/* Bytes that the test keeps. */
static inline void sim_keep(struct buf *b, const void *p, size_t len)
{
	sim_own++;
	assert_int_equal(buf_append(b, p, len), 0);
	sim_own--;
}

/* --- sockets --- */

static inline struct io_sock *sim_sock_new(struct io_loop *loop)
{
	struct io_sock *sock = calloc(1, sizeof(*sock));

	(void)loop;
	if (!sock)
		return NULL;
	sock->out_max = SIM_SOCK_BYTES_MAX;
	sock->peer.addr = (struct addr){ADDR_V4, {127, 0, 0, 1}};
	list_init(&sock->link);
	buf_init(&sock->in, SIM_SOCK_BYTES_MAX);
	buf_init(&sock->out, SIM_SOCK_BYTES_MAX);
	list_push_back(&sim_socks.all, &sock->link);
	return sock;
}

int io_sock_connect(struct io_loop *loop, const struct io_address *to, io_sock_fn fn, void *ctx,
		    struct io_sock **out)
{
	struct io_sock *sock = sim_sock_new(loop);

	if (!sock)
		return ERR_NOMEM;
	sock->peer = to->endpoint;
	sock->connect_result = sim_socks.target;
	sock->fn = fn;
	sock->ctx = ctx;
	sock->want = IO_WRITE;
	sim_socks.connected = *out = sock;
	return 0;
}

int io_sock_connect_result(struct io_sock *sock)
{
	return sock->connect_result;
}

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
	sim_own++;
	buf_consume(&sock->in, n);
	sim_own--;
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
	sim_keep(&sock->out, p, len);
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

static inline void sim_sock_free(struct io_sock *sock)
{
	list_remove(&sock->link);
	sim_socks.last_ended = sock;
	if (sim_socks.connected == sock)
		sim_socks.connected = NULL;
	sim_own++;
	buf_clear(&sim_socks.heard);
	sim_own--;
	sim_keep(&sim_socks.heard, buf_data(&sock->out), buf_len(&sock->out));
	sim_own++;
	buf_fini(&sock->in);
	buf_fini(&sock->out);
	sim_own--;
	free(sock);
}

void io_sock_close(struct io_sock *sock)
{
	if (!sock)
		return;
	sim_socks.closed++;
	sim_sock_free(sock);
}

void io_sock_abort(struct io_sock *sock)
{
	sim_socks.aborted++;
	sim_sock_free(sock);
}

static inline bool sim_sock_is_open(const struct io_sock *sock)
{
	for (struct list *l = sim_socks.all.next; l != &sim_socks.all; l = l->next) {
		if (LIST_ENTRY(l, struct io_sock, link) == sock)
			return true;
	}
	return false;
}

static inline unsigned sim_sock_ready(const struct io_sock *sock)
{
	unsigned ready = 0;

	if (sock->connect_result == ERR_AGAIN)
		return 0;
	if (sock->want & IO_READ && (buf_len(&sock->in) > 0 || sock->ends))
		ready |= IO_READ;
	if (sock->want & IO_WRITE && (buf_len(&sock->out) < sock->out_max || sock->ends & IO_RESET))
		ready |= IO_WRITE;
	if (sock->watched)
		ready |= sock->ends & ~sock->told;
	return sock->fn ? ready : 0;
}

/* Tells one socket of what it waits for; whether there was one. */
static inline bool sim_socks_deliver(void)
{
	for (struct list *l = sim_socks.all.next; l != &sim_socks.all; l = l->next) {
		struct io_sock *sock = LIST_ENTRY(l, struct io_sock, link);
		unsigned ready = sim_sock_ready(sock);

		sock->told |= ready & (IO_END | IO_CLOSED | IO_RESET);
		if (!ready)
			continue;
		sock->fn(sock->ctx, ready);
		return true;
	}
	return false;
}

/* --- listeners --- */

const char *io_address_format(const struct io_address *a, char out[static IO_ADDRESS_TEXT_MAX])
{
	return endpoint_format(&a->endpoint, out);
}

static inline bool sim_port_taken(uint16_t port)
{
	for (struct list *n = sim_socks.listeners.next; port && n != &sim_socks.listeners; n = n->next) {
		if (LIST_ENTRY(n, struct io_listener, link)->at.endpoint.port == port)
			return true;
	}
	return port && port == sim_socks.taken;
}

int io_listen(struct io_loop *loop, const struct io_address *at, io_accept_fn fn, void *ctx,
	      struct io_listener **out)
{
	struct io_listener *l;

	(void)loop;
	if (sim_port_taken(at->endpoint.port))
		return ERR_INUSE;
	l = calloc(1, sizeof(*l));
	if (!l)
		return ERR_NOMEM;
	*l = (struct io_listener){.at = *at, .fn = fn, .ctx = ctx};
	list_push_back(&sim_socks.listeners, &l->link);
	*out = l;
	return 0;
}

void io_listener_free(struct io_listener *l)
{
	list_remove(&l->link);
	free(l);
}

void io_listener_address(const struct io_listener *l, struct io_address *out)
{
	*out = l->at;
}

/* A client connects to the listener on `port`: what is accepted, or NULL: nobody listens, or no memory. */
static inline struct io_sock *sim_connect(uint16_t port)
{
	for (struct list *n = sim_socks.listeners.next; n != &sim_socks.listeners; n = n->next) {
		struct io_listener *l = LIST_ENTRY(n, struct io_listener, link);
		struct io_sock *sock;

		if (l->at.endpoint.port != port)
			continue;
		sock = sim_sock_new(NULL);
		if (!sock)
			return NULL;
		l->fn(l->ctx, sock);
		return sim_sock_is_open(sock) ? sock : NULL;
	}
	return NULL;
}

#endif
