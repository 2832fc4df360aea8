/*
 * Spreads sending over time: a bucket that fills at the pacing rate and holds one quantum. What is
 * released at once is a train of a quantum, so that the segments of one train still travel in one
 * system call. Invariant: within any interval t, at most burst + rate * t bytes leave.
 */
#ifndef CULVERT_NET_CC_PACER_H
#define CULVERT_NET_CC_PACER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

#define PACER_TRAIN_MOST (64u << 10)	/* one UDP_SEGMENT train */
#define PACER_QUANTUM_NS NS_PER_MS	/* of rate, in one train */

struct pacer {
	uint64_t bytes_per_s;		/* 0: not paced */
	uint32_t quantum;		/* max(2 MSS, 1 ms of rate), at most PACER_TRAIN_MOST */
	uint32_t burst;			/* what an idle bucket holds, >= quantum */
	struct boot_time full_at;	/* when the bucket would be full again */
};

void pacer_init(struct pacer *p, uint32_t mss, uint32_t burst);
/* Sets the rate; what the bucket holds now stays. */
void pacer_set_rate(struct pacer *p, uint64_t bytes_per_s, uint32_t mss);
/* Bytes that may leave now; not less than a train when anything: a wakeup for less is not worth it. */
uint32_t pacer_room(const struct pacer *p, struct boot_time now);
/* `len` bytes have left; may overdraw by less than a segment. */
void pacer_sent(struct pacer *p, struct boot_time now, uint32_t len);
/* When pacer_room will be a quantum. */
struct boot_time pacer_next(const struct pacer *p, struct boot_time now);
/* After a freeze or an outage: no credit. */
void pacer_restart(struct pacer *p, struct boot_time now);

#endif
