/*
 * Theory of operation
 *
 * The body's framing follows RFC 9112 section 6.3: none for 1xx, 204, 304 and answers to HEAD; else
 * chunked, else a length, else until the connection closes. Length together with a coding, lengths
 * that differ, and codings other than chunked are errors: the bytes that follow could be taken for
 * another response.
 *
 * Everything is written anew; hop-by-hop fields of the origin, its proxy authentication among
 * them, stay here. Upgrade passes with 101 and 426, where it is the answer (RFC 9110 section 7.8).
 */
#include "proxy/http_response.h"

#include <inttypes.h>
#include <string.h>

#include "base/err.h"
#include "http/framing.h"

static int parse_status_line(struct http_response *out, struct txt line)
{
	uint64_t minor, status;

	if (!txt_word(&line, "HTTP/1.") || !txt_u64(&line, 9, &minor) || !txt_char(&line, ' ') ||
	    !txt_u64(&line, 999, &status) || status < 100)
		return ERR_SYNTAX;
	if (!txt_end(&line) && !txt_char(&line, ' '))
		return ERR_SYNTAX;
	out->minor = minor > 0;
	out->status = (unsigned)status;
	out->reason = line;
	return 0;
}

static bool status_has_body(unsigned status)
{
	return status >= 200 && status != 204 && status != 304;
}

int http_response_parse(struct http_response *out, const struct http_head *h, bool to_head)
{
	struct http_framing_fields f;

	memset(out, 0, sizeof(*out));
	if (parse_status_line(out, h->start) < 0) {
		out->why = "the status line is malformed";
		return ERR_SYNTAX;
	}
	if (http_framing_parse(&f, h, out->minor, true) < 0) {
		out->why = f.why;
		return ERR_SYNTAX;
	}
	out->keep_alive = out->minor > 0 && !http_head_lists(h, "connection", "close");
	/* RFC 9110 section 8.6: 1xx and 204 have no length to tell. */
	out->has_length = f.has_length && out->status >= 200 && out->status != 204;
	out->length = f.length;
	if (to_head || !status_has_body(out->status))
		out->framing = HTTP_BODY_NONE;
	else if (f.chunked)
		out->framing = HTTP_BODY_CHUNKED;
	else if (f.has_length)
		out->framing = HTTP_BODY_LENGTH;
	else
		out->framing = HTTP_BODY_TO_END;
	return 0;
}

static int write_own(const struct http_response *r, const struct http_head *h,
		     unsigned client_minor, bool close, struct buf *out)
{
	bool upgrade = r->status == 101 || r->status == 426;
	size_t i;
	int err = 0;

	if (r->framing == HTTP_BODY_CHUNKED && client_minor > 0)
		err = buf_printf(out, "Transfer-Encoding: chunked\r\n");
	else if (r->has_length)
		err = buf_printf(out, "Content-Length: %" PRIu64 "\r\n", r->length);
	for (i = 0; upgrade && i < h->count && err == 0; i++) {
		if (txt_equal_nocase(h->fields[i].name, "upgrade"))
			err = http_field_write(out, &h->fields[i]);
	}
	if (err == 0 && (upgrade || close))
		err = buf_printf(out, "Connection: %s%s%s\r\n", upgrade ? "Upgrade" : "",
				 upgrade && close ? ", " : "", close ? "close" : "");
	if (err == 0)
		err = buf_printf(out, "Via: 1.%u culvert\r\n\r\n", r->minor);
	return err;
}

int http_response_write(const struct http_response *r, const struct http_head *h,
			unsigned client_minor, bool close, struct buf *out)
{
	size_t i;
	int err = buf_printf(out, "HTTP/1.1 %03u ", r->status);

	if (err == 0)
		err = buf_append(out, r->reason.p, r->reason.left);
	if (err == 0)
		err = buf_append(out, "\r\n", 2);
	for (i = 0; i < h->count && err == 0; i++) {
		if (!http_field_is_hop(h, &h->fields[i]))
			err = http_field_write(out, &h->fields[i]);
	}
	return err < 0 ? err : write_own(r, h, client_minor, close, out);
}
