/*
 * RACK (RFC 8985): a segment is lost when one sent a reordering window later was delivered. Works
 * on times, so one rule serves first transmissions, repeats and reordered paths.
 */
#ifndef CULVERT_NET_CC_RACK_H
#define CULVERT_NET_CC_RACK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "net/cc/sb.h"

/* Segments sacked that start a recovery at once (RFC 5681 3.2, RFC 8985 6.2 step 4). */
#define RACK_DUP_THRESH 3
/* Recoveries without D-SACK until the window shrinks (RFC 8985 6.2 step 4). */
#define RACK_WINDOW_PERSIST 16

struct rack {
	/* of the most recently sent segment known to be delivered */
	struct boot_time sent_at;	/* RACK.xmit_ts; ns 0: none yet */
	uint32_t end;			/* RACK.end_seq */
	uint64_t rtt_ns;		/* RACK.rtt */
	uint32_t fack;			/* highest sequence number delivered */
	bool fack_known;
	bool reordering_seen;
	uint8_t window_mult;		/* RACK.reo_wnd_mult, quarters of the least RTT */
	uint8_t window_persist;		/* recoveries until it shrinks again */
	uint32_t dsack_round;		/* no second widening before this is acknowledged */
	bool dsack_round_set;
	struct boot_time restarted_at;	/* what was sent before tells no RACK.rtt */
};

void rack_init(struct rack *r);
/*
 * Entry `e`, last sent at e->sent_at, is newly delivered (RFC 8985 6.2 steps 2 and 3).
 * `echo_before`: the timestamp echo shows that an earlier sending of a repeated entry was the one
 * delivered: it tells no time, but that the path reorders.
 */
void rack_delivered(struct rack *r, const struct sb_entry *e, struct boot_time now,
		    uint64_t min_rtt_ns, bool echo_before);
/* A D-SACK arrived (step 4): at most one widening a round; `una`, `nxt`: SND.UNA, SND.NXT. */
void rack_dsack(struct rack *r, uint32_t una, uint32_t nxt);
/* After a freeze or an outage: how long what is in flight takes is not the path's time. */
void rack_restart(struct rack *r, struct boot_time now);
/* A recovery has ended. */
void rack_recovered(struct rack *r);
/*
 * The reordering window now, ns. `eager`: in recovery, or RACK_DUP_THRESH segments are sacked; then
 * 0 unless reordering was seen.
 */
uint64_t rack_window(const struct rack *r, uint64_t min_rtt_ns, uint64_t srtt_ns, bool eager);
/*
 * Marks the next entry that is lost by now and returns it (step 5); NULL when there is none, with
 * `*again_ns` set to how long from `now` until another may have to be marked, 0: none waits.
 */
struct sb_entry *rack_next_lost(struct rack *r, struct sb *sb, struct boot_time now,
				uint64_t window_ns, uint64_t *again_ns);
/*
 * A retransmission time-out (RFC 8985 6.3): marks the oldest entry, and those in flight that were
 * sent longer ago than a round trip and the window; what was sent lately is not lost by that.
 * Returns the bytes newly marked.
 */
uint32_t rack_timed_out(struct rack *r, struct sb *sb, struct boot_time now, uint64_t window_ns);

#endif
