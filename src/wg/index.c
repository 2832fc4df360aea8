/*
 * Theory of operation
 *
 * Open addressing with linear probing. The indices are our own random numbers, so they are their
 * own hash: outsiders choose what is looked up, never what is stored. At most half of the slots are
 * used. Removal moves later entries of the run back, so there are no tombstones.
 */
#include "wg/index.h"

#include <stdlib.h>

#include "base/err.h"

#define MIN_CAP 16

void wg_index_init(struct wg_index_table *t)
{
	*t = (struct wg_index_table){NULL, 0, 0};
}

void wg_index_fini(struct wg_index_table *t)
{
	free(t->slots);
	wg_index_init(t);
}

/* The slot of `index`, or the empty slot where it would go. The table must not be empty. */
static size_t locate(const struct wg_index_table *t, uint32_t index)
{
	size_t i = index & (t->cap - 1);

	while (t->slots[i].index != 0 && t->slots[i].index != index)
		i = (i + 1) & (t->cap - 1);
	return i;
}

static int grow(struct wg_index_table *t)
{
	struct wg_index_table bigger = {NULL, t->count, t->cap ? 2 * t->cap : MIN_CAP};
	size_t i;

	bigger.slots = calloc(bigger.cap, sizeof(*bigger.slots));
	if (!bigger.slots)
		return ERR_NOMEM;
	for (i = 0; i < t->cap; i++)
		if (t->slots[i].index != 0)
			bigger.slots[locate(&bigger, t->slots[i].index)] = t->slots[i];
	free(t->slots);
	*t = bigger;
	return 0;
}

int wg_index_insert(struct wg_index_table *t, const struct rng *rng, struct wg_peer *peer,
		    struct wg_session *session, uint32_t *index)
{
	uint32_t candidate;
	size_t at;

	if (2 * (t->count + 1) > t->cap) {
		int err = grow(t);

		if (err)
			return err;
	}
	/* Ends: at most 4 * WG_PEERS_MAX of 2^32 numbers are taken. */
	do {
		candidate = rng_u32(rng);
		at = locate(t, candidate);
	} while (candidate == 0 || t->slots[at].index != 0);
	t->slots[at] = (struct wg_index_slot){candidate, peer, session};
	t->count++;
	*index = candidate;
	return 0;
}

struct wg_index_slot *wg_index_find(const struct wg_index_table *t, uint32_t index)
{
	size_t at;

	if (t->count == 0 || index == 0)
		return NULL;
	at = locate(t, index);
	return t->slots[at].index != 0 ? &t->slots[at] : NULL;
}

void wg_index_remove(struct wg_index_table *t, uint32_t index)
{
	struct wg_index_slot *slot = wg_index_find(t, index);
	size_t mask = t->cap - 1, hole, i, home;

	if (!slot)
		return;
	hole = (size_t)(slot - t->slots);
	for (i = (hole + 1) & mask; t->slots[i].index != 0; i = (i + 1) & mask) {
		home = t->slots[i].index & mask;
		/* The entry may fill the hole unless its home lies behind the hole. */
		if (((i - home) & mask) >= ((i - hole) & mask)) {
			t->slots[hole] = t->slots[i];
			hole = i;
		}
	}
	t->slots[hole] = (struct wg_index_slot){0, NULL, NULL};
	t->count--;
}
