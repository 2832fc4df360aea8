/* Curve25519 key agreement (RFC 7748 section 5). */
#ifndef CULVERT_CRYPTO_X25519_H
#define CULVERT_CRYPTO_X25519_H

#include "base/compiler.h"
#include "crypto/keys.h"

/*
 * The shared secret of `ours` and `theirs`. ERR_CRYPTO for a point of small order, whose result
 * would be all zero (RFC 7748 section 6.1); `out` is wiped then.
 */
CULVERT_MUST_USE int x25519_agree(struct key_shared *out, const struct key_private *ours,
				  const struct key_public *theirs);

#endif
