#include "proxy/http_answer.h"

#include <string.h>

#include "base/enc.h"
#include "crypto/keys.h"

/* "username:password" with the longest of both. */
#define USERPASS_MAX (PROXY_CREDENTIAL_MAX + 1 + PROXY_CREDENTIAL_MAX)

unsigned http_status_of(enum cause cause)
{
	switch (cause) {
	case CAUSE_OK:
		return 200;
	case CAUSE_DENIED:
	case CAUSE_NO_ROUTE:
		return 403;
	case CAUSE_UNREACHABLE:
	case CAUSE_NAME_NOT_FOUND:
	case CAUSE_REFUSED:
	case CAUSE_RESET:
		return 502;
	case CAUSE_TIME_EXCEEDED:
	case CAUSE_NO_ANSWER:
		return 504;
	case CAUSE_TUNNEL_DOWN:
	case CAUSE_EXHAUSTED:
		return 503;
	case CAUSE_COMMAND:
	case CAUSE_ADDRESS_TYPE:
		return 501;
	case CAUSE_COUNT:
		break;
	}
	return 500;
}

const char *http_status_phrase(unsigned status)
{
	static const struct {
		unsigned status;
		const char *phrase;
	} phrases[] = {
		{200, "OK"},
		{400, "Bad Request"},
		{403, "Forbidden"},
		{407, "Proxy Authentication Required"},
		{408, "Request Timeout"},
		{414, "URI Too Long"},
		{417, "Expectation Failed"},
		{431, "Request Header Fields Too Large"},
		{501, "Not Implemented"},
		{502, "Bad Gateway"},
		{503, "Service Unavailable"},
		{504, "Gateway Timeout"},
		{505, "HTTP Version Not Supported"},
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(phrases); i++) {
		if (phrases[i].status == status)
			return phrases[i].phrase;
	}
	return "Internal Server Error";
}

int http_answer_write(struct buf *out, unsigned status, const char *text, bool close, bool to_head)
{
	return buf_printf(out,
			  "HTTP/1.1 %u %s\r\n"
			  "Content-Type: text/plain; charset=utf-8\r\n"
			  "Content-Length: %zu\r\n"
			  "%s%s\r\n%s%s",
			  status, http_status_phrase(status), strlen(text) + 1,
			  status == 407 ? "Proxy-Authenticate: Basic realm=\"culvert\"\r\n" : "",
			  close ? "Connection: close\r\n" : "", to_head ? "" : text,
			  to_head ? "" : "\n");
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
