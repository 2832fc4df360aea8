#include "crypto/xaead.h"

#include <assert.h>
#include <sodium.h>

#include "base/err.h"

static_assert(XAEAD_NONCE_LEN == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "nonce length");
static_assert(XAEAD_TAG_LEN == crypto_aead_xchacha20poly1305_ietf_ABYTES, "tag length");

void xaead_seal(uint8_t *out, const struct key_shared *key,
		const uint8_t nonce[static XAEAD_NONCE_LEN], const void *ad, size_t ad_len,
		const uint8_t *in, size_t len)
{
	/* Documented to succeed always. */
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(out, NULL, in, len, ad, ad_len, NULL,
							 nonce, key->bytes);
}

int xaead_open(uint8_t *out, const struct key_shared *key,
	       const uint8_t nonce[static XAEAD_NONCE_LEN], const void *ad, size_t ad_len,
	       const uint8_t *in, size_t len)
{
	if (len < XAEAD_TAG_LEN)
		return ERR_AUTH;
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, in, len, ad, ad_len, nonce,
						       key->bytes) != 0)
		return ERR_AUTH;
	return 0;
}
