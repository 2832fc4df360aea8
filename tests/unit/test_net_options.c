#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "net/options.h"

static void test_what_peers_send(void **state)
{
	/* Linux: NOP NOP timestamps, NOP NOP SACK with two blocks. */
	static const uint8_t bytes[] = {
		1, 1, 8, 10, 0, 0, 0x12, 0x34, 0, 0, 0x56, 0x78,
		1, 1, 5, 18, 0, 0, 0, 10, 0, 0, 0, 20, 0xff, 0xff, 0xff, 0xf0, 0, 0, 0, 5,
	};
	struct tcp_options o;

	(void)state;
	tcp_options_parse(&o, bytes, sizeof(bytes));
	assert_true(o.has_timestamps);
	assert_int_equal(o.value, 0x1234);
	assert_int_equal(o.echo, 0x5678);
	assert_int_equal(o.sack_count, 2);
	assert_int_equal(o.sacks[0].left, 10);
	assert_int_equal(o.sacks[0].right, 20);
	assert_int_equal(o.sacks[1].left, 0xfffffff0);
	assert_int_equal(o.sacks[1].right, 5);
}

static void test_four_blocks_are_the_most(void **state)
{
	uint8_t bytes[2 + 5 * 8] = {5, 34};
	struct tcp_options o;

	(void)state;
	for (unsigned i = 0; i < 4; i++)
		bytes[2 + i * 8 + 3] = (uint8_t)(i + 1);
	tcp_options_parse(&o, bytes, 34);
	assert_int_equal(o.sack_count, 4);
	assert_int_equal(o.sacks[3].left, 4);
	bytes[1] = 42;
	tcp_options_parse(&o, bytes, 42);
	assert_int_equal(o.sack_count, 0);
}

static void test_malformed_ones(void **state)
{
	static const struct {
		uint8_t bytes[16];
		size_t len;
	} cases[] = {
		{{5}, 1},			/* no length */
		{{5, 0}, 2},
		{{5, 1}, 2},
		{{5, 2}, 2},			/* no block */
		{{5, 9, 0, 0, 0, 1, 0, 0, 0}, 9},	/* half a block */
		{{5, 10, 0, 0, 0, 1, 0, 0, 0}, 9},	/* longer than what is there */
		{{8, 9, 0, 0, 0, 1, 0, 0, 0}, 9},
		{{8, 11, 0, 0, 0, 1, 0, 0, 0, 2, 0}, 11},
		{{8, 10, 0, 0, 0, 1, 0, 0, 0}, 9},
		{{0, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2}, 11},	/* behind the end */
		{{3, 255, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2}, 12},	/* swallowed by another */
	};
	struct tcp_options o;

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		/* on the heap, so that sanitizers see a byte too many */
		uint8_t *copy = malloc(cases[i].len);

		memcpy(copy, cases[i].bytes, cases[i].len);
		tcp_options_parse(&o, copy, cases[i].len);
		free(copy);
		assert_false(o.has_timestamps);
		assert_int_equal(o.sack_count, 0);
	}
}

static void test_what_came_before_a_fault_counts(void **state)
{
	static const uint8_t bytes[] = {8, 10, 0, 0, 0, 7, 0, 0, 0, 9, 5, 1};
	struct tcp_options o;

	(void)state;
	tcp_options_parse(&o, bytes, sizeof(bytes));
	assert_true(o.has_timestamps);
	assert_int_equal(o.echo, 9);
	assert_int_equal(o.sack_count, 0);
}

static void test_every_truncation(void **state)
{
	static const uint8_t bytes[] = {1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2, 1, 1, 5, 10, 0, 0, 0, 3, 0, 0, 0, 4};
	struct tcp_options o;

	(void)state;
	for (size_t len = 0; len <= sizeof(bytes); len++) {
		uint8_t *copy = malloc(len ? len : 1);

		memcpy(copy, bytes, len);
		tcp_options_parse(&o, copy, len);
		free(copy);
		assert_int_equal(o.has_timestamps, len >= 12);
		assert_int_equal(o.sack_count, len >= sizeof(bytes) ? 1 : 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_peers_send),
		cmocka_unit_test(test_four_blocks_are_the_most),
		cmocka_unit_test(test_malformed_ones),
		cmocka_unit_test(test_what_came_before_a_fault_counts),
		cmocka_unit_test(test_every_truncation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
