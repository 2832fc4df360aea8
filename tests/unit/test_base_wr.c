#include "base/wr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

static void test_fields_in_both_orders(void **state)
{
	static const uint8_t expected[] = {
		0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x11, 0x12, 0x13, 0x14,
		0x15, 0x16, 0x17, 0x18, 0x03, 0x02, 0x07, 0x06, 0x05, 0x04, 0x18,
		0x17, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11, 0,	0,    'h',  'i',  0xff,
	};
	uint8_t out[64];
	struct wr w = wr_init(out, sizeof(out));

	(void)state;
	wr_u8(&w, 0x01);
	wr_be16(&w, 0x0203);
	wr_be32(&w, 0x04050607);
	wr_be64(&w, UINT64_C(0x1112131415161718));
	wr_le16(&w, 0x0203);
	wr_le32(&w, 0x04050607);
	wr_le64(&w, UINT64_C(0x1112131415161718));
	wr_zero(&w, 2);
	wr_text(&w, "hi");
	wr_bytes(&w, "\xff", 1);
	assert_true(wr_ok(&w));
	assert_int_equal(w.len, sizeof(expected));
	assert_memory_equal(out, expected, sizeof(expected));
}

static void test_what_does_not_fit_is_not_written_and_sticks(void **state)
{
	uint8_t out[8];

	(void)state;
	for (size_t cap = 0; cap < 8; cap++) {
		struct wr w = wr_init(out, cap);

		memset(out, 0xee, sizeof(out));
		wr_be64(&w, 0);
		assert_false(wr_ok(&w));
		wr_zero(&w, 0);
		wr_end16(&w, 2);
		assert_int_equal(w.len, 0);
		for (size_t i = 0; i < sizeof(out); i++)
			assert_int_equal(out[i], 0xee);
	}
}

static void test_lengths_are_filled_in_afterwards(void **state)
{
	uint8_t out[16];
	struct wr w = wr_init(out, sizeof(out));
	size_t outer, inner;

	(void)state;
	outer = wr_begin16(&w);
	wr_u8(&w, 7);
	inner = wr_begin16(&w);
	wr_text(&w, "abc");
	wr_end16(&w, inner);
	wr_end16(&w, outer);
	assert_true(wr_ok(&w));
	assert_int_equal(w.len, 8);
	assert_memory_equal(out, "\0\x06\x07\0\x03" "abc", 8);
}

static void test_a_length_beyond_16_bits_is_an_error(void **state)
{
	uint8_t *out = malloc(70000);
	struct wr w;
	size_t mark;

	(void)state;
	assert_non_null(out);
	for (size_t len = 65535; len <= 65536; len++) {
		w = wr_init(out, 70000);
		mark = wr_begin16(&w);
		wr_zero(&w, len);
		wr_end16(&w, mark);
		assert_int_equal(wr_ok(&w), len == 65535);
	}
	free(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields_in_both_orders),
		cmocka_unit_test(test_what_does_not_fit_is_not_written_and_sticks),
		cmocka_unit_test(test_lengths_are_filled_in_afterwards),
		cmocka_unit_test(test_a_length_beyond_16_bits_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
