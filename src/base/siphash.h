/* SipHash-2-4 (Aumasson, Bernstein 2012): keyed hash for tables that outsiders can fill. */
#ifndef CULVERT_BASE_SIPHASH_H
#define CULVERT_BASE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

struct siphash_key {
	uint64_t k0, k1;
};

uint64_t siphash(const struct siphash_key *key, const void *p, size_t len);

#endif
