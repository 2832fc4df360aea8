/* Sequence numbers (RFC 9293 3.4): 32 bits that wrap, compared within half of their range. */
#ifndef CULVERT_NET_CC_SEQ_H
#define CULVERT_NET_CC_SEQ_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

static inline bool seq_lt(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

static inline bool seq_leq(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) <= 0;
}

static inline uint32_t seq_max(uint32_t a, uint32_t b)
{
	return seq_lt(a, b) ? b : a;
}

/*
 * Whether sending `a` was later: of one pass, which has one time, the higher end is (RFC 8985 6.2
 * step 2).
 */
static inline bool seq_sent_after(struct boot_time a, uint32_t a_end, struct boot_time b,
				  uint32_t b_end)
{
	return a.ns > b.ns || (a.ns == b.ns && seq_lt(b_end, a_end));
}

#endif
