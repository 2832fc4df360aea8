/*
 * Who may cost us a handshake's key agreements: the under-load mode of the device, and a rate limit
 * per source address (paper section 5.3).
 */
#ifndef CULVERT_WG_ADMISSION_H
#define CULVERT_WG_ADMISSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/rng.h"
#include "base/siphash.h"

/*
 * Handshake messages within a second that are served without proof of address. One costs up to
 * four key agreements, about 0.2 ms: so this is about 5 % of a core.
 */
#define WG_LOAD_PER_S 256
#define WG_LOAD_STICKY_MS 1000	/* under load until this long after the last excess */

/* Per source, under load: 20 a second, 5 at once (the values of the Linux implementation). */
#define WG_SOURCE_INTERVAL_MS 50
#define WG_SOURCE_BURST 5

#define WG_SOURCE_SETS 256
#define WG_SOURCE_WAYS 8	/* 2,048 sources in 64 kB, from the first time under load */

struct wg_source;

struct wg_admission {
	struct siphash_key key;
	struct wg_source *sources;	/* NULL until needed */
	struct boot_time window_start, load_until;
	uint32_t window_count;
};

void wg_admission_init(struct wg_admission *a, const struct rng *rng);
void wg_admission_fini(struct wg_admission *a);

/* Notes a handshake message with a valid mac1; whether the device is under load. */
bool wg_admission_load(struct wg_admission *a, struct boot_time now);

/* Takes a token of this source (IPv4 address, or IPv6 /64). The source must be proven by mac2. */
bool wg_admission_take(struct wg_admission *a, struct boot_time now, const struct addr *src);

#endif
