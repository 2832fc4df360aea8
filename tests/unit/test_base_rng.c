#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include "base/compiler.h"

static void test_same_seed_gives_the_same_bytes(void **state)
{
	struct rng_seeded a, b, c;
	struct rng ra = rng_seeded_init(&a, 1), rb = rng_seeded_init(&b, 1);
	struct rng rc = rng_seeded_init(&c, 2);
	uint8_t pa[100], pb[100], pc[100];

	(void)state;
	rng_bytes(&ra, pa, sizeof(pa));
	rng_bytes(&rb, pb, sizeof(pb));
	rng_bytes(&rc, pc, sizeof(pc));
	assert_memory_equal(pa, pb, sizeof(pa));
	assert_memory_not_equal(pa, pc, sizeof(pa));
	assert_true(rng_u64(&ra) == rng_u64(&rb));
	assert_true(rng_u32(&ra) == rng_u32(&rb));
}

/* First outputs of the authors' splitmix64 and xoshiro256** programs for seed 0. */
static void test_seeded_generator_is_xoshiro(void **state)
{
	static const uint64_t seeds[4] = {
		UINT64_C(0xe220a8397b1dcdaf), UINT64_C(0x6e789e6aa1b965f4),
		UINT64_C(0x06c45d188009454f), UINT64_C(0xf88bb8a8724c81ec),
	};
	struct rng_seeded s;
	struct rng r = rng_seeded_init(&s, 0);
	uint8_t out[8];
	uint64_t v = 0;

	(void)state;
	assert_memory_equal(s.state, seeds, sizeof(seeds));
	rng_bytes(&r, out, sizeof(out));
	for (int i = 7; i >= 0; i--)
		v = v << 8 | out[i];
	assert_true(v == UINT64_C(0x99ec5f36cb75f2b4));
}

static void test_below_stays_below_and_reaches_all(void **state)
{
	struct rng_seeded s;
	struct rng r = rng_seeded_init(&s, 7);
	unsigned seen[6] = {0};

	(void)state;
	assert_int_equal(rng_below(&r, 1), 0);
	for (int i = 0; i < 6000; i++) {
		uint32_t v = rng_below(&r, ARRAY_LEN(seen));

		assert_true(v < ARRAY_LEN(seen));
		seen[v]++;
	}
	for (size_t i = 0; i < ARRAY_LEN(seen); i++)
		assert_in_range(seen[i], 850, 1150);
}

struct script {
	uint32_t values[3];
	size_t next;
};

static void script_fill(void *ctx, void *out, size_t len)
{
	struct script *s = ctx;

	assert_int_equal(len, 4);
	assert_true(s->next < ARRAY_LEN(s->values));
	memcpy(out, &s->values[s->next++], 4);
}

static void test_below_rejects_what_would_bias(void **state)
{
	/* 2^32 mod 3 is 1, so the value 0 is thrown away. */
	struct script s = {{0, 0, 5}, 0};
	struct rng r = {script_fill, &s};

	(void)state;
	assert_int_equal(rng_below(&r, 3), 2);
	assert_int_equal(s.next, 3);
}

static void test_no_bytes_need_no_generator(void **state)
{
	struct rng r = {NULL, NULL};

	(void)state;
	rng_bytes(&r, NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_seed_gives_the_same_bytes),
		cmocka_unit_test(test_seeded_generator_is_xoshiro),
		cmocka_unit_test(test_below_stays_below_and_reaches_all),
		cmocka_unit_test(test_below_rejects_what_would_bias),
		cmocka_unit_test(test_no_bytes_need_no_generator),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
