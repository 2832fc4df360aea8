/*
 * Theory of operation
 *
 * Open addressing, at most half full, under a keyed hash: the keys may come from a coordination
 * server, whose other users choose them. Public keys are no secret, but comparison is in constant
 * time all the same, because initiations reveal by timing whom a node knows.
 */
#include "wg/keytable.h"

#include <assert.h>
#include <stdlib.h>

#include "base/err.h"
#include "wg/peer.h"

#define MIN_CAP 16

void wg_keytable_init(struct wg_keytable *t, const struct rng *rng)
{
	*t = (struct wg_keytable){NULL, 0, 0, {rng_u64(rng), rng_u64(rng)}};
}

void wg_keytable_fini(struct wg_keytable *t)
{
	free(t->slots);
	t->slots = NULL;
	t->count = t->cap = 0;
}

static size_t home_of(const struct wg_keytable *t, const struct key_public *key)
{
	return (size_t)siphash(&t->key, key->bytes, KEY_LEN) & (t->cap - 1);
}

/* The slot of `key`, or the empty slot where it would go. */
static size_t locate(const struct wg_keytable *t, const struct key_public *key)
{
	size_t i = home_of(t, key);

	while (t->slots[i] && !key_public_equal(&t->slots[i]->public_key, key))
		i = (i + 1) & (t->cap - 1);
	return i;
}

int wg_keytable_reserve(struct wg_keytable *t)
{
	struct wg_keytable bigger = *t;
	size_t i;

	if (2 * (t->count + 1) <= t->cap)
		return 0;
	bigger.cap = t->cap ? 2 * t->cap : MIN_CAP;
	bigger.slots = calloc(bigger.cap, sizeof(struct wg_peer *));
	if (!bigger.slots)
		return ERR_NOMEM;
	for (i = 0; i < t->cap; i++)
		if (t->slots[i])
			bigger.slots[locate(&bigger, &t->slots[i]->public_key)] = t->slots[i];
	free(t->slots);
	*t = bigger;
	return 0;
}

void wg_keytable_insert(struct wg_keytable *t, struct wg_peer *peer)
{
	size_t at = locate(t, &peer->public_key);

	assert(!t->slots[at] && 2 * (t->count + 1) <= t->cap);
	t->slots[at] = peer;
	t->count++;
}

void wg_keytable_remove(struct wg_keytable *t, const struct wg_peer *peer)
{
	size_t mask = t->cap - 1, hole = locate(t, &peer->public_key), i, home;

	assert(t->slots[hole] == peer);
	for (i = (hole + 1) & mask; t->slots[i]; i = (i + 1) & mask) {
		home = home_of(t, &t->slots[i]->public_key);
		if (((i - home) & mask) >= ((i - hole) & mask)) {
			t->slots[hole] = t->slots[i];
			hole = i;
		}
	}
	t->slots[hole] = NULL;
	t->count--;
}

struct wg_peer *wg_keytable_find(const struct wg_keytable *t, const struct key_public *key)
{
	return t->count ? t->slots[locate(t, key)] : NULL;
}
