/*
 * The timers of a peer (paper section 6). Other files report facts here, and ask; deadlines are
 * computed nowhere else. One heap entry per peer serves all its timers.
 */
#ifndef CULVERT_WG_TIMERS_H
#define CULVERT_WG_TIMERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/heap.h"

/* Paper section 6.1; session ages are in wg/session.h. */
#define WG_REKEY_TIMEOUT_MS 5000
#define WG_REKEY_TIMEOUT_JITTER_MS 333
#define WG_REKEY_ATTEMPT_TIME_MS 90000
#define WG_KEEPALIVE_TIMEOUT_MS 10000
/* Renewal on receipt (section 6.2): the session would not outlive a keepalive and a handshake. */
#define WG_REKEY_ON_RECEIVE_MS (WG_REJECT_AFTER_TIME_MS - WG_KEEPALIVE_TIMEOUT_MS - WG_REKEY_TIMEOUT_MS)
/* Keys are erased this long after the last new one (section 6.3). */
#define WG_ERASE_AFTER_MS (3 * WG_REJECT_AFTER_TIME_MS)
/* A retry this late was not late by load: the process or the machine stood still. */
#define WG_FREEZE_MS 15000

struct wg_device;
struct wg_peer;

enum wg_timer {
	WG_TIMER_EXPIRE,	/* the current session comes of age */
	WG_TIMER_ERASE,		/* keys are erased */
	WG_TIMER_START,		/* a handshake was asked for, for then */
	WG_TIMER_RETRY,		/* the initiation was not answered */
	WG_TIMER_KEEPALIVE,	/* data came, nothing went */
	WG_TIMER_SILENCE,	/* data went, nothing came */
	WG_TIMER_PERSISTENT,	/* nothing went or came at all */
	WG_TIMER_COUNT
};

struct wg_timers {
	struct heap_entry entry;	/* never later than the earliest of `at` */
	struct boot_time at[WG_TIMER_COUNT];	/* BOOT_NEVER: not armed */
	struct boot_time silent_since;	/* when SILENCE was armed */
	uint32_t jitter_ms;		/* drawn for each initiation */
};

void wg_timers_init(struct wg_timers *t);

/* Facts. "Data" is anything but a keepalive; "any" and "traversal" include handshake messages. */
void wg_timers_data_sent(struct wg_peer *peer, struct boot_time now);
void wg_timers_data_received(struct wg_peer *peer, struct boot_time now);
void wg_timers_any_sent(struct wg_peer *peer, struct boot_time now);
void wg_timers_any_received(struct wg_peer *peer, struct boot_time now);
void wg_timers_initiation_sent(struct wg_peer *peer, struct boot_time now);
/* An initiation could not go out, for lack of an endpoint or memory: counts as a lost one. */
void wg_timers_initiation_unsent(struct wg_peer *peer, struct boot_time now);
/* A response went out; an initiation that is due waits for what becomes of it. */
void wg_timers_response_sent(struct wg_peer *peer, struct boot_time now);
/* New keys exist: as responder not yet confirmed. */
void wg_timers_session_derived(struct wg_peer *peer, struct boot_time now);
/* The current session is a new one, and confirmed. */
void wg_timers_session_confirmed(struct wg_peer *peer, struct boot_time now);

/* Whether data went `ms` ago or earlier, and nothing authentic has come since. */
bool wg_timers_unanswered(const struct wg_peer *peer, struct boot_time now, uint64_t ms);

/* Requests: a handshake as soon as it may be, unless one is under way; or after a delay. */
void wg_timers_want_handshake(struct wg_peer *peer, struct boot_time now);
void wg_timers_start(struct wg_peer *peer, struct boot_time now, uint64_t delay_ms);

/*
 * Serves the peers whose deadline has come, a bounded number; the device's deadline says if more
 * are due.
 */
void wg_timers_tick(struct wg_device *dev, struct boot_time now);

#endif
