/* Which framing the fields of a head announce (RFC 9112 section 6.3). */
#ifndef CULVERT_HTTP_FRAMING_H
#define CULVERT_HTTP_FRAMING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "http/body.h"
#include "http/head.h"

struct http_framing_fields {
	bool has_length;
	bool chunked;
	uint64_t length;
	const char *why;	/* after an error: what is wrong, for people; static */
};

/*
 * Reads Content-Length and Transfer-Encoding. `repeat` accepts the same length told several times
 * (for responses; a request that does so is refused). `minor` is the version of the message. 0;
 * ERR_SYNTAX for what is malformed or ambiguous; ERR_UNSUPPORTED for a coding other than chunked.
 */
CULVERT_MUST_USE int http_framing_parse(struct http_framing_fields *out, const struct http_head *h,
					unsigned minor, bool repeat);

#endif
