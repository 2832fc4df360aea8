/*
 * Theory of operation
 *
 * RFC 8985 6.2, step by step: `rack_delivered` is steps 2 and 3 for one segment (step 1, the least
 * RTT, is rtt.c's), `rack_dsack`, `rack_recovered` and `rack_window` are step 4,
 * `rack_next_lost` until NULL is step 5; `rack_timed_out` is 6.3.
 *
 * The scoreboard keeps what is in flight in the order in which sendings are compared, so step 5
 * looks at those that it marks and at one more. For that one it tells the time that is left: the
 * least of all, where the RFC's pseudocode takes the most and marks all at once; a sender with
 * exact timers repeats each segment as soon as it may. A segment that is marked leaves the list,
 * which stands for the RFC's infinite time of sending.
 *
 * One thing more than the RFC: a repeated segment below the highest delivered whose first sending
 * has arrived, as its timestamp tells, was late and is reordering seen. The RFC leaves repeated
 * ones out, for what arrived is ambiguous without timestamps; but a path that delays by more than
 * three segments has each late one repeated, and would never be seen for what it is.
 */
#include "net/cc/rack.h"

#include "net/cc/seq.h"

void rack_init(struct rack *r)
{
	*r = (struct rack){.window_mult = 1};
}

/* Step 2: the newest sending that is known to have arrived, and how long it took. */
static void rack_advance(struct rack *r, const struct sb_entry *e, struct boot_time now,
			 uint64_t min_rtt_ns, bool echo_before)
{
	uint64_t rtt_ns = sb_age_ns(e, now);

	/* An earlier sending was delivered, as the echo or a time shorter than any tells. */
	if (e->repeats && (echo_before || rtt_ns < min_rtt_ns))
		return;
	if (e->sent_at.ns >= r->restarted_at.ns)
		r->rtt_ns = rtt_ns;
	if (!r->sent_at.ns || seq_sent_after(e->sent_at, sb_end(e), r->sent_at, r->end)) {
		r->sent_at = e->sent_at;
		r->end = sb_end(e);
	}
}

void rack_delivered(struct rack *r, const struct sb_entry *e, struct boot_time now,
		    uint64_t min_rtt_ns, bool echo_before)
{
	rack_advance(r, e, now, min_rtt_ns, echo_before);
	/* Step 3 */
	if (!r->fack_known || seq_lt(r->fack, sb_end(e))) {
		r->fack = sb_end(e);
		r->fack_known = true;
	} else if (seq_lt(sb_end(e), r->fack) && (!e->repeats || echo_before)) {
		r->reordering_seen = true;
	}
}

void rack_dsack(struct rack *r, uint32_t una, uint32_t nxt)
{
	if (r->dsack_round_set && seq_lt(una, r->dsack_round))
		return;
	r->dsack_round = nxt;
	r->dsack_round_set = true;
	if (r->window_mult < UINT8_MAX)
		r->window_mult++;
	r->window_persist = RACK_WINDOW_PERSIST;
}

void rack_restart(struct rack *r, struct boot_time now)
{
	r->restarted_at = now;
}

void rack_recovered(struct rack *r)
{
	if (r->window_persist)
		r->window_persist--;
	if (!r->window_persist)
		r->window_mult = 1;
}

uint64_t rack_window(const struct rack *r, uint64_t min_rtt_ns, uint64_t srtt_ns, bool eager)
{
	uint64_t window_ns = min_rtt_ns / 4 * r->window_mult;

	if (eager && !r->reordering_seen)
		return 0;
	return window_ns < srtt_ns ? window_ns : srtt_ns;
}

/* How long `e` may still be under way; 0: it is lost. */
static uint64_t rack_left_ns(const struct rack *r, const struct sb_entry *e, struct boot_time now,
			     uint64_t window_ns)
{
	uint64_t ns = boot_since_ns(boot_add_ns(e->sent_at, r->rtt_ns + window_ns), now);

	return ns - ns % SB_RESOLUTION_NS;
}

struct sb_entry *rack_next_lost(struct rack *r, struct sb *sb, struct boot_time now,
				uint64_t window_ns, uint64_t *again_ns)
{
	struct sb_entry *e = sb_oldest_flying(sb);

	*again_ns = 0;
	if (!e || !seq_sent_after(r->sent_at, r->end, e->sent_at, sb_end(e)))
		return NULL;
	*again_ns = rack_left_ns(r, e, now, window_ns);
	if (*again_ns)
		return NULL;
	sb_mark_lost(sb, e);
	return e;
}

uint32_t rack_timed_out(struct rack *r, struct sb *sb, struct boot_time now, uint64_t window_ns)
{
	struct sb_entry *e = sb_first(sb), *next;
	uint32_t lost = 0;

	if (e && e->state == SB_IN_FLIGHT) {
		lost += e->len;
		sb_mark_lost(sb, e);
	}
	for (e = sb_oldest_flying(sb); e && !rack_left_ns(r, e, now, window_ns); e = next) {
		next = sb_next_flying(sb, e);
		lost += e->len;
		sb_mark_lost(sb, e);
	}
	return lost;
}
