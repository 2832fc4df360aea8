#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdlib.h>

#include "base/rng.h"
#include "wg/replay.h"

static void test_each_counter_is_accepted_once(void **state)
{
	struct wg_replay r = {0};
	uint64_t i;

	(void)state;
	for (i = 0; i < 3 * WG_REPLAY_BITS; i++) {
		assert_true(wg_replay_check(&r, i));
		assert_true(wg_replay_accept(&r, i));
		assert_false(wg_replay_check(&r, i));
		assert_false(wg_replay_accept(&r, i));
	}
}

static void test_window_reaches_exactly_as_far_back_as_promised(void **state)
{
	static const uint64_t tops[] = {WG_REPLAY_WINDOW, 8255, 8256, 100000, UINT64_C(1) << 60,
					UINT64_MAX - 8193};
	size_t i;

	(void)state;
	assert_true(WG_REPLAY_WINDOW >= 8192);
	for (i = 0; i < sizeof(tops) / sizeof(tops[0]); i++) {
		struct wg_replay r = {0};
		uint64_t top = tops[i];

		assert_true(wg_replay_accept(&r, top));
		assert_false(wg_replay_accept(&r, top - WG_REPLAY_WINDOW));
		assert_true(wg_replay_accept(&r, top - WG_REPLAY_WINDOW + 1));
		assert_false(wg_replay_accept(&r, top - WG_REPLAY_WINDOW + 1));
		assert_true(wg_replay_accept(&r, top - 1));
		assert_true(wg_replay_accept(&r, top + 1));
		assert_false(wg_replay_accept(&r, top));
		assert_false(wg_replay_accept(&r, top - WG_REPLAY_WINDOW + 1));
	}
}

static void test_refused_counters_change_nothing(void **state)
{
	struct wg_replay r = {0}, before;

	(void)state;
	assert_true(wg_replay_accept(&r, 50000));
	before = r;
	assert_false(wg_replay_accept(&r, 50000));
	assert_false(wg_replay_accept(&r, 3));
	assert_memory_equal(&r, &before, sizeof(r));
}

/* Against a plain list of what was seen, with steps of every size. */
static void test_window_agrees_with_a_simple_model(void **state)
{
	enum { SPAN = 400000 };
	uint8_t *seen = calloc(SPAN, 1);
	struct rng_seeded seeded;
	struct rng rng = rng_seeded_init(&seeded, 5);
	struct wg_replay r = {0};
	uint64_t next = 0, counter;
	unsigned i, back;
	int expected;

	(void)state;
	assert_non_null(seen);
	for (i = 0; i < 200000; i++) {
		back = rng_below(&rng, 100) < 2 ? 20000 : 300;
		counter = next + rng_below(&rng, rng_below(&rng, 1000) == 0 ? 9000 : 4);
		if (rng_below(&rng, 2))
			counter = next > back ? next - rng_below(&rng, back) : 0;
		if (counter >= SPAN)
			break;
		expected = !seen[counter] &&
			   (counter >= next || next - counter <= WG_REPLAY_WINDOW);
		assert_int_equal(wg_replay_check(&r, counter), expected);
		assert_int_equal(wg_replay_accept(&r, counter), expected);
		if (expected) {
			seen[counter] = 1;
			if (counter >= next)
				next = counter + 1;
		}
	}
	assert_true(i > 1000);
	free(seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_counter_is_accepted_once),
		cmocka_unit_test(test_window_reaches_exactly_as_far_back_as_promised),
		cmocka_unit_test(test_refused_counters_change_nothing),
		cmocka_unit_test(test_window_agrees_with_a_simple_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
