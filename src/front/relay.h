/*
 * Joins a local socket and a stream of the tunnel, in both directions, until both have ended.
 *
 * Down: received bytes go from the stack's buffers to the socket in one gather write; the window
 * opens by what the socket took. Up: bytes are read from the socket straight into the stream's
 * blocks. Either side's end of stream passes to the other alone (half-close). A reset on one side
 * resets the other, after the bytes that came before it. A relay that has moved nothing for a while
 * holds no buffer.
 */
#ifndef CULVERT_FRONT_RELAY_H
#define CULVERT_FRONT_RELAY_H

#include <stddef.h>

#include "front/conn.h"
#include "io/sock.h"
#include "net/stream.h"

/*
 * Starts to relay in the place of `from`, which ends next; takes `sock` and `stream` over in every
 * case. `early` are bytes that the client sent ahead, written to the stream first (must fit its
 * fresh send buffer: at most RELAY_EARLY_MAX).
 */
#define RELAY_EARLY_MAX 8192
void relay_start(struct conn *from, struct io_sock *sock, struct net_stream *stream,
		 const void *early, size_t early_len);

#endif
