/*
 * Theory of operation
 *
 * Load is measured by what arrives, not by a queue, since handshakes are served as they come: more
 * than WG_LOAD_PER_S messages in a second put the device under load until a second has passed
 * without excess.
 *
 * The sources live in a set-associative table of fixed size. An entry is a token bucket in the form
 * of the time at which it will be full again (GCRA); an entry that is full equals no entry, so it
 * may be replaced without loss, and nothing has to be swept. A source for which its set has no such
 * place is refused: the table cannot be grown or emptied from outside, and only proven addresses
 * get into it.
 */
#include "wg/admission.h"

#include <stdlib.h>
#include <string.h>

struct wg_source {
	uint8_t prefix[8];		/* IPv4 address, or the upper half of an IPv6 address */
	uint8_t family;
	struct boot_time full_at;	/* when all tokens are back */
};

void wg_admission_init(struct wg_admission *a, const struct rng *rng)
{
	memset(a, 0, sizeof(*a));
	a->key = (struct siphash_key){rng_u64(rng), rng_u64(rng)};
}

void wg_admission_fini(struct wg_admission *a)
{
	free(a->sources);
	a->sources = NULL;
}

bool wg_admission_load(struct wg_admission *a, struct boot_time now)
{
	if (boot_since_ms(now, a->window_start) >= 1000) {
		a->window_start = now;
		a->window_count = 0;
	}
	if (a->window_count < WG_LOAD_PER_S)
		a->window_count++;
	else
		a->load_until = boot_add_ms(now, WG_LOAD_STICKY_MS);
	return !boot_reached(now, a->load_until);
}

/* The entry of the source, one that may be taken for it, or NULL. */
static struct wg_source *find_source(struct wg_admission *a, struct boot_time now,
				     const struct wg_source *wanted)
{
	struct wg_source *set, *spare = NULL;
	size_t i;

	i = siphash(&a->key, wanted->prefix, sizeof(wanted->prefix)) % WG_SOURCE_SETS;
	set = a->sources + i * WG_SOURCE_WAYS;
	for (i = 0; i < WG_SOURCE_WAYS; i++) {
		if (set[i].family == wanted->family &&
		    memcmp(set[i].prefix, wanted->prefix, sizeof(wanted->prefix)) == 0)
			return &set[i];
		if (boot_reached(now, set[i].full_at))
			spare = &set[i];
	}
	if (spare)
		*spare = *wanted;
	return spare;
}

bool wg_admission_take(struct wg_admission *a, struct boot_time now, const struct addr *src)
{
	struct wg_source wanted = {{0}, src->family, now}, *source;
	struct boot_time full_at;

	if (!a->sources)
		a->sources = calloc((size_t)WG_SOURCE_SETS * WG_SOURCE_WAYS, sizeof(*a->sources));
	if (!a->sources)
		return false;
	memcpy(wanted.prefix, src->bytes, src->family == ADDR_V4 ? 4 : sizeof(wanted.prefix));
	source = find_source(a, now, &wanted);
	if (!source)
		return false;
	full_at = source->full_at.ns > now.ns ? source->full_at : now;
	full_at = boot_add_ms(full_at, WG_SOURCE_INTERVAL_MS);
	if (boot_since_ms(full_at, now) > WG_SOURCE_INTERVAL_MS * WG_SOURCE_BURST)
		return false;
	source->full_at = full_at;
	return true;
}
