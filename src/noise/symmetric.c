#include "noise/symmetric.h"

#include <assert.h>
#include <string.h>

#include "base/err.h"

void noise_symmetric_init(struct noise_symmetric *s, const char *protocol_name,
			  const void *prologue, size_t prologue_len)
{
	size_t len = strlen(protocol_name);

	/* A name that fits would be padded instead (section 5.2); none of ours does. */
	assert(len > NOISE_HASH_LEN);
	blake2s_hash(s->hash, protocol_name, len, NULL, 0);
	memcpy(s->chaining_key, s->hash, NOISE_HASH_LEN);
	memset(&s->key, 0, sizeof(s->key));
	noise_mix_hash(s, prologue, prologue_len);
}

void noise_symmetric_wipe(struct noise_symmetric *s)
{
	crypto_wipe(s, sizeof(*s));
}

void noise_mix_hash(struct noise_symmetric *s, const void *p, size_t len)
{
	blake2s_hash(s->hash, s->hash, NOISE_HASH_LEN, p, len);
}

void noise_mix_key(struct noise_symmetric *s, const void *input, size_t len)
{
	kdf_derive(s->chaining_key, input, len, s->chaining_key, s->key.bytes, NULL);
}

void noise_mix_key_and_hash(struct noise_symmetric *s, const struct key_shared *psk)
{
	uint8_t temp_hash[NOISE_HASH_LEN];

	kdf_derive(s->chaining_key, psk->bytes, KEY_LEN, s->chaining_key, temp_hash, s->key.bytes);
	noise_mix_hash(s, temp_hash, sizeof(temp_hash));
	crypto_wipe(temp_hash, sizeof(temp_hash));
}

void noise_encrypt_and_hash(struct noise_symmetric *s, uint8_t *out, const uint8_t *in, size_t len)
{
	aead_seal_once(out, &s->key, 0, s->hash, NOISE_HASH_LEN, in, len);
	noise_mix_hash(s, out, len + NOISE_TAG_LEN);
}

int noise_decrypt_and_hash(struct noise_symmetric *s, uint8_t *out, const uint8_t *in, size_t len)
{
	int err;

	err = aead_open_once(out, &s->key, 0, s->hash, NOISE_HASH_LEN, in, len);
	if (err)
		return err;
	noise_mix_hash(s, in, len);
	return 0;
}

void noise_split(struct noise_symmetric *s, struct key_shared *initiator_sends,
		 struct key_shared *responder_sends)
{
	kdf_derive(s->chaining_key, NULL, 0, initiator_sends->bytes, responder_sends->bytes, NULL);
	noise_symmetric_wipe(s);
}
