#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/cc/rtt.h"

#define MS NS_PER_MS
#define S NS_PER_S

static struct boot_time at(uint64_t ns)
{
	return (struct boot_time){100 * S + ns};
}

/*
 * Worked out by hand from RFC 6298 2.2 and 2.3, one sample a second; in ns, exact but for the last
 * places.
 */
static void test_srtt_and_rttvar_are_those_of_rfc_6298(void **state)
{
	static const struct {
		uint64_t sample, srtt, rttvar;
	} cases[] = {
		{100000000, 100000000, 50000000},
		{120000000, 102500000, 42500000},
		{40000000, 94687500, 47500000},
		{500000000, 145351562, 136953125},
		{500000000, 189682617, 191376953},
		{500000000, 228472290, 221112060},
	};
	struct rtt r;

	(void)state;
	rtt_init(&r);
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		rtt_sample(&r, at(i * S), cases[i].sample);
		assert_int_equal(r.latest_ns, cases[i].sample);
		assert_in_range(r.smoothed_ns, cases[i].srtt - 8, cases[i].srtt + 8);
		assert_in_range(r.variation_ns, cases[i].rttvar - 8, cases[i].rttvar + 8);
	}
}

static void test_the_time_out_follows_the_larger_of_two_round_trips(void **state)
{
	/* SRTT + max(200 ms, 4 * RTTVAR); RTTVAR of this sample or of the one before */
	static const struct {
		uint64_t sample_ms, rto;
	} cases[] = {
		{100, 300000000},	/* 100 + 200 */
		{120, 302500000},	/* 102.5 + 4 * 50 */
		{40, 294687500},	/* 94.6875 + the least */
		{500, 693164062},	/* 145.35 + 4 * 136.95 */
		{500, 955190429},	/* 189.68 + 4 * 191.38 */
	};
	struct rtt r;

	(void)state;
	rtt_init(&r);
	assert_int_equal(rtt_rto(&r, 0), RTT_RTO_FIRST_NS);
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		rtt_sample(&r, at(i * S), cases[i].sample_ms * MS);
		assert_in_range(rtt_rto(&r, 0), cases[i].rto - 32, cases[i].rto + 32);
	}
	/*
	 * SRTT 194.597290, RTTVAR 0.75 * 191.376953 + 0.25 * 39.317383 = 153.362060; the peak
	 * holds.
	 */
	rtt_sample(&r, at(5 * S), 229 * MS);
	assert_in_range(rtt_rto(&r, 0), 960105102 - 64, 960105102 + 64);
	/*
	 * SRTT 198.897629, RTTVAR 0.75 * 153.362060 + 0.25 * 34.402710 = 123.622223; now the one
	 * before.
	 */
	rtt_sample(&r, at(6 * S), 229 * MS);
	assert_in_range(rtt_rto(&r, 0), 812345869 - 64, 812345869 + 64);
}

/* What Linux has on a steady path (net/ipv4/tcp_input.c, tcp_rtt_estimator): SRTT + 200 ms. */
static void test_a_steady_path_has_200_ms_above_the_smoothed_time(void **state)
{
	static const uint64_t rtts_ns[] = {300000, 5 * MS, 50 * MS, 100 * MS, 600 * MS};
	struct rtt r;

	(void)state;
	for (unsigned i = 0; i < sizeof(rtts_ns) / sizeof(rtts_ns[0]); i++) {
		rtt_init(&r);
		for (unsigned n = 0; n < 40; n++)
			rtt_sample(&r, at(n * rtts_ns[i]), rtts_ns[i]);
		assert_in_range(rtt_rto(&r, 0), rtts_ns[i] + 200 * MS - 8, rtts_ns[i] + 200 * MS);
	}
}

/*
 * 100 samples a round trip: a late one of 400 ms must not be forgotten within the same round trip.
 */
static void test_many_samples_a_round_trip_do_not_hide_variation(void **state)
{
	struct rtt r;
	uint64_t peak_ns, now_ns = 0;

	(void)state;
	rtt_init(&r);
	for (unsigned n = 0; n < 300; n++)
		rtt_sample(&r, at(now_ns += MS), 100 * MS);
	rtt_sample(&r, at(now_ns += MS), 400 * MS);
	peak_ns = r.variation_ns;
	assert_in_range(peak_ns, 74 * MS, 76 * MS);
	for (unsigned n = 0; n < 100; n++)
		rtt_sample(&r, at(now_ns += MS), 100 * MS);
	assert_true(r.variation_ns < MS);
	assert_true(rtt_rto(&r, 0) >= 100 * MS + 4 * peak_ns);
	for (unsigned n = 0; n < 300; n++)
		rtt_sample(&r, at(now_ns += MS), 100 * MS);
	assert_in_range(rtt_rto(&r, 0), 299 * MS, 301 * MS);
}

static void test_backoff_doubles_up_to_the_limit(void **state)
{
	struct rtt r;

	(void)state;
	rtt_init(&r);
	assert_int_equal(rtt_rto(&r, 1), 2 * S);
	assert_int_equal(rtt_rto(&r, 5), 32 * S);
	assert_int_equal(rtt_rto(&r, 6), 60 * S);
	rtt_sample(&r, at(0), 100 * MS);
	assert_int_equal(rtt_rto(&r, 0), 300 * MS);
	assert_int_equal(rtt_rto(&r, 3), 2400 * MS);
	assert_int_equal(rtt_rto(&r, 7), 38400 * MS);
	assert_int_equal(rtt_rto(&r, 8), RTT_RTO_MOST_NS);
	assert_int_equal(rtt_rto(&r, UINT32_MAX), RTT_RTO_MOST_NS);
}

static void test_extreme_samples_are_bounded(void **state)
{
	struct rtt r;

	(void)state;
	rtt_init(&r);
	rtt_sample(&r, at(0), 0);
	assert_int_equal(r.latest_ns, RTT_RESOLUTION_NS);
	assert_int_equal(r.smoothed_ns, RTT_RESOLUTION_NS);
	assert_int_equal(rtt_min(&r, at(0)), RTT_RESOLUTION_NS);
	rtt_sample(&r, at(1), UINT64_MAX);
	assert_int_equal(r.latest_ns, RTT_SAMPLE_MOST_NS);
	for (unsigned i = 0; i < 1000; i++)
		rtt_sample(&r, at(i), UINT64_MAX - i);
	assert_in_range(r.smoothed_ns, RTT_SAMPLE_MOST_NS - S, RTT_SAMPLE_MOST_NS);
	assert_int_equal(rtt_rto(&r, 0), RTT_RTO_MOST_NS);
	/* The clock is stepped: far ahead, and (in tests only) back. */
	rtt_sample(&r, (struct boot_time){UINT64_MAX}, 50 * MS);
	rtt_sample(&r, at(0), 60 * MS);
	assert_true(rtt_rto(&r, 0) <= RTT_RTO_MOST_NS);
	assert_int_equal(rtt_min(&r, at(0)), 50 * MS);
}

/* --- the least of ten seconds ----------------------------------------------------------------- */

static void test_the_least_time_is_known_from_the_first_sample(void **state)
{
	struct rtt r;

	(void)state;
	rtt_init(&r);
	assert_int_equal(rtt_min(&r, at(0)), 0);
	rtt_sample(&r, at(0), 70 * MS);
	assert_int_equal(rtt_min(&r, at(0)), 70 * MS);
	rtt_sample(&r, at(MS), 60 * MS);
	rtt_sample(&r, at(2 * MS), 90 * MS);
	assert_int_equal(rtt_min(&r, at(2 * MS)), 60 * MS);
	/* As low again: it is as young as that. */
	rtt_sample(&r, at(3 * MS), 60 * MS);
	assert_int_equal(r.min[0].at.ns, at(3 * MS).ns);
	/* Right after the machine has started. */
	rtt_init(&r);
	rtt_sample(&r, (struct boot_time){NS_PER_S}, 70 * MS);
	assert_int_equal(rtt_min(&r, (struct boot_time){NS_PER_S}), 70 * MS);
}

static void test_the_least_time_goes_after_ten_seconds(void **state)
{
	struct rtt r;

	(void)state;
	rtt_init(&r);
	rtt_sample(&r, at(0), 50 * MS);
	for (uint64_t t = 1; t <= 150; t++) {
		rtt_sample(&r, at(t * 100 * MS), 80 * MS);
		assert_int_equal(rtt_min(&r, at(t * 100 * MS)), t <= 100 ? 50 * MS : 80 * MS);
	}
	/* Nothing heard for longer: the last that was known is better than nothing. */
	assert_int_equal(rtt_min(&r, at(1000 * S)), 80 * MS);
	rtt_sample(&r, at(1000 * S), 200 * MS);
	assert_int_equal(rtt_min(&r, at(1000 * S)), 200 * MS);
}

static void test_an_aged_least_time_is_not_told_even_without_a_sample(void **state)
{
	struct rtt r;

	(void)state;
	rtt_init(&r);
	rtt_sample(&r, at(0), 50 * MS);
	rtt_sample(&r, at(3 * S), 90 * MS);
	rtt_sample(&r, at(6 * S), 80 * MS);
	assert_int_equal(rtt_min(&r, at(10 * S)), 50 * MS);
	assert_int_equal(rtt_min(&r, at(10 * S + 1)), 80 * MS);
}

/* The three places after each sample; times in units of 100 ms, worked out by hand. */
static void test_the_places_of_the_filter(void **state)
{
	static const struct {
		uint32_t at, ms;
		struct {
			uint32_t ms, at;
		} want[3];
	} samples[] = {
		{0, 50, {{50, 0}, {50, 0}, {50, 0}}},
		{10, 60, {{50, 0}, {50, 0}, {50, 0}}},
		{25, 60, {{50, 0}, {50, 0}, {50, 0}}},
		{30, 60, {{50, 0}, {60, 30}, {60, 30}}},	/* more than a quarter */
		{35, 60, {{50, 0}, {60, 35}, {60, 35}}},	/* as good and younger */
		{50, 70, {{50, 0}, {60, 35}, {60, 35}}},
		{60, 70, {{50, 0}, {60, 35}, {70, 60}}},	/* more than a half */
		{70, 70, {{50, 0}, {60, 35}, {70, 70}}},
		{75, 65, {{50, 0}, {60, 35}, {65, 75}}},
		{100, 80, {{50, 0}, {60, 35}, {65, 75}}},
		{110, 80, {{60, 35}, {65, 75}, {80, 110}}},	/* the first is too old */
		{135, 90, {{60, 35}, {65, 75}, {80, 110}}},
		{175, 90, {{65, 75}, {80, 110}, {90, 175}}},
		{180, 95, {{80, 110}, {90, 175}, {95, 180}}},
		{280, 99, {{95, 180}, {99, 280}, {99, 280}}},	/* the first two are */
		{285, 95, {{95, 285}, {95, 285}, {95, 285}}},
		{386, 200, {{200, 386}, {200, 386}, {200, 386}}},	/* all are */
	};
	struct rtt r;

	(void)state;
	rtt_init(&r);
	for (unsigned i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		rtt_sample(&r, at(samples[i].at * 100 * MS), samples[i].ms * MS);
		for (unsigned k = 0; k < 3; k++) {
			assert_int_equal(r.min[k].ns, samples[i].want[k].ms * MS);
			assert_int_equal(r.min[k].at.ns, at(samples[i].want[k].at * 100 * MS).ns);
		}
		if (samples[i].at == 110) {
			assert_int_equal(rtt_min(&r, at(135 * 100 * MS)), 60 * MS);
			assert_int_equal(rtt_min(&r, at(140 * 100 * MS)), 65 * MS);
			assert_int_equal(rtt_min(&r, at(180 * 100 * MS)), 80 * MS);
		}
	}
}

/*
 * Against the exact least of the window. The filter may tell more than that, by design: only a
 * sample that it passed over can be missed. It never tells less, nor what lies outside of the
 * window.
 */
static void test_the_filter_against_an_exact_window(void **state)
{
	static uint64_t samples[4000];
	uint32_t seed = 7;
	unsigned exact = 0;
	struct rtt r;

	(void)state;
	rtt_init(&r);
	for (unsigned i = 0; i < 4000; i++) {
		uint64_t least = UINT64_MAX, got;
		bool within = false;

		seed = seed * 1664525 + 1013904223;
		/* a slow wave with noise above it, a sample each 20 ms */
		samples[i] = (40 + (i / 700) % 3 * 10) * MS + (seed >> 8) % (30 * MS);
		rtt_sample(&r, at(i * 20 * MS), samples[i]);
		got = rtt_min(&r, at(i * 20 * MS));
		for (unsigned k = i > 500 ? i - 500 : 0; k <= i; k++) {
			least = samples[k] < least ? samples[k] : least;
			within |= samples[k] == got;
		}
		assert_true(within);
		assert_true(got >= least);
		assert_true(got <= least + 10 * MS);
		exact += got == least;
	}
	assert_true(exact > 3600);
}

static void test_a_restart_forgets_the_least_time_only(void **state)
{
	struct rtt r;
	uint64_t rto_ns;

	(void)state;
	rtt_init(&r);
	rtt_sample(&r, at(0), 50 * MS);
	rto_ns = rtt_rto(&r, 0);
	rtt_restart(&r);
	assert_int_equal(rtt_min(&r, at(1)), 0);
	assert_int_equal(r.smoothed_ns, 50 * MS);
	assert_int_equal(rtt_rto(&r, 0), rto_ns);
	rtt_sample(&r, at(2), 120 * MS);
	assert_int_equal(rtt_min(&r, at(2)), 120 * MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_srtt_and_rttvar_are_those_of_rfc_6298),
		cmocka_unit_test(test_the_time_out_follows_the_larger_of_two_round_trips),
		cmocka_unit_test(test_a_steady_path_has_200_ms_above_the_smoothed_time),
		cmocka_unit_test(test_many_samples_a_round_trip_do_not_hide_variation),
		cmocka_unit_test(test_backoff_doubles_up_to_the_limit),
		cmocka_unit_test(test_extreme_samples_are_bounded),
		cmocka_unit_test(test_the_least_time_is_known_from_the_first_sample),
		cmocka_unit_test(test_the_least_time_goes_after_ten_seconds),
		cmocka_unit_test(test_an_aged_least_time_is_not_told_even_without_a_sample),
		cmocka_unit_test(test_the_places_of_the_filter),
		cmocka_unit_test(test_the_filter_against_an_exact_window),
		cmocka_unit_test(test_a_restart_forgets_the_least_time_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
