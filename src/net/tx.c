#include "net/tx.h"

#include <assert.h>

void tx_offer_free(struct tx_offer *offer, struct block_pool *pool)
{
	for (unsigned i = 0; i < TX_OFFER_MAX; i++) {
		if (offer->blocks[i])
			block_put(pool, offer->blocks[i], false);
		offer->blocks[i] = NULL;
	}
	offer->to = NULL;
}

static void offer_fill(struct tx_offer *offer, struct block_pool *pool, bool large)
{
	if (offer->large != large)
		tx_offer_free(offer, pool);
	offer->large = large;
	for (unsigned i = 0; i < TX_OFFER_MAX; i++) {
		if (!offer->blocks[i])
			offer->blocks[i] = block_get(pool, large);
	}
}

unsigned tx_space(struct tx_queue *tx, struct block_pool *pool, struct tx_offer *offer,
		  struct iovec *iov, unsigned max, size_t limit)
{
	unsigned count = 0;
	size_t room = tx->last ? tx->last->cap - tx->last->len : 0;

	offer->len = 0;
	if (max > TX_OFFER_MAX)
		max = TX_OFFER_MAX;
	if (max && limit && room) {
		if (room > limit)
			room = limit;
		iov[count++] = (struct iovec){tx->last->data + tx->last->len, room};
		offer->len = room;
	}
	if (count < max && offer->len < limit)
		offer_fill(offer, pool, tx->large && limit > BLOCK_SMALL);
	for (unsigned i = 0; count < max && offer->len < limit && offer->blocks[i]; i++) {
		room = offer->blocks[i]->cap;
		if (room > limit - offer->len)
			room = limit - offer->len;
		iov[count++] = (struct iovec){offer->blocks[i]->data, room};
		offer->len += room;
	}
	offer->to = tx;
	return count;
}

/* Appends the first offered block. */
static void take_block(struct tx_queue *tx, struct tx_offer *offer)
{
	struct block *block = offer->blocks[0];

	assert(block && offer->to == tx);
	for (unsigned i = 1; i < TX_OFFER_MAX; i++)
		offer->blocks[i - 1] = offer->blocks[i];
	offer->blocks[TX_OFFER_MAX - 1] = NULL;
	if (tx->last)
		tx->last->next = block;
	else
		tx->first = block;
	tx->last = block;
	tx->held += (uint32_t)block_bytes(block);
}

void tx_commit(struct tx_queue *tx, struct tx_offer *offer, size_t len)
{
	assert(offer->to == tx && len <= offer->len);
	if (len == offer->len)
		tx->large = true;
	else if (len < BLOCK_SMALL / 2)
		tx->large = false;
	while (len) {
		size_t n = tx->last ? tx->last->cap - tx->last->len : 0;

		if (!n) {
			take_block(tx, offer);
			continue;
		}
		if (n > len)
			n = len;
		if (!tx->pending) {
			tx->next = tx->last;
			tx->next_off = tx->last->len;
		}
		tx->last->len += (uint32_t)n;
		tx->unacked += (uint32_t)n;
		tx->pending += (uint32_t)n;
		len -= n;
	}
	offer->len = 0;
	offer->to = NULL;
}

const uint8_t *tx_pending(const struct tx_queue *tx, size_t *len)
{
	if (!tx->pending) {
		*len = 0;
		return NULL;
	}
	*len = tx->next->len - tx->next_off;
	return tx->next->data + tx->next_off;
}

void tx_taken(struct tx_queue *tx, size_t len)
{
	assert(len <= tx->pending && len <= tx->next->len - tx->next_off);
	tx->pending -= (uint32_t)len;
	tx->next_off += (uint32_t)len;
	if (tx->next_off == tx->next->len && tx->next->next) {
		tx->next = tx->next->next;
		tx->next_off = 0;
	}
}

static void drop_first(struct tx_queue *tx, struct block_pool *pool, bool rest)
{
	struct block *block = tx->first;

	tx->first = block->next;
	if (!tx->first)
		tx->last = NULL;
	tx->held -= (uint32_t)block_bytes(block);
	block_put(pool, block, rest);
}

void tx_acked(struct tx_queue *tx, struct block_pool *pool, size_t len, bool rest)
{
	assert(len <= tx->unacked - tx->pending);
	tx->unacked -= (uint32_t)len;
	tx->first_off += (uint32_t)len;
	while (tx->first && tx->first_off >= tx->first->len) {
		tx->first_off -= tx->first->len;
		drop_first(tx, pool, rest);
	}
}

void tx_free(struct tx_queue *tx, struct block_pool *pool, bool rest)
{
	while (tx->first)
		drop_first(tx, pool, rest);
	*tx = (struct tx_queue){0};
}
