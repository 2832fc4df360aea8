#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/sb_lab.h"

/* --- sending and cumulative acknowledgements -------------------------------------------------- */

static void test_what_is_acknowledged_comes_out_in_order(void **state)
{
	struct sb_entry *e;
	int segments[40];

	(void)state;
	begin();
	assert_true(sb_empty(&sb));
	assert_null(sb_first(&sb));
	assert_null(sb_last(&sb));
	assert_null(sb_find(&sb, START));
	assert_null(sb_take_acked(&sb, START));
	for (uint32_t i = 0; i < 40; i++) {
		assert_true(sb_reserve(&sb));
		e = sb_push(&sb, seq_of(i), MSS, &segments[i], at(i));
		assert_int_equal(e->state, SB_IN_FLIGHT);
		assert_int_equal(e->repeats, 0);
		assert_false(e->was_lost);
	}
	assert_int_equal(sb.in_flight, 40 * MSS);
	assert_int_equal(sb_last(&sb)->seq, seq_of(39));
	assert_null(sb_take_acked(&sb, seq_of(0)));
	assert_null(sb_take_acked(&sb, seq_of(1) - 1));
	for (uint32_t i = 0; i < 40; i++) {
		/* one byte short of the next: what is partly acknowledged stays */
		e = sb_take_acked(&sb, seq_of(i + 2) - 1);
		assert_non_null(e);
		assert_int_equal(e->seq, seq_of(i));
		assert_ptr_equal(e->segment, &segments[i]);
		assert_int_equal(e->sent_at.ns, at(i).ns);
		if (i < 39)
			assert_null(sb_take_acked(&sb, seq_of(i + 2) - 1));
		assert_int_equal(sb.in_flight, (39 - i) * MSS);
		assert_true(sb_verify(&sb));
	}
	assert_true(sb_empty(&sb));
	end();
}

static void test_the_state_of_what_is_taken_is_told(void **state)
{
	struct sb_entry *e;

	(void)state;
	begin();
	push_many(3);
	sack(1, 2);
	sb_mark_lost(&sb, entry(2));
	e = sb_take_acked(&sb, seq_of(3));
	assert_int_equal(e->state, SB_IN_FLIGHT);
	e = sb_take_acked(&sb, seq_of(3));
	assert_int_equal(e->state, SB_SACKED);
	e = sb_take_acked(&sb, seq_of(3));
	assert_int_equal(e->state, SB_LOST);
	assert_true(e->was_lost);
	assert_null(sb_take_acked(&sb, seq_of(3)));
	assert_int_equal(sb.in_flight + sb.sacked + sb.lost, 0);
	assert_null(sb_first_lost(&sb));
	end();
}

static void test_entries_are_found_by_any_byte_of_theirs(void **state)
{
	(void)state;
	begin();
	for (uint32_t i = 0; i < 100; i++)
		push(seq_of(i), MSS, 0);
	take(seq_of(5));
	for (uint32_t i = 5; i < 100; i++) {
		assert_int_equal(sb_find(&sb, seq_of(i))->seq, seq_of(i));
		assert_int_equal(sb_find(&sb, seq_of(i) + 1)->seq, seq_of(i));
		assert_int_equal(sb_find(&sb, seq_of(i + 1) - 1)->seq, seq_of(i));
	}
	assert_null(sb_find(&sb, seq_of(5) - 1));
	assert_null(sb_find(&sb, seq_of(100)));
	assert_null(sb_find(&sb, seq_of(5) - 0x40000000));
	assert_null(sb_find(&sb, seq_of(100) + 0x40000000));
	end();
}

/* --- selective acknowledgements --------------------------------------------------------------- */

static void test_only_entries_wholly_inside_a_block_are_sacked(void **state)
{
	static const struct {
		uint32_t left, right;	/* offsets */
		uint32_t first, count;	/* what is sacked */
	} cases[] = {
		{3000, 5000, 3, 2},
		{3001, 5000, 4, 1},
		{2999, 5000, 3, 2},
		{3000, 4999, 3, 1},
		{3000, 5001, 3, 2},
		{3000, 3999, 0, 0},
		{3001, 4999, 0, 0},
		{3000, 3000, 0, 0},
		{5000, 3000, 0, 0},	/* reversed */
		{0, 40000, 0, 40},
		{0u - 5000, 2000, 0, 2},	/* begins below what is left */
		{39000, 45000, 39, 1},	/* ends above what was sent */
		{40000, 41000, 0, 0},
		{0u - 5000, 0u - 3000, 0, 0},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sb_walk w;
		struct sb_entry *e;
		uint32_t got = 0;

		begin();
		push_many(40);
		sb_sack(&w, &sb, START + cases[i].left, START + cases[i].right);
		while ((e = sb_sack_next(&w)) != NULL) {
			assert_int_equal(e->seq, seq_of(cases[i].first + got));
			assert_int_equal(e->state, SB_SACKED);
			assert_int_equal(w.was, SB_IN_FLIGHT);
			got++;
		}
		assert_int_equal(got, cases[i].count);
		assert_int_equal(sb.sacked, got * MSS);
		assert_int_equal(sb.in_flight, (40 - got) * MSS);
		/* Told again it says nothing new. */
		sb_sack(&w, &sb, START + cases[i].left, START + cases[i].right);
		assert_null(sb_sack_next(&w));
		end();
	}
}

static void test_a_walk_tells_what_an_entry_was(void **state)
{
	struct sb_walk w;

	(void)state;
	begin();
	push_many(5);
	sb_mark_lost(&sb, entry(1));
	sack(2, 3);
	sb_sack(&w, &sb, seq_of(0), seq_of(4));
	assert_int_equal(sb_sack_next(&w)->seq, seq_of(0));
	assert_int_equal(w.was, SB_IN_FLIGHT);
	assert_int_equal(sb_sack_next(&w)->seq, seq_of(1));
	assert_int_equal(w.was, SB_LOST);
	assert_int_equal(sb_sack_next(&w)->seq, seq_of(3));
	assert_int_equal(w.was, SB_IN_FLIGHT);
	assert_null(sb_sack_next(&w));
	assert_null(sb_first_lost(&sb));
	assert_int_equal(sb.lost, 0);
	assert_int_equal(sb.sacked, 4 * MSS);
	end();
}

/* --- the order of sending --------------------------------------------------------------------- */

static void expect_flying(const uint32_t *want, unsigned count)
{
	struct sb_entry *e = sb_oldest_flying(&sb);

	for (unsigned i = 0; i < count; i++) {
		assert_non_null(e);
		assert_int_equal(e->seq, seq_of(want[i]));
		e = sb_next_flying(&sb, e);
	}
	assert_null(e);
	assert_true(sb_verify(&sb));
}

static void expect_lost(const uint32_t *want, unsigned count)
{
	struct sb_entry *lost[20];

	for (unsigned i = 0; i < count; i++) {
		lost[i] = sb_first_lost(&sb);
		assert_non_null(lost[i]);
		assert_int_equal(lost[i]->seq, seq_of(want[i]));
		assert_int_equal(lost[i]->state, SB_LOST);
		sb_repeated(&sb, lost[i], at(1u << 30));
	}
	assert_null(sb_first_lost(&sb));
	assert_int_equal(sb.lost, 0);
}

static void test_flying_is_in_order_of_the_last_sending(void **state)
{
	(void)state;
	begin();
	push_many(6);
	expect_flying((const uint32_t[]){0, 1, 2, 3, 4, 5}, 6);
	sb_mark_lost(&sb, entry(1));
	sb_mark_lost(&sb, entry(3));
	expect_flying((const uint32_t[]){0, 2, 4, 5}, 4);
	sb_repeated(&sb, entry(1), at(7000));
	assert_int_equal(entry(1)->repeats, 1);
	assert_int_equal(entry(1)->sent_at.ns, at(7000).ns);
	assert_true(entry(1)->was_lost);
	expect_flying((const uint32_t[]){0, 2, 4, 5, 1}, 5);
	/* In flight and sent again: a probe of the tail. */
	sb_repeated(&sb, entry(2), at(8000));
	assert_false(entry(2)->was_lost);
	expect_flying((const uint32_t[]){0, 4, 5, 1, 2}, 5);
	sack(4, 5);
	take(seq_of(1));
	expect_flying((const uint32_t[]){5, 1, 2}, 3);
	end();
}

/* A pass has one time: what was sent in it is in the order in which that was done, a nanosecond apart. */
static void test_sendings_of_one_pass_are_in_their_order(void **state)
{
	(void)state;
	begin();
	for (uint32_t i = 0; i < 4; i++)
		push(seq_of(i), MSS, i < 2 ? 10 : 20);
	sb_repeated(&sb, entry(1), at(20));
	expect_flying((const uint32_t[]){0, 2, 3, 1}, 4);
	assert_int_equal(entry(1)->sent_at.ns, at(22).ns);
	assert_int_equal(sb.steps, 0);
	sb_repeated(&sb, entry(0), at(20));
	expect_flying((const uint32_t[]){2, 3, 1, 0}, 4);
	assert_int_equal(entry(0)->sent_at.ns, at(23).ns);
	/* The round trip is that of the pass. */
	assert_int_equal(sb_age_ns(entry(0), at(2020)), 2000);
	assert_int_equal(sb_age_ns(entry(0), at(23)), 0);
	end();
}

static void test_repeats_are_counted_to_the_end_of_their_range(void **state)
{
	(void)state;
	begin();
	push_many(1);
	for (unsigned i = 0; i < 300; i++)
		sb_repeated(&sb, entry(0), at(i));
	assert_int_equal(entry(0)->repeats, 255);
	end();
}

static void test_a_verdict_taken_back_restores_the_order_of_sending(void **state)
{
	(void)state;
	begin();
	push_many(8);
	for (uint32_t i = 1; i < 7; i++)
		sb_mark_lost(&sb, entry(i));
	sb.steps = 0;
	sb_unmark_lost(&sb, entry(4));
	assert_int_equal(sb.steps, 1);	/* past 0 from the front */
	sb_unmark_lost(&sb, entry(2));
	assert_int_equal(sb.steps, 2);	/* back past 4 */
	sb_unmark_lost(&sb, entry(6));
	assert_int_equal(sb.steps, 3);	/* on past 4 from 2 */
	expect_flying((const uint32_t[]){0, 2, 4, 6, 7}, 5);
	/* The place that was remembered goes away with its entry. */
	sack(6, 7);
	sb_unmark_lost(&sb, entry(3));
	sb_repeated(&sb, entry(3), at(9000));
	sb_unmark_lost(&sb, entry(5));
	expect_flying((const uint32_t[]){0, 2, 4, 5, 7, 3}, 6);
	sb_unmark_lost(&sb, entry(1));
	expect_flying((const uint32_t[]){0, 1, 2, 4, 5, 7, 3}, 7);
	assert_int_equal(entry(1)->repeats, 0);
	assert_int_equal(entry(1)->sent_at.ns, at(1000).ns);
	assert_int_equal(sb.lost, 0);
	end();
}

/* --- the order of repeats --------------------------------------------------------------------- */

static void test_repeats_go_out_lowest_first(void **state)
{
	(void)state;
	begin();
	push_many(20);
	sb_mark_lost(&sb, entry(2));
	sb_mark_lost(&sb, entry(5));
	expect_lost((const uint32_t[]){2, 5}, 2);
	/* A repeat lost again, and newer losses found before it. */
	sb_mark_lost(&sb, entry(12));
	sb_mark_lost(&sb, entry(14));
	sb_mark_lost(&sb, entry(2));
	sb_mark_lost(&sb, entry(13));
	sb_mark_lost(&sb, entry(5));
	expect_lost((const uint32_t[]){2, 5, 12, 13, 14}, 5);
	end();
}

static void test_a_late_loss_looks_at_few_others(void **state)
{
	uint64_t steps;

	(void)state;
	begin();
	push_many(1000);
	for (uint32_t i = 0; i < 999; i++) {
		if (i != 500)
			sb_mark_lost(&sb, entry(i));
	}
	sb_mark_lost(&sb, entry(999));
	steps = sb.steps;
	sb_mark_lost(&sb, entry(500));
	assert_int_equal(sb.steps - steps, 8);
	assert_int_equal(sb_first_lost(&sb)->seq, seq_of(0));
	end();
}

static void test_a_time_out_loses_all_but_what_was_sacked(void **state)
{
	(void)state;
	begin();
	push_many(8);
	sack(2, 4);
	sack(6, 7);
	sb_mark_lost(&sb, entry(4));
	sb_mark_lost(&sb, entry(0));
	sb_repeated(&sb, entry(0), at(9000));
	sb_mark_all_lost(&sb, false);
	assert_int_equal(sb.in_flight, 0);
	assert_int_equal(sb.sacked, 3 * MSS);
	assert_int_equal(sb.lost, 5 * MSS);
	assert_null(sb_oldest_flying(&sb));
	assert_true(entry(7)->was_lost);
	assert_false(entry(6)->was_lost);
	assert_true(sb_verify(&sb));
	expect_lost((const uint32_t[]){0, 1, 4, 5, 7}, 5);
	end();
}

static void test_a_receiver_that_reneges_is_sent_all_again(void **state)
{
	(void)state;
	begin();
	push_many(6);
	sack(1, 5);
	sb_mark_all_lost(&sb, true);
	assert_int_equal(sb.sacked, 0);
	assert_int_equal(sb.lost, 6 * MSS);
	assert_true(entry(2)->was_lost);
	assert_true(sb_verify(&sb));
	/* The runs of before are forgotten. */
	assert_int_equal(sack(1, 2), 1);
	assert_int_equal(sack(4, 5), 1);
	assert_int_equal(sack(1, 5), 2);
	expect_lost((const uint32_t[]){0, 5}, 2);
	end();
}

/* --- splitting -------------------------------------------------------------------------------- */

static void test_a_split_entry_keeps_state_and_times(void **state)
{
	struct sb_entry *a, *b;
	int rest;

	(void)state;
	for (int lost = 0; lost <= 1; lost++) {
		begin();
		push_many(40);
		sb_repeated(&sb, entry(10), at(50000));
		if (lost) {
			sb_mark_lost(&sb, entry(9));
			sb_mark_lost(&sb, entry(10));
			sb_mark_lost(&sb, entry(11));
		}
		assert_true(sb_reserve(&sb));
		/* Those before it are fewer. */
		assert_int_equal(sb_split(&sb, entry(10), 400, &rest), 11);
		a = sb_find(&sb, seq_of(10));
		b = sb_find(&sb, seq_of(10) + 400);
		assert_int_equal(a->len, 400);
		assert_null(a->segment);
		assert_int_equal(b->seq, seq_of(10) + 400);
		assert_int_equal(b->len, 600);
		assert_ptr_equal(b->segment, &rest);
		assert_int_equal(b->repeats, 1);
		assert_int_equal(b->sent_at.ns, a->sent_at.ns);
		assert_int_equal(b->state, lost ? SB_LOST : SB_IN_FLIGHT);
		assert_int_equal(b->was_lost, lost);
		assert_int_equal(sb.lost, lost * 3 * MSS);
		assert_int_equal(sb.in_flight, (40 - lost * 3) * MSS);
		assert_ptr_equal(LIST_ENTRY(a->link.next, struct sb_entry, link), b);
		assert_true(sb_verify(&sb));
		for (uint32_t i = 11; i < 40; i++)
			assert_int_equal(entry(i)->len, MSS);
		assert_int_equal(sb_last(&sb)->seq, seq_of(39));
		assert_int_equal(take(seq_of(40)), 41);
		end();
	}
}

static void test_runs_of_sacked_entries_survive_a_split(void **state)
{
	(void)state;
	for (uint32_t cut = 0; cut < 12; cut++) {
		begin();
		push_many(12);
		sack(2, 5);
		sack(5, 9);
		sack(2, 9);
		assert_true(sb_reserve(&sb));
		sb_split(&sb, entry(cut), 1, NULL);
		assert_true(sb_verify(&sb));
		assert_int_equal(sb.sacked, 7 * MSS);
		assert_int_equal(sack(2, 9), 0);
		assert_int_equal(sack(0, 12), cut < 2 || cut >= 9 ? 6 : 5);
		end();
	}
}

static void test_the_remembered_place_does_not_outlive_a_split(void **state)
{
	(void)state;
	begin();
	push_many(10);
	for (uint32_t i = 2; i < 9; i++)
		sb_mark_lost(&sb, entry(i));
	sb_unmark_lost(&sb, entry(6));
	assert_true(sb_reserve(&sb));
	sb_split(&sb, entry(1), 10, NULL);
	sb_unmark_lost(&sb, entry(7));
	sb_unmark_lost(&sb, entry(5));
	assert_true(sb_verify(&sb));
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_acknowledged_comes_out_in_order),
		cmocka_unit_test(test_the_state_of_what_is_taken_is_told),
		cmocka_unit_test(test_entries_are_found_by_any_byte_of_theirs),
		cmocka_unit_test(test_only_entries_wholly_inside_a_block_are_sacked),
		cmocka_unit_test(test_a_walk_tells_what_an_entry_was),
		cmocka_unit_test(test_flying_is_in_order_of_the_last_sending),
		cmocka_unit_test(test_sendings_of_one_pass_are_in_their_order),
		cmocka_unit_test(test_repeats_are_counted_to_the_end_of_their_range),
		cmocka_unit_test(test_a_verdict_taken_back_restores_the_order_of_sending),
		cmocka_unit_test(test_repeats_go_out_lowest_first),
		cmocka_unit_test(test_a_late_loss_looks_at_few_others),
		cmocka_unit_test(test_a_time_out_loses_all_but_what_was_sacked),
		cmocka_unit_test(test_a_receiver_that_reneges_is_sent_all_again),
		cmocka_unit_test(test_a_split_entry_keeps_state_and_times),
		cmocka_unit_test(test_runs_of_sacked_entries_survive_a_split),
		cmocka_unit_test(test_the_remembered_place_does_not_outlive_a_split),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
