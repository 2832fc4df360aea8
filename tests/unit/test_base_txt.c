#include "base/txt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include "base/compiler.h"

static void test_words_and_characters(void **state)
{
	struct txt t = txt_str("Host: a");

	(void)state;
	assert_false(txt_word(&t, "host"));
	assert_int_equal(t.left, 7);
	assert_true(txt_word_nocase(&t, "hOST"));
	assert_true(txt_char(&t, ':'));
	assert_false(txt_char(&t, ':'));
	assert_true(txt_word(&t, " a"));
	assert_true(txt_end(&t));
	assert_false(txt_char(&t, '\0'));
	assert_false(txt_word(&t, "a"));
	assert_true(txt_word(&t, ""));
}

static void test_until_and_span(void **state)
{
	struct txt t = txt_str("key=value"), out, empty = txt_init(NULL, 0);

	(void)state;
	assert_false(txt_until(&t, '#', &out));
	assert_int_equal(t.left, 9);
	assert_true(txt_until(&t, '=', &out));
	assert_true(txt_equal(out, "key"));
	out = txt_span(&t, "vlau");
	assert_true(txt_equal(out, "valu"));
	out = txt_span(&t, "x");
	assert_int_equal(out.left, 0);
	assert_true(txt_equal(t, "e"));
	assert_false(txt_until(&empty, 'a', &out));
	t = txt_init("a\0b", 3);
	out = txt_span(&t, "ab");
	assert_int_equal(out.left, 1);
}

static void test_numbers(void **state)
{
	static const struct {
		const char *text;
		uint64_t max;
		bool ok;
		uint64_t value;
		size_t left;
	} cases[] = {
		{"0", 10, true, 0, 0},
		{"7x", 10, true, 7, 1},
		{"10", 10, true, 10, 0},
		{"11", 10, false, 0, 2},
		{"01", 10, false, 0, 2},
		{"00", 10, false, 0, 2},
		{"", 10, false, 0, 0},
		{"-1", 10, false, 0, 2},
		{"+1", 10, false, 0, 2},
		{" 1", 10, false, 0, 2},
		{"18446744073709551615", UINT64_MAX, true, UINT64_MAX, 0},
		{"18446744073709551616", UINT64_MAX, false, 0, 20},
		{"99999999999999999999999", UINT64_MAX, false, 0, 23},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct txt t = txt_str(cases[i].text);
		uint64_t v = 0;

		assert_int_equal(txt_u64(&t, cases[i].max, &v), cases[i].ok);
		assert_true(v == cases[i].value);
		assert_int_equal(t.left, cases[i].left);
	}
}

static void test_trim_and_compare(void **state)
{
	(void)state;
	assert_true(txt_equal(txt_trim(txt_str(" \t a b \t")), "a b"));
	assert_true(txt_equal(txt_trim(txt_str(" \t ")), ""));
	assert_true(txt_equal(txt_trim(txt_init(NULL, 0)), ""));
	assert_false(txt_equal(txt_str("a"), "ab"));
	assert_false(txt_equal(txt_str("ab"), "a"));
	assert_false(txt_equal(txt_str("A"), "a"));
	assert_true(txt_equal_nocase(txt_str("Az[@"), "aZ[@"));
	assert_false(txt_equal_nocase(txt_str("["), "{"));
	assert_int_equal(txt_lower('Z'), 'z');
	assert_int_equal(txt_lower('@'), '@');
}

static void test_copies(void **state)
{
	char buf[4], *dup;

	(void)state;
	assert_true(txt_copy(txt_str("abc"), buf, sizeof(buf)));
	assert_string_equal(buf, "abc");
	assert_false(txt_copy(txt_str("abcd"), buf, sizeof(buf)));
	assert_false(txt_copy(txt_init("a\0b", 3), buf, sizeof(buf)));
	assert_false(txt_copy(txt_str(""), buf, 0));
	assert_true(txt_copy(txt_init(NULL, 0), buf, sizeof(buf)));
	assert_string_equal(buf, "");
	dup = txt_dup(txt_init("xyz", 2));
	assert_string_equal(dup, "xy");
	free(dup);
	dup = txt_dup(txt_init(NULL, 0));
	assert_string_equal(dup, "");
	free(dup);
}

static void test_nearest_name(void **state)
{
	static const char *const names[] = {"PrivateKey", "PublicKey", "MTU", "DNS", "Address"};
	static const struct {
		const char *text, *nearest;
	} cases[] = {
		{"PrivatKey", "PrivateKey"}, {"privatekey", "PrivateKey"}, {"pubkey", "PublicKey"},
		{"mtu", "MTU"},		     {"Adress", "Address"},	   {"Addresses", "Address"},
		{"xyz", NULL},		     {"Completely", NULL},	   {"", NULL},
	};
	char longer[200];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *n = txt_nearest(txt_str(cases[i].text), names, ARRAY_LEN(names));

		if (cases[i].nearest)
			assert_string_equal(n, cases[i].nearest);
		else
			assert_null(n);
	}
	memset(longer, 'a', sizeof(longer));
	assert_null(txt_nearest(txt_init(longer, sizeof(longer)), names, ARRAY_LEN(names)));
	assert_null(txt_nearest(txt_str("MTU"), NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words_and_characters),
		cmocka_unit_test(test_until_and_span),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_trim_and_compare),
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_nearest_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
