#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/cc/prr.h"

#define MSS 1000

/*
 * A sender of whole segments that obeys: what may be sent is sent as far as it makes whole ones,
 * and what is left over waits for the next acknowledgement.
 */
static unsigned send_allowed(struct prr *p, uint32_t allowed, uint32_t *in_flight)
{
	unsigned sent = allowed / MSS;

	for (unsigned i = 0; i < sent; i++)
		prr_sent(p, MSS);
	*in_flight += sent * MSS;
	return sent;
}

/*
 * 20 segments in flight, the first lost, CUBIC's beta: ssthresh 14. The third of the 19 that arrive
 * begins recovery, when two were delivered before it: 18 in flight. By hand: allowed is
 * ceil(delivered * 14 / 18) - out while more than 14 are in flight; after that the bound, which is
 * what was delivered and not yet sent for, at least this delivery, and no more than 14 in flight.
 */
static void test_the_first_of_twenty_is_lost_and_cubic_wants_fourteen(void **state)
{
	static const struct {
		uint32_t in_flight, allowed;	/* before sending */
		unsigned sent;
	} acks[] = {
		{16000, 1000, 1},	/* ceil(0.78) is less than a segment: fast retransmit */
		{16000, 556, 0},	/* 1.556 - 1 */
		{15000, 1334, 1},	/* 2.334 - 1 */
		{15000, 1112, 1},	/* 3.112 - 2 */
		{15000, 889, 0},	/* 3.889 - 3 */
		{14000, 0, 0},	/* at ssthresh: bound of 6 - 3 = 3, but no room */
		{13000, 1000, 1},	/* 14 - 13 */
		{13000, 1000, 1},
		{13000, 1000, 1},
		{13000, 1000, 1},
		{13000, 1000, 1},
		{13000, 1000, 1},
		{13000, 1000, 1},
		{13000, 1000, 1},
		{13000, 1000, 1},
		{13000, 1000, 1},
		{13000, 1000, 1},
	};
	uint32_t in_flight = 17000;	/* 20 less the lost one and two delivered */
	struct prr p;

	(void)state;
	prr_begin(&p, 14 * MSS, 18 * MSS);
	for (unsigned i = 0; i < sizeof(acks) / sizeof(acks[0]); i++) {
		uint32_t allowed;

		in_flight -= MSS;
		assert_int_equal(in_flight, acks[i].in_flight);
		allowed = prr_acked(&p, MSS, in_flight, false, MSS);
		assert_int_equal(allowed, acks[i].allowed);
		assert_int_equal(send_allowed(&p, allowed, &in_flight), acks[i].sent);
	}
	assert_int_equal(in_flight, 14 * MSS);
	assert_int_equal(p.delivered, 17 * MSS);
}

/* Reno's half, nothing else lost: each second acknowledgement lets one out (RFC 6937 1). */
static void test_a_half_sends_on_each_second_acknowledgement(void **state)
{
	uint32_t in_flight = 19000;
	unsigned sent = 0;
	struct prr p;

	(void)state;
	prr_begin(&p, 10 * MSS, 20 * MSS);
	for (unsigned i = 0; i < 15; i++) {
		uint32_t allowed;

		in_flight -= MSS;
		allowed = prr_acked(&p, MSS, in_flight, false, MSS);
		/* the first whole, then half a segment is gathered by each that arrives */
		assert_int_equal(allowed, i == 0 ? 1000 : i == 1 ? 0 : i % 2 ? 1000 : 500);
		sent += send_allowed(&p, allowed, &in_flight);
		assert_int_equal(p.out, (i ? 1 + (i - 1) / 2 : 1) * MSS);
	}
	assert_int_equal(sent, 7);
	assert_int_equal(in_flight, 11 * MSS);
	/* At ssthresh the bound takes over: no room, then one for one. */
	assert_int_equal(prr_acked(&p, MSS, 10 * MSS, false, MSS), 0);
	assert_int_equal(prr_acked(&p, MSS, 9 * MSS, false, MSS), MSS);
}

/*
 * 15 of 20 are lost, ssthresh 10 (RFC 6937 3, the second example): from 2 in flight, sending
 * follows delivery; once the repeats are acknowledged, two go out for one, until 10 are in flight.
 */
static void test_heavy_loss_is_refilled_like_slow_start(void **state)
{
	static const struct {
		uint32_t delivered, in_flight;
		bool safe;
		uint32_t allowed;
	} acks[] = {
		{1000, 2000, false, 1000},	/* repeats 1 */
		{1000, 2000, false, 1000},	/* repeats 2 */
		{1000, 2000, false, 1000},	/* repeats 3 */
		{1000, 2000, true, 2000},	/* 1 acknowledged: two go */
		{1000, 3000, true, 2000},
		{1000, 4000, true, 2000},
		{1000, 5000, true, 2000},
		{1000, 6000, true, 2000},
		{1000, 7000, true, 2000},
		{1000, 8000, true, 2000},	/* 10 in flight */
		{1000, 9000, true, 1000},
		{1000, 9000, true, 1000},
	};
	uint32_t in_flight = 3000;
	struct prr p;

	(void)state;
	prr_begin(&p, 10 * MSS, 18 * MSS);
	for (unsigned i = 0; i < sizeof(acks) / sizeof(acks[0]); i++) {
		uint32_t allowed;

		in_flight -= acks[i].delivered;
		assert_int_equal(in_flight, acks[i].in_flight);
		allowed = prr_acked(&p, acks[i].delivered, in_flight, acks[i].safe, MSS);
		assert_int_equal(allowed, acks[i].allowed);
		send_allowed(&p, allowed, &in_flight);
	}
	assert_int_equal(in_flight, 10 * MSS);
}

/*
 * The sender had nothing to send for a while: it may catch up with what was delivered, to ssthresh.
 */
static void test_what_was_not_sent_may_be_caught_up(void **state)
{
	struct prr p;

	(void)state;
	prr_begin(&p, 10 * MSS, 20 * MSS);
	assert_int_equal(prr_acked(&p, MSS, 9000, false, MSS), 1000);
	prr_sent(&p, MSS);
	assert_int_equal(prr_acked(&p, MSS, 9000, false, MSS), 1000);
	assert_int_equal(prr_acked(&p, MSS, 8000, false, MSS), 2000);
	assert_int_equal(prr_acked(&p, MSS, 7000, false, MSS), 3000);
	assert_int_equal(prr_acked(&p, MSS, 4000, false, MSS), 4000);
	/* More was sent than delivered: only this delivery counts. */
	prr_sent(&p, 20 * MSS);
	assert_int_equal(prr_acked(&p, MSS, 4000, false, MSS), 1000);
	assert_int_equal(prr_acked(&p, MSS, 4000, true, MSS), 2000);
}

static void test_the_first_segment_goes_out_whatever_the_proportion(void **state)
{
	struct prr p;

	(void)state;
	prr_begin(&p, 2 * MSS, 100 * MSS);
	assert_int_equal(prr_acked(&p, 0, 99 * MSS, false, MSS), MSS);
	assert_int_equal(prr_acked(&p, MSS, 98 * MSS, false, MSS), MSS);
	prr_sent(&p, MSS);
	assert_int_equal(prr_acked(&p, MSS, 98 * MSS, false, MSS), 0);
	/* At ssthresh and nothing sent yet, as well. */
	prr_begin(&p, 10 * MSS, 20 * MSS);
	assert_int_equal(prr_acked(&p, MSS, 10 * MSS, false, MSS), MSS);
	/* More than the one where the bound allows it. */
	prr_begin(&p, 10 * MSS, 20 * MSS);
	assert_int_equal(prr_acked(&p, 3 * MSS, 2 * MSS, true, MSS), 4 * MSS);
}

static void test_the_proportion_is_rounded_up(void **state)
{
	struct prr p;

	(void)state;
	prr_begin(&p, 7000, 10001);
	prr_sent(&p, 100);
	/* 1000 * 7000 / 10001 = 699.93 */
	assert_int_equal(prr_acked(&p, 1000, 9000, false, MSS), 600);
	prr_sent(&p, 600);
	/* 10001 of 10001: exact */
	assert_int_equal(prr_acked(&p, 9001, 9000, false, MSS), 6300);
}

static void test_numbers_at_their_limits(void **state)
{
	struct prr p;

	(void)state;
	prr_begin(&p, UINT32_MAX, UINT32_MAX);
	assert_int_equal(prr_acked(&p, UINT32_MAX, UINT32_MAX - 5, true, MSS), 5);
	prr_begin(&p, UINT32_MAX - 1, UINT32_MAX);
	for (unsigned i = 0; i < 10; i++)
		assert_int_equal(prr_acked(&p, UINT32_MAX, UINT32_MAX, true, MSS), 0);
	/* Nothing was in flight: no division by it. */
	prr_begin(&p, 10 * MSS, 0);
	assert_int_equal(prr_acked(&p, 0, 0, false, MSS), MSS);
}

/*
 * Whatever arrives: in flight ends at ssthresh or below, and nothing is sent that was not
 * delivered.
 */
static void test_in_flight_never_rises_above_where_it_should_end(void **state)
{
	uint32_t seed = 11;

	(void)state;
	for (unsigned run = 0; run < 200; run++) {
		uint32_t in_flight, ssthresh, start;
		struct prr p;

		seed = seed * 1664525 + 1013904223;
		start = in_flight = (10 + (seed >> 8) % 500) * MSS;
		seed = seed * 1664525 + 1013904223;
		ssthresh = in_flight / 1000 * (300 + (seed >> 8) % 600);
		prr_begin(&p, ssthresh, in_flight);
		for (uint32_t left = in_flight; left >= 6 * MSS;) {
			uint32_t delivered, lost, allowed, before = in_flight;

			seed = seed * 1664525 + 1013904223;
			delivered = (1 + (seed >> 8) % 3) * MSS;
			lost = (seed >> 16) % 8 ? 0 : (seed >> 20) % 3 * MSS;
			left -= delivered + lost;
			in_flight -= delivered + lost;
			allowed = prr_acked(&p, delivered, in_flight, !lost, MSS);
			send_allowed(&p, allowed, &in_flight);
			assert_true(in_flight <= before || in_flight <= ssthresh);
			/* the proportion, a segment of rounding and the first one */
			if (in_flight > ssthresh)
				assert_true(p.out <= p.delivered * ssthresh / start + 2 * MSS);
		}
		assert_true(in_flight <= ssthresh + 6 * MSS);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_first_of_twenty_is_lost_and_cubic_wants_fourteen),
		cmocka_unit_test(test_a_half_sends_on_each_second_acknowledgement),
		cmocka_unit_test(test_heavy_loss_is_refilled_like_slow_start),
		cmocka_unit_test(test_what_was_not_sent_may_be_caught_up),
		cmocka_unit_test(test_the_first_segment_goes_out_whatever_the_proportion),
		cmocka_unit_test(test_the_proportion_is_rounded_up),
		cmocka_unit_test(test_numbers_at_their_limits),
		cmocka_unit_test(test_in_flight_never_rises_above_where_it_should_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
