/*
 * Theory of operation
 *
 * libcrypto's BLAKE2s, with one hash and one MAC context kept for the process (it has one thread):
 * creating a context costs more than hashing a handshake message. A context is set up again
 * after each use, which wipes what it knew of secret input. The algorithms are fetched once by
 * crypto_init. Later, setting up the hash again frees a small block and takes one of the same size,
 * which the allocator still has at hand; nothing else allocates. So a failure means a broken
 * library, and the process must not go on without its hash.
 */
#include "crypto/blake2s.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <stdlib.h>

#include "base/err.h"
#include "crypto/system.h"

static EVP_MD *hash;
static EVP_MD_CTX *hash_ctx;
static EVP_MAC_CTX *mac_ctx;

int blake2s_init_library(void)
{
	EVP_MAC *mac;

	if (hash_ctx && mac_ctx)
		return 0;
	hash = EVP_MD_fetch(NULL, "BLAKE2S-256", NULL);
	mac = EVP_MAC_fetch(NULL, "BLAKE2SMAC", NULL);
	hash_ctx = EVP_MD_CTX_new();
	mac_ctx = mac ? EVP_MAC_CTX_new(mac) : NULL;
	EVP_MAC_free(mac);
	if (!hash || !hash_ctx || !mac_ctx || !EVP_DigestInit_ex2(hash_ctx, hash, NULL))
		return ERR_CRYPTO;
	return 0;
}

static void must(int ok)
{
	if (!ok)
		abort();
}

/* The context always stands initialised between calls. */
static void add(const void *p, size_t len)
{
	must(len == 0 || EVP_DigestUpdate(hash_ctx, p, len));
}

static void finish(uint8_t out[static BLAKE2S_LEN])
{
	must(EVP_DigestFinal_ex(hash_ctx, out, NULL));
	must(EVP_DigestInit_ex2(hash_ctx, NULL, NULL));
}

void blake2s_hash(uint8_t out[static BLAKE2S_LEN], const void *a, size_t a_len, const void *b,
		  size_t b_len)
{
	add(a, a_len);
	add(b, b_len);
	finish(out);
}

void blake2s_mac(uint8_t out[static BLAKE2S_MAC_LEN], const void *key, size_t key_len,
		 const void *p, size_t len)
{
	static const uint8_t no_key[1];
	size_t out_len = BLAKE2S_MAC_LEN;
	OSSL_PARAM params[2];

	/* The tag's size enters the state: it has to be known before the key. */
	params[0] = OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &out_len);
	params[1] = OSSL_PARAM_construct_end();
	must(EVP_MAC_init(mac_ctx, key, key_len, params));
	must(EVP_MAC_update(mac_ctx, p, len));
	must(EVP_MAC_final(mac_ctx, out, &out_len, BLAKE2S_MAC_LEN));
	must(EVP_MAC_init(mac_ctx, no_key, sizeof(no_key), NULL));
}

void blake2s_hmac(uint8_t out[static BLAKE2S_LEN], const uint8_t key[static BLAKE2S_LEN],
		  const void *a, size_t a_len, const void *b, size_t b_len)
{
	uint8_t pad[BLAKE2S_BLOCK_LEN], inner[BLAKE2S_LEN];
	size_t i;

	for (i = 0; i < sizeof(pad); i++)
		pad[i] = (uint8_t)((i < BLAKE2S_LEN ? key[i] : 0) ^ 0x36);
	add(pad, sizeof(pad));
	add(a, a_len);
	add(b, b_len);
	finish(inner);

	for (i = 0; i < sizeof(pad); i++)
		pad[i] ^= 0x36 ^ 0x5c;
	add(pad, sizeof(pad));
	add(inner, sizeof(inner));
	finish(out);
	crypto_wipe(pad, sizeof(pad));
	crypto_wipe(inner, sizeof(inner));
}
