/* HyStart++ (RFC 9406): slow start ends when the round-trip time grows, before the queue overflows. */
#ifndef CULVERT_NET_CC_HYSTART_H
#define CULVERT_NET_CC_HYSTART_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

/* RFC 9406 4.3 */
#define HYSTART_MIN_RTT_THRESH_NS (4 * NS_PER_MS)
#define HYSTART_MAX_RTT_THRESH_NS (16 * NS_PER_MS)
#define HYSTART_MIN_RTT_DIVISOR 8
#define HYSTART_N_RTT_SAMPLE 8
#define HYSTART_CSS_GROWTH_DIVISOR 4
#define HYSTART_CSS_ROUNDS 5
#define HYSTART_L 8			/* segments per acknowledgement, when not paced */

/*
 * Acknowledgements that were merged, by our own batches or on the way, bring one sample for many. It
 * counts for as many as a receiver would have sent, two segments each, but two samples at least make
 * a round: one batch that the host delayed is no queue.
 */
#define HYSTART_SAMPLE_WEIGHT_MOST (HYSTART_N_RTT_SAMPLE / 2)

enum hystart_phase {
	HYSTART_SLOW_START,
	HYSTART_CSS,	/* conservative slow start: growth by a quarter, until it proves right or wrong */
	HYSTART_DONE,	/* slow start with an end that is known (ssthresh), or congestion avoidance */
};

struct hystart {
	uint64_t last_round_min_ns;	/* UINT64_MAX: none */
	uint64_t this_round_min_ns;	/* UINT64_MAX: none */
	uint64_t css_baseline_ns;
	uint8_t samples;		/* in this round, up to HYSTART_N_RTT_SAMPLE */
	uint8_t css_rounds;		/* ended, the one in which CSS began is the first */
	uint8_t phase;			/* enum hystart_phase */
};

void hystart_init(struct hystart *h);
/* A round trip ends and the next begins. */
void hystart_round(struct hystart *h);
/* A sample of the round-trip time (0: none) came with `delivered` bytes. */
void hystart_sample(struct hystart *h, uint64_t rtt_ns, uint32_t delivered, uint32_t mss);
/* By how much slow start may open the window for `acked` bytes. */
uint32_t hystart_growth(const struct hystart *h, uint32_t acked, uint32_t mss, bool paced);
/* Loss: the slow start that looks for its end is over. */
void hystart_end(struct hystart *h);

#endif
