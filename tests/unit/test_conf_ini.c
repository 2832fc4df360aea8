#include "conf/ini.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"

struct parsed {
	struct ini ini;
	struct problems problems;
};

static void parse(struct parsed *p, const char *text, size_t len)
{
	problems_init(&p->problems);
	assert_int_equal(ini_parse(&p->ini, txt_init(text, len), "f", 0, &p->problems), 0);
}

static void parse_str(struct parsed *p, const char *text)
{
	parse(p, text, strlen(text));
}

static void release(struct parsed *p)
{
	ini_fini(&p->ini);
	problems_fini(&p->problems);
}

static void assert_txt(struct txt t, const char *want)
{
	if (!txt_equal(t, want))
		fail_msg("\"%.*s\" is not \"%s\"", (int)t.left, t.p, want);
}

static void test_sections_and_keys_have_their_lines(void **state)
{
	struct parsed p;

	(void)state;
	parse_str(&p, "a = 1\n\n[One]\nb=2\nc : 3\n[ Two ]\n");
	assert_int_equal(p.problems.count, 0);
	assert_int_equal(p.ini.section_count, 3);
	assert_int_equal(p.ini.key_count, 3);
	assert_txt(p.ini.sections[0].name, "");
	assert_int_equal(p.ini.sections[0].key_count, 1);
	assert_txt(p.ini.sections[1].name, "One");
	assert_int_equal(p.ini.sections[1].line, 3);
	assert_int_equal(p.ini.sections[1].first_key, 1);
	assert_int_equal(p.ini.sections[1].key_count, 2);
	assert_txt(p.ini.sections[2].name, "Two");
	assert_txt(p.ini.keys[2].name, "c");
	assert_int_equal(p.ini.keys[2].line, 5);
	release(&p);
}

static void test_values(void **state)
{
	static const struct {
		const char *line, *value;
	} cases[] = {
		{"k=v", "v"},
		{"k =  v w\t", "v w"},
		{"k = a#b;c", "a#b;c"},
		{"k = a # b", "a # b"},
		{"k = a=b:c", "a=b:c"},
		{"k = \" a \"", " a "},
		{"k = ' a '", " a "},
		{"k = \"a\"b\"", "\"a\"b\""},
		{"k = \"a'", "\"a'"},
		{"k = \"", "\""},
		{"k = \"\"", ""},
		{"k =", ""},
		{"  k = v  ", "v"},
		{"k = v\r", "v"},
		{"\xef\xbb\xbfk = v", "v"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct parsed p;

		parse_str(&p, cases[i].line);
		assert_int_equal(p.problems.count, 0);
		assert_int_equal(p.ini.key_count, 1);
		assert_txt(p.ini.keys[0].name, "k");
		assert_txt(p.ini.keys[0].value, cases[i].value);
		release(&p);
	}
}

static void test_comments_and_blank_lines_hold_nothing(void **state)
{
	struct parsed p;

	(void)state;
	parse_str(&p, "# a = 1\n; b = 2\n   # c = 3\n\r\n\t\n");
	assert_int_equal(p.problems.count, 0);
	assert_int_equal(p.ini.key_count, 0);
	assert_int_equal(p.ini.section_count, 1);
	release(&p);
}

static void test_malformed_lines_are_named_by_line_and_skipped(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		const char *want;
	} cases[] = {
		{"[One", 0, "f:1: malformed section line"},
		{"[]", 0, "f:1: malformed section line"},
		{"[One] more", 0, "f:1: text after the section's name"},
		{"\nsecretsecret", 0, "f:2: malformed line; expected"},
		{"garbage line", 0, "f:1: malformed line with \"garbage\""},
		{"se/cret word", 0, "f:1: malformed line with this name"},
		{"= value", 0, "f:1: malformed line"},
		{"k = a\0b", 7, "f:1: NUL byte"},
		{"\xff\xfek\0=\0", 6, "f: the file is UTF-16"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct parsed p;

		parse(&p, cases[i].text, cases[i].len ? cases[i].len : strlen(cases[i].text));
		assert_int_equal(p.problems.errors, 1);
		assert_int_equal(p.problems.count, 1);
		assert_memory_equal(p.problems.items[0].text, cases[i].want, strlen(cases[i].want));
		assert_null(strstr(p.problems.items[0].text, "secret"));
		/* A first word stays, for whoever looks what was meant. */
		for (size_t j = 0; j < p.ini.key_count; j++)
			assert_true(p.ini.keys[j].malformed && !p.ini.keys[j].value.left);
		release(&p);
	}
}

static void test_a_comment_may_follow_a_section_name(void **state)
{
	struct parsed p;

	(void)state;
	parse_str(&p, "[Peer] # laptop\n[Peer];x\n");
	assert_int_equal(p.problems.count, 0);
	assert_int_equal(p.ini.section_count, 3);
	release(&p);
}

static void test_the_longest_line_passes_and_a_longer_one_does_not(void **state)
{
	char *line = malloc(INI_LINE_MAX + 1);
	struct parsed p;

	(void)state;
	assert_non_null(line);
	memset(line, 'v', INI_LINE_MAX + 1);
	memcpy(line, "k=", 2);
	parse(&p, line, INI_LINE_MAX);
	assert_int_equal(p.problems.count, 0);
	assert_int_equal(p.ini.keys[0].value.left, INI_LINE_MAX - 2);
	release(&p);
	parse(&p, line, INI_LINE_MAX + 1);
	assert_int_equal(p.problems.errors, 1);
	release(&p);
	free(line);
}

static void test_problems_are_bounded_and_counted(void **state)
{
	char text[2 * (PROBLEMS_MAX + 50)];
	struct parsed p;

	(void)state;
	for (size_t i = 0; i < sizeof(text); i += 2)
		memcpy(text + i, "x\n", 2);
	parse(&p, text, sizeof(text));
	assert_int_equal(p.problems.count, PROBLEMS_MAX);
	assert_int_equal(p.problems.errors, PROBLEMS_MAX + 50);
	assert_int_equal(p.problems.dropped, 50);
	release(&p);
}

static void test_every_truncation_is_parsed(void **state)
{
	static const char text[] = "\xef\xbb\xbf# c\r\nWGConfig = x\r\n[Interface]\r\n"
				   "PrivateKey = \"$K\"\r\n\r\n[Peer] ; p\nEndpoint: [::1]:1";

	(void)state;
	for (size_t len = 0; len <= sizeof(text) - 1; len++) {
		/* An exact copy, so that a sanitizer sees a read beyond it. */
		char *copy = malloc(len ? len : 1);
		struct parsed p;

		assert_non_null(copy);
		memcpy(copy, text, len);
		parse(&p, copy, len);
		assert_true(p.problems.count <= 1);
		release(&p);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sections_and_keys_have_their_lines),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_comments_and_blank_lines_hold_nothing),
		cmocka_unit_test(test_malformed_lines_are_named_by_line_and_skipped),
		cmocka_unit_test(test_a_comment_may_follow_a_section_name),
		cmocka_unit_test(test_the_longest_line_passes_and_a_longer_one_does_not),
		cmocka_unit_test(test_problems_are_bounded_and_counted),
		cmocka_unit_test(test_every_truncation_is_parsed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
