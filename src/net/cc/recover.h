/* What acknowledgements and time-outs mean for a sender: the inside of cc.h. */
#ifndef CULVERT_NET_CC_RECOVER_H
#define CULVERT_NET_CC_RECOVER_H

#include <stdbool.h>
#include <stdint.h>

#include "net/cc/cc.h"

/* What an acknowledgement or the reordering timer has left to do for the timers. */
struct recover_result {
	bool advanced;		/* SND.UNA moved */
	uint64_t again_ns;	/* a segment may have to be marked lost after so long; 0: none */
};

/* Bytes believed to be in the network. */
uint32_t recover_pipe(const struct cc *cc);

struct recover_result recover_ack(struct cc *cc, struct boot_time now, const struct cc_ack *ack);
/* The reordering timer has fired. */
struct recover_result recover_reorder(struct cc *cc, struct boot_time now);
/* The retransmission timer has fired. */
void recover_time_out(struct cc *cc, struct boot_time now);
/* The path is back after an outage: everything in flight may be lost, without congestion. */
void recover_outage(struct cc *cc, struct boot_time now);

/* The timestamp of `t` as the peer echoes it (RFC 7323; net/ sends ms). */
static inline uint32_t recover_stamp(struct boot_time t)
{
	return (uint32_t)(t.ns / NS_PER_MS);
}

#endif
