/* What the storm says to senders (net/cc/) in particular, and what must hold for them. */
#ifndef CULVERT_TESTS_STORM_SENDER_H
#define CULVERT_TESTS_STORM_SENDER_H

#include <assert.h>

#include "net/lwip_err.h"

#include "lwip/priv/tcp_priv.h"
#include "lwip/tcp.h"

#include "base/wr.h"
#include "net/core.h"
#include "net/stream_core.h"
#include "support/net_raw.h"

/*
 * SACK blocks of anything near what is in flight, D-SACKs among them, agreed on or not. Drawn from the
 * segment, so that what else a seed does stays as it was.
 */
static inline void storm_put_sacks(struct raw_tcp *t, struct boot_time now)
{
	uint32_t h = (t->seq ^ t->ack ^ (uint32_t)(now.ns / 1000)) * 2654435761u;
	unsigned count = h >> 30;
	struct wr w = wr_init(t->opts + t->opt_len, sizeof(t->opts) - t->opt_len);

	if (!count)
		return;
	wr_be32(&w, 0x01010502 + 8 * count);
	while (count--) {
		uint32_t left;

		h = h * 2654435761u + 12345;
		left = t->ack + (h >> 20) - 800;
		wr_be32(&w, left);
		wr_be32(&w, left + (h >> 8 & 0x7ff));
	}
	t->opt_len += w.len;
}

/* What a sender waits for has an end: a timer, lwIP's persist timer, the next round, or room in the socket. */
static inline void storm_check_waiting(const struct net_stream *s, struct boot_time now)
{
	struct boot_time at = cc_deadline(&s->cc);
	const struct tcp_pcb *pcb = s->pcb;

	assert(cc_verify(&s->cc));
	assert(s->cc.sb.count || !pcb->unacked);
	if (list_linked(&s->dirty))
		return;
	assert(at.ns == BOOT_NEVER.ns || (s->timer.index &&
					   (s->timer.at.ns <= at.ns || s->timer.at.ns <= now.ns + 1)));
	/* What waits here goes on when it leaves. */
	assert(at.ns != BOOT_NEVER.ns || !pcb->unsent || pcb->persist_backoff || s->waits.count);
}

static inline void storm_check_senders(struct boot_time now)
{
	const struct list *head = &net_stack_current()->streams;

	for (const struct list *n = head->next; n != head; n = n->next) {
		const struct net_stream *s = LIST_ENTRY(n, struct net_stream, all);

		if (s->recovering)
			storm_check_waiting(s, now);
	}
}

#endif
