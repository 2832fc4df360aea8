/*
 * Theory of operation
 *
 * After a loss the window falls to 0.7 of what it was (W_max) and comes back on a cubic curve of time:
 * fast at first, flat near W_max, where the loss was, then faster again to look for more. Since the
 * curve depends on time and not on round trips, streams with long round trips get their share. Where
 * that would be less than Reno gets (short round trips, small windows) the window follows Reno's.
 *
 * The window counts as needed only while it limits sending. Otherwise it does not grow, the clock of
 * the curve stands still, and a loss reduces what was really in flight (RFC 9438 4.6, RFC 7661). It
 * stays valid for five minutes, because what is sent after a rest is paced.
 *
 * Fast recovery itself belongs to the sender (PRR); here `lost` only says where it shall end. After a
 * time-out the window starts at one segment in slow start, and the curve begins flat, at the window
 * at which slow start ends (RFC 9438 4.8), as after a slow start that HyStart++ ended (4.10).
 *
 * What is left out: ECN.
 */
#include "net/cc/cubic.h"

#include "net/cc/algo.h"

/* RFC 9438 4.1.1, 4.6 */
#define C_SEGMENTS 0.4		/* C: segments per second to the third */
#define BETA 0.7
/* 4.3: Reno's window grows by so much of a segment a round to be as large on average with BETA. */
#define ALPHA (3.0 * (1.0 - BETA) / (1.0 + BETA))
/* 4.2: at most half of the window in one round trip. */
#define TARGET_MOST 1.5
/* RFC 5681 (4): ssthresh is never below two segments. */
#define SSTHRESH_LEAST 2

/*
 * Pacing: as fast as the window asks for, doubled while it doubles, and a fifth more later, so that
 * window and not pace is the limit (as Linux does: tcp_pacing_ss_ratio, tcp_pacing_ca_ratio).
 */
#define PACE_SLOW_START_PERCENT 200
#define PACE_PERCENT 120
/*
 * On shorter paths acknowledgements come closer together than trains would leave: after slow start
 * they are the better clock. With 64 kB trains at 2.4 Gbit/s over 0.3 ms, a wakeup and a timer for each,
 * an upload took 27 % more CPU. The first flight after a rest is paced there as well.
 */
#define PACE_RTT_LEAST_NS NS_PER_MS

static double seconds(uint64_t ns)
{
	return (double)ns / (double)NS_PER_S;
}

/* Newton's method, from above; the build links no libm. */
static double cube_root(double a)
{
	double x = a > 1.0 ? a : 1.0, next;

	if (a <= 0.0)
		return 0.0;
	/* Far away x shrinks by a third each time: 100 rounds are enough for 64-bit numbers. */
	for (unsigned i = 0; i < 100; i++) {
		next = (2.0 * x + a / (x * x)) / 3.0;
		if (next >= x)
			break;
		x = next;
	}
	return x;
}

static bool slow_start(const struct cc_control *c)
{
	return c->cwnd < c->ssthresh;
}

static void set_rate(struct cubic *s, struct cc_control *c, uint64_t rtt_ns)
{
	uint64_t window = c->cwnd, percent = PACE_PERCENT;

	if (!rtt_ns)
		return;
	s->rtt_ns = rtt_ns;
	/* Recovery holds the window low for a moment; its pace is that of its end. */
	if (s->reduced && window < c->ssthresh)
		window = c->ssthresh;
	else if (window < c->ssthresh / 2)
		percent = PACE_SLOW_START_PERCENT;
	c->pacing_rate = window * (percent * (NS_PER_S / 100)) / rtt_ns;
	if (!c->pacing_rate)
		c->pacing_rate = 1;
}

static void cubic_init(union cc_algo_state *state, struct cc_control *c, struct boot_time now,
		       uint32_t mss, uint64_t rtt_ns)
{
	struct cubic *s = &state->cubic;

	(void)mss;
	*s = (struct cubic){.last_at = now, .valid_at = now};
	hystart_init(&s->hystart);
	c->ssthresh = UINT32_MAX;
	c->pacing_rate = 0;
	set_rate(s, c, rtt_ns);
}

/* --- growth -------------------------------------------------------------------------------------- */

static void grow(struct cc_control *c, double bytes)
{
	uint32_t room = c->window_max > c->cwnd ? c->window_max - c->cwnd : 0;

	c->cwnd += bytes < room ? (uint32_t)bytes : room;
}

static void begin_epoch(struct cubic_curve *v, const struct cc_control *c, const struct cc_event *ev)
{
	double cwnd = c->cwnd;

	v->epoch = ev->now;
	v->w_est = cwnd;
	v->origin = v->w_max > cwnd ? v->w_max : cwnd;
	v->k_s = cube_root((v->origin - cwnd) / (C_SEGMENTS * ev->mss));
}

static double curve_at(const struct cubic_curve *v, double t_s, uint32_t mss)
{
	double d = t_s - v->k_s;

	return v->origin + C_SEGMENTS * mss * d * d * d;
}

static void avoid(struct cubic *s, struct cc_control *c, const struct cc_event *ev)
{
	struct cubic_curve *v = &s->curve;
	double cwnd = c->cwnd, target, inc, t_s, segments;

	if (!v->epoch.ns)
		begin_epoch(v, c, ev);
	t_s = seconds(boot_since_ns(ev->now, v->epoch));
	segments = (double)ev->delivered / ev->mss;
	v->w_est += (v->w_est >= v->prior ? 1.0 : ALPHA) * segments / cwnd * ev->mss * ev->mss;
	if (curve_at(v, t_s, ev->mss) < v->w_est) {
		if (v->w_est > cwnd)
			grow(c, v->w_est - cwnd);
		return;
	}
	target = curve_at(v, t_s + seconds(ev->smoothed_rtt_ns), ev->mss);
	if (target < cwnd)
		target = cwnd;
	if (target > TARGET_MOST * cwnd)
		target = TARGET_MOST * cwnd;
	inc = (target - cwnd) / cwnd * ev->delivered + v->rest;
	v->rest = inc - (double)(uint64_t)inc;
	grow(c, inc);
}

/* The window is not needed now, or is again. */
static void keep_clock(struct cubic *s, const struct cc_event *ev)
{
	if (!ev->window_limited && !s->idle) {
		s->idle = true;
		s->idle_since = s->last_at;
	} else if (ev->window_limited && s->idle) {
		s->idle = false;
		if (s->curve.epoch.ns)
			s->curve.epoch =
				boot_add_ns(s->curve.epoch, boot_since_ns(ev->now, s->idle_since));
	}
	if (ev->window_limited)
		s->valid_at = ev->now;
	s->last_at = ev->now;
}

/* RFC 7661 4.4.3: what has not been needed for long is given up by halves. */
static void expire(struct cubic *s, struct cc_control *c, struct boot_time now, uint32_t mss)
{
	uint32_t least = CC_INITIAL_SEGMENTS * mss;

	while (boot_since_ns(now, s->valid_at) >= CUBIC_VALID_NS && c->cwnd > least) {
		if (c->ssthresh < c->cwnd / 4 * 3)
			c->ssthresh = c->cwnd / 4 * 3;
		c->cwnd = c->cwnd / 2 > least ? c->cwnd / 2 : least;
		s->valid_at = boot_add_ns(s->valid_at, CUBIC_VALID_NS);
	}
}

static void start_slowly(struct cubic *s, struct cc_control *c, const struct cc_event *ev)
{
	bool searching = s->hystart.phase != HYSTART_DONE;

	if (ev->round_start)
		hystart_round(&s->hystart);
	hystart_sample(&s->hystart, ev->rtt_ns, ev->delivered, ev->mss);
	if (searching && s->hystart.phase == HYSTART_DONE) {
		c->ssthresh = c->cwnd;
		return;
	}
	if (ev->window_limited)
		grow(c, hystart_growth(&s->hystart, ev->delivered, ev->mss, c->pacing_rate != 0));
}

static void cubic_acked(union cc_algo_state *state, struct cc_control *c, const struct cc_event *ev)
{
	struct cubic *s = &state->cubic;

	keep_clock(s, ev);
	expire(s, c, ev->now, ev->mss);
	if (ev->round_start) {
		s->flight_before = s->flight;
		s->flight = 0;
	}
	if (ev->in_flight_before > s->flight)
		s->flight = ev->in_flight_before;
	if (ev->recovering && !s->timed_out) {
		set_rate(s, c, ev->smoothed_rtt_ns);
		return;
	}
	if (slow_start(c))
		start_slowly(s, c, ev);
	else if (ev->window_limited && ev->delivered)
		avoid(s, c, ev);
	set_rate(s, c, ev->smoothed_rtt_ns);
	if (!slow_start(c) && ev->smoothed_rtt_ns && ev->smoothed_rtt_ns < PACE_RTT_LEAST_NS)
		c->pacing_rate = 0;
}

/* --- loss ---------------------------------------------------------------------------------------- */

static void save(struct cubic *s, const struct cc_control *c)
{
	s->saved = (struct cubic_saved){
		.curve = s->curve,
		.cwnd = c->cwnd,
		.ssthresh = c->ssthresh,
		.hystart_phase = s->hystart.phase,
		.set = true,
	};
}

/* RFC 9438 4.6: what was in flight; the window where it was the limit. */
static void reduce(struct cubic *s, struct cc_control *c, const struct cc_event *ev)
{
	uint32_t flight = c->cwnd, least = SSTHRESH_LEAST * ev->mss;

	if (s->idle || !ev->window_limited) {
		flight = s->flight > s->flight_before ? s->flight : s->flight_before;
		if (flight < ev->in_flight_before)
			flight = ev->in_flight_before;
		if (flight > c->cwnd)
			flight = c->cwnd;
	}
	save(s, c);
	s->curve.epoch = (struct boot_time){0};
	s->curve.prior = c->cwnd;
	c->ssthresh = (uint32_t)(flight * BETA);
	if (c->ssthresh < least)
		c->ssthresh = least;
	hystart_end(&s->hystart);
}

static void cubic_lost(union cc_algo_state *state, struct cc_control *c, const struct cc_event *ev)
{
	struct cubic *s = &state->cubic;
	double cwnd = c->cwnd, w_max = s->curve.w_max;

	reduce(s, c, ev);
	/* 4.7, fast convergence: the share is falling, so a newcomer gets room. */
	s->curve.w_max = cwnd < w_max ? cwnd * (1.0 + BETA) / 2.0 : cwnd;
	s->reduced = true;
	s->timed_out = false;
	set_rate(s, c, ev->smoothed_rtt_ns);
}

static void cubic_recovered(union cc_algo_state *state, struct cc_control *c,
			    const struct cc_event *ev)
{
	struct cubic *s = &state->cubic;

	/* RFC 6937 3: the end that PRR was going to. */
	if (s->reduced)
		c->cwnd = c->ssthresh;
	s->reduced = s->timed_out = false;
	set_rate(s, c, ev->smoothed_rtt_ns);
}

static void cubic_timed_out(union cc_algo_state *state, struct cc_control *c,
			    const struct cc_event *ev)
{
	struct cubic *s = &state->cubic;

	/* Once for a flight (RFC 5681 3.1): not for further time-outs, not after fast recovery began. */
	if (!s->reduced && !s->timed_out)
		reduce(s, c, ev);
	s->curve.w_max = 0;
	s->curve.epoch = (struct boot_time){0};
	s->reduced = false;
	s->timed_out = true;
	c->cwnd = ev->mss;
	set_rate(s, c, ev->smoothed_rtt_ns);
}

static void cubic_undo(union cc_algo_state *state, struct cc_control *c, const struct cc_event *ev)
{
	struct cubic *s = &state->cubic;

	if (!s->saved.set)
		return;
	/* RFC 9438 4.9 */
	s->curve = s->saved.curve;
	s->hystart.phase = s->saved.hystart_phase;
	if (c->cwnd < s->saved.cwnd)
		c->cwnd = s->saved.cwnd;
	c->ssthresh = s->saved.ssthresh;
	s->saved.set = s->reduced = s->timed_out = false;
	set_rate(s, c, ev->smoothed_rtt_ns);
}

/* --- pauses -------------------------------------------------------------------------------------- */

static void pause_clock(struct cubic *s)
{
	if (!s->idle)
		s->idle_since = s->last_at;
	s->idle = true;
}

static void cubic_resumed(union cc_algo_state *state, struct cc_control *c, struct boot_time now,
			  uint32_t mss, uint64_t idle_ns)
{
	(void)idle_ns;
	pause_clock(&state->cubic);
	expire(&state->cubic, c, now, mss);
	set_rate(&state->cubic, c, state->cubic.rtt_ns);
}

static void cubic_restarted(union cc_algo_state *state, struct cc_control *c, struct boot_time now)
{
	struct cubic *s = &state->cubic;

	(void)c;
	(void)now;
	pause_clock(s);
	/* Times of the path before are no measure for the path now. */
	if (s->hystart.phase != HYSTART_DONE)
		hystart_init(&s->hystart);
}

const struct cc_algo cc_cubic = {
	.name = "cubic",
	.init = cubic_init,
	.acked = cubic_acked,
	.lost = cubic_lost,
	.recovered = cubic_recovered,
	.timed_out = cubic_timed_out,
	.undo = cubic_undo,
	.resumed = cubic_resumed,
	.restarted = cubic_restarted,
};
