/*
 * The libraries as a whole: preparation, wiping, comparison, randomness and memory for secrets.
 */
#ifndef CULVERT_CRYPTO_SYSTEM_H
#define CULVERT_CRYPTO_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/rng.h"

/* Prepares the libraries. Call once before anything else in crypto/. 0 or ERR_CRYPTO. */
CULVERT_MUST_USE int crypto_init(void);
/* The operating system's generator, for app/ to inject. Valid after crypto_init. */
struct rng crypto_system_rng(void);

/* Overwrites memory in a way that the compiler keeps. */
void crypto_wipe(void *p, size_t len);
/* Constant-time comparison of equal lengths. */
CULVERT_MUST_USE bool crypto_equal(const void *a, const void *b, size_t len);

/*
 * Guarded memory for long-lived secrets: no swap, no core dump, guard pages where the system
 * allows it. NULL when out of memory. crypto_secret_free wipes and accepts NULL. Each piece costs
 * whole pages: for one key per process, not one per peer.
 */
void *crypto_secret_alloc(size_t len);
void crypto_secret_free(void *p);

#endif
