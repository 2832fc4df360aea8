/* 0007, 0013, 0029: what a peer may try, with assertions on. */
#include "fixture.h"

static uint8_t data[8000];

static struct options small(uint16_t mss)
{
	return (struct options){ .mss = mss, .wscale = -1, .ts = true };
}

START_TEST(mss_option_after_the_handshake_is_ignored)
{
	struct conn c = { 0 };
	struct options opt = small(1);
	uint16_t mss;

	conn_open(&c, 4, false);
	mss = c.pcb->mss;
	ck_assert_int_eq(tcp_write(c.pcb, data, 1000, TCP_WRITE_FLAG_MORE), ERR_OK);
	put_segment(&c, TCP_ACK, c.peer_seq, c.seen, 8192, &opt, NULL, 0, 0);
	ck_assert_uint_eq(c.pcb->mss, mss);
	ck_assert_int_eq(tcp_write(c.pcb, data, 1000, 0), ERR_OK);
	conn_abort(&c);
}
END_TEST

START_TEST(tiny_mss_leaves_room_for_data)
{
	struct conn c = { 0 };
	struct options opt = small((uint16_t)_i);
	const struct sent *s;

	conn_open(&c, 4, true);
	s = next_sent();
	c.seen = s->seq + 1;
	put_segment(&c, TCP_SYN | TCP_ACK, c.peer_seq++, c.seen, 65535, &opt, NULL, 0, 0);
	ck_assert_uint_eq(c.connected, 1);
	drop_sent();
	ck_assert_int_eq(tcp_write(c.pcb, data, 3000, 0), ERR_OK);
	tcp_output(c.pcb);
	ck_assert_uint_gt(count_sent(), 0);
	while ((s = next_sent()) != NULL)
		ck_assert_uint_le(s->ip_len, 1420);
	conn_abort(&c);
}
END_TEST

START_TEST(tiny_window_leaves_room_for_data)
{
	struct conn c = { 0 };
	struct options opt = small(1380);
	const struct sent *s;
	unsigned i;

	conn_open(&c, 4, true);
	s = next_sent();
	c.seen = s->seq + 1;
	put_segment(&c, TCP_SYN | TCP_ACK, c.peer_seq++, c.seen, (uint16_t)_i, &opt, NULL, 0, 0);
	drop_sent();
	for (i = 0; i < 20; i++) {
		ck_assert_int_eq(tcp_write(c.pcb, data, 100, 0), ERR_OK);
		tcp_output(c.pcb);
		pass_ms(700);
		while ((s = next_sent()) != NULL)
			if (s->seq == c.seen && s->len > 0)
				c.seen += (uint32_t)s->len;
		put_segment(&c, TCP_ACK, c.peer_seq, c.seen, (uint16_t)_i, NULL, NULL, 0, 0);
	}
	ck_assert_uint_eq(c.errors, 0);
	conn_abort(&c);
}
END_TEST

START_TEST(late_segment_beyond_the_window_is_cut)
{
	struct conn c = { 0 };
	uint32_t wnd;

	conn_open(&c, 4, false);
	c.hold = true;
	tcp_set_rcv_wnd_max(c.pcb, 70000);
	/* use the window up until little is left */
	while (c.pcb->rcv_wnd > 40000)
		put_data(&c, 1380);
	wnd = c.pcb->rcv_wnd;
	put_data_at(&c, 1000, 60000);	/* far over the edge, nothing queued before */
	put_data_at(&c, 0, 1000);	/* closes the hole */
	ck_assert_uint_eq(c.pcb->rcv_wnd, 0);
	ck_assert_uint_eq(c.pcb->rcv_nxt, c.peer_seq + wnd);
	conn_abort(&c);
}
END_TEST

START_TEST(many_tiny_late_segments_are_bounded)
{
	struct conn c = { 0 };
	size_t before;
	uint32_t i;

	conn_open(&c, 4, false);
	before = blocks_in_use;
	for (i = 0; i < 20000; i++) {
		put_data_at(&c, 10 + 2 * i, 1);
		drop_sent();
	}
	ck_assert_uint_le(blocks_in_use - before, 3 * TCP_OOSEQ_SEGS_LEAST + 10);
	conn_abort(&c);
}
END_TEST

START_TEST(more_late_segments_wait_in_a_larger_window)
{
	struct conn c = { 0 };
	size_t before;
	uint32_t i;

	conn_open(&c, 4, false);
	tcp_set_rcv_wnd_max(c.pcb, 4 << 20);
	before = blocks_in_use;
	for (i = 0; i < 5000; i++) {
		put_data_at(&c, 10 + 2 * i, 1);
		drop_sent();
	}
	ck_assert_uint_ge(blocks_in_use - before, 2 * 4096);
	ck_assert_uint_le(blocks_in_use - before, 3 * 4096 + 10);
	conn_abort(&c);
}
END_TEST

/* `n` late segments of one byte each, `gap` bytes apart, behind a window for all of them. */
static void queue_late(struct conn *c, uint32_t n, uint32_t gap)
{
	uint32_t i;

	conn_open(c, 4, false);
	tcp_set_rcv_wnd_max(c->pcb, 4 << 20);
	for (i = 0; i < n; i++) {
		put_data_at(c, 10 + (1 + gap) * i, 1);
		drop_sent();
	}
	ck_assert_uint_eq(c->pcb->ooseq_count, n);
}

START_TEST(the_place_of_a_late_segment_is_earned)
{
	const uint32_t n = 3000;
	struct conn c = { 0 };
	uint32_t i, before;

	queue_late(&c, n, 3);
	before = c.pcb->ooseq_count;
	/* near the end, behind some 2,900 others each time */
	for (i = 0; i < 100; i++) {
		put_data_at(&c, 12 + 4 * (n - 101 + i), 1);
		drop_sent();
	}
	ck_assert_uint_ge(c.pcb->ooseq_count - before, TCP_OOSEQ_SEGS_MAX / n);
	ck_assert_uint_le(c.pcb->ooseq_count - before, (TCP_OOSEQ_SEGS_MAX + 100 * TCP_OOSEQ_STEPS) / (n - 101) + 1);
	/* what takes no search is taken as ever, and earns what the next takes */
	for (i = 0; i <= n / TCP_OOSEQ_STEPS; i++)
		put_data_at(&c, 10 + 4 * (n + i), 1);
	before = c.pcb->ooseq_count;
	put_data_at(&c, 11 + 4 * (n - 101), 1);
	ck_assert_uint_eq(c.pcb->ooseq_count, before + 1);
	drop_sent();
	conn_abort(&c);
}
END_TEST

START_TEST(a_full_queue_is_counted_when_that_is_earned)
{
	struct conn c = { 0 };
	uint32_t i;

	queue_late(&c, 4096, 0);
	/* half of them leave, uncounted, and everything earned is taken */
	put_data_at(&c, 0, 10 + 2048);
	c.peer_seq += 4096 + 10;
	ck_assert_uint_eq(c.pcb->rcv_nxt, c.peer_seq);
	for (i = 0; i < 4095; i++)
		put_data_at(&c, 10 + 2 * i, 1);
	c.pcb->ooseq_count = 4096;
	c.pcb->ooseq_steps = 0;
	for (i = 0; i < 4096 / TCP_OOSEQ_STEPS - 1; i++) {
		put_data_at(&c, 10 + 2 * (4096 + i), 1);
		ck_assert_uint_eq(c.pcb->ooseq_count, 4096);
		ck_assert_uint_eq(c.pcb->ooseq_steps, (i + 1) * TCP_OOSEQ_STEPS);
	}
	put_data_at(&c, 10 + 2 * 5000, 1);
	ck_assert_uint_eq(c.pcb->ooseq_count, 4096);
	ck_assert_uint_eq(c.pcb->ooseq_tail->tcphdr->seqno, c.peer_seq + 10 + 2 * 5000);
	drop_sent();
	conn_abort(&c);
}
END_TEST

START_TEST(a_block_that_is_too_long_to_look_through_stays)
{
	struct conn c = { 0 };
	struct tcp_sack_range block;

	queue_late(&c, 3000, 0);
	block = c.pcb->rcv_sacks[0];
	ck_assert_uint_eq(block.right - block.left, 3000);
	c.pcb->ooseq_steps = 0;
	put_data_at(&c, 10, 1);
	ck_assert_uint_eq(c.pcb->rcv_sacks[0].left, block.left);
	ck_assert_uint_eq(c.pcb->rcv_sacks[0].right, block.right);
	ck_assert_uint_eq(c.pcb->ooseq_steps, 0);
	drop_sent();
	conn_abort(&c);
}
END_TEST

/* Anything, from a fixed seed: no assertion may fail, no memory may be left. */
START_TEST(random_segments_break_nothing)
{
	uint32_t r = (uint32_t)_i * 2654435761u + 1;
	struct conn c = { 0 };
	unsigned i;

	conn_open(&c, _i % 2 ? 4 : 6, false);
	for (i = 0; i < 3000 && c.pcb != NULL; i++) {
		struct options opt = small((uint16_t)(r >> 7));
		uint8_t flags = (uint8_t)((r >> 24) & 0x3b);

		r = r * 1664525u + 1013904223u;
		if ((r & 0xff) < 250)
			flags = (uint8_t)((flags & ~(TCP_RST | TCP_SYN)) | TCP_ACK);
		if ((r & 0xff) > 10)
			flags &= (uint8_t)~TCP_FIN;
		put_segment(&c, flags, c.pcb->rcv_nxt + (r >> 20) % 9000 - 2000,
			    c.pcb->lastack + (r >> 12) % 300, (uint16_t)(r >> 16), r & 1 ? &opt : NULL, data,
			    (r >> 9) % 3000, (r >> 3) % 4 ? 0 : 700);
		if (c.pcb != NULL && (r >> 5) % 8 == 0) {
			(void)tcp_write(c.pcb, data, (u16_t)((r >> 11) % 4000), 0);
			(void)tcp_output(c.pcb);
		}
		if ((r >> 6) % 16 == 0)
			pass_ms((r >> 18) % 1000);
		if ((r >> 4) % 64 == 0)
			blocks_fail = (r >> 22) % 4;
		drop_sent();
	}
	conn_abort(&c);
}
END_TEST

Suite *hostile_suite(void)
{
	Suite *suite = suite_create("hostile");
	TCase *tc = tcase_create("hostile");

	tcase_add_checked_fixture(tc, fixture_setup, fixture_teardown);
	tcase_add_test(tc, mss_option_after_the_handshake_is_ignored);
	tcase_add_loop_test(tc, tiny_mss_leaves_room_for_data, 1, 70);
	tcase_add_loop_test(tc, tiny_window_leaves_room_for_data, 1, 70);
	tcase_add_test(tc, late_segment_beyond_the_window_is_cut);
	tcase_add_test(tc, many_tiny_late_segments_are_bounded);
	tcase_add_test(tc, more_late_segments_wait_in_a_larger_window);
	tcase_add_test(tc, the_place_of_a_late_segment_is_earned);
	tcase_add_test(tc, a_full_queue_is_counted_when_that_is_earned);
	tcase_add_test(tc, a_block_that_is_too_long_to_look_through_stays);
	tcase_add_loop_test(tc, random_segments_break_nothing, 0, 40);
	suite_add_tcase(suite, tc);
	return suite;
}
