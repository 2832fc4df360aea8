/*
 * Received packets without copies. A `packet_block` is a large receive buffer that holds one
 * datagram or, with UDP_GRO, up to about 45 of them; a `packet` describes one inner packet inside
 * it. Each packet holds a reference to its block, and the block returns to its pool with the last
 * one (reference counts because packets of one block end in different connections). The headroom
 * is opaque here: net/ keeps its pbuf there and asserts that it fits.
 *
 * Limits: a pool never holds more blocks or packets than given at creation; running out is normal
 * and means "drop, or read later".
 */
#ifndef CULVERT_BASE_PACKET_H
#define CULVERT_BASE_PACKET_H

#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

/* One UDP_GRO batch: the largest UDP payload, rounded up. */
#define PACKET_BLOCK_SIZE 65536
#define PACKET_HEADROOM 64

struct packet_pool;

struct packet_block {
	struct packet_pool *pool;
	struct packet_block *next_free;
	unsigned refs;
	alignas(64) uint8_t data[PACKET_BLOCK_SIZE];
};

struct packet {
	alignas(16) unsigned char headroom[PACKET_HEADROOM];
	struct packet_block *block;
	struct packet *next;	/* for the current owner's lists */
	uint8_t *data;		/* inside block->data */
	uint32_t len;
	uint32_t peer;		/* id of the WireGuard peer that proved it; 0: nobody yet */
};

/* A pool of at most `max_blocks` blocks and `max_packets` packets, allocated when first needed. */
struct packet_pool *packet_pool_new(unsigned max_blocks, unsigned max_packets);
/* All blocks and packets must have come back (asserted). */
void packet_pool_free(struct packet_pool *pool);

/* A block with one reference, owned by the caller, or NULL when the pool is used up. */
struct packet_block *packet_block_get(struct packet_pool *pool);
void packet_block_ref(struct packet_block *block);
void packet_block_unref(struct packet_block *block);

/* Describes `len` bytes at `data` inside `block` (takes a reference of its own), or NULL. */
struct packet *packet_get(struct packet_block *block, uint8_t *data, uint32_t len);
void packet_free(struct packet *packet);

/* Blocks and packets handed out at present. */
unsigned packet_pool_blocks_used(const struct packet_pool *pool);
unsigned packet_pool_packets_used(const struct packet_pool *pool);

/* Gives unused blocks beyond `keep` back to the system: called when the loop has been idle. */
void packet_pool_trim(struct packet_pool *pool, unsigned keep);

#endif
