/*
 * Theory of operation
 *
 * All that a peer needs is allocated when it is staged: the entry, its texts, a node for each prefix. The tables are
 * chained through these, so a commit moves list nodes and cannot fail. Tables grow when a commit finds them full and
 * there is memory; without it chains are longer, nothing else.
 *
 * A prefix is found by its bits in a keyed hash table, once for each length that is in use, longest first: at most
 * 129 look-ups, in practice three or four.
 *
 * A changed peer keeps its place among all, and its owner. The entry that it had goes at once. One that is gone waits,
 * out of every table, until the applier has let go of its owner.
 */
#include "mesh/netmap.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/list.h"
#include "base/siphash.h"
#include "base/txt.h"
#include "crypto/system.h"
#include "mesh/netmap_self.h"

#define MIN_CHAINS 64
#define BITS_COUNT 129	/* lengths of prefixes, 0 to 128 */

struct table {
	struct list *chains;	/* `cap`, a power of two */
	size_t cap, count;
};

/* A node in a table. */
struct link {
	struct list chain;
	uint64_t hash;
};

struct route {
	struct link link;
	struct netmap_entry *entry;
	struct prefix prefix;
};

struct netmap_entry {
	struct netmap_peer peer;	/* its pointers are into this allocation */
	struct link by_key, by_name;
	struct list all;		/* staged, or in the map, or gone */
	struct list changed;		/* to be applied */
	void *owner;
	unsigned what;			/* is to be applied */
	bool known;			/* the applier has it */
	bool drop;			/* staged: the peer is to go */
	struct route routes[];		/* allowed_ip_count; prefixes and texts follow */
};

struct netmap {
	struct siphash_key hash;
	struct table keys, names, prefixes;
	size_t bits_used[2][BITS_COUNT];	/* prefixes of each length, IPv4 and IPv6 */
	struct list all, staged, gone, changed;
	struct self_copy *self, *staged_self;
	bool self_changed, dns_changed;
};

static int table_init(struct table *t, size_t cap)
{
	t->chains = calloc(cap, sizeof(*t->chains));
	if (!t->chains)
		return ERR_NOMEM;
	t->cap = cap;
	t->count = 0;
	for (size_t i = 0; i < cap; i++)
		list_init(&t->chains[i]);
	return 0;
}

static struct list *chain_at(const struct table *t, uint64_t hash)
{
	return &t->chains[hash & (t->cap - 1)];
}

static void table_insert(struct table *t, struct link *l)
{
	list_push_front(chain_at(t, l->hash), &l->chain);
	t->count++;
}

static void table_remove(struct table *t, struct link *l)
{
	if (!list_linked(&l->chain))
		return;
	list_remove(&l->chain);
	t->count--;
}

static void table_grow(struct table *t)
{
	struct table bigger;
	struct list *n;

	if (t->count <= t->cap || table_init(&bigger, 4 * t->cap))
		return;
	/* From the back, since insertion is in front: of several with one name the latest stays the first. */
	for (size_t i = 0; i < t->cap; i++) {
		while (!list_empty(&t->chains[i])) {
			n = t->chains[i].prev;
			list_remove(n);
			table_insert(&bigger, LIST_ENTRY(n, struct link, chain));
		}
	}
	free(t->chains);
	*t = bigger;
}

struct netmap *netmap_new(const struct rng *rng)
{
	struct netmap *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->hash = (struct siphash_key){rng_u64(rng), rng_u64(rng)};
	list_init(&m->all);
	list_init(&m->staged);
	list_init(&m->gone);
	list_init(&m->changed);
	m->self = self_copy_new(&(struct netmap_self){0});
	if (m->self && !table_init(&m->keys, MIN_CHAINS) && !table_init(&m->names, MIN_CHAINS) &&
	    !table_init(&m->prefixes, MIN_CHAINS))
		return m;
	netmap_free(m);
	return NULL;
}

static void entry_free(struct netmap_entry *e)
{
	list_remove(&e->all);
	list_remove(&e->changed);
	crypto_wipe(&e->peer.preshared_key, sizeof(e->peer.preshared_key));
	free(e);
}

static void free_all(struct list *entries)
{
	while (!list_empty(entries))
		entry_free(LIST_ENTRY(entries->next, struct netmap_entry, all));
}

void netmap_free(struct netmap *m)
{
	if (!m)
		return;
	netmap_discard(m);
	free_all(&m->all);
	free_all(&m->gone);
	free(m->self);
	free(m->keys.chains);
	free(m->names.chains);
	free(m->prefixes.chains);
	free(m);
}

/* --- hashes --- */

static uint64_t hash_key(const struct netmap *m, const struct key_public *key)
{
	return siphash(&m->hash, key->bytes, sizeof(key->bytes));
}

static uint64_t hash_name(const struct netmap *m, const char *name)
{
	char lower[NETMAP_TEXT_MAX];
	size_t len = strlen(name);

	for (size_t i = 0; i < len; i++)
		lower[i] = (char)txt_lower(name[i]);
	return siphash(&m->hash, lower, len);
}

static uint64_t hash_prefix(const struct netmap *m, const struct prefix *p)
{
	uint8_t bytes[2 + sizeof(p->addr.bytes)] = {p->addr.family, p->bits};

	memcpy(bytes + 2, p->addr.bytes, sizeof(p->addr.bytes));
	return siphash(&m->hash, bytes, sizeof(bytes));
}

/* `a` without the bits beyond the first `bits`. */
static struct prefix prefix_of(const struct addr *a, unsigned bits)
{
	struct prefix p = {*a, (uint8_t)bits};

	for (unsigned i = 0; i < sizeof(p.addr.bytes); i++) {
		unsigned kept = bits > 8 * i ? bits - 8 * i : 0;

		if (kept < 8)
			p.addr.bytes[i] &= (uint8_t)~(0xff >> kept);
	}
	return p;
}

static bool prefix_equal(const struct prefix *a, const struct prefix *b)
{
	return a->bits == b->bits && addr_equal(&a->addr, &b->addr);
}

/* --- staging --- */

static struct netmap_entry *new_entry(const struct netmap_peer *peer)
{
	size_t count = peer->allowed_ip_count, host = strlen(peer->endpoint_host) + 1, name = strlen(peer->name) + 1;
	size_t fixed = sizeof(struct netmap_entry) + host + name, each = sizeof(struct route) + sizeof(struct prefix);
	struct netmap_entry *e = count > (SIZE_MAX - fixed) / each ? NULL : calloc(1, fixed + count * each);
	struct prefix *prefixes;
	char *text;

	if (!e)
		return NULL;
	e->peer = *peer;
	prefixes = (struct prefix *)(void *)&e->routes[count];
	text = (char *)&prefixes[count];
	e->peer.allowed_ips = prefixes;
	e->peer.endpoint_host = memcpy(text, peer->endpoint_host, host);
	e->peer.name = memcpy(text + host, peer->name, name);
	list_init(&e->by_key.chain);
	list_init(&e->by_name.chain);
	list_init(&e->all);
	list_init(&e->changed);
	for (size_t i = 0; i < count; i++) {
		prefixes[i] = prefix_of(&peer->allowed_ips[i].addr, peer->allowed_ips[i].bits);
		e->routes[i].prefix = prefixes[i];
		e->routes[i].entry = e;
		list_init(&e->routes[i].link.chain);
	}
	return e;
}

static bool is_possible(const struct netmap_peer *peer)
{
	for (size_t i = 0; i < peer->allowed_ip_count; i++) {
		const struct prefix *p = &peer->allowed_ips[i];

		if (p->addr.family == ADDR_NONE || p->bits > addr_max_bits(&p->addr))
			return false;
	}
	return strlen(peer->endpoint_host) <= NETMAP_TEXT_MAX && strlen(peer->name) <= NETMAP_TEXT_MAX;
}

static int stage(struct netmap *m, const struct netmap_peer *peer, bool drop)
{
	struct netmap_entry *e = new_entry(peer);

	if (!e)
		return ERR_NOMEM;
	e->drop = drop;
	e->by_key.hash = hash_key(m, &peer->key);
	e->by_name.hash = hash_name(m, peer->name);
	for (size_t i = 0; i < peer->allowed_ip_count; i++)
		e->routes[i].link.hash = hash_prefix(m, &e->routes[i].prefix);
	list_push_back(&m->staged, &e->all);
	return 0;
}

int netmap_put_peer(struct netmap *m, const struct netmap_peer *peer)
{
	return is_possible(peer) ? stage(m, peer, false) : ERR_INVAL;
}

int netmap_drop_peer(struct netmap *m, const struct key_public *key)
{
	return stage(m, &(struct netmap_peer){.key = *key, .endpoint_host = "", .name = ""}, true);
}

int netmap_set_self(struct netmap *m, const struct netmap_self *self)
{
	struct self_copy *copy = self_copy_new(self);

	if (!copy)
		return ERR_NOMEM;
	free(m->staged_self);
	m->staged_self = copy;
	return 0;
}

void netmap_discard(struct netmap *m)
{
	free_all(&m->staged);
	free(m->staged_self);
	m->staged_self = NULL;
}

/* --- the commit --- */

static void note(struct netmap *m, struct netmap_entry *e, unsigned what)
{
	e->what |= what;
	if (e->what && !list_linked(&e->changed))
		list_push_back(&m->changed, &e->changed);
}

static size_t *bits_used(struct netmap *m, const struct prefix *p)
{
	return &m->bits_used[p->addr.family == ADDR_V6][p->bits];
}

static struct route *find_route(const struct netmap *m, const struct prefix *p, uint64_t hash)
{
	struct list *chain = chain_at(&m->prefixes, hash);

	for (struct list *n = chain->next; n != chain; n = n->next) {
		struct link *l = LIST_ENTRY(n, struct link, chain);
		struct route *r = CONTAINER_OF(l, struct route, link);

		if (l->hash == hash && prefix_equal(&r->prefix, p))
			return r;
	}
	return NULL;
}

static void unlink_route(struct netmap *m, struct route *r)
{
	if (!list_linked(&r->link.chain))
		return;
	table_remove(&m->prefixes, &r->link);
	(*bits_used(m, &r->prefix))--;
}

/* Who had one of its prefixes has it no more. */
static void insert_entry(struct netmap *m, struct netmap_entry *e)
{
	table_insert(&m->keys, &e->by_key);
	if (e->peer.name[0])
		table_insert(&m->names, &e->by_name);
	for (size_t i = 0; i < e->peer.allowed_ip_count; i++) {
		struct route *r = &e->routes[i], *holder = find_route(m, &r->prefix, r->link.hash);

		/* Listed twice: once is enough. */
		if (holder && holder->entry == e)
			continue;
		if (holder) {
			unlink_route(m, holder);
			note(m, holder->entry, NETMAP_ALLOWED_IPS);
			note(m, e, NETMAP_ALLOWED_IPS);
		}
		table_insert(&m->prefixes, &r->link);
		(*bits_used(m, &r->prefix))++;
	}
}

static void unlink_entry(struct netmap *m, struct netmap_entry *e)
{
	table_remove(&m->keys, &e->by_key);
	table_remove(&m->names, &e->by_name);
	for (size_t i = 0; i < e->peer.allowed_ip_count; i++)
		unlink_route(m, &e->routes[i]);
}

static void remove_peer(struct netmap *m, struct netmap_entry *e)
{
	unlink_entry(m, e);
	list_remove(&e->changed);
	if (!e->known) {
		entry_free(e);
		return;
	}
	list_remove(&e->all);
	list_push_back(&m->gone, &e->all);
}

static bool same_prefixes(const struct netmap_peer *a, const struct netmap_peer *b)
{
	if (a->allowed_ip_count != b->allowed_ip_count)
		return false;
	for (size_t i = 0; i < a->allowed_ip_count; i++) {
		if (!prefix_equal(&a->allowed_ips[i], &b->allowed_ips[i]))
			return false;
	}
	return true;
}

static unsigned compare(const struct netmap_peer *a, const struct netmap_peer *b)
{
	unsigned what = 0;

	if (!crypto_equal(&a->preshared_key, &b->preshared_key, sizeof(a->preshared_key)))
		what |= NETMAP_KEYS;
	if (!same_prefixes(a, b))
		what |= NETMAP_ALLOWED_IPS;
	if (strcmp(a->endpoint_host, b->endpoint_host) || a->endpoint_port != b->endpoint_port)
		what |= NETMAP_ENDPOINT;
	if (a->persistent_keepalive_s != b->persistent_keepalive_s)
		what |= NETMAP_KEEPALIVE;
	if (strcmp(a->name, b->name))
		what |= NETMAP_NAME;
	return what;
}

static void replace_peer(struct netmap *m, struct netmap_entry *old, struct netmap_entry *e)
{
	unsigned what = compare(&old->peer, &e->peer);

	if (!what) {
		entry_free(e);
		return;
	}
	e->owner = old->owner;
	e->known = old->known;
	list_remove(&e->all);
	list_insert_after(&old->all, &e->all);
	unlink_entry(m, old);
	what |= old->what;
	entry_free(old);
	insert_entry(m, e);
	note(m, e, what);
}

static void commit_entry(struct netmap *m, struct netmap_entry *e)
{
	struct netmap_entry *old = netmap_find_key(m, &e->peer.key);

	if (e->drop) {
		if (old)
			remove_peer(m, old);
		entry_free(e);
	} else if (old) {
		replace_peer(m, old, e);
	} else {
		list_remove(&e->all);
		list_push_back(&m->all, &e->all);
		insert_entry(m, e);
		note(m, e, NETMAP_ALL);
	}
	table_grow(&m->keys);
	table_grow(&m->names);
	table_grow(&m->prefixes);
}

void netmap_commit(struct netmap *m)
{
	while (!list_empty(&m->staged))
		commit_entry(m, LIST_ENTRY(m->staged.next, struct netmap_entry, all));
	if (!m->staged_self)
		return;
	m->self_changed |= !self_same_addresses(m->self, m->staged_self);
	m->dns_changed |= !self_same_names(m->self, m->staged_self);
	free(m->self);
	m->self = m->staged_self;
	m->staged_self = NULL;
}

/* --- what has changed --- */

bool netmap_change(struct netmap *m, struct netmap_change *out)
{
	*out = (struct netmap_change){.type = NETMAP_SELF};
	if (m->self_changed)
		return true;
	out->type = NETMAP_DNS;
	if (m->dns_changed)
		return true;
	if (!list_empty(&m->gone)) {
		out->type = NETMAP_PEER_GONE;
		out->entry = LIST_ENTRY(m->gone.next, struct netmap_entry, all);
		return true;
	}
	if (list_empty(&m->changed))
		return false;
	out->type = NETMAP_PEER;
	out->entry = LIST_ENTRY(m->changed.next, struct netmap_entry, changed);
	out->what = out->entry->what;
	return true;
}

void netmap_change_done(struct netmap *m, void *owner)
{
	struct netmap_change c;

	if (!netmap_change(m, &c))
		return;
	switch (c.type) {
	case NETMAP_SELF:
		m->self_changed = false;
		break;
	case NETMAP_DNS:
		m->dns_changed = false;
		break;
	case NETMAP_PEER_GONE:
		entry_free(c.entry);
		break;
	case NETMAP_PEER:
		c.entry->owner = owner;
		c.entry->known = true;
		c.entry->what = 0;
		list_remove(&c.entry->changed);
		break;
	}
}

/* --- look-ups --- */

const struct netmap_self *netmap_self(const struct netmap *m)
{
	return &m->self->self;
}

size_t netmap_peer_count(const struct netmap *m)
{
	return m->keys.count;
}

struct netmap_entry *netmap_next_peer(const struct netmap *m, struct netmap_entry *after)
{
	struct list *next = after ? after->all.next : m->all.next;

	return next == &m->all ? NULL : LIST_ENTRY(next, struct netmap_entry, all);
}

struct netmap_entry *netmap_find_key(const struct netmap *m, const struct key_public *key)
{
	struct list *chain = chain_at(&m->keys, hash_key(m, key));

	for (struct list *n = chain->next; n != chain; n = n->next) {
		struct link *l = LIST_ENTRY(n, struct link, chain);
		struct netmap_entry *e = CONTAINER_OF(l, struct netmap_entry, by_key);

		if (key_public_equal(&e->peer.key, key))
			return e;
	}
	return NULL;
}

struct netmap_entry *netmap_find_name(const struct netmap *m, const char *name)
{
	size_t len = strlen(name);
	struct list *chain;

	if (!len || len > NETMAP_TEXT_MAX)
		return NULL;
	chain = chain_at(&m->names, hash_name(m, name));
	for (struct list *n = chain->next; n != chain; n = n->next) {
		struct link *l = LIST_ENTRY(n, struct link, chain);
		struct netmap_entry *e = CONTAINER_OF(l, struct netmap_entry, by_name);

		if (txt_equal_nocase(txt_str(e->peer.name), name))
			return e;
	}
	return NULL;
}

struct netmap_entry *netmap_find_addr(const struct netmap *m, const struct addr *addr)
{
	if (addr->family == ADDR_NONE)
		return NULL;
	for (unsigned bits = addr_max_bits(addr) + 1; bits-- > 0;) {
		struct prefix p;
		struct route *r;

		if (!m->bits_used[addr->family == ADDR_V6][bits])
			continue;
		p = prefix_of(addr, bits);
		r = find_route(m, &p, hash_prefix(m, &p));
		if (r)
			return r->entry;
	}
	return NULL;
}

const struct netmap_peer *netmap_entry_peer(const struct netmap_entry *e)
{
	return &e->peer;
}

void *netmap_owner(const struct netmap_entry *e)
{
	return e->owner;
}

void netmap_disown(struct netmap_entry *e)
{
	e->owner = NULL;
}

size_t netmap_allowed_ips(const struct netmap_entry *e, struct prefix *out)
{
	size_t count = 0;

	for (size_t i = 0; i < e->peer.allowed_ip_count; i++) {
		const struct route *r = &e->routes[i];

		if (list_linked(&r->link.chain))
			out[count++] = r->prefix;
	}
	return count;
}
