#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/cc/hystart.h"

#define MSS 1000
#define MS(x) ((uint64_t)((x) * 1000) * (NS_PER_MS / 1000))

/* A round of `count` acknowledgements of two segments, all with the same time. */
static void run_round(struct hystart *h, unsigned count, uint64_t rtt_ns)
{
	hystart_round(h);
	while (count--)
		hystart_sample(h, rtt_ns, 2 * MSS, MSS);
}

static void test_a_rise_by_the_threshold_begins_css(void **state)
{
	/* RFC 9406 4.2: an eighth, from 4 ms to 16 ms. */
	static const struct {
		double before, after;
		uint8_t phase;
	} cases[] = {
		{10, 13.999, HYSTART_SLOW_START}, {10, 14, HYSTART_CSS},
		{80, 89.999, HYSTART_SLOW_START}, {80, 90, HYSTART_CSS},
		{200, 215.999, HYSTART_SLOW_START}, {200, 216, HYSTART_CSS},
		{0.3, 4.299, HYSTART_SLOW_START}, {0.3, 4.3, HYSTART_CSS},
		{100, 50, HYSTART_SLOW_START},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct hystart h;

		hystart_init(&h);
		run_round(&h, 8, MS(cases[i].before));
		run_round(&h, 8, MS(cases[i].after));
		assert_int_equal(h.phase, cases[i].phase);
	}
}

static void test_the_first_round_and_few_samples_say_nothing(void **state)
{
	struct hystart h;

	(void)state;
	hystart_init(&h);
	run_round(&h, 100, MS(500));
	assert_int_equal(h.phase, HYSTART_SLOW_START);
	run_round(&h, 7, MS(900));
	assert_int_equal(h.phase, HYSTART_SLOW_START);
	/* No sample at all does not count. */
	hystart_sample(&h, 0, 2 * MSS, MSS);
	assert_int_equal(h.phase, HYSTART_SLOW_START);
	hystart_sample(&h, MS(900), 0, MSS);
	assert_int_equal(h.phase, HYSTART_CSS);
}

static void test_the_least_of_a_round_counts(void **state)
{
	struct hystart h;

	(void)state;
	hystart_init(&h);
	run_round(&h, 8, MS(50));
	hystart_sample(&h, MS(80), 2 * MSS, MSS);
	run_round(&h, 7, MS(90));
	hystart_sample(&h, MS(55), 2 * MSS, MSS);
	assert_int_equal(h.phase, HYSTART_SLOW_START);
	/* The next round is compared with 55, not with 90. */
	run_round(&h, 8, MS(62));
	assert_int_equal(h.phase, HYSTART_CSS);
}

static void test_merged_acknowledgements_count_for_more(void **state)
{
	struct hystart h;

	(void)state;
	hystart_init(&h);
	run_round(&h, 8, MS(50));
	hystart_round(&h);
	/* 64 segments in one batch: one sample, which a busy host may have delayed. */
	hystart_sample(&h, MS(90), 64 * MSS, MSS);
	assert_int_equal(h.phase, HYSTART_SLOW_START);
	hystart_sample(&h, MS(90), 7 * MSS, MSS);
	assert_int_equal(h.phase, HYSTART_SLOW_START);
	hystart_sample(&h, MS(90), MSS, MSS);
	assert_int_equal(h.phase, HYSTART_CSS);
}

static void test_css_ends_slow_start_after_five_rounds(void **state)
{
	struct hystart h;

	(void)state;
	hystart_init(&h);
	run_round(&h, 8, MS(50));
	run_round(&h, 8, MS(70));
	/* The round in which it began is the first. */
	for (unsigned i = 1; i < HYSTART_CSS_ROUNDS; i++) {
		run_round(&h, 8, MS(70));
		assert_int_equal(h.phase, HYSTART_CSS);
	}
	hystart_round(&h);
	assert_int_equal(h.phase, HYSTART_DONE);
	/* For good. */
	run_round(&h, 8, MS(10));
	run_round(&h, 8, MS(90));
	assert_int_equal(h.phase, HYSTART_DONE);
}

static void test_css_was_wrong_when_the_time_falls_below_its_start(void **state)
{
	struct hystart h;

	(void)state;
	hystart_init(&h);
	run_round(&h, 8, MS(50));
	run_round(&h, 8, MS(70));
	run_round(&h, 8, MS(70));
	run_round(&h, 7, MS(69));
	assert_int_equal(h.phase, HYSTART_CSS);
	hystart_sample(&h, MS(80), 2 * MSS, MSS);
	assert_int_equal(h.phase, HYSTART_SLOW_START);
	/* And may begin again, with its five rounds. */
	run_round(&h, 8, MS(78));
	assert_int_equal(h.phase, HYSTART_CSS);
	for (unsigned i = 1; i < HYSTART_CSS_ROUNDS; i++)
		run_round(&h, 8, MS(78));
	assert_int_equal(h.phase, HYSTART_CSS);
	hystart_round(&h);
	assert_int_equal(h.phase, HYSTART_DONE);
}

static void test_growth(void **state)
{
	static const struct {
		uint8_t phase;
		uint32_t acked;
		bool paced;
		uint32_t growth;
	} cases[] = {
		{HYSTART_SLOW_START, 2 * MSS, false, 2 * MSS},
		{HYSTART_SLOW_START, 8 * MSS, false, 8 * MSS},
		{HYSTART_SLOW_START, 9 * MSS, false, 8 * MSS},
		{HYSTART_SLOW_START, 64 * MSS, true, 64 * MSS},
		{HYSTART_CSS, 64 * MSS, true, 16 * MSS},
		{HYSTART_CSS, 64 * MSS, false, 2 * MSS},
		{HYSTART_CSS, 3, true, 0},	/* acknowledgements cut small gain nothing */
		{HYSTART_DONE, 2 * MSS, true, 2 * MSS},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct hystart h;

		hystart_init(&h);
		h.phase = cases[i].phase;
		assert_int_equal(hystart_growth(&h, cases[i].acked, MSS, cases[i].paced), cases[i].growth);
	}
}

static void test_a_loss_ends_it(void **state)
{
	struct hystart h;

	(void)state;
	hystart_init(&h);
	hystart_end(&h);
	run_round(&h, 8, MS(50));
	run_round(&h, 8, MS(90));
	assert_int_equal(h.phase, HYSTART_DONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_rise_by_the_threshold_begins_css),
		cmocka_unit_test(test_the_first_round_and_few_samples_say_nothing),
		cmocka_unit_test(test_the_least_of_a_round_counts),
		cmocka_unit_test(test_merged_acknowledgements_count_for_more),
		cmocka_unit_test(test_css_ends_slow_start_after_five_rounds),
		cmocka_unit_test(test_css_was_wrong_when_the_time_falls_below_its_start),
		cmocka_unit_test(test_growth),
		cmocka_unit_test(test_a_loss_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
