#include "base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

struct capture {
	unsigned count;
	enum log_level level;
	char line[LOG_LINE_MAX + 1];
};

static void capture_line(void *ctx, enum log_level level, const char *line)
{
	struct capture *c = ctx;

	c->count++;
	c->level = level;
	(void)snprintf(c->line, sizeof(c->line), "%s", line);
}

static void test_level_filters(void **state)
{
	struct capture c = {0};

	(void)state;
	log_init(capture_line, &c, LOG_WARN);
	log_error("a %d", 1);
	assert_string_equal(c.line, "a 1");
	assert_int_equal(c.level, LOG_ERROR);
	log_warn("b");
	log_info("c");
	log_debug("d");
	log_trace("e");
	assert_int_equal(c.count, 2);
	log_set_level(LOG_TRACE);
	assert_true(log_enabled(LOG_TRACE));
	log_debug("%s", "d");
	log_trace("e");
	assert_int_equal(c.count, 4);
	log_init(NULL, NULL, LOG_TRACE);
	assert_false(log_enabled(LOG_ERROR));
	log_error("nowhere");
	assert_int_equal(c.count, 4);
}

static void test_foreign_text_cannot_break_the_line(void **state)
{
	struct capture c = {0};

	(void)state;
	log_init(capture_line, &c, LOG_INFO);
	log_info("host %s", "a\nb\x1b[2J\x7f\xc3\xa9");
	assert_string_equal(c.line, "host a?b?[2J?\xc3\xa9");
}

static void test_long_lines_are_cut(void **state)
{
	struct capture c = {0};
	char text[2 * LOG_LINE_MAX];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	log_init(capture_line, &c, LOG_INFO);
	log_info("%s", text);
	assert_int_equal(strlen(c.line), LOG_LINE_MAX - 1);
}

static void test_levels_have_names(void **state)
{
	(void)state;
	assert_string_equal(log_level_name(LOG_ERROR), "error");
	assert_string_equal(log_level_name(LOG_WARN), "warn");
	assert_string_equal(log_level_name(LOG_INFO), "info");
	assert_string_equal(log_level_name(LOG_DEBUG), "debug");
	assert_string_equal(log_level_name(LOG_TRACE), "trace");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_level_filters),
		cmocka_unit_test(test_foreign_text_cannot_break_the_line),
		cmocka_unit_test(test_long_lines_are_cut),
		cmocka_unit_test(test_levels_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
