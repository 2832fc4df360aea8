/*
 * The two handshake messages (paper sections 5.4.2 to 5.4.5), made and taken. Callers have checked
 * lengths and MACs; nothing here changes before a message has been authenticated.
 */
#ifndef CULVERT_WG_HANDSHAKE_H
#define CULVERT_WG_HANDSHAKE_H

#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/compiler.h"
#include "wg/device.h"
#include "wg/messages.h"

/* At most one initiation per peer in this time is answered: 50 a second, as elsewhere. */
#define WG_INITIATION_INTERVAL_MS 20

/*
 * TAI64N (paper section 5.1), the fraction cut to about 17 ms so that it tells little about the
 * clock.
 */
void wg_timestamp_encode(uint8_t out[static WG_TIMESTAMP_LEN], struct wall_time wall);

/*
 * Writes an initiation with fresh keys, which replaces one under way. 0, ERR_NOMEM or ERR_CRYPTO.
 */
CULVERT_MUST_USE int wg_handshake_initiate(struct wg_peer *peer, struct boot_time now,
					   struct wall_time wall,
					   uint8_t out[static WG_INITIATION_LEN]);

/*
 * Takes an initiation; the peer then wants to send a response. NULL, and `why`, when it is refused;
 * for WG_DROP_UNKNOWN_PEER `sender` is whom it names.
 */
struct wg_peer *wg_handshake_take_initiation(struct wg_device *dev, struct boot_time now,
					     const struct wg_initiation *m, struct key_public *sender,
					     enum wg_drop *why);

/* Writes the response that is due and derives the next session. 0, ERR_NOMEM or ERR_CRYPTO. */
CULVERT_MUST_USE int wg_handshake_respond(struct wg_peer *peer, struct boot_time now,
					  uint8_t out[static WG_RESPONSE_LEN]);

/*
 * Takes the response to our initiation and makes its session current. NULL, and `why`, when
 * refused.
 */
struct wg_peer *wg_handshake_take_response(struct wg_device *dev, struct boot_time now,
					   const struct wg_response *m, enum wg_drop *why);

#endif
