/*
 * Theory of operation
 *
 * Blocks are allocated one by one when first needed and kept on a free list, the most recently
 * used first because its bytes are still in the cache. Packet descriptors come from slabs, which
 * keeps a burst from costing one allocation a packet. A packet owns one reference to its block;
 * the last reference puts the block back on the free list. Reference counts are needed because
 * the packets of one UDP_GRO batch end in different connections, in any order.
 */
#include "base/packet.h"

#include <assert.h>
#include <stdlib.h>

/* About 6 kB: small enough for an idle process, few allocations in a burst. */
#define SLAB_PACKETS 64

struct packet_slab {
	struct packet_slab *next;
	struct packet packets[SLAB_PACKETS];
};

struct packet_pool {
	struct packet_block *free_blocks;
	struct packet *free_packets;
	struct packet_slab *slabs;
	unsigned max_blocks, blocks, blocks_used;
	unsigned max_packets, packets, packets_used;	/* packets: those in slabs */
};

struct packet_pool *packet_pool_new(unsigned max_blocks, unsigned max_packets)
{
	struct packet_pool *pool = calloc(1, sizeof(*pool));

	if (!pool)
		return NULL;
	pool->max_blocks = max_blocks;
	pool->max_packets = max_packets;
	return pool;
}

static void packet_slabs_free(struct packet_pool *pool)
{
	struct packet_slab *slab, *next;

	assert(pool->packets_used == 0);
	for (slab = pool->slabs; slab; slab = next) {
		next = slab->next;
		free(slab);
	}
	pool->slabs = NULL;
	pool->free_packets = NULL;
	pool->packets = 0;
}

void packet_pool_free(struct packet_pool *pool)
{
	if (!pool)
		return;
	assert(pool->blocks_used == 0);
	packet_pool_trim(pool, 0);
	free(pool);
}

struct packet_block *packet_block_get(struct packet_pool *pool)
{
	struct packet_block *block = pool->free_blocks;

	if (block) {
		pool->free_blocks = block->next_free;
	} else {
		if (pool->blocks >= pool->max_blocks)
			return NULL;
		block = aligned_alloc(alignof(struct packet_block), sizeof(*block));
		if (!block)
			return NULL;
		block->pool = pool;
		pool->blocks++;
	}
	block->next_free = NULL;
	block->refs = 1;
	pool->blocks_used++;
	return block;
}

void packet_block_ref(struct packet_block *block)
{
	assert(block->refs > 0);
	block->refs++;
}

void packet_block_unref(struct packet_block *block)
{
	struct packet_pool *pool = block->pool;

	assert(block->refs > 0);
	if (--block->refs)
		return;
	block->next_free = pool->free_blocks;
	pool->free_blocks = block;
	pool->blocks_used--;
}

static void packet_slab_add(struct packet_pool *pool)
{
	struct packet_slab *slab;
	unsigned count = pool->max_packets - pool->packets;

	if (!count)
		return;
	slab = aligned_alloc(alignof(struct packet_slab), sizeof(*slab));
	if (!slab)
		return;
	if (count > SLAB_PACKETS)
		count = SLAB_PACKETS;
	slab->next = pool->slabs;
	pool->slabs = slab;
	pool->packets += count;
	while (count--) {
		slab->packets[count].next = pool->free_packets;
		pool->free_packets = &slab->packets[count];
	}
}

struct packet *packet_get(struct packet_block *block, uint8_t *data, uint32_t len)
{
	struct packet_pool *pool = block->pool;
	struct packet *packet;

	assert(block->refs > 0);
	assert(data >= block->data && len <= PACKET_BLOCK_SIZE &&
	       (size_t)(data - block->data) <= PACKET_BLOCK_SIZE - len);
	if (!pool->free_packets)
		packet_slab_add(pool);
	packet = pool->free_packets;
	if (!packet)
		return NULL;
	pool->free_packets = packet->next;
	pool->packets_used++;
	block->refs++;
	packet->block = block;
	packet->next = NULL;
	packet->data = data;
	packet->len = len;
	packet->peer = 0;
	return packet;
}

void packet_free(struct packet *packet)
{
	struct packet_block *block = packet->block;
	struct packet_pool *pool = block->pool;

	packet->block = NULL;
	packet->next = pool->free_packets;
	pool->free_packets = packet;
	pool->packets_used--;
	packet_block_unref(block);
}

unsigned packet_pool_blocks_used(const struct packet_pool *pool)
{
	return pool->blocks_used;
}

unsigned packet_pool_packets_used(const struct packet_pool *pool)
{
	return pool->packets_used;
}

void packet_pool_trim(struct packet_pool *pool, unsigned keep)
{
	while (pool->free_blocks && pool->blocks - pool->blocks_used > keep) {
		struct packet_block *block = pool->free_blocks;

		pool->free_blocks = block->next_free;
		pool->blocks--;
		free(block);
	}
	/* Descriptors in use lie anywhere in the slabs, so it is all of them or none. */
	if (!pool->packets_used)
		packet_slabs_free(pool);
}
