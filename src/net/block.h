/*
 * Blocks of memory that streams send from. Two sizes: small for requests, large for bulk. The
 * ceiling for the process is kept by the streams (net/room.h): the less is left of the budget, the less each may
 * hold, down to one small block, which every stream can always have. A released block may still be referenced
 * by packets in the output queue (a retransmission crossing its acknowledgement), so it rests until
 * that queue is empty.
 */
#ifndef CULVERT_NET_BLOCK_H
#define CULVERT_NET_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BLOCK_SMALL 4096	/* with its header: a page */
#define BLOCK_LARGE 32768	/* two of them make the 64 kB that a read from a socket wants */

struct block {
	struct block *next;
	uint32_t cap;	/* bytes in data */
	uint32_t len;	/* bytes used */
	uint8_t data[];
};

struct block_pool {
	struct block *free[2];	/* small, large */
	struct block *resting;
	size_t used;		/* bytes in blocks of streams, or resting */
	size_t held;		/* and on the free lists */
	size_t held_max;	/* beyond it the free lists are emptied before more is allocated */
};

/* What it takes of memory. */
static inline size_t block_bytes(const struct block *block)
{
	return sizeof(*block) + block->cap;
}

/* An empty block, or NULL when there is no memory. */
struct block *block_get(struct block_pool *pool, bool large);
/* Takes a block back; `rest` while the output queue is not empty. */
void block_put(struct block_pool *pool, struct block *block, bool rest);
/* The output queue is empty: resting blocks may be used again. */
void block_pool_wake(struct block_pool *pool);
/* Frees what nobody uses. */
void block_pool_trim(struct block_pool *pool);

#endif
