#include "support/path_lab.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "net/mem.h"

#define BLOCKS 64
#define PACKETS 8192
#define BATCH_MAX 64		/* packets of one receive call, as io/udp has it */
#define PEER_PORT 80
#define FIRST_PEER 10		/* flow i goes to 10.9.0.(10 + i) */
#define FIRST_PORT 40000	/* of model peers that dial */
#define CHUNK 8192

/* lwIP's timers outlive a stack: time goes on from one lab to the next. */
static struct boot_time epoch = {1000 * NS_PER_S};

static struct addr lab_addr(uint8_t host)
{
	uint8_t bytes[4] = {10, 9, 0, host};

	return addr_v4(bytes);
}

/* The flow of a packet, by the last byte of the peer's address. */
static struct lab_flow *flow_of(struct lab *lab, const uint8_t *packet, size_t address_at)
{
	unsigned i = packet[address_at + 3] - FIRST_PEER;

	assert(packet[0] >> 4 == 4 && i < lab->plan.flow_count);
	return &lab->flows[i];
}

/* --- our side --- */

static bool resting(const struct lab *lab, const struct lab_flow *f)
{
	uint64_t ms = boot_since_ms(lab->now, lab->start);

	return f->plan.rest_ms && ms >= f->plan.rest_at_ms &&
	       ms < f->plan.rest_at_ms + f->plan.rest_ms;
}

static void flow_write(struct lab *lab, struct lab_flow *f)
{
	uint64_t total = f->plan.to_send ? f->plan.to_send : UINT64_MAX;
	struct iovec iov[2];
	unsigned count = 1;

	if (resting(lab, f) || f->shut)
		return;
	while (f->written < total && (count = net_stream_space(f->s, iov, 2))) {
		size_t placed = 0;

		for (unsigned i = 0; i < count; i++) {
			uint8_t *p = iov[i].iov_base;

			for (size_t at = 0, n; at < iov[i].iov_len && f->written + placed < total; at += n) {
				n = iov[i].iov_len - at < CHUNK ? iov[i].iov_len - at : CHUNK;
				if (n > total - f->written - placed)
					n = (size_t)(total - f->written - placed);
				memcpy(p + at, model_pattern(f->written + placed, n), n);
				placed += n;
			}
		}
		net_stream_commit(f->s, placed);
		f->written += placed;
	}
	f->full = !count;
	if (f->written == total) {
		net_stream_shutdown(f->s);
		f->shut = true;
	}
}

static void flow_ping(struct lab *lab, struct lab_flow *f)
{
	if (f->pinging && !net_stream_unacked(f->s)) {
		assert(f->ping_count < LAB_PINGS_MAX);
		f->pings[f->ping_count++] = boot_since_ns(lab->now, f->ping_at);
		f->ping_at = boot_add_ms(lab->now, f->plan.ping_ms);
		f->pinging = false;
	}
	if (f->pinging || !boot_reached(lab->now, f->ping_at))
		return;
	if (net_stream_write(f->s, model_pattern(f->written, LAB_PING_LEN), LAB_PING_LEN) != LAB_PING_LEN)
		abort();
	f->written += LAB_PING_LEN;
	f->ping_at = lab->now;
	f->pinging = true;
}

static void flow_read(struct lab_flow *f)
{
	struct iovec iov[16];
	unsigned count;

	while ((count = net_stream_peek(f->s, iov, 16))) {
		size_t taken = 0;

		for (unsigned i = 0; i < count; i++) {
			const uint8_t *p = iov[i].iov_base;

			for (size_t at = 0, n; at < iov[i].iov_len; at += n) {
				n = iov[i].iov_len - at < CHUNK ? iov[i].iov_len - at : CHUNK;
				if (memcmp(p + at, model_pattern(f->read + taken, n), n))
					abort();
				taken += n;
			}
		}
		net_stream_consume(f->s, taken);
		f->read += taken;
	}
}

static void take_events(struct lab *lab)
{
	struct net_stream *s;

	while ((s = net_stack_next_stream(lab->stack))) {
		struct lab_flow *f = net_stream_owner(s);
		unsigned events = net_stream_take_events(s);

		if (events & NET_EV_FAILED) {
			f->failed = true;
			continue;
		}
		f->connected |= (events & NET_EV_CONNECTED) != 0;
		f->full &= !(events & NET_EV_WRITABLE);
		flow_read(f);
	}
	for (unsigned i = 0; i < lab->plan.flow_count; i++) {
		struct lab_flow *f = &lab->flows[i];

		if (f->connected && !f->failed && f->plan.ping_ms)
			flow_ping(lab, f);
		else if (f->connected && !f->failed && !f->full && !lab->plan.downward)
			flow_write(lab, f);
	}
}

static void start_flows(struct lab *lab)
{
	for (unsigned i = 0; i < lab->plan.flow_count; i++) {
		struct lab_flow *f = &lab->flows[i];

		if (f->dialled || boot_since_ms(lab->now, lab->start) < f->plan.start_ms)
			continue;
		f->dialled = true;
		if (lab->plan.before_flow)
			lab->plan.before_flow(lab->stack, &f->plan);
		if (lab->plan.reference)
			model_peer_dial(&f->near, lab->now, &f->peer.local);
		else if (net_stream_connect(lab->stack, lab->now, &f->peer.local, f, &f->s))
			abort();
	}
}

static void note_burst(struct lab *lab, struct lab_flow *f, const uint8_t *packet, size_t len)
{
	if (!path_has_payload(packet, len))
		return;
	if (f->burst_at.ns != lab->now.ns)
		f->burst = 0;
	f->burst_at = lab->now;
	if (++f->burst > f->burst_most)
		f->burst_most = f->burst;
}

/* Bytes that wait in the socket. */
static uint64_t socket_bytes(const struct lab *lab)
{
	return boot_since_ns(lab->socket_free, lab->now) * lab->plan.socket.rate / 8 / NS_PER_S;
}

static bool socket_has_room(struct lab *lab)
{
	const struct lab_socket *s = &lab->plan.socket;

	if (s->rate)
		lab->socket_full = socket_bytes(lab) >= (lab->socket_full ? s->max / 2 : s->max);
	return !lab->socket_full;
}

/* When a socket that is full takes something again. */
static struct boot_time socket_next(const struct lab *lab)
{
	const struct lab_socket *s = &lab->plan.socket;
	uint64_t half_ns;

	if (!lab->socket_full)
		return BOOT_NEVER;
	half_ns = s->max / 2 * 8 * NS_PER_S / s->rate;
	return (struct boot_time){lab->socket_free.ns - half_ns + 1000};
}

/*
 * Whether the packet is too long for the path as it is by now; then the first router says so, at once (RFC 1191 4).
 * What may be fragmented passes.
 */
static bool is_too_big(struct lab *lab, const uint8_t *packet, size_t len)
{
	const struct lab_plan *plan = &lab->plan;
	struct addr router = lab_addr(1), us = lab_addr(2);

	if (!plan->narrow_to || len <= plan->narrow_to || !(packet[6] & 0x40) ||
	    boot_since_ms(lab->now, lab->start) < plan->narrow_at_ms)
		return false;
	if (!plan->silent)
		raw_make_icmp(&lab->too_big, &router, &us, 3, 4, plan->narrow_to, packet, 28);
	return true;
}

static void deliver_too_big(struct lab *lab)
{
	struct raw_packet p = lab->too_big;

	lab->too_big.len = 0;
	if (p.len)
		raw_feed(lab->stack, lab->pool, lab->now, &p, 1);
}

/* Sends the packet in the path's slot. */
static void send_up(struct lab *lab, struct lab_flow *f, size_t len)
{
	const uint8_t *slot = path_slot(lab->path);
	uint64_t ns = 0;

	if (is_too_big(lab, slot, len))
		return;
	note_burst(lab, f, slot, len);
	model_peer_watch(&f->peer, lab->now, slot, len);
	if (lab->plan.socket.rate) {
		ns = (len + PATH_OVERHEAD) * 8 * NS_PER_S / lab->plan.socket.rate;
		if (lab->socket_free.ns < lab->now.ns)
			lab->socket_free = lab->now;
		lab->socket_free = boot_add_ns(lab->socket_free, ns);
		ns = boot_since_ns(lab->socket_free, lab->now);
	}
	path_commit(lab->path, PATH_UP, lab->now, len, f->extra_ns + ns);
}

static void near_drain(struct lab *lab, struct lab_flow *f)
{
	size_t len;

	while (f->dialled && (len = model_peer_output(&f->near, lab->now, path_slot(lab->path))))
		send_up(lab, f, len);
}

static bool is_staging(const struct lab *lab)
{
	uint64_t ms = boot_since_ms(lab->now, lab->start);

	return lab->plan.stage_ms && ms >= lab->plan.stage_at_ms &&
	       ms < lab->plan.stage_at_ms + lab->plan.stage_ms;
}

static void stage(struct lab *lab, struct net_out *out)
{
	struct lab_staged *s = &lab->staged[lab->staged_count++];

	assert(lab->staged_count <= LAB_STAGED_MAX && out->len <= sizeof(s->bytes));
	s->len = out->len;
	net_out_stage(lab->stack, out, s->bytes, 1);
	s->flow = flow_of(lab, s->bytes, 16);
}

static void unstage(struct lab *lab)
{
	for (size_t i = 0; i < lab->staged_count; i++) {
		struct lab_staged *s = &lab->staged[i];

		memcpy(path_slot(lab->path), s->bytes, s->len);
		send_up(lab, s->flow, s->len);
	}
	if (lab->staged_count)
		net_stack_left(lab->stack, lab->now, 1);
	lab->staged_count = 0;
}

static void drain(struct lab *lab)
{
	struct net_out out;

	for (unsigned i = 0; lab->plan.reference && i < lab->plan.flow_count; i++)
		near_drain(lab, &lab->flows[i]);
	if (!is_staging(lab))
		unstage(lab);
	while (socket_has_room(lab) && net_stack_output(lab->stack, lab->now, &out)) {
		uint8_t *slot = path_slot(lab->path);

		if (is_staging(lab)) {
			stage(lab, &out);
			continue;
		}
		net_out_copy(lab->stack, &out, slot);
		send_up(lab, flow_of(lab, slot, 16), out.len);
	}
}

/* --- the path --- */

static void peer_drain(struct lab *lab, struct lab_flow *f)
{
	size_t len;

	while ((len = model_peer_output(&f->peer, lab->now, path_slot(lab->path))))
		path_commit(lab->path, PATH_DOWN, lab->now, len, f->extra_ns);
}

static void deliver_up(struct lab *lab)
{
	struct path_arrival a;
	unsigned touched = 0;

	while (path_take(lab->path, PATH_UP, lab->now, &a)) {
		struct lab_flow *f = flow_of(lab, a.bytes, 16);

		model_peer_input(&f->peer, lab->now, a.bytes, a.len, a.copy);
		if (lab->plan.batched)
			touched |= 1u << (f - lab->flows);
		else
			peer_drain(lab, f);
	}
	for (unsigned i = 0; i < lab->plan.flow_count; i++) {
		if (touched >> i & 1)
			peer_drain(lab, &lab->flows[i]);
	}
}

static void deliver_near(struct lab *lab)
{
	struct path_arrival a;

	while (path_take(lab->path, PATH_DOWN, lab->now, &a)) {
		struct lab_flow *f = flow_of(lab, a.bytes, 12);

		model_peer_heard(&f->peer, lab->now, a.bytes, a.len);
		model_peer_input(&f->near, lab->now, a.bytes, a.len, a.copy);
		near_drain(lab, f);
	}
}

/* What has arrived, up to a batch, in receive blocks as UDP_GRO packs them. False: nothing. */
static bool deliver_down(struct lab *lab)
{
	struct packet *batch = NULL, **link = &batch;
	struct packet_block *block = packet_block_get(lab->pool);
	struct path_arrival a;
	size_t used = 0;

	assert(block);
	for (unsigned n = 0; n < BATCH_MAX && used + lab->plan.mtu <= PACKET_BLOCK_SIZE &&
			     path_take(lab->path, PATH_DOWN, lab->now, &a);
	     n++) {
		model_peer_heard(&flow_of(lab, a.bytes, 12)->peer, lab->now, a.bytes, a.len);
		memcpy(block->data + used, a.bytes, a.len);
		*link = packet_get(block, block->data + used, (uint32_t)a.len);
		assert(*link);
		link = &(*link)->next;
		used += a.len;
	}
	packet_block_unref(block);
	if (batch)
		net_stack_input(lab->stack, lab->now, batch);
	return batch != NULL;
}

static struct boot_time next_time(const struct lab *lab)
{
	struct boot_time at = boot_min(path_next(lab->path), net_stack_deadline(lab->stack));

	if (lab->too_big.len)
		return lab->now;
	at = boot_min(at, socket_next(lab));
	if (lab->staged_count)
		at = boot_min(at, boot_add_ms(lab->start, lab->plan.stage_at_ms + lab->plan.stage_ms));
	for (unsigned i = 0; i < lab->plan.flow_count; i++) {
		const struct lab_flow *f = &lab->flows[i];
		uint64_t rest_end = f->plan.rest_at_ms + f->plan.rest_ms;

		at = boot_min(at, model_peer_deadline(&f->peer));
		at = boot_min(at, model_peer_deadline(&f->near));
		if (!f->dialled)
			at = boot_min(at, boot_add_ms(lab->start, f->plan.start_ms));
		else if (resting(lab, f))
			at = boot_min(at, boot_add_ms(lab->start, rest_end));
		if (f->plan.ping_ms && f->connected && !f->pinging)
			at = boot_min(at, f->ping_at);
	}
	return at;
}

void lab_step(struct lab *lab, struct boot_time limit)
{
	struct boot_time next;

	start_flows(lab);
	take_events(lab);
	drain(lab);
	next = boot_min(next_time(lab), limit);
	if (next.ns > lab->now.ns)
		lab->now = next;
	lab->steps++;
	deliver_too_big(lab);
	deliver_up(lab);
	if (lab->plan.reference)
		deliver_near(lab);
	while (!lab->plan.reference && deliver_down(lab))
		take_events(lab);
	for (unsigned i = 0; i < lab->plan.flow_count; i++) {
		struct lab_flow *f = &lab->flows[i];

		if (boot_reached(lab->now, model_peer_deadline(&f->near)))
			model_peer_tick(&f->near, lab->now);
		if (!boot_reached(lab->now, model_peer_deadline(&f->peer)))
			continue;
		model_peer_tick(&f->peer, lab->now);
		peer_drain(lab, f);
	}
	if (boot_reached(lab->now, net_stack_deadline(lab->stack)))
		net_stack_tick(lab->stack, lab->now);
}

void lab_run(struct lab *lab, uint64_t until_ms)
{
	struct boot_time limit = boot_add_ms(lab->start, until_ms);

	while (lab->now.ns < limit.ns)
		lab_step(lab, limit);
}

/* --- figures and life --- */

void lab_forget(struct lab *lab)
{
	path_forget_queue(lab->path);
	for (unsigned i = 0; i < lab->plan.flow_count; i++)
		lab->flows[i].burst = lab->flows[i].burst_most = 0;
}

static int compare_ns(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

uint64_t lab_ping_us(struct lab *lab, unsigned flow, unsigned percent)
{
	struct lab_flow *f = &lab->flows[flow];

	if (!f->ping_count)
		return 0;
	qsort(f->pings, f->ping_count, sizeof(*f->pings), compare_ns);
	return f->pings[(f->ping_count - 1) * percent / 100] / 1000;
}

uint64_t lab_flow_bytes(const struct lab *lab, unsigned flow)
{
	const struct lab_flow *f = &lab->flows[flow];

	if (lab->plan.reference)
		return f->near.stats.bytes;
	return lab->plan.downward ? f->read : f->peer.stats.bytes;
}

struct lab *lab_new(const struct lab_plan *plan)
{
	static struct lab lab;
	static struct prefix own;
	struct net_config config;

	assert(plan->flow_count && plan->flow_count <= LAB_FLOWS_MAX);
	memset(&lab, 0, sizeof(lab));
	lab.plan = *plan;
	if (!lab.plan.mtu)
		lab.plan.mtu = 1420;
	lab.now = lab.start = boot_add_ms(epoch, 1000);
	own = (struct prefix){lab_addr(2), 32};
	lab.rng = rng_seeded_init(&lab.seed, plan->seed);
	lab.pool = packet_pool_new(BLOCKS, PACKETS);
	config = (struct net_config){
		.addresses = &own, .address_count = 1, .mtu = lab.plan.mtu,
		.rng = &lab.rng, .streams_max = LAB_FLOWS_MAX, .congestion = plan->congestion,
	};
	lab.stack = net_stack_new(&config, lab.now);
	assert(lab.pool && lab.stack);
	lab.path = path_new(&lab.plan.up, &lab.plan.down,
			    lab.plan.mtu > MODEL_PACKET_MAX ? lab.plan.mtu : MODEL_PACKET_MAX,
			    plan->seed, lab.start);
	for (unsigned i = 0; i < plan->flow_count; i++) {
		struct lab_flow *f = &lab.flows[i];
		struct endpoint at = {.addr = lab_addr((uint8_t)(FIRST_PEER + i)), .port = PEER_PORT};

		f->plan = plan->flows[i];
		f->extra_ns = f->plan.extra_ms * NS_PER_MS / 2;
		model_peer_init(&f->peer, &lab.plan.peer, &at, rng_u32(&lab.rng));
		at = (struct endpoint){.addr = lab_addr(2), .port = (uint16_t)(FIRST_PORT + i)};
		model_peer_init(&f->near, &lab.plan.near, &at, 1000);
		f->peer.options.prompt |= f->plan.ping_ms != 0;
	}
	return &lab;
}

void lab_free(struct lab *lab)
{
	struct net_out out;

	epoch = lab->now;
	for (unsigned i = 0; i < lab->plan.flow_count; i++) {
		if (lab->flows[i].s)
			net_stream_abort(lab->flows[i].s);
		model_peer_fini(&lab->flows[i].peer);
		model_peer_fini(&lab->flows[i].near);
	}
	while (net_stack_output(lab->stack, lab->now, &out))
		net_out_drop(lab->stack, &out);
	for (unsigned i = 0; i < NET_BROKEN_COUNT; i++)
		assert(!net_stack_broken(lab->stack)[i]);
	net_stack_free(lab->stack);
	assert(net_mem_count() == 0);
	assert(packet_pool_packets_used(lab->pool) == 0);
	assert(packet_pool_blocks_used(lab->pool) == 0);
	packet_pool_free(lab->pool);
	path_free(lab->path);
}
