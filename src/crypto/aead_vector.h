/*
 * ChaCha20-Poly1305 by the code of Intel's multi-buffer library for AVX-512 with IFMA
 * (third_party/ipsec-mb). Internal to crypto/, for crypto/aead and its tests. Needs no context, and
 * no setting up per key.
 */
#ifndef CULVERT_CRYPTO_AEAD_VECTOR_H
#define CULVERT_CRYPTO_AEAD_VECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/aead.h"

#define AEAD_NONCE_LEN 12

/* Four zero bytes, then the counter, little-endian. */
void aead_write_nonce(uint8_t nonce[static AEAD_NONCE_LEN], uint64_t counter);

/* Whether it was built in, and this processor and system can run it. If not, the others abort. */
bool aead_vector_usable(void);

/* See aead_seal_array and aead_open_array. */
void aead_vector_seal(const struct key_shared *key, const struct aead_packet *packets, size_t count);
void aead_vector_open(const struct key_shared *key, struct aead_packet *packets, size_t count);

/* Whether crypto/aead uses it: at first, from crypto_init on, where it can. For tests. */
void aead_use_vector(bool use);

#endif
