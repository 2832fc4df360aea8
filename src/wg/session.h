/*
 * A pair of transport keys with their counters (paper sections 5.4.5 and 5.4.6). Owned by a peer,
 * which keeps up to three.
 */
#ifndef CULVERT_WG_SESSION_H
#define CULVERT_WG_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "crypto/aead.h"
#include "wg/replay.h"

/* Paper section 6.1. */
#define WG_REKEY_AFTER_MESSAGES (UINT64_C(1) << 60)
#define WG_REJECT_AFTER_MESSAGES (UINT64_MAX - (UINT64_C(1) << 13))
#define WG_REKEY_AFTER_TIME_MS 120000
#define WG_REJECT_AFTER_TIME_MS 180000

struct wg_session {
	uint32_t local_index;		/* 0: not in the device's table */
	uint32_t remote_index;
	bool initiator;			/* we sent the initiation: we are the one to renew */
	struct boot_time created;
	uint64_t send_counter;		/* of the next message */
	struct aead send, receive;
	struct wg_replay replay;
};

/* A session without an index from two keys, or NULL when out of memory. */
struct wg_session *wg_session_new(const struct key_shared *sends, const struct key_shared *receives,
				  bool initiator, struct boot_time now);
/* Wipes and frees. NULL is fine. */
void wg_session_free(struct wg_session *s);

/* Young enough to receive with; and with counters left, to send with. */
bool wg_session_can_receive(const struct wg_session *s, struct boot_time now);
bool wg_session_can_send(const struct wg_session *s, struct boot_time now);

#endif
