#include "base/rd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include "base/compiler.h"

static const uint8_t bytes[8] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};

static void test_integers_in_both_orders(void **state)
{
	struct rd r;

	(void)state;
	r = rd_init(bytes, 8);
	assert_int_equal(rd_u8(&r), 0x01);
	assert_int_equal(rd_be16(&r), 0x2345);
	assert_int_equal(rd_be32(&r), 0x6789abcd);
	assert_false(rd_done(&r));
	assert_int_equal(rd_u8(&r), 0xef);
	assert_true(rd_done(&r));
	r = rd_init(bytes, 8);
	assert_true(rd_be64(&r) == UINT64_C(0x0123456789abcdef));
	r = rd_init(bytes, 8);
	assert_true(rd_le64(&r) == UINT64_C(0xefcdab8967452301));
	r = rd_init(bytes, 8);
	assert_int_equal(rd_le16(&r), 0x2301);
	assert_int_equal(rd_le32(&r), 0xab896745);
}

static uint64_t read_field(struct rd *r, size_t size, int little)
{
	switch (size) {
	case 1:
		return rd_u8(r);
	case 2:
		return little ? rd_le16(r) : rd_be16(r);
	case 4:
		return little ? rd_le32(r) : rd_be32(r);
	default:
		return little ? rd_le64(r) : rd_be64(r);
	}
}

static void test_short_reads_are_sticky(void **state)
{
	static const size_t sizes[] = {1, 2, 4, 8};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		for (size_t len = 0; len < sizes[i]; len++) {
			for (int little = 0; little < 2; little++) {
				struct rd r = rd_init(bytes, len);

				assert_true(read_field(&r, sizes[i], little) == 0);
				assert_false(rd_ok(&r));
				assert_false(rd_done(&r));
				assert_int_equal(r.left, 0);
				assert_int_equal(rd_u8(&r), 0);
				assert_null(rd_bytes(&r, 0));
			}
		}
	}
}

static void test_copy_zeroes_what_is_missing(void **state)
{
	uint8_t out[4] = {9, 9, 9, 9};
	struct rd r = rd_init(bytes, 6);

	(void)state;
	rd_copy(&r, out, 4);
	assert_memory_equal(out, bytes, 4);
	rd_copy(&r, out, 4);
	assert_memory_equal(out, "\0\0\0\0", 4);
	assert_false(rd_ok(&r));
}

static void test_sub_reader_is_bounded(void **state)
{
	struct rd r = rd_init(bytes, 8), sub;

	(void)state;
	rd_skip(&r, 1);
	sub = rd_sub(&r, 3);
	assert_int_equal(rd_be16(&sub), 0x2345);
	assert_int_equal(rd_be16(&sub), 0);
	assert_false(rd_ok(&sub));
	assert_int_equal(rd_u8(&r), 0x89);
	sub = rd_sub(&r, 4);
	assert_false(rd_ok(&sub));
	assert_false(rd_ok(&r));
}

static void test_huge_lengths_do_not_wrap(void **state)
{
	struct rd r = rd_init(bytes, 8);

	(void)state;
	rd_skip(&r, 4);
	assert_null(rd_bytes(&r, SIZE_MAX));
	assert_false(rd_ok(&r));
}

static void test_empty_input_is_done(void **state)
{
	struct rd r = rd_init(NULL, 0), sub;

	(void)state;
	assert_true(rd_done(&r));
	sub = rd_sub(&r, 0);
	assert_true(rd_done(&sub));
	rd_copy(&r, NULL, 0);
	assert_true(rd_done(&r));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_integers_in_both_orders),
		cmocka_unit_test(test_short_reads_are_sticky),
		cmocka_unit_test(test_copy_zeroes_what_is_missing),
		cmocka_unit_test(test_sub_reader_is_bounded),
		cmocka_unit_test(test_huge_lengths_do_not_wrap),
		cmocka_unit_test(test_empty_input_is_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
