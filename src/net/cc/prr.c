/*
 * Theory of operation
 *
 * While more is in flight than ssthresh, sending is proportional: of each `flight` bytes delivered,
 * `ssthresh` bytes may be sent. When losses or the application have brought the flight to ssthresh
 * or below, sending follows delivery (PRR-CRB); an acknowledgement that is good news may add a
 * segment more, as slow start would (PRR-SSRB), up to ssthresh and no further.
 *
 * The first segment goes out even where the proportion is not a whole one yet: fast retransmit.
 */
#include "net/cc/prr.h"

static uint64_t at_most(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

void prr_begin(struct prr *p, uint32_t ssthresh, uint32_t flight)
{
	*p = (struct prr){.flight = flight ? flight : 1, .ssthresh = ssthresh};
}

void prr_sent(struct prr *p, uint32_t len)
{
	p->out += len;
}

/*
 * PRR proper; the quotient is rounded up. Fits: 32 bits times what a recovery delivers, below 4 GB.
 */
static uint64_t prr_proportional(const struct prr *p)
{
	uint64_t most = at_most(p->delivered, UINT32_MAX) * p->ssthresh;
	uint64_t target = most / p->flight + (most % p->flight != 0);

	return target > p->out ? target - p->out : 0;
}

/* The reduction bound. */
static uint64_t prr_bounded(const struct prr *p, uint32_t delivered, uint32_t in_flight, bool safe,
			    uint32_t mss)
{
	uint64_t count = p->delivered > p->out ? p->delivered - p->out : 0;

	if (count < delivered)
		count = delivered;
	if (safe)
		count += mss;
	return at_most(count, p->ssthresh - in_flight);
}

uint32_t prr_acked(struct prr *p, uint32_t delivered, uint32_t in_flight, bool safe, uint32_t mss)
{
	uint64_t count;

	p->delivered += delivered;
	if (in_flight > p->ssthresh)
		count = prr_proportional(p);
	else
		count = prr_bounded(p, delivered, in_flight, safe, mss);
	if (!p->out && count < mss)
		count = mss;
	return (uint32_t)at_most(count, UINT32_MAX - in_flight);
}
