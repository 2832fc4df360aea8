#include "base/addr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include "base/compiler.h"
#include "base/err.h"

static int parse(struct addr *a, const char *text)
{
	return addr_parse(a, text, strlen(text));
}

static void test_addresses_in_canonical_form(void **state)
{
	/* RFC 5952 sections 1 to 5 and RFC 4291 section 2.2. */
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"0.0.0.0", "0.0.0.0"},
		{"255.255.255.255", "255.255.255.255"},
		{"192.0.2.1", "192.0.2.1"},
		{"::", "::"},
		{"::1", "::1"},
		{"1::", "1::"},
		{"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
		{"2001:0db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
		{"2001:db8::1:0:0:1", "2001:db8::1:0:0:1"},
		{"2001:db8::0:1:0:0:1", "2001:db8::1:0:0:1"},
		{"2001:0db8::1:0:0:1", "2001:db8::1:0:0:1"},
		{"2001:DB8:0:0:1::1", "2001:db8::1:0:0:1"},
		{"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
		{"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
		{"2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:1"},
		{"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
		{"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
		{"0:0:0:0:0:0:0:0", "::"},
		{"fe80::", "fe80::"},
		{"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
		{"::ffff:c000:0201", "::ffff:192.0.2.1"},
		{"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
		{"1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"},
		{"0:0:0:0:0:0:13.1.68.3", "::d01:4403"},
		{"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		 "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char buf[ADDR_TEXT_MAX];
		struct addr a, again;

		assert_int_equal(parse(&a, cases[i].in), 0);
		assert_string_equal(addr_format(&a, buf), cases[i].out);
		assert_int_equal(parse(&again, buf), 0);
		assert_true(addr_equal(&a, &again));
	}
}

static void test_bad_addresses_are_refused(void **state)
{
	static const char *const cases[] = {
		"", " ", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.04", "1.2.3.4 ",
		" 1.2.3.4", "0x1.2.3.4", "1..2.3", "1.2.3.", ":", ":::", "1:2:3:4:5:6:7",
		"1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1::2::3", "12345::",
		"g::", "1:", ":1", "1:2:3:4:5:6:7:", "::1.2.3", "1.2.3.4::", "1:2:3:4:5:6:7:1.2.3.4",
		"::1.2.3.4:5", "fe80::1%1", "[::1]", "::1/128", "::-1", "1:2:3:4:5:6:7:8:", "::1:",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct addr a;

		assert_int_equal(parse(&a, cases[i]), ERR_SYNTAX);
	}
}

static void test_endpoints(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"192.0.2.1:51820", "192.0.2.1:51820"},
		{"[2001:DB8::1]:0", "[2001:db8::1]:0"},
		{"[fe80::1%4294967295]:65535", "[fe80::1%4294967295]:65535"},
		{"[fe80::1%0]:1", "[fe80::1]:1"},
	};
	static const char *const bad[] = {
		"192.0.2.1", "192.0.2.1:", ":1", "2001:db8::1:80", "[192.0.2.1]:80", "[::1]", "[::1]80",
		"[::1]:65536", "[::1%]:1", "[::1%eth0]:1", "[::1%4294967296]:1", "host:80", "1.2.3.4:-1",
		"1.2.3.4:+1", "1.2.3.4: 1", "1.2.3.4:1 ", "[::1:80", "::1]:80", "",
	};
	struct endpoint e, f;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char buf[ENDPOINT_TEXT_MAX];

		assert_int_equal(endpoint_parse(&e, cases[i].in, strlen(cases[i].in)), 0);
		assert_string_equal(endpoint_format(&e, buf), cases[i].out);
		f = e;
		assert_true(endpoint_equal(&e, &f));
		f.port++;
		assert_false(endpoint_equal(&e, &f));
		f = e;
		f.scope_id++;
		assert_false(endpoint_equal(&e, &f));
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(endpoint_parse(&e, bad[i], strlen(bad[i])), ERR_SYNTAX);
}

static void test_longest_texts_fit(void **state)
{
	static const uint8_t ones[16] = {255, 255, 255, 255, 255, 255, 255, 255,
					 255, 255, 255, 255, 255, 255, 255, 255};
	struct endpoint e = {addr_v6(ones), 65535, UINT32_MAX};
	struct prefix p = {addr_v6(ones), 128};
	char eb[ENDPOINT_TEXT_MAX], pb[PREFIX_TEXT_MAX];

	(void)state;
	assert_string_equal(endpoint_format(&e, eb),
			    "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295]:65535");
	assert_string_equal(prefix_format(&p, pb), "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128");
}

static void test_prefixes(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"10.1.2.3/8", "10.0.0.0/8"},	   {"10.1.2.3", "10.1.2.3/32"},
		{"10.1.2.3/32", "10.1.2.3/32"},	   {"10.255.2.3/9", "10.128.0.0/9"},
		{"255.255.255.255/0", "0.0.0.0/0"}, {"::/0", "::/0"},
		{"2001:db8:ffff::/33", "2001:db8:8000::/33"}, {"fe80::1", "fe80::1/128"},
	};
	static const char *const bad[] = {"10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/08", "/8",
					  "10.0.0.0/8 ", "10.0.0.0//8", "", "10.0/8", "::/-1"};
	struct prefix p;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char buf[PREFIX_TEXT_MAX];

		assert_int_equal(prefix_parse(&p, cases[i].in, strlen(cases[i].in)), 0);
		assert_string_equal(prefix_format(&p, buf), cases[i].out);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(prefix_parse(&p, bad[i], strlen(bad[i])), ERR_SYNTAX);
}

static void test_prefix_contains(void **state)
{
	static const struct {
		const char *prefix, *addr;
		bool inside;
	} cases[] = {
		{"0.0.0.0/0", "1.2.3.4", true},	     {"0.0.0.0/0", "::1", false},
		{"10.0.0.0/8", "10.255.0.1", true},  {"10.0.0.0/8", "11.0.0.0", false},
		{"10.128.0.0/9", "10.127.0.0", false}, {"10.128.0.0/9", "10.128.0.0", true},
		{"192.0.2.1/32", "192.0.2.1", true}, {"192.0.2.1/32", "192.0.2.0", false},
		{"::/0", "1.2.3.4", false},	     {"2001:db8::/33", "2001:db8:7fff::", true},
		{"2001:db8::/33", "2001:db8:8000::", false}, {"::1/128", "::1", true},
		{"::1/127", "::", true},	     {"::2/127", "::1", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct prefix p;
		struct addr a;

		assert_int_equal(prefix_parse(&p, cases[i].prefix, strlen(cases[i].prefix)), 0);
		assert_int_equal(parse(&a, cases[i].addr), 0);
		assert_int_equal(prefix_contains(&p, &a), cases[i].inside);
	}
}

static void test_kinds_of_addresses(void **state)
{
	static const struct {
		const char *text;
		bool loopback, multicast, unspecified, link_local;
	} cases[] = {
		{"127.0.0.1", true, false, false, false},
		{"127.255.0.9", true, false, false, false},
		{"::1", true, false, false, false},
		{"::ffff:127.0.0.1", true, false, false, false},
		{"0.0.0.0", false, false, true, false},
		{"0.0.0.1", false, false, true, false},
		{"0.255.255.255", false, false, true, false},
		{"::ffff:0.1.2.3", false, false, true, false},
		{"1.0.0.0", false, false, false, false},
		{"::2", false, false, false, false},
		{"128.0.0.1", false, false, false, false},
		{"224.0.0.1", false, true, false, false},
		{"239.255.255.255", false, true, false, false},
		{"240.0.0.1", false, false, false, false},
		{"255.255.255.255", false, true, false, false},
		{"ff02::1", false, true, false, false},
		{"::ffff:224.0.0.1", false, true, false, false},
		{"0.0.0.0", false, false, true, false},
		{"::", false, false, true, false},
		{"::ffff:0.0.0.0", false, false, true, false},
		{"169.254.1.1", false, false, false, true},
		{"fe80::1", false, false, false, true},
		{"febf::1", false, false, false, true},
		{"fec0::1", false, false, false, false},
		{"192.168.0.1", false, false, false, false},
		{"::2", false, false, false, false},
	};
	struct addr none = {.family = ADDR_NONE};
	char buf[ADDR_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct addr a;

		assert_int_equal(parse(&a, cases[i].text), 0);
		assert_int_equal(addr_is_loopback(&a), cases[i].loopback);
		assert_int_equal(addr_is_multicast(&a), cases[i].multicast);
		assert_int_equal(addr_is_unspecified(&a), cases[i].unspecified);
		assert_int_equal(addr_is_link_local(&a), cases[i].link_local);
	}
	assert_false(addr_is_unspecified(&none));
	assert_false(addr_is_loopback(&none));
	assert_string_equal(addr_format(&none, buf), "none");
}

static void test_paths_are_no_ip_addresses(void **state)
{
	struct endpoint path = {.addr = addr_path(0xff7f0001)}, other = {.addr = addr_path(0xff7f0002)};
	struct prefix all = {{ADDR_V6, {0}}, 0};
	char text[ENDPOINT_TEXT_MAX];
	struct addr bytes;

	(void)state;
	assert_int_equal(path.addr.family, ADDR_PATH);
	assert_int_equal(addr_path_id(&path.addr), 0xff7f0001);
	assert_memory_equal(path.addr.bytes, "\xff\x7f\0\1\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	assert_string_equal(endpoint_format(&path, text), "path 4286513153");
	path.addr = addr_path(UINT32_MAX);
	assert_string_equal(addr_format(&path.addr, text), "path 4294967295");
	path.addr = addr_path(0x7f000001);
	assert_false(endpoint_equal(&path, &other));
	bytes = addr_v4(path.addr.bytes);
	assert_false(addr_equal(&path.addr, &bytes));
	bytes = addr_v6(path.addr.bytes);
	assert_false(addr_equal(&path.addr, &bytes));
	assert_false(prefix_contains(&all, &path.addr));
	assert_false(addr_is_loopback(&path.addr));
	assert_false(addr_is_multicast(&path.addr));
	assert_false(addr_is_unspecified(&path.addr));
	assert_false(addr_is_link_local(&path.addr));
	bytes = addr_unmap(&path.addr);
	assert_true(addr_equal(&bytes, &path.addr));
	assert_int_not_equal(parse(&bytes, "path 7"), 0);
}

static void test_unmap(void **state)
{
	struct addr a, b;

	(void)state;
	assert_int_equal(parse(&a, "::ffff:1.2.3.4"), 0);
	a = addr_unmap(&a);
	assert_int_equal(parse(&b, "1.2.3.4"), 0);
	assert_true(addr_equal(&a, &b));
	assert_int_equal(addr_len(&a), 4);
	assert_int_equal(addr_max_bits(&a), 32);
	assert_int_equal(parse(&a, "::1.2.3.4"), 0);
	b = addr_unmap(&a);
	assert_true(addr_equal(&a, &b));
	assert_int_equal(addr_len(&a), 16);
	assert_int_equal(addr_max_bits(&a), 128);
}

static void test_host_and_port(void **state)
{
	static const struct {
		const char *text, *host;
		int port;
	} cases[] = {
		{"example.com:443", "example.com", 443}, {"[::1]:80", "::1", 80},
		{":8080", "", 8080},			 {"1.2.3.4:0", "1.2.3.4", 0},
		{"h:00080", "h", 80},			 {"[fe80::1%eth0]:1", "fe80::1%eth0", 1},
	};
	static const char *const bad[] = {
		"", "host", "host:", "host:65536", "host:100000", "host:8o", "::1:80", "a:b:1", "[::1]",
		"[]:1", "[[::1]]:1", "[::1]x:1", "[::1", "host:-1", "host:+1", "host: 1", "host:000080",
	};
	const char *host;
	size_t len;
	uint16_t port;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(host_port_split(cases[i].text, strlen(cases[i].text), &host, &len,
						 &port), 0);
		assert_int_equal(len, strlen(cases[i].host));
		assert_memory_equal(host, cases[i].host, len);
		assert_int_equal(port, cases[i].port);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(host_port_split(bad[i], strlen(bad[i]), &host, &len, &port),
				 ERR_SYNTAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses_in_canonical_form),
		cmocka_unit_test(test_bad_addresses_are_refused),
		cmocka_unit_test(test_endpoints),
		cmocka_unit_test(test_longest_texts_fit),
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_prefix_contains),
		cmocka_unit_test(test_kinds_of_addresses),
		cmocka_unit_test(test_paths_are_no_ip_addresses),
		cmocka_unit_test(test_unmap),
		cmocka_unit_test(test_host_and_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
