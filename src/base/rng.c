#include "base/rng.h"

#include <assert.h>

void rng_bytes(const struct rng *rng, void *out, size_t len)
{
	if (len)
		rng->fill(rng->ctx, out, len);
}

uint32_t rng_u32(const struct rng *rng)
{
	uint32_t v;

	rng_bytes(rng, &v, sizeof(v));
	return v;
}

uint64_t rng_u64(const struct rng *rng)
{
	uint64_t v;

	rng_bytes(rng, &v, sizeof(v));
	return v;
}

uint32_t rng_below(const struct rng *rng, uint32_t limit)
{
	uint32_t v, excess;

	assert(limit != 0);
	/* The lowest 2^32 mod limit values would make some results more likely than others. */
	excess = (uint32_t)(0 - limit) % limit;
	do
		v = rng_u32(rng);
	while (v < excess);
	return v % limit;
}

static uint64_t rotl(uint64_t v, unsigned bits)
{
	return v << bits | v >> (64 - bits);
}

/* xoshiro256** 1.0 (Blackman, Vigna 2018). */
static uint64_t seeded_next(uint64_t s[static 4])
{
	uint64_t result = rotl(s[1] * 5, 7) * 9, t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotl(s[3], 45);
	return result;
}

/* Little-endian bytes, so that a seed means the same run on every machine. */
static void seeded_fill(void *ctx, void *out, size_t len)
{
	struct rng_seeded *state = ctx;
	uint8_t *p = out;
	uint64_t v = 0;

	for (size_t i = 0; i < len; i++) {
		if (i % 8 == 0)
			v = seeded_next(state->state);
		p[i] = (uint8_t)v;
		v >>= 8;
	}
}

struct rng rng_seeded_init(struct rng_seeded *state, uint64_t seed)
{
	/* splitmix64 spreads the seed, as the authors of xoshiro advise; never all zero. */
	for (size_t i = 0; i < 4; i++) {
		uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);

		z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
		z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
		state->state[i] = z ^ z >> 31;
	}
	return (struct rng){seeded_fill, state};
}
