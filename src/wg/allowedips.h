/*
 * Allowed IPs: longest-prefix match from addresses to peers, as routing table and as source
 * check (paper section 2, cryptokey routing). One trie for each address family.
 */
#ifndef CULVERT_WG_ALLOWEDIPS_H
#define CULVERT_WG_ALLOWEDIPS_H

#include <stddef.h>

#include "base/addr.h"
#include "base/compiler.h"
#include "base/list.h"

struct wg_peer;
struct wg_route;

struct wg_allowedips {
	struct wg_route *v4, *v6;
	struct wg_route *spare;		/* nodes kept for insertions that must not fail */
	/* The last answer of wg_allowedips_route. */
	struct addr routed;
	struct wg_peer *routed_to;
};

void wg_allowedips_init(struct wg_allowedips *a);
/* Frees everything; the lists of the peers dangle. */
void wg_allowedips_fini(struct wg_allowedips *a);

/*
 * Gives `count` prefixes to `peer`. A prefix that another peer had moves here. `routes` is the
 * peer's list of its routes. All or nothing: 0, ERR_NOMEM, or ERR_INVAL for a prefix of no family
 * or of too many bits.
 */
CULVERT_MUST_USE int wg_allowedips_insert(struct wg_allowedips *a, struct wg_peer *peer,
					  struct list *routes, const struct prefix *prefixes,
					  size_t count);

/* The same, and the prefixes that the peer had before and that are not among them are nobody's. */
CULVERT_MUST_USE int wg_allowedips_replace(struct wg_allowedips *a, struct wg_peer *peer,
					   struct list *routes, const struct prefix *prefixes,
					   size_t count);

/* Takes all routes of the list away. */
void wg_allowedips_remove(struct wg_allowedips *a, struct list *routes);

/* The peer of the longest prefix that holds `addr`, or NULL. */
struct wg_peer *wg_allowedips_find(const struct wg_allowedips *a, const struct addr *addr);
/* The same, and remembered until the next insertion or removal: bulk asks for one address per packet. */
struct wg_peer *wg_allowedips_route(struct wg_allowedips *a, const struct addr *dst);

#endif
