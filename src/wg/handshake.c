/*
 * Theory of operation
 *
 * WireGuard's handshake is Noise_IKpsk2 (noise/ik.h) with a TAI64N timestamp as payload of the
 * first message and none in the second. A peer has one handshake under way in each role: unlike
 * implementations that keep a single one, two nodes that initiate at the same moment both finish.
 *
 * An initiation with an old timestamp is a replay. The last one is kept beyond sessions, and
 * beyond the peer (wg/past.h). Our own timestamps to a peer never repeat or go back even if the wall clock does,
 * or it would ignore us until the clock has caught up.
 *
 * Messages are opened on a copy of the state, which replaces it only after authentication, so
 * that a forged response cannot spoil the handshake under way.
 */
#include "wg/handshake.h"

#include <string.h>

#include "base/err.h"
#include "base/rd.h"
#include "wg/peer.h"
#include "wg/state.h"

#define CONSTRUCTION "Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s"
#define IDENTIFIER "WireGuard v1 zx2c4 Jason@zx2c4.com"

/* TAI64 label of 1970-01-01 00:00:00 TAI, and the ten leap seconds of before 1972. */
#define TAI64_EPOCH ((UINT64_C(1) << 62) + 10)
#define TIMESTAMP_STEP_NS (UINT32_C(1) << 24)

void wg_timestamp_encode(uint8_t out[static WG_TIMESTAMP_LEN], struct wall_time wall)
{
	struct wr w = wr_init(out, WG_TIMESTAMP_LEN);

	wr_be64(&w, TAI64_EPOCH + wall.s);
	wr_be32(&w, wall.ns & ~(TIMESTAMP_STEP_NS - 1));
}

/*
 * The timestamp of our next initiation to this peer: the wall clock's, or one step after the last.
 * One for all peers would run ahead of the clock with every peer that does not answer, and after a
 * restart those that do would refuse us until the clock has caught up.
 */
static void next_timestamp(struct wg_peer *peer, struct wall_time wall)
{
	uint8_t stamp[WG_TIMESTAMP_LEN];
	struct rd r = rd_init(peer->past->sent, WG_TIMESTAMP_LEN);
	struct wr w = wr_init(stamp, sizeof(stamp));
	uint64_t s;
	uint32_t ns;

	wg_timestamp_encode(stamp, wall);
	if (memcmp(stamp, peer->past->sent, sizeof(stamp)) <= 0) {
		s = rd_be64(&r);
		ns = rd_be32(&r) + TIMESTAMP_STEP_NS;
		if (ns >= NS_PER_S) {
			s++;
			ns = 0;
		}
		wr_be64(&w, s);
		wr_be32(&w, ns);
	}
	memcpy(peer->past->sent, stamp, sizeof(stamp));
}

static void start_noise(struct noise_ik *n, const struct key_public *responder)
{
	noise_ik_init(n, CONSTRUCTION, IDENTIFIER, sizeof(IDENTIFIER) - 1, responder, true);
}

int wg_handshake_initiate(struct wg_peer *peer, struct boot_time now, struct wall_time wall,
			  uint8_t out[static WG_INITIATION_LEN])
{
	struct wg_device *dev = peer->dev;
	const struct key_shared *ss = wg_peer_static_shared(peer);
	struct noise_static ours = wg_device_static(dev);
	uint8_t *request;
	int err;

	if (!ss)
		return ERR_CRYPTO;
	wg_peer_drop_initiator(peer);
	err = wg_index_insert(&dev->indices, &dev->rng, peer, NULL, &peer->initiator_index);
	if (err)
		return err;
	next_timestamp(peer, wall);
	request = wg_initiation_encode(out, peer->initiator_index);
	start_noise(&peer->initiator, &peer->public_key);
	err = noise_ik_write_request(&peer->initiator, &ours, &peer->public_key, ss, &dev->rng,
				     request, peer->past->sent, WG_TIMESTAMP_LEN);
	if (err) {
		wg_peer_drop_initiator(peer);
		return err;
	}
	wg_cookie_sign(&peer->jar, now, &peer->public_key, out, WG_INITIATION_LEN);
	return 0;
}

static bool is_flood(const struct wg_peer *peer, struct boot_time now)
{
	return peer->last_initiation_consumed.ns != 0 &&
	       boot_since_ms(now, peer->last_initiation_consumed) < WG_INITIATION_INTERVAL_MS;
}

struct wg_peer *wg_handshake_take_initiation(struct wg_device *dev, struct boot_time now,
					     const struct wg_initiation *m, struct key_public *sender,
					     enum wg_drop *why)
{
	struct noise_static ours = wg_device_static(dev);
	const uint8_t *sealed_stamp = m->request + NOISE_IK_STATIC_LEN;
	uint8_t stamp[WG_TIMESTAMP_LEN];
	const struct key_shared *ss;
	struct wg_peer *peer = NULL;
	struct noise_ik n;

	start_noise(&n, &dev->public_key);
	*why = WG_DROP_HANDSHAKE;
	if (noise_ik_read_static(&n, &ours, m->request, sender))
		goto out;
	peer = wg_keytable_find(&dev->keys, sender);
	if (!peer) {
		*why = WG_DROP_UNKNOWN_PEER;
		goto out;
	}
	ss = wg_peer_static_shared(peer);
	if (!ss || noise_ik_read_payload(&n, ss, stamp, sealed_stamp,
					 WG_TIMESTAMP_LEN + NOISE_TAG_LEN)) {
		peer = NULL;
		goto out;
	}
	if (memcmp(stamp, peer->past->seen, sizeof(stamp)) <= 0) {
		*why = WG_DROP_REPLAYED_INITIATION;
		peer = NULL;
		goto out;
	}
	if (is_flood(peer, now)) {
		*why = WG_DROP_FLOOD;
		peer = NULL;
		goto out;
	}
	memcpy(peer->past->seen, stamp, sizeof(stamp));
	peer->last_initiation_consumed = now;
	peer->responder = n;
	peer->responder_remote_index = m->sender;
	wg_peer_want(peer, WG_WANT_RESPONSE);
out:
	noise_ik_wipe(&n);
	return peer;
}

/*
 * Turns a finished handshake into a session with index `local_index`, or NULL. Wipes the handshake.
 */
static struct wg_session *finish(struct noise_ik *n, bool initiator, uint32_t remote_index,
				 struct boot_time now)
{
	struct key_shared sends, receives;
	struct wg_session *session;

	noise_ik_split(n, initiator, &sends, &receives);
	session = wg_session_new(&sends, &receives, initiator, now);
	crypto_wipe(&sends, sizeof(sends));
	crypto_wipe(&receives, sizeof(receives));
	if (session)
		session->remote_index = remote_index;
	return session;
}

int wg_handshake_respond(struct wg_peer *peer, struct boot_time now,
			 uint8_t out[static WG_RESPONSE_LEN])
{
	struct wg_device *dev = peer->dev;
	struct noise_ik *n = &peer->responder;
	struct wg_session *session;
	uint32_t index = 0;
	uint8_t *reply;
	int err;

	err = wg_index_insert(&dev->indices, &dev->rng, peer, NULL, &index);
	if (err)
		goto fail;
	reply = wg_response_encode(out, index, peer->responder_remote_index);
	err = noise_ik_write_reply(n, &peer->public_key, &peer->preshared_key, &dev->rng, reply,
				   NULL, 0);
	if (err)
		goto fail;
	session = finish(n, false, peer->responder_remote_index, now);
	if (!session) {
		err = ERR_NOMEM;
		goto fail;
	}
	session->local_index = index;
	wg_index_find(&dev->indices, index)->session = session;
	wg_peer_install(peer, session);
	wg_cookie_sign(&peer->jar, now, &peer->public_key, out, WG_RESPONSE_LEN);
	return 0;
fail:
	wg_index_remove(&dev->indices, index);
	noise_ik_wipe(n);
	return err;
}

struct wg_peer *wg_handshake_take_response(struct wg_device *dev, struct boot_time now,
					   const struct wg_response *m, enum wg_drop *why)
{
	struct wg_index_slot *slot = wg_index_find(&dev->indices, m->receiver);
	struct noise_static ours = wg_device_static(dev);
	struct wg_session *session;
	struct wg_peer *peer;
	struct noise_ik n;

	if (!slot || slot->session) {
		*why = WG_DROP_UNEXPECTED;
		return NULL;
	}
	peer = slot->peer;
	n = peer->initiator;
	*why = WG_DROP_HANDSHAKE;
	if (noise_ik_read_reply(&n, &ours, &peer->preshared_key, m->reply, WG_REPLY_LEN, NULL)) {
		noise_ik_wipe(&n);
		return NULL;
	}
	session = finish(&n, true, m->sender, now);
	if (!session)	/* out of memory: the initiation will be repeated */
		return NULL;
	/* The index moves from the handshake to the session. */
	session->local_index = m->receiver;
	slot->session = session;
	peer->initiator_index = 0;
	noise_ik_wipe(&peer->initiator);
	wg_peer_install(peer, session);
	return peer;
}
