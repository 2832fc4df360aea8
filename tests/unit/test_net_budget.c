#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/budget.h"
#include "net/window.h"

#define MB ((size_t)1 << 20)

static void test_the_limit_follows_the_memory(void **state)
{
	static const struct {
		size_t memory_max, limit;
	} cases[] = {
		{0, BUDGET_MOST}, {SIZE_MAX, BUDGET_MOST}, {1024 * MB, BUDGET_MOST}, {256 * MB, 64 * MB},
		{100 * MB, 25 * MB}, {1, BUDGET_LEAST}, {9 * MB, 9 * MB / 4},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct budget b;

		budget_init(&b, cases[i].memory_max);
		assert_int_equal(b.limit, cases[i].limit);
	}
}

/* So many streams, with the windows they start with. */
static void add_streams(struct budget *b, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		budget_add_start(b, budget_start(b, i, WINDOW_START));
}

static void test_many_streams_start_small(void **state)
{
	struct budget b;

	(void)state;
	budget_init(&b, 0);
	assert_int_equal(budget_start(&b, 0, WINDOW_START), WINDOW_START);
	assert_int_equal(budget_start(&b, 1, WINDOW_START), WINDOW_START);
	assert_int_equal(budget_start(&b, 9, WINDOW_START), 4 * MB / 10);
	assert_int_equal(budget_start(&b, 99, WINDOW_START), 4 * MB / 100);
	assert_int_equal(budget_start(&b, 9999, WINDOW_START), WINDOW_LEAST);
	assert_int_equal(budget_start(&b, 0, 100000), 100000);
	budget_init(&b, 1);
	assert_int_equal(budget_start(&b, 0, WINDOW_START), BUDGET_LEAST / 16);
}

static void test_one_may_have_the_largest_window(void **state)
{
	struct budget b;

	(void)state;
	budget_init(&b, 0);
	add_streams(&b, 1);
	assert_true(budget_share(&b, 0, 0) >= WINDOW_MOST);
}

/* Windows that all want all they can get, one after the other, until nothing changes. */
static size_t fill(struct budget *b, unsigned count)
{
	size_t have[1000] = {0}, sum = 0;

	assert_true(count <= 1000);
	for (unsigned round = 0; round < 20; round++) {
		for (unsigned i = 0; i < count; i++) {
			size_t share = budget_share(b, 0, have[i]);

			if (share > WINDOW_MOST)
				share = WINDOW_MOST;
			if (share <= have[i])
				continue;
			budget_grant(b, (uint32_t)(share - have[i]));
			have[i] = share;
		}
	}
	for (unsigned i = 0; i < count; i++)
		sum += have[i];
	assert_int_equal(sum, b->granted);
	return sum;
}

static void test_all_promises_stay_within_the_limit(void **state)
{
	static const struct {
		size_t memory_max;
		unsigned streams;
	} cases[] = {{0, 406}, {16 * MB, 43}, {1, 23}};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (unsigned count = 1; count <= cases[i].streams; count++) {
			struct budget b;
			size_t sum;

			budget_init(&b, cases[i].memory_max);
			add_streams(&b, count);
			sum = b.starts + fill(&b, count);
			/* With what the bytes cost beside themselves. */
			assert_true(sum + sum / 8 <= b.limit);
			assert_true(count > cases[i].streams / 2 || sum > b.limit / 2);
		}
	}
}

static void test_idle_streams_leave_half_of_it(void **state)
{
	struct budget b;

	(void)state;
	budget_init(&b, 0);
	add_streams(&b, 10000);
	assert_true(b.starts > b.limit);
	assert_in_range(budget_share(&b, 0, 0), b.limit / 4, b.limit / 2);
	/* They go as they came. */
	for (unsigned i = 0; i < 10000; i++) {
		struct budget fresh;

		budget_init(&fresh, 0);
		budget_remove_start(&b, budget_start(&fresh, i, WINDOW_START));
	}
	assert_int_equal(b.starts, 0);
}

static void test_sending_and_receiving_share_it(void **state)
{
	struct budget b;
	size_t alone;

	(void)state;
	budget_init(&b, 0);
	alone = budget_share(&b, 0, 0);
	assert_true(budget_share(&b, 20 * MB, 0) < alone - 10 * MB);
	assert_int_equal(budget_share(&b, 20 * MB, 20 * MB), alone);
	budget_grant(&b, 20 * MB);
	assert_true(budget_share(&b, 0, 0) < alone - 10 * MB);
	assert_int_equal(budget_share(&b, 0, 20 * MB), alone);
	assert_int_equal(budget_share(&b, 60 * MB, 0), 0);
	budget_return(&b, 20 * MB);
	assert_int_equal(budget_share(&b, 0, 0), alone);
}

static void test_the_last_line_is_half_above_the_limit(void **state)
{
	struct budget b;

	(void)state;
	budget_init(&b, 0);
	assert_false(budget_exceeded(&b, 96 * MB, 0));
	assert_true(budget_exceeded(&b, 96 * MB + 1, 0));
	/* What idle streams take themselves is no data. */
	assert_false(budget_exceeded(&b, 110 * MB, 10000));
	assert_true(budget_exceeded(&b, 120 * MB, 10000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_limit_follows_the_memory),
		cmocka_unit_test(test_many_streams_start_small),
		cmocka_unit_test(test_one_may_have_the_largest_window),
		cmocka_unit_test(test_all_promises_stay_within_the_limit),
		cmocka_unit_test(test_idle_streams_leave_half_of_it),
		cmocka_unit_test(test_sending_and_receiving_share_it),
		cmocka_unit_test(test_the_last_line_is_half_above_the_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
