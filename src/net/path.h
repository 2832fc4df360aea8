/* What is known of the path to a WireGuard peer, for the streams behind it. */
#ifndef CULVERT_NET_PATH_H
#define CULVERT_NET_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cause.h"
#include "base/clock.h"

struct net_stack;

/*
 * Whether packets to the peer can be expected to arrive (wg_peer_heard). Without a path, silence ends no
 * stream behind it. When the path is back each of them repeats one segment, spread over a second if
 * they are many, and its timers start from zero.
 */
void net_stack_set_path(struct net_stack *stack, struct boot_time now, uint32_t peer, bool up);
/* Streams behind the peer at present. Walks all streams. */
size_t net_stack_peer_streams(const struct net_stack *stack, uint32_t peer);
/* Ends the streams behind the peer: NET_EV_FAILED with `cause`. Returns how many there were. */
size_t net_stack_end_peer(struct net_stack *stack, struct boot_time now, uint32_t peer,
			  enum cause cause);

/*
 * The peer is no more: streams behind it end with CAUSE_NO_ROUTE, and what was staged for it (net_out_stage) is
 * gone. Attempts of it that the owner has not decided yet fail when they are accepted.
 */
void net_stack_remove_peer(struct net_stack *stack, struct boot_time now, uint32_t peer);

/* For net/stack.c: the streams that wait for their turn to go on. */
struct boot_time path_deadline(const struct net_stack *stack);
void path_tick(struct net_stack *stack);

#endif
