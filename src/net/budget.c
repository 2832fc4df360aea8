/*
 * Theory of operation
 *
 * Windows have two parts. What a stream begins with is given without asking: most streams never
 * need it, and very many idle ones must not keep the few that move data from growing. So all starts together
 * count as half of the limit at most. The start shrinks with the number of streams: a sixteenth of the limit
 * is shared, a peer in slow start is not slower for it, because a window grows to twice of what was
 * taken in a round trip. With a limit of 64 MB the starts of 406 streams stay within their half: up to there
 * the sum of all promises is below the limit. Beyond, each stream more promises WINDOW_LEAST on top.
 *
 * Growth is asked for, and is granted from what is left.
 *
 * Peers. One that takes all it can get may keep it without end: its readers stall, or it closes its windows and answers
 * the probes. So each has a part of its own, which it gets when nothing is left: a quarter of the limit, by the number
 * of peers that have streams. Ten that come one after the other promise half of the limit beyond it that way. The start
 * of a stream goes by the number of its peer's; while starts of many peers fill their half it goes by what is left of
 * that, where those of one peer count as a quarter of the limit, or it could leave nothing to the others. What peers
 * above their fair part do not move is ended when others ask (net/room.c).
 *
 * If what was promised beyond the limit is used, and nobody reads, memory is bound beyond the limit.
 * budget_exceeded is the last line: the stack then takes only what is next in order, and only for those who have
 * little waiting. Peers within their own part are not held to it: these bind a quarter of the limit together, on top.
 */
#include "net/budget.h"

#include <assert.h>

#include "net/window.h"

/* Of the limit: what the starts of a peer share. */
#define STARTS_PART 16
/* Of the limit: what starts count as, at most. */
#define STARTS_MOST 2
/* Of the limit: what those of one peer count as when further ones are decided on. */
#define STARTS_OF_PEER 4
/* Of what is left of that: one start. */
#define STARTS_LEFT_PART 8
/* A full segment of 1,368 bytes lies in an object of 1,536, one queued for sending has 200 bytes beside it. */
#define COST_PART 8
/* The stream and lwIP's control block, in their size classes. */
#define STREAM_STATE 2048

size_t budget_own(const struct budget *b, size_t all)
{
	return all / BUDGET_OWN_PART / (b->peers ? b->peers : 1);
}

void budget_init(struct budget *b, size_t memory_max)
{
	*b = (struct budget){.limit = BUDGET_MOST};
	if (memory_max && memory_max / 4 < b->limit)
		b->limit = memory_max / 4;
	if (b->limit < BUDGET_LEAST)
		b->limit = BUDGET_LEAST;
	b->own = budget_own(b, b->limit);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t minus(size_t a, size_t b)
{
	return a > b ? a - b : 0;
}

static size_t cost(size_t bytes)
{
	return bytes + bytes / COST_PART;
}

/* How many bytes cost so much, at most. */
static size_t bytes_for(size_t memory)
{
	return memory / (COST_PART + 1) * COST_PART;
}

uint32_t budget_start(const struct budget *b, const struct budget_peer *p, uint32_t most)
{
	size_t share = b->limit / STARTS_PART / (p->streams + 1);

	share = least(share, minus(b->limit / STARTS_MOST, b->counted) / STARTS_LEFT_PART);
	if (share > most)
		return most;
	return share < WINDOW_LEAST ? WINDOW_LEAST : (uint32_t)share;
}

static void set_starts(struct budget *b, struct budget_peer *p, size_t starts)
{
	size_t most = b->limit / STARTS_OF_PEER;

	b->starts += starts - p->starts;
	b->counted += least(starts, most) - least(p->starts, most);
	p->starts = starts;
}

static void set_peers(struct budget *b, size_t peers)
{
	b->peers = peers;
	b->own = budget_own(b, b->limit);
}

void budget_add_start(struct budget *b, struct budget_peer *p, uint32_t start)
{
	if (!p->streams++)
		set_peers(b, b->peers + 1);
	set_starts(b, p, p->starts + start);
}

void budget_remove_start(struct budget *b, struct budget_peer *p, uint32_t start)
{
	assert(p->streams && p->starts >= start);
	if (!--p->streams)
		set_peers(b, b->peers - 1);
	set_starts(b, p, p->starts - start);
}

void budget_grant(struct budget *b, struct budget_peer *p, uint32_t bytes)
{
	b->granted += bytes;
	p->granted += bytes;
}

void budget_return(struct budget *b, struct budget_peer *p, uint32_t bytes)
{
	assert(p->granted >= bytes);
	b->granted -= bytes;
	p->granted -= bytes;
}

size_t budget_share(const struct budget *b, const struct budget_peer *p, size_t stored, size_t have)
{
	size_t starts = least(cost(b->starts), b->limit / STARTS_MOST);
	size_t used = minus(starts + cost(b->granted) + cost(stored), cost(have));
	size_t own_starts = least(cost(p->starts), b->own / STARTS_MOST);
	size_t own_used = minus(own_starts + cost(p->granted) + cost(p->sending), cost(have));
	size_t left = minus(b->limit, used), own_left = minus(b->own, own_used);

	return bytes_for((own_left > left ? own_left : left) / 3 * 2);
}

bool budget_above_fair(const struct budget *b, const struct budget_peer *p)
{
	return b->peers > 1 && cost(p->starts + p->granted + p->sending) > b->limit / b->peers;
}

bool budget_exceeded(const struct budget *b, size_t used, size_t streams)
{
	return used > b->limit + b->limit / 2 + streams * STREAM_STATE;
}

bool budget_within_own(const struct budget *b, const struct budget_peer *p)
{
	return b->peers > 1 && cost(p->unread + p->sending) <= b->own;
}
