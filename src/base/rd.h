/*
 * Consuming reader over untrusted bytes. A short read sets `bad`, returns zero and empties the
 * reader; later reads stay zero, so a parser may read all fields first and ask once.
 */
#ifndef CULVERT_BASE_RD_H
#define CULVERT_BASE_RD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

struct rd {
	const uint8_t *p;
	size_t left;
	bool bad;
};

static inline struct rd rd_init(const void *p, size_t len)
{
	return (struct rd){p, len, false};
}

/* Removes `len` bytes and returns where they start, or NULL when fewer are left. */
static inline const uint8_t *rd_bytes(struct rd *r, size_t len)
{
	const uint8_t *p = r->p;

	if (r->bad || len > r->left) {
		r->bad = true;
		r->left = 0;
		return NULL;
	}
	r->p += len;
	r->left -= len;
	return p;
}

uint8_t rd_u8(struct rd *r);
uint16_t rd_be16(struct rd *r);
uint32_t rd_be32(struct rd *r);
uint64_t rd_be64(struct rd *r);
uint16_t rd_le16(struct rd *r);
uint32_t rd_le32(struct rd *r);
uint64_t rd_le64(struct rd *r);

/* Copies `len` bytes to `out`; zeroes `out` when fewer are left. */
void rd_copy(struct rd *r, void *out, size_t len);

/* Drops `len` bytes. */
void rd_skip(struct rd *r, size_t len);

/* Carves off the next `len` bytes as a reader of its own (bad when fewer are left). */
struct rd rd_sub(struct rd *r, size_t len);

/* So far good. */
static inline bool rd_ok(const struct rd *r)
{
	return !r->bad;
}

/* Good and used up: what every complete message parser ends with. */
static inline CULVERT_MUST_USE bool rd_done(const struct rd *r)
{
	return !r->bad && r->left == 0;
}

#endif
