/*
 * Theory of operation
 *
 * Where the processor has AVX-512 with IFMA, everything without associated data goes through aead_vector, in
 * about half of libcrypto's time for a full packet. The rest of this is for all others.
 *
 * Bulk data goes through libcrypto, whose vector code needs half of libsodium's time for a full
 * packet. The price is a keyed context that has to be kept, because setting a key costs more than
 * the packet; per packet only the nonce is set. Short packets (keepalives, pure acknowledgements)
 * go through libsodium, which has no context and less to set up. Both compute the same function,
 * so when no context can be had (memory), libsodium serves every length: sealing never fails.
 */
#include "crypto/aead.h"

#include <assert.h>
#include <limits.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/wr.h"
#include "crypto/aead_vector.h"
#include "crypto/system.h"

static_assert(AEAD_NONCE_LEN == crypto_aead_chacha20poly1305_IETF_NPUBBYTES, "nonce length");
static_assert(AEAD_TAG_LEN == crypto_aead_chacha20poly1305_IETF_ABYTES, "tag length");

static EVP_CIPHER *cipher;	/* fetched once by crypto_init, for the life of the process */
static bool vector;		/* aead_vector serves */

void aead_use_vector(bool use)
{
	vector = use && aead_vector_usable();
}

int aead_init_library(void)
{
	/* No configuration file: it costs milliseconds at start and could redirect algorithms. */
	if (!OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL))
		return ERR_CRYPTO;
	aead_use_vector(true);
	if (!cipher)
		cipher = EVP_CIPHER_fetch(NULL, "ChaCha20-Poly1305", NULL);
	return cipher ? 0 : ERR_CRYPTO;
}

static void init_aead(struct aead *aead, const struct key_shared *key, bool seals)
{
	aead->key = *key;
	aead->context = NULL;
	aead->seals = seals;
}

void aead_init_seal(struct aead *aead, const struct key_shared *key)
{
	init_aead(aead, key, true);
}

void aead_init_open(struct aead *aead, const struct key_shared *key)
{
	init_aead(aead, key, false);
}

void aead_fini(struct aead *aead)
{
	EVP_CIPHER_CTX_free(aead->context);	/* wipes what it held */
	crypto_wipe(aead, sizeof(*aead));
}

void aead_write_nonce(uint8_t nonce[static AEAD_NONCE_LEN], uint64_t counter)
{
	struct wr w = wr_init(nonce, AEAD_NONCE_LEN);

	wr_zero(&w, 4);
	wr_le64(&w, counter);
}

/* The kept context for a message of `len` bytes, or NULL when libsodium is to do it. */
static EVP_CIPHER_CTX *context_for(struct aead *aead, size_t len)
{
	EVP_CIPHER_CTX *ctx = aead->context;

	if (len <= AEAD_SMALL_MAX || len > INT_MAX)
		return NULL;
	if (ctx || !cipher)
		return ctx;
	ctx = EVP_CIPHER_CTX_new();
	if (!ctx)
		return NULL;
	if (!EVP_CipherInit_ex2(ctx, cipher, aead->key.bytes, NULL, aead->seals, NULL)) {
		EVP_CIPHER_CTX_free(ctx);
		return NULL;
	}
	aead->context = ctx;
	return ctx;
}

/* Where libcrypto takes the tag from, or puts it. By EVP_CIPHER_CTX_ctrl a full packet took a tenth longer. */
static OSSL_PARAM tag_at(uint8_t *p)
{
	return OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, p, AEAD_TAG_LEN);
}

static void seal_one(struct aead *aead, const struct aead_packet *p)
{
	EVP_CIPHER_CTX *ctx = context_for(aead, p->len);
	OSSL_PARAM params[] = {tag_at(p->data + p->len), OSSL_PARAM_construct_end()};
	uint8_t nonce[AEAD_NONCE_LEN];
	int n;

	aead_write_nonce(nonce, p->counter);
	if (ctx && EVP_EncryptInit_ex2(ctx, NULL, NULL, nonce, NULL)) {
		/* In place, so from here on there is no way back; nothing below allocates. */
		if (!EVP_EncryptUpdate(ctx, p->data, &n, p->data, (int)p->len) ||
		    !EVP_EncryptFinal_ex(ctx, p->data + p->len, &n) ||
		    !EVP_CIPHER_CTX_get_params(ctx, params))
			abort();
		return;
	}
	aead_seal_once(p->data, &aead->key, p->counter, NULL, 0, p->data, p->len);
}

static bool open_one(struct aead *aead, const struct aead_packet *p)
{
	OSSL_PARAM params[2];
	EVP_CIPHER_CTX *ctx;
	uint8_t nonce[AEAD_NONCE_LEN];
	size_t text_len;
	int n;

	if (p->len < AEAD_TAG_LEN)
		return false;
	text_len = p->len - AEAD_TAG_LEN;
	ctx = context_for(aead, text_len);
	aead_write_nonce(nonce, p->counter);
	params[0] = tag_at(p->data + text_len);
	params[1] = OSSL_PARAM_construct_end();
	if (ctx && EVP_DecryptInit_ex2(ctx, NULL, NULL, nonce, params)) {
		if (EVP_DecryptUpdate(ctx, p->data, &n, p->data, (int)text_len) &&
		    EVP_DecryptFinal_ex(ctx, p->data + text_len, &n) > 0)
			return true;
		/* libcrypto looks at the tag last. */
		crypto_wipe(p->data, text_len);
		return false;
	}
	return aead_open_once(p->data, &aead->key, p->counter, NULL, 0, p->data, p->len) == 0;
}

void aead_seal_array(struct aead *aead, struct aead_packet *packets, size_t count)
{
	assert(aead->seals);
	if (vector) {
		aead_vector_seal(&aead->key, packets, count);
		return;
	}
	for (size_t i = 0; i < count; i++)
		seal_one(aead, &packets[i]);
}

void aead_open_array(struct aead *aead, struct aead_packet *packets, size_t count)
{
	assert(!aead->seals);
	if (vector) {
		aead_vector_open(&aead->key, packets, count);
		return;
	}
	for (size_t i = 0; i < count; i++)
		packets[i].authentic = open_one(aead, &packets[i]);
}

void aead_seal(struct aead *aead, uint64_t counter, uint8_t *data, size_t len)
{
	struct aead_packet p = {.counter = counter, .data = data, .len = len};

	aead_seal_array(aead, &p, 1);
}

int aead_open(struct aead *aead, uint64_t counter, uint8_t *data, size_t len)
{
	struct aead_packet p = {.counter = counter, .data = data, .len = len};

	aead_open_array(aead, &p, 1);
	return p.authentic ? 0 : ERR_AUTH;
}

void aead_seal_once(uint8_t *out, const struct key_shared *key, uint64_t counter, const void *ad,
		    size_t ad_len, const uint8_t *in, size_t len)
{
	uint8_t nonce[AEAD_NONCE_LEN];

	aead_write_nonce(nonce, counter);
	/* Documented to succeed always. */
	(void)crypto_aead_chacha20poly1305_ietf_encrypt(out, NULL, in, len, ad, ad_len, NULL, nonce,
							key->bytes);
}

int aead_open_once(uint8_t *out, const struct key_shared *key, uint64_t counter, const void *ad,
		   size_t ad_len, const uint8_t *in, size_t len)
{
	uint8_t nonce[AEAD_NONCE_LEN];

	if (len < AEAD_TAG_LEN)
		return ERR_AUTH;
	aead_write_nonce(nonce, counter);
	if (crypto_aead_chacha20poly1305_ietf_decrypt(out, NULL, NULL, in, len, ad, ad_len, nonce,
						      key->bytes) != 0)
		return ERR_AUTH;
	return 0;
}
