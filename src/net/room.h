/*
 * What one stream may hold of the budget (net/budget.h): its receive window, which grows with what its reader
 * takes, and the bytes that it may have waiting for acknowledgement; and what the streams of each WireGuard peer
 * hold together.
 */
#ifndef CULVERT_NET_ROOM_H
#define CULVERT_NET_ROOM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"

struct net_peer;
struct net_stack;
struct net_stream;

/* How many chunks the scoreboards of all streams may have (net/cc/sb_pool.h), own parts and firsts not counted. */
size_t room_scoreboards(const struct net_stack *stack);

/* The stream is new, and leads to `peer`. */
void room_open(struct net_stream *s, struct net_peer *peer);
/* It gives back all it has, for good. May be called again. */
void room_close(struct net_stream *s);
/* It leads to `peer`, as is known now. Before it is connected, its window becomes what that peer's begin with. */
void room_move(struct net_stream *s, struct net_peer *peer);

/* The round trip of a stream that we have opened is known, and its peer has not heard of a window beyond 64 kB yet. */
void room_connected(struct net_stream *s);

/* What waits to be read or acknowledged has changed. */
void room_count(struct net_stream *s);
/* Its reader took `len` bytes: the window may change. */
void room_taken(struct net_stream *s, size_t len);
/* So many of its bytes were acknowledged. */
void room_acked(struct net_stream *s, size_t len);
/* How many bytes more it may write. */
size_t room_to_send(struct net_stream *s);

/*
 * The last line: more is bound than the budget allows, and this stream has something waiting already, or would
 * keep what comes `early`. The segment is to be dropped.
 */
bool room_refuses(struct net_stream *s, bool early);

/* Looks for streams that stall while a peer asks for its fair part; some may end. Not from a callback of lwIP. */
struct boot_time room_deadline(const struct net_stack *stack);
void room_tick(struct net_stack *stack);

#endif
