#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/crypto.h"
#include "support/wg_sim.h"

/* Two nodes over a bad network, seeded: what must hold whatever happens. */

static struct sim sim;

static void begin(uint64_t seed)
{
	sim_init(&sim, seed);
	sim_join(&sim, NULL);
}

/* No packet twice, and no confusion of packets (sim_deliver checks the peer). */
static void assert_sane(void)
{
	assert_int_equal(sim.node[0].duplicates, 0);
	assert_int_equal(sim.node[1].duplicates, 0);
	assert_int_equal(sim_drops(&sim, 0, WG_DROP_TAG) + sim_drops(&sim, 1, WG_DROP_TAG), 0);
}

static void test_traffic_survives_loss_reordering_and_duplication(void **state)
{
	uint64_t seed;
	unsigned i;

	(void)state;
	for (seed = 100; seed < 120; seed++) {
		begin(seed);
		sim.jitter_ms = 200;
		sim.loss_percent = 10 + (unsigned)seed % 3 * 10;
		sim.duplicate_percent = 20;
		for (i = 0; i < 2000; i++) {
			sim_send(&sim, i % 2, (uint16_t)i, i % 800);
			sim_run(&sim, 300);
		}
		sim_run(&sim, 10000);
		assert_sane();
		/* Ten minutes with several renewals: only the network's own losses are lost. */
		assert_true(sim.node[0].received + sim.node[1].received > 2000 * 60 / 100);
		assert_in_range(sim.node[0].sent_by_type[WG_MSG_INITIATION] +
				sim.node[1].sent_by_type[WG_MSG_INITIATION], 4, 40);
		sim_fini(&sim);
	}
}

static void test_heavy_loss_only_delays_the_session(void **state)
{
	uint64_t seed;
	unsigned got = 0;

	(void)state;
	for (seed = 200; seed < 240; seed++) {
		begin(seed);
		sim.loss_percent = 50;
		sim_send(&sim, 0, 1, 0);
		sim_run(&sim, 89000);
		got += wg_peer_has_session(sim.node[0].peer, sim.now);
		sim_fini(&sim);
	}
	assert_true(got >= 38);
}

static void test_clock_jumps_end_in_a_working_session(void **state)
{
	static const uint64_t jumps_ms[] = {1000, 30000, 130000, 200000, 600000, 86400000};
	uint64_t seed;
	unsigned i, before;

	(void)state;
	for (seed = 300; seed < 330; seed++) {
		begin(seed);
		sim.loss_percent = 0;
		for (i = 0; i < 60; i++) {
			sim_send(&sim, rng_below(&sim.rng, 2), (uint16_t)i, 10);
			sim_run(&sim, rng_below(&sim.rng, 20000));
			sim_freeze(&sim, jumps_ms[rng_below(&sim.rng, ARRAY_LEN(jumps_ms))]);
		}
		sim_run(&sim, 20000);
		before = sim.node[0].received + sim.node[1].received;
		sim_send(&sim, 0, 1000, 10);
		sim_send(&sim, 1, 1001, 10);
		sim_run(&sim, 6000);
		assert_int_equal(sim.node[0].received + sim.node[1].received, before + 2);
		assert_sane();
		sim_fini(&sim);
	}
}

static void test_outage_of_any_length_heals(void **state)
{
	uint64_t outage;
	unsigned before;

	(void)state;
	for (outage = 1000; outage < 2000000; outage = outage * 3 / 2) {
		begin(400 + outage);
		sim_send(&sim, 0, 1, 0);
		sim_run(&sim, 1000);
		sim.node[0].deaf = sim.node[1].deaf = true;
		sim_send(&sim, 0, 2, 0);
		sim_send(&sim, 1, 3, 0);
		sim_run(&sim, outage);
		sim.node[0].deaf = sim.node[1].deaf = false;
		sim_send(&sim, 0, 4, 0);
		sim_send(&sim, 1, 5, 0);
		sim_run(&sim, 16000);
		before = sim.node[0].received + sim.node[1].received;
		sim_send(&sim, 0, 6, 0);
		sim_send(&sim, 1, 7, 0);
		sim_run(&sim, 6000);
		assert_in_range(sim.node[0].received + sim.node[1].received, before + 2,
				before + 4);
		assert_sane();
		sim_fini(&sim);
	}
}

/* Both nodes come and go at random; keys are erased, indices freed, nothing leaks or sticks. */
static void test_long_life_leaves_nothing_behind(void **state)
{
	unsigned i;

	(void)state;
	begin(500);
	sim.jitter_ms = 50;
	sim.loss_percent = 5;
	for (i = 0; i < 3000; i++) {
		if (rng_below(&sim.rng, 3) == 0)
			sim_send(&sim, rng_below(&sim.rng, 2), (uint16_t)i,
				 rng_below(&sim.rng, 1300));
		if (rng_below(&sim.rng, 50) == 0)
			sim.node[rng_below(&sim.rng, 2)].deaf ^= true;
		sim_run(&sim, rng_below(&sim.rng, 40000));
		assert_true(sim.node[0].dev->indices.count <= 4);
		assert_true(sim.node[1].dev->indices.count <= 4);
	}
	sim.node[0].deaf = sim.node[1].deaf = false;
	sim_run(&sim, 4 * WG_ERASE_AFTER_MS);
	assert_int_equal(sim.node[0].dev->indices.count, 0);
	assert_int_equal(sim.node[1].dev->indices.count, 0);
	assert_int_equal(sim.node[0].dev->staged.total, 0);
	assert_int_equal(wg_device_deadline(sim.node[0].dev).ns, BOOT_NEVER.ns);
	assert_int_equal(wg_device_deadline(sim.node[1].dev).ns, BOOT_NEVER.ns);
	assert_sane();
	sim_fini(&sim);
}

/* `count` more peers of node 0, which can be sent to and never answer. */
static void add_silent_peers(unsigned count, struct wg_peer **out)
{
	struct wg_peer_config config = {0};
	unsigned i;

	for (i = 0; i < count; i++) {
		rng_bytes(&sim.rng, config.public_key.bytes, KEY_LEN);
		assert_int_equal(wg_device_add_peer(sim.node[0].dev, &config, &out[i]), 0);
	}
}

/* What waits for peers that do not answer takes no room from one that does. */
static void test_silent_peers_do_not_starve_a_neighbour(void **state)
{
	const unsigned counts[] = {16, 100, 3000};
	static struct wg_peer *silent[3000];
	uint8_t inner[1400] = {0x45};
	unsigned c, i, j, share;

	(void)state;
	for (c = 0; c < 3; c++) {
		begin(600 + c);
		add_silent_peers(counts[c], silent);
		for (j = 0; j < WG_STAGED_PER_PEER; j++)
			for (i = 0; i < counts[c]; i++)
				wg_peer_queue(silent[i], sim.now, inner, sizeof(inner));
		share = WG_STAGED_TOTAL / (counts[c] + 1);
		share = share < WG_STAGED_OWN ? WG_STAGED_OWN : share;
		for (i = 0; i < share; i++)
			sim_send(&sim, 0, (uint16_t)i, 10);
		sim_run(&sim, 5);
		for (i = 0; i < counts[c]; i++)
			wg_peer_queue(silent[i], sim.now, inner, sizeof(inner));
		sim_run(&sim, 100);
		assert_int_equal(sim.node[1].received, share);
		sim_fini(&sim);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_traffic_survives_loss_reordering_and_duplication),
		cmocka_unit_test(test_heavy_loss_only_delays_the_session),
		cmocka_unit_test(test_clock_jumps_end_in_a_working_session),
		cmocka_unit_test(test_outage_of_any_length_heals),
		cmocka_unit_test(test_long_life_leaves_nothing_behind),
		cmocka_unit_test(test_silent_peers_do_not_starve_a_neighbour),
	};

	return cmocka_run_group_tests(tests, setup_crypto, NULL);
}
