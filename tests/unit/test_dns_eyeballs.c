#include "dns/eyeballs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include "base/compiler.h"

static const struct boot_time start = {NS_PER_S};

static struct addr make(enum addr_family family, uint8_t last)
{
	const uint8_t v4[4] = {10, 0, 0, last}, v6[16] = {0xfd, [15] = last};

	return family == ADDR_V4 ? addr_v4(v4) : addr_v6(v6);
}

static struct boot_time at(uint64_t ms)
{
	return boot_add_ms(start, ms);
}

static void add(struct dns_eyeballs *e, uint64_t ms, enum addr_family family, size_t count)
{
	struct addr addrs[20];

	for (size_t i = 0; i < count; i++)
		addrs[i] = make(family, (uint8_t)(i + 1));
	dns_eyeballs_add(e, at(ms), family, addrs, count);
}

/* The next attempt at `ms`: family and number as 61, 41, ...; 0: none. */
static int next(struct dns_eyeballs *e, uint64_t ms)
{
	struct addr a;

	if (!dns_eyeballs_next(e, at(ms), &a))
		return 0;
	return a.family == ADDR_V6 ? 60 + a.bytes[15] : 40 + a.bytes[3];
}

static uint64_t deadline_ms(const struct dns_eyeballs *e)
{
	struct boot_time t = dns_eyeballs_deadline(e);

	return t.ns == BOOT_NEVER.ns ? UINT64_MAX : boot_since_ms(t, start);
}

static void test_ipv6_starts_at_once_and_families_take_turns(void **state)
{
	static const int order[] = {61, 41, 62, 42, 63};
	struct dns_eyeballs e;

	(void)state;
	dns_eyeballs_init(&e, start);
	assert_true(deadline_ms(&e) == UINT64_MAX);
	assert_int_equal(next(&e, 0), 0);
	add(&e, 10, ADDR_V6, 3);
	add(&e, 10, ADDR_V4, 2);
	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		uint64_t due = 10 + i * DNS_ATTEMPT_DELAY_MS;

		if (i) {
			assert_true(deadline_ms(&e) == due);
			assert_int_equal(next(&e, due - 1), 0);
		}
		assert_false(dns_eyeballs_exhausted(&e));
		assert_int_equal(next(&e, due), order[i]);
		assert_int_equal(next(&e, due), 0);
	}
	assert_true(dns_eyeballs_exhausted(&e));
	assert_true(deadline_ms(&e) == UINT64_MAX);
}

static void test_ipv4_waits_the_resolution_delay(void **state)
{
	struct dns_eyeballs e;

	(void)state;
	dns_eyeballs_init(&e, start);
	add(&e, 20, ADDR_V4, 1);
	assert_true(deadline_ms(&e) == 20 + DNS_RESOLUTION_DELAY_MS);
	assert_int_equal(next(&e, 69), 0);
	assert_int_equal(next(&e, 70), 41);
	assert_false(dns_eyeballs_exhausted(&e));
	add(&e, 100, ADDR_V6, 1);
	assert_int_equal(next(&e, 319), 0);
	assert_int_equal(next(&e, 320), 61);
	assert_true(dns_eyeballs_exhausted(&e));
}

static void test_ipv6_within_the_delay_goes_first(void **state)
{
	struct dns_eyeballs e;

	(void)state;
	dns_eyeballs_init(&e, start);
	add(&e, 20, ADDR_V4, 1);
	assert_int_equal(next(&e, 40), 0);
	add(&e, 45, ADDR_V6, 1);
	assert_int_equal(next(&e, 45), 61);
	assert_int_equal(next(&e, 295), 41);
}

static void test_no_ipv6_means_no_delay(void **state)
{
	struct dns_eyeballs e;

	(void)state;
	dns_eyeballs_init(&e, start);
	add(&e, 5, ADDR_V6, 0);
	add(&e, 6, ADDR_V4, 1);
	assert_int_equal(next(&e, 6), 41);
	dns_eyeballs_init(&e, start);
	add(&e, 6, ADDR_V4, 1);
	add(&e, 7, ADDR_V6, 0);
	assert_int_equal(next(&e, 7), 41);
	dns_eyeballs_init(&e, start);
	add(&e, 6, ADDR_V4, 1);
	dns_eyeballs_resolved(&e, at(6));
	assert_int_equal(next(&e, 6), 41);
	assert_true(dns_eyeballs_exhausted(&e));
}

static void test_failure_starts_the_next_at_once(void **state)
{
	struct dns_eyeballs e;

	(void)state;
	dns_eyeballs_init(&e, start);
	add(&e, 0, ADDR_V6, 2);
	assert_int_equal(next(&e, 0), 61);
	dns_eyeballs_attempt_failed(&e, at(10));
	assert_true(deadline_ms(&e) == 10);
	assert_int_equal(next(&e, 10), 62);
	dns_eyeballs_attempt_failed(&e, at(20));
	assert_int_equal(next(&e, 20), 0);
	assert_false(dns_eyeballs_exhausted(&e));
	add(&e, 30, ADDR_V4, 1);
	assert_int_equal(next(&e, 30), 41);
	assert_true(dns_eyeballs_exhausted(&e));
}

static void test_failure_does_not_cut_the_resolution_delay(void **state)
{
	struct dns_eyeballs e;

	(void)state;
	dns_eyeballs_init(&e, start);
	add(&e, 0, ADDR_V4, 1);
	dns_eyeballs_attempt_failed(&e, at(10));
	assert_int_equal(next(&e, 10), 0);
	assert_int_equal(next(&e, 50), 41);
}

static void test_nothing_at_all_is_exhausted(void **state)
{
	struct dns_eyeballs e;

	(void)state;
	dns_eyeballs_init(&e, start);
	assert_false(dns_eyeballs_exhausted(&e));
	add(&e, 0, ADDR_V4, 0);
	assert_false(dns_eyeballs_exhausted(&e));
	add(&e, 0, ADDR_V6, 0);
	assert_true(dns_eyeballs_exhausted(&e));
	dns_eyeballs_init(&e, start);
	dns_eyeballs_resolved(&e, start);
	assert_true(dns_eyeballs_exhausted(&e));
}

static void test_addresses_are_bounded_and_unique(void **state)
{
	struct dns_eyeballs e;
	struct addr twice[3] = {make(ADDR_V4, 1), make(ADDR_V4, 1), make(ADDR_V6, 1)};
	unsigned count = 0;

	(void)state;
	dns_eyeballs_init(&e, start);
	dns_eyeballs_add(&e, start, ADDR_V4, twice, 3);
	dns_eyeballs_resolved(&e, start);
	assert_int_equal(next(&e, 0), 41);
	assert_true(dns_eyeballs_exhausted(&e));
	dns_eyeballs_init(&e, start);
	add(&e, 0, ADDR_V6, 20);
	add(&e, 0, ADDR_V4, 20);
	for (uint64_t ms = 0; !dns_eyeballs_exhausted(&e); ms += DNS_ATTEMPT_DELAY_MS)
		count += next(&e, ms) != 0;
	assert_int_equal(count, 2 * DNS_EYEBALLS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ipv6_starts_at_once_and_families_take_turns),
		cmocka_unit_test(test_ipv4_waits_the_resolution_delay),
		cmocka_unit_test(test_ipv6_within_the_delay_goes_first),
		cmocka_unit_test(test_no_ipv6_means_no_delay),
		cmocka_unit_test(test_failure_starts_the_next_at_once),
		cmocka_unit_test(test_failure_does_not_cut_the_resolution_delay),
		cmocka_unit_test(test_nothing_at_all_is_exhausted),
		cmocka_unit_test(test_addresses_are_bounded_and_unique),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
