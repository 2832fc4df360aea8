/*
 * One step of moving bytes between a local socket and a stream in the tunnel, without a buffer in
 * between. Callers differ in how much they may move and in what an end means; the step is the same.
 */
#ifndef CULVERT_FRONT_PUMP_H
#define CULVERT_FRONT_PUMP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "io/sock.h"
#include "net/stream.h"

/*
 * At most `max` (not 0) bytes from the stream to the socket, in one call. Bytes moved; 0: the stream
 * has none now; ERR_AGAIN: the socket has no room; another error: the client is lost.
 */
ssize_t pump_down(struct net_stream *stream, struct io_sock *sock, uint64_t max);

/*
 * At most `max` (not 0) bytes from the socket to the stream, in one call. Bytes moved; 0: the socket's
 * end; ERR_AGAIN: it has none now; ERR_LIMIT: the stream has no room; another error: the client is
 * lost. `*emptied`: what was moved was all that the socket had.
 */
ssize_t pump_up(struct net_stream *stream, struct io_sock *sock, uint64_t max, bool *emptied);

#endif
