#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

#include "base/err.h"
#include "support/crypto.h"
#include "support/wg_sim.h"
#include "wg/handshake.h"

/* The public interface of one device, mostly without a second one. */

static struct rng_seeded seeded;
static struct rng rng;
static const struct boot_time t0 = {UINT64_C(1000) * NS_PER_S};

static struct wg_device *new_device(struct key_private *key)
{
	struct wg_device *dev;

	key_private_generate(key, &rng);
	dev = wg_device_new(key, SIM_MTU, &rng);
	assert_non_null(dev);
	return dev;
}

static struct wg_peer_config random_peer(void)
{
	struct wg_peer_config config = {0};
	struct key_private key;

	key_private_generate(&key, &rng);
	assert_int_equal(key_public_from_private(&config.public_key, &key), 0);
	return config;
}

static void test_peers_are_added_found_and_removed(void **state)
{
	struct wg_peer_config config, own = {0};
	struct wg_peer *a, *b, *c;
	struct key_private key;
	struct wg_device *dev;
	int owner;

	(void)state;
	rng = rng_seeded_init(&seeded, 1);
	dev = new_device(&key);
	own.public_key = *wg_device_public_key(dev);
	assert_int_equal(wg_device_add_peer(dev, &own, &a), ERR_INVAL);
	config = random_peer();
	config.owner = &owner;
	assert_int_equal(wg_device_add_peer(dev, &config, &a), 0);
	assert_int_equal(wg_device_add_peer(dev, &config, &b), ERR_EXISTS);
	config = random_peer();
	assert_int_equal(wg_device_add_peer(dev, &config, &b), 0);
	config = random_peer();
	assert_int_equal(wg_device_add_peer(dev, &config, &c), 0);
	assert_ptr_equal(wg_peer_owner(a), &owner);
	assert_int_equal(wg_device_peer_count(dev), 3);
	assert_ptr_equal(wg_device_next_peer(dev, NULL), a);
	assert_ptr_equal(wg_device_next_peer(dev, a), b);
	assert_ptr_equal(wg_device_find_peer(dev, &config.public_key), c);
	assert_null(wg_device_find_peer(dev, &own.public_key));
	wg_device_remove_peer(dev, b);
	assert_ptr_equal(wg_device_next_peer(dev, a), c);
	assert_null(wg_device_next_peer(dev, c));
	assert_int_equal(wg_device_peer_count(dev), 2);
	wg_device_free(dev);
	wg_device_free(NULL);
}

/* The prefix decides, packet by packet, and the session goes on. */
static void test_allowed_ips_change_under_a_session(void **state)
{
	static struct sim sim;
	const uint8_t bytes[4] = {10, 0, 0, 1};
	struct prefix inner = {addr_v4(bytes), 32};
	struct wg_peer_config config;
	struct wg_peer *other, *peer;

	(void)state;
	sim_init(&sim, 60);
	sim_join(&sim, NULL);
	sim_send(&sim, 0, 1, 0);
	sim_run(&sim, 100);
	rng = sim.rng;
	config = random_peer();
	config.allowed_ips = &inner;
	config.allowed_ip_count = 1;
	peer = sim.node[1].peer;
	assert_int_equal(wg_device_add_peer(sim.node[1].dev, &config, &other), 0);
	assert_ptr_equal(wg_device_route(sim.node[1].dev, &inner.addr), other);
	sim_send(&sim, 0, 2, 0);
	sim_run(&sim, 100);
	assert_int_equal(sim_drops(&sim, 1, WG_DROP_SOURCE), 1);
	assert_int_equal(wg_peer_set_allowed_ips(peer, &inner, 1), 0);
	assert_ptr_equal(wg_device_route(sim.node[1].dev, &inner.addr), peer);
	sim_send(&sim, 0, 3, 0);
	sim_run(&sim, 100);
	assert_int_equal(sim.node[1].received, 2);
	assert_int_equal(wg_peer_set_allowed_ips(peer, NULL, 0), 0);
	assert_null(wg_device_route(sim.node[1].dev, &inner.addr));
	sim_send(&sim, 0, 4, 0);
	sim_run(&sim, 100);
	assert_int_equal(sim_drops(&sim, 1, WG_DROP_SOURCE), 2);
	sim_fini(&sim);
}

static void test_zero_private_key_gives_no_device(void **state)
{
	struct key_private key = {{0}};

	(void)state;
	rng = rng_seeded_init(&seeded, 2);
	assert_null(wg_device_new(&key, SIM_MTU, &rng));
}

/* A peer whose key is a point of small order can never be reached, and must not do harm. */
static void test_peer_with_a_useless_key_stays_quiet(void **state)
{
	struct wg_peer_config config = {0};
	struct wall_time wall = {SIM_WALL_S, 0};
	struct endpoint endpoint = sim_endpoint(9, 9), dst;
	uint8_t out[SIM_PACKET_MAX];
	struct key_private key;
	struct wg_device *dev;
	struct wg_peer *peer;

	(void)state;
	rng = rng_seeded_init(&seeded, 3);
	dev = new_device(&key);
	config.public_key.bytes[0] = 1;
	assert_int_equal(wg_device_add_peer(dev, &config, &peer), 0);
	wg_peer_set_endpoint(peer, &endpoint);
	wg_peer_start(peer, t0, 0);
	assert_int_equal(wg_device_output(dev, t0, wall, out, sizeof(out), &dst), 0);
	assert_true(wg_device_deadline(dev).ns > t0.ns);
	wg_device_free(dev);
}

static void test_padding_stops_at_the_mtu(void **state)
{
	static const struct {
		size_t inner, datagram;
	} cases[] = {
		{0, 32}, {1, 48}, {16, 48}, {17, 64}, {1400, 1440}, {1408, 1440}, {1409, 1452},
		{1419, 1452}, {1420, 1452}, {1421, 1453}, {1500, 1532},
	};
	struct key_private key;
	struct wg_device *dev;
	size_t i;

	(void)state;
	rng = rng_seeded_init(&seeded, 4);
	dev = new_device(&key);
	for (i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(wg_device_datagram_len(dev, cases[i].inner), cases[i].datagram);
	wg_device_free(dev);
}

static void test_padding_is_zero(void **state)
{
	static const uint8_t zero[WG_PADDING];
	static struct sim sim;
	struct wg_inner inner;
	uint8_t slot[SIM_PACKET_MAX];
	size_t len;
	int sealed;

	(void)state;
	sim_init(&sim, 55);
	sim_join(&sim, NULL);
	sim_send(&sim, 0, 1, 0);
	sim_run(&sim, 100);
	memset(slot, 0xff, sizeof(slot));
	len = sim_inner(&sim.node[0], &sim.node[1], 2, 11, slot + WG_DATA_HEADER_LEN);
	sealed = wg_peer_seal(sim.node[0].peer, sim.now, slot, len);
	assert_int_equal(sealed, wg_device_datagram_len(sim.node[0].dev, len));
	assert_int_equal(wg_device_input(sim.node[1].dev, sim.now, &sim.node[0].endpoint, slot,
					 (size_t)sealed, &inner), WG_DATA);
	assert_int_equal(inner.len, len);
	assert_memory_equal(inner.data + len, zero, (size_t)sealed - WG_OVERHEAD_LEN - len);
	sim_fini(&sim);
}

static void test_seal_says_why_it_cannot(void **state)
{
	static struct sim sim;
	uint8_t slot[SIM_PACKET_MAX] = {0};

	(void)state;
	sim_init(&sim, 5);
	sim_join(&sim, NULL);
	assert_int_equal(wg_peer_seal(sim.node[0].peer, sim.now, slot, 20), ERR_AGAIN);
	sim_send(&sim, 0, 1, 0);
	sim_run(&sim, 100);
	assert_int_equal(wg_peer_seal(sim.node[0].peer, sim.now, slot, 20), 64);
	assert_int_equal(wg_peer_seal(sim.node[0].peer, sim.now, slot, SIZE_MAX - 10), ERR_MSGSIZE);
	wg_peer_set_endpoint(sim.node[0].peer, &(struct endpoint){0});
	assert_int_equal(wg_peer_seal(sim.node[0].peer, sim.now, slot, 20), ERR_UNREACH);
	assert_int_equal(sim_drops(&sim, 0, WG_DROP_NO_ENDPOINT), 1);
	sim_fini(&sim);
}

static void test_waiting_packets_are_bounded_and_leave_in_order(void **state)
{
	static struct sim sim;
	unsigned i;

	(void)state;
	sim_init(&sim, 6);
	sim_join(&sim, NULL);
	for (i = 0; i < WG_STAGED_PER_PEER + 10; i++)
		sim_send(&sim, 0, (uint16_t)i, 10);
	assert_int_equal(sim_drops(&sim, 0, WG_DROP_QUEUE_FULL), 10);
	sim_run(&sim, 100);
	assert_int_equal(sim.node[1].received, WG_STAGED_PER_PEER);
	for (i = 0; i < WG_STAGED_PER_PEER + 10; i++)
		assert_int_equal(sim.node[1].seen[i], i >= 10);
	assert_int_equal(sim.node[0].dev->staged.total, 0);
	sim_fini(&sim);
}

static void test_events_are_coalesced_per_peer(void **state)
{
	struct wg_peer_config config;
	struct key_private key;
	struct wg_device *dev;
	struct wg_event event;
	struct wg_peer *a, *b;

	(void)state;
	rng = rng_seeded_init(&seeded, 7);
	dev = new_device(&key);
	config = random_peer();
	assert_int_equal(wg_device_add_peer(dev, &config, &a), 0);
	config = random_peer();
	assert_int_equal(wg_device_add_peer(dev, &config, &b), 0);
	wg_peer_raise(a, WG_EVENT_SESSION_UP);
	wg_peer_raise(b, WG_EVENT_ROAMED);
	wg_peer_raise(a, WG_EVENT_SESSION_DOWN);
	wg_peer_raise(a, WG_EVENT_SESSION_DOWN);
	wg_peer_raise(a, WG_EVENT_ROAMED);
	assert_true(wg_device_event(dev, &event));
	assert_ptr_equal(event.peer, a);
	assert_int_equal(event.type, WG_EVENT_SESSION_DOWN);
	assert_true(wg_device_event(dev, &event));
	assert_int_equal(event.type, WG_EVENT_ROAMED);
	wg_device_remove_peer(dev, b);
	assert_false(wg_device_event(dev, &event));
	wg_device_free(dev);
}

static void test_every_drop_reason_has_its_own_name(void **state)
{
	int i, j;

	(void)state;
	for (i = 0; i < WG_DROP_COUNT; i++)
		for (j = 0; j < i; j++)
			assert_string_not_equal(wg_drop_name((enum wg_drop)i),
						wg_drop_name((enum wg_drop)j));
}

static void test_info_tells_the_state(void **state)
{
	static struct sim sim;
	struct wg_peer_info info;

	(void)state;
	sim_init(&sim, 8);
	sim_join(&sim, NULL);
	wg_peer_info(sim.node[0].peer, sim.now, &info);
	assert_false(info.has_session);
	assert_int_equal(info.last_handshake.ns, 0);
	sim.node[1].deaf = true;
	sim_send(&sim, 0, 1, 0);
	sim_run(&sim, 6000);
	wg_peer_info(sim.node[0].peer, sim.now, &info);
	assert_int_equal(info.attempts, 2);
	sim.node[1].deaf = false;
	sim_run(&sim, 6000);
	wg_peer_info(sim.node[0].peer, sim.now, &info);
	assert_true(info.has_session);
	assert_int_equal(info.attempts, 0);
	assert_true(info.last_handshake.ns > 0);
	assert_int_equal(info.tx_bytes, 3 * WG_INITIATION_LEN + 64);
	assert_int_equal(info.rx_bytes, WG_RESPONSE_LEN + 0);
	assert_true(endpoint_equal(&info.endpoint, &sim.node[1].endpoint));
	sim_fini(&sim);
}

/* A keepalive shows that the peer is there, not that anything comes back through it. */
static void test_info_counts_data_apart_from_keepalives(void **state)
{
	static struct sim sim;
	struct wg_peer_info info;
	struct boot_time handshake;

	(void)state;
	sim_init(&sim, 9);
	sim_join(&sim, NULL);
	sim_run(&sim, 100);
	wg_peer_info(sim.node[0].peer, sim.now, &info);
	assert_int_equal(info.last_up.ns, 0);
	sim_send(&sim, 0, 1, 0);
	sim_run(&sim, 100);
	wg_peer_info(sim.node[0].peer, sim.now, &info);
	handshake = info.last_handshake;
	assert_int_equal(info.last_up.ns, handshake.ns);
	assert_int_equal(info.tx_data, 1);
	sim_run(&sim, WG_KEEPALIVE_TIMEOUT_MS + 100);
	wg_peer_info(sim.node[0].peer, sim.now, &info);
	assert_true(info.rx_bytes > WG_RESPONSE_LEN);
	assert_int_equal(info.rx_data, 0);
	assert_true(boot_since_ms(info.last_up, handshake) >= WG_KEEPALIVE_TIMEOUT_MS);
	sim_send(&sim, 1, 2, 0);
	sim_run(&sim, 100);
	wg_peer_info(sim.node[0].peer, sim.now, &info);
	assert_int_equal(info.rx_data, 1);
	assert_int_equal(info.tx_data, 1);
	sim_fini(&sim);
}

static void test_timestamp_is_tai64n(void **state)
{
	static const uint8_t expected[WG_TIMESTAMP_LEN] = {
		0x40, 0, 0, 0, 0x65, 0x53, 0xf1, 0x0a, 0x1d, 0, 0, 0,
	};
	uint8_t stamp[WG_TIMESTAMP_LEN];

	(void)state;
	wg_timestamp_encode(stamp, (struct wall_time){1700000000, 500000000});
	assert_memory_equal(stamp, expected, sizeof(stamp));
}

/*
 * Ten thousand peers: deadlines and look-ups touch the peer concerned only, and memory stays small.
 */
static void test_ten_thousand_peers_are_cheap(void **state)
{
	enum { PEERS = 10000 };
	struct endpoint endpoint = sim_endpoint(9, 9), dst;
	struct wg_peer_config config = {0};
	struct wall_time wall = {SIM_WALL_S, 0};
	struct boot_time now = t0;
	struct prefix allowed = {.bits = 32};
	uint8_t out[SIM_PACKET_MAX], host[4];
	struct key_private key;
	struct wg_device *dev;
	struct wg_peer *peer;
	unsigned i, sent = 0;

	(void)state;
	assert_true(sizeof(struct wg_peer) + sizeof(struct wg_past) <= 1024);
	rng = rng_seeded_init(&seeded, 9);
	dev = new_device(&key);
	config.allowed_ips = &allowed;
	config.allowed_ip_count = 1;
	for (i = 0; i < PEERS; i++) {
		rng_bytes(&rng, config.public_key.bytes, KEY_LEN);
		host[0] = 10;
		host[1] = (uint8_t)(i >> 16);
		host[2] = (uint8_t)(i >> 8);
		host[3] = (uint8_t)i;
		allowed.addr = addr_v4(host);
		assert_int_equal(wg_device_add_peer(dev, &config, &peer), 0);
		wg_peer_set_endpoint(peer, &endpoint);
		wg_peer_start(peer, now, 1 + i);
		assert_ptr_equal(wg_device_route(dev, &allowed.addr), peer);
	}
	for (i = 0; i < 100; i++) {
		now = boot_add_ms(now, 1);
		wg_device_tick(dev, now);
		while (wg_device_output(dev, now, wall, out, sizeof(out), &dst))
			sent++;
	}
	assert_int_equal(sent, 100);
	while ((peer = wg_device_next_peer(dev, NULL)))
		wg_device_remove_peer(dev, peer);
	assert_int_equal(wg_device_deadline(dev).ns, BOOT_NEVER.ns);
	assert_null(dev->allowed_ips.v4);
	wg_device_free(dev);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_peers_are_added_found_and_removed),
		cmocka_unit_test(test_allowed_ips_change_under_a_session),
		cmocka_unit_test(test_zero_private_key_gives_no_device),
		cmocka_unit_test(test_peer_with_a_useless_key_stays_quiet),
		cmocka_unit_test(test_padding_stops_at_the_mtu),
		cmocka_unit_test(test_padding_is_zero),
		cmocka_unit_test(test_seal_says_why_it_cannot),
		cmocka_unit_test(test_waiting_packets_are_bounded_and_leave_in_order),
		cmocka_unit_test(test_events_are_coalesced_per_peer),
		cmocka_unit_test(test_every_drop_reason_has_its_own_name),
		cmocka_unit_test(test_info_tells_the_state),
		cmocka_unit_test(test_info_counts_data_apart_from_keepalives),
		cmocka_unit_test(test_timestamp_is_tai64n),
		cmocka_unit_test(test_ten_thousand_peers_are_cheap),
	};

	return cmocka_run_group_tests(tests, setup_crypto, NULL);
}
