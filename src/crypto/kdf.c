#include "crypto/kdf.h"

#include <assert.h>
#include <string.h>

#include "crypto/system.h"

void kdf_derive(const uint8_t chaining_key[static KDF_LEN], const void *input, size_t input_len,
		uint8_t *first, uint8_t *second, uint8_t *third)
{
	static const uint8_t one = 1, two = 2, three = 3;
	uint8_t prk[KDF_LEN], t1[KDF_LEN], t2[KDF_LEN];

	assert(second || !third);
	blake2s_hmac(prk, chaining_key, input, input_len, NULL, 0);
	blake2s_hmac(t1, prk, &one, 1, NULL, 0);
	memcpy(first, t1, KDF_LEN);
	if (second) {
		blake2s_hmac(t2, prk, t1, sizeof(t1), &two, 1);
		memcpy(second, t2, KDF_LEN);
	}
	if (third)
		blake2s_hmac(third, prk, t2, sizeof(t2), &three, 1);
	crypto_wipe(prk, sizeof(prk));
	crypto_wipe(t1, sizeof(t1));
	crypto_wipe(t2, sizeof(t2));
}
