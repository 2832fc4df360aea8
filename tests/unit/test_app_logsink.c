#include "app/logsink.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/compiler.h"

/* 2026-11-23T14:00:00.123Z */
static const struct wall_time when = {1795442400, 123456789};

static void test_text_lines(void **state)
{
	static const char *const want[] = {
		"2026-11-23T14:00:00.123Z ERROR hello\n", "2026-11-23T14:00:00.123Z WARN  hello\n",
		"2026-11-23T14:00:00.123Z INFO  hello\n", "2026-11-23T14:00:00.123Z DEBUG hello\n",
		"2026-11-23T14:00:00.123Z TRACE hello\n",
	};
	char out[LOGSINK_LINE_MAX];

	(void)state;
	for (unsigned level = LOG_ERROR; level <= LOG_TRACE; level++) {
		size_t len = logsink_format_line(LOGSINK_TEXT, when, (enum log_level)level, "hello",
						 out);

		assert_int_equal(len, strlen(want[level]));
		assert_memory_equal(out, want[level], len);
	}
}

static void test_json_escapes(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"plain", "plain"},
		{"a\"b\\c", "a\\\"b\\\\c"},
		{"\x01\x1f\x7f", "\\u0001\\u001f\\u007f"},
		{"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"},
		{"\xe2\x82\xac", "\xe2\x82\xac"},
		{"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
		{"\xff", "\\ufffd"},
		{"\x80x", "\\ufffdx"},
		{"\xc3", "\\ufffd"},
		{"\xc3x", "\\ufffdx"},
		{"\xc0\xaf", "\\ufffd\\ufffd"},		/* overlong */
		{"\xe0\x80\x80", "\\ufffd\\ufffd\\ufffd"},
		{"\xed\xa0\x80", "\\ufffd\\ufffd\\ufffd"},	/* surrogate */
		{"\xf0\x9f\x98", "\\ufffd\\ufffd\\ufffd"},	/* cut */
		{"\xf4\x90\x80\x80", "\\ufffd\\ufffd\\ufffd\\ufffd"},
	};
	static const char head[] =
		"{\"time\":\"2026-11-23T14:00:00.123Z\",\"level\":\"warn\",\"msg\":\"";
	char out[LOGSINK_LINE_MAX], want[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		size_t len = logsink_format_line(LOGSINK_JSON, when, LOG_WARN, cases[i].text, out);

		strcpy(want, head);
		strcat(want, cases[i].want);
		strcat(want, "\"}\n");
		assert_int_equal(len, strlen(want));
		assert_memory_equal(out, want, len);
	}
}

static void test_the_longest_line_fits_when_all_of_it_is_escaped(void **state)
{
	char line[LOG_LINE_MAX], out[LOGSINK_LINE_MAX];
	size_t len;

	(void)state;
	memset(line, 0xff, sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	len = logsink_format_line(LOGSINK_JSON, when, LOG_ERROR, line, out);
	assert_true(len > 6 * (LOG_LINE_MAX - 1));
	assert_int_equal(out[len - 1], '\n');
}

static void test_times_that_no_calendar_knows_stay_in_shape(void **state)
{
	static const struct wall_time times[] = {
		{0, 0}, {UINT64_MAX, UINT32_MAX}, {253402300800, 0},
	};
	char out[LOGSINK_LINE_MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(times); i++)
		assert_int_equal(logsink_format_line(LOGSINK_TEXT, times[i], LOG_INFO, "x", out),
				 strlen("1970-01-01T00:00:00.000Z INFO  x\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_lines),
		cmocka_unit_test(test_json_escapes),
		cmocka_unit_test(test_the_longest_line_fits_when_all_of_it_is_escaped),
		cmocka_unit_test(test_times_that_no_calendar_knows_stay_in_shape),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
