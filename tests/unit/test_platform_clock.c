/* What io/loop relies on in timerfd and epoll. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define WAIT_MS 20000

static int ep, timer;

static int set_up(void **state)
{
	struct epoll_event ev = {.events = EPOLLIN | EPOLLET};

	(void)state;
	ep = epoll_create1(EPOLL_CLOEXEC);
	timer = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
	return ep < 0 || timer < 0 || epoll_ctl(ep, EPOLL_CTL_ADD, timer, &ev) < 0 ? -1 : 0;
}

static int tear_down(void **state)
{
	(void)state;
	close(timer);
	close(ep);
	return 0;
}

static int64_t boot_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* Sets the timer to `ns` from now, which may be in the past. Returns the deadline. */
static int64_t arm(int64_t ns)
{
	int64_t at = boot_ns() + ns;
	struct itimerspec spec = {.it_value = {at / 1000000000, at % 1000000000}};

	assert_int_equal(timerfd_settime(timer, TFD_TIMER_ABSTIME, &spec, NULL), 0);
	return at;
}

static int wait_ms(int ms)
{
	struct epoll_event ev;

	return epoll_wait(ep, &ev, 1, ms);
}

static void test_expiry_is_reported_once_without_a_read(void **state)
{
	int64_t at = arm(2000000);

	(void)state;
	assert_int_equal(wait_ms(WAIT_MS), 1);
	assert_true(boot_ns() >= at);
	assert_int_equal(wait_ms(0), 0);
}

static void test_setting_it_again_reports_again(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		arm(1000000);
		assert_int_equal(wait_ms(WAIT_MS), 1);
	}
}

static void test_deadline_in_the_past_is_reported_at_once(void **state)
{
	(void)state;
	arm(-1000000000);
	assert_int_equal(wait_ms(WAIT_MS), 1);
}

static void test_setting_it_later_takes_back_an_unreported_expiry(void **state)
{
	int64_t at = arm(1000000);

	(void)state;
	while (boot_ns() < at + 1000000)
		;
	arm(INT64_C(3600000000000));
	assert_int_equal(wait_ms(0), 0);
	arm(1000000);
	assert_int_equal(wait_ms(WAIT_MS), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_expiry_is_reported_once_without_a_read,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_setting_it_again_reports_again, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_deadline_in_the_past_is_reported_at_once,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_setting_it_later_takes_back_an_unreported_expiry, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
