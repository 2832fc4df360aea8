#include "proxy/guesses.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static struct guesses g;
static struct boot_time now;

static int set_up(void **state)
{
	(void)state;
	memset(&g, 0, sizeof(g));
	now = (struct boot_time){1000 * NS_PER_S};
	return 0;
}

static struct addr at(const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(&a, text, strlen(text)), 0);
	return a;
}

/* Milliseconds until the answer. */
static uint64_t wrong(const char *from, unsigned nth)
{
	struct addr a = {.family = ADDR_NONE};

	if (from)
		a = at(from);
	return boot_since_ms(guesses_wrong(&g, now, &a, nth), now);
}

static void pass(uint64_t ms)
{
	now = boot_add_ms(now, ms);
}

static void test_delay_doubles_per_source(void **state)
{
	static const uint64_t delays[] = {100, 200, 400, 800, 1600, 2000, 2000, 2000};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(delays); i++) {
		/* Each on a connection of its own, after the answer to the one before. */
		assert_int_equal(wrong("192.0.2.1", 1), delays[i]);
		pass(delays[i]);
	}
	assert_int_equal(wrong("192.0.2.2", 1), 100);
	assert_int_equal(wrong("::ffff:192.0.2.1", 1), 2000);
	assert_int_equal(g.wrong, ARRAY_LEN(delays) + 2);
}

static void test_parallel_ones_wait_for_one_another(void **state)
{
	(void)state;
	assert_int_equal(wrong("192.0.2.1", 1), 100);
	assert_int_equal(wrong("192.0.2.1", 1), 300);
	assert_int_equal(wrong("192.0.2.1", 1), 700);
	for (unsigned i = 0; i < 100; i++)
		(void)wrong("192.0.2.1", 1);
	assert_int_equal(wrong("192.0.2.1", 1), GUESSES_WAIT_MAX_MS);
	assert_int_equal(wrong("192.0.2.3", 1), 100);
}

static void test_ipv6_sources_are_networks(void **state)
{
	(void)state;
	assert_int_equal(wrong("2001:db8:1:2::1", 1), 100);
	pass(1000);
	assert_int_equal(wrong("2001:db8:1:2:ffff:ffff:ffff:ffff", 1), 200);
	assert_int_equal(wrong("2001:db8:1:3::1", 1), 100);
}

static void test_a_source_is_forgotten(void **state)
{
	(void)state;
	(void)wrong("192.0.2.1", 1);
	pass(GUESSES_FORGET_MS - 1);
	assert_int_equal(wrong("192.0.2.1", 1), 200);
	pass(GUESSES_FORGET_MS);
	assert_int_equal(wrong("192.0.2.1", 1), 100);
}

static void check_common(const char *from)
{
	memset(&g, 0, sizeof(g));
	pass(GUESSES_FORGET_MS);
	/* A connection's own count. */
	assert_int_equal(wrong(from, 1), 100);
	pass(1000);
	assert_int_equal(wrong(from, 2), 200);
	pass(1000);
	assert_int_equal(wrong(from, 3), 400);
	pass(1000);
	assert_int_equal(wrong(from, 1), 100);
	/* Many connections at once: ten answers a second, together. */
	for (unsigned i = 2; i <= 50; i++)
		assert_int_equal(wrong(from, 1), 100 + (i - 1) * GUESSES_COMMON_GAP_MS);
	for (unsigned i = 0; i < 1000; i++)
		(void)wrong(from, 1);
	assert_int_equal(wrong(from, 1), GUESSES_WAIT_MAX_MS);
}

static void test_loopback_and_unix_share_a_rate(void **state)
{
	(void)state;
	check_common("127.0.0.1");
	check_common("127.9.9.9");
	check_common("::1");
	check_common(NULL);
	/* Together. */
	memset(&g, 0, sizeof(g));
	assert_int_equal(wrong("127.0.0.1", 1), 100);
	assert_int_equal(wrong(NULL, 1), 200);
	/* Others are not concerned. */
	assert_int_equal(wrong("192.0.2.1", 1), 100);
}

static void test_the_table_is_bounded_and_not_washed_out(void **state)
{
	char text[32];

	(void)state;
	assert_int_equal(wrong("192.0.2.1", 1), 100);
	for (unsigned i = 1; i < GUESSES_SOURCES_MAX; i++) {
		snprintf(text, sizeof(text), "10.0.%u.%u", i / 256, i % 256);
		assert_int_equal(wrong(text, 1), 100);
	}
	/* One more has no entry and shares the common rate with the next. */
	assert_int_equal(wrong("10.1.0.1", 1), 100);
	assert_int_equal(wrong("10.1.0.2", 1), 200);
	pass(1000);
	assert_int_equal(wrong("192.0.2.1", 1), 200);
	/* Room again. */
	pass(GUESSES_FORGET_MS - 1000);
	assert_int_equal(wrong("10.1.0.1", 1), 100);
	pass(100);
	assert_int_equal(wrong("10.1.0.1", 1), 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_delay_doubles_per_source, set_up),
		cmocka_unit_test_setup(test_parallel_ones_wait_for_one_another, set_up),
		cmocka_unit_test_setup(test_ipv6_sources_are_networks, set_up),
		cmocka_unit_test_setup(test_a_source_is_forgotten, set_up),
		cmocka_unit_test_setup(test_loopback_and_unix_share_a_rate, set_up),
		cmocka_unit_test_setup(test_the_table_is_bounded_and_not_washed_out, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
