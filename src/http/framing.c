#include "http/framing.h"

#include <string.h>

#include "base/err.h"

#define LENGTH_MAX INT64_MAX	/* what every peer can represent */

static int fail(struct http_framing_fields *out, int err, const char *why)
{
	out->why = why;
	return err;
}

/*
 * RFC 9110 section 5.6.1.2 has a recipient skip empty elements; other readers take "5," for no
 * number and "chunked," for an unknown coding, so where framing hangs on it they are refused.
 */
static int fail_empty(struct http_framing_fields *out, struct txt value, const char *why_all,
		      const char *why_one)
{
	return fail(out, ERR_SYNTAX, txt_end(&value) ? why_all : why_one);
}

/* One Content-Length field. A list counts as repetition. */
static int add_length(struct http_framing_fields *out, struct txt value, bool repeat)
{
	struct txt element;
	uint64_t n;

	if (http_list_has_empty(value))
		return fail_empty(out, value, "Content-Length is empty",
				  "Content-Length is not a number");
	while (http_list_next(&value, &element)) {
		if (!txt_u64(&element, LENGTH_MAX, &n) || !txt_end(&element))
			return fail(out, ERR_SYNTAX, "Content-Length is not a number");
		if (out->has_length && (!repeat || n != out->length))
			return fail(out, ERR_SYNTAX, "more than one Content-Length");
		out->has_length = true;
		out->length = n;
	}
	return 0;
}

/* One Transfer-Encoding field: "chunked" once, and nothing else. */
static int add_coding(struct http_framing_fields *out, struct txt value)
{
	struct txt element;

	if (http_list_has_empty(value))
		return fail_empty(out, value, "Transfer-Encoding is empty",
				  "an element of Transfer-Encoding is empty");
	while (http_list_next(&value, &element)) {
		if (out->chunked)
			return fail(out, ERR_SYNTAX, "chunked is not the last transfer coding");
		if (!txt_equal_nocase(element, "chunked"))
			return fail(out, ERR_UNSUPPORTED,
				    "no transfer coding but chunked is supported");
		out->chunked = true;
	}
	return 0;
}

int http_framing_parse(struct http_framing_fields *out, const struct http_head *h, unsigned minor,
		       bool repeat)
{
	bool has_coding = false;
	int err, coding_err = 0;
	size_t i;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < h->count; i++) {
		const struct http_field *f = &h->fields[i];

		if (txt_equal_nocase(f->name, "content-length")) {
			err = add_length(out, f->value, repeat);
			if (err < 0)
				return err;
		} else if (txt_equal_nocase(f->name, "transfer-encoding")) {
			has_coding = true;
			if (coding_err == 0)
				coding_err = add_coding(out, f->value);
		}
	}
	/* What is ambiguous comes before what is merely unknown: the former ends the connection. */
	if (has_coding && out->has_length)
		return fail(out, ERR_SYNTAX, "both Content-Length and Transfer-Encoding");
	if (has_coding && minor == 0)
		return fail(out, ERR_SYNTAX, "Transfer-Encoding in HTTP/1.0");
	return coding_err;
}
