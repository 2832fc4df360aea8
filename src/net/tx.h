/* Bytes that a stream sends: put into blocks, given to TCP by reference, released by its ACKs. */
#ifndef CULVERT_NET_TX_H
#define CULVERT_NET_TX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "net/block.h"

struct tx_queue {
	struct block *first, *last;
	struct block *next;	/* holds the first pending byte while there is one */
	uint32_t next_off;
	uint32_t first_off;	/* bytes of `first` that are acknowledged */
	uint32_t unacked;	/* committed, not acknowledged */
	uint32_t pending;	/* of these: not yet given to TCP */
	uint32_t held;		/* memory in blocks */
	bool large;		/* the writer fills what it is given: large blocks */
};

/* Large blocks are 128 kB then: a read of a local socket that brings so much is worth its call. */
#define TX_OFFER_MAX 4

/*
 * The blocks that tx_space offers after the tail of a stream. They belong to nobody until
 * tx_commit takes them, so a read that brings nothing leaves the stream without a block.
 */
struct tx_offer {
	struct tx_queue *to;
	struct block *blocks[TX_OFFER_MAX];
	bool large;
	size_t len;	/* offered in all */
};

/* Up to `max` pieces (at most TX_OFFER_MAX) and `limit` bytes of room; 0 when there is no memory. */
unsigned tx_space(struct tx_queue *tx, struct block_pool *pool, struct tx_offer *offer,
		  struct iovec *iov, unsigned max, size_t limit);
/* Adds `len` bytes that were placed in the pieces of the last tx_space. */
void tx_commit(struct tx_queue *tx, struct tx_offer *offer, size_t len);
/* The next pending bytes that lie in one piece. */
const uint8_t *tx_pending(const struct tx_queue *tx, size_t *len);
/* TCP has taken `len` of them. */
void tx_taken(struct tx_queue *tx, size_t len);
/* The oldest `len` bytes are acknowledged; `rest` as block_put has it. */
void tx_acked(struct tx_queue *tx, struct block_pool *pool, size_t len, bool rest);
void tx_free(struct tx_queue *tx, struct block_pool *pool, bool rest);
void tx_offer_free(struct tx_offer *offer, struct block_pool *pool);

#endif
