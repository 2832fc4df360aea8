/*
 * Theory of operation
 *
 * A path-compressed binary trie. A node stands for a prefix: the first `bits` bits of `key`, held
 * as two 64-bit numbers with the first address byte on top (IPv4 uses the upper half of `hi`). A
 * child extends its parent's prefix and hangs on the side of its next bit. Nodes without a peer
 * ("branches") exist only where two prefixes part, so they always have two children, and the depth
 * is bounded by the number of bits.
 *
 * Look-up walks down while the node's prefix matches and remembers the last peer. Insertion needs
 * two nodes at most (the prefix and one branch), which are put aside before the first change, so
 * that a list of prefixes is taken as a whole or not at all. Removal is rare; it walks from the
 * root. Either forgets the last route: its peer may have lost the address, or be about to go.
 */
#include "wg/allowedips.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/rd.h"

struct bits {
	uint64_t hi, lo;
};

struct wg_route {
	struct bits key;		/* bits beyond `bits` are zero */
	struct wg_route *child[2];
	struct wg_peer *peer;		/* NULL: a branch */
	struct list node;		/* in the peer's list */
	uint8_t family;
	uint8_t bits;
};

void wg_allowedips_init(struct wg_allowedips *a)
{
	*a = (struct wg_allowedips){.v4 = NULL};
}

/* No address has family ADDR_NONE, so the answer to it is right in any case. */
static void forget_route(struct wg_allowedips *a)
{
	a->routed = (struct addr){.family = ADDR_NONE};
	a->routed_to = NULL;
}

static void free_trie(struct wg_route *n)
{
	struct wg_route *left;

	/* Recurses to one side only; the depth is at most 128. */
	while (n) {
		left = n->child[0];
		free_trie(n->child[1]);
		free(n);
		n = left;
	}
}

static void free_spare(struct wg_allowedips *a)
{
	struct wg_route *n;

	while ((n = a->spare)) {
		a->spare = n->child[0];
		free(n);
	}
}

void wg_allowedips_fini(struct wg_allowedips *a)
{
	free_trie(a->v4);
	free_trie(a->v6);
	free_spare(a);
	wg_allowedips_init(a);
}

static struct bits bits_of(const struct addr *addr)
{
	struct rd r = rd_init(addr->bytes, sizeof(addr->bytes));
	struct bits b;

	if (addr->family == ADDR_V4)
		return (struct bits){(uint64_t)rd_be32(&r) << 32, 0};
	b.hi = rd_be64(&r);
	b.lo = rd_be64(&r);
	return b;
}

static struct bits mask(struct bits b, unsigned bits)
{
	if (bits == 0)
		return (struct bits){0, 0};
	if (bits <= 64)
		return (struct bits){b.hi & UINT64_MAX << (64 - bits), 0};
	return (struct bits){b.hi, b.lo & UINT64_MAX << (128 - bits)};
}

static unsigned bit_at(struct bits b, unsigned at)
{
	return (unsigned)(at < 64 ? b.hi >> (63 - at) : b.lo >> (127 - at)) & 1;
}

/* How many leading bits are the same. */
static unsigned common(struct bits a, struct bits b)
{
	if (a.hi != b.hi)
		return (unsigned)__builtin_clzll(a.hi ^ b.hi);
	return a.lo != b.lo ? 64 + (unsigned)__builtin_clzll(a.lo ^ b.lo) : 128;
}

static bool matches(const struct wg_route *n, struct bits b)
{
	return common(n->key, b) >= n->bits;
}

static struct wg_route **root_of(struct wg_allowedips *a, unsigned family)
{
	return family == ADDR_V4 ? &a->v4 : &a->v6;
}

struct wg_peer *wg_allowedips_find(const struct wg_allowedips *a, const struct addr *addr)
{
	const struct wg_route *n = addr->family == ADDR_V4 ? a->v4 : a->v6;
	unsigned max = addr_max_bits(addr);
	struct bits b = bits_of(addr);
	struct wg_peer *best = NULL;

	if (addr->family != ADDR_V4 && addr->family != ADDR_V6)
		return NULL;
	while (n && matches(n, b)) {
		if (n->peer)
			best = n->peer;
		if (n->bits == max)
			break;
		n = n->child[bit_at(b, n->bits)];
	}
	return best;
}

struct wg_peer *wg_allowedips_route(struct wg_allowedips *a, const struct addr *dst)
{
	if (!addr_equal(dst, &a->routed)) {
		a->routed_to = wg_allowedips_find(a, dst);
		a->routed = *dst;
	}
	return a->routed_to;
}

static int reserve(struct wg_allowedips *a, size_t count)
{
	struct wg_route *n;
	size_t i;

	for (i = 0; i < count; i++) {
		n = calloc(1, sizeof(*n));
		if (!n) {
			free_spare(a);
			return ERR_NOMEM;
		}
		list_init(&n->node);
		n->child[0] = a->spare;
		a->spare = n;
	}
	return 0;
}

static struct wg_route *take_node(struct wg_allowedips *a, unsigned family, struct bits key,
				  unsigned bits)
{
	struct wg_route *n = a->spare;

	assert(n);
	a->spare = n->child[0];
	n->child[0] = NULL;
	n->family = (uint8_t)family;
	n->key = mask(key, bits);
	n->bits = (uint8_t)bits;
	return n;
}

/* The node of exactly this prefix, made when missing. */
static struct wg_route *insert_prefix(struct wg_allowedips *a, const struct prefix *prefix)
{
	struct wg_route **at = root_of(a, prefix->addr.family), *n, *branch;
	unsigned bits = prefix->bits, same;
	struct bits key = mask(bits_of(&prefix->addr), bits);

	while ((n = *at) && n->bits < bits && matches(n, key))
		at = &n->child[bit_at(key, n->bits)];
	if (!n)
		return *at = take_node(a, prefix->addr.family, key, bits);
	same = common(n->key, key);
	if (n->bits == bits && same >= bits)
		return n;
	if (same >= bits) {	/* the present node is more specific: it goes below */
		*at = take_node(a, prefix->addr.family, key, bits);
		(*at)->child[bit_at(n->key, bits)] = n;
		return *at;
	}
	branch = take_node(a, prefix->addr.family, key, same);
	branch->child[bit_at(n->key, same)] = n;
	*at = branch;
	at = &branch->child[bit_at(key, same)];
	return *at = take_node(a, prefix->addr.family, key, bits);
}

/* All that can go wrong with an insertion: checks the prefixes and puts nodes for them aside. */
static int prepare(struct wg_allowedips *a, const struct prefix *prefixes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if ((prefixes[i].addr.family != ADDR_V4 && prefixes[i].addr.family != ADDR_V6) ||
		    prefixes[i].bits > addr_max_bits(&prefixes[i].addr))
			return ERR_INVAL;
	if (count > SIZE_MAX / 2)
		return ERR_NOMEM;
	return reserve(a, 2 * count);
}

static void insert_prepared(struct wg_allowedips *a, struct wg_peer *peer, struct list *routes,
			    const struct prefix *prefixes, size_t count)
{
	struct wg_route *n;

	forget_route(a);
	for (size_t i = 0; i < count; i++) {
		n = insert_prefix(a, &prefixes[i]);
		n->peer = peer;
		list_remove(&n->node);
		list_push_back(routes, &n->node);
	}
	free_spare(a);
}

int wg_allowedips_insert(struct wg_allowedips *a, struct wg_peer *peer, struct list *routes,
			 const struct prefix *prefixes, size_t count)
{
	int err = prepare(a, prefixes, count);

	if (err)
		return err;
	insert_prepared(a, peer, routes, prefixes, count);
	return 0;
}

/* Removes `n`, or turns it into a branch, and with it a branch that has become useless. */
static void remove_route(struct wg_allowedips *a, struct wg_route *n)
{
	struct wg_route **at = root_of(a, n->family), **parent_at = NULL, *parent;

	while (*at != n) {
		parent_at = at;
		at = &(*at)->child[bit_at(n->key, (*at)->bits)];
	}
	n->peer = NULL;
	list_remove(&n->node);
	if (n->child[0] && n->child[1])
		return;
	*at = n->child[0] ? n->child[0] : n->child[1];
	free(n);
	if (*at || !parent_at)
		return;
	parent = *parent_at;
	if (!parent->peer) {
		*parent_at = parent->child[0] ? parent->child[0] : parent->child[1];
		free(parent);
	}
}

void wg_allowedips_remove(struct wg_allowedips *a, struct list *routes)
{
	forget_route(a);
	while (!list_empty(routes))
		remove_route(a, LIST_ENTRY(routes->next, struct wg_route, node));
}

int wg_allowedips_replace(struct wg_allowedips *a, struct wg_peer *peer, struct list *routes,
			  const struct prefix *prefixes, size_t count)
{
	int err = prepare(a, prefixes, count);

	if (err)
		return err;
	wg_allowedips_remove(a, routes);
	insert_prepared(a, peer, routes, prefixes, count);
	return 0;
}
