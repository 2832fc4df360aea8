/*
 * The sending side of a TCP connection: which segments are in flight, lost or to be sent again, how
 * many may be in flight (congestion control) and when the next may leave (pacing). Sans-IO; the owner
 * keeps the queues and tells what it has sent and what was acknowledged.
 *
 *	acknowledgement in:	cc_acked
 *	what may leave:		cc_next_repeat until NULL, then new data while cc_may_send; cc_output_done
 *	what has left:		cc_sent, cc_repeated
 *	timer:			cc_deadline, cc_tick
 *
 * Works with and without SACK and timestamps.
 */
#ifndef CULVERT_NET_CC_CC_H
#define CULVERT_NET_CC_CC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "net/cc/algo.h"
#include "net/cc/pacer.h"
#include "net/cc/prr.h"
#include "net/cc/rack.h"
#include "net/cc/rate.h"
#include "net/cc/rtt.h"
#include "net/cc/sb.h"

#define CC_SACK_BLOCKS_MAX 4	/* what 40 bytes of options hold (RFC 2018 3) */

struct cc_range {
	uint32_t left, right;	/* sequence numbers, right exclusive */
};

/* What one segment with an ACK says; checked by the owner to lie within what was sent. */
struct cc_ack {
	uint32_t ack;
	uint32_t echo;			/* timestamp echo, ms as sent */
	bool has_echo;
	bool maybe_duplicate;		/* no data, no change of the window: counts without SACK (RFC 5681 2) */
	bool window_closed;		/* its window is 0 */
	unsigned sack_count;
	struct cc_range sacks[CC_SACK_BLOCKS_MAX];	/* as received */
};

enum cc_phase {
	CC_OPEN,	/* nothing known to be lost */
	CC_RECOVERY,	/* until `recover` is acknowledged; the window follows PRR or the algorithm */
	CC_LOSS,	/* after a time-out */
};

enum cc_verdict {
	CC_WAIT,	/* nothing to do */
	CC_SEND,	/* something may leave now */
	CC_DEAD,	/* no progress for the user timeout */
};

/* Which of the timers `timer_at` is; one is armed at a time (RFC 8985 7.2, 8). */
enum cc_timer {
	CC_TIMER_NONE,
	CC_TIMER_RTO,
	CC_TIMER_PROBE,		/* TLP */
	CC_TIMER_REORDER,	/* RACK: a segment is lost if nothing comes until then */
};

/* What a sender has counted; the status shows the sums. */
struct cc_stats {
	uint32_t repeats;	/* segments sent again */
	uint32_t needless;	/* D-SACKs: what had arrived already */
	uint32_t recoveries;	/* flights with a loss, found without a time-out */
	uint32_t timeouts;
	uint32_t probes;	/* tail loss probes asked for */
	uint32_t undone;	/* reductions taken back */
};

struct cc_config {
	struct sb_pool *pool;
	const struct cc_algo *algo;
	uint32_t mss;			/* payload of a full segment */
	uint32_t window_max;		/* bytes that can ever be in flight */
	uint64_t user_timeout_ns;	/* no progress for so long ends it (RFC 5482) */
	uint64_t rtt_ns;		/* of the handshake; 0: not known, its SYN was repeated */
	uint64_t seed;		/* where the algorithm draws lots */
	bool sack;			/* agreed on */
};

struct cc {
	struct sb sb;
	struct rtt rtt;
	struct rack rack;
	struct prr prr;
	struct rate rate;
	struct pacer pacer;
	const struct cc_algo *algo;
	union cc_algo_state state;
	struct cc_control control;

	uint32_t una, nxt;		/* SND.UNA; end of what was sent */
	uint32_t recover;		/* `nxt` when the phase began */
	uint32_t mss;
	uint64_t seed;
	enum cc_phase phase;
	bool sack;

	/* without SACK (RFC 6582): what duplicates say has left the network */
	uint32_t duplicates;
	bool partial;			/* recovery has seen a partial acknowledgement */
	uint32_t loss_end;		/* `recover` of the last recovery, or a byte before `una` */

	/* undo (RFC 3522, RFC 3708) */
	bool undo_set;
	bool undo_stamped;
	uint32_t undo_repeats;		/* repeats not yet shown to be needless */
	uint32_t undo_stamp;		/* timestamp of the first repeat */
	uint32_t undo_first;		/* its end: an echo that speaks of less is of an earlier episode */
	uint32_t undo_from, undo_to;	/* nothing else was repeated since */
	bool frto;			/* RFC 5682: is the time-out spurious? */
	bool frto_new;			/* new data now, instead of repeats */

	/* tail loss probe (RFC 8985 7) */
	bool probe_wanted;
	bool probe_out;			/* one is in flight, ending at probe_end */
	bool probe_repeat;		/* it repeated something */
	uint32_t probe_end;

	uint64_t rounds;
	uint32_t round_end;
	bool limited;			/* by the window itself in this round */
	bool limited_before, full_before;	/* in the round before: by the window or its pace; by the window */
	bool paced, held;		/* in this round: the pacer kept something back; what it let go had to wait */

	enum cc_timer timer;
	struct boot_time timer_at;
	struct boot_time blocked_until;	/* the pacer, memory or a cut holds something back; ns 0: nothing */
	struct boot_time cuts_until;	/* what cutting segments has cost is paid by then */
	uint8_t backoffs;		/* time-outs in a row */
	bool path_lost;
	uint64_t user_timeout_ns;
	struct boot_time progress_at;
	struct boot_time last_sent_at;

	struct cc_stats stats;
};

/* `una` is the next sequence number to be sent: nothing is in flight. */
void cc_init(struct cc *cc, const struct cc_config *config, struct boot_time now, uint32_t una);
void cc_fini(struct cc *cc);

void cc_acked(struct cc *cc, struct boot_time now, const struct cc_ack *ack);

/*
 * The entry to be sent again now, or NULL. `more`: there is new data that the peer's window lets go.
 * What is returned must be followed by cc_repeated, cc_split, or by asking later.
 */
struct sb_entry *cc_next_repeat(struct cc *cc, struct boot_time now, bool more);
/* Whether `len` new bytes may leave now. */
bool cc_may_send(struct cc *cc, struct boot_time now, uint32_t len);
/* New: `len` counts FIN. cc_may_send must have said yes just before. */
void cc_sent(struct cc *cc, struct boot_time now, uint32_t seq, uint16_t len, void *segment);
void cc_repeated(struct cc *cc, struct boot_time now, struct sb_entry *e);
/*
 * The last `count` sendings, said to have been at `since` or later, have not left by now: they are from now. If
 * nothing else is in flight the timers stand still until cc_left. And it is not the pace that limits.
 */
void cc_not_left(struct cc *cc, struct boot_time now, struct boot_time since, uint32_t count);
/* Some of them leave now; cc_not_left has just said when that is. */
void cc_left(struct cc *cc, struct boot_time now);
/* The segment of `e`, which cc_next_repeat has just returned, was cut to `len` bytes; `rest` follows. */
void cc_split(struct cc *cc, struct sb_entry *e, uint16_t len, void *rest);
/* Nothing (more) leaves now. `more` as above. */
void cc_output_done(struct cc *cc, bool more);

struct boot_time cc_deadline(const struct cc *cc);
enum cc_verdict cc_tick(struct cc *cc, struct boot_time now);

/* The path takes only segments of `mss` from now on: longer ones in flight are lost, without congestion. */
void cc_narrowed(struct cc *cc, struct boot_time now, uint32_t mss);
/* The path is known to be interrupted: no progress is no sign. Back: one segment is repeated at once. */
void cc_path(struct cc *cc, struct boot_time now, bool up);

/* The bytes that may be in flight. */
static inline uint32_t cc_window(const struct cc *cc)
{
	return cc->control.cwnd;
}

/* Recounts what can be recounted; for tests. */
bool cc_verify(const struct cc *cc);

#endif
