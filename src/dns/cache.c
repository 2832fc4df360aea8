/*
 * Theory of operation
 *
 * A hash table with chains and one list in order of use. An entry is one allocation: its fixed
 * part, the addresses, the name. An expired entry is removed when it is met, or pushed out as the
 * least recently used one; there is no timer, so an idle process does not wake for its cache.
 */
#include "dns/cache.h"

#include <assert.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/list.h"

struct dns_entry {
	struct list by_use;		/* most recently used first */
	struct dns_entry *next;		/* in the bucket */
	struct boot_time expires;
	size_t bucket, count;
	struct addr *addrs;		/* inside this allocation */
	uint8_t family, name_len;
	uint8_t name[];			/* and behind it the addresses, which need no alignment */
};

static_assert(alignof(struct addr) == 1, "addresses may follow a name of any length");

struct dns_cache {
	struct siphash_key key;
	struct list by_use;
	size_t count;
	struct dns_entry *buckets[DNS_CACHE_MAX];
};

struct dns_cache *dns_cache_new(const struct siphash_key *key)
{
	struct dns_cache *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->key = *key;
	list_init(&c->by_use);
	return c;
}

static void cache_remove(struct dns_cache *c, struct dns_entry *e)
{
	struct dns_entry **at = &c->buckets[e->bucket];

	while (*at != e)
		at = &(*at)->next;
	*at = e->next;
	list_remove(&e->by_use);
	c->count--;
	free(e);
}

void dns_cache_free(struct dns_cache *c)
{
	if (!c)
		return;
	while (!list_empty(&c->by_use))
		cache_remove(c, LIST_ENTRY(c->by_use.next, struct dns_entry, by_use));
	free(c);
}

static size_t cache_bucket(const struct dns_cache *c, const struct dns_name *name,
			   enum addr_family family)
{
	return (size_t)((siphash(&c->key, name->wire, name->len) + family) % DNS_CACHE_MAX);
}

static struct dns_entry *cache_find(const struct dns_cache *c, const struct dns_name *name,
				    enum addr_family family)
{
	struct dns_entry *e = c->buckets[cache_bucket(c, name, family)];

	while (e && (e->family != family || e->name_len != name->len ||
		     memcmp(e->name, name->wire, name->len) != 0))
		e = e->next;
	return e;
}

bool dns_cache_get(struct dns_cache *c, struct boot_time now, const struct dns_name *name,
		   enum addr_family family, struct dns_cached *out)
{
	struct dns_entry *e = cache_find(c, name, family);

	if (!e)
		return false;
	if (boot_reached(now, e->expires)) {
		cache_remove(c, e);
		return false;
	}
	list_remove(&e->by_use);
	list_push_front(&c->by_use, &e->by_use);
	out->addrs = e->addrs;
	out->count = e->count;
	return true;
}

void dns_cache_put(struct dns_cache *c, struct boot_time now, const struct dns_name *name,
		   enum addr_family family, const struct dns_cached *answer, uint32_t ttl_s)
{
	uint32_t max_s = answer->count ? DNS_CACHE_TTL_MAX_S : DNS_CACHE_NEGATIVE_TTL_MAX_S;
	size_t addrs_len = answer->count * sizeof(*answer->addrs);
	struct dns_entry *e = cache_find(c, name, family);

	if (e)
		cache_remove(c, e);
	if (!ttl_s)
		return;
	e = malloc(sizeof(*e) + addrs_len + name->len);
	if (!e)
		return;
	if (c->count >= DNS_CACHE_MAX)
		cache_remove(c, LIST_ENTRY(c->by_use.prev, struct dns_entry, by_use));
	e->expires = boot_add_ms(now, (uint64_t)(ttl_s < max_s ? ttl_s : max_s) * 1000);
	e->bucket = cache_bucket(c, name, family);
	e->count = answer->count;
	e->addrs = (struct addr *)(e->name + name->len);
	e->family = (uint8_t)family;
	e->name_len = name->len;
	memcpy(e->name, name->wire, name->len);
	if (addrs_len)
		memcpy(e->addrs, answer->addrs, addrs_len);
	e->next = c->buckets[e->bucket];
	c->buckets[e->bucket] = e;
	list_push_front(&c->by_use, &e->by_use);
	c->count++;
}

size_t dns_cache_count(const struct dns_cache *c)
{
	return c->count;
}
