/*
 * Theory of operation
 *
 * Each timer is a deadline in the peer; the peer's one heap entry stands at the earliest of them or
 * before it. Facts of the data path only move deadlines away or set one where none was, so the heap
 * is touched once in many seconds, not per packet: an entry that comes up early finds nothing due
 * and is set anew.
 *
 *	data goes	SILENCE	  unless armed: nothing back in KEEPALIVE_TIMEOUT + REKEY_TIMEOUT
 *				  means that the peer lost the session, or that the path is gone:
 *				  unheard; handshake
 *	anything comes	SILENCE	  off
 *	data comes	KEEPALIVE unless armed: nothing to say within KEEPALIVE_TIMEOUT: keepalive
 *	anything goes	KEEPALIVE off
 *	either way	PERSISTENT set anew, if configured
 *	initiation	RETRY	  REKEY_TIMEOUT and jitter, until REKEY_ATTEMPT_TIME is over
 *	session		EXPIRE, ERASE
 *
 * Renewal by age or count (section 6.2) is noticed by the data path, which then asks for a
 * handshake here. No peer gets initiations closer together than REKEY_TIMEOUT (section 6.4); a wish
 * that comes too early is remembered in START. A response counts like an initiation: its session is
 * about to be confirmed, and peers that keep one handshake for both roles mix up two that cross.
 *
 * `now` is boot time. After a freeze many deadlines are long past at once: sessions expire first,
 * and an attempt that was under way counts as new.
 */
#include "wg/timers.h"

#include "wg/peer.h"
#include "wg/state.h"

/* Peers served per tick, so that one wakeup stays short. */
#define TICK_PEERS_MAX 256

void wg_timers_init(struct wg_timers *t)
{
	int i;

	*t = (struct wg_timers){0};
	for (i = 0; i < WG_TIMER_COUNT; i++)
		t->at[i] = BOOT_NEVER;
}

static bool armed(const struct wg_peer *peer, enum wg_timer timer)
{
	return peer->timers.at[timer].ns != BOOT_NEVER.ns;
}

static void arm(struct wg_peer *peer, enum wg_timer timer, struct boot_time at)
{
	struct heap_entry *entry = &peer->timers.entry;

	peer->timers.at[timer] = at;
	if (entry->index == 0 || at.ns < entry->at.ns)
		heap_set(&peer->dev->timers, entry, at);
}

static void disarm(struct wg_peer *peer, enum wg_timer timer)
{
	peer->timers.at[timer] = BOOT_NEVER;
}

/* Something authentic went or came. */
static void note_traversal(struct wg_peer *peer, struct boot_time now)
{
	if (peer->persistent_keepalive_s)
		arm(peer, WG_TIMER_PERSISTENT,
		    boot_add_ms(now, UINT64_C(1000) * peer->persistent_keepalive_s));
}

void wg_timers_data_sent(struct wg_peer *peer, struct boot_time now)
{
	if (armed(peer, WG_TIMER_SILENCE))
		return;
	peer->timers.silent_since = now;
	arm(peer, WG_TIMER_SILENCE,
	    boot_add_ms(now, WG_KEEPALIVE_TIMEOUT_MS + WG_REKEY_TIMEOUT_MS +
			     peer->timers.jitter_ms));
}

bool wg_timers_unanswered(const struct wg_peer *peer, struct boot_time now, uint64_t ms)
{
	return armed(peer, WG_TIMER_SILENCE) && boot_since_ms(now, peer->timers.silent_since) >= ms;
}

void wg_timers_data_received(struct wg_peer *peer, struct boot_time now)
{
	if (!armed(peer, WG_TIMER_KEEPALIVE))
		arm(peer, WG_TIMER_KEEPALIVE, boot_add_ms(now, WG_KEEPALIVE_TIMEOUT_MS));
}

void wg_timers_any_sent(struct wg_peer *peer, struct boot_time now)
{
	disarm(peer, WG_TIMER_KEEPALIVE);
	note_traversal(peer, now);
}

static void set_heard(struct wg_peer *peer, bool heard)
{
	if (peer->heard == heard)
		return;
	peer->heard = heard;
	wg_peer_raise(peer, heard ? WG_EVENT_HEARD : WG_EVENT_UNHEARD);
}

void wg_timers_any_received(struct wg_peer *peer, struct boot_time now)
{
	disarm(peer, WG_TIMER_SILENCE);
	if (peer->up) {
		peer->last_up = now;
		set_heard(peer, true);
	}
	note_traversal(peer, now);
}

void wg_timers_initiation_unsent(struct wg_peer *peer, struct boot_time now)
{
	peer->timers.jitter_ms = rng_below(&peer->dev->rng, WG_REKEY_TIMEOUT_JITTER_MS + 1);
	arm(peer, WG_TIMER_RETRY, boot_add_ms(now, WG_REKEY_TIMEOUT_MS + peer->timers.jitter_ms));
}

void wg_timers_initiation_sent(struct wg_peer *peer, struct boot_time now)
{
	peer->attempts++;
	peer->last_initiation_sent = now;
	wg_timers_initiation_unsent(peer, now);
	wg_timers_any_sent(peer, now);
}

void wg_timers_response_sent(struct wg_peer *peer, struct boot_time now)
{
	const unsigned due = peer->wants & WG_WANT_INITIATION;
	struct boot_time earliest = boot_add_ms(now, WG_REKEY_TIMEOUT_MS);

	peer->last_response_sent = now;
	wg_timers_any_sent(peer, now);
	if (!peer->attempting)
		return;
	peer->wants &= ~(unsigned)WG_WANT_INITIATION;
	if (due || peer->timers.at[WG_TIMER_RETRY].ns < earliest.ns)
		arm(peer, WG_TIMER_RETRY, earliest);
}

void wg_timers_session_derived(struct wg_peer *peer, struct boot_time now)
{
	arm(peer, WG_TIMER_ERASE, boot_add_ms(now, WG_ERASE_AFTER_MS));
}

static void end_attempt(struct wg_peer *peer)
{
	peer->attempting = false;
	peer->attempts = 0;
	peer->initiation_waits = false;
	peer->wants &= ~(unsigned)WG_WANT_INITIATION;
	disarm(peer, WG_TIMER_START);
	disarm(peer, WG_TIMER_RETRY);
}

void wg_timers_session_confirmed(struct wg_peer *peer, struct boot_time now)
{
	end_attempt(peer);
	peer->last_handshake = peer->last_up = now;
	arm(peer, WG_TIMER_EXPIRE,
	    boot_add_ms(peer->current->created, WG_REJECT_AFTER_TIME_MS));
	if (!peer->up) {
		peer->up = true;
		wg_peer_raise(peer, WG_EVENT_SESSION_UP);
	}
	set_heard(peer, true);
}

static void begin_attempt(struct wg_peer *peer, struct boot_time now)
{
	end_attempt(peer);
	peer->attempting = true;
	peer->first_attempt = now;
	wg_peer_want(peer, WG_WANT_INITIATION);
}

void wg_timers_want_handshake(struct wg_peer *peer, struct boot_time now)
{
	uint64_t last_ns = peer->last_initiation_sent.ns > peer->last_response_sent.ns ?
			   peer->last_initiation_sent.ns : peer->last_response_sent.ns;
	struct boot_time earliest = boot_add_ms((struct boot_time){last_ns}, WG_REKEY_TIMEOUT_MS);

	if (peer->attempting)
		return;
	if (last_ns == 0 || boot_reached(now, earliest))
		begin_attempt(peer, now);
	else if (earliest.ns < peer->timers.at[WG_TIMER_START].ns)
		arm(peer, WG_TIMER_START, earliest);
}

void wg_timers_start(struct wg_peer *peer, struct boot_time now, uint64_t delay_ms)
{
	struct boot_time at = boot_add_ms(now, delay_ms);

	if (peer->attempting || (peer->current && wg_session_can_send(peer->current, now)))
		return;
	if (delay_ms == 0)
		wg_timers_want_handshake(peer, now);
	else if (at.ns < peer->timers.at[WG_TIMER_START].ns)
		arm(peer, WG_TIMER_START, at);
}

static void on_expire(struct wg_peer *peer, struct boot_time now)
{
	if (peer->current && wg_session_can_receive(peer->current, now)) {
		arm(peer, WG_TIMER_EXPIRE,
		    boot_add_ms(peer->current->created, WG_REJECT_AFTER_TIME_MS));
		return;
	}
	if (peer->up) {
		peer->up = false;
		wg_peer_raise(peer, WG_EVENT_SESSION_DOWN);
	}
	set_heard(peer, false);
}

static void on_retry(struct wg_peer *peer, struct boot_time now, uint64_t late_ms)
{
	if (!peer->attempting)
		return;
	if (late_ms >= WG_FREEZE_MS) {
		begin_attempt(peer, now);
		return;
	}
	if (boot_since_ms(now, peer->first_attempt) < WG_REKEY_ATTEMPT_TIME_MS) {
		wg_peer_raise(peer, WG_EVENT_HANDSHAKE_RETRY);
		wg_peer_want(peer, WG_WANT_INITIATION);
		return;
	}
	end_attempt(peer);
	wg_peer_drop_initiator(peer);
	wg_peer_drop_staged(peer, WG_DROP_NO_SESSION);
	disarm(peer, WG_TIMER_KEEPALIVE);
	if (!armed(peer, WG_TIMER_ERASE))
		arm(peer, WG_TIMER_ERASE, boot_add_ms(now, WG_ERASE_AFTER_MS));
	wg_peer_raise(peer, WG_EVENT_HANDSHAKE_FAILED);
	/* A peer with persistent keepalive is tried again, even one that had no endpoint. */
	note_traversal(peer, now);
}

static void on_timer(struct wg_peer *peer, enum wg_timer timer, struct boot_time now,
		     uint64_t late_ms)
{
	switch (timer) {
	case WG_TIMER_EXPIRE:
		on_expire(peer, now);
		break;
	case WG_TIMER_ERASE:
		wg_peer_drop_sessions(peer);
		/* After a freeze a new attempt may have begun before this came to run. */
		if (!peer->attempting)
			wg_peer_drop_initiator(peer);
		break;
	case WG_TIMER_RETRY:
		on_retry(peer, now, late_ms);
		break;
	case WG_TIMER_KEEPALIVE:
		wg_peer_want(peer, WG_WANT_KEEPALIVE);
		break;
	case WG_TIMER_SILENCE:
		set_heard(peer, false);
		wg_timers_want_handshake(peer, now);
		break;
	case WG_TIMER_START:
		wg_timers_want_handshake(peer, now);
		break;
	case WG_TIMER_PERSISTENT:
		wg_peer_want(peer, WG_WANT_KEEPALIVE);
		note_traversal(peer, now);
		break;
	case WG_TIMER_COUNT:
		break;
	}
}

static void serve(struct wg_peer *peer, struct boot_time now)
{
	struct boot_time at, earliest = BOOT_NEVER;
	int i;

	for (i = 0; i < WG_TIMER_COUNT; i++) {
		at = peer->timers.at[i];
		if (!boot_reached(now, at))
			continue;
		peer->timers.at[i] = BOOT_NEVER;
		on_timer(peer, (enum wg_timer)i, now, boot_since_ms(now, at));
	}
	for (i = 0; i < WG_TIMER_COUNT; i++)
		earliest = boot_min(earliest, peer->timers.at[i]);
	heap_set(&peer->dev->timers, &peer->timers.entry, earliest);
}

void wg_timers_tick(struct wg_device *dev, struct boot_time now)
{
	struct heap_entry *entry;
	int budget = TICK_PEERS_MAX;

	while (budget-- > 0 && (entry = heap_pop_due(&dev->timers, now)))
		serve(CONTAINER_OF(entry, struct wg_peer, timers.entry), now);
}
