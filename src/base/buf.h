/*
 * Growable byte queue with a ceiling: append at the end, consume at the front. Storage is freed
 * when the queue runs empty, and wiped before every release or move when `secret` is set.
 */
#ifndef CULVERT_BASE_BUF_H
#define CULVERT_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

struct buf {
	uint8_t *data;	/* storage, or NULL */
	size_t start;	/* first unread byte */
	size_t len;	/* unread bytes */
	size_t cap;	/* bytes of storage */
	size_t max;	/* ceiling for `len` */
	bool secret;
};

/* An empty queue that never holds more than `max` bytes. Allocates nothing. */
void buf_init(struct buf *b, size_t max);
void buf_init_secret(struct buf *b, size_t max);
void buf_fini(struct buf *b);

static inline const uint8_t *buf_data(const struct buf *b)
{
	return b->data ? b->data + b->start : NULL;
}

static inline size_t buf_len(const struct buf *b)
{
	return b->len;
}

/* How many bytes may still be appended. */
static inline size_t buf_room(const struct buf *b)
{
	return b->max - b->len;
}

/* Appends all or nothing: 0, ERR_LIMIT beyond the ceiling, or ERR_NOMEM. */
CULVERT_MUST_USE int buf_append(struct buf *b, const void *p, size_t len);
CULVERT_MUST_USE int buf_printf(struct buf *b, const char *fmt, ...) CULVERT_PRINTF(2, 3);

/* Makes room for `len` more bytes; returns where to write them, or NULL. buf_commit adds them. */
uint8_t *buf_reserve(struct buf *b, size_t len);
void buf_commit(struct buf *b, size_t len);

/* Drops `len` bytes at the front (at most buf_len). Invalidates earlier pointers. */
void buf_consume(struct buf *b, size_t len);
void buf_clear(struct buf *b);

#endif
