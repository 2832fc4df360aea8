#include "dns/name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include "base/compiler.h"
#include "base/err.h"

static int parse(struct dns_name *n, const char *text, bool *absolute)
{
	return dns_name_parse(n, text, strlen(text), absolute);
}

static void test_host_names_become_wire_form(void **state)
{
	static const struct {
		const char *text, *wire;
		size_t len;
		bool absolute;
		unsigned labels;
	} cases[] = {
		{"a", "\1a", 3, false, 1},
		{"a.", "\1a", 3, true, 1},
		{"Www.Example.COM", "\3www\7example\3com", 17, false, 3},
		{"_sip._tcp.x-1.", "\4_sip\4_tcp\3x-1", 15, true, 3},
		{"xn--bcher-kva.example", "\15xn--bcher-kva\7example", 23, false, 2},
		{"1.2", "\1" "1\1" "2", 5, false, 2},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct dns_name n;
		bool absolute;

		assert_int_equal(parse(&n, cases[i].text, &absolute), 0);
		assert_int_equal(n.len, cases[i].len);
		assert_memory_equal(n.wire, cases[i].wire, n.len);
		assert_int_equal(absolute, cases[i].absolute);
		assert_int_equal(dns_name_labels(&n), cases[i].labels);
	}
}

static void test_what_is_no_host_name_is_refused(void **state)
{
	static const char *const cases[] = {
		"", ".", "..", "a..b", ".a", "a..", " a", "a b", "a\n", "b\303\274cher", "a/b", "a:1",
		"*.a", "a\\.b", "[::1]", "a@b", "a,b",
	};
	struct dns_name n;
	bool absolute;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(parse(&n, cases[i], &absolute), ERR_SYNTAX);
	assert_int_equal(dns_name_parse(&n, "a\0b", 3, &absolute), ERR_SYNTAX);
}

static void test_lengths_are_limited(void **state)
{
	char text[300];
	struct dns_name n, m, joined;
	bool absolute;

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_int_equal(dns_name_parse(&n, text, 63, &absolute), 0);
	assert_int_equal(dns_name_parse(&n, text, 64, &absolute), ERR_SYNTAX);
	text[63] = text[127] = text[191] = '.';
	/* Four labels: 3 * 64 + 1 + 61 + the root make 255. */
	assert_int_equal(dns_name_parse(&n, text, 253, &absolute), 0);
	assert_int_equal(n.len, DNS_NAME_MAX);
	assert_int_equal(dns_name_parse(&n, text, 254, &absolute), ERR_SYNTAX);
	assert_int_equal(dns_name_parse(&n, text, 251, &absolute), 0);
	assert_int_equal(parse(&m, "b", &absolute), 0);
	assert_int_equal(dns_name_join(&joined, &n, &m), 0);
	assert_int_equal(joined.len, DNS_NAME_MAX);
	assert_int_equal(dns_name_parse(&n, text, 252, &absolute), 0);
	assert_int_equal(dns_name_join(&joined, &n, &m), ERR_LIMIT);
}

static void test_join(void **state)
{
	struct dns_name host, domain, full, expected;
	bool absolute;

	(void)state;
	assert_int_equal(parse(&host, "db", &absolute), 0);
	assert_int_equal(parse(&domain, "corp.example", &absolute), 0);
	assert_int_equal(parse(&expected, "db.corp.example", &absolute), 0);
	assert_int_equal(dns_name_join(&full, &host, &domain), 0);
	assert_true(dns_name_equal(&full, &expected));
	assert_false(dns_name_equal(&full, &domain));
}

/* The example of RFC 1035 section 4.1.4, at offset 20 of a message. */
static const uint8_t rfc1035[92] =
	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	"\1F\3ISI\4ARPA\0"
	"\0\0\0\0\0\0\0\0"
	"\3FOO\xc0\x14"
	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	"\xc0\x1a";

static void test_compressed_names(void **state)
{
	static const struct {
		size_t at, end;
		const char *text;
	} cases[] = {
		{20, 32, "f.isi.arpa"}, {22, 32, "isi.arpa"}, {40, 46, "foo.f.isi.arpa"},
		{64, 66, "arpa"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct rd r = rd_init(rfc1035 + cases[i].at, sizeof(rfc1035) - cases[i].at);
		struct dns_name n, expected;
		bool absolute;

		assert_int_equal(parse(&expected, cases[i].text, &absolute), 0);
		assert_int_equal(dns_name_read(&n, rfc1035, &r), 0);
		assert_true(dns_name_equal(&n, &expected));
		assert_ptr_equal(r.p, rfc1035 + cases[i].end);
	}
}

static void test_bad_compression_ends(void **state)
{
	static const struct {
		const char *msg;
		size_t len, at;
	} cases[] = {
		{"\xc0\x00", 2, 0},			/* at itself */
		{"\1a\xc0\x00", 4, 0},			/* at its own label */
		{"\1a\xc0\x04\1b\xc0\x00", 8, 4},	/* two in a circle */
		{"\1a\xc0\x04\1b\xc0\x00", 8, 0},	/* forwards */
		{"\1a\xc0", 3, 0},			/* half a pointer */
		{"\1a", 2, 0},				/* no root label */
		{"\5ab", 3, 0},				/* label beyond the end */
		{"\x40" "a\0", 3, 0},			/* reserved label types */
		{"\x80" "a\0", 3, 0},
		{"\1a\1b\xc0\x00", 6, 4},		/* target runs into the pointer */
		{"", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const uint8_t *msg = (const uint8_t *)cases[i].msg;
		struct rd r = rd_init(msg + cases[i].at, cases[i].len - cases[i].at), before = r;
		struct dns_name n;

		assert_int_equal(dns_name_read(&n, msg, &r), ERR_SYNTAX);
		assert_ptr_equal(r.p, before.p);
		assert_int_equal(r.left, before.left);
	}
}

static void test_long_pointer_chain_ends_at_the_name_limit(void **state)
{
	uint8_t msg[1024];
	struct dns_name n;
	struct rd r;
	size_t at = 3;

	(void)state;
	/* "a" and the root, then "a" and a pointer to the name before it, 200 times. */
	memcpy(msg, "\1a\0", 3);
	for (size_t target = 0, i = 0; i < 200; i++) {
		msg[at] = 1;
		msg[at + 1] = 'a';
		msg[at + 2] = (uint8_t)(0xc0 | target >> 8);
		msg[at + 3] = (uint8_t)target;
		target = at;
		at += 4;
		r = rd_init(msg + target, 4);
		/* 2 bytes a label, the root besides: 127 labels fit. */
		assert_int_equal(dns_name_read(&n, msg, &r), i + 2 <= 127 ? 0 : ERR_SYNTAX);
	}
}

static void test_pointers_to_pointers_are_limited(void **state)
{
	uint8_t msg[512] = {0};
	struct dns_name n;

	(void)state;
	/* The root at 0, then pointers, each to the one before it. */
	for (size_t at = 2, i = 0; i < 200; i++, at += 2) {
		size_t target = i ? at - 2 : 0;
		struct rd r = rd_init(msg + at, 2);

		msg[at] = (uint8_t)(0xc0 | target >> 8);
		msg[at + 1] = (uint8_t)target;
		assert_int_equal(dns_name_read(&n, msg, &r), i + 1 <= 127 ? 0 : ERR_SYNTAX);
	}
}

static void test_localhost(void **state)
{
	static const struct {
		const char *text;
		bool is;
	} cases[] = {
		{"localhost", true},	    {"LOCALHOST.", true},	  {"a.b.localhost", true},
		{"localhost.example", false}, {"xlocalhost", false}, {"localhos", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct dns_name n;
		bool absolute;

		assert_int_equal(parse(&n, cases[i].text, &absolute), 0);
		assert_int_equal(dns_name_is_localhost(&n), cases[i].is);
	}
}

static void test_mixed_case_changes_letters_only(void **state)
{
	struct rng_seeded seed;
	struct rng rng = rng_seeded_init(&seed, 1);
	struct dns_name n, m;
	unsigned upper = 0;
	bool absolute;

	(void)state;
	assert_int_equal(parse(&n, "abcdefghijklmnopqrstuvwxyz-0123_.@", &absolute), ERR_SYNTAX);
	assert_int_equal(parse(&n, "abcdefghijklmnopqrstuvwxyz-0123_.example", &absolute), 0);
	m = n;
	dns_name_mix_case(&m, &rng);
	for (size_t i = 0; i < n.len; i++) {
		assert_int_equal(n.wire[i], m.wire[i] >= 'A' && m.wire[i] <= 'Z' ?
				 m.wire[i] + 32 : m.wire[i]);
		upper += m.wire[i] != n.wire[i];
	}
	assert_in_range(upper, 5, 28);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_host_names_become_wire_form),
		cmocka_unit_test(test_what_is_no_host_name_is_refused),
		cmocka_unit_test(test_lengths_are_limited),
		cmocka_unit_test(test_join),
		cmocka_unit_test(test_compressed_names),
		cmocka_unit_test(test_bad_compression_ends),
		cmocka_unit_test(test_long_pointer_chain_ends_at_the_name_limit),
		cmocka_unit_test(test_pointers_to_pointers_are_limited),
		cmocka_unit_test(test_localhost),
		cmocka_unit_test(test_mixed_case_changes_letters_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
