/* CUBIC (RFC 9438) with HyStart++ for slow start. The safe base: grows by time since the last loss. */
#ifndef CULVERT_NET_CC_CUBIC_H
#define CULVERT_NET_CC_CUBIC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "net/cc/hystart.h"

/*
 * How long a window that is not used stays valid (RFC 7661 4.4.3). A sender without pacing has to give it
 * up after a time-out's worth (RFC 5681 4.1), because it would leave in one burst.
 */
#define CUBIC_VALID_NS (300 * NS_PER_S)

/* A growth curve; RFC 9438 4.1.2. Windows are in bytes, so that a change of the MSS does not move them. */
struct cubic_curve {
	struct boot_time epoch;	/* begin of this congestion avoidance; ns 0: not yet */
	double origin;		/* W_max of this curve: where it is flat */
	double k_s;		/* seconds from the epoch to the origin */
	double w_max;		/* before the last reduction; 0: none since slow start or time-out */
	double w_est;		/* what Reno would have */
	double rest;		/* part of a byte not yet given */
	uint32_t prior;		/* cwnd_prior: before the last reduction */
};

struct cubic_saved {
	struct cubic_curve curve;
	uint32_t cwnd, ssthresh;
	uint8_t hystart_phase;
	bool set;
};

struct cubic {
	struct hystart hystart;
	struct cubic_curve curve;
	struct cubic_saved saved;	/* before the last reduction, for undo */
	struct boot_time last_at;	/* last acknowledgement */
	struct boot_time idle_since;	/* the clock of the curve stands still */
	struct boot_time valid_at;	/* the window was last known to be needed */
	uint32_t flight, flight_before;	/* most in flight in this round, in the one before */
	bool idle;			/* the application limits sending (RFC 9438 5.8) */
	bool reduced;			/* in fast recovery */
	bool timed_out;			/* in recovery after a time-out */
	uint64_t rtt_ns;		/* smoothed, as last heard of; 0: not known */
};

#endif
