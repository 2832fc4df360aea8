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

/* What an outsider can do: every malformed, forged, replayed or misdirected datagram. */

static struct sim sim;

/* Datagrams of all types, in the order in which they were sent, as seen on the path. */
static struct sim_datagram initiation, response, data;

/* A node that has no idea of the others but knows the public key of node 1. */
static void record_handshake(uint64_t seed)
{
	sim_init(&sim, seed);
	sim_join(&sim, NULL);
	sim.node[1].deaf = true;
	sim_send(&sim, 0, 1, 100);
	sim_run(&sim, 50);
	initiation = sim.last[WG_MSG_INITIATION];
	sim.node[1].deaf = false;
}

static void finish_handshake(void)
{
	struct sim_datagram d = initiation;

	assert_int_equal(sim_deliver(&sim, &d), WG_CONSUMED);
	sim_run(&sim, 5);
	response = sim.last[WG_MSG_RESPONSE];
	sim_run(&sim, 100);
	data = sim.last[WG_MSG_DATA];
	assert_int_equal(sim.node[1].received, 1);
}

/* The parts of a device that input could change, to show that it did not. */
struct snapshot {
	struct wg_peer peer;
	size_t indices;
	struct boot_time deadline;
	uint64_t bytes;
};

static struct snapshot snap(unsigned node)
{
	return (struct snapshot){*sim.node[node].peer, sim.node[node].dev->indices.count,
				 wg_device_deadline(sim.node[node].dev), 0};
}

static void assert_unchanged(unsigned node, const struct snapshot *before)
{
	struct snapshot after = snap(node);

	assert_memory_equal(&after.peer, &before->peer, sizeof(after.peer));
	assert_int_equal(after.indices, before->indices);
	assert_int_equal(after.deadline.ns, before->deadline.ns);
}

static void deliver_every_truncation(unsigned node, const struct sim_datagram *whole)
{
	struct snapshot before = snap(node);
	struct sim_datagram d;
	size_t len;

	for (len = 0; len < whole->len; len++) {
		d = *whole;
		d.len = len;
		assert_int_equal(sim_deliver(&sim, &d), WG_DROPPED);
	}
	d = *whole;
	d.bytes[d.len++] = 0;
	assert_int_equal(sim_deliver(&sim, &d), WG_DROPPED);
	assert_unchanged(node, &before);
}

static void deliver_every_changed_byte(unsigned node, const struct sim_datagram *whole,
				       size_t count)
{
	struct snapshot before = snap(node);
	struct sim_datagram d;
	size_t i;

	for (i = 0; i < count; i++) {
		d = *whole;
		d.bytes[i] ^= 0x20;
		assert_int_equal(sim_deliver(&sim, &d), WG_DROPPED);
	}
	assert_unchanged(node, &before);
}

static void test_truncated_messages_change_nothing(void **state)
{
	struct sim_datagram late;

	(void)state;
	record_handshake(1);
	deliver_every_truncation(1, &initiation);
	finish_handshake();
	deliver_every_truncation(0, &response);
	sim.node[1].deaf = true;
	sim_send(&sim, 0, 2, 300);
	late = sim.last[WG_MSG_DATA];
	sim_run(&sim, 50);
	sim.node[1].deaf = false;
	deliver_every_truncation(1, &late);
	assert_int_equal(sim_deliver(&sim, &late), WG_DATA);
	assert_true(sim_drops(&sim, 1, WG_DROP_LENGTH) > 100);
	assert_true(sim_drops(&sim, 1, WG_DROP_SHORT) >= 8);
	assert_true(sim_drops(&sim, 1, WG_DROP_TAG) > 100);
	sim_fini(&sim);
}

static void test_changed_bytes_change_nothing(void **state)
{
	struct sim_datagram d;

	(void)state;
	record_handshake(2);
	/* mac2 is not looked at without load. */
	deliver_every_changed_byte(1, &initiation, WG_INITIATION_LEN - WG_MAC_LEN);
	assert_int_equal(sim_drops(&sim, 1, WG_DROP_MAC1),
			 WG_INITIATION_LEN - WG_MAC_LEN - 4);
	d = initiation;
	assert_int_equal(sim_deliver(&sim, &d), WG_CONSUMED);
	sim_drain(&sim);
	sim.flights = 0;
	response = sim.last[WG_MSG_RESPONSE];
	deliver_every_changed_byte(0, &response, WG_RESPONSE_LEN - WG_MAC_LEN);
	d = response;
	assert_int_equal(sim_deliver(&sim, &d), WG_CONSUMED);
	sim_drain(&sim);
	sim.flights = 0;
	data = sim.last[WG_MSG_DATA];
	deliver_every_changed_byte(1, &data, data.len);
	assert_int_equal(sim_deliver(&sim, &data), WG_DATA);
	sim_fini(&sim);
}

/* Someone who knows node 1's public key can make mac1 right: the rest must still hold. */
static void sign_again(struct sim_datagram *d, unsigned to)
{
	struct wg_cookie_jar jar = {0};

	wg_cookie_sign(&jar, sim.now, wg_device_public_key(sim.node[to].dev), d->bytes, d->len);
}

static void test_forged_handshakes_with_a_right_mac1_change_nothing(void **state)
{
	struct snapshot before;
	struct sim_datagram d;
	size_t i;

	(void)state;
	record_handshake(3);
	/* A cache: what an outsider can fill in is a constant. */
	assert_non_null(wg_peer_static_shared(sim.node[1].peer));
	before = snap(1);
	for (i = 8; i < 8 + WG_REQUEST_LEN; i++) {
		d = initiation;
		d.bytes[i] ^= 1;
		sign_again(&d, 1);
		assert_int_equal(sim_deliver(&sim, &d), WG_DROPPED);
	}
	assert_int_equal(sim_drops(&sim, 1, WG_DROP_HANDSHAKE), WG_REQUEST_LEN);
	assert_unchanged(1, &before);
	d = initiation;
	assert_int_equal(sim_deliver(&sim, &d), WG_CONSUMED);
	sim_drain(&sim);
	sim.flights = 0;
	response = sim.last[WG_MSG_RESPONSE];
	before = snap(0);
	for (i = 4; i < 12 + WG_REPLY_LEN; i++) {
		d = response;
		d.bytes[i] ^= 1;
		sign_again(&d, 0);
		/* The sender's index is not authenticated by the handshake itself. */
		if (i >= 8)
			assert_int_equal(sim_deliver(&sim, &d), WG_DROPPED);
	}
	assert_int_equal(sim_drops(&sim, 0, WG_DROP_HANDSHAKE), WG_REPLY_LEN);
	assert_int_equal(sim_drops(&sim, 0, WG_DROP_UNEXPECTED), 4);
	assert_unchanged(0, &before);
	assert_int_equal(sim_deliver(&sim, &response), WG_CONSUMED);
	sim_fini(&sim);
}

static void test_replayed_messages_are_refused(void **state)
{
	struct sim_datagram d;

	(void)state;
	record_handshake(4);
	finish_handshake();
	d = initiation;
	assert_int_equal(sim_deliver(&sim, &d), WG_DROPPED);
	assert_int_equal(sim_drops(&sim, 1, WG_DROP_REPLAYED_INITIATION), 1);
	d = response;
	assert_int_equal(sim_deliver(&sim, &d), WG_DROPPED);
	assert_int_equal(sim_drops(&sim, 0, WG_DROP_UNEXPECTED), 1);
	d = data;
	assert_int_equal(sim_deliver(&sim, &d), WG_DROPPED);
	assert_int_equal(sim_drops(&sim, 1, WG_DROP_REPLAYED), 1);
	/* The timestamp outlives the keys. */
	sim_run(&sim, 3600 * 1000);
	assert_int_equal(sim.node[1].dev->indices.count, 0);
	d = initiation;
	assert_int_equal(sim_deliver(&sim, &d), WG_DROPPED);
	assert_int_equal(sim_drops(&sim, 1, WG_DROP_REPLAYED_INITIATION), 2);
	sim_fini(&sim);
}

static void test_strangers_are_refused(void **state)
{
	struct wg_peer_config config = {0};
	struct sim_datagram d;

	(void)state;
	record_handshake(5);
	/* Node 1 forgets node 0 and knows somebody else instead. */
	wg_device_remove_peer(sim.node[1].dev, sim.node[1].peer);
	config.public_key.bytes[3] = 9;
	assert_int_equal(wg_device_add_peer(sim.node[1].dev, &config, &sim.node[1].peer), 0);
	d = initiation;
	assert_int_equal(sim_deliver(&sim, &d), WG_UNKNOWN_PEER);
	assert_int_equal(sim_drops(&sim, 1, WG_DROP_UNKNOWN_PEER), 1);
	sim_fini(&sim);
}

/* A peer that was removed and added again is as it was to who recorded it. */
static void test_replays_are_refused_across_removal(void **state)
{
	struct sim_datagram d;
	uint32_t id;

	(void)state;
	record_handshake(16);
	finish_handshake();
	id = wg_peer_id(sim.node[1].peer);
	wg_device_remove_peer(sim.node[1].dev, sim.node[1].peer);
	sim_run(&sim, 1000);
	sim_learn(&sim, 1, 0, NULL, false, 0);
	assert_true(wg_peer_id(sim.node[1].peer) > id);
	d = initiation;
	assert_int_equal(sim_deliver(&sim, &d), WG_DROPPED);
	assert_int_equal(sim_drops(&sim, 1, WG_DROP_REPLAYED_INITIATION), 1);
	assert_int_equal(wg_peer_endpoint(sim.node[1].peer)->addr.family, ADDR_NONE);
	sim_fini(&sim);
}

/* The owner looks the key up elsewhere and adds the peer: the same datagram makes the session. */
static void test_a_stranger_can_be_added_and_taken_at_once(void **state)
{
	struct wg_datagram d = {0};
	struct key_private other;
	struct sim_datagram first;

	(void)state;
	sim_init(&sim, 15);
	sim_learn(&sim, 0, 1, NULL, true, 0);
	sim_send(&sim, 0, 1, 0);
	sim_drain(&sim);
	first = sim.last[WG_MSG_INITIATION];
	d.src = first.src;
	d.data = first.bytes;
	d.len = first.len;
	wg_device_input_array(sim.node[1].dev, sim.now, &d, 1);
	assert_int_equal(d.verdict, WG_UNKNOWN_PEER);
	assert_true(key_public_equal(&d.stranger, wg_device_public_key(sim.node[0].dev)));
	assert_null(wg_device_find_peer(sim.node[1].dev, &d.stranger));
	assert_memory_equal(first.bytes, sim.last[WG_MSG_INITIATION].bytes, first.len);
	sim_learn(&sim, 1, 0, NULL, false, 0);
	assert_ptr_equal(wg_device_find_peer(sim.node[1].dev, &d.stranger), sim.node[1].peer);
	wg_device_input_array(sim.node[1].dev, sim.now, &d, 1);
	assert_int_equal(d.verdict, WG_CONSUMED);
	sim.flights = 0;
	sim_run(&sim, 100);
	assert_int_equal(sim.node[1].received, 1);
	/* A name alone makes no session: who names a peer without its key is dropped as before. */
	key_private_generate(&other, &sim.rng);
	*sim.node[0].dev->private_key = other;
	sim.node[0].peer->static_shared_known = false;
	wg_peer_drop_sessions(sim.node[0].peer);
	sim_run(&sim, 10000);
	sim_send(&sim, 0, 2, 0);
	sim_run(&sim, 100);
	assert_int_equal(sim_drops(&sim, 1, WG_DROP_HANDSHAKE), 1);
	assert_int_equal(sim.node[1].received, 1);
	sim_fini(&sim);
}

static void test_wrong_preshared_key_makes_no_session(void **state)
{
	struct key_shared a = {{1}}, b = {{2}};

	(void)state;
	sim_init(&sim, 6);
	sim_learn(&sim, 0, 1, &a, true, 0);
	sim_learn(&sim, 1, 0, &b, true, 0);
	sim_send(&sim, 0, 1, 0);
	sim_run(&sim, 4000);
	assert_false(wg_peer_has_session(sim.node[0].peer, sim.now));
	assert_int_equal(sim_drops(&sim, 0, WG_DROP_HANDSHAKE), 1);
	assert_int_equal(sim.node[1].received, 0);
	sim_fini(&sim);
	sim_init(&sim, 7);
	sim_join(&sim, &a);
	sim_send(&sim, 0, 1, 0);
	sim_run(&sim, 100);
	assert_int_equal(sim.node[1].received, 1);
	sim_fini(&sim);
}

static void test_initiations_of_one_peer_may_not_follow_too_fast(void **state)
{
	uint8_t out[WG_INITIATION_LEN];
	struct sim_datagram d;
	unsigned i, taken = 0;

	(void)state;
	sim_init(&sim, 8);
	sim_join(&sim, NULL);
	d = (struct sim_datagram){sim.now, sim.node[0].endpoint, sim.node[1].endpoint,
				  sizeof(out), {0}};
	for (i = 0; i < 100; i++) {
		assert_int_equal(wg_handshake_initiate(sim.node[0].peer, sim.now, sim_wall(&sim),
						       d.bytes), 0);
		taken += sim_deliver(&sim, &d) == WG_CONSUMED;
		sim.now = boot_add_ms(sim.now, 10);
	}
	assert_int_equal(taken, 50);
	assert_int_equal(sim_drops(&sim, 1, WG_DROP_FLOOD), 50);
	sim_fini(&sim);
}

static void test_inner_source_must_be_allowed(void **state)
{
	uint8_t slot[SIM_PACKET_MAX];
	struct sim_datagram d;
	struct sim_node *n;
	size_t len;
	int sealed;

	(void)state;
	record_handshake(9);
	finish_handshake();
	n = &sim.node[0];
	d = (struct sim_datagram){sim.now, n->endpoint, sim.node[1].endpoint, 0, {0}};

	len = sim_inner(n, &sim.node[1], 5, 50, slot + WG_DATA_HEADER_LEN);
	slot[WG_DATA_HEADER_LEN + 15] = 77;	/* 10.0.0.77 */
	sealed = wg_peer_seal(n->peer, sim.now, slot, len);
	assert_true(sealed > 0);
	d.len = (size_t)sealed;
	memcpy(d.bytes, slot, d.len);
	assert_int_equal(sim_deliver(&sim, &d), WG_DROPPED);
	assert_int_equal(sim_drops(&sim, 1, WG_DROP_SOURCE), 1);

	memset(slot + WG_DATA_HEADER_LEN, 0, 60);
	sealed = wg_peer_seal(n->peer, sim.now, slot, 60);
	assert_true(sealed > 0);
	d.len = (size_t)sealed;
	memcpy(d.bytes, slot, d.len);
	assert_int_equal(sim_deliver(&sim, &d), WG_DROPPED);
	assert_int_equal(sim_drops(&sim, 1, WG_DROP_INNER_MALFORMED), 1);
	sim_fini(&sim);
}

/* Cryptokey routing: an address of another peer is no better than one of nobody. */
static void test_inner_source_of_another_peer_is_refused(void **state)
{
	const uint8_t bytes[4] = {10, 0, 0, 78};
	struct prefix allowed = {addr_v4(bytes), 32};
	struct wg_peer_config config = {.allowed_ips = &allowed, .allowed_ip_count = 1};
	struct wg_peer *other;

	(void)state;
	record_handshake(12);
	finish_handshake();
	rng_bytes(&sim.rng, config.public_key.bytes, KEY_LEN);
	assert_int_equal(wg_device_add_peer(sim.node[1].dev, &config, &other), 0);
	sim.node[0].inner_addr = 78;
	sim_send(&sim, 0, 5, 50);
	sim_run(&sim, 50);
	assert_int_equal(sim_drops(&sim, 1, WG_DROP_SOURCE), 1);
	assert_int_equal(sim.node[1].received, 1);
	sim_fini(&sim);
}

/* Section 6.1: a counter from REJECT_AFTER_MESSAGES on is not taken, whoever sealed it. */
static void test_used_up_counters_are_refused(void **state)
{
	struct wg_session *s;
	struct sim_datagram d;
	uint64_t counter;
	unsigned taken = 0;
	size_t len;

	(void)state;
	record_handshake(13);
	finish_handshake();
	s = sim.node[0].peer->current;
	for (counter = WG_REJECT_AFTER_MESSAGES - 2; counter < WG_REJECT_AFTER_MESSAGES + 2; counter++) {
		d = (struct sim_datagram){sim.now, sim.node[0].endpoint, sim.node[1].endpoint, 0, {0}};
		len = sim_inner(&sim.node[0], &sim.node[1], (uint16_t)(100 + taken), 10,
				d.bytes + WG_DATA_HEADER_LEN);
		wg_data_encode_header(d.bytes, s->remote_index, counter);
		aead_seal(&s->send, counter, d.bytes + WG_DATA_HEADER_LEN, len);
		d.len = len + WG_OVERHEAD_LEN;
		taken += sim_deliver(&sim, &d) == WG_DATA;
	}
	assert_int_equal(taken, 2);
	assert_int_equal(sim_drops(&sim, 1, WG_DROP_EXPIRED), 2);
	sim_fini(&sim);
}

static void test_only_authentic_messages_move_the_endpoint(void **state)
{
	struct endpoint elsewhere = sim_endpoint(200, 4444);
	struct sim_datagram d;

	(void)state;
	record_handshake(10);
	finish_handshake();
	d = data;
	d.src = elsewhere;
	assert_int_equal(sim_deliver(&sim, &d), WG_DROPPED);	/* a replay */
	assert_true(endpoint_equal(wg_peer_endpoint(sim.node[1].peer), &sim.node[0].endpoint));
	/* Node 0 speaks from another address: the answer goes there. */
	sim.node[0].endpoint = elsewhere;
	sim_send(&sim, 0, 2, 0);
	sim_run(&sim, 50);
	assert_true(endpoint_equal(wg_peer_endpoint(sim.node[1].peer), &elsewhere));
	assert_int_equal(sim.node[1].events[WG_EVENT_ROAMED], 1);
	sim_send(&sim, 1, 3, 0);
	sim_run(&sim, 50);
	assert_int_equal(sim.node[0].received, 1);
	sim_fini(&sim);
}

static void test_handshake_from_elsewhere_moves_the_endpoint_too(void **state)
{
	(void)state;
	record_handshake(11);
	finish_handshake();
	sim_run(&sim, WG_REJECT_AFTER_TIME_MS);
	sim.node[0].endpoint = sim_endpoint(201, 5555);
	sim_send(&sim, 0, 4, 0);
	sim_run(&sim, 100);
	assert_int_equal(sim.node[1].received, 2);
	assert_true(endpoint_equal(wg_peer_endpoint(sim.node[1].peer), &sim.node[0].endpoint));
	sim_fini(&sim);
}

/* Puts node 1 under load with messages whose mac1 is right, from spoofed addresses. */
static void flood(unsigned count)
{
	struct sim_datagram d;
	unsigned i;

	for (i = 0; i < count; i++) {
		d = initiation;
		d.src = sim_endpoint((uint8_t)i, (uint16_t)i);
		d.bytes[20] = (uint8_t)i;
		d.bytes[21] = (uint8_t)(i >> 8);
		sign_again(&d, 1);
		assert_int_equal(sim_deliver(&sim, &d), WG_DROPPED);
	}
}

static void test_under_load_a_cookie_is_asked_for_and_then_honoured(void **state)
{
	uint64_t handshakes;
	unsigned i;

	(void)state;
	record_handshake(12);
	flood(WG_LOAD_PER_S + 100);
	handshakes = sim_drops(&sim, 1, WG_DROP_HANDSHAKE);
	assert_int_equal(handshakes, WG_LOAD_PER_S);
	assert_int_equal(sim_drops(&sim, 1, WG_DROP_UNDER_LOAD), 100);
	assert_int_equal(sim.node[1].dev->reply_count, WG_COOKIE_REPLIES_MAX);
	sim_drain(&sim);
	sim.flights = 0;
	assert_int_equal(sim.node[1].sent_by_type[WG_MSG_COOKIE_REPLY], WG_COOKIE_REPLIES_MAX);

	/* A genuine initiation is answered by a cookie; with it, the next one gets through. */
	sim_run(&sim, 4800);
	flood(WG_LOAD_PER_S + 1);
	sim_drain(&sim);
	sim.flights = 0;
	sim_run(&sim, 700);
	assert_int_equal(sim.node[0].sent_by_type[WG_MSG_INITIATION], 2);
	assert_true(sim.node[0].peer->jar.valid);
	assert_false(wg_peer_has_session(sim.node[0].peer, sim.now));
	sim_run(&sim, 4000);
	for (i = 0; i < 12; i++) {
		flood(WG_LOAD_PER_S + 1);
		sim_run(&sim, 100);
	}
	assert_int_equal(sim.node[0].sent_by_type[WG_MSG_INITIATION], 3);
	assert_true(wg_peer_has_session(sim.node[0].peer, sim.now));
	assert_int_equal(sim.node[1].received, 1);
	sim_fini(&sim);
}

static void test_cookie_that_nobody_awaits_is_refused(void **state)
{
	struct sim_datagram d = {0};

	(void)state;
	record_handshake(13);
	finish_handshake();
	d.src = sim.node[1].endpoint;
	d.dst = sim.node[0].endpoint;
	d.len = WG_COOKIE_REPLY_LEN;
	d.bytes[0] = WG_MSG_COOKIE_REPLY;
	assert_int_equal(sim_deliver(&sim, &d), WG_DROPPED);
	assert_int_equal(sim_drops(&sim, 0, WG_DROP_UNEXPECTED), 1);
	memcpy(d.bytes + 4, data.bytes + 4, 4);	/* an index of node 1's, not of node 0's */
	assert_int_equal(sim_deliver(&sim, &d), WG_DROPPED);
	d.dst = sim.node[1].endpoint;
	assert_int_equal(sim_deliver(&sim, &d), WG_DROPPED);
	assert_int_equal(sim_drops(&sim, 1, WG_DROP_HANDSHAKE), 1);
	sim_fini(&sim);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_truncated_messages_change_nothing),
		cmocka_unit_test(test_changed_bytes_change_nothing),
		cmocka_unit_test(test_forged_handshakes_with_a_right_mac1_change_nothing),
		cmocka_unit_test(test_replayed_messages_are_refused),
		cmocka_unit_test(test_strangers_are_refused),
		cmocka_unit_test(test_replays_are_refused_across_removal),
		cmocka_unit_test(test_a_stranger_can_be_added_and_taken_at_once),
		cmocka_unit_test(test_wrong_preshared_key_makes_no_session),
		cmocka_unit_test(test_initiations_of_one_peer_may_not_follow_too_fast),
		cmocka_unit_test(test_inner_source_must_be_allowed),
		cmocka_unit_test(test_inner_source_of_another_peer_is_refused),
		cmocka_unit_test(test_used_up_counters_are_refused),
		cmocka_unit_test(test_only_authentic_messages_move_the_endpoint),
		cmocka_unit_test(test_handshake_from_elsewhere_moves_the_endpoint_too),
		cmocka_unit_test(test_under_load_a_cookie_is_asked_for_and_then_honoured),
		cmocka_unit_test(test_cookie_that_nobody_awaits_is_refused),
	};

	return cmocka_run_group_tests(tests, setup_crypto, NULL);
}
