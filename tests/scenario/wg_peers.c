#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "support/crypto.h"
#include "support/wg_sim.h"
#include "wg/handshake.h"

/* Where a peer is, whether it is heard, and what it is told of the time, under a scripted clock. */

static struct sim sim;

static void setup(void)
{
	sim_init(&sim, 42);
	sim_join(&sim, NULL);
}

/* Node 0 has initiated, both have a session, nothing is pending. */
static void setup_session(void)
{
	setup();
	sim_send(&sim, 0, 1, 0);
	sim_run(&sim, 100);
	sim_send(&sim, 1, 2, 0);
	sim_run(&sim, 100);
	assert_int_equal(sim.node[1].received, 1);
	assert_int_equal(sim.node[0].received, 1);
}

static unsigned sent(unsigned node, enum wg_message_type type)
{
	return sim.node[node].sent_by_type[type];
}

static void forget_counts(void)
{
	unsigned i;

	for (i = 0; i < SIM_NODES; i++) {
		memset(sim.node[i].sent_by_type, 0, sizeof(sim.node[i].sent_by_type));
		memset(sim.node[i].events, 0, sizeof(sim.node[i].events));
	}
}

/* Node 1 lives at its home, speaks once from elsewhere, and goes home without a word. */
static void setup_peer_back_home(struct endpoint *home, struct endpoint *elsewhere)
{
	setup_session();
	*home = sim.node[1].endpoint;
	*elsewhere = sim_endpoint(77, 7777);
	sim.node[1].endpoint = *elsewhere;
	sim_send(&sim, 1, 10, 0);
	sim_run(&sim, 100);
	sim_send(&sim, 0, 11, 0);
	sim_run(&sim, 100);
	assert_int_equal(sim.node[1].received, 2);
	assert_true(endpoint_equal(wg_peer_endpoint(sim.node[0].peer), elsewhere));
	sim_run(&sim, 30000);	/* the keepalive for that packet */
	sim.node[1].endpoint = *home;
	forget_counts();
}

static void test_peer_that_came_home_is_found_within_seconds(void **state)
{
	struct endpoint home, elsewhere;
	uint16_t i;

	(void)state;
	setup_peer_back_home(&home, &elsewhere);
	for (i = 0; i < 20 && sim.node[1].received == 2; i++) {
		sim_send(&sim, 0, (uint16_t)(20 + i), 0);
		sim_run(&sim, 100);
	}
	assert_int_equal(i, 11);	/* the first packet that is a second late */
	sim_send(&sim, 1, 50, 0);
	sim_run(&sim, 100);
	assert_true(endpoint_equal(wg_peer_endpoint(sim.node[0].peer), &home));
	sim_send(&sim, 0, 51, 0);
	sim_run(&sim, 100);
	assert_int_equal(sim.node[1].seen[51], 1);
	assert_int_equal(sent(0, WG_MSG_INITIATION), 0);
	sim_fini(&sim);
}

/* One that roamed and is still there takes no packet twice, and is where it says that it is. */
static void test_copies_home_are_few_and_harm_nobody(void **state)
{
	struct endpoint home, elsewhere;
	uint16_t i;

	(void)state;
	setup_peer_back_home(&home, &elsewhere);
	sim.node[1].endpoint = elsewhere;
	for (i = 0; i < 100; i++) {
		sim_send(&sim, 0, (uint16_t)(20 + i), 0);
		sim_run(&sim, 95);
	}
	/* 9.5 s: one in each second that follows the first. */
	assert_int_equal(sent(0, WG_MSG_DATA), 100 + 9);
	assert_int_equal(sim.node[1].received, 2 + 100);
	assert_int_equal(sim.node[1].duplicates, 0);
	/* An answer ends them. */
	sim_send(&sim, 1, 200, 0);
	sim_run(&sim, 100);
	forget_counts();
	sim_send(&sim, 0, 201, 0);
	sim_run(&sim, 100);
	assert_int_equal(sent(0, WG_MSG_DATA), 1);
	assert_true(endpoint_equal(wg_peer_endpoint(sim.node[0].peer), &elsewhere));
	sim_fini(&sim);
}

/* A peer at home, or one that has none, gets none. */
static void test_no_copies_for_a_peer_that_did_not_roam(void **state)
{
	uint16_t i;

	(void)state;
	setup_session();
	sim.node[1].deaf = true;
	forget_counts();
	for (i = 0; i < 100; i++) {
		sim_send(&sim, 0, (uint16_t)(20 + i), 0);
		sim_run(&sim, 100);
	}
	assert_int_equal(sent(0, WG_MSG_DATA), 100);
	sim_fini(&sim);
}

/* The caller may look for a peer elsewhere at the same moment: the answer goes where it was asked. */
static void test_response_goes_to_where_the_initiation_came_from(void **state)
{
	struct sim_datagram initiation;
	struct endpoint stale = sim_endpoint(99, 9), asked = sim_endpoint(88, 8);
	struct wg_inner inner;

	(void)state;
	setup();
	wg_peer_start(sim.node[0].peer, sim.now, 0);
	sim_drain(&sim);
	initiation = sim.last[WG_MSG_INITIATION];
	assert_int_equal(wg_device_input(sim.node[1].dev, sim.now, &asked, initiation.bytes,
					 initiation.len, &inner), WG_CONSUMED);
	wg_peer_set_endpoint(sim.node[1].peer, &stale);
	sim_drain(&sim);
	assert_int_equal(sent(1, WG_MSG_RESPONSE), 1);
	assert_true(endpoint_equal(&sim.last[WG_MSG_RESPONSE].dst, &asked));
	sim_fini(&sim);
}

static void assert_heard(unsigned node, bool heard, unsigned ups, unsigned downs)
{
	sim_drain(&sim);
	assert_int_equal(wg_peer_heard(sim.node[node].peer), heard);
	assert_int_equal(sim.node[node].events[WG_EVENT_HEARD], ups);
	assert_int_equal(sim.node[node].events[WG_EVENT_UNHEARD], downs);
}

static void test_peer_is_heard_from_the_session_on(void **state)
{
	(void)state;
	setup();
	assert_heard(0, false, 0, 0);
	sim_send(&sim, 0, 1, 0);
	assert_heard(0, false, 0, 0);
	sim_run(&sim, 100);
	assert_heard(0, true, 1, 0);
	assert_heard(1, true, 1, 0);
	sim_fini(&sim);
}

/* Section 6.5: nobody speaks, so nobody fails to answer. */
static void test_idle_peer_stays_heard_until_its_session_ends(void **state)
{
	(void)state;
	setup_session();
	sim_run(&sim, 30000);	/* keepalives for the packets of the beginning */
	forget_counts();
	sim.node[1].deaf = sim.node[0].deaf = true;
	sim_run(&sim, 100000);
	assert_heard(0, true, 0, 0);
	sim_run(&sim, 60000);
	assert_false(wg_peer_has_session(sim.node[0].peer, sim.now));
	assert_heard(0, false, 0, 1);
	sim_fini(&sim);
}

static void test_silence_for_15_s_makes_a_peer_unheard_and_a_keepalive_heard(void **state)
{
	const uint64_t silence = WG_KEEPALIVE_TIMEOUT_MS + WG_REKEY_TIMEOUT_MS;

	(void)state;
	setup_session();
	sim_run(&sim, 30000);
	forget_counts();
	sim.node[0].deaf = true;
	sim_send(&sim, 0, 3, 0);
	sim_run(&sim, silence - 1);
	assert_heard(0, true, 0, 0);
	sim_run(&sim, WG_REKEY_TIMEOUT_JITTER_MS + 1);
	assert_heard(0, false, 0, 1);
	sim_run(&sim, 2000);
	assert_heard(0, false, 0, 1);	/* told once */
	/* Anything authentic: what node 1 says now comes under the old session. */
	sim.node[0].deaf = false;
	sim_send(&sim, 1, 4, 0);
	sim_run(&sim, 20);
	assert_heard(0, true, 1, 1);
	sim_fini(&sim);
}

/* What is not authentic, or authentic and old, says nothing. */
static void test_replays_do_not_make_a_peer_heard(void **state)
{
	struct sim_datagram old;

	(void)state;
	setup_session();
	old = sim.last[WG_MSG_DATA];
	sim_run(&sim, 30000);
	sim.node[0].deaf = true;
	sim_send(&sim, 0, 3, 0);
	sim_run(&sim, WG_KEEPALIVE_TIMEOUT_MS + WG_REKEY_TIMEOUT_MS + WG_REKEY_TIMEOUT_JITTER_MS);
	sim.node[0].deaf = false;
	assert_true(endpoint_equal(&old.dst, &sim.node[0].endpoint));
	assert_int_equal(sim_deliver(&sim, &old), WG_DROPPED);
	old.bytes[20] ^= 1;
	assert_int_equal(sim_deliver(&sim, &old), WG_DROPPED);
	assert_false(wg_peer_heard(sim.node[0].peer));
	sim_fini(&sim);
}

/* The machine sleeps for hours: the session is over, said once; the next one is heard. */
static void test_freeze_makes_a_peer_unheard_until_the_next_session(void **state)
{
	(void)state;
	setup_session();
	sim_run(&sim, 30000);
	forget_counts();
	sim_freeze(&sim, 5 * 3600 * 1000);
	sim_run(&sim, 1);
	assert_heard(0, false, 0, 1);
	sim_send(&sim, 0, 3, 0);
	sim_run(&sim, 100);
	assert_heard(0, true, 1, 1);
	assert_int_equal(sim.node[1].received, 2);
	sim_fini(&sim);
}

/* The timestamp of the initiation just written to `peer`: in the initiation it is sealed. */
static const uint8_t *stamp_of(const struct wg_peer *peer)
{
	return peer->past->sent;
}

/* A thousand peers that never answer do not push the stamps of another one ahead of the clock. */
static void test_timestamps_are_kept_per_peer(void **state)
{
	uint8_t clock[WG_TIMESTAMP_LEN], out[WG_INITIATION_LEN];
	struct wg_peer_config config = {0};
	struct wg_peer *silent;
	unsigned i;

	(void)state;
	setup();
	for (i = 0; i < 1000; i++) {
		rng_bytes(&sim.rng, config.public_key.bytes, KEY_LEN);
		assert_int_equal(wg_device_add_peer(sim.node[0].dev, &config, &silent), 0);
		assert_int_equal(wg_handshake_initiate(silent, sim.now, sim_wall(&sim), out), 0);
	}
	assert_int_equal(wg_handshake_initiate(sim.node[0].peer, sim.now, sim_wall(&sim), out), 0);
	wg_timestamp_encode(clock, sim_wall(&sim));
	assert_memory_equal(stamp_of(sim.node[0].peer), clock, sizeof(clock));
	sim_fini(&sim);
}

/* Nor do they ever stand still or go back for one peer, whatever the clock does. */
static void test_timestamps_of_a_peer_only_grow(void **state)
{
	const int64_t offsets[] = {0, 0, 0, -1, -86400, 3, 2, 0, 500};
	uint8_t last[WG_TIMESTAMP_LEN], out[WG_INITIATION_LEN];
	unsigned i, j;

	(void)state;
	setup();
	memset(last, 0, sizeof(last));
	for (i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		sim.wall_offset_s = offsets[i];
		for (j = 0; j < 200; j++) {
			assert_int_equal(wg_handshake_initiate(sim.node[0].peer, sim.now,
							       sim_wall(&sim), out), 0);
			assert_true(memcmp(stamp_of(sim.node[0].peer), last, sizeof(last)) > 0);
			memcpy(last, stamp_of(sim.node[0].peer), sizeof(last));
		}
	}
	sim_fini(&sim);
}

/* Nor when the peer goes and comes back, with a clock that was set back meanwhile: it would ignore us. */
static void test_timestamps_go_on_for_a_peer_that_comes_back(void **state)
{
	uint8_t last[WG_TIMESTAMP_LEN];

	(void)state;
	setup_session();
	memcpy(last, stamp_of(sim.node[0].peer), sizeof(last));
	wg_device_remove_peer(sim.node[0].dev, sim.node[0].peer);
	sim.wall_offset_s = -86400;
	sim_run(&sim, 6000);
	sim_learn(&sim, 0, 1, NULL, true, 0);
	forget_counts();
	sim_send(&sim, 0, 3, 0);
	sim_run(&sim, 1000);
	assert_true(memcmp(stamp_of(sim.node[0].peer), last, sizeof(last)) > 0);
	assert_int_equal(sim.node[1].seen[3], 1);
	assert_int_equal(sent(0, WG_MSG_INITIATION), 1);
	sim_fini(&sim);
}

/* Of those that are away, the latest are remembered; of one that never spoke there is nothing to. */
static void test_timestamps_of_the_latest_removed_peers_are_kept(void **state)
{
	enum { MORE = 100 };
	static struct key_public keys[WG_PAST_MAX + MORE];
	struct wg_device *dev;
	struct wg_peer_config config = {0};
	struct wg_peer *peer;
	uint8_t none[WG_TIMESTAMP_LEN] = {0};

	(void)state;
	setup();
	dev = sim.node[0].dev;
	for (unsigned i = 0; i < WG_PAST_MAX + MORE; i++) {
		rng_bytes(&sim.rng, config.public_key.bytes, KEY_LEN);
		keys[i] = config.public_key;
		assert_int_equal(wg_device_add_peer(dev, &config, &peer), 0);
		wg_device_remove_peer(dev, peer);
		assert_int_equal(dev->pasts.count, i < WG_PAST_MAX ? i : WG_PAST_MAX);
		assert_int_equal(wg_device_add_peer(dev, &config, &peer), 0);
		memset(peer->past->seen, (int)(i % 250 + 1), sizeof(none));
		wg_device_remove_peer(dev, peer);
	}
	for (unsigned i = 0; i < WG_PAST_MAX + MORE; i++) {
		config.public_key = keys[i];
		assert_int_equal(wg_device_add_peer(dev, &config, &peer), 0);
		if (i < MORE)
			assert_memory_equal(peer->past->seen, none, sizeof(none));
		else
			assert_int_equal(peer->past->seen[0], i % 250 + 1);
	}
	assert_int_equal(dev->pasts.count, 0);
	sim_fini(&sim);
}

/* What a packet names must never mean another peer later. */
static void test_ids_of_peers_are_never_used_again(void **state)
{
	struct wg_peer_config config = {0};
	struct wg_peer *peer;
	uint32_t last = 0;
	unsigned i;

	(void)state;
	setup();
	last = wg_peer_id(sim.node[0].peer);
	assert_int_not_equal(last, 0);
	for (i = 0; i < 1000; i++) {
		rng_bytes(&sim.rng, config.public_key.bytes, KEY_LEN);
		assert_int_equal(wg_device_add_peer(sim.node[0].dev, &config, &peer), 0);
		assert_true(wg_peer_id(peer) > last);
		last = wg_peer_id(peer);
		wg_device_remove_peer(sim.node[0].dev, peer);
	}
	/* When all have been given, there are no more peers. */
	sim.node[0].dev->last_peer_id = UINT32_MAX - 1;
	assert_int_equal(wg_device_add_peer(sim.node[0].dev, &config, &peer), 0);
	wg_device_remove_peer(sim.node[0].dev, peer);
	assert_int_equal(wg_device_add_peer(sim.node[0].dev, &config, &peer), ERR_LIMIT);
	sim_fini(&sim);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_peer_that_came_home_is_found_within_seconds),
		cmocka_unit_test(test_copies_home_are_few_and_harm_nobody),
		cmocka_unit_test(test_no_copies_for_a_peer_that_did_not_roam),
		cmocka_unit_test(test_response_goes_to_where_the_initiation_came_from),
		cmocka_unit_test(test_peer_is_heard_from_the_session_on),
		cmocka_unit_test(test_idle_peer_stays_heard_until_its_session_ends),
		cmocka_unit_test(test_silence_for_15_s_makes_a_peer_unheard_and_a_keepalive_heard),
		cmocka_unit_test(test_replays_do_not_make_a_peer_heard),
		cmocka_unit_test(test_freeze_makes_a_peer_unheard_until_the_next_session),
		cmocka_unit_test(test_timestamps_are_kept_per_peer),
		cmocka_unit_test(test_timestamps_of_a_peer_only_grow),
		cmocka_unit_test(test_timestamps_go_on_for_a_peer_that_comes_back),
		cmocka_unit_test(test_timestamps_of_the_latest_removed_peers_are_kept),
		cmocka_unit_test(test_ids_of_peers_are_never_used_again),
	};

	return cmocka_run_group_tests(tests, setup_crypto, NULL);
}
