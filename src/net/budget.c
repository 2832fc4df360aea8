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
 * If what was promised beyond the limit is used, and nobody reads, memory is bound beyond the limit.
 * budget_exceeded is the last line: the stack then takes only what is next in order, and only for those who have
 * little waiting.
 */
#include "net/budget.h"

#include <assert.h>

#include "net/window.h"

/* Of the limit: what starts share. */
#define STARTS_PART 16
/* Of the limit: what starts count as, at most. */
#define STARTS_MOST 2
/* A full segment of 1,368 bytes lies in an object of 1,536, one queued for sending has 200 bytes beside it. */
#define COST_PART 8
/* The stream and lwIP's control block, in their size classes. */
#define STREAM_STATE 2048

void budget_init(struct budget *b, size_t memory_max)
{
	*b = (struct budget){.limit = BUDGET_MOST};
	if (memory_max && memory_max / 4 < b->limit)
		b->limit = memory_max / 4;
	if (b->limit < BUDGET_LEAST)
		b->limit = BUDGET_LEAST;
}

static size_t cost(size_t bytes)
{
	return bytes + bytes / COST_PART;
}

uint32_t budget_start(const struct budget *b, size_t streams, uint32_t most)
{
	size_t share = b->limit / STARTS_PART / (streams + 1);

	if (share > most)
		return most;
	return share < WINDOW_LEAST ? WINDOW_LEAST : (uint32_t)share;
}

void budget_add_start(struct budget *b, uint32_t start)
{
	b->starts += start;
}

void budget_remove_start(struct budget *b, uint32_t start)
{
	assert(b->starts >= start);
	b->starts -= start;
}

void budget_grant(struct budget *b, uint32_t bytes)
{
	b->granted += bytes;
}

void budget_return(struct budget *b, uint32_t bytes)
{
	assert(b->granted >= bytes);
	b->granted -= bytes;
}

size_t budget_share(const struct budget *b, size_t stored, size_t have)
{
	size_t starts = cost(b->starts), used;

	if (starts > b->limit / STARTS_MOST)
		starts = b->limit / STARTS_MOST;
	used = starts + cost(b->granted) + cost(stored);
	/* Those of others. */
	used -= used < cost(have) ? used : cost(have);
	return used < b->limit ? (b->limit - used) / 3 * 2 / (COST_PART + 1) * COST_PART : 0;
}

bool budget_exceeded(const struct budget *b, size_t used, size_t streams)
{
	return used > b->limit + b->limit / 2 + streams * STREAM_STATE;
}
