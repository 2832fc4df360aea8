#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdlib.h>

#include "wg/staged.h"

static void push(struct wg_staged *q, unsigned *total, uint32_t v, unsigned lost)
{
	assert_int_equal(wg_staged_push(q, total, (const uint8_t *)&v, sizeof v), lost);
}

static uint32_t pop(struct wg_staged *q, unsigned *total)
{
	struct wg_staged_packet *p = wg_staged_pop(q, total);
	uint32_t v;

	assert_non_null(p);
	assert_int_equal(p->len, sizeof v);
	memcpy(&v, p->data, sizeof v);
	free(p);
	return v;
}

static void test_full_queue_loses_its_oldest(void **state)
{
	struct wg_staged q = {0};
	unsigned total = 0, i;

	(void)state;
	for (i = 0; i < WG_STAGED_PER_PEER; i++)
		push(&q, &total, i, 0);
	push(&q, &total, 1000, 1);
	assert_int_equal(q.count, WG_STAGED_PER_PEER);
	for (i = 1; i < WG_STAGED_PER_PEER; i++)
		assert_int_equal(pop(&q, &total), i);
	assert_int_equal(pop(&q, &total), 1000);
	assert_null(wg_staged_pop(&q, &total));
	assert_int_equal(total, 0);
	push(&q, &total, 5, 0);
	wg_staged_clear(&q, &total);
	assert_int_equal(total, 0);
	assert_null(q.head);
	assert_null(q.tail);
}

static void test_all_peers_share_a_limit(void **state)
{
	static struct wg_staged q[WG_STAGED_TOTAL / WG_STAGED_PER_PEER + 1];
	unsigned total = 0, i, j;
	struct wg_staged empty = {0};
	const unsigned last = WG_STAGED_TOTAL / WG_STAGED_PER_PEER;

	(void)state;
	push(&q[last], &total, 7, 0);
	for (i = 0; i < last; i++)
		for (j = 0; j < WG_STAGED_PER_PEER && total < WG_STAGED_TOTAL; j++)
			push(&q[i], &total, j, 0);
	assert_int_equal(total, WG_STAGED_TOTAL);
	push(&empty, &total, 6, 1);
	assert_null(empty.head);
	/* A peer with packets of its own gives up its oldest; the total stays. */
	push(&q[last], &total, 8, 1);
	assert_int_equal(pop(&q[last], &total), 8);
	push(&q[0], &total, 9, 1);
	assert_int_equal(total, WG_STAGED_TOTAL - 1);
	push(&q[last], &total, 10, 0);
	assert_int_equal(pop(&q[last], &total), 10);
	push(&q[1], &total, 11, 1);
	for (i = 0; i <= last; i++)
		wg_staged_clear(&q[i], &total);
	assert_int_equal(total, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_full_queue_loses_its_oldest),
		cmocka_unit_test(test_all_peers_share_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
