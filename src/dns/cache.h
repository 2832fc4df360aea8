/*
 * Answers, positive and negative, for as long as they are valid. The table is bounded: the entry
 * that was not used for longest makes room. Its hash is keyed, since outsiders choose the names.
 */
#ifndef CULVERT_DNS_CACHE_H
#define CULVERT_DNS_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/siphash.h"
#include "dns/name.h"

/* Entries in all; about 150 bytes each, so that a full cache stays below 200 kB. */
#define DNS_CACHE_MAX 1024
/* Addresses move sooner than some TTLs say; one day is what resolvers allow at most in practice. */
#define DNS_CACHE_TTL_MAX_S 86400
/* RFC 2308 section 5 permits hours; a name that was just created should appear in minutes. */
#define DNS_CACHE_NEGATIVE_TTL_MAX_S 300

struct dns_cache;

struct dns_cached {
	const struct addr *addrs;	/* valid until the next call on the cache */
	size_t count;			/* 0: a negative answer */
};

/* An empty cache, or NULL. The caller frees it with dns_cache_free. */
struct dns_cache *dns_cache_new(const struct siphash_key *key);
void dns_cache_free(struct dns_cache *c);

/* Whether a valid answer is known; marks it as used. */
bool dns_cache_get(struct dns_cache *c, struct boot_time now, const struct dns_name *name,
		   enum addr_family family, struct dns_cached *out);

/*
 * Keeps a copy of an answer for `ttl_s`, cut to the ceilings above; replaces an earlier one.
 * Forgets silently when memory is short: a cache may.
 */
void dns_cache_put(struct dns_cache *c, struct boot_time now, const struct dns_name *name,
		   enum addr_family family, const struct dns_cached *answer, uint32_t ttl_s);

size_t dns_cache_count(const struct dns_cache *c);

#endif
