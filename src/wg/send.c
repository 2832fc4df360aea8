/*
 * Theory of operation
 *
 * Other files leave wishes in the peer (enum wg_want); here they become datagrams, when the driver
 * has room for one. So nothing that is made from randomness, keys or clocks is ever kept waiting in
 * a buffer, and a wish that came twice is served once. A wish that needs a session where there is
 * none turns into a handshake; the packets stay queued.
 *
 * A peer that has roamed and does not answer may be back where it was. Nobody would find out for as
 * long as it has nothing to say: our packets go to a place that it has left. So once a second one of
 * them goes to its home as well; whoever got both takes one of them (replay window). The answer, from
 * wherever it comes, moves the endpoint.
 *
 * Data is padded with zeroes to a multiple of 16 bytes, but not beyond the MTU (paper section
 * 5.4.6).
 */
#include "wg/send.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "wg/handshake.h"
#include "wg/peer.h"
#include "wg/state.h"

/* Data to a roamed peer that is unanswered for so long, and as seldom, is sent to its home as well. */
#define HOME_COPY_MS 1000

static size_t padded_len(const struct wg_device *dev, size_t len)
{
	size_t padded = (len + WG_PADDING - 1) / WG_PADDING * WG_PADDING;

	if (len >= dev->mtu)
		return len;
	return padded > dev->mtu ? dev->mtu : padded;
}

size_t wg_device_datagram_len(const struct wg_device *dev, size_t inner_len)
{
	return padded_len(dev, inner_len) + WG_OVERHEAD_LEN;
}

/* Whether the session that just sent should be renewed (paper section 6.2). */
static bool is_stale(const struct wg_session *s, struct boot_time now)
{
	return s->send_counter >= WG_REKEY_AFTER_MESSAGES ||
	       (s->initiator && boot_since_ms(now, s->created) >= WG_REKEY_AFTER_TIME_MS);
}

static void copy_to_home(struct wg_peer *peer, struct boot_time now, const uint8_t *p, size_t len)
{
	struct wg_staged_packet *copy;

	if (!wg_timers_unanswered(peer, now, HOME_COPY_MS) || peer->home_copy ||
	    (peer->last_home_copy.ns && boot_since_ms(now, peer->last_home_copy) < HOME_COPY_MS))
		return;
	copy = malloc(sizeof(*copy) + len);
	if (!copy)
		return;
	copy->len = len;
	memcpy(copy->data, p, len);
	peer->home_copy = copy;
	peer->last_home_copy = now;
	wg_peer_want(peer, WG_WANT_HOME_COPY);
}

void wg_device_seal_now(struct wg_device *dev)
{
	struct wg_unsealed *u = &dev->unsealed;

	if (!u->count)
		return;
	aead_seal_array(&u->session->send, u->packets, u->count);
	u->session = NULL;
	u->count = 0;
}

static void seal_later(struct wg_device *dev, struct wg_session *s, uint8_t *inner, size_t len)
{
	struct wg_unsealed *u = &dev->unsealed;

	if (u->count == WG_ARRAY_MAX || u->session != s)
		wg_device_seal_now(dev);
	u->session = s;
	u->packets[u->count++] = (struct aead_packet){.counter = s->send_counter++, .data = inner, .len = len};
}

/* Makes a datagram for the current session, which must be able to send; it is left to be sealed. */
static size_t prepare(struct wg_peer *peer, struct boot_time now, uint8_t *slot, size_t inner_len)
{
	struct wg_session *s = peer->current;
	size_t padded = padded_len(peer->dev, inner_len);
	uint8_t *inner = slot + WG_DATA_HEADER_LEN;

	memset(inner + inner_len, 0, padded - inner_len);
	wg_data_encode_header(slot, s->remote_index, s->send_counter);
	seal_later(peer->dev, s, inner, padded);
	peer->tx_bytes += padded + WG_OVERHEAD_LEN;
	wg_timers_any_sent(peer, now);
	if (inner_len) {
		peer->tx_data++;
		wg_timers_data_sent(peer, now);
	}
	if (inner_len && peer->away) {
		wg_device_seal_now(peer->dev);
		copy_to_home(peer, now, slot, padded + WG_OVERHEAD_LEN);
	}
	if (is_stale(s, now))
		wg_timers_want_handshake(peer, now);
	return padded + WG_OVERHEAD_LEN;
}

int wg_peer_seal_later(struct wg_peer *peer, struct boot_time now, uint8_t *slot, size_t inner_len)
{
	if (inner_len > INT_MAX - WG_OVERHEAD_LEN - WG_PADDING)
		return ERR_MSGSIZE;
	if (!wg_peer_has_session(peer, now))
		return ERR_AGAIN;
	if (peer->endpoint.addr.family == ADDR_NONE) {
		peer->dev->drops[WG_DROP_NO_ENDPOINT]++;
		return ERR_UNREACH;
	}
	return (int)prepare(peer, now, slot, inner_len);
}

int wg_peer_seal(struct wg_peer *peer, struct boot_time now, uint8_t *slot, size_t inner_len)
{
	int len = wg_peer_seal_later(peer, now, slot, inner_len);

	wg_device_seal_now(peer->dev);
	return len;
}

/* What the device sends on its own account: no caller knows of it before it is sealed. */
static size_t seal(struct wg_peer *peer, struct boot_time now, uint8_t *slot, size_t inner_len)
{
	size_t len = prepare(peer, now, slot, inner_len);

	wg_device_seal_now(peer->dev);
	return len;
}

void wg_peer_queue(struct wg_peer *peer, struct boot_time now, const uint8_t *inner, size_t len)
{
	struct wg_device *dev = peer->dev;

	dev->drops[WG_DROP_QUEUE_FULL] +=
		wg_staged_push(&dev->staged, &peer->staged, inner, len);
	/* Without memory for the first nothing is kept that could say so later. */
	if (!peer->staged.count)
		wg_peer_raise(peer, WG_EVENT_STAGED_GONE);
	if (wg_peer_has_session(peer, now))
		wg_peer_want(peer, WG_WANT_STAGED);
	else
		wg_timers_want_handshake(peer, now);
}

static size_t send_response(struct wg_peer *peer, struct boot_time now, uint8_t *out)
{
	peer->wants &= ~(unsigned)WG_WANT_RESPONSE;
	if (wg_handshake_respond(peer, now, out))
		return 0;	/* the initiator will ask again */
	peer->tx_bytes += WG_RESPONSE_LEN;
	wg_timers_session_derived(peer, now);
	wg_timers_response_sent(peer, now);
	return WG_RESPONSE_LEN;
}

static size_t send_initiation(struct wg_peer *peer, struct boot_time now, struct wall_time wall,
			      uint8_t *out)
{
	peer->wants &= ~(unsigned)WG_WANT_INITIATION;
	if (peer->endpoint.addr.family == ADDR_NONE) {
		peer->dev->drops[WG_DROP_NO_ENDPOINT]++;
		peer->initiation_waits = true;
		wg_timers_initiation_unsent(peer, now);
		return 0;
	}
	if (wg_handshake_initiate(peer, now, wall, out)) {
		wg_timers_initiation_unsent(peer, now);
		return 0;
	}
	peer->tx_bytes += WG_INITIATION_LEN;
	wg_timers_initiation_sent(peer, now);
	return WG_INITIATION_LEN;
}

/* Staged packets first: any of them serves as keepalive. */
static size_t send_data(struct wg_peer *peer, struct boot_time now, uint8_t *out, size_t cap)
{
	struct wg_device *dev = peer->dev;
	struct wg_staged_packet *packet;
	size_t len;

	while ((packet = wg_staged_pop(&dev->staged, &peer->staged))) {
		if (!peer->staged.count)
			wg_peer_raise(peer, WG_EVENT_STAGED_GONE);
		len = 0;
		if (packet->len <= cap && wg_device_datagram_len(dev, packet->len) <= cap) {
			memcpy(out + WG_DATA_HEADER_LEN, packet->data, packet->len);
			len = seal(peer, now, out, packet->len);
		} else {
			dev->drops[WG_DROP_INNER_MALFORMED]++;
		}
		free(packet);
		if (len) {
			peer->wants &= ~(unsigned)WG_WANT_KEEPALIVE;
			return len;
		}
	}
	peer->wants &= ~(unsigned)WG_WANT_STAGED;
	if (!(peer->wants & WG_WANT_KEEPALIVE))
		return 0;
	peer->wants &= ~(unsigned)WG_WANT_KEEPALIVE;
	return seal(peer, now, out, 0);
}

static size_t send_home_copy(struct wg_peer *peer, uint8_t *out, size_t cap)
{
	size_t len = peer->home_copy->len <= cap ? peer->home_copy->len : 0;

	memcpy(out, peer->home_copy->data, len);
	peer->tx_bytes += len;
	wg_peer_drop_home_copy(peer);
	return len;
}

size_t wg_send_next(struct wg_peer *peer, struct boot_time now, struct wall_time wall,
		    uint8_t *out, size_t cap, struct endpoint *dst)
{
	const unsigned data = WG_WANT_STAGED | WG_WANT_KEEPALIVE;
	size_t len;

	if (peer->wants & WG_WANT_RESPONSE) {
		/* Where it was asked from, though a caller may have set another endpoint since. */
		*dst = peer->responder_src;
		len = send_response(peer, now, out);
		if (len)
			return len;
	}
	if (peer->wants & WG_WANT_HOME_COPY) {
		*dst = peer->home;
		len = send_home_copy(peer, out, cap);
		if (len)
			return len;
	}
	*dst = peer->endpoint;
	if (peer->wants & data) {
		if (wg_peer_has_session(peer, now)) {
			len = send_data(peer, now, out, cap);
			if (len)
				return len;
		} else {
			peer->wants &= ~data;
			wg_timers_want_handshake(peer, now);
		}
	}
	if (peer->wants & WG_WANT_INITIATION)
		return send_initiation(peer, now, wall, out);
	return 0;
}
