/*
 * The two MACs at the end of handshake messages and the cookies behind the second (paper sections
 * 5.3, 5.4.4, 5.4.7), in both roles.
 */
#ifndef CULVERT_WG_COOKIE_H
#define CULVERT_WG_COOKIE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/compiler.h"
#include "base/rng.h"
#include "crypto/keys.h"
#include "wg/messages.h"

/* How long a cookie is good for, and the secret behind it (paper section 5.4.7: two minutes). */
#define WG_COOKIE_LIFE_MS 120000
/* A sender stops using a cookie a little earlier: the message has to arrive in time. */
#define WG_COOKIE_LATENCY_MS 5000

/* Checks messages to us. Holds secrets. */
struct wg_cookie_checker {
	struct key_shared mac1_key;	/* hash of "mac1----" and our public key */
	struct key_shared cookie_key;	/* hash of "cookie--" and our public key */
	struct key_shared secret;	/* changes every two minutes */
	struct boot_time secret_made;
	bool secret_valid;
};

/* Marks messages to one peer. */
struct wg_cookie_jar {
	uint8_t cookie[WG_COOKIE_LEN];
	uint8_t last_mac1[WG_MAC_LEN];
	struct boot_time received;
	bool valid;			/* `cookie` was received */
	bool awaiting;			/* `last_mac1` was sent and not answered by a cookie */
};

void wg_cookie_checker_init(struct wg_cookie_checker *c, const struct key_public *ours);

/* Whether mac1 of a handshake message of `len` bytes holds: one BLAKE2s. */
bool wg_cookie_check_mac1(const struct wg_cookie_checker *c, const uint8_t *msg, size_t len);

/*
 * Whether mac2 holds for this source: two BLAKE2s. The secret is renewed from `rng` when it is old.
 */
bool wg_cookie_check_mac2(struct wg_cookie_checker *c, struct boot_time now, const struct rng *rng,
			  const struct endpoint *src, const uint8_t *msg, size_t len);

/* Answers a handshake message whose sender had the index `receiver` with a cookie for `src`. */
void wg_cookie_reply_make(struct wg_cookie_checker *c, struct boot_time now,
			  const struct rng *rng, const struct endpoint *src, uint32_t receiver,
			  const uint8_t *msg, size_t len,
			  uint8_t out[static WG_COOKIE_REPLY_LEN]);

/* Fills in mac1 and mac2 of a message to the peer `theirs` and remembers mac1. */
void wg_cookie_sign(struct wg_cookie_jar *jar, struct boot_time now,
		    const struct key_public *theirs, uint8_t *msg, size_t len);

/*
 * Takes the cookie out of a reply of the peer `theirs`: 0, ERR_NOTFOUND when none is awaited,
 * ERR_AUTH.
 */
CULVERT_MUST_USE int wg_cookie_accept(struct wg_cookie_jar *jar, struct boot_time now,
				      const struct key_public *theirs,
				      const struct wg_cookie_reply *reply);

#endif
