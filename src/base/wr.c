#include "base/wr.h"

#include <assert.h>
#include <string.h>

static void wr_be(struct wr *w, uint64_t v, size_t len)
{
	uint8_t *p = wr_reserve(w, len);

	if (!p)
		return;
	for (size_t i = len; i-- > 0; v >>= 8)
		p[i] = (uint8_t)v;
}

static void wr_le(struct wr *w, uint64_t v, size_t len)
{
	uint8_t *p = wr_reserve(w, len);

	if (!p)
		return;
	for (size_t i = 0; i < len; i++, v >>= 8)
		p[i] = (uint8_t)v;
}

void wr_u8(struct wr *w, uint8_t v)
{
	wr_be(w, v, 1);
}

void wr_be16(struct wr *w, uint16_t v)
{
	wr_be(w, v, 2);
}

void wr_be32(struct wr *w, uint32_t v)
{
	wr_be(w, v, 4);
}

void wr_be64(struct wr *w, uint64_t v)
{
	wr_be(w, v, 8);
}

void wr_le16(struct wr *w, uint16_t v)
{
	wr_le(w, v, 2);
}

void wr_le32(struct wr *w, uint32_t v)
{
	wr_le(w, v, 4);
}

void wr_le64(struct wr *w, uint64_t v)
{
	wr_le(w, v, 8);
}

void wr_bytes(struct wr *w, const void *p, size_t len)
{
	uint8_t *to = wr_reserve(w, len);

	if (to && len)
		memcpy(to, p, len);
}

void wr_zero(struct wr *w, size_t len)
{
	uint8_t *to = wr_reserve(w, len);

	if (to && len)
		memset(to, 0, len);
}

void wr_text(struct wr *w, const char *text)
{
	wr_bytes(w, text, strlen(text));
}

size_t wr_begin16(struct wr *w)
{
	wr_zero(w, 2);
	return w->len;
}

void wr_end16(struct wr *w, size_t mark)
{
	size_t len;

	if (w->bad)
		return;
	assert(mark >= 2 && mark <= w->len);
	len = w->len - mark;
	if (len > UINT16_MAX) {
		w->bad = true;
		return;
	}
	w->p[mark - 2] = (uint8_t)(len >> 8);
	w->p[mark - 1] = (uint8_t)len;
}
