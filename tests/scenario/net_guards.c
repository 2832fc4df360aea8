/* What the stack refuses before anything else looks at it, and what an outsider cannot guess. */
#include "support/net_peer.h"

/* --- addresses that are not ours --- */

static uint64_t drops(enum net_drop reason)
{
	return net_stack_drops(w.stack)[reason];
}

/* A SYN for a listening port, a datagram for an open one and an echo request, to `dst`. */
static void feed_all_to(const struct addr *dst, uint16_t udp_port)
{
	struct endpoint to = {.addr = *dst, .port = OUR_PORT};
	struct raw_tcp t = {.src = w.peer, .dst = to, .seq = 1, .flags = RAW_SYN, .wnd = 1000};
	struct raw_packet p;

	raw_make_tcp(&p, &t);
	raw_feed(w.stack, w.pool, w.now, &p, 1);
	to.port = udp_port;
	raw_make_udp(&p, &w.peer, &to, "x", 1);
	raw_feed(w.stack, w.pool, w.now, &p, 1);
	raw_make_icmp(&p, &w.peer.addr, dst, dst->family == ADDR_V4 ? 8 : 128, 0, 1, "x", 1);
	raw_feed(w.stack, w.pool, w.now, &p, 1);
}

/* Ports are random: it shows in what is sent. */
static uint16_t port_of(struct net_udp *udp)
{
	assert_int_equal(net_udp_send(udp, &w.peer, "x", 1), 0);
	assert_true(raw_take(w.stack, &w.out));
	return (uint16_t)(w.out.bytes[raw_ip_len(&w.us.addr)] << 8 |
			  w.out.bytes[raw_ip_len(&w.us.addr) + 1]);
}

static void packets_for_others_are_dropped(void)
{
	static const char *const others[] = {"10.0.0.3", "10.0.1.2", "224.0.0.1", "255.255.255.255",
					     "127.0.0.1", "fd00::3", "ff02::1", "::1", "fe80::1"};
	struct net_udp *udp;
	unsigned count = 0;
	uint16_t port;

	assert_int_equal(net_listen(w.stack, OUR_PORT, NULL), 0);
	assert_int_equal(net_udp_open(w.stack, w.us.addr.family, NULL, &udp), 0);
	port = port_of(udp);
	for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct addr dst = address(others[i]);

		if (dst.family != w.us.addr.family)
			continue;
		feed_all_to(&dst, port);
		count += 3;
	}
	assert_int_equal(drops(NET_DROP_NOT_OURS), count);
	assert_null(net_stack_next_inbound(w.stack));
	assert_null(net_stack_next_udp(w.stack));
	expect_nothing();
	/* The same to us is taken. */
	feed_all_to(&w.us.addr, port);
	assert_int_equal(drops(NET_DROP_NOT_OURS), count);
	assert_non_null(net_stack_next_inbound(w.stack));
	assert_ptr_equal(net_stack_next_udp(w.stack), udp);
	assert_true(raw_take(w.stack, &w.out));
	net_udp_close(udp);
}

/* --- initial sequence numbers (RFC 6528) --- */

/* That of the answer to a SYN, whose addresses and ports the peer has chosen. */
static uint32_t isn_for(uint64_t seed, uint64_t later_ms)
{
	struct prefix own = {w.us.addr, w.us.addr.family == ADDR_V4 ? 32 : 128};
	struct boot_time now = boot_add_ms(w.now, later_ms);
	struct rng_seeded seeded;
	struct rng rng = rng_seeded_init(&seeded, seed);
	struct net_config config = {
		.addresses = &own, .address_count = 1, .mtu = 1420,
		.rng = &rng, .streams_max = 50,
	};
	struct net_stack *stack = net_stack_new(&config, now);
	struct raw_tcp t = from_peer(RAW_SYN, NULL, 0);
	struct raw_packet p;
	struct net_stream *s;

	assert_non_null(stack);
	assert_int_equal(net_listen(stack, OUR_PORT, NULL), 0);
	raw_make_tcp(&p, &t);
	raw_feed(stack, w.pool, now, &p, 1);
	assert_int_equal(net_inbound_accept(net_stack_next_inbound(stack), now, NULL, &s), 0);
	assert_true(raw_take(stack, &p) && raw_parse_tcp(&p, &t));
	assert_int_equal(t.flags, RAW_SYN | RAW_ACK);
	net_stream_abort(s);
	net_stack_free(stack);
	return t.seq;
}

/*
 * Without a key the number would follow from the clock and the addresses alone. The clock runs at 4 us,
 * and nothing else moves the number of one pair of addresses and ports.
 */
static void sequence_numbers_hang_on_a_key(void)
{
	uint32_t isn;
	unsigned near = 0;

	net_stack_free(w.stack);
	w.stack = NULL;
	isn = isn_for(1, 0);
	assert_int_equal(isn_for(1, 1000) - isn, 250000);
	for (uint64_t seed = 2; seed < 34; seed++)
		near += isn_for(seed, 0) - isn + (1u << 24) < 1u << 25;
	assert_true(near < 4);	/* each lies within 2^24 by a chance of 1 in 128 */
}

TEST(packets_for_others_are_dropped)
TEST(sequence_numbers_hang_on_a_key)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_packets_for_others_are_dropped),
		cmocka_unit_test(test_sequence_numbers_hang_on_a_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
