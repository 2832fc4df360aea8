#include "crypto/keys.h"

#include <assert.h>
#include <sodium.h>

#include "base/enc.h"
#include "base/err.h"

static_assert(ENC_BASE64_LEN(KEY_LEN) == KEY_TEXT_LEN, "text length of a key");

void key_private_generate(struct key_private *out, const struct rng *rng)
{
	rng_bytes(rng, out->bytes, KEY_LEN);
	out->bytes[0] &= 248;
	out->bytes[31] = (uint8_t)((out->bytes[31] & 127) | 64);
}

int key_public_from_private(struct key_public *out, const struct key_private *key)
{
	if (sodium_is_zero(key->bytes, KEY_LEN))
		return ERR_CRYPTO;
	if (crypto_scalarmult_base(out->bytes, key->bytes) != 0)
		return ERR_CRYPTO;
	return 0;
}

static int parse_key(uint8_t out[static KEY_LEN], const char *text, size_t len)
{
	int err;

	if (len != KEY_TEXT_LEN)
		return ERR_SYNTAX;
	err = dec_base64(out, KEY_LEN, text, len);
	if (err)
		crypto_wipe(out, KEY_LEN);
	return err;
}

int key_private_parse(struct key_private *out, const char *text, size_t len)
{
	return parse_key(out->bytes, text, len);
}

int key_public_parse(struct key_public *out, const char *text, size_t len)
{
	return parse_key(out->bytes, text, len);
}

int key_shared_parse(struct key_shared *out, const char *text, size_t len)
{
	return parse_key(out->bytes, text, len);
}

void key_private_format(const struct key_private *key, char text[static KEY_TEXT_LEN + 1])
{
	enc_base64(text, key->bytes, KEY_LEN);
}

void key_public_format(const struct key_public *key, char text[static KEY_TEXT_LEN + 1])
{
	enc_base64(text, key->bytes, KEY_LEN);
}

void key_shared_format(const struct key_shared *key, char text[static KEY_TEXT_LEN + 1])
{
	enc_base64(text, key->bytes, KEY_LEN);
}

bool key_public_equal(const struct key_public *a, const struct key_public *b)
{
	return crypto_equal(a->bytes, b->bytes, KEY_LEN);
}

bool key_shared_is_zero(const struct key_shared *key)
{
	return sodium_is_zero(key->bytes, KEY_LEN) != 0;
}
