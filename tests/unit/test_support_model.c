/* The model peer: acknowledgements as RFC 2018, 2883 and 9293 have them, and its sender. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "support/model_peer.h"

#define ISS 0xfffff000u		/* of the counterpart: numbers wrap within the tests */
#define MSS 500
#define MS(n) ((n) * NS_PER_MS)

static struct model_peer m;
static struct boot_time now;
static uint8_t out[MODEL_PACKET_MAX];

static struct raw_tcp from_us(uint8_t flags, uint64_t at, size_t len)
{
	static const uint8_t us[4] = {10, 0, 0, 1};
	struct raw_tcp t = {.src = {.addr = addr_v4(us), .port = 4000}, .dst = m.local, .flags = flags};

	t.seq = ISS + 1 + (uint32_t)at;
	t.ack = m.iss + 1;
	t.wnd = 0xffff;
	t.data = len ? model_pattern(at, len) : NULL;
	t.data_len = len;
	return t;
}

static void feed(const struct raw_tcp *t, bool copy)
{
	struct raw_packet p;

	raw_make_tcp(&p, t);
	model_peer_input(&m, now, p.bytes, p.len, copy);
}

static bool answer(struct raw_tcp *t)
{
	struct raw_packet p;

	p.len = model_peer_output(&m, now, out);
	if (!p.len)
		return false;
	memcpy(p.bytes, out, p.len);
	assert_true(raw_parse_tcp(&p, t));
	return true;
}

static void connect_with(const struct model_options *options)
{
	static const uint8_t them[4] = {10, 0, 0, 2};
	static const uint8_t opts[] = {2, 4, 5, 0x64, 1, 3, 3, 7, 1, 1, 4, 2};
	struct endpoint local = {.addr = addr_v4(them), .port = 80};
	struct raw_tcp t;

	model_peer_fini(&m);
	now = (struct boot_time){1000 * NS_PER_S};
	model_peer_init(&m, options, &local, 77);
	t = from_us(RAW_SYN, 0, 0);
	t.seq = ISS;
	memcpy(t.opts, opts, sizeof(opts));
	t.opt_len = sizeof(opts);
	feed(&t, false);
	assert_true(answer(&t));
	assert_int_equal(t.flags, RAW_SYN | RAW_ACK);
	now = boot_add_ms(now, 20);
	t = from_us(RAW_ACK, 0, 0);
	feed(&t, false);
	m.quick = 0;
}

static void data(uint64_t at)
{
	struct raw_tcp t = from_us(RAW_ACK, at, MSS);

	feed(&t, false);
}

static void no_ack(void)
{
	struct raw_tcp t;

	assert_false(answer(&t));
}

/* The next packet acknowledges `upto` and has these blocks, by start and end; 0, 0 ends them. */
static void acks(uint64_t upto, const uint32_t blocks[][2])
{
	struct raw_tcp t;
	struct rd r;
	unsigned count = 0;

	assert_true(answer(&t));
	assert_int_equal(t.flags, RAW_ACK);
	assert_int_equal((uint32_t)(t.ack - ISS - 1), upto);
	while (blocks && blocks[count][1])
		count++;
	assert_int_equal(t.opt_len, count ? 4 + 8 * count : 0);
	r = rd_init(t.opts, t.opt_len);
	rd_skip(&r, count ? 4 : 0);
	for (unsigned i = 0; i < count; i++) {
		assert_int_equal(rd_be32(&r) - ISS - 1, blocks[i][0]);
		assert_int_equal(rd_be32(&r) - ISS - 1, blocks[i][1]);
	}
	no_ack();
}

static void test_every_second_segment_or_40_ms(void **state)
{
	(void)state;
	connect_with(&(struct model_options){0});
	data(0);
	no_ack();
	data(500);
	acks(1000, NULL);
	data(1000);
	no_ack();
	assert_int_equal(boot_since_ms(model_peer_deadline(&m), now), MODEL_DELAY_MS);
	now = model_peer_deadline(&m);
	model_peer_tick(&m, now);
	acks(1500, NULL);
	assert_true(model_peer_deadline(&m).ns == BOOT_NEVER.ns);
}

/* RFC 2018 section 4, case 2: the first of eight is lost (its example counts from 5000). */
static void test_the_rest_of_a_window_is_one_block(void **state)
{
	(void)state;
	connect_with(&(struct model_options){0});
	for (uint32_t i = 1; i < 8; i++) {
		data(i * 500);
		acks(0, (const uint32_t[][2]){{500, (i + 1) * 500}, {0, 0}});
	}
	data(0);
	acks(4000, NULL);
}

/* RFC 2018 section 4, case 3: the second, fourth, sixth and eighth are lost, then the fourth comes. */
static void test_the_newest_block_is_first(void **state)
{
	(void)state;
	connect_with(&(struct model_options){0});
	data(0);
	no_ack();
	data(1000);
	acks(500, (const uint32_t[][2]){{1000, 1500}, {0, 0}});
	data(2000);
	acks(500, (const uint32_t[][2]){{2000, 2500}, {1000, 1500}, {0, 0}});
	data(3000);
	acks(500, (const uint32_t[][2]){{3000, 3500}, {2000, 2500}, {1000, 1500}, {0, 0}});
	data(1500);
	acks(500, (const uint32_t[][2]){{1000, 2500}, {3000, 3500}, {0, 0}});
	data(500);
	acks(2500, (const uint32_t[][2]){{3000, 3500}, {0, 0}});
}

/* RFC 2883 section 4: a duplicate below the ACK, one inside a block, and half a segment. */
static void test_duplicates_are_told(void **state)
{
	struct raw_tcp t;

	(void)state;
	connect_with(&(struct model_options){0});
	data(0);
	data(500);
	acks(1000, NULL);
	data(500);
	acks(1000, (const uint32_t[][2]){{500, 1000}, {0, 0}});
	data(1500);
	acks(1000, (const uint32_t[][2]){{1500, 2000}, {0, 0}});
	data(2000);
	acks(1000, (const uint32_t[][2]){{1500, 2500}, {0, 0}});
	data(1500);
	acks(1000, (const uint32_t[][2]){{1500, 2000}, {1500, 2500}, {0, 0}});
	assert_int_equal(m.stats.needless, 2);
	t = from_us(RAW_ACK, 2250, 500);
	feed(&t, false);
	acks(1000, (const uint32_t[][2]){{2250, 2500}, {1500, 2750}, {0, 0}});
	assert_int_equal(m.stats.needless, 2);
	assert_int_equal(m.stats.needless_bytes, 1250);
	/* What the path has doubled is nobody's repeat. */
	t = from_us(RAW_ACK, 500, 500);
	feed(&t, true);
	acks(1000, (const uint32_t[][2]){{500, 1000}, {1500, 2750}, {0, 0}});
	assert_int_equal(m.stats.needless, 2);
}

static void test_options_switch_off(void **state)
{
	(void)state;
	connect_with(&(struct model_options){.no_sack = true});
	data(500);
	acks(0, NULL);
	data(500);
	acks(0, NULL);
	connect_with(&(struct model_options){.no_dsack = true});
	data(500);
	acks(0, (const uint32_t[][2]){{500, 1000}, {0, 0}});
	data(500);
	acks(0, (const uint32_t[][2]){{500, 1000}, {0, 0}});
}

static void test_the_window_follows_what_is_read_and_ends(void **state)
{
	struct raw_tcp t;
	uint64_t at = 0;

	(void)state;
	connect_with(&(struct model_options){.window_max = 1 << 20});
	assert_int_equal(m.window, 64 << 10);
	/* A round trip is 20 ms: 30 segments in the first, twice as many in each that follows. */
	for (unsigned n = 30; n <= 960; n *= 2) {
		for (unsigned i = 0; i < n; i++, at += MSS) {
			data(at);
			while (answer(&t))
				;
		}
		now = boot_add_ms(now, 21);
		assert_true(m.window >= (n > 30 ? n * MSS : 1));
	}
	assert_int_equal(m.window, 1 << 20);
	assert_int_equal(m.stats.beyond, 0);
	t = from_us(RAW_ACK, m.edge, MSS);
	feed(&t, false);
	assert_int_equal(m.stats.beyond, 1);
}

static void test_watching_counts_repeats_and_silences(void **state)
{
	struct raw_packet p;
	struct raw_tcp t;

	(void)state;
	connect_with(&(struct model_options){0});
	for (unsigned i = 0; i < 3; i++) {
		t = from_us(RAW_ACK, i * MSS, MSS);
		raw_make_tcp(&p, &t);
		model_peer_watch(&m, now, p.bytes, p.len);
	}
	t = from_us(RAW_ACK, 0, MSS);
	raw_make_tcp(&p, &t);
	model_peer_watch(&m, boot_add_ms(now, 199), p.bytes, p.len);
	assert_int_equal(m.stats.silences, 0);
	model_peer_watch(&m, boot_add_ms(now, 399), p.bytes, p.len);
	assert_int_equal(m.stats.silences, 1);
	assert_int_equal(m.stats.firsts, 3);
	assert_int_equal(m.stats.repeats, 2);
	assert_int_equal(m.stats.repeated_bytes, 2 * MSS);
}

/* Takes segments until there is none; returns how many, and the offset of the first. */
static unsigned sent(uint64_t *first)
{
	struct raw_tcp t;
	unsigned count = 0;

	while (answer(&t)) {
		if (!count++)
			*first = t.seq - 78;
		assert_memory_equal(t.data, model_pattern(t.seq - 78, t.data_len), t.data_len);
	}
	return count;
}

static void ack_of(uint32_t upto, uint32_t start, uint32_t end)
{
	struct raw_tcp t = from_us(RAW_ACK, 0, 0);
	struct wr w = wr_init(t.opts, sizeof(t.opts));

	t.ack = 78 + upto;
	if (end) {
		wr_be32(&w, 0x0101050a);
		wr_be32(&w, 78 + start);
		wr_be32(&w, 78 + end);
		t.opt_len = w.len;
	}
	feed(&t, false);
}

static void test_the_sender_repeats_what_three_above_show_lost(void **state)
{
	uint64_t at = 0;
	const uint32_t seg = 1380;

	(void)state;
	connect_with(&(struct model_options){.to_send = 1 << 20});
	assert_int_equal(sent(&at), 10);
	now = boot_add_ms(now, 20);
	ack_of(0, seg, 3 * seg);
	assert_int_equal(sent(&at), 2);	/* what has arrived makes room */
	ack_of(0, seg, 4 * seg);
	assert_int_equal(sent(&at), 1);
	assert_int_equal(at, 0);
	assert_int_equal(m.stats.resent, 1);
}

static void test_the_sender_times_out_and_ends(void **state)
{
	uint64_t at = 0;

	(void)state;
	connect_with(&(struct model_options){.to_send = 3000});
	assert_int_equal(sent(&at), 3);
	/* RFC 6298: srtt 20, rttvar 10, but at least 200 ms. */
	assert_int_equal(boot_since_ms(model_peer_deadline(&m), now), 200);
	now = model_peer_deadline(&m);
	model_peer_tick(&m, now);
	assert_int_equal(sent(&at), 1);
	assert_int_equal(at, 0);
	assert_int_equal(boot_since_ms(model_peer_deadline(&m), now), 400);
	assert_int_equal(m.stats.timeouts, 1);
	assert_false(model_peer_sent_all(&m));
	ack_of(3000, 0, 0);
	assert_true(model_peer_sent_all(&m));
	assert_true(model_peer_deadline(&m).ns == BOOT_NEVER.ns);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_second_segment_or_40_ms),
		cmocka_unit_test(test_the_rest_of_a_window_is_one_block),
		cmocka_unit_test(test_the_newest_block_is_first),
		cmocka_unit_test(test_duplicates_are_told),
		cmocka_unit_test(test_options_switch_off),
		cmocka_unit_test(test_the_window_follows_what_is_read_and_ends),
		cmocka_unit_test(test_watching_counts_repeats_and_silences),
		cmocka_unit_test(test_the_sender_repeats_what_three_above_show_lost),
		cmocka_unit_test(test_the_sender_times_out_and_ends),
	};
	int result = cmocka_run_group_tests(tests, NULL, NULL);

	model_peer_fini(&m);
	return result;
}
