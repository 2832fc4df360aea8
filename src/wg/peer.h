/*
 * What a device knows about one peer. Internal to wg/; the public functions named wg_peer_ are in
 * wg/device.h. Owned by the device.
 *
 * Sessions (paper section 6): `current` seals. `next` is what we derived as responder; it
 * becomes current with the first authentic packet that uses it, since only that proves that the
 * initiator has it too. `previous` still opens what was under way when its successor came.
 */
#ifndef CULVERT_WG_PEER_H
#define CULVERT_WG_PEER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "noise/ik.h"
#include "wg/cookie.h"
#include "wg/device.h"
#include "wg/past.h"
#include "wg/session.h"
#include "wg/staged.h"
#include "wg/timers.h"

/* What wg_device_output is to send for a peer. */
enum wg_want {
	WG_WANT_RESPONSE = 1,
	WG_WANT_INITIATION = 2,
	WG_WANT_KEEPALIVE = 4,
	WG_WANT_STAGED = 8,
	WG_WANT_HOME_COPY = 16,
};

struct wg_peer {
	struct wg_device *dev;
	void *owner;
	uint32_t id;
	struct list all;		/* in the device's list of peers */
	struct list output;		/* in its list of peers with something to send */
	struct list events;		/* in its list of peers with events */
	struct list routes;		/* allowed IPs */
	unsigned wants;			/* bits of enum wg_want */
	unsigned raised;		/* bits 1 << enum wg_event_type */

	struct key_public public_key;
	struct key_shared preshared_key;
	struct key_shared static_shared;	/* agreement of both static keys, once computed */
	bool static_shared_known;
	bool up;			/* a session is confirmed and of age: what events told */
	bool heard;			/* it is up, and what was sent was answered */
	bool attempting;		/* from the wish for a handshake to success or giving up */
	bool initiation_waits;		/* an initiation is due as soon as there is an endpoint */
	uint16_t persistent_keepalive_s;
	struct endpoint endpoint;
	/* Where the caller last said that it is; `away`: it spoke last from elsewhere. */
	struct endpoint home;
	bool away;
	struct boot_time last_home_copy;	/* ns 0: never */
	struct wg_staged_packet *home_copy;	/* a sealed datagram, or NULL */

	struct wg_session *current, *previous, *next;

	/* As initiator: the handshake whose answer is awaited. */
	struct noise_ik initiator;
	uint32_t initiator_index;	/* 0: none */
	unsigned attempts;		/* initiations since the last answer */
	struct boot_time first_attempt;
	struct boot_time last_initiation_sent;	/* ns 0: never */

	/* As responder: the initiation that WG_WANT_RESPONSE answers. */
	struct boot_time last_response_sent;	/* ns 0: never */
	struct noise_ik responder;
	uint32_t responder_remote_index;
	struct endpoint responder_src;
	struct wg_past *past;		/* timestamps; outlives the peer */
	struct boot_time last_initiation_consumed;	/* ns 0: never */

	struct wg_cookie_jar jar;
	struct wg_staged staged;
	struct wg_timers timers;
	struct boot_time last_handshake, last_up;
	uint64_t rx_bytes, tx_bytes;
	uint64_t rx_data, tx_data;	/* messages, without keepalives */
};

/* Wants something sent: `bits` of enum wg_want. */
void wg_peer_want(struct wg_peer *peer, unsigned bits);
void wg_peer_raise(struct wg_peer *peer, enum wg_event_type type);

/* The agreement with the peer's static key, computed once. NULL for a key of small order. */
const struct key_shared *wg_peer_static_shared(struct wg_peer *peer);

/* An authentic message came from `src`. */
void wg_peer_learn_endpoint(struct wg_peer *peer, const struct endpoint *src);

/* Installs a session, indexed already: as initiator it becomes current, as responder next. */
void wg_peer_install(struct wg_peer *peer, struct wg_session *session);
/* An authentic packet used `session`: when it is the next one, it becomes current; true then. */
bool wg_peer_confirm(struct wg_peer *peer, struct wg_session *session);

/* Forgets the handshake that waits for its answer. */
void wg_peer_drop_initiator(struct wg_peer *peer);
/* Wipes all sessions, and the handshake that waits to be answered. */
void wg_peer_drop_sessions(struct wg_peer *peer);
/* Frees the datagram that waits to go to the peer's home. */
void wg_peer_drop_home_copy(struct wg_peer *peer);
/* Drops what waits for a session, counted as `reason`. */
void wg_peer_drop_staged(struct wg_peer *peer, enum wg_drop reason);

#endif
