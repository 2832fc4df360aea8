#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "net/cc/seq.h"
#include "support/chance.h"
#include "support/sb_lab.h"

/* --- cost ------------------------------------------------------------------------------------- */

/* One in ten is lost; each arrival is told with its run and the two before it (RFC 2018 4). */
static uint64_t steps_of_sacking(uint32_t count)
{
	uint64_t steps;

	begin();
	push_many(count);
	for (uint32_t i = 1; i < count; i++) {
		if (i % 10 == 0)
			continue;
		sack(i / 10 * 10 + 1, i + 1);
		for (uint32_t back = 1; back <= 2 && i / 10 >= back; back++)
			sack((i / 10 - back) * 10 + 1, (i / 10 - back) * 10 + 10);
	}
	/* The first hole is filled last: each new arrival is told with all that is behind it. */
	for (uint32_t i = 10; i < count; i += 10)
		sack(1, i + 1);
	steps = sb.steps;
	assert_int_equal(sb.sacked, (count - 1) * MSS);
	end();
	return steps;
}

static void test_sacking_costs_the_same_with_many_in_flight(void **state)
{
	uint64_t few = steps_of_sacking(3000), many = steps_of_sacking(30000);

	(void)state;
	assert_in_range(few, 1, 4 * 3000);
	assert_in_range(many, 1, 4 * 30000);
}

/* One hole, and a run that grows: what was told before is skipped at once, in one step. */
static void test_a_growing_run_costs_a_step_each(void **state)
{
	(void)state;
	begin();
	push_many(3000);
	for (uint32_t i = 2; i <= 3000; i++)
		assert_int_equal(sack(1, i), 1);
	assert_int_equal(sb.steps, 2998);
	/* Acknowledgements that tell many new ones cost no more. */
	sb.steps = 0;
	sb_mark_all_lost(&sb, true);
	assert_int_equal(sack(1, 1000), 999);
	assert_int_equal(sack(1, 2000), 1000);
	assert_int_equal(sack(1, 3000), 1000);
	assert_int_equal(sb.steps, 2);
	end();
}

/*
 * One run, each of its numbers in turn (or at random) is the left edge of a block that ends with
 * the run.
 */
static uint64_t steps_of_odd_blocks(uint32_t count, unsigned manner)
{
	uint64_t steps;

	begin();
	chance_seed(5);
	push_many(count);
	for (uint32_t i = 1; i < count; i++)
		sack(i, i + 1);
	steps = sb.steps;
	for (uint32_t i = 1; i < count; i++)
		sack(manner == 0 ? count - i : manner == 1 ? 1 + below(count - 1) : i, count);
	steps = sb.steps - steps;
	end();
	return steps;
}

static void test_a_hostile_order_of_blocks_gains_little(void **state)
{
	(void)state;
	for (unsigned manner = 0; manner < 3; manner++) {
		assert_in_range(steps_of_odd_blocks(3000, manner), 1, 12 * 3000);
		assert_in_range(steps_of_odd_blocks(30000, manner), 1, 12 * 30000);
	}
}

static void test_losing_repeating_and_undoing_walks_nowhere(void **state)
{
	(void)state;
	begin();
	push_many(30000);
	for (uint32_t i = 0; i < 30000; i += 2)
		sb_mark_lost(&sb, sb_oldest_flying(&sb));
	for (uint32_t i = 0; i < 5000; i++)
		sb_repeated(&sb, sb_first_lost(&sb), at(UINT64_C(50000000)));
	while (sb_first_lost(&sb))
		sb_unmark_lost(&sb, sb_first_lost(&sb));
	assert_true(sb.steps <= 30000);
	assert_int_equal(sb.in_flight, 30000 * MSS);
	/* Time-out, and it was a mistake. */
	sb.steps = 0;
	sb_mark_all_lost(&sb, false);
	while (sb_first_lost(&sb))
		sb_unmark_lost(&sb, sb_first_lost(&sb));
	assert_true(sb.steps <= 3 * 30000);
	end();
}

/* --- against a plain array -------------------------------------------------------------------- */

#define MODEL_MOST 300

struct model_entry {
	uint32_t seq, len, state, repeats;
	uint64_t sent_at;
	uintptr_t segment;
	bool was_lost;
};

static struct model_entry model[MODEL_MOST + 1];
static uint32_t model_count, model_next;
static uint64_t model_now;
static uintptr_t model_segment;

/* Sendings at one time are a nanosecond apart. */
static uint64_t model_stamp(const struct model_entry *sent)
{
	uint64_t stamp = model_now;

	for (uint32_t i = 0; i < model_count; i++) {
		if (&model[i] != sent && model[i].state == SB_IN_FLIGHT && model[i].sent_at >= stamp)
			stamp = model[i].sent_at + 1;
	}
	return stamp;
}

static void model_compare(void)
{
	uint32_t bytes[3] = {0};

	assert_int_equal(sb.count, model_count);
	for (uint32_t i = 0; i < model_count; i++) {
		const struct model_entry *m = &model[i];
		const struct sb_entry *e = sb_find(&sb, m->seq + below(m->len));

		assert_non_null(e);
		assert_int_equal(e->seq, m->seq);
		assert_int_equal(e->len, m->len);
		assert_int_equal(e->state, m->state);
		assert_int_equal(e->repeats, m->repeats);
		assert_int_equal(e->sent_at.ns, m->sent_at);
		assert_int_equal(e->was_lost, m->was_lost);
		assert_int_equal((uintptr_t)e->segment, m->segment);
		bytes[m->state] += m->len;
	}
	assert_int_equal(sb.in_flight, bytes[SB_IN_FLIGHT]);
	assert_int_equal(sb.sacked, bytes[SB_SACKED]);
	assert_int_equal(sb.lost, bytes[SB_LOST]);
	assert_int_equal(sb_first_lost(&sb) != NULL, bytes[SB_LOST] != 0);
	assert_true(sb_verify(&sb));
}

static void model_push(void)
{
	struct model_entry m = {
		.seq = model_next,
		.len = 1 + below(3000),
		.state = SB_IN_FLIGHT,
		.sent_at = model_stamp(NULL),
		.segment = ++model_segment,
	};

	if (model_count == MODEL_MOST)
		return;
	assert_true(sb_reserve(&sb));
	sb_push(&sb, m.seq, (uint16_t)m.len, (void *)m.segment, (struct boot_time){model_now});
	model[model_count++] = m;
	model_next += m.len;
}

/* A sequence number in the window, or a little outside of it. */
static uint32_t model_any_seq(void)
{
	uint32_t first = model_count ? model[0].seq : model_next;

	if (model_count && !one_in(4))
		return model[below(model_count)].seq + (one_in(3) ? below(3) - 1 : 0);
	return first - 2000 + below(model_next - first + 4000);
}

static void model_ack(void)
{
	uint32_t una = model_any_seq(), taken = 0;
	struct sb_entry *e;

	if (model_count && !one_in(8))
		una = model[below(model_count / 8 + 1)].seq + below(2000);
	while (taken < model_count && seq_leq(model[taken].seq + model[taken].len, una)) {
		e = sb_take_acked(&sb, una);
		assert_non_null(e);
		assert_int_equal(e->seq, model[taken].seq);
		assert_int_equal(e->state, model[taken].state);
		taken++;
	}
	assert_null(sb_take_acked(&sb, una));
	model_count -= taken;
	memmove(model, model + taken, model_count * sizeof(model[0]));
}

static void model_sack(void)
{
	uint32_t left = model_any_seq(), right = model_any_seq();
	struct sb_walk w;
	struct sb_entry *e;

	sb_sack(&w, &sb, left, right);
	for (uint32_t i = 0; i < model_count; i++) {
		struct model_entry *m = &model[i];

		if (m->state == SB_SACKED || seq_lt(m->seq, left) || seq_lt(right, m->seq + m->len))
			continue;
		e = sb_sack_next(&w);
		assert_non_null(e);
		assert_int_equal(e->seq, m->seq);
		assert_int_equal(w.was, m->state);
		m->state = SB_SACKED;
	}
	assert_null(sb_sack_next(&w));
}

static void model_change_one(void)
{
	struct model_entry *m;
	struct sb_entry *e;

	if (!model_count)
		return;
	m = &model[below(model_count)];
	e = sb_find(&sb, m->seq);
	if (m->state == SB_SACKED)
		return;
	if (one_in(3)) {
		sb_repeated(&sb, e, (struct boot_time){model_now});
		m->repeats += m->repeats < 255;
		m->sent_at = model_stamp(m);
		m->state = SB_IN_FLIGHT;
	} else if (m->state == SB_IN_FLIGHT) {
		sb_mark_lost(&sb, e);
		m->state = SB_LOST;
		m->was_lost = true;
	} else {
		sb_unmark_lost(&sb, e);
		m->state = SB_IN_FLIGHT;
	}
}

static void model_split(void)
{
	uint32_t i = below(model_count + 1), cut;

	if (i == model_count || model_count == MODEL_MOST || model[i].len < 2)
		return;
	cut = 1 + below(model[i].len - 1);
	assert_true(sb_reserve(&sb));
	sb_split(&sb, sb_find(&sb, model[i].seq), (uint16_t)cut, (void *)++model_segment);
	memmove(&model[i + 1], &model[i], (model_count - i) * sizeof(model[0]));
	model_count++;
	model[i].len = cut;
	model[i + 1].seq += cut;
	model[i + 1].len -= cut;
	model[i + 1].segment = model_segment;
}

static void model_lose_all(void)
{
	bool sacked_too = one_in(3);

	sb_mark_all_lost(&sb, sacked_too);
	for (uint32_t i = 0; i < model_count; i++) {
		if (model[i].state == SB_SACKED && !sacked_too)
			continue;
		model[i].state = SB_LOST;
		model[i].was_lost = true;
	}
	/* in order of sequence */
	for (struct list *n = sb.lost_list.next; n != &sb.lost_list; n = n->next) {
		if (n->next != &sb.lost_list)
			assert_true(seq_lt(LIST_ENTRY(n, struct sb_entry, link)->seq,
					   LIST_ENTRY(n->next, struct sb_entry, link)->seq));
	}
}

static void test_random_changes_against_a_plain_array(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= 12; seed++) {
		begin();
		chance_seed(seed);
		model_count = 0;
		model_next = 0u - 100000 * (seed % 3);
		model_now = 1;
		for (unsigned step = 0; step < 3000; step++) {
			uint32_t dice = below(100);

			model_now += one_in(3) ? below(1000) : 0;
			if (dice < 35)
				model_push();
			else if (dice < 40)
				model_ack();
			else if (dice < 60)
				model_sack();
			else if (dice < 94)
				model_change_one();
			else if (dice < 99)
				model_split();
			else if (one_in(5))
				model_lose_all();
			if (step % 4 == 0)
				model_compare();
		}
		end();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sacking_costs_the_same_with_many_in_flight),
		cmocka_unit_test(test_a_growing_run_costs_a_step_each),
		cmocka_unit_test(test_a_hostile_order_of_blocks_gains_little),
		cmocka_unit_test(test_losing_repeating_and_undoing_walks_nowhere),
		cmocka_unit_test(test_random_changes_against_a_plain_array),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
