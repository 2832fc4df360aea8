/*
 * Memory of scoreboards: chunks of one size, cut from slabs of 64 kB that many senders share, with
 * a cap. A chunk that was given back keeps its contents until it is handed out again or trimmed.
 */
#ifndef CULVERT_NET_CC_SB_POOL_H
#define CULVERT_NET_CC_SB_POOL_H

#include <stddef.h>

#include "base/compiler.h"

#define SB_POOL_CHUNK 1408	/* usable bytes of a chunk: SB_CHUNK_ENTRIES entries */

struct sb_pool;

/* The scoreboards of one party among those that share the pool. */
struct sb_share {
	size_t chunks;	/* in use */
};

/* At most `chunks_max` chunks are in use at a time. NULL without memory. */
struct sb_pool *sb_pool_new(size_t chunks_max);
/* Every scoreboard must have been ended before. */
void sb_pool_free(struct sb_pool *pool);
/* Bytes of memory held for entries, in use or cached. */
size_t sb_pool_bytes(const struct sb_pool *pool);
/* Gives cached chunks back to the system, as far as a whole slab is unused. */
void sb_pool_trim(struct sb_pool *pool);

/* So many chunks more may be in use, by those who cannot do without. */
void sb_pool_set_reserve(struct sb_pool *pool, size_t chunks);

/* So many may each party have, whatever the others have; the reserve has room for all of these. */
void sb_pool_set_own(struct sb_pool *pool, size_t chunks);
size_t sb_pool_own(const struct sb_pool *pool);

/* How many more chunks it may hand out before its reserve. */
size_t sb_pool_left(const struct sb_pool *pool);
/* A chunk, aligned for any object; NULL without memory or at the cap, the reserve included. */
void *sb_pool_take(struct sb_pool *pool);
void sb_pool_give(struct sb_pool *pool, void *chunk);

/* Rings of chunk pointers, counted with the rest: a new one of `count`, NULL without memory. */
CULVERT_MUST_USE void *sb_pool_take_ring(struct sb_pool *pool, size_t count);
void sb_pool_give_ring(struct sb_pool *pool, void *ring, size_t count);

#endif
