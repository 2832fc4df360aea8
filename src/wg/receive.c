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
 * Data of one session that comes in a row is opened in one call, and then taken packet by packet, in order;
 * everything else waits for its turn. So the outcome is that of one datagram after the other: since a counter
 * only ever gets older, what is refused before opening would be refused after it.
 *
 * What is counted for load are messages that would cost key agreements. Authentic data then
 * confirms a session, moves the endpoint, feeds the timers, and has its inner source checked.
 */
#include "wg/device.h"

#include "base/err.h"
#include "base/ip.h"
#include "wg/handshake.h"
#include "wg/peer.h"
#include "wg/state.h"

/* Data messages of one session that came one after the other. */
struct run {
	struct wg_peer *peer;
	struct wg_session *session;
	uint32_t receiver;
	size_t count;
	struct wg_datagram *datagrams[WG_ARRAY_MAX];
	struct aead_packet packets[WG_ARRAY_MAX];
};

static void push_cookie_reply(struct wg_device *dev, struct boot_time now,
			      const struct wg_datagram *d, uint32_t receiver)
{
	struct wg_pending_reply *reply;

	if (dev->reply_count == WG_COOKIE_REPLIES_MAX)
		return;
	reply = &dev->replies[(dev->reply_first + dev->reply_count) % WG_COOKIE_REPLIES_MAX];
	dev->reply_count++;
	reply->dst = d->src;
	wg_cookie_reply_make(&dev->checker, now, &dev->rng, &d->src, receiver, d->data, d->len,
			     reply->message);
}

/* Whether a handshake message with a valid mac1 may cost key agreements. */
static bool admit(struct wg_device *dev, struct boot_time now, const struct wg_datagram *d,
		  uint32_t sender, enum wg_drop *why)
{
	if (!wg_admission_load(&dev->admission, now))
		return true;
	if (!wg_cookie_check_mac2(&dev->checker, now, &dev->rng, &d->src, d->data, d->len)) {
		push_cookie_reply(dev, now, d, sender);
		*why = WG_DROP_UNDER_LOAD;
		return false;
	}
	if (!wg_admission_take(&dev->admission, now, &d->src.addr)) {
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

static bool take_initiation(struct wg_device *dev, struct boot_time now, struct wg_datagram *d,
			    enum wg_drop *why)
{
	struct wg_initiation m;
	struct wg_peer *peer;

	wg_initiation_decode(&m, d->data);
	if (!admit(dev, now, d, m.sender, why))
		return false;
	peer = wg_handshake_take_initiation(dev, now, &m, &d->stranger, why);
	if (!peer)
		return false;
	peer->rx_bytes += d->len;
	peer->responder_src = d->src;
	wg_peer_learn_endpoint(peer, &d->src);
	wg_timers_any_received(peer, now);
	return true;
}

static bool take_response(struct wg_device *dev, struct boot_time now, const struct wg_datagram *d,
			  enum wg_drop *why)
{
	const struct wg_index_slot *slot;
	struct wg_response m;
	struct wg_peer *peer;

	wg_response_decode(&m, d->data);
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
	wg_peer_learn_endpoint(peer, &d->src);
	wg_timers_any_received(peer, now);
	wg_timers_session_derived(peer, now);
	confirm_session(peer, now);
	/* The responder may not send before it has heard from us (paper section 5.4.3). */
	wg_peer_want(peer, WG_WANT_KEEPALIVE);
	return true;
}

static bool take_cookie_reply(struct wg_device *dev, struct boot_time now,
			      const struct wg_datagram *d, enum wg_drop *why)
{
	const struct wg_index_slot *slot;
	struct wg_cookie_reply m;
	int err;

	wg_cookie_reply_decode(&m, d->data);
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

/* Checks the inner packet: of this peer, or dropped. */
static enum wg_verdict deliver(struct wg_peer *peer, uint8_t *data, size_t len, struct wg_inner *inner)
{
	struct wg_device *dev = peer->dev;
	struct ip_view ip;
	struct addr src;

	inner->peer = peer;
	inner->data = data;
	if (!ip_parse(&ip, data, len)) {
		dev->drops[WG_DROP_INNER_MALFORMED]++;
		return WG_DROPPED;
	}
	inner->len = ip.len;
	src = ip_src(&ip, data);
	if (wg_allowedips_find(&dev->allowed_ips, &src) != peer) {
		dev->drops[WG_DROP_SOURCE]++;
		return WG_DROPPED;
	}
	return WG_DATA;
}

/* Whether packet `i` of a run, which was opened, is authentic and new; its counter is taken then. */
static bool take_counter(struct run *run, size_t i, enum wg_drop *why)
{
	const struct aead_packet *p = &run->packets[i];
	struct wg_replay *replay = &run->session->replay;

	/* Again: those before it were taken since. */
	*why = WG_DROP_REPLAYED;
	if (!wg_replay_check(replay, p->counter))
		return false;
	*why = WG_DROP_TAG;
	return p->authentic && wg_replay_accept(replay, p->counter);
}

static enum wg_verdict take_data(struct wg_device *dev, struct boot_time now, struct run *run, size_t i)
{
	struct wg_datagram *d = run->datagrams[i];
	struct wg_session *session = run->session;
	struct wg_peer *peer = run->peer;
	size_t text_len = run->packets[i].len - WG_TAG_LEN;
	enum wg_drop why;

	if (!take_counter(run, i, &why)) {
		dev->drops[why]++;
		return WG_DROPPED;
	}
	peer->rx_bytes += d->len;
	wg_peer_learn_endpoint(peer, &d->src);
	/* May drop an older session, never this one. */
	if (wg_peer_confirm(peer, session))
		confirm_session(peer, now);
	wg_timers_any_received(peer, now);
	if (session->initiator && boot_since_ms(now, session->created) >= WG_REKEY_ON_RECEIVE_MS)
		wg_timers_want_handshake(peer, now);
	if (!text_len)
		return WG_CONSUMED;
	peer->rx_data++;
	wg_timers_data_received(peer, now);
	return deliver(peer, run->packets[i].data, text_len, &d->inner);
}

static void take_run(struct wg_device *dev, struct boot_time now, struct run *run)
{
	if (!run->count)
		return;
	aead_open_array(&run->session->receive, run->packets, run->count);
	for (size_t i = 0; i < run->count; i++)
		run->datagrams[i]->verdict = take_data(dev, now, run, i);
	run->count = 0;
}

/* The live session that a data message is for, unless its counter was seen, or NULL. */
static const struct wg_index_slot *find_session(struct wg_device *dev, struct boot_time now,
						const struct wg_data *m, enum wg_drop *why)
{
	const struct wg_index_slot *slot = wg_index_find(&dev->indices, m->receiver);

	*why = WG_DROP_UNKNOWN_INDEX;
	if (!slot || !slot->session)
		return NULL;
	*why = WG_DROP_EXPIRED;
	if (!wg_session_can_receive(slot->session, now) || m->counter >= WG_REJECT_AFTER_MESSAGES)
		return NULL;
	*why = WG_DROP_REPLAYED;
	return wg_replay_check(&slot->session->replay, m->counter) ? slot : NULL;
}

/* A data message joins the run of its session, if it is worth to be opened. */
static void add_data(struct wg_device *dev, struct boot_time now, struct run *run, struct wg_datagram *d)
{
	const struct wg_index_slot *slot;
	enum wg_drop why;
	struct wg_data m;

	wg_data_decode(&m, d->data, d->len);
	if (run->count == WG_ARRAY_MAX || m.receiver != run->receiver)
		take_run(dev, now, run);
	slot = find_session(dev, now, &m, &why);
	if (!slot) {
		dev->drops[why]++;
		return;
	}
	run->peer = slot->peer;
	run->session = slot->session;
	run->receiver = m.receiver;
	run->datagrams[run->count] = d;
	run->packets[run->count++] = (struct aead_packet){
		.counter = m.counter, .data = m.sealed, .len = m.sealed_len,
	};
}

static bool take_handshake(struct wg_device *dev, struct boot_time now, struct wg_datagram *d,
			   enum wg_message_type type, enum wg_drop *why)
{
	if (type == WG_MSG_COOKIE_REPLY)
		return take_cookie_reply(dev, now, d, why);
	*why = WG_DROP_MAC1;
	if (!wg_cookie_check_mac1(&dev->checker, d->data, d->len))
		return false;
	return type == WG_MSG_INITIATION ? take_initiation(dev, now, d, why) : take_response(dev, now, d, why);
}

void wg_device_input_array(struct wg_device *dev, struct boot_time now, struct wg_datagram *datagrams,
			   size_t count)
{
	enum wg_message_type type;
	enum wg_drop why;
	struct run run;

	run.count = 0;
	run.receiver = 0;
	for (size_t i = 0; i < count; i++) {
		struct wg_datagram *d = &datagrams[i];

		d->verdict = WG_DROPPED;
		if (!wg_message_classify(d->data, d->len, &type, &why)) {
			dev->drops[why]++;
			continue;
		}
		if (type == WG_MSG_DATA) {
			add_data(dev, now, &run, d);
			continue;
		}
		take_run(dev, now, &run);
		if (take_handshake(dev, now, d, type, &why)) {
			d->verdict = WG_CONSUMED;
			continue;
		}
		dev->drops[why]++;
		if (why == WG_DROP_UNKNOWN_PEER)
			d->verdict = WG_UNKNOWN_PEER;
	}
	take_run(dev, now, &run);
}

enum wg_verdict wg_device_input(struct wg_device *dev, struct boot_time now,
				const struct endpoint *src, uint8_t *datagram, size_t len,
				struct wg_inner *inner)
{
	struct wg_datagram d = {.src = *src, .data = datagram, .len = len};

	wg_device_input_array(dev, now, &d, 1);
	if (d.verdict == WG_DATA)
		*inner = d.inner;
	return d.verdict;
}
