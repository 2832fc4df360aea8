/*
 * How much memory the bytes of all streams may bind, in both directions: one limit for what windows
 * promise to peers, what is kept for sending, and what the senders know of their segments.
 *
 * A promise counts when it is made, because it cannot be taken back: peers may use it at any
 * time, and a reader may stall then. What a byte costs beside itself (headers, the allocator) counts too.
 *
 * Each WireGuard peer that streams lead to has a part of its own, whatever the others have taken.
 */
#ifndef CULVERT_NET_BUDGET_H
#define CULVERT_NET_BUDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Two streams with 2 Gbit/s at 100 ms, or a hundred with 40 Mbit/s. */
#define BUDGET_MOST ((size_t)64 << 20)
/* With less memory than that nothing could be moved. */
#define BUDGET_LEAST ((size_t)2 << 20)

/* Of what peers share: the own parts of all, given when the rest is used. */
#define BUDGET_OWN_PART 4

struct budget {
	size_t limit;
	size_t starts;		/* windows that streams got when they were made */
	size_t counted;		/* of these, in the decision about further ones: what one peer has counts up to a limit */
	size_t granted;		/* what windows have grown beyond that */
	size_t peers;		/* that have streams */
	size_t own;		/* each one's own part: kept, because it is asked for with each read and write */
};

/* What the streams of one WireGuard peer have. */
struct budget_peer {
	size_t streams;
	size_t starts, granted;	/* as above */
	size_t unread;		/* received, with what the pieces cost */
	size_t sending;		/* blocks */
};

/* A quarter of `memory_max`, the bytes that this process may have; 0: not limited. */
void budget_init(struct budget *b, size_t memory_max);

/*
 * The window that one stream more of the peer begins with, at most `most`: a share of a sixteenth of the
 * limit. No stream is refused: there is a least, so that very many promise more than the limit.
 */
uint32_t budget_start(const struct budget *b, const struct budget_peer *p, uint32_t most);
/* A stream with the window `start` has come, or has gone. */
void budget_add_start(struct budget *b, struct budget_peer *p, uint32_t start);
void budget_remove_start(struct budget *b, struct budget_peer *p, uint32_t start);
/* A window became larger by that, or smaller. */
void budget_grant(struct budget *b, struct budget_peer *p, uint32_t bytes);
void budget_return(struct budget *b, struct budget_peer *p, uint32_t bytes);

/*
 * The most that one stream of the peer may have, which has `have` of that, while `stored` bytes of memory are bound by
 * sending: two thirds of what is left, of the limit or of the peer's own part. So n of them that want all they can
 * get have 2/(2n + 1) of it each, and there is always something left for the next.
 */
size_t budget_share(const struct budget *b, const struct budget_peer *p, size_t stored, size_t have);
/* The part of `all`, which peers share, that is each peer's own; all own parts are BUDGET_OWN_PART of it. */
size_t budget_own(const struct budget *b, size_t all);
/* Whether the peer has more than it would have if all had the same. */
bool budget_above_fair(const struct budget *b, const struct budget_peer *p);
/* What is bound must not be more, whoever promised it: `used` bytes with what `streams` idle ones take. */
bool budget_exceeded(const struct budget *b, size_t used, size_t streams);
/* Whether what the peer binds lies within its own part: that it may bind even then. */
bool budget_within_own(const struct budget *b, const struct budget_peer *p);

#endif
