/*
 * Theory of operation
 *
 * A slab is cut into chunks as they are needed, so it costs resident memory only as far as it was
 * used. Chunks given back are chained in front of their contents. Slabs with room are in one list,
 * those in which nothing is used at its end: memory is taken where some is used already, and a trim
 * finds whole slabs to give back. A new slab is made only when all others are full, so there are
 * never more than the cap needs.
 */
#include "net/cc/sb_pool.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/list.h"

/* With what libc's allocator keeps in front of a block: 64 kB. */
#define SLAB_SIZE (65536 - 64)

struct slab;

/* Stands before a chunk's contents, which start aligned. */
struct chunk_head {
	struct slab *slab;
	struct chunk_head *next;	/* given back before this one */
};

#define CHUNK_STRIDE (sizeof(struct chunk_head) + SB_POOL_CHUNK)
static_assert(sizeof(struct chunk_head) % 16 == 0 && SB_POOL_CHUNK % 16 == 0, "all are aligned");

struct slab {
	struct list node;	/* in `rooms` while there is room */
	struct chunk_head *given_back;
	uint32_t fresh;		/* chunks from here on were never used */
	uint32_t used;
};

#define SLAB_HEADER 48
static_assert(sizeof(struct slab) <= SLAB_HEADER, "a slab's header fits");
#define SLAB_CHUNKS ((SLAB_SIZE - SLAB_HEADER) / CHUNK_STRIDE)

struct sb_pool {
	struct list rooms;	/* slabs with room, unused ones last */
	size_t slabs;
	size_t chunks, chunks_max;	/* in use */
	size_t reserve, own;
	size_t ring_bytes;
};

struct sb_pool *sb_pool_new(size_t chunks_max)
{
	struct sb_pool *pool = calloc(1, sizeof(*pool));

	if (!pool)
		return NULL;
	list_init(&pool->rooms);
	pool->chunks_max = chunks_max;
	return pool;
}

void sb_pool_free(struct sb_pool *pool)
{
	if (!pool)
		return;
	assert(!pool->chunks && !pool->ring_bytes);
	sb_pool_trim(pool);
	free(pool);
}

size_t sb_pool_bytes(const struct sb_pool *pool)
{
	return pool->slabs * SLAB_SIZE + pool->ring_bytes;
}

void sb_pool_trim(struct sb_pool *pool)
{
	while (!list_empty(&pool->rooms)) {
		struct slab *slab = LIST_ENTRY(pool->rooms.prev, struct slab, node);

		if (slab->used)
			break;
		list_remove(&slab->node);
		free(slab);
		pool->slabs--;
	}
}

static struct slab *slab_with_room(struct sb_pool *pool)
{
	struct slab *slab;

	if (!list_empty(&pool->rooms))
		return LIST_ENTRY(pool->rooms.next, struct slab, node);
	slab = malloc(SLAB_SIZE);
	if (!slab)
		return NULL;
	*slab = (struct slab){0};
	list_push_front(&pool->rooms, &slab->node);
	pool->slabs++;
	return slab;
}

static struct chunk_head *slab_fresh_chunk(struct slab *slab)
{
	char *place = (char *)slab + SLAB_HEADER + slab->fresh++ * CHUNK_STRIDE;
	struct chunk_head *head = (struct chunk_head *)(void *)place;

	head->slab = slab;
	return head;
}

void sb_pool_set_reserve(struct sb_pool *pool, size_t chunks)
{
	pool->reserve = chunks;
}

void sb_pool_set_own(struct sb_pool *pool, size_t chunks)
{
	pool->own = chunks;
}

size_t sb_pool_own(const struct sb_pool *pool)
{
	return pool->own;
}

size_t sb_pool_left(const struct sb_pool *pool)
{
	return pool->chunks < pool->chunks_max ? pool->chunks_max - pool->chunks : 0;
}

void *sb_pool_take(struct sb_pool *pool)
{
	struct chunk_head *head;
	struct slab *slab;

	if (pool->chunks >= pool->chunks_max + pool->reserve)
		return NULL;
	slab = slab_with_room(pool);
	if (!slab)
		return NULL;
	head = slab->given_back;
	if (head) {
		slab->given_back = head->next;
	} else {
		head = slab_fresh_chunk(slab);
	}
	pool->chunks++;
	if (++slab->used == SLAB_CHUNKS)
		list_remove(&slab->node);
	return head + 1;
}

void sb_pool_give(struct sb_pool *pool, void *chunk)
{
	struct chunk_head *head = (struct chunk_head *)chunk - 1;
	struct slab *slab = head->slab;
	bool was_full = slab->used == SLAB_CHUNKS;

	head->next = slab->given_back;
	slab->given_back = head;
	slab->used--;
	pool->chunks--;
	if (!slab->used) {
		list_remove(&slab->node);
		list_push_back(&pool->rooms, &slab->node);
	} else if (was_full) {
		list_push_front(&pool->rooms, &slab->node);
	}
}

void *sb_pool_take_ring(struct sb_pool *pool, size_t count)
{
	void *ring = calloc(count, sizeof(void *));

	if (ring)
		pool->ring_bytes += count * sizeof(void *);
	return ring;
}

void sb_pool_give_ring(struct sb_pool *pool, void *ring, size_t count)
{
	if (!ring)
		return;
	pool->ring_bytes -= count * sizeof(void *);
	free(ring);
}
