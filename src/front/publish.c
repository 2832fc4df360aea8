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

struct inbound {
	struct tunnel *tunnel;
	struct io_hostdns *dns;
	const struct service_config *config;
	struct tunnel_inbound_sink sink;
	struct conn_group group;
	struct boot_time refusal_told;	/* when the log last said so; ns 0: never */
	bool name_failed;	/* the last look-up of the target, and it was logged */
};

struct inbound_conn {
	struct conn conn;
	struct inbound *owner;
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
	const struct service_config *config = c->owner->config;
	struct boot_time now = io_loop_now(c->conn.group->loop);
	char target[ENDPOINT_TEXT_MAX];

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
static void report_name(struct inbound *in, enum cause cause)
{
	if (!in->name_failed)
		log_warn("inbound port %u: target %s: %s", in->config->listen_port,
			 in->config->target.name, cause_text(cause));
	in->name_failed = true;
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
			.port = c->owner->config->target.port,
		};
	}
	try_next(c);
}

static void dial_target(struct inbound_conn *c)
{
	const struct service_config *config = c->owner->config;
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
	struct inbound *owner = CONTAINER_OF(sink, struct inbound, sink);
	struct conn_group *g = &owner->group;
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

int inbound_new(struct tunnel *tunnel, struct io_hostdns *dns, struct patience *patience,
		const struct service_config *config, void (*on_leave)(void *ctx), void *ctx,
		struct inbound **out)
{
	struct inbound *in = calloc(1, sizeof(*in));
	int err;

	if (!in)
		return ERR_NOMEM;
	in->tunnel = tunnel;
	in->dns = dns;
	in->config = config;
	in->sink.on_inbound = on_inbound;
	conn_group_init(&in->group, tunnel_loop(tunnel), config->max_connections);
	in->group.patience = patience;
	in->group.idle_ms = config->idle_timeout_ms;
	in->group.on_leave = on_leave;
	in->group.ctx = ctx;
	err = net_listen(tunnel_stack(tunnel), config->listen_port, &in->sink);
	if (err) {
		free(in);
		return err;
	}
	*out = in;
	return 0;
}

void inbound_free(struct inbound *in)
{
	if (!in)
		return;
	conn_group_kill(&in->group);
	free(in);
}

void inbound_drain(struct inbound *in)
{
	in->group.draining = true;
}

unsigned inbound_open(const struct inbound *in)
{
	return in->group.open;
}
