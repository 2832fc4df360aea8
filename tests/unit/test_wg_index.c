#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdlib.h>

#include "base/compiler.h"
#include "base/rng.h"
#include "wg/index.h"

/* The table only keeps pointers; addresses of array elements stand for peers. */
static char peers[4000];

static struct wg_peer *peer_at(unsigned i)
{
	return (struct wg_peer *)(void *)&peers[i];
}

static void test_entries_are_found_until_removed(void **state)
{
	static uint32_t index[ARRAY_LEN(peers)];
	struct rng_seeded seeded;
	struct rng rng = rng_seeded_init(&seeded, 3);
	struct wg_index_table t;
	unsigned i;

	(void)state;
	wg_index_init(&t);
	assert_null(wg_index_find(&t, 1));
	wg_index_remove(&t, 1);
	for (i = 0; i < ARRAY_LEN(peers); i++) {
		assert_int_equal(wg_index_insert(&t, &rng, peer_at(i), NULL, &index[i]), 0);
		assert_int_not_equal(index[i], 0);
	}
	for (i = 0; i < ARRAY_LEN(peers); i += 2)
		wg_index_remove(&t, index[i]);
	for (i = 0; i < ARRAY_LEN(peers); i++) {
		struct wg_index_slot *slot = wg_index_find(&t, index[i]);

		assert_int_equal(slot != NULL, i % 2);
		if (slot)
			assert_ptr_equal(slot->peer, peer_at(i));
	}
	assert_int_equal(t.count, ARRAY_LEN(peers) / 2);
	assert_null(wg_index_find(&t, 0));
	wg_index_remove(&t, 0);
	wg_index_fini(&t);
}

/* A generator that makes all indices collide in their low bits, zero and repetitions included. */
static void give_collisions(void *ctx, void *out, size_t len)
{
	unsigned *n = ctx;
	uint32_t v = (*n)++ / 2 << 24;

	memcpy(out, &v, len);
}

static void test_colliding_runs_survive_removal_in_any_order(void **state)
{
	enum { COUNT = 60 };
	struct rng_seeded seeded;
	struct rng order = rng_seeded_init(&seeded, 9), rng;
	unsigned n, i, round, at, left;
	uint32_t index[COUNT];
	struct wg_index_table t;

	(void)state;
	for (round = 0; round < 20; round++) {
		n = 0;
		rng = (struct rng){give_collisions, &n};
		wg_index_init(&t);
		for (i = 0; i < COUNT; i++)
			assert_int_equal(wg_index_insert(&t, &rng, peer_at(i), NULL, &index[i]), 0);
		for (left = COUNT; left > 0; left--) {
			at = rng_below(&order, left);
			wg_index_remove(&t, index[at]);
			assert_null(wg_index_find(&t, index[at]));
			index[at] = index[left - 1];
			for (i = 0; i + 1 < left; i++)
				assert_non_null(wg_index_find(&t, index[i]));
		}
		assert_int_equal(t.count, 0);
		wg_index_fini(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entries_are_found_until_removed),
		cmocka_unit_test(test_colliding_runs_survive_removal_in_any_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
