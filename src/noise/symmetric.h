/*
 * The symmetric state of a Noise handshake (Noise Protocol Framework, revision 34, section 5.2) for
 * ChaChaPoly and BLAKE2s. Visible because handshakes embed it; only these functions touch it.
 */
#ifndef CULVERT_NOISE_SYMMETRIC_H
#define CULVERT_NOISE_SYMMETRIC_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "crypto/aead.h"
#include "crypto/kdf.h"
#include "crypto/keys.h"

#define NOISE_HASH_LEN KDF_LEN
#define NOISE_TAG_LEN AEAD_TAG_LEN

struct noise_symmetric {
	uint8_t chaining_key[NOISE_HASH_LEN];
	uint8_t hash[NOISE_HASH_LEN];
	struct key_shared key;	/* of the next encryption; each is used once, with nonce 0 */
};

/* Starts with the protocol's name (longer than a hash, hence hashed) and the prologue. */
void noise_symmetric_init(struct noise_symmetric *s, const char *protocol_name,
			  const void *prologue, size_t prologue_len);
void noise_symmetric_wipe(struct noise_symmetric *s);

void noise_mix_hash(struct noise_symmetric *s, const void *p, size_t len);
void noise_mix_key(struct noise_symmetric *s, const void *input, size_t len);
void noise_mix_key_and_hash(struct noise_symmetric *s, const struct key_shared *psk);

/* Writes `len` + NOISE_TAG_LEN bytes to `out` and hashes them. */
void noise_encrypt_and_hash(struct noise_symmetric *s, uint8_t *out, const uint8_t *in, size_t len);
/* Writes `len` - NOISE_TAG_LEN bytes to `out`: 0 or ERR_AUTH, and then the handshake is over. */
CULVERT_MUST_USE int noise_decrypt_and_hash(struct noise_symmetric *s, uint8_t *out,
					    const uint8_t *in, size_t len);

/* The two transport keys, the initiator's sending key first. Wipes the state. */
void noise_split(struct noise_symmetric *s, struct key_shared *initiator_sends,
		 struct key_shared *responder_sends);

#endif
