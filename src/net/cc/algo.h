/*
 * Congestion control algorithms, behind one table. An algorithm sees what an acknowledgement has told
 * (`struct cc_event`) and sets window and rate (`struct cc_control`); it never touches a queue, a
 * scoreboard or a timer.
 */
#ifndef CULVERT_NET_CC_ALGO_H
#define CULVERT_NET_CC_ALGO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "net/cc/bbr.h"
#include "net/cc/cubic.h"
#include "net/cc/rate.h"

#define CC_INITIAL_SEGMENTS 10	/* RFC 6928 */

/* What the sender obeys. */
struct cc_control {
	uint32_t cwnd;		/* bytes, at least one MSS */
	uint32_t ssthresh;	/* bytes; UINT32_MAX: none yet */
	uint64_t pacing_rate;	/* bytes per second; 0: not paced */
	uint32_t window_max;	/* the largest cwnd that makes sense: the send buffer */
};

/* What one acknowledgement (or a batch that was merged) has shown. */
struct cc_event {
	struct boot_time now;
	uint32_t mss;
	uint32_t acked;			/* bytes by which SND.UNA moved */
	uint32_t delivered;		/* bytes newly acknowledged or sacked */
	uint32_t newly_lost;		/* bytes newly marked lost */
	uint32_t in_flight;		/* after it */
	uint32_t in_flight_before;
	uint64_t rtt_ns;		/* its sample; 0: none */
	uint64_t min_rtt_ns;		/* of the last 10 s; 0: none */
	uint64_t smoothed_rtt_ns;
	const struct rate_sample *rate;
	const struct rate *totals;
	uint64_t round;			/* counts round trips: SND.UNA has passed what was SND.NXT */
	bool round_start;
	bool window_limited;		/* the window, not the application, has limited sending in this round */
	bool window_full;		/* the window itself, not the pace, has kept something back in this round */
	bool recovering;		/* loss recovery or time-out recovery is going on */
	uint64_t random;		/* fresh, for decisions that must not synchronise */
};

/* One segment that was marked lost. */
struct cc_loss {
	struct boot_time now;
	uint32_t mss;
	uint32_t seq, len;
	const struct rate_mark *mark;	/* of its last sending */
	const struct rate *totals;	/* it counts in `lost` already, those after it do not */
};

union cc_algo_state {
	struct cubic cubic;
	struct bbr bbr;
};

struct cc_algo {
	const char *name;
	bool own_recovery;	/* sets cwnd in recovery by itself: no PRR */
	bool draws;		/* takes random numbers: wants a seed */
	/* `c` holds the initial window; sets what the algorithm wants at the start. */
	void (*init)(union cc_algo_state *s, struct cc_control *c, struct boot_time now, uint32_t mss,
		     uint64_t rtt_ns);
	/*
	 * A segment was marked lost: before `lost`, `timed_out` and `acked` of the same event, in the order
	 * of marking. NULL: not interested.
	 */
	void (*segment_lost)(union cc_algo_state *s, struct cc_control *c, const struct cc_loss *loss);
	/* Each acknowledgement, after recovery state was updated. */
	void (*acked)(union cc_algo_state *s, struct cc_control *c, const struct cc_event *ev);
	/* Recovery begins (first loss of a flight): sets ssthresh; PRR or `acked` lowers cwnd. */
	void (*lost)(union cc_algo_state *s, struct cc_control *c, const struct cc_event *ev);
	/* Recovery is over. */
	void (*recovered)(union cc_algo_state *s, struct cc_control *c, const struct cc_event *ev);
	/* A time-out: everything in flight counts as lost. Sets ssthresh and cwnd. */
	void (*timed_out)(union cc_algo_state *s, struct cc_control *c, const struct cc_event *ev);
	/* The last `lost` or `timed_out` was a mistake: back to what was before. */
	void (*undo)(union cc_algo_state *s, struct cc_control *c, const struct cc_event *ev);
	/* Sends again after nothing was in flight for `idle_ns`, before the first segment. */
	void (*resumed)(union cc_algo_state *s, struct cc_control *c, struct boot_time now, uint32_t mss,
			uint64_t idle_ns);
	/* A segment left: `in_flight` with it. NULL: not interested. */
	void (*sent)(union cc_algo_state *s, struct cc_control *c, struct boot_time now, uint32_t in_flight);
	/* A freeze or an outage: nothing measured across it counts. */
	void (*restarted)(union cc_algo_state *s, struct cc_control *c, struct boot_time now);
};

/* cc_bbr is for peers with SACK: without it nobody can tell how much of a flight was lost. */
extern const struct cc_algo cc_cubic, cc_bbr;

#endif
