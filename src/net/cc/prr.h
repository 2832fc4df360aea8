/*
 * Proportional rate reduction (RFC 6937 and draft-ietf-tcpm-prr-rfc6937bis): how much may be sent
 * for each acknowledgement in recovery, so that the flight converges to ssthresh neither in a burst
 * nor with a pause.
 */
#ifndef CULVERT_NET_CC_PRR_H
#define CULVERT_NET_CC_PRR_H

#include <stdbool.h>
#include <stdint.h>

struct prr {
	uint64_t delivered;	/* bytes since recovery began (prr_delivered) */
	uint64_t out;		/* bytes sent since (prr_out) */
	uint32_t flight;	/* bytes in flight when it began (RecoverFS) */
	uint32_t ssthresh;
};

void prr_begin(struct prr *p, uint32_t ssthresh, uint32_t flight);
/* Bytes left in the network, first time or again. */
void prr_sent(struct prr *p, uint32_t len);
/*
 * An acknowledgement: `delivered` newly delivered bytes, `in_flight` after it, `safe`: it moved
 * SND.UNA and showed no further loss (SafeACK). Returns how many bytes may be sent now: the window
 * is that and `in_flight`. Never less than `mss` until something was sent. Where nothing was
 * delivered (a timer found the loss) it is not asked: the window stays, and what was marked lost
 * has made room.
 */
uint32_t prr_acked(struct prr *p, uint32_t delivered, uint32_t in_flight, bool safe, uint32_t mss);

#endif
