/*
 * Theory of operation
 *
 * One acknowledgement runs through these steps, in this order:
 *   1. entries that it acknowledges or sacks become delivered: RTT, RACK and rate samples
 *   2. what RACK (with SACK) or duplicates (without) show to be lost is marked; the rate sample is complete
 *   3. the phase changes: recovery begins or ends, or proves to have been a mistake
 *   4. the algorithm sees the sum of it and sets window and rate; in recovery PRR may lower the window
 * Nothing is sent here: the owner asks afterwards.
 *
 * Phases.
 *   open       until something is lost. The first loss of a flight costs one reduction (RFC 6582,
 *              RFC 6675): later losses below `recover` belong to it.
 *   recovery   until `recover` is acknowledged. Lost entries go out as the window allows.
 *   loss       after a time-out: with SACK what was sent a round trip ago counts as lost (RFC 8985 6.3),
 *              without it everything (RFC 5681 3.1); the window starts at one segment.
 *
 * Mistakes. A reduction is undone when what was marked lost arrives before it was sent again, when the
 * first acknowledgement of a repeated segment echoes a timestamp older than the repeat (Eifel, RFC
 * 3522), when D-SACKs show every repeat to have been needless (RFC 3708), or when a time-out is
 * followed by the delivery of something sent only once before it (F-RTO, RFC 5682).
 *
 * Without SACK the same code does NewReno (RFC 6582): each duplicate says that one segment has left
 * the network, three mark the first entry, a partial acknowledgement marks the next.
 *
 * Times and rates come only from what was sent: the echo of a timestamp merely tells which of two
 * sendings of a segment was acknowledged. A peer that forges echoes, or D-SACKs of what was repeated,
 * has reductions undone: as much as one gets that acknowledges what it has not received.
 */
#include "net/cc/recover.h"

#include <stddef.h>

#include "net/cc/seq.h"

#define DUP_THRESHOLD 3	/* RFC 5681 3.2, RFC 8985 6.2 */

/* What one acknowledgement adds up to. */
struct sum {
	struct cc_event ev;
	struct rate_sample rate;
	struct boot_time newest_sent;	/* of the segment that `ev.rtt_ns` is from */
	bool dsack;
	bool original;	/* something sent once, before the time-out, was delivered */
};

uint32_t recover_pipe(const struct cc *cc)
{
	uint64_t gone = (uint64_t)cc->duplicates * cc->mss;

	return cc->sb.in_flight > gone ? cc->sb.in_flight - (uint32_t)gone : 0;
}

static uint64_t next_random(struct cc *cc)
{
	/* splitmix64 (Steele, Lea, Flood 2014): spreads decisions, protects nothing */
	uint64_t z = cc->seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static void sum_begin(struct sum *sum, struct cc *cc, struct boot_time now)
{
	*sum = (struct sum){.ev = {
		.now = now,
		.mss = cc->mss,
		.in_flight_before = recover_pipe(cc),
		.random = next_random(cc),
	}};
}

/*
 * Whether the window, or the pace that follows from it, has kept something back in this round. Not the
 * pace, where even what it let go could not leave.
 */
static bool is_limited(const struct cc *cc)
{
	return cc->limited || (cc->paced && !cc->held);
}

/* Fills in what is known only after all marks are set. */
static void sum_complete(struct sum *sum, struct cc *cc)
{
	struct cc_event *ev = &sum->ev;

	ev->in_flight = recover_pipe(cc);
	ev->min_rtt_ns = rtt_min(&cc->rtt, ev->now);
	ev->smoothed_rtt_ns = cc->rtt.smoothed_ns;
	ev->rate = &sum->rate;
	ev->totals = &cc->rate;
	ev->round = cc->rounds;
	ev->window_limited = is_limited(cc) || cc->limited_before;
	ev->window_full = cc->limited || cc->full_before;
	ev->recovering = cc->phase == CC_RECOVERY;
}

/* --- 1. what was delivered --- */

/*
 * Whether the echo tells by which sending the segment arrived. Not for what is sacked: the echo is that of
 * the last one in order (RFC 7323 4.3), and stands still while there is a hole.
 */
static bool echo_tells(const struct cc_ack *ack, const struct sb_entry *e)
{
	return ack->has_echo && !e->waited && e->state != SB_SACKED;
}

/* Whether the echo says that an earlier sending than the last was the one that arrived. */
static bool echo_is_older(const struct cc_ack *ack, const struct sb_entry *e)
{
	return echo_tells(ack, e) && (int32_t)(ack->echo - recover_stamp(e->sent_at)) < 0;
}

static void sample_time(struct cc *cc, struct sum *sum, const struct cc_ack *ack,
			const struct sb_entry *e)
{
	uint64_t ns = sb_age_ns(e, sum->ev.now);

	/* The freeze or the outage in between is not the path's. */
	if (e->sent_at.ns < cc->rate.restarted_at.ns)
		return;
	/*
	 * Only what was sent last: the others may have arrived long ago and waited for it. Where that gives
	 * no sample, this acknowledgement gives none.
	 */
	if (e->sent_at.ns < sum->newest_sent.ns)
		return;
	sum->newest_sent = e->sent_at;
	sum->ev.rtt_ns = 0;
	/* Karn: which sending was it? Only the echo can tell, to a millisecond. */
	if (e->repeats && (!echo_tells(ack, e) || echo_is_older(ack, e) ||
			   ns < rtt_min(&cc->rtt, sum->ev.now)))
		return;
	sum->ev.rtt_ns = ns ? ns : 1;
}

static void note_delivered(struct cc *cc, struct sum *sum, const struct cc_ack *ack,
			   struct sb_entry *e)
{
	struct boot_time now = sum->ev.now;
	uint32_t end = e->seq + e->len;

	/* Sacked, taken back, and acknowledged after all: delivered once. */
	if (e->counted)
		return;
	e->counted = true;
	sum->ev.delivered += e->len;
	rate_delivered(&cc->rate, &sum->rate, now, &e->mark, e->sent_at, end, e->len);
	sample_time(cc, sum, ack, e);
	rack_delivered(&cc->rack, e, now, rtt_min(&cc->rtt, now),
		       e->repeats && echo_is_older(ack, e));
	if (!e->repeats && seq_leq(end, cc->recover))
		sum->original = true;
}

static void take_cumulative(struct cc *cc, struct sum *sum, const struct cc_ack *ack)
{
	struct sb_entry *e;

	while ((e = sb_take_acked(&cc->sb, cc->una))) {
		if (e->state != SB_SACKED)
			note_delivered(cc, sum, ack, e);
	}
}

/* RFC 2883 4: the first block repeats what the acknowledgement or the second block covers. */
static bool is_dsack(const struct cc_ack *ack)
{
	const struct cc_range *first = &ack->sacks[0], *second = &ack->sacks[1];

	if (!seq_lt(first->left, first->right))
		return false;
	if (seq_leq(first->right, ack->ack))
		return true;
	return ack->sack_count > 1 && seq_leq(second->left, first->left) &&
	       seq_leq(first->right, second->right);
}

static void take_dsack(struct cc *cc, struct sum *sum, const struct cc_range *block)
{
	sum->dsack = true;
	cc->stats.needless++;
	rack_dsack(&cc->rack, cc->una, cc->nxt);
	/* A probe of the window or a packet that the network doubled has one, too. */
	if (!cc->undo_set || seq_lt(block->left, cc->undo_from) || seq_lt(cc->undo_to, block->right))
		return;
	if (cc->undo_repeats)
		cc->undo_repeats--;
}

static void take_sacked(struct cc *cc, struct sum *sum, const struct cc_ack *ack, struct cc_range block)
{
	struct sb_walk walk;
	struct sb_entry *e;

	/* Stale parts are harmless; what was never sent or is reversed says nothing. */
	block.left = seq_max(block.left, cc->una);
	if (!seq_lt(block.left, block.right) || seq_lt(cc->nxt, block.right))
		return;
	sb_sack(&walk, &cc->sb, block.left, block.right);
	while ((e = sb_sack_next(&walk)))
		note_delivered(cc, sum, ack, e);
}

/*
 * The lowest first, as they were sent, or several new blocks in one acknowledgement look like reordering:
 * Linux sends one for many segments (SACK compression), with the newest block first.
 */
static void take_sacks(struct cc *cc, struct sum *sum, const struct cc_ack *ack)
{
	struct cc_range sorted[CC_SACK_BLOCKS_MAX];
	unsigned count = 0;

	for (unsigned i = 0; i < ack->sack_count; i++) {
		unsigned at = count;

		if (i == 0 && is_dsack(ack)) {
			take_dsack(cc, sum, &ack->sacks[0]);
			continue;
		}
		for (; at && seq_lt(ack->sacks[i].left, sorted[at - 1].left); at--)
			sorted[at] = sorted[at - 1];
		sorted[at] = ack->sacks[i];
		count++;
	}
	for (unsigned i = 0; i < count; i++)
		take_sacked(cc, sum, ack, sorted[i]);
}

static void take_duplicate(struct cc *cc, struct sum *sum, const struct cc_ack *ack)
{
	if (sum->ev.acked) {
		uint32_t segments = (sum->ev.acked + cc->mss - 1) / cc->mss;

		/* The hole, and then what duplicates had spoken of. */
		segments -= segments > 0;
		cc->duplicates -= segments < cc->duplicates ? segments : cc->duplicates;
		if (!seq_lt(cc->una, cc->recover) || cc->phase == CC_OPEN)
			cc->duplicates = 0;
	} else if (ack->maybe_duplicate && ack->ack == cc->una &&
		   recover_pipe(cc) >= cc->mss) {
		cc->duplicates++;
		sum->ev.delivered += cc->mss;
	}
}

/* --- 2. what is lost --- */

/* An entry has just been marked. */
static void note_lost(struct cc *cc, struct boot_time now, struct sb_entry *e)
{
	struct cc_loss loss = {
		.now = now,
		.mss = cc->mss,
		.seq = e->seq,
		.len = e->len,
		.mark = &e->mark,
		.totals = &cc->rate,
	};

	if (e->told)
		return;
	e->told = true;
	rate_lost(&cc->rate, e->len);
	if (cc->algo->segment_lost)
		cc->algo->segment_lost(&cc->state, &cc->control, &loss);
}

static void detect_by_time(struct cc *cc, struct sum *sum, struct recover_result *result)
{
	struct sb_entry *e;
	uint64_t min_rtt = rtt_min(&cc->rtt, sum->ev.now);
	bool eager = cc->phase != CC_OPEN || cc->sb.sacked >= DUP_THRESHOLD * cc->mss;
	uint64_t window = rack_window(&cc->rack, min_rtt, cc->rtt.smoothed_ns, eager);

	while ((e = rack_next_lost(&cc->rack, &cc->sb, sum->ev.now, window, &result->again_ns))) {
		sum->ev.newly_lost += e->len;
		note_lost(cc, sum->ev.now, e);
	}
}

static void detect_by_duplicates(struct cc *cc, struct sum *sum)
{
	struct sb_entry *e = sb_first(&cc->sb);
	/* Within a segment it says nothing of the next: ACKs for single bytes would have it repeated with each. */
	bool partial = sum->ev.acked && sum->ev.delivered && cc->phase == CC_RECOVERY &&
		       seq_lt(cc->una, cc->recover);

	if (!e || e->state != SB_IN_FLIGHT)
		return;
	/* RFC 6582 3.2 step 2: duplicates that needless repeats cause are no sign of another loss. */
	if (partial || (cc->phase == CC_OPEN && cc->duplicates >= DUP_THRESHOLD &&
			seq_lt(cc->loss_end, cc->una))) {
		sb_mark_lost(&cc->sb, e);
		sum->ev.newly_lost += e->len;
		note_lost(cc, sum->ev.now, e);
	}
}

static void detect(struct cc *cc, struct sum *sum, struct recover_result *result)
{
	if (cc->sack)
		detect_by_time(cc, sum, result);
	else
		detect_by_duplicates(cc, sum);
	rate_sample_finish(&cc->rate, &sum->rate, rtt_min(&cc->rtt, sum->ev.now));
}

/* --- 3. phases --- */

static void arm_undo(struct cc *cc)
{
	cc->undo_set = true;
	cc->undo_stamped = false;
	cc->undo_repeats = 0;
	cc->undo_from = cc->undo_to = cc->una;
}

static void enter_recovery(struct cc *cc, struct sum *sum)
{
	cc->phase = CC_RECOVERY;
	cc->recover = cc->loss_end = cc->nxt;
	cc->stats.recoveries++;
	arm_undo(cc);
	sum_complete(sum, cc);
	cc->algo->lost(&cc->state, &cc->control, &sum->ev);
	prr_begin(&cc->prr, cc->control.ssthresh, sum->ev.in_flight_before);
}

static void leave_recovery(struct cc *cc, struct sum *sum)
{
	bool reduced = cc->phase == CC_RECOVERY;

	cc->phase = CC_OPEN;
	cc->duplicates = 0;
	cc->frto = cc->frto_new = false;
	if (reduced && !cc->algo->own_recovery)
		cc->control.cwnd = cc->control.ssthresh;
	rack_recovered(&cc->rack);
	sum_complete(sum, cc);
	cc->algo->recovered(&cc->state, &cc->control, &sum->ev);
}

/* What was marked lost and not yet sent again is in flight after all. */
static void unmark_unsent(struct cc *cc)
{
	struct sb_entry *e;

	while ((e = sb_first_lost(&cc->sb)))
		sb_unmark_lost(&cc->sb, e);
}

static void undo(struct cc *cc, struct sum *sum)
{
	if (cc->phase != CC_OPEN) {
		unmark_unsent(cc);
		leave_recovery(cc, sum);
	}
	/* After an outage: the algorithm has reduced nothing, or longer ago. */
	if (!cc->undo_set)
		return;
	cc->undo_set = false;
	cc->stats.undone++;
	sum_complete(sum, cc);
	cc->algo->undo(&cc->state, &cc->control, &sum->ev);
}

/* Whether the acknowledgement proves the repeats of this episode needless. */
static bool proves_mistake(const struct cc *cc, const struct sum *sum, const struct cc_ack *ack)
{
	if (!cc->undo_set)
		return false;
	/* What was marked has arrived before it could be sent again: it was only late. */
	if (!cc->undo_stamped)
		return cc->phase != CC_OPEN && !cc->sb.lost;
	/* Only a D-SACK lowers the count. */
	if (!cc->undo_repeats)
		return true;
	return sum->ev.acked && cc->phase != CC_OPEN && ack->has_echo && seq_leq(cc->undo_first, cc->una) &&
	       (int32_t)(ack->echo - cc->undo_stamp) < 0;
}

/*
 * RFC 5682 3.1, without SACK 2.1: there the first acknowledgement that advances may speak of what had
 * arrived before the time-out and waited behind the hole. True when the time-out was a mistake.
 */
static bool frto_step(struct cc *cc, const struct sum *sum, const struct cc_ack *ack)
{
	bool new_sent = seq_lt(cc->recover, cc->nxt);

	cc->frto_new = false;
	if (!cc->frto)
		return false;
	if (sum->original && sum->ev.delivered && (cc->sack || new_sent))
		return true;
	if (new_sent) {
		/* New data went out, and duplicates come: the loss was real. */
		if (sum->ev.delivered || ack->maybe_duplicate)
			cc->frto = false;
	} else if (sum->ev.acked && seq_lt(cc->una, cc->recover)) {
		cc->frto_new = true;
	}
	return false;
}

static bool more_is_lost(const struct cc *cc, const struct sum *sum)
{
	return sum->ev.newly_lost && cc->sb.lost;
}

/*
 * RFC 8985 7.4: a probe that repeated the tail and was acknowledged without a sign of the original
 * has repaired a loss that nothing else shows.
 */
static void judge_probe(struct cc *cc, struct sum *sum, const struct cc_ack *ack)
{
	if (!cc->probe_out || seq_lt(cc->una, cc->probe_end))
		return;
	if (!cc->probe_repeat || sum->dsack || cc->phase != CC_OPEN) {
		cc->probe_out = false;
	} else if (seq_lt(cc->probe_end, cc->una)) {
		cc->probe_out = false;
		enter_recovery(cc, sum);
		cc->undo_set = false;
		/* What else is lost was sent before this reduction, and costs no other. */
		if (!more_is_lost(cc, sum))
			leave_recovery(cc, sum);
	} else if (!sum->ev.acked && ack->maybe_duplicate) {
		cc->probe_out = false;
	}
}

static void change_phase(struct cc *cc, struct sum *sum, const struct cc_ack *ack)
{
	if (proves_mistake(cc, sum, ack)) {
		undo(cc, sum);
	} else if (cc->phase == CC_LOSS && frto_step(cc, sum, ack)) {
		undo(cc, sum);
	} else if (cc->phase != CC_OPEN && !seq_lt(cc->una, cc->recover)) {
		leave_recovery(cc, sum);
	}
	judge_probe(cc, sum, ack);
	if (cc->phase == CC_OPEN && more_is_lost(cc, sum))
		enter_recovery(cc, sum);
}

/* --- 4. window and rate --- */

static void count_round(struct cc *cc, struct sum *sum)
{
	if (!sum->ev.acked || seq_lt(cc->una, cc->round_end))
		return;
	cc->rounds++;
	cc->round_end = cc->nxt;
	cc->limited_before = is_limited(cc);
	cc->full_before = cc->limited;
	cc->limited = cc->paced = cc->held = false;
	sum->ev.round_start = true;
}

static void control(struct cc *cc, struct sum *sum)
{
	struct cc_event *ev = &sum->ev;
	bool safe = ev->acked && !ev->newly_lost;

	count_round(cc, sum);
	sum_complete(sum, cc);
	cc->algo->acked(&cc->state, &cc->control, ev);
	if (cc->phase == CC_RECOVERY && !cc->algo->own_recovery && ev->delivered) {
		cc->control.cwnd = ev->in_flight +
				   prr_acked(&cc->prr, ev->delivered, ev->in_flight, safe, cc->mss);
		if (cc->control.cwnd < cc->mss)
			cc->control.cwnd = cc->mss;
	}
	pacer_set_rate(&cc->pacer, sum->ev.now, cc->control.pacing_rate, cc->mss);
}

struct recover_result recover_ack(struct cc *cc, struct boot_time now, const struct cc_ack *ack)
{
	struct recover_result result = {0};
	struct sum sum;

	sum_begin(&sum, cc, now);
	if (seq_lt(cc->una, ack->ack)) {
		sum.ev.acked = ack->ack - cc->una;
		cc->una = ack->ack;
		/* A probe of a closed window is not in the scoreboard, but it may be acknowledged. */
		cc->nxt = seq_max(cc->nxt, cc->una);
		cc->recover = seq_max(cc->recover, cc->una);
		cc->loss_end = seq_max(cc->loss_end, cc->una - 1);
		cc->backoffs = 0;
		result.advanced = true;
		take_cumulative(cc, &sum, ack);
	}
	if (cc->sack)
		take_sacks(cc, &sum, ack);
	else
		take_duplicate(cc, &sum, ack);
	if (sum.ev.rtt_ns)
		rtt_sample(&cc->rtt, now, sum.ev.rtt_ns);
	/* RFC 3465 2.3: after a time-out one acknowledgement may cover what had arrived long before. */
	if (!cc->sack && cc->phase == CC_LOSS && sum.ev.delivered > cc->mss)
		sum.ev.delivered = cc->mss;
	detect(cc, &sum, &result);
	change_phase(cc, &sum, ack);
	control(cc, &sum);
	return result;
}

struct recover_result recover_reorder(struct cc *cc, struct boot_time now)
{
	struct recover_result result = {0};
	struct sum sum;

	sum_begin(&sum, cc, now);
	detect(cc, &sum, &result);
	if (sum.ev.newly_lost) {
		bool begins = cc->phase == CC_OPEN;

		if (begins)
			enter_recovery(cc, &sum);
		control(cc, &sum);
		/* Nothing was delivered that PRR could go by: the first repeat. */
		if (begins && !cc->algo->own_recovery)
			cc->control.cwnd = recover_pipe(cc) + cc->mss;
	}
	return result;
}

/*
 * Marks what a time-out says is lost: with SACK the oldest entry and what was sent longer ago than a round trip
 * (RFC 8985 6.3), else everything (RFC 5681 3.1).
 */
static void mark_lost(struct cc *cc, struct boot_time now, bool everything)
{
	const struct sb_entry *first = sb_first(&cc->sb);

	/* The receiver has taken back what it had sacked (RFC 2018 8). */
	bool reneged = first && first->state == SB_SACKED;

	if (reneged || everything || !cc->sack)
		sb_mark_all_lost(&cc->sb, reneged);
	else
		(void)rack_timed_out(&cc->rack, &cc->sb, now,
				     rack_window(&cc->rack, rtt_min(&cc->rtt, now),
						 cc->rtt.smoothed_ns, true));
}

/* A walk, but one for each time-out at most. */
static void tell_losses(struct cc *cc, struct boot_time now)
{
	for (struct list *n = cc->sb.lost_list.next; n != &cc->sb.lost_list; n = n->next)
		note_lost(cc, now, LIST_ENTRY(n, struct sb_entry, link));
}

static void start_over(struct cc *cc)
{
	cc->duplicates = 0;
	cc->probe_out = cc->probe_wanted = false;
	cc->frto_new = false;
	cc->phase = CC_LOSS;
	cc->recover = cc->loss_end = cc->nxt;
	/* One segment leaves, beside what was sent too lately to be lost. */
	cc->control.cwnd = recover_pipe(cc) + cc->mss;
}

void recover_time_out(struct cc *cc, struct boot_time now)
{
	bool again = cc->phase == CC_LOSS && cc->backoffs > 1;
	bool recovering = cc->phase == CC_RECOVERY;
	struct sum sum;

	sum_begin(&sum, cc, now);
	cc->stats.timeouts++;
	mark_lost(cc, now, false);
	tell_losses(cc, now);
	if (!again) {
		sum_complete(&sum, cc);
		cc->algo->timed_out(&cc->state, &cc->control, &sum.ev);
		arm_undo(cc);
	}
	start_over(cc);
	cc->frto = !recovering;
	/* The one segment is not to wait for its turn. */
	pacer_fill(&cc->pacer, now);
}

void recover_outage(struct cc *cc, struct boot_time now)
{
	/* A time-out that nothing has confirmed may have been the outage; a loss before it was one. */
	bool doubted = cc->phase == CC_LOSS && cc->frto;

	rate_restart(&cc->rate, now);
	rtt_restart(&cc->rtt);
	rack_restart(&cc->rack, now);
	pacer_restart(&cc->pacer, now);
	cc->algo->restarted(&cc->state, &cc->control, now);
	if (sb_empty(&cc->sb))
		return;
	/* Not congestion: the algorithm is not told. */
	mark_lost(cc, now, true);
	start_over(cc);
	pacer_fill(&cc->pacer, now);
	cc->frto = true;
	cc->undo_set = cc->undo_set && doubted;
}
