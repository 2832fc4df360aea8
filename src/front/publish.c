#include "front/publish.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "front/relay.h"

/* A local target has this long to accept; the remote repeats its SYN meanwhile. */
#define INBOUND_DIAL_TIMEOUT_MS 10000
/* Addresses of a target's name that are tried in turn. */
#define INBOUND_ADDRS_MAX 4
/* The log says at most so often that a target does not answer. */
#define INBOUND_WARN_INTERVAL_MS 60000

struct publish {
	struct conn_group *group;
	struct tunnel *tunnel;
	struct io_hostdns *dns;
	uint16_t port;		/* 0: it listens no more */
	struct tunnel_inbound_sink sink;
	struct boot_time refusal_told;	/* when the log last said so; ns 0: never */
	bool name_failed;	/* the last look-up of the target, and it was logged */
};

struct inbound_conn {
	struct conn conn;
	struct publish *owner;
	struct net_inbound *in;		/* the SYN, until decided */
	struct net_stream *stream;	/* after the decision */
	struct tunnel_stream_sink sink;
	struct io_sock *sock;
	struct io_timer *timer;
	struct io_hostdns_query *query;
	struct endpoint addrs[INBOUND_ADDRS_MAX];
	unsigned addr_count, addr_at;
};

static void inbound_conn_free(struct inbound_conn *c)
{
	if (c->query)
		io_hostdns_cancel(c->query);
	if (c->in)
		net_inbound_refuse(c->in);
	if (c->stream)
		net_stream_abort(c->stream);
	if (c->sock)
		io_sock_abort(c->sock);
	io_timer_free(c->timer);
	conn_leave(&c->conn);
	free(c);
}

static void inbound_conn_kill(struct conn *conn)
{
	inbound_conn_free(CONTAINER_OF(conn, struct inbound_conn, conn));
}

static void on_timer(void *ctx)
{
	inbound_conn_free(ctx);
}

static void on_stream(struct tunnel_stream_sink *sink, struct net_stream *s, unsigned events)
{
	struct inbound_conn *c = CONTAINER_OF(sink, struct inbound_conn, sink);

	if (events & NET_EV_FAILED) {
		inbound_conn_free(c);
	} else if (events & NET_EV_CONNECTED) {
		struct io_sock *sock = c->sock;

		c->sock = NULL;
		c->stream = NULL;
		relay_start(&c->conn, sock, s, NULL, 0);
		inbound_conn_free(c);
	}
}

static void target_accepted(struct inbound_conn *c)
{
	struct net_inbound *in = c->in;

	io_sock_want(c->sock, 0);
	c->in = NULL;
	c->sink.on_stream = on_stream;
	if (net_inbound_accept(in, io_loop_now(c->conn.group->loop), &c->sink, &c->stream)) {
		c->stream = NULL;
		inbound_conn_free(c);
	}
}

static void try_next(struct inbound_conn *c);

/* Whoever is on the mesh may connect as often as he likes: he must not fill the log. */
static void report_refusal(struct inbound_conn *c, int err)
{
	const struct service_config *config = c->conn.group->config;
	struct boot_time now = io_loop_now(c->conn.group->loop);
	char target[ENDPOINT_TEXT_MAX] = "of before";	/* a Unix path until it changed meanwhile */

	if (c->owner->refusal_told.ns &&
	    boot_since_ms(now, c->owner->refusal_told) < INBOUND_WARN_INTERVAL_MS)
		return;
	c->owner->refusal_told = now;
	if (!config->unix_path[0] && c->addr_at > 0)
		endpoint_format(&c->addrs[c->addr_at - 1], target);
	log_warn("published port %u: the local target %s: %s; is it running?", config->listen_port,
		 config->unix_path[0] ? config->unix_path : target, err_text(err));
}

static void on_sock(void *ctx, unsigned ready)
{
	struct inbound_conn *c = ctx;
	int err;

	(void)ready;
	if (c->stream)
		return;
	err = io_sock_connect_result(c->sock);
	if (err == ERR_AGAIN)
		return;
	if (!err) {
		target_accepted(c);
		return;
	}
	report_refusal(c, err);
	io_sock_close(c->sock);
	c->sock = NULL;
	try_next(c);
}

static int connect_target(struct inbound_conn *c, const struct io_address *to)
{
	int err = io_sock_connect(c->conn.group->loop, to, on_sock, c, &c->sock);

	if (err)
		c->sock = NULL;
	else
		io_sock_want(c->sock, IO_WRITE);
	return err;
}

/* Tries the remaining addresses; refuses when there is none left. May free `c`. */
static void try_next(struct inbound_conn *c)
{
	struct io_address to;

	while (c->addr_at < c->addr_count) {
		memset(&to, 0, sizeof(to));
		to.endpoint = c->addrs[c->addr_at++];
		if (!connect_target(c, &to))
			return;
	}
	inbound_conn_free(c);
}

/* Once per run of failures: whoever is on the mesh may connect as often as he likes. */
static void report_name(struct publish *p, enum cause cause)
{
	if (!p->name_failed)
		log_warn("inbound port %u: target %s: %s", p->port, p->group->config->target.name,
			 cause_text(cause));
	p->name_failed = true;
}

static void on_resolved(void *ctx, const struct addr *addrs, size_t count, enum cause cause)
{
	struct inbound_conn *c = ctx;

	c->query = NULL;
	c->owner->name_failed = c->owner->name_failed && count == 0;
	if (count == 0)
		report_name(c->owner, cause);
	for (size_t i = 0; i < count && c->addr_count < INBOUND_ADDRS_MAX; i++) {
		c->addrs[c->addr_count++] = (struct endpoint){
			.addr = addrs[i],
			.port = c->conn.group->config->target.port,
		};
	}
	try_next(c);
}

static void dial_target(struct inbound_conn *c)
{
	const struct service_config *config = c->conn.group->config;
	struct io_address to;

	if (config->unix_path[0]) {
		memset(&to, 0, sizeof(to));
		memcpy(to.path, config->unix_path, sizeof(to.path));
		if (connect_target(c, &to))
			inbound_conn_free(c);
	} else if (config->target.addr.family != ADDR_NONE) {
		c->addrs[0] = (struct endpoint){
			.addr = config->target.addr,
			.port = config->target.port,
		};
		c->addr_count = 1;
		try_next(c);
	} else if (io_hostdns_resolve(c->owner->dns, config->target.name, on_resolved, c,
				      &c->query)) {
		c->query = NULL;
		inbound_conn_free(c);
	}
}

static void on_inbound(struct tunnel_inbound_sink *sink, struct net_inbound *in)
{
	struct publish *owner = CONTAINER_OF(sink, struct publish, sink);
	struct conn_group *g = owner->group;
	struct inbound_conn *c = NULL;

	if (!g->draining && (g->open < g->max || patience_make_room(g->patience, g)))
		c = calloc(1, sizeof(*c));
	if (c)
		c->timer = io_timer_new(g->loop, on_timer, c);
	if (!c || !c->timer) {
		free(c);
		net_inbound_refuse(in);
		return;
	}
	c->owner = owner;
	c->in = in;
	conn_enter(&c->conn, g, inbound_conn_kill);
	io_timer_set(c->timer, boot_add_ms(io_loop_now(g->loop), INBOUND_DIAL_TIMEOUT_MS));
	dial_target(c);
}

int publish_new(struct conn_group *g, struct tunnel *tunnel, struct io_hostdns *dns, struct publish **out)
{
	struct publish *p = calloc(1, sizeof(*p));
	int err;

	if (!p)
		return ERR_NOMEM;
	p->group = g;
	p->tunnel = tunnel;
	p->dns = dns;
	p->port = g->config->listen_port;
	p->sink.on_inbound = on_inbound;
	err = net_listen(tunnel_stack(tunnel), p->port, &p->sink);
	if (err) {
		free(p);
		return err;
	}
	*out = p;
	return 0;
}

/* Those whose SYN is undecided. */
static void refuse_undecided(struct list *conns)
{
	struct list *next;

	for (struct list *n = conns->next; n != conns; n = next) {
		struct conn *c = LIST_ENTRY(n, struct conn, link);

		next = n->next;
		if (c->kill == inbound_conn_kill && CONTAINER_OF(c, struct inbound_conn, conn)->in)
			c->kill(c);
	}
}

void publish_stop(struct publish *p)
{
	if (!p->port)
		return;
	refuse_undecided(&p->group->strangers);
	net_unlisten(tunnel_stack(p->tunnel), p->port);
	p->port = 0;
}

void publish_free(struct publish *p)
{
	if (!p)
		return;
	publish_stop(p);
	free(p);
}
