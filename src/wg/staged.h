/* Inner packets that wait for a session: a bounded queue per peer, within a bound per device. */
#ifndef CULVERT_WG_STAGED_H
#define CULVERT_WG_STAGED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As in the Linux implementation: enough for the first flight of a few connections. */
#define WG_STAGED_PER_PEER 128
/* Of all peers together: about 3 MB of full packets. */
#define WG_STAGED_TOTAL 2048

struct wg_staged_packet {
	struct wg_staged_packet *next;
	size_t len;
	uint8_t data[];
};

struct wg_staged {
	struct wg_staged_packet *head, *tail;
	unsigned count;
};

/*
 * Appends a copy, of exact size and from the heap: this happens only before a session exists.
 * `total` is the device's count. Returns how many packets were lost: the oldest of this queue when
 * it is full, or the new one.
 */
unsigned wg_staged_push(struct wg_staged *q, unsigned *total, const uint8_t *p, size_t len);

/* Removes the oldest, which the caller frees, or NULL. */
struct wg_staged_packet *wg_staged_pop(struct wg_staged *q, unsigned *total);

/* Drops everything. */
void wg_staged_clear(struct wg_staged *q, unsigned *total);

#endif
