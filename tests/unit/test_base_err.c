#include "base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <limits.h>
#include <string.h>
#include "base/compiler.h"

static void test_each_error_has_its_own_text(void **state)
{
	(void)state;
	for (int a = 0; a >= ERR_ISDIR; a--) {
		assert_true(strlen(err_text(a)) > 0);
		assert_string_not_equal(err_text(a), "unknown error");
		for (int b = 0; b > a; b--)
			assert_string_not_equal(err_text(a), err_text(b));
	}
}

static void test_values_outside_the_list_are_unknown(void **state)
{
	static const int values[] = {1, 77, INT_MAX, ERR_ISDIR - 1, INT_MIN};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		assert_string_equal(err_text(values[i]), "unknown error");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_error_has_its_own_text),
		cmocka_unit_test(test_values_outside_the_list_are_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
