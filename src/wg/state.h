/* What a device is made of. Internal to wg/. */
#ifndef CULVERT_WG_STATE_H
#define CULVERT_WG_STATE_H

#include "base/heap.h"
#include "base/list.h"
#include "crypto/aead.h"
#include "wg/admission.h"
#include "wg/allowedips.h"
#include "wg/cookie.h"
#include "wg/device.h"
#include "wg/index.h"
#include "wg/keytable.h"
#include "wg/messages.h"
#include "wg/past.h"
#include "wg/staged.h"

/* Cookie replies that wait to be sent; beyond, messages under load go unanswered. */
#define WG_COOKIE_REPLIES_MAX 64

struct wg_pending_reply {
	struct endpoint dst;
	uint8_t message[WG_COOKIE_REPLY_LEN];
};

/* Datagrams of one session that have a header and a counter, and are not sealed yet. */
struct wg_unsealed {
	struct wg_session *session;
	size_t count;
	struct aead_packet packets[WG_ARRAY_MAX];
};

struct wg_device {
	struct key_private *private_key;	/* guarded memory */
	struct key_public public_key;
	unsigned mtu;
	struct rng rng;
	size_t peer_count;
	struct list peers, output, events;
	struct wg_keytable keys;
	struct wg_index_table indices;
	struct wg_allowedips allowed_ips;
	struct heap timers;
	struct wg_cookie_checker checker;
	struct wg_admission admission;
	struct wg_staged_pool staged;
	struct wg_pasts pasts;
	uint32_t last_peer_id;
	struct wg_pending_reply replies[WG_COOKIE_REPLIES_MAX];
	unsigned reply_first, reply_count;
	struct wg_unsealed unsealed;
	uint64_t drops[WG_DROP_COUNT];
};

/* Our key pair, for noise/. Pointers into the device. */
struct noise_static wg_device_static(const struct wg_device *dev);

#endif
