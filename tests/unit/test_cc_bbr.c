#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/bbr_bench.h"

/* --- the beginning ------------------------------------------------------------------------------- */

static void test_the_first_pace_is_the_initial_window_in_a_round_trip(void **state)
{
	/* 2.77 times it (5.6.2); 1 ms where no time is known. */
	static const struct {
		uint64_t rtt_ms, rate;
	} cases[] = {{50, 10 * MSS * 20 * 277 / 100}, {0, 10 * MSS * 1000ull * 277 / 100}};
	union cc_algo_state s;
	struct cc_control c;
	struct rate rate = {.delivered = MSS};
	struct rate_sample rs = {.any = true};
	struct cc_event ev = {
		.now = {2 * NS_PER_S}, .mss = MSS, .delivered = MSS, .rtt_ns = MS(100), .rate = &rs,
		.totals = &rate,
	};

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		c = (struct cc_control){.cwnd = 10 * MSS, .window_max = 1 << 20};
		cc_bbr.init(&s, &c, (struct boot_time){NS_PER_S}, MSS, MS(cases[i].rtt_ms));
		assert_int_equal(c.pacing_rate, cases[i].rate);
		assert_int_equal(c.ssthresh, UINT32_MAX);
		cc_bbr.acked(&s, &c, &ev);
		/* The first round-trip time, and only the first, takes the place of the guess. */
		assert_int_equal(c.pacing_rate, i ? 10 * MSS * 10 * 277 / 100 : cases[0].rate);
		assert_int_equal(c.cwnd, 11 * MSS);
	}
}

static void test_startup_ends_when_the_pipe_is_full(void **state)
{
	struct bench t;

	(void)state;
	open_path(&t, 100, 50, 2 << 20);
	run_to(&t, BBR_DRAIN);
	assert_true(t.b->full_bw_reached);
	assert_int_equal(t.f.lost, 0);
	assert_in_range(bbr_max_bw(t.b), 98 * MBIT, 102 * MBIT);
	/* Log2(BDP) rounds and three: 446 segments from 10. */
	assert_in_range(t.now_ns, NS_PER_S + MS(400), NS_PER_S + MS(900));
	assert_int_equal(t.f.control.pacing_rate, bbr_max_bw(t.b) * 50 / 100 * 99 / 100);
	/* The queue of that is gone; nothing is left for DOWN to do. */
	run_to(&t, BBR_CRUISE);
	assert_true(t.f.in_flight <= 100 * MBIT / 20 * 102 / 100);
	assert_in_range(t.now_ns, NS_PER_S + MS(600), NS_PER_S + MS(1000));
	run(&t, 500);
	assert_int_equal(t.f.control.pacing_rate, bbr_max_bw(t.b) * 99 / 100);
	close_path(&t);
}

static void test_startup_needs_three_rounds_without_growth(void **state)
{
	/* Rate of each round in percent of the first; round in which the pipe counts as full. */
	static const struct {
		unsigned rate[8], full;
	} cases[] = {
		{{100, 100, 100, 100}, 3}, {{100, 124, 124, 124}, 3}, {{100, 100, 125, 125, 125, 125}, 5},
		{{100, 150, 150, 188, 188, 188, 188}, 6}, {{100, 0, 0, 100, 100, 100}, 5},
	};
	struct bench t;

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		open_path(&t, 100, 50, 1 << 20);
		for (unsigned r = 0; r <= cases[i].full; r++) {
			struct cc_event *ev = round_event(&t);

			assert_false(t.b->full_bw_reached);
			t.rs.bytes_per_s = cases[i].rate[r] * 1000;
			ack(&t, ev);
			/* More of the round counts no further round. */
			ev = event(&t);
			t.rs.bytes_per_s = cases[i].rate[r] * 1000;
			ack(&t, ev);
		}
		assert_true(t.b->full_bw_reached);
		assert_int_equal(t.b->state, BBR_DRAIN);
		close_path(&t);
	}
}

static void test_the_application_does_not_end_startup(void **state)
{
	struct bench t;

	(void)state;
	open_path(&t, 100, 50, 1 << 20);
	cc_flow_limit(&t.f, t.now_ns, 2 * MBIT);
	run(&t, 4500);
	assert_int_equal(t.b->state, BBR_STARTUP);
	assert_false(t.b->full_bw_reached);
	/* The pace does not fall to what the application gave. */
	assert_true(t.f.control.pacing_rate >= 10 * MSS * 20 * 277 / 100);
	/* Then all of the path is found. */
	cc_flow_limit(&t.f, t.now_ns, 0);
	run(&t, 3000);
	assert_in_range(bbr_max_bw(t.b), 98 * MBIT, 102 * MBIT);
	close_path(&t);
}

static void test_startup_ends_with_losses(void **state)
{
	static const struct {
		unsigned ranges;
		bool recovering;
		uint32_t lost;	/* segments of 100 */
		bool ends;
	} cases[] = {
		{6, true, 6, true}, {5, true, 6, false}, {6, false, 6, false}, {6, true, 2, false}, {6, true, 3, true},
	};
	struct bench t;

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cc_event *ev;

		open_path(&t, 100, 50, 1 << 20);
		ack(&t, round_event(&t));
		for (unsigned k = 0; k < cases[i].ranges; k++)
			lose(&t, 2 * k, 100 * MSS, 0);
		/* Next to the last: no range of its own. */
		lose(&t, 2 * cases[i].ranges - 1, 100 * MSS, 0);
		ev = round_event(&t);
		ev->recovering = cases[i].recovering;
		t.rs.app_limited = true;
		t.rs.lost = cases[i].lost * MSS;
		/* Not before the end of the round. */
		t.rs.newest.delivered = 0;
		t.f.rate.delivered++;
		t.b->loss_round_delivered = 1;
		ack(&t, ev);
		assert_int_equal(t.b->state, BBR_STARTUP);
		t.rs.newest.delivered = t.f.rate.delivered;
		t.rs.delivered = 5000 * MSS;
		ack(&t, ev);
		assert_int_equal(t.b->full_bw_reached, cases[i].ends);
		assert_int_equal(t.b->state == BBR_STARTUP, !cases[i].ends);
		if (cases[i].ends)
			assert_int_equal(t.b->inflight_longterm, 5000 * MSS);
		else
			assert_int_equal(t.b->inflight_longterm, UINT32_MAX);
		close_path(&t);
	}
}

static void test_drain_ends_after_three_rounds(void **state)
{
	struct bench t;
	struct cc_event *ev;

	(void)state;
	open_path(&t, 100, 50, 2 << 20);
	run_to(&t, BBR_DRAIN);
	for (unsigned r = 0; r < 4; r++) {
		assert_int_equal(t.b->state, BBR_DRAIN);
		ev = round_event(&t);
		ev->in_flight = 1 << 20;
		ack(&t, ev);
	}
	assert_int_equal(t.b->state, BBR_DOWN);
	close_path(&t);
}

/* --- probing ------------------------------------------------------------------------------------- */

static void test_the_cycle(void **state)
{
	struct bench t;
	uint64_t begun_ns;
	uint32_t window;

	(void)state;
	open_path(&t, 100, 50, 2 << 20);
	run_to(&t, BBR_CRUISE);
	begun_ns = t.b->cycle_at.ns;
	assert_in_range(t.b->probe_wait_ns, 2 * NS_PER_S, 3 * NS_PER_S);
	run_to(&t, BBR_REFILL);
	assert_in_range(t.now_ns - begun_ns, t.b->probe_wait_ns, t.b->probe_wait_ns + MS(10));
	assert_int_equal(t.f.control.pacing_rate, bbr_max_bw(t.b) * 99 / 100);
	/* Twice the product and what comes in lumps; nothing is lost, so there is no bound. */
	window = bbr_bdp(t.b, bbr_max_bw(t.b), 200) + bbr_most(t.b->extra[0], t.b->extra[1]);
	assert_int_equal(t.f.control.cwnd, window);
	begun_ns = t.now_ns;
	run_to(&t, BBR_UP);
	/* One round trip. */
	assert_in_range(t.now_ns - begun_ns, MS(45), MS(65));
	assert_int_equal(t.f.control.pacing_rate, bbr_max_bw(t.b) * 125 / 100 * 99 / 100);
	run(&t, 100);
	assert_int_equal(t.f.control.cwnd,
			 bbr_bdp(t.b, bbr_max_bw(t.b), 225) +
				 bbr_most(t.b->extra[0], t.b->extra[1]) + 2 * MSS);
	run_to(&t, BBR_DOWN);
	assert_int_equal(t.f.control.pacing_rate, bbr_max_bw(t.b) * 90 / 100 * 99 / 100);
	assert_true(t.f.in_flight > bbr_bdp(t.b, bbr_max_bw(t.b), 110));
	run_to(&t, BBR_CRUISE);
	assert_true(t.f.in_flight <= bbr_bdp(t.b, bbr_max_bw(t.b), 102));
	assert_int_equal(t.f.lost, 0);
	close_path(&t);
}

static void test_short_round_trips_probe_as_reno_would(void **state)
{
	struct bench t;
	uint64_t begun_ns;

	(void)state;
	/* 20 Mbit/s, 10 ms: 17 segments, so 17 or 16 rounds of 10 ms and some, not two seconds. */
	open_path(&t, 20, 10, 100000);
	run_to(&t, BBR_CRUISE);
	begun_ns = t.b->cycle_at.ns;
	run_to(&t, BBR_REFILL);
	assert_in_range(t.now_ns - begun_ns, MS(160), MS(260));
	close_path(&t);
	/* 63 rounds at most. */
	open_path(&t, 1000, 10, 2 << 20);
	run_to(&t, BBR_CRUISE);
	begun_ns = t.b->cycle_at.ns;
	run_to(&t, BBR_REFILL);
	assert_in_range(t.now_ns - begun_ns, MS(610), MS(750));
	close_path(&t);
}

static void test_a_loss_in_the_probe_bounds_the_volume(void **state)
{
	/* Lost segments before, of 500 in flight: what then was too much. */
	static const struct {
		unsigned lost_before;
		bool too_high;
		uint32_t volume;	/* 499 before it; (2 % of 499 - lost before) / 0.98 more */
	} cases[] = {
		{9, false, 0}, {10, true, 499 * MSS}, {30, true, 499 * MSS},
	};
	struct bench t;

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		open_path(&t, 100, 50, 2 << 20);
		run_to(&t, BBR_UP);
		lose(&t, 0, 500 * MSS, cases[i].lost_before * MSS);
		assert_int_equal(t.b->state, cases[i].too_high ? BBR_DOWN : BBR_UP);
		assert_int_equal(t.b->probe_too_high, cases[i].too_high);
		if (cases[i].too_high)
			assert_in_range(t.b->inflight_longterm, cases[i].volume, cases[i].volume + MSS);
		else
			assert_int_equal(t.b->inflight_longterm, UINT32_MAX);
		/* Once for a probe. */
		lose(&t, 7, 400 * MSS, 50 * MSS);
		assert_true(!cases[i].too_high || t.b->inflight_longterm >= cases[i].volume);
		close_path(&t);
	}
}

static void test_the_bound_does_not_fall_below_seven_tenths(void **state)
{
	struct bench t;
	uint32_t product;

	(void)state;
	open_path(&t, 100, 50, 2 << 20);
	run_to(&t, BBR_UP);
	product = bbr_bdp(t.b, bbr_bandwidth(t.b), 100);
	lose(&t, 0, 20 * MSS, 10 * MSS);
	assert_int_equal(t.b->inflight_longterm, product * UINT64_C(70) / 100);
	close_path(&t);

	/* The application was the limit: the state ends, but the volume says nothing. */
	open_path(&t, 100, 50, 2 << 20);
	run_to(&t, BBR_UP);
	{
		struct rate_mark mark = {.in_flight = 20 * MSS, .app_limited = true};
		struct cc_loss loss = {.now = {t.now_ns}, .mss = MSS, .len = MSS, .mark = &mark,
				       .totals = &t.f.rate};

		rate_lost(&t.f.rate, MSS);
		cc_bbr.segment_lost(&t.f.state, &t.f.control, &loss);
	}
	assert_int_equal(t.b->state, BBR_DOWN);
	assert_int_equal(t.b->inflight_longterm, UINT32_MAX);
	close_path(&t);
}

static void test_the_bound_leaves_room_and_is_raised_carefully(void **state)
{
	struct bench t;
	struct cc_event *ev;
	uint32_t bound;

	(void)state;
	open_path(&t, 100, 50, 2 << 20);
	run_to(&t, BBR_CRUISE);
	run(&t, 300);
	bound = t.b->inflight_longterm = 460 * MSS;
	run(&t, 200);
	assert_int_equal(t.f.control.cwnd, bound - bound * UINT64_C(15) / 100);
	t.b->inflight_longterm = 4 * MSS;
	assert_int_equal(bbr_with_headroom(t.b), 4 * MSS);
	t.b->inflight_longterm = 6 * MSS;
	assert_int_equal(bbr_with_headroom(t.b), 5 * MSS);
	t.b->inflight_longterm = bound;
	run_to(&t, BBR_UP);
	bound = t.b->inflight_longterm;
	/* The first round of the probe: a segment for a window; the next two; then four. */
	t.f.control.cwnd = bound;
	t.b->probe_up_acked = 0;
	assert_int_equal(t.b->probe_up_per_inc, bound);
	ev = event(&t);
	ev->window_limited = ev->window_full = true;
	ev->delivered = bound - 1;
	ack(&t, ev);
	assert_int_equal(t.b->inflight_longterm, bound);
	ev->delivered = 1;
	ack(&t, ev);
	assert_int_equal(t.b->inflight_longterm, bound + MSS);
	/* Counted from zero again. */
	t.f.control.cwnd = bound + MSS;
	ack(&t, ev);
	assert_int_equal(t.b->inflight_longterm, bound + MSS);
	assert_int_equal(t.b->probe_up_acked, 1);
	/* Not while the pace is the limit and the window has room. */
	ev->window_full = false;
	ev->delivered = 2 * bound;
	t.f.control.cwnd = bound + MSS;
	t.b->full_bw_now = false;
	ack(&t, ev);
	assert_int_equal(t.b->inflight_longterm, bound + MSS);
	/* A flight that went well is a bound that holds. */
	t.rs.newest.in_flight = bound + 7 * MSS;
	t.rs.lost = 2 * MSS;
	ack(&t, ev);
	assert_int_equal(t.b->inflight_longterm, bound + 7 * MSS);
	t.rs.newest.in_flight = bound + 9 * MSS;
	t.rs.lost = 20 * MSS;
	ack(&t, ev);
	assert_int_equal(t.b->inflight_longterm, bound + 7 * MSS);
	close_path(&t);
}

/* That the pipe is full ends a probe, unless it is the bound that was filled: the pace does not fill it. */
static void test_a_probe_ends_with_a_full_pipe(void **state)
{
	for (unsigned full = 0; full < 2; full++) {
		struct bench t;
		struct cc_event *ev;

		(void)state;
		open_path(&t, 100, 50, 2 << 20);
		run_to(&t, BBR_UP);
		t.b->full_bw_now = true;
		t.f.control.cwnd = t.b->inflight_longterm = 500 * MSS;
		ev = event(&t);
		ev->window_limited = true;
		ev->window_full = full;
		ack(&t, ev);
		assert_int_equal(t.b->state, full ? BBR_UP : BBR_DOWN);
		assert_false(full && t.b->full_bw_now);
		close_path(&t);
	}
}

static void test_after_a_probe_that_went_too_high_the_next_is_short(void **state)
{
	struct bench t;
	struct cc_event *ev;

	(void)state;
	open_path(&t, 100, 50, 2 << 20);
	run_to(&t, BBR_UP);
	t.b->probe_too_high = true;
	t.b->inflight_longterm = 500 * MSS;
	ev = event(&t);
	ev->in_flight = 500 * MSS - 1;
	ack(&t, ev);
	assert_int_equal(t.b->state, BBR_UP);
	ev->in_flight = 500 * MSS;
	ack(&t, ev);
	assert_int_equal(t.b->state, BBR_DOWN);
	/* A round later without a loss: at once again, and longer this time. */
	assert_true(t.b->bw_probe_samples);
	ack(&t, round_event(&t));
	assert_int_equal(t.b->state, BBR_REFILL);
	assert_false(t.b->bw_probe_samples);
	assert_false(t.b->probe_precautionary);
	ack(&t, round_event(&t));
	assert_int_equal(t.b->state, BBR_UP);
	t.b->inflight_longterm = 500 * MSS;
	ev = event(&t);
	ev->in_flight = 500 * MSS;
	ack(&t, ev);
	assert_int_equal(t.b->state, BBR_UP);
	/* Short again, but with losses: no second one at once. */
	t.b->probe_too_high = true;
	ack(&t, ev);
	assert_int_equal(t.b->state, BBR_DOWN);
	t.b->probe_too_high = true;
	ev = round_event(&t);
	ev->in_flight = 500 * MSS;
	ack(&t, ev);
	assert_int_not_equal(t.b->state, BBR_REFILL);
	close_path(&t);
}

static void test_the_bandwidth_is_the_most_of_two_cycles(void **state)
{
	struct bench t;
	struct cc_event *ev;
	uint64_t bw;

	(void)state;
	open_path(&t, 100, 50, 2 << 20);
	run_to(&t, BBR_CRUISE);
	run(&t, 200);
	bw = bbr_max_bw(t.b);
	/* Of the application's samples only higher ones. */
	ev = event(&t);
	t.rs.app_limited = true;
	t.rs.bytes_per_s = bw + 5;
	ack(&t, ev);
	assert_int_equal(bbr_max_bw(t.b), bw + 5);
	for (unsigned i = 0; i < 2; i++) {
		t.b->acks = BBR_ACKS_PROBE_STOPPING;
		ev = round_event(&t);
		t.rs.bytes_per_s = 1000;
		t.rs.app_limited = true;
		ack(&t, ev);
		assert_int_equal(bbr_max_bw(t.b), bw + 5);
	}
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(bbr_max_bw(t.b), bw + 5);
		t.b->acks = BBR_ACKS_PROBE_STOPPING;
		ev = round_event(&t);
		t.rs.bytes_per_s = 1000;
		ack(&t, ev);
		ev = event(&t);
		t.rs.bytes_per_s = 1000;
		ack(&t, ev);
	}
	assert_int_equal(bbr_max_bw(t.b), 1000);
	close_path(&t);
}

static void test_a_cycle_without_a_sample_forgets_nothing(void **state)
{
	struct bench t;
	struct cc_event *ev;
	uint64_t rate;

	(void)state;
	open_path(&t, 100, 50, 2 << 20);
	run_to(&t, BBR_CRUISE);
	rate = bbr_max_bw(t.b);
	for (unsigned i = 0; i < 3; i++) {
		t.b->acks = BBR_ACKS_PROBE_STOPPING;
		ev = round_event(&t);
		t.rs.bytes_per_s = t.rs.interval_ns = 0;
		ack(&t, ev);
	}
	assert_int_equal(bbr_max_bw(t.b), rate);
	/* And with no bandwidth at all the pace stays. */
	rate = t.f.control.pacing_rate;
	t.b->max_bw[0] = t.b->max_bw[1] = 0;
	ev = event(&t);
	t.rs.bytes_per_s = 0;
	ack(&t, ev);
	assert_int_equal(t.f.control.pacing_rate, rate);
	close_path(&t);
}

/* 5.6.4.2: BDPMultiple without a round-trip time. */
static void test_the_volume_is_the_initial_window_while_no_time_is_known(void **state)
{
	struct bbr b = {.initial_cwnd = 10 * MSS, .mss = MSS};

	(void)state;
	assert_int_equal(bbr_bdp(&b, MBIT, 200), 10 * MSS);
	b.min_rtt_ns = MS(8);
	assert_int_equal(bbr_bdp(&b, MBIT, 200), 2 * MBIT / 125);
}

static void test_the_least_volumes(void **state)
{
	struct bench t;
	struct cc_control *c = &t.f.control;
	struct cc_event *ev;

	(void)state;
	/* In segments of the path as it is now. */
	open_path(&t, 100, 50, 2 << 20);
	ev = event(&t);
	ev->mss = MSS / 2;
	ack(&t, ev);
	c->pacing_rate = 1;
	assert_int_equal(bbr_with_budget(t.b, c, 100), 3 * MSS);
	close_path(&t);
	open_path(&t, 100, 50, 2 << 20);
	run_to(&t, BBR_CRUISE);
	/* Three quanta: of 1 ms, at most 64 kB, at least two segments; two segments more in UP. */
	c->pacing_rate = 10000000;
	assert_int_equal(bbr_with_budget(t.b, c, 100), 30000);
	assert_int_equal(bbr_with_budget(t.b, c, 40000), 40000);
	c->pacing_rate = 1000000000;
	assert_int_equal(bbr_with_budget(t.b, c, 100), 3 * PACER_TRAIN_MOST);
	c->pacing_rate = 1000;
	assert_int_equal(bbr_with_budget(t.b, c, 100), 6 * MSS);
	t.b->state = BBR_UP;
	assert_int_equal(bbr_with_budget(t.b, c, 100), 8 * MSS);
	t.b->state = BBR_CRUISE;
	/* Four segments are the least window. */
	c->cwnd = MSS;
	t.b->inflight_shortterm = MSS;
	bbr_set_cwnd(t.b, c, 1);
	assert_int_equal(c->cwnd, 4 * MSS);
	/* The prior window: the last good one, the largest while it is held low. */
	t.b->prior_cwnd = 100 * MSS;
	bbr_save_cwnd(t.b, c);
	assert_int_equal(t.b->prior_cwnd, 4 * MSS);
	for (unsigned i = 0; i < 2; i++) {
		t.b->prior_cwnd = 100 * MSS;
		t.b->in_recovery = i == 0;
		t.b->state = i == 0 ? BBR_CRUISE : BBR_PROBE_RTT;
		bbr_save_cwnd(t.b, c);
		assert_int_equal(t.b->prior_cwnd, 100 * MSS);
	}
	close_path(&t);
}

static void test_down_waits_for_the_room_of_others(void **state)
{
	struct bench t;
	struct cc_event *ev;

	(void)state;
	open_path(&t, 100, 50, 2 << 20);
	run_to(&t, BBR_CRUISE);
	t.b->state = BBR_DOWN;
	t.b->inflight_longterm = 100 * MSS;
	ev = event(&t);
	ev->in_flight = 85 * MSS + 1;
	t.rs.newest.in_flight = 0;
	ack(&t, ev);
	assert_int_equal(t.b->state, BBR_DOWN);
	ev->in_flight = 85 * MSS;
	ack(&t, ev);
	assert_int_equal(t.b->state, BBR_CRUISE);
	close_path(&t);
}

static void test_aggregation_is_remembered_for_some_rounds(void **state)
{
	struct bench t;
	unsigned rounds = 0;

	(void)state;
	open_path(&t, 100, 50, 2 << 20);
	run_to(&t, BBR_CRUISE);
	run(&t, 100);
	t.b->extra[0] = t.b->extra[1] = 0;
	t.b->extra_rounds = 0;
	t.b->extra[0] = 500 * MSS;
	while (bbr_most(t.b->extra[0], t.b->extra[1]) == 500 * MSS && rounds < 100) {
		t.b->rounds_since_probe = 0;
		ack(&t, round_event(&t));
		rounds++;
	}
	assert_int_equal(rounds, 10);
	/* In startup for one round. */
	t.b->full_bw_reached = false;
	t.b->state = BBR_STARTUP;
	t.b->extra[0] = 500 * MSS;
	ack(&t, round_event(&t));
	ack(&t, round_event(&t));
	assert_true(bbr_most(t.b->extra[0], t.b->extra[1]) < 500 * MSS);
	close_path(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_first_pace_is_the_initial_window_in_a_round_trip),
		cmocka_unit_test(test_startup_ends_when_the_pipe_is_full),
		cmocka_unit_test(test_startup_needs_three_rounds_without_growth),
		cmocka_unit_test(test_the_application_does_not_end_startup),
		cmocka_unit_test(test_startup_ends_with_losses),
		cmocka_unit_test(test_drain_ends_after_three_rounds),
		cmocka_unit_test(test_the_cycle),
		cmocka_unit_test(test_short_round_trips_probe_as_reno_would),
		cmocka_unit_test(test_a_loss_in_the_probe_bounds_the_volume),
		cmocka_unit_test(test_the_bound_does_not_fall_below_seven_tenths),
		cmocka_unit_test(test_the_bound_leaves_room_and_is_raised_carefully),
		cmocka_unit_test(test_a_probe_ends_with_a_full_pipe),
		cmocka_unit_test(test_after_a_probe_that_went_too_high_the_next_is_short),
		cmocka_unit_test(test_the_bandwidth_is_the_most_of_two_cycles),
		cmocka_unit_test(test_a_cycle_without_a_sample_forgets_nothing),
		cmocka_unit_test(test_the_volume_is_the_initial_window_while_no_time_is_known),
		cmocka_unit_test(test_the_least_volumes),
		cmocka_unit_test(test_down_waits_for_the_room_of_others),
		cmocka_unit_test(test_aggregation_is_remembered_for_some_rounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
