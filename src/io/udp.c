/*
 * Theory of operation
 *
 * Two sockets on one port, because an IPv6 socket that also serves IPv4 depends on a system
 * setting and reports mapped addresses. Port 0 takes what the system gives the first and retries
 * when the second finds it in use.
 *
 * Path MTU discovery is off: datagrams leave without the don't-fragment flag, so a path with a
 * smaller MTU fragments instead of losing (as the kernel's WireGuard does).
 *
 * When the packet pool is used up the sockets are not watched; they are tried again right after
 * the flush, where packets usually come back, and then every few milliseconds. The system's
 * socket buffer holds what arrives meanwhile.
 *
 * A socket is watched for room to write only while a batch waits for it (udp_tx.c).
 */
#include "io/udp_private.h"

#include <assert.h>
#include <errno.h>
#include <event2/event.h>
#include <netinet/udp.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "io/loop_private.h"
#include "io/udp_rx.h"
#include "io/udp_trouble.h"
#include "io/udp_tx.h"

/* Tries to find a port that is free in both families. */
#define UDP_PORT_TRIES 16

#define UDP_RETRY_MS 10

struct udp_socket {
	struct io_udp *udp;
	struct event *event;
	struct event *writable;
	struct udp_tx_socket *tx;
	struct udp_rx_source source;	/* fd -1: not open */
};

struct io_udp {
	struct io_loop *loop;
	io_fn on_batch_end;
	void *ctx;
	uint16_t port;
	struct udp_socket v4, v6;
	struct io_timer *retry;		/* after the pool was used up */
	struct io_timer *tx_retry;	/* after the system was short of room and will not tell of it */
	bool paused;
	bool retried;			/* at once; the next time after UDP_RETRY_MS */
	bool tx_timed;			/* tx_retry is set */
	struct io_udp_counters counters;
	struct udp_trouble trouble;
	struct udp_rx rx;
	struct udp_tx tx;
};

static void udp_set_options(int fd, enum addr_family family)
{
	(void)sys_set_option(fd, SOL_SOCKET, SO_RCVBUF, IO_UDP_BUFFER);
	(void)sys_set_option(fd, SOL_SOCKET, SO_SNDBUF, IO_UDP_SEND_BUFFER);
	if (family == ADDR_V6)
		(void)sys_set_option(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DONT);
	else
		(void)sys_set_option(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT);
	udp_trouble_watch(fd, family);
}

/* A bound socket; ERR_UNREACH when the host lacks the family, or another error. */
static int udp_open_family(enum addr_family family, uint16_t port)
{
	struct endpoint any = {.addr.family = (uint8_t)family, .port = port};
	union sys_sockaddr sa;
	socklen_t sa_len = sys_sockaddr_set(&sa, &any);
	int fd = socket(sa.any.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int err = fd < 0 ? errno : 0;

	if (!err && family == ADDR_V6 && !sys_set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1))
		err = errno;
	if (!err && bind(fd, &sa.any, sa_len) < 0)
		err = errno;
	if (!err) {
		udp_set_options(fd, family);
		return fd;
	}
	if (fd >= 0)
		(void)close(fd);
	return err == EAFNOSUPPORT || err == EADDRNOTAVAIL ? ERR_UNREACH : sys_error(err);
}

static uint16_t udp_bound_port(int fd)
{
	union sys_sockaddr sa = {.any.sa_family = AF_UNSPEC};
	socklen_t len = sizeof(sa);
	struct endpoint e;

	(void)getsockname(fd, &sa.any, &len);
	sys_sockaddr_get(&sa, &e);
	return e.port;
}

/* Opens what `config` asks for on one port. Families that the host lacks stay -1. */
static int udp_open_pair(const struct io_udp_config *config, uint16_t *port, int *fd_v4, int *fd_v6)
{
	int fd;

	*port = config->port;
	*fd_v4 = *fd_v6 = -1;
	if (config->ipv4) {
		fd = udp_open_family(ADDR_V4, *port);
		if (fd < 0 && fd != ERR_UNREACH)
			return fd;
		*fd_v4 = fd < 0 ? -1 : fd;
		if (fd >= 0)
			*port = udp_bound_port(fd);
	}
	if (config->ipv6) {
		fd = udp_open_family(ADDR_V6, *port);
		if (fd < 0 && fd != ERR_UNREACH) {
			if (*fd_v4 >= 0)
				(void)close(*fd_v4);
			return fd;
		}
		*fd_v6 = fd < 0 ? -1 : fd;
		if (fd >= 0)
			*port = udp_bound_port(fd);
	}
	return *fd_v4 < 0 && *fd_v6 < 0 ? ERR_UNREACH : 0;
}

static void udp_watch(struct io_udp *udp, bool on)
{
	struct udp_socket *sockets[] = {&udp->v4, &udp->v6};

	for (size_t i = 0; i < ARRAY_LEN(sockets); i++) {
		if (!sockets[i]->event)
			continue;
		if (on)
			(void)event_add(sockets[i]->event, NULL);
		else
			(void)event_del(sockets[i]->event);
	}
	udp->paused = !on;
}

static void udp_read_errors(struct io_udp *udp)
{
	struct udp_socket *sockets[] = {&udp->v4, &udp->v6};

	udp->trouble.waiting = udp->rx.error_seen = false;
	for (size_t i = 0; i < ARRAY_LEN(sockets); i++) {
		if (sockets[i]->source.fd >= 0)
			udp_trouble_read(&udp->trouble, io_loop_now(udp->loop),
					 sockets[i]->source.fd);
	}
}

static void udp_read(struct udp_socket *socket)
{
	struct io_udp *udp = socket->udp;
	struct boot_time now = io_loop_now(udp->loop);
	uint64_t before = udp->counters.rx_datagrams;

	if (udp_rx_read(&udp->rx, &socket->source) == UDP_RX_NO_BLOCK) {
		udp_watch(udp, false);
		io_timer_set(udp->retry, udp->retried ? boot_add_ms(now, UDP_RETRY_MS) : now);
		udp->retried = true;
	} else {
		udp->retried = false;
	}
	/* An error that no call met shows as a socket that is ready and has nothing to read. */
	if (udp->trouble.waiting || udp->rx.error_seen || udp->counters.rx_datagrams == before)
		udp_read_errors(udp);
	if (udp->on_batch_end)
		udp->on_batch_end(udp->ctx);
}

static void on_readable(evutil_socket_t fd, short what, void *ctx)
{
	struct udp_socket *socket = ctx;

	(void)fd;
	(void)what;
	io_loop_enter(socket->udp->loop);
	if (!socket->udp->paused)
		udp_read(socket);
}

static void on_retry(void *ctx)
{
	udp_watch(ctx, true);
}

/* Has what waits sent later. */
static void udp_tx_watch(struct io_udp *udp)
{
	struct udp_socket *sockets[] = {&udp->v4, &udp->v6};
	bool by_time = false;

	if (!udp->tx.waiting)
		return;
	for (size_t i = 0; i < ARRAY_LEN(sockets); i++) {
		if (sockets[i]->tx->state == UDP_TX_SHORT)
			by_time = true;
		else if (sockets[i]->tx->state == UDP_TX_FULL && !event_pending(sockets[i]->writable, EV_WRITE, NULL))
			by_time |= event_add(sockets[i]->writable, NULL) != 0;
	}
	if (by_time && !udp->tx_timed)
		io_timer_set(udp->tx_retry, boot_add_ms(io_loop_now(udp->loop), UDP_TX_TRY_MS));
	udp->tx_timed |= by_time;
}

static void on_writable(evutil_socket_t fd, short what, void *ctx)
{
	struct udp_socket *socket = ctx;

	(void)fd;
	(void)what;
	io_loop_enter(socket->udp->loop);
	udp_tx_resume(socket->tx);
	io_udp_flush(socket->udp);
}

static void on_tx_retry(void *ctx)
{
	struct io_udp *udp = ctx;

	udp->tx_timed = false;
	udp_tx_resume(&udp->tx.v4);
	udp_tx_resume(&udp->tx.v6);
	io_udp_flush(udp);
}

static bool udp_socket_init(struct io_udp *udp, struct udp_socket *socket, int fd)
{
	socket->udp = udp;
	socket->source.fd = fd;
	if (fd < 0)
		return true;
	socket->writable = event_new(io_loop_base(udp->loop), fd, EV_WRITE, on_writable, socket);
	if (!socket->writable)
		return false;
	udp_rx_source_init(&socket->source, fd);
	socket->event = event_new(io_loop_base(udp->loop), fd, EV_READ | EV_PERSIST, on_readable,
				  socket);
	return socket->event && event_add(socket->event, NULL) == 0;
}

int io_udp_new(const struct io_udp_config *config, struct io_udp **out)
{
	struct io_udp *udp;
	int fd_v4, fd_v6, err;
	unsigned tries = config->port ? 1 : UDP_PORT_TRIES;

	*out = NULL;
	udp = calloc(1, sizeof(*udp));
	if (!udp)
		return ERR_NOMEM;
	do {
		err = udp_open_pair(config, &udp->port, &fd_v4, &fd_v6);
	} while (err == ERR_INUSE && --tries);
	if (err) {
		free(udp);
		return err;
	}
	udp->loop = config->loop;
	udp->on_batch_end = config->on_batch_end;
	udp->ctx = config->ctx;
	udp->tx.before_send = config->before_send;
	udp->tx.ctx = config->ctx;
	udp->rx.pool = config->pool;
	udp->rx.counters = &udp->counters;
	udp->trouble.counters = &udp->counters;
	udp->rx.on_datagram = config->on_datagram;
	udp->rx.ctx = config->ctx;
	udp->rx.mmsg = true;
	udp->v4.source.fd = fd_v4;
	udp->v6.source.fd = fd_v6;
	udp->v4.tx = &udp->tx.v4;
	udp->v6.tx = &udp->tx.v6;
	udp->retry = io_timer_new(udp->loop, on_retry, udp);
	udp->tx_retry = io_timer_new(udp->loop, on_tx_retry, udp);
	if (!udp->retry || !udp->tx_retry || udp_tx_init(&udp->tx, fd_v4, fd_v6, &udp->trouble) ||
	    !udp_socket_init(udp, &udp->v4, fd_v4) || !udp_socket_init(udp, &udp->v6, fd_v6)) {
		io_udp_free(udp);
		return ERR_NOMEM;
	}
	*out = udp;
	return 0;
}

void io_udp_free(struct io_udp *udp)
{
	struct udp_socket *sockets[2];

	if (!udp)
		return;
	sockets[0] = &udp->v4;
	sockets[1] = &udp->v6;
	for (size_t i = 0; i < ARRAY_LEN(sockets); i++) {
		if (sockets[i]->event)
			event_free(sockets[i]->event);
		if (sockets[i]->writable)
			event_free(sockets[i]->writable);
		if (sockets[i]->source.fd >= 0)
			(void)close(sockets[i]->source.fd);
	}
	io_timer_free(udp->retry);
	io_timer_free(udp->tx_retry);
	udp_tx_fini(&udp->tx);
	free(udp);
}

uint16_t io_udp_port(const struct io_udp *udp)
{
	return udp->port;
}

bool io_udp_has_family(const struct io_udp *udp, enum addr_family family)
{
	switch (family) {
	case ADDR_V4:
		return udp->v4.source.fd >= 0;
	case ADDR_V6:
		return udp->v6.source.fd >= 0;
	default:
		return false;
	}
}

size_t io_udp_receive_buffer(const struct io_udp *udp)
{
	const struct udp_socket *sockets[] = {&udp->v4, &udp->v6};
	size_t least = 0;

	for (size_t i = 0; i < ARRAY_LEN(sockets); i++) {
		int bytes = 0;
		socklen_t len = sizeof(bytes);

		if (sockets[i]->source.fd < 0 ||
		    getsockopt(sockets[i]->source.fd, SOL_SOCKET, SO_RCVBUF, &bytes, &len) < 0)
			continue;
		/* Linux tells twice of what it grants: the other half is for its own structures (socket(7)). */
		if (bytes > 0 && (!least || (size_t)bytes / 2 < least))
			least = (size_t)bytes / 2;
	}
	return least;
}

bool io_udp_is_waiting(const struct io_udp *udp)
{
	return udp->tx.waiting;
}

bool io_udp_has_room(struct io_udp *udp, size_t max_len)
{
	bool room = udp_tx_has_room(&udp->tx, io_loop_now(udp->loop), max_len);

	udp_tx_watch(udp);
	return room;
}

uint8_t *io_udp_slot(struct io_udp *udp, const struct endpoint *dst, size_t max_len)
{
	uint8_t *slot = udp_tx_slot(&udp->tx, io_loop_now(udp->loop), dst, max_len);

	udp_tx_watch(udp);
	return slot;
}

void io_udp_commit(struct io_udp *udp, size_t len)
{
	udp_tx_commit(&udp->tx, len);
}

void io_udp_flush(struct io_udp *udp)
{
	udp_tx_flush(&udp->tx, io_loop_now(udp->loop));
	udp_tx_watch(udp);
}

const struct io_udp_counters *io_udp_counters(const struct io_udp *udp)
{
	return &udp->counters;
}

enum io_udp_trouble io_udp_trouble(const struct io_udp *udp, const struct endpoint *dst,
				   struct boot_time since)
{
	return udp_trouble_find(&udp->trouble, io_loop_now(udp->loop), dst, since);
}

void io_udp_trim(struct io_udp *udp)
{
	udp_tx_trim(&udp->tx);
}

void io_udp_get_offload(const struct io_udp *udp, struct io_udp_offload *out)
{
	const struct udp_socket *socket = udp->v4.source.fd >= 0 ? &udp->v4 : &udp->v6;

	out->gro = socket->source.gro;
	out->gso = udp->tx.gso;
	out->mmsg = udp->tx.mmsg && udp->rx.mmsg;
}

void io_udp_set_offload(struct io_udp *udp, const struct io_udp_offload *offload)
{
	struct udp_socket *sockets[] = {&udp->v4, &udp->v6};

	for (size_t i = 0; i < ARRAY_LEN(sockets); i++) {
		struct udp_rx_source *source = &sockets[i]->source;

		if (source->fd >= 0)
			source->gro = sys_set_option(source->fd, SOL_UDP, UDP_GRO, offload->gro) &&
				      offload->gro;
	}
	udp->tx.gso = offload->gso;
	udp->tx.mmsg = offload->mmsg;
	udp->rx.mmsg = offload->mmsg;
}

void io_udp_set_receive_buffer(struct io_udp *udp, int bytes)
{
	if (udp->v4.source.fd >= 0)
		(void)sys_set_option(udp->v4.source.fd, SOL_SOCKET, SO_RCVBUF, bytes);
	if (udp->v6.source.fd >= 0)
		(void)sys_set_option(udp->v6.source.fd, SOL_SOCKET, SO_RCVBUF, bytes);
}

unsigned io_udp_plain_paths(const struct io_udp *udp)
{
	return udp->tx.plain_count;
}
