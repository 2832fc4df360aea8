/*
 * ChaCha20-Poly1305 (RFC 8439) with the nonce of Noise: four zero bytes, then a 64-bit counter,
 * little-endian (Noise section 12.1; paper section 5.4).
 */
#ifndef CULVERT_CRYPTO_AEAD_H
#define CULVERT_CRYPTO_AEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "crypto/keys.h"

#define AEAD_TAG_LEN 16

/*
 * One direction of a session. Embedded by its owner; only these functions touch the fields. The
 * libcrypto context (about 1 kB) comes with the first packet longer than AEAD_SMALL_MAX, so a
 * session that only exchanges keepalives has none.
 */
struct aead {
	struct key_shared key;
	void *context;		/* EVP_CIPHER_CTX, or NULL */
	bool seals;
};

/* Up to here libsodium's one call is cheaper than libcrypto's four. */
#define AEAD_SMALL_MAX 128

/* A direction that only seals or only opens. Allocates nothing. */
void aead_init_seal(struct aead *aead, const struct key_shared *key);
void aead_init_open(struct aead *aead, const struct key_shared *key);
/* Wipes the key; harmless when done twice. */
void aead_fini(struct aead *aead);

/* One packet of an array, worked on in place. Packets of an array do not overlap. */
struct aead_packet {
	uint64_t counter;
	uint8_t *data;
	size_t len;	/* bytes at `data`: text to seal, or sealed text with its tag to open */
	bool authentic;	/* set by aead_open_array */
};

/* Encrypts each packet and writes its tag behind it: AEAD_TAG_LEN bytes more than `len`. Cannot fail. */
void aead_seal_array(struct aead *aead, struct aead_packet *packets, size_t count);

/*
 * Decrypts each packet whose tag is right. Of a packet that is not authentic no text is left: its bytes
 * are zero or still sealed.
 */
void aead_open_array(struct aead *aead, struct aead_packet *packets, size_t count);

/* The same for one packet. aead_open: 0 or ERR_AUTH. */
void aead_seal(struct aead *aead, uint64_t counter, uint8_t *data, size_t len);
CULVERT_MUST_USE int aead_open(struct aead *aead, uint64_t counter, uint8_t *data, size_t len);

/* Single messages with associated data: writes `len` + AEAD_TAG_LEN bytes to `out`. */
void aead_seal_once(uint8_t *out, const struct key_shared *key, uint64_t counter, const void *ad,
		    size_t ad_len, const uint8_t *in, size_t len);
/* Writes `len` - AEAD_TAG_LEN bytes to `out`: 0 or ERR_AUTH. */
CULVERT_MUST_USE int aead_open_once(uint8_t *out, const struct key_shared *key, uint64_t counter,
				    const void *ad, size_t ad_len, const uint8_t *in, size_t len);

/* For crypto_init only. */
CULVERT_MUST_USE int aead_init_library(void);

#endif
