#include "crypto/system.h"

#include <sodium.h>

#include "base/err.h"
#include "crypto/aead.h"
#include "crypto/blake2s.h"

int crypto_init(void)
{
	int err;

	if (sodium_init() < 0)
		return ERR_CRYPTO;
	err = aead_init_library();
	if (err)
		return err;
	return blake2s_init_library();
}

static void fill_random(void *ctx, void *out, size_t len)
{
	(void)ctx;
	randombytes_buf(out, len);
}

struct rng crypto_system_rng(void)
{
	return (struct rng){fill_random, NULL};
}

void crypto_wipe(void *p, size_t len)
{
	sodium_memzero(p, len);
}

bool crypto_equal(const void *a, const void *b, size_t len)
{
	return sodium_memcmp(a, b, len) == 0;
}

void *crypto_secret_alloc(size_t len)
{
	return sodium_malloc(len);
}

void crypto_secret_free(void *p)
{
	sodium_free(p);
}
