/* Destinations and credentials that SOCKS and HTTP share. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/err.h"
#include "proxy/proxy.h"

#define LABEL63 "a23456789012345678901234567890123456789012345678901234567890123"

static void test_hosts_become_addresses_or_names(void **state)
{
	static const struct {
		const char *host, *text;
	} cases[] = {
		{"10.0.0.1", "10.0.0.1:80"},
		{"2001:DB8::1", "[2001:db8::1]:80"},
		{"::ffff:127.0.0.1", "127.0.0.1:80"},
		{"example.com", "example.com:80"},
		{"example.com.", "example.com.:80"},
		{"a_b-c.Example", "a_b-c.Example:80"},
		{"host", "host:80"},
		{"1.example", "1.example:80"},
		{"0xyz", "0xyz:80"},
		{LABEL63, LABEL63 ":80"},
	};
	char text[PROXY_TARGET_TEXT_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct proxy_target t = {.port = 80};

		memset(&t.addr, 0xff, sizeof(t.addr));
		assert_int_equal(
			proxy_target_set_host(&t, cases[i].host, strlen(cases[i].host)), 0);
		assert_string_equal(proxy_target_format(&t, text), cases[i].text);
	}
}

static void test_impossible_hosts_are_refused(void **state)
{
	static const char *const cases[] = {
		"", ".", "a..b", ".a", "a b", "a/b", "a@b", "a:b", "[::1]", "a\tb", "a\r\nb",
		"b\xc3\xbc""cher",
		"256.0.0.1", "1.2.3", "127.1", "2130706433", "0x7f000001", "1.2.3.0x4", "0x", "a.1",
		"a.1.", "fe80::1%lo", "%41", LABEL63 "4",
		LABEL63 "." LABEL63 "." LABEL63 "." LABEL63,
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct proxy_target t = {0};

		assert_int_equal(proxy_target_set_host(&t, cases[i], strlen(cases[i])), ERR_SYNTAX);
	}
	struct proxy_target t = {0};

	assert_int_equal(proxy_target_set_host(&t, "a\0b", 3), ERR_SYNTAX);
}

static void test_credentials_must_match_exactly(void **state)
{
	static const struct proxy_auth auth = {"user", "secret"};
	static const struct proxy_auth empty = {"", ""};
	char long_text[600];

	(void)state;
	memset(long_text, 'x', sizeof(long_text));
	assert_true(proxy_auth_check(&auth, "user", 4, "secret", 6));
	assert_false(proxy_auth_check(&auth, "user", 4, "secreT", 6));
	assert_false(proxy_auth_check(&auth, "User", 4, "secret", 6));
	assert_false(proxy_auth_check(&auth, "user", 4, "secret\0", 7));
	assert_false(proxy_auth_check(&auth, "user", 4, "secre", 5));
	assert_false(proxy_auth_check(&auth, "users", 5, "ecret", 5));
	assert_false(proxy_auth_check(&auth, "", 0, "", 0));
	assert_false(proxy_auth_check(&auth, long_text, sizeof(long_text), long_text, 600));
	assert_true(proxy_auth_check(&empty, "", 0, "", 0));
	assert_false(proxy_auth_check(&empty, "", 0, "a", 1));
}

static void test_longest_credentials_work(void **state)
{
	struct proxy_auth auth;
	char text[PROXY_CREDENTIAL_MAX + 1];

	(void)state;
	memset(text, 'x', sizeof(text));
	memset(&auth, 0, sizeof(auth));
	memset(auth.username, 'x', PROXY_CREDENTIAL_MAX);
	memset(auth.password, 'x', PROXY_CREDENTIAL_MAX);
	assert_true(
		proxy_auth_check(&auth, text, PROXY_CREDENTIAL_MAX, text, PROXY_CREDENTIAL_MAX));
	assert_false(proxy_auth_check(&auth, text, PROXY_CREDENTIAL_MAX + 1, text,
				      PROXY_CREDENTIAL_MAX));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hosts_become_addresses_or_names),
		cmocka_unit_test(test_impossible_hosts_are_refused),
		cmocka_unit_test(test_credentials_must_match_exactly),
		cmocka_unit_test(test_longest_credentials_work),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
