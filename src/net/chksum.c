/*
 * Theory of operation
 *
 * RFC 1071: the sum of 16-bit words in one's complement may be formed in wider words and folded
 * at the end. Here each 64-bit lane of a vector is split into two 32-bit halves that are added to
 * 64-bit lanes; no carry is lost for any length that fits into memory. The vectors are those of
 * GCC and clang, which lower them to whatever the machine has, so no build flag is needed.
 * On x86-64 a second version for AVX2 is chosen at start by the dynamic linker.
 *
 * A byte string whose pieces have odd lengths is handled as RFC 1071 section 2 (B) says: the sum
 * of a piece that starts at an odd offset is byte-swapped before it is added.
 */
#include "net/chksum.h"

#include <assert.h>
#include <string.h>

#define LANES 4
#define VEC_LEN (LANES * sizeof(uint64_t))
#define VEC __attribute__((vector_size(32)))

/* ifunc needs glibc; sanitizers run before it is resolved. */
#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && \
	defined(__GNUC__) && !defined(__clang__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

static uint16_t fold(uint64_t sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

/* The last bytes, fewer than a vector. A single last byte is padded with zero (RFC 1071). */
static uint64_t sum_tail(const uint8_t *p, size_t len)
{
	uint64_t sum = 0;
	uint32_t word = 0;

	for (; len >= sizeof(word); len -= sizeof(word), p += sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		sum += word;
	}
	word = 0;
	memcpy(&word, p, len);
	return sum + word;
}

WIDE static uint64_t sum_bytes(const uint8_t *p, size_t len)
{
	VEC uint64_t low = {0}, high = {0}, a, b;
	uint64_t sum = 0;

	for (; len >= 2 * VEC_LEN; len -= 2 * VEC_LEN, p += 2 * VEC_LEN) {
		memcpy(&a, p, VEC_LEN);
		memcpy(&b, p + VEC_LEN, VEC_LEN);
		low += (a & 0xffffffff) + (b & 0xffffffff);
		high += (a >> 32) + (b >> 32);
	}
	low += high;
	for (unsigned i = 0; i < LANES; i++)
		sum += low[i];
	return sum + sum_tail(p, len);
}

WIDE static uint64_t copy_bytes(uint8_t *dst, const uint8_t *p, size_t len)
{
	VEC uint64_t low = {0}, high = {0}, a, b;
	uint64_t sum = 0;

	for (; len >= 2 * VEC_LEN; len -= 2 * VEC_LEN) {
		memcpy(&a, p, VEC_LEN);
		memcpy(&b, p + VEC_LEN, VEC_LEN);
		memcpy(dst, &a, VEC_LEN);
		memcpy(dst + VEC_LEN, &b, VEC_LEN);
		low += (a & 0xffffffff) + (b & 0xffffffff);
		high += (a >> 32) + (b >> 32);
		p += 2 * VEC_LEN;
		dst += 2 * VEC_LEN;
	}
	memcpy(dst, p, len);
	low += high;
	for (unsigned i = 0; i < LANES; i++)
		sum += low[i];
	return sum + sum_tail(p, len);
}

static void add_piece(struct chksum *c, uint64_t sum, size_t len)
{
	if (c->odd) {
		uint16_t folded = fold(sum);

		sum = (uint16_t)(folded << 8 | folded >> 8);
	} else {
		sum = (sum & 0xffffffff) + (sum >> 32);
	}
	c->sum += sum;
	c->odd ^= (unsigned)(len & 1);
}

void chksum_add(struct chksum *c, const void *p, size_t len)
{
	add_piece(c, sum_bytes(p, len), len);
}

void chksum_copy(struct chksum *c, void *dst, const void *src, size_t len)
{
	add_piece(c, copy_bytes(dst, src, len), len);
}

void chksum_pseudo(struct chksum *c, const uint8_t *src, const uint8_t *dst, size_t addr_len,
		   uint32_t len, uint8_t protocol)
{
	uint8_t tail[8] = {(uint8_t)(len >> 24), (uint8_t)(len >> 16), (uint8_t)(len >> 8),
			   (uint8_t)len, 0, 0, 0, protocol};

	assert(!c->odd);
	c->sum += sum_tail(src, addr_len) + sum_tail(dst, addr_len) + sum_tail(tail, sizeof(tail));
}

uint16_t chksum_fold(const struct chksum *c)
{
	return fold(c->sum);
}

uint16_t net_chksum(const void *p, int len)
{
	return fold(sum_bytes(p, (size_t)len));
}
