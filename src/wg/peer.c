#include "wg/peer.h"

#include <stdlib.h>

#include "crypto/x25519.h"
#include "wg/state.h"

void wg_peer_want(struct wg_peer *peer, unsigned bits)
{
	peer->wants |= bits;
	if (!list_linked(&peer->output))
		list_push_back(&peer->dev->output, &peer->output);
}

void wg_peer_raise(struct wg_peer *peer, enum wg_event_type type)
{
	/* What was raised and not yet taken tells the present state, not history. */
	if (type == WG_EVENT_SESSION_UP)
		peer->raised &= ~(1u << WG_EVENT_SESSION_DOWN | 1u << WG_EVENT_HANDSHAKE_FAILED |
				  1u << WG_EVENT_HANDSHAKE_RETRY);
	else if (type == WG_EVENT_SESSION_DOWN)
		peer->raised &= ~(1u << WG_EVENT_SESSION_UP);
	else if (type == WG_EVENT_HEARD)
		peer->raised &= ~(1u << WG_EVENT_UNHEARD);
	else if (type == WG_EVENT_UNHEARD)
		peer->raised &= ~(1u << WG_EVENT_HEARD);
	peer->raised |= 1u << type;
	if (!list_linked(&peer->events))
		list_push_back(&peer->dev->events, &peer->events);
}

const struct key_shared *wg_peer_static_shared(struct wg_peer *peer)
{
	if (!peer->static_shared_known) {
		if (x25519_agree(&peer->static_shared, peer->dev->private_key, &peer->public_key))
			return NULL;
		peer->static_shared_known = true;
	}
	return &peer->static_shared;
}

void wg_peer_try_endpoint(struct wg_peer *peer, const struct endpoint *endpoint)
{
	peer->endpoint = *endpoint;
	peer->away = peer->home.addr.family != ADDR_NONE &&
		     !endpoint_equal(endpoint, &peer->home);
	if (peer->initiation_waits) {
		peer->initiation_waits = false;
		wg_peer_want(peer, WG_WANT_INITIATION);
	}
}

void wg_peer_learn_endpoint(struct wg_peer *peer, const struct endpoint *src)
{
	bool known = peer->endpoint.addr.family != ADDR_NONE;

	if (endpoint_equal(&peer->endpoint, src))
		return;
	wg_peer_try_endpoint(peer, src);
	if (known)
		wg_peer_raise(peer, WG_EVENT_ROAMED);
}

static void drop_session(struct wg_peer *peer, struct wg_session **session)
{
	if (!*session)
		return;
	if (peer->dev->unsealed.session == *session)
		wg_device_seal_now(peer->dev);
	wg_index_remove(&peer->dev->indices, (*session)->local_index);
	wg_session_free(*session);
	*session = NULL;
}

void wg_peer_install(struct wg_peer *peer, struct wg_session *session)
{
	if (!session->initiator) {
		drop_session(peer, &peer->next);
		drop_session(peer, &peer->previous);
		peer->next = session;
		return;
	}
	/*
	 * When both sides initiated at once, the other one may take our answer as its current
	 * session: an unconfirmed next session must go on receiving.
	 */
	drop_session(peer, &peer->previous);
	if (peer->next) {
		peer->previous = peer->next;
		peer->next = NULL;
		drop_session(peer, &peer->current);
	} else {
		peer->previous = peer->current;
	}
	peer->current = session;
}

bool wg_peer_confirm(struct wg_peer *peer, struct wg_session *session)
{
	if (session != peer->next)
		return false;
	drop_session(peer, &peer->previous);
	peer->previous = peer->current;
	peer->current = peer->next;
	peer->next = NULL;
	return true;
}

void wg_peer_drop_initiator(struct wg_peer *peer)
{
	wg_index_remove(&peer->dev->indices, peer->initiator_index);
	peer->initiator_index = 0;
	noise_ik_wipe(&peer->initiator);
}

void wg_peer_drop_sessions(struct wg_peer *peer)
{
	noise_ik_wipe(&peer->responder);
	peer->wants &= ~(unsigned)WG_WANT_RESPONSE;
	drop_session(peer, &peer->current);
	drop_session(peer, &peer->previous);
	drop_session(peer, &peer->next);
}

void wg_peer_drop_staged(struct wg_peer *peer, enum wg_drop reason)
{
	peer->dev->drops[reason] += peer->staged.count;
	if (peer->staged.count)
		wg_peer_raise(peer, WG_EVENT_STAGED_GONE);
	wg_staged_clear(&peer->dev->staged, &peer->staged);
	peer->wants &= ~(unsigned)WG_WANT_STAGED;
}

void wg_peer_drop_home_copy(struct wg_peer *peer)
{
	free(peer->home_copy);
	peer->home_copy = NULL;
	peer->wants &= ~(unsigned)WG_WANT_HOME_COPY;
}

void *wg_peer_owner(const struct wg_peer *peer)
{
	return peer->owner;
}

void wg_peer_info(const struct wg_peer *peer, struct boot_time now, struct wg_peer_info *out)
{
	*out = (struct wg_peer_info){
		.public_key = peer->public_key,
		.endpoint = peer->endpoint,
		.has_session = wg_peer_has_session(peer, now),
		.last_handshake = peer->last_handshake,
		.last_up = peer->last_up,
		.rx_bytes = peer->rx_bytes,
		.tx_bytes = peer->tx_bytes,
		.rx_data = peer->rx_data,
		.tx_data = peer->tx_data,
		.attempts = peer->attempts,
	};
}

uint32_t wg_peer_id(const struct wg_peer *peer)
{
	return peer->id;
}

bool wg_peer_heard(const struct wg_peer *peer)
{
	return peer->heard;
}

const struct endpoint *wg_peer_endpoint(const struct wg_peer *peer)
{
	return &peer->endpoint;
}

void wg_peer_set_endpoint(struct wg_peer *peer, const struct endpoint *endpoint)
{
	peer->home = *endpoint;
	wg_peer_try_endpoint(peer, endpoint);
}

void wg_peer_start(struct wg_peer *peer, struct boot_time now, uint64_t delay_ms)
{
	wg_timers_start(peer, now, delay_ms);
}

bool wg_peer_has_session(const struct wg_peer *peer, struct boot_time now)
{
	return peer->current && wg_session_can_send(peer->current, now);
}
