/* 0001: limits per connection. */
#include "fixture.h"

static uint32_t announced(const struct sent *s)
{
	return (uint32_t)s->wnd << TCP_RCV_SCALE;
}

START_TEST(window_starts_small_and_grows_on_request)
{
	struct conn c = { 0 };
	const struct sent *s;

	conn_open(&c, 4, false);
	ck_assert_uint_eq(c.pcb->rcv_wnd, TCP_WND_START);
	tcp_set_rcv_wnd_max(c.pcb, 1024 * 1024);
	s = next_sent();
	ck_assert_ptr_nonnull(s);
	ck_assert_uint_eq(announced(s), 1024 * 1024);
	tcp_set_rcv_wnd_max(c.pcb, UINT32_MAX);
	ck_assert_uint_eq(c.pcb->rcv_wnd, TCP_WND);
	conn_abort(&c);
}
END_TEST

START_TEST(shrinking_takes_nothing_back)
{
	struct conn c = { 0 };
	const struct sent *s;
	uint32_t edge, i;

	conn_open(&c, 4, false);
	put_data(&c, 1000);
	put_data(&c, 1000);
	s = next_sent();
	ck_assert_ptr_nonnull(s);
	edge = s->ack + announced(s);
	tcp_set_rcv_wnd_max(c.pcb, 65536);
	for (i = 0; i < 400; i++) {
		put_data(&c, 1000);
		while ((s = next_sent()) != NULL) {
			ck_assert(!TCP_SEQ_LT(s->ack + announced(s) + (1u << TCP_RCV_SCALE), edge));
			edge = s->ack + announced(s);
		}
	}
	ck_assert_uint_eq(c.pcb->rcv_wnd, 65536);
	ck_assert_uint_eq(c.pcb->rcv_wnd_debt, 0);
	conn_abort(&c);
}
END_TEST

START_TEST(shrinking_and_growing_with_unread_data_keeps_the_sum)
{
	struct conn c = { 0 };

	conn_open(&c, 4, false);
	c.hold = true;
	put_data(&c, 60000);
	tcp_set_rcv_wnd_max(c.pcb, 100000);
	tcp_set_rcv_wnd_max(c.pcb, 300000);
	ck_assert_uint_eq(c.pcb->rcv_wnd + 60000, 300000);
	tcp_recved(c.pcb, 60000);
	ck_assert_uint_eq(c.pcb->rcv_wnd, 300000);
	/* all taken: closing is orderly, not a reset */
	drop_sent();
	tcp_err(c.pcb, NULL);
	ck_assert_int_eq(tcp_close(c.pcb), ERR_OK);
	ck_assert_uint_eq(next_sent()->flags & TCP_RST, 0);
}
END_TEST

START_TEST(send_buffer_follows_its_limit)
{
	static uint8_t data[60000];
	struct conn c = { 0 };

	conn_open(&c, 4, false);
	ck_assert_uint_eq(c.pcb->snd_buf, TCP_SND_BUF_START);
	ck_assert_int_eq(tcp_write(c.pcb, data, 60000, 0), ERR_OK);
	tcp_set_snd_buf_max(c.pcb, 1000);
	ck_assert_uint_eq(c.pcb->snd_buf, 0);
	ck_assert_int_eq(tcp_write(c.pcb, data, 1, 0), ERR_MEM);
	tcp_set_snd_buf_max(c.pcb, UINT32_MAX);
	ck_assert_uint_eq(c.pcb->snd_buf, TCP_SND_BUF - 60000);
	conn_abort(&c);
}
END_TEST

START_TEST(a_queue_of_many_small_segments_is_counted)
{
	static uint8_t data[60000];
	const struct sent *syn;
	struct options opt = { .mss = 536, .wscale = 10, .sack = true };
	struct conn c = { 0 };
	uint32_t queued = 0;

	conn_open(&c, 4, true);
	syn = next_sent();
	put_segment(&c, TCP_SYN | TCP_ACK, c.peer_seq++, syn->seq + 1, 60000, &opt, NULL, 0, 0);
	drop_sent();
	ck_assert_int_eq(c.pcb->mss, 536);
	tcp_set_snd_buf_max(c.pcb, TCP_SND_BUF);
	while (tcp_write(c.pcb, data, sizeof(data), 0) == ERR_OK)
		queued += sizeof(data);
	/* nothing but the bytes ends it: two pbufs a segment, and one more where two writes meet */
	ck_assert_uint_gt(queued, TCP_SND_BUF - sizeof(data));
	ck_assert_uint_ge(tcp_sndqueuelen(c.pcb), queued / 536 * 2);
	conn_abort(&c);
}
END_TEST

START_TEST(a_window_of_the_largest_size_can_be_announced)
{
	struct conn c = { 0 };
	const struct sent *s;

	conn_open(&c, 4, false);
	tcp_set_rcv_wnd_max(c.pcb, TCP_WND);
	s = next_sent();
	ck_assert_ptr_nonnull(s);
	ck_assert_uint_eq(announced(s), TCP_WND);
	conn_abort(&c);
}
END_TEST

Suite *windows_suite(void)
{
	Suite *suite = suite_create("windows");
	TCase *tc = tcase_create("windows");

	tcase_add_checked_fixture(tc, fixture_setup, fixture_teardown);
	tcase_add_test(tc, window_starts_small_and_grows_on_request);
	tcase_add_test(tc, shrinking_takes_nothing_back);
	tcase_add_test(tc, shrinking_and_growing_with_unread_data_keeps_the_sum);
	tcase_add_test(tc, send_buffer_follows_its_limit);
	tcase_add_test(tc, a_queue_of_many_small_segments_is_counted);
	tcase_add_test(tc, a_window_of_the_largest_size_can_be_announced);
	suite_add_tcase(suite, tc);
	return suite;
}
