/*
 * Theory of operation
 *
 * Checks stand in the order of their cost, and nothing is changed before authentication:
 *
 *	handshake	length; mac1 (one hash); for a response, an index of ours; load, mac2, rate;
 *			only then key agreements
 *	cookie reply	length; an index of ours; its seal
 *	data		length; an index of ours; age; counter not seen; its seal; counter taken
 *
 * What is counted for load are messages that would cost key agreements. Authentic data then
 * confirms a session, moves the endpoint, feeds the timers, and has its inner source checked.
 */
#include "wg/receive.h"

#include "base/err.h"
#include "wg/handshake.h"
#include "wg/inner.h"
#include "wg/peer.h"
#include "wg/state.h"

struct datagram {
	const struct endpoint *src;
	uint8_t *p;
	size_t len;
};

static void push_cookie_reply(struct wg_device *dev, struct boot_time now,
			      const struct datagram *d, uint32_t receiver)
{
	struct wg_pending_reply *reply;

	if (dev->reply_count == WG_COOKIE_REPLIES_MAX)
		return;
	reply = &dev->replies[(dev->reply_first + dev->reply_count) % WG_COOKIE_REPLIES_MAX];
	dev->reply_count++;
	reply->dst = *d->src;
	wg_cookie_reply_make(&dev->checker, now, &dev->rng, d->src, receiver, d->p, d->len,
			     reply->message);
}

/* Whether a handshake message with a valid mac1 may cost key agreements. */
static bool admit(struct wg_device *dev, struct boot_time now, const struct datagram *d,
		  uint32_t sender, enum wg_drop *why)
{
	if (!wg_admission_load(&dev->admission, now))
		return true;
	if (!wg_cookie_check_mac2(&dev->checker, now, &dev->rng, d->src, d->p, d->len)) {
		push_cookie_reply(dev, now, d, sender);
		*why = WG_DROP_UNDER_LOAD;
		return false;
	}
	if (!wg_admission_take(&dev->admission, now, &d->src->addr)) {
		*why = WG_DROP_RATE_LIMIT;
		return false;
	}
	return true;
}

/* A session has become current: send with it at once, which tells the other side too. */
static void confirm_session(struct wg_peer *peer, struct boot_time now)
{
	wg_timers_session_confirmed(peer, now);
	if (peer->staged.count)
		wg_peer_want(peer, WG_WANT_STAGED);
}

static bool take_initiation(struct wg_device *dev, struct boot_time now, const struct datagram *d,
			    enum wg_drop *why)
{
	struct wg_initiation m;
	struct wg_peer *peer;

	wg_initiation_decode(&m, d->p);
	if (!admit(dev, now, d, m.sender, why))
		return false;
	peer = wg_handshake_take_initiation(dev, now, &m, why);
	if (!peer)
		return false;
	peer->rx_bytes += d->len;
	peer->responder_src = *d->src;
	wg_peer_learn_endpoint(peer, d->src);
	wg_timers_any_received(peer, now);
	return true;
}

static bool take_response(struct wg_device *dev, struct boot_time now, const struct datagram *d,
			  enum wg_drop *why)
{
	const struct wg_index_slot *slot;
	struct wg_response m;
	struct wg_peer *peer;

	wg_response_decode(&m, d->p);
	slot = wg_index_find(&dev->indices, m.receiver);
	if (!slot || slot->session) {
		*why = WG_DROP_UNEXPECTED;
		return false;
	}
	if (!admit(dev, now, d, m.sender, why))
		return false;
	peer = wg_handshake_take_response(dev, now, &m, why);
	if (!peer)
		return false;
	peer->rx_bytes += d->len;
	wg_peer_learn_endpoint(peer, d->src);
	wg_timers_any_received(peer, now);
	wg_timers_session_derived(peer, now);
	confirm_session(peer, now);
	/* The responder may not send before it has heard from us (paper section 5.4.3). */
	wg_peer_want(peer, WG_WANT_KEEPALIVE);
	return true;
}

static bool take_cookie_reply(struct wg_device *dev, struct boot_time now,
			      const struct datagram *d, enum wg_drop *why)
{
	const struct wg_index_slot *slot;
	struct wg_cookie_reply m;
	int err;

	wg_cookie_reply_decode(&m, d->p);
	slot = wg_index_find(&dev->indices, m.receiver);
	if (!slot) {
		*why = WG_DROP_UNEXPECTED;
		return false;
	}
	err = wg_cookie_accept(&slot->peer->jar, now, &slot->peer->public_key, &m);
	if (err) {
		*why = err == ERR_NOTFOUND ? WG_DROP_UNEXPECTED : WG_DROP_HANDSHAKE;
		return false;
	}
	slot->peer->rx_bytes += d->len;
	return true;
}

/* The session of an authentic data message, now decrypted, or NULL. */
static struct wg_index_slot *open_data(struct wg_device *dev, struct boot_time now,
				       const struct wg_data *m, enum wg_drop *why)
{
	struct wg_index_slot *slot = wg_index_find(&dev->indices, m->receiver);
	struct wg_session *s;

	*why = WG_DROP_UNKNOWN_INDEX;
	if (!slot || !slot->session)
		return NULL;
	s = slot->session;
	*why = WG_DROP_EXPIRED;
	if (!wg_session_can_receive(s, now) || m->counter >= WG_REJECT_AFTER_MESSAGES)
		return NULL;
	*why = WG_DROP_REPLAYED;
	if (!wg_replay_check(&s->replay, m->counter))
		return NULL;
	*why = WG_DROP_TAG;
	if (aead_open(&s->receive, m->counter, m->sealed, m->sealed_len))
		return NULL;
	(void)wg_replay_accept(&s->replay, m->counter);
	return slot;
}

/* Checks the inner packet: of this peer, or dropped. */
static enum wg_verdict deliver(struct wg_peer *peer, const struct wg_data *m,
			       struct wg_inner *inner)
{
	struct wg_device *dev = peer->dev;
	struct addr src;

	inner->peer = peer;
	inner->data = m->sealed;
	if (!wg_inner_parse(m->sealed, m->sealed_len - WG_TAG_LEN, &src, &inner->len)) {
		dev->drops[WG_DROP_INNER_MALFORMED]++;
		return WG_DROPPED;
	}
	if (wg_allowedips_find(&dev->allowed_ips, &src) != peer) {
		dev->drops[WG_DROP_SOURCE]++;
		return WG_DROPPED;
	}
	return WG_DATA;
}

static enum wg_verdict take_data(struct wg_device *dev, struct boot_time now,
				 const struct datagram *d, struct wg_inner *inner)
{
	const struct wg_index_slot *slot;
	struct wg_session *session;
	struct wg_peer *peer;
	enum wg_drop why;
	struct wg_data m;

	wg_data_decode(&m, d->p, d->len);
	slot = open_data(dev, now, &m, &why);
	if (!slot) {
		dev->drops[why]++;
		return WG_DROPPED;
	}
	peer = slot->peer;
	session = slot->session;
	peer->rx_bytes += d->len;
	wg_peer_learn_endpoint(peer, d->src);
	if (wg_peer_confirm(peer, session))
		confirm_session(peer, now);
	wg_timers_any_received(peer, now);
	if (session->initiator && boot_since_ms(now, session->created) >= WG_REKEY_ON_RECEIVE_MS)
		wg_timers_want_handshake(peer, now);
	if (m.sealed_len == WG_TAG_LEN)
		return WG_CONSUMED;
	peer->rx_data++;
	wg_timers_data_received(peer, now);
	return deliver(peer, &m, inner);
}

enum wg_verdict wg_device_input(struct wg_device *dev, struct boot_time now,
				const struct endpoint *src, uint8_t *datagram, size_t len,
				struct wg_inner *inner)
{
	struct datagram d = {src, datagram, len};
	enum wg_message_type type;
	enum wg_drop why;
	bool ok = false;

	if (!wg_message_classify(datagram, len, &type, &why)) {
		dev->drops[why]++;
		return WG_DROPPED;
	}
	why = WG_DROP_MAC1;
	switch (type) {
	case WG_MSG_DATA:
		return take_data(dev, now, &d, inner);
	case WG_MSG_COOKIE_REPLY:
		ok = take_cookie_reply(dev, now, &d, &why);
		break;
	case WG_MSG_INITIATION:
		ok = wg_cookie_check_mac1(&dev->checker, datagram, len) &&
		     take_initiation(dev, now, &d, &why);
		break;
	case WG_MSG_RESPONSE:
		ok = wg_cookie_check_mac1(&dev->checker, datagram, len) &&
		     take_response(dev, now, &d, &why);
		break;
	}
	if (!ok) {
		dev->drops[why]++;
		return WG_DROPPED;
	}
	return WG_CONSUMED;
}
