/*
 * Receiver indices: the random 32-bit numbers that the other side puts into its messages, mapped to
 * what they stand for here. Random because they are visible on the path and must not tell how many
 * sessions exist.
 */
#ifndef CULVERT_WG_INDEX_H
#define CULVERT_WG_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/rng.h"

struct wg_peer;
struct wg_session;

struct wg_index_slot {
	uint32_t index;			/* 0: empty */
	struct wg_peer *peer;
	struct wg_session *session;	/* NULL: the peer's handshake in progress */
};

struct wg_index_table {
	struct wg_index_slot *slots;
	size_t count, cap;		/* `cap` is a power of two or 0 */
};

void wg_index_init(struct wg_index_table *t);
void wg_index_fini(struct wg_index_table *t);

/* Draws an unused index other than 0 and enters it: 0 or ERR_NOMEM. */
CULVERT_MUST_USE int wg_index_insert(struct wg_index_table *t, const struct rng *rng,
				     struct wg_peer *peer, struct wg_session *session,
				     uint32_t *index);

/* What `index` stands for, or NULL. Valid until the next insertion or removal. */
struct wg_index_slot *wg_index_find(const struct wg_index_table *t, uint32_t index);

/* Harmless for 0 and for an index that is not there. */
void wg_index_remove(struct wg_index_table *t, uint32_t index);

#endif
