/*
 * Theory of operation
 *
 * The node owns everything: tunnel, network map and its peers (node/map), names, and the services:
 * whatever listens, with its connections. Work happens in handlers of the loop; the flush hook then lets
 * dials, names and the tunnel move on what is queued, round after round until all are quiet, so one
 * wakeup carries a byte from the network to a local socket and its acknowledgement back. Nobody flushes
 * from inside a callback, and nobody needs to know whom he feeds.
 */
#include "node/node.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "front/dial.h"
#include "front/names.h"
#include "front/patience.h"
#include "front/service.h"
#include "io/hostdns.h"
#include "link/diagnosis.h"
#include "link/outage.h"
#include "link/tunnel.h"
#include "node/map.h"
#include "node/status.h"
#include "proxy/guesses.h"

/*
 * Rounds of one flush: each has bounded work and needs something new, so a flush that long means a flood, or
 * requests that fail one after the other.
 */
#define NODE_ROUNDS_MAX 64
/* A drain asks so often whether the last bytes of closed connections have been acknowledged. */
#define NODE_DRAIN_POLL_MS 20
/*
 * Initiations without an answer before the log says so: one, but two when the session that they are
 * to renew still works, since there a lost datagram is no outage. And how many peers it says it of.
 */
#define NODE_WARN_ATTEMPTS 1
#define NODE_WARN_RENEWALS 2
#define NODE_WARN_PEERS_MAX 10

struct node {
	struct io_loop *loop;
	const struct node_config *config;
	const struct rng *rng;
	struct node_callbacks callbacks;
	struct tunnel *tunnel;
	struct io_hostdns *hostdns;
	struct names *names;
	struct dial_env dial;
	struct outage outage;
	struct patience patience;
	struct guesses guesses;
	struct diagnosis_watch clock;
	struct io_timer *drain_timer;
	struct node_map map;
	struct services *services;
	bool tunnel_up_told, draining;
};

static enum diagnosis_clock watch_clock(struct node *n)
{
	return diagnosis_watch_clock(&n->clock, io_loop_now(n->loop), io_wall_now(),
				     diagnosis_built_s());
}

static void diagnose(struct node *n, const struct node_peer *p, struct diagnosis *d)
{
	d->now = io_loop_now(n->loop);
	wg_peer_info(p->peer, d->now, &d->info);
	d->trouble = tunnel_udp_trouble(n->tunnel, &d->info.endpoint, d->info.last_up);
	d->clock = watch_clock(n);
}

static const char *describe_peer(void *ctx, struct wg_peer *peer, char *out, size_t cap)
{
	const struct node_peer *p = wg_peer_owner(peer);
	struct diagnosis d;

	diagnose(ctx, p, &d);
	if (d.info.endpoint.addr.family != ADDR_NONE)
		return diagnosis_no_session(&d, out, cap);
	if (p->finder)
		return endpoint_finder_describe(p->finder, out, cap);
	snprintf(out, cap, "the peer has no Endpoint here and has not been heard of");
	return out;
}

static void tell_one_way(struct node_peer *p, const struct wg_peer_info *info, const char *why)
{
	char key[KEY_TEXT_LEN + 1];

	if (p->one_way_told || !diagnosis_one_way(info))
		return;
	p->one_way_told = true;
	key_public_format(&info->public_key, key);
	log_warn("peer %s: %s", key, why);
}

/* Also tells the log, once, of a peer through which nothing ever came. */
static const char *describe_silence(void *ctx, struct wg_peer *peer, char *out, size_t cap)
{
	struct node_peer *p = wg_peer_owner(peer);
	struct diagnosis d;

	diagnose(ctx, p, &d);
	diagnosis_silence(&d, out, cap);
	if (d.trouble == IO_UDP_FINE)
		tell_one_way(p, &d.info, out);
	return out;
}

/* Says once per outage why a peer cannot be reached; of very many peers, of the first ones only. */
static void warn_unanswered(struct node *n, struct node_peer *p)
{
	char key[KEY_TEXT_LEN + 1], why[DIAL_WHY_MAX];
	struct wg_peer_info info;

	wg_peer_info(p->peer, io_loop_now(n->loop), &info);
	/* A session that is renewed in time raises no event. */
	if (info.last_handshake.ns != p->warned_after.ns)
		node_map_note_session(&n->map, p);
	if (p->warned || !p->finder || n->map.warned >= NODE_WARN_PEERS_MAX ||
	    info.attempts < (wg_peer_heard(p->peer) ? NODE_WARN_RENEWALS : NODE_WARN_ATTEMPTS))
		return;
	p->warned = true;
	p->warned_after = info.last_handshake;
	n->map.warned++;
	key_public_format(&info.public_key, key);
	log_warn("peer %s: %s; will go on trying", key,
		 describe_peer(n, p->peer, why, sizeof(why)));
}

/* For the status. */
static void count_event(struct node *n, struct node_peer *p, enum wg_event_type type)
{
	if (type == WG_EVENT_SESSION_DOWN) {
		p->down_at = io_loop_now(n->loop);
		p->downs++;
	} else if (type == WG_EVENT_SESSION_UP) {
		p->down_at = (struct boot_time){0};
	} else if (type == WG_EVENT_ROAMED) {
		p->roams++;
	}
}

static void on_wg_event(void *ctx, const struct wg_event *event)
{
	struct node *n = ctx;
	struct node_peer *p = wg_peer_owner(event->peer);

	(void)watch_clock(n);
	count_event(n, p, event->type);
	if (event->type == WG_EVENT_HANDSHAKE_RETRY)
		warn_unanswered(n, p);
	if (event->type == WG_EVENT_SESSION_UP)
		node_map_note_session(&n->map, p);
	outage_event(&n->outage, &p->outage, event->type);
	if (p->finder)
		endpoint_finder_event(p->finder, event->type);
	if (event->type == WG_EVENT_SESSION_UP && !n->tunnel_up_told) {
		n->tunnel_up_told = true;
		if (n->callbacks.tunnel_up)
			n->callbacks.tunnel_up(n->callbacks.ctx);
	}
}

/* Whether the peer that leads to the stream's remote can be reached: else its waits stand still. */
static bool path_up(void *ctx, const struct net_stream *s)
{
	struct node *n = ctx;
	struct endpoint remote;

	net_stream_remote(s, &remote);
	return tunnel_path_up(n->tunnel, &remote.addr);
}

static void flush(void *ctx)
{
	struct node *n = ctx;
	unsigned round = 0;
	bool more;

	do {
		more = dial_flush(&n->dial);
		more |= names_flush(n->names);
		more |= tunnel_flush(n->tunnel);
	} while (more && ++round < NODE_ROUNDS_MAX);
	/* Others get their turn before it goes on. */
	if (more)
		io_loop_again(n->loop);
	tunnel_flush_end(n->tunnel);
}

/* A connection ended: perhaps the last one of a drain, which is told from the loop. */
static void on_leave(void *ctx)
{
	struct node *n = ctx;

	if (n->draining && services_open(n->services) == 0)
		io_timer_set(n->drain_timer, io_loop_now(n->loop));
}

static void on_drain_timer(void *ctx)
{
	struct node *n = ctx;

	/* Streams whose relay has ended may still have bytes on the way. */
	if (net_stack_stream_count(tunnel_stack(n->tunnel)) > 0) {
		io_timer_set(n->drain_timer,
			     boot_add_ms(io_loop_now(n->loop), NODE_DRAIN_POLL_MS));
		return;
	}
	if (n->callbacks.drained)
		n->callbacks.drained(n->callbacks.ctx);
}

struct netmap *node_netmap(struct node *n)
{
	return n->map.map;
}

int node_commit_map(struct node *n, struct fault *fault)
{
	netmap_commit(n->map.map);
	return node_map_apply(&n->map, fault);
}

int node_remove_peer(struct node *n, size_t index)
{
	struct fault fault;
	int err = netmap_drop_peer(n->map.map, &n->config->peers[index].public_key);

	return err ? err : node_commit_map(n, &fault);
}

int node_add_peer(struct node *n, size_t index, struct fault *fault)
{
	int err = node_map_put(&n->map, &n->config->peers[index]);

	if (err)
		return fault_set(fault, err, "cannot add a peer: %s", err_text(err));
	return node_commit_map(n, fault);
}

/* The map's static source: the configuration, once. */
static int load_map(struct node *n, struct fault *fault)
{
	int err = node_map_init(&n->map, n->tunnel, n->hostdns, n->names, n->rng);

	if (!err)
		err = node_map_begin(&n->map, &n->config->tunnel, &n->config->names);
	for (size_t i = 0; i < n->config->peer_count && !err; i++)
		err = node_map_put(&n->map, &n->config->peers[i]);
	return err ? fault_set(fault, err, "cannot start: %s", err_text(err)) : node_commit_map(n, fault);
}

static int open_parts(struct node *n, struct fault *fault)
{
	const struct rng *rng = n->rng;
	struct tunnel_observer observer = {on_wg_event, n};
	int err = tunnel_new(n->loop, &n->config->tunnel, rng, observer, &n->tunnel, fault);

	if (err)
		return err;
	fault_set(fault, ERR_NOMEM, "cannot start: %s", err_text(ERR_NOMEM));
	err = outage_init(&n->outage, n->tunnel, n->config->outage_timeout_ms);
	if (err)
		return err;
	n->hostdns = io_hostdns_new(n->loop, rng);
	if (n->hostdns)
		n->names = names_new(n->tunnel, n->hostdns, &n->config->names, rng);
	if (!n->names)
		return ERR_NOMEM;
	n->dial.tunnel = n->tunnel;
	n->dial.names = n->names;
	n->services = services_new(&(struct service_env){
		.loop = n->loop, .tunnel = n->tunnel, .hostdns = n->hostdns, .dial = &n->dial,
		.patience = &n->patience, .guesses = &n->guesses, .on_leave = on_leave, .ctx = n,
	});
	if (!n->services)
		return ERR_NOMEM;
	err = services_apply(n->services, n->config->services, n->config->service_count, fault);
	return err ? err : load_map(n, fault);
}

int node_new(struct io_loop *loop, const struct node_config *config, const struct rng *rng,
	     const struct node_callbacks *callbacks, struct node **out, struct fault *fault)
{
	struct node *n = calloc(1, sizeof(*n));
	int err = fault_set(fault, ERR_NOMEM, "cannot start: %s", err_text(ERR_NOMEM));

	if (!n)
		return err;
	n->loop = loop;
	n->config = config;
	n->rng = rng;
	n->callbacks = *callbacks;
	n->dial.describe = describe_peer;
	n->dial.silence = describe_silence;
	n->dial.describe_ctx = n;
	n->dial.timeout_ms = config->connect_timeout_ms;
	list_init(&n->dial.ready);
	n->dial.patience = &n->patience;
	n->drain_timer = io_timer_new(loop, on_drain_timer, n);
	if (patience_init(&n->patience, loop, path_up, n) == 0 && n->drain_timer)
		err = open_parts(n, fault);
	if (err) {
		node_free(n);
		return err;
	}
	/* The first handshakes bear this time: if it was too late, later ones look like repetitions. */
	(void)watch_clock(n);
	io_loop_set_flush(loop, flush, n);
	io_loop_again(loop);
	*out = n;
	return 0;
}

void node_free(struct node *n)
{
	if (!n)
		return;
	io_loop_set_flush(n->loop, NULL, NULL);
	n->draining = false;
	services_free(n->services);
	if (n->tunnel)
		tunnel_send(n->tunnel);	/* the resets of what was open */
	node_map_fini(&n->map);
	names_free(n->names);
	tunnel_free(n->tunnel);
	if (n->hostdns)
		io_hostdns_free(n->hostdns);
	io_timer_free(n->drain_timer);
	patience_fini(&n->patience);
	outage_fini(&n->outage);
	free(n);
}

void node_drain(struct node *n)
{
	n->draining = true;
	services_drain(n->services);
	if (services_open(n->services) == 0)
		io_timer_set(n->drain_timer, io_loop_now(n->loop));
}

int node_set_services(struct node *n, const struct service_config *want, size_t count, struct fault *fault)
{
	return services_apply(n->services, want, count, fault);
}

void node_listener_address(const struct node *n, size_t index, struct io_address *out)
{
	services_address(n->services, index, out);
}

static bool next_peer(void *ctx, void **at, struct status_peer *out)
{
	struct node *n = ctx;
	struct node_peer *last = *at;
	struct list *link = last ? last->link.next : n->map.peers.next;
	struct node_peer *p = LIST_ENTRY(link, struct node_peer, link);
	struct diagnosis d;

	if (link == &n->map.peers)
		return false;
	*at = p;
	diagnose(n, p, &d);
	*out = (struct status_peer){
		.info = d.info, .now = d.now, .down_at = p->down_at, .downs = p->downs, .roams = p->roams,
	};
	if (!wg_peer_heard(p->peer))
		describe_peer(n, p->peer, out->why, sizeof(out->why));
	else
		diagnosis_silence(&d, out->why, sizeof(out->why));
	return true;
}

void node_log_status(struct node *n)
{
	const struct status_sources sources = {
		.tunnel = n->tunnel, .names = n->names, .services = n->services, .dial = &n->dial,
		.patience = &n->patience, .outage = &n->outage, .guesses = &n->guesses,
		.next_peer = next_peer, .ctx = n,
	};

	status_log(&sources);
}
