/*
 * Stands in for io/udp: what is committed becomes datagrams of a network in memory that takes SIM_WAY_MS for each,
 * loses none, and keeps their order. Its other ends are the test's (support/sim_node.h).
 */
#ifndef CULVERT_TESTS_SUPPORT_SIM_UDP_H
#define CULVERT_TESTS_SUPPORT_SIM_UDP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/err.h"
#include "io/memlimit.h"
#include "io/sys.h"
#include "io/udp.h"

#define SIM_WAY_MS 10
#define SIM_FLIGHTS_MAX 1024
#define SIM_BATCH_MAX 64
#define SIM_DATAGRAM_MAX 2048

struct sim_flight {
	struct boot_time at;
	struct endpoint src, dst;
	size_t len;
	uint8_t bytes[SIM_DATAGRAM_MAX];
};

struct io_udp {
	struct io_udp_config config;
	struct io_udp_counters counters;
	struct sim_flight batch[SIM_BATCH_MAX];
	unsigned count;
};

static struct {
	struct io_udp *udp;
	struct endpoint near;		/* the node's address */
	struct sim_flight flights[SIM_FLIGHTS_MAX];	/* by time */
	unsigned count;
	bool full;			/* the system has no room for what is sent */
} sim_net;

static inline void sim_fly(const struct sim_flight *flight, struct boot_time at)
{
	unsigned i = sim_net.count;

	assert_true(i < SIM_FLIGHTS_MAX);
	while (i > 0 && sim_net.flights[i - 1].at.ns > at.ns)
		i--;
	memmove(&sim_net.flights[i + 1], &sim_net.flights[i], (sim_net.count - i) * sizeof(*flight));
	sim_net.flights[i] = *flight;
	sim_net.flights[i].at = at;
	sim_net.count++;
}

/* The next datagram that has arrived by `now`, if there is one. */
static inline bool sim_land(struct boot_time now, struct sim_flight *out)
{
	if (!sim_net.count || sim_net.flights[0].at.ns > now.ns)
		return false;
	*out = sim_net.flights[0];
	sim_net.count--;
	memmove(&sim_net.flights[0], &sim_net.flights[1], sim_net.count * sizeof(*out));
	return true;
}

int io_udp_new(const struct io_udp_config *config, struct io_udp **out)
{
	struct io_udp *udp = calloc(1, sizeof(*udp));

	if (!udp)
		return ERR_NOMEM;
	udp->config = *config;
	sim_net.udp = *out = udp;
	return 0;
}

void io_udp_free(struct io_udp *udp)
{
	sim_net.udp = NULL;
	free(udp);
}

uint16_t io_udp_port(const struct io_udp *udp)
{
	(void)udp;
	return sim_net.near.port;
}

bool io_udp_has_family(const struct io_udp *udp, enum addr_family family)
{
	(void)udp;
	return family == sim_net.near.addr.family;
}

size_t io_udp_receive_buffer(const struct io_udp *udp)
{
	(void)udp;
	return IO_UDP_BUFFER;
}

bool io_udp_is_waiting(const struct io_udp *udp)
{
	return sim_net.full && udp->count > 0;
}

bool io_udp_has_room(struct io_udp *udp, size_t max_len)
{
	(void)max_len;
	if (udp->count == SIM_BATCH_MAX)
		io_udp_flush(udp);
	return udp->count < SIM_BATCH_MAX;
}

uint8_t *io_udp_slot(struct io_udp *udp, const struct endpoint *dst, size_t max_len)
{
	assert_true(max_len <= SIM_DATAGRAM_MAX);
	if (!io_udp_has_room(udp, max_len))
		return NULL;
	udp->batch[udp->count].dst = *dst;
	return udp->batch[udp->count].bytes;
}

void io_udp_commit(struct io_udp *udp, size_t len)
{
	udp->batch[udp->count].src = sim_net.near;
	udp->batch[udp->count++].len = len;
}

void io_udp_flush(struct io_udp *udp)
{
	struct boot_time at = boot_add_ms(io_loop_now(udp->config.loop), SIM_WAY_MS);

	if (udp->config.before_send)
		udp->config.before_send(udp->config.ctx);
	if (sim_net.full)
		return;
	for (unsigned i = 0; i < udp->count; i++)
		sim_fly(&udp->batch[i], at);
	udp->count = 0;
}

const struct io_udp_counters *io_udp_counters(const struct io_udp *udp)
{
	return &udp->counters;
}

enum io_udp_trouble io_udp_trouble(const struct io_udp *udp, const struct endpoint *dst, struct boot_time since)
{
	(void)udp;
	(void)dst;
	(void)since;
	return IO_UDP_FINE;
}

void io_udp_trim(struct io_udp *udp)
{
	(void)udp;
}

/* A datagram arrives at the node; on_batch_end is to follow. */
static inline void sim_udp_receive(const struct sim_flight *f)
{
	struct io_udp *udp = sim_net.udp;
	struct packet_block *block = packet_block_get(udp->config.pool);

	/* Lost for want of a place, as in io/udp. */
	if (!block)
		return;
	memcpy(block->data, f->bytes, f->len);
	udp->config.on_datagram(udp->config.ctx, &f->src, block, block->data, f->len);
	packet_block_unref(block);
}

/* --- the rest of io/ that a tunnel asks --- */

size_t memlimit_read(const char *root)
{
	(void)root;
	return 0;
}

void io_memory_trim(void)
{
}

#endif
