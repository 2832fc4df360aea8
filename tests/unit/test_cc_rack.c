#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "net/cc/rack.h"
#include "net/cc/seq.h"
#include "support/chance.h"
#include "support/sb_lab.h"

#define MS NS_PER_MS
#define RTT (40 * MS)

static struct rack rack;
static uint64_t again_ns;

static void rack_begin(void)
{
	begin();
	rack_init(&rack);
}

/* Segment `i` arrives by SACK; the acknowledgement comes in at `when`. */
static void arrives(uint32_t i, uint64_t when)
{
	struct sb_walk w;
	struct sb_entry *e;

	sb_sack(&w, &sb, seq_of(i), seq_of(i + 1));
	while ((e = sb_sack_next(&w)) != NULL)
		rack_delivered(&rack, e, at(when), RTT, false);
}

/* All below segment `i` is acknowledged. */
static void acknowledged(uint32_t i, uint64_t when)
{
	struct sb_entry *e;

	while ((e = sb_take_acked(&sb, seq_of(i))) != NULL) {
		if (e->state != SB_SACKED)
			rack_delivered(&rack, e, at(when), RTT, false);
	}
}

static uint32_t detect(uint64_t when, uint64_t window_ns)
{
	const struct sb_entry *e;
	uint32_t lost = 0;

	while ((e = rack_next_lost(&rack, &sb, at(when), window_ns, &again_ns)))
		lost += e->len;
	assert_true(sb_verify(&sb));
	return lost;
}

/* --- step 2: the newest that arrived ---------------------------------------------------------- */

static void test_the_newest_sending_that_arrived_is_known(void **state)
{
	(void)state;
	rack_begin();
	push(seq_of(0), MSS, 10000);
	push(seq_of(1), MSS, 20000);
	push(seq_of(2), MSS, 20000);
	push(seq_of(3), MSS, 30000);
	arrives(1, RTT + 20000);
	assert_int_equal(rack.sent_at.ns, at(20000).ns);
	assert_int_equal(rack.end, seq_of(2));
	assert_int_equal(rack.rtt_ns, RTT);
	/* The next of that pass. */
	arrives(2, RTT + 25000);
	assert_int_equal(rack.end, seq_of(3));
	assert_int_equal(rack.rtt_ns, RTT + 5000);
	/* An older sending moves the time of a round trip only. */
	arrives(0, RTT + 110000);
	assert_int_equal(rack.sent_at.ns, at(20001).ns);
	assert_int_equal(rack.end, seq_of(3));
	assert_int_equal(rack.rtt_ns, RTT + 100000);
	arrives(3, RTT + 140000);
	assert_int_equal(rack.sent_at.ns, at(30000).ns);
	end();
}

static void test_the_end_decides_across_the_wrap(void **state)
{
	(void)state;
	rack_begin();
	push(0u - 1000, 1000, 10);
	push(0, 1000, 10);
	push(1000, 1000, 10);
	rack_delivered(&rack, sb_find(&sb, 0), at(RTT), RTT, false);
	assert_int_equal(rack.end, 1000);
	rack_delivered(&rack, sb_find(&sb, 0u - 1000), at(RTT), RTT, false);
	assert_int_equal(rack.end, 1000);
	assert_true(rack.reordering_seen);
	assert_int_equal(rack.fack, 1000);
	end();
}

static void test_an_ambiguous_repeat_tells_no_time(void **state)
{
	static const struct {
		uint64_t rtt;
		bool echo_before, taken;
	} cases[] = {
		{RTT - 1000, false, false},	/* faster than any: the first sending */
		{RTT, false, true},
		{RTT + 5000, false, true},
		{RTT + 5000, true, false},	/* the timestamp tells of an earlier one */
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		rack_begin();
		push_many(2);
		rack_delivered(&rack, entry(0), at(RTT), RTT, false);
		assert_int_equal(rack.rtt_ns, RTT);
		sb_mark_lost(&sb, entry(1));
		sb_repeated(&sb, entry(1), at(100 * MS));
		rack_delivered(&rack, entry(1), at(100 * MS + cases[i].rtt), RTT,
			       cases[i].echo_before);
		assert_int_equal(rack.sent_at.ns, cases[i].taken ? at(100 * MS).ns : at(0).ns);
		assert_int_equal(rack.rtt_ns, cases[i].taken ? cases[i].rtt : RTT);
		assert_int_equal(rack.fack, seq_of(2));
		end();
	}
	/* What was sent once is taken, whatever its time and echo: the path has become faster. */
	rack_begin();
	push_many(1);
	rack_delivered(&rack, entry(0), at(RTT / 2), RTT, true);
	assert_int_equal(rack.rtt_ns, RTT / 2);
	end();
}

/* --- step 3: reordering ----------------------------------------------------------------------- */

static void test_reordering_is_seen_by_what_arrives_late(void **state)
{
	(void)state;
	rack_begin();
	push_many(6);
	arrives(1, RTT);
	arrives(2, RTT);
	assert_false(rack.reordering_seen);
	/* Repeated: what arrived is not known. */
	sb_repeated(&sb, entry(0), at(2 * RTT));
	arrives(0, 3 * RTT);
	assert_false(rack.reordering_seen);
	arrives(5, 3 * RTT);
	assert_false(rack.reordering_seen);
	arrives(4, 3 * RTT);
	assert_true(rack.reordering_seen);
	assert_int_equal(rack.fack, seq_of(6));
	end();
}

static void test_a_timestamp_shows_that_the_first_sending_was_late(void **state)
{
	(void)state;
	rack_begin();
	push_many(3);
	arrives(2, RTT);
	sb_repeated(&sb, entry(0), at(RTT));
	sb_repeated(&sb, entry(1), at(RTT));
	rack_delivered(&rack, entry(0), at(RTT + 5 * MS), RTT, true);
	assert_true(rack.reordering_seen);
	/* In order it is none: the highest so far, and what was the highest before. */
	rack_init(&rack);
	rack_delivered(&rack, entry(1), at(RTT + 5 * MS), RTT, true);
	rack_delivered(&rack, entry(1), at(RTT + 5 * MS), RTT, true);
	assert_false(rack.reordering_seen);
	end();
}

/* --- step 4: the window ----------------------------------------------------------------------- */

static void test_the_window_is_a_quarter_of_the_least_time(void **state)
{
	(void)state;
	rack_init(&rack);
	assert_int_equal(rack_window(&rack, RTT, 2 * RTT, false), RTT / 4);
	assert_int_equal(rack_window(&rack, RTT, 2 * RTT, true), 0);
	rack.reordering_seen = true;
	assert_int_equal(rack_window(&rack, RTT, 2 * RTT, false), RTT / 4);
	assert_int_equal(rack_window(&rack, RTT, 2 * RTT, true), RTT / 4);
	/* Not more than the smoothed time. */
	assert_int_equal(rack_window(&rack, RTT, 3 * MS, true), 3 * MS);
	assert_int_equal(rack_window(&rack, 0, RTT, false), 0);
}

static void test_each_round_with_a_dsack_widens_by_a_quarter(void **state)
{
	(void)state;
	rack_init(&rack);
	rack_dsack(&rack, seq_of(0), seq_of(10));
	assert_int_equal(rack_window(&rack, RTT, 9 * RTT, false), 2 * RTT / 4);
	/* The same round: SND.UNA has not come to what was SND.NXT. */
	rack_dsack(&rack, seq_of(5), seq_of(15));
	rack_dsack(&rack, seq_of(10) - 1, seq_of(20));
	assert_int_equal(rack_window(&rack, RTT, 9 * RTT, false), 2 * RTT / 4);
	rack_dsack(&rack, seq_of(10), seq_of(30));
	assert_int_equal(rack_window(&rack, RTT, 9 * RTT, false), 3 * RTT / 4);
	rack_dsack(&rack, seq_of(29), seq_of(40));
	assert_int_equal(rack_window(&rack, RTT, 9 * RTT, false), 3 * RTT / 4);
	rack_dsack(&rack, seq_of(31), seq_of(40));
	assert_int_equal(rack_window(&rack, RTT, 9 * RTT, false), 4 * RTT / 4);
	assert_int_equal(rack_window(&rack, RTT, RTT, false), RTT);
	/* Neither wraps nor forgets the limit. */
	for (uint32_t i = 4; i < 400; i++)
		rack_dsack(&rack, seq_of(10 * i), seq_of(10 * i + 10));
	assert_int_equal(rack_window(&rack, RTT, UINT64_MAX, false), RTT / 4 * 255);
	assert_int_equal(rack_window(&rack, RTT, RTT, false), RTT);
}

static void test_the_window_shrinks_after_sixteen_recoveries_without_dsack(void **state)
{
	(void)state;
	rack_init(&rack);
	rack_recovered(&rack);
	assert_int_equal(rack_window(&rack, RTT, 9 * RTT, false), RTT / 4);
	rack_dsack(&rack, seq_of(0), seq_of(10));
	for (unsigned i = 0; i < 10; i++)
		rack_recovered(&rack);
	rack_dsack(&rack, seq_of(10), seq_of(20));
	for (unsigned i = 0; i < 15; i++) {
		rack_recovered(&rack);
		assert_int_equal(rack_window(&rack, RTT, 9 * RTT, false), 3 * RTT / 4);
	}
	rack_recovered(&rack);
	assert_int_equal(rack_window(&rack, RTT, 9 * RTT, false), RTT / 4);
	rack_recovered(&rack);
	rack_dsack(&rack, seq_of(20), seq_of(30));
	assert_int_equal(rack_window(&rack, RTT, 9 * RTT, false), 2 * RTT / 4);
}

/* --- step 5: what is lost --------------------------------------------------------------------- */

static void test_nothing_is_lost_before_something_arrived(void **state)
{
	(void)state;
	rack_begin();
	assert_int_equal(detect(0, 0), 0);
	push_many(10);
	assert_int_equal(detect(3600 * NS_PER_S, 0), 0);
	assert_int_equal(again_ns, 0);
	/* The first has arrived: what was sent after it is not judged. */
	arrives(0, RTT);
	assert_int_equal(detect(3600 * NS_PER_S, 0), 0);
	assert_int_equal(again_ns, 0);
	end();
}

static void test_lost_is_what_was_sent_a_window_before_one_that_arrived(void **state)
{
	(void)state;
	rack_begin();
	push_many(10);	/* at 0, 1,000 ns, ... */
	arrives(5, RTT + 5000);
	/* Each is due at its sending, a round trip and the window. */
	assert_int_equal(detect(RTT + 5000, 3000), 3 * MSS);
	assert_int_equal(again_ns, 1000);
	assert_int_equal(sb_first_lost(&sb)->seq, seq_of(0));
	assert_int_equal(detect(RTT + 5000, 3000), 0);
	assert_int_equal(again_ns, 1000);
	/* In whole microseconds: what is left of one is the place in a pass. */
	assert_int_equal(detect(RTT + 6000, 3000), MSS);
	assert_int_equal(again_ns, 1000);
	assert_int_equal(detect(RTT + 7000, 3000), MSS);
	/* Those above were sent later than what arrived. */
	assert_int_equal(again_ns, 0);
	assert_int_equal(detect(10 * RTT, 0), 0);
	assert_int_equal(sb.lost, 5 * MSS);
	assert_int_equal(sb.in_flight, 4 * MSS);
	end();
}

static void test_within_one_pass_the_sequence_decides(void **state)
{
	(void)state;
	rack_begin();
	for (uint32_t i = 0; i < 6; i++)
		push(seq_of(i), MSS, 7);
	arrives(3, RTT + 7);
	assert_int_equal(detect(RTT + 7, 0), 3 * MSS);
	assert_int_equal(again_ns, 0);
	assert_int_equal(sb.in_flight, 2 * MSS);
	end();
}

static void test_a_repeat_that_was_lost_is_found_by_time(void **state)
{
	(void)state;
	rack_begin();
	push_many(4);
	arrives(1, RTT + 1000);
	assert_int_equal(detect(RTT + 1000, 0), MSS);
	sb_repeated(&sb, entry(0), at(RTT + 1000));
	/* Those of the first flight say nothing of it. */
	arrives(2, RTT + 2000);
	arrives(3, RTT + 3000);
	assert_int_equal(detect(RTT + 3000, 0), 0);
	assert_int_equal(again_ns, 0);
	/* New data sent after the repeat does. */
	push(seq_of(4), MSS, RTT + 5000);
	arrives(4, 2 * RTT + 5000);
	assert_int_equal(detect(2 * RTT + 5000, 0), MSS);
	assert_int_equal(entry(0)->repeats, 1);
	assert_int_equal(entry(0)->state, SB_LOST);
	end();
}

/*
 * RFC 8985 3.4, P0 to P3: P1 to P3 are dropped, a probe repeats P3, the repeats of P1 and P2
 * follow, that of P1 is dropped, too.
 */
static void test_the_example_of_the_rfc(void **state)
{
	(void)state;
	rack_begin();
	for (uint32_t i = 0; i < 4; i++)
		push(seq_of(i), MSS, 1);
	acknowledged(1, RTT + 1);
	assert_int_equal(detect(RTT + 1, RTT / 4), 0);
	/* the probe, two round trips later */
	sb_repeated(&sb, entry(3), at(3 * RTT));
	arrives(3, 4 * RTT);
	assert_int_equal(detect(4 * RTT, RTT / 4), 2 * MSS);
	assert_int_equal(sb_first_lost(&sb)->seq, seq_of(1));
	sb_repeated(&sb, entry(1), at(4 * RTT));
	sb_repeated(&sb, entry(2), at(4 * RTT));
	arrives(2, 5 * RTT);
	/* in recovery the window is 0 */
	assert_int_equal(detect(5 * RTT, 0), MSS);
	assert_int_equal(sb_first_lost(&sb)->seq, seq_of(1));
	sb_repeated(&sb, entry(1), at(5 * RTT));
	acknowledged(4, 6 * RTT);
	assert_true(sb_empty(&sb));
	assert_false(rack.reordering_seen);
	end();
}

/* Section 6.3: the oldest is lost, and what was sent a round trip and the window ago; no more. */
static void test_a_time_out_spares_what_was_sent_lately(void **state)
{
	(void)state;
	rack_begin();
	assert_int_equal(rack_timed_out(&rack, &sb, at(0), 0), 0);
	push_many(3);
	acknowledged(1, RTT);
	push(seq_of(3), MSS, 300 * MS);
	push(seq_of(4), MSS, 300 * MS + 1000);
	assert_int_equal(rack_timed_out(&rack, &sb, at(310 * MS + RTT), 10 * MS), 3 * MSS);
	assert_int_equal(entry(4)->state, SB_IN_FLIGHT);
	assert_int_equal(entry(3)->state, SB_LOST);
	assert_true(sb_verify(&sb));
	/* Again: the oldest was repeated meanwhile, and only that is certain. */
	sb_repeated(&sb, entry(1), at(350 * MS));
	assert_int_equal(rack_timed_out(&rack, &sb, at(350 * MS + 5), 100 * MS), MSS);
	assert_int_equal(entry(1)->state, SB_LOST);
	assert_int_equal(entry(4)->state, SB_IN_FLIGHT);
	/* It is lost already: not counted again. */
	assert_int_equal(rack_timed_out(&rack, &sb, at(350 * MS + 5), 100 * MS), 0);
	/* The oldest is sacked (the receiver reneges or an acknowledgement was lost): it stays. */
	arrives(1, 390 * MS);
	assert_int_equal(rack_timed_out(&rack, &sb, at(350 * MS + 5), 100 * MS), 0);
	assert_int_equal(sb.sacked, MSS);
	end();
}

/* --- the whole, against the pseudocode -------------------------------------------------------- */

#define WINDOW_MOST 60

struct plain {
	uint64_t sent_at;	/* 0: lost, the RFC's infinite time */
	uint32_t number;
	bool sacked;
};

/* RACK_detect_loss as it stands in the RFC, over all; `*least` where the RFC keeps the most. */
static uint32_t plain_detect(struct plain *all, uint32_t count, uint64_t now, uint64_t window,
			     uint64_t *least)
{
	uint32_t lost = 0;

	*least = 0;
	for (uint32_t i = 0; i < count; i++) {
		struct plain *p = &all[i];
		uint32_t p_end = seq_of(p->number + 1);

		if (p->sacked || !p->sent_at || !(at(p->sent_at).ns < rack.sent_at.ns ||
		    (at(p->sent_at).ns == rack.sent_at.ns && seq_lt(p_end, rack.end))))
			continue;
		/* In whole microseconds: less is the place in a pass. */
		if (p->sent_at + rack.rtt_ns + window < now + SB_RESOLUTION_NS) {
			p->sent_at = 0;
			lost += MSS;
		} else if (!*least || p->sent_at + rack.rtt_ns + window - now < *least) {
			*least = p->sent_at + rack.rtt_ns + window - now;
		}
	}
	*least -= *least % SB_RESOLUTION_NS;
	return lost;
}

static void test_random_paths_agree_with_the_pseudocode(void **state)
{
	struct plain all[WINDOW_MOST];

	(void)state;
	for (uint32_t seed = 1; seed <= 20; seed++) {
		uint32_t count = 0, next = 0, marked = 0;
		uint64_t now = 1;

		rack_begin();
		chance_seed(seed);
		for (unsigned step = 0; step < 2000; step++) {
			uint32_t i = below(count + 1);
			uint64_t window = below(4) * 2000, least;

			now += one_in(2) ? below(3000) : 0;
			if (one_in(3) && count < WINDOW_MOST) {
				const struct sb_entry *e = push(seq_of(next), MSS, now);

				all[count++] = (struct plain){e->sent_at.ns - at(0).ns, next++, false};
			} else if (i < count && one_in(3)) {
				arrives(all[i].number, now);
				all[i].sacked = true;
			} else if (i < count && !all[i].sacked && (!all[i].sent_at || one_in(10))) {
				sb_repeated(&sb, entry(all[i].number), at(now));
				all[i].sent_at = entry(all[i].number)->sent_at.ns - at(0).ns;
			} else if (count == WINDOW_MOST) {
				acknowledged(next - count + 20, now);
				count -= 20;
				memmove(all, all + 20, count * sizeof(all[0]));
			}
			marked += plain_detect(all, count, now, window, &least);
			detect(now, window);
			assert_int_equal(again_ns, least);
			for (uint32_t k = 0; k < count; k++) {
				enum sb_state want = all[k].sacked ? SB_SACKED :
						     all[k].sent_at ? SB_IN_FLIGHT : SB_LOST;

				assert_int_equal(entry(all[k].number)->state, want);
			}
		}
		assert_true(marked > 50 * MSS);
		end();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_newest_sending_that_arrived_is_known),
		cmocka_unit_test(test_the_end_decides_across_the_wrap),
		cmocka_unit_test(test_an_ambiguous_repeat_tells_no_time),
		cmocka_unit_test(test_reordering_is_seen_by_what_arrives_late),
		cmocka_unit_test(test_a_timestamp_shows_that_the_first_sending_was_late),
		cmocka_unit_test(test_the_window_is_a_quarter_of_the_least_time),
		cmocka_unit_test(test_each_round_with_a_dsack_widens_by_a_quarter),
		cmocka_unit_test(test_the_window_shrinks_after_sixteen_recoveries_without_dsack),
		cmocka_unit_test(test_nothing_is_lost_before_something_arrived),
		cmocka_unit_test(test_lost_is_what_was_sent_a_window_before_one_that_arrived),
		cmocka_unit_test(test_within_one_pass_the_sequence_decides),
		cmocka_unit_test(test_a_repeat_that_was_lost_is_found_by_time),
		cmocka_unit_test(test_the_example_of_the_rfc),
		cmocka_unit_test(test_a_time_out_spares_what_was_sent_lately),
		cmocka_unit_test(test_random_paths_agree_with_the_pseudocode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
