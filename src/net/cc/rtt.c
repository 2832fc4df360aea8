/*
 * Theory of operation
 *
 * SRTT and RTTVAR are those of RFC 6298 2. An acknowledgement of a window of a thousand segments
 * brings hundreds of samples in one round trip, and RTTVAR forgets three quarters of what it knew
 * within five of them (RFC 7323 4.2 warns of it). So the time-out takes the largest RTTVAR of this
 * round trip and of the one before; with one sample a round trip that is the RFC's, a round trip
 * later where it falls. SRTT is left to follow each sample: pacing and RACK want the time of now.
 *
 * The least time is kept as Kathleen Nichols proposed: the best sample of the window and the best
 * of those after it, twice, so that something younger is known when the best is too old. Three
 * places instead of a queue; after a sample that is the least of all, all three are that one.
 */
#include "net/cc/rtt.h"

#include "base/compiler.h"

void rtt_init(struct rtt *r)
{
	*r = (struct rtt){0};
}

static void rtt_note_variation(struct rtt *r, struct boot_time now)
{
	if (boot_reached(now, r->round_end)) {
		r->last_peak_ns = r->round_peak_ns;
		r->round_peak_ns = 0;
		r->round_end = boot_add_ns(now, r->smoothed_ns);
	}
	if (r->round_peak_ns < r->variation_ns)
		r->round_peak_ns = r->variation_ns;
}

static void rtt_min_sample(struct rtt *r, struct rtt_min_slot sample)
{
	struct rtt_min_slot *min = r->min;
	uint64_t age_ns;

	if (!min[0].ns || sample.ns <= min[0].ns ||
	    boot_since_ns(sample.at, min[2].at) > RTT_MIN_WINDOW_NS) {
		min[0] = min[1] = min[2] = sample;
		return;
	}
	if (sample.ns <= min[1].ns)
		min[1] = min[2] = sample;
	else if (sample.ns <= min[2].ns)
		min[2] = sample;
	age_ns = boot_since_ns(sample.at, min[0].at);
	if (age_ns > RTT_MIN_WINDOW_NS) {
		min[0] = min[1];
		min[1] = min[2];
		min[2] = sample;
		if (boot_since_ns(sample.at, min[0].at) > RTT_MIN_WINDOW_NS) {
			min[0] = min[1];
			min[1] = sample;
		}
	} else if (min[1].at.ns == min[0].at.ns && age_ns > RTT_MIN_WINDOW_NS / 4) {
		/*
		 * A quarter has passed and nothing as good was seen: a successor must be younger.
		 */
		min[1] = min[2] = sample;
	} else if (min[2].at.ns == min[1].at.ns && age_ns > RTT_MIN_WINDOW_NS / 2) {
		min[2] = sample;
	}
}

void rtt_sample(struct rtt *r, struct boot_time now, uint64_t ns)
{
	uint64_t off_ns;

	if (ns < RTT_RESOLUTION_NS)
		ns = RTT_RESOLUTION_NS;
	if (ns > RTT_SAMPLE_MOST_NS)
		ns = RTT_SAMPLE_MOST_NS;
	r->latest_ns = ns;
	if (!r->smoothed_ns) {
		/* RFC 6298 2.2 */
		r->smoothed_ns = ns;
		r->variation_ns = ns / 2;
	} else {
		/* RFC 6298 2.3: beta 1/4 with the SRTT of before, then alpha 1/8 */
		off_ns = ns > r->smoothed_ns ? ns - r->smoothed_ns : r->smoothed_ns - ns;
		r->variation_ns = (3 * r->variation_ns + off_ns) / 4;
		r->smoothed_ns = (7 * r->smoothed_ns + ns) / 8;
	}
	rtt_note_variation(r, now);
	rtt_min_sample(r, (struct rtt_min_slot){now, ns});
}

uint64_t rtt_min(const struct rtt *r, struct boot_time now)
{
	for (unsigned i = 0; i < ARRAY_LEN(r->min); i++) {
		if (boot_since_ns(now, r->min[i].at) <= RTT_MIN_WINDOW_NS)
			return r->min[i].ns;
	}
	return r->min[ARRAY_LEN(r->min) - 1].ns;
}

uint64_t rtt_rto(const struct rtt *r, unsigned backoffs)
{
	uint64_t rto_ns = RTT_RTO_FIRST_NS, peak_ns = r->round_peak_ns;

	if (r->smoothed_ns) {
		if (peak_ns < r->last_peak_ns)
			peak_ns = r->last_peak_ns;
		rto_ns = 4 * peak_ns > RTT_RTO_LEAST_NS ? 4 * peak_ns : RTT_RTO_LEAST_NS;
		rto_ns += r->smoothed_ns;
	}
	for (; backoffs && rto_ns < RTT_RTO_MOST_NS; backoffs--)
		rto_ns *= 2;
	return rto_ns < RTT_RTO_MOST_NS ? rto_ns : RTT_RTO_MOST_NS;
}

void rtt_restart(struct rtt *r)
{
	for (unsigned i = 0; i < ARRAY_LEN(r->min); i++)
		r->min[i] = (struct rtt_min_slot){{0}, 0};
}
