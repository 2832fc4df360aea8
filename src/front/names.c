/*
 * Theory of operation
 *
 * With DNS servers in the configuration, dns/resolver decides what to ask whom; every exchange gets
 * a UDP socket of the stack of its own (so its port is fresh and unpredictable, RFC 5452) or a
 * stream for TCP. Without servers, the host's resolver is asked. The resolver's time limits start
 * when a query starts, so callers wait for a session with a server's peer first
 * (names_needs_session). Other servers mean another resolver, with an empty cache: what the old one was asked is
 * asked again before the old one goes, so it is replaced as a whole or stays.
 */
#include "front/names.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/list.h"
#include "base/log.h"
#include "dns/message.h"
#include "dns/resolver.h"

/* Exchanges under way are found by their number: chains stay short with thousands of them. */
#define NAMES_BUCKETS 256
/* A UDP answer to our EDNS0 size and some slack. */
#define NAMES_DATAGRAM_MAX 4096
#define NAMES_IOV 8

struct exchange {
	struct list link;
	struct tunnel_udp_sink udp_sink;
	struct tunnel_stream_sink stream_sink;
	struct names *names;
	struct net_udp *udp;
	struct net_stream *stream;
	struct endpoint server;
	uint8_t *query;		/* TCP: not yet written */
	size_t query_len;
	uint32_t id;
};

struct names_query {
	struct list link;
	struct names *names;
	names_fn fn;
	void *ctx;
	struct dns_query *dns;
	struct io_hostdns_query *host;
	/* The same with the servers that are about to come, in names_configure only. */
	struct dns_query *next_dns;
	struct io_hostdns_query *next_host;
	char name[];
};

struct names {
	struct tunnel *tunnel;
	struct io_hostdns *host;
	struct io_timer *timer;
	const struct rng *rng;
	struct dns_resolver *resolver;	/* NULL: the host's */
	struct endpoint servers[DNS_SERVERS_MAX];
	size_t server_count;
	bool want_v4, want_v6;
	struct list queries;
	struct list buckets[NAMES_BUCKETS];
	uint64_t dropped[DNS_DROP_COUNT];	/* by resolvers that were replaced */
};

/* Whom to ask, and for what. */
struct setup {
	struct endpoint servers[DNS_SERVERS_MAX];
	size_t server_count;
	bool want_v4, want_v6;
};

static struct boot_time now_of(const struct names *n)
{
	return io_loop_now(tunnel_loop(n->tunnel));
}

static void exchange_free(struct exchange *x)
{
	list_remove(&x->link);
	if (x->udp)
		net_udp_close(x->udp);
	if (x->stream)
		net_stream_abort(x->stream);
	free(x->query);
	free(x);
}

static struct exchange *exchange_find(struct names *n, uint32_t id)
{
	struct list *bucket = &n->buckets[id % NAMES_BUCKETS];

	for (struct list *l = bucket->next; l != bucket; l = l->next) {
		struct exchange *x = LIST_ENTRY(l, struct exchange, link);

		if (x->id == id)
			return x;
	}
	return NULL;
}

static void on_udp(struct tunnel_udp_sink *sink, struct net_udp *udp)
{
	struct exchange *x = CONTAINER_OF(sink, struct exchange, udp_sink);
	struct names *n = x->names;
	uint8_t data[NAMES_DATAGRAM_MAX];
	struct endpoint src;
	int len;

	while ((len = net_udp_recv(udp, &src, data, sizeof(data))) >= 0)
		dns_resolver_input(n->resolver, now_of(n), x->id, &src, data, (size_t)len);
	if (net_udp_refused(udp))
		dns_resolver_failed(n->resolver, now_of(n), x->id);
}

static void exchange_read(struct exchange *x, struct net_stream *s)
{
	struct names *n = x->names;
	struct iovec iov[NAMES_IOV];
	unsigned count;

	while ((count = net_stream_peek(s, iov, NAMES_IOV)) > 0) {
		size_t len = 0;

		for (unsigned i = 0; i < count; i++) {
			dns_resolver_input(n->resolver, now_of(n), x->id, &x->server,
					   iov[i].iov_base, iov[i].iov_len);
			len += iov[i].iov_len;
		}
		net_stream_consume(s, len);
	}
}

/* What the resolver has done with is ignored by it: the exchange itself goes with the next names_flush. */
static void on_stream(struct tunnel_stream_sink *sink, struct net_stream *s, unsigned events)
{
	struct exchange *x = CONTAINER_OF(sink, struct exchange, stream_sink);
	struct names *n = x->names;

	if (events & NET_EV_FAILED) {
		dns_resolver_failed(n->resolver, now_of(n), x->id);
		return;
	}
	if ((events & NET_EV_CONNECTED) && x->query) {
		if (net_stream_write(s, x->query, x->query_len) < x->query_len)
			dns_resolver_failed(n->resolver, now_of(n), x->id);
		free(x->query);
		x->query = NULL;
	}
	exchange_read(x, s);
	if (net_stream_at_eof(s))
		dns_resolver_failed(n->resolver, now_of(n), x->id);
}

static int exchange_open_udp(struct exchange *x, const struct dns_output *out)
{
	int err = net_udp_open(tunnel_stack(x->names->tunnel), out->server.addr.family,
			       &x->udp_sink, &x->udp);

	if (!err)
		err = net_udp_send(x->udp, &out->server, out->data, out->len);
	return err;
}

static int exchange_open_tcp(struct exchange *x, const struct dns_output *out)
{
	x->query = malloc(out->len);
	if (!x->query)
		return ERR_NOMEM;
	memcpy(x->query, out->data, out->len);
	x->query_len = out->len;
	return net_stream_connect(tunnel_stack(x->names->tunnel), now_of(x->names), &out->server,
				  &x->stream_sink, &x->stream);
}

static void exchange_open(struct names *n, const struct dns_output *out)
{
	struct exchange *x = calloc(1, sizeof(*x));
	int err;

	if (!x) {
		dns_resolver_failed(n->resolver, now_of(n), out->exchange);
		return;
	}
	x->names = n;
	x->id = out->exchange;
	x->server = out->server;
	x->udp_sink.on_udp = on_udp;
	x->stream_sink.on_stream = on_stream;
	list_push_back(&n->buckets[x->id % NAMES_BUCKETS], &x->link);
	if (!wg_device_route(tunnel_device(n->tunnel), &out->server.addr))
		err = ERR_UNREACH;
	else if (out->action == DNS_SEND_UDP)
		err = exchange_open_udp(x, out);
	else
		err = exchange_open_tcp(x, out);
	if (err)
		dns_resolver_failed(n->resolver, now_of(n), x->id);
}

static bool drain_output(struct names *n)
{
	struct dns_output out;
	bool any = false;

	while (dns_resolver_output(n->resolver, now_of(n), &out)) {
		struct exchange *x;

		any = true;
		if (out.action != DNS_CLOSE) {
			exchange_open(n, &out);
			continue;
		}
		x = exchange_find(n, out.exchange);
		if (x)
			exchange_free(x);
	}
	return any;
}

static void query_free(struct names_query *q)
{
	list_remove(&q->link);
	free(q);
}

static bool drain_events(struct names *n)
{
	struct dns_result r;
	bool any = false;

	while (dns_resolver_event(n->resolver, &r)) {
		struct names_query *q = r.owner;
		names_fn fn = q->fn;
		void *ctx = q->ctx;

		if (r.done)
			query_free(q);
		fn(ctx, r.family, r.addrs, r.count, r.done, r.cause);
		any = true;
	}
	return any;
}

bool names_flush(struct names *n)
{
	bool any;

	if (!n->resolver)
		return false;
	any = drain_output(n);
	any |= drain_events(n);
	io_timer_set(n->timer, dns_resolver_deadline(n->resolver));
	return any;
}

static void on_timer(void *ctx)
{
	struct names *n = ctx;

	dns_resolver_tick(n->resolver, now_of(n));
}

static void collect_servers(struct setup *s, struct net_stack *stack, const struct addr *servers, size_t count,
			    bool usable)
{
	for (size_t i = 0; i < count && s->server_count < DNS_SERVERS_MAX; i++) {
		if (usable && !net_stack_has_family(stack, servers[i].family))
			continue;
		s->servers[s->server_count++] = (struct endpoint){.addr = servers[i], .port = DNS_PORT};
	}
}

static struct setup make_setup(struct net_stack *stack, const struct addr *servers, size_t count)
{
	struct setup s = {
		.want_v4 = net_stack_has_family(stack, ADDR_V4),
		.want_v6 = net_stack_has_family(stack, ADDR_V6),
	};

	collect_servers(&s, stack, servers, count, true);
	/* Names that belong in the tunnel fail rather than be told to the host's resolver. */
	if (s.server_count == 0)
		collect_servers(&s, stack, servers, count, false);
	return s;
}

static void close_exchanges(struct names *n)
{
	for (unsigned i = 0; i < NAMES_BUCKETS; i++) {
		struct list *bucket = &n->buckets[i];

		while (!list_empty(bucket))
			exchange_free(LIST_ENTRY(bucket->next, struct exchange, link));
	}
}

static void on_host_answer(void *ctx, const struct addr *addrs, size_t count, enum cause cause);

/* Asks `resolver`, or the host's. */
static int start_query(struct names *n, struct dns_resolver *resolver, struct names_query *q, struct dns_query **dns,
		       struct io_hostdns_query **host)
{
	if (resolver)
		return dns_query_start(resolver, now_of(n), q->name, strlen(q->name), q, dns);
	return io_hostdns_resolve(n->host, q->name, on_host_answer, q, host);
}

/* Starts what the resolver is asked a second time, all or nothing. What the host is asked goes on. */
static int start_again(struct names *n, struct dns_resolver *resolver)
{
	int err = 0;

	for (struct list *l = n->queries.next; l != &n->queries && !err; l = l->next) {
		struct names_query *q = LIST_ENTRY(l, struct names_query, link);

		if (q->dns)
			err = start_query(n, resolver, q, &q->next_dns, &q->next_host);
	}
	for (struct list *l = n->queries.next; l != &n->queries && err; l = l->next) {
		struct names_query *q = LIST_ENTRY(l, struct names_query, link);

		if (q->next_dns)
			dns_query_cancel(q->next_dns);
		if (q->next_host)
			io_hostdns_cancel(q->next_host);
		q->next_dns = NULL;
		q->next_host = NULL;
	}
	return err;
}

/* What was started again is what counts. */
static void replace_resolver(struct names *n, struct dns_resolver *resolver)
{
	for (struct list *l = n->queries.next; l != &n->queries; l = l->next) {
		struct names_query *q = LIST_ENTRY(l, struct names_query, link);

		if (q->next_dns || q->next_host) {
			q->dns = q->next_dns;
			q->host = q->next_host;
		}
		q->next_dns = NULL;
		q->next_host = NULL;
	}
	close_exchanges(n);
	for (unsigned i = 0; i < DNS_DROP_COUNT && n->resolver; i++)
		n->dropped[i] += dns_resolver_drops(n->resolver, (enum dns_drop)i);
	dns_resolver_free(n->resolver);
	n->resolver = resolver;
	io_timer_set(n->timer, resolver ? dns_resolver_deadline(resolver) : BOOT_NEVER);
}

int names_configure(struct names *n, const struct addr *servers, size_t server_count,
		    const char *const *search_domains, size_t search_domain_count)
{
	struct setup s = make_setup(tunnel_stack(n->tunnel), servers, server_count);
	struct dns_resolver_config dns = {
		.servers = s.servers,
		.server_count = s.server_count,
		.search = search_domains,
		.search_count = search_domain_count,
		.rng = n->rng,
		.want_v4 = s.want_v4,
		.want_v6 = s.want_v6,
		.ndots = 1,
	};
	struct dns_resolver *resolver = s.server_count ? dns_resolver_new(&dns) : NULL;
	int err;

	if (s.server_count && !resolver)
		return ERR_NOMEM;
	err = start_again(n, resolver);
	if (err) {
		dns_resolver_free(resolver);
		return err;
	}
	replace_resolver(n, resolver);
	memcpy(n->servers, s.servers, sizeof(n->servers));
	n->server_count = s.server_count;
	n->want_v4 = s.want_v4;
	n->want_v6 = s.want_v6;
	return 0;
}

struct names *names_new(struct tunnel *tunnel, struct io_hostdns *host,
			const struct names_config *config, const struct rng *rng)
{
	struct names *n = calloc(1, sizeof(*n));

	if (!n)
		return NULL;
	n->tunnel = tunnel;
	n->host = host;
	n->rng = rng;
	list_init(&n->queries);
	for (unsigned i = 0; i < NAMES_BUCKETS; i++)
		list_init(&n->buckets[i]);
	n->timer = io_timer_new(tunnel_loop(tunnel), on_timer, n);
	if (!n->timer || names_configure(n, config->servers, config->server_count,
					 (const char *const *)config->search_domains, config->search_domain_count)) {
		names_free(n);
		return NULL;
	}
	return n;
}

void names_free(struct names *n)
{
	if (!n)
		return;
	while (!list_empty(&n->queries))
		names_cancel(LIST_ENTRY(n->queries.next, struct names_query, link));
	close_exchanges(n);
	dns_resolver_free(n->resolver);
	if (n->timer)
		io_timer_free(n->timer);
	free(n);
}

static size_t keep_family(const struct addr *in, size_t count, enum addr_family family,
			  struct addr *out)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (in[i].family == family)
			out[kept++] = in[i];
	}
	return kept;
}

static void on_host_answer(void *ctx, const struct addr *addrs, size_t count, enum cause cause)
{
	struct names_query *q = ctx;
	struct names *n = q->names;
	struct addr v4[IO_HOSTDNS_ADDRS_MAX], v6[IO_HOSTDNS_ADDRS_MAX];
	size_t v4_count = n->want_v4 ? keep_family(addrs, count, ADDR_V4, v4) : 0;
	size_t v6_count = n->want_v6 ? keep_family(addrs, count, ADDR_V6, v6) : 0;
	names_fn fn = q->fn;
	void *user = q->ctx;
	enum addr_family family = v4_count ? ADDR_V4 : ADDR_V6;

	query_free(q);
	if (cause == CAUSE_OK && v4_count + v6_count == 0)
		cause = CAUSE_NAME_NOT_FOUND;
	if (v4_count && v6_count)
		fn(user, ADDR_V6, v6, v6_count, false, CAUSE_OK);
	fn(user, family, family == ADDR_V4 ? v4 : v6, family == ADDR_V4 ? v4_count : v6_count, true,
	   cause);
}

int names_resolve(struct names *n, const char *name, names_fn fn, void *ctx,
		  struct names_query **out)
{
	size_t len = strlen(name);
	struct names_query *q = calloc(1, sizeof(*q) + len + 1);
	int err;

	if (!q)
		return ERR_NOMEM;
	q->names = n;
	q->fn = fn;
	q->ctx = ctx;
	list_push_back(&n->queries, &q->link);
	memcpy(q->name, name, len);
	err = start_query(n, n->resolver, q, &q->dns, &q->host);
	if (err) {
		query_free(q);
		return err;
	}
	*out = q;
	return 0;
}

void names_cancel(struct names_query *q)
{
	if (q->dns)
		dns_query_cancel(q->dns);
	if (q->host)
		io_hostdns_cancel(q->host);
	query_free(q);
}

struct wg_peer *names_needs_session(const struct names *n)
{
	struct wg_device *dev = tunnel_device(n->tunnel);
	struct wg_peer *first = NULL;

	for (size_t i = 0; i < n->server_count; i++) {
		struct wg_peer *peer = wg_device_route(dev, &n->servers[i].addr);

		if (peer && wg_peer_has_session(peer, now_of(n)))
			return NULL;
		if (!first)
			first = peer;
	}
	return first;
}

struct wg_peer *names_session_peer(const struct names *n)
{
	for (size_t i = 0; i < n->server_count; i++) {
		struct wg_peer *peer = wg_device_route(tunnel_device(n->tunnel),
						       &n->servers[i].addr);

		if (peer && wg_peer_has_session(peer, now_of(n)))
			return peer;
	}
	return NULL;
}

void names_start_sessions(const struct names *n)
{
	for (size_t i = 0; i < n->server_count; i++) {
		struct wg_peer *peer = wg_device_route(tunnel_device(n->tunnel),
						       &n->servers[i].addr);

		if (peer)
			wg_peer_start(peer, now_of(n), 0);
	}
}

static bool has_server(const struct names *n)
{
	for (size_t i = 0; i < n->server_count; i++) {
		const struct addr *server = &n->servers[i].addr;

		if (net_stack_has_family(tunnel_stack(n->tunnel), server->family) &&
		    wg_device_route(tunnel_device(n->tunnel), server))
			return true;
	}
	return false;
}

const char *names_failure_text(const struct names *n, enum cause cause)
{
	if (cause == CAUSE_NAME_NO_ANSWER || cause == CAUSE_NAME_FAILED)
		return !n->resolver || has_server(n) ? cause_text(cause) :
		       "no DNS server can be reached through the tunnel: see Address and AllowedIPs";
	if (cause == CAUSE_NAME_NOT_FOUND && !n->want_v6)
		return "name not found, or it has no IPv4 address";
	if (cause == CAUSE_NAME_NOT_FOUND && !n->want_v4)
		return "name not found, or it has no IPv6 address";
	return cause_text(cause);
}

uint64_t names_drops(const struct names *n, enum dns_drop reason)
{
	uint64_t now = n->resolver ? dns_resolver_drops(n->resolver, reason) : 0;

	return io_hostdns_drops(n->host, reason) + n->dropped[reason] + now;
}
