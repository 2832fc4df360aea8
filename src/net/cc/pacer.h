/*
 * Spreads sending over time: a bucket that fills at the pacing rate. What is released at once is a
 * train of at least a quantum, so that the segments of one train still travel in one system call.
 *
 * Invariant: within any interval t, at most max(burst, quantum) + PACER_LATE_NS of rate + a segment
 * + rate * t bytes leave; without the second term unless the pacer was what sending waited for.
 */
#ifndef CULVERT_NET_CC_PACER_H
#define CULVERT_NET_CC_PACER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

#define PACER_TRAIN_MOST (64u << 10)	/* one UDP_SEGMENT train */
#define PACER_QUANTUM_NS NS_PER_MS	/* of rate, in one train (draft-ietf-ccwg-bbr-06 5.6.3) */
/*
 * A wakeup of the loop that comes later than asked for is made good, up to so much: with thousands
 * of packets in a pass it is late by this, and credit lost at each wakeup is rate lost for good.
 */
#define PACER_LATE_NS NS_PER_MS
/* The slowest rate, segments per second: no wait for a quantum is longer than a second. */
#define PACER_SEGMENTS_LEAST 2

struct pacer {
	uint64_t bytes_per_s;		/* 0: not paced */
	uint32_t quantum;		/* max(2 MSS, 1 ms of rate), at most PACER_TRAIN_MOST */
	uint32_t burst;			/* what an idle bucket holds, if more than a quantum */
	int64_t empty_ns;		/* boot time when it was empty; in the future: overdrawn */
	struct boot_time train_at;	/* time of the train begun last: it may use up the bucket */
	bool train_waited;		/* for the pacer */
	bool waiting;			/* since then something is to be sent, but there is no room */
};

void pacer_init(struct pacer *p, uint32_t mss, uint32_t burst);
/* Sets the rate; what the bucket holds now stays. A first rate finds one quantum in it. */
void pacer_set_rate(struct pacer *p, struct boot_time now, uint64_t bytes_per_s, uint32_t mss);
/*
 * Bytes that may leave now, asked when there is something to send. 0 until there is a whole quantum:
 * a wakeup for less is not worth it; but the train of this `now` may go on until the bucket is
 * empty. UINT32_MAX when not paced.
 */
uint32_t pacer_room(struct pacer *p, struct boot_time now);
/* What is to be sent next is more than that room: it waits for the pacer, whose lateness is made good. */
void pacer_blocks(struct pacer *p);
/* `len` bytes have left; may overdraw by less than a segment. */
void pacer_sent(struct pacer *p, struct boot_time now, uint32_t len);
/* When pacer_room will be a quantum; `now` if it is. */
struct boot_time pacer_next(const struct pacer *p, struct boot_time now);
/* A connection that has sent nothing yet, or nothing for a time-out: `burst` may leave unpaced. */
void pacer_fill(struct pacer *p, struct boot_time now);
/* After a freeze or an outage: no credit. */
void pacer_restart(struct pacer *p, struct boot_time now);

#endif
