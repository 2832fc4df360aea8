#include "base/cause.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void test_each_cause_has_its_own_name_and_text(void **state)
{
	(void)state;
	for (int a = 0; a < CAUSE_COUNT; a++) {
		assert_true(strlen(cause_text((enum cause)a)) > 0);
		assert_string_not_equal(cause_name((enum cause)a), "unknown");
		for (const char *p = cause_name((enum cause)a); *p; p++)
			assert_true(*p == '_' || (*p >= 'a' && *p <= 'z'));
		for (int b = 0; b < a; b++) {
			assert_string_not_equal(cause_name((enum cause)a), cause_name((enum cause)b));
			assert_string_not_equal(cause_text((enum cause)a), cause_text((enum cause)b));
		}
	}
}

static void test_values_outside_the_list_are_unknown(void **state)
{
	(void)state;
	assert_string_equal(cause_name(CAUSE_COUNT), "unknown");
	assert_string_equal(cause_name((enum cause)-1), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_cause_has_its_own_name_and_text),
		cmocka_unit_test(test_values_outside_the_list_are_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
