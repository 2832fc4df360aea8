#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/cc/algo.h"
#include "support/cc_path.h"

#define MSS 1000
#define MS(x) ((uint64_t)(x) * NS_PER_MS)

/* An algorithm driven by hand. */
struct hand {
	union cc_algo_state state;
	struct cc_control c;
	struct cc_event ev;
	struct rate_sample rs;
};

static void begin(struct hand *h, uint32_t segments, uint64_t rtt_ns)
{
	*h = (struct hand){
		.c = {.cwnd = segments * MSS, .window_max = 100000 * MSS},
		.ev = {.now = {NS_PER_S}, .mss = MSS, .smoothed_rtt_ns = rtt_ns, .window_limited = true},
	};
	h->ev.rate = &h->rs;
	cc_cubic.init(&h->state, &h->c, h->ev.now, MSS, rtt_ns);
}

static void ack(struct hand *h, uint32_t bytes, uint64_t after_ns)
{
	h->ev.now = boot_add_ns(h->ev.now, after_ns);
	h->ev.delivered = h->ev.acked = bytes;
	h->ev.in_flight = h->ev.in_flight_before = h->c.cwnd;
	cc_cubic.acked(&h->state, &h->c, &h->ev);
	h->ev.round_start = false;
}

/* A round trip in which each segment of the window is acknowledged by itself. */
static void run_round(struct hand *h)
{
	uint32_t segments = h->c.cwnd / MSS;

	h->ev.round_start = true;
	for (uint32_t i = 0; i < segments; i++)
		ack(h, MSS, h->ev.smoothed_rtt_ns / segments);
}

static void lose(struct hand *h)
{
	h->ev.in_flight_before = h->c.cwnd;
	h->ev.recovering = true;
	cc_cubic.lost(&h->state, &h->c, &h->ev);
}

static void recover(struct hand *h)
{
	h->ev.recovering = false;
	cc_cubic.recovered(&h->state, &h->c, &h->ev);
}

/* In congestion avoidance after a loss at `segments`. */
static void begin_reduced(struct hand *h, uint32_t segments, uint64_t rtt_ns)
{
	begin(h, segments, rtt_ns);
	lose(h);
	recover(h);
}

static void test_the_window_follows_the_curve(void **state)
{
	/*
	 * RFC 9438 4.2, W_max 1000 segments, MSS 1000, begin at 0.7 * W_max:
	 *   python3 -c "K = (0.3 * 1000 / 0.4) ** (1 / 3)
	 *   for t in 1, 2, 4, 6, 9, 12, 14, 16: print(t, round(1000 * (0.4 * (t - K) ** 3 + 1000)))"
	 */
	static const struct {
		unsigned t_s;
		uint32_t bytes;
	} cases[] = {
		{1, 788555}, {2, 857705}, {4, 947388}, {6, 988249},
		{9, 1000000}, {12, 1009902}, {14, 1047476}, {16, 1132228},
	};
	struct hand h;
	uint64_t begun_ns;
	unsigned i = 0;

	(void)state;
	begin_reduced(&h, 1000, MS(100));
	assert_int_equal(h.c.cwnd, 700 * MSS);
	begun_ns = h.ev.now.ns;
	while (i < sizeof(cases) / sizeof(cases[0])) {
		run_round(&h);
		/* The nearest end of a round. */
		if (h.ev.now.ns - begun_ns + MS(50) < cases[i].t_s * NS_PER_S)
			continue;
		assert_in_range(h.c.cwnd, cases[i].bytes * 0.994, cases[i].bytes * 1.006);
		i++;
	}
}

static void test_the_window_is_never_below_renos(void **state)
{
	/*
	 * RFC 9438 4.3, W_max 20 segments, 1 ms: alpha = 3 * 0.3 / 1.7 = 0.52941 segments in each round up to
	 * W_max, one segment beyond. After n rounds: min(14 + 0.52941 n, 20 + (n - 11.333)).
	 */
	static const struct {
		unsigned rounds;
		uint32_t bytes;
	} cases[] = {{1, 14529}, {5, 16647}, {10, 19294}, {20, 28300}, {40, 48300}};
	struct hand h;
	unsigned rounds = 0;

	(void)state;
	begin_reduced(&h, 20, MS(1));
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (; rounds < cases[i].rounds; rounds++) {
			/* A round acknowledges exactly the window. */
			ack(&h, h.c.cwnd, MS(1));
		}
		assert_in_range(h.c.cwnd, cases[i].bytes - 800, cases[i].bytes + 800);
	}
}

static void test_the_window_grows_by_half_a_round_at_most(void **state)
{
	struct hand h;
	uint32_t before;

	(void)state;
	begin_reduced(&h, 20, MS(100));
	run_round(&h);
	/* Ten seconds later: the curve is far above. */
	h.ev.now = boot_add_ns(h.ev.now, 20 * NS_PER_S);
	before = h.c.cwnd;
	ack(&h, before, 0);
	assert_in_range(h.c.cwnd, before * 1.49, before * 1.5);
}

static void test_a_loss_reduces_to_seven_tenths(void **state)
{
	struct hand h;

	(void)state;
	begin(&h, 100, MS(50));
	assert_int_equal(h.c.ssthresh, UINT32_MAX);
	lose(&h);
	assert_int_equal(h.c.ssthresh, 70 * MSS);
	assert_int_equal(h.c.cwnd, 100 * MSS);
	/* In recovery the window is the sender's. */
	h.c.cwnd = 40 * MSS;
	ack(&h, 10 * MSS, MS(1));
	assert_int_equal(h.c.cwnd, 40 * MSS);
	/* But the pace is that of the end: 70 segments in 50 ms and a fifth more. */
	assert_int_equal(h.c.pacing_rate, 70 * MSS * 20 / 10 * 12);
	recover(&h);
	assert_int_equal(h.c.cwnd, 70 * MSS);
	/* The least. */
	begin(&h, 2, MS(50));
	lose(&h);
	assert_int_equal(h.c.ssthresh, 2 * MSS);
}

static void test_fast_convergence(void **state)
{
	struct hand h;

	(void)state;
	begin_reduced(&h, 100, MS(50));
	assert_true(h.state.cubic.curve.w_max == 100.0 * MSS);
	/* Lost again below the last maximum: 70 * 1.7 / 2. */
	lose(&h);
	assert_in_range(h.state.cubic.curve.w_max, 59499, 59501);
	recover(&h);
	assert_int_equal(h.c.cwnd, 49 * MSS);
	/* At or above it. */
	h.c.cwnd = 60 * MSS;
	lose(&h);
	assert_true(h.state.cubic.curve.w_max == 60.0 * MSS);
}

static void test_a_loss_while_the_application_limits_counts_the_flight(void **state)
{
	struct hand h;

	(void)state;
	/* Of a window of 100 segments: the most of this round and the last, or what is in flight now. */
	for (unsigned rounds = 1; rounds <= 3; rounds++) {
		static const uint32_t flights[] = {30, 20, 15}, thresholds[] = {21000, 21000, 14000};

		begin(&h, 100, MS(50));
		h.ev.window_limited = false;
		for (unsigned i = 0; i < rounds; i++) {
			h.ev.round_start = true;
			h.ev.in_flight_before = flights[i] * MSS;
			cc_cubic.acked(&h.state, &h.c, &h.ev);
		}
		h.ev.in_flight_before = 10 * MSS;
		cc_cubic.lost(&h.state, &h.c, &h.ev);
		assert_in_range(h.c.ssthresh, thresholds[rounds - 1] - 1, thresholds[rounds - 1]);
	}
	/* More in flight than the window: the window. */
	h.ev.in_flight_before = 500 * MSS;
	cc_cubic.lost(&h.state, &h.c, &h.ev);
	assert_int_equal(h.c.ssthresh, 70 * MSS);
}

static void test_a_time_out_starts_from_one_segment(void **state)
{
	struct hand h;

	(void)state;
	begin(&h, 100, MS(50));
	h.ev.recovering = true;
	cc_cubic.timed_out(&h.state, &h.c, &h.ev);
	assert_int_equal(h.c.cwnd, MSS);
	assert_int_equal(h.c.ssthresh, 70 * MSS);
	/* Slow start while it recovers. */
	ack(&h, MSS, MS(50));
	assert_int_equal(h.c.cwnd, 2 * MSS);
	/* Again: the window, not the threshold. */
	cc_cubic.timed_out(&h.state, &h.c, &h.ev);
	assert_int_equal(h.c.cwnd, MSS);
	assert_int_equal(h.c.ssthresh, 70 * MSS);
	recover(&h);
	assert_int_equal(h.c.cwnd, MSS);
	for (unsigned i = 0; i < 7; i++)
		run_round(&h);
	/* Beyond the threshold the curve begins flat there (4.8), not at the old maximum. */
	assert_in_range(h.c.cwnd, 70 * MSS, 74 * MSS);
	assert_true(h.state.cubic.curve.k_s == 0.0);
	/* After fast recovery had begun, no second reduction. */
	begin(&h, 100, MS(50));
	lose(&h);
	assert_int_equal(h.state.cubic.hystart.phase, HYSTART_DONE);
	h.c.cwnd = 50 * MSS;
	cc_cubic.timed_out(&h.state, &h.c, &h.ev);
	assert_int_equal(h.c.ssthresh, 70 * MSS);
	/* A new one, later, reduces again. */
	recover(&h);
	h.c.cwnd = 80 * MSS;
	cc_cubic.timed_out(&h.state, &h.c, &h.ev);
	assert_int_equal(h.c.ssthresh, 56 * MSS);
}

static void test_after_a_time_out_the_curve_begins_flat(void **state)
{
	struct hand h;
	uint64_t begun_ns;

	(void)state;
	/* 4.8, with a maximum of before: W_max is the window at which slow start ended, K is 0. */
	begin_reduced(&h, 1000, MS(100));
	h.ev.recovering = true;
	cc_cubic.timed_out(&h.state, &h.c, &h.ev);
	recover(&h);
	assert_in_range(h.c.ssthresh, 490 * MSS - 1, 490 * MSS);
	/* Half way up the pace no longer doubles. */
	h.c.cwnd = 244 * MSS;
	ack(&h, MSS, 0);
	assert_int_equal(h.c.pacing_rate, 245 * MSS * 12);
	h.c.cwnd = 243 * MSS;
	ack(&h, MSS, 0);
	assert_int_equal(h.c.pacing_rate, 2 * 244 * MSS * 10);
	h.c.cwnd = 490 * MSS;
	begun_ns = h.ev.now.ns;
	/* 0.4 * 10^3 = 400 segments in 10 s; Reno would give 100. */
	while (h.ev.now.ns - begun_ns < 10 * NS_PER_S)
		run_round(&h);
	assert_in_range(h.c.cwnd, 870 * MSS, 910 * MSS);
}

static void test_a_window_above_the_curve_waits_for_it(void **state)
{
	struct hand h;

	(void)state;
	begin_reduced(&h, 1000, MS(100));
	run_round(&h);
	h.c.cwnd = 1500 * MSS;
	ack(&h, 1000 * MSS, MS(100));
	assert_int_equal(h.c.cwnd, 1500 * MSS);
}

static void test_small_acknowledgements_add_up(void **state)
{
	struct hand h;
	uint32_t whole;

	(void)state;
	begin_reduced(&h, 1000, MS(100));
	run_round(&h);
	whole = h.c.cwnd;
	begin_reduced(&h, 1000, MS(100));
	/* 700,000 bytes in pieces whose growth is a seventh of a byte each. */
	for (unsigned i = 0; i < 70000; i++)
		ack(&h, 10, MS(100) / 70000);
	assert_in_range(h.c.cwnd, whole - MSS, whole + MSS);
}

static void test_undo_restores_everything(void **state)
{
	struct hand h;
	struct cubic_curve before;

	(void)state;
	for (unsigned time_out = 0; time_out < 2; time_out++) {
		begin_reduced(&h, 100, MS(50));
		for (unsigned i = 0; i < 20; i++)
			run_round(&h);
		before = h.state.cubic.curve;
		h.c.cwnd = 90 * MSS;
		h.ev.recovering = true;
		if (time_out) {
			cc_cubic.timed_out(&h.state, &h.c, &h.ev);
			cc_cubic.timed_out(&h.state, &h.c, &h.ev);
		} else {
			lose(&h);
		}
		h.c.cwnd = 5 * MSS;
		cc_cubic.undo(&h.state, &h.c, &h.ev);
		assert_int_equal(h.c.cwnd, 90 * MSS);
		assert_int_equal(h.c.ssthresh, 70 * MSS);
		assert_memory_equal(&before, &h.state.cubic.curve, sizeof(before));
		/* The end of the recovery changes nothing, and once is enough. */
		recover(&h);
		assert_int_equal(h.c.cwnd, 90 * MSS);
		h.c.cwnd = 50 * MSS;
		cc_cubic.undo(&h.state, &h.c, &h.ev);
		assert_int_equal(h.c.cwnd, 50 * MSS);
	}
	/* The first slow start goes on. */
	begin(&h, 10, MS(50));
	lose(&h);
	h.c.cwnd = 20 * MSS;
	cc_cubic.undo(&h.state, &h.c, &h.ev);
	assert_int_equal(h.c.cwnd, 20 * MSS);
	assert_int_equal(h.c.ssthresh, UINT32_MAX);
	assert_int_equal(h.state.cubic.hystart.phase, HYSTART_SLOW_START);
}

static void test_slow_start_doubles_and_hystart_ends_it(void **state)
{
	struct hand h;

	(void)state;
	begin(&h, 10, MS(50));
	h.ev.rtt_ns = MS(50);
	assert_int_equal(h.c.pacing_rate, 2 * 10 * MSS * 20);
	run_round(&h);
	assert_int_equal(h.c.cwnd, 20 * MSS);
	run_round(&h);
	assert_int_equal(h.c.cwnd, 40 * MSS);
	h.ev.rtt_ns = MS(60);
	run_round(&h);
	/* Seven segments before the eighth sample, a quarter from there. */
	assert_int_equal(h.c.cwnd, 47 * MSS + 33 * MSS / 4);
	for (unsigned i = 0; i < 4; i++)
		run_round(&h);
	assert_int_equal(h.c.ssthresh, UINT32_MAX);
	h.ev.round_start = true;
	ack(&h, MSS, 0);
	assert_int_equal(h.c.ssthresh, h.c.cwnd);
	/* Congestion avoidance: the rate falls to 1.2 windows a round trip. */
	assert_int_equal(h.c.pacing_rate, (uint64_t)h.c.cwnd * 24);
	run_round(&h);
	assert_in_range(h.c.cwnd, h.c.ssthresh, h.c.ssthresh + 2 * MSS);
}

/* RFC 9406 4.2, L: without pacing eight segments an acknowledgement, or the next burst would be the window. */
static void test_slow_start_without_a_pace_grows_by_eight_segments(void **state)
{
	struct hand h;

	(void)state;
	begin(&h, 100, 0);
	assert_int_equal(h.c.pacing_rate, 0);
	ack(&h, 20 * MSS, MS(10));
	assert_int_equal(h.c.cwnd, 108 * MSS);
	h.ev.smoothed_rtt_ns = MS(50);
	ack(&h, MSS, MS(10));
	assert_true(h.c.pacing_rate);
	ack(&h, 20 * MSS, MS(10));
	assert_int_equal(h.c.cwnd, 129 * MSS);
}

static void test_a_window_that_is_not_needed_does_not_grow(void **state)
{
	struct hand h;
	uint32_t cwnd;

	(void)state;
	begin(&h, 10, MS(50));
	h.ev.window_limited = false;
	run_round(&h);
	assert_int_equal(h.c.cwnd, 10 * MSS);
	begin_reduced(&h, 1000, MS(100));
	run_round(&h);
	cwnd = h.c.cwnd;
	h.ev.window_limited = false;
	/* Five minutes less a bit. */
	for (unsigned i = 0; i < 2900; i++)
		ack(&h, 10 * MSS, MS(100));
	assert_int_equal(h.c.cwnd, cwnd);
	/* The clock stood still: the curve goes on where it was, at t = 0.1 s. */
	h.ev.window_limited = true;
	run_round(&h);
	assert_in_range(h.c.cwnd, cwnd + 5 * MSS, 720 * MSS);
}

static void test_no_more_than_the_send_buffer(void **state)
{
	struct hand h;

	(void)state;
	begin(&h, 10, MS(50));
	h.c.window_max = 15 * MSS + 1;
	run_round(&h);
	assert_int_equal(h.c.cwnd, 15 * MSS + 1);
	run_round(&h);
	assert_int_equal(h.c.cwnd, 15 * MSS + 1);
	h.c.window_max = 5 * MSS;
	run_round(&h);
	assert_int_equal(h.c.cwnd, 15 * MSS + 1);
}

static void test_a_rest_keeps_the_window_for_five_minutes(void **state)
{
	static const struct {
		unsigned idle_s;
		uint32_t cwnd;
	} cases[] = {
		{10, 100}, {299, 100}, {300, 50}, {599, 50}, {600, 25}, {900, 12}, {1200, 10}, {86400, 10},
	};
	struct hand h;
	struct boot_time now;

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(&h, 100, MS(50));
		lose(&h);
		recover(&h);
		h.c.cwnd = 100 * MSS;
		ack(&h, MSS, 0);
		h.c.cwnd = 100 * MSS;
		now = boot_add_ns(h.ev.now, cases[i].idle_s * NS_PER_S);
		cc_cubic.resumed(&h.state, &h.c, now, MSS, cases[i].idle_s * NS_PER_S);
		assert_in_range(h.c.cwnd, cases[i].cwnd * MSS, cases[i].cwnd * MSS + 999);
		/* Coming back is slow start up to three quarters (RFC 7661 4.4.3). */
		assert_int_equal(h.c.ssthresh, cases[i].idle_s < 300 ? 70 * MSS : 75 * MSS);
		/* The curve has not moved. */
		h.ev.now = now;
		h.c.cwnd = 100 * MSS;
		h.c.ssthresh = 10 * MSS;
		ack(&h, MSS, MS(10));
		assert_in_range(h.c.cwnd, 100 * MSS, 101 * MSS);
	}
}

static void test_short_paths_are_paced_in_slow_start_and_after_a_rest(void **state)
{
	struct hand h;

	(void)state;
	begin(&h, 10, NS_PER_MS / 2);
	assert_true(h.c.pacing_rate > 0);
	ack(&h, MSS, NS_PER_MS / 2);
	assert_true(h.c.pacing_rate > 0);
	lose(&h);
	recover(&h);
	ack(&h, MSS, NS_PER_MS / 2);
	assert_int_equal(h.c.pacing_rate, 0);
	cc_cubic.resumed(&h.state, &h.c, boot_add_ns(h.ev.now, 10 * NS_PER_S), MSS, 10 * NS_PER_S);
	assert_true(h.c.pacing_rate > 0);
	ack(&h, MSS, NS_PER_MS / 2);
	assert_int_equal(h.c.pacing_rate, 0);
	/* From a millisecond on always. */
	h.ev.smoothed_rtt_ns = NS_PER_MS;
	ack(&h, MSS, NS_PER_MS);
	assert_true(h.c.pacing_rate > 0);
}

static void test_a_freeze_is_no_time_of_the_curve(void **state)
{
	struct hand h;
	uint32_t cwnd;

	(void)state;
	begin_reduced(&h, 1000, MS(100));
	run_round(&h);
	cwnd = h.c.cwnd;
	h.ev.now = boot_add_ns(h.ev.now, 200 * NS_PER_S);
	cc_cubic.restarted(&h.state, &h.c, h.ev.now);
	run_round(&h);
	assert_in_range(h.c.cwnd, cwnd + 5 * MSS, 720 * MSS);
	/* Round-trip times of before are forgotten. */
	begin(&h, 10, MS(50));
	h.ev.rtt_ns = MS(50);
	run_round(&h);
	cc_cubic.restarted(&h.state, &h.c, h.ev.now);
	h.ev.rtt_ns = MS(150);
	run_round(&h);
	assert_int_equal(h.state.cubic.hystart.phase, HYSTART_SLOW_START);
}

/* --- a bottleneck --------------------------------------------------------------------------------- */

static void test_it_fills_a_bottleneck(void **state)
{
	/* Of the link, within 12 s with slow start. */
	static const struct {
		uint64_t mbit, rtt_ms, queue;
		unsigned percent;
	} cases[] = {
		{20, 50, 64 << 10, 80}, {100, 50, 64 << 10, 60}, {100, 50, 256 << 10, 85},
		{100, 50, 1 << 20, 88}, {200, 10, 250000, 90}, {1, 40, 20000, 88},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cc_link link = {.bytes_per_s = cases[i].mbit * 125000, .queue = cases[i].queue};
		struct cc_flow f;

		chance_seed(i);
		cc_flow_init(&f, &cc_cubic, &link, MS(cases[i].rtt_ms), NS_PER_S);
		cc_path_run(&f, 1, NS_PER_S, 13 * NS_PER_S, NULL, NULL);
		if (f.delivered * 100 < cases[i].percent * link.bytes_per_s * 12)
			fail_msg("%u: %u %%", i, (unsigned)(f.delivered * 100 / link.bytes_per_s / 12));
		assert_int_equal(f.time_outs, 0);
		assert_in_range(f.losses, 1, 200);
		cc_flow_fini(&f);
	}
}

static void test_two_streams_share(void **state)
{
	struct cc_link link = {.bytes_per_s = 12500000, .queue = 625000};
	struct cc_flow f[2];
	double a, b;

	(void)state;
	chance_seed(1);
	for (unsigned i = 0; i < 2; i++)
		cc_flow_init(&f[i], &cc_cubic, &link, MS(50), NS_PER_S + i * 3 * NS_PER_S);
	cc_path_run(f, 2, NS_PER_S, 21 * NS_PER_S, NULL, NULL);
	a = f[0].delivered;
	b = f[1].delivered;
	cc_path_run(f, 2, 21 * NS_PER_S, 51 * NS_PER_S, NULL, NULL);
	a = f[0].delivered - a;
	b = f[1].delivered - b;
	/* Jain's index. */
	if ((a + b) * (a + b) / (2 * (a * a + b * b)) < 0.9)
		fail_msg("%.1f against %.1f MB", a / 1e6, b / 1e6);
	assert_true(a + b > 0.9 * 30 * 12500000);
	for (unsigned i = 0; i < 2; i++)
		cc_flow_fini(&f[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_window_follows_the_curve),
		cmocka_unit_test(test_the_window_is_never_below_renos),
		cmocka_unit_test(test_the_window_grows_by_half_a_round_at_most),
		cmocka_unit_test(test_a_loss_reduces_to_seven_tenths),
		cmocka_unit_test(test_fast_convergence),
		cmocka_unit_test(test_a_loss_while_the_application_limits_counts_the_flight),
		cmocka_unit_test(test_a_time_out_starts_from_one_segment),
		cmocka_unit_test(test_after_a_time_out_the_curve_begins_flat),
		cmocka_unit_test(test_a_window_above_the_curve_waits_for_it),
		cmocka_unit_test(test_small_acknowledgements_add_up),
		cmocka_unit_test(test_undo_restores_everything),
		cmocka_unit_test(test_slow_start_doubles_and_hystart_ends_it),
		cmocka_unit_test(test_slow_start_without_a_pace_grows_by_eight_segments),
		cmocka_unit_test(test_a_window_that_is_not_needed_does_not_grow),
		cmocka_unit_test(test_no_more_than_the_send_buffer),
		cmocka_unit_test(test_a_rest_keeps_the_window_for_five_minutes),
		cmocka_unit_test(test_short_paths_are_paced_in_slow_start_and_after_a_rest),
		cmocka_unit_test(test_a_freeze_is_no_time_of_the_curve),
		cmocka_unit_test(test_it_fills_a_bottleneck),
		cmocka_unit_test(test_two_streams_share),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
