/*
 * Theory of operation
 *
 * The walk asks each owner for its counters and hands them on one by one. A sink of the log puts the items of a
 * section into one line: an item brings its own words, so that the walk knows no line and a sink no counter.
 */
#include "node/status.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cause.h"
#include "base/log.h"
#include "base/packet.h"
#include "front/names.h"
#include "front/patience.h"
#include "proxy/guesses.h"
#include "wg/drop.h"

/* Peers named one by one; the rest is summed up. */
#define PEERS_MAX 50

static void show(const struct status_sink *sink, const char *section, const char *name, uint64_t value,
		 const char *text)
{
	sink->fn(sink->ctx, &(struct status_item){section, NULL, name, value, NULL, text});
}

/* --- peers --- */

struct peer_sink {
	const struct status_sink *sink;
	char key[KEY_TEXT_LEN + 1];
};

static void peer_value(const struct peer_sink *p, const char *name, uint64_t value, const char *words,
		       const char *text)
{
	p->sink->fn(p->sink->ctx, &(struct status_item){"peer", p->key, name, value, words, text});
}

static uint64_t age_s(struct boot_time now, struct boot_time at)
{
	return boot_since_ms(now, at) / 1000;
}

static void peer_time(const struct peer_sink *p, const char *name, struct boot_time now, struct boot_time at,
		      const char *text)
{
	char words[32] = "never";

	if (at.ns)
		snprintf(words, sizeof(words), "%" PRIu64 " s ago", age_s(now, at));
	peer_value(p, name, at.ns ? age_s(now, at) : 0, words, text);
}

static void peer_session(const struct peer_sink *p, const struct status_peer *peer)
{
	char words[64];

	if (peer->info.has_session)
		snprintf(words, sizeof(words), "yes");
	else if (peer->down_at.ns)
		snprintf(words, sizeof(words), "no (was up, is down since %" PRIu64 " s)",
			 age_s(peer->now, peer->down_at));
	else
		snprintf(words, sizeof(words), "no");
	peer_value(p, "session", peer->info.has_session, words, ", session #");
}

void status_show_peer(const struct status_sink *sink, const struct status_peer *peer)
{
	const struct wg_peer_info *info = &peer->info;
	struct peer_sink p = {.sink = sink};
	char at[ENDPOINT_TEXT_MAX] = "unknown";

	key_public_format(&info->public_key, p.key);
	if (info->endpoint.addr.family != ADDR_NONE)
		endpoint_format(&info->endpoint, at);
	peer_value(&p, "endpoint", 0, at, " endpoint #");
	peer_session(&p, peer);
	peer_time(&p, "last_handshake_s", peer->now, info->last_handshake, ", last handshake #");
	peer_time(&p, "last_heard_s", peer->now, info->last_up, ", last heard #");
	peer_value(&p, "rx_bytes", info->rx_bytes, NULL, ", received # bytes");
	peer_value(&p, "rx_packets", info->rx_data, NULL, " in # packets");
	peer_value(&p, "tx_bytes", info->tx_bytes, NULL, ", sent #");
	peer_value(&p, "tx_packets", info->tx_data, NULL, " in #");
	peer_value(&p, "unanswered_initiations", info->attempts, NULL,
		   info->attempts ? ", # initiations without an answer" : "");
	peer_value(&p, "session_downs", peer->downs, NULL, peer->downs ? ", session lost # times" : "");
	peer_value(&p, "roams", peer->roams, NULL, peer->roams ? ", roamed # times" : "");
	peer_value(&p, "why", 0, peer->why, peer->why[0] ? "; #" : "");
}

static void show_peers(const struct status_sink *sink, const struct status_sources *s)
{
	uint64_t shown = 0, hidden = 0;
	struct status_peer p;
	void *at = NULL;

	while (s->next_peer(s->ctx, &at, &p)) {
		if (shown++ < PEERS_MAX)
			status_show_peer(sink, &p);
		else
			hidden++;
	}
	if (hidden)
		show(sink, "peers", "not_shown", hidden, " and # more");
}

/* --- services --- */

void status_show_service(const struct status_sink *sink, const struct service_info *info)
{
	const struct service_counters *c = &info->counters;
	bool local = service_is_local(info->config);
	char at[IO_ADDRESS_TEXT_MAX];
	struct status_item item = {.section = local ? "listener" : "inbound port", .of = at};
	const struct {
		const char *name;
		uint64_t value;
		const char *local, *published;
	} values[] = {
		{"open", c->open, " # open connections", " # open connections"},
		{"placed", c->placed, ", # of", ""},
		{"max", c->max, " at most # places taken", " of at most #"},
		{"displaced", c->displaced, ", # closed that had asked for nothing yet", ""},
	};

	if (local)
		io_address_format(&info->at, at);
	else
		snprintf(at, sizeof(at), "%u", info->config->listen_port);
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		item.name = values[i].name;
		item.value = values[i].value;
		item.text = local ? values[i].local : values[i].published;
		sink->fn(sink->ctx, &item);
	}
}

static void show_services(const struct status_sink *sink, const struct services *services)
{
	struct service_info info;

	for (size_t i = 0; services_info(services, i, &info); i++) {
		if (info.open)
			status_show_service(sink, &info);
	}
	if (services_left(services))
		show(sink, "listeners that were removed", "open", services_left(services), " # open connections");
}

/* --- connections --- */

static void show_ended(const struct status_sink *sink, const struct status_sources *s)
{
	static const char section[] = "connections ended";

	for (unsigned i = 0; i < PATIENCE_REASON_COUNT; i++) {
		const char *name = patience_reason_name((enum patience_reason)i);
		char text[32];

		snprintf(text, sizeof(text), " %s=#", name);
		show(sink, section, name, s->patience->ended[i], text);
	}
	show(sink, section, "outage", s->outage->ended, " outage=#");
	show(sink, section, "wrong_passwords", s->guesses->wrong, "; wrong passwords: #");
}

static void show_causes(const struct status_sink *sink, const struct dial_env *dial)
{
	for (unsigned i = CAUSE_OK + 1; i < CAUSE_COUNT; i++)
		show(sink, "dials that failed", cause_name((enum cause)i), dial->failed[i], NULL);
}

static void show_names(const struct status_sink *sink, const struct names *names)
{
	for (unsigned i = 0; i < DNS_DROP_COUNT; i++) {
		enum dns_drop reason = (enum dns_drop)i;

		show(sink, "name server answers dropped", dns_drop_name(reason), names_drops(names, reason), NULL);
	}
}

/* --- the tunnel --- */

void status_show_udp(const struct status_sink *sink, const struct io_udp_counters *c, uint16_t port, size_t buffer)
{
	static const char section[] = "udp";
	char kb[32];

	show(sink, section, "port", port, " port #");
	show(sink, section, "rx_datagrams", c->rx_datagrams, ", received # datagrams");
	show(sink, section, "rx_calls", c->rx_calls, " in # calls");
	show(sink, section, "tx_datagrams", c->tx_datagrams, ", sent #");
	show(sink, section, "tx_calls", c->tx_calls, " in #");
	show(sink, section, "tx_errors", c->tx_errors, ", send errors #");
	show(sink, section, "icmp_errors", c->icmp_errors, ", ICMP errors #");
	show(sink, section, "tx_waits", c->tx_waits, "; waited for a full buffer # times");
	show(sink, section, "rx_nobuf", c->rx_nobuf, ", for memory to read # times");
	show(sink, section, "tx_dropped", c->tx_dropped, "; dropped for it: sent #");
	show(sink, section, "rx_overflow", c->rx_overflow, ", received #");
	snprintf(kb, sizeof(kb), "%zu", buffer >> 10);
	sink->fn(sink->ctx, &(struct status_item){section, NULL, "rx_buffer", buffer, kb, " (of # kB)"});
	show(sink, section, "rx_truncated", c->rx_truncated, ", too long #");
}

void status_show_paths(const struct status_sink *sink, const struct paths_counters *c)
{
	static const char section[] = "paths";

	/* Nothing carries packets but UDP. */
	if (!c->opened)
		return;
	show(sink, section, "opened", c->opened, " opened #");
	show(sink, section, "rx_datagrams", c->rx_datagrams, ", received # datagrams");
	show(sink, section, "tx_datagrams", c->tx_datagrams, ", sent #");
	show(sink, section, "rx_refused", c->rx_refused, "; dropped: received #");
	show(sink, section, "rx_nobuf", c->rx_nobuf, ", for want of memory #");
	show(sink, section, "tx_closed", c->tx_closed, ", sent to closed paths #");
}

void status_show_drops(const struct status_sink *sink, const uint64_t wg[WG_DROP_COUNT],
		       const uint64_t net[NET_DROP_COUNT], const struct tunnel_drops *tunnel)
{
	for (unsigned i = 0; i < WG_DROP_COUNT; i++)
		show(sink, "wireguard drops", wg_drop_name((enum wg_drop)i), wg[i], NULL);
	for (unsigned i = 0; i < NET_DROP_COUNT; i++)
		show(sink, "stack drops", net_drop_name((enum net_drop)i), net[i], NULL);
	show(sink, "stack drops", "no_peer", tunnel->no_route, NULL);
	show(sink, "stack drops", "no_packet", tunnel->no_packet, NULL);
	show(sink, "stack drops", "unsealed", tunnel->unsealed, NULL);
}

void status_show_repeats(const struct status_sink *sink, const struct net_repeats *r)
{
	static const char section[] = "sent again";

	show(sink, section, "segments", r->repeats, " # segments");
	show(sink, section, "recoveries", r->recoveries, " in # recoveries");
	show(sink, section, "timeouts", r->timeouts, " and # time-outs");
	show(sink, section, "needless", r->needless, ", # of them needless");
	show(sink, section, "probes", r->probes, "; # tail probes");
	show(sink, section, "undone", r->undone, ", # reductions taken back");
}

static void show_kb(const struct status_sink *sink, const char *name, size_t bytes, const char *text)
{
	char kb[32];

	snprintf(kb, sizeof(kb), "%zu", bytes >> 10);
	sink->fn(sink->ctx, &(struct status_item){"memory", NULL, name, bytes, kb, text});
}

void status_show_memory(const struct status_sink *sink, const struct net_memory *m, unsigned blocks, unsigned packets,
			size_t streams)
{
	show(sink, "memory", "blocks", blocks, " # receive blocks");
	show(sink, "memory", "packets", packets, ", # packets");
	show(sink, "memory", "streams", streams, ", # streams");
	show_kb(sink, "promised", m->promised, "; windows promise # kB");
	show_kb(sink, "sending", m->sending, ", # kB to be sent");
	show_kb(sink, "budget", m->limit, ", budget # kB");
	show(sink, "memory", "gave_way", m->gave_way, "; # stalled streams gave way");
}

static void show_tunnel(const struct status_sink *sink, const struct tunnel *t)
{
	const struct io_udp *udp = paths_udp(tunnel_paths(t));
	const struct packet_pool *pool = tunnel_pool(t);
	const struct net_stack *stack = tunnel_stack(t);
	const uint64_t *broken = net_stack_broken(stack);
	struct net_repeats repeats;
	struct net_memory memory;

	status_show_udp(sink, io_udp_counters(udp), io_udp_port(udp), io_udp_receive_buffer(udp));
	status_show_paths(sink, paths_counters(tunnel_paths(t)));
	status_show_drops(sink, wg_device_drops(tunnel_device(t)), net_stack_drops(stack), tunnel_drops(t));
	for (unsigned i = 0; i < NET_BROKEN_COUNT; i++)
		show(sink, "connections ended by a failed check", net_broken_name((enum net_broken)i), broken[i], NULL);
	net_stack_repeats(stack, &repeats);
	status_show_repeats(sink, &repeats);
	net_stack_memory(stack, &memory);
	status_show_memory(sink, &memory, packet_pool_blocks_used(pool), packet_pool_packets_used(pool),
			   net_stack_stream_count(stack));
}

void status_walk(const struct status_sources *s, status_fn fn, void *ctx)
{
	const struct status_sink sink = {fn, ctx};

	show_peers(&sink, s);
	show_services(&sink, s->services);
	show_names(&sink, s->names);
	show_ended(&sink, s);
	show_causes(&sink, s->dial);
	show_tunnel(&sink, s->tunnel);
}

/* --- the log --- */

#define HEAD_MAX (IO_ADDRESS_TEXT_MAX + 64)

struct log_line {
	char head[HEAD_MAX];	/* empty: none was begun */
	char text[LOG_LINE_MAX];
	size_t len;
};

static void end_line(struct log_line *l)
{
	if (l->head[0])
		log_info("%s:%s", l->head, l->len ? l->text : " none");
	l->head[0] = '\0';
	l->text[0] = '\0';
	l->len = 0;
}

static void add(struct log_line *l, const char *p, size_t len)
{
	if (len > sizeof(l->text) - 1 - l->len)
		len = sizeof(l->text) - 1 - l->len;
	memcpy(l->text + l->len, p, len);
	l->len += len;
	l->text[l->len] = '\0';
}

static void add_item(struct log_line *l, const struct status_item *item)
{
	const char *mark = item->text ? strchr(item->text, '#') : NULL;
	char part[96];

	if (!item->text && item->value) {
		snprintf(part, sizeof(part), " %s=%" PRIu64, item->name, item->value);
		add(l, part, strlen(part));
	} else if (mark) {
		snprintf(part, sizeof(part), "%" PRIu64, item->value);
		add(l, item->text, (size_t)(mark - item->text));
		add(l, item->words ? item->words : part, strlen(item->words ? item->words : part));
		add(l, mark + 1, strlen(mark + 1));
	}
}

static void log_item(void *ctx, const struct status_item *item)
{
	struct log_line *l = ctx;
	char head[HEAD_MAX];

	snprintf(head, sizeof(head), "%s%s%s", item->section, item->of ? " " : "", item->of ? item->of : "");
	if (strcmp(head, l->head) != 0) {
		end_line(l);
		memcpy(l->head, head, sizeof(head));
	}
	add_item(l, item);
}

void status_log(const struct status_sources *s)
{
	struct log_line line = {.len = 0};

	status_walk(s, log_item, &line);
	end_line(&line);
}
