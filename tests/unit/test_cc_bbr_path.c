/* BBR on bottlenecks in simulated time: does it fill them, and what does it leave to others? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/cc/bbr_model.h"
#include "support/cc_path.h"

#define MS CC_PATH_MS
#define MBIT UINT64_C(125000)
#define BDP 625000	/* 100 Mbit/s, 50 ms */

static void test_it_fills_a_bottleneck(void **state)
{
	/* Percent of the link within 12 s, startup included; most percent lost beyond the path's own. */
	static const struct {
		uint64_t mbit, rtt_us, queue;
		uint32_t loss_ppm, slot_us;
		unsigned percent, lost_most;
	} cases[] = {
		{320, 100000, 4 << 20, 0, 0, 85, 1},
		{200, 100000, 2500000, 1000, 0, 80, 1},
		{200, 100000, 2500000, 10000, 0, 75, 1},
		{100, 50000, 64 << 10, 0, 0, 80, 2},
		{100, 50000, 256 << 10, 0, 0, 88, 2},
		{100, 50000, 1 << 20, 0, 0, 88, 1},
		{20, 50000, 64 << 10, 0, 0, 88, 2},
		{1000, 10000, 64 << 10, 0, 0, 70, 1},
		{1000, 300, 256 << 10, 0, 0, 95, 1},
		/* acknowledgements in lumps: five ms of a rate, three round trips' worth of a short path */
		{100, 50000, 1 << 20, 0, 5000, 88, 1},
		{100, 5000, 1 << 20, 0, 15000, 88, 1},
		/* less than a segment fits in a round trip */
		{1, 5000, 20000, 0, 0, 90, 4},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cc_link link = {
			.bytes_per_s = cases[i].mbit * MBIT, .queue = cases[i].queue,
			.loss_ppm = cases[i].loss_ppm, .ack_slot_ns = cases[i].slot_us * 1000ull,
		};
		struct cc_flow f;
		uint64_t lost_ppm;

		chance_seed(i);
		cc_flow_init(&f, &cc_bbr, &link, cases[i].rtt_us * 1000, NS_PER_S);
		cc_path_run(&f, 1, NS_PER_S, 13 * NS_PER_S, NULL, NULL);
		if (f.delivered * 100 < cases[i].percent * link.bytes_per_s * 12)
			fail_msg("%u: %u %%", i, (unsigned)(f.delivered * 100 / link.bytes_per_s / 12));
		lost_ppm = f.lost * 1000000 / (f.delivered + f.lost);
		if (lost_ppm > cases[i].loss_ppm * 12 / 10 + cases[i].lost_most * 10000)
			fail_msg("%u: %u ppm lost", i, (unsigned)lost_ppm);
		assert_int_equal(f.time_outs, 0);
		cc_flow_fini(&f);
	}
}

/* Packets are sent into an empty queue most of the time, so what counts is the time with a long one. */
static void test_the_queue_stays_short(void **state)
{
	struct cc_link link = {.bytes_per_s = 100 * MBIT, .queue = 1 << 20};
	struct cc_flow f;
	unsigned full = 0;

	(void)state;
	chance_seed(1);
	cc_flow_init(&f, &cc_bbr, &link, MS(50), NS_PER_S);
	cc_path_run(&f, 1, NS_PER_S, 4 * NS_PER_S, NULL, NULL);
	for (uint64_t ms = 4000; ms < 24000; ms += 10) {
		link.queue_peak = 0;
		cc_path_run(&f, 1, MS(ms), MS(ms + 10), NULL, NULL);
		full += link.queue_peak > 100000;
	}
	/* Of 2,000: the probes, one in three seconds of half a second each. */
	assert_in_range(full, 50, 400);
	cc_flow_fini(&f);
}

static void test_it_follows_a_rate_that_changes(void **state)
{
	struct cc_link link = {.bytes_per_s = 10 * MBIT, .queue = BDP};
	struct cc_flow f;
	uint64_t begun;

	(void)state;
	chance_seed(1);
	cc_flow_init(&f, &cc_bbr, &link, MS(50), NS_PER_S);
	cc_path_run(&f, 1, NS_PER_S, 5 * NS_PER_S, NULL, NULL);
	assert_in_range(bbr_max_bw(&f.state.bbr), 98 * MBIT / 10, 102 * MBIT / 10);
	/* Ten times as much is found within a few probes. */
	link.bytes_per_s = 100 * MBIT;
	cc_path_run(&f, 1, 5 * NS_PER_S, 25 * NS_PER_S, NULL, NULL);
	begun = f.delivered;
	cc_path_run(&f, 1, 25 * NS_PER_S, 30 * NS_PER_S, NULL, NULL);
	assert_true(f.delivered - begun > 85 * 5 * MBIT);
	/* And a tenth again: two cycles, and the old bandwidth is forgotten. */
	link.bytes_per_s = 10 * MBIT;
	cc_path_run(&f, 1, 30 * NS_PER_S, 45 * NS_PER_S, NULL, NULL);
	assert_true(bbr_max_bw(&f.state.bbr) < 12 * MBIT);
	begun = f.lost;
	cc_path_run(&f, 1, 45 * NS_PER_S, 55 * NS_PER_S, NULL, NULL);
	assert_true(f.lost - begun < 10 * 10 * MBIT / 20);
	cc_flow_fini(&f);
}

/* Percent of a link of 100 Mbit/s that each flow gets in the 30 s after the first 20. */
static void share(const struct cc_algo *const *algos, const unsigned *rtt_ms, unsigned n, unsigned seed,
		  double *percent)
{
	struct cc_link link = {.bytes_per_s = 100 * MBIT, .queue = BDP};
	struct cc_flow f[4];

	chance_seed(seed);
	for (unsigned i = 0; i < n; i++)
		cc_flow_init(&f[i], algos[i], &link, MS(rtt_ms[i]), NS_PER_S + i * 3 * NS_PER_S);
	cc_path_run(f, n, NS_PER_S, 21 * NS_PER_S, NULL, NULL);
	for (unsigned i = 0; i < n; i++)
		f[i].delivered_mark = f[i].delivered;
	cc_path_run(f, n, 21 * NS_PER_S, 51 * NS_PER_S, NULL, NULL);
	for (unsigned i = 0; i < n; i++) {
		percent[i] = (f[i].delivered - f[i].delivered_mark) * 100.0 / (30 * 100.0 * MBIT);
		cc_flow_fini(&f[i]);
	}
}

static void test_what_it_leaves_to_others(void **state)
{
	/*
	 * Three seeds each, the least share of any flow. Even shares are 50 and 25; in a queue of one
	 * product CUBIC yields, because it fills the queue and BBR looks for the volume that loses 2 %.
	 */
	static const struct cc_algo *const bbr[] = {&cc_bbr, &cc_bbr, &cc_bbr, &cc_bbr};
	static const struct cc_algo *const mixed[] = {&cc_cubic, &cc_bbr};
	static const struct {
		const struct cc_algo *const *algos;
		unsigned rtt_ms[4], n;
		double least, sum;
	} cases[] = {
		{bbr, {50, 50}, 2, 25, 94}, {bbr, {50, 50, 50, 50}, 4, 10, 94},
		{bbr, {20, 80}, 2, 15, 90}, {mixed, {50, 50}, 2, 10, 94},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (unsigned seed = 1; seed <= 3; seed++) {
			double percent[4], sum = 0;

			share(cases[i].algos, cases[i].rtt_ms, cases[i].n, seed, percent);
			for (unsigned k = 0; k < cases[i].n; k++) {
				if (percent[k] < cases[i].least)
					fail_msg("case %u seed %u: %.1f %%", i, seed, percent[k]);
				sum += percent[k];
			}
			if (sum < cases[i].sum)
				fail_msg("case %u seed %u: all %.1f %%", i, seed, sum);
		}
	}
}

static void test_the_window_is_at_most_the_send_buffer(void **state)
{
	struct cc_link link = {.bytes_per_s = 100 * MBIT, .queue = BDP};
	struct cc_flow f;

	(void)state;
	chance_seed(1);
	cc_flow_init(&f, &cc_bbr, &link, MS(50), NS_PER_S);
	f.control.window_max = 100000;
	cc_path_run(&f, 1, NS_PER_S, 5 * NS_PER_S, NULL, NULL);
	assert_int_equal(f.control.cwnd, 100000);
	assert_true(f.in_flight <= 100000);
	cc_flow_fini(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_fills_a_bottleneck),
		cmocka_unit_test(test_the_queue_stays_short),
		cmocka_unit_test(test_it_follows_a_rate_that_changes),
		cmocka_unit_test(test_what_it_leaves_to_others),
		cmocka_unit_test(test_the_window_is_at_most_the_send_buffer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
