/*
 * What outlives a removed peer: the TAI64N timestamps (paper section 5.1) of its initiations and of ours to it. A key
 * that is added again goes on where it was, or replays of its old initiations would be taken, and it would ignore
 * ours for as long as our clock is behind what it has seen.
 *
 * Bounded: WG_PAST_MAX keys, the one that has been away longest is forgotten first. What that costs is what it costs
 * after a restart: an old initiation is answered once more, and nobody but its maker can use the answer.
 */
#ifndef CULVERT_WG_PAST_H
#define CULVERT_WG_PAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/list.h"
#include "base/siphash.h"
#include "crypto/keys.h"
#include "wg/messages.h"

/*
 * 4,096 of 88 bytes are 350 kB, a tenth of what as many peers take: a mesh of that size can be replaced by another
 * and come back.
 */
#define WG_PAST_MAX 4096
#define WG_PAST_CHAINS 256	/* at most 16 keys each, on average */

/* One key's. A peer owns its own; those of removed peers belong to the table. */
struct wg_past {
	struct list age, chain;
	struct key_public key;
	uint8_t seen[WG_TIMESTAMP_LEN];	/* of its latest initiation; zero: none */
	uint8_t sent[WG_TIMESTAMP_LEN];	/* of our latest to it; zero: none */
};

struct wg_pasts {
	struct list oldest;
	struct list chains[WG_PAST_CHAINS];
	size_t count;
	struct siphash_key hash;	/* keys may come from a server whose other users choose them */
};

/* `hash` is copied: a secret of the device. */
void wg_pasts_init(struct wg_pasts *t, const struct siphash_key *hash);
void wg_pasts_fini(struct wg_pasts *t);

/* What is remembered of `key`, which is the caller's now, or a new one; NULL without memory. */
struct wg_past *wg_pasts_take(struct wg_pasts *t, const struct key_public *key);
/* Gives it back: kept if there is anything to remember, or freed. Cannot fail. */
void wg_pasts_keep(struct wg_pasts *t, struct wg_past *past);

#endif
