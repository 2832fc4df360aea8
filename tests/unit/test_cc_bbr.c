#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/cc/bbr_model.h"
#include "support/cc_path.h"

#define MSS CC_PATH_MSS
#define MS CC_PATH_MS
#define MBIT UINT64_C(125000)

/* A flow on a path of its own, and single events made by hand for it. */
struct bench {
	struct cc_link link;
	struct cc_flow f;
	struct bbr *b;
	uint64_t now_ns;
	struct rate_sample rs;
	struct cc_event ev;
};

static void open_path(struct bench *t, uint64_t mbit, uint64_t rtt_ms, uint64_t queue)
{
	*t = (struct bench){.link = {.bytes_per_s = mbit * MBIT, .queue = queue}, .now_ns = NS_PER_S};
	chance_seed(1);
	cc_flow_init(&t->f, &cc_bbr, &t->link, MS(rtt_ms), t->now_ns);
	t->b = &t->f.state.bbr;
}

static void run(struct bench *t, uint64_t ms)
{
	cc_path_run(&t->f, 1, t->now_ns, t->now_ns + MS(ms), NULL, NULL);
	t->now_ns += MS(ms);
}

/* Until the state is `state`, at most 20 s. */
static void run_to(struct bench *t, enum bbr_state state)
{
	for (unsigned i = 0; i < 20000 && t->b->state != state; i++)
		run(t, 1);
	assert_int_equal(t->b->state, state);
}

/* An acknowledgement of one segment that begins no round, 1 ms later. */
static struct cc_event *event(struct bench *t)
{
	t->now_ns += MS(1);
	t->rs = (struct rate_sample){
		.any = true, .newest_sent_at = {t->now_ns - t->f.rtt_ns}, .delivered = 100 * MSS,
		.interval_ns = t->f.rtt_ns, .bytes_per_s = 100 * MSS * NS_PER_S / t->f.rtt_ns,
		.newest = {.in_flight = 100 * MSS},
	};
	t->f.rate.delivered += MSS;
	t->ev = (struct cc_event){
		.now = {t->now_ns}, .mss = MSS, .acked = MSS, .delivered = MSS, .in_flight = 100 * MSS,
		.in_flight_before = 101 * MSS, .rtt_ns = t->f.rtt_ns, .min_rtt_ns = t->f.rtt_ns,
		.smoothed_rtt_ns = t->f.rtt_ns, .rate = &t->rs, .totals = &t->f.rate, .sack = true,
	};
	return &t->ev;
}

/* A round and a loss round end with it. */
static struct cc_event *round_event(struct bench *t)
{
	struct cc_event *ev = event(t);

	t->rs.newest.delivered = t->f.rate.delivered - MSS;
	return ev;
}

static void ack(struct bench *t, const struct cc_event *ev)
{
	cc_bbr.acked(&t->f.state, &t->f.control, ev);
}

/* `segment` of those sent with `in_flight`, of which `lost_before` are lost already. */
static void lose(struct bench *t, unsigned segment, uint32_t in_flight, uint64_t lost_before)
{
	struct rate_mark mark = {.in_flight = in_flight, .lost = t->f.rate.lost - lost_before};
	struct cc_loss loss = {
		.now = {t->now_ns}, .mss = MSS, .seq = segment * MSS, .len = MSS, .mark = &mark,
		.totals = &t->f.rate, .sack = true,
	};

	rate_lost(&t->f.rate, MSS);
	cc_bbr.segment_lost(&t->f.state, &t->f.control, &loss);
}

static void close_path(struct bench *t)
{
	cc_flow_fini(&t->f);
}

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
		bool sack, recovering;
		uint32_t lost;	/* segments of 100 */
		bool ends;
	} cases[] = {
		{6, true, true, 6, true}, {5, true, true, 6, false}, {6, true, false, 6, false},
		{6, true, true, 2, false}, {6, true, true, 3, true}, {1, false, true, 1, true},
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
		ev->sack = cases[i].sack;
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
				       .totals = &t.f.rate, .sack = true};

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
	ev->window_limited = true;
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
	/* Not while the window is not the limit. */
	ev->window_limited = false;
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

static void test_the_least_volumes(void **state)
{
	struct bench t;
	struct cc_control *c = &t.f.control;

	(void)state;
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
	/* The path becomes longer, so no sample is as low as the first. */
	t.f.rtt_ns = MS(60);
	begun_ns = t.b->probe_rtt_min_at.ns;
	run_to(&t, BBR_PROBE_RTT);
	assert_in_range(t.now_ns - begun_ns, MS(5000), MS(5070));
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
	assert_int_equal(bbr_max_bw(t.b), bw);
	/* Ten seconds after the first: 60 ms. */
	run(&t, 6000);
	assert_in_range(t.b->min_rtt_ns, MS(60), MS(61));
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

static void test_a_freeze_leaves_no_trace(void **state)
{
	struct bench t;
	struct cc_event *ev;
	uint64_t bw;

	(void)state;
	open_path(&t, 100, 50, 2 << 20);
	run_to(&t, BBR_CRUISE);
	run(&t, 300);
	bw = bbr_max_bw(t.b);
	t.now_ns += 600 * NS_PER_S;
	cc_bbr.restarted(&t.f.state, &t.f.control, (struct boot_time){t.now_ns});
	/* All of the flight at once, sent before: neither a time nor aggregation. */
	ev = event(&t);
	ev->delivered = 400 * MSS;
	ev->rtt_ns = 600 * NS_PER_S;
	t.rs.newest_sent_at.ns = t.now_ns - 600 * NS_PER_S;
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
		cmocka_unit_test(test_after_a_probe_that_went_too_high_the_next_is_short),
		cmocka_unit_test(test_the_bandwidth_is_the_most_of_two_cycles),
		cmocka_unit_test(test_a_cycle_without_a_sample_forgets_nothing),
		cmocka_unit_test(test_the_least_volumes),
		cmocka_unit_test(test_down_waits_for_the_room_of_others),
		cmocka_unit_test(test_aggregation_is_remembered_for_some_rounds),
		cmocka_unit_test(test_losses_while_cruising_lower_the_short_term_bounds),
		cmocka_unit_test(test_a_mistaken_loss_is_undone),
		cmocka_unit_test(test_a_time_out_sends_one_segment_and_recovery_restores_the_window),
		cmocka_unit_test(test_the_round_trip_time_is_probed_every_five_seconds),
		cmocka_unit_test(test_startup_goes_on_after_the_probe),
		cmocka_unit_test(test_samples_of_probe_rtt_do_not_count),
		cmocka_unit_test(test_a_rest_takes_the_place_of_the_probe),
		cmocka_unit_test(test_a_freeze_leaves_no_trace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
