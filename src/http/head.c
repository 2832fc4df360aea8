/*
 * Theory of operation
 *
 * A head arrives in pieces. The scanner sees each character once and knows when the empty line has
 * passed, so that the owner can collect exactly the head and leave the rest where it is. It refuses
 * at once what no head may contain: NUL and other controls, a CR that no LF follows, an LF without
 * CR in a request or beside lines that have one, a start line or a head that is too long. A TLS
 * greeting on a plain port fails on its first byte.
 *
 * The parser then splits the collected head. It refuses a blank before the colon and folded lines
 * (RFC 9112 sections 5.1 and 5.2), field names that are not tokens and empty names.
 *
 * Empty lines before a request line are ignored (RFC 9112 section 2.2) and count as part of the
 * head.
 */
#include "http/head.h"

#include <string.h>

#include "base/err.h"

void http_scan_init(struct http_scan *s, enum http_head_kind kind, size_t line_max, size_t max)
{
	memset(s, 0, sizeof(*s));
	s->kind = kind;
	s->line_max = line_max;
	s->max = max;
	s->in_first_line = kind != HTTP_KIND_TRAILER;
	s->line_empty = true;
}

/* Characters that may stand in a line besides its end. */
static bool scan_char_valid(const struct http_scan *s, uint8_t c)
{
	if (c == 0x7f || (c < 0x20 && c != '\t'))
		return false;
	if (s->in_first_line && s->kind == HTTP_KIND_REQUEST)
		return c >= 0x20 && c < 0x7f;
	return true;
}

/*
 * Whether an LF may end the line here. "X: a<LF>Set-Cookie: b" between lines that end with CRLF is
 * one field to some readers: written anew it would become two.
 */
static bool scan_lf_valid(struct http_scan *s)
{
	s->crlf |= s->cr;
	s->lf |= !s->cr;
	return !s->lf || (s->kind == HTTP_KIND_RESPONSE && !s->crlf);
}

/* A line has ended; whether it was the empty one that ends the head. */
static bool scan_line_end(struct http_scan *s)
{
	bool empty = s->line_empty;

	s->cr = false;
	s->line_empty = true;
	if (!s->in_first_line)
		return empty;
	if (!empty)
		s->in_first_line = false;
	return false;
}

enum http_scan_verdict http_scan_input(struct http_scan *s, const uint8_t *p, size_t len,
				       size_t *used)
{
	size_t i;

	for (i = 0; i < len; i++) {
		uint8_t c = p[i];

		if (s->len >= s->max)
			return HTTP_SCAN_LONG;
		s->len++;
		if (s->in_first_line && s->len > s->line_max)
			return HTTP_SCAN_LINE_LONG;
		if (c == '\n' && scan_lf_valid(s)) {
			if (!scan_line_end(s))
				continue;
			*used = i + 1;
			return HTTP_SCAN_END;
		}
		if (s->cr || (c != '\r' && !scan_char_valid(s, c)))
			return HTTP_SCAN_BAD;
		if (c == '\r')
			s->cr = true;
		else
			s->line_empty = false;
	}
	*used = len;
	return HTTP_SCAN_MORE;
}

static bool is_token_char(uint8_t c)
{
	if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
		return true;
	return c && strchr("!#$%&'*+-.^_`|~", c);
}

bool http_is_token(struct txt text)
{
	size_t i;

	for (i = 0; i < text.left; i++) {
		if (!is_token_char((uint8_t)text.p[i]))
			return false;
	}
	return text.left > 0;
}

/* Characters of a field value: RFC 9110 section 5.5, with obs-text. */
static bool value_valid(struct txt value)
{
	size_t i;

	for (i = 0; i < value.left; i++) {
		uint8_t c = (uint8_t)value.p[i];

		if (c == 0x7f || (c < 0x20 && c != '\t'))
			return false;
	}
	return true;
}

/* Removes a line and its end. */
static bool next_line(struct txt *t, struct txt *line)
{
	if (!txt_until(t, '\n', line))
		return false;
	if (line->left > 0 && line->p[line->left - 1] == '\r')
		line->left--;
	return true;
}

int http_head_parse(struct http_head *out, enum http_head_kind kind, const uint8_t *p, size_t len)
{
	struct txt t = txt_init((const char *)p, len), line;

	out->count = 0;
	out->start = txt_init((const char *)p, 0);
	while (kind != HTTP_KIND_TRAILER && out->start.left == 0) {
		if (!next_line(&t, &out->start))
			return ERR_SYNTAX;
	}
	for (;;) {
		struct http_field *f = &out->fields[out->count];

		if (!next_line(&t, &line))
			return ERR_SYNTAX;
		if (line.left == 0)
			return txt_end(&t) ? 0 : ERR_SYNTAX;
		if (out->count == HTTP_FIELDS_MAX)
			return ERR_LIMIT;
		if (!txt_until(&line, ':', &f->name) || !http_is_token(f->name))
			return ERR_SYNTAX;
		f->value = txt_trim(line);
		if (!value_valid(f->value))
			return ERR_SYNTAX;
		out->count++;
	}
}

const struct http_field *http_head_find(const struct http_head *h, const char *name, bool *several)
{
	const struct http_field *found = NULL;
	size_t i;

	*several = false;
	for (i = 0; i < h->count; i++) {
		if (!txt_equal_nocase(h->fields[i].name, name))
			continue;
		if (found)
			*several = true;
		else
			found = &h->fields[i];
	}
	return found;
}

bool http_list_next(struct txt *list, struct txt *element)
{
	while (!txt_end(list)) {
		if (!txt_until(list, ',', element)) {
			*element = *list;
			list->p += list->left;
			list->left = 0;
		}
		*element = txt_trim(*element);
		if (element->left > 0)
			return true;
	}
	return false;
}

bool http_list_has_empty(struct txt list)
{
	struct txt element;

	while (txt_until(&list, ',', &element)) {
		if (txt_trim(element).left == 0)
			return true;
	}
	return txt_trim(list).left == 0;
}

bool http_head_lists(const struct http_head *h, const char *name, const char *element)
{
	struct txt list, e;
	size_t i;

	for (i = 0; i < h->count; i++) {
		if (!txt_equal_nocase(h->fields[i].name, name))
			continue;
		list = h->fields[i].value;
		while (http_list_next(&list, &e)) {
			if (txt_equal_nocase(e, element))
				return true;
		}
	}
	return false;
}

static bool names_equal_nocase(struct txt a, struct txt b)
{
	size_t i;

	if (a.left != b.left)
		return false;
	for (i = 0; i < a.left; i++) {
		if (txt_lower((unsigned char)a.p[i]) != txt_lower((unsigned char)b.p[i]))
			return false;
	}
	return true;
}

/* Whether a Connection field nominates that name (RFC 9110 section 7.6.1). */
static bool is_nominated(const struct http_head *h, struct txt name)
{
	struct txt list, e;
	size_t i;

	for (i = 0; i < h->count; i++) {
		if (!txt_equal_nocase(h->fields[i].name, "connection"))
			continue;
		list = h->fields[i].value;
		while (http_list_next(&list, &e)) {
			if (names_equal_nocase(e, name))
				return true;
		}
	}
	return false;
}

bool http_field_is_hop(const struct http_head *h, const struct http_field *f)
{
	static const char *const hop[] = {
		"connection", "content-length", "keep-alive", "proxy-authenticate",
		"proxy-authentication-info", "proxy-authorization", "proxy-connection", "te",
		"transfer-encoding", "upgrade",
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(hop); i++) {
		if (txt_equal_nocase(f->name, hop[i]))
			return true;
	}
	return is_nominated(h, f->name);
}

int http_field_write(struct buf *out, const struct http_field *f)
{
	int err = buf_append(out, f->name.p, f->name.left);

	if (err == 0)
		err = buf_append(out, ": ", 2);
	if (err == 0)
		err = buf_append(out, f->value.p, f->value.left);
	return err < 0 ? err : buf_append(out, "\r\n", 2);
}
