/*
 * BBR version 3 (draft-ietf-ccwg-bbr-06; bbr.c names each deviation): models the path by its bandwidth
 * and least round-trip time and keeps what is in flight near their product.
 */
#ifndef CULVERT_NET_CC_BBR_H
#define CULVERT_NET_CC_BBR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

enum bbr_state {
	BBR_STARTUP,		/* doubles the rate each round until the pipe is full */
	BBR_DRAIN,		/* slow, until the queue of that is gone */
	/* ProbeBW: */
	BBR_DOWN,		/* a bit slower than the path: the queue drains, others find room */
	BBR_CRUISE,		/* as fast as the path */
	BBR_REFILL,		/* a round at the path's rate without the short-term bounds */
	BBR_UP,			/* a quarter faster: is there more? */
	BBR_PROBE_RTT,		/* half in flight, to see the round-trip time without a queue */
};

/* What the acknowledgements now tell about the probing that was done a round ago. */
enum bbr_acks {
	BBR_ACKS_INIT,
	BBR_ACKS_REFILLING,
	BBR_ACKS_PROBE_STARTING,
	BBR_ACKS_PROBE_FEEDBACK,
	BBR_ACKS_PROBE_STOPPING,
};

/* As it was before a loss episode, in case that is declared a mistake. */
struct bbr_undo {
	uint64_t bw_shortterm;
	uint32_t inflight_shortterm, inflight_longterm;
	uint8_t state;		/* enum bbr_state that the losses ended; BBR_PROBE_RTT: none */
	bool set;
};

/* The draft's BBR.* (section 2), bytes, nanoseconds and bytes per second. */
struct bbr {
	/* the path */
	uint64_t max_bw[2];		/* of this probing cycle and the one before */
	uint64_t bw_shortterm;		/* UINT64_MAX: none, as the volumes below */
	uint64_t bw_latest;
	uint64_t min_rtt_ns;		/* 0: none yet */
	uint64_t probe_rtt_min_ns;	/* UINT64_MAX: none yet */
	struct boot_time min_rtt_at;	/* last seen, nearly; ns 0: the next sample takes its place */
	struct boot_time probe_rtt_min_at;
	uint32_t inflight_shortterm, inflight_longterm, inflight_latest;
	/* aggregation of acknowledgements */
	struct boot_time extra_at;
	uint64_t extra_delivered;
	uint32_t extra[2];		/* most of this half of the window and of the one before */
	uint8_t extra_rounds;		/* of this half */
	/* rounds; each is counted in bytes delivered */
	uint64_t delivered;		/* the sender's count at the last event */
	uint64_t next_round_delivered, loss_round_delivered;
	uint64_t round_count, drain_round;
	/* the state machine */
	uint64_t full_bw;
	struct boot_time cycle_at;
	uint64_t probe_wait_ns;
	struct boot_time probe_rtt_done_at;	/* ns 0: not low enough yet */
	uint64_t drained_until;		/* sent in DRAIN, or behind it, by mark.delivered */
	uint64_t limited_from, limited_until;	/* sent in ProbeRTT, likewise */
	struct boot_time restarted_at;
	uint64_t random;
	uint32_t rounds_since_probe;
	uint32_t probe_up_acked, probe_up_per_inc;
	uint32_t initial_cwnd, prior_cwnd, mss;
	uint32_t loss_end;		/* sequence number after the segment marked lost last */
	uint32_t loss_ranges;		/* separate ranges lost in this loss round */
	uint8_t probe_up_rounds, full_bw_count;
	uint8_t state, acks;
	bool round_start, loss_round_start, loss_in_round;
	bool full_bw_reached, full_bw_now;
	bool bw_probe_samples, probe_too_high, probe_precautionary;
	bool probe_rtt_round_done, probe_rtt_expired, idle_restart;
	bool in_recovery, rtt_seen;
	struct bbr_undo undo;
};

#endif
