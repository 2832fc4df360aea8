/*
 * WireGuard nodes in one process, joined by a network that delays, loses, duplicates and reorders,
 * under a clock that only moves when told. Everything follows from a seed.
 *
 *	sim_init, sim_join, sim_learn	nodes and who knows whom (support/wg_nodes.h)
 *	sim_send			an inner packet, as a driver would send it
 *	sim_run				time passes: packets arrive, timers run
 *	sim_freeze			time passes and nothing runs
 */
#ifndef CULVERT_TESTS_WG_SIM_H
#define CULVERT_TESTS_WG_SIM_H

#include "support/wg_nodes.h"

static inline bool sim_chance(struct sim *s, unsigned percent)
{
	return percent > 0 && rng_below(&s->rng, 100) < percent;
}

static inline void sim_fly(struct sim *s, const struct endpoint *src, const struct endpoint *dst,
			   const uint8_t *p, size_t len)
{
	struct sim_datagram *d;

	if (s->flights == SIM_FLIGHT_MAX)
		return;		/* a full network loses too */
	d = &s->flight[s->flights++];
	d->at = boot_add_ms(s->now, s->delay_ms);
	if (s->jitter_ms)
		d->at = boot_add_ms(d->at, rng_below(&s->rng, s->jitter_ms + 1));
	d->src = *src;
	d->dst = *dst;
	d->len = len;
	memcpy(d->bytes, p, len);
}

/* A node's datagram meets the network. */
static inline void sim_transmit(struct sim *s, struct sim_node *n, const struct endpoint *dst,
				const uint8_t *p, size_t len)
{
	struct sim_datagram *last = &s->last[p[0]];

	assert(p[0] >= 1 && p[0] <= 4 && len <= SIM_PACKET_MAX);
	n->sent_by_type[p[0]]++;
	last->src = n->endpoint;
	last->dst = *dst;
	last->len = len;
	memcpy(last->bytes, p, len);
	if (sim_chance(s, s->loss_percent))
		return;
	sim_fly(s, &n->endpoint, dst, p, len);
	if (sim_chance(s, s->duplicate_percent))
		sim_fly(s, &n->endpoint, dst, p, len);
}

/* Everything the nodes want to send, and their events. */
static inline void sim_drain(struct sim *s)
{
	uint8_t out[SIM_PACKET_MAX];
	struct endpoint dst;
	struct wg_event event;
	unsigned i;
	size_t len;

	for (i = 0; i < SIM_NODES; i++) {
		while ((len = wg_device_output(s->node[i].dev, s->now, sim_wall(s), out, sizeof(out),
					       &dst)))
			sim_transmit(s, &s->node[i], &dst, out, len);
		while (wg_device_event(s->node[i].dev, &event))
			s->node[i].events[event.type]++;
	}
}

/* An inner IPv4 packet from node to node that carries `id`. Returns its length. */
static inline size_t sim_inner(const struct sim_node *from, const struct sim_node *to, uint16_t id,
			       size_t payload, uint8_t *out)
{
	size_t len = 20 + 2 + payload;

	memset(out, 0, len);
	out[0] = 0x45;
	out[2] = (uint8_t)(len >> 8);
	out[3] = (uint8_t)len;
	out[12] = out[16] = 10;
	out[15] = from->inner_addr;
	out[19] = to->inner_addr;
	out[20] = (uint8_t)(id >> 8);
	out[21] = (uint8_t)id;
	return len;
}

/* As a driver sends: seal, or queue when there is no session. Without draining output. */
static inline void sim_send(struct sim *s, unsigned from, uint16_t id, size_t payload)
{
	struct sim_node *n = &s->node[from], *to = &s->node[!from];
	uint8_t slot[SIM_PACKET_MAX];
	size_t len = sim_inner(n, to, id, payload, slot + WG_DATA_HEADER_LEN);
	int sealed;

	sealed = wg_peer_seal(n->peer, s->now, slot, len);
	if (sealed > 0)
		sim_transmit(s, n, wg_peer_endpoint(n->peer), slot, (size_t)sealed);
	else
		wg_peer_queue(n->peer, s->now, slot + WG_DATA_HEADER_LEN, len);
}

/* Hands a datagram to the node that owns its destination. */
static inline enum wg_verdict sim_deliver(struct sim *s, struct sim_datagram *d)
{
	enum wg_verdict verdict = WG_DROPPED;
	struct wg_inner inner;
	struct sim_node *n;
	unsigned i, id;

	for (i = 0; i < SIM_NODES; i++) {
		n = &s->node[i];
		if (!endpoint_equal(&n->endpoint, &d->dst) || n->deaf)
			continue;
		verdict = wg_device_input(n->dev, s->now, &d->src, d->bytes, d->len, &inner);
		if (verdict != WG_DATA)
			continue;
		assert(inner.peer == n->peer && inner.len >= 22);
		id = (unsigned)inner.data[20] << 8 | inner.data[21];
		if (n->seen[id])
			n->duplicates++;
		n->seen[id] = 1;
		n->received++;
	}
	return verdict;
}

static inline struct boot_time sim_next(const struct sim *s, unsigned *flight)
{
	struct boot_time at = BOOT_NEVER;
	unsigned i;

	*flight = SIM_FLIGHT_MAX;
	for (i = 0; i < s->flights; i++) {
		if (s->flight[i].at.ns < at.ns) {
			at = s->flight[i].at;
			*flight = i;
		}
	}
	for (i = 0; i < SIM_NODES; i++) {
		if (wg_device_deadline(s->node[i].dev).ns < at.ns) {
			at = wg_device_deadline(s->node[i].dev);
			*flight = SIM_FLIGHT_MAX;
		}
	}
	return at;
}

/* Lets `ms` pass. */
static inline void sim_run(struct sim *s, uint64_t ms)
{
	struct boot_time end = boot_add_ms(s->now, ms), at;
	struct sim_datagram d;
	unsigned flight, i;

	sim_drain(s);
	while ((at = sim_next(s, &flight)).ns <= end.ns) {
		if (at.ns > s->now.ns)
			s->now = at;
		if (flight < SIM_FLIGHT_MAX) {
			d = s->flight[flight];
			s->flight[flight] = s->flight[--s->flights];
			(void)sim_deliver(s, &d);
		} else {
			for (i = 0; i < SIM_NODES; i++)
				wg_device_tick(s->node[i].dev, s->now);
		}
		sim_drain(s);
	}
	s->now = end;
}

/* The machine sleeps: time passes and nothing runs; what was in flight is lost. */
static inline void sim_freeze(struct sim *s, uint64_t ms)
{
	s->flights = 0;
	s->now = boot_add_ms(s->now, ms);
}

static inline uint64_t sim_drops(const struct sim *s, unsigned node, enum wg_drop reason)
{
	return wg_device_drops(s->node[node].dev)[reason];
}

static inline uint64_t sim_all_drops(const struct sim *s, unsigned node)
{
	uint64_t sum = 0;
	int i;

	for (i = 0; i < WG_DROP_COUNT; i++)
		sum += wg_device_drops(s->node[node].dev)[i];
	return sum;
}

#endif
