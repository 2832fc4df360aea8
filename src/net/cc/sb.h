/*
 * The scoreboard: what was sent and is not yet acknowledged cumulatively, a segment an entry, in
 * the order of sequence numbers. An entry is in flight, sacked (delivered out of order) or lost
 * (waiting to be sent again). Lookups are by binary search; runs of sacked entries are skipped,
 * entries in flight are also chained by the time when they were last sent: an acknowledgement costs
 * the same with 30 or 30,000 segments in flight, amortised.
 *
 * Entries live in chunks from a pool that many senders share; an empty scoreboard holds none.
 * Invariant: in_flight + sacked + lost == bytes of all entries (sb_verify recounts).
 */
#ifndef CULVERT_NET_CC_SB_H
#define CULVERT_NET_CC_SB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/compiler.h"
#include "base/list.h"
#include "net/cc/rate.h"
#include "net/cc/sb_pool.h"

#define SB_CHUNK_ENTRIES 16	/* 1.4 kB: what a request and its answer need is one chunk */

enum sb_state {
	SB_IN_FLIGHT,
	SB_SACKED,
	SB_LOST,
};

struct sb_entry {
	struct list link;	/* in flight: by time of the last sending; lost: order of repeats */
	void *segment;		/* the owner's */
	struct boot_time sent_at;	/* last sending */
	struct rate_mark mark;
	uint32_t seq;
	uint32_t skip;		/* sacked: so many entries from here on are known to be; >= 1 */
	uint16_t len;		/* SYN and FIN count */
	uint8_t state;		/* enum sb_state */
	uint8_t repeats;	/* how often sent again, up to 255 */
	bool was_lost;		/* marked lost at least once since it was first sent */
	bool told;		/* the owner's: the loss of its last sending was told to the algorithm */
	bool counted;		/* the owner's: its last sending was counted as delivered */
	bool waited;		/* its last sending was postponed: later than its timestamp says */
};

struct sb {
	struct sb_pool *pool;
	struct sb_share *share;		/* NULL: nobody's */
	struct sb_chunk **chunks;	/* ring of chunk pointers; NULL while empty */
	uint32_t chunk_cap;		/* of the ring, a power of two */
	uint32_t chunk_count;
	uint32_t first_chunk;		/* place in the ring */
	uint32_t first;			/* index of the oldest entry in its chunk */
	uint32_t count;			/* entries */
	struct list flying;		/* SB_IN_FLIGHT, oldest sending first */
	struct list lost_list;		/* SB_LOST, in order of sequence where it matters */
	uint32_t in_flight, sacked, lost;	/* bytes by state */
	struct sb_entry *unmarked;	/* the last of sb_unmark_lost while it is in flight; NULL */
	uint64_t steps;			/* entries passed on the way, by all calls: for tests */
};

static inline uint32_t sb_end(const struct sb_entry *e)
{
	return e->seq + e->len;
}

/* Sendings of one pass of the loop differ by a nanosecond each: their order is known by their times. */
#define SB_RESOLUTION_NS 1000

/* How long ago the entry was last sent, in whole microseconds: since its pass, not its place in that. */
static inline uint64_t sb_age_ns(const struct sb_entry *e, struct boot_time now)
{
	uint64_t ns = boot_since_ns(now, e->sent_at);

	return (ns + SB_RESOLUTION_NS - 1) / SB_RESOLUTION_NS * SB_RESOLUTION_NS;
}

void sb_init(struct sb *sb, struct sb_pool *pool);
/* Its chunks count as those of `share` from now on, which outlives it or is taken back with NULL. */
void sb_set_share(struct sb *sb, struct sb_share *share);
/* Forgets everything and gives the memory back. */
void sb_fini(struct sb *sb);

/*
 * Makes sure that one more entry can be pushed; false without memory. What is not used goes back
 * when the scoreboard runs empty.
 */
CULVERT_MUST_USE bool sb_reserve(struct sb *sb);
/* The same for what can wait: false, too, where too little would be left of the pool for others. */
CULVERT_MUST_USE bool sb_reserve_share(struct sb *sb);
/*
 * Appends what was sent just now, in flight. After sb_reserve only; `seq` is the end of the last.
 */
struct sb_entry *sb_push(struct sb *sb, uint32_t seq, uint16_t len, void *segment,
			 struct boot_time now);

/*
 * Removes the oldest entry if all of it lies below `una`; NULL when there is none (left). Its
 * `state` is what it was. Valid until the next call on any scoreboard of this pool.
 */
struct sb_entry *sb_take_acked(struct sb *sb, uint32_t una);

/*
 * A SACK block [left, right), checked by the caller to lie within what was sent: returns the
 * entries wholly inside it that were not sacked, each already counted as sacked (`was` tells the
 * state before), then NULL. No other call that changes the scoreboard in between.
 */
struct sb_walk {
	struct sb *sb;
	uint32_t right, at, from;	/* sequence number; entry indices */
	uint8_t was;			/* enum sb_state of the entry just returned, before */
};
void sb_sack(struct sb_walk *w, struct sb *sb, uint32_t left, uint32_t right);
struct sb_entry *sb_sack_next(struct sb_walk *w);

/* In flight -> lost. */
void sb_mark_lost(struct sb *sb, struct sb_entry *e);
/* Lost -> in flight, without having been sent again: the verdict was wrong. */
void sb_unmark_lost(struct sb *sb, struct sb_entry *e);
/*
 * Everything that is not sacked is lost (time-out); with `sacked_too` that as well (RFC 2018 8:
 * reneging).
 */
void sb_mark_all_lost(struct sb *sb, bool sacked_too);
/*
 * The entry was sent again just now (lost or in flight before): in flight, newest. Its mark is
 * rate_sent's.
 */
void sb_repeated(struct sb *sb, struct sb_entry *e, struct boot_time now);
/*
 * The last `count` sendings, of those in flight and not before `since`, are only now. The first of them,
 * those after it follow; NULL: there are none.
 */
struct sb_entry *sb_postpone(struct sb *sb, struct boot_time since, uint32_t count, struct boot_time now);
/*
 * The entry's segment was cut after `len` bytes: `rest` is what follows. The new entry has the
 * state and times of the old. Needs sb_reserve. `e` is invalid afterwards: look it up again. Moves all
 * entries before or behind it, whichever are fewer, and returns how many.
 */
uint32_t sb_split(struct sb *sb, struct sb_entry *e, uint16_t len, void *rest);

/*
 * The oldest entry, the newest, the first to be sent again, or the one in flight sent longest ago;
 * NULL: none.
 */
struct sb_entry *sb_first(const struct sb *sb);
struct sb_entry *sb_last(const struct sb *sb);
struct sb_entry *sb_first_lost(const struct sb *sb);
struct sb_entry *sb_oldest_flying(const struct sb *sb);
/* The entry in flight sent next after `e`, or NULL. */
struct sb_entry *sb_next_flying(const struct sb *sb, const struct sb_entry *e);
/* The entry that holds `seq`, or NULL. */
struct sb_entry *sb_find(const struct sb *sb, uint32_t seq);

static inline bool sb_empty(const struct sb *sb)
{
	return sb->count == 0;
}

/* Recounts everything and compares: for tests and debug builds. */
bool sb_verify(const struct sb *sb);

#endif
