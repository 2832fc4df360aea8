#include "io/hosts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void test_lines_of_a_hosts_file(void **state)
{
	static const struct {
		const char *text;
		const char *name;
		const char *addrs[2];
	} cases[] = {
		{"127.0.0.1 localhost\n::1 localhost\n", "localhost", {"127.0.0.1", "::1"}},
		{"127.0.0.1 LocalHost", "LOCALHOST", {"127.0.0.1"}},
		{"127.0.0.1\ta\t b  c\t\n", "b", {"127.0.0.1"}},
		{"127.0.0.1\ta\t b  c\t\n", "c", {"127.0.0.1"}},
		{"  127.0.0.1 a\r\n", "a", {"127.0.0.1"}},
		{"127.0.0.1 a # b\n", "b", {NULL}},
		{"# 127.0.0.1 a\n", "a", {NULL}},
		{"127.0.0.1 ab\n", "a", {NULL}},
		{"127.0.0.1 a\n", "ab", {NULL}},
		{"127.0.0.1\n", "127.0.0.1", {NULL}},
		{"127.0.0.256 a\n1.2.3.4 a\n", "a", {"1.2.3.4"}},
		{"fe80::1%eth0 a\n", "a", {NULL}},
		{"nonsense a\n", "a", {NULL}},
		{"\n\n\n1.2.3.4 a", "a", {"1.2.3.4"}},
		{"", "a", {NULL}},
		{"1.1.1.1 a\n2.2.2.2 a\n3.3.3.3 a\n", "a", {"1.1.1.1", "2.2.2.2"}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct addr got[2], want;
		size_t n = 0;
		size_t count = hosts_lookup(txt_str(cases[i].text), cases[i].name, got, 2);

		for (; n < 2 && cases[i].addrs[n]; n++) {
			assert_int_equal(addr_parse(&want, cases[i].addrs[n],
						    strlen(cases[i].addrs[n])), 0);
			assert_true(n < count && addr_equal(&got[n], &want));
		}
		assert_int_equal(count, n);
	}
}

static void test_every_truncation_is_harmless(void **state)
{
	static const char text[] = "127.0.0.1 localhost\n::1 localhost # x\n\r\n fe80::%x a\n";

	(void)state;
	for (size_t len = 0; len < sizeof(text); len++) {
		struct addr got[4];
		char *copy = malloc(len + 1);

		assert_non_null(copy);
		memcpy(copy, text, len);
		assert_true(hosts_lookup(txt_init(copy, len), "localhost", got, 4) <= 2);
		free(copy);
	}
}

static void test_missing_file_holds_nothing(void **state)
{
	struct addr a;

	(void)state;
	assert_int_equal(hosts_lookup_file("/nonexistent/hosts", "a", &a, 1), 0);
	assert_int_equal(hosts_lookup_file("/", "a", &a, 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_of_a_hosts_file),
		cmocka_unit_test(test_every_truncation_is_harmless),
		cmocka_unit_test(test_missing_file_holds_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
