/*
 * Theory of operation
 *
 * What both front ends need to know about a client's wish: the destination as a value that was
 * checked once, and whether the client may ask.
 *
 * A host text becomes an address when it is a literal, else a name. Names hold letters, digits,
 * hyphens and underscores in labels of at most 63 characters (RFC 1035 section 2.3.4; underscores
 * occur in practice). A name whose last label is a number is refused: no such top-level domain can
 * exist (RFC 3696 section 2), while resolvers of the inet_aton family would read "127.1" or
 * "0x7f000001" as an address and so step around rules for literals. IPv4-mapped IPv6 literals
 * become the IPv4 address that they mean, for the same reason.
 */
#include "proxy/proxy.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/txt.h"
#include "crypto/keys.h"

#define NAME_LEN_MAX 253	/* RFC 1035 section 2.3.4: 255 on the wire, without the final dot */
#define LABEL_LEN_MAX 63

/* A credential as a block of fixed size, so that comparing takes the same time for all. */
struct credential {
	uint8_t len;
	uint8_t too_long;
	uint8_t text[PROXY_CREDENTIAL_MAX];
};

static void credential_set(struct credential *c, const void *p, size_t len)
{
	memset(c, 0, sizeof(*c));
	c->too_long = len > sizeof(c->text);
	if (c->too_long)
		len = sizeof(c->text);
	c->len = (uint8_t)len;
	if (len)
		memcpy(c->text, p, len);
}

bool proxy_auth_check(const struct proxy_auth *auth, const void *username, size_t username_len,
		      const void *password, size_t password_len)
{
	struct credential want[2], got[2];
	bool equal;

	credential_set(&want[0], auth->username, strlen(auth->username));
	credential_set(&want[1], auth->password, strlen(auth->password));
	credential_set(&got[0], username, username_len);
	credential_set(&got[1], password, password_len);
	equal = crypto_equal(want, got, sizeof(want));
	crypto_wipe(want, sizeof(want));
	crypto_wipe(got, sizeof(got));
	return equal;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_label_char(char c)
{
	int lower = txt_lower((unsigned char)c);

	return is_digit(c) || (lower >= 'a' && lower <= 'z') || c == '-' || c == '_';
}

/* All digits, or "0x" and hex digits: what inet_aton takes for a number. */
static bool label_is_number(struct txt label)
{
	if (txt_word_nocase(&label, "0x")) {
		txt_span(&label, "0123456789abcdefABCDEF");
		return txt_end(&label);
	}
	txt_span(&label, "0123456789");
	return txt_end(&label);
}

static bool name_valid(struct txt name)
{
	struct txt label;
	size_t i;
	bool last;

	if (name.left > 0 && name.p[name.left - 1] == '.')
		name.left--;
	if (name.left == 0 || name.left > NAME_LEN_MAX)
		return false;
	do {
		last = !txt_until(&name, '.', &label);
		if (last)
			label = name;
		if (label.left == 0 || label.left > LABEL_LEN_MAX)
			return false;
		for (i = 0; i < label.left; i++) {
			if (!is_label_char(label.p[i]))
				return false;
		}
	} while (!last);
	return !label_is_number(label);
}

int proxy_target_set_host(struct proxy_target *t, const char *host, size_t len)
{
	struct addr addr;

	if (addr_parse(&addr, host, len) == 0) {
		t->addr = addr_unmap(&addr);
		t->name[0] = '\0';
		return 0;
	}
	if (!name_valid(txt_init(host, len)))
		return ERR_SYNTAX;
	memset(&t->addr, 0, sizeof(t->addr));
	if (!txt_copy(txt_init(host, len), t->name, sizeof(t->name)))
		return ERR_SYNTAX;
	return 0;
}

const char *proxy_target_format(const struct proxy_target *t,
				char out[static PROXY_TARGET_TEXT_MAX])
{
	char addr[ADDR_TEXT_MAX];

	switch (t->addr.family) {
	case ADDR_NONE:
		snprintf(out, PROXY_TARGET_TEXT_MAX, "%s:%u", t->name, t->port);
		break;
	case ADDR_V6:
		addr_format(&t->addr, addr);
		snprintf(out, PROXY_TARGET_TEXT_MAX, "[%s]:%u", addr, t->port);
		break;
	default:
		addr_format(&t->addr, addr);
		snprintf(out, PROXY_TARGET_TEXT_MAX, "%s:%u", addr, t->port);
	}
	return out;
}
