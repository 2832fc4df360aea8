/* BBR: what losses, mistakes about them, and pauses do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/bbr_bench.h"

/* --- losses, mistakes, time-outs ------------------------------------------------------------------ */

static void test_losses_while_cruising_lower_the_short_term_bounds(void **state)
{
	struct bench t;
	struct cc_event *ev;
	uint64_t bw;
	uint32_t cwnd;

	(void)state;
	open_path(&t, 100, 50, 2 << 20);
	run_to(&t, BBR_CRUISE);
	run(&t, 200);
	ack(&t, round_event(&t));
	bw = bbr_max_bw(t.b);
	cwnd = t.f.control.cwnd;
	/* Once a round, at its end; to what was delivered, and by 0.7 at most. */
	lose(&t, 0, 500 * MSS, 0);
	lose(&t, 2, 500 * MSS, 0);
	ack(&t, event(&t));
	assert_true(t.b->bw_shortterm == UINT64_MAX);
	ev = round_event(&t);
	t.rs.bytes_per_s = bw * 9 / 10;
	t.rs.delivered = cwnd / 10 * 8;
	ack(&t, ev);
	assert_int_equal(t.b->bw_shortterm, bw * 9 / 10);
	assert_int_equal(t.b->inflight_shortterm, cwnd / 10 * 8);
	assert_int_equal(t.f.control.cwnd, cwnd / 10 * 8);
	assert_int_equal(t.f.control.pacing_rate, bw * 9 / 10 * 99 / 100);
	lose(&t, 4, 500 * MSS, 0);
	t.b->bw_latest = 0;
	t.b->inflight_latest = 0;
	ev = round_event(&t);
	t.rs.bytes_per_s = 1000;
	t.rs.delivered = MSS;
	ack(&t, ev);
	assert_int_equal(t.b->bw_shortterm, bw * 9 / 10 * 70 / 100);
	assert_int_equal(t.b->inflight_shortterm, cwnd / 10 * 8 * 70 / 100);
	/* A round without loss changes nothing, and the next probe forgets them. */
	ev = round_event(&t);
	t.rs.bytes_per_s = 1000;
	ack(&t, ev);
	assert_int_equal(t.b->bw_shortterm, bw * 9 / 10 * 70 / 100);
	cc_bbr.recovered(&t.f.state, &t.f.control, ev);
	run_to(&t, BBR_REFILL);
	assert_true(t.b->bw_shortterm == UINT64_MAX);
	assert_int_equal(t.b->inflight_shortterm, UINT32_MAX);
	close_path(&t);
}

/* What was delivered in a round of PROBE_RTT, or of a slow application, is not what the path can deliver. */
static void test_chance_losses_in_a_limited_round_lower_nothing(void **state)
{
	for (unsigned lost = 1; lost <= 3; lost++) {
		struct bench t;
		struct cc_event *ev;
		uint64_t bw;

		(void)state;
		open_path(&t, 100, 50, 2 << 20);
		run_to(&t, BBR_CRUISE);
		run(&t, 200);
		ack(&t, round_event(&t));
		bw = bbr_max_bw(t.b);
		for (unsigned i = 0; i < lost; i++)
			lose(&t, 2 * i, 100 * MSS, 0);
		t.b->bw_latest = 0;
		ev = round_event(&t);
		t.rs.app_limited = true;
		t.rs.lost = lost * MSS;
		t.rs.bytes_per_s = bw / 2;
		ack(&t, ev);
		/* More than 2 % of the flight are no chance. */
		assert_true(t.b->bw_shortterm == (lost > 2 ? bw * 70 / 100 : UINT64_MAX));
		assert_int_equal(t.b->loss_in_round, false);
		close_path(&t);
	}
}

/* Nor what was sent in DRAIN, at half the rate: the last of what STARTUP has lost is found in that round. */
static void test_chance_losses_of_drain_lower_nothing(void **state)
{
	for (unsigned lost = 1; lost <= 3; lost++) {
		struct bench t;
		struct cc_event *ev;
		uint64_t bw;

		(void)state;
		open_path(&t, 100, 50, 2 << 20);
		run_to(&t, BBR_DRAIN);
		run_to(&t, BBR_CRUISE);
		bw = bbr_max_bw(t.b);
		for (unsigned i = 0; i < lost; i++)
			lose(&t, 2 * i, 100 * MSS, 0);
		/* The first round after it: sent when what was in flight at its end had not arrived. */
		ev = round_event(&t);
		assert_true(t.rs.newest.delivered <= t.b->drained_until);
		t.b->bw_latest = 0;
		t.rs.lost = lost * MSS;
		t.rs.bytes_per_s = bw / 2;
		ack(&t, ev);
		assert_true(t.b->bw_shortterm == (lost > 2 ? bw * 70 / 100 : UINT64_MAX));
		close_path(&t);
	}
}

static void test_a_mistaken_loss_is_undone(void **state)
{
	struct bench t;
	struct cc_event *ev;
	uint32_t cwnd;

	(void)state;
	/* In startup: back to it. */
	open_path(&t, 100, 50, 1 << 20);
	run(&t, 200);
	assert_int_equal(t.b->state, BBR_STARTUP);
	cwnd = t.f.control.cwnd;
	for (unsigned i = 0; i < 6; i++)
		lose(&t, 2 * i, 100 * MSS, 0);
	cc_bbr.lost(&t.f.state, &t.f.control, event(&t));
	ev = round_event(&t);
	ev->recovering = true;
	t.rs.lost = 6 * MSS;
	ack(&t, ev);
	assert_int_not_equal(t.b->state, BBR_STARTUP);
	cc_bbr.undo(&t.f.state, &t.f.control, ev);
	assert_int_equal(t.b->state, BBR_STARTUP);
	assert_false(t.b->full_bw_reached);
	assert_int_equal(t.b->full_bw, 0);
	assert_int_equal(t.b->inflight_longterm, UINT32_MAX);
	assert_true(t.f.control.cwnd >= cwnd);
	close_path(&t);

	/* In a probe: the probe begins again, and the bound is what it was. */
	open_path(&t, 100, 50, 2 << 20);
	run_to(&t, BBR_UP);
	t.b->inflight_longterm = 600 * MSS;
	lose(&t, 0, 500 * MSS, 20 * MSS);
	cc_bbr.lost(&t.f.state, &t.f.control, event(&t));
	assert_int_equal(t.b->state, BBR_DOWN);
	assert_true(t.b->inflight_longterm < 600 * MSS);
	cc_bbr.recovered(&t.f.state, &t.f.control, event(&t));
	cc_bbr.undo(&t.f.state, &t.f.control, event(&t));
	assert_int_equal(t.b->state, BBR_REFILL);
	assert_int_equal(t.b->inflight_longterm, 600 * MSS);
	/* Once. */
	t.b->state = BBR_DOWN;
	t.b->inflight_longterm = 300 * MSS;
	cc_bbr.undo(&t.f.state, &t.f.control, event(&t));
	assert_int_equal(t.b->state, BBR_DOWN);
	assert_int_equal(t.b->inflight_longterm, 300 * MSS);
	close_path(&t);

	/* While cruising: the short-term bounds. */
	open_path(&t, 100, 50, 2 << 20);
	run_to(&t, BBR_CRUISE);
	run(&t, 200);
	cwnd = t.f.control.cwnd;
	lose(&t, 0, 500 * MSS, 0);
	ev = round_event(&t);
	ack(&t, ev);
	assert_true(t.f.control.cwnd < cwnd);
	cc_bbr.undo(&t.f.state, &t.f.control, ev);
	assert_false(t.b->in_recovery);
	assert_true(t.b->bw_shortterm == UINT64_MAX);
	assert_int_equal(t.b->inflight_shortterm, UINT32_MAX);
	assert_int_equal(t.f.control.cwnd, cwnd);
	assert_int_equal(t.b->state, BBR_CRUISE);
	close_path(&t);
}

static void test_a_time_out_sends_one_segment_and_recovery_restores_the_window(void **state)
{
	struct bench t;
	struct cc_event *ev;
	uint32_t cwnd;

	(void)state;
	open_path(&t, 100, 50, 2 << 20);
	run_to(&t, BBR_CRUISE);
	run(&t, 200);
	ack(&t, round_event(&t));
	cwnd = t.f.control.cwnd;
	for (unsigned i = 0; i < 2; i++) {
		lose(&t, i, 500 * MSS, 0);
		ev = event(&t);
		ev->in_flight = i * 3 * MSS;
		cc_bbr.timed_out(&t.f.state, &t.f.control, ev);
		assert_int_equal(t.f.control.cwnd, (1 + i * 3) * MSS);
	}
	/* The bound starts from the window before. */
	ev = round_event(&t);
	t.rs.delivered = MSS;
	t.b->inflight_latest = 0;
	t.b->rounds_since_probe = 0;
	ack(&t, ev);
	assert_int_equal(t.b->inflight_shortterm, cwnd * UINT64_C(70) / 100);
	assert_int_equal(t.f.control.cwnd, 5 * MSS);
	t.b->inflight_shortterm = UINT32_MAX;
	cc_bbr.recovered(&t.f.state, &t.f.control, ev);
	assert_int_equal(t.f.control.cwnd, cwnd);
	/* But not over a bound. */
	t.f.control.cwnd = MSS;
	lose(&t, 9, 500 * MSS, 0);
	t.b->prior_cwnd = cwnd;
	t.b->inflight_shortterm = 50 * MSS;
	cc_bbr.recovered(&t.f.state, &t.f.control, ev);
	assert_int_equal(t.f.control.cwnd, 50 * MSS);
	close_path(&t);
}

/* --- the least round-trip time, pauses ------------------------------------------------------------ */

static void test_the_round_trip_time_is_probed_every_five_seconds(void **state)
{
	struct bench t;
	uint64_t begun_ns, limited = 0, bw;
	uint32_t cwnd;

	(void)state;
	open_path(&t, 100, 50, 2 << 20);
	run_to(&t, BBR_CRUISE);
	/* The path becomes longer, so no sample is as low as before, but for those on their way. */
	t.f.rtt_ns = MS(60);
	begun_ns = t.now_ns;
	run_to(&t, BBR_PROBE_RTT);
	assert_in_range(t.now_ns - begun_ns, MS(5000), MS(5130));
	/* What is sent from now on is limited by it. */
	assert_in_range(t.b->limited_from, t.b->delivered - 10 * MSS, t.b->delivered);
	bw = bbr_max_bw(t.b);
	cwnd = t.b->prior_cwnd;
	begun_ns = t.now_ns;
	t.b->bw_shortterm = bw - 1;
	while (t.b->state == BBR_PROBE_RTT) {
		run(&t, 1);
		limited += t.f.in_flight <= bbr_probe_rtt_cwnd(t.b);
	}
	assert_int_equal(t.b->state, BBR_CRUISE);
	assert_true(t.b->bw_shortterm == UINT64_MAX);
	assert_in_range(limited, 195, 280);
	assert_in_range(t.now_ns - begun_ns, MS(220), MS(340));
	/* Window and bandwidth are back; the samples of that time did not count. */
	assert_true(t.f.control.cwnd >= cwnd * 9 / 10);
	assert_in_range(bbr_max_bw(t.b), bw * 98 / 100, bw);
	/* Ten seconds after the first: 60 ms, and not before. */
	assert_in_range(t.b->min_rtt_ns, MS(50), MS(51));
	run(&t, 6000);
	assert_in_range(t.b->min_rtt_ns, MS(60), MS(61));
	close_path(&t);
}

/* Acknowledgements of one time for a while. */
static void hear(struct bench *t, uint64_t rtt_ns, uint64_t ms)
{
	for (uint64_t end_ns = t->now_ns + MS(ms); t->now_ns < end_ns;) {
		struct cc_event *ev = event(t);

		ev->rtt_ns = rtt_ns;
		ack(t, ev);
	}
}

static void test_what_is_near_the_least_time_puts_the_probe_off(void **state)
{
	struct bench t;
	uint64_t least;

	(void)state;
	open_path(&t, 100, 50, 2 << 20);
	run_to(&t, BBR_CRUISE);
	/* 1/64 of it is still the path, one more is a queue: with that alone, a pause after five seconds. */
	least = t.b->min_rtt_ns;
	t.b->probe_rtt_min_at = t.b->min_rtt_at = (struct boot_time){t.now_ns};
	hear(&t, least * 64 / 63 + 1000, 4990);
	assert_int_not_equal(t.b->state, BBR_PROBE_RTT);
	assert_true(t.b->min_rtt_at.ns == t.b->probe_rtt_min_at.ns);
	hear(&t, least * 64 / 63 + 1000, 20);
	assert_int_equal(t.b->state, BBR_PROBE_RTT);
	close_path(&t);

	/* With the other the value stays, and the pause comes after ten. */
	open_path(&t, 100, 50, 2 << 20);
	run_to(&t, BBR_CRUISE);
	least = t.b->min_rtt_ns;
	t.b->probe_rtt_min_at = (struct boot_time){t.now_ns};
	hear(&t, least * 64 / 63, 9990);
	assert_int_not_equal(t.b->state, BBR_PROBE_RTT);
	assert_true(t.b->min_rtt_ns == least);
	assert_true(t.b->min_rtt_at.ns == t.now_ns);
	hear(&t, least * 64 / 63, 20);
	assert_int_equal(t.b->state, BBR_PROBE_RTT);
	close_path(&t);

	/* Not seen any more for five seconds: then. */
	open_path(&t, 100, 50, 2 << 20);
	run_to(&t, BBR_CRUISE);
	least = t.b->min_rtt_ns;
	t.b->probe_rtt_min_at = (struct boot_time){t.now_ns};
	hear(&t, least, 2000);
	hear(&t, least + MS(10), 4990);
	assert_int_not_equal(t.b->state, BBR_PROBE_RTT);
	hear(&t, least + MS(10), 20);
	assert_int_equal(t.b->state, BBR_PROBE_RTT);
	assert_true(t.b->min_rtt_ns == least);
	close_path(&t);
}

/* What was measured before the last cycle is forgotten; a cycle without a sample is none. */
static void test_the_probe_of_the_time_ends_a_cycle(void **state)
{
	struct bench t;
	struct cc_event *ev;

	(void)state;
	for (unsigned sampled = 0; sampled < 2; sampled++) {
		open_path(&t, 100, 50, 2 << 20);
		run_to(&t, BBR_CRUISE);
		t.f.rtt_ns = MS(60);
		run_to(&t, BBR_PROBE_RTT);
		t.b->max_bw[0] = sampled ? 80 * MBIT : 0;
		t.b->max_bw[1] = 200 * MBIT;
		t.b->probe_rtt_round_done = true;
		t.b->probe_rtt_done_at = (struct boot_time){t.now_ns};
		ev = event(&t);
		t.rs.bytes_per_s = 0;
		ack(&t, ev);
		assert_int_equal(t.b->state, BBR_CRUISE);
		assert_int_equal(t.b->max_bw[0], 0);
		assert_int_equal(t.b->max_bw[1], sampled ? 80 * MBIT : 200 * MBIT);
		close_path(&t);
	}
}

static void test_a_rest_that_ends_the_probe_leaves_the_bound(void **state)
{
	struct bench t;

	(void)state;
	open_path(&t, 100, 50, 2 << 20);
	run_to(&t, BBR_CRUISE);
	t.f.rtt_ns = MS(60);
	run_to(&t, BBR_PROBE_RTT);
	t.b->inflight_longterm = 100 * MSS;
	t.b->probe_rtt_done_at = (struct boot_time){t.now_ns};
	assert_true(t.b->prior_cwnd > 100 * MSS);
	cc_bbr.resumed(&t.f.state, &t.f.control, (struct boot_time){t.now_ns + 1}, MSS, MS(6000));
	assert_int_equal(t.b->state, BBR_CRUISE);
	assert_int_equal(t.f.control.cwnd, 85 * MSS);
	close_path(&t);
}

static void test_startup_goes_on_after_the_probe(void **state)
{
	struct bench t;

	(void)state;
	open_path(&t, 100, 50, 2 << 20);
	cc_flow_limit(&t.f, t.now_ns, 2 * MBIT);
	run(&t, 100);
	t.f.rtt_ns = MS(60);
	run_to(&t, BBR_PROBE_RTT);
	run(&t, 400);
	assert_int_equal(t.b->state, BBR_STARTUP);
	close_path(&t);
}

static void test_samples_of_probe_rtt_do_not_count(void **state)
{
	struct bench t;
	struct cc_event *ev;
	uint64_t bw, from;

	(void)state;
	open_path(&t, 100, 50, 2 << 20);
	t.f.rtt_ns = MS(50);
	run_to(&t, BBR_CRUISE);
	t.f.rtt_ns = MS(60);
	run_to(&t, BBR_PROBE_RTT);
	from = t.b->limited_from;
	run_to(&t, BBR_CRUISE);
	t.b->max_bw[0] = 0;
	bw = bbr_max_bw(t.b);
	for (unsigned i = 0; i < 4; i++) {
		const uint64_t sent[] = {from, t.b->limited_until, t.b->limited_until + 1, from - 1};

		t.b->max_bw[0] = 0;
		ev = event(&t);
		t.rs.newest.delivered = sent[i];
		t.rs.bytes_per_s = bw / 2;
		ack(&t, ev);
		assert_int_equal(t.b->max_bw[0], i < 2 ? 0 : bw / 2);
	}
	close_path(&t);
}

static void test_a_rest_takes_the_place_of_the_probe(void **state)
{
	struct bench t;

	(void)state;
	open_path(&t, 100, 50, 2 << 20);
	run_to(&t, BBR_CRUISE);
	t.f.rtt_ns = MS(60);
	/* Nothing to send for six seconds, then all again. */
	cc_flow_limit(&t.f, t.now_ns, 1);
	run(&t, 6000);
	assert_int_equal(t.f.in_flight, 0);
	cc_flow_limit(&t.f, t.now_ns, 0);
	t.f.idle = true;
	t.f.control.pacing_rate *= 2;
	cc_bbr.resumed(&t.f.state, &t.f.control, (struct boot_time){t.now_ns}, MSS, MS(6000));
	/* At the path's rate, and with the window it had. */
	assert_int_equal(t.f.control.pacing_rate, bbr_bandwidth(t.b) * 99 / 100);
	assert_true(t.b->idle_restart);
	for (unsigned i = 0; i < 300; i++) {
		run(&t, 1);
		assert_int_not_equal(t.b->state, BBR_PROBE_RTT);
	}
	assert_false(t.b->idle_restart);
	close_path(&t);
}

static void freeze(uint64_t frozen_ns)
{
	struct bench t;
	struct cc_event *ev;
	uint64_t bw;

	open_path(&t, 100, 50, 2 << 20);
	run_to(&t, BBR_CRUISE);
	run(&t, 300);
	bw = bbr_max_bw(t.b);
	t.now_ns += frozen_ns;
	cc_bbr.restarted(&t.f.state, &t.f.control, (struct boot_time){t.now_ns});
	/* All of the flight at once, sent before: neither a time nor aggregation. */
	ev = event(&t);
	ev->delivered = 400 * MSS;
	ev->rtt_ns = frozen_ns;
	t.rs.newest_sent_at.ns = t.now_ns - frozen_ns;
	t.rs.interval_ns = t.rs.bytes_per_s = 0;
	t.rs.delivered = 900 * MSS;
	t.b->inflight_latest = 0;
	ack(&t, ev);
	assert_int_equal(t.b->state, BBR_CRUISE);
	assert_int_equal(t.b->min_rtt_ns, MS(50));
	assert_int_equal(bbr_most(t.b->extra[0], t.b->extra[1]), 0);
	assert_int_equal(t.b->inflight_latest, 0);
	assert_int_equal(bbr_max_bw(t.b), bw);
	/* The next sample is the path's, whatever it was before. */
	t.now_ns += MS(100);
	ev = event(&t);
	ev->rtt_ns = MS(120);
	ack(&t, ev);
	assert_int_equal(t.b->min_rtt_ns, MS(120));
	close_path(&t);
}

static void test_a_freeze_leaves_no_trace(void **state)
{
	(void)state;
	freeze(600 * NS_PER_S);
	/* Too short for any window to have passed by itself. */
	freeze(2 * NS_PER_S);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_losses_while_cruising_lower_the_short_term_bounds),
		cmocka_unit_test(test_chance_losses_in_a_limited_round_lower_nothing),
		cmocka_unit_test(test_chance_losses_of_drain_lower_nothing),
		cmocka_unit_test(test_a_mistaken_loss_is_undone),
		cmocka_unit_test(test_a_time_out_sends_one_segment_and_recovery_restores_the_window),
		cmocka_unit_test(test_the_round_trip_time_is_probed_every_five_seconds),
		cmocka_unit_test(test_the_probe_of_the_time_ends_a_cycle),
		cmocka_unit_test(test_a_rest_that_ends_the_probe_leaves_the_bound),
		cmocka_unit_test(test_startup_goes_on_after_the_probe),
		cmocka_unit_test(test_what_is_near_the_least_time_puts_the_probe_off),
		cmocka_unit_test(test_samples_of_probe_rtt_do_not_count),
		cmocka_unit_test(test_a_rest_takes_the_place_of_the_probe),
		cmocka_unit_test(test_a_freeze_leaves_no_trace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
