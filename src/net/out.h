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

struct net_stack;

/*
 * One round of output: a window of 1.4 MB. More only delays acknowledgements of the same round,
 * as the owner drains the queue until it stays empty.
 */
#define OUT_QUEUE_MAX 1024

struct out_queue {
	struct pbuf *ring[OUT_QUEUE_MAX];
	unsigned head, count;
};

/* Sets the output functions of a netif. */
void out_attach(struct netif *netif);
/* Drops everything. */
void out_purge(struct net_stack *stack);

#endif
