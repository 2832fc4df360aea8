#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/cc/rate.h"

#define MSS 1000
#define AT(ms) ((struct boot_time){(uint64_t)(1000 + (ms)) * NS_PER_MS})

/* One sender: segment i covers [i * MSS, (i + 1) * MSS). */
struct sender {
	struct rate rate;
	struct rate_mark marks[64];
	struct boot_time sent_at[64];
	uint32_t in_flight;
};

static void start(struct sender *s)
{
	*s = (struct sender){0};
	rate_init(&s->rate, AT(0));
}

static void send_range(struct sender *s, unsigned from, unsigned to, struct boot_time now)
{
	for (unsigned i = from; i <= to; i++) {
		rate_sent(&s->rate, &s->marks[i], now, s->in_flight, MSS);
		s->sent_at[i] = now;
		s->in_flight += MSS;
	}
}

static void deliver(struct sender *s, struct rate_sample *rs, unsigned i, struct boot_time now)
{
	rate_delivered(&s->rate, rs, now, &s->marks[i], s->sent_at[i], (i + 1) * MSS, MSS);
	s->in_flight -= MSS;
}

static struct rate_sample deliver_range(struct sender *s, unsigned from, unsigned to,
					struct boot_time now, uint64_t min_rtt_ns)
{
	struct rate_sample rs = {0};

	for (unsigned i = from; i <= to; i++)
		deliver(s, &rs, i, now);
	rate_sample_finish(&s->rate, &rs, min_rtt_ns);
	return rs;
}

static void lose(struct sender *s, unsigned i)
{
	(void)i;
	rate_lost(&s->rate, MSS);
	s->in_flight -= MSS;
}

static void test_the_longer_interval_counts(void **state)
{
	/* Ten segments in two trains; the second is acknowledged at once. */
	static const struct {
		unsigned gap_ms, ack_ms, interval_ms;
	} cases[] = {
		{10, 110, 110},	/* acknowledgements took longer: from the start to the last */
		{40, 140, 140},
		{0, 100, 100},
	};
	struct sender s;
	struct rate_sample rs;

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		start(&s);
		send_range(&s, 0, 4, AT(0));
		send_range(&s, 5, 9, AT(cases[i].gap_ms));
		rs = deliver_range(&s, 0, 9, AT(cases[i].ack_ms), 0);
		assert_true(rs.any);
		assert_int_equal(rs.delivered, 10 * MSS);
		assert_int_equal(rs.interval_ns, cases[i].interval_ms * NS_PER_MS);
		assert_int_equal(rs.bytes_per_s, 10 * MSS * 1000 / cases[i].interval_ms);
	}
}

static void test_compressed_acknowledgements_are_bounded_by_the_sending(void **state)
{
	struct sender s;
	struct rate_sample rs;

	(void)state;
	start(&s);
	send_range(&s, 0, 9, AT(0));
	/* Steady: a train of ten in each 100 ms, acknowledged 100 ms later. */
	rs = deliver_range(&s, 0, 9, AT(100), 0);
	send_range(&s, 10, 19, AT(100));
	send_range(&s, 20, 29, AT(150));
	/* Both trains are acknowledged together. */
	deliver_range(&s, 10, 19, AT(250), 0);
	rs = deliver_range(&s, 20, 29, AT(250), 0);
	/* Sent at 150, with the delivery at 100 as its start: 20 segments in 150 ms, not in none. */
	assert_int_equal(rs.delivered, 20 * MSS);
	assert_int_equal(rs.interval_ns, 150 * NS_PER_MS);

	/* The sending took longer than the acknowledging. */
	start(&s);
	send_range(&s, 0, 0, AT(0));
	send_range(&s, 1, 1, AT(80));
	deliver_range(&s, 0, 0, AT(100), 0);
	send_range(&s, 2, 2, AT(130));
	deliver_range(&s, 1, 1, AT(140), 0);
	send_range(&s, 3, 3, AT(300));
	/* 3: marked with first_sent_at 80 and delivered_at 140; acknowledged at 301. */
	deliver_range(&s, 2, 2, AT(300), 0);
	rs = deliver_range(&s, 3, 3, AT(301), 0);
	assert_int_equal(rs.interval_ns, (300 - 80) * NS_PER_MS);
	assert_int_equal(rs.delivered, 2 * MSS);
}

static void test_the_newest_of_a_pass_has_the_highest_number(void **state)
{
	struct sender s;
	struct rate_sample rs = {0};

	(void)state;
	start(&s);
	/* The sequence numbers wrap within the train. */
	send_range(&s, 0, 0, AT(0));
	send_range(&s, 1, 3, AT(5));
	rate_delivered(&s.rate, &rs, AT(50), &s.marks[2], AT(5), 500, MSS);
	assert_int_equal(rs.newest.in_flight, 3 * MSS);
	rate_delivered(&s.rate, &rs, AT(50), &s.marks[1], AT(5), UINT32_MAX - 499, MSS);
	assert_int_equal(rs.newest.in_flight, 3 * MSS);
	rate_delivered(&s.rate, &rs, AT(50), &s.marks[3], AT(5), 1500, MSS);
	assert_int_equal(rs.newest.in_flight, 4 * MSS);
	/* Sent earlier: whatever its number. */
	rate_delivered(&s.rate, &rs, AT(50), &s.marks[0], AT(0), 9000, MSS);
	assert_int_equal(rs.newest.in_flight, 4 * MSS);
	assert_int_equal(s.rate.first_sent_at.ns, AT(5).ns);
	assert_int_equal(s.rate.delivered, 4 * MSS);
}

static void test_less_than_the_least_round_trip_is_no_rate(void **state)
{
	static const struct {
		unsigned ack_ms;
		bool rate;
	} cases[] = {{49, false}, {50, true}, {0, false}};
	struct sender s;
	struct rate_sample rs;

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		start(&s);
		send_range(&s, 0, 0, AT(0));
		rs = deliver_range(&s, 0, 0, AT(cases[i].ack_ms), i == 2 ? 0 : 50 * NS_PER_MS);
		assert_true(rs.any);
		assert_int_equal(rs.delivered, MSS);
		assert_int_equal(rs.interval_ns != 0, cases[i].rate);
		assert_int_equal(rs.bytes_per_s != 0, cases[i].rate);
	}
	/* Nothing newly delivered. */
	rs = (struct rate_sample){0};
	rate_sample_finish(&s.rate, &rs, 0);
	assert_false(rs.any);
	assert_false(rs.app_limited);
	assert_int_equal(rs.delivered, 0);
	assert_int_equal(rs.bytes_per_s, 0);
}

static void test_an_empty_path_starts_a_new_interval(void **state)
{
	struct sender s;
	struct rate_sample rs;

	(void)state;
	start(&s);
	send_range(&s, 0, 0, AT(0));
	deliver_range(&s, 0, 0, AT(50), 0);
	/* A rest of ten seconds is not part of the rate. */
	send_range(&s, 1, 2, AT(10050));
	assert_int_equal(s.marks[1].in_flight, MSS);
	assert_int_equal(s.marks[2].in_flight, 2 * MSS);
	rs = deliver_range(&s, 1, 2, AT(10100), 50 * NS_PER_MS);
	assert_int_equal(rs.bytes_per_s, 2 * MSS * 20);
}

static void test_losses_are_counted_since_the_sending(void **state)
{
	struct sender s;
	struct rate_sample rs;

	(void)state;
	start(&s);
	send_range(&s, 0, 4, AT(0));
	lose(&s, 0);
	send_range(&s, 5, 9, AT(10));
	lose(&s, 1);
	lose(&s, 2);
	rs = deliver_range(&s, 4, 4, AT(50), 0);
	assert_int_equal(rs.lost, 3 * MSS);
	rs = deliver_range(&s, 5, 5, AT(60), 0);
	assert_int_equal(rs.lost, 2 * MSS);
	assert_int_equal(rs.newest.lost, MSS);
	assert_int_equal(s.rate.lost, 3 * MSS);
}

static void test_the_bubble_marks_what_is_sent_until_it_is_delivered(void **state)
{
	struct sender s;
	struct rate_sample rs;

	(void)state;
	start(&s);
	send_range(&s, 0, 3, AT(0));
	rate_app_limited(&s.rate, s.in_flight);
	send_range(&s, 4, 4, AT(1));
	rs = deliver_range(&s, 0, 3, AT(50), 0);
	assert_false(rs.app_limited);
	/* All of the bubble has been delivered, but nothing beyond it. */
	send_range(&s, 5, 5, AT(51));
	rs = deliver_range(&s, 4, 4, AT(60), 0);
	assert_true(rs.app_limited);
	send_range(&s, 6, 6, AT(61));
	rs = deliver_range(&s, 5, 5, AT(101), 0);
	assert_true(rs.app_limited);
	rs = deliver_range(&s, 6, 6, AT(111), 0);
	assert_false(rs.app_limited);

	/* Before anything was sent: a bubble of nothing, gone with the first delivery. */
	start(&s);
	rate_app_limited(&s.rate, 0);
	send_range(&s, 0, 0, AT(0));
	rs = deliver_range(&s, 0, 0, AT(50), 0);
	assert_true(rs.app_limited);
	send_range(&s, 1, 1, AT(50));
	assert_false(s.marks[1].app_limited);
}

static void test_nothing_measured_across_a_freeze_counts(void **state)
{
	struct sender s;
	struct rate_sample rs;

	(void)state;
	start(&s);
	send_range(&s, 0, 9, AT(0));
	rate_restart(&s.rate, AT(600000));
	/* Sent after it, while the old flight is not delivered. */
	send_range(&s, 10, 10, AT(600000));
	rs = deliver_range(&s, 0, 9, AT(600001), 0);
	assert_true(rs.any);
	assert_int_equal(rs.interval_ns, 0);
	assert_int_equal(s.rate.delivered, 10 * MSS);
	send_range(&s, 11, 11, AT(600002));
	/* Ten segments came at once: their rate is the socket buffer's. */
	rs = deliver_range(&s, 10, 10, AT(600050), 0);
	assert_int_equal(rs.interval_ns, 0);
	/* From here on all is measured after it; the frozen time is in no interval. */
	rs = deliver_range(&s, 11, 11, AT(600052), 0);
	assert_int_equal(rs.interval_ns, 51 * NS_PER_MS);
	assert_int_equal(rs.delivered, 2 * MSS);
}

static void test_a_flight_lost_in_a_freeze_is_in_no_interval(void **state)
{
	struct sender s;
	struct rate_sample rs;

	(void)state;
	start(&s);
	send_range(&s, 0, 3, AT(0));
	rate_restart(&s.rate, AT(600000));
	send_range(&s, 4, 4, AT(600000));
	for (unsigned i = 0; i < 4; i++)
		lose(&s, i);
	rs = deliver_range(&s, 4, 4, AT(600050), 0);
	assert_int_equal(rs.interval_ns, 50 * NS_PER_MS);
	assert_int_equal(rs.lost, 4 * MSS);
	/* Sent a moment after it, acknowledged at once: the sending counts, but only since the freeze. */
	start(&s);
	send_range(&s, 0, 3, AT(0));
	rate_restart(&s.rate, AT(600000));
	send_range(&s, 4, 4, AT(600030));
	rs = deliver_range(&s, 4, 4, AT(600031), 0);
	assert_int_equal(rs.interval_ns, 31 * NS_PER_MS);
}

static void test_huge_volumes_do_not_wrap(void **state)
{
	struct sender s;
	struct rate_sample rs = {0};
	struct rate_mark mark;

	(void)state;
	start(&s);
	rate_sent(&s.rate, &mark, AT(0), UINT32_MAX - 10, 100);
	assert_int_equal(mark.in_flight, UINT32_MAX);
	for (unsigned i = 0; i < 6; i++)
		rate_delivered(&s.rate, &rs, AT(1000), &mark, AT(0), 1, UINT32_MAX);
	rate_sample_finish(&s.rate, &rs, 0);
	assert_int_equal(rs.delivered, 6 * (uint64_t)UINT32_MAX);
	/* 25 GB in a second are shown as the 18 GB that 64 bits of nanobytes can hold. */
	assert_int_equal(rs.bytes_per_s, UINT64_MAX / NS_PER_S);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_longer_interval_counts),
		cmocka_unit_test(test_compressed_acknowledgements_are_bounded_by_the_sending),
		cmocka_unit_test(test_the_newest_of_a_pass_has_the_highest_number),
		cmocka_unit_test(test_less_than_the_least_round_trip_is_no_rate),
		cmocka_unit_test(test_an_empty_path_starts_a_new_interval),
		cmocka_unit_test(test_losses_are_counted_since_the_sending),
		cmocka_unit_test(test_the_bubble_marks_what_is_sent_until_it_is_delivered),
		cmocka_unit_test(test_nothing_measured_across_a_freeze_counts),
		cmocka_unit_test(test_a_flight_lost_in_a_freeze_is_in_no_interval),
		cmocka_unit_test(test_huge_volumes_do_not_wrap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
