/* XChaCha20-Poly1305 with a random 24-byte nonce: cookies (paper section 5.4.7). */
#ifndef CULVERT_CRYPTO_XAEAD_H
#define CULVERT_CRYPTO_XAEAD_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "crypto/keys.h"

#define XAEAD_NONCE_LEN 24
#define XAEAD_TAG_LEN 16

/* Writes `len` + XAEAD_TAG_LEN bytes to `out`. */
void xaead_seal(uint8_t *out, const struct key_shared *key,
		const uint8_t nonce[static XAEAD_NONCE_LEN], const void *ad, size_t ad_len,
		const uint8_t *in, size_t len);

/* Writes `len` - XAEAD_TAG_LEN bytes to `out`: 0, or ERR_AUTH with nothing written. */
CULVERT_MUST_USE int xaead_open(uint8_t *out, const struct key_shared *key,
				const uint8_t nonce[static XAEAD_NONCE_LEN], const void *ad,
				size_t ad_len, const uint8_t *in, size_t len);

#endif
