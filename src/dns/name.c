/*
 * Theory of operation
 *
 * A name is kept as the bytes that go on the wire, lower-case, so that comparing, hashing and
 * sending need no conversion. Reading from a message follows compression pointers: the bytes that
 * a pointer leads to must end before the place it was met, so each jump leaves a shorter stretch
 * of the message to read from. That ends every chain, and loses nothing, since a sender can only
 * point to a name that it has written before. But it ends late: pointers to pointers fill all the
 * 16 kB that they reach, and a stream's answer can walk them for each of its names. So they are
 * counted, too.
 */
#include "dns/name.h"

#include <string.h>

#include "base/err.h"
#include "base/txt.h"

#define POINTER_BITS 0xc0	/* RFC 1035 section 4.1.4 */
/* One behind each label, at most: a name of 255 bytes has no more labels. */
#define POINTERS_MAX 127

static uint8_t lower(uint8_t c)
{
	return (uint8_t)txt_lower(c);
}

static bool is_letter(uint8_t c)
{
	c = lower(c);
	return c >= 'a' && c <= 'z';
}

static bool is_host_char(uint8_t c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* Appends one label; false when the name would be too long. */
static bool name_append(struct dns_name *n, const uint8_t *label, size_t len)
{
	if (len > DNS_LABEL_MAX || len + 1 > (size_t)(DNS_NAME_MAX - n->len))
		return false;
	n->wire[n->len++] = (uint8_t)len;
	for (size_t i = 0; i < len; i++)
		n->wire[n->len++] = lower(label[i]);
	return true;
}

int dns_name_parse(struct dns_name *out, const char *text, size_t len, bool *absolute)
{
	struct txt t = txt_init(text, len), label;
	struct dns_name n = {.len = 0};

	*absolute = len > 1 && text[len - 1] == '.';
	if (*absolute)
		t.left--;
	do {
		if (!txt_until(&t, '.', &label)) {
			label = t;
			t.left = 0;
		} else if (!t.left) {
			return ERR_SYNTAX;
		}
		for (size_t i = 0; i < label.left; i++) {
			if (!is_host_char((uint8_t)label.p[i]))
				return ERR_SYNTAX;
		}
		if (!label.left || !name_append(&n, (const uint8_t *)label.p, label.left))
			return ERR_SYNTAX;
	} while (t.left);
	if (!name_append(&n, NULL, 0))
		return ERR_SYNTAX;
	*out = n;
	return 0;
}

int dns_name_join(struct dns_name *out, const struct dns_name *head, const struct dns_name *tail)
{
	size_t labels = head->len - 1u;

	if (tail->len > DNS_NAME_MAX - labels)
		return ERR_LIMIT;
	memcpy(out->wire, head->wire, labels);
	memcpy(out->wire + labels, tail->wire, tail->len);
	out->len = (uint8_t)(labels + tail->len);
	return 0;
}

int dns_name_read(struct dns_name *out, const uint8_t *msg, struct rd *r)
{
	size_t start = (size_t)(r->p - msg);
	struct dns_name n = {.len = 0};
	struct rd at = *r, behind = at;
	unsigned jumps = 0;
	size_t len;

	do {
		const uint8_t *label;

		len = rd_u8(&at);
		if ((len & POINTER_BITS) == POINTER_BITS) {
			size_t target = (len & ~(size_t)POINTER_BITS) << 8;

			target |= rd_u8(&at);
			if (!rd_ok(&at) || target >= start || jumps == POINTERS_MAX)
				return ERR_SYNTAX;
			if (!jumps)
				behind = at;
			jumps++;
			at = rd_init(msg + target, start - target);
			start = target;
			continue;
		}
		label = rd_bytes(&at, len);
		if (!label || !name_append(&n, label, len))
			return ERR_SYNTAX;
	} while (len);
	*r = jumps ? behind : at;
	*out = n;
	return 0;
}

bool dns_name_equal(const struct dns_name *a, const struct dns_name *b)
{
	return a->len == b->len && memcmp(a->wire, b->wire, a->len) == 0;
}

unsigned dns_name_labels(const struct dns_name *n)
{
	unsigned count = 0;

	for (size_t i = 0; n->wire[i]; i += n->wire[i] + 1u)
		count++;
	return count;
}

bool dns_name_is_localhost(const struct dns_name *n)
{
	static const uint8_t tail[] = "\x09localhost";	/* with the NUL as root label */

	for (size_t i = 0; n->wire[i]; i += n->wire[i] + 1u) {
		if (n->len - i == sizeof(tail))
			return memcmp(n->wire + i, tail, sizeof(tail)) == 0;
	}
	return false;
}

void dns_name_mix_case(struct dns_name *n, const struct rng *rng)
{
	uint8_t bits[(DNS_NAME_MAX + 7) / 8];

	rng_bytes(rng, bits, (n->len + 7u) / 8);
	/* A length byte is at most 63 and so never looks like a letter. */
	for (size_t i = 0; i < n->len; i++) {
		if (is_letter(n->wire[i]) && (bits[i / 8] >> i % 8 & 1))
			n->wire[i] ^= 0x20;
	}
}
