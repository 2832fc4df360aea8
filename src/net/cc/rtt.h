/*
 * Round-trip time and retransmission time-out: RFC 6298 with a least time-out of 200 ms above the
 * smoothed time (as kernels have; the RFC's 1 s was made for coarse clocks), and the least time seen
 * in the last 10 s.
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

struct rtt_min_slot {
	struct boot_time at;
	uint64_t ns;
};

struct rtt {
	uint64_t smoothed_ns;		/* SRTT; 0: no sample yet */
	uint64_t variation_ns;		/* RTTVAR */
	uint64_t latest_ns;
	struct rtt_min_slot min[3];	/* best, second, third of the window (Kathleen Nichols' filter) */
};

void rtt_init(struct rtt *r);
/* A sample; `ns` 0 counts as the resolution, 1 us. */
void rtt_sample(struct rtt *r, struct boot_time now, uint64_t ns);
/* The least of the last RTT_MIN_WINDOW_NS; 0: not known. */
uint64_t rtt_min(const struct rtt *r, struct boot_time now);
/* The time-out after `backoffs` time-outs in a row (RFC 6298 5.5), at most RTT_RTO_MOST_NS. */
uint64_t rtt_rto(const struct rtt *r, unsigned backoffs);
/* After a freeze or an outage: the least times are forgotten, the smoothed ones stay. */
void rtt_restart(struct rtt *r);

#endif
