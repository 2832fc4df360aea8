/* Group set-up for tests that use crypto/. */
#ifndef CULVERT_TESTS_CRYPTO_H
#define CULVERT_TESTS_CRYPTO_H

#include "crypto/system.h"

static inline int setup_crypto(void **state)
{
	(void)state;
	return crypto_init();
}

#endif
