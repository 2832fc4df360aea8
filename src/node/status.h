/*
 * Everything that a node counts, and what it knows of its peers: one walk, for many sinks. No counter exists that
 * the walk does not show. The log is the first sink.
 */
#ifndef CULVERT_NODE_STATUS_H
#define CULVERT_NODE_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "front/dial.h"
#include "front/service.h"
#include "io/udp.h"
#include "link/outage.h"
#include "link/path.h"
#include "link/tunnel.h"
#include "net/stack.h"
#include "wg/device.h"

struct status_item {
	const char *section;	/* what belongs together: a line of the log */
	const char *of;		/* where there are several alike, which one: a key, an address; else NULL */
	const char *name;	/* stable, snake_case */
	uint64_t value;
	const char *words;	/* for people, instead of the value; NULL: none */
	/* Its part of the line, with '#' for words or value; NULL: " name=value", where the value is not 0. */
	const char *text;
};

/* Called for each item in turn; the strings live until it returns. */
typedef void (*status_fn)(void *ctx, const struct status_item *item);

struct status_peer {
	struct wg_peer_info info;
	struct boot_time now;
	struct boot_time down_at;	/* when the last session was lost; ns 0: there is one, or never was */
	uint64_t downs, roams;		/* times that it lost its session, and that it changed its endpoint */
	char why[DIAL_WHY_MAX];		/* what keeps it from answering; empty: nothing is known */
};

/* Where the walk finds it all; what they point to is the node's. */
struct status_sources {
	const struct tunnel *tunnel;
	const struct names *names;
	const struct services *services;
	const struct dial_env *dial;
	const struct patience *patience;
	const struct outage *outage;
	const struct guesses *guesses;
	/* The peer behind `*at` (NULL: the first one), which it moves on; false: there is none. */
	bool (*next_peer)(void *ctx, void **at, struct status_peer *out);
	void *ctx;
};

void status_walk(const struct status_sources *s, status_fn fn, void *ctx);
/* The walk as lines at info level: one a section. */
void status_log(const struct status_sources *s);

/* --- parts of the walk, each for a struct of counters --- */

struct status_sink {
	status_fn fn;
	void *ctx;
};

void status_show_peer(const struct status_sink *sink, const struct status_peer *p);
void status_show_service(const struct status_sink *sink, const struct service_info *info);
void status_show_udp(const struct status_sink *sink, const struct io_udp_counters *c, uint16_t port, size_t buffer);
void status_show_paths(const struct status_sink *sink, const struct paths_counters *c);
void status_show_drops(const struct status_sink *sink, const uint64_t wg[WG_DROP_COUNT],
		       const uint64_t net[NET_DROP_COUNT], const struct tunnel_drops *tunnel);
void status_show_repeats(const struct status_sink *sink, const struct net_repeats *r);
void status_show_memory(const struct status_sink *sink, const struct net_memory *m, unsigned blocks, unsigned packets,
			size_t streams);

#endif
