/* HyStart++ (RFC 9406): slow start ends when the round-trip time grows, before the queue overflows. */
#ifndef CULVERT_NET_CC_HYSTART_H
#define CULVERT_NET_CC_HYSTART_H

#include <stdbool.h>
#include <stdint.h>

enum hystart_phase {
	HYSTART_SLOW_START,
	HYSTART_CSS,	/* conservative slow start: growth by a quarter, until it proves right or wrong */
	HYSTART_DONE,	/* congestion avoidance */
};

struct hystart {
	uint64_t last_round_min_ns;	/* UINT64_MAX: none */
	uint64_t this_round_min_ns;
	uint64_t css_baseline_ns;
	uint32_t samples;		/* in this round */
	uint8_t css_rounds;
	uint8_t phase;			/* enum hystart_phase */
};

void hystart_init(struct hystart *h);
/* A round trip begins. */
void hystart_round(struct hystart *h);
/* A sample of the round-trip time, 0: none. */
void hystart_sample(struct hystart *h, uint64_t rtt_ns);
/* By how much slow start may open the window for `acked` bytes. */
uint32_t hystart_growth(const struct hystart *h, uint32_t acked, uint32_t mss, bool paced);
/* Loss: slow start is over. */
void hystart_end(struct hystart *h);

#endif
