/* Received bytes of one stream, in the pbufs they arrived in, until their reader takes them. */
#ifndef CULVERT_NET_RX_H
#define CULVERT_NET_RX_H

#include <stddef.h>
#include <sys/uio.h>

struct pbuf;

/*
 * The pbufs are linked by `next` alone: their `tot_len` has 16 bits and a queue may hold a
 * window of 32 MB, so it is not kept up here.
 */
struct rx_queue {
	struct pbuf *head, *tail;
	struct pbuf *settled;	/* up to this one all pbufs are copies; NULL: not known */
	size_t len;		/* bytes */
	size_t pieces;		/* pbufs */
	size_t raw;		/* of these: that pin a receive block */
};

/* Appends a chain as lwIP hands it out; takes it over. */
void rx_append(struct rx_queue *rx, struct pbuf *chain);
/* The first bytes as up to `max` pieces. */
unsigned rx_peek(const struct rx_queue *rx, struct iovec *iov, unsigned max);
/* Drops `len` bytes (at most rx->len) from the front. */
void rx_consume(struct rx_queue *rx, size_t len);
/* Copies what lies in receive blocks to memory of its own, as far as there is memory. */
void rx_settle(struct rx_queue *rx);
void rx_free(struct rx_queue *rx);

#endif
