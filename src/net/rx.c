#include "net/rx.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "net/lwip_err.h"

#include "lwip/pbuf.h"

/* A copy and its pbuf fill one object of the allocator's largest class. */
#define SETTLE_CHUNK 4000

static bool is_raw(const struct pbuf *p)
{
	return (p->flags & PBUF_FLAG_IS_CUSTOM) != 0;
}

static void free_one(struct rx_queue *rx, struct pbuf *p)
{
	if (is_raw(p))
		rx->raw--;
	rx->pieces--;
	if (rx->settled == p)
		rx->settled = NULL;
	p->next = NULL;
	p->tot_len = p->len;
	pbuf_free(p);
}

void rx_append(struct rx_queue *rx, struct pbuf *chain)
{
	while (chain) {
		struct pbuf *p = chain;

		chain = p->next;
		p->next = NULL;
		rx->pieces++;
		if (is_raw(p))
			rx->raw++;
		/* What is left of a first segment that TCP has trimmed. */
		if (!p->len) {
			free_one(rx, p);
			continue;
		}
		if (rx->tail)
			rx->tail->next = p;
		else
			rx->head = p;
		rx->tail = p;
		rx->len += p->len;
	}
}

unsigned rx_peek(const struct rx_queue *rx, struct iovec *iov, unsigned max)
{
	unsigned count = 0;

	for (struct pbuf *p = rx->head; p && count < max; p = p->next)
		iov[count++] = (struct iovec){p->payload, p->len};
	return count;
}

/* Drops `len` bytes, at most its length, from the front of the first pbuf. */
static void trim_head(struct rx_queue *rx, size_t len)
{
	struct pbuf *p = rx->head;

	p->payload = (char *)p->payload + len;
	p->len = (u16_t)(p->len - len);
	if (p->len)
		return;
	rx->head = p->next;
	if (!rx->head)
		rx->tail = NULL;
	free_one(rx, p);
}

void rx_consume(struct rx_queue *rx, size_t len)
{
	assert(len <= rx->len);
	rx->len -= len;
	while (len) {
		size_t n = rx->head->len < len ? rx->head->len : len;

		trim_head(rx, n);
		len -= n;
	}
}

/* Moves up to SETTLE_CHUNK bytes of the raw pbufs from `first` on to a new one; NULL: no memory. */
static struct pbuf *settle_run(struct rx_queue *rx, struct pbuf *first)
{
	struct pbuf *copy;
	size_t len = 0, at = 0;

	for (struct pbuf *p = first; p && is_raw(p) && len < SETTLE_CHUNK; p = p->next)
		len += p->len;
	if (len > SETTLE_CHUNK)
		len = SETTLE_CHUNK;
	copy = pbuf_alloc(PBUF_RAW, (u16_t)len, PBUF_RAM);
	if (!copy)
		return NULL;
	rx->pieces++;
	while (at < len) {
		size_t n = first->len < len - at ? first->len : len - at;

		memcpy((char *)copy->payload + at, first->payload, n);
		at += n;
		first->payload = (char *)first->payload + n;
		first->len = (u16_t)(first->len - n);
		if (!first->len) {
			struct pbuf *next = first->next;

			free_one(rx, first);
			first = next;
		}
	}
	copy->next = first;
	return copy;
}

void rx_settle(struct rx_queue *rx)
{
	struct pbuf **link;

	if (!rx->raw)
		return;
	link = rx->settled ? &rx->settled->next : &rx->head;
	while (*link) {
		if (is_raw(*link)) {
			struct pbuf *copy = settle_run(rx, *link);

			if (!copy)
				return;
			*link = copy;
			if (!copy->next)
				rx->tail = copy;
		}
		rx->settled = *link;
		link = &(*link)->next;
	}
}

void rx_free(struct rx_queue *rx)
{
	rx_consume(rx, rx->len);
}
