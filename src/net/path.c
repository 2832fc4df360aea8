/*
 * Theory of operation
 *
 * TCP concludes from silence that the remote is gone. That is wrong when the tunnel in between is
 * what is silent, and the owner knows it: WireGuard notices within 15 s. So streams know behind which
 * peer their remote is, and lwIP's timers stand still for those whose peer cannot be heard.
 *
 * When it is heard again, every stream has something to repeat at the same moment, and a burst of
 * thousands of segments would fill the queue that has just emptied: RESUME_BATCH at once, more of them
 * in steps that are over after RESUME_MS. A path that is lost again in between stops the rest.
 */
#include "net/path.h"

#include "net/lwip_err.h"

#include "net/core.h"
#include "net/inbound.h"
#include "net/recovery.h"
#include "net/room.h"
#include "net/stream.h"
#include "net/stream_core.h"

#define RESUME_MS 1000
#define RESUME_STEP_MS 20
/* So few segments are no burst: what a new connection sends at once is ten (RFC 6928). */
#define RESUME_BATCH 64

static struct net_stream *stream_at(struct list *node)
{
	return LIST_ENTRY(node, struct net_stream, all);
}

static void resume_some(struct net_stack *stack)
{
	for (unsigned i = 0; i < stack->resume_step; i++) {
		struct list *node = list_pop_front(&stack->resuming);

		if (!node)
			break;
		recovery_path(LIST_ENTRY(node, struct net_stream, resume), true);
	}
	stack->resume_at = list_empty(&stack->resuming) ?
			   BOOT_NEVER : boot_add_ms(stack->now, RESUME_STEP_MS);
}

static void path_lost(struct net_stack *stack, uint32_t peer)
{
	for (struct list *node = stack->streams.next; node != &stack->streams; node = node->next) {
		struct net_stream *s = stream_at(node);

		if (s->peer != peer || !s->pcb)
			continue;
		list_remove(&s->resume);
		recovery_path(s, false);
	}
}

static void path_back(struct net_stack *stack, uint32_t peer)
{
	size_t waiting = 0;

	for (struct list *node = stack->streams.next; node != &stack->streams; node = node->next) {
		struct net_stream *s = stream_at(node);

		if (s->peer == peer && s->pcb && !list_linked(&s->resume))
			list_push_back(&stack->resuming, &s->resume);
	}
	for (struct list *node = stack->resuming.next; node != &stack->resuming; node = node->next)
		waiting++;
	stack->resume_step = (unsigned)(waiting / (RESUME_MS / RESUME_STEP_MS)) + 1;
	if (stack->resume_step < RESUME_BATCH)
		stack->resume_step = RESUME_BATCH;
	resume_some(stack);
}

void net_stack_set_path(struct net_stack *stack, struct boot_time now, uint32_t peer, bool up)
{
	struct net_peer *entry;

	net_stack_set_now(stack, now);
	/* A peer without an entry counts as reachable. */
	entry = up ? net_peers_find(&stack->peers, peer)
		   : net_peers_get(&stack->peers, peer, net_now_ms(stack));
	if (entry)
		entry->lost = !up;
	if (up)
		path_back(stack, peer);
	else
		path_lost(stack, peer);
}

void net_stream_set_peer(struct net_stream *s, uint32_t peer)
{
	struct net_peer *entry = net_peers_get(&s->stack->peers, peer, net_now_ms(s->stack));

	s->peer = peer;
	if (!entry)
		return;
	room_move(s, entry);
	if (entry->lost && s->pcb)
		recovery_path(s, false);
}

size_t net_stack_peer_streams(const struct net_stack *stack, uint32_t peer)
{
	size_t count = 0;

	for (struct list *node = stack->streams.next; node != &stack->streams; node = node->next)
		count += stream_at(node)->peer == peer;
	return count;
}

size_t net_stack_end_peer(struct net_stack *stack, struct boot_time now, uint32_t peer,
			  enum cause cause)
{
	size_t count = 0;

	net_stack_set_now(stack, now);
	for (struct list *node = stack->streams.next; node != &stack->streams; node = node->next) {
		struct net_stream *s = stream_at(node);

		if (s->peer != peer || !s->pcb)
			continue;
		stream_fail(s, cause);
		count++;
	}
	streams_reap(stack);
	return count;
}

void net_stack_remove_peer(struct net_stack *stack, struct boot_time now, uint32_t peer)
{
	struct net_peer *entry = net_peers_find(&stack->peers, peer);

	(void)net_stack_end_peer(stack, now, peer, CAUSE_NO_ROUTE);
	/* A stream behind another peer may have packets here, if an address has moved. */
	net_stack_left(stack, now, peer);
	if (!entry)
		return;
	inbound_end_peer(entry);
	/* Or its entry would stay for ever. */
	entry->lost = false;
}

struct boot_time path_deadline(const struct net_stack *stack)
{
	return list_empty(&stack->resuming) ? BOOT_NEVER : stack->resume_at;
}

void path_tick(struct net_stack *stack)
{
	if (boot_reached(stack->now, path_deadline(stack)))
		resume_some(stack);
}
