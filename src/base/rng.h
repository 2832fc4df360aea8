/*
 * Randomness as a handle. The program injects the operating system's generator; tests pass a
 * seeded one, so that every run can be repeated.
 */
#ifndef CULVERT_BASE_RNG_H
#define CULVERT_BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

typedef void (*rng_fill_fn)(void *ctx, void *out, size_t len);

struct rng {
	rng_fill_fn fill;
	void *ctx;
};

/* Fills `out` with `len` random bytes. Cannot fail: a generator that cannot deliver must abort. */
void rng_bytes(const struct rng *rng, void *out, size_t len);

uint32_t rng_u32(const struct rng *rng);
uint64_t rng_u64(const struct rng *rng);

/* A uniform value below `limit`, without modulo bias. `limit` must not be 0. */
uint32_t rng_below(const struct rng *rng, uint32_t limit);

/* A small seeded generator (xoshiro256**) for tests and simulations; not for secrets. */
struct rng_seeded {
	uint64_t state[4];
};

/* Seeds `state` and returns a handle onto it; `state` must outlive the handle. */
struct rng rng_seeded_init(struct rng_seeded *state, uint64_t seed);

#endif
