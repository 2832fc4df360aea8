/*
 * What BBR's model of the path says of pace and window (draft-ietf-ccwg-bbr-06 5.6). Part of bbr.c,
 * which keeps the model; sections are the draft's.
 */
#ifndef CULVERT_NET_CC_BBR_MODEL_H
#define CULVERT_NET_CC_BBR_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "net/cc/bbr.h"

#define BBR_NO_BOUND UINT32_MAX	/* of a volume */
#define BBR_NO_BW UINT64_MAX

struct cc_control;

static inline uint32_t bbr_least(uint64_t a, uint32_t b)
{
	return a < b ? (uint32_t)a : b;
}

static inline uint32_t bbr_most(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static inline uint32_t bbr_percent(uint32_t bytes, unsigned p)
{
	return bbr_least((uint64_t)bytes * p / 100, UINT32_MAX);
}

/* The most that the path delivered lately; and what the short-term bound leaves of it. */
uint64_t bbr_max_bw(const struct bbr *b);
uint64_t bbr_bandwidth(const struct bbr *b);
/* Bandwidth `bw` times the least round-trip time, times `gain` percent (BDPMultiple, 5.6.4.2). */
uint32_t bbr_bdp(const struct bbr *b, uint64_t bw, unsigned gain);
/* `volume`, but enough for trains and delayed acknowledgements (QuantizationBudget, 5.6.4.2). */
uint32_t bbr_with_budget(const struct bbr *b, const struct cc_control *c, uint64_t volume);
/* The long-term bound with room for others, BBR_NO_BOUND without one (InflightWithHeadroom, 5.3.3.6). */
uint32_t bbr_with_headroom(const struct bbr *b);
/* The window of BBR_PROBE_RTT (5.6.4.5). */
uint32_t bbr_probe_rtt_cwnd(const struct bbr *b);

bool bbr_in_probe_bw(const struct bbr *b);

/* Before there is a bandwidth: the window in a round trip (5.6.2). `rtt_ns` 0: not known. */
void bbr_first_pacing_rate(struct cc_control *c, uint64_t rtt_ns);
/* The pace of the state (5.6.2), or exactly the bandwidth. */
void bbr_set_pacing_rate(const struct bbr *b, struct cc_control *c);
void bbr_set_pacing_rate_plain(const struct bbr *b, struct cc_control *c);
/* After `acked` newly delivered bytes (5.6.4.6). */
void bbr_set_cwnd(const struct bbr *b, struct cc_control *c, uint32_t acked);
/* The bounds of the state and of the send buffer (5.6.4.7). */
void bbr_bound_cwnd(const struct bbr *b, struct cc_control *c);
/* The last window that neither recovery nor BBR_PROBE_RTT had lowered (5.6.4.4). */
void bbr_save_cwnd(struct bbr *b, const struct cc_control *c);
void bbr_restore_cwnd(const struct bbr *b, struct cc_control *c);

#endif
