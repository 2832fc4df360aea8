/*
 * A network for one net_stack that talks to itself: what it sends comes back after a delay, with
 * seeded loss, duplication and reordering, in simulated time. Packets are packed into receive
 * blocks as UDP_GRO would. Included by scenario programs and benches.
 */
#ifndef TESTS_SUPPORT_NET_SIM_H
#define TESTS_SUPPORT_NET_SIM_H

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/packet.h"
#include "base/rng.h"
#include "net/stack.h"
#include "net/stream.h"

#define SIM_BLOCKS 256
#define SIM_PACKETS 16384
#define SIM_MTU_MAX 9000

#define SIM_COMMON 2048	/* packets up to this size are kept for reuse */

struct sim_packet {
	struct sim_packet *next;
	struct boot_time at;
	size_t len;
	uint8_t bytes[];
};

static struct sim_packet *sim_spare;

static inline struct sim_packet *sim_packet_new(size_t len)
{
	struct sim_packet *p = sim_spare;

	if (p && len <= SIM_COMMON)
		sim_spare = p->next;
	else
		p = malloc(sizeof(*p) + (len > SIM_COMMON ? len : SIM_COMMON));
	assert(p);
	p->len = len;
	return p;
}

static inline void sim_packet_free(struct sim_packet *p)
{
	if (p->len > SIM_COMMON) {
		free(p);
		return;
	}
	p->next = sim_spare;
	sim_spare = p;
}

struct sim {
	struct net_stack *stack;
	struct packet_pool *pool;
	struct rng_seeded seed;
	struct rng rng;
	struct boot_time now, start;
	struct sim_packet *head, **tail;	/* ordered by time */
	uint64_t delay_ns;
	struct {	/* a link that packets of one peer take, if it has a rate */
		uint32_t peer;
		uint64_t bytes_per_s, queue_ns;	/* what would wait longer is lost */
		struct boot_time free;
	} link;
	unsigned loss_ppm, dup_ppm, reorder_ppm, corrupt_ppm;
	size_t queue_max;	/* packets in flight beyond which they are lost; 0: no limit */
	size_t in_flight;
	uint64_t sent, lost, bytes;
	uint32_t (*peer_of)(const uint8_t *packet);	/* who has sent it; NULL: peer 0 */
	bool (*filter)(struct sim *sim, const uint8_t *packet, size_t len);	/* false: swallow */
	/* net_stack_input, or a bench's function that times it. */
	void (*input)(struct net_stack *stack, struct boot_time now, struct packet *batch);
	void *ctx;
};

/* lwIP's timers outlive a stack: simulated time goes on from one simulation to the next. */
static struct boot_time sim_epoch = {1000 * NS_PER_S};

/* `memory_max` and `socket_room` as in net_config. */
static inline void sim_init_within(struct sim *sim, uint64_t seed, const struct prefix *addresses,
				   size_t count, unsigned mtu, unsigned streams_max, size_t memory_max,
				   size_t socket_room)
{
	struct net_config config;

	memset(sim, 0, sizeof(*sim));
	sim->rng = rng_seeded_init(&sim->seed, seed);
	sim->now = boot_add_ms(sim_epoch, 1000);
	sim->start = sim->now;
	sim->pool = packet_pool_new(SIM_BLOCKS, SIM_PACKETS);
	sim->tail = &sim->head;
	sim->delay_ns = NS_PER_MS;
	sim->input = net_stack_input;
	config = (struct net_config){
		.addresses = addresses, .address_count = count, .mtu = mtu,
		.rng = &sim->rng, .streams_max = streams_max, .memory_max = memory_max,
		.socket_room = socket_room,
	};
	sim->stack = net_stack_new(&config, sim->now);
	assert(sim->pool && sim->stack);
}

static inline void sim_init(struct sim *sim, uint64_t seed, const struct prefix *addresses,
			    size_t count, unsigned mtu, unsigned streams_max)
{
	sim_init_within(sim, seed, addresses, count, mtu, streams_max, 0, 0);
}

static inline bool sim_chance(struct sim *sim, unsigned ppm)
{
	return ppm && rng_below(&sim->rng, 1000000) < ppm;
}

static inline uint32_t sim_peer_of(const struct sim *sim, const uint8_t *packet)
{
	return sim->peer_of ? sim->peer_of(packet) : 0;
}

/* When the last byte is on the wire; false: there is no room for it. */
static inline bool sim_leaves(struct sim *sim, const uint8_t *bytes, size_t len, struct boot_time *at)
{
	*at = sim->now;
	if (!sim->link.bytes_per_s || sim_peer_of(sim, bytes) != sim->link.peer)
		return true;
	if (sim->link.free.ns > sim->now.ns + sim->link.queue_ns)
		return false;
	if (sim->link.free.ns < sim->now.ns)
		sim->link.free = sim->now;
	sim->link.free = boot_add_ns(sim->link.free, len * NS_PER_S / sim->link.bytes_per_s);
	*at = sim->link.free;
	return true;
}

static inline void sim_insert(struct sim *sim, struct sim_packet *p)
{
	struct sim_packet **link = &sim->head;

	sim->in_flight++;
	if (sim->head && sim->tail != &sim->head) {
		struct sim_packet *last =
			CONTAINER_OF(sim->tail, struct sim_packet, next);

		if (last->at.ns <= p->at.ns)
			link = sim->tail;
	}
	while (*link && (*link)->at.ns <= p->at.ns)
		link = &(*link)->next;
	p->next = *link;
	*link = p;
	if (!p->next)
		sim->tail = &p->next;
}

/* Puts a packet on the wire as if the stack had sent it. */
static inline void sim_send(struct sim *sim, const uint8_t *bytes, size_t len)
{
	unsigned copies = sim_chance(sim, sim->dup_ppm) ? 2 : 1;
	struct boot_time leaves;

	sim->sent++;
	sim->bytes += len;
	if (sim_chance(sim, sim->loss_ppm) ||
	    (sim->queue_max && sim->in_flight >= sim->queue_max) || !sim_leaves(sim, bytes, len, &leaves)) {
		sim->lost++;
		return;
	}
	while (copies--) {
		struct sim_packet *p = sim_packet_new(len);

		memcpy(p->bytes, bytes, len);
		p->at = boot_add_ns(leaves, sim->delay_ns);
		if (sim_chance(sim, sim->reorder_ppm))
			p->at = boot_add_ns(p->at, rng_below(&sim->rng, 3000000));
		if (sim_chance(sim, sim->corrupt_ppm))
			p->bytes[rng_below(&sim->rng, (uint32_t)len)] ^= 0x40;
		sim_insert(sim, p);
	}
}

/* Moves everything that the stack wants to send onto the wire. Returns the number of packets. */
static inline size_t sim_drain(struct sim *sim)
{
	uint8_t slot[SIM_MTU_MAX];
	struct net_out out;
	size_t count = 0;

	while (net_stack_output(sim->stack, sim->now, &out)) {
		assert(out.len <= sizeof(slot));
		net_out_copy(sim->stack, &out, slot);
		count++;
		if (!sim->filter || sim->filter(sim, slot, out.len))
			sim_send(sim, slot, out.len);
	}
	return count;
}

/* Feeds the packets that have arrived, at most 64 at once. Returns how many. */
static inline size_t sim_deliver(struct sim *sim)
{
	struct packet *batch = NULL, **link = &batch;
	struct packet_block *block = NULL;
	size_t used = 0, count = 0;

	while (sim->head && sim->head->at.ns <= sim->now.ns && count < 64) {
		struct sim_packet *p = sim->head;
		struct packet *packet;

		if (!block || used + p->len > PACKET_BLOCK_SIZE) {
			if (block)
				packet_block_unref(block);
			block = packet_block_get(sim->pool);
			used = 0;
			if (!block)
				break;
		}
		memcpy(block->data + used, p->bytes, p->len);
		packet = packet_get(block, block->data + used, (uint32_t)p->len);
		if (!packet)
			break;
		packet->peer = sim_peer_of(sim, p->bytes);
		used += p->len;
		*link = packet;
		link = &packet->next;
		sim->head = p->next;
		if (!sim->head)
			sim->tail = &sim->head;
		sim->in_flight--;
		sim_packet_free(p);
		count++;
	}
	if (block)
		packet_block_unref(block);
	if (count)
		sim->input(sim->stack, sim->now, batch);
	return count;
}

/* The next moment at which something happens. */
static inline struct boot_time sim_next(const struct sim *sim)
{
	struct boot_time at = net_stack_deadline(sim->stack);

	return sim->head ? boot_min(at, sim->head->at) : at;
}

/* One round: output, time, input, timers. The caller handles events before and after. */
static inline void sim_step(struct sim *sim, struct boot_time limit)
{
	struct boot_time next;

	sim_drain(sim);
	next = boot_min(sim_next(sim), limit);
	if (next.ns > sim->now.ns)
		sim->now = next;
	sim_deliver(sim);
	if (boot_reached(sim->now, net_stack_deadline(sim->stack)))
		net_stack_tick(sim->stack, sim->now);
}

/* Frees everything; asserts that no packet and no block is left. */
static inline void sim_fini(struct sim *sim)
{
	sim_epoch = sim->now;
	net_stack_free(sim->stack);
	while (sim->head) {
		struct sim_packet *p = sim->head;

		sim->head = p->next;
		free(p);
	}
	while (sim_spare) {
		struct sim_packet *p = sim_spare;

		sim_spare = p->next;
		free(p);
	}
	assert(packet_pool_packets_used(sim->pool) == 0);
	assert(packet_pool_blocks_used(sim->pool) == 0);
	packet_pool_free(sim->pool);
}

#endif
