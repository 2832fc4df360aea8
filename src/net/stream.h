/*
 * A TCP connection inside the tunnel: the one stream object behind proxies, forwards and the
 * inbound side. Reading hands out the received bytes where they lie; the receive window opens by
 * what was consumed, so a slow reader stops the remote sender. Writing goes into blocks of the
 * stream that lwIP sends from without copying and that are released when acknowledged; an idle
 * stream holds none. What was committed leaves with the next net_stack_output.
 *
 * States: connecting -> open -> (eof | shut down in either order) -> closed or failed.
 *   connecting  only net_stream_abort and the queries may be called
 *   open        everything
 *   eof         as open; reading returns what is left, then 0
 *   failed      only the queries, net_stream_close and _abort (both free it)
 */
#ifndef CULVERT_NET_STREAM_H
#define CULVERT_NET_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "base/addr.h"
#include "base/cause.h"
#include "base/clock.h"
#include "base/compiler.h"
#include "net/stack.h"

enum net_stream_event {
	NET_EV_CONNECTED = 1,	/* handshake done; writable */
	NET_EV_READABLE = 2,	/* new bytes to read */
	NET_EV_WRITABLE = 4,	/* there is room again after net_stream_space had returned 0 */
	NET_EV_EOF = 8,		/* the remote has sent FIN: what is left to read is the end */
	NET_EV_SENT_ALL = 16,	/* everything written, and a FIN if asked, was acknowledged */
	NET_EV_FAILED = 32,	/* reset, unreachable or timed out: see net_stream_cause */
};

/*
 * Starts a connection: 0, and events tell what becomes of it; ERR_LIMIT; ERR_NOMEM; ERR_UNREACH when there is no own
 * address of that family. `owner` is the caller's.
 */
CULVERT_MUST_USE int net_stream_connect(struct net_stack *stack, struct boot_time now,
					const struct endpoint *dst, void *owner,
					struct net_stream **out);

/*
 * Says which WireGuard peer (wg_peer_id) the remote is behind: what net_stack_set_path tells of it holds
 * for this stream. Streams that were accepted know it.
 */
void net_stream_set_peer(struct net_stream *s, uint32_t peer);

void *net_stream_owner(const struct net_stream *s);
void net_stream_set_owner(struct net_stream *s, void *owner);
void net_stream_local(const struct net_stream *s, struct endpoint *out);
void net_stream_remote(const struct net_stream *s, struct endpoint *out);

/* The set of enum net_stream_event since the last call. */
unsigned net_stream_take_events(struct net_stream *s);
/* Why it failed; CAUSE_OK while it has not. */
enum cause net_stream_cause(const struct net_stream *s);

/*
 * Received bytes as up to `max` pieces, valid until net_stream_consume, _settle or the next input.
 * Returns the number of pieces.
 */
unsigned net_stream_peek(const struct net_stream *s, struct iovec *iov, unsigned max);
/* Received and not yet consumed bytes. */
size_t net_stream_pending(const struct net_stream *s);
/* Drops `len` bytes from the front and opens the window by as much. */
void net_stream_consume(struct net_stream *s, size_t len);
/*
 * The reader cannot take more for now: copies what is pending out of the large receive buffers
 * that it would pin. Called when a write to the local socket would block.
 */
void net_stream_settle(struct net_stream *s);
/* All has been read and the remote has sent FIN. */
bool net_stream_at_eof(const struct net_stream *s);

/*
 * Room to write as up to `max` pieces (4 at most); 0 when the send buffer is full (NET_EV_WRITABLE
 * follows) or nothing may be written any more. The bytes that were placed there are then
 * committed, from the front. The room is lent: it is valid until the next net_stream_space or
 * _write of any stream, or net_stack_trim. Room that is not committed costs nothing.
 */
unsigned net_stream_space(struct net_stream *s, struct iovec *iov, unsigned max);
void net_stream_commit(struct net_stream *s, size_t len);
/* Copies as much of `data` as there is room for; returns how much. */
size_t net_stream_write(struct net_stream *s, const void *data, size_t len);
/* Bytes committed and not yet acknowledged. */
size_t net_stream_unacked(const struct net_stream *s);

/* Sends FIN after what was committed. */
void net_stream_shutdown(struct net_stream *s);
/*
 * Gives the stream back. Bytes and FIN already committed are still delivered in the background,
 * within the user timeout; unread received bytes turn that into a reset (RFC 1122 4.2.2.13). The
 * handle is invalid afterwards.
 */
void net_stream_close(struct net_stream *s);
/* Sends RST and frees it. */
void net_stream_abort(struct net_stream *s);

/*
 * Inbound: any SYN to one of our addresses and a port that is listened on becomes a net_inbound
 * and is not answered before the decision; its repetitions are ignored meanwhile. When a peer has
 * more than a few of these, the stack answers further SYNs itself and a net_inbound appears when the
 * handshake is complete (net/inbound.c). It does not expire: the owner must decide. net_listen: 0,
 * ERR_EXISTS, ERR_NOMEM; `port` on all own addresses.
 */
CULVERT_MUST_USE int net_listen(struct net_stack *stack, uint16_t port, void *owner);
/*
 * Nobody listens on `port` any more: further SYNs are reset as on any closed port. What came to it and is undecided is
 * refused, and the handles are invalid. Connections that were accepted stay. A port that nobody listens on is ignored.
 */
void net_unlisten(struct net_stack *stack, uint16_t port);
void *net_inbound_owner(const struct net_inbound *in);	/* of the listener */
void net_inbound_endpoints(const struct net_inbound *in, struct endpoint *src,
			   struct endpoint *dst);
/*
 * Answers the SYN, if that was not done; the stream is connecting until NET_EV_CONNECTED. The handle
 * `in` is invalid afterwards, as it is after net_inbound_refuse (RST). 0; ERR_NOMEM or ERR_LIMIT (then
 * it was refused); ERR_RESET when the remote has gone meanwhile.
 */
CULVERT_MUST_USE int net_inbound_accept(struct net_inbound *in, struct boot_time now, void *owner,
					struct net_stream **out);
void net_inbound_refuse(struct net_inbound *in);

#endif
