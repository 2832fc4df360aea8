#include "base/heap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include "base/rng.h"

#define COUNT 500

static void test_earliest_first_under_random_changes(void **state)
{
	static struct heap_entry entries[COUNT];
	struct rng_seeded seed;
	struct rng rng = rng_seeded_init(&seed, 3);
	struct heap h;

	(void)state;
	heap_init(&h);
	assert_int_equal(heap_reserve(&h, COUNT), 0);
	for (int step = 0; step < 20000; step++) {
		struct heap_entry *e = &entries[rng_below(&rng, COUNT)];
		struct boot_time earliest = BOOT_NEVER;
		size_t count = 0;

		if (rng_below(&rng, 3) == 0)
			heap_remove(&h, e);
		else
			heap_set(&h, e, (struct boot_time){rng_below(&rng, 1000) + 1});
		if (step % 50)
			continue;
		for (size_t i = 0; i < COUNT; i++) {
			if (!entries[i].index)
				continue;
			assert_ptr_equal(h.slots[entries[i].index - 1], &entries[i]);
			earliest = boot_min(earliest, entries[i].at);
			count++;
		}
		assert_int_equal(h.count, count);
		assert_true(heap_deadline(&h).ns == earliest.ns);
	}
	heap_fini(&h);
	for (size_t i = 0; i < COUNT; i++)
		assert_int_equal(entries[i].index, 0);
}

static void test_due_entries_come_in_order(void **state)
{
	struct heap_entry entries[5] = {{{0}, 0}}, *e;
	static const uint64_t at[5] = {50, 10, 40, 20, 30};
	struct heap h;

	(void)state;
	heap_init(&h);
	assert_true(heap_deadline(&h).ns == BOOT_NEVER.ns);
	assert_null(heap_pop_due(&h, (struct boot_time){100}));
	assert_int_equal(heap_reserve(&h, 5), 0);
	for (int i = 0; i < 5; i++)
		heap_set(&h, &entries[i], (struct boot_time){at[i]});
	assert_null(heap_pop_due(&h, (struct boot_time){9}));
	for (uint64_t t = 10; t <= 30; t += 10) {
		e = heap_pop_due(&h, (struct boot_time){30});
		assert_non_null(e);
		assert_true(e->at.ns == t);
		assert_int_equal(e->index, 0);
	}
	assert_null(heap_pop_due(&h, (struct boot_time){30}));
	assert_int_equal(h.count, 2);
	heap_fini(&h);
}

static void test_removing_twice_is_harmless(void **state)
{
	struct heap_entry e = {{0}, 0};
	struct heap h;

	(void)state;
	heap_init(&h);
	heap_remove(&h, &e);
	assert_int_equal(heap_reserve(&h, 1), 0);
	heap_set(&h, &e, (struct boot_time){1});
	heap_set(&h, &e, BOOT_NEVER);
	heap_remove(&h, &e);
	assert_int_equal(h.count, 0);
	heap_fini(&h);
}

static void test_reserve_refuses_the_impossible(void **state)
{
	struct heap h;

	(void)state;
	heap_init(&h);
	assert_true(heap_reserve(&h, SIZE_MAX) < 0);
	assert_int_equal(heap_reserve(&h, 100), 0);
	assert_true(h.cap >= 100);
	assert_int_equal(heap_reserve(&h, 10), 0);
	heap_fini(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_earliest_first_under_random_changes),
		cmocka_unit_test(test_due_entries_come_in_order),
		cmocka_unit_test(test_removing_twice_is_harmless),
		cmocka_unit_test(test_reserve_refuses_the_impossible),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
