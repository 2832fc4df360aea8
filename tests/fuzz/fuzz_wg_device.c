/*
 * Hostile datagrams against a device that has a peer and a live session. The input is a script of
 * steps; keys come from a fixed seed, so the steps can reuse genuine messages: raw bytes, messages
 * of the peer that are cut, changed and given a right mac1 again, inner packets that the peer
 * seals, and time. Whatever happens, packets are never confused and a fresh exchange must work in
 * the end.
 */
#include <stdlib.h>

#include "base/rd.h"
#include "support/crypto.h"
#include "support/wg_sim.h"

#define STEPS_MAX 64
#define ARRAY_MAX 8

static struct sim sim;

static void to_node(struct sim_datagram *d, unsigned node)
{
	struct wg_inner inner;

	if (wg_device_input(sim.node[node].dev, sim.now, &d->src, d->bytes, d->len, &inner) ==
	    WG_DATA) {
		assert(inner.peer == sim.node[node].peer);
		assert(inner.data >= d->bytes && inner.len <= d->len);
		assert(inner.data + inner.len <= d->bytes + d->len);
	}
}

static void step_raw(struct rd *r)
{
	struct sim_datagram d = {.src = sim_endpoint(7, 7)};
	size_t len = rd_be16(r) % SIM_PACKET_MAX;

	d.len = len < r->left ? len : r->left;
	rd_copy(r, d.bytes, d.len);
	to_node(&d, 1);
}

static void step_changed(struct rd *r)
{
	struct sim_datagram d = sim.last[1 + rd_u8(r) % 4];
	unsigned node = rd_u8(r) & 1, at = rd_be16(r), change = rd_u8(r), cut = rd_u8(r);
	struct wg_cookie_jar jar = {0};

	if (d.len == 0)
		return;
	d.bytes[at % d.len] ^= (uint8_t)change;
	if (cut < 128)
		d.len -= cut % d.len;
	if (d.len >= WG_MACS_LEN && (d.bytes[0] == WG_MSG_INITIATION ||
				     d.bytes[0] == WG_MSG_RESPONSE))
		wg_cookie_sign(&jar, sim.now, wg_device_public_key(sim.node[node].dev), d.bytes,
			       d.len);
	to_node(&d, node);
}

static void step_inner(struct rd *r)
{
	struct sim_node *n = &sim.node[0];
	struct sim_datagram d = {.src = n->endpoint};
	size_t len = rd_be16(r) % SIM_MTU;
	int sealed;

	len = len < r->left ? len : r->left;
	rd_copy(r, d.bytes + WG_DATA_HEADER_LEN, len);
	sealed = wg_peer_seal(n->peer, sim.now, d.bytes, len);
	if (sealed <= 0)
		return;
	d.len = (size_t)sealed;
	to_node(&d, 1);
}

static void change(struct sim_datagram *d, unsigned at, unsigned how)
{
	if (d->len)
		d->bytes[at % d->len] ^= (uint8_t)how;
}

/* Several datagrams of the peer at once: some twice, some changed. */
static void step_array(struct rd *r)
{
	static struct sim_datagram d[ARRAY_MAX];
	struct wg_datagram array[ARRAY_MAX];
	struct sim_node *n = &sim.node[0];
	size_t i, count = 1 + rd_u8(r) % ARRAY_MAX;

	for (i = 0; i < count; i++) {
		unsigned how = rd_u8(r), size = rd_u8(r);
		int sealed = 0;

		if (how & 1 && i > 0) {
			d[i] = d[i - 1];
		} else {
			d[i] = (struct sim_datagram){.src = n->endpoint};
			sealed = wg_peer_seal(n->peer, sim.now, d[i].bytes,
					      sim_inner(n, &sim.node[1], 3, size, d[i].bytes + WG_DATA_HEADER_LEN));
			d[i].len = sealed > 0 ? (size_t)sealed : 0;
		}
		if (how & 2)
			change(&d[i], rd_u8(r), how);
		array[i] = (struct wg_datagram){.src = d[i].src, .data = d[i].bytes, .len = d[i].len};
	}
	wg_device_input_array(sim.node[1].dev, sim.now, array, count);
	for (i = 0; i < count; i++) {
		if (array[i].verdict != WG_DATA)
			continue;
		assert(array[i].inner.peer == sim.node[1].peer);
		assert(array[i].inner.data == d[i].bytes + WG_DATA_HEADER_LEN);
		assert(array[i].inner.len + WG_OVERHEAD_LEN <= d[i].len);
	}
}

static void step(struct rd *r)
{
	unsigned what = rd_u8(r);

	/* Apart, so that the corpus keeps its meaning. */
	if (what >= 250) {
		step_array(r);
		return;
	}
	switch (what % 5) {
	case 0:
		step_raw(r);
		break;
	case 1:
		step_changed(r);
		break;
	case 2:
		step_inner(r);
		break;
	case 3:
		sim_run(&sim, rd_be16(r));
		break;
	default:
		sim_send(&sim, rd_u8(r) & 1, 1, rd_u8(r));
		sim_drain(&sim);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd r = rd_init(data, size);
	unsigned steps, before;

	if (setup_crypto(NULL))
		abort();
	sim_init(&sim, 1);
	sim_join(&sim, NULL);
	sim_send(&sim, 0, 1, 0);
	sim_run(&sim, 100);
	for (steps = 0; steps < STEPS_MAX && r.left > 0; steps++)
		step(&r);
	/* Longer than any attempt or freeze takes to settle. */
	sim_run(&sim, 1000000);
	before = sim.node[1].received;
	sim_send(&sim, 0, 2, 0);
	sim_run(&sim, 6000);
	assert(sim.node[1].received == before + 1);
	sim_fini(&sim);
	return 0;
}
