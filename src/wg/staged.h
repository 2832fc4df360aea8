/*
 * Inner packets that wait for a session: a bounded queue per peer, within a bound per device that
 * peers which never answer cannot use up. When all of it is in use the longest queue gives up its
 * oldest packet (push-out, Cidon, Georgiadis, Guerin and Khamisy 1995), so all get the same share
 * without one being reserved; and each may hold one packet however many the others are.
 */
#ifndef CULVERT_WG_STAGED_H
#define CULVERT_WG_STAGED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/list.h"

/* As in the Linux implementation: enough for the first flight of a few connections. */
#define WG_STAGED_PER_PEER 128
/* Of all peers together, their first ones apart: about 3 MB of full packets. */
#define WG_STAGED_TOTAL 2048
/* What each may hold whatever is in use: as much memory as the peer itself takes. */
#define WG_STAGED_OWN 1

struct wg_staged_packet {
	struct wg_staged_packet *next;
	size_t len;
	uint8_t data[];
};

struct wg_staged {
	struct wg_staged_packet *head, *tail;
	unsigned count;
	struct list same_count;	/* in the pool's list of queues of that length */
};

/* What the queues of a device share. */
struct wg_staged_pool {
	unsigned total;
	unsigned longest;	/* packets in the longest queue */
	struct list by_count[WG_STAGED_PER_PEER + 1];	/* [0] is not used */
};

void wg_staged_pool_init(struct wg_staged_pool *pool);
/* An empty queue. Clear it before its memory goes: the pool refers to it while it holds packets. */
void wg_staged_init(struct wg_staged *q);

/*
 * Appends a copy, of exact size and from the heap: this happens only before a session exists.
 * Returns how many packets were lost: the oldest of this queue or of the longest one when there was
 * no room, or the new one for lack of memory.
 */
unsigned wg_staged_push(struct wg_staged_pool *pool, struct wg_staged *q, const uint8_t *p, size_t len);

/* Removes the oldest, which the caller frees, or NULL. */
struct wg_staged_packet *wg_staged_pop(struct wg_staged_pool *pool, struct wg_staged *q);

/* Drops everything, wiped: nobody will ever send it. */
void wg_staged_clear(struct wg_staged_pool *pool, struct wg_staged *q);

#endif
