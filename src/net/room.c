/*
 * Theory of operation
 *
 * A stream has its part of the budget from room_open to room_close, on the account of the WireGuard peer that it leads to.
 *
 * Streams that stall. A reader that has stopped, and a remote that has closed its window, bind memory for as long as the
 * remote answers probes. That is nobody's loss until somebody else needs it: a peer with no more than its fair part
 * asks in vain. While that goes on all streams are looked at once in LOOK_MS. What waits at a look has to have moved within
 * STALLED_LOOKS further ones, whatever came on top; so a trickle does not keep it. Streams of which it has not, of peers
 * above their fair part, end, those first that were opened first, a part of the limit (END_PART) at each look. Looks are
 * counted, not time: a process that was frozen finds nobody stalled. Streams behind a peer that cannot be reached do
 * not count (net/path.c).
 */
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
/* What a stream begins with, of the socket's room, until the round trip is known: nor is it who else comes. */
#define ROOM_AT_START 4
/* Windows of streams at rest are looked for so often at most: that walks all streams. */
#define RECLAIM_MS 1000
/* Streams that stall as well. */
#define LOOK_MS 1000
/* A window of 2 MB has to be read with 70 kB/s, one of 32 MB with 1 MB/s. */
#define STALLED_LOOKS 30
/* Of the limit: what is ended at a look. */
#define END_PART 8
/* Of the budget: scoreboards of all streams. With 64 MB 190,000 segments in flight, 260 MB of them. */
#define SCOREBOARDS_PART 4
/* What a piece of a byte takes: its headers of 40 and lwIP's of 24 are kept, in an object of 96. */
#define PIECE_BYTES 96

size_t room_scoreboards(const struct net_stack *stack)
{
	return stack->budget.limit / SCOREBOARDS_PART / SB_POOL_CHUNK;
}

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
	out->gave_way = stack->gave_way;
}

/* --- on account of a peer --- */

/* What is each peer's own depends on how many have streams. */
static void share_scoreboards(struct net_stack *stack)
{
	sb_pool_set_own(stack->sb_pool, budget_own(&stack->budget, room_scoreboards(stack)));
}

static void enter(struct net_stream *s, struct net_peer *peer)
{
	struct budget *b = &s->stack->budget;

	s->account = peer;
	budget_add_start(b, &peer->memory, s->window.start);
	budget_grant(b, &peer->memory, s->window.max - s->window.start);
	room_count(s);
	share_scoreboards(s->stack);
	if (s->recovering)
		sb_set_share(&s->cc.sb, &peer->scoreboards);
}

void room_open(struct net_stream *s, struct net_peer *peer)
{
	struct net_stack *stack = s->stack;
	size_t room = stack->socket_room / ROOM_AT_START;
	uint32_t most = WINDOW_START;

	if (stack->socket_room && room < most)
		most = room > WINDOW_LEAST ? (uint32_t)room : WINDOW_LEAST;
	window_init(&s->window, budget_start(&stack->budget, &peer->memory, most));
	enter(s, peer);
}

void room_close(struct net_stream *s)
{
	struct budget *b = &s->stack->budget;
	struct budget_peer *p;

	if (!s->account)
		return;
	p = &s->account->memory;
	budget_return(b, p, s->window.max - s->window.start);
	budget_remove_start(b, p, s->window.start);
	share_scoreboards(s->stack);
	if (s->recovering)
		sb_set_share(&s->cc.sb, NULL);
	p->unread -= s->unread;
	p->sending -= s->sending;
	s->unread = s->sending = 0;
	s->account = NULL;
}

void room_move(struct net_stream *s, struct net_peer *peer)
{
	if (!s->account || s->account == peer)
		return;
	room_close(s);
	if (s->connected) {
		enter(s, peer);
		return;
	}
	room_open(s, peer);
	if (s->pcb)
		tcp_set_rcv_wnd_max(s->pcb, s->window.max);
}

void room_connected(struct net_stream *s)
{
	struct net_stack *stack = s->stack;
	struct window *w = &s->window;
	struct budget_peer *p;
	uint32_t start;

	/* The socket has bounded the start for the sake of short paths (net/window.c). */
	if (!stack->socket_room || !s->account || w->max != w->start || !window_is_long(w))
		return;
	p = &s->account->memory;
	budget_remove_start(&stack->budget, p, w->start);
	start = budget_start(&stack->budget, p, WINDOW_START);
	if (start > w->start)
		w->start = w->max = start;
	budget_add_start(&stack->budget, p, w->start);
	tcp_set_rcv_wnd_max(s->pcb, w->max);
}

void room_count(struct net_stream *s)
{
	uint32_t unread = (uint32_t)(s->rx.len + s->rx.pieces * PIECE_BYTES), sending = s->tx.held;
	struct budget_peer *p;

	if (!s->account)
		return;
	/* What waits behind a hole is at most the rest of the window; lwIP does not count it. */
	if (s->pcb && s->pcb->ooseq)
		unread += s->window.max;
	p = &s->account->memory;
	p->unread += (size_t)unread - s->unread;
	p->sending += (size_t)sending - s->sending;
	s->unread = unread;
	s->sending = sending;
}

/* The peer of this stream has asked for more in vain. */
static void press(struct net_stack *stack, const struct net_stream *s)
{
	if (s->account && stack->budget.peers > 1 && !budget_above_fair(&stack->budget, &s->account->memory))
		stack->pressed = true;
}

/* --- receiving --- */

static void set_window(struct net_stream *s, uint32_t before)
{
	struct budget_peer *p = &s->account->memory;

	if (s->window.max > before)
		budget_grant(&s->stack->budget, p, s->window.max - before);
	else
		budget_return(&s->stack->budget, p, before - s->window.max);
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

		if (s->account && holds_nothing(s) && window_rest(&s->window, now_ms))
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

static void moved(struct stall *stall, size_t len)
{
	stall->left -= len < stall->left ? (uint32_t)len : stall->left;
}

void room_taken(struct net_stream *s, size_t len)
{
	struct net_stack *stack = s->stack;
	struct window *w = &s->window;
	uint32_t before = w->max, grown = before - w->start;
	size_t most;

	moved(&s->unread_stall, len);
	if (!s->account)
		return;
	most = w->start + budget_share(&stack->budget, &s->account->memory, stored(stack), grown);
	if (window_taken(w, net_now_ms(stack), len, most, socket_room(s)))
		set_window(s, before);
	if (!w->refused)
		return;
	press(stack, s);
	reclaim(stack);
}

/* --- sending, and the last line --- */

void room_acked(struct net_stream *s, size_t len)
{
	moved(&s->sending_stall, len);
	room_count(s);
}

/* The last line: what is bound in fact, whatever it was counted as. It does not hold for a peer that has what is its own. */
static bool is_exceeded(const struct net_stack *stack, const struct net_stream *s)
{
	return budget_exceeded(&stack->budget, net_mem_used() + stack->blocks.used, stack->stream_count) &&
	       !(s->account && budget_within_own(&stack->budget, &s->account->memory));
}

/* What this stream may have at most to be sent, whatever memory there is. */
static size_t useful_to_send(const struct net_stream *s)
{
	size_t window = s->recovering ? cc_window(&s->cc) : 0;
	size_t cap = window < s->pcb->snd_wnd ? window : s->pcb->snd_wnd;

	/* And what leaves next, until the owner has reacted to an acknowledgement. */
	cap += cap < SEND_AHEAD ? cap : SEND_AHEAD;
	if (cap < SEND_LEAST)
		cap = SEND_LEAST;
	/* What waits at the other end for a hole to be filled, or for its own turn here, is not in flight. */
	if (s->recovering)
		cap += s->cc.sb.sacked + s->cc.sb.lost;
	return cap < TCP_SND_BUF ? cap : TCP_SND_BUF;
}

size_t room_to_send(struct net_stream *s)
{
	struct net_stack *stack = s->stack;
	size_t cap = useful_to_send(s), share;

	if (!s->account)
		return 0;
	share = budget_share(&stack->budget, &s->account->memory, stored(stack), s->tx.held);
	/* A peer that takes segments of 64 bytes has each of them cost four times that beside. */
	if (cap > BLOCK_SMALL && is_exceeded(stack, s))
		share = 0;
	if (cap > share) {
		press(stack, s);
		cap = share > BLOCK_SMALL ? share : BLOCK_SMALL;
	}
	return s->tx.unacked < cap ? cap - s->tx.unacked : 0;
}

bool room_refuses(struct net_stream *s, bool early)
{
	if (!(early || s->rx.len > UNREAD_ALWAYS || s->rx.pieces > PIECES_ALWAYS) || !is_exceeded(s->stack, s))
		return false;
	press(s->stack, s);
	return true;
}

/* --- streams that stall --- */

static bool look(struct stall *stall, size_t waiting)
{
	if (!stall->left)
		*stall = (struct stall){.left = (uint32_t)waiting};
	else if (stall->looks < STALLED_LOOKS)
		stall->looks++;
	return stall->looks == STALLED_LOOKS;
}

static bool stalls(struct net_stream *s)
{
	/* What waits for a hole to be filled is not counted by the byte. */
	bool unread = look(&s->unread_stall, s->rx.len ? s->rx.len : !holds_nothing(s));

	return look(&s->sending_stall, s->tx.unacked) || unread;
}

/* Ends the stream; returns the memory that it had. */
static size_t end_stalled(struct net_stream *s)
{
	size_t had = (size_t)s->window.max + s->sending;

	s->stack->gave_way++;
	stream_fail(s, CAUSE_EXHAUSTED);
	/* The owner has yet to close it, but nobody can use what was promised. */
	room_close(s);
	return had;
}

struct boot_time room_deadline(const struct net_stack *stack)
{
	return stack->pressed ? boot_add_ms(stack->looked, LOOK_MS) : BOOT_NEVER;
}

void room_tick(struct net_stack *stack)
{
	size_t ended = 0;

	if (!boot_reached(stack->now, room_deadline(stack)))
		return;
	stack->pressed = false;
	stack->looked = stack->now;
	for (struct list *n = stack->streams.next; n != &stack->streams; n = n->next) {
		struct net_stream *s = LIST_ENTRY(n, struct net_stream, all);

		if (!s->pcb || !s->account || s->account->lost || !stalls(s))
			continue;
		if (ended < stack->budget.limit / END_PART &&
		    budget_above_fair(&stack->budget, &s->account->memory))
			ended += end_stalled(s);
	}
}
