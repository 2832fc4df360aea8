/*
 * What one stream may hold of the budget (net/budget.h): its receive window, which grows with what its reader
 * takes, and the bytes that it may have waiting for acknowledgement.
 */
#ifndef CULVERT_NET_ROOM_H
#define CULVERT_NET_ROOM_H

#include <stdbool.h>
#include <stddef.h>

struct net_stack;
struct net_stream;

/* The stream is new; it is counted among the others already, or not any more. */
void room_open(struct net_stream *s);
void room_close(struct net_stream *s);

/* Its reader took `len` bytes: the window may change. */
void room_taken(struct net_stream *s, size_t len);
/* How many bytes more it may write. */
size_t room_to_send(const struct net_stream *s);

/*
 * The last line: more is bound than the budget allows, and this stream has something waiting already, or would
 * keep what comes `early`. The segment is to be dropped.
 */
bool room_refuses(const struct net_stream *s, bool early);

#endif
