#include "conf/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/compiler.h"
#include "base/err.h"
#include "support/app_host.h"

static struct fake_host fake = {
	.files = {
		{"/etc/secret", "from file\n", 0, false, 0},
		{"/conf/near", "near\r\n", 0, true, 0},
		{"/conf/two", "one\ntwo\n\n", 0, false, 0},
		{"/conf/dollar", "$HOME", 0, false, 0},
		{"/conf/nul", "a\0b", 3, false, 0},
		{"/conf/locked", "", 0, false, ERR_PERM},
		{"/conf/large", "", 0, false, ERR_LIMIT},
	},
	.variables = {
		{"PLAIN", "plain value"}, {"EMPTY", ""}, {"FILE", "file:/etc/secret"},
		{"DOLLAR", "$PLAIN"},
	},
};

static const struct config_host host = {fake_get_env, fake_read_file, &fake};

static int expand(struct value *v, const char *raw, bool verbatim)
{
	const struct value_request request = {&host, "/conf", true, verbatim};

	return value_expand(v, &request, txt_str(raw));
}

static void test_expansion(void **state)
{
	static const struct {
		const char *raw, *want;
		bool verbatim, literal, exposed;
	} cases[] = {
		{"text", "text", false, true, false},
		{"", "", false, true, false},
		{"$PLAIN", "plain value", false, false, false},
		{"$EMPTY", "", false, false, false},
		{"$FILE", "from file", false, false, false},
		{"$DOLLAR", "$PLAIN", false, false, false},
		{"$$PLAIN", "$PLAIN", false, true, false},
		{"$$", "$", false, true, false},
		{"a$PLAIN", "a$PLAIN", false, true, false},
		{"file:/etc/secret", "from file", false, false, false},
		{"file:near", "near", false, false, true},
		{"file:two", "one\ntwo\n", false, false, false},
		{"file:dollar", "$HOME", false, false, false},
		{"10.0.0.1 # laptop", "10.0.0.1", false, true, false},
		{"10.0.0.1\t;laptop", "10.0.0.1", false, true, false},
		{"10.0.0.1#x", "10.0.0.1#x", false, true, false},
		{"$PLAIN # which", "plain value", false, false, false},
		{"pass # word", "pass # word", true, true, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct value v;

		assert_int_equal(expand(&v, cases[i].raw, cases[i].verbatim), 0);
		if (!txt_equal(value_text(&v), cases[i].want))
			fail_msg("%s", cases[i].raw);
		assert_int_equal(v.literal, cases[i].literal);
		assert_int_equal(v.exposed, cases[i].exposed);
		value_fini(&v);
	}
}

static void test_failures_have_a_reason_that_shows_no_value(void **state)
{
	static const struct {
		const char *raw, *want;
		bool verbatim;
	} cases[] = {
		{"$", "without the name", false},
		{"$MISSING", "variable MISSING is not set", false},
		{"$hunter2", "no such environment variable", true},
		{"file:/nowhere", "does not exist", false},
		{"file:locked", "not permitted", false},
		{"file:large", "larger than", false},
		{"file:nul", "NUL byte", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct value v;

		assert_true(expand(&v, cases[i].raw, cases[i].verbatim) < 0);
		if (!strstr(v.reason, cases[i].want))
			fail_msg("%s: %s", cases[i].raw, v.reason);
		assert_null(strstr(v.reason, "hunter2"));
		value_fini(&v);
	}
}

static void test_the_environment_itself_knows_files_but_no_variables(void **state)
{
	const struct value_request request = {&host, NULL, false, false};
	struct value v;

	(void)state;
	assert_int_equal(value_expand(&v, &request, txt_str("$PLAIN")), 0);
	assert_true(txt_equal(value_text(&v), "$PLAIN"));
	value_fini(&v);
	assert_int_equal(value_expand(&v, &request, txt_str("file:/etc/secret")), 0);
	assert_true(txt_equal(value_text(&v), "from file"));
	value_fini(&v);
}

static void test_paths(void **state)
{
	static const struct {
		const char *folder, *path, *want;
	} cases[] = {
		{NULL, "a", "a"}, {"/f", "a", "/f/a"}, {"/f", "/a", "/a"}, {".", "a/b", "./a/b"},
	};
	char out[VALUE_PATH_MAX], longest[VALUE_PATH_MAX + 8];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(path_join(out, cases[i].folder, txt_str(cases[i].path)), 0);
		assert_string_equal(out, cases[i].want);
	}
	memset(longest, 'a', sizeof(longest));
	assert_int_equal(path_join(out, NULL, txt_init(longest, VALUE_PATH_MAX - 1)), 0);
	assert_int_equal(path_join(out, NULL, txt_init(longest, VALUE_PATH_MAX)), ERR_LIMIT);
	assert_int_equal(path_join(out, "/f", txt_init(longest, VALUE_PATH_MAX - 3)), ERR_LIMIT);
	assert_int_equal(path_join(out, "/f", txt_init(longest, sizeof(longest))), ERR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_expansion),
		cmocka_unit_test(test_failures_have_a_reason_that_shows_no_value),
		cmocka_unit_test(test_the_environment_itself_knows_files_but_no_variables),
		cmocka_unit_test(test_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
