/*
 * A stack and one peer that is written out packet by packet, for precise cases. Each body runs
 * over IPv4 and IPv6 (TEST).
 */
#ifndef CULVERT_TESTS_SUPPORT_NET_PEER_H
#define CULVERT_TESTS_SUPPORT_NET_PEER_H

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

static inline struct addr address(const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(&a, text, strlen(text)), 0);
	return a;
}

static inline void setup(unsigned family)
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
	config = (struct net_config){
		.addresses = own, .address_count = 2, .mtu = 1420,
		.rng = &w.rng, .streams_max = 50,
	};
	w.stack = net_stack_new(&config, w.now);
	assert_non_null(w.stack);
	w.us.addr = family == 4 ? own[0].addr : own[1].addr;
	w.us.port = OUR_PORT;
	w.peer.addr = address(family == 4 ? "10.0.0.9" : "fd00::9");
	w.peer.port = 443;
	w.snd = 7000;
}

static inline void teardown(void)
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
static inline void pass_ms(uint64_t ms)
{
	struct boot_time end = boot_add_ms(w.now, ms);

	while (w.now.ns < end.ns) {
		struct boot_time next = boot_min(net_stack_deadline(w.stack), end);

		if (next.ns > w.now.ns)
			w.now = next;
		net_stack_tick(w.stack, w.now);
	}
}

static inline bool take(struct raw_tcp *t)
{
	return raw_take_at(w.stack, w.now, &w.out) && raw_parse_tcp(&w.out, t);
}

static inline void expect_nothing(void)
{
	if (raw_take_at(w.stack, w.now, &w.out))
		fail_msg("an unexpected packet of %zu bytes", w.out.len);
}

/* The next packet is for the peer, with these flags; its data must be `data`. */
static inline struct raw_tcp expect(uint8_t flags, const char *data)
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

static inline struct raw_tcp from_peer(uint8_t flags, const void *data, size_t len)
{
	return (struct raw_tcp){.src = w.peer, .dst = w.us, .seq = w.snd, .ack = w.rcv,
				.flags = flags, .wnd = 1000, .data = data, .data_len = len};
}

static inline void feed(const struct raw_tcp *t)
{
	struct raw_packet p;

	raw_make_tcp(&p, t);
	raw_feed(w.stack, w.pool, w.now, &p, 1);
}

/* A segment from the peer; advances its sequence number. */
static inline void peer_send(uint8_t flags, const char *data)
{
	struct raw_tcp t = from_peer(flags, data, strlen(data));

	feed(&t);
	w.snd += (uint32_t)t.data_len + (flags & (RAW_SYN | RAW_FIN) ? 1 : 0);
}

static inline unsigned events(void)
{
	assert_ptr_equal(net_stack_next_stream(w.stack), w.s);
	return net_stream_take_events(w.s);
}

static inline void no_events(void)
{
	assert_null(net_stack_next_stream(w.stack));
}

static inline void syn_options(struct raw_tcp *t, bool scale)
{
	static const uint8_t opts[] = {2, 4, 5, 0x50, 1, 3, 3, 7};

	memcpy(t->opts, opts, sizeof(opts));
	t->opt_len = scale ? 8 : 4;
}

/* Starts a connection and takes its SYN. */
static inline void dial(void)
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

/* The peer's answer to dial(). */
static inline void answer(void)
{
	struct raw_tcp t;

	t = from_peer(RAW_SYN | RAW_ACK, NULL, 0);
	t.wnd = 60000;
	syn_options(&t, true);
	feed(&t);
	w.snd++;
	assert_int_equal(events(), NET_EV_CONNECTED);
	expect(RAW_ACK, "");
	expect_nothing();
}

static inline void establish(void)
{
	dial();
	answer();
}

static inline void read_text(const char *text)
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

static inline void write_text(const char *text)
{
	assert_int_equal(net_stream_write(w.s, text, strlen(text)), strlen(text));
}

static inline void run_both(void (*body)(void))
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

#endif
