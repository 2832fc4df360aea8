/*
 * Theory of operation
 *
 * Slow start doubles the window in each round trip; in the round in which it passes what path and queue
 * hold, as much again is lost. Before that the queue grows, and with it the round-trip time: when the
 * least time of this round exceeds the least of the last by an eighth (4 to 16 ms), the window is large
 * enough. Jitter looks the same, so the window first grows on at a quarter of the speed (CSS); if the
 * time falls again it was jitter and slow start goes on, and if not for five rounds, it is over.
 *
 * Only the first slow start is watched (RFC 9406 4.3): after a time-out its end is known.
 */
#include "net/cc/hystart.h"

void hystart_init(struct hystart *h)
{
	*h = (struct hystart){
		.last_round_min_ns = UINT64_MAX,
		.this_round_min_ns = UINT64_MAX,
		.css_baseline_ns = UINT64_MAX,
	};
}

void hystart_round(struct hystart *h)
{
	h->last_round_min_ns = h->this_round_min_ns;
	h->this_round_min_ns = UINT64_MAX;
	h->samples = 0;
	if (h->phase == HYSTART_CSS && ++h->css_rounds >= HYSTART_CSS_ROUNDS)
		h->phase = HYSTART_DONE;
}

static uint64_t threshold(uint64_t rtt_ns)
{
	uint64_t ns = rtt_ns / HYSTART_MIN_RTT_DIVISOR;

	if (ns < HYSTART_MIN_RTT_THRESH_NS)
		return HYSTART_MIN_RTT_THRESH_NS;
	return ns > HYSTART_MAX_RTT_THRESH_NS ? HYSTART_MAX_RTT_THRESH_NS : ns;
}

static void count(struct hystart *h, uint32_t delivered, uint32_t mss)
{
	uint32_t weight = delivered / (2 * mss);

	if (weight > HYSTART_SAMPLE_WEIGHT_MOST)
		weight = HYSTART_SAMPLE_WEIGHT_MOST;
	if (!weight)
		weight = 1;
	weight += h->samples;
	h->samples = weight > HYSTART_N_RTT_SAMPLE ? HYSTART_N_RTT_SAMPLE : (uint8_t)weight;
}

void hystart_sample(struct hystart *h, uint64_t rtt_ns, uint32_t delivered, uint32_t mss)
{
	if (rtt_ns == 0)
		return;
	if (rtt_ns < h->this_round_min_ns)
		h->this_round_min_ns = rtt_ns;
	count(h, delivered, mss);
	if (h->samples < HYSTART_N_RTT_SAMPLE)
		return;
	if (h->phase == HYSTART_CSS && h->this_round_min_ns < h->css_baseline_ns) {
		h->phase = HYSTART_SLOW_START;
	} else if (h->phase == HYSTART_SLOW_START && h->last_round_min_ns != UINT64_MAX &&
		   h->this_round_min_ns >= h->last_round_min_ns + threshold(h->last_round_min_ns)) {
		h->phase = HYSTART_CSS;
		h->css_baseline_ns = h->this_round_min_ns;
		h->css_rounds = 0;
	}
}

uint32_t hystart_growth(const struct hystart *h, uint32_t acked, uint32_t mss, bool paced)
{
	if (!paced && acked > HYSTART_L * mss)
		acked = HYSTART_L * mss;
	return h->phase == HYSTART_CSS ? acked / HYSTART_CSS_GROWTH_DIVISOR : acked;
}

void hystart_end(struct hystart *h)
{
	h->phase = HYSTART_DONE;
}
