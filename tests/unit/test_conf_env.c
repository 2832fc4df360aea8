#include "conf/env.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"

static void test_which_variables_make_a_configuration(void **state)
{
	static const struct {
		const char *entry;
		bool want;
	} cases[] = {
		{"CULVERT_PRIVATE_KEY=x", true}, {"CULVERT_ADDRESS=x", true},
		{"CULVERT_PEER_PUBLIC_KEY=x", true}, {"CULVERT_ADDRESS=", false},
		{"CULVERT_LOG_LEVEL=x", false}, {"XCULVERT_ADDRESS=x", false}, {"CULVERT_", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char entry[64], home[] = "HOME=/";
		char *const environment[] = {home, entry, NULL};

		strcpy(entry, cases[i].entry);
		assert_int_equal(env_configures(environment), cases[i].want);
	}
}

static void test_misspelt_variables_draw_a_warning(void **state)
{
	static const struct {
		const char *entry, *want;
	} cases[] = {
		{"CULVERT_ADRESS=x", "CULVERT_ADRESS: unknown variable, ignored. Did you mean "
				     "\"CULVERT_ADDRESS\"?"},
		{"CULVERT_SOCKS=x", "CULVERT_SOCKS5"},
		{"CULVERT_PEER_PUBLICKEY=x", "CULVERT_PEER_PUBLIC_KEY"},
		{"CULVERT_ADDRESS=x", NULL}, {"CULVERT_LOG_LEVEL=x", NULL},
		{"CULVERT_SERVE=x", NULL},
		/* What Kubernetes sets for a service of the name culvert. */
		{"CULVERT_SERVICE_HOST=10.0.0.1", NULL}, {"CULVERT_PORT=tcp://10.0.0.1:80", NULL},
		{"CULVERT_PORT_80_TCP_ADDR=10.0.0.1", NULL},
		{"CULVERT_SOMETHING_ELSE=x", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char entry[64];
		char *const environment[] = {entry, NULL};
		struct problems problems;

		strcpy(entry, cases[i].entry);
		problems_init(&problems);
		env_check_names(environment, &problems);
		assert_int_equal(problems.errors, 0);
		if (problems.count != (cases[i].want ? 1 : 0))
			fail_msg("%s", cases[i].entry);
		if (cases[i].want)
			assert_non_null(strstr(problems.items[0].text, cases[i].want));
		problems_fini(&problems);
	}
}

static void test_secrets_leave_the_environment(void **state)
{
	(void)state;
	setenv("CULVERT_PRIVATE_KEY", "x", 1);
	setenv("CULVERT_PEER_PRESHARED_KEY", "x", 1);
	setenv("CULVERT_PASSWORD", "x", 1);
	setenv("CULVERT_ADDRESS", "x", 1);
	env_remove_secrets();
	assert_null(getenv("CULVERT_PRIVATE_KEY"));
	assert_null(getenv("CULVERT_PEER_PRESHARED_KEY"));
	assert_null(getenv("CULVERT_PASSWORD"));
	assert_non_null(getenv("CULVERT_ADDRESS"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_which_variables_make_a_configuration),
		cmocka_unit_test(test_misspelt_variables_draw_a_warning),
		cmocka_unit_test(test_secrets_leave_the_environment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
