#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/rng.h"

static void test_bytes_come_out_as_they_went_in(void **state)
{
	struct rng_seeded seed;
	struct rng rng = rng_seeded_init(&seed, 5);
	uint8_t in = 0, out = 0, chunk[300];
	struct buf b;

	(void)state;
	for (int secret = 0; secret < 2; secret++) {
		if (secret)
			buf_init_secret(&b, 1000);
		else
			buf_init(&b, 1000);
		for (int step = 0; step < 20000; step++) {
			size_t len = rng_below(&rng, sizeof(chunk));

			if (rng_below(&rng, 2)) {
				size_t before = buf_len(&b);
				int err;

				for (size_t i = 0; i < len; i++)
					chunk[i] = (uint8_t)(in + i);
				err = buf_append(&b, chunk, len);
				assert_int_equal(err, len > 1000 - before ? ERR_LIMIT : 0);
				in = (uint8_t)(in + (err ? 0 : len));
				assert_int_equal(buf_len(&b), before + (err ? 0 : len));
			} else {
				if (len > buf_len(&b))
					len = buf_len(&b);
				for (size_t i = 0; i < len; i++)
					assert_int_equal(buf_data(&b)[i], out++);
				buf_consume(&b, len);
			}
			assert_true(b.cap <= 1000);
			assert_int_equal(buf_room(&b), 1000 - buf_len(&b));
			if (!buf_len(&b))
				assert_null(b.data);
		}
		buf_fini(&b);
		in = out = 0;
	}
}

static void test_nothing_is_allocated_before_use(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 10);
	assert_null(buf_data(&b));
	assert_int_equal(buf_append(&b, NULL, 0), 0);
	assert_null(b.data);
	buf_consume(&b, 0);
	buf_clear(&b);
	buf_fini(&b);
}

static void test_ceiling_is_exact(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4);
	assert_int_equal(buf_append(&b, "abcde", 5), ERR_LIMIT);
	assert_int_equal(buf_append(&b, "abcd", 4), 0);
	assert_int_equal(buf_append(&b, "e", 1), ERR_LIMIT);
	assert_int_equal(buf_append(&b, "e", SIZE_MAX), ERR_LIMIT);
	buf_consume(&b, 1);
	assert_int_equal(buf_append(&b, "e", 1), 0);
	assert_memory_equal(buf_data(&b), "bcde", 4);
	buf_fini(&b);
}

static void test_reserve_and_commit(void **state)
{
	struct buf b;
	uint8_t *p;

	(void)state;
	buf_init(&b, 100);
	assert_null(buf_reserve(&b, 101));
	p = buf_reserve(&b, 100);
	assert_non_null(p);
	memcpy(p, "xy", 2);
	buf_commit(&b, 2);
	assert_int_equal(buf_len(&b), 2);
	assert_memory_equal(buf_data(&b), "xy", 2);
	buf_clear(&b);
	assert_non_null(buf_reserve(&b, 50));
	buf_commit(&b, 0);
	assert_null(b.data);
	buf_fini(&b);
}

static void test_printf_appends_text_of_any_length(void **state)
{
	struct buf b;
	char text[1000];

	(void)state;
	memset(text, 'q', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	buf_init(&b, 1010);
	assert_int_equal(buf_printf(&b, "%d-%s;", 42, "x"), 0);
	assert_memory_equal(buf_data(&b), "42-x;", 5);
	assert_int_equal(buf_printf(&b, "%s", text), 0);
	assert_int_equal(buf_len(&b), 1004);
	assert_int_equal(buf_data(&b)[1003], 'q');
	assert_int_equal(buf_printf(&b, "%s", "1234567"), ERR_LIMIT);
	assert_int_equal(buf_printf(&b, "%s", text), ERR_LIMIT);
	assert_int_equal(buf_printf(&b, "%s", "123456"), 0);
	buf_fini(&b);
}

static void test_secrets_are_wiped_where_they_lay(void **state)
{
	struct buf b;
	size_t hits = 0;

	(void)state;
	buf_init_secret(&b, 256);
	assert_int_equal(buf_append(&b, "secretXY", 8), 0);
	buf_consume(&b, 6);
	for (size_t i = 0; i < 6; i++)
		hits += b.data[i] != 0;
	assert_int_equal(hits, 0);
	/* The room behind is too small now: the rest moves to the front. */
	assert_non_null(buf_reserve(&b, 250));
	assert_memory_equal(buf_data(&b), "XY", 2);
	assert_int_equal(b.start, 0);
	assert_int_equal(b.data[6], 0);
	assert_int_equal(b.data[7], 0);
	buf_fini(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes_come_out_as_they_went_in),
		cmocka_unit_test(test_nothing_is_allocated_before_use),
		cmocka_unit_test(test_ceiling_is_exact),
		cmocka_unit_test(test_reserve_and_commit),
		cmocka_unit_test(test_printf_appends_text_of_any_length),
		cmocka_unit_test(test_secrets_are_wiped_where_they_lay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
