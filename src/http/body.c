/*
 * Theory of operation
 *
 * A chunked body walks SIZE -> DATA -> DATA_END -> SIZE ... -> SIZE (0) -> TRAILER -> DONE. A
 * chunk's size line is written when it was read, its data as it comes, so nothing but
 * the trailer section is ever held back. Extensions are checked and dropped (RFC 9112 section
 * 7.1.1 lets a recipient ignore them). Sizes have at most 15 hex digits: no sum can overflow.
 *
 * Trailer fields that steer framing, routing or authentication are dropped (RFC 9110 section
 * 6.5.1).
 *
 * Memory: a body that is not in its trailer section holds nothing; the section is limited to
 * HTTP_TRAILER_MAX.
 */
#include "http/body.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/err.h"

#define CHUNK_DIGITS_MAX 15

void http_body_init(struct http_body *b, enum http_framing framing, uint64_t length, bool decode,
		    bool lenient)
{
	memset(b, 0, sizeof(*b));
	b->framing = framing;
	b->decode = decode;
	b->lenient = lenient;
	buf_init(&b->trailer, HTTP_TRAILER_MAX);
	switch (framing) {
	case HTTP_BODY_NONE:
		b->state = HTTP_BODY_ST_DONE;
		break;
	case HTTP_BODY_LENGTH:
		b->left = length;
		b->state = length ? HTTP_BODY_ST_DATA : HTTP_BODY_ST_DONE;
		break;
	case HTTP_BODY_CHUNKED:
		b->state = HTTP_BODY_ST_SIZE;
		break;
	case HTTP_BODY_TO_END:
		b->left = UINT64_MAX;
		b->state = HTTP_BODY_ST_DATA;
		break;
	}
}

void http_body_fini(struct http_body *b)
{
	buf_fini(&b->trailer);
}

static void set_bad(struct http_body *b)
{
	b->state = HTTP_BODY_ST_BAD;
	buf_clear(&b->trailer);
}

static int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (uint8_t)txt_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The size line has ended well: announce the chunk to the other side. */
static void size_line_end(struct http_body *b, struct buf *out)
{
	if (b->digits == 0) {
		set_bad(b);
		return;
	}
	if (!b->decode && b->left > 0 && buf_printf(out, "%" PRIx64 "\r\n", b->left) < 0) {
		set_bad(b);
		return;
	}
	if (b->left > 0) {
		b->state = HTTP_BODY_ST_DATA;
	} else {
		b->state = HTTP_BODY_ST_TRAILER;
		http_scan_init(&b->scan, HTTP_KIND_TRAILER, 0, HTTP_TRAILER_MAX);
	}
	b->digits = 0;
	b->line_len = 0;
	b->in_extension = b->blank = b->cr = false;
}

/* One character of chunk-size [ chunk-ext ] CRLF. */
static void size_line_char(struct http_body *b, uint8_t c, struct buf *out)
{
	int digit = hex_digit(c);

	if (++b->line_len > HTTP_CHUNK_LINE_MAX) {
		set_bad(b);
	} else if (b->cr) {
		if (c == '\n')
			size_line_end(b, out);
		else
			set_bad(b);
	} else if (c == '\r' && (b->in_extension || !b->blank || b->lenient)) {
		b->cr = true;
	} else if (b->in_extension) {
		if (c == 0x7f || (c < 0x20 && c != '\t'))
			set_bad(b);
	} else if (c == ';' && b->digits > 0) {
		b->in_extension = true;
	} else if ((c == ' ' || c == '\t') && b->digits > 0) {
		b->blank = true;
	} else if (digit >= 0 && !b->blank && b->digits < CHUNK_DIGITS_MAX) {
		b->left = b->left << 4 | (unsigned)digit;
		b->digits++;
	} else {
		set_bad(b);
	}
}

static void data_end_char(struct http_body *b, uint8_t c, struct buf *out)
{
	if (!b->cr && c == '\r') {
		b->cr = true;
	} else if (b->cr && c == '\n') {
		b->cr = false;
		b->state = HTTP_BODY_ST_SIZE;
		if (!b->decode && buf_append(out, "\r\n", 2) < 0)
			set_bad(b);
	} else {
		set_bad(b);
	}
}

static bool trailer_field_allowed(const struct http_head *h, const struct http_field *f)
{
	static const char *const refused[] = {
		"authorization", "cache-control", "content-encoding", "content-range",
		"content-type", "cookie", "expect", "host", "max-forwards", "set-cookie",
		"trailer", "www-authenticate",
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(refused); i++) {
		if (txt_equal_nocase(f->name, refused[i]))
			return false;
	}
	return !http_field_is_hop(h, f);
}

/* The trailer section is complete: check it and write the last chunk. */
static int write_trailer(struct http_body *b, struct buf *out)
{
	struct http_head h;
	size_t i;
	int err;

	err = http_head_parse(&h, HTTP_KIND_TRAILER, buf_data(&b->trailer), buf_len(&b->trailer));
	if (err < 0 || b->decode)
		return err;
	err = buf_append(out, "0\r\n", 3);
	for (i = 0; i < h.count && err == 0; i++) {
		const struct http_field *f = &h.fields[i];

		if (trailer_field_allowed(&h, f))
			err = http_field_write(out, f);
	}
	return err < 0 ? err : buf_append(out, "\r\n", 2);
}

static size_t trailer_input(struct http_body *b, const uint8_t *p, size_t len, struct buf *out)
{
	enum http_scan_verdict verdict;
	size_t used = 0;

	verdict = http_scan_input(&b->scan, p, len, &used);
	if (verdict != HTTP_SCAN_MORE && verdict != HTTP_SCAN_END) {
		set_bad(b);
		return 0;
	}
	if (buf_append(&b->trailer, p, used) < 0) {
		set_bad(b);
		return 0;
	}
	if (verdict == HTTP_SCAN_END) {
		if (write_trailer(b, out) < 0)
			set_bad(b);
		else
			b->state = HTTP_BODY_ST_DONE;
		buf_clear(&b->trailer);
	}
	return used;
}

static size_t data_input(struct http_body *b, const uint8_t *p, size_t len, struct buf *out,
			 size_t soft_max)
{
	size_t n = soft_max - buf_len(out);

	if (n > len)
		n = len;
	if (n > b->left)
		n = (size_t)b->left;
	if (buf_append(out, p, n) < 0) {
		set_bad(b);
		return 0;
	}
	http_body_passed(b, n);
	return n;
}

size_t http_body_input(struct http_body *b, const uint8_t *p, size_t len, struct buf *out,
		       size_t soft_max)
{
	size_t used = 0;

	while (used < len && buf_len(out) < soft_max) {
		switch (b->state) {
		case HTTP_BODY_ST_DATA:
			used += data_input(b, p + used, len - used, out, soft_max);
			break;
		case HTTP_BODY_ST_SIZE:
			size_line_char(b, p[used++], out);
			break;
		case HTTP_BODY_ST_DATA_END:
			data_end_char(b, p[used++], out);
			break;
		case HTTP_BODY_ST_TRAILER:
			used += trailer_input(b, p + used, len - used, out);
			break;
		case HTTP_BODY_ST_DONE:
		case HTTP_BODY_ST_BAD:
			return used;
		}
	}
	return used;
}

uint64_t http_body_passthrough(const struct http_body *b)
{
	return b->state == HTTP_BODY_ST_DATA ? b->left : 0;
}

void http_body_passed(struct http_body *b, uint64_t n)
{
	assert(b->state == HTTP_BODY_ST_DATA && n <= b->left);
	if (b->framing == HTTP_BODY_TO_END)
		return;
	b->left -= n;
	if (b->left > 0)
		return;
	b->state = b->framing == HTTP_BODY_CHUNKED ? HTTP_BODY_ST_DATA_END : HTTP_BODY_ST_DONE;
}

bool http_body_end(struct http_body *b)
{
	if (b->framing == HTTP_BODY_TO_END)
		b->state = HTTP_BODY_ST_DONE;
	return http_body_done(b);
}
