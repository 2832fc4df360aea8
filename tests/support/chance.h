/* A seeded sequence of random numbers for storms: the same on every machine. */
#ifndef CULVERT_TESTS_SUPPORT_CHANCE_H
#define CULVERT_TESTS_SUPPORT_CHANCE_H

#include <stdbool.h>
#include <stdint.h>

static uint64_t chance_state = 1;

static inline void chance_seed(uint32_t seed)
{
	chance_state = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15);
}

/* xorshift64* (Vigna 2016). */
static inline uint32_t rnd(void)
{
	chance_state ^= chance_state >> 12;
	chance_state ^= chance_state << 25;
	chance_state ^= chance_state >> 27;
	return (uint32_t)(chance_state * UINT64_C(2685821657736338717) >> 32);
}

/* One of 0 to n - 1. */
static inline uint32_t below(uint32_t n)
{
	return (uint32_t)((uint64_t)rnd() * n >> 32);
}

static inline bool one_in(uint32_t n)
{
	return below(n) == 0;
}

#endif
