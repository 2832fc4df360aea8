/*
 * The key derivation of Noise over HMAC-BLAKE2s (HKDF, RFC 5869; "Kdf1..3" in paper section 5.4).
 */
#ifndef CULVERT_CRYPTO_KDF_H
#define CULVERT_CRYPTO_KDF_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/blake2s.h"

#define KDF_LEN BLAKE2S_LEN

/*
 * Derives one to three outputs of KDF_LEN bytes from a chaining key and input; `second` and
 * `third` may be NULL (`third` only with `second`). Outputs may overlap the inputs.
 */
void kdf_derive(const uint8_t chaining_key[static KDF_LEN], const void *input, size_t input_len,
		uint8_t *first, uint8_t *second, uint8_t *third);

#endif
