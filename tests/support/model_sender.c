#include "support/model_sender.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define UNITS 65536		/* segments under way at most: 64 MB and more */
#define DUP_THRESH 3		/* RFC 6675 2 */
#define INITIAL_SEGS 10		/* RFC 6928 */
#define RTO_FIRST_NS NS_PER_S	/* RFC 6298 2.1 */
#define RTO_LEAST_NS (200 * NS_PER_MS)
#define RTO_MOST_NS (60 * NS_PER_S)

/* All segments but the last have one size and keep it, so the segment is known by its number. */
struct unit {
	uint64_t sent_ns;
	bool sacked, lost, resent;
};

struct again {
	uint64_t unit, sent_ns;
};

struct model_sender {
	uint64_t total, fixed;
	size_t payload;
	bool open, sack, recovering;
	bool due;			/* the first repeat of a recovery, whatever the window (RFC 6675 5) */
	uint64_t una, nxt;		/* in units */
	uint64_t window_edge;		/* in bytes */
	uint64_t cwnd, ssthresh;	/* in bytes */
	uint64_t pipe;			/* units thought to be under way */
	uint64_t top[DUP_THRESH];	/* the highest SACKed units + 1, highest first; 0: none */
	uint64_t judged;		/* below it each unit was judged lost or SACKed */
	uint64_t resend_from;		/* no lost unit below it */
	uint64_t recover;
	unsigned dups, backoff;
	uint64_t srtt_ns, rttvar_ns;
	uint64_t delivered_ns;		/* send time of the newest unit that has arrived (RFC 8985 6.1) */
	struct boot_time rto_at;
	struct again *again;		/* repeats in the order sent, a ring */
	uint64_t again_first, again_end;
	struct unit *units;
};

static struct unit *unit_at(const struct model_sender *s, uint64_t number)
{
	return &s->units[number % UNITS];
}

struct model_sender *model_sender_new(uint64_t total, uint64_t fixed)
{
	struct model_sender *s = calloc(1, sizeof(*s));

	assert(s);
	s->units = calloc(UNITS, sizeof(*s->units));
	s->again = calloc(UNITS, sizeof(*s->again));
	assert(s->units && s->again);
	s->total = total;
	s->fixed = fixed;
	s->rto_at = BOOT_NEVER;
	return s;
}

void model_sender_free(struct model_sender *s)
{
	if (!s)
		return;
	free(s->units);
	free(s->again);
	free(s);
}

static uint64_t rto_ns(const struct model_sender *s)
{
	uint64_t ns = s->srtt_ns ? s->srtt_ns + 4 * s->rttvar_ns : RTO_FIRST_NS;

	if (ns < RTO_LEAST_NS)
		ns = RTO_LEAST_NS;
	ns <<= s->backoff;
	return ns < RTO_MOST_NS ? ns : RTO_MOST_NS;
}

/* RFC 6298 2.2 and 2.3 */
static void rtt_sample(struct model_sender *s, uint64_t ns)
{
	uint64_t off = s->srtt_ns > ns ? s->srtt_ns - ns : ns - s->srtt_ns;

	if (!s->srtt_ns) {
		s->srtt_ns = ns ? ns : 1;
		s->rttvar_ns = ns / 2;
		return;
	}
	s->rttvar_ns = (3 * s->rttvar_ns + off) / 4;
	s->srtt_ns = (7 * s->srtt_ns + ns) / 8;
}

void model_sender_open(struct model_sender *s, size_t payload, bool sack, uint64_t rtt_ns)
{
	s->open = true;
	s->payload = payload;
	s->sack = sack;
	s->cwnd = s->fixed ? s->fixed : INITIAL_SEGS * payload;
	s->ssthresh = UINT64_MAX;
	rtt_sample(s, rtt_ns);
}

/* --- what an ACK says --- */

static void mark_lost(struct model_sender *s, uint64_t number)
{
	struct unit *u = unit_at(s, number);

	if (u->sacked || u->lost)
		return;
	u->lost = true;
	s->pipe--;
	if (number < s->resend_from)
		s->resend_from = number;
}

static void note_arrived(struct model_sender *s, struct unit *u)
{
	if (!u->lost)
		s->pipe--;
	if (u->sent_ns > s->delivered_ns)
		s->delivered_ns = u->sent_ns;
}

static void note_top(struct model_sender *s, uint64_t number)
{
	for (unsigned i = 0; i < DUP_THRESH; i++) {
		if (number + 1 > s->top[i]) {
			memmove(s->top + i + 1, s->top + i,
				(DUP_THRESH - 1 - i) * sizeof(s->top[0]));
			s->top[i] = number + 1;
			return;
		}
	}
}

/* Units wholly inside the blocks. Blocks below `una` speak of duplicates (RFC 2883). */
static void take_blocks(struct model_sender *s, const struct model_ack *ack)
{
	uint64_t una = s->una * s->payload;

	for (unsigned i = 0; i < ack->block_count; i++) {
		uint64_t start = una + (uint64_t)(int64_t)(int32_t)(ack->starts[i] - (uint32_t)una);
		uint64_t end = una + (uint64_t)(int64_t)(int32_t)(ack->ends[i] - (uint32_t)una);

		if ((int64_t)(start - una) < 0 || end <= start)
			continue;
		assert(end <= s->nxt * s->payload || end == s->total);
		for (uint64_t n = (start + s->payload - 1) / s->payload;
		     n < s->nxt && ((n + 1) * s->payload <= end || end == s->total); n++) {
			struct unit *u = unit_at(s, n);

			if (u->sacked)
				continue;
			note_arrived(s, u);
			u->sacked = true;
			note_top(s, n);
		}
	}
}

static uint64_t take_una(struct model_sender *s, struct boot_time now, uint64_t una_bytes)
{
	uint64_t to = una_bytes == s->total ? s->nxt : una_bytes / s->payload, acked = to - s->una;

	assert(una_bytes <= s->nxt * s->payload);
	for (; s->una < to; s->una++) {
		struct unit *u = unit_at(s, s->una);

		if (!u->sacked)
			note_arrived(s, u);
		if (!u->resent && s->una + 1 == to)
			rtt_sample(s, now.ns - u->sent_ns);
	}
	if (s->judged < to)
		s->judged = to;
	if (s->resend_from < to)
		s->resend_from = to;
	return acked;
}

static void judge(struct model_sender *s, bool advanced)
{
	uint64_t edge = s->top[DUP_THRESH - 1];

	if (!s->sack) {
		if (s->dups == DUP_THRESH || (s->recovering && advanced && s->una < s->recover))
			mark_lost(s, s->una);
		return;
	}
	for (; s->judged + 1 < edge; s->judged++)
		mark_lost(s, s->judged);
	/* A repeat is lost when something sent a quarter of a round trip later has arrived (RFC 8985 6.2). */
	while (s->again_first < s->again_end) {
		struct again *a = &s->again[s->again_first % UNITS];

		if (a->sent_ns + s->srtt_ns / 4 >= s->delivered_ns)
			break;
		if (a->unit >= s->una && unit_at(s, a->unit)->sent_ns == a->sent_ns)
			mark_lost(s, a->unit);
		s->again_first++;
	}
}

/* RFC 5681 3.1 and 3.2: one halving for each window in which something was lost. */
static void congestion(struct model_sender *s, uint64_t acked)
{
	if (s->recovering && s->una >= s->recover)
		s->recovering = false;
	if (!s->recovering && s->resend_from < s->nxt) {
		s->recovering = s->due = true;
		s->recover = s->nxt;
		s->ssthresh = s->cwnd / 2 > 2 * s->payload ? s->cwnd / 2 : 2 * s->payload;
		s->cwnd = s->fixed ? s->fixed : s->ssthresh;
		return;
	}
	if (s->fixed || s->recovering)
		return;
	if (s->cwnd < s->ssthresh)
		s->cwnd += acked * s->payload;
	else
		s->cwnd += acked * s->payload * s->payload / s->cwnd;
}

static void find_resend(struct model_sender *s)
{
	while (s->resend_from < s->nxt && !unit_at(s, s->resend_from)->lost)
		s->resend_from++;
}

void model_sender_ack(struct model_sender *s, struct boot_time now, const struct model_ack *ack)
{
	uint64_t una = s->una * s->payload, to, acked;
	int32_t step;

	if (!s->open)
		return;
	if (una > s->total)
		una = s->total;
	step = (int32_t)(ack->una - (uint32_t)una);
	/* Old. Our stack acknowledges at segment borders, or the end. */
	if (step < 0)
		return;
	to = una + (uint32_t)step;
	acked = step ? take_una(s, now, to) : 0;
	if (to + ack->window > s->window_edge)
		s->window_edge = to + ack->window;
	s->dups = acked ? 0 : s->dups + (!ack->has_data && s->una < s->nxt);
	if (acked)
		s->backoff = 0;
	take_blocks(s, ack);
	judge(s, acked > 0);
	find_resend(s);
	congestion(s, acked);
	if (acked)
		s->rto_at = s->una < s->nxt ? boot_add_ns(now, rto_ns(s)) : BOOT_NEVER;
}

/* --- sending --- */

static size_t unit_len(const struct model_sender *s, uint64_t number)
{
	uint64_t left = s->total - number * s->payload;

	return left < s->payload ? (size_t)left : s->payload;
}

static void note_sent(struct model_sender *s, struct boot_time now, uint64_t number)
{
	struct unit *u = unit_at(s, number);

	u->sent_ns = now.ns;
	u->lost = false;
	s->pipe++;
	if (s->rto_at.ns == BOOT_NEVER.ns)
		s->rto_at = boot_add_ns(now, rto_ns(s));
}

static size_t resend(struct model_sender *s, struct boot_time now, uint64_t *at)
{
	uint64_t number = s->resend_from;

	*at = number * s->payload;
	note_sent(s, now, number);
	unit_at(s, number)->resent = true;
	if (s->again_end - s->again_first == UNITS)
		s->again_first++;
	s->again[s->again_end++ % UNITS] = (struct again){number, now.ns};
	find_resend(s);
	return unit_len(s, number);
}

size_t model_sender_output(struct model_sender *s, struct boot_time now, uint64_t *at,
			   struct model_stats *stats)
{
	size_t len;

	if (!s->open || (!s->due && (s->pipe + 1) * s->payload > s->cwnd))
		return 0;
	s->due = false;
	if (s->resend_from < s->nxt) {
		stats->resent++;
		return resend(s, now, at);
	}
	*at = s->nxt * s->payload;
	if (*at >= s->total || s->nxt - s->una >= UNITS)
		return 0;
	len = unit_len(s, s->nxt);
	if (*at + len > s->window_edge)
		return 0;
	*unit_at(s, s->nxt) = (struct unit){0};
	if (s->resend_from == s->nxt)
		s->resend_from++;
	note_sent(s, now, s->nxt++);
	stats->sent++;
	return len;
}

struct boot_time model_sender_deadline(const struct model_sender *s)
{
	return s->rto_at;
}

/* RFC 6298 5.4 to 5.6, RFC 5681 3.1 */
void model_sender_tick(struct model_sender *s, struct boot_time now, struct model_stats *stats)
{
	if (!boot_reached(now, s->rto_at))
		return;
	stats->timeouts++;
	for (uint64_t n = s->una; n < s->nxt; n++)
		mark_lost(s, n);
	find_resend(s);
	s->ssthresh = s->cwnd / 2 > 2 * s->payload ? s->cwnd / 2 : 2 * s->payload;
	if (!s->fixed)
		s->cwnd = s->payload;
	s->recovering = true;
	s->recover = s->nxt;
	s->backoff += s->backoff < 10;
	s->rto_at = boot_add_ns(now, rto_ns(s));
}

uint64_t model_sender_next(const struct model_sender *s)
{
	uint64_t at = s->nxt * s->payload;

	return at < s->total ? at : s->total;
}

bool model_sender_done(const struct model_sender *s)
{
	return s->open && s->una * s->payload >= s->total;
}
