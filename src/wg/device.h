/*
 * A WireGuard device without sockets or clock (the WireGuard paper, Donenfeld 2017/2020, is cited
 * as "paper" in wg/). The driver feeds datagrams, seals inner packets into its own memory, drains
 * what the device wants to send, and calls tick at the deadline.
 *
 *	on datagrams: wg_device_input_array()       -> verdicts, inner packets decrypted in place
 *	to send:      wg_device_route(), wg_peer_seal_later() or wg_peer_queue(); wg_device_seal_now()
 *	then:         wg_device_output() until 0, wg_device_event() until false
 *	timer:        wg_device_deadline(), wg_device_tick()
 *
 * One owner; not thread-safe. Peers belong to the device.
 *
 * A peer ends with wg_device_remove_peer, and nobody is told: nothing in the device refers to it any more, and what
 * the device gave out before (inner packets, events, routes) may be used until then. Whoever keeps a pointer longer is
 * told by the one who removes (link/tunnel.h); everybody else keeps wg_peer_id, which no other peer ever gets.
 */
#ifndef CULVERT_WG_DEVICE_H
#define CULVERT_WG_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/compiler.h"
#include "base/rng.h"
#include "crypto/keys.h"
#include "wg/drop.h"
#include "wg/event.h"

#define WG_DATA_HEADER_LEN 16	/* type, receiver, counter (paper 5.4.6) */
#define WG_TAG_LEN 16
#define WG_OVERHEAD_LEN (WG_DATA_HEADER_LEN + WG_TAG_LEN)
#define WG_PADDING 16
#define WG_PEERS_MAX 65536	/* receiver indices stay sparse in 32 bits */
/* Largest message that wg_device_output writes besides staged data: an initiation. */
#define WG_HANDSHAKE_MAX 148

struct wg_device;
struct wg_peer;

enum wg_verdict {
	WG_DROPPED,	/* counted by reason, nothing changed */
	WG_CONSUMED,	/* handshake, cookie or keepalive: drain output and events */
	WG_DATA,	/* `inner` describes an authentic packet with an allowed source */
	WG_UNKNOWN_PEER,	/* an initiation from `stranger`, a key that no peer has; counted as a drop */
};

struct wg_inner {
	struct wg_peer *peer;
	uint8_t *data;	/* inside the datagram; padding removed */
	size_t len;
};

/* What is opened or sealed in one call at most: a train, of which the kernel makes 64 datagrams at most. */
#define WG_ARRAY_MAX 64

/* A received datagram, and what became of it. */
struct wg_datagram {
	struct endpoint src;
	uint8_t *data;
	size_t len;
	enum wg_verdict verdict;
	struct wg_inner inner;	/* for WG_DATA only */
	/*
	 * For WG_UNKNOWN_PEER only: who it says that it is, which nothing has proved. An owner that knows the key may add
	 * the peer and feed the same datagram, which is as it came, again: it is taken or dropped as any other then.
	 */
	struct key_public stranger;
};

struct wg_peer_config {
	struct key_public public_key;
	struct key_shared preshared_key;	/* all zero: none */
	const struct prefix *allowed_ips;	/* copied */
	size_t allowed_ip_count;
	uint16_t persistent_keepalive_s;	/* 0: off */
	void *owner;				/* the caller's, see wg_peer_owner */
};

/* State of a peer for status and logs. */
struct wg_peer_info {
	struct key_public public_key;
	struct endpoint endpoint;		/* family ADDR_NONE: unknown */
	bool has_session;			/* see wg_peer_has_session */
	struct boot_time last_handshake;	/* ns 0: never */
	struct boot_time last_up;		/* something authentic came in a session; ns 0: never */
	uint64_t rx_bytes, tx_bytes;		/* UDP payload */
	uint64_t rx_data, tx_data;		/* authentic data messages that were no keepalives */
	unsigned attempts;			/* initiations sent since the last answer */
};

/*
 * A device for `private_key` (copied to guarded memory). `mtu` bounds padding: inner packets are
 * padded to 16 bytes but never beyond it. NULL when out of memory or the key is unusable.
 */
struct wg_device *wg_device_new(const struct key_private *private_key, unsigned mtu, const struct rng *rng);
void wg_device_free(struct wg_device *dev);

const struct key_public *wg_device_public_key(const struct wg_device *dev);

/* Adds a peer: 0, ERR_EXISTS for a known key, ERR_INVAL for our own, ERR_LIMIT, ERR_NOMEM. */
CULVERT_MUST_USE int wg_device_add_peer(struct wg_device *dev, const struct wg_peer_config *config, struct wg_peer **out);
/*
 * Its sessions, handshakes and waiting packets are wiped; what wg_peer_seal_later has left is sealed before. The
 * timestamps of its handshakes are kept for when the key is added again, for the latest WG_PAST_MAX keys (wg/past.h).
 */
void wg_device_remove_peer(struct wg_device *dev, struct wg_peer *peer);
/* The peer with that public key, or NULL. */
struct wg_peer *wg_device_find_peer(const struct wg_device *dev, const struct key_public *key);
size_t wg_device_peer_count(const struct wg_device *dev);
/* Iterates in order of addition: first with NULL, ends with NULL. */
struct wg_peer *wg_device_next_peer(struct wg_device *dev, struct wg_peer *after);

/*
 * From now on these prefixes (copied) are what the peer may send from and what leads to it; nothing else of it
 * changes. One that another peer had moves here, and does not go back when this peer loses it. All or nothing: 0,
 * ERR_NOMEM, or ERR_INVAL for a prefix of no family or of too many bits.
 */
CULVERT_MUST_USE int wg_peer_set_allowed_ips(struct wg_peer *peer, const struct prefix *prefixes, size_t count);

void *wg_peer_owner(const struct wg_peer *peer);
/* Names the peer in what outlives it; never 0, never used again in this device. */
uint32_t wg_peer_id(const struct wg_peer *peer);
/*
 * Whether packets can be expected to arrive: there is a session, and whatever was sent has been
 * answered by something authentic within KEEPALIVE_TIMEOUT + REKEY_TIMEOUT (paper 6.5). A session in
 * which nobody speaks counts as heard.
 */
bool wg_peer_heard(const struct wg_peer *peer);
void wg_peer_info(const struct wg_peer *peer, struct boot_time now, struct wg_peer_info *out);
/* The peer's present endpoint (family ADDR_NONE: unknown). Valid until the next input. */
const struct endpoint *wg_peer_endpoint(const struct wg_peer *peer);
/*
 * The peer's home, and where to send from now on; roaming by authentic source may change that again.
 * While a peer that has roamed does not answer, some of its packets go to its home as well.
 */
void wg_peer_set_endpoint(struct wg_peer *peer, const struct endpoint *endpoint);
/* Where to send from now on, while its home stays what it was. */
void wg_peer_try_endpoint(struct wg_peer *peer, const struct endpoint *endpoint);
/* Asks for a session, `delay_ms` from now unless one exists or is being made. */
void wg_peer_start(struct wg_peer *peer, struct boot_time now, uint64_t delay_ms);
/* A session that answered and is young enough to seal data. */
bool wg_peer_has_session(const struct wg_peer *peer, struct boot_time now);

/*
 * Feeds datagrams, in their order; they are decrypted in place and their verdicts set. What is opened in one
 * call are neighbours of one session; everything else is as if they had been fed one by one.
 */
void wg_device_input_array(struct wg_device *dev, struct boot_time now, struct wg_datagram *datagrams,
			   size_t count);
/* One datagram. `inner` is set for WG_DATA only; a stranger's key is not told. */
enum wg_verdict wg_device_input(struct wg_device *dev, struct boot_time now,
				const struct endpoint *src, uint8_t *datagram, size_t len,
				struct wg_inner *inner);

/* The peer whose allowed IPs hold `dst` most specifically, or NULL (paper, cryptokey routing). Again: one compare. */
struct wg_peer *wg_device_route(struct wg_device *dev, const struct addr *dst);

/* Bytes of the datagram for an inner packet of `inner_len` bytes, padding included. */
size_t wg_device_datagram_len(const struct wg_device *dev, size_t inner_len);

/*
 * Seals the inner packet that stands at slot + WG_DATA_HEADER_LEN; `slot` must have room for
 * wg_device_datagram_len(). Returns the datagram's length, ERR_AGAIN without a session (use
 * wg_peer_queue), or ERR_UNREACH without an endpoint.
 */
CULVERT_MUST_USE int wg_peer_seal(struct wg_peer *peer, struct boot_time now, uint8_t *slot, size_t inner_len);
/*
 * The same, but what `slot` holds is a datagram only after wg_device_seal_now; it stays where it is and is not
 * sent until then. Packets of one session are sealed in one call.
 */
CULVERT_MUST_USE int wg_peer_seal_later(struct wg_peer *peer, struct boot_time now, uint8_t *slot, size_t inner_len);
/* Seals what wg_peer_seal_later has left. */
void wg_device_seal_now(struct wg_device *dev);

/* Keeps a copy of an inner packet until a session exists (bounded; oldest dropped) and asks for one. */
void wg_peer_queue(struct wg_peer *peer, struct boot_time now, const uint8_t *inner, size_t len);

/*
 * The next datagram that the device itself wants to send (handshake, cookie, keepalive, staged
 * data), written to `out` of `cap` bytes (at least WG_HANDSHAKE_MAX and a full data message).
 * Returns its length and sets `dst`, or 0 when there is nothing. `wall` is for TAI64N.
 */
size_t wg_device_output(struct wg_device *dev, struct boot_time now, struct wall_time wall,
			uint8_t *out, size_t cap, struct endpoint *dst);

/* Takes the next event; false when there is none. Per peer they tell the present state only. */
bool wg_device_event(struct wg_device *dev, struct wg_event *event);

/* When wg_device_tick wants to run. A tick serves a bounded number of peers, so it may be past. */
struct boot_time wg_device_deadline(const struct wg_device *dev);
void wg_device_tick(struct wg_device *dev, struct boot_time now);

/* Counters by enum wg_drop, for status. */
const uint64_t *wg_device_drops(const struct wg_device *dev);

#endif
