#include "fixture.h"

#include <stdlib.h>

int main(void)
{
	SRunner *runner = srunner_create(windows_suite());
	int failed;

	srunner_add_suite(runner, hash_suite());
	srunner_add_suite(runner, send_suite());
	srunner_add_suite(runner, timers_suite());
	srunner_add_suite(runner, icmp_suite());
	srunner_add_suite(runner, hostile_suite());
	srunner_add_suite(runner, ports_suite());
	srunner_add_suite(runner, receive_suite());
	srunner_add_suite(runner, peer_safety_suite());
	srunner_add_suite(runner, recovery_suite());
	srunner_add_suite(runner, sack_suite());
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
