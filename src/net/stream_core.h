/* The inside of a stream, for the files of net/. */
#ifndef CULVERT_NET_STREAM_CORE_H
#define CULVERT_NET_STREAM_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/lwip_err.h"

#include "base/addr.h"
#include "base/cause.h"
#include "base/heap.h"
#include "base/list.h"
#include "net/cc/cc.h"
#include "net/waits.h"
#include "net/rx.h"
#include "net/stack.h"
#include "net/tx.h"
#include "net/window.h"

struct net_inbound;
struct net_peer;

/* Whether what waits moves, see net/room.c. */
struct stall {
	uint32_t left;	/* of what waited at a look, and has not moved since */
	uint8_t looks;	/* further ones since then */
};
struct tcp_pcb;

struct net_stream {
	struct list all, ready, dirty, resume;	/* in the stack's lists */
	struct net_stack *stack;
	void *owner;
	struct net_inbound *undecided;	/* the attempt that it belongs to until the owner accepts */
	struct net_peer *opened_by;	/* counts it; NULL: opened by us */
	uint32_t peer;			/* behind which WireGuard peer the remote is; 0: not told */
	struct tcp_pcb *pcb;		/* NULL once TCP is done with it */
	struct endpoint local, remote;
	struct rx_queue rx;
	struct tx_queue tx;
	struct window window;
	struct net_peer *account;	/* counts what it has of the budget; NULL: it has nothing any more */
	uint32_t unread, sending;	/* as counted there */
	struct stall unread_stall, sending_stall;
	uint32_t credit;		/* consumed bytes that TCP has not been told of */
	uint32_t busy_turn;		/* of stack->busy, in which it was counted */
	struct boot_time start;		/* when the handshake began, for its round-trip time */
	struct heap_entry timer;	/* of `cc`, in the stack's heap */
	uint32_t remote_window;		/* as last announced */
	uint8_t events;
	uint8_t cause;			/* enum cause */
	bool active_open;
	bool connected;
	bool eof;			/* FIN received */
	bool shut;			/* the owner will write no more */
	bool fin_given;			/* FIN was handed to TCP */
	bool fin_acked;
	bool want_space;		/* net_stream_space has returned 0 */
	bool orphan;			/* the owner has closed it: delivers the rest, then goes */
	bool dead;			/* in dead_streams */
	bool recovering;		/* `cc` is in use: connected and not yet let go */
	struct waits waits;		/* what has not left */
	struct cc cc;			/* the sending side */
};

#define STREAM_USER_TIMEOUT_MS 45000	/* RFC 5482: a dead remote is found within a minute */

/* A stream without a pcb, in the stack's list; NULL at the limit or without memory. */
struct net_stream *stream_new(struct net_stack *stack, const struct endpoint *local,
			      const struct endpoint *remote, void *owner);
/* Counts the stream as one that `peer` has opened. */
void stream_opened_by(struct net_stream *s, struct net_peer *peer);
/* Makes `pcb` the stream's: callbacks, windows, timeouts. */
void stream_attach(struct net_stream *s, struct tcp_pcb *pcb);
/* Unlinks and frees it now; never from a callback of lwIP. */
void stream_free(struct net_stream *s);
/* Frees it and its pcb now, without a word to the remote; not from a callback about this stream. */
void stream_drop(struct net_stream *s);
/* From callbacks: the pcb is gone, streams_reap will free it. */
void stream_bury(struct net_stream *s);
/* How many more streams there may be. */
size_t streams_free(const struct net_stack *stack);
/* Resets it, for a reason of ours; an orphan is freed by streams_reap. */
void stream_fail(struct net_stream *s, enum cause cause);
void stream_raise(struct net_stream *s, unsigned events);
/* It has something to hand to lwIP in the next round. */
void stream_dirty(struct net_stream *s);
/* Lets lwIP send what may leave; what it could not is tried again in the next round. */
void stream_output(struct net_stream *s);
/* The handshake of a connection that we accepted is complete (lwIP's accept callback). */
err_t stream_accepted(void *arg, struct tcp_pcb *pcb, err_t err);
/* Looks at what lwIP has made of a segment of this stream. */
void stream_after_input(struct net_stream *s);
/* Frees the streams that ended inside callbacks. */
void streams_reap(struct net_stack *stack);
/* Gives TCP what the owners have committed and consumed, and lets it send. */
void streams_flush(struct net_stack *stack);
/* Some streams wait for memory: asks their owners to try again. */
void streams_wake_starved(struct net_stack *stack);
/* Aborts everything. */
void streams_abort_all(struct net_stack *stack);

#endif
