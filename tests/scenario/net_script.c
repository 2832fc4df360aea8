/*
 * Precise cases against a peer that is written out packet by packet: opening, refusing, FIN in
 * every order, resets, zero windows, ICMP errors, inbound decisions, merged and duplicate segments.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/err.h"
#include "net/mem.h"
#include "net/stream.h"
#include "net/udp.h"
#include "support/net_raw.h"

#define OUR_PORT 8080

struct world {
	struct net_stack *stack;
	struct packet_pool *pool;
	struct rng_seeded seed;
	struct rng rng;
	struct boot_time now;
	struct net_stream *s;
	/* The peer's side of the one connection. */
	struct endpoint us, peer;
	uint32_t snd, rcv;	/* its next sequence number, ours */
	struct raw_packet out;
};

static struct world w;
static struct boot_time epoch = {5000 * NS_PER_S};
static unsigned family_now;

static struct addr address(const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(&a, text, strlen(text)), 0);
	return a;
}

static void setup(unsigned family)
{
	static struct prefix own[2];
	struct net_config config;

	/* What a failed test has left. */
	net_stack_free(w.stack);
	memset(&w, 0, sizeof(w));
	family_now = family;
	own[0] = (struct prefix){address("10.0.0.2"), 32};
	own[1] = (struct prefix){address("fd00::2"), 128};
	w.rng = rng_seeded_init(&w.seed, 99);
	w.now = epoch;
	w.pool = packet_pool_new(200, 400);
	config = (struct net_config){own, 2, 1420, &w.rng, 50};
	w.stack = net_stack_new(&config, w.now);
	assert_non_null(w.stack);
	w.us.addr = family == 4 ? own[0].addr : own[1].addr;
	w.us.port = OUR_PORT;
	w.peer.addr = address(family == 4 ? "10.0.0.9" : "fd00::9");
	w.peer.port = 443;
	w.snd = 7000;
}

static void teardown(void)
{
	epoch = boot_add_ms(w.now, 1000);
	net_stack_free(w.stack);
	w.stack = NULL;
	assert_int_equal(net_mem_count(), 0);
	assert_int_equal(packet_pool_packets_used(w.pool), 0);
	assert_int_equal(packet_pool_blocks_used(w.pool), 0);
	packet_pool_free(w.pool);
}

/* Time passes in steps as small as the stack asks for. */
static void pass_ms(uint64_t ms)
{
	struct boot_time end = boot_add_ms(w.now, ms);

	while (w.now.ns < end.ns) {
		struct boot_time next = boot_min(net_stack_deadline(w.stack), end);

		if (next.ns > w.now.ns)
			w.now = next;
		net_stack_tick(w.stack, w.now);
	}
}

static bool take(struct raw_tcp *t)
{
	return raw_take(w.stack, &w.out) && raw_parse_tcp(&w.out, t);
}

static void expect_nothing(void)
{
	if (raw_take(w.stack, &w.out))
		fail_msg("an unexpected packet of %zu bytes", w.out.len);
}

/* The next packet is for the peer, with these flags; its data must be `data`. */
static struct raw_tcp expect(uint8_t flags, const char *data)
{
	struct raw_tcp t;

	if (!take(&t))
		fail_msg("no packet; flags %x expected", flags);
	assert_true(endpoint_equal(&t.dst, &w.peer));
	assert_true(endpoint_equal(&t.src, &w.us));
	assert_int_equal(t.flags, flags);
	if (data) {
		assert_int_equal(t.data_len, strlen(data));
		assert_memory_equal(t.data, data, t.data_len);
	}
	return t;
}

static struct raw_tcp from_peer(uint8_t flags, const void *data, size_t len)
{
	return (struct raw_tcp){.src = w.peer, .dst = w.us, .seq = w.snd, .ack = w.rcv,
				.flags = flags, .wnd = 1000, .data = data, .data_len = len};
}

static void feed(const struct raw_tcp *t)
{
	struct raw_packet p;

	raw_make_tcp(&p, t);
	raw_feed(w.stack, w.pool, w.now, &p, 1);
}

/* A segment from the peer; advances its sequence number. */
static void peer_send(uint8_t flags, const char *data)
{
	struct raw_tcp t = from_peer(flags, data, strlen(data));

	feed(&t);
	w.snd += (uint32_t)t.data_len + (flags & (RAW_SYN | RAW_FIN) ? 1 : 0);
}

static unsigned events(void)
{
	assert_ptr_equal(net_stack_next_stream(w.stack), w.s);
	return net_stream_take_events(w.s);
}

static void no_events(void)
{
	assert_null(net_stack_next_stream(w.stack));
}

static void syn_options(struct raw_tcp *t, bool scale)
{
	static const uint8_t opts[] = {2, 4, 5, 0x50, 1, 3, 3, 7};

	memcpy(t->opts, opts, sizeof(opts));
	t->opt_len = scale ? 8 : 4;
}

/* Starts a connection and takes its SYN. */
static void dial(void)
{
	struct raw_tcp t;

	assert_int_equal(net_stream_connect(w.stack, w.now, &w.peer, &w, &w.s), 0);
	assert_true(take(&t));
	assert_int_equal(t.flags, RAW_SYN);
	assert_true(endpoint_equal(&t.dst, &w.peer));
	assert_true(addr_equal(&t.src.addr, &w.us.addr));
	w.us = t.src;
	w.rcv = t.seq + 1;
}

static void establish(void)
{
	struct raw_tcp t;

	dial();
	t = from_peer(RAW_SYN | RAW_ACK, NULL, 0);
	t.wnd = 60000;
	syn_options(&t, true);
	feed(&t);
	w.snd++;
	assert_int_equal(events(), NET_EV_CONNECTED);
	expect(RAW_ACK, "");
	expect_nothing();
}

static void read_text(const char *text)
{
	struct iovec iov[8];
	unsigned count = net_stream_peek(w.s, iov, 8);
	size_t at = 0;

	for (unsigned i = 0; i < count; i++) {
		assert_true(at + iov[i].iov_len <= strlen(text));
		assert_memory_equal(iov[i].iov_base, text + at, iov[i].iov_len);
		at += iov[i].iov_len;
	}
	assert_int_equal(at, strlen(text));
	net_stream_consume(w.s, at);
}

static void write_text(const char *text)
{
	assert_int_equal(net_stream_write(w.s, text, strlen(text)), strlen(text));
}

/* --- opening and data --- */

static void data_passes(void)
{
	struct raw_tcp t;
	struct endpoint e;

	establish();
	net_stream_remote(w.s, &e);
	assert_true(endpoint_equal(&e, &w.peer));
	net_stream_local(w.s, &e);
	assert_true(endpoint_equal(&e, &w.us));
	write_text("hello ");
	write_text("peer");
	t = expect(RAW_ACK | RAW_PSH, "hello peer");
	assert_int_equal(t.seq, w.rcv);
	expect_nothing();
	assert_int_equal(net_stream_unacked(w.s), 10);
	w.rcv += 10;
	peer_send(RAW_ACK | RAW_PSH, "answer");
	assert_int_equal(events(), NET_EV_READABLE | NET_EV_SENT_ALL);
	assert_int_equal(net_stream_unacked(w.s), 0);
	read_text("answer");
	assert_false(net_stream_at_eof(w.s));
	pass_ms(300);
	t = expect(RAW_ACK, "");
	assert_int_equal(t.ack, w.snd);
	no_events();
	net_stream_abort(w.s);
	expect(RAW_RST | RAW_ACK, "");
}

static void refused(void)
{
	dial();
	peer_send(RAW_RST | RAW_ACK, "");
	assert_int_equal(events(), NET_EV_FAILED);
	assert_int_equal(net_stream_cause(w.s), CAUSE_REFUSED);
	net_stream_close(w.s);
	expect_nothing();
}

static void reset_later(void)
{
	establish();
	peer_send(RAW_ACK, "last words");
	peer_send(RAW_RST | RAW_ACK, "");
	assert_int_equal(events(), NET_EV_READABLE | NET_EV_FAILED);
	assert_int_equal(net_stream_cause(w.s), CAUSE_RESET);
	assert_int_equal(net_stream_write(w.s, "x", 1), 0);
	net_stream_abort(w.s);
}

static void no_answer(void)
{
	struct raw_tcp t;
	unsigned syns = 0;

	dial();
	for (unsigned i = 0; i < 200 && !net_stack_next_stream(w.stack); i++) {
		pass_ms(1000);
		while (take(&t)) {
			assert_int_equal(t.flags, RAW_SYN);
			syns++;
		}
	}
	assert_int_equal(events(), NET_EV_FAILED);
	assert_int_equal(net_stream_cause(w.s), CAUSE_NO_ANSWER);
	assert_in_range(syns, 3, 8);
	net_stream_abort(w.s);
}

/* --- ends --- */

static void peer_ends_first(void)
{
	struct raw_tcp t;

	establish();
	peer_send(RAW_ACK | RAW_FIN, "bye");
	assert_int_equal(events(), NET_EV_READABLE | NET_EV_EOF);
	assert_false(net_stream_at_eof(w.s));
	read_text("bye");
	assert_true(net_stream_at_eof(w.s));
	t = expect(RAW_ACK, "");
	assert_int_equal(t.ack, w.snd);
	/* The other direction stays open. */
	write_text("still here");
	expect(RAW_ACK | RAW_PSH, "still here");
	w.rcv += 10;
	peer_send(RAW_ACK, "");
	assert_int_equal(events(), NET_EV_SENT_ALL);
	net_stream_shutdown(w.s);
	expect(RAW_ACK | RAW_FIN, "");
	w.rcv++;
	peer_send(RAW_ACK, "");
	assert_int_equal(events(), NET_EV_SENT_ALL);
	net_stream_close(w.s);
	expect_nothing();
}

static void we_end_first(void)
{
	struct raw_tcp t;

	establish();
	write_text("request");
	net_stream_shutdown(w.s);
	expect(RAW_ACK | RAW_PSH | RAW_FIN, "request");
	w.rcv += 8;
	peer_send(RAW_ACK, "");
	assert_int_equal(events(), NET_EV_SENT_ALL);
	peer_send(RAW_ACK | RAW_PSH, "late answer");
	assert_int_equal(events(), NET_EV_READABLE);
	read_text("late answer");
	peer_send(RAW_ACK | RAW_FIN, "");
	assert_int_equal(events(), NET_EV_EOF);
	assert_true(net_stream_at_eof(w.s));
	t = expect(RAW_ACK, "");
	assert_int_equal(t.ack, w.snd);
	net_stream_close(w.s);
	expect_nothing();
}

static void both_end_at_once(void)
{
	establish();
	net_stream_shutdown(w.s);
	expect(RAW_ACK | RAW_FIN, "");
	peer_send(RAW_ACK | RAW_FIN, "");
	assert_int_equal(events(), NET_EV_EOF);
	expect(RAW_ACK, "");
	w.rcv++;
	peer_send(RAW_ACK, "");
	assert_int_equal(events(), NET_EV_SENT_ALL);
	net_stream_close(w.s);
	expect_nothing();
}

static void close_delivers_in_the_background(void)
{
	struct raw_tcp t;

	establish();
	write_text("all of this");
	net_stream_close(w.s);
	t = expect(RAW_ACK | RAW_PSH | RAW_FIN, "all of this");
	assert_int_equal(t.seq, w.rcv);
	/* Lost: sent again, although nobody owns it any more. */
	pass_ms(3000);
	expect(RAW_ACK | RAW_PSH | RAW_FIN, "all of this");
	while (take(&t))
		;
	assert_int_equal(net_stack_stream_count(w.stack), 1);
	w.rcv += 12;
	peer_send(RAW_ACK, "");
	assert_int_equal(net_stack_stream_count(w.stack), 0);
	peer_send(RAW_ACK | RAW_FIN, "");
	expect(RAW_ACK, "");
	no_events();
}

static void close_with_unread_bytes_resets(void)
{
	establish();
	peer_send(RAW_ACK | RAW_PSH, "never read");
	net_stream_close(w.s);
	expect(RAW_ACK, "");
	expect(RAW_RST | RAW_ACK, "");
	expect_nothing();
}

static void bytes_after_close_reset(void)
{
	establish();
	net_stream_close(w.s);
	expect(RAW_ACK | RAW_FIN, "");
	w.rcv++;
	peer_send(RAW_ACK | RAW_PSH, "who reads this?");
	expect(RAW_RST | RAW_ACK, NULL);
	assert_int_equal(net_stack_stream_count(w.stack), 0);
}

/* --- silence --- */

static void keepalive_finds_a_dead_peer(void)
{
	struct boot_time start;
	struct raw_tcp t;
	unsigned probes = 0;

	establish();
	start = w.now;
	while (!net_stack_next_stream(w.stack) && boot_since_ms(w.now, start) < 200000) {
		pass_ms(500);
		while (take(&t))
			probes += t.flags == RAW_ACK;
	}
	assert_int_equal(events(), NET_EV_FAILED);
	assert_int_equal(net_stream_cause(w.s), CAUSE_NO_ANSWER);
	assert_in_range(boot_since_ms(w.now, start), 30000, 61000);
	assert_in_range(probes, 3, 10);
	net_stream_close(w.s);
	while (take(&t))
		;
}

static void an_answer_keeps_it_alive(void)
{
	struct raw_tcp t;

	establish();
	for (unsigned i = 0; i < 300; i++) {
		pass_ms(1000);
		while (take(&t)) {
			struct raw_tcp answer = from_peer(RAW_ACK, NULL, 0);

			feed(&answer);
		}
	}
	no_events();
	net_stream_abort(w.s);
}

static void unacknowledged_bytes_time_out(void)
{
	struct boot_time start;
	struct raw_tcp t;

	establish();
	write_text("into the void");
	start = w.now;
	while (!net_stack_next_stream(w.stack) && boot_since_ms(w.now, start) < 200000) {
		pass_ms(500);
		while (take(&t))
			;
	}
	assert_int_equal(events(), NET_EV_FAILED);
	assert_int_equal(net_stream_cause(w.s), CAUSE_NO_ANSWER);
	assert_in_range(boot_since_ms(w.now, start), 30000, 61000);
	net_stream_close(w.s);
	while (take(&t))
		;
}

/* The machine was suspended: an idle connection whose peer still answers goes on. */
static void a_freeze_kills_nobody(void)
{
	struct raw_tcp t;

	establish();
	w.now = boot_add_ms(w.now, UINT64_C(5) * 3600 * 1000);
	net_stack_tick(w.stack, w.now);
	for (unsigned i = 0; i < 50; i++) {
		while (take(&t)) {
			struct raw_tcp answer = from_peer(RAW_ACK, NULL, 0);

			feed(&answer);
		}
		pass_ms(100);
	}
	no_events();
	write_text("after the thaw");
	expect(RAW_ACK | RAW_PSH, "after the thaw");
	w.rcv += 14;
	peer_send(RAW_ACK, "");
	assert_int_equal(events(), NET_EV_SENT_ALL);
	net_stream_abort(w.s);
	expect(RAW_RST | RAW_ACK, "");
}

static void idle_sleeps(void)
{
	establish();
	pass_ms(1000);
	/* Nothing to do until the first keepalive. */
	assert_true(boot_since_ms(net_stack_deadline(w.stack), w.now) > 20000);
	net_stream_abort(w.s);
	while (raw_take(w.stack, &w.out))
		;
	/* What was armed for it may fire once more. */
	pass_ms(60000);
	assert_true(net_stack_deadline(w.stack).ns == BOOT_NEVER.ns);
}

/* --- windows --- */

static void zero_window_is_probed(void)
{
	struct raw_tcp t;
	bool probed = false;

	establish();
	t = from_peer(RAW_ACK, NULL, 0);
	t.wnd = 0;
	/* Newer than the SYN's window. */
	t.data = (const uint8_t *)"z";
	t.data_len = 1;
	feed(&t);
	w.snd++;
	assert_int_equal(events(), NET_EV_READABLE);
	read_text("z");
	write_text("blocked");
	while (take(&t))
		assert_int_equal(t.data_len, 0);
	for (unsigned i = 0; i < 20 && !probed; i++) {
		pass_ms(1000);
		while (take(&t))
			probed |= t.data_len == 1;
	}
	assert_true(probed);
	t = from_peer(RAW_ACK, NULL, 0);
	feed(&t);
	assert_true(take(&t));
	assert_true(t.data_len >= 6);
	net_stream_abort(w.s);
	while (take(&t))
		;
}

static void slow_reader_stops_the_sender(void)
{
	static uint8_t data[1380];
	struct raw_tcp t = {0}, seen;
	uint32_t window = 0, scale = 7;
	size_t sent = 0;

	establish();
	for (unsigned i = 0; i < 400; i++) {
		t = from_peer(RAW_ACK, data, sizeof(data));
		t.wnd = 500;
		feed(&t);
		net_stream_settle(w.s);
		w.snd += sizeof(data);
		sent += sizeof(data);
		while (take(&seen)) {
			window = (uint32_t)seen.wnd << scale;
			assert_true((int32_t)(seen.ack - w.snd) <= 0);
		}
		/* Blocks are not pinned, whatever waits. */
		assert_int_equal(packet_pool_blocks_used(w.pool), 0);
		if (window < sizeof(data))
			break;
	}
	assert_true(window < sizeof(data));
	assert_in_range(net_stream_pending(w.s), 200000, 270000);
	/* The reader comes back: the window opens. */
	events();
	while (net_stream_pending(w.s)) {
		struct iovec iov[4];
		unsigned count = net_stream_peek(w.s, iov, 4);
		size_t n = 0;

		for (unsigned i = 0; i < count; i++)
			n += iov[i].iov_len;
		net_stream_consume(w.s, n);
	}
	assert_true(take(&seen));
	assert_true((uint32_t)seen.wnd << scale >= 200000);
	net_stream_abort(w.s);
	while (take(&seen))
		;
}

/* --- ICMP --- */

struct icmp_case {
	uint8_t type4, code4, type6, code6;
	enum cause cause;
};

static void icmp_fails_a_dial(void)
{
	static const struct icmp_case cases[] = {
		{3, 0, 1, 0, CAUSE_UNREACHABLE},	{3, 1, 1, 3, CAUSE_UNREACHABLE},
		{3, 3, 1, 4, CAUSE_REFUSED},		{3, 13, 1, 1, CAUSE_DENIED},
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

static void inbound_is_limited(void)
{
	unsigned held = 0;

	assert_int_equal(net_listen(w.stack, OUR_PORT, NULL), 0);
	for (unsigned i = 0; i < 3000; i++) {
		w.peer.port = (uint16_t)(1000 + i);
		feed_syn();
	}
	while (net_stack_next_inbound(w.stack))
		held++;
	assert_in_range(held, 100, 2000);
	assert_int_equal(net_stack_drops(w.stack)[NET_DROP_SYN_LIMIT], 3000 - held);
	expect_nothing();
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

/* --- runs --- */

static void run_both(void (*body)(void))
{
	for (unsigned family = 4; family <= 6; family += 2) {
		setup(family);
		body();
		teardown();
	}
}

#define TEST(name) \
	static void test_##name(void **state) \
	{ \
		(void)state; \
		run_both(name); \
	}

TEST(data_passes)
TEST(refused)
TEST(reset_later)
TEST(no_answer)
TEST(peer_ends_first)
TEST(we_end_first)
TEST(both_end_at_once)
TEST(close_delivers_in_the_background)
TEST(close_with_unread_bytes_resets)
TEST(bytes_after_close_reset)
TEST(keepalive_finds_a_dead_peer)
TEST(an_answer_keeps_it_alive)
TEST(unacknowledged_bytes_time_out)
TEST(idle_sleeps)
TEST(a_freeze_kills_nobody)
TEST(zero_window_is_probed)
TEST(slow_reader_stops_the_sender)
TEST(icmp_fails_a_dial)
TEST(icmp_does_not_end_an_open_connection)
TEST(echo_is_answered)
TEST(inbound_is_held_then_accepted)
TEST(inbound_refused_is_reset)
TEST(closed_port_is_reset)
TEST(inbound_is_limited)
TEST(a_batch_gives_one_acknowledgement)
TEST(duplicate_acknowledgements_survive)
TEST(out_of_order_pins_nothing)
TEST(udp_passes)
TEST(large_datagrams_are_fragmented_and_reassembled)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_data_passes),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_reset_later),
		cmocka_unit_test(test_no_answer),
		cmocka_unit_test(test_peer_ends_first),
		cmocka_unit_test(test_we_end_first),
		cmocka_unit_test(test_both_end_at_once),
		cmocka_unit_test(test_close_delivers_in_the_background),
		cmocka_unit_test(test_close_with_unread_bytes_resets),
		cmocka_unit_test(test_bytes_after_close_reset),
		cmocka_unit_test(test_keepalive_finds_a_dead_peer),
		cmocka_unit_test(test_an_answer_keeps_it_alive),
		cmocka_unit_test(test_unacknowledged_bytes_time_out),
		cmocka_unit_test(test_idle_sleeps),
		cmocka_unit_test(test_a_freeze_kills_nobody),
		cmocka_unit_test(test_zero_window_is_probed),
		cmocka_unit_test(test_slow_reader_stops_the_sender),
		cmocka_unit_test(test_icmp_fails_a_dial),
		cmocka_unit_test(test_icmp_does_not_end_an_open_connection),
		cmocka_unit_test(test_echo_is_answered),
		cmocka_unit_test(test_inbound_is_held_then_accepted),
		cmocka_unit_test(test_inbound_refused_is_reset),
		cmocka_unit_test(test_closed_port_is_reset),
		cmocka_unit_test(test_inbound_is_limited),
		cmocka_unit_test(test_a_batch_gives_one_acknowledgement),
		cmocka_unit_test(test_duplicate_acknowledgements_survive),
		cmocka_unit_test(test_out_of_order_pins_nothing),
		cmocka_unit_test(test_udp_passes),
		cmocka_unit_test(test_large_datagrams_are_fragmented_and_reassembled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
