/*
 * Theory of operation (draft-ietf-ccwg-bbr-06, 6 July 2026; section numbers are the draft's)
 *
 * The path is modelled by two numbers: the most that it delivered lately (max_bw, over two probing
 * cycles) and the least round-trip time (over ten seconds). Their product is what must be in flight
 * to use it fully; more only waits in a queue. The pace is the bandwidth times a gain, the window is
 * about twice the product, so that delayed and merged acknowledgements do not stop the sender.
 *
 * States: STARTUP doubles the pace each round until three rounds bring no growth, or losses show
 * that the queue overflows; DRAIN empties the queue of that. Then a cycle: DOWN, CRUISE, after two
 * to three seconds (or 63 round trips, so that Reno gets a chance) REFILL and UP, which looks for
 * more. When no lower round-trip time was seen for five seconds, PROBE_RTT halves what is in flight
 * for 200 ms.
 *
 * Loss: when more than 2 % of what was in flight at a probe is lost, that volume is remembered
 * (inflight_longterm) and only approached carefully. Losses while not probing lower bandwidth and
 * volume to what is delivered, by 0.7 at most in a round (the short-term bounds), until the next
 * REFILL. So random loss below 2 % costs no more than what is lost.
 *
 * Timers: none; the sender's acknowledgements and segments drive it. Limits: the window is at least
 * four segments and at most cc_control.window_max.
 *
 * Deviations from the draft:
 * - The full pipe is sought in every sample of a round, counted once a round (5.3.1.2 takes the first
 *   sample alone). Our batches and trains make single samples low.
 * - What undo restores is saved at the first loss of an episode. The draft (5.5.11.1) saves again
 *   whenever a round sees its first loss, and when recovery begins, which overwrites what an earlier
 *   loss has already changed.
 * - Samples of what was sent in PROBE_RTT are recognised here, not by marking the connection as
 *   application-limited (5.3.4.3): the sender's own mark stays the application's.
 * - A round that the application, PROBE_RTT or DRAIN has kept short lowers no bound unless more than 2 % of
 *   it was lost (5.5.10.3 lowers them for any loss): what was delivered in it is not what the path can deliver.
 *   Each chance loss within a round trip of PROBE_RTT would cost 30 % until the next probe, the last loss of
 *   STARTUP 10 %.
 * - A round-trip time within 1/64 of the least one confirms it: the value stays, for ten seconds more, and
 *   PROBE_RTT is put off, but to ten seconds at most (5.3.4.3 asks for a lower time every five). The sender's
 *   own trains make times uneven by as much, so the queue is empty and the pause would show nothing new; the
 *   draft means such times to count ("opportunistically", 5.3.4.2), but lets only lower ones. Streams that
 *   keep a queue, or one that has never seen the path without, pause as ever. An error of 1/64 in the
 *   bandwidth-delay product is about the margin of the pace.
 * - extra_acked (5.5.9) is the most of two halves of its window, 5 to 10 rounds, as Linux does it.
 * - After a time-out inflight_shortterm starts from the window before it, as in Linux; the draft
 *   (5.5.10.3) takes the one segment that a time-out leaves.
 * - The prior window is saved before PROBE_RTT is entered; the draft (5.3.4.3) saves it after, which
 *   keeps an older and larger one.
 * - A cycle that brought no sample does not move the filter of max_bw (5.5.6): the next would empty it. One that
 *   PROBE_RTT ends does (the draft moves the filter a round after UP, and begins another cycle all the same).
 *   With a pause every five seconds there is one UP between two of them, and two cycles would be ten seconds:
 *   a stream that had given way came back from each pause with the rate of long ago, the queue was full
 *   before anybody probed, and shares stayed as they were.
 * - After a freeze or an outage the least round-trip time is measured anew with the next sample, and
 *   neither wait nor queue of that time counts: the path may be another.
 *
 * What is left out: ECN (the draft leaves it out, too).
 */
#include "net/cc/bbr.h"

#include "net/cc/algo.h"
#include "net/cc/bbr_model.h"

/* Section 2; percent. */
#define LOSS_THRESH 2
#define BETA 70
#define FULL_BW_GROWTH 125
#define FULL_BW_ROUNDS 3
#define STARTUP_LOSS_RANGES 6
#define DRAIN_ROUNDS 3
#define EXTRA_ACKED_ROUNDS 10
#define MIN_RTT_FILTER_NS (10 * NS_PER_S)
#define PROBE_RTT_INTERVAL_NS (5 * NS_PER_S)
#define PROBE_RTT_DURATION_NS (200 * NS_PER_MS)
/* Not in the draft: PROBE_RTT at the latest, and what counts as the least time (see above). */
#define PROBE_RTT_PUT_OFF_NS (2 * PROBE_RTT_INTERVAL_NS)
#define NEAR_DIVISOR 64
#define PROBE_WAIT_NS (2 * NS_PER_S)	/* and up to PROBE_WAIT_RANDOM_NS more */
#define PROBE_WAIT_RANDOM_NS NS_PER_S
#define RENO_ROUNDS_MOST 63
#define PROBE_UP_ROUNDS_MOST 30

static bool probing(const struct bbr *b)
{
	return b->state == BBR_STARTUP || b->state == BBR_REFILL || b->state == BBR_UP;
}

static void start_round(struct bbr *b)
{
	b->next_round_delivered = b->delivered;
}

static void reset_full_bw(struct bbr *b, uint64_t bw)
{
	b->full_bw = bw;
	b->full_bw_count = 0;
	b->full_bw_now = false;
}

static void reset_congestion_signals(struct bbr *b)
{
	b->loss_in_round = false;
	b->bw_latest = 0;
	b->inflight_latest = 0;
}

static void reset_short_term(struct bbr *b)
{
	b->bw_shortterm = BBR_NO_BW;
	b->inflight_shortterm = BBR_NO_BOUND;
}

/* --- states (5.3) -------------------------------------------------------------------------------- */

/* AdvanceMaxBwFilter. A cycle that brought no sample is none: both would be empty after the next. */
static void end_cycle(struct bbr *b)
{
	if (!b->max_bw[0])
		return;
	b->max_bw[1] = b->max_bw[0];
	b->max_bw[0] = 0;
}

static void raise_slope(struct bbr *b, const struct cc_control *c)
{
	uint32_t growth = UINT32_C(1) << b->probe_up_rounds;

	if (b->probe_up_rounds < PROBE_UP_ROUNDS_MOST)
		b->probe_up_rounds++;
	b->probe_up_per_inc = bbr_most(c->cwnd / growth, b->mss);
}

static void pick_probe_wait(struct bbr *b)
{
	/* One draw serves both decisions: its lowest bit, and 32 others. */
	b->rounds_since_probe = (uint32_t)(b->random & 1);
	b->probe_wait_ns = PROBE_WAIT_NS + (b->random >> 32) * PROBE_WAIT_RANDOM_NS / UINT32_MAX;
}

static void start_down(struct bbr *b, struct boot_time now)
{
	reset_congestion_signals(b);
	b->probe_up_per_inc = BBR_NO_BOUND;
	pick_probe_wait(b);
	b->cycle_at = now;
	b->acks = BBR_ACKS_PROBE_STOPPING;
	start_round(b);
	b->state = BBR_DOWN;
}

static void start_refill(struct bbr *b)
{
	reset_short_term(b);
	b->probe_up_rounds = 0;
	b->probe_up_acked = 0;
	b->probe_precautionary = false;
	b->acks = BBR_ACKS_REFILLING;
	start_round(b);
	b->state = BBR_REFILL;
}

static void start_up(struct bbr *b, const struct cc_control *c, uint64_t bw)
{
	b->bw_probe_samples = true;
	b->acks = BBR_ACKS_PROBE_STARTING;
	start_round(b);
	reset_full_bw(b, bw);
	b->state = BBR_UP;
	raise_slope(b, c);
}

static void start_drain(struct bbr *b)
{
	b->state = BBR_DRAIN;
	b->drain_round = b->round_count;
}

static bool time_to_probe(struct bbr *b, const struct cc_control *c, struct boot_time now)
{
	uint32_t target = bbr_least(bbr_bdp(b, bbr_bandwidth(b), 100), c->cwnd) / b->mss;

	if (boot_since_ns(now, b->cycle_at) <= b->probe_wait_ns &&
	    b->rounds_since_probe < bbr_least(target, RENO_ROUNDS_MOST))
		return false;
	start_refill(b);
	return true;
}

static bool time_to_cruise(const struct bbr *b, const struct cc_control *c, uint32_t in_flight)
{
	return in_flight <= bbr_with_headroom(b) &&
	       in_flight <= bbr_with_budget(b, c, bbr_bdp(b, bbr_max_bw(b), 100));
}

static bool time_to_go_down(struct bbr *b, const struct cc_control *c, const struct cc_event *ev)
{
	if (b->probe_too_high && ev->in_flight >= b->inflight_longterm) {
		b->probe_precautionary = true;
		return true;
	}
	if (ev->window_full && c->cwnd >= b->inflight_longterm) {
		/* The bound, not the path, holds the bandwidth. */
		reset_full_bw(b, ev->rate->bytes_per_s);
		return false;
	}
	return b->full_bw_now;
}

static void probe_longterm_upward(struct bbr *b, const struct cc_control *c,
				  const struct cc_event *ev)
{
	uint32_t steps;

	if (!ev->window_full || c->cwnd < b->inflight_longterm)
		return;
	b->probe_up_acked = bbr_least((uint64_t)b->probe_up_acked + ev->delivered, UINT32_MAX);
	if (b->probe_up_acked >= b->probe_up_per_inc) {
		steps = b->probe_up_acked / b->probe_up_per_inc;
		b->probe_up_acked -= steps * b->probe_up_per_inc;
		b->inflight_longterm =
			bbr_least(b->inflight_longterm + (uint64_t)steps * b->mss, UINT32_MAX - 1);
	}
	if (b->round_start)
		raise_slope(b, c);
}

static bool too_high(uint64_t lost, uint32_t in_flight)
{
	return lost * 100 > (uint64_t)in_flight * LOSS_THRESH;
}

/* AdaptLongTermModel; true: it has chosen the state. */
static bool adapt_long_term(struct bbr *b, const struct cc_control *c, const struct cc_event *ev,
			    bool limited)
{
	const struct rate_sample *rs = ev->rate;

	if (b->acks == BBR_ACKS_PROBE_STARTING && b->round_start)
		b->acks = BBR_ACKS_PROBE_FEEDBACK;
	if (b->acks == BBR_ACKS_PROBE_STOPPING && b->round_start) {
		b->bw_probe_samples = false;
		b->acks = BBR_ACKS_INIT;
		if (bbr_in_probe_bw(b) && !limited)
			end_cycle(b);
		if (bbr_in_probe_bw(b) && b->probe_precautionary && !b->probe_too_high) {
			start_refill(b);
			return true;
		}
	}
	if (!rs->any || too_high(rs->lost, rs->newest.in_flight) ||
	    b->inflight_longterm == BBR_NO_BOUND)
		return false;
	b->inflight_longterm = bbr_most(b->inflight_longterm, bbr_least(rs->newest.in_flight, BBR_NO_BOUND - 1));
	if (b->state == BBR_UP)
		probe_longterm_upward(b, c, ev);
	return false;
}

static void update_cycle(struct bbr *b, const struct cc_control *c, const struct cc_event *ev,
			 bool limited)
{
	if (!b->full_bw_reached || adapt_long_term(b, c, ev, limited))
		return;
	switch ((enum bbr_state)b->state) {
	case BBR_DOWN:
		if (!time_to_probe(b, c, ev->now) && time_to_cruise(b, c, ev->in_flight))
			b->state = BBR_CRUISE;
		break;
	case BBR_CRUISE:
		time_to_probe(b, c, ev->now);
		break;
	case BBR_REFILL:
		if (b->round_start)
			start_up(b, c, ev->rate->bytes_per_s);
		break;
	case BBR_UP:
		if (time_to_go_down(b, c, ev)) {
			b->probe_too_high = false;
			start_down(b, ev->now);
		}
		break;
	case BBR_STARTUP:
	case BBR_DRAIN:
	case BBR_PROBE_RTT:
		break;
	}
}

static void check_full_bw(struct bbr *b, uint64_t bw, bool limited)
{
	if (b->full_bw_now || limited || !bw)
		return;
	if (bw >= b->full_bw * FULL_BW_GROWTH / 100) {
		reset_full_bw(b, bw);
		return;
	}
	if (!b->round_start)
		return;
	b->full_bw_now = ++b->full_bw_count >= FULL_BW_ROUNDS;
	if (b->full_bw_now)
		b->full_bw_reached = true;
}

/* 5.3.1.3 */
static void check_startup_loss(struct bbr *b, const struct cc_event *ev)
{
	const struct rate_sample *rs = ev->rate;

	if (!b->full_bw_reached && b->loss_round_start && ev->recovering &&
	    b->loss_ranges >= STARTUP_LOSS_RANGES && too_high(rs->lost, rs->newest.in_flight)) {
		b->undo.state = BBR_STARTUP;
		b->full_bw_reached = true;
		b->inflight_longterm = bbr_most(bbr_bdp(b, bbr_bandwidth(b), 100), b->inflight_latest);
	}
	if (b->loss_round_start)
		b->loss_ranges = 0;
}

static void check_startup_and_drain(struct bbr *b, const struct cc_control *c,
				    const struct cc_event *ev)
{
	check_startup_loss(b, ev);
	if (b->state == BBR_STARTUP && b->full_bw_reached)
		start_drain(b);
	if (b->state == BBR_DRAIN)
		b->drained_until = b->delivered + ev->in_flight;
	if (b->state == BBR_DRAIN &&
	    (ev->in_flight <= bbr_with_budget(b, c, bbr_bdp(b, bbr_bandwidth(b), 100)) ||
	     b->round_count > b->drain_round + DRAIN_ROUNDS))
		start_down(b, ev->now);
}

/* --- the least round-trip time (5.3.4) ----------------------------------------------------------- */

static bool stale(const struct bbr *b, const struct rate_sample *rs)
{
	return rs->any && rs->newest_sent_at.ns < b->restarted_at.ns;
}

/* The queue was empty, or nearly. */
static bool shows_least(const struct bbr *b, uint64_t rtt_ns)
{
	return rtt_ns && b->min_rtt_at.ns && rtt_ns - rtt_ns / NEAR_DIVISOR <= b->min_rtt_ns;
}

static bool probe_rtt_is_due(const struct bbr *b, struct boot_time now)
{
	uint64_t age = boot_since_ns(now, b->probe_rtt_min_at);

	if (age <= PROBE_RTT_INTERVAL_NS)
		return false;
	return age > PROBE_RTT_PUT_OFF_NS || boot_since_ns(now, b->min_rtt_at) > PROBE_RTT_INTERVAL_NS;
}

static void update_min_rtt(struct bbr *b, const struct cc_event *ev)
{
	uint64_t rtt_ns = stale(b, ev->rate) ? 0 : ev->rtt_ns;

	if (shows_least(b, rtt_ns))
		b->min_rtt_at = ev->now;
	b->probe_rtt_expired = probe_rtt_is_due(b, ev->now);
	if (rtt_ns && (rtt_ns < b->probe_rtt_min_ns || b->probe_rtt_expired)) {
		b->probe_rtt_min_ns = rtt_ns;
		b->probe_rtt_min_at = ev->now;
	}
	if (b->probe_rtt_min_ns == UINT64_MAX)
		return;
	if (!b->min_rtt_ns || !b->min_rtt_at.ns || b->probe_rtt_min_ns < b->min_rtt_ns ||
	    boot_since_ns(ev->now, b->min_rtt_at) > MIN_RTT_FILTER_NS) {
		b->min_rtt_ns = b->probe_rtt_min_ns;
		b->min_rtt_at = b->probe_rtt_min_at;
	}
}

static void check_probe_rtt_done(struct bbr *b, struct cc_control *c, struct boot_time now)
{
	if (!b->probe_rtt_done_at.ns || now.ns <= b->probe_rtt_done_at.ns)
		return;
	b->probe_rtt_min_at = now;
	bbr_restore_cwnd(b, c);
	reset_short_term(b);
	if (!b->full_bw_reached) {
		b->state = BBR_STARTUP;
		return;
	}
	end_cycle(b);
	/* The probing clock starts again, but the queue is drained already. */
	start_down(b, now);
	b->state = BBR_CRUISE;
}

static void enter_probe_rtt(struct bbr *b, const struct cc_control *c)
{
	bbr_save_cwnd(b, c);
	b->state = BBR_PROBE_RTT;
	b->probe_rtt_done_at = (struct boot_time){0};
	b->limited_from = b->delivered;
	b->acks = BBR_ACKS_PROBE_STOPPING;
	start_round(b);
}

static void handle_probe_rtt(struct bbr *b, struct cc_control *c, const struct cc_event *ev)
{
	b->limited_until = b->delivered + ev->in_flight;
	if (!b->probe_rtt_done_at.ns) {
		if (ev->in_flight > bbr_probe_rtt_cwnd(b))
			return;
		b->probe_rtt_done_at = boot_add_ns(ev->now, PROBE_RTT_DURATION_NS);
		b->probe_rtt_round_done = false;
		start_round(b);
		return;
	}
	if (b->round_start)
		b->probe_rtt_round_done = true;
	if (b->probe_rtt_round_done)
		check_probe_rtt_done(b, c, ev->now);
}

static void check_probe_rtt(struct bbr *b, struct cc_control *c, const struct cc_event *ev)
{
	if (b->state != BBR_PROBE_RTT && b->probe_rtt_expired && !b->idle_restart)
		enter_probe_rtt(b, c);
	if (b->state == BBR_PROBE_RTT)
		handle_probe_rtt(b, c, ev);
	if (ev->delivered)
		b->idle_restart = false;
}

/* --- acknowledgements ---------------------------------------------------------------------------- */

static void update_rounds(struct bbr *b, const struct rate_sample *rs)
{
	b->round_start = b->loss_round_start = false;
	if (!rs->any)
		return;
	if (rs->newest.delivered >= b->loss_round_delivered) {
		b->loss_round_delivered = b->delivered;
		b->loss_round_start = true;
	}
	if (rs->newest.delivered >= b->next_round_delivered) {
		start_round(b);
		b->round_count++;
		b->rounds_since_probe++;
		b->round_start = true;
	}
}

/* 5.5.10.3: once a round with losses, if not probing. */
static void adapt_lower_bounds(struct bbr *b, const struct cc_control *c)
{
	uint64_t bw;

	if (probing(b) || !b->loss_in_round)
		return;
	if (b->bw_shortterm == BBR_NO_BW)
		b->bw_shortterm = bbr_max_bw(b);
	if (b->inflight_shortterm == BBR_NO_BOUND)
		b->inflight_shortterm = b->in_recovery ? bbr_most(c->cwnd, b->prior_cwnd) : c->cwnd;
	bw = b->bw_shortterm * BETA / 100;
	b->bw_shortterm = b->bw_latest > bw ? b->bw_latest : bw;
	b->inflight_shortterm = bbr_most(b->inflight_latest, bbr_percent(b->inflight_shortterm, BETA));
}

static void update_bandwidth(struct bbr *b, const struct cc_control *c,
			     const struct rate_sample *rs, bool limited)
{
	bool drained = rs->newest.delivered <= b->drained_until;

	if (rs->bytes_per_s > b->bw_latest)
		b->bw_latest = rs->bytes_per_s;
	if (!stale(b, rs))
		b->inflight_latest = bbr_most(b->inflight_latest, bbr_least(rs->delivered, BBR_NO_BOUND - 1));
	if (rs->bytes_per_s > b->max_bw[0] && (rs->bytes_per_s >= bbr_max_bw(b) || !limited))
		b->max_bw[0] = rs->bytes_per_s;
	if (b->loss_round_start) {
		if (!(limited || drained) || too_high(rs->lost, rs->newest.in_flight))
			adapt_lower_bounds(b, c);
		b->loss_in_round = false;
	}
}

static void restart_aggregation(struct bbr *b, struct boot_time now)
{
	b->extra_delivered = 0;
	b->extra_at = now;
}

/* 5.5.9: what came beyond what the bandwidth explains. */
static void update_aggregation(struct bbr *b, const struct cc_control *c, const struct cc_event *ev)
{
	uint64_t interval_us = boot_since_ns(ev->now, b->extra_at) / 1000, expected, extra;

	if (b->round_start) {
		b->extra_rounds++;
		if (!b->full_bw_reached || b->extra_rounds >= EXTRA_ACKED_ROUNDS / 2) {
			b->extra_rounds = 0;
			b->extra[1] = b->extra[0];
			b->extra[0] = 0;
		}
	}
	if (stale(b, ev->rate)) {
		restart_aggregation(b, ev->now);
		return;
	}
	/* A second without acknowledgements ends any episode; and the product must not wrap. */
	expected = interval_us > 1000000 ? UINT64_MAX : bbr_bandwidth(b) * interval_us / 1000000;
	if (b->extra_delivered <= expected) {
		restart_aggregation(b, ev->now);
		expected = 0;
	}
	b->extra_delivered += ev->delivered;
	extra = b->extra_delivered - expected;
	b->extra[0] = bbr_most(b->extra[0], bbr_least(extra, c->cwnd));
}

static bool sample_limited(const struct bbr *b, const struct rate_sample *rs)
{
	return rs->app_limited || (rs->any && b->limited_until &&
				   rs->newest.delivered >= b->limited_from &&
				   rs->newest.delivered <= b->limited_until);
}

static void bbr_acked(union cc_algo_state *state, struct cc_control *c, const struct cc_event *ev)
{
	struct bbr *b = &state->bbr;
	const struct rate_sample *rs = ev->rate;
	bool limited = sample_limited(b, rs);

	b->mss = ev->mss;
	b->random = ev->random;
	b->delivered = ev->totals->delivered;
	if (ev->rtt_ns && !b->rtt_seen) {
		b->rtt_seen = true;
		bbr_first_pacing_rate(c, ev->rtt_ns);
	}
	update_rounds(b, rs);
	update_bandwidth(b, c, rs, limited);
	update_aggregation(b, c, ev);
	check_full_bw(b, rs->bytes_per_s, limited);
	check_startup_and_drain(b, c, ev);
	update_cycle(b, c, ev, limited);
	update_min_rtt(b, ev);
	check_probe_rtt(b, c, ev);
	if (b->loss_round_start) {
		b->bw_latest = rs->bytes_per_s;
		b->inflight_latest = stale(b, rs) ? 0 : bbr_least(rs->delivered, BBR_NO_BOUND - 1);
	}
	bbr_set_pacing_rate(b, c);
	bbr_set_cwnd(b, c, ev->delivered);
}

/* --- losses -------------------------------------------------------------------------------------- */

static void begin_episode(struct bbr *b, const struct cc_control *c)
{
	if (b->in_recovery)
		return;
	bbr_save_cwnd(b, c);
	b->in_recovery = true;
	b->undo = (struct bbr_undo){
		.bw_shortterm = b->bw_shortterm,
		.inflight_shortterm = b->inflight_shortterm,
		.inflight_longterm = b->inflight_longterm,
		.state = BBR_PROBE_RTT,
		.set = true,
	};
}

/*
 * 5.5.10.2: with which volume in flight the losses crossed the threshold; that may be within the
 * segment. `lost` includes it.
 */
static uint32_t inflight_at_loss(uint32_t in_flight, uint64_t lost, uint32_t len)
{
	uint64_t before = in_flight > len ? in_flight - len : 0, lost_before = lost - len, prefix = 0;

	if (before * LOSS_THRESH > lost_before * 100)
		prefix = (before * LOSS_THRESH - lost_before * 100) / (100 - LOSS_THRESH);
	return bbr_least(before + prefix, BBR_NO_BOUND - 1);
}

static void bbr_segment_lost(union cc_algo_state *state, struct cc_control *c,
			     const struct cc_loss *loss)
{
	struct bbr *b = &state->bbr;
	const struct rate_mark *m = loss->mark;
	uint64_t lost = loss->totals->lost - m->lost;
	uint32_t volume, target;

	b->delivered = loss->totals->delivered;
	begin_episode(b, c);
	if (!b->loss_in_round)
		b->loss_round_delivered = b->delivered;
	if (loss->seq != b->loss_end || !b->loss_ranges)
		b->loss_ranges++;
	b->loss_end = loss->seq + loss->len;
	b->loss_in_round = true;
	if (!b->bw_probe_samples || !too_high(lost, m->in_flight))
		return;
	b->probe_too_high = true;
	b->bw_probe_samples = false;
	volume = inflight_at_loss(m->in_flight, lost, loss->len);
	target = bbr_percent(bbr_least(bbr_bdp(b, bbr_bandwidth(b), 100), c->cwnd), BETA);
	if (!m->app_limited)
		b->inflight_longterm = bbr_most(volume, target);
	if (b->state == BBR_UP) {
		b->undo.state = BBR_UP;
		start_down(b, loss->now);
	}
}

static void bbr_lost(union cc_algo_state *state, struct cc_control *c, const struct cc_event *ev)
{
	(void)ev;
	begin_episode(&state->bbr, c);
}

static void bbr_recovered(union cc_algo_state *state, struct cc_control *c,
			  const struct cc_event *ev)
{
	struct bbr *b = &state->bbr;

	(void)ev;
	if (b->in_recovery)
		bbr_restore_cwnd(b, c);
	b->in_recovery = false;
	if (b->state == BBR_PROBE_RTT)
		c->cwnd = bbr_least(c->cwnd, bbr_probe_rtt_cwnd(b));
	bbr_bound_cwnd(b, c);
}

static void bbr_timed_out(union cc_algo_state *state, struct cc_control *c,
			  const struct cc_event *ev)
{
	begin_episode(&state->bbr, c);
	c->cwnd = bbr_least((uint64_t)ev->in_flight + ev->mss, UINT32_MAX);
}

/* 5.5.11.2 */
static void bbr_undo(union cc_algo_state *state, struct cc_control *c, const struct cc_event *ev)
{
	struct bbr *b = &state->bbr;
	struct bbr_undo *u = &b->undo;

	(void)ev;
	if (!u->set)
		return;
	bbr_restore_cwnd(b, c);
	b->in_recovery = b->loss_in_round = false;
	reset_full_bw(b, 0);
	if (b->bw_shortterm < u->bw_shortterm)
		b->bw_shortterm = u->bw_shortterm;
	b->inflight_shortterm = bbr_most(b->inflight_shortterm, u->inflight_shortterm);
	b->inflight_longterm = bbr_most(b->inflight_longterm, u->inflight_longterm);
	if (u->state == BBR_STARTUP && b->state != BBR_STARTUP) {
		b->full_bw_reached = false;
		if (b->state != BBR_PROBE_RTT)
			b->state = BBR_STARTUP;
	} else if (u->state == BBR_UP && b->state != BBR_UP && b->state != BBR_PROBE_RTT) {
		start_refill(b);
	}
	u->set = false;
	bbr_bound_cwnd(b, c);
}

/* --- beginnings ---------------------------------------------------------------------------------- */

static void bbr_init(union cc_algo_state *state, struct cc_control *c, struct boot_time now,
		     uint32_t mss, uint64_t rtt_ns)
{
	struct bbr *b = &state->bbr;

	*b = (struct bbr){
		.min_rtt_ns = rtt_ns,
		.probe_rtt_min_ns = rtt_ns ? rtt_ns : UINT64_MAX,
		.min_rtt_at = now,
		.probe_rtt_min_at = now,
		.inflight_longterm = BBR_NO_BOUND,
		.extra_at = now,
		.cycle_at = now,
		.probe_up_per_inc = BBR_NO_BOUND,
		.initial_cwnd = c->cwnd,
		.mss = mss,
		.rtt_seen = rtt_ns != 0,
		.state = BBR_STARTUP,
		.acks = BBR_ACKS_INIT,
	};
	reset_short_term(b);
	c->ssthresh = UINT32_MAX;
	bbr_first_pacing_rate(c, rtt_ns);
}

/* 5.4.1 */
static void bbr_resumed(union cc_algo_state *state, struct cc_control *c, struct boot_time now,
			uint32_t mss, uint64_t idle_ns)
{
	struct bbr *b = &state->bbr;

	(void)idle_ns;
	b->mss = mss;
	b->idle_restart = true;
	restart_aggregation(b, now);
	if (bbr_in_probe_bw(b)) {
		bbr_set_pacing_rate_plain(b, c);
	} else if (b->state == BBR_PROBE_RTT) {
		check_probe_rtt_done(b, c, now);
		bbr_bound_cwnd(b, c);
	}
}

static void bbr_restarted(union cc_algo_state *state, struct cc_control *c, struct boot_time now)
{
	struct bbr *b = &state->bbr;

	(void)c;
	b->restarted_at = b->cycle_at = b->probe_rtt_min_at = now;
	b->probe_rtt_min_ns = UINT64_MAX;
	b->min_rtt_at = (struct boot_time){0};
	restart_aggregation(b, now);
	b->extra[0] = b->extra[1] = 0;
	b->idle_restart = true;
}

const struct cc_algo cc_bbr = {
	.name = "bbr",
	.own_recovery = true,
	.draws = true,
	.init = bbr_init,
	.segment_lost = bbr_segment_lost,
	.acked = bbr_acked,
	.lost = bbr_lost,
	.recovered = bbr_recovered,
	.timed_out = bbr_timed_out,
	.undo = bbr_undo,
	.resumed = bbr_resumed,
	.restarted = bbr_restarted,
};
