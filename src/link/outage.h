/*
 * An outage of the tunnel is not the death of the remotes behind it. A peer that was heard and is not any
 * more (wg_peer_heard) is told to the stack, whose timers then stand still for the streams behind it;
 * the peer is asked for a session for as long as there are any; and only when it stays away for
 * OutageTimeout do they end. Time in which this program did not run does not count.
 */
#ifndef CULVERT_LINK_OUTAGE_H
#define CULVERT_LINK_OUTAGE_H

#include <stdint.h>

#include "base/clock.h"
#include "base/compiler.h"
#include "base/list.h"
#include "io/loop.h"
#include "link/tunnel.h"
#include "wg/device.h"

/* How often peers that are away are looked at: short against any sensible OutageTimeout. */
#define OUTAGE_LOOK_MS 5000
/* Later than that, the loop did not run: the machine slept or the process was stopped. */
#define OUTAGE_LATE_MS 1000

struct outage {
	struct tunnel *tunnel;
	struct io_timer *timer;
	uint64_t limit_ms;		/* 0: none */
	struct list away;		/* peers that are away and have streams */
	struct boot_time last;		/* look */
	uint64_t ended;			/* connections */
};

/* One for each peer, embedded by whoever owns the peer. */
struct outage_peer {
	struct list link;
	struct wg_peer *peer;
	uint64_t away_ms;		/* awake */
};

/* 0 or ERR_NOMEM. */
CULVERT_MUST_USE int outage_init(struct outage *o, struct tunnel *tunnel, uint64_t limit_ms);
void outage_fini(struct outage *o);

void outage_peer_init(struct outage_peer *p, struct wg_peer *peer);
/* Before the peer is removed. */
void outage_peer_fini(struct outage_peer *p);
/* Every event of the peer. */
void outage_event(struct outage *o, struct outage_peer *p, enum wg_event_type type);

#endif
