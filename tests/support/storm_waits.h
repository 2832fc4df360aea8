/* A storm in which packets out have to wait: for room in the socket, or for a session with a peer. */
#ifndef TESTS_SUPPORT_STORM_WAITS_H
#define TESTS_SUPPORT_STORM_WAITS_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include "net/stack.h"
#include "support/chance.h"
#include "support/net_raw.h"

struct storm_waits {
	bool on;
	uint32_t staging;	/* there is no session with this peer; 0: with all */
};

static inline void storm_waits_change(struct storm_waits *w, struct net_stack *stack, struct boot_time now)
{
	if (!w->on || !one_in(4))
		return;
	if (w->staging)
		net_stack_left(stack, now, w->staging);
	w->staging = below(3);
}

/* The next packet out that leaves; false: none, or it has to wait. */
static inline bool storm_waits_take(struct storm_waits *w, struct net_stack *stack, struct boot_time now,
				    struct raw_packet *p)
{
	struct net_out out;

	while (w->staging && !one_in(8) && net_stack_output(stack, now, &out)) {
		assert(out.len <= sizeof(p->bytes));
		net_out_stage(stack, &out, p->bytes, w->staging);
	}
	if (w->on && one_in(8))
		return false;
	return raw_take(stack, p);
}

#endif
