#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/ip.h"

/* Parses a copy of exactly `len` bytes, so that sanitizers see a read beyond. */
static bool parse(struct ip_view *ip, const uint8_t *p, size_t len, bool header_only)
{
	uint8_t *copy = malloc(len ? len : 1);
	bool ok;

	assert_non_null(copy);
	memcpy(copy, p, len);
	memset(ip, 0, sizeof(*ip));
	ok = header_only ? ip_parse_header(ip, copy, len) : ip_parse(ip, copy, len);
	free(copy);
	return ok;
}

static void test_ipv4_is_measured(void **state)
{
	uint8_t p[64] = {0x45, 0, 0, 40, [9] = IP_UDP};
	struct ip_view ip;
	struct addr a;

	(void)state;
	memcpy(p + 12, "\x0a\x01\x02\x03\x0a\x04\x05\x06", 8);
	for (size_t len = 0; len < sizeof(p); len++) {
		assert_int_equal(parse(&ip, p, len, true), len >= 20);
		assert_int_equal(parse(&ip, p, len, false), len >= 40);
		if (len < 40)
			continue;
		assert_int_equal(ip.len, 40);
		assert_int_equal(ip.version, 4);
		assert_int_equal(ip.protocol, IP_UDP);
		assert_int_equal(ip.payload, 20);
		assert_int_equal(ip.piece, IP_WHOLE);
	}
	a = ip_src(&ip, p);
	assert_int_equal(a.family, ADDR_V4);
	assert_memory_equal(a.bytes, p + 12, 4);
	assert_memory_equal(a.bytes, p + ip_addrs_at(&ip), ip_addr_len(&ip));
	a = ip_dst(&ip, p);
	assert_int_equal(a.family, ADDR_V4);
	assert_memory_equal(a.bytes, p + 16, 4);
}

static void test_ipv6_is_measured(void **state)
{
	uint8_t p[64] = {0x60, 0, 0, 0, 0, 10, IP_TCP};
	struct ip_view ip;
	struct addr a;

	(void)state;
	for (unsigned i = 0; i < 32; i++)
		p[8 + i] = (uint8_t)(0x20 + i);
	for (size_t len = 0; len < sizeof(p); len++) {
		assert_int_equal(parse(&ip, p, len, true), len >= 40);
		assert_int_equal(parse(&ip, p, len, false), len >= 50);
		if (len < 50)
			continue;
		assert_int_equal(ip.len, 50);
		assert_int_equal(ip.version, 6);
		assert_int_equal(ip.protocol, IP_TCP);
		assert_int_equal(ip.payload, 40);
		assert_int_equal(ip.piece, IP_WHOLE);
	}
	a = ip_src(&ip, p);
	assert_int_equal(a.family, ADDR_V6);
	assert_memory_equal(a.bytes, p + 8, 16);
	assert_memory_equal(a.bytes, p + ip_addrs_at(&ip), ip_addr_len(&ip));
	a = ip_dst(&ip, p);
	assert_int_equal(a.family, ADDR_V6);
	assert_memory_equal(a.bytes, p + 24, 16);
	p[4] = 0xff;
	assert_false(parse(&ip, p, sizeof(p), false));
}

static void test_every_header_length_of_ipv4(void **state)
{
	struct ip_view ip;

	(void)state;
	for (unsigned hlen = 0; hlen <= 60; hlen += 4) {
		for (unsigned total = 0; total <= 64; total++) {
			uint8_t p[64] = {[0] = (uint8_t)(0x40 | hlen / 4), [3] = (uint8_t)total};

			for (size_t len = 0; len <= sizeof(p); len++) {
				bool header = len >= 20 && hlen >= 20 && hlen <= len;

				assert_int_equal(parse(&ip, p, len, true), header);
				assert_int_equal(parse(&ip, p, len, false), header && hlen <= total && total <= len);
				if (header)
					assert_int_equal(ip.payload, hlen);
			}
		}
	}
}

static void test_pieces_of_ipv4(void **state)
{
	/* RFC 791 3.1: a reserved bit, "don't fragment", "more fragments", 13 bits of offset. */
	static const struct {
		uint8_t high, low;
		enum ip_piece piece;
	} cases[] = {
		{0x00, 0x00, IP_WHOLE}, {0x40, 0x00, IP_WHOLE}, {0x80, 0x00, IP_WHOLE}, {0x20, 0x00, IP_FIRST},
		{0x60, 0x00, IP_FIRST}, {0x20, 0x01, IP_LATER}, {0x00, 0x01, IP_LATER}, {0x10, 0x00, IP_LATER},
	};
	uint8_t p[20] = {0x45, 0, 0, 20};
	struct ip_view ip;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		p[6] = cases[i].high;
		p[7] = cases[i].low;
		assert_true(parse(&ip, p, sizeof(p), false));
		assert_int_equal(ip.piece, cases[i].piece);
	}
}

static void test_pieces_of_ipv6(void **state)
{
	/* RFC 8200 4.5: 13 bits of offset, two reserved, "more fragments"; without either it is whole (RFC 6946). */
	static const struct {
		uint8_t high, low;
		enum ip_piece piece;
	} cases[] = {
		{0, 0, IP_FIRST}, {0, 1, IP_FIRST}, {0, 6, IP_FIRST},
		{0, 8, IP_LATER}, {0, 9, IP_LATER}, {0x80, 0, IP_LATER},
	};
	uint8_t p[60] = {0x60, [5] = 10, [6] = IP_FRAGMENT, [40] = IP_UDP};
	struct ip_view ip;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		p[42] = cases[i].high;
		p[43] = cases[i].low;
		for (size_t len = 0; len < sizeof(p); len++) {
			assert_int_equal(parse(&ip, p, len, true), len >= 48);
			assert_int_equal(parse(&ip, p, len, false), len >= 50);
		}
		assert_int_equal(ip.piece, cases[i].piece);
		assert_int_equal(ip.protocol, IP_UDP);
		assert_int_equal(ip.payload, 48);
	}
	/* The fragment header lies beyond what the packet says it has. */
	for (unsigned body = 0; body < 10; body++) {
		p[5] = (uint8_t)body;
		assert_int_equal(parse(&ip, p, sizeof(p), false), body >= 8);
	}
}

static void test_other_extension_headers_are_the_protocol(void **state)
{
	static const uint8_t others[] = {IP_HOP_BY_HOP, IP_ROUTING, IP_AUTHENTICATION, IP_DESTINATION, 59, 253};
	uint8_t p[40] = {0x60};
	struct ip_view ip;

	(void)state;
	for (size_t i = 0; i < sizeof(others); i++) {
		p[6] = others[i];
		assert_true(parse(&ip, p, sizeof(p), false));
		assert_int_equal(ip.protocol, others[i]);
		assert_int_equal(ip.payload, 40);
	}
}

/* lwIP counts a packet in 16 bits. */
static void test_ipv6_beyond_16_bits_is_refused(void **state)
{
	static uint8_t p[70000] = {0x60};
	struct ip_view ip;

	(void)state;
	p[4] = (IP_LEN_MAX - 40) >> 8;
	p[5] = (IP_LEN_MAX - 40) & 0xff;
	assert_true(ip_parse(&ip, p, sizeof(p)));
	assert_int_equal(ip.len, IP_LEN_MAX);
	p[5]++;
	assert_false(ip_parse(&ip, p, sizeof(p)));
}

static void test_other_versions_are_refused(void **state)
{
	uint8_t p[64] = {[3] = 40};
	struct ip_view ip;

	(void)state;
	for (unsigned version = 0; version < 16; version++) {
		p[0] = (uint8_t)(version << 4 | 5);
		assert_int_equal(parse(&ip, p, sizeof(p), false), version == 4 || version == 6);
		assert_int_equal(parse(&ip, p, sizeof(p), true), version == 4 || version == 6);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ipv4_is_measured),
		cmocka_unit_test(test_ipv6_is_measured),
		cmocka_unit_test(test_every_header_length_of_ipv4),
		cmocka_unit_test(test_pieces_of_ipv4),
		cmocka_unit_test(test_pieces_of_ipv6),
		cmocka_unit_test(test_other_extension_headers_are_the_protocol),
		cmocka_unit_test(test_ipv6_beyond_16_bits_is_refused),
		cmocka_unit_test(test_other_versions_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
