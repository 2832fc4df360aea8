/*
 * The part of cmocka's interface that the codec tests use, as one header: Debian has no cmocka for a
 * foreign processor without its whole architecture. A failed assertion ends the program; there are no
 * fixtures and no mocks.
 */
#ifndef CULVERT_BIG_ENDIAN_CMOCKA_H
#define CULVERT_BIG_ENDIAN_CMOCKA_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct CMUnitTest {
	const char *name;
	void (*run)(void **state);
};

#define cmocka_unit_test(f) {#f, f}

#define cmocka_run_group_tests(tests, setup, teardown) \
	cmocka_lite_run(tests, sizeof(tests) / sizeof((tests)[0]))

static inline int cmocka_lite_run(const struct CMUnitTest *tests, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		void *state = NULL;

		fprintf(stderr, "%s\n", tests[i].name);
		tests[i].run(&state);
	}
	return 0;
}

#define cmocka_lite_check(holds, ...) \
	do { \
		if (!(holds)) { \
			fprintf(stderr, "%s:%d: ", __FILE__, __LINE__); \
			fprintf(stderr, __VA_ARGS__); \
			fputc('\n', stderr); \
			exit(1); \
		} \
	} while (0)

#define print_message(...) fprintf(stderr, __VA_ARGS__)
#define fail_msg(...) cmocka_lite_check(0, __VA_ARGS__)
#define assert_true(a) cmocka_lite_check(a, "not true: %s", #a)
#define assert_false(a) cmocka_lite_check(!(a), "not false: %s", #a)
#define assert_null(a) cmocka_lite_check((a) == NULL, "not null: %s", #a)
#define assert_non_null(a) cmocka_lite_check((a) != NULL, "null: %s", #a)
#define assert_ptr_equal(a, b) \
	cmocka_lite_check((const void *)(a) == (const void *)(b), "%s is not %s", #a, #b)

/* As in cmocka, both sides become 64-bit unsigned numbers and are used once. */
#define cmocka_lite_compare(a, op, b) \
	do { \
		uint64_t left_ = (uint64_t)(a), right_ = (uint64_t)(b); \
		cmocka_lite_check(left_ op right_, "%s: %lld, %lld", #a " " #op " " #b, (long long)left_, \
				  (long long)right_); \
	} while (0)
#define assert_int_equal(a, b) cmocka_lite_compare(a, ==, b)
#define assert_int_not_equal(a, b) cmocka_lite_compare(a, !=, b)
#define assert_in_range(a, low, high) \
	do { \
		uint64_t value_ = (uint64_t)(a); \
		cmocka_lite_check(value_ >= (uint64_t)(low) && value_ <= (uint64_t)(high), \
				  "%s is out of range: %lld", #a, (long long)value_); \
	} while (0)

#define assert_string_equal(a, b) cmocka_lite_check(strcmp(a, b) == 0, "strings differ: %s, %s", #a, #b)
#define assert_string_not_equal(a, b) cmocka_lite_check(strcmp(a, b) != 0, "same string: %s, %s", #a, #b)
#define assert_memory_equal(a, b, n) \
	cmocka_lite_check(memcmp(a, b, n) == 0, "bytes differ: %s, %s", #a, #b)
#define assert_memory_not_equal(a, b, n) \
	cmocka_lite_check(memcmp(a, b, n) != 0, "same bytes: %s, %s", #a, #b)

#endif
