/*
 * The head of an HTTP/1 message, and the trailer section of a chunked body: finding its end byte by
 * byte, and splitting it into a start line and fields. Strict as RFC 9112 allows: what could be
 * read in two ways is an error.
 */
#ifndef CULVERT_HTTP_HEAD_H
#define CULVERT_HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "base/txt.h"

#define HTTP_FIELDS_MAX 256	/* browsers send about 20, busy origins about 60 */

enum http_head_kind {
	HTTP_KIND_REQUEST,
	HTTP_KIND_RESPONSE,
	HTTP_KIND_TRAILER,	/* no start line */
};

enum http_scan_verdict {
	HTTP_SCAN_MORE,		/* everything was taken, the end is still to come */
	HTTP_SCAN_END,		/* the empty line was taken */
	HTTP_SCAN_BAD,		/* a character or a line end that no head may hold */
	HTTP_SCAN_LINE_LONG,	/* the start line exceeds its maximum */
	HTTP_SCAN_LONG,		/* the whole exceeds its maximum */
};

/* Where a head ends. Embedded by its owner; only http_scan_* touch the fields. */
struct http_scan {
	enum http_head_kind kind;
	size_t len;		/* characters seen */
	size_t line_max, max;
	bool in_first_line;
	bool line_empty;
	bool cr;		/* the last character was CR */
	bool crlf, lf;		/* which line ends were seen: never both */
};

/*
 * `line_max` bounds the start line, `max` the whole. A response's lines may all end with LF alone
 * (RFC 9112 section 2.2). A head that mixes both ends is bad, and so is any LF alone in a request:
 * two readers could disagree about where a field begins.
 */
void http_scan_init(struct http_scan *s, enum http_head_kind kind, size_t line_max, size_t max);

/* Looks at `len` more characters; `used` is how many belong to the head when it ends. */
enum http_scan_verdict http_scan_input(struct http_scan *s, const uint8_t *p, size_t len,
				       size_t *used);

/* Whether any character was seen, empty lines before a start line apart. */
static inline bool http_scan_started(const struct http_scan *s)
{
	return !s->in_first_line || !s->line_empty;
}

struct http_field {
	struct txt name;
	struct txt value;	/* without blanks around it */
};

/* Pointers go into the bytes that were parsed. */
struct http_head {
	struct txt start;	/* the start line; empty for a trailer section */
	size_t count;
	struct http_field fields[HTTP_FIELDS_MAX];
};

/*
 * Splits a complete head, empty line included. 0; ERR_SYNTAX for a field that is malformed or
 * folded; ERR_LIMIT for more than HTTP_FIELDS_MAX fields.
 */
CULVERT_MUST_USE int http_head_parse(struct http_head *out, enum http_head_kind kind,
				     const uint8_t *p, size_t len);

/* The only field of that name; NULL when there is none. `*several` says that there are more. */
const struct http_field *http_head_find(const struct http_head *h, const char *name, bool *several);

/* Whether `text` is one token (RFC 9110 section 5.6.2). */
bool http_is_token(struct txt text);

/* Removes the next element of a comma-separated list; empty elements are skipped. */
bool http_list_next(struct txt *list, struct txt *element);

/* Whether an element is empty: nothing at all, or nothing before, between or behind commas. */
bool http_list_has_empty(struct txt list);

/* Whether a list field (all of its lines) has the element, without regard to case. */
bool http_head_lists(const struct http_head *h, const char *name, const char *element);

/*
 * Whether field `f` concerns one connection only and is never passed on: the list of RFC 9110
 * section 7.6.1, proxy authentication, and what the Connection field of `h` nominates. Framing
 * fields (Content-Length, Transfer-Encoding) are among them: whoever writes the message sets them.
 */
bool http_field_is_hop(const struct http_head *h, const struct http_field *f);

/* Appends "name: value" and a line end. 0, ERR_LIMIT or ERR_NOMEM. */
CULVERT_MUST_USE int http_field_write(struct buf *out, const struct http_field *f);

#endif
