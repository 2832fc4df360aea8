/*
 * Merging of received TCP segments before lwIP sees them: consecutive in-order segments of one
 * connection in one receive batch become one segment, so that the stack runs once for many packets.
 */
#ifndef CULVERT_NET_GRO_H
#define CULVERT_NET_GRO_H

#include <stdbool.h>
#include <stdint.h>

#include "net/seg.h"

struct net_stack;
struct pbuf;

/* Connections merged side by side: a batch seldom has more, and each packet looks at all. */
#define GRO_FLOWS 8
/* An IP packet's length field, and lwIP's. */
#define GRO_LEN_MAX 65535

struct gro_flow {
	struct pbuf *head, *tail;
	uint8_t *ip, *tcp;	/* headers of the first segment, updated in place */
	uint32_t l4, opt_len, hdr_len;
	uint32_t len;		/* of the merged IP packet */
	uint32_t payload_len;
	uint32_t seq, next_seq, ack;
	uint32_t sender;	/* the peer */
	bool v6;
	bool closed;		/* nothing may be appended any more */
};

struct gro {
	struct gro_flow flows[GRO_FLOWS];
	unsigned count;		/* flows[0..count), in order of arrival */
};

/*
 * Takes a parsed TCP segment of the peer `sender` that lies in `p` (payload at its IP header, length
 * seg->len).
 */
void gro_add(struct net_stack *stack, const struct seg *seg, struct pbuf *p, uint32_t sender);
/* Hands everything to lwIP, in order of arrival. */
void gro_flush(struct net_stack *stack);

#endif
