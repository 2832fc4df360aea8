/*
 * Theory of operation
 *
 * One stretch of storage; unread bytes are data[start .. start + len). Appending first uses the
 * room behind them, then moves them to the front when that costs no more than was consumed, then
 * doubles the storage, never beyond the ceiling. A secret queue wipes what it leaves behind:
 * consumed bytes, the old place after a move, storage before it is freed.
 */
#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

/* Small messages should not grow the storage twice. */
#define BUF_CAP_MIN 256

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){.max = max};
}

void buf_init_secret(struct buf *b, size_t max)
{
	*b = (struct buf){.max = max, .secret = true};
}

/* The barrier keeps the compiler from dropping stores to memory that is about to be freed. */
static void wipe(uint8_t *p, size_t len)
{
	if (!len)
		return;
	memset(p, 0, len);
	__asm__ __volatile__("" : : "r"(p) : "memory");
}

static void buf_release(struct buf *b)
{
	if (b->secret && b->data)
		wipe(b->data, b->cap);
	free(b->data);
	b->data = NULL;
	b->start = b->len = b->cap = 0;
}

void buf_fini(struct buf *b)
{
	buf_release(b);
}

void buf_clear(struct buf *b)
{
	buf_release(b);
}

static void buf_compact(struct buf *b)
{
	size_t old_end = b->start + b->len;

	memmove(b->data, b->data + b->start, b->len);
	b->start = 0;
	if (b->secret)
		wipe(b->data + b->len, old_end - b->len);
}

/* New storage for at least `need` bytes in all; `need` is within the ceiling. */
static int buf_grow(struct buf *b, size_t need)
{
	size_t cap = b->cap > b->max / 2 ? b->max : b->cap * 2;
	uint8_t *data;

	if (cap < BUF_CAP_MIN)
		cap = BUF_CAP_MIN < b->max ? BUF_CAP_MIN : b->max;
	if (cap < need)
		cap = need;
	/* Not realloc: the consumed bytes need no copy, and it would leave secrets behind. */
	data = malloc(cap);
	if (!data)
		return ERR_NOMEM;
	if (b->len)
		memcpy(data, b->data + b->start, b->len);
	if (b->secret && b->data)
		wipe(b->data, b->cap);
	free(b->data);
	b->data = data;
	b->start = 0;
	b->cap = cap;
	return 0;
}

static int buf_make_room(struct buf *b, size_t len)
{
	if (len > buf_room(b))
		return ERR_LIMIT;
	if (b->data && len <= b->cap - b->start - b->len)
		return 0;
	if (b->data && len <= b->cap - b->len && (b->start >= b->len || b->cap >= b->max)) {
		buf_compact(b);
		return 0;
	}
	return buf_grow(b, b->len + len);
}

uint8_t *buf_reserve(struct buf *b, size_t len)
{
	if (buf_make_room(b, len ? len : 1) < 0)
		return NULL;
	return b->data + b->start + b->len;
}

void buf_commit(struct buf *b, size_t len)
{
	assert(len <= b->cap - b->start - b->len);
	b->len += len;
	if (!b->len)
		buf_release(b);
}

int buf_append(struct buf *b, const void *p, size_t len)
{
	int err;

	if (!len)
		return 0;
	err = buf_make_room(b, len);
	if (err)
		return err;
	memcpy(b->data + b->start + b->len, p, len);
	b->len += len;
	return 0;
}

int buf_printf(struct buf *b, const char *fmt, ...)
{
	char stack[512];
	va_list args;
	uint8_t *to;
	size_t len;
	int n, err = 0;

	va_start(args, fmt);
	n = vsnprintf(stack, sizeof(stack), fmt, args);
	va_end(args);
	if (n < 0)
		return ERR_INVAL;
	len = (size_t)n;
	if (len < sizeof(stack)) {
		err = buf_append(b, stack, len);
		goto out;
	}
	/* vsnprintf ends with a NUL that is not part of the text, so format apart. */
	to = len > buf_room(b) ? NULL : malloc(len + 1);
	if (!to) {
		err = len > buf_room(b) ? ERR_LIMIT : ERR_NOMEM;
		goto out;
	}
	va_start(args, fmt);
	(void)vsnprintf((char *)to, len + 1, fmt, args);
	va_end(args);
	err = buf_append(b, to, len);
	if (b->secret)
		wipe(to, len + 1);
	free(to);
out:
	if (b->secret)
		wipe((uint8_t *)stack, sizeof(stack));
	return err;
}

void buf_consume(struct buf *b, size_t len)
{
	assert(len <= b->len);
	if (b->secret && len)
		wipe(b->data + b->start, len);
	b->start += len;
	b->len -= len;
	if (!b->len)
		buf_release(b);
}
