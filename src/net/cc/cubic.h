/* CUBIC (RFC 9438) with HyStart++ for slow start. The safe base: grows by time since the last loss. */
#ifndef CULVERT_NET_CC_CUBIC_H
#define CULVERT_NET_CC_CUBIC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "net/cc/hystart.h"

struct cubic_saved {
	double w_max, k_s, w_est;
	struct boot_time epoch;
	uint32_t cwnd, ssthresh;
	bool epoch_set;
};

struct cubic {
	struct hystart hystart;
	double w_max;		/* segments */
	double k_s;		/* seconds to come back to w_max */
	double w_est;		/* what Reno would have, segments */
	double growth;		/* part of a segment not yet given */
	struct boot_time epoch;	/* begin of this growth */
	bool epoch_set;
	struct boot_time idle_since;	/* the application limits: the clock stands still (RFC 9438 4.? app-limited) */
	bool idle;
	struct cubic_saved saved;	/* before the last reduction, for undo */
};

#endif
