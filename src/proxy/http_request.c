/*
 * Theory of operation
 *
 * Reading: request line, framing, then the fields that steer us, then the target. The order
 * matters: a refusal that leaves the connection open needs trusted framing first.
 *
 * Targets (RFC 9112 section 3.2): authority-form for CONNECT, absolute-form with http for all
 * else. Origin-form and asterisk-form mean that the client takes us for an origin: 400 with a hint.
 * User information and fragments have no place in a target and are refused: what a client
 * means by them and what an origin makes of them may differ.
 *
 * Writing: method, path and fields are passed as they came, apart from hop-by-hop fields. Host,
 * framing, Connection and Via are ours. The Host that a client sends beside an absolute-form target
 * is checked and ignored (RFC 9112 section 3.2.2).
 *
 * Upgrade is passed for HTTP/1.1 requests without a body. Not for h2c: it is obsolete (RFC 9113
 * section 3.1) and its settings are hop-by-hop.
 */
#include "proxy/http_request.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "http/framing.h"

#define HTTP_PORT 80

static void refuse(struct http_refusal *r, unsigned status, bool fatal, const char *why)
{
	if (r->status == 0)
		*r = (struct http_refusal){status, fatal, why};
}

static void bad(struct http_refusal *r, const char *why)
{
	refuse(r, 400, true, why);
}

/* "HTTP/1.x"; other major versions are another protocol. */
static void parse_version(struct http_request *out, struct txt v, struct http_refusal *refusal)
{
	uint64_t major, minor;

	if (v.left != 8 || !txt_word(&v, "HTTP/") || !txt_u64(&v, 9, &major) ||
	    !txt_char(&v, '.') || !txt_u64(&v, 9, &minor))
		bad(refusal, "the request line has no HTTP version");
	else if (major != 1)
		refuse(refusal, 505, true, "only HTTP/1.1 and HTTP/1.0 are spoken here");
	else
		out->minor = minor > 0;
}

static void classify_method(struct http_request *out)
{
	static const char *const idempotent[] = {
		"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "PROPFIND",
	};
	size_t i;

	out->is_connect = txt_equal(out->method, "CONNECT");
	out->is_head = txt_equal(out->method, "HEAD");
	out->is_options = txt_equal(out->method, "OPTIONS");
	out->is_trace = txt_equal(out->method, "TRACE");
	out->limits_forwards = out->is_options || out->is_trace;
	for (i = 0; i < ARRAY_LEN(idempotent); i++)
		out->idempotent = out->idempotent || txt_equal(out->method, idempotent[i]);
}

static void parse_framing(struct http_request *out, const struct http_head *h,
			  struct http_refusal *refusal)
{
	struct http_framing_fields f;
	int err = http_framing_parse(&f, h, out->minor, false);

	if (err == ERR_UNSUPPORTED)
		refuse(refusal, 501, true, f.why);
	else if (err < 0)
		bad(refusal, f.why);
	if (f.chunked)
		out->framing = HTTP_BODY_CHUNKED;
	else if (f.has_length)
		out->framing = HTTP_BODY_LENGTH;
	out->length = f.length;
	if (out->is_connect && (f.chunked || f.length > 0))
		bad(refusal, "a CONNECT request has no body");
}

/*
 * host [ ":" port ] with brackets around IPv6. An absent or empty port is `default_port` (0: the
 * port is required).
 */
static int parse_authority(struct proxy_target *t, struct txt authority, uint16_t default_port)
{
	struct txt host, port = {0};
	bool literal = txt_char(&authority, '[');

	if (literal) {
		struct addr v6;

		if (!txt_until(&authority, ']', &host) ||
		    addr_parse(&v6, host.p, host.left) < 0 || v6.family != ADDR_V6)
			return ERR_SYNTAX;
		if (!txt_end(&authority) && !txt_char(&authority, ':'))
			return ERR_SYNTAX;
		port = authority;
	} else if (txt_until(&authority, ':', &host)) {
		port = authority;
	} else {
		host = authority;
	}
	t->port = default_port;
	if (port.left > 0 && port_parse(&t->port, port.p, port.left) < 0)
		return ERR_SYNTAX;
	if (t->port == 0)
		return ERR_SYNTAX;
	/* Outside brackets a colon ends the host, so an IPv6 literal cannot pass here. */
	return proxy_target_set_host(t, host.p, host.left);
}

/*
 * The Host field: just one, and empty or well-formed (RFC 9112 section 3.2). Not wanted of CONNECT,
 * which tells all that it could say: many clients leave it out there.
 */
static void check_host(const struct http_request *r, const struct http_head *h,
		       struct http_refusal *refusal)
{
	struct proxy_target ignored;
	const struct http_field *f;
	bool several;

	f = http_head_find(h, "host", &several);
	if (several)
		bad(refusal, "more than one Host");
	else if (!f && r->minor > 0 && !r->is_connect)
		bad(refusal, "Host is missing");
	else if (f && f->value.left > 0 && parse_authority(&ignored, f->value, HTTP_PORT) < 0)
		bad(refusal, "Host is malformed");
}

static void parse_expect(struct http_request *out, const struct http_head *h,
			 struct http_refusal *refusal)
{
	struct txt list, e;
	size_t i;

	for (i = 0; i < h->count; i++) {
		if (!txt_equal_nocase(h->fields[i].name, "expect"))
			continue;
		list = h->fields[i].value;
		while (http_list_next(&list, &e)) {
			if (txt_equal_nocase(e, "100-continue"))
				out->expect_continue = out->minor > 0;
			else
				refuse(refusal, 417, true, "unknown expectation in Expect");
		}
	}
}

static void parse_max_forwards(struct http_request *out, const struct http_head *h,
			       struct http_refusal *refusal)
{
	const struct http_field *f;
	struct txt value;
	bool several;

	if (!out->limits_forwards)
		return;
	f = http_head_find(h, "max-forwards", &several);
	out->limits_forwards = f != NULL;
	if (!f)
		return;
	value = f->value;
	if (several || !txt_u64(&value, UINT32_MAX, &out->max_forwards) || !txt_end(&value))
		bad(refusal, "Max-Forwards is not one number");
}

static void parse_connection(struct http_request *out, const struct http_head *h)
{
	out->keep_alive = out->minor > 0 && !http_head_lists(h, "connection", "close");
	out->te_trailers = out->minor > 0 && http_head_lists(h, "te", "trailers");
	out->upgrade = out->minor > 0 && !out->is_connect && out->length == 0 &&
		       out->framing != HTTP_BODY_CHUNKED &&
		       http_head_lists(h, "connection", "upgrade") &&
		       !http_head_lists(h, "upgrade", "h2c");
	if (out->upgrade) {
		bool several;

		out->upgrade = http_head_find(h, "upgrade", &several) != NULL;
	}
}

/* Removes "scheme://", if there is one. */
static bool take_scheme(struct txt *t, struct txt *scheme)
{
	struct txt probe = *t;

	if (!txt_until(&probe, ':', scheme) || !http_is_token(*scheme) || !txt_word(&probe, "//"))
		return false;
	*t = probe;
	return true;
}

/* absolute-form: http://host[:port][/path][?query] */
static void parse_absolute(struct http_request *out, struct txt target,
			   struct http_refusal *refusal)
{
	struct txt scheme, authority = {target.p, 0};

	if (!take_scheme(&target, &scheme)) {
		refuse(refusal, 400, false,
		       "this is a proxy: it takes http://host/path and CONNECT");
		return;
	}
	if (txt_equal_nocase(scheme, "https")) {
		refuse(refusal, 501, false, "https:// goes through a proxy by CONNECT host:443");
		return;
	}
	if (!txt_equal_nocase(scheme, "http")) {
		refuse(refusal, 501, false, "only http:// is proxied, everything else by CONNECT");
		return;
	}
	authority.p = target.p;
	while (target.left > 0 && !strchr("/?", *target.p)) {
		target.p++;
		target.left--;
		authority.left++;
	}
	out->path = target;
	if (authority.left > 0 && memchr(authority.p, '@', authority.left))
		bad(refusal, "user information in the target");
	else if (parse_authority(&out->target, authority, HTTP_PORT) < 0)
		bad(refusal, "the target's host or port is malformed");
}

static void parse_target(struct http_request *out, struct txt target, struct http_refusal *refusal)
{
	if (target.left > 0 && memchr(target.p, '#', target.left)) {
		bad(refusal, "a fragment in the target");
	} else if (!out->is_connect) {
		parse_absolute(out, target, refusal);
	} else if (parse_authority(&out->target, target, 0) < 0) {
		bad(refusal, "CONNECT takes host:port");
	}
}

void http_request_parse(struct http_request *out, const struct http_head *h,
			struct http_refusal *refusal)
{
	struct txt line = h->start, target;

	memset(out, 0, sizeof(*out));
	memset(refusal, 0, sizeof(*refusal));
	/* Three words with one space each: anything else could be read in two ways. */
	if (!txt_until(&line, ' ', &out->method) || !http_is_token(out->method) ||
	    !txt_until(&line, ' ', &target) || target.left == 0) {
		bad(refusal, "the request line is malformed");
		return;
	}
	parse_version(out, line, refusal);
	if (refusal->status)
		return;
	classify_method(out);
	parse_framing(out, h, refusal);
	check_host(out, h, refusal);
	parse_connection(out, h);
	parse_max_forwards(out, h, refusal);
	if (refusal->fatal)
		return;
	parse_target(out, target, refusal);
	parse_expect(out, h, refusal);
}

/* Host from the target; port 80 is implied. */
static int write_host(const struct http_request *r, struct buf *out)
{
	char text[PROXY_TARGET_TEXT_MAX];
	size_t len;

	proxy_target_format(&r->target, text);
	len = strlen(text);
	if (r->target.port == HTTP_PORT)
		len -= strlen(":80");
	return buf_printf(out, "Host: %.*s\r\n", (int)len, text);
}

static int write_start(const struct http_request *r, struct buf *out)
{
	int err = buf_append(out, r->method.p, r->method.left);

	if (err == 0)
		err = buf_append(out, " ", 1);
	/* RFC 9112 section 3.2.4: OPTIONS for the whole server; else an empty path is "/". */
	if (err == 0 && r->path.left == 0)
		err = buf_append(out, r->is_options ? "*" : "/", 1);
	else if (err == 0 && r->path.p[0] == '?')
		err = buf_append(out, "/", 1);
	if (err == 0)
		err = buf_append(out, r->path.p, r->path.left);
	if (err == 0)
		err = buf_append(out, " HTTP/1.1\r\n", 11);
	return err < 0 ? err : write_host(r, out);
}

/* Fields that this proxy writes itself. */
static int write_own(const struct http_request *r, const struct http_head *h, struct buf *out)
{
	size_t i;
	int err = 0;

	if (r->framing == HTTP_BODY_CHUNKED)
		err = buf_printf(out, "Transfer-Encoding: chunked\r\n");
	else if (r->framing == HTTP_BODY_LENGTH)
		err = buf_printf(out, "Content-Length: %" PRIu64 "\r\n", r->length);
	if (err == 0 && r->limits_forwards)
		err = buf_printf(out, "Max-Forwards: %" PRIu64 "\r\n", r->max_forwards - 1);
	if (err == 0 && r->te_trailers)
		err = buf_printf(out, "TE: trailers\r\n");
	for (i = 0; r->upgrade && i < h->count && err == 0; i++) {
		if (txt_equal_nocase(h->fields[i].name, "upgrade"))
			err = http_field_write(out, &h->fields[i]);
	}
	if (err == 0 && (r->upgrade || r->te_trailers))
		err = buf_printf(out, "Connection: %s%s%s\r\n", r->upgrade ? "Upgrade" : "",
				 r->upgrade && r->te_trailers ? ", " : "",
				 r->te_trailers ? "TE" : "");
	/* RFC 9110 section 7.6.3: the received version and a name for this proxy. */
	if (err == 0)
		err = buf_printf(out, "Via: 1.%u culvert\r\n\r\n", r->minor);
	return err;
}

/* Whether a field goes on to the origin as it came. */
static bool field_passes(const struct http_request *r, const struct http_head *h,
			 const struct http_field *f)
{
	if (txt_equal_nocase(f->name, "host") || http_field_is_hop(h, f))
		return false;
	if (r->limits_forwards && txt_equal_nocase(f->name, "max-forwards"))
		return false;
	/* The answer repeats them to whoever made the client ask (RFC 9110 section 9.3.8). */
	if (r->is_trace && (txt_equal_nocase(f->name, "authorization") ||
			    txt_equal_nocase(f->name, "cookie")))
		return false;
	/* An HTTP/1.0 client cannot wait for the answer (RFC 9110 section 10.1.1). */
	return r->minor > 0 || !txt_equal_nocase(f->name, "expect");
}

int http_request_write(const struct http_request *r, const struct http_head *h, struct buf *out)
{
	size_t i;
	int err = write_start(r, out);

	for (i = 0; i < h->count && err == 0; i++) {
		if (field_passes(r, h, &h->fields[i]))
			err = http_field_write(out, &h->fields[i]);
	}
	return err < 0 ? err : write_own(r, h, out);
}
