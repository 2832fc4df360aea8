/*
 * Theory of operation
 *
 * Keys pass through these codecs, so no branch and no table index depends on a character: each
 * range of the alphabet is computed and masked in or out. Errors are collected in a mask and
 * tested once at the end; lengths are public.
 */
#include "base/enc.h"

#include <string.h>

#include "base/err.h"

/* All ones when lo <= v <= hi, else 0. All arguments are below 2^31. */
static uint32_t within(uint32_t v, uint32_t lo, uint32_t hi)
{
	return (((v - lo) | (hi - v)) >> 31) - 1;
}

static char base64_char(uint32_t v)
{
	return (char)((within(v, 0, 25) & (v + 'A')) | (within(v, 26, 51) & (v - 26 + 'a')) |
		      (within(v, 52, 61) & (v - 52 + '0')) | (within(v, 62, 62) & '+') |
		      (within(v, 63, 63) & '/'));
}

/* The value of one character; sets `bad` when it has none. */
static uint32_t base64_value(char ch, uint32_t *bad)
{
	uint32_t c = (unsigned char)ch;
	uint32_t upper = within(c, 'A', 'Z'), lower = within(c, 'a', 'z');
	uint32_t digit = within(c, '0', '9'), plus = within(c, '+', '+');
	uint32_t slash = within(c, '/', '/');

	*bad |= ~(upper | lower | digit | plus | slash);
	return (upper & (c - 'A')) | (lower & (c - 'a' + 26)) | (digit & (c - '0' + 52)) |
	       (plus & 62) | (slash & 63);
}

void enc_base64(char *out, const uint8_t *in, size_t len)
{
	for (; len >= 3; len -= 3, in += 3) {
		*out++ = base64_char(in[0] >> 2);
		*out++ = base64_char((in[0] & 3u) << 4 | in[1] >> 4);
		*out++ = base64_char((in[1] & 15u) << 2 | in[2] >> 6);
		*out++ = base64_char(in[2] & 63);
	}
	if (len) {
		uint32_t second = len == 2 ? in[1] : 0;

		*out++ = base64_char(in[0] >> 2);
		*out++ = base64_char((in[0] & 3u) << 4 | second >> 4);
		*out++ = len == 2 ? base64_char((second & 15) << 2) : '=';
		*out++ = '=';
	}
	*out = '\0';
}

int dec_base64(uint8_t *out, size_t out_len, const char *in, size_t len)
{
	size_t left = out_len;
	uint8_t *p = out;
	uint32_t bad = 0;

	if (out_len > SIZE_MAX / 2 || len != ENC_BASE64_LEN(out_len))
		return ERR_SYNTAX;
	for (; left >= 3; left -= 3, in += 4, p += 3) {
		uint32_t v = base64_value(in[0], &bad) << 18 | base64_value(in[1], &bad) << 12 |
			     base64_value(in[2], &bad) << 6 | base64_value(in[3], &bad);

		p[0] = (uint8_t)(v >> 16);
		p[1] = (uint8_t)(v >> 8);
		p[2] = (uint8_t)v;
	}
	if (left) {
		uint32_t v = base64_value(in[0], &bad) << 18 | base64_value(in[1], &bad) << 12;

		if (left == 2)
			v |= base64_value(in[2], &bad) << 6;
		else
			bad |= ~within((unsigned char)in[2], '=', '=');
		bad |= ~within((unsigned char)in[3], '=', '=');
		/* Canonical: the bits that carry nothing are zero (RFC 4648 section 3.5). */
		bad |= left == 2 ? v & 0xff : v & 0xffff;
		p[0] = (uint8_t)(v >> 16);
		if (left == 2)
			p[1] = (uint8_t)(v >> 8);
	}
	if (!bad)
		return 0;
	if (out_len)
		memset(out, 0, out_len);
	return ERR_SYNTAX;
}

static char hex_char(uint32_t v)
{
	return (char)((within(v, 0, 9) & (v + '0')) | (within(v, 10, 15) & (v - 10 + 'a')));
}

static uint32_t hex_value(char ch, uint32_t *bad)
{
	uint32_t c = (unsigned char)ch;
	uint32_t digit = within(c, '0', '9'), lower = within(c, 'a', 'f');
	uint32_t upper = within(c, 'A', 'F');

	*bad |= ~(digit | lower | upper);
	return (digit & (c - '0')) | (lower & (c - 'a' + 10)) | (upper & (c - 'A' + 10));
}

void enc_hex(char *out, const uint8_t *in, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		*out++ = hex_char(in[i] >> 4);
		*out++ = hex_char(in[i] & 15);
	}
	*out = '\0';
}

int dec_hex(uint8_t *out, size_t out_len, const char *in, size_t len)
{
	uint32_t bad = 0;

	if (out_len > SIZE_MAX / 2 || len != 2 * out_len)
		return ERR_SYNTAX;
	for (size_t i = 0; i < out_len; i++) {
		uint32_t high = hex_value(in[2 * i], &bad);

		out[i] = (uint8_t)(high << 4 | hex_value(in[2 * i + 1], &bad));
	}
	if (!bad)
		return 0;
	if (out_len)
		memset(out, 0, out_len);
	return ERR_SYNTAX;
}
