/* One received inner packet, measured and checked: what the merger and the feed need to know. */
#ifndef CULVERT_NET_SEG_H
#define CULVERT_NET_SEG_H

#include <stdbool.h>
#include <stdint.h>

#include "net/stack.h"

enum seg_kind {
	SEG_TCP,	/* complete, checksum right: the TCP fields are set */
	SEG_ICMP,	/* of the packet's family, complete and checked */
	SEG_CHECKED,	/* anything else, complete and checked */
	SEG_UNCHECKED,	/* a fragment: lwIP must check the whole */
};

#define SEG_PSH 0x08
#define SEG_ACK 0x10

struct seg {
	enum seg_kind kind;
	uint8_t *ip;		/* the packet */
	uint32_t len;		/* by its IP header, at most 65,535 */
	uint32_t l4;		/* offset of the upper-layer header */
	bool v6;
	/* TCP only */
	uint8_t flags;
	uint8_t opt_len;
	uint32_t hdr_len;	/* IP and TCP headers */
	uint32_t payload_len;
	uint32_t seq, ack;
};

/* Measures and checks the packet of `len` bytes at `p`. 0, or -1 and the reason. */
int seg_parse(struct seg *seg, uint8_t *p, uint32_t len, enum net_drop *reason);

#endif
