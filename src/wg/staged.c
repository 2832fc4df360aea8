#include "wg/staged.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/system.h"

void wg_staged_pool_init(struct wg_staged_pool *pool)
{
	*pool = (struct wg_staged_pool){0};
	for (unsigned i = 0; i <= WG_STAGED_PER_PEER; i++)
		list_init(&pool->by_count[i]);
}

void wg_staged_init(struct wg_staged *q)
{
	*q = (struct wg_staged){0};
	list_init(&q->same_count);
}

/* A count changes by one, so the longest queue is found without a search. */
static void set_count(struct wg_staged_pool *pool, struct wg_staged *q, unsigned count)
{
	pool->total += count - q->count;
	q->count = count;
	list_remove(&q->same_count);
	if (count)
		list_push_back(&pool->by_count[count], &q->same_count);
	if (count > pool->longest)
		pool->longest = count;
	else if (list_empty(&pool->by_count[pool->longest]))
		pool->longest = count;
}

/* The queue that gives up a packet for a new one of `q`, or NULL when there is room. */
static struct wg_staged *victim_for(const struct wg_staged_pool *pool, struct wg_staged *q)
{
	if (q->count >= WG_STAGED_PER_PEER)
		return q;
	if (pool->total < WG_STAGED_TOTAL || q->count < WG_STAGED_OWN)
		return NULL;
	if (q->count == pool->longest)
		return q;
	return LIST_ENTRY(pool->by_count[pool->longest].next, struct wg_staged, same_count);
}

static struct wg_staged_packet *unlink_oldest(struct wg_staged *q)
{
	struct wg_staged_packet *packet = q->head;

	q->head = packet->next;
	if (!q->head)
		q->tail = NULL;
	return packet;
}

static void append(struct wg_staged *q, struct wg_staged_packet *packet)
{
	if (q->tail)
		q->tail->next = packet;
	else
		q->head = packet;
	q->tail = packet;
}

unsigned wg_staged_push(struct wg_staged_pool *pool, struct wg_staged *q, const uint8_t *p, size_t len)
{
	struct wg_staged *victim = victim_for(pool, q);
	struct wg_staged_packet *packet = malloc(sizeof(*packet) + len);

	if (!packet)
		return 1;
	packet->next = NULL;
	packet->len = len;
	memcpy(packet->data, p, len);
	if (victim == q) {
		/* Its length, and its place among queues of that length, stay as they are. */
		append(q, packet);
		free(unlink_oldest(q));
		return 1;
	}
	if (victim)
		free(wg_staged_pop(pool, victim));
	append(q, packet);
	set_count(pool, q, q->count + 1);
	return victim ? 1 : 0;
}

struct wg_staged_packet *wg_staged_pop(struct wg_staged_pool *pool, struct wg_staged *q)
{
	if (!q->head)
		return NULL;
	set_count(pool, q, q->count - 1);
	return unlink_oldest(q);
}

void wg_staged_clear(struct wg_staged_pool *pool, struct wg_staged *q)
{
	struct wg_staged_packet *packet;

	while ((packet = wg_staged_pop(pool, q))) {
		crypto_wipe(packet->data, packet->len);
		free(packet);
	}
}
