#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/window.h"

/* A sender that fills the window once in each round trip, and a reader that keeps up. */
static uint32_t run_to(struct window *w, uint64_t *now_ms, uint32_t rtt_ms, uint32_t per_rtt_max,
		       unsigned rounds, size_t most, size_t socket_room)
{
	for (unsigned i = 0; i < rounds; i++) {
		uint32_t bytes = w->max < per_rtt_max ? w->max : per_rtt_max;

		for (unsigned part = 0; part < 10; part++) {
			*now_ms += rtt_ms / 10 + (part < rtt_ms % 10);
			window_taken(w, *now_ms, bytes / 10, most, socket_room);
		}
	}
	return w->max;
}

static uint32_t run(struct window *w, uint64_t *now_ms, uint32_t rtt_ms, uint32_t per_rtt_max, unsigned rounds)
{
	return run_to(w, now_ms, rtt_ms, per_rtt_max, rounds, SIZE_MAX, 0);
}

static void test_it_grows_to_the_product(void **state)
{
	static const struct {
		uint32_t rtt_ms, per_rtt, low, high;
	} cases[] = {
		{100, 40u << 20, WINDOW_MOST, WINDOW_MOST},	/* more than we allow */
		{100, 2u << 20, (4u << 20) - 20, 8u << 20},	/* 20 MB/s: twice the product, and for growth twice that */
		{100, 12500000, 12500000, WINDOW_MOST},
		{100, 100u << 10, WINDOW_START, WINDOW_START},	/* below the start */
		{20, 1800u << 10, (3600u << 10) - 20, 7200u << 10},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct window w;
		uint64_t now_ms = 1000;

		window_init(&w, WINDOW_START);
		window_sample(&w, 1, cases[i].rtt_ms);
		assert_in_range(run(&w, &now_ms, cases[i].rtt_ms, cases[i].per_rtt, 30),
				cases[i].low, cases[i].high);
		assert_int_equal(w.refused, false);
	}
}

/* Slow start: what is offered is a flight ahead, or it would be the limit in each round trip. */
static void test_it_stays_ahead_of_a_sender_that_doubles(void **state)
{
	struct window w;
	uint64_t now_ms = 1000;

	(void)state;
	window_init(&w, WINDOW_START);
	window_sample(&w, 1, 100);
	for (uint32_t flight = 20000; flight < WINDOW_MOST / 4; flight *= 2) {
		assert_in_range(flight, 0, w.max);
		window_taken(&w, now_ms += 100, flight, SIZE_MAX, 0);
		assert_true(w.max >= flight * 2);
	}
}

/* As BBR's start-up does, of which no byte reaches the reader before the first loss is repaired. */
static void test_it_starts_ahead_of_a_sender_that_doubles_behind_a_hole(void **state)
{
	const uint32_t segment = 1368, product = 150000000 / 8 / 10;	/* 150 Mbit/s, 100 ms */
	struct window w;
	uint32_t flight = 10 * segment;	/* RFC 6928 */

	(void)state;
	window_init(&w, WINDOW_START);
	while (flight < product) {
		assert_in_range(flight, 0, w.max);
		flight *= 2;
	}
	assert_in_range(product, 0, w.max);
}

static void test_it_grows_with_the_bytes_that_a_repeat_has_released(void **state)
{
	struct window w;

	(void)state;
	window_init(&w, WINDOW_START);
	window_sample(&w, 1, 100);
	window_taken(&w, 1000, 1000, SIZE_MAX, 0);
	assert_true(window_taken(&w, 1190, WINDOW_START - 1000, SIZE_MAX, 0));
	assert_in_range(w.max, WINDOW_START * 2 - 2000, WINDOW_START * 4);
}

static void test_a_slow_reader_gets_no_more(void **state)
{
	struct window w;
	uint64_t now_ms = 5;

	(void)state;
	window_init(&w, WINDOW_START);
	window_sample(&w, 1, 10);
	for (unsigned i = 0; i < 1000; i++)
		window_taken(&w, now_ms += 10, 5000, SIZE_MAX, 0);
	assert_int_equal(w.max, WINDOW_START);
}

static void test_it_grows_as_far_as_it_may(void **state)
{
	struct window w;
	uint64_t now_ms = 5;

	(void)state;
	window_init(&w, WINDOW_START);
	window_sample(&w, 1, 50);
	assert_int_equal(run_to(&w, &now_ms, 50, 40u << 20, 30, 3000000, 0), 3000000);
	assert_true(w.refused);
	/* What it has is not taken away. */
	assert_int_equal(run_to(&w, &now_ms, 50, 40u << 20, 30, 1000, 0), 3000000);
	assert_int_equal(run_to(&w, &now_ms, 50, 40u << 20, 30, SIZE_MAX, 0), WINDOW_MOST);
	assert_false(w.refused);
}

static void test_it_falls_back_after_a_rest(void **state)
{
	struct window w;
	uint64_t now_ms = 5;

	(void)state;
	window_init(&w, 100000);
	window_sample(&w, 1, 50);
	run(&w, &now_ms, 50, 40u << 20, 30);
	assert_int_equal(w.max, WINDOW_MOST);
	assert_true(window_taken(&w, now_ms + WINDOW_IDLE_MS, 100, SIZE_MAX, 0));
	assert_int_equal(w.max, 100000);
}

static void test_it_falls_back_when_asked_after_a_rest(void **state)
{
	struct window w;
	uint64_t now_ms = 5;

	(void)state;
	window_init(&w, WINDOW_START);
	assert_false(window_rest(&w, WINDOW_IDLE_MS * 2));
	window_sample(&w, 1, 50);
	run(&w, &now_ms, 50, 40u << 20, 30);
	assert_false(window_rest(&w, now_ms + WINDOW_IDLE_MS - 100));
	assert_int_equal(w.max, WINDOW_MOST);
	assert_true(window_rest(&w, now_ms + WINDOW_IDLE_MS));
	assert_int_equal(w.max, WINDOW_START);
	/* A trickle does not keep it, a quarter in a round trip does. */
	run(&w, &now_ms, 50, 40u << 20, 30);
	run(&w, &now_ms, 50, WINDOW_MOST / 3, WINDOW_IDLE_MS / 50 + 10);
	assert_false(window_rest(&w, now_ms));
	run(&w, &now_ms, 50, WINDOW_MOST / 8, WINDOW_IDLE_MS / 50 + 10);
	assert_int_equal(w.max, WINDOW_MOST);
	assert_true(window_rest(&w, now_ms));
}

static void test_a_short_path_is_bounded_by_the_socket(void **state)
{
	static const struct {
		uint32_t rtt_ms, per_rtt;
		size_t room;
		uint32_t low, high;
	} cases[] = {
		/* Nothing is known to be on the path: what the socket holds. */
		{1, 1000000, 300000, 300000, 300000},
		/* Half of it is, at 1 Gbit/s. */
		{2, 250000, 300000, 300000 + 125000, 300000 + 125000},
		/* 10 ms at 1 Gbit/s: the link is filled. */
		{10, 1250000, 300000, 1250000, 300000 + 1250000},
		/* The socket holds more than the window would be. */
		{1, 1000000, 7000000, 1000000, 4000000},
		/* A long path. */
		{11, 1250000, 300000, 2000000, 5000000},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct window w;
		uint64_t now_ms = 1000;

		window_init(&w, 200000);
		window_sample(&w, 1, cases[i].rtt_ms);
		assert_in_range(run_to(&w, &now_ms, cases[i].rtt_ms, cases[i].per_rtt, 100, SIZE_MAX, cases[i].room),
				cases[i].low, cases[i].high);
		/* It is no lack of memory. */
		assert_false(w.refused);
	}
}

static void test_a_queue_does_not_make_a_path_long(void **state)
{
	struct window w;
	uint64_t now_ms = 1000;

	(void)state;
	window_init(&w, 200000);
	window_sample(&w, now_ms, 2);
	/* The socket holds what the window is, and the round trip is its time. */
	for (unsigned i = 0; i < 200; i++)
		window_sample(&w, now_ms, 40);
	assert_in_range(w.rtt_ms, 30, 40);
	assert_in_range(run_to(&w, &now_ms, 40, 4000000, 50, SIZE_MAX, 300000), 300000, 450000);
	/* Longer ones for so long: the path has changed. */
	for (unsigned i = 0; i < 3; i++)
		window_sample(&w, now_ms += WINDOW_LEAST_MS, 40);
	assert_in_range(run_to(&w, &now_ms, 40, 4000000, 50, SIZE_MAX, 300000), 4000000, 16000000);
}

static void test_the_round_trip_estimate_falls_fast_and_rises_slowly(void **state)
{
	struct window w;

	(void)state;
	window_init(&w, WINDOW_START);
	window_sample(&w, 1, 100);
	window_sample(&w, 1, 900);
	assert_int_equal(w.rtt_ms, 200);
	window_sample(&w, 1, 30);
	assert_int_equal(w.rtt_ms, 30);
	window_sample(&w, 1, 0);
	assert_int_equal(w.rtt_ms, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_grows_to_the_product),
		cmocka_unit_test(test_it_stays_ahead_of_a_sender_that_doubles),
		cmocka_unit_test(test_it_starts_ahead_of_a_sender_that_doubles_behind_a_hole),
		cmocka_unit_test(test_it_grows_with_the_bytes_that_a_repeat_has_released),
		cmocka_unit_test(test_a_slow_reader_gets_no_more),
		cmocka_unit_test(test_it_grows_as_far_as_it_may),
		cmocka_unit_test(test_it_falls_back_after_a_rest),
		cmocka_unit_test(test_it_falls_back_when_asked_after_a_rest),
		cmocka_unit_test(test_a_short_path_is_bounded_by_the_socket),
		cmocka_unit_test(test_a_queue_does_not_make_a_path_long),
		cmocka_unit_test(test_the_round_trip_estimate_falls_fast_and_rises_slowly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
