#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "wg/admission.h"

static struct boot_time at_ms(uint64_t ms)
{
	return boot_add_ms((struct boot_time){1}, 1000000 + ms);
}

static struct addr v4(uint32_t host)
{
	const uint8_t b[4] = {(uint8_t)(host >> 24), (uint8_t)(host >> 16), (uint8_t)(host >> 8),
			      (uint8_t)host};

	return addr_v4(b);
}

static void begin(struct wg_admission *a, struct rng_seeded *seeded)
{
	struct rng rng = rng_seeded_init(seeded, 1);

	wg_admission_init(a, &rng);
}

static void test_load_begins_above_the_rate_and_sticks_for_a_second(void **state)
{
	struct rng_seeded seeded;
	struct wg_admission a;
	unsigned i;

	(void)state;
	begin(&a, &seeded);
	for (i = 0; i < WG_LOAD_PER_S; i++)
		assert_false(wg_admission_load(&a, at_ms(i)));
	assert_true(wg_admission_load(&a, at_ms(300)));
	assert_true(wg_admission_load(&a, at_ms(1200)));
	assert_false(wg_admission_load(&a, at_ms(1301)));
	wg_admission_fini(&a);
}

static void test_moderate_rates_never_count_as_load(void **state)
{
	struct rng_seeded seeded;
	struct wg_admission a;
	unsigned i;

	(void)state;
	begin(&a, &seeded);
	for (i = 0; i < 20000; i++)
		assert_false(wg_admission_load(&a, at_ms(i * 4)));
	wg_admission_fini(&a);
}

static void test_source_has_a_burst_then_a_rate(void **state)
{
	struct rng_seeded seeded;
	struct wg_admission a;
	struct addr src = v4(0x0a000001), other = v4(0x0a000002);
	unsigned i, passed = 0;

	(void)state;
	begin(&a, &seeded);
	for (i = 0; i < WG_SOURCE_BURST; i++)
		assert_true(wg_admission_take(&a, at_ms(0), &src));
	assert_false(wg_admission_take(&a, at_ms(0), &src));
	assert_true(wg_admission_take(&a, at_ms(0), &other));
	assert_false(wg_admission_take(&a, at_ms(49), &src));
	assert_true(wg_admission_take(&a, at_ms(50), &src));
	assert_false(wg_admission_take(&a, at_ms(50), &src));
	for (i = 0; i < 10000; i++)
		passed += wg_admission_take(&a, at_ms(1000 + i), &src);
	assert_in_range(passed, 200, 200 + WG_SOURCE_BURST);
	wg_admission_fini(&a);
}

static void test_ipv6_sources_count_by_64_bits(void **state)
{
	uint8_t bytes[16] = {0x20, 1, 0xd, 0xb8};
	struct rng_seeded seeded;
	struct wg_admission a;
	struct addr src;
	unsigned i;

	(void)state;
	begin(&a, &seeded);
	for (i = 0; i < WG_SOURCE_BURST; i++) {
		bytes[15] = (uint8_t)i;
		src = addr_v6(bytes);
		assert_true(wg_admission_take(&a, at_ms(0), &src));
	}
	bytes[8] = 9;
	src = addr_v6(bytes);
	assert_false(wg_admission_take(&a, at_ms(0), &src));
	bytes[7] = 1;
	src = addr_v6(bytes);
	assert_true(wg_admission_take(&a, at_ms(0), &src));
	wg_admission_fini(&a);
}

/* A full table refuses newcomers, keeps those it has, and is usable again when buckets are full. */
static void test_each_path_has_a_rate_of_its_own(void **state)
{
	struct addr path = addr_path(0x0a000001), next = addr_path(0x0a000002), same_bytes = v4(0x0a000001);
	struct rng_seeded seeded;
	struct wg_admission a;

	(void)state;
	begin(&a, &seeded);
	for (unsigned i = 0; i < WG_SOURCE_BURST; i++)
		assert_true(wg_admission_take(&a, at_ms(0), &path));
	assert_false(wg_admission_take(&a, at_ms(0), &path));
	assert_true(wg_admission_take(&a, at_ms(0), &next));
	assert_true(wg_admission_take(&a, at_ms(0), &same_bytes));
	wg_admission_fini(&a);
}

static void test_table_is_bounded_and_recovers(void **state)
{
	struct rng_seeded seeded;
	struct wg_admission a;
	struct addr src;
	unsigned i, passed = 0;

	(void)state;
	begin(&a, &seeded);
	for (i = 0; i < 20000; i++) {
		src = v4(i);
		passed += wg_admission_take(&a, at_ms(0), &src);
	}
	assert_in_range(passed, WG_SOURCE_SETS, WG_SOURCE_SETS * WG_SOURCE_WAYS);
	src = v4(0);
	assert_true(wg_admission_take(&a, at_ms(0), &src));
	src = v4(0xffffff);
	assert_true(wg_admission_take(&a, at_ms(300), &src));
	wg_admission_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_load_begins_above_the_rate_and_sticks_for_a_second),
		cmocka_unit_test(test_moderate_rates_never_count_as_load),
		cmocka_unit_test(test_source_has_a_burst_then_a_rate),
		cmocka_unit_test(test_ipv6_sources_count_by_64_bits),
		cmocka_unit_test(test_each_path_has_a_rate_of_its_own),
		cmocka_unit_test(test_table_is_bounded_and_recovers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
