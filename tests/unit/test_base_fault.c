#include "base/fault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"

static void test_a_fault_says_one_thing(void **state)
{
	struct fault f = {.cannot_bind = true};

	(void)state;
	fault_set_cause(&f, CAUSE_REFUSED, "cannot connect to %s", "a:1");
	assert_int_equal(f.err, 0);
	assert_int_equal(f.cause, CAUSE_REFUSED);
	assert_false(f.cannot_bind);
	assert_string_equal(f.text, "cannot connect to a:1");
	f.cannot_bind = true;
	assert_int_equal(fault_set(&f, ERR_NOMEM, "cannot start: %s", err_text(ERR_NOMEM)), ERR_NOMEM);
	assert_int_equal(f.err, ERR_NOMEM);
	assert_int_equal(f.cause, CAUSE_OK);
	assert_false(f.cannot_bind);
	assert_string_equal(f.text, "cannot start: out of memory");
}

static void test_a_long_text_is_cut(void **state)
{
	struct fault f;
	char text[FAULT_TEXT_MAX + 10];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(fault_set(&f, ERR_IO, "%s", text), ERR_IO);
	assert_int_equal(strlen(f.text), FAULT_TEXT_MAX - 1);
	fault_set_cause(&f, CAUSE_RESET, "%s", text);
	assert_int_equal(strlen(f.text), FAULT_TEXT_MAX - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_fault_says_one_thing),
		cmocka_unit_test(test_a_long_text_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
