/*
 * Theory of operation
 *
 * Addresses are values in network byte order. The parsers are strict where the C library is
 * lenient (no octal or short IPv4, RFC 6943 section 3.1.1) and see exactly `len` characters.
 * IPv6 text follows RFC 4291 section 2.2 when read and RFC 5952 when written. The predicates look
 * through IPv4-mapped IPv6 addresses, so a policy cannot be passed by in that disguise.
 */
#include "base/addr.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/txt.h"

#define V6_GROUPS 8

static const uint8_t mapped_head[12] = {[10] = 0xff, [11] = 0xff};

struct addr addr_v4(const uint8_t bytes[static 4])
{
	struct addr a = {.family = ADDR_V4};

	memcpy(a.bytes, bytes, 4);
	return a;
}

struct addr addr_v6(const uint8_t bytes[static 16])
{
	struct addr a = {.family = ADDR_V6};

	memcpy(a.bytes, bytes, 16);
	return a;
}

struct addr addr_path(uint32_t id)
{
	return (struct addr){ADDR_PATH, {(uint8_t)(id >> 24), (uint8_t)(id >> 16), (uint8_t)(id >> 8), (uint8_t)id}};
}

uint32_t addr_path_id(const struct addr *a)
{
	return (uint32_t)a->bytes[0] << 24 | (uint32_t)a->bytes[1] << 16 | (uint32_t)a->bytes[2] << 8 | a->bytes[3];
}

bool addr_equal(const struct addr *a, const struct addr *b)
{
	return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

bool endpoint_equal(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port && a->scope_id == b->scope_id && addr_equal(&a->addr, &b->addr);
}

struct addr addr_unmap(const struct addr *a)
{
	if (a->family == ADDR_V6 && memcmp(a->bytes, mapped_head, sizeof(mapped_head)) == 0)
		return addr_v4(a->bytes + sizeof(mapped_head));
	return *a;
}

bool addr_is_loopback(const struct addr *a)
{
	static const uint8_t one[16] = {[15] = 1};
	struct addr u = addr_unmap(a);

	if (u.family == ADDR_V4)
		return u.bytes[0] == 127;
	return u.family == ADDR_V6 && memcmp(u.bytes, one, sizeof(one)) == 0;
}

bool addr_is_multicast(const struct addr *a)
{
	static const uint8_t broadcast[4] = {255, 255, 255, 255};
	struct addr u = addr_unmap(a);

	if (u.family == ADDR_V4)
		return (u.bytes[0] & 0xf0) == 0xe0 ||
		       memcmp(u.bytes, broadcast, sizeof(broadcast)) == 0;
	return u.family == ADDR_V6 && u.bytes[0] == 0xff;
}

bool addr_is_unspecified(const struct addr *a)
{
	static const uint8_t zero[16];
	struct addr u = addr_unmap(a);

	if (u.family == ADDR_V4)
		return u.bytes[0] == 0;
	return u.family == ADDR_V6 && memcmp(u.bytes, zero, sizeof(zero)) == 0;
}

bool addr_is_link_local(const struct addr *a)
{
	struct addr u = addr_unmap(a);

	if (u.family == ADDR_V4)
		return u.bytes[0] == 169 && u.bytes[1] == 254;
	return u.family == ADDR_V6 && u.bytes[0] == 0xfe && (u.bytes[1] & 0xc0) == 0x80;
}

static bool parse_v4(struct txt *t, uint8_t out[static 4])
{
	for (int i = 0; i < 4; i++) {
		uint64_t v;

		if ((i && !txt_char(t, '.')) || !txt_u64(t, 255, &v))
			return false;
		out[i] = (uint8_t)v;
	}
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* One group of one to four hex digits. */
static bool parse_group(struct txt *t, uint8_t out[static 2])
{
	unsigned v = 0, n = 0;
	int digit;

	while (n < 4 && t->left && (digit = hex_digit(*t->p)) >= 0) {
		v = v << 4 | (unsigned)digit;
		n++;
		t->p++;
		t->left--;
	}
	out[0] = (uint8_t)(v >> 8);
	out[1] = (uint8_t)v;
	return n > 0;
}

/* The last two groups may be an IPv4 address; it must then end the text. */
static bool parse_v4_tail(struct txt *t, size_t used, uint8_t bytes[static 16])
{
	struct txt tail = *t;
	uint8_t v4[4];

	if (used > 12 || !parse_v4(&tail, v4) || !txt_end(&tail))
		return false;
	memcpy(bytes + used, v4, 4);
	*t = tail;
	return true;
}

static bool parse_v6(struct txt t, uint8_t out[static 16])
{
	uint8_t bytes[16] = {0};
	size_t used = 0, gap = SIZE_MAX;

	if (txt_word(&t, "::"))
		gap = 0;
	while (!txt_end(&t)) {
		if (parse_v4_tail(&t, used, bytes)) {
			used += 4;
			break;
		}
		if (used >= 16 || !parse_group(&t, bytes + used))
			return false;
		used += 2;
		if (txt_end(&t))
			break;
		if (gap == SIZE_MAX && txt_word(&t, "::"))
			gap = used;
		else if (!txt_char(&t, ':') || txt_end(&t))
			return false;
	}
	if (gap == SIZE_MAX ? used != 16 : used >= 16)
		return false;
	memset(out, 0, 16);
	if (gap == SIZE_MAX)
		gap = used;
	memcpy(out, bytes, gap);
	memcpy(out + 16 - (used - gap), bytes + gap, used - gap);
	return true;
}

int addr_parse(struct addr *out, const char *text, size_t len)
{
	struct txt t = txt_init(text, len);
	uint8_t bytes[16];

	if (parse_v4(&t, bytes) && txt_end(&t)) {
		*out = addr_v4(bytes);
		return 0;
	}
	if (!parse_v6(txt_init(text, len), bytes))
		return ERR_SYNTAX;
	*out = addr_v6(bytes);
	return 0;
}

int port_parse(uint16_t *out, const char *text, size_t len)
{
	unsigned v = 0;

	if (!len || len > 5)
		return ERR_SYNTAX;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return ERR_SYNTAX;
		v = v * 10 + (unsigned)(text[i] - '0');
	}
	if (v > UINT16_MAX)
		return ERR_SYNTAX;
	*out = (uint16_t)v;
	return 0;
}

int host_port_split(const char *text, size_t len, const char **host, size_t *host_len,
		    uint16_t *port)
{
	struct txt t = txt_init(text, len), head;

	if (txt_char(&t, '[')) {
		if (!txt_until(&t, ']', &head) || !head.left || memchr(head.p, '[', head.left) ||
		    !txt_char(&t, ':'))
			return ERR_SYNTAX;
	} else if (!txt_until(&t, ':', &head)) {
		return ERR_SYNTAX;
	}
	if (port_parse(port, t.p, t.left) < 0)
		return ERR_SYNTAX;
	*host = head.p;
	*host_len = head.left;
	return 0;
}

int endpoint_parse(struct endpoint *out, const char *text, size_t len)
{
	struct endpoint e = {.scope_id = 0};
	bool bracketed = len && text[0] == '[';
	struct txt t, head;
	const char *host;
	size_t host_len;
	uint64_t scope;

	if (host_port_split(text, len, &host, &host_len, &e.port) < 0)
		return ERR_SYNTAX;
	t = txt_init(host, host_len);
	if (bracketed && txt_until(&t, '%', &head)) {
		if (!txt_u64(&t, UINT32_MAX, &scope) || !txt_end(&t))
			return ERR_SYNTAX;
		e.scope_id = (uint32_t)scope;
		host_len = head.left;
	}
	if (addr_parse(&e.addr, host, host_len) < 0 || (e.addr.family == ADDR_V6) != bracketed)
		return ERR_SYNTAX;
	*out = e;
	return 0;
}

static void prefix_clear_host_bits(struct prefix *p)
{
	for (unsigned i = 0; i < sizeof(p->addr.bytes); i++) {
		unsigned first = i * 8;

		if (p->bits <= first)
			p->addr.bytes[i] = 0;
		else if (p->bits < first + 8)
			p->addr.bytes[i] &= (uint8_t)(0xff00u >> (p->bits - first));
	}
}

int prefix_parse(struct prefix *out, const char *text, size_t len)
{
	struct txt t = txt_init(text, len), head = t;
	struct prefix p;
	uint64_t bits;
	bool slash = txt_until(&t, '/', &head);

	if (addr_parse(&p.addr, head.p, head.left) < 0)
		return ERR_SYNTAX;
	bits = addr_max_bits(&p.addr);
	if (slash && (!txt_u64(&t, bits, &bits) || !txt_end(&t)))
		return ERR_SYNTAX;
	p.bits = (uint8_t)bits;
	prefix_clear_host_bits(&p);
	*out = p;
	return 0;
}

bool prefix_contains(const struct prefix *p, const struct addr *a)
{
	unsigned whole = p->bits / 8, rest = p->bits % 8;

	if (a->family != p->addr.family || memcmp(a->bytes, p->addr.bytes, whole) != 0)
		return false;
	return !rest || (uint8_t)((a->bytes[whole] ^ p->addr.bytes[whole]) >> (8 - rest)) == 0;
}

static unsigned v6_group(const struct addr *a, unsigned i)
{
	return (unsigned)a->bytes[2 * i] << 8 | a->bytes[2 * i + 1];
}

/* The longest run of at least two zero groups, the first of equals (RFC 5952 section 4.2). */
static unsigned v6_longest_gap(const struct addr *a, unsigned *gap_len)
{
	unsigned best = V6_GROUPS, best_len = 1, run = 0;

	for (unsigned i = 0; i < V6_GROUPS; i++) {
		run = v6_group(a, i) ? 0 : run + 1;
		if (run > best_len) {
			best_len = run;
			best = i + 1 - run;
		}
	}
	*gap_len = best_len;
	return best;
}

static int format_v4(const uint8_t *b, char *buf, size_t cap)
{
	return snprintf(buf, cap, "%u.%u.%u.%u", b[0], b[1], b[2], b[3]);
}

const char *addr_format(const struct addr *a, char buf[static ADDR_TEXT_MAX])
{
	unsigned gap, gap_len;
	size_t n = 0;

	if (a->family == ADDR_V4) {
		(void)format_v4(a->bytes, buf, ADDR_TEXT_MAX);
		return buf;
	}
	if (a->family == ADDR_PATH) {
		(void)snprintf(buf, ADDR_TEXT_MAX, "path %" PRIu32, addr_path_id(a));
		return buf;
	}
	if (a->family != ADDR_V6) {
		(void)snprintf(buf, ADDR_TEXT_MAX, "none");
		return buf;
	}
	if (memcmp(a->bytes, mapped_head, sizeof(mapped_head)) == 0) {
		/* RFC 5952 section 5: the well-known mapped prefix keeps its dotted tail. */
		n = (size_t)snprintf(buf, ADDR_TEXT_MAX, "::ffff:");
		(void)format_v4(a->bytes + 12, buf + n, ADDR_TEXT_MAX - n);
		return buf;
	}
	gap = v6_longest_gap(a, &gap_len);
	for (unsigned i = 0; i < V6_GROUPS; i++) {
		if (i == gap) {
			n += (size_t)snprintf(buf + n, ADDR_TEXT_MAX - n, "::");
			i += gap_len - 1;
			continue;
		}
		n += (size_t)snprintf(buf + n, ADDR_TEXT_MAX - n, "%s%x",
				      i && i != gap + gap_len ? ":" : "", v6_group(a, i));
	}
	return buf;
}

const char *endpoint_format(const struct endpoint *e, char buf[static ENDPOINT_TEXT_MAX])
{
	char text[ADDR_TEXT_MAX];

	addr_format(&e->addr, text);
	if (e->addr.family == ADDR_PATH)
		(void)snprintf(buf, ENDPOINT_TEXT_MAX, "%s", text);
	else if (e->addr.family != ADDR_V6)
		(void)snprintf(buf, ENDPOINT_TEXT_MAX, "%s:%u", text, e->port);
	else if (e->scope_id)
		(void)snprintf(buf, ENDPOINT_TEXT_MAX, "[%s%%%u]:%u", text, e->scope_id, e->port);
	else
		(void)snprintf(buf, ENDPOINT_TEXT_MAX, "[%s]:%u", text, e->port);
	return buf;
}

const char *prefix_format(const struct prefix *p, char buf[static PREFIX_TEXT_MAX])
{
	char text[ADDR_TEXT_MAX];

	(void)snprintf(buf, PREFIX_TEXT_MAX, "%s/%u", addr_format(&p->addr, text), p->bits);
	return buf;
}
