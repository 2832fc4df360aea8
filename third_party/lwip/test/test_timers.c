/* 0004, 0005, 0006: timers by need, dead peers, SYN timing. */
#include "fixture.h"

START_TEST(idle_stack_does_not_tick)
{
	struct conn c = { 0 };

	ck_assert_uint_eq(sys_timeouts_sleeptime(), SYS_TIMEOUTS_SLEEPTIME_INFINITE);
	conn_open(&c, 4, false);
	put_data(&c, 100);
	ck_assert_uint_le(sys_timeouts_sleeptime(), TCP_TMR_INTERVAL);
	/* the delayed ACK, the visits that find nothing to do, then silence */
	pass_ms(500);
	ck_assert_uint_eq(count_sent(), 1);
	ck_assert_uint_eq(sys_timeouts_sleeptime(), SYS_TIMEOUTS_SLEEPTIME_INFINITE);
	conn_abort(&c);
}
END_TEST

START_TEST(delayed_ack_comes_within_a_tick)
{
	struct conn c = { 0 };

	conn_open(&c, 4, false);
	pass_ms(100000);
	put_data(&c, 100);
	ck_assert_uint_eq(count_sent(), 0);
	pass_ms(TCP_TMR_INTERVAL);
	ck_assert_uint_eq(count_sent(), 1);
	conn_abort(&c);
}
END_TEST

START_TEST(keepalive_probes_then_ends)
{
	struct conn c = { 0 };
	unsigned calls;

	conn_open(&c, 4, false);
	tcp_keepalive_set(c.pcb, 30000, 5000, 5);
	calls = pass_ms(29000);
	ck_assert_uint_eq(count_sent(), 0);
	ck_assert_uint_lt(calls, 10);	/* asleep for nearly all of it */
	pass_ms(1500);
	ck_assert_uint_eq(count_sent(), 1);
	pass_ms(20000);
	ck_assert_uint_eq(count_sent(), 5);
	ck_assert_uint_eq(c.errors, 0);
	pass_ms(6000);
	ck_assert_uint_eq(c.errors, 1);
	ck_assert_int_eq(c.err, ERR_TIMEOUT);
}
END_TEST

START_TEST(traffic_puts_keepalive_off)
{
	struct conn c = { 0 };
	unsigned i;

	conn_open(&c, 4, false);
	tcp_keepalive_set(c.pcb, 30000, 5000, 5);
	for (i = 0; i < 10; i++) {
		pass_ms(20000);
		drop_sent();
		put_data(&c, 1);
	}
	pass_ms(25000);
	ck_assert_uint_eq(count_sent(), 1);	/* the ACK */
	ck_assert_uint_eq(c.errors, 0);
	conn_abort(&c);
}
END_TEST

START_TEST(half_closed_reader_notices_a_dead_peer)
{
	struct conn c = { 0 };

	conn_open(&c, 4, false);
	tcp_keepalive_set(c.pcb, 30000, 5000, 5);
	ck_assert_int_eq(tcp_shutdown(c.pcb, 0, 1), ERR_OK);
	put_ack(&c, c.seen + 1);
	ck_assert_int_eq(c.pcb->state, FIN_WAIT_2);
	pass_ms(60000);
	ck_assert_int_eq(c.err, ERR_TIMEOUT);
}
END_TEST

START_TEST(user_timeout_ends_unanswered_data)
{
	struct conn c = { 0 };

	conn_open(&c, 4, false);
	tcp_user_timeout_set(c.pcb, 40000);
	pass_ms(100000);	/* nothing to be acknowledged: no matter */
	ck_assert_uint_eq(c.errors, 0);
	ck_assert_int_eq(tcp_write(c.pcb, "x", 1, TCP_WRITE_FLAG_COPY), ERR_OK);
	tcp_output(c.pcb);
	pass_ms(39000);
	ck_assert_uint_eq(c.errors, 0);
	pass_ms(1500);
	ck_assert_uint_eq(c.errors, 1);
	ck_assert_int_eq(c.err, ERR_TIMEOUT);
}
END_TEST

START_TEST(progress_restarts_the_user_timeout)
{
	struct conn c = { 0 };
	unsigned i;

	conn_open(&c, 4, false);
	tcp_user_timeout_set(c.pcb, 40000);
	ck_assert_int_eq(tcp_write(c.pcb, "abcdefghij", 10, TCP_WRITE_FLAG_COPY), ERR_OK);
	tcp_output(c.pcb);
	for (i = 1; i < 10; i++) {
		pass_ms(30000);
		put_ack(&c, c.seen + 1);
	}
	ck_assert_uint_eq(c.errors, 0);
	conn_abort(&c);
}
END_TEST

START_TEST(closed_window_is_not_a_dead_peer)
{
	struct conn c = { 0 };
	const struct sent *s;
	unsigned i;

	conn_open(&c, 4, false);
	tcp_user_timeout_set(c.pcb, 40000);
	put_segment(&c, TCP_ACK, c.peer_seq, c.seen, 0, NULL, NULL, 0, 0);
	c.pcb->snd_wnd = 0;
	ck_assert_int_eq(tcp_write(c.pcb, "abc", 3, TCP_WRITE_FLAG_COPY), ERR_OK);
	tcp_output(c.pcb);
	for (i = 0; i < 100; i++) {
		drop_sent();
		pass_ms(15000);
		s = next_sent();
		ck_assert_ptr_nonnull(s);	/* a probe */
		put_segment(&c, TCP_ACK, c.peer_seq, c.seen, 0, NULL, NULL, 0, 0);
	}
	ck_assert_uint_eq(c.errors, 0);
	/* and when it no longer answers, it is */
	pass_ms(60000);
	ck_assert_int_eq(c.err, ERR_TIMEOUT);
}
END_TEST

START_TEST(user_timeout_ends_connecting)
{
	struct conn c = { 0 };

	conn_open(&c, 4, true);
	tcp_user_timeout_set(c.pcb, 10000);
	pass_ms(11000);
	ck_assert_uint_eq(c.errors, 1);
	ck_assert_int_eq(c.err, ERR_TIMEOUT);
}
END_TEST

START_TEST(syn_backs_off)
{
	/* between two SYNs, the time and how many have been sent by then */
	static const uint32_t at[] = { 500, 1900, 5000, 11000, 23000 };
	struct conn c = { 0 };
	uint32_t start = now_ms;
	unsigned i;

	conn_open(&c, 4, true);
	for (i = 0; i < LWIP_ARRAYSIZE(at); i++) {
		pass_ms(at[i] - (now_ms - start));
		ck_assert_uint_eq(count_sent(), i + 1);
	}
	conn_abort(&c);
}
END_TEST

START_TEST(rto_of_a_short_path_is_short)
{
	struct conn c = { 0 };
	unsigned i;

	conn_open(&c, 4, false);
	for (i = 0; i < 30; i++) {
		ck_assert_int_eq(tcp_write(c.pcb, "x", 1, TCP_WRITE_FLAG_COPY), ERR_OK);
		tcp_output(c.pcb);
		pass_ms(10);
		put_ack(&c, c.seen + 1);
	}
	ck_assert_int_le(c.pcb->rto * TCP_SLOW_INTERVAL, 400);
	ck_assert_int_ge(c.pcb->rto * TCP_SLOW_INTERVAL, 200);
	conn_abort(&c);
}
END_TEST

START_TEST(frozen_process_times_nothing_out)
{
	struct conn c = { 0 };

	conn_open(&c, 4, false);
	tcp_keepalive_set(c.pcb, 30000, 5000, 5);
	tcp_user_timeout_set(c.pcb, 40000);
	ck_assert_int_eq(tcp_write(c.pcb, "x", 1, TCP_WRITE_FLAG_COPY), ERR_OK);
	tcp_output(c.pcb);
	now_ms += 3600000;
	sys_check_timeouts();
	ck_assert_uint_eq(c.errors, 0);
	pass_ms(2000);
	ck_assert_uint_ge(count_sent(), 2);	/* sent again */
	put_ack(&c, c.seen + 1);
	ck_assert_uint_eq(c.acked, 1);
	conn_abort(&c);
}
END_TEST

START_TEST(thousands_of_idle_connections_cost_nothing)
{
	static struct conn c[2000];
	unsigned i;

	for (i = 0; i < LWIP_ARRAYSIZE(c); i++) {
		conn_open(&c[i], 4, false);
		drop_sent();
	}
	pass_ms(1000);
	ck_assert_uint_eq(pass_ms(1000000), 0);
	for (i = 0; i < LWIP_ARRAYSIZE(c); i++)
		conn_abort(&c[i]);
}
END_TEST

START_TEST(time_wait_ends_after_a_minute)
{
	struct conn c = { 0 };

	conn_open(&c, 4, false);
	tcp_err(c.pcb, NULL);
	ck_assert_int_eq(tcp_close(c.pcb), ERR_OK);
	c.seen++;
	put_segment(&c, TCP_ACK | TCP_FIN, c.peer_seq, c.seen, 8192, NULL, NULL, 0, 0);
	ck_assert_ptr_nonnull(tcp_tw_pcbs);
	ck_assert_uint_lt(pass_ms(59000), 10);
	ck_assert_ptr_nonnull(tcp_tw_pcbs);
	pass_ms(2000);
	ck_assert_ptr_null(tcp_tw_pcbs);
	ck_assert_uint_eq(sys_timeouts_sleeptime(), SYS_TIMEOUTS_SLEEPTIME_INFINITE);
}
END_TEST

Suite *timers_suite(void)
{
	Suite *suite = suite_create("timers");
	TCase *tc = tcase_create("timers");

	tcase_add_checked_fixture(tc, fixture_setup, fixture_teardown);
	tcase_add_test(tc, idle_stack_does_not_tick);
	tcase_add_test(tc, delayed_ack_comes_within_a_tick);
	tcase_add_test(tc, keepalive_probes_then_ends);
	tcase_add_test(tc, traffic_puts_keepalive_off);
	tcase_add_test(tc, half_closed_reader_notices_a_dead_peer);
	tcase_add_test(tc, user_timeout_ends_unanswered_data);
	tcase_add_test(tc, progress_restarts_the_user_timeout);
	tcase_add_test(tc, closed_window_is_not_a_dead_peer);
	tcase_add_test(tc, user_timeout_ends_connecting);
	tcase_add_test(tc, syn_backs_off);
	tcase_add_test(tc, rto_of_a_short_path_is_short);
	tcase_add_test(tc, frozen_process_times_nothing_out);
	tcase_add_test(tc, thousands_of_idle_connections_cost_nothing);
	tcase_add_test(tc, time_wait_ends_after_a_minute);
	suite_add_tcase(suite, tc);
	return suite;
}
