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

/* Every timer of the paper's section 6, one by one, under a scripted clock. */

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

/* Paper section 6.1, and section 5.4.7 for cookies. */
static void test_limits_are_those_of_the_paper(void **state)
{
	(void)state;
	assert_true(WG_REKEY_AFTER_MESSAGES == UINT64_C(0x1000000000000000));
	assert_true(WG_REJECT_AFTER_MESSAGES == UINT64_MAX - 8192);
	assert_int_equal(WG_REKEY_AFTER_TIME_MS, 120000);
	assert_int_equal(WG_REJECT_AFTER_TIME_MS, 180000);
	assert_int_equal(WG_REKEY_ATTEMPT_TIME_MS, 90000);
	assert_int_equal(WG_REKEY_TIMEOUT_MS, 5000);
	assert_int_equal(WG_KEEPALIVE_TIMEOUT_MS, 10000);
	assert_int_equal(WG_REKEY_ON_RECEIVE_MS, 165000);
	assert_int_equal(WG_ERASE_AFTER_MS, 540000);
	assert_int_equal(WG_COOKIE_LIFE_MS, 120000);
}

static void test_first_packet_makes_a_session_and_arrives(void **state)
{
	(void)state;
	setup();
	sim_send(&sim, 0, 1, 100);
	assert_false(wg_peer_has_session(sim.node[0].peer, sim.now));
	sim_run(&sim, 40);
	assert_true(wg_peer_has_session(sim.node[0].peer, sim.now));
	assert_true(wg_peer_has_session(sim.node[1].peer, sim.now));
	assert_int_equal(sim.node[1].received, 1);
	assert_int_equal(sent(0, WG_MSG_INITIATION), 1);
	assert_int_equal(sent(1, WG_MSG_RESPONSE), 1);
	assert_int_equal(sent(0, WG_MSG_DATA), 1);
	assert_int_equal(sim.node[0].events[WG_EVENT_SESSION_UP], 1);
	assert_int_equal(sim.node[1].events[WG_EVENT_SESSION_UP], 1);
	assert_int_equal(sim_all_drops(&sim, 0) + sim_all_drops(&sim, 1), 0);
	sim_fini(&sim);
}

/* Paper section 5.4.3: the responder waits for the initiator's first packet. */
static void test_initiator_with_nothing_to_say_confirms_by_keepalive(void **state)
{
	(void)state;
	setup();
	wg_peer_start(sim.node[0].peer, sim.now, 0);
	sim_run(&sim, 25);
	assert_false(wg_peer_has_session(sim.node[1].peer, sim.now));
	sim_run(&sim, 15);
	assert_true(wg_peer_has_session(sim.node[1].peer, sim.now));
	assert_int_equal(sent(0, WG_MSG_DATA), 1);
	assert_int_equal(sim.last[WG_MSG_DATA].len, WG_OVERHEAD_LEN);
	sim_fini(&sim);
}

static void test_start_waits_for_its_delay_and_yields_to_a_session(void **state)
{
	(void)state;
	setup();
	wg_peer_start(sim.node[0].peer, sim.now, 2000);
	sim_run(&sim, 1999);
	assert_int_equal(sent(0, WG_MSG_INITIATION), 0);
	sim_run(&sim, 1);
	assert_int_equal(sent(0, WG_MSG_INITIATION), 1);
	sim_run(&sim, 100);
	wg_peer_start(sim.node[0].peer, sim.now, 0);
	wg_peer_start(sim.node[1].peer, sim.now, 50);
	sim_run(&sim, 10000);
	assert_int_equal(sent(0, WG_MSG_INITIATION), 1);
	assert_int_equal(sent(1, WG_MSG_INITIATION), 0);
	sim_fini(&sim);
}

static void test_start_is_forgotten_when_the_other_side_was_faster(void **state)
{
	(void)state;
	setup();
	wg_peer_start(sim.node[0].peer, sim.now, 2000);
	wg_peer_start(sim.node[1].peer, sim.now, 0);
	sim_run(&sim, 5000);
	assert_int_equal(sent(0, WG_MSG_INITIATION), 0);
	sim_fini(&sim);
}

/* Section 6.4: REKEY_TIMEOUT and jitter between attempts, REKEY_ATTEMPT_TIME in all. */
static void test_unanswered_initiations_repeat_then_end(void **state)
{
	uint64_t shortest = UINT64_MAX, longest = 0, gap;
	struct boot_time start, last;
	unsigned before;

	(void)state;
	setup();
	sim.node[1].deaf = true;
	sim_send(&sim, 0, 1, 0);
	sim_drain(&sim);
	start = last = sim.now;
	before = 1;
	assert_int_equal(sent(0, WG_MSG_INITIATION), 1);
	while (boot_since_ms(sim.now, start) < 200000) {
		sim_run(&sim, 1);
		if (sent(0, WG_MSG_INITIATION) == before)
			continue;
		gap = boot_since_ms(sim.now, last);
		assert_in_range(gap, WG_REKEY_TIMEOUT_MS,
				WG_REKEY_TIMEOUT_MS + WG_REKEY_TIMEOUT_JITTER_MS + 1);
		shortest = gap < shortest ? gap : shortest;
		longest = gap > longest ? gap : longest;
		last = sim.now;
		before = sent(0, WG_MSG_INITIATION);
		assert_true(boot_since_ms(sim.now, start) < WG_REKEY_ATTEMPT_TIME_MS);
	}
	assert_in_range(before, 16, 18);
	assert_true(longest - shortest > WG_REKEY_TIMEOUT_JITTER_MS / 3);
	assert_int_equal(sim.node[0].events[WG_EVENT_HANDSHAKE_RETRY], before - 1);
	assert_int_equal(sim.node[0].events[WG_EVENT_HANDSHAKE_FAILED], 1);
	assert_int_equal(sim_drops(&sim, 0, WG_DROP_NO_SESSION), 1);
	assert_int_equal(sim.node[0].events[WG_EVENT_STAGED_GONE], 1);
	/* The next packet starts over. */
	sim.node[1].deaf = false;
	sim_send(&sim, 0, 2, 0);
	assert_int_equal(sim.node[0].events[WG_EVENT_STAGED_GONE], 1);
	sim_run(&sim, 100);
	assert_int_equal(sim.node[1].received, 1);
	assert_int_equal(sim.node[0].events[WG_EVENT_STAGED_GONE], 2);
	sim_fini(&sim);
}

static void test_each_attempt_uses_a_fresh_ephemeral_and_timestamp(void **state)
{
	uint8_t first[WG_INITIATION_LEN];

	(void)state;
	setup();
	sim.node[1].deaf = true;
	wg_peer_start(sim.node[0].peer, sim.now, 0);
	sim_drain(&sim);
	memcpy(first, sim.last[WG_MSG_INITIATION].bytes, sizeof(first));
	sim_run(&sim, 6000);
	assert_int_equal(sent(0, WG_MSG_INITIATION), 2);
	assert_memory_not_equal(first + 8, sim.last[WG_MSG_INITIATION].bytes + 8, KEY_LEN);
	assert_memory_not_equal(first + 4, sim.last[WG_MSG_INITIATION].bytes + 4, 4);
	sim.node[1].deaf = false;
	sim_run(&sim, 6000);
	assert_true(wg_peer_has_session(sim.node[0].peer, sim.now));
	sim_fini(&sim);
}

/* Section 6.2: the initiator renews when it sends after REKEY_AFTER_TIME. */
static void test_initiator_rekeys_when_sending_after_120_s(void **state)
{
	(void)state;
	setup_session();
	forget_counts();
	sim_run(&sim, WG_REKEY_AFTER_TIME_MS - 1000);
	sim_send(&sim, 0, 3, 0);
	sim_run(&sim, 500);
	assert_int_equal(sent(0, WG_MSG_INITIATION), 0);
	sim_run(&sim, 500);
	sim_send(&sim, 1, 4, 0);	/* the responder leaves it to the initiator */
	sim_run(&sim, 100);
	assert_int_equal(sent(0, WG_MSG_INITIATION) + sent(1, WG_MSG_INITIATION), 0);
	sim_send(&sim, 0, 5, 0);
	sim_run(&sim, 100);
	assert_int_equal(sent(0, WG_MSG_INITIATION), 1);
	assert_int_equal(sent(1, WG_MSG_RESPONSE), 1);
	assert_int_equal(sim.node[0].events[WG_EVENT_SESSION_UP], 0);
	assert_int_equal(sim.node[0].events[WG_EVENT_SESSION_DOWN], 0);
	sim_fini(&sim);
}

static void test_initiator_rekeys_when_receiving_after_165_s(void **state)
{
	(void)state;
	setup_session();
	forget_counts();
	sim_run(&sim, WG_REKEY_ON_RECEIVE_MS - 1000);
	sim_send(&sim, 1, 3, 0);
	sim_run(&sim, 100);
	assert_int_equal(sent(0, WG_MSG_INITIATION), 0);
	sim_run(&sim, 1000);
	sim_send(&sim, 1, 4, 0);
	sim_run(&sim, 100);
	assert_int_equal(sent(0, WG_MSG_INITIATION), 1);
	assert_int_equal(sim_all_drops(&sim, 0) + sim_all_drops(&sim, 1), 0);
	sim_fini(&sim);
}

static void test_rekey_happens_after_2_to_the_60_messages(void **state)
{
	(void)state;
	setup_session();
	forget_counts();
	sim_run(&sim, 6000);
	/* The responder too: this limit is not the initiator's alone. */
	sim.node[1].peer->current->send_counter = WG_REKEY_AFTER_MESSAGES - 2;
	sim_send(&sim, 1, 3, 0);
	assert_int_equal(sim.node[1].peer->wants & WG_WANT_INITIATION, 0);
	sim_send(&sim, 1, 4, 0);
	sim_run(&sim, 100);
	assert_int_equal(sent(1, WG_MSG_INITIATION), 1);
	assert_int_equal(sim.node[0].received, 3);
	sim_fini(&sim);
}

static void test_used_up_session_does_not_seal(void **state)
{
	uint8_t slot[100] = {0};

	(void)state;
	setup_session();
	sim_run(&sim, 6000);
	sim.node[0].peer->current->send_counter = WG_REJECT_AFTER_MESSAGES - 1;
	assert_true(wg_peer_seal(sim.node[0].peer, sim.now, slot, 20) > 0);
	assert_int_equal(wg_peer_seal(sim.node[0].peer, sim.now, slot, 20), ERR_AGAIN);
	assert_false(wg_peer_has_session(sim.node[0].peer, sim.now));
	sim_fini(&sim);
}

static void test_session_dies_after_180_s(void **state)
{
	struct sim_datagram late;

	(void)state;
	setup_session();
	sim_run(&sim, WG_REJECT_AFTER_TIME_MS - 500);
	assert_true(wg_peer_has_session(sim.node[0].peer, sim.now));
	sim.node[0].deaf = sim.node[1].deaf = true;
	sim_send(&sim, 1, 3, 0);
	late = sim.last[WG_MSG_DATA];
	sim_run(&sim, 600);
	sim.node[0].deaf = sim.node[1].deaf = false;
	assert_false(wg_peer_has_session(sim.node[0].peer, sim.now));
	assert_false(wg_peer_has_session(sim.node[1].peer, sim.now));
	assert_int_equal(sim.node[0].events[WG_EVENT_SESSION_DOWN], 1);
	assert_int_equal(sim.node[1].events[WG_EVENT_SESSION_DOWN], 1);
	assert_int_equal(sim_deliver(&sim, &late), WG_DROPPED);
	assert_int_equal(sim_drops(&sim, 0, WG_DROP_EXPIRED), 1);
	sim_fini(&sim);
}

/* Section 6.3: three times REJECT_AFTER_TIME without new keys. */
static void test_keys_are_erased_after_540_s(void **state)
{
	(void)state;
	setup_session();
	sim_run(&sim, WG_ERASE_AFTER_MS - 1000);
	assert_non_null(sim.node[0].peer->current);
	assert_non_null(sim.node[1].peer->current);
	sim_run(&sim, 1000);
	assert_null(sim.node[0].peer->current);
	assert_null(sim.node[1].peer->current);
	assert_int_equal(sim.node[0].dev->indices.count, 0);
	assert_int_equal(sim.node[1].dev->indices.count, 0);
	assert_int_equal(wg_device_deadline(sim.node[0].dev).ns, BOOT_NEVER.ns);
	sim_fini(&sim);
}

/* Section 6.5: passive keepalive. */
static void test_receiver_with_nothing_to_say_sends_one_keepalive_after_10_s(void **state)
{
	(void)state;
	setup_session();
	sim_run(&sim, 20000);
	forget_counts();
	sim_send(&sim, 0, 3, 0);
	sim_run(&sim, WG_KEEPALIVE_TIMEOUT_MS);
	assert_int_equal(sent(1, WG_MSG_DATA), 0);
	sim_run(&sim, 20);
	assert_int_equal(sent(1, WG_MSG_DATA), 1);
	assert_int_equal(sim.last[WG_MSG_DATA].len, WG_OVERHEAD_LEN);
	sim_run(&sim, 60000);
	assert_int_equal(sent(1, WG_MSG_DATA), 1);
	assert_int_equal(sent(0, WG_MSG_DATA), 1);	/* a keepalive is not answered */
	assert_int_equal(sent(0, WG_MSG_INITIATION), 0);
	sim_fini(&sim);
}

static void test_steady_receiver_sends_a_keepalive_every_10_s(void **state)
{
	unsigned i;

	(void)state;
	setup_session();
	sim_run(&sim, 20000);
	forget_counts();
	for (i = 0; i < 60; i++) {
		sim_send(&sim, 0, (uint16_t)(10 + i), 0);
		sim_run(&sim, 500);
	}
	assert_in_range(sent(1, WG_MSG_DATA), 2, 3);
	assert_int_equal(sent(0, WG_MSG_INITIATION), 0);
	sim_fini(&sim);
}

static void test_answering_data_replaces_the_keepalive(void **state)
{
	(void)state;
	setup_session();
	sim_run(&sim, 20000);
	forget_counts();
	sim_send(&sim, 0, 3, 0);
	sim_run(&sim, 5000);
	sim_send(&sim, 1, 4, 0);
	sim_run(&sim, 9000);
	assert_int_equal(sent(1, WG_MSG_DATA), 1);
	sim_fini(&sim);
}

/* Section 6.5: data without an answer for KEEPALIVE_TIMEOUT + REKEY_TIMEOUT. */
static void test_silence_after_data_makes_a_handshake(void **state)
{
	(void)state;
	setup_session();
	sim_run(&sim, 20000);
	forget_counts();
	sim.node[1].deaf = true;
	sim_send(&sim, 0, 3, 0);
	sim_run(&sim, WG_KEEPALIVE_TIMEOUT_MS + WG_REKEY_TIMEOUT_MS - 1);
	assert_int_equal(sent(0, WG_MSG_INITIATION), 0);
	sim_run(&sim, WG_REKEY_TIMEOUT_JITTER_MS + 1);
	assert_int_equal(sent(0, WG_MSG_INITIATION), 1);
	sim_fini(&sim);
}

static void test_restarted_peer_is_found_again(void **state)
{
	(void)state;
	setup_session();
	sim_run(&sim, 20000);
	/* The other side forgets everything, as after a restart; its clock goes on. */
	wg_peer_drop_sessions(sim.node[1].peer);
	sim_send(&sim, 0, 3, 0);
	sim_run(&sim, 100);
	assert_int_equal(sim_drops(&sim, 1, WG_DROP_UNKNOWN_INDEX), 1);
	sim_run(&sim, WG_KEEPALIVE_TIMEOUT_MS + WG_REKEY_TIMEOUT_MS + WG_REKEY_TIMEOUT_JITTER_MS);
	sim_send(&sim, 0, 4, 0);
	sim_run(&sim, 100);
	assert_int_equal(sim.node[1].received, 2);
	sim_fini(&sim);
}

static void test_persistent_keepalive_runs_without_traffic(void **state)
{
	unsigned i;

	(void)state;
	sim_init(&sim, 43);
	sim_learn(&sim, 0, 1, NULL, true, 25);
	sim_learn(&sim, 1, 0, NULL, true, 0);
	wg_peer_start(sim.node[0].peer, sim.now, 0);
	sim_run(&sim, 1000);
	assert_int_equal(sent(0, WG_MSG_DATA), 1);
	for (i = 0; i < 4; i++) {
		sim_run(&sim, 25000);
		assert_int_equal(sent(0, WG_MSG_DATA), 2 + i);
	}
	assert_int_equal(sent(1, WG_MSG_DATA), 0);
	/* It also keeps the session new for ever. */
	sim_run(&sim, 600000);
	assert_true(wg_peer_has_session(sim.node[0].peer, sim.now));
	assert_true(wg_peer_has_session(sim.node[1].peer, sim.now));
	assert_int_equal(sim.node[0].events[WG_EVENT_SESSION_DOWN], 0);
	sim_fini(&sim);
}

static void test_persistent_keepalive_tries_again_after_giving_up(void **state)
{
	(void)state;
	sim_init(&sim, 44);
	sim_learn(&sim, 0, 1, NULL, true, 25);
	sim_learn(&sim, 1, 0, NULL, true, 0);
	sim.node[1].deaf = true;
	wg_peer_start(sim.node[0].peer, sim.now, 0);
	sim_run(&sim, 1000000);
	assert_true(sim.node[0].events[WG_EVENT_HANDSHAKE_FAILED] >= 5);
	sim.node[1].deaf = false;
	sim_run(&sim, 30000);
	assert_true(wg_peer_has_session(sim.node[1].peer, sim.now));
	sim_fini(&sim);
}

static void test_wishes_do_not_come_closer_than_rekey_timeout(void **state)
{
	uint16_t i;

	(void)state;
	setup();
	wg_peer_start(sim.node[0].peer, sim.now, 0);
	sim_run(&sim, 100);
	wg_peer_drop_sessions(sim.node[0].peer);
	for (i = 0; i < 40; i++) {
		sim_send(&sim, 0, i, 0);
		sim_run(&sim, 100);
	}
	assert_int_equal(sent(0, WG_MSG_INITIATION), 1);
	sim_run(&sim, 1100);
	assert_int_equal(sent(0, WG_MSG_INITIATION), 2);
	assert_int_equal(sim.node[1].received, 40);
	sim_fini(&sim);
}

/* Hours of suspend: sessions are too old, and the first packet makes a new one at once. */
static void test_first_packet_after_a_freeze_makes_a_session_at_once(void **state)
{
	(void)state;
	setup_session();
	sim_freeze(&sim, 5 * 3600 * 1000);
	assert_false(wg_peer_has_session(sim.node[0].peer, sim.now));
	sim_send(&sim, 0, 3, 0);
	sim_run(&sim, 40);
	assert_int_equal(sim.node[1].received, 2);
	assert_true(wg_peer_has_session(sim.node[0].peer, sim.now));
	assert_int_equal(sent(0, WG_MSG_INITIATION), 2);
	assert_int_equal(sim_all_drops(&sim, 0), 0);
	sim_fini(&sim);
}

static void test_attempt_frozen_for_long_starts_anew(void **state)
{
	(void)state;
	setup();
	sim.node[1].deaf = true;
	sim_send(&sim, 0, 1, 0);
	sim_run(&sim, 80000);
	forget_counts();
	sim_freeze(&sim, 3600 * 1000);
	sim.node[1].deaf = false;
	sim_run(&sim, 40);
	assert_int_equal(sim.node[0].events[WG_EVENT_HANDSHAKE_FAILED], 0);
	assert_int_equal(sent(0, WG_MSG_INITIATION), 1);
	assert_int_equal(sim.node[1].received, 1);
	sim_fini(&sim);
}

/* A wall clock set back must not make our initiations look like replays. */
static void test_wall_clock_set_back_does_not_stop_handshakes(void **state)
{
	(void)state;
	setup_session();
	sim.wall_offset_s = -86400;
	sim_freeze(&sim, WG_REJECT_AFTER_TIME_MS + 1000);
	sim_send(&sim, 0, 3, 0);
	sim_run(&sim, 100);
	assert_int_equal(sim.node[1].received, 2);
	assert_int_equal(sim_drops(&sim, 1, WG_DROP_REPLAYED_INITIATION), 0);
	sim_fini(&sim);
}

static void test_initiation_waits_for_an_endpoint(void **state)
{
	(void)state;
	sim_init(&sim, 45);
	sim_learn(&sim, 0, 1, NULL, false, 0);
	sim_learn(&sim, 1, 0, NULL, false, 0);
	sim_send(&sim, 0, 1, 0);
	sim_run(&sim, 12000);
	assert_int_equal(sent(0, WG_MSG_INITIATION), 0);
	assert_int_equal(sim_drops(&sim, 0, WG_DROP_NO_ENDPOINT), 3);
	wg_peer_set_endpoint(sim.node[0].peer, &sim.node[1].endpoint);
	sim_run(&sim, 40);
	assert_int_equal(sent(0, WG_MSG_INITIATION), 1);
	assert_int_equal(sim.node[1].received, 1);
	sim_fini(&sim);
}

static void test_persistent_peer_without_endpoint_is_tried_for_ever(void **state)
{
	(void)state;
	sim_init(&sim, 46);
	sim_learn(&sim, 0, 1, NULL, false, 25);
	sim_learn(&sim, 1, 0, NULL, false, 0);
	wg_peer_start(sim.node[0].peer, sim.now, 0);
	sim_run(&sim, 500000);
	assert_true(sim.node[0].events[WG_EVENT_HANDSHAKE_FAILED] > 2);
	wg_peer_set_endpoint(sim.node[0].peer, &sim.node[1].endpoint);
	sim_run(&sim, 30000);
	assert_true(wg_peer_has_session(sim.node[0].peer, sim.now));
	sim_fini(&sim);
}

static void test_both_sides_initiating_at_once_both_get_through(void **state)
{
	(void)state;
	setup();
	sim_send(&sim, 0, 1, 0);
	sim_send(&sim, 1, 2, 0);
	sim_run(&sim, 100);
	assert_int_equal(sim.node[0].received, 1);
	assert_int_equal(sim.node[1].received, 1);
	assert_null(sim.node[0].peer->next);
	assert_non_null(sim.node[0].peer->previous);
	sim_send(&sim, 0, 3, 0);
	sim_send(&sim, 1, 4, 0);
	sim_run(&sim, 100);
	assert_int_equal(sim.node[0].received, 2);
	assert_int_equal(sim.node[1].received, 2);
	assert_int_equal(sim_all_drops(&sim, 0) + sim_all_drops(&sim, 1), 0);
	assert_int_equal(sent(0, WG_MSG_INITIATION) + sent(1, WG_MSG_INITIATION), 2);
	sim_fini(&sim);
}

/*
 * A session that waits for its confirmation makes an initiation needless; peers that keep one
 * handshake for both roles can lose both when they cross (wireguard-go).
 */
static void test_who_has_responded_does_not_initiate_at_once(void **state)
{
	(void)state;
	setup();
	wg_peer_start(sim.node[1].peer, sim.now, 0);
	sim_run(&sim, 15);
	assert_int_equal(sent(0, WG_MSG_RESPONSE), 1);
	sim_send(&sim, 0, 1, 0);
	wg_peer_start(sim.node[0].peer, sim.now, 0);
	sim_run(&sim, 20000);
	assert_int_equal(sim.node[1].received, 1);
	assert_int_equal(sent(0, WG_MSG_INITIATION), 0);
	assert_int_equal(sim.node[0].events[WG_EVENT_HANDSHAKE_RETRY], 0);
	sim_fini(&sim);
}

/* The wish is there before the initiation that tells where the peer is. */
static void test_who_waits_for_an_endpoint_only_responds(void **state)
{
	(void)state;
	sim_init(&sim, 48);
	sim_learn(&sim, 0, 1, NULL, false, 0);
	sim_learn(&sim, 1, 0, NULL, true, 0);
	sim_send(&sim, 0, 1, 0);
	sim_run(&sim, 100);
	wg_peer_start(sim.node[1].peer, sim.now, 0);
	sim_run(&sim, 20000);
	assert_int_equal(sim.node[1].received, 1);
	assert_int_equal(sent(0, WG_MSG_INITIATION), 0);
	sim_fini(&sim);
}

/* The wish and the initiation meet in one wakeup; then the response is lost. */
static void test_an_initiation_that_a_response_displaced_is_made_up_for(void **state)
{
	(void)state;
	setup();
	sim.node[1].deaf = true;
	wg_peer_start(sim.node[1].peer, sim.now, 0);
	sim_drain(&sim);
	sim.now = sim.flight[0].at;
	wg_peer_start(sim.node[0].peer, sim.now, 0);
	assert_int_equal(sim_deliver(&sim, &sim.flight[0]), WG_CONSUMED);
	sim.flights = 0;
	sim_run(&sim, 4900);
	assert_int_equal(sent(0, WG_MSG_RESPONSE), 1);
	assert_int_equal(sent(0, WG_MSG_INITIATION), 0);
	sim_run(&sim, 100);
	assert_int_equal(sent(0, WG_MSG_INITIATION), 1);
	sim_fini(&sim);
}

/* A repetition that would be due just then waits, too. */
static void test_who_has_responded_does_not_repeat_an_initiation_at_once(void **state)
{
	(void)state;
	setup();
	sim.node[1].deaf = true;
	sim_send(&sim, 0, 1, 0);
	sim_run(&sim, 4980);
	assert_int_equal(sent(0, WG_MSG_INITIATION), 1);
	wg_peer_start(sim.node[1].peer, sim.now, 0);
	sim_run(&sim, 4900);
	assert_int_equal(sent(0, WG_MSG_RESPONSE), 1);
	assert_int_equal(sent(0, WG_MSG_INITIATION), 1);
	sim_run(&sim, 200);
	assert_int_equal(sent(0, WG_MSG_INITIATION), 2);
	sim_fini(&sim);
}

static void test_a_response_that_is_lost_is_followed_by_an_initiation(void **state)
{
	(void)state;
	setup();
	sim.node[1].deaf = true;
	wg_peer_start(sim.node[1].peer, sim.now, 0);
	sim_run(&sim, 15);
	sim_send(&sim, 0, 1, 0);
	sim_run(&sim, 4900);
	assert_int_equal(sent(0, WG_MSG_INITIATION), 0);
	sim_run(&sim, 100);
	assert_int_equal(sent(0, WG_MSG_INITIATION), 1);
	sim.node[1].deaf = false;
	sim_run(&sim, 10000);
	assert_int_equal(sim.node[1].received, 1);
	sim_fini(&sim);
}

static void test_packets_under_way_during_a_rekey_still_arrive(void **state)
{
	uint16_t i;

	(void)state;
	setup_session();
	sim.delay_ms = 50;
	sim_run(&sim, WG_REKEY_AFTER_TIME_MS - 1000);
	for (i = 0; i < 400; i++) {
		sim_send(&sim, 0, (uint16_t)(100 + i), 0);
		sim_send(&sim, 1, (uint16_t)(100 + i), 0);
		sim_run(&sim, 5);
	}
	sim_run(&sim, 200);
	assert_int_equal(sim.node[0].received, 401);
	assert_int_equal(sim.node[1].received, 401);
	assert_int_equal(sent(0, WG_MSG_INITIATION), 2);
	assert_int_equal(sim_all_drops(&sim, 0) + sim_all_drops(&sim, 1), 0);
	sim_fini(&sim);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limits_are_those_of_the_paper),
		cmocka_unit_test(test_first_packet_makes_a_session_and_arrives),
		cmocka_unit_test(test_initiator_with_nothing_to_say_confirms_by_keepalive),
		cmocka_unit_test(test_start_waits_for_its_delay_and_yields_to_a_session),
		cmocka_unit_test(test_start_is_forgotten_when_the_other_side_was_faster),
		cmocka_unit_test(test_unanswered_initiations_repeat_then_end),
		cmocka_unit_test(test_each_attempt_uses_a_fresh_ephemeral_and_timestamp),
		cmocka_unit_test(test_initiator_rekeys_when_sending_after_120_s),
		cmocka_unit_test(test_initiator_rekeys_when_receiving_after_165_s),
		cmocka_unit_test(test_rekey_happens_after_2_to_the_60_messages),
		cmocka_unit_test(test_used_up_session_does_not_seal),
		cmocka_unit_test(test_session_dies_after_180_s),
		cmocka_unit_test(test_keys_are_erased_after_540_s),
		cmocka_unit_test(test_receiver_with_nothing_to_say_sends_one_keepalive_after_10_s),
		cmocka_unit_test(test_steady_receiver_sends_a_keepalive_every_10_s),
		cmocka_unit_test(test_answering_data_replaces_the_keepalive),
		cmocka_unit_test(test_silence_after_data_makes_a_handshake),
		cmocka_unit_test(test_restarted_peer_is_found_again),
		cmocka_unit_test(test_persistent_keepalive_runs_without_traffic),
		cmocka_unit_test(test_persistent_keepalive_tries_again_after_giving_up),
		cmocka_unit_test(test_wishes_do_not_come_closer_than_rekey_timeout),
		cmocka_unit_test(test_first_packet_after_a_freeze_makes_a_session_at_once),
		cmocka_unit_test(test_attempt_frozen_for_long_starts_anew),
		cmocka_unit_test(test_wall_clock_set_back_does_not_stop_handshakes),
		cmocka_unit_test(test_initiation_waits_for_an_endpoint),
		cmocka_unit_test(test_persistent_peer_without_endpoint_is_tried_for_ever),
		cmocka_unit_test(test_both_sides_initiating_at_once_both_get_through),
		cmocka_unit_test(test_who_has_responded_does_not_initiate_at_once),
		cmocka_unit_test(test_who_waits_for_an_endpoint_only_responds),
		cmocka_unit_test(test_an_initiation_that_a_response_displaced_is_made_up_for),
		cmocka_unit_test(test_who_has_responded_does_not_repeat_an_initiation_at_once),
		cmocka_unit_test(test_a_response_that_is_lost_is_followed_by_an_initiation),
		cmocka_unit_test(test_packets_under_way_during_a_rekey_still_arrive),
	};

	return cmocka_run_group_tests(tests, setup_crypto, NULL);
}
