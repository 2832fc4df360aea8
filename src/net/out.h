/*
 * Packets on their way out: a bounded queue of references to lwIP's pbufs. lwIP gets ERR_MEM when
 * it is full and tries again when it was drained.
 */
#ifndef CULVERT_NET_OUT_H
#define CULVERT_NET_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "net/lwip_err.h"
#include "lwip/netif.h"

#include "base/ip.h"

struct net_peer;
struct net_stack;
struct net_stream;

/*
 * One round of output: a window of 1.4 MB. More only delays acknowledgements of the same round,
 * as the owner drains the queue until it stays empty.
 */
#define OUT_QUEUE_MAX 1024
/*
 * Packets in it that are due to one peer: at most this many times what is still free, as with connections
 * (net/peers.h). While the socket has no room, answers to one peer's flood leave a fifth to others.
 */
#define OUT_PEER_PER_FREE 4

struct out_slot {
	struct pbuf *p;
	struct ip_view ip;
	struct net_peer *peer;		/* counts it: whose packet is answered, or whose stream sends */
	struct net_stream *stream;	/* whose sender counts it (net/waits.h), or NULL */
};

struct out_queue {
	struct out_slot ring[OUT_QUEUE_MAX];
	unsigned head, count;
};

/* Sets the output functions of a netif. */
void out_attach(struct netif *netif);
/* The packet just queued is a segment of this stream. */
void out_claim(struct net_stack *stack, struct net_stream *s);
/* The stream's packets are nobody's any more. Walks the queue. */
void out_disown(struct net_stack *stack, const struct net_stream *s);
/* Drops everything. */
void out_purge(struct net_stack *stack);

#endif
