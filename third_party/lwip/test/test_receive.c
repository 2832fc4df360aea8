/* 0012, 0013: merged input, out-of-order data, SACK. */
#include "fixture.h"

#include <string.h>

static uint32_t sum_of(uint32_t seq, size_t len)
{
	uint32_t sum = 0;

	while (len-- > 0)
		sum = sum * 31 + pattern(seq++);
	return sum;
}

START_TEST(merged_segment_is_taken_and_acknowledged_at_once)
{
	struct conn c = { 0 };
	uint32_t start;
	size_t len = _i;

	conn_open(&c, 4, false);
	start = c.peer_seq;
	put_data(&c, len);	/* headers alone in the first pbuf, then pieces of 1380 */
	ck_assert_uint_eq(c.received, len);
	ck_assert_uint_eq(c.sum, sum_of(start, len));
	ck_assert_uint_eq(count_sent(), len > c.pcb->mss ? 1 : 0);
	conn_abort(&c);
}
END_TEST

static void largest(unsigned family, size_t len)
{
	struct conn c = { 0 };
	uint32_t start;

	conn_open(&c, family, false);
	start = c.peer_seq;
	put_data(&c, len);
	ck_assert_uint_eq(c.received, len);
	ck_assert_uint_eq(c.sum, sum_of(start, len));
	ck_assert_uint_eq(count_sent(), 1);
	conn_abort(&c);
	drop_sent();
}

START_TEST(largest_merged_segment)
{
	largest(4, 65535 - 20 - 32);
	largest(6, 65535 - 40 - 32);
}
END_TEST

/* The order in which the pieces of a window arrive; seeded. */
static void shuffle(uint32_t *order, uint32_t n, uint32_t seed)
{
	uint32_t i, k, t;

	for (i = 0; i < n; i++)
		order[i] = i;
	for (i = n - 1; i > 0; i--) {
		seed = seed * 1664525u + 1013904223u;
		k = (seed >> 8) % (i + 1);
		t = order[i];
		order[i] = order[k];
		order[k] = t;
	}
}

START_TEST(any_order_gives_the_same_stream)
{
	uint32_t order[150], start, i;
	struct conn c = { 0 };

	conn_open(&c, 4, false);
	start = c.peer_seq;
	shuffle(order, 150, (uint32_t)_i);
	for (i = 0; i < 150; i++) {
		put_data_at(&c, order[i] * 1000, 1000);
		/* overlapping and repeated now and then */
		if (order[i] % 7 == 0)
			put_data_at(&c, order[i] * 1000 + 500, 900);
		drop_sent();
	}
	/* what was cut from overlaps comes again */
	for (i = 0; i < 150; i++)
		put_data_at(&c, i * 1000, 1000);
	ck_assert_uint_ge(c.received, 150000);
	ck_assert_uint_eq(c.sum, sum_of(start, c.received));
	ck_assert_ptr_null(c.pcb->ooseq);
	conn_abort(&c);
}
END_TEST

START_TEST(hole_in_front_of_megabytes_closes)
{
	struct conn c = { 0 };
	uint32_t start, i;

	conn_open(&c, 4, false);
	tcp_set_rcv_wnd_max(c.pcb, TCP_WND);
	start = c.peer_seq;
	for (i = 1; i < 3000; i++) {
		put_data_at(&c, i * 1380, 1380);
		drop_sent();
	}
	ck_assert_uint_eq(c.received, 0);
	put_data_at(&c, 0, 1380);
	ck_assert_uint_eq(c.received, 3000 * 1380);
	ck_assert_uint_eq(c.sum, sum_of(start, 3000 * 1380));
	conn_abort(&c);
}
END_TEST

START_TEST(sack_names_the_blocks_newest_first)
{
	struct conn c = { 0 };
	const struct sent *s;
	uint32_t base;

	conn_open(&c, 4, false);
	base = c.peer_seq;
	put_data_at(&c, 1000, 500);
	put_data_at(&c, 3000, 500);
	put_data_at(&c, 3500, 500);
	put_data_at(&c, 5000, 500);
	drop_sent();
	put_data_at(&c, 5500, 500);
	s = next_sent();
	ck_assert_uint_eq(s->ack, base);
	ck_assert_uint_eq(s->sacks, 3);
	ck_assert_uint_eq(s->sack[0][0], base + 5000);
	ck_assert_uint_eq(s->sack[0][1], base + 6000);
	ck_assert_uint_eq(s->sack[1][0], base + 3000);
	ck_assert_uint_eq(s->sack[1][1], base + 4000);
	ck_assert_uint_eq(s->sack[2][0], base + 1000);
	ck_assert_uint_eq(s->sack[2][1], base + 1500);
	/* a block whose entry was pushed out is found again */
	put_data_at(&c, 7000, 100);
	put_data_at(&c, 8000, 100);
	put_data_at(&c, 9000, 100);
	drop_sent();
	put_data_at(&c, 9100, 100);
	s = next_sent();
	ck_assert_uint_eq(s->sack[0][0], base + 9000);
	ck_assert_uint_eq(s->sack[0][1], base + 9200);
	conn_abort(&c);
}
END_TEST

START_TEST(fin_after_a_hole_ends_the_stream_once)
{
	struct conn c = { 0 };
	uint8_t data[100] = { 0 };

	conn_open(&c, 4, false);
	put_segment(&c, TCP_ACK | TCP_FIN, c.peer_seq + 100, c.seen, 8192, NULL, data, 100, 0);
	put_segment(&c, TCP_ACK, c.peer_seq + 200, c.seen, 8192, NULL, data, 100, 0);
	put_segment(&c, TCP_ACK, c.peer_seq, c.seen, 8192, NULL, data, 100, 0);
	ck_assert_uint_eq(c.received, 200);
	ck_assert_uint_eq(c.eofs, 1);
	conn_abort(&c);
}
END_TEST

START_TEST(no_memory_for_late_data_claims_nothing)
{
	struct conn c = { 0 };
	const struct sent *s;
	uint32_t base, after;

	for (after = 0; after < 2; after++) {
		conn_open(&c, 4, false);
		base = c.peer_seq;
		if (after)
			put_data_at(&c, 1000, 100);
		drop_sent();
		blocks_fail = 1;	/* the queue entry */
		put_data_at(&c, 1100, 100);
		s = next_sent();
		ck_assert_ptr_nonnull(s);
		ck_assert_uint_eq(s->ack, base);
		ck_assert_uint_eq(s->sacks, after);
		if (after)
			ck_assert_uint_eq(s->sack[0][1], base + 1100);
		conn_abort(&c);
		drop_sent();
	}
}
END_TEST

Suite *receive_suite(void)
{
	Suite *suite = suite_create("receive");
	TCase *tc = tcase_create("receive");

	tcase_add_checked_fixture(tc, fixture_setup, fixture_teardown);
	tcase_add_loop_test(tc, merged_segment_is_taken_and_acknowledged_at_once, 1360, 1390);
	tcase_add_test(tc, largest_merged_segment);
	tcase_add_loop_test(tc, any_order_gives_the_same_stream, 0, 30);
	tcase_add_test(tc, hole_in_front_of_megabytes_closes);
	tcase_add_test(tc, sack_names_the_blocks_newest_first);
	tcase_add_test(tc, fin_after_a_hole_ends_the_stream_once);
	tcase_add_test(tc, no_memory_for_late_data_claims_nothing);
	suite_add_tcase(suite, tc);
	return suite;
}
