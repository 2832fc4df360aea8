/*
 * Bounded writer for messages. A write that does not fit sets `bad` and writes nothing; later
 * writes are ignored, so an encoder writes all fields first and asks once.
 */
#ifndef CULVERT_BASE_WR_H
#define CULVERT_BASE_WR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

struct wr {
	uint8_t *p;	/* start of the message */
	size_t len;	/* written so far */
	size_t cap;
	bool bad;
};

static inline struct wr wr_init(void *p, size_t cap)
{
	return (struct wr){p, 0, cap, false};
}

/* Reserves `len` bytes and returns where they start, or NULL when they do not fit. */
static inline uint8_t *wr_reserve(struct wr *w, size_t len)
{
	uint8_t *p;

	if (w->bad || len > w->cap - w->len) {
		w->bad = true;
		return NULL;
	}
	p = w->p + w->len;
	w->len += len;
	return p;
}

void wr_u8(struct wr *w, uint8_t v);
void wr_be16(struct wr *w, uint16_t v);
void wr_be32(struct wr *w, uint32_t v);
void wr_be64(struct wr *w, uint64_t v);
void wr_le16(struct wr *w, uint16_t v);
void wr_le32(struct wr *w, uint32_t v);
void wr_le64(struct wr *w, uint64_t v);
void wr_bytes(struct wr *w, const void *p, size_t len);
void wr_zero(struct wr *w, size_t len);
void wr_text(struct wr *w, const char *text);

/* Reserves a 16-bit big-endian length; wr_end16 fills in the bytes written since. */
size_t wr_begin16(struct wr *w);
void wr_end16(struct wr *w, size_t mark);

static inline CULVERT_MUST_USE bool wr_ok(const struct wr *w)
{
	return !w->bad;
}

#endif
