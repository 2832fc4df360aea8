/*
 * What surrounds connections, against a scripted peer: ICMP errors, inbound decisions, merged and
 * duplicate segments, UDP.
 */
#include "net/path.h"
#include "support/net_peer.h"

/* --- ICMP --- */

struct icmp_case {
	uint8_t type4, code4, type6, code6;
	enum cause cause;
};

static void icmp_fails_a_dial(void)
{
	static const struct icmp_case cases[] = {
		{3, 0, 1, 0, CAUSE_UNREACHABLE},	{3, 1, 1, 3, CAUSE_UNREACHABLE},
		{3, 3, 1, 4, CAUSE_REFUSED},		{3, 13, 1, 1, CAUSE_PROHIBITED},
		{11, 0, 3, 0, CAUSE_TIME_EXCEEDED},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct icmp_case *c = &cases[i];
		struct addr router = address(family_now == 4 ? "10.0.0.1" : "fd00::1");
		struct raw_packet error, other;
		size_t quote = family_now == 4 ? 28 : w.out.len;

		w.us.port = 0;
		dial();
		quote = family_now == 4 ? 28 : w.out.len;
		/* Another connection's: ignored. */
		other = w.out;
		other.bytes[(family_now == 4 ? 20 : 40) + 1] ^= 1;
		raw_make_icmp(&error, &router, &w.us.addr, family_now == 4 ? c->type4 : c->type6,
			      family_now == 4 ? c->code4 : c->code6, 0, other.bytes, quote);
		raw_feed(w.stack, w.pool, w.now, &error, 1);
		no_events();
		raw_make_icmp(&error, &router, &w.us.addr, family_now == 4 ? c->type4 : c->type6,
			      family_now == 4 ? c->code4 : c->code6, 0, w.out.bytes, quote);
		raw_feed(w.stack, w.pool, w.now, &error, 1);
		assert_int_equal(events(), NET_EV_FAILED);
		assert_int_equal(net_stream_cause(w.s), c->cause);
		net_stream_close(w.s);
		expect_nothing();
	}
}

static void icmp_does_not_end_an_open_connection(void)
{
	struct addr router = address(family_now == 4 ? "10.0.0.1" : "fd00::1");
	struct raw_packet error;

	establish();
	write_text("data");
	expect(RAW_ACK | RAW_PSH, "data");
	raw_make_icmp(&error, &router, &w.us.addr, family_now == 4 ? 3 : 1, family_now == 4 ? 1 : 3,
		      0, w.out.bytes, family_now == 4 ? 28 : w.out.len);
	raw_feed(w.stack, w.pool, w.now, &error, 1);
	no_events();
	net_stream_abort(w.s);
	expect(RAW_RST | RAW_ACK, "");
}

static void echo_is_answered(void)
{
	struct raw_packet ping;
	struct addr src, dst;
	size_t l4;

	raw_make_icmp(&ping, &w.peer.addr, &w.us.addr, family_now == 4 ? 8 : 128, 0, 0x00010002,
		      "payload", 7);
	raw_feed(w.stack, w.pool, w.now, &ping, 1);
	assert_true(raw_take(w.stack, &w.out));
	assert_int_equal(raw_parse_ip(&w.out, &src, &dst, &l4), family_now == 4 ? 1 : 58);
	assert_true(addr_equal(&dst, &w.peer.addr));
	assert_int_equal(w.out.bytes[l4], family_now == 4 ? 0 : 129);
	assert_memory_equal(w.out.bytes + l4 + 8, "payload", 7);
	expect_nothing();
}

/* --- inbound --- */

static void feed_syn(void)
{
	struct raw_tcp t = from_peer(RAW_SYN, NULL, 0);

	t.ack = 0;
	t.wnd = 60000;
	syn_options(&t, true);
	feed(&t);
}

static void inbound_is_held_then_accepted(void)
{
	struct net_inbound *in;
	struct endpoint src, dst;
	struct raw_tcp t;

	assert_int_equal(net_listen(w.stack, OUR_PORT, &epoch), 0);
	assert_int_equal(net_listen(w.stack, OUR_PORT, &epoch), ERR_EXISTS);
	feed_syn();
	expect_nothing();
	in = net_stack_next_inbound(w.stack);
	assert_non_null(in);
	assert_ptr_equal(net_inbound_owner(in), &epoch);
	net_inbound_endpoints(in, &src, &dst);
	assert_true(endpoint_equal(&src, &w.peer) && endpoint_equal(&dst, &w.us));
	/* The peer repeats itself: still one attempt, still no answer. */
	pass_ms(1000);
	feed_syn();
	assert_null(net_stack_next_inbound(w.stack));
	expect_nothing();
	assert_int_equal(net_inbound_accept(in, w.now, &w, &w.s), 0);
	t = expect(RAW_SYN | RAW_ACK, "");
	w.snd++;
	assert_int_equal(t.ack, w.snd);
	w.rcv = t.seq + 1;
	no_events();
	peer_send(RAW_ACK, "");
	assert_int_equal(events(), NET_EV_CONNECTED);
	peer_send(RAW_ACK | RAW_PSH, "inbound");
	assert_int_equal(events(), NET_EV_READABLE);
	read_text("inbound");
	net_stream_close(w.s);
	expect(RAW_ACK | RAW_FIN, "");
}

static void inbound_refused_is_reset(void)
{
	struct net_inbound *in;
	struct raw_tcp t;

	assert_int_equal(net_listen(w.stack, OUR_PORT, NULL), 0);
	feed_syn();
	in = net_stack_next_inbound(w.stack);
	assert_non_null(in);
	net_inbound_refuse(in);
	t = expect(RAW_RST | RAW_ACK, "");
	assert_int_equal(t.ack, w.snd + 1);
	expect_nothing();
	/* A new attempt is a new decision. */
	w.snd += 1000;
	feed_syn();
	assert_non_null(net_stack_next_inbound(w.stack));
}

static void closed_port_is_reset(void)
{
	struct raw_tcp t;

	feed_syn();
	assert_null(net_stack_next_inbound(w.stack));
	t = expect(RAW_RST | RAW_ACK, "");
	assert_int_equal(t.ack, w.snd + 1);
}

/* --- merging --- */

static void a_batch_gives_one_acknowledgement(void)
{
	static uint8_t data[16][1300];
	struct raw_packet packets[16];
	struct raw_tcp t;

	establish();
	for (unsigned i = 0; i < 16; i++) {
		memset(data[i], 'a' + (int)i, sizeof(data[i]));
		t = from_peer(RAW_ACK, data[i], sizeof(data[i]));
		raw_make_tcp(&packets[i], &t);
		w.snd += sizeof(data[i]);
	}
	raw_feed(w.stack, w.pool, w.now, packets, 16);
	assert_int_equal(events(), NET_EV_READABLE);
	assert_int_equal(net_stream_pending(w.s), sizeof(data));
	t = expect(RAW_ACK, "");
	assert_int_equal(t.ack, w.snd);
	expect_nothing();
	for (unsigned i = 0; i < 16; i++) {
		struct iovec iov;

		assert_int_equal(net_stream_peek(w.s, &iov, 1), 1);
		assert_int_equal(iov.iov_len, sizeof(data[i]));
		assert_memory_equal(iov.iov_base, data[i], sizeof(data[i]));
		net_stream_consume(w.s, sizeof(data[i]));
	}
	net_stream_abort(w.s);
	while (take(&t))
		;
}

static void duplicate_acknowledgements_survive(void)
{
	static uint8_t data[8 * 1300];
	struct raw_packet packets[3];
	struct raw_tcp t;
	unsigned count = 0;

	establish();
	assert_int_equal(net_stream_write(w.s, data, sizeof(data)), sizeof(data));
	while (take(&t))
		count++;
	assert_true(count >= 3);
	for (unsigned i = 0; i < 3; i++) {
		t = from_peer(RAW_ACK, NULL, 0);
		t.wnd = 60000 >> 7;
		raw_make_tcp(&packets[i], &t);
	}
	/* The first may still change the window; then three that say the same. */
	raw_feed(w.stack, w.pool, w.now, packets, 1);
	/* A moment later, when the pacer has let all of it go. */
	w.now = boot_add_ms(w.now, 1);
	net_stack_tick(w.stack, w.now);
	while (take(&t))
		;
	raw_feed(w.stack, w.pool, w.now, packets, 3);
	/* Fast retransmit: the first segment again, before any timer. */
	assert_true(take(&t));
	assert_int_equal(t.seq, w.rcv);
	assert_true(t.data_len > 0);
	net_stream_abort(w.s);
	while (take(&t))
		;
}

static void out_of_order_pins_nothing(void)
{
	static uint8_t data[1300];
	struct raw_tcp t;

	establish();
	t = from_peer(RAW_ACK, data, sizeof(data));
	t.seq += sizeof(data);
	feed(&t);
	assert_int_equal(packet_pool_blocks_used(w.pool), 0);
	no_events();
	expect(RAW_ACK, "");
	t = from_peer(RAW_ACK, data, sizeof(data));
	feed(&t);
	assert_int_equal(events(), NET_EV_READABLE);
	assert_int_equal(net_stream_pending(w.s), 2 * sizeof(data));
	net_stream_consume(w.s, 2 * sizeof(data));
	net_stream_abort(w.s);
	while (take(&t))
		;
}

/* --- UDP --- */

static void udp_passes(void)
{
	struct endpoint src, dst = {.addr = w.peer.addr, .port = 53};
	struct net_udp *udp;
	struct raw_packet p;
	uint8_t data[100];
	size_t l4;

	assert_int_equal(net_udp_open(w.stack, family_now == 4 ? ADDR_V4 : ADDR_V6, &w, &udp), 0);
	assert_int_equal(net_udp_recv(udp, &src, data, sizeof(data)), ERR_AGAIN);
	assert_int_equal(net_udp_send(udp, &dst, "query", 5), 0);
	assert_true(raw_take(w.stack, &w.out));
	assert_int_equal(raw_parse_ip(&w.out, &src.addr, &dst.addr, &l4), 17);
	assert_memory_equal(w.out.bytes + l4 + 8, "query", 5);
	src.port = (uint16_t)(w.out.bytes[l4] << 8 | w.out.bytes[l4 + 1]);
	for (unsigned i = 0; i < NET_UDP_QUEUE_MAX + 5; i++) {
		dst = (struct endpoint){.addr = w.peer.addr, .port = 53};
		raw_make_udp(&p, &dst, &src, "answer", 6);
		raw_feed(w.stack, w.pool, w.now, &p, 1);
	}
	assert_ptr_equal(net_stack_next_udp(w.stack), udp);
	assert_ptr_equal(net_udp_owner(udp), &w);
	assert_null(net_stack_next_udp(w.stack));
	for (unsigned i = 0; i < NET_UDP_QUEUE_MAX; i++) {
		assert_int_equal(net_udp_recv(udp, &dst, data, i ? sizeof(data) : 3), i ? 6 : 3);
		assert_int_equal(dst.port, 53);
		assert_true(addr_equal(&dst.addr, &w.peer.addr));
	}
	assert_int_equal(net_udp_recv(udp, &dst, data, sizeof(data)), ERR_AGAIN);
	net_udp_close(udp);
	/* Closed: port unreachable. */
	raw_feed(w.stack, w.pool, w.now, &p, 1);
	assert_true(raw_take(w.stack, &w.out));
	assert_int_equal(raw_parse_ip(&w.out, &src.addr, &dst.addr, &l4), family_now == 4 ? 1 : 58);
	assert_int_equal(w.out.bytes[l4], family_now == 4 ? 3 : 1);
	assert_int_equal(w.out.bytes[l4 + 1], family_now == 4 ? 3 : 4);
}

static void large_datagrams_are_fragmented_and_reassembled(void)
{
	static uint8_t big[4000], got[5000];
	struct endpoint to, from;
	struct net_udp *a, *b;
	struct raw_packet frags[8];
	size_t count = 0, l4;
	struct addr src, dst;

	for (size_t i = 0; i < sizeof(big); i++)
		big[i] = (uint8_t)(i * 7);
	assert_int_equal(net_udp_open(w.stack, family_now == 4 ? ADDR_V4 : ADDR_V6, &w, &a), 0);
	assert_int_equal(net_udp_open(w.stack, family_now == 4 ? ADDR_V4 : ADDR_V6, &w, &b), 0);
	/* A small one first, to learn the port of `b`. */
	to = (struct endpoint){.addr = w.us.addr, .port = 9};
	assert_int_equal(net_udp_send(b, &to, "x", 1), 0);
	assert_true(raw_take(w.stack, &w.out));
	raw_parse_ip(&w.out, &src, &dst, &l4);
	to.port = (uint16_t)(w.out.bytes[l4] << 8 | w.out.bytes[l4 + 1]);
	assert_int_equal(net_udp_send(a, &to, big, sizeof(big)), 0);
	while (count < 8 && raw_take(w.stack, &frags[count]))
		count++;
	assert_in_range(count, 3, 4);
	raw_feed(w.stack, w.pool, w.now, frags, count);
	assert_ptr_equal(net_stack_next_udp(w.stack), b);
	assert_int_equal(net_udp_recv(b, &from, got, sizeof(got)), sizeof(big));
	assert_memory_equal(got, big, sizeof(big));
	/* A flipped bit in a fragment is found by lwIP's check, on only for these. */
	frags[1].bytes[frags[1].len - 1] ^= 1;
	raw_feed(w.stack, w.pool, w.now, frags, count);
	assert_null(net_stack_next_udp(w.stack));
	assert_int_equal(packet_pool_blocks_used(w.pool), 0);
}

/*
 * The owner has closed, and the path is lost before the peer has acknowledged the end. The path
 * comes back, the peer does not: what is left of the connection ends, too.
 */
static void a_closed_connection_ends_after_an_outage(void)
{
	struct raw_packet p;
	size_t idle;

	idle = net_mem_count();
	establish();
	net_stream_set_peer(w.s, 1);
	peer_send(RAW_ACK | RAW_FIN, "");
	assert_int_equal(events(), NET_EV_EOF);
	while (raw_take(w.stack, &p))
		;
	net_stack_set_path(w.stack, w.now, 1, false);
	net_stream_close(w.s);
	while (raw_take(w.stack, &p))
		;
	assert_int_equal(net_stack_stream_count(w.stack), 0);
	net_stack_set_path(w.stack, w.now, 1, true);
	for (unsigned i = 0; i < 1200; i++) {
		pass_ms(1000);
		while (raw_take(w.stack, &p))
			;
	}
	/* The peer's entry stays until it is trimmed. */
	assert_true(net_mem_count() <= idle + 1);
}

static void wait_silently(uint64_t ms)
{
	struct raw_packet p;

	for (uint64_t passed = 0; passed < ms; passed += 1000) {
		pass_ms(1000);
		while (raw_take(w.stack, &p))
			;
	}
}

/* Who comes to a lost peer later is kept like the others; once it is back, silence counts. */
static void a_stream_learns_that_its_peer_is_lost(void)
{
	net_stack_set_path(w.stack, w.now, 1, false);
	establish();
	net_stream_set_peer(w.s, 1);
	wait_silently(120000);
	no_events();
	net_stack_set_path(w.stack, w.now, 1, true);
	wait_silently(75000);
	assert_int_equal(events(), NET_EV_FAILED);
	net_stream_close(w.s);
}

/* The answer to the dial came, and nobody has said that the peer is back. */
static void a_stream_that_begins_on_a_lost_path_waits(void)
{
	net_stack_set_path(w.stack, w.now, 1, false);
	dial();
	net_stream_set_peer(w.s, 1);
	answer();
	write_text("data");
	wait_silently(120000);
	no_events();
	net_stack_set_path(w.stack, w.now, 1, true);
	wait_silently(75000);
	assert_int_equal(events(), NET_EV_FAILED);
	net_stream_close(w.s);
}

static void the_loss_of_another_peer_keeps_nothing(void)
{
	establish();
	net_stream_set_peer(w.s, 1);
	net_stack_set_path(w.stack, w.now, 2, false);
	wait_silently(75000);
	assert_int_equal(events(), NET_EV_FAILED);
	net_stream_close(w.s);
}

TEST(icmp_fails_a_dial)
TEST(a_stream_learns_that_its_peer_is_lost)
TEST(a_stream_that_begins_on_a_lost_path_waits)
TEST(the_loss_of_another_peer_keeps_nothing)
TEST(a_closed_connection_ends_after_an_outage)
TEST(icmp_does_not_end_an_open_connection)
TEST(echo_is_answered)
TEST(inbound_is_held_then_accepted)
TEST(inbound_refused_is_reset)
TEST(closed_port_is_reset)
TEST(a_batch_gives_one_acknowledgement)
TEST(duplicate_acknowledgements_survive)
TEST(out_of_order_pins_nothing)
TEST(udp_passes)
TEST(large_datagrams_are_fragmented_and_reassembled)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_icmp_fails_a_dial),
		cmocka_unit_test(test_a_stream_learns_that_its_peer_is_lost),
		cmocka_unit_test(test_a_stream_that_begins_on_a_lost_path_waits),
		cmocka_unit_test(test_the_loss_of_another_peer_keeps_nothing),
		cmocka_unit_test(test_a_closed_connection_ends_after_an_outage),
		cmocka_unit_test(test_icmp_does_not_end_an_open_connection),
		cmocka_unit_test(test_echo_is_answered),
		cmocka_unit_test(test_inbound_is_held_then_accepted),
		cmocka_unit_test(test_inbound_refused_is_reset),
		cmocka_unit_test(test_closed_port_is_reset),
		cmocka_unit_test(test_a_batch_gives_one_acknowledgement),
		cmocka_unit_test(test_duplicate_acknowledgements_survive),
		cmocka_unit_test(test_out_of_order_pins_nothing),
		cmocka_unit_test(test_udp_passes),
		cmocka_unit_test(test_large_datagrams_are_fragmented_and_reassembled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
