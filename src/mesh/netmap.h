/*
 * What the node knows of its mesh: itself and its peers, from a source that says it once (a file) or changes it (a
 * control connection). A change is staged beside the map and committed as a whole, or dropped and the old map stays;
 * then the one who applies it (node/map) takes what has changed, in his own time:
 *
 *	source:   netmap_put_peer(), netmap_drop_peer(), netmap_set_self(); netmap_commit() or netmap_discard()
 *	applier:  netmap_change() until false, each followed by netmap_change_done()
 *	anybody:  netmap_find_key(), netmap_find_addr(), netmap_find_name(), netmap_next_peer()
 *
 * A prefix that another peer had moves to the one that is put, and does not go back when that one gives it up, as in
 * WireGuard. Of several peers with one name the last one has it. Costs per peer do not grow with the number of peers.
 */
#ifndef CULVERT_MESH_NETMAP_H
#define CULVERT_MESH_NETMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/compiler.h"
#include "base/rng.h"
#include "crypto/keys.h"

#define NETMAP_TEXT_MAX 255	/* names and hosts: RFC 1035 2.3.4 */

/* A peer, as a source describes it; what it points to is copied. */
struct netmap_peer {
	struct key_public key;
	struct key_shared preshared_key;	/* zero: none */
	const struct prefix *allowed_ips;
	size_t allowed_ip_count;
	const char *endpoint_host;		/* name or literal; empty: none */
	const char *name;			/* in the mesh; empty: none. ASCII case does not count */
	uint16_t endpoint_port;
	uint16_t persistent_keepalive_s;
};

/* The node itself. */
struct netmap_self {
	const struct prefix *addresses;
	size_t address_count;
	const struct addr *servers;		/* name servers inside the tunnel */
	size_t server_count;
	const char *const *search_domains;
	size_t search_domain_count;
};

/* What of a peer is different; all bits for one that is new. */
enum netmap_difference {
	NETMAP_KEYS = 1,		/* the preshared key */
	NETMAP_ALLOWED_IPS = 2,		/* what netmap_allowed_ips gives */
	NETMAP_ENDPOINT = 4,
	NETMAP_KEEPALIVE = 8,
	NETMAP_NAME = 16,
	NETMAP_ALL = 31,
};

enum netmap_change_type {
	NETMAP_SELF,		/* addresses */
	NETMAP_DNS,		/* name servers or search domains */
	NETMAP_PEER_GONE,	/* the entry, and its owner, are for the last time */
	NETMAP_PEER,		/* new (no owner yet), or different by `what` */
};

struct netmap_entry;

struct netmap_change {
	enum netmap_change_type type;
	struct netmap_entry *entry;	/* of the peer */
	unsigned what;			/* bits of enum netmap_difference */
};

struct netmap;

struct netmap *netmap_new(const struct rng *rng);
void netmap_free(struct netmap *m);

/*
 * Stage. 0, ERR_NOMEM, or ERR_INVAL for an impossible prefix or a text beyond NETMAP_TEXT_MAX; what was staged before
 * stays staged. A peer that is there is replaced, one that is dropped need not be.
 */
CULVERT_MUST_USE int netmap_set_self(struct netmap *m, const struct netmap_self *self);
CULVERT_MUST_USE int netmap_put_peer(struct netmap *m, const struct netmap_peer *peer);
CULVERT_MUST_USE int netmap_drop_peer(struct netmap *m, const struct key_public *key);
/* What is staged becomes the map; cannot fail. */
void netmap_commit(struct netmap *m);
/* What is staged is forgotten. */
void netmap_discard(struct netmap *m);

/*
 * What is to be applied next: the same until netmap_change_done, so one that cannot be applied now stays. Self comes
 * first, then peers that are gone, then the others in the order in which they were put. Each is told as it is now:
 * what was not taken before the next commit is one change with it, or none at all.
 */
bool netmap_change(struct netmap *m, struct netmap_change *out);
/* It was applied; `owner` is what netmap_owner says from now on, unless the peer is gone. */
void netmap_change_done(struct netmap *m, void *owner);

const struct netmap_self *netmap_self(const struct netmap *m);
size_t netmap_peer_count(const struct netmap *m);
/* In the order in which they came: first with NULL, ends with NULL. Entries are valid until the next commit. */
struct netmap_entry *netmap_next_peer(const struct netmap *m, struct netmap_entry *after);
struct netmap_entry *netmap_find_key(const struct netmap *m, const struct key_public *key);
/* The peer of the longest prefix that holds `addr`. */
struct netmap_entry *netmap_find_addr(const struct netmap *m, const struct addr *addr);
struct netmap_entry *netmap_find_name(const struct netmap *m, const char *name);

/* What the source said; valid as long as the entry. */
const struct netmap_peer *netmap_entry_peer(const struct netmap_entry *e);
void *netmap_owner(const struct netmap_entry *e);
/* The owner is no more, and its successor not there yet. */
void netmap_disown(struct netmap_entry *e);
/* Those of its allowed IPs that no other peer has taken: to `out`, with room for allowed_ip_count. How many. */
size_t netmap_allowed_ips(const struct netmap_entry *e, struct prefix *out);

#endif
