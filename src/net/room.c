#include "net/room.h"

#include "net/lwip_err.h"

#include "lwip/priv/tcp_priv.h"
#include "lwip/tcp.h"

#include "net/core.h"
#include "net/mem.h"
#include "net/stream_core.h"

/* What may wait behind a full window: 16 ms at 1 Gbit/s; a local writer answers within a few. */
#define SEND_AHEAD ((size_t)2 << 20)
#define SEND_LEAST ((size_t)128 << 10)	/* two reads of a local socket */
/* With that much unread, a stream gets nothing more beyond the budget: a few requests fit. */
#define UNREAD_ALWAYS ((size_t)8 << 10)
/* Nor with that many pieces: each takes 100 bytes and more, if it is only one. */
#define PIECES_ALWAYS 16
/* Streams that were read within the last one or two of these share the UDP socket. */
#define BUSY_MS 100
/* What a stream may begin with, of the socket's room: the round trip is not known yet, nor who else comes. */
#define ROOM_AT_START 4
/* Windows of streams at rest are looked for so often at most: that walks all streams. */
#define RECLAIM_MS 1000

/* Memory that is bound by sending; what lwIP has beside the bytes is in their cost. */
static size_t stored(const struct net_stack *stack)
{
	return stack->blocks.used + sb_pool_bytes(stack->sb_pool);
}

void net_stack_memory(const struct net_stack *stack, struct net_memory *out)
{
	out->limit = stack->budget.limit;
	out->promised = stack->budget.starts + stack->budget.granted;
	out->sending = stored(stack);
}

void room_open(struct net_stream *s)
{
	struct net_stack *stack = s->stack;
	size_t room = stack->socket_room / ROOM_AT_START;
	uint32_t most = WINDOW_START;

	if (stack->socket_room && room < most)
		most = room > WINDOW_LEAST ? (uint32_t)room : WINDOW_LEAST;
	window_init(&s->window, budget_start(&stack->budget, stack->stream_count, most));
	budget_add_start(&stack->budget, s->window.start);
}

void room_close(struct net_stream *s)
{
	budget_return(&s->stack->budget, s->window.max - s->window.start);
	budget_remove_start(&s->stack->budget, s->window.start);
}

static void set_window(struct net_stream *s, uint32_t before)
{
	if (s->window.max > before)
		budget_grant(&s->stack->budget, s->window.max - before);
	else
		budget_return(&s->stack->budget, before - s->window.max);
	if (s->pcb)
		tcp_set_rcv_wnd_max(s->pcb, s->window.max);
}

static bool holds_nothing(const struct net_stream *s)
{
	return !s->rx.len && (!s->pcb || !s->pcb->ooseq);
}

/*
 * Streams that use little of it give up what their windows have grown. The peer may still use it, as it may use the
 * starts of idle streams; it is unlikely that many do, and room_refuses is there for that.
 */
static void reclaim(struct net_stack *stack)
{
	uint64_t now_ms = net_now_ms(stack);

	if (now_ms - stack->reclaimed_ms < RECLAIM_MS)
		return;
	stack->reclaimed_ms = now_ms;
	for (struct list *n = stack->streams.next; n != &stack->streams; n = n->next) {
		struct net_stream *s = LIST_ENTRY(n, struct net_stream, all);
		uint32_t before = s->window.max;

		if (holds_nothing(s) && window_rest(&s->window, now_ms))
			set_window(s, before);
	}
}

/* What the socket holds for this stream, which is being read; 0: any number of bytes. */
static size_t socket_room(struct net_stream *s)
{
	struct net_stack *stack = s->stack;
	uint32_t turn = (uint32_t)(net_now_ms(stack) / BUSY_MS), streams;
	size_t room;

	if (turn != stack->busy.turn) {
		stack->busy.before = turn == stack->busy.turn + 1 ? stack->busy.now : 0;
		stack->busy.now = 0;
		stack->busy.turn = turn;
	}
	if (s->busy_turn != turn) {
		s->busy_turn = turn;
		stack->busy.now++;
	}
	if (!stack->socket_room)
		return 0;
	streams = stack->busy.now > stack->busy.before ? stack->busy.now : stack->busy.before;
	room = stack->socket_room / streams;
	return room > WINDOW_LEAST ? room : WINDOW_LEAST;
}

void room_taken(struct net_stream *s, size_t len)
{
	struct net_stack *stack = s->stack;
	struct window *w = &s->window;
	uint32_t before = w->max, grown = before - w->start;
	size_t most = w->start + budget_share(&stack->budget, stored(stack), grown);

	if (window_taken(w, net_now_ms(stack), len, most, socket_room(s)))
		set_window(s, before);
	if (w->refused)
		reclaim(stack);
}

/* The last line: what is bound in fact, whatever it was counted as. */
static bool is_exceeded(const struct net_stack *stack)
{
	return budget_exceeded(&stack->budget, net_mem_used() + stack->blocks.used, stack->stream_count);
}

size_t room_to_send(const struct net_stream *s)
{
	const struct net_stack *stack = s->stack;
	size_t window = s->recovering ? cc_window(&s->cc) : 0;
	size_t cap = window < s->pcb->snd_wnd ? window : s->pcb->snd_wnd;
	size_t share = budget_share(&stack->budget, stored(stack), s->tx.unacked);

	/* And what leaves next, until the owner has reacted to an acknowledgement. */
	cap += cap < SEND_AHEAD ? cap : SEND_AHEAD;
	if (cap < SEND_LEAST)
		cap = SEND_LEAST;
	/* What waits at the other end for a hole to be filled, or for its own turn here, is not in flight. */
	if (s->recovering)
		cap += s->cc.sb.sacked + s->cc.sb.lost;
	if (cap > TCP_SND_BUF)
		cap = TCP_SND_BUF;
	/* A peer that takes segments of 64 bytes has each of them cost four times that beside. */
	if (cap > BLOCK_SMALL && is_exceeded(stack))
		cap = BLOCK_SMALL;
	if (cap > share)
		cap = share > BLOCK_SMALL ? share : BLOCK_SMALL;
	return s->tx.unacked < cap ? cap - s->tx.unacked : 0;
}

bool room_refuses(const struct net_stream *s, bool early)
{
	return (early || s->rx.len > UNREAD_ALWAYS || s->rx.pieces > PIECES_ALWAYS) && is_exceeded(s->stack);
}
