#include "app/proxyenv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

static void test_no_proxy_is_extended_by_what_it_lacks(void **state)
{
	static const struct {
		const char *before, *after;
	} cases[] = {
		{NULL, "localhost,127.0.0.1,::1"},
		{"", "localhost,127.0.0.1,::1"},
		{"intern.example,.corp", "intern.example,.corp,localhost,127.0.0.1,::1"},
		{"a, LOCALHOST ,b", "a, LOCALHOST ,b,127.0.0.1,::1"},
		{"::1,127.0.0.1,localhost", "::1,127.0.0.1,localhost"},
		{"localhost.example", "localhost.example,localhost,127.0.0.1,::1"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *out = proxyenv_extend(cases[i].before);

		assert_non_null(out);
		assert_string_equal(out, cases[i].after);
		free(out);
	}
}

static void test_eight_variables(void **state)
{
	(void)state;
	unsetenv("no_proxy");
	setenv("NO_PROXY", "x", 1);
	setenv("http_proxy", "http://other:1", 1);
	assert_true(proxyenv_set(1234));
	assert_string_equal(getenv("ALL_PROXY"), "socks5h://127.0.0.1:1234");
	assert_string_equal(getenv("all_proxy"), "socks5h://127.0.0.1:1234");
	assert_string_equal(getenv("HTTP_PROXY"), "http://127.0.0.1:1234");
	assert_string_equal(getenv("http_proxy"), "http://127.0.0.1:1234");
	assert_string_equal(getenv("HTTPS_PROXY"), "http://127.0.0.1:1234");
	assert_string_equal(getenv("https_proxy"), "http://127.0.0.1:1234");
	assert_string_equal(getenv("NO_PROXY"), "x,localhost,127.0.0.1,::1");
	assert_string_equal(getenv("no_proxy"), "x,localhost,127.0.0.1,::1");
	assert_string_equal(getenv("NODE_USE_ENV_PROXY"), "1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_proxy_is_extended_by_what_it_lacks),
		cmocka_unit_test(test_eight_variables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
