/*
 * The framing of an HTTP/1 body (RFC 9112 sections 6 and 7): how much of a stream belongs to it,
 * and the same body written for the other side. Chunked bodies are written anew chunk by chunk,
 * without extensions, or decoded for a receiver that knows no chunks.
 */
#ifndef CULVERT_HTTP_BODY_H
#define CULVERT_HTTP_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "http/head.h"

#define HTTP_CHUNK_LINE_MAX 256		/* chunk size with extensions, which nobody uses */
#define HTTP_TRAILER_MAX 8192

enum http_framing {
	HTTP_BODY_NONE,
	HTTP_BODY_LENGTH,
	HTTP_BODY_CHUNKED,
	HTTP_BODY_TO_END,	/* responses only: until the connection closes */
};

enum http_body_state {
	HTTP_BODY_ST_DATA,	/* `left` bytes of data, or of the current chunk, are to come */
	HTTP_BODY_ST_SIZE,	/* in a chunk-size line */
	HTTP_BODY_ST_DATA_END,	/* the CRLF after a chunk */
	HTTP_BODY_ST_TRAILER,	/* the trailer section, up to its empty line */
	HTTP_BODY_ST_DONE,	/* nothing more is taken */
	HTTP_BODY_ST_BAD,	/* broken framing; nothing more is taken */
};

/* Embedded by its owner; only http_body_* touch the fields. */
struct http_body {
	enum http_framing framing;
	enum http_body_state state;
	uint64_t left;
	bool decode;		/* write data only, no chunk framing */
	bool lenient;		/* blanks after a chunk size, as some origins pad */
	uint8_t digits;		/* of the chunk size */
	bool in_extension, blank, cr;
	uint16_t line_len;
	struct http_scan scan;
	struct buf trailer;
};

/* `length` counts for HTTP_BODY_LENGTH. Allocates nothing. */
void http_body_init(struct http_body *b, enum http_framing framing, uint64_t length, bool decode,
		    bool lenient);
void http_body_fini(struct http_body *b);

/*
 * Takes bytes from the front and appends their new form to `out`, while `out` holds less than
 * `soft_max`. Returns how many were taken. Stops at the end of the body; look at http_body_done and
 * http_body_bad afterwards.
 */
size_t http_body_input(struct http_body *b, const uint8_t *p, size_t len, struct buf *out,
		       size_t soft_max);

/* How many of the next bytes are plain data that may be moved unchanged; _passed: they were. */
uint64_t http_body_passthrough(const struct http_body *b);
void http_body_passed(struct http_body *b, uint64_t n);

/* The stream has ended: whether the body is complete by that. */
CULVERT_MUST_USE bool http_body_end(struct http_body *b);

static inline bool http_body_done(const struct http_body *b)
{
	return b->state == HTTP_BODY_ST_DONE;
}

static inline bool http_body_bad(const struct http_body *b)
{
	return b->state == HTTP_BODY_ST_BAD;
}

#endif
