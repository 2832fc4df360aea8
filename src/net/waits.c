/*
 * Theory of operation
 *
 * The output queue is normally empty at the end of each pass. It is not while the UDP socket has no
 * room: then the owner takes nothing. A stream that went on would fill the queue, and whoever has one packet
 * to send would wait behind all of it. So each may have two quanta of its pacer in there (Linux's
 * tcp_small_queue_check: two segments of TSO size, which are a millisecond of the pace each), and goes
 * on when the last of them was taken. Streams are flushed when the queue is empty, in the order in
 * which they were blocked: turn by turn.
 *
 * Time of sending. A segment is stamped when lwIP lets go of it, which is in the pass in which it is
 * sealed. If it has to wait, its time is moved to the present before a timer looks at it, before a
 * further segment follows it, and when it is taken. So the time is that of the pass in which it was
 * sealed, timers stand still while nothing else is in flight, and samples are as if it had been sent
 * then. What waits was sent after all that anybody has acknowledged, so RACK does not come to it;
 * sendings leave in the order of the scoreboard's list: those that wait are its last ones.
 *
 * What the owner keeps for want of a session waits in the same sense, until it says that the session is
 * there.
 */
#include "net/waits.h"

#include <assert.h>

#include "net/core.h"
#include "net/recovery.h"
#include "net/stream_core.h"

#define TRAINS 2	/* see above */

void waits_init(struct waits *l)
{
	*l = (struct waits){0};
	list_init(&l->staged_link);
}

void waits_refresh(struct net_stream *s)
{
	struct boot_time now = s->stack->now;

	if (!s->waits.count || s->waits.at.ns == now.ns)
		return;
	cc_not_left(&s->cc, now, s->waits.at, s->waits.count);
	s->waits.at = now;
	s->waits.late = true;
}

/* Some leave now. */
static void leave(struct net_stream *s)
{
	waits_refresh(s);
	if (!s->waits.late)
		return;
	s->waits.late = false;
	cc_left(&s->cc, s->stack->now);
	recovery_arm(s);
}

bool waits_has_room(struct net_stream *s)
{
	waits_refresh(s);
	if (s->waits.bytes < TRAINS * s->cc.pacer.quantum)
		return true;
	s->waits.wanted = true;
	return false;
}

void waits_entered(struct net_stream *s, size_t len)
{
	s->waits.at = s->stack->now;
	s->waits.count++;
	s->waits.bytes += (uint32_t)len;
}

static void wake(struct net_stream *s)
{
	if (!s->waits.wanted)
		return;
	s->waits.wanted = false;
	stream_dirty(s);
}

void waits_taken(struct net_stream *s, size_t len)
{
	struct waits *l = &s->waits;

	assert(l->count > l->staged && l->bytes >= len);
	leave(s);
	l->count--;
	l->bytes -= (uint32_t)len;
	if (l->count == l->staged)
		wake(s);
}

void waits_staged(struct net_stream *s, size_t len, uint32_t peer)
{
	struct waits *l = &s->waits;

	l->at = s->stack->now;
	l->count++;
	l->bytes += (uint32_t)len;
	l->staged++;
	l->staged_bytes += (uint32_t)len;
	l->staged_for = peer;
	if (!list_linked(&l->staged_link))
		list_push_back(&s->stack->staged_streams, &l->staged_link);
}

void waits_released(struct net_stream *s)
{
	struct waits *l = &s->waits;

	leave(s);
	l->count -= l->staged;
	l->bytes -= l->staged_bytes;
	l->staged = l->staged_bytes = 0;
	list_remove(&l->staged_link);
	wake(s);
}

void waits_forget(struct net_stream *s)
{
	list_remove(&s->waits.staged_link);
	if (s->waits.count > s->waits.staged)
		out_disown(s->stack, s);
	waits_init(&s->waits);
}

void net_stack_left(struct net_stack *stack, struct boot_time now, uint32_t peer)
{
	struct list *next;

	net_stack_set_now(stack, now);
	for (struct list *n = stack->staged_streams.next; n != &stack->staged_streams; n = next) {
		struct net_stream *s = LIST_ENTRY(n, struct net_stream, waits.staged_link);

		next = n->next;
		if (s->waits.staged_for == peer)
			waits_released(s);
	}
}
