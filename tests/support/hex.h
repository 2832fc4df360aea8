/* Hexadecimal text to bytes, for test vectors. */
#ifndef CULVERT_TESTS_HEX_H
#define CULVERT_TESTS_HEX_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/enc.h"

/* Decodes all of `text` into `out`, which must be large enough. Returns the number of bytes. */
static inline size_t hex_decode(uint8_t *out, size_t cap, const char *text)
{
	size_t len = strlen(text) / 2;
	int err;

	assert(len <= cap);
	err = dec_hex(out, len, text, strlen(text));
	assert(err == 0);
	(void)err;
	return len;
}

#endif
