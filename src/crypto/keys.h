/*
 * Typed keys. Types keep roles apart at compile time; every holder wipes its secrets on exit.
 * Text form is the base64 of WireGuard's tools, read and written in constant time.
 */
#ifndef CULVERT_CRYPTO_KEYS_H
#define CULVERT_CRYPTO_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/rng.h"
#include "crypto/system.h"

#define KEY_LEN 32
#define KEY_TEXT_LEN 44		/* base64, without the NUL */

struct key_private {		/* Curve25519 scalar, clamped */
	uint8_t bytes[KEY_LEN];
};

struct key_public {		/* Curve25519 point */
	uint8_t bytes[KEY_LEN];
};

struct key_shared {		/* preshared or derived symmetric key */
	uint8_t bytes[KEY_LEN];
};

/* A fresh private key, clamped (RFC 7748 section 5). */
void key_private_generate(struct key_private *out, const struct rng *rng);
/* 0, or ERR_CRYPTO for the all-zero key. */
CULVERT_MUST_USE int key_public_from_private(struct key_public *out, const struct key_private *key);

/* Parse exactly KEY_TEXT_LEN characters of base64: 0 or ERR_SYNTAX. */
CULVERT_MUST_USE int key_private_parse(struct key_private *out, const char *text, size_t len);
CULVERT_MUST_USE int key_public_parse(struct key_public *out, const char *text, size_t len);
CULVERT_MUST_USE int key_shared_parse(struct key_shared *out, const char *text, size_t len);

void key_private_format(const struct key_private *key, char text[static KEY_TEXT_LEN + 1]);
void key_public_format(const struct key_public *key, char text[static KEY_TEXT_LEN + 1]);
void key_shared_format(const struct key_shared *key, char text[static KEY_TEXT_LEN + 1]);

/* Constant time. */
bool key_public_equal(const struct key_public *a, const struct key_public *b);
bool key_shared_is_zero(const struct key_shared *key);

#endif
