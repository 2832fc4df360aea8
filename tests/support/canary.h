/*
 * Memory that was never sent or received must not come out: what the stack gets is filled with CANARY
 * before, which no packet of the test contains.
 */
#ifndef CULVERT_TESTS_SUPPORT_CANARY_H
#define CULVERT_TESTS_SUPPORT_CANARY_H

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/packet.h"
#include "net/mem.h"
#include "support/net_raw.h"

#define CANARY 0xc5

/* Leaves CANARY in whatever memory the stack gets next. */
static inline void canary_fill(struct packet_pool *pool)
{
	static const size_t sizes[] = {64, 128, 200, 256, 500, 1000, 1500, 2000, 4000};
	static void *held[ARRAY_LEN(sizes) * 40];
	struct packet_block *blocks[8];
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		for (unsigned k = 0; k < 40; k++) {
			held[count] = net_mem_malloc(sizes[i]);
			assert(held[count]);
			memset(held[count++], CANARY, sizes[i]);
		}
	}
	while (count)
		net_mem_free(held[--count]);
	for (size_t i = 0; i < ARRAY_LEN(blocks); i++) {
		blocks[i] = packet_block_get(pool);
		memset(blocks[i]->data, CANARY, sizeof(blocks[i]->data));
	}
	for (size_t i = 0; i < ARRAY_LEN(blocks); i++)
		packet_block_unref(blocks[i]);
}

/* Ends the program if a packet of ours contains it. */
static inline void canary_check(const struct raw_packet *p)
{
	unsigned run = 0;

	for (size_t i = 0; i < p->len; i++) {
		run = p->bytes[i] == CANARY ? run + 1 : 0;
		if (run == 4) {
			fprintf(stderr, "foreign memory in a packet of ours, byte %zu\n", i);
			abort();
		}
	}
}

#endif
