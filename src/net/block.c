#include "net/block.h"

#include <assert.h>
#include <stdlib.h>

static struct block **free_list(struct block_pool *pool, bool large)
{
	return &pool->free[large ? 1 : 0];
}

struct block *block_get(struct block_pool *pool, bool large)
{
	size_t bytes = large ? BLOCK_LARGE : BLOCK_SMALL;
	struct block **head = free_list(pool, large), *block = *head;

	if (block) {
		*head = block->next;
	} else {
		if (pool->held > pool->held_max)
			block_pool_trim(pool);
		block = malloc(bytes);
		if (!block)
			return NULL;
		block->cap = (uint32_t)(bytes - sizeof(*block));
		pool->held += bytes;
	}
	pool->used += bytes;
	block->next = NULL;
	block->len = 0;
	return block;
}

static void block_store(struct block_pool *pool, struct block *block)
{
	struct block **head = free_list(pool, block_bytes(block) == BLOCK_LARGE);

	assert(pool->used >= block_bytes(block));
	pool->used -= block_bytes(block);
	block->next = *head;
	*head = block;
}

void block_put(struct block_pool *pool, struct block *block, bool rest)
{
	if (!rest) {
		block_store(pool, block);
		return;
	}
	block->next = pool->resting;
	pool->resting = block;
}

void block_pool_wake(struct block_pool *pool)
{
	struct block *block;

	while ((block = pool->resting)) {
		pool->resting = block->next;
		block_store(pool, block);
	}
}

void block_pool_trim(struct block_pool *pool)
{
	for (unsigned i = 0; i < 2; i++) {
		struct block *block;

		while ((block = pool->free[i])) {
			pool->free[i] = block->next;
			pool->held -= block_bytes(block);
			free(block);
		}
	}
}
