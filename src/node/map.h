/*
 * The one who applies the network map (mesh/netmap): WireGuard peers, their endpoint finders and outage entries are
 * made, changed and removed here, and nowhere else.
 */
#ifndef CULVERT_NODE_MAP_H
#define CULVERT_NODE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/compiler.h"
#include "base/fault.h"
#include "base/list.h"
#include "base/rng.h"
#include "front/names.h"
#include "io/hostdns.h"
#include "link/endpoint.h"
#include "link/outage.h"
#include "link/tunnel.h"
#include "mesh/netmap.h"
#include "node/config.h"

/* A peer that runs: the owner of its wg_peer and of its entry in the map. */
struct node_peer {
	struct list link;		/* in the order in which they were made */
	struct wg_peer *peer;
	struct endpoint_finder *finder;	/* NULL: no endpoint is known beforehand */
	struct outage_peer outage;
	bool warned;			/* of unanswered handshakes, since `warned_after` */
	bool one_way_told;
	struct boot_time down_at;	/* see struct status_peer */
	uint64_t downs, roams;
	struct boot_time warned_after;	/* the last handshake that was answered */
};

struct node_map {
	struct netmap *map;
	struct tunnel *tunnel;
	struct io_hostdns *hostdns;
	struct names *names;
	const struct rng *rng;
	struct list peers;
	unsigned warned;		/* peers that were warned about */
};

/* An empty map. What it is given must outlive it. 0 or ERR_NOMEM; node_map_fini either way. */
CULVERT_MUST_USE int node_map_init(struct node_map *m, struct tunnel *tunnel, struct io_hostdns *hostdns,
				   struct names *names, const struct rng *rng);
/* Before the tunnel is freed, which ends its peers itself. Harmless for one that is all zero. */
void node_map_fini(struct node_map *m);

/*
 * The static source: what tunnel and names were opened with becomes the map's self; there is nothing to apply. 0 or
 * ERR_NOMEM.
 */
CULVERT_MUST_USE int node_map_begin(struct node_map *m, const struct tunnel_config *tunnel,
				    const struct names_config *names);
/* The static source: stages a peer of the configuration. As netmap_put_peer. */
CULVERT_MUST_USE int node_map_put(struct node_map *m, const struct peer_config *config);

/*
 * Applies all that was committed and is not applied yet. 0, or the first error, a negative enum err with `fault` filled
 * in. Without memory (ERR_NOMEM) the rest waits for the next call; a peer that is impossible (our own key, one too
 * many) is passed over until it changes, and so are other addresses of our own (ERR_INVAL): the stack keeps those
 * that it was opened with. A peer that changes keeps its session and its connections, unless its
 * preshared key or its keepalive interval is another: then it is made anew. Its endpoint is where it speaks from, for
 * as long as it is heard.
 */
CULVERT_MUST_USE int node_map_apply(struct node_map *m, struct fault *fault);

/* The peer has a session, or goes: what was said of it may be said again. */
void node_map_note_session(struct node_map *m, struct node_peer *p);

#endif
