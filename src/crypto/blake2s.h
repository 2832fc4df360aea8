/* BLAKE2s (RFC 7693): hash, keyed MAC, and HMAC over it (RFC 2104). */
#ifndef CULVERT_CRYPTO_BLAKE2S_H
#define CULVERT_CRYPTO_BLAKE2S_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

#define BLAKE2S_LEN 32
#define BLAKE2S_BLOCK_LEN 64
#define BLAKE2S_MAC_LEN 16

/* The hash of `a` followed by `b` (either may be empty). */
void blake2s_hash(uint8_t out[static BLAKE2S_LEN], const void *a, size_t a_len, const void *b,
		  size_t b_len);

/* Keyed BLAKE2s with an output of 16 bytes ("MAC" in paper section 5.4). `key_len` is 1 to 32. */
void blake2s_mac(uint8_t out[static BLAKE2S_MAC_LEN], const void *key, size_t key_len,
		 const void *p, size_t len);

/* HMAC-BLAKE2s of `a` followed by `b` with a key of BLAKE2S_LEN bytes. */
void blake2s_hmac(uint8_t out[static BLAKE2S_LEN], const uint8_t key[static BLAKE2S_LEN],
		  const void *a, size_t a_len, const void *b, size_t b_len);

/* For crypto_init only. */
CULVERT_MUST_USE int blake2s_init_library(void);

#endif
