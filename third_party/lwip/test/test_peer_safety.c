/* 0016 to 0020, 0022, 0023: what a peer may send, what counts as a sign of life, a path that is gone. */
#include "fixture.h"

#include <string.h>

static uint8_t data[8000];

static void put(struct conn *c, uint8_t flags, uint32_t seq, uint32_t ack, size_t len)
{
	put_segment(c, flags, seq, ack, 8192, NULL, data, len, 0);
}

/* With data before it: lwIP takes a smaller window only from a segment that is newer in sequence. */
static void put_window(struct conn *c, uint32_t ack, uint16_t wnd)
{
	put_segment(c, TCP_ACK, c->peer_seq++, ack, wnd, NULL, data, 1, 0);
	put_segment(c, TCP_ACK, c->peer_seq++, ack, wnd, NULL, data, 1, 0);
	drop_sent();
}

static void write_data(struct conn *c, size_t len)
{
	ck_assert_int_eq(tcp_write(c->pcb, data, (u16_t)len, 0), ERR_OK);
	ck_assert_int_eq(tcp_output(c->pcb), ERR_OK);
}

static unsigned broken_total(void)
{
	unsigned total = 0;

	for (unsigned i = 0; i < TCP_BROKEN_COUNT; i++)
		total += broken[i];
	return total;
}

/* --- FIN from the out-of-order queue ------------------------------------------------------------- */

/* Takes the window until `left` of it is left. */
static void fill_window(struct conn *c, uint32_t left)
{
	c->hold = true;
	while (c->pcb->rcv_wnd > left) {
		uint32_t room = c->pcb->rcv_wnd - left;

		put_data(c, room < 1300 ? room : 1300);
		drop_sent();
	}
}

START_TEST(fin_stays_where_it_was_sent)
{
	struct conn c = { 0 };
	size_t before;

	conn_open(&c, _i % 2 ? 6 : 4, false);
	before = c.received;
	put(&c, TCP_ACK | TCP_FIN, c.peer_seq + 100, c.seen, 0);
	/* covers the FIN and goes on: the stream has ended before */
	put(&c, TCP_ACK, c.peer_seq, c.seen, 500);
	ck_assert_uint_eq(c.received - before, 100);
	ck_assert_uint_eq(c.eofs, 1);
	ck_assert_uint_eq(broken_total(), 0);
	conn_abort(&c);
}
END_TEST

START_TEST(fin_taken_over_stays_in_the_window)
{
	struct conn c = { 0 };

	conn_open(&c, 4, false);
	fill_window(&c, 500);
	put(&c, TCP_ACK | TCP_FIN, c.peer_seq + 400, c.seen, 50);
	put(&c, TCP_ACK, c.peer_seq, c.seen, 1300);
	ck_assert_uint_eq(broken_total(), 0);
	ck_assert_uint_eq(c.eofs, 1);
	ck_assert_uint_eq(c.pcb->rcv_nxt, c.peer_seq + 451);
	conn_abort(&c);
}
END_TEST

START_TEST(fin_taken_over_within_the_queue)
{
	struct conn c = { 0 };
	size_t before;

	conn_open(&c, 4, false);
	before = c.received;
	put(&c, TCP_ACK | TCP_FIN, c.peer_seq + 300, c.seen, 0);
	put(&c, TCP_ACK, c.peer_seq + 200, c.seen, 500);	/* covers it, out of order itself */
	ck_assert_uint_eq(c.eofs, 0);
	put(&c, TCP_ACK, c.peer_seq, c.seen, 200);
	ck_assert_uint_eq(c.received - before, 300);
	ck_assert_uint_eq(c.eofs, 1);
	conn_abort(&c);
}
END_TEST

/* --- persist timer ------------------------------------------------------------------------------- */

START_TEST(persist_timer_ends_with_the_queue)
{
	struct conn c = { 0 };

	conn_open(&c, 4, false);
	write_data(&c, 1000);
	put_window(&c, c.seen, 0);		/* the window closes with data in flight */
	pass_ms(2500);				/* retransmission time-out: all is unsent again */
	drop_sent();
	put_window(&c, c.seen + 1000, 0);	/* it had arrived */
	pass_ms(60000);
	ck_assert_uint_eq(broken_total(), 0);
	ck_assert_uint_eq(c.errors, 0);
	conn_abort(&c);
}
END_TEST

START_TEST(persist_timer_splits_at_the_new_path_mtu)
{
	struct conn c = { 0 };
	struct sent first;

	conn_open(&c, 4, false);
	write_data(&c, 1300);
	first = *next_sent();
	put_window(&c, c.seen, 0);
	pass_ms(2500);
	drop_sent();
	put_icmp(4, 3, 4, 600, &first);
	/* smaller than the segment, larger than what the path takes now */
	put_window(&c, c.seen, 1000);
	pass_ms(60000);
	ck_assert_uint_eq(broken_total(), 0);
	ck_assert_uint_gt(count_sent(), 0);
	for (const struct sent *s = next_sent(); s != NULL; s = next_sent())
		ck_assert_uint_le(s->ip_len, 600);
	conn_abort(&c);
}
END_TEST

/* A probe's byte was taken, and then there is room for one more: not the same one again. */
START_TEST(persist_timer_goes_on_behind_what_a_probe_has_brought)
{
	struct conn c = { 0 };
	const struct sent *s;
	uint32_t first;

	conn_open(&c, 4, false);
	c.pcb->snd_scale = 0;
	put_window(&c, c.seen, 0);
	ck_assert_int_eq(tcp_write(c.pcb, data, 1000, 0), ERR_OK);
	tcp_output(c.pcb);
	drop_sent();
	pass_ms(3000);
	s = next_sent();
	ck_assert_ptr_nonnull(s);
	ck_assert_uint_eq(s->len, 1);
	first = s->seq;
	drop_sent();
	put_window(&c, first + 1, 0);
	put_window(&c, first + 1, 1);
	pass_ms(10000);
	s = next_sent();
	ck_assert_ptr_nonnull(s);
	ck_assert_uint_eq(s->seq + s->len, first + 2);
	put_window(&c, first + 2, 1);
	pass_ms(10000);
	drop_sent();
	put_window(&c, first + 2, 2000);
	pass_ms(10000);
	put_window(&c, first + 1000, 2000);
	ck_assert_ptr_null(c.pcb->unacked);
	ck_assert_ptr_null(c.pcb->unsent);
	conn_abort(&c);
}
END_TEST

START_TEST(window_probe_is_the_next_byte_with_timestamps)
{
	struct conn c = { .ts = true };
	const struct sent *s;

	memset(data, 'x', sizeof(data));
	conn_open(&c, 4, false);
	put_window(&c, c.seen, 0);
	ck_assert_int_eq(tcp_write(c.pcb, data, 100, 0), ERR_OK);
	tcp_output(c.pcb);
	drop_sent();
	pass_ms(3000);
	s = next_sent();
	ck_assert_ptr_nonnull(s);
	ck_assert_uint_eq(s->len, 1);
	ck_assert(s->ts);
	ck_assert_uint_eq(s->head[s->ip_len - 1], 'x');
	conn_abort(&c);
}
END_TEST

/* --- what is acceptable -------------------------------------------------------------------------- */

START_TEST(unacceptable_segments_give_nothing)
{
	struct conn c = { 0 };
	uint32_t ack;

	conn_open(&c, 4, false);
	write_data(&c, 1000);
	drop_sent();
	ack = c.seen;
	put(&c, TCP_ACK, c.peer_seq, ack + 2000, 100);		/* what was never sent */
	ck_assert_uint_eq(count_sent(), 1);
	put(&c, TCP_ACK, c.peer_seq, ack - 10000000, 100);	/* older than any window */
	put(&c, 0, c.peer_seq, ack, 100);			/* without ACK */
	put(&c, TCP_ACK, c.peer_seq - 5000, ack + 1000, 0);	/* from the past */
	put(&c, TCP_ACK, c.peer_seq + 300000, ack + 1000, 0);	/* beyond the window */
	ck_assert_uint_eq(c.received, 0);
	ck_assert_uint_eq(c.acked, 0);
	put(&c, TCP_ACK, c.peer_seq, ack + 1000, 100);
	ck_assert_uint_eq(c.received, 100);
	ck_assert_uint_eq(c.acked, 1000);
	conn_abort(&c);
}
END_TEST

START_TEST(acknowledgement_from_the_filled_window_counts)
{
	struct conn c = { 0 };

	conn_open(&c, 4, false);
	write_data(&c, 1000);
	/* the peer has filled the window, and the first segment of it was lost */
	put(&c, TCP_ACK, c.peer_seq + c.pcb->rcv_wnd, c.seen + 1000, 0);
	ck_assert_uint_eq(c.acked, 1000);
	conn_abort(&c);
}
END_TEST

START_TEST(challenges_are_limited_for_each_connection)
{
	struct conn a = { 0 }, b = { 0 };
	unsigned i;

	conn_open(&a, 4, false);
	conn_open(&b, 4, false);
	drop_sent();
	for (i = 0; i < 100; i++)
		put(&a, i % 2 ? TCP_RST : TCP_SYN, a.peer_seq + 10, 0, 0);
	ck_assert_uint_eq(count_sent(), TCP_CHALLENGE_MAX);
	drop_sent();
	put(&b, TCP_RST, b.peer_seq + 10, 0, 0);
	ck_assert_uint_eq(count_sent(), 1);
	drop_sent();
	pass_ms(TCP_CHALLENGE_INTERVAL + 200);
	drop_sent();
	put(&a, TCP_RST, a.peer_seq + 10, 0, 0);
	ck_assert_uint_eq(count_sent(), 1);
	ck_assert_uint_eq(a.errors + b.errors, 0);
	conn_abort(&a);
	conn_abort(&b);
}
END_TEST

START_TEST(only_acceptable_segments_are_a_sign_of_life)
{
	struct conn c = { .ts = true };
	const struct sent *s;
	unsigned i;

	conn_open(&c, 4, false);
	tcp_keepalive_set(c.pcb, 30000, 5000, 5);
	drop_sent();
	for (i = 0; i < 60 && c.errors == 0; i++) {
		pass_ms(1000);
		while ((s = next_sent()) != NULL)
			if (s->seq == c.seen - 1)
				ck_assert(s->ts);
		if (c.errors == 0)
			put(&c, TCP_ACK, c.peer_seq - 9000, c.seen, 0);
	}
	ck_assert_uint_eq(c.errors, 1);
	ck_assert_int_eq(c.err, ERR_TIMEOUT);
}
END_TEST

#define DAYS (24u * 60 * 60 * 1000)

/* An established connection whose newest timestamp is `ts`, and what came with it. */
static void open_at(struct conn *c, uint32_t ts)
{
	conn_open(c, 4, false);
	c->pcb->ts_recent = ts;
	c->peer_ts = ts - now_ms;
	put(c, TCP_ACK, c->peer_seq, c->seen, 100);
	c->peer_seq += 100;
	pass_ms(200);
	drop_sent();
	ck_assert_uint_eq(c->received, 100);
	ck_assert_uint_eq(c->pcb->ts_recent, ts);
	c->peer_ts = ts - now_ms;
}

/* RFC 7323 5.3 R1, with numbers on both sides of a wrap. */
START_TEST(an_old_segment_in_the_window_is_answered_and_dropped)
{
	static const uint32_t times[] = { 1000, 0, 0x80000000, UINT32_MAX };
	unsigned i;

	for (i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		struct conn c = { .ts = true };

		drop_sent();
		open_at(&c, times[i]);
		c.peer_ts -= 1;
		put(&c, TCP_ACK, c.peer_seq, c.seen, 100);
		ck_assert_uint_eq(c.received, 100);
		ck_assert_uint_eq(count_sent(), 1);
		ck_assert_uint_eq(next_sent()->ack, c.peer_seq);
		/* beyond a hole, an acknowledgement, an end: the same */
		put(&c, TCP_ACK, c.peer_seq + 1000, c.seen, 100);
		ck_assert_ptr_null(c.pcb->ooseq);
		put(&c, TCP_ACK | TCP_FIN, c.peer_seq, c.seen, 0);
		ck_assert_uint_eq(c.eofs, 0);
		c.peer_ts += 2;
		put(&c, TCP_ACK, c.peer_seq, c.seen, 100);
		ck_assert_uint_eq(c.received, 200);
		conn_abort(&c);
	}
}
END_TEST

START_TEST(an_old_acknowledgement_is_dropped)
{
	struct conn c = { .ts = true };

	open_at(&c, 1000);
	write_data(&c, 1000);
	drop_sent();
	c.peer_ts -= 1;
	put(&c, TCP_ACK, c.peer_seq, c.seen + 1000, 0);
	ck_assert_uint_eq(c.acked, 0);
	c.peer_ts += 1;
	put(&c, TCP_ACK, c.peer_seq, c.seen + 1000, 0);
	ck_assert_uint_eq(c.acked, 1000);
	conn_abort(&c);
}
END_TEST

/* 5.2: what a connection ended by needs no time. */
START_TEST(an_old_reset_counts)
{
	struct conn c = { .ts = true };

	open_at(&c, 1000);
	c.peer_ts -= 500;
	put(&c, TCP_RST, c.peer_seq, 0, 0);
	ck_assert_uint_eq(c.errors, 1);
}
END_TEST

/* 5.5: the peer's clock may have gone half around. */
START_TEST(after_24_days_no_segment_is_old)
{
	struct conn c = { .ts = true };

	open_at(&c, 1000);
	now_ms = c.pcb->ts_recent_ms + 24 * DAYS - 1;
	c.peer_ts = 999 - now_ms;
	put(&c, TCP_ACK, c.peer_seq, c.seen, 100);
	ck_assert_uint_eq(c.received, 100);
	now_ms += 1;
	c.peer_ts = 999 - now_ms;
	put(&c, TCP_ACK, c.peer_seq, c.seen, 100);
	ck_assert_uint_eq(c.received, 200);
	ck_assert_uint_eq(c.pcb->ts_recent, 999);
	conn_abort(&c);
}
END_TEST

/* R3: the late one, which fills the hole, is older than what came before it. */
START_TEST(a_late_segment_is_no_old_one)
{
	struct conn c = { .ts = true };

	open_at(&c, 1000);
	c.peer_ts += 50;
	put(&c, TCP_ACK, c.peer_seq + 100, c.seen, 100);
	c.peer_ts -= 50;
	put(&c, TCP_ACK, c.peer_seq, c.seen, 100);
	ck_assert_uint_eq(c.received, 300);
	conn_abort(&c);
}
END_TEST

/* A time far ahead would make all that follows old. */
START_TEST(a_forged_time_does_not_end_what_the_segment_could_not)
{
	struct conn c = { .ts = true };
	uint32_t seq;

	open_at(&c, 1000);
	seq = c.peer_seq;
	c.peer_ts += 0x70000000;
	put(&c, TCP_ACK, seq - 5000, c.seen, 100);		/* from the past */
	put(&c, TCP_ACK, seq + 300000, c.seen, 100);		/* beyond the window */
	put(&c, TCP_ACK, seq, c.seen + 2000, 100);		/* what was never sent */
	put(&c, TCP_ACK, seq, c.seen - 10000000, 100);
	put(&c, 0, seq, c.seen, 100);				/* without ACK */
	put(&c, TCP_SYN, seq, c.seen, 0);
	put(&c, TCP_SYN | TCP_ACK, seq, c.seen, 0);
	put(&c, TCP_RST, seq + 10, c.seen, 0);
	put(&c, TCP_ACK, seq + 10, c.seen, 10);			/* beyond a hole */
	ck_assert_uint_eq(c.pcb->ts_recent, 1000);
	c.peer_ts -= 0x70000000;
	put(&c, TCP_ACK, seq, c.seen, 10);
	ck_assert_uint_eq(c.received, 120);
	conn_abort(&c);
}
END_TEST

START_TEST(a_second_syn_changes_nothing)
{
	struct conn c = { 0 };
	struct options opt = { .mss = 8000, .wscale = 14, .ts = true };
	u16_t mss;

	conn_open(&c, 4, true);
	c.seen = next_sent()->seq + 1;
	/* not the answer to ours */
	put_segment(&c, TCP_SYN | TCP_ACK, c.peer_seq, c.seen + 9, 65535, &opt, NULL, 0, 0);
	put_segment(&c, TCP_SYN, c.peer_seq, 0, 65535, &opt, NULL, 0, 0);
	ck_assert_uint_eq(c.connected, 0);
	ck_assert_uint_eq(c.pcb->flags & (TF_WND_SCALE | TF_TIMESTAMP), 0);
	mss = c.pcb->mss;
	ck_assert_uint_le(mss, 536);
	conn_abort(&c);
}
END_TEST

/* --- checks about one connection ----------------------------------------------------------------- */

enum damage { WINDOW, COUNT_LOW, COUNT_HIGH, PERSIST, TAIL, DAMAGES };

static void damage(struct conn *c, enum damage how)
{
	switch (how) {
	case WINDOW:	/* a queued segment that the window does not hold any more */
		put(c, TCP_ACK, c->peer_seq + 100, c->seen, 1000);
		c->pcb->rcv_wnd = 500;
		put(c, TCP_ACK, c->peer_seq, c->seen, 100);
		break;
	case COUNT_LOW:
		write_data(c, 1000);
		c->pcb->snd_queuelen = 0;
		put(c, TCP_ACK, c->peer_seq, c->seen + 1000, 0);
		break;
	case COUNT_HIGH:
		write_data(c, 1000);
		c->pcb->snd_queuelen = 100;
		put(c, TCP_ACK, c->peer_seq, c->seen + 1000, 0);
		break;
	case PERSIST:
		write_data(c, 1000);
		c->pcb->persist_backoff = 1;
		pass_ms(1000);
		break;
	default:
		c->pcb->snd_queuelen = 7;
		ck_assert_int_eq(tcp_write(c->pcb, data, 100, 0), ERR_ABRT);
		break;
	}
}

START_TEST(a_broken_connection_ends_alone)
{
	static const enum tcp_broken_check checks[DAMAGES] = {
		TCP_BROKEN_RECEIVE, TCP_BROKEN_QUEUE, TCP_BROKEN_QUEUE, TCP_BROKEN_PERSIST,
		TCP_BROKEN_QUEUE,
	};
	struct conn c = { 0 }, other = { 0 };
	unsigned before = broken[checks[_i]], resets = 0;

	conn_open(&other, 4, false);
	conn_open(&c, 4, false);
	damage(&c, (enum damage)_i);
	ck_assert_uint_eq(broken[checks[_i]], before + 1);
	ck_assert_uint_eq(c.errors, 1);
	ck_assert_int_eq(c.err, ERR_ABRT);
	for (const struct sent *s = next_sent(); s != NULL; s = next_sent())
		resets += (s->flags & TCP_RST) != 0;
	ck_assert_uint_eq(resets, 1);
	put_data(&other, 100);
	ck_assert_uint_eq(other.received, 100);
	broken[checks[_i]] = before;
	conn_abort(&other);
}
END_TEST

START_TEST(an_acknowledged_syn_that_is_on_no_queue)
{
	struct conn c = { 0 };
	struct options opt = { .mss = 1360, .wscale = -1 };

	conn_open(&c, 4, true);
	c.seen = next_sent()->seq + 1;
	c.pcb->snd_queuelen = 0;
	put_segment(&c, TCP_SYN | TCP_ACK, c.peer_seq, c.seen, 65535, &opt, NULL, 0, 0);
	ck_assert_uint_eq(broken[TCP_BROKEN_HANDSHAKE], 1);
	ck_assert_uint_eq(c.errors, 1);
	broken[TCP_BROKEN_HANDSHAKE] = 0;
}
END_TEST

/* --- a path that is gone ------------------------------------------------------------------------- */

START_TEST(without_a_path_nothing_ends)
{
	static const unsigned repeats[] = { 0, 1, 1, 2 };
	struct conn c = { 0 };

	conn_open(&c, 4, false);
	tcp_keepalive_set(c.pcb, 30000, 5000, 5);
	tcp_user_timeout_set(c.pcb, 45000);
	if (_i == 1)
		write_data(&c, 1000);
	if (_i == 2) {
		put_window(&c, c.seen, 0);
		write_data(&c, 1000);
	}
	if (_i == 3) {
		write_data(&c, 1000);
		ck_assert_int_eq(tcp_shutdown(c.pcb, 0, 1), ERR_OK);
	}
	tcp_path_set(c.pcb, 0);
	pass_ms(14 * 60 * 1000);
	ck_assert_uint_eq(c.errors, 0);
	drop_sent();
	tcp_path_set(c.pcb, 1);
	pass_ms(100);
	/* one segment at once (and the FIN behind it), or a probe of the window; an idle one is silent */
	ck_assert_uint_eq(count_sent(), repeats[_i]);
	/* all clocks start from zero: a remote that stays silent is found as ever */
	pass_ms(40000);
	ck_assert_uint_eq(c.errors, 0);
	pass_ms(35000);
	ck_assert_uint_eq(c.errors, 1);
	ck_assert_int_eq(c.err, ERR_TIMEOUT);
}
END_TEST

START_TEST(an_idle_stack_without_a_path_does_not_tick)
{
	struct conn c = { 0 };

	conn_open(&c, 4, false);
	tcp_keepalive_set(c.pcb, 30000, 5000, 5);
	tcp_path_set(c.pcb, 0);
	pass_ms(60000);
	ck_assert_uint_eq(sys_timeouts_sleeptime(), SYS_TIMEOUTS_SLEEPTIME_INFINITE);
	tcp_path_set(c.pcb, 1);
	ck_assert_uint_ne(sys_timeouts_sleeptime(), SYS_TIMEOUTS_SLEEPTIME_INFINITE);
	conn_abort(&c);
}
END_TEST

Suite *peer_safety_suite(void)
{
	Suite *suite = suite_create("peer safety");
	TCase *tc = tcase_create("peer safety");

	tcase_add_checked_fixture(tc, fixture_setup, fixture_teardown);
	tcase_add_loop_test(tc, fin_stays_where_it_was_sent, 0, 2);
	tcase_add_test(tc, fin_taken_over_stays_in_the_window);
	tcase_add_test(tc, fin_taken_over_within_the_queue);
	tcase_add_test(tc, persist_timer_ends_with_the_queue);
	tcase_add_test(tc, persist_timer_splits_at_the_new_path_mtu);
	tcase_add_test(tc, persist_timer_goes_on_behind_what_a_probe_has_brought);
	tcase_add_test(tc, window_probe_is_the_next_byte_with_timestamps);
	tcase_add_test(tc, unacceptable_segments_give_nothing);
	tcase_add_test(tc, acknowledgement_from_the_filled_window_counts);
	tcase_add_test(tc, challenges_are_limited_for_each_connection);
	tcase_add_test(tc, only_acceptable_segments_are_a_sign_of_life);
	tcase_add_test(tc, an_old_segment_in_the_window_is_answered_and_dropped);
	tcase_add_test(tc, an_old_acknowledgement_is_dropped);
	tcase_add_test(tc, an_old_reset_counts);
	tcase_add_test(tc, after_24_days_no_segment_is_old);
	tcase_add_test(tc, a_late_segment_is_no_old_one);
	tcase_add_test(tc, a_forged_time_does_not_end_what_the_segment_could_not);
	tcase_add_test(tc, a_second_syn_changes_nothing);
	tcase_add_loop_test(tc, a_broken_connection_ends_alone, 0, DAMAGES);
	tcase_add_test(tc, an_acknowledged_syn_that_is_on_no_queue);
	tcase_add_loop_test(tc, without_a_path_nothing_ends, 0, 4);
	tcase_add_test(tc, an_idle_stack_without_a_path_does_not_tick);
	suite_add_tcase(suite, tc);
	return suite;
}
