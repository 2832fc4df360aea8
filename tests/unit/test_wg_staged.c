#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdlib.h>

#include "base/rng.h"
#include "wg/staged.h"

#define HOGS_MAX 3000

static struct wg_staged_pool pool;
static struct wg_staged hogs[HOGS_MAX], neighbour;

static void setup(unsigned count)
{
	wg_staged_pool_init(&pool);
	wg_staged_init(&neighbour);
	for (unsigned i = 0; i < count; i++)
		wg_staged_init(&hogs[i]);
}

static void teardown(unsigned count)
{
	wg_staged_clear(&pool, &neighbour);
	for (unsigned i = 0; i < count; i++)
		wg_staged_clear(&pool, &hogs[i]);
	assert_int_equal(pool.total, 0);
	assert_int_equal(pool.longest, 0);
	for (unsigned i = 0; i <= WG_STAGED_PER_PEER; i++)
		assert_true(list_empty(&pool.by_count[i]));
}

static void push(struct wg_staged *q, uint32_t v, unsigned lost)
{
	assert_int_equal(wg_staged_push(&pool, q, (const uint8_t *)&v, sizeof(v)), lost);
}

static uint32_t pop(struct wg_staged *q)
{
	struct wg_staged_packet *p = wg_staged_pop(&pool, q);
	uint32_t v;

	assert_non_null(p);
	assert_int_equal(p->len, sizeof(v));
	memcpy(&v, p->data, sizeof(v));
	free(p);
	return v;
}

static void test_full_queue_loses_its_oldest(void **state)
{
	struct wg_staged *q = &neighbour;
	unsigned i;

	(void)state;
	setup(0);
	for (i = 0; i < WG_STAGED_PER_PEER; i++)
		push(q, i, 0);
	push(q, 1000, 1);
	assert_int_equal(q->count, WG_STAGED_PER_PEER);
	for (i = 1; i < WG_STAGED_PER_PEER; i++)
		assert_int_equal(pop(q), i);
	assert_int_equal(pop(q), 1000);
	assert_null(wg_staged_pop(&pool, q));
	assert_int_equal(pool.total, 0);
	push(q, 5, 0);
	wg_staged_clear(&pool, q);
	assert_null(q->head);
	assert_null(q->tail);
	teardown(0);
}

/* Each of `count` peers that never answer has queued `packets`, in turn. */
static void fill(unsigned count, unsigned packets)
{
	for (unsigned j = 0; j < packets; j++) {
		for (unsigned i = 0; i < count; i++) {
			uint32_t v = j;

			(void)wg_staged_push(&pool, &hogs[i], (const uint8_t *)&v, sizeof(v));
		}
	}
}

static void test_silent_peers_leave_a_neighbour_his_share(void **state)
{
	const unsigned counts[] = {16, 100, HOGS_MAX};

	(void)state;
	for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++) {
		unsigned count = counts[c], share = WG_STAGED_TOTAL / (count + 1), i;

		share = share < WG_STAGED_OWN ? WG_STAGED_OWN : share;
		setup(count);
		fill(count, WG_STAGED_PER_PEER);
		assert_in_range(pool.total, WG_STAGED_TOTAL, WG_STAGED_TOTAL + count);
		for (i = 0; i < share; i++)
			(void)wg_staged_push(&pool, &neighbour, (const uint8_t *)&i, sizeof(i));
		/* They go on: nothing of it is taken away again. */
		fill(count, 3);
		assert_int_equal(neighbour.count, share);
		assert_in_range(pool.total, WG_STAGED_TOTAL, WG_STAGED_TOTAL + count + 1);
		for (i = 0; i < share; i++)
			assert_int_equal(pop(&neighbour), i);
		teardown(count);
	}
}

/* One peer with a long queue gives way; the short ones of others stay whole. */
static void test_the_longest_queue_gives_up_its_oldest(void **state)
{
	const unsigned short_ones = 100, each = (WG_STAGED_TOTAL - WG_STAGED_PER_PEER) / 100;
	unsigned i, j;

	(void)state;
	setup(short_ones);
	for (i = 0; i < WG_STAGED_PER_PEER; i++)
		push(&neighbour, i, 0);
	for (i = 0; i < short_ones; i++)
		for (j = 0; j < each; j++)
			push(&hogs[i], j, 0);
	while (pool.total < WG_STAGED_TOTAL)
		push(&hogs[0], j++, 0);
	push(&hogs[1], 77, 1);
	assert_int_equal(neighbour.count, WG_STAGED_PER_PEER - 1);
	assert_int_equal(pop(&neighbour), 1);
	assert_int_equal(hogs[1].count, each + 1);
	/* Who is the longest himself displaces his own. */
	push(&hogs[1], 78, 0);
	push(&neighbour, 79, 1);
	assert_int_equal(pop(&neighbour), 3);
	teardown(short_ones);
}

static void test_bookkeeping_agrees_with_a_search(void **state)
{
	struct rng_seeded seeded;
	struct rng rng = rng_seeded_init(&seeded, 3);
	const unsigned count = 40;

	(void)state;
	setup(count);
	for (unsigned step = 0; step < 200000; step++) {
		struct wg_staged *q = &hogs[rng_below(&rng, count)];
		unsigned total = 0, longest = 0, i;

		if (rng_below(&rng, 1000) == 0)
			wg_staged_clear(&pool, q);
		else if (rng_below(&rng, 4) == 0)
			free(wg_staged_pop(&pool, q));
		else
			(void)wg_staged_push(&pool, q, (const uint8_t *)&step, sizeof(step));
		for (i = 0; i < count; i++) {
			total += hogs[i].count;
			longest = hogs[i].count > longest ? hogs[i].count : longest;
			assert_int_equal(list_linked(&hogs[i].same_count), hogs[i].count > 0);
		}
		assert_int_equal(pool.total, total);
		assert_int_equal(pool.longest, longest);
	}
	teardown(count);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_full_queue_loses_its_oldest),
		cmocka_unit_test(test_silent_peers_leave_a_neighbour_his_share),
		cmocka_unit_test(test_the_longest_queue_gives_up_its_oldest),
		cmocka_unit_test(test_bookkeeping_agrees_with_a_search),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
