/* Peers by static public key. Entries are owned by the device. */
#ifndef CULVERT_WG_KEYTABLE_H
#define CULVERT_WG_KEYTABLE_H

#include <stddef.h>

#include "base/compiler.h"
#include "base/rng.h"
#include "base/siphash.h"
#include "crypto/keys.h"

struct wg_peer;

struct wg_keytable {
	struct wg_peer **slots;
	size_t count, cap;		/* `cap` is a power of two or 0 */
	struct siphash_key key;
};

void wg_keytable_init(struct wg_keytable *t, const struct rng *rng);
void wg_keytable_fini(struct wg_keytable *t);

/* Makes room for one more, so that wg_keytable_insert cannot fail. 0 or ERR_NOMEM. */
CULVERT_MUST_USE int wg_keytable_reserve(struct wg_keytable *t);
/* Enters a peer whose key is not there yet. */
void wg_keytable_insert(struct wg_keytable *t, struct wg_peer *peer);
void wg_keytable_remove(struct wg_keytable *t, const struct wg_peer *peer);
struct wg_peer *wg_keytable_find(const struct wg_keytable *t, const struct key_public *key);

#endif
