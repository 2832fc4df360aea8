/*
 * Theory of operation
 *
 * A UDP exchange is a connected socket: the system gives it a random port, lets only the server's
 * datagrams in and reports ICMP errors about it (IP_RECVERR: unreachable hosts and nets too, not
 * ports alone). An error counts only if it quotes our question as far as it quotes anything; then
 * the server is given up at once. A TCP exchange writes its question, reads until the resolver has
 * a whole answer and closes.
 *
 * A socket's handler may end its own exchange, so it looks its number up again after each step.
 */
#include "io/nameservers.h"

#include <assert.h>
#include <errno.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "base/list.h"
#include "dns/message.h"
#include "io/loop_private.h"
#include "io/sock.h"
#include "io/sys.h"

/* Exchanges under way are found by their number: chains stay short with hundreds of them. */
#define NAMESERVERS_BUCKETS 64
/* An answer to our EDNS size, and some slack for servers that send more. */
#define NAMESERVERS_PIECE 4096
/* Datagrams of one socket in one wakeup: answers come alone, and a flood must leave room. */
#define NAMESERVERS_READS_MAX 8

struct exchange {
	struct list link;
	struct nameservers *servers;
	struct event *event;	/* UDP */
	struct io_sock *sock;	/* TCP */
	struct endpoint server;
	uint32_t id;
	int fd;			/* UDP */
	bool written;		/* TCP */
	size_t query_len;
	uint8_t query[2 + DNS_QUERY_MAX];
};

struct nameservers {
	struct io_loop *loop;
	struct io_timer *timer;
	struct dns_resolver *resolver;
	nameservers_fn fn;
	struct list buckets[NAMESERVERS_BUCKETS];
};

static struct boot_time now_of(const struct nameservers *ns)
{
	return io_loop_now(ns->loop);
}

static void exchange_free(struct exchange *x)
{
	list_remove(&x->link);
	if (x->event)
		event_free(x->event);
	if (x->fd >= 0)
		(void)close(x->fd);
	io_sock_close(x->sock);
	free(x);
}

static struct exchange *exchange_find(struct nameservers *ns, uint32_t id)
{
	struct list *bucket = &ns->buckets[id % NAMESERVERS_BUCKETS];

	for (struct list *l = bucket->next; l != bucket; l = l->next) {
		struct exchange *x = LIST_ENTRY(l, struct exchange, link);

		if (x->id == id)
			return x;
	}
	return NULL;
}

/* Whether the error that waits at the socket is about our question: what it quotes is like it. */
static bool error_is_ours(const struct exchange *x)
{
	uint8_t quote[DNS_QUERY_MAX], control[256];
	struct iovec iov = {quote, sizeof(quote)};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
			     .msg_controllen = sizeof(control)};
	ssize_t n = recvmsg(x->fd, &msg, MSG_ERRQUEUE | MSG_DONTWAIT);

	/* Errors of our own system come without a quote. */
	if (n <= 0)
		return true;
	return (size_t)n <= x->query_len && memcmp(quote, x->query, (size_t)n) == 0;
}

/* One datagram or error of a UDP exchange. False: nothing is left to read. */
static bool read_udp(struct nameservers *ns, struct exchange *x)
{
	uint8_t data[NAMESERVERS_PIECE];
	ssize_t n = recv(x->fd, data, sizeof(data), MSG_DONTWAIT);
	int errnum = errno;

	if (n >= 0)
		dns_resolver_input(ns->resolver, now_of(ns), x->id, &x->server, data, (size_t)n);
	else if (errnum == EAGAIN || errnum == EINTR)
		return false;
	else if (error_is_ours(x))
		dns_resolver_failed(ns->resolver, now_of(ns), x->id);
	return true;
}

static void on_udp(evutil_socket_t fd, short what, void *ctx)
{
	struct exchange *x = ctx;
	struct nameservers *ns = x->servers;
	uint32_t id = x->id;

	(void)fd;
	(void)what;
	io_loop_enter(ns->loop);
	for (unsigned i = 0; i < NAMESERVERS_READS_MAX; i++) {
		x = exchange_find(ns, id);
		if (!x || !read_udp(ns, x))
			break;
		nameservers_flush(ns);
	}
}

static int open_udp(struct exchange *x)
{
	union sys_sockaddr sa;
	socklen_t len = sys_sockaddr_set(&sa, &x->server);
	bool v6 = x->server.addr.family == ADDR_V6;

	x->fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (x->fd < 0)
		return sys_error(errno);
	(void)sys_set_option(x->fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_RECVERR : IP_RECVERR, 1);
	if (connect(x->fd, &sa.any, len) < 0 || send(x->fd, x->query, x->query_len, 0) < 0)
		return sys_error(errno);
	x->event = event_new(io_loop_base(x->servers->loop), x->fd, EV_READ | EV_PERSIST, on_udp, x);
	return x->event && event_add(x->event, NULL) == 0 ? 0 : ERR_NOMEM;
}

/* The connection is made: writes the question, which an empty send buffer takes whole. */
static bool write_tcp(struct exchange *x)
{
	if (io_sock_connect_result(x->sock) < 0 ||
	    io_sock_write(x->sock, x->query, x->query_len) != (ssize_t)x->query_len)
		return false;
	x->written = true;
	io_sock_want(x->sock, IO_READ);
	return true;
}

/* False: the stream is of no more use. */
static bool read_tcp(struct nameservers *ns, struct exchange *x)
{
	uint8_t data[NAMESERVERS_PIECE];
	ssize_t n = io_sock_read(x->sock, data, sizeof(data));

	if (n > 0)
		dns_resolver_input(ns->resolver, now_of(ns), x->id, &x->server, data, (size_t)n);
	return n > 0 || n == ERR_AGAIN;
}

static void on_tcp(void *ctx, unsigned ready)
{
	struct exchange *x = ctx;
	struct nameservers *ns = x->servers;
	uint32_t id = x->id;

	(void)ready;
	if (x->written ? !read_tcp(ns, x) : !write_tcp(x))
		dns_resolver_failed(ns->resolver, now_of(ns), id);
	nameservers_flush(ns);
}

static void exchange_open(struct nameservers *ns, const struct dns_output *out)
{
	struct io_address to = {.endpoint = out->server};
	struct exchange *x = calloc(1, sizeof(*x));
	int err = ERR_NOMEM;

	assert(out->len <= sizeof(x->query));
	if (x) {
		x->servers = ns;
		x->id = out->exchange;
		x->server = out->server;
		x->fd = -1;
		x->query_len = out->len;
		memcpy(x->query, out->data, out->len);
		list_push_back(&ns->buckets[x->id % NAMESERVERS_BUCKETS], &x->link);
		err = out->action == DNS_SEND_UDP ? open_udp(x) :
		      io_sock_connect(ns->loop, &to, on_tcp, x, &x->sock);
	}
	if (err)
		dns_resolver_failed(ns->resolver, now_of(ns), out->exchange);
}

static void drain_output(struct nameservers *ns)
{
	struct dns_output out;

	while (dns_resolver_output(ns->resolver, now_of(ns), &out)) {
		struct exchange *x;

		if (out.action != DNS_CLOSE) {
			exchange_open(ns, &out);
			continue;
		}
		x = exchange_find(ns, out.exchange);
		if (x)
			exchange_free(x);
	}
}

void nameservers_flush(struct nameservers *ns)
{
	struct dns_result result;

	drain_output(ns);
	while (dns_resolver_event(ns->resolver, &result))
		ns->fn(&result);
	drain_output(ns);
	io_timer_set(ns->timer, dns_resolver_deadline(ns->resolver));
}

static void on_timer(void *ctx)
{
	struct nameservers *ns = ctx;

	dns_resolver_tick(ns->resolver, now_of(ns));
	nameservers_flush(ns);
}

/* What `timeout` and `attempts` ask for in all, where the file has them. */
static unsigned limit_of(const struct resolvconf *config)
{
	unsigned timeout_s = config->timeout_s ? config->timeout_s : 5;	/* as the C library */
	unsigned attempts = config->attempts ? config->attempts : 2;

	if (!config->timeout_s && !config->attempts)
		return 0;
	return timeout_s * attempts * (unsigned)config->server_count * 1000;
}

struct nameservers *nameservers_new(struct io_loop *loop, const struct rng *rng,
				    const struct resolvconf *config, nameservers_fn fn)
{
	struct nameservers *ns = calloc(1, sizeof(*ns));
	const char *search[DNS_SEARCH_MAX];
	struct dns_resolver_config dns = {
		.servers = config->servers,
		.server_count = config->server_count,
		.search = search,
		.search_count = config->search_count,
		.rng = rng,
		.want_v4 = true,
		.want_v6 = true,
		.ndots = config->ndots,
		.limit_ms = limit_of(config),
		/* Endpoints are asked for anew when they may have moved; the host may have a cache. */
		.uncached = true,
	};

	if (!ns)
		return NULL;
	for (size_t i = 0; i < config->search_count; i++)
		search[i] = config->search[i];
	for (size_t i = 0; i < NAMESERVERS_BUCKETS; i++)
		list_init(&ns->buckets[i]);
	ns->loop = loop;
	ns->fn = fn;
	ns->resolver = dns_resolver_new(&dns);
	ns->timer = io_timer_new(loop, on_timer, ns);
	if (!ns->resolver || !ns->timer) {
		nameservers_free(ns);
		return NULL;
	}
	return ns;
}

void nameservers_free(struct nameservers *ns)
{
	if (!ns)
		return;
	for (size_t i = 0; i < NAMESERVERS_BUCKETS; i++) {
		struct list *bucket = &ns->buckets[i];

		while (!list_empty(bucket))
			exchange_free(LIST_ENTRY(bucket->next, struct exchange, link));
	}
	dns_resolver_free(ns->resolver);
	io_timer_free(ns->timer);
	free(ns);
}

int nameservers_ask(struct nameservers *ns, const char *name, size_t len, void *owner,
		    struct dns_query **out)
{
	int err = dns_query_start(ns->resolver, now_of(ns), name, len, owner, out);

	if (!err)
		nameservers_flush(ns);
	return err;
}

uint64_t nameservers_drops(const struct nameservers *ns, enum dns_drop reason)
{
	return dns_resolver_drops(ns->resolver, reason);
}
