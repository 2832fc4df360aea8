/*
 * What streams have sent that has not left the process: it waits in the output queue, or with the
 * owner for a session of WireGuard (net_out_stage). Bounds it for each stream, as TCP small queues do, and
 * keeps it from being timed before it leaves.
 */
#ifndef CULVERT_NET_WAITS_H
#define CULVERT_NET_WAITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/list.h"

struct net_stack;
struct net_stream;

struct waits {
	uint32_t count, bytes;		/* sendings that wait, staged ones included */
	uint32_t staged, staged_bytes;
	uint32_t staged_for;		/* the peer, if any are */
	struct boot_time at;		/* the time of sending that they have */
	struct list staged_link;	/* in the stack's list, if any are */
	bool wanted;			/* more was to be sent, but there was no room */
	bool late;			/* some was found waiting: the timers may stand still */
};

void waits_init(struct waits *l);
/*
 * Whether the stream may send one more segment now, new or again; gives those that wait this time of
 * sending. After no, the stream is dirty again once the queue has taken what is there.
 */
bool waits_has_room(struct net_stream *s);
/* A segment of `len` bytes was put into the output queue. */
void waits_entered(struct net_stream *s, size_t len);
/* The oldest of them is taken out of the queue. */
void waits_taken(struct net_stream *s, size_t len);
/* What still waits was not sent before now: ask before a timer judges by its time. */
void waits_refresh(struct net_stream *s);
/* The one just taken out waits for a session with `peer`. */
void waits_staged(struct net_stream *s, size_t len, uint32_t peer);
/* What was staged leaves now. */
void waits_released(struct net_stream *s);
/* The stream's sender ends: nobody may refer to it. */
void waits_forget(struct net_stream *s);

#endif
