/*
 * A simulated path between two ends, A and B: for each way a bottleneck with a drop-tail queue, a
 * delay, and what real paths do besides: loss (single and in bursts), late packets, jitter,
 * duplicates, releases in batches, a rate that changes, CE marks. Seeded; time is an argument.
 *
 * A packet occupies the bottleneck with PATH_OVERHEAD bytes more than it has, because that is what
 * WireGuard makes of it. What is lost at random is lost behind the bottleneck: it has taken its
 * time there. Order of the steps: queue, bottleneck, loss, delay, jitter, release, lateness, the
 * flow's own extra delay.
 *
 * No allocation per packet: slots are reused, and queues grow to what a test needs.
 */
#ifndef TESTS_SUPPORT_PATH_SIM_H
#define TESTS_SUPPORT_PATH_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

/* IPv4 20, UDP 8, WireGuard's header 16 and tag 16; the padding to 16 bytes is not counted. */
#define PATH_OVERHEAD 60
/* A rate that stands for an outage: what waits goes on when the rate rises again. */
#define PATH_STALLED 1

enum path_way { PATH_UP, PATH_DOWN };	/* from A to B, from B to A */

struct path_rate {
	uint64_t at_ms;		/* since path_new */
	uint64_t rate;
};

/* One way; what is 0 is switched off. */
struct path_link {
	uint64_t rate;			/* bit/s */
	const struct path_rate *rates;	/* later rates, by time; outlives the path */
	size_t rate_count;
	size_t queue_max;		/* bytes that may wait for the bottleneck */
	size_t mark_above;		/* an ECN-capable packet that finds more bytes is marked CE */
	uint64_t delay_ns;
	unsigned loss_ppm;
	unsigned burst_ppm;		/* packets lost in bursts... */
	unsigned burst_len;		/* ...of this mean length (Gilbert's model) */
	unsigned ack_loss_ppm;		/* of packets without payload */
	unsigned late_ppm;		/* packets that others overtake... */
	uint64_t late_ns;		/* ...late by up to so much */
	uint64_t jitter_ns;		/* further delay of up to so much that keeps the order */
	unsigned dup_ppm;
	uint64_t release_ns;		/* what has arrived is let go at multiples of this */
};

struct path_stats {
	uint64_t packets, bytes;	/* given to path_commit, overhead counted */
	uint64_t overflowed;		/* found the queue full */
	uint64_t lost;			/* of the others */
	uint64_t data_lost;		/* lost or overflowed, with payload */
	uint64_t late, copies, marked;
};

struct path_arrival {
	const uint8_t *bytes;	/* until the next path_take of either way */
	size_t len;
	bool copy;		/* the second of a duplicated packet */
};

struct path;

struct path *path_new(const struct path_link *up, const struct path_link *down, size_t mtu,
		      uint64_t seed, struct boot_time start);
void path_free(struct path *p);

/* Where the next packet is to be written, `mtu` bytes; the same until path_commit. */
uint8_t *path_slot(struct path *p);
/* Sends the `len` bytes in the slot. `extra_ns`: more delay for this flow. False: it will not arrive. */
bool path_commit(struct path *p, enum path_way way, struct boot_time now, size_t len,
		 uint64_t extra_ns);
/* The next packet that has arrived by `now`; false: none. */
bool path_take(struct path *p, enum path_way way, struct boot_time now, struct path_arrival *out);
/* When the next packet arrives, of either way. */
struct boot_time path_next(const struct path *p);

const struct path_stats *path_stats(const struct path *p, enum path_way way);
/* The time in the queue that `percent` of the packets did not exceed, in steps of 0.1 ms. */
uint64_t path_queue_us(const struct path *p, enum path_way way, unsigned percent);
/* Forgets the times so far: what comes is measured. */
void path_forget_queue(struct path *p);

/* Whether an IP packet is TCP with payload. */
bool path_has_payload(const uint8_t *bytes, size_t len);

#endif
