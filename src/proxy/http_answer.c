#include "proxy/http_answer.h"

#include <stdio.h>
#include <string.h>

#include "base/enc.h"
#include "crypto/keys.h"

/* "username:password" with the longest of both. */
#define USERPASS_MAX (PROXY_CREDENTIAL_MAX + 1 + PROXY_CREDENTIAL_MAX)

/*
 * RFC 9209 section 2.3 names the error types. A phrase is all that most clients show of a refused
 * CONNECT, so it says what went wrong; texts that come from outside are never part of it.
 */
static const struct http_reason causes[CAUSE_COUNT] = {
	[CAUSE_OK] = {.status = 200, .phrase = "OK"},
	[CAUSE_DENIED] = {403, "Address not allowed", "destination_ip_prohibited", false},
	[CAUSE_PROHIBITED] = {403, "Prohibited by a router or firewall",
			      "destination_ip_prohibited", false},
	[CAUSE_NO_ROUTE] = {403, "Not in any peer's AllowedIPs", "destination_ip_unroutable", false},
	[CAUSE_NO_FAMILY] = {403, "Tunnel has no address of this family",
			     "destination_ip_unroutable", false},
	[CAUSE_UNREACHABLE] = {502, "Network or host unreachable", "destination_ip_unroutable",
			       false},
	[CAUSE_NAME_NOT_FOUND] = {502, "Name not found", "dns_error", false},
	[CAUSE_NAME_FAILED] = {502, "No usable answer from a name server", "dns_error", false},
	[CAUSE_NAME_NO_ANSWER] = {504, "No name server answered", "dns_timeout", false},
	[CAUSE_REFUSED] = {502, "Connection refused", "connection_refused", false},
	[CAUSE_TIME_EXCEEDED] = {504, "Time exceeded on the way", "destination_unavailable", false},
	[CAUSE_NO_ANSWER] = {504, "No answer in", "connection_timeout", true},
	[CAUSE_TUNNEL_DOWN] = {503, "Tunnel not up", "destination_unavailable", false},
	[CAUSE_EXHAUSTED] = {503, "Out of descriptors or memory", "proxy_internal_error", false},
	[CAUSE_LIMIT] = {503, "All places for connections are taken", "connection_limit_reached",
			 false},
	[CAUSE_RESET] = {502, "Connection reset by the far side", "connection_terminated", false},
	[CAUSE_COMMAND] = {501, "Command not supported", "http_request_denied", false},
	[CAUSE_ADDRESS_TYPE] = {501, "Address type not supported", "http_request_denied", false},
};

static const struct http_reason faults[HTTP_FAULT_COUNT] = {
	[HTTP_FAULT_CLOSED] = {502, "Origin closed the connection", "connection_terminated", false},
	[HTTP_FAULT_MALFORMED] = {502, "Malformed answer from the origin", "http_protocol_error",
				  false},
	[HTTP_FAULT_LONG] = {502, "Head of the origin's answer is too long",
			     "http_response_header_section_size", false},
	[HTTP_FAULT_UPGRADE] = {502, "Origin changes the protocol unasked", "http_upgrade_failed",
				false},
	[HTTP_FAULT_LOGIN] = {502, "Origin asks for proxy login", "http_protocol_error", false},
};

/* RFC 9209 2.3 has no type for a missing password, and none is due for what is no failure. */
static const struct http_reason statuses[] = {
	{200, "OK", NULL, false},
	{400, "Bad Request", "http_request_error", false},
	{407, "Proxy Authentication Required", NULL, false},
	{408, "Request Timeout", "http_request_error", false},
	{414, "URI Too Long", "http_request_error", false},
	{417, "Expectation Failed", "http_request_error", false},
	{431, "Request Header Fields Too Large", "http_request_error", false},
	{501, "Not Implemented", "http_request_denied", false},
	{503, "Service Unavailable", "proxy_internal_error", false},
	{505, "HTTP Version Not Supported", "http_request_error", false},
};

static const struct http_reason internal = {500, "Internal Server Error", "proxy_internal_error",
					    false};

const struct http_reason *http_reason_of_cause(enum cause cause)
{
	return (unsigned)cause < CAUSE_COUNT ? &causes[cause] : &internal;
}

const struct http_reason *http_reason_of_fault(enum http_fault fault)
{
	return &faults[fault];
}

const struct http_reason *http_reason_of_status(unsigned status)
{
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		if (statuses[i].status == status)
			return &statuses[i];
	}
	return &internal;
}

void http_reason_phrase(const struct http_reason *r, unsigned waited_s,
			char out[static HTTP_PHRASE_MAX + 1])
{
	if (!r->timed)
		snprintf(out, HTTP_PHRASE_MAX + 1, "%s", r->phrase);
	else if (waited_s)
		snprintf(out, HTTP_PHRASE_MAX + 1, "%s %u s", r->phrase, waited_s);
	else
		snprintf(out, HTTP_PHRASE_MAX + 1, "%s time", r->phrase);
}

void http_details_quote(const char *text, char out[static HTTP_DETAILS_MAX + 1])
{
	size_t len = 0;

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		bool escape = c == '"' || c == '\\';

		if (c < 0x20 || c >= 0x7f)
			continue;
		/* An escape is never cut in two. */
		if (HTTP_DETAILS_MAX - len < (escape ? 2U : 1U))
			break;
		if (escape)
			out[len++] = '\\';
		out[len++] = (char)c;
	}
	out[len] = '\0';
}

/* RFC 9209 section 2, as a structured field (RFC 8941 sections 3.1.2 and 3.3.3). */
static int write_proxy_status(struct buf *out, const struct http_answer *a)
{
	char details[HTTP_DETAILS_MAX + 1];

	if (a->discreet || !a->reason->error)
		return 0;
	http_details_quote(a->text, details);
	return buf_printf(out, "Proxy-Status: culvert; error=%s; details=\"%s\"\r\n",
			  a->reason->error, details);
}

int http_answer_write(struct buf *out, const struct http_answer *a)
{
	char phrase[HTTP_PHRASE_MAX + 1];
	unsigned status = a->reason->status;
	int err;

	http_reason_phrase(a->reason, a->waited_s, phrase);
	err = buf_printf(out,
			 "HTTP/1.1 %u %s\r\n"
			 "Content-Type: text/plain; charset=utf-8\r\n"
			 "Content-Length: %zu\r\n"
			 "%s",
			 status, phrase, strlen(a->text) + 1,
			 status == 407 ? "Proxy-Authenticate: Basic realm=\"culvert\"\r\n" : "");
	if (err == 0)
		err = write_proxy_status(out, a);
	if (err == 0)
		err = buf_printf(out, "%s\r\n%s%s", a->close ? "Connection: close\r\n" : "",
				 a->to_head ? "" : a->text, a->to_head ? "" : "\n");
	return err;
}

/* The decoded length of padded base64, or 0 when it cannot be. */
static size_t base64_decoded_len(struct txt t)
{
	size_t len = t.left / 4 * 3;

	if (t.left == 0 || t.left % 4 != 0)
		return 0;
	if (t.p[t.left - 1] == '=')
		len--;
	if (t.p[t.left - 2] == '=')
		len--;
	return len;
}

static bool check_userpass(const struct proxy_auth *auth, struct txt encoded)
{
	uint8_t text[USERPASS_MAX];
	size_t len = base64_decoded_len(encoded), name_len;
	const uint8_t *colon;
	bool good = false;

	if (len == 0 || len > sizeof(text))
		return false;
	if (dec_base64(text, len, encoded.p, encoded.left) == 0) {
		colon = memchr(text, ':', len);
		if (colon) {
			name_len = (size_t)(colon - text);
			good = proxy_auth_check(auth, text, name_len, colon + 1,
						len - name_len - 1);
		}
	}
	crypto_wipe(text, sizeof(text));
	return good;
}

bool http_auth_check(const struct proxy_auth *auth, const struct http_head *h)
{
	const struct http_field *f;
	struct txt value;
	bool several;

	f = http_head_find(h, "proxy-authorization", &several);
	if (!f || several)
		return false;
	value = f->value;
	if (!txt_word_nocase(&value, "basic "))
		return false;
	return check_userpass(auth, txt_trim(value));
}

bool http_auth_is_given(const struct http_head *h)
{
	const struct http_field *f;
	struct txt value;
	bool several;

	f = http_head_find(h, "proxy-authorization", &several);
	if (!f)
		return false;
	value = f->value;
	/* Another scheme is none of ours, and no guess. */
	return several || txt_word_nocase(&value, "basic ");
}
