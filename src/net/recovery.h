/* Joins a stream's sender (net/cc/) to its lwIP connection: hooks, timers, the state of the path. */
#ifndef CULVERT_NET_RECOVERY_H
#define CULVERT_NET_RECOVERY_H

#include <stdbool.h>

#include "base/clock.h"

struct net_stack;
struct net_stream;

/* The connection is established: from here on the stream's `cc` decides what is sent and when. */
void recovery_begin(struct net_stream *s, uint64_t rtt_ns);
/* lwIP goes on without the stream; or, with `s->pcb` NULL, it has freed the connection. */
void recovery_end(struct net_stream *s);
/* Asks for the stream's timers again, after something changed. */
void recovery_arm(struct net_stream *s);
/* The peer before the remote was lost, or is back: then one segment is repeated at once. */
void recovery_path(struct net_stream *s, bool up);

struct boot_time recovery_deadline(const struct net_stack *stack);
void recovery_tick(struct net_stack *stack);

#endif
