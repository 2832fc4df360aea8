/*
 * Theory of operation
 *
 * A socket holds one libevent event, whose set of conditions follows io_sock_want: when it is
 * empty the event is not registered at all, so a stalled reader costs nothing. From the first time
 * that its owner does not read, its ends are watched by io/hangup for the rest of its life, so that
 * nobody waits for a client that is gone. Changes within one wakeup are collected by libevent (its
 * changelist): at most one system call for each descriptor, and the number of a closed one may be
 * reused at once.
 *
 * A connection that is being made reports IO_WRITE; io_sock_connect_result then tells how it went.
 * The first error found is kept, because the system hands it out once.
 *
 * Ten thousand sockets may be open: an object is some 200 bytes and holds no buffer.
 */
#include "io/sock.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "io/hangup.h"
#include "io/loop_private.h"
#include "io/sock_private.h"
#include "io/sys.h"

/* Connections accepted in one wakeup, so that a flood of them leaves room for the open ones. */
#define ACCEPT_MAX 64	/* a power of two: reached by doubling */

/* A silent client is found within 2 min. */
#define KEEPALIVE_IDLE_S 60
#define KEEPALIVE_INTERVAL_S 10
#define KEEPALIVE_PROBES 6

/* How long a listener rests when the system is out of descriptors or memory. */
#define ACCEPT_REST_MS 250

/* Any address that a stream socket here can have. */
union sock_sockaddr {
	union sys_sockaddr ip;
	struct sockaddr_un unix_path;
};

struct io_sock {
	struct event event;
	struct io_loop *loop;
	io_sock_fn fn;
	void *ctx;
	struct endpoint peer;
	int fd;
	int connect_error;
	bool connecting;
	bool shut;		/* our end was sent */
	bool watched;		/* by io/hangup */
	uint8_t want;
	uint8_t ends;		/* those that were told */
};

struct io_listener {
	struct event event;
	struct io_loop *loop;
	struct io_timer *rest;
	io_accept_fn fn;
	void *ctx;
	struct io_address address;
	int fd;
	dev_t path_dev;		/* which file was bound, so that no other one is removed */
	ino_t path_ino;
	bool resting;		/* until `rest` fires */
	bool short_of_resources;	/* said so already; reset by the next connection */
	bool accepting;		/* inside the accept loop: free later */
	bool dead;
	unsigned turn;		/* connections to accept in this wakeup */
	uint64_t turn_pass;	/* the pass that left some waiting; 0: none did */
};

static bool sock_is_unix(const struct io_address *a)
{
	return a->path[0] != '\0';
}

const char *io_address_format(const struct io_address *a, char out[static IO_ADDRESS_TEXT_MAX])
{
	char text[ENDPOINT_TEXT_MAX];

	if (sock_is_unix(a))
		(void)snprintf(out, IO_ADDRESS_TEXT_MAX, "unix:%s", a->path);
	else
		(void)snprintf(out, IO_ADDRESS_TEXT_MAX, "%s", endpoint_format(&a->endpoint, text));
	return out;
}

/* Writes `a` as a socket address and returns its length; 0 when it is none. */
static socklen_t sock_address_set(union sock_sockaddr *sa, const struct io_address *a)
{
	size_t len;

	if (!sock_is_unix(a))
		return sys_sockaddr_set(&sa->ip, &a->endpoint);
	len = strnlen(a->path, sizeof(a->path));
	if (len >= sizeof(sa->unix_path.sun_path))
		return 0;
	memset(sa, 0, sizeof(*sa));
	sa->unix_path.sun_family = AF_UNIX;
	memcpy(sa->unix_path.sun_path, a->path, len);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len + 1);
}

/* A non-blocking stream socket for `a`, or an error. */
static int sock_open(const struct io_address *a)
{
	int family = sock_is_unix(a) ? AF_UNIX :
		     a->endpoint.addr.family == ADDR_V6 ? AF_INET6 : AF_INET;
	int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	return fd < 0 ? sys_error(errno) : fd;
}

/* Relayed streams carry small messages, which must not wait to fill a segment. */
static void sock_send_at_once(int fd)
{
	(void)sys_set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
}

static void on_event(evutil_socket_t fd, short what, void *ctx)
{
	struct io_sock *sock = ctx;
	unsigned ready = 0;

	(void)fd;
	io_loop_enter(sock->loop);
	if (what & EV_READ)
		ready |= IO_READ;
	if (what & EV_WRITE)
		ready |= IO_WRITE;
	ready &= sock->want;
	if (ready && sock->fn)
		sock->fn(sock->ctx, ready);
}

void io_sock_ends(void *ctx, unsigned ends)
{
	struct io_sock *sock = ctx;
	unsigned told = 0;

	if (ends & IO_HANGUP_END)
		told |= IO_END;
	/* After our own end, this is only the orderly end of both. */
	if ((ends & IO_HANGUP_BOTH) && !sock->shut)
		told |= IO_CLOSED;
	if (ends & IO_HANGUP_ERROR)
		told |= IO_RESET;
	told &= ~(unsigned)sock->ends;
	sock->ends = (uint8_t)(sock->ends | told);
	if (told && sock->fn)
		sock->fn(sock->ctx, told);
}

unsigned io_sock_ends_seen(const struct io_sock *sock)
{
	return sock->ends;
}

size_t io_sock_unsent(const struct io_sock *sock)
{
	int len = 0;

	return ioctl(sock->fd, SIOCOUTQ, &len) == 0 && len > 0 ? (size_t)len : 0;
}

/* Wraps a descriptor, which is closed when this fails (NULL: out of memory). */
static struct io_sock *sock_wrap(struct io_loop *loop, int fd, const struct endpoint *peer)
{
	struct io_sock *sock = calloc(1, sizeof(*sock));

	if (!sock) {
		(void)close(fd);
		return NULL;
	}
	sock->loop = loop;
	sock->fd = fd;
	sock->peer = *peer;
	(void)event_assign(&sock->event, io_loop_base(loop), fd, EV_READ | EV_PERSIST, on_event,
			   sock);
	return sock;
}

/* How a connect call that did not succeed ended; 0 when it goes on in the background. */
static int connect_error(int errnum)
{
	switch (errnum) {
	case EINPROGRESS:
	case EINTR:
		return 0;
	case EAGAIN:		/* Unix: the listener's backlog is full */
	case EADDRNOTAVAIL:	/* TCP: no local port left */
		return ERR_LIMIT;
	default:
		return sys_error(errnum);
	}
}

int io_sock_connect(struct io_loop *loop, const struct io_address *to, io_sock_fn fn, void *ctx,
		    struct io_sock **out)
{
	static const struct endpoint none;
	union sock_sockaddr sa;
	socklen_t sa_len = sock_address_set(&sa, to);
	struct io_sock *sock;
	int fd, err;

	*out = NULL;
	if (!sa_len)
		return ERR_INVAL;
	fd = sock_open(to);
	if (fd < 0)
		return fd;
	sock_send_at_once(fd);
	sock = sock_wrap(loop, fd, sock_is_unix(to) ? &none : &to->endpoint);
	if (!sock)
		return ERR_NOMEM;
	err = connect(fd, &sa.ip.any, sa_len) < 0 ? connect_error(errno) : 0;
	if (err) {
		io_sock_close(sock);
		return err;
	}
	sock->connecting = true;
	io_sock_set_handler(sock, fn, ctx);
	io_sock_want(sock, IO_WRITE);
	*out = sock;
	return 0;
}

int io_sock_connect_result(struct io_sock *sock)
{
	union sock_sockaddr sa;
	socklen_t len = sizeof(int);
	int errnum = 0;

	if (!sock->connecting)
		return sock->connect_error;
	if (getsockopt(sock->fd, SOL_SOCKET, SO_ERROR, &errnum, &len) < 0)
		errnum = errno;
	len = sizeof(sa);
	if (!errnum && getpeername(sock->fd, &sa.ip.any, &len) < 0) {
		if (errno == ENOTCONN)
			return ERR_AGAIN;
		errnum = errno;
	}
	sock->connecting = false;
	sock->connect_error = sys_error(errnum);
	return sock->connect_error;
}

void io_sock_set_handler(struct io_sock *sock, io_sock_fn fn, void *ctx)
{
	sock->fn = fn;
	sock->ctx = ctx;
}

void io_sock_want(struct io_sock *sock, unsigned want)
{
	short what = EV_PERSIST;

	want &= IO_READ | IO_WRITE;
	if (!(want & IO_READ) && !sock->watched && !sock->connecting)
		sock->watched = io_hangup_add(io_loop_hangup(sock->loop), sock->fd, sock);
	if (want == sock->want)
		return;
	if (sock->want)
		(void)event_del(&sock->event);
	sock->want = (uint8_t)want;
	if (!want)
		return;
	if (want & IO_READ)
		what |= EV_READ;
	if (want & IO_WRITE)
		what |= EV_WRITE;
	(void)event_assign(&sock->event, io_loop_base(sock->loop), sock->fd, what, on_event, sock);
	(void)event_add(&sock->event, NULL);
}

/* Why a transfer on an open connection failed. */
static int transfer_error(int errnum)
{
	int err = sys_error(errnum);

	switch (err) {
	case ERR_AGAIN:
	case ERR_CLOSED:
	case ERR_RESET:
		return err;
	case ERR_TIMEOUT:
	case ERR_UNREACH:
	case ERR_REFUSED:
		return ERR_RESET;
	default:
		return ERR_IO;
	}
}

ssize_t io_sock_readv(struct io_sock *sock, const struct iovec *iov, unsigned n)
{
	ssize_t len;

	do {
		len = readv(sock->fd, iov, (int)n);
	} while (len < 0 && errno == EINTR);
	return len < 0 ? transfer_error(errno) : len;
}

ssize_t io_sock_writev(struct io_sock *sock, const struct iovec *iov, unsigned n)
{
	struct msghdr msg = {.msg_iovlen = n};
	ssize_t len;

	/* sendmsg does not write through the vector; its type only lacks the const. */
	memcpy(&msg.msg_iov, &iov, sizeof(msg.msg_iov));
	do {
		len = sendmsg(sock->fd, &msg, MSG_NOSIGNAL);
	} while (len < 0 && errno == EINTR);
	return len < 0 ? transfer_error(errno) : len;
}

ssize_t io_sock_read(struct io_sock *sock, void *p, size_t len)
{
	ssize_t n;

	do {
		n = recv(sock->fd, p, len, 0);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? transfer_error(errno) : n;
}

ssize_t io_sock_write(struct io_sock *sock, const void *p, size_t len)
{
	ssize_t n;

	do {
		n = send(sock->fd, p, len, MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? transfer_error(errno) : n;
}

void io_sock_shutdown(struct io_sock *sock)
{
	sock->shut = true;
	(void)shutdown(sock->fd, SHUT_WR);
}

void io_sock_close(struct io_sock *sock)
{
	if (!sock)
		return;
	if (sock->want)
		(void)event_del(&sock->event);
	if (sock->watched)
		io_hangup_remove(io_loop_hangup(sock->loop), sock->fd);
	(void)close(sock->fd);
	free(sock);
}

void io_sock_abort(struct io_sock *sock)
{
	struct linger linger = {.l_onoff = 1, .l_linger = 0};

	if (!sock)
		return;
	(void)setsockopt(sock->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	io_sock_close(sock);
}

void io_sock_local(const struct io_sock *sock, struct endpoint *out)
{
	union sock_sockaddr sa;
	socklen_t len = sizeof(sa);

	memset(&sa, 0, sizeof(sa));
	(void)getsockname(sock->fd, &sa.ip.any, &len);
	sys_sockaddr_get(&sa.ip, out);
}

void io_sock_peer(const struct io_sock *sock, struct endpoint *out)
{
	*out = sock->peer;
}

static void listener_update(struct io_listener *l)
{
	bool on = !l->resting && !l->dead;

	if (on == (event_pending(&l->event, EV_READ, NULL) != 0))
		return;
	if (on)
		(void)event_add(&l->event, NULL);
	else
		(void)event_del(&l->event);
}

static void listener_rest(struct io_listener *l, int errnum)
{
	char text[IO_ADDRESS_TEXT_MAX];

	if (!l->short_of_resources)
		log_warn("%s: cannot accept connections: %s; clients wait",
			 io_address_format(&l->address, text), err_text(sys_error(errnum)));
	l->short_of_resources = true;
	l->resting = true;
	io_timer_set(l->rest, boot_add_ms(io_loop_now(l->loop), ACCEPT_REST_MS));
	listener_update(l);
}

static void on_rested(void *ctx)
{
	struct io_listener *l = ctx;

	l->resting = false;
	listener_update(l);
}

/* Accepts one connection and hands it on. False when that was all for now. */
static bool listener_accept(struct io_listener *l)
{
	union sock_sockaddr sa;
	socklen_t len = sizeof(sa);
	struct endpoint peer;
	struct io_sock *sock;
	int fd;

	memset(&sa, 0, sizeof(sa));
	fd = accept4(l->fd, &sa.ip.any, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0) {
		switch (errno) {
		case EAGAIN:
			return false;
		case EMFILE:
		case ENFILE:
		case ENOBUFS:
		case ENOMEM:
			listener_rest(l, errno);
			return false;
		default:
			/* The error of one connection that is gone already (accept(2)). */
			return true;
		}
	}
	sys_sockaddr_get(&sa.ip, &peer);
	sock = sock_wrap(l->loop, fd, &peer);
	if (!sock) {
		listener_rest(l, ENOMEM);
		return false;
	}
	l->short_of_resources = false;
	l->fn(l->ctx, sock);
	return true;
}

static void listener_destroy(struct io_listener *l)
{
	struct stat st;

	(void)event_del(&l->event);
	/*
	 * While it is open, nobody takes it for stale and puts his own there, which may have the same
	 * number once ours is gone.
	 */
	if (l->path_ino && stat(l->address.path, &st) == 0 && st.st_dev == l->path_dev &&
	    st.st_ino == l->path_ino)
		(void)unlink(l->address.path);
	(void)close(l->fd);
	io_timer_free(l->rest);
	free(l);
}

/* False when that was all for now, or the listener is freed. */
static bool listener_accept_turn(struct io_listener *l)
{
	for (unsigned n = 0; n < l->turn; n++) {
		if (!listener_accept(l) || l->dead)
			return false;
	}
	return true;
}

static void on_acceptable(evutil_socket_t fd, short what, void *ctx)
{
	struct io_listener *l = ctx;

	(void)fd;
	(void)what;
	io_loop_enter(l->loop);
	/*
	 * Connections come one by one, and asking for another costs a call that fails. Those that are
	 * left wake the loop at once: then there are many.
	 */
	if (!l->turn_pass || io_loop_pass(l->loop) != l->turn_pass + 1)
		l->turn = 1;
	else if (l->turn < ACCEPT_MAX)
		l->turn *= 2;
	l->accepting = true;
	l->turn_pass = listener_accept_turn(l) ? io_loop_pass(l->loop) : 0;
	l->accepting = false;
	if (l->dead)
		listener_destroy(l);
}

/* Whether a Unix socket file has no process behind it any more. */
static bool unix_is_stale(const struct io_address *at, const union sock_sockaddr *sa,
			  socklen_t sa_len)
{
	struct stat st;
	bool stale;
	int fd;

	if (stat(at->path, &st) < 0 || !S_ISSOCK(st.st_mode))
		return false;
	fd = sock_open(at);
	if (fd < 0)
		return false;
	stale = connect(fd, &sa->ip.any, sa_len) < 0 && errno == ECONNREFUSED;
	(void)close(fd);
	return stale;
}

/* A bound and listening socket, or an error. */
static int listener_open(const struct io_address *at)
{
	union sock_sockaddr sa;
	socklen_t sa_len = sock_address_set(&sa, at);
	int fd, err;

	if (!sa_len)
		return ERR_INVAL;
	fd = sock_open(at);
	if (fd < 0)
		return fd;
	(void)sys_set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	/* [::] serves both families, as in the programs whose files are read here. */
	if (!sock_is_unix(at) && addr_is_unspecified(&at->endpoint.addr))
		(void)sys_set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
	/* Inherited by what is accepted. A client on another host may vanish without a word. */
	sock_send_at_once(fd);
	(void)sys_set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	(void)sys_set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_S);
	(void)sys_set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_INTERVAL_S);
	(void)sys_set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_PROBES);
	err = bind(fd, &sa.ip.any, sa_len) < 0 ? errno : 0;
	if (err == EADDRINUSE && sock_is_unix(at) && unix_is_stale(at, &sa, sa_len)) {
		(void)unlink(at->path);
		err = bind(fd, &sa.ip.any, sa_len) < 0 ? errno : 0;
	}
	if (!err && listen(fd, SOMAXCONN) < 0)
		err = errno;
	if (err) {
		(void)close(fd);
		return sys_error(err);
	}
	return fd;
}

int io_listen(struct io_loop *loop, const struct io_address *at, io_accept_fn fn, void *ctx,
	      struct io_listener **out)
{
	struct io_listener *l = calloc(1, sizeof(*l));
	union sock_sockaddr sa;
	socklen_t len = sizeof(sa);
	struct stat st;

	*out = NULL;
	if (!l)
		return ERR_NOMEM;
	l->loop = loop;
	l->fn = fn;
	l->ctx = ctx;
	l->address = *at;
	l->fd = listener_open(at);
	if (l->fd < 0) {
		int err = l->fd;

		free(l);
		return err;
	}
	if (sock_is_unix(at)) {
		if (stat(at->path, &st) == 0) {
			l->path_dev = st.st_dev;
			l->path_ino = st.st_ino;
		}
	} else if (getsockname(l->fd, &sa.ip.any, &len) == 0) {
		sys_sockaddr_get(&sa.ip, &l->address.endpoint);
	}
	(void)event_assign(&l->event, io_loop_base(loop), l->fd, EV_READ | EV_PERSIST,
			   on_acceptable, l);
	l->rest = io_timer_new(loop, on_rested, l);
	if (!l->rest || event_add(&l->event, NULL) < 0) {
		listener_destroy(l);
		return ERR_NOMEM;
	}
	*out = l;
	return 0;
}

void io_listener_free(struct io_listener *l)
{
	if (!l)
		return;
	l->dead = true;
	if (!l->accepting)
		listener_destroy(l);
}

void io_listener_address(const struct io_listener *l, struct io_address *out)
{
	*out = l->address;
}

unsigned long io_raise_descriptor_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return 0;
	if (limit.rlim_cur < limit.rlim_max) {
		struct rlimit raised = {limit.rlim_max, limit.rlim_max};

		if (setrlimit(RLIMIT_NOFILE, &raised) == 0)
			limit = raised;
	}
	return (unsigned long)limit.rlim_cur;
}
