/*
 * Text encodings, in constant time with respect to the content (keys pass through here).
 */
#ifndef CULVERT_BASE_ENC_H
#define CULVERT_BASE_ENC_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

#define ENC_BASE64_LEN(n) (((n) + 2) / 3 * 4)

/* Writes ENC_BASE64_LEN(len) characters and a NUL (RFC 4648 section 4, padded). */
void enc_base64(char *out, const uint8_t *in, size_t len);
/* Exactly `out_len` bytes from canonical padded base64 of `len` characters. 0 or ERR_SYNTAX. */
CULVERT_MUST_USE int dec_base64(uint8_t *out, size_t out_len, const char *in, size_t len);
/* Writes 2 * len lower-case digits and a NUL. */
void enc_hex(char *out, const uint8_t *in, size_t len);
/* Exactly `out_len` bytes from 2 * out_len hex digits of either case. 0 or ERR_SYNTAX. */
CULVERT_MUST_USE int dec_hex(uint8_t *out, size_t out_len, const char *in, size_t len);

#endif
