/*
 * Round-trip time and retransmission time-out: RFC 6298 with a least time-out of 200 ms above the
 * smoothed time (as kernels have; the RFC's 1 s was made for coarse clocks), and the least time
 * seen in the last 10 s.
 */
#ifndef CULVERT_NET_CC_RTT_H
#define CULVERT_NET_CC_RTT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

#define RTT_RTO_FIRST_NS (1000 * NS_PER_MS)	/* RFC 6298 2.1 */
#define RTT_RTO_LEAST_NS (200 * NS_PER_MS)
#define RTT_RTO_MOST_NS (60 * NS_PER_S)		/* RFC 6298 2.5 allows no less */
#define RTT_MIN_WINDOW_NS (10 * NS_PER_S)
#define RTT_RESOLUTION_NS UINT64_C(1000)
/* No round trip is longer; what is measured across a stopped clock must not weigh more. */
#define RTT_SAMPLE_MOST_NS (60 * NS_PER_S)

struct rtt_min_slot {
	struct boot_time at;
	uint64_t ns;
};

struct rtt {
	uint64_t smoothed_ns;		/* SRTT; 0: no sample yet */
	uint64_t variation_ns;		/* RTTVAR */
	uint64_t latest_ns;
	/* the largest RTTVAR of this round trip and of the one before: see rtt.c */
	uint64_t round_peak_ns, last_peak_ns;
	struct boot_time round_end;
	struct rtt_min_slot min[3];	/* best, second, third of the window */
};

void rtt_init(struct rtt *r);
/* A sample; `ns` 0 counts as RTT_RESOLUTION_NS, more than RTT_SAMPLE_MOST_NS as that. */
void rtt_sample(struct rtt *r, struct boot_time now, uint64_t ns);
/*
 * The least of the last RTT_MIN_WINDOW_NS, after a longer silence the last one known; 0: none is.
 */
uint64_t rtt_min(const struct rtt *r, struct boot_time now);
/* The time-out after `backoffs` time-outs in a row (RFC 6298 5.5), at most RTT_RTO_MOST_NS. */
uint64_t rtt_rto(const struct rtt *r, unsigned backoffs);
/* After a freeze or an outage: the least times are forgotten, the smoothed ones stay. */
void rtt_restart(struct rtt *r);

#endif
