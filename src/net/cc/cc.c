/*
 * Theory of operation
 *
 * A sender has a scoreboard (sb.h) of what is in flight, a window (`control.cwnd`) that the
 * algorithm sets, and a pacer. recover.c judges acknowledgements; this file decides what may leave
 * and keeps the timers.
 *
 * What leaves. First what is lost, in the order of the scoreboard, then new data, as long as the
 * window has room for it and the pacer lets it go. A tail loss probe may go beyond the window by
 * one segment.
 *
 * Timers. One of three is armed while something is in flight:
 *   reorder   RACK (RFC 8985 6.2 step 5): a segment is lost if nothing comes until then
 *   probe     two round trips after the last progress (RFC 8985 7.2): sends the tail, or new data, so that a
 *             lost tail shows by an acknowledgement instead of a time-out
 *   RTO       RFC 6298; doubles with each time-out in a row
 * Beside them the pacer's next turn, and the end of patience (user timeout), which stands still while the
 * path is known to be interrupted.
 *
 * Standing still. A timer that fires FREEZE_NS late was not late by load: the process or the machine
 * stood still. Nothing measured across that counts, no credit was earned, and no patience used up.
 */
#include "net/cc/cc.h"

#include <assert.h>
#include <string.h>

#include "net/cc/recover.h"
#include "net/cc/seq.h"

#define FREEZE_NS NS_PER_S
/* What may leave unpaced after idleness: the initial window. */
#define BURST_SEGMENTS CC_INITIAL_SEGMENTS
/* RFC 8985 7.2: the receiver may sit on the acknowledgement of a lone segment. */
#define ACK_DELAY_NS (200 * NS_PER_MS)
/*
 * Two ticks of a clock of 250 to 1000 Hz, which Linux adds to the two round trips (tcp_schedule_loss_probe,
 * TCP_TIMEOUT_MIN): where the round trip is shorter, a timer that each of them puts off and that fires all
 * the same costs more than the tail that is found a little later.
 */
#define PROBE_LEAST_NS (5 * NS_PER_MS)
/* Time-outs that fit into the user timeout at least. */
#define TRIES_LEAST 4
/* Without memory for the scoreboard, tried again after so long. */
#define MEMORY_RETRY_NS (20 * NS_PER_MS)
/*
 * One message of a narrower path has the whole flight cut, and each cut moves entries of the scoreboard, 40 ns
 * each: that may take a tenth of the time, and a millisecond at once.
 */
#define CUT_ENTRY_NS 400
#define CUT_AHEAD_NS (10 * NS_PER_MS)

static_assert(sizeof(struct cc) <= 1024, "ten thousand idle streams");

void cc_init(struct cc *cc, const struct cc_config *config, struct boot_time now, uint32_t una)
{
	memset(cc, 0, sizeof(*cc));
	sb_init(&cc->sb, config->pool);
	rtt_init(&cc->rtt);
	rack_init(&cc->rack);
	rate_init(&cc->rate, now);
	pacer_init(&cc->pacer, config->mss, BURST_SEGMENTS * config->mss);
	if (config->rtt_ns)
		rtt_sample(&cc->rtt, now, config->rtt_ns);
	cc->algo = config->algo;
	cc->control = (struct cc_control){
		.cwnd = CC_INITIAL_SEGMENTS * config->mss,
		.ssthresh = UINT32_MAX,
		.window_max = config->window_max,
	};
	cc->una = cc->nxt = cc->recover = cc->round_end = una;
	cc->loss_end = una - 1;
	cc->mss = config->mss;
	cc->seed = config->seed;
	cc->sack = config->sack;
	cc->user_timeout_ns = config->user_timeout_ns;
	cc->progress_at = cc->last_sent_at = now;
	cc->algo->init(&cc->state, &cc->control, now, cc->mss, config->rtt_ns);
	pacer_set_rate(&cc->pacer, now, cc->control.pacing_rate, cc->mss);
	pacer_fill(&cc->pacer, now);
}

void cc_fini(struct cc *cc)
{
	sb_fini(&cc->sb);
}

/* --- timers --- */

static void arm(struct cc *cc, enum cc_timer timer, struct boot_time at)
{
	cc->timer = timer;
	cc->timer_at = at;
}

/*
 * RFC 6298, but no later than patience allows for some tries (Linux, tcp_clamp_rto_to_user_timeout): when a
 * queue has held packets for the length of an outage, samples of tens of seconds are true and useless.
 */
static uint64_t time_out(const struct cc *cc)
{
	uint64_t rto = rtt_rto(&cc->rtt, cc->backoffs), most = cc->user_timeout_ns / TRIES_LEAST;

	return rto < most ? rto : most;
}

static void arm_rto(struct cc *cc, struct boot_time now)
{
	arm(cc, CC_TIMER_RTO, boot_add_ns(now, time_out(cc)));
}

static bool may_probe(const struct cc *cc)
{
	return cc->sack && cc->phase == CC_OPEN && !cc->sb.sacked && !cc->sb.lost && !cc->probe_out &&
	       !cc->probe_wanted && cc->rtt.smoothed_ns && !cc->backoffs;
}

static void arm_probe_or_rto(struct cc *cc, struct boot_time now)
{
	uint64_t rto = time_out(cc), probe;

	if (!may_probe(cc)) {
		arm(cc, CC_TIMER_RTO, boot_add_ns(now, rto));
		return;
	}
	probe = 2 * cc->rtt.smoothed_ns;
	if (probe < PROBE_LEAST_NS)
		probe = PROBE_LEAST_NS;
	if (cc->sb.count == 1)
		probe += ACK_DELAY_NS;
	arm(cc, CC_TIMER_PROBE, boot_add_ns(now, probe < rto ? probe : rto));
}

/*
 * RFC 6582 4: without SACK one hole is filled per round trip. With many of them a time-out is
 * faster, so only the first partial acknowledgement puts it off (the impatient variant).
 */
static bool is_further_partial(struct cc *cc)
{
	bool further = cc->partial;

	cc->partial = !cc->sack && cc->phase == CC_RECOVERY;
	return further && cc->partial;
}

static void arm_after(struct cc *cc, struct boot_time now, struct recover_result result)
{
	if (sb_empty(&cc->sb)) {
		arm(cc, CC_TIMER_NONE, BOOT_NEVER);
		cc->probe_wanted = false;
	} else if (result.again_ns) {
		uint64_t rto = time_out(cc);

		arm(cc, CC_TIMER_REORDER,
		    boot_add_ns(now, result.again_ns < rto ? result.again_ns : rto));
	} else if (result.advanced && !is_further_partial(cc)) {
		arm_probe_or_rto(cc, now);
	} else if (cc->timer == CC_TIMER_REORDER || cc->timer == CC_TIMER_NONE ||
		   (cc->timer == CC_TIMER_PROBE && !may_probe(cc)) ||
		   (cc->timer == CC_TIMER_RTO && !boot_reached(boot_add_ns(now, time_out(cc)), cc->timer_at))) {
		/* It was armed; the last: by a time-out that was longer than it is by now. */
		arm_rto(cc, now);
	}
}

static struct boot_time patience(const struct cc *cc)
{
	if (sb_empty(&cc->sb) || cc->path_lost)
		return BOOT_NEVER;
	return boot_add_ns(cc->progress_at, cc->user_timeout_ns);
}

struct boot_time cc_deadline(const struct cc *cc)
{
	struct boot_time at = cc->timer == CC_TIMER_NONE ? BOOT_NEVER : cc->timer_at;

	if (cc->blocked_until.ns)
		at = boot_min(at, cc->blocked_until);
	return boot_min(at, patience(cc));
}

static void note_freeze(struct cc *cc, struct boot_time now)
{
	uint64_t late = boot_since_ns(now, cc_deadline(cc));

	if (late < FREEZE_NS)
		return;
	/* It may be told more than once. */
	cc->progress_at = boot_min(boot_add_ns(cc->progress_at, late), now);
	cc->last_sent_at = boot_min(boot_add_ns(cc->last_sent_at, late), now);
	rate_restart(&cc->rate, now);
	rtt_restart(&cc->rtt);
	rack_restart(&cc->rack, now);
	pacer_restart(&cc->pacer, now);
	cc->algo->restarted(&cc->state, &cc->control, now);
}

void cc_acked(struct cc *cc, struct boot_time now, const struct cc_ack *ack)
{
	struct recover_result result;

	/* A pass of the loop reads first and runs timers then: here a freeze may show first. */
	note_freeze(cc, now);
	result = recover_ack(cc, now, ack);
	if (result.advanced || ack->window_closed)
		cc->progress_at = now;
	arm_after(cc, now, result);
}

static bool run_timer(struct cc *cc, struct boot_time now)
{
	if (cc->timer == CC_TIMER_NONE || !boot_reached(now, cc->timer_at))
		return false;
	switch (cc->timer) {
	case CC_TIMER_REORDER:
		arm_after(cc, now, recover_reorder(cc, now));
		break;
	case CC_TIMER_PROBE:
		cc->probe_wanted = true;
		cc->stats.probes++;
		arm_rto(cc, now);
		break;
	default:
		if (cc->backoffs < UINT8_MAX)
			cc->backoffs++;
		recover_time_out(cc, now);
		arm_rto(cc, now);
		break;
	}
	return true;
}

enum cc_verdict cc_tick(struct cc *cc, struct boot_time now)
{
	bool send = false;

	if (!boot_reached(now, cc_deadline(cc)))
		return CC_WAIT;
	note_freeze(cc, now);
	if (boot_reached(now, patience(cc)))
		return CC_DEAD;
	if (cc->blocked_until.ns && boot_reached(now, cc->blocked_until)) {
		cc->blocked_until.ns = 0;
		send = true;
	}
	if (run_timer(cc, now))
		send = true;
	return send ? CC_SEND : CC_WAIT;
}

/* --- what may leave --- */

static bool window_has_room(struct cc *cc, uint32_t len)
{
	uint32_t pipe = recover_pipe(cc);

	if (pipe == 0 || pipe + len <= cc->control.cwnd)
		return true;
	cc->limited = true;
	return false;
}

/*
 * On the shortest paths acknowledgements come before a timer could, and each lets go what the pacer has earned;
 * what is late is not lost by then (PACER_LATE_NS). The timer is for the case that they do not come.
 */
static bool acks_are_near(const struct cc *cc, struct boot_time now)
{
	uint64_t rtt = rtt_min(&cc->rtt, now);

	return rtt && rtt < PACER_LATE_NS && !sb_empty(&cc->sb);
}

static bool pacer_lets_go(struct cc *cc, struct boot_time now, uint32_t len)
{
	struct boot_time at, late = boot_add_ns(now, PACER_LATE_NS);

	if (pacer_room(&cc->pacer, now) >= len)
		return true;
	cc->paced = true;
	pacer_blocks(&cc->pacer);
	at = pacer_next(&cc->pacer, now);
	cc->blocked_until = at;
	if (acks_are_near(cc, now) && !boot_reached(at, late))
		cc->blocked_until = late;
	return false;
}

/* Whether there is time and room for the rest of an entry that the path has become too narrow for. */
static bool may_cut(struct cc *cc, struct boot_time now, const struct sb_entry *e)
{
	if (e->len <= cc->mss)
		return true;
	if (boot_reached(now, cc->cuts_until))
		cc->cuts_until = now;
	if (boot_since_ns(cc->cuts_until, now) > CUT_AHEAD_NS) {
		cc->blocked_until = boot_add_ns(now, boot_since_ns(cc->cuts_until, now) - CUT_AHEAD_NS);
		return false;
	}
	if (sb_reserve(&cc->sb))
		return true;
	cc->blocked_until = boot_add_ns(now, MEMORY_RETRY_NS);
	return false;
}

struct sb_entry *cc_next_repeat(struct cc *cc, struct boot_time now, bool more)
{
	struct sb_entry *e;
	uint32_t len;

	if (cc->probe_wanted) {
		if (more)
			return NULL;
		e = sb_last(&cc->sb);
		if (e && e->state == SB_IN_FLIGHT)
			return may_cut(cc, now, e) ? e : NULL;
		cc->probe_wanted = false;
	}
	if (cc->frto_new && more)
		return NULL;
	e = sb_first_lost(&cc->sb);
	if (!e)
		return NULL;
	len = e->len < cc->mss ? e->len : cc->mss;
	if (!window_has_room(cc, len) || !pacer_lets_go(cc, now, len))
		return NULL;
	return may_cut(cc, now, e) ? e : NULL;
}

bool cc_may_send(struct cc *cc, struct boot_time now, uint32_t len)
{
	if (!sb_reserve_share(&cc->sb)) {
		cc->blocked_until = boot_add_ns(now, MEMORY_RETRY_NS);
		return false;
	}
	if (cc->probe_wanted)
		return true;
	return window_has_room(cc, len) && pacer_lets_go(cc, now, len);
}

static void resume_if_idle(struct cc *cc, struct boot_time now)
{
	uint64_t idle = boot_since_ns(now, cc->last_sent_at);

	cc->progress_at = now;
	if (idle > rtt_rto(&cc->rtt, 0)) {
		cc->algo->resumed(&cc->state, &cc->control, now, cc->mss, idle);
		pacer_set_rate(&cc->pacer, now, cc->control.pacing_rate, cc->mss);
	}
}

/* The probe is out: what it was is remembered until it is acknowledged. */
static void note_probe(struct cc *cc, struct boot_time now, bool repeat)
{
	cc->probe_wanted = false;
	cc->probe_out = true;
	cc->probe_repeat = repeat;
	cc->probe_end = cc->nxt;
	arm_rto(cc, now);
}

static void note_left(struct cc *cc, struct boot_time now, uint32_t len)
{
	pacer_sent(&cc->pacer, now, len);
	if (cc->phase == CC_RECOVERY)
		prr_sent(&cc->prr, len);
	if (cc->algo->sent)
		cc->algo->sent(&cc->state, &cc->control, now, recover_pipe(cc));
	cc->last_sent_at = now;
}

void cc_sent(struct cc *cc, struct boot_time now, uint32_t seq, uint16_t len, void *segment)
{
	uint32_t before = recover_pipe(cc);
	struct sb_entry *e;

	if (sb_empty(&cc->sb))
		resume_if_idle(cc, now);
	e = sb_push(&cc->sb, seq, len, segment, now);
	cc->nxt = seq + len;
	rate_sent(&cc->rate, &e->mark, now, before, len);
	note_left(cc, now, len);
	if (cc->probe_wanted)
		note_probe(cc, now, false);
	else if (cc->timer == CC_TIMER_NONE || cc->timer == CC_TIMER_PROBE)
		arm_probe_or_rto(cc, now);
}

void cc_repeated(struct cc *cc, struct boot_time now, struct sb_entry *e)
{
	uint32_t before = recover_pipe(cc);

	sb_repeated(&cc->sb, e, now);
	e->counted = e->told = false;
	rate_sent(&cc->rate, &e->mark, now, before, e->len);
	note_left(cc, now, e->len);
	cc->stats.repeats++;
	if (cc->undo_set) {
		if (!cc->undo_stamped) {
			cc->undo_stamp = recover_stamp(now);
			cc->undo_first = sb_end(e);
		}
		cc->undo_stamped = true;
		cc->undo_repeats++;
		cc->undo_to = seq_max(cc->undo_to, sb_end(e));
	}
	if (cc->probe_wanted)
		note_probe(cc, now, true);
	else if (cc->timer == CC_TIMER_NONE ||
		 (cc->sack && cc->timer != CC_TIMER_REORDER && e == sb_first(&cc->sb)))
		arm_rto(cc, now);
}

void cc_not_left(struct cc *cc, struct boot_time now, struct boot_time since, uint32_t count)
{
	struct sb_entry *e = sb_postpone(&cc->sb, since, count, now), *first = e;

	cc->held |= e != NULL;
	for (; e; e = sb_next_flying(&cc->sb, e))
		rate_postponed(&cc->rate, &e->mark, now, e->len);
	if (first && first == sb_oldest_flying(&cc->sb) &&
	    (cc->timer == CC_TIMER_PROBE || cc->timer == CC_TIMER_RTO))
		cc->timer_at = BOOT_NEVER;
}

void cc_left(struct cc *cc, struct boot_time now)
{
	if (cc->timer != CC_TIMER_NONE && cc->timer_at.ns == BOOT_NEVER.ns)
		arm_probe_or_rto(cc, now);
}

void cc_split(struct cc *cc, struct sb_entry *e, uint16_t len, void *rest)
{
	/* cc_next_repeat has made room, and brought `cuts_until` up to now. */
	uint32_t moved = sb_split(&cc->sb, e, len, rest);

	cc->cuts_until = boot_add_ns(cc->cuts_until, (uint64_t)moved * CUT_ENTRY_NS);
	/*
	 * Acknowledged within the segment: the peer would answer a repeat with nothing new, and after a
	 * time-out, when one segment leaves, it would be that one for ever.
	 */
	while (sb_take_acked(&cc->sb, cc->una))
		;
}

void cc_output_done(struct cc *cc, bool more)
{
	if (!more && !cc->sb.lost && recover_pipe(cc) < cc->control.cwnd)
		rate_app_limited(&cc->rate, recover_pipe(cc));
}

/* --- the path --- */

void cc_narrowed(struct cc *cc, struct boot_time now, uint32_t mss)
{
	struct sb_entry *e = sb_oldest_flying(&cc->sb), *next;

	cc->mss = mss;
	for (; e; e = next) {
		next = sb_next_flying(&cc->sb, e);
		if (e->len > mss)
			sb_mark_lost(&cc->sb, e);
	}
	/* RFC 1191 6.4: not congestion, but start slowly. */
	if (cc->control.cwnd > CC_INITIAL_SEGMENTS * mss)
		cc->control.cwnd = CC_INITIAL_SEGMENTS * mss;
	pacer_set_rate(&cc->pacer, now, cc->control.pacing_rate, mss);
	if (!sb_empty(&cc->sb))
		arm_rto(cc, now);
}

void cc_path(struct cc *cc, struct boot_time now, bool up)
{
	cc->path_lost = !up;
	if (!up)
		return;
	cc->progress_at = now;
	cc->backoffs = 0;
	recover_outage(cc, now);
	if (!sb_empty(&cc->sb))
		arm_rto(cc, now);
}

bool cc_verify(const struct cc *cc)
{
	return sb_verify(&cc->sb) && seq_leq(cc->una, cc->nxt) && cc->control.cwnd >= cc->mss &&
	       (sb_empty(&cc->sb) == (cc->timer == CC_TIMER_NONE));
}
