#include "io/udp.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <unistd.h>

#include "base/err.h"
#include "base/packet.h"
#include "support/netns.h"
#include "support/udp_side.h"

static int set_up(void **state)
{
	(void)state;
	loop = io_loop_new();
	ipv6 = ipv6_is_there();
	return loop ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	io_loop_free(loop);
	return 0;
}

static const size_t lens[] = {
	1452, 1452, 1452, 96, 1452, 32, 32, 32, 1452, 5, 148, 92, 1200, 1200, 1201, 1199, 60000 / 2,
};

static void exchange(struct side *a, struct side *b, enum addr_family family, unsigned count)
{
	struct endpoint dst = to(b, family);
	uint64_t sent = io_udp_counters(a->udp)->tx_datagrams;

	b->count = 0;
	b->left = (int)count;
	for (unsigned i = 0; i < count; i++)
		put(a, &dst, lens[i % ARRAY_LEN(lens)], i);
	io_udp_flush(a->udp);
	assert_true(looprun_until(loop, looprun_zero, &b->left));
	assert_int_equal(b->count, count);
	for (unsigned i = 0; i < count; i++) {
		assert_int_equal(b->len[i], lens[i % ARRAY_LEN(lens)]);
		assert_int_equal(b->number[i], i);
		assert_true(b->intact[i]);
	}
	assert_int_equal(b->src.port, io_udp_port(a->udp));
	assert_int_equal(b->src.addr.family, ipv6 ? family : ADDR_V4);
	assert_int_equal(io_udp_counters(a->udp)->tx_datagrams - sent, count);
}

static void test_datagrams_arrive_whole_and_in_order_in_every_mode(void **state)
{
	struct io_udp_offload have, want;
	static struct side a, b;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		side_init(&a, POOL_BLOCKS);
		side_init(&b, POOL_BLOCKS);
		io_udp_get_offload(a.udp, &have);
		want = modes[i].offload;
		want.gro &= have.gro;
		want.gso &= have.gso;
		io_udp_set_offload(a.udp, &want);
		io_udp_set_offload(b.udp, &want);
		/* Where slots are small, the first large datagram is lost and makes them grow. */
		if (!want.gro) {
			struct endpoint v4 = to(&b, ADDR_V4), v6 = to(&b, ADDR_V6);

			put(&a, &v4, 30000, 0);
			put(&a, &v6, 30000, 0);
			put(&a, &v4, 40, 0);
			put(&a, &v6, 40, 0);
			io_udp_flush(a.udp);
			b.left = 2;
			assert_true(looprun_until(loop, looprun_zero, &b.left));
			assert_int_equal(io_udp_counters(b.udp)->rx_truncated, 2);
		}
		exchange(&a, &b, ADDR_V4, 1);
		exchange(&a, &b, ADDR_V4, 40);
		exchange(&a, &b, ADDR_V6, 40);
		exchange(&b, &a, ADDR_V4, 8);
		assert_true(b.batches > 0);
		side_fini(&a);
		side_fini(&b);
	}
}

static void test_a_train_costs_one_call_each_way(void **state)
{
	struct io_udp_offload have;
	static struct side a, b;
	struct endpoint dst;

	(void)state;
	side_init(&a, POOL_BLOCKS);
	side_init(&b, POOL_BLOCKS);
	io_udp_get_offload(a.udp, &have);
	if (!have.gso || !have.gro) {
		side_fini(&a);
		side_fini(&b);
		skip();
	}
	dst = to(&b, ADDR_V4);
	b.left = 44;
	for (uint32_t i = 0; i < 44; i++)
		put(&a, &dst, 1452, i);
	io_udp_flush(a.udp);
	assert_int_equal(io_udp_counters(a.udp)->tx_calls, 1);
	assert_true(looprun_until(loop, looprun_zero, &b.left));
	assert_int_equal(io_udp_counters(b.udp)->rx_calls, 1);
	side_fini(&a);
	side_fini(&b);
}

/* `count` datagrams, no train, that wait when the receiver wakes: the calls that it needs. */
static uint64_t calls_for(struct side *a, struct side *b, uint32_t count)
{
	struct endpoint dst = to(b, ADDR_V4);
	uint64_t before = io_udp_counters(b->udp)->rx_calls;

	b->left = (int)count;
	for (uint32_t i = 0; i < count; i++) {
		put(a, &dst, 100, i);
		io_udp_flush(a->udp);
	}
	assert_true(looprun_until(loop, looprun_zero, &b->left));
	return io_udp_counters(b->udp)->rx_calls - before;
}

static void test_what_came_last_time_costs_one_call(void **state)
{
	static struct side a, b;

	(void)state;
	side_init(&a, POOL_BLOCKS);
	side_init(&b, POOL_BLOCKS);
	assert_int_equal(calls_for(&a, &b, 1), 1);
	assert_int_equal(calls_for(&a, &b, 2), 1);
	assert_int_equal(calls_for(&a, &b, 3), 2);
	assert_int_equal(calls_for(&a, &b, 3), 1);
	assert_int_equal(calls_for(&a, &b, 1), 1);
	side_fini(&a);
	side_fini(&b);
}

static void test_batch_beyond_the_buffer_is_sent_on_the_way(void **state)
{
	static struct side a, b;
	struct endpoint dst;

	(void)state;
	side_init(&a, POOL_BLOCKS);
	side_init(&b, POOL_BLOCKS);
	dst = to(&b, ADDR_V4);
	for (uint32_t i = 0; i < 9; i++)
		put(&a, &dst, 30000, i);
	b.left = 8;
	assert_int_equal(io_udp_counters(a.udp)->tx_datagrams, 8);
	assert_true(looprun_until(loop, looprun_zero, &b.left));
	b.left = 1;
	io_udp_flush(a.udp);
	assert_true(looprun_until(loop, looprun_zero, &b.left));
	for (uint32_t i = 0; i < 9; i++)
		assert_true(b.number[i] == i && b.intact[i]);
	side_fini(&a);
	side_fini(&b);
}

/* More than the buffer holds, so some leave on the way: none before its owner was told. */
static void test_datagrams_may_be_finished_just_before_they_leave(void **state)
{
	static struct side a, b;
	struct endpoint dst;

	(void)state;
	side_init(&a, POOL_BLOCKS);
	side_init(&b, POOL_BLOCKS);
	dst = to(&b, ADDR_V4);
	a.unfinished_len = 30000;
	for (unsigned i = 0; i < 9; i++) {
		assert_true(io_udp_has_room(a.udp, a.unfinished_len));
		a.unfinished[i] = io_udp_slot(a.udp, &dst, a.unfinished_len);
		assert_non_null(a.unfinished[i]);
		memset(a.unfinished[i], 0, a.unfinished_len);
		io_udp_commit(a.udp, a.unfinished_len);
		a.unfinished_to = i + 1;
	}
	b.left = 8;
	assert_int_equal(io_udp_counters(a.udp)->tx_datagrams, 8);
	assert_true(looprun_until(loop, looprun_zero, &b.left));
	b.left = 1;
	io_udp_flush(a.udp);
	assert_true(looprun_until(loop, looprun_zero, &b.left));
	for (uint32_t i = 0; i < 9; i++)
		assert_true(b.number[i] == i && b.intact[i]);
	side_fini(&a);
	side_fini(&b);
}

static void test_batch_of_more_runs_than_one_call_takes(void **state)
{
	static struct side a, b;
	struct endpoint dst;
	enum { COUNT = 200 };

	(void)state;
	side_init(&a, POOL_BLOCKS);
	side_init(&b, POOL_BLOCKS);
	dst = to(&b, ADDR_V4);
	b.left = COUNT;
	for (uint32_t i = 0; i < COUNT; i++)
		put(&a, &dst, i % 2 ? 100 : 200, i);
	assert_true(io_udp_counters(a.udp)->tx_datagrams > 0);
	io_udp_flush(a.udp);
	assert_true(looprun_until(loop, looprun_zero, &b.left));
	for (uint32_t i = 0; i < COUNT; i++)
		assert_true(b.number[i] == i && b.intact[i]);
	side_fini(&a);
	side_fini(&b);
}

static void test_interleaved_destinations_keep_their_order(void **state)
{
	static struct side a, b, c;
	struct endpoint dst[3];
	enum { COUNT = 210 };

	(void)state;
	side_init(&a, POOL_BLOCKS);
	side_init(&b, POOL_BLOCKS);
	side_init(&c, POOL_BLOCKS);
	dst[0] = to(&b, ADDR_V4);
	dst[1] = to(&c, ADDR_V4);
	dst[2] = to(&c, ADDR_V6);
	b.left = COUNT / 3;
	c.left = COUNT * 2 / 3;
	for (uint32_t i = 0; i < COUNT; i++)
		put(&a, &dst[i % 3], 500, i);
	io_udp_flush(a.udp);
	assert_true(looprun_until(loop, looprun_zero, &b.left));
	assert_true(looprun_until(loop, looprun_zero, &c.left));
	for (size_t i = 0; i < b.count; i++)
		assert_int_equal(b.number[i], i * 3);
	for (size_t i = 0; i < c.count; i++)
		assert_true(c.intact[i] && c.number[i] % 3 != 0);
	side_fini(&a);
	side_fini(&b);
	side_fini(&c);
}

static void test_uncommitted_and_shortened_slots(void **state)
{
	static struct side a, b;
	struct endpoint dst;

	(void)state;
	side_init(&a, POOL_BLOCKS);
	side_init(&b, POOL_BLOCKS);
	dst = to(&b, ADDR_V4);
	b.left = 2;
	put(&a, &dst, 300, 1);
	memset(io_udp_slot(a.udp, &dst, 300), 0xee, 300);
	fill(io_udp_slot(a.udp, &dst, 900), 200, 2);
	io_udp_commit(a.udp, 200);
	memset(io_udp_slot(a.udp, &dst, 300), 0xee, 300);
	io_udp_commit(a.udp, 0);
	(void)io_udp_slot(a.udp, &dst, 32768);
	io_udp_flush(a.udp);
	io_udp_flush(a.udp);
	assert_true(looprun_until(loop, looprun_zero, &b.left));
	assert_int_equal(b.count, 2);
	assert_int_equal(b.len[0], 300);
	assert_int_equal(b.len[1], 200);
	assert_true(b.intact[0] && b.intact[1]);
	assert_int_equal(io_udp_counters(a.udp)->tx_datagrams, 2);
	side_fini(&a);
	side_fini(&b);
}

static bool has_paused(void *ctx)
{
	return io_udp_counters(((struct side *)ctx)->udp)->rx_nobuf >= 2;
}

static void test_used_up_pool_pauses_reading_until_blocks_are_back(void **state)
{
	static struct side a, b;
	struct endpoint dst;
	uint64_t refused;

	(void)state;
	side_init(&a, POOL_BLOCKS);
	side_init(&b, 1);
	dst = to(&b, ADDR_V4);
	b.keep = true;
	b.left = 3;
	for (uint32_t i = 0; i < 3; i++) {
		put(&a, &dst, 200 + i, i);
		io_udp_flush(a.udp);
	}
	assert_true(looprun_until(loop, has_paused, &b));
	refused = io_udp_counters(b.udp)->rx_nobuf;
	assert_true(refused < 100);
	b.keep = false;
	side_drop_kept(&b);
	assert_true(looprun_until(loop, looprun_zero, &b.left));
	assert_int_equal(b.count, 3);
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(b.number[i], i);
	side_fini(&a);
	side_fini(&b);
}

static void test_kept_datagrams_stay_untouched(void **state)
{
	static struct side a, b;
	struct endpoint dst;

	(void)state;
	side_init(&a, POOL_BLOCKS);
	side_init(&b, POOL_BLOCKS);
	dst = to(&b, ADDR_V4);
	b.keep = true;
	for (uint32_t round = 0; round < 4; round++) {
		b.left = 10;
		for (uint32_t i = 0; i < 10; i++)
			put(&a, &dst, 700, round * 10 + i);
		io_udp_flush(a.udp);
		assert_true(looprun_until(loop, looprun_zero, &b.left));
	}
	for (uint32_t i = 0; i < 40; i++)
		assert_true(is_filled(b.kept[i]->data, b.kept[i]->len, i));
	side_fini(&a);
	side_fini(&b);
}

static void test_slots_shrink_again_after_small_datagrams(void **state)
{
	struct io_udp_offload plain = {.gro = false, .gso = false, .mmsg = true};
	static struct side a, b;
	struct endpoint dst;

	(void)state;
	side_init(&a, POOL_BLOCKS);
	side_init(&b, POOL_BLOCKS);
	io_udp_set_offload(b.udp, &plain);
	dst = to(&b, ADDR_V4);
	for (int round = 0; round < 2; round++) {
		put(&a, &dst, 9000, 0);
		b.count = 0;
		for (uint32_t i = 0; i < 1100; i++) {
			put(&a, &dst, 100, i);
			if (i % 100 != 99)
				continue;
			io_udp_flush(a.udp);
			b.left = 100;
			assert_true(looprun_until(loop, looprun_zero, &b.left));
		}
	}
	assert_int_equal(io_udp_counters(b.udp)->rx_truncated, 2);
	side_fini(&a);
	side_fini(&b);
}

static void test_what_finds_the_buffer_full_is_counted(void **state)
{
	static struct side a, b;
	struct endpoint dst;

	(void)state;
	for (size_t m = 0; m < sizeof(modes) / sizeof(modes[0]); m++) {
		struct io_udp_offload mode = modes[m].offload;
		uint64_t lost = 0;

		/* Sent one by one: a train counts as one message. */
		mode.gso = false;
		side_init(&a, POOL_BLOCKS);
		side_init(&b, POOL_BLOCKS);
		assert_in_range(io_udp_receive_buffer(b.udp), 2048, IO_UDP_BUFFER);
		io_udp_set_offload(a.udp, &mode);
		io_udp_set_offload(b.udp, &mode);
		io_udp_set_receive_buffer(b.udp, 30000);
		assert_int_equal(io_udp_receive_buffer(b.udp), 30000);
		dst = to(&b, ADDR_V4);
		for (unsigned round = 0; round < 2; round++) {
			size_t before = b.count;

			for (uint32_t i = 0; i < 100; i++) {
				put(&a, &dst, 1400, i);
				io_udp_flush(a.udp);
			}
			/* One wakeup reads all that the buffer holds. */
			b.left = 10;
			assert_true(looprun_until(loop, looprun_zero, &b.left));
			assert_in_range(b.count - before, 10, 60);
			lost += 100 - (b.count - before);
			/* It is told with what comes after. */
			b.left = 1;
			put(&a, &dst, 100, 0);
			io_udp_flush(a.udp);
			assert_true(looprun_until(loop, looprun_zero, &b.left));
			assert_int_equal(io_udp_counters(b.udp)->rx_overflow, lost);
		}
		side_fini(&a);
		side_fini(&b);
	}
}

static void test_refused_datagrams_are_counted_and_stop_nothing(void **state)
{
	static struct side a, b;
	struct endpoint dst, nowhere;

	(void)state;
	side_init(&a, POOL_BLOCKS);
	side_init(&b, POOL_BLOCKS);
	dst = to(&b, ADDR_V4);
	nowhere = dst;
	nowhere.port = 0;	/* EINVAL from the system */
	b.left = 2;
	put(&a, &dst, 64, 0);
	for (uint32_t i = 0; i < 5; i++)
		put(&a, &nowhere, 64, i);
	put(&a, &dst, 64, 1);
	io_udp_flush(a.udp);
	assert_true(looprun_until(loop, looprun_zero, &b.left));
	assert_int_equal(b.number[1], 1);
	assert_int_equal(io_udp_counters(a.udp)->tx_errors, 5);
	assert_int_equal(io_udp_counters(a.udp)->tx_datagrams, 2);
	side_fini(&a);
	side_fini(&b);
}

static void test_ports_and_families(void **state)
{
	static struct side a;
	struct endpoint v6 = {.addr = {ADDR_V6, {[15] = 1}}, .port = 9};
	struct io_udp *other = NULL;
	struct io_udp_config config = {
		.loop = loop, .ipv4 = true, .ipv6 = true, .on_datagram = on_datagram, .ctx = &a,
	};

	(void)state;
	side_init(&a, POOL_BLOCKS);
	config.pool = a.pool;
	assert_true(io_udp_port(a.udp) != 0);
	assert_true(io_udp_has_family(a.udp, ADDR_V4));
	assert_true(io_udp_has_family(a.udp, ADDR_V6) == ipv6);
	assert_false(io_udp_has_family(a.udp, ADDR_NONE));
	config.port = io_udp_port(a.udp);
	assert_int_equal(io_udp_new(&config, &other), ERR_INUSE);
	config.ipv4 = false;
	if (ipv6)
		assert_int_equal(io_udp_new(&config, &other), ERR_INUSE);
	assert_null(other);
	config.ipv6 = false;
	assert_int_equal(io_udp_new(&config, &other), ERR_UNREACH);
	config.port = 0;
	config.ipv4 = true;
	assert_int_equal(io_udp_new(&config, &other), 0);
	assert_false(io_udp_has_family(other, ADDR_V6));
	/* A family that is not open: dropped and counted. */
	memset(io_udp_slot(other, &v6, 10), 0, 10);
	io_udp_commit(other, 10);
	io_udp_flush(other);
	assert_int_equal(io_udp_counters(other)->tx_errors, 1);
	io_udp_free(other);
	side_fini(&a);
}

static void test_trim_keeps_what_is_queued(void **state)
{
	static struct side a, b;
	struct endpoint dst;

	(void)state;
	side_init(&a, POOL_BLOCKS);
	side_init(&b, POOL_BLOCKS);
	dst = to(&b, ADDR_V4);
	b.left = 2;
	put(&a, &dst, 100, 0);
	io_udp_trim(a.udp);
	io_udp_flush(a.udp);
	io_udp_trim(a.udp);
	put(&a, &dst, 100, 1);
	io_udp_flush(a.udp);
	assert_true(looprun_until(loop, looprun_zero, &b.left));
	assert_true(b.intact[0] && b.intact[1]);
	side_fini(&a);
	side_fini(&b);
}

/* In a namespace whose loopback has MTU 1280. */
static int small_mtu_body(void)
{
	static struct side a, b, c;
	struct endpoint small, other;
	const struct io_udp_counters *counters;

	loop = io_loop_new();
	side_init(&a, POOL_BLOCKS);
	side_init(&b, POOL_BLOCKS);
	side_init(&c, POOL_BLOCKS);
	small = to(&b, ADDR_V4);
	other = to(&c, ADDR_V4);
	counters = io_udp_counters(a.udp);
	for (int round = 0; round < 2; round++) {
		b.count = c.count = 0;
		b.left = 11;
		c.left = 10;
		for (uint32_t i = 0; i < 10; i++)
			put(&a, &small, 1452, i);
		put(&a, &small, 40, 10);
		for (uint32_t i = 0; i < 10; i++)
			put(&a, &other, 1000, i);
		io_udp_flush(a.udp);
		if (!looprun_until(loop, looprun_zero, &b.left) ||
		    !looprun_until(loop, looprun_zero, &c.left))
			return 1;
		for (uint32_t i = 0; i < 11; i++) {
			if (b.number[i] != i || !b.intact[i])
				return 2;
		}
		/* Remembered for the one destination that refused, and only for it. */
		if (io_udp_plain_paths(a.udp) != 1)
			return 3;
	}
	if (counters->tx_errors || counters->tx_dropped || counters->tx_datagrams != 42)
		return 4;
	side_fini(&a);
	side_fini(&b);
	side_fini(&c);
	io_loop_free(loop);
	return 0;
}

static void test_path_mtu_below_the_segment_length_falls_back_for_that_path(void **state)
{
	struct io_udp_offload have;
	static struct side a;
	int result;

	(void)state;
	side_init(&a, POOL_BLOCKS);
	io_udp_get_offload(a.udp, &have);
	side_fini(&a);
	if (!have.gso)
		skip();
	result = netns_run(1280, small_mtu_body);
	if (result == NETNS_REFUSED) {
		print_message("namespaces are not allowed here\n");
		skip();
	}
	assert_int_equal(result, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_datagrams_arrive_whole_and_in_order_in_every_mode),
		cmocka_unit_test(test_a_train_costs_one_call_each_way),
		cmocka_unit_test(test_what_came_last_time_costs_one_call),
		cmocka_unit_test(test_batch_beyond_the_buffer_is_sent_on_the_way),
		cmocka_unit_test(test_datagrams_may_be_finished_just_before_they_leave),
		cmocka_unit_test(test_batch_of_more_runs_than_one_call_takes),
		cmocka_unit_test(test_interleaved_destinations_keep_their_order),
		cmocka_unit_test(test_uncommitted_and_shortened_slots),
		cmocka_unit_test(test_what_finds_the_buffer_full_is_counted),
		cmocka_unit_test(test_used_up_pool_pauses_reading_until_blocks_are_back),
		cmocka_unit_test(test_kept_datagrams_stay_untouched),
		cmocka_unit_test(test_slots_shrink_again_after_small_datagrams),
		cmocka_unit_test(test_refused_datagrams_are_counted_and_stop_nothing),
		cmocka_unit_test(test_ports_and_families),
		cmocka_unit_test(test_trim_keeps_what_is_queued),
		cmocka_unit_test(test_path_mtu_below_the_segment_length_falls_back_for_that_path),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
