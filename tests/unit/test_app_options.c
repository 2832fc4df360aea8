#include "app/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/err.h"

static int parse(struct options *o, const char *line, char store[256], char *argv[16])
{
	size_t n = 0;

	strcpy(store, line);
	for (char *word = strtok(store, " "); word; word = strtok(NULL, " "))
		argv[n++] = word;
	argv[n] = NULL;
	return options_parse(o, argv);
}

#define PARSE(o, line) parse(o, line, (char[256]){0}, (char *[16]){0})

static void test_options_stand_before_and_after_the_command(void **state)
{
	static const char *const lines[] = {
		"culvert up -c f --log-level debug --log-format json",
		"culvert --log-format=json -cf up --log-level=debug",
		"culvert --config f --log-level DEBUG --log-format JSON up",
		"culvert up --config=f --log-level debug --log-format json --",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		struct options o;

		assert_int_equal(PARSE(&o, lines[i]), 0);
		assert_string_equal(o.command, "up");
		assert_string_equal(o.config, "f");
		assert_true(o.has_level && o.level == LOG_DEBUG);
		assert_true(o.has_format && o.format == LOGSINK_JSON);
		assert_null(o.argv[0]);
	}
}

static void test_options_of_wireproxy(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(PARSE(&o, "culvert -s -d -n -c f"), 0);
	assert_true(o.silent && o.daemon && o.configtest && !o.version);
	assert_null(o.command);
	assert_int_equal(PARSE(&o, "culvert --silent --daemon --configtest --config=f"), 0);
	assert_true(o.silent && o.daemon && o.configtest);
	assert_int_equal(PARSE(&o, "culvert -v"), 0);
	assert_true(o.version && !o.silent && !o.daemon && !o.configtest);
	for (size_t i = 0; i < 3; i++) {
		static const char *const lines[] = {
			"culvert -i a:1", "culvert --info=a:1", "culvert -ia:1 -c f",
		};

		assert_int_equal(PARSE(&o, lines[i]), ERR_SYNTAX);
		assert_non_null(strstr(o.reason, "no status listener yet"));
	}
	assert_int_equal(PARSE(&o, "culvert -sd"), ERR_SYNTAX);
	assert_non_null(strstr(o.reason, "unknown option -sd"));
}

static const char *level_in_env(const char *name)
{
	return strcmp(name, "CULVERT_LOG_LEVEL") == 0 ? "debug" : NULL;
}

static void test_silent_is_the_level_error_unless_one_is_given(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(PARSE(&o, "culvert -s"), 0);
	assert_int_equal(options_apply_env(&o, level_in_env), 0);
	assert_true(o.has_level && o.level == LOG_ERROR);
	assert_int_equal(PARSE(&o, "culvert -s --log-level info"), 0);
	assert_int_equal(options_apply_env(&o, level_in_env), 0);
	assert_int_equal(o.level, LOG_INFO);
}

static void test_a_file_may_follow_up_and_check(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(PARSE(&o, "culvert check f"), 0);
	assert_string_equal(o.config, "f");
	assert_int_equal(PARSE(&o, "culvert up f"), 0);
	assert_string_equal(o.config, "f");
	assert_int_equal(PARSE(&o, "culvert up f g"), ERR_SYNTAX);
	assert_int_equal(PARSE(&o, "culvert up -c f g"), ERR_SYNTAX);
	assert_int_equal(PARSE(&o, "culvert demo f"), ERR_SYNTAX);
}

static void test_run_leaves_the_command_alone(void **state)
{
	static const struct {
		const char *line, *first;
		unsigned count;
	} cases[] = {
		{"culvert run -c f -- cmd -c --log-level x", "cmd", 4},
		{"culvert run -c f cmd --help", "cmd", 2},
		{"culvert -c f run cmd -- --", "cmd", 3},
		{"culvert run -c f -- --help", "--help", 1},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct options o;
		unsigned n = 0;

		assert_int_equal(PARSE(&o, cases[i].line), 0);
		assert_string_equal(o.config, "f");
		assert_false(o.help);
		assert_string_equal(o.argv[0], cases[i].first);
		while (o.argv[n])
			n++;
		assert_int_equal(n, cases[i].count);
	}
}

static void test_mistakes_are_named(void **state)
{
	static const struct {
		const char *line, *want;
	} cases[] = {
		{"culvert up --bogus", "unknown option --bogus"},
		{"culvert up --lgo-level x", "did you mean --log-level?"},
		{"culvert up -x", "unknown option -x"},
		{"culvert up -c", "-c needs a value"},
		{"culvert up --config", "--config needs a value"},
		{"culvert up --config=", "expected the path"},
		{"culvert up --log-level loud", "expected error, warn"},
		{"culvert up --log-format xml", "expected text or json"},
		{"culvert up --once=1", "takes no value"},
		{"culvert demo extra", "unexpected argument \"extra\""},
		{"culvert help up down", "unexpected argument \"down\""},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct options o;

		assert_int_equal(PARSE(&o, cases[i].line), ERR_SYNTAX);
		if (!strstr(o.reason, cases[i].want))
			fail_msg("%s: %s", cases[i].line, o.reason);
	}
}

static void test_flags_and_operands(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(PARSE(&o, "culvert"), 0);
	assert_null(o.command);
	assert_int_equal(PARSE(&o, "culvert --version"), 0);
	assert_true(o.version);
	assert_int_equal(PARSE(&o, "culvert up -h"), 0);
	assert_true(o.help);
	assert_int_equal(PARSE(&o, "culvert demo --once"), 0);
	assert_true(o.once);
	assert_int_equal(PARSE(&o, "culvert help run"), 0);
	assert_string_equal(o.operand, "run");
	assert_int_equal(PARSE(&o, "culvert check -c -"), 0);
	assert_string_equal(o.config, "-");
	assert_int_equal(options_parse(&o, (char *[1]){NULL}), 0);
	assert_null(o.command);
}

static const char *full_env(const char *name)
{
	if (strcmp(name, "CULVERT_CONFIG") == 0)
		return "env.conf";
	if (strcmp(name, "CULVERT_LOG_LEVEL") == 0)
		return "warning";
	return strcmp(name, "CULVERT_LOG_FORMAT") == 0 ? "json" : NULL;
}

static const char *empty_env(const char *name)
{
	(void)name;
	return "";
}

static const char *bad_env(const char *name)
{
	return strcmp(name, "CULVERT_LOG_LEVEL") == 0 ? "loud" : NULL;
}

static void test_the_environment_yields_to_options(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(PARSE(&o, "culvert up"), 0);
	assert_int_equal(options_apply_env(&o, full_env), 0);
	assert_string_equal(o.config, "env.conf");
	assert_true(o.has_level && o.level == LOG_WARN && o.format == LOGSINK_JSON);
	assert_int_equal(PARSE(&o, "culvert up -c f --log-level trace --log-format text"), 0);
	assert_int_equal(options_apply_env(&o, full_env), 0);
	assert_string_equal(o.config, "f");
	assert_true(o.level == LOG_TRACE && o.format == LOGSINK_TEXT);
	assert_int_equal(PARSE(&o, "culvert up"), 0);
	assert_int_equal(options_apply_env(&o, empty_env), 0);
	assert_null(o.config);
	assert_false(o.has_level || o.has_format);
	assert_int_equal(options_apply_env(&o, bad_env), ERR_SYNTAX);
	assert_non_null(strstr(o.reason, "CULVERT_LOG_LEVEL"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_options_stand_before_and_after_the_command),
		cmocka_unit_test(test_options_of_wireproxy),
		cmocka_unit_test(test_silent_is_the_level_error_unless_one_is_given),
		cmocka_unit_test(test_a_file_may_follow_up_and_check),
		cmocka_unit_test(test_run_leaves_the_command_alone),
		cmocka_unit_test(test_mistakes_are_named),
		cmocka_unit_test(test_flags_and_operands),
		cmocka_unit_test(test_the_environment_yields_to_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
