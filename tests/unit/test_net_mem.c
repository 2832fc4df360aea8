#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "net/mem.h"

static void test_every_size_is_aligned_and_writable(void **state)
{
	(void)state;
	for (size_t size = 0; size < 9000; size += size < 600 ? 1 : 61) {
		uint8_t *p = net_mem_malloc(size), *q = net_mem_calloc(1, size);

		assert_non_null(p);
		assert_non_null(q);
		assert_int_equal((uintptr_t)p % 16, 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(q[i], 0);
		memset(p, 0xff, size);
		memset(q, 0xee, size);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(p[i], 0xff);
		net_mem_free(p);
		net_mem_free(q);
	}
	assert_int_equal(net_mem_count(), 0);
}

static void test_objects_do_not_overlap(void **state)
{
	enum { COUNT = 3000 };
	static uint8_t *objects[COUNT];
	static size_t sizes[COUNT];
	struct rng_seeded seed;
	struct rng rng = rng_seeded_init(&seed, 4);

	(void)state;
	for (unsigned round = 0; round < 20000; round++) {
		unsigned i = rng_below(&rng, COUNT);

		if (objects[i]) {
			for (size_t k = 0; k < sizes[i]; k += 13)
				assert_int_equal(objects[i][k], (uint8_t)i);
			net_mem_free(objects[i]);
			objects[i] = NULL;
		} else {
			sizes[i] = rng_below(&rng, round % 50 ? 1500 : 20000);
			objects[i] = net_mem_malloc(sizes[i]);
			assert_non_null(objects[i]);
			memset(objects[i], (int)i, sizes[i]);
		}
	}
	for (unsigned i = 0; i < COUNT; i++)
		net_mem_free(objects[i]);
	memset(objects, 0, sizeof(objects));
	assert_int_equal(net_mem_count(), 0);
}

static void test_empty_chunks_go_back_to_the_system(void **state)
{
	enum { COUNT = 20000 };
	static void *objects[COUNT];
	size_t peak;

	(void)state;
	for (unsigned i = 0; i < COUNT; i++)
		objects[i] = net_mem_malloc(100);
	peak = net_mem_held();
	assert_true(peak >= COUNT * 100);
	assert_true(peak < COUNT * 160);
	for (unsigned i = 0; i < COUNT; i++)
		net_mem_free(objects[i]);
	assert_true(net_mem_held() <= 8 * 65536);
	net_mem_trim();
	assert_int_equal(net_mem_held(), 0);
}

static void test_impossible_sizes_fail(void **state)
{
	(void)state;
	assert_null(net_mem_malloc(SIZE_MAX));
	assert_null(net_mem_calloc(SIZE_MAX / 2, 3));
	net_mem_free(NULL);
	assert_int_equal(net_mem_count(), 0);
}

static void test_the_nth_allocation_fails_on_demand(void **state)
{
	void *a, *b;

	(void)state;
	net_mem_fail_at(2);
	a = net_mem_malloc(10);
	assert_non_null(a);
	assert_null(net_mem_malloc(10));
	b = net_mem_malloc(10);
	assert_non_null(b);
	net_mem_free(a);
	net_mem_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_size_is_aligned_and_writable),
		cmocka_unit_test(test_objects_do_not_overlap),
		cmocka_unit_test(test_empty_chunks_go_back_to_the_system),
		cmocka_unit_test(test_impossible_sizes_fail),
		cmocka_unit_test(test_the_nth_allocation_fails_on_demand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
