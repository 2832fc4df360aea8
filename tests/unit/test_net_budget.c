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
		struct budget limited;

		budget_init(&limited, cases[i].memory_max);
		assert_int_equal(limited.limit, cases[i].limit);
	}
}

static struct budget b;
static struct budget_peer one;

static void begin(size_t memory_max)
{
	budget_init(&b, memory_max);
	one = (struct budget_peer){0};
}

/* So many streams, with the windows they start with. */
static void add_streams(struct budget_peer *p, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		budget_add_start(&b, p, budget_start(&b, p, WINDOW_START));
}

/* What the next stream starts with, beside `streams`. */
static uint32_t start_beside(unsigned streams)
{
	begin(0);
	add_streams(&one, streams);
	return budget_start(&b, &one, WINDOW_START);
}

static void test_many_streams_start_small(void **state)
{
	(void)state;
	assert_int_equal(start_beside(0), WINDOW_START);
	assert_int_equal(start_beside(1), WINDOW_START);
	assert_int_equal(start_beside(9), 4 * MB / 10);
	assert_int_equal(start_beside(99), 4 * MB / 100);
	assert_int_equal(start_beside(9999), WINDOW_LEAST);
	begin(0);
	assert_int_equal(budget_start(&b, &one, 100000), 100000);
	begin(1);
	assert_int_equal(budget_start(&b, &one, WINDOW_START), BUDGET_LEAST / 16);
}

static void test_one_may_have_the_largest_window(void **state)
{
	(void)state;
	begin(0);
	add_streams(&one, 1);
	assert_true(budget_share(&b, &one, 0, 0) >= WINDOW_MOST);
}

/* Windows that all want all they can get, one after the other, until nothing changes. */
static size_t fill(struct budget_peer *p, unsigned count)
{
	size_t have[1000] = {0}, sum = 0;

	assert_true(count <= 1000);
	for (unsigned round = 0; round < 20; round++) {
		for (unsigned i = 0; i < count; i++) {
			size_t share = budget_share(&b, p, 0, have[i]);

			if (share > WINDOW_MOST)
				share = WINDOW_MOST;
			if (share <= have[i])
				continue;
			budget_grant(&b, p, (uint32_t)(share - have[i]));
			have[i] = share;
		}
	}
	for (unsigned i = 0; i < count; i++)
		sum += have[i];
	assert_int_equal(sum, p->granted);
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
			size_t sum;

			begin(cases[i].memory_max);
			add_streams(&one, count);
			sum = b.starts + fill(&one, count);
			/* With what the bytes cost beside themselves. */
			assert_true(sum + sum / 8 <= b.limit);
			assert_true(count > cases[i].streams / 2 || sum > b.limit / 2);
		}
	}
}

static void test_idle_streams_leave_half_of_it(void **state)
{
	uint32_t starts[10000];

	(void)state;
	begin(0);
	for (unsigned i = 0; i < 10000; i++) {
		starts[i] = budget_start(&b, &one, WINDOW_START);
		budget_add_start(&b, &one, starts[i]);
	}
	assert_true(b.starts > b.limit);
	assert_in_range(budget_share(&b, &one, 0, 0), b.limit / 4, b.limit / 2);
	for (unsigned i = 0; i < 10000; i++)
		budget_remove_start(&b, &one, starts[i]);
	assert_int_equal(b.starts, 0);
	assert_int_equal(b.counted, 0);
	assert_int_equal(b.peers, 0);
}

static void test_sending_and_receiving_share_it(void **state)
{
	size_t alone;

	(void)state;
	begin(0);
	alone = budget_share(&b, &one, 0, 0);
	assert_true(budget_share(&b, &one, 20 * MB, 0) < alone - 10 * MB);
	assert_int_equal(budget_share(&b, &one, 20 * MB, 20 * MB), alone);
	budget_grant(&b, &one, 20 * MB);
	assert_true(budget_share(&b, &one, 0, 0) < alone - 10 * MB);
	assert_int_equal(budget_share(&b, &one, 0, 20 * MB), alone);
	assert_int_equal(budget_share(&b, &one, 60 * MB, 0), 0);
	budget_return(&b, &one, 20 * MB);
	assert_int_equal(budget_share(&b, &one, 0, 0), alone);
}

static void test_the_last_line_is_half_above_the_limit(void **state)
{
	(void)state;
	begin(0);
	assert_false(budget_exceeded(&b, 96 * MB, 0));
	assert_true(budget_exceeded(&b, 96 * MB + 1, 0));
	/* What idle streams take themselves is no data. */
	assert_false(budget_exceeded(&b, 110 * MB, 10000));
	assert_true(budget_exceeded(&b, 120 * MB, 10000));
}

static void test_a_peer_has_its_own_part_whatever_others_have(void **state)
{
	struct budget_peer other = {0};

	(void)state;
	begin(0);
	add_streams(&one, 300);
	fill(&one, 300);
	/* Its own part is used. */
	assert_in_range(budget_share(&b, &one, 0, 0), 0, b.limit / 100);
	assert_in_range(budget_start(&b, &other, WINDOW_START), WINDOW_START * 3 / 4, WINDOW_START);
	add_streams(&other, 1);
	assert_in_range(budget_share(&b, &other, 0, 0), 3 * MB, 4 * MB);
	/* What it keeps for sending comes out of that, and is kept when others fill the rest. */
	other.sending = 3 * MB;
	assert_in_range(budget_share(&b, &other, 80 * MB, 0), MB, 2 * MB);
	assert_in_range(budget_share(&b, &other, 80 * MB, 3 * MB), 3 * MB, 4 * MB);
	other.sending = 8 * MB;
	assert_int_equal(budget_share(&b, &other, 80 * MB, 0), 0);
}

/* Of `peers` with so many streams each, one after the other taking all it can get. Returns the sum of all promises. */
static size_t fill_peers(unsigned peers, unsigned streams)
{
	static struct budget_peer all[200];

	begin(0);
	for (unsigned i = 0; i < peers; i++) {
		all[i] = (struct budget_peer){0};
		add_streams(&all[i], streams);
		fill(&all[i], streams);
	}
	return b.starts + b.granted;
}

static void test_own_parts_promise_a_bounded_part_of_the_limit(void **state)
{
	double beyond = 0;

	(void)state;
	for (unsigned peers = 1; peers <= 200; peers++) {
		size_t sum = fill_peers(peers, 1);

		/* Each finds a part by the number that there are when it comes. */
		if (peers > 1)
			beyond += 1.0 / BUDGET_OWN_PART / peers;
		assert_true((double)(sum + sum / 8) <= (double)b.limit * (1 + beyond) + peers * WINDOW_LEAST);
		assert_true(peers > 10 || beyond < 0.5);
	}
	assert_in_range(fill_peers(2, 300), b.limit, 3 * b.limit / 2);
}

static void test_whoever_has_more_than_its_part_gives_way(void **state)
{
	struct budget_peer other = {0};

	(void)state;
	begin(0);
	add_streams(&one, 1);
	budget_grant(&b, &one, 40 * MB);
	/* There is nobody else. */
	assert_false(budget_above_fair(&b, &one));
	assert_false(budget_within_own(&b, &other));
	add_streams(&other, 1);
	assert_true(budget_above_fair(&b, &one));
	assert_false(budget_above_fair(&b, &other));
	budget_return(&b, &one, 20 * MB);
	assert_false(budget_above_fair(&b, &one));
	one.sending = 10 * MB;
	assert_true(budget_above_fair(&b, &one));
	/* The last line is for what is bound, not for what was promised. */
	assert_false(budget_within_own(&b, &one));
	one.sending = 3 * MB;
	one.unread = 4 * MB;
	assert_true(budget_within_own(&b, &one));
	one.unread = 5 * MB;
	assert_false(budget_within_own(&b, &one));
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
		cmocka_unit_test(test_a_peer_has_its_own_part_whatever_others_have),
		cmocka_unit_test(test_own_parts_promise_a_bounded_part_of_the_limit),
		cmocka_unit_test(test_whoever_has_more_than_its_part_gives_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
