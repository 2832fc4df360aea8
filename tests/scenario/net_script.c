/*
 * A connection against a scripted peer: opening, refusing, FIN in every order, resets, silence,
 * zero windows.
 */
#include "net/window.h"
#include "support/net_peer.h"

/* --- opening and data --- */

static void data_passes(void)
{
	struct raw_tcp t;
	struct endpoint e;

	establish();
	net_stream_remote(w.s, &e);
	assert_true(endpoint_equal(&e, &w.peer));
	net_stream_local(w.s, &e);
	assert_true(endpoint_equal(&e, &w.us));
	write_text("hello ");
	write_text("peer");
	t = expect(RAW_ACK | RAW_PSH, "hello peer");
	assert_int_equal(t.seq, w.rcv);
	expect_nothing();
	assert_int_equal(net_stream_unacked(w.s), 10);
	w.rcv += 10;
	peer_send(RAW_ACK | RAW_PSH, "answer");
	assert_int_equal(events(), NET_EV_READABLE | NET_EV_SENT_ALL);
	assert_int_equal(net_stream_unacked(w.s), 0);
	read_text("answer");
	assert_false(net_stream_at_eof(w.s));
	pass_ms(300);
	t = expect(RAW_ACK, "");
	assert_int_equal(t.ack, w.snd);
	no_events();
	net_stream_abort(w.s);
	expect(RAW_RST | RAW_ACK, "");
}

static void refused(void)
{
	dial();
	peer_send(RAW_RST | RAW_ACK, "");
	assert_int_equal(events(), NET_EV_FAILED);
	assert_int_equal(net_stream_cause(w.s), CAUSE_REFUSED);
	net_stream_close(w.s);
	expect_nothing();
}

static void reset_later(void)
{
	establish();
	peer_send(RAW_ACK, "last words");
	peer_send(RAW_RST | RAW_ACK, "");
	assert_int_equal(events(), NET_EV_READABLE | NET_EV_FAILED);
	assert_int_equal(net_stream_cause(w.s), CAUSE_RESET);
	assert_int_equal(net_stream_write(w.s, "x", 1), 0);
	net_stream_abort(w.s);
}

static void no_answer(void)
{
	struct raw_tcp t;
	unsigned syns = 0;

	dial();
	for (unsigned i = 0; i < 200 && !net_stack_next_stream(w.stack); i++) {
		pass_ms(1000);
		while (take(&t)) {
			assert_int_equal(t.flags, RAW_SYN);
			syns++;
		}
	}
	assert_int_equal(events(), NET_EV_FAILED);
	assert_int_equal(net_stream_cause(w.s), CAUSE_NO_ANSWER);
	assert_in_range(syns, 3, 8);
	net_stream_abort(w.s);
}

/* --- ends --- */

static void peer_ends_first(void)
{
	struct raw_tcp t;

	establish();
	peer_send(RAW_ACK | RAW_FIN, "bye");
	assert_int_equal(events(), NET_EV_READABLE | NET_EV_EOF);
	assert_false(net_stream_at_eof(w.s));
	read_text("bye");
	assert_true(net_stream_at_eof(w.s));
	/* Ours could acknowledge it, but does not come. */
	expect_nothing();
	pass_ms(100);
	t = expect(RAW_ACK, "");
	assert_int_equal(t.ack, w.snd);
	/* The other direction stays open. */
	write_text("still here");
	expect(RAW_ACK | RAW_PSH, "still here");
	w.rcv += 10;
	peer_send(RAW_ACK, "");
	assert_int_equal(events(), NET_EV_SENT_ALL);
	net_stream_shutdown(w.s);
	expect(RAW_ACK | RAW_FIN, "");
	w.rcv++;
	peer_send(RAW_ACK, "");
	assert_int_equal(events(), NET_EV_SENT_ALL);
	net_stream_close(w.s);
	expect_nothing();
}

/* What an answer and its end cost: one packet, which is our end. */
static void ends_that_follow_each_other_are_acknowledged_together(void)
{
	struct raw_tcp t;

	establish();
	peer_send(RAW_ACK | RAW_PSH, "answer");
	peer_send(RAW_ACK | RAW_FIN, "");
	assert_int_equal(events(), NET_EV_READABLE | NET_EV_EOF);
	read_text("answer");
	expect_nothing();
	net_stream_close(w.s);
	t = expect(RAW_ACK | RAW_FIN, "");
	assert_int_equal(t.ack, w.snd);
	w.rcv++;
	peer_send(RAW_ACK, "");
	pass_ms(1000);
	expect_nothing();
}

/* Behind a segment that was full, the end is full again: two of them are acknowledged at once. */
static void an_end_that_fills_a_segment_is_acknowledged_at_once(void)
{
	/* With the end it takes the sequence numbers of a whole one of 1,360 bytes. */
	char full[1360] = "";

	establish();
	memset(full, 'x', sizeof(full) - 1);
	peer_send(RAW_ACK | RAW_PSH, "a");
	expect_nothing();
	peer_send(RAW_ACK | RAW_FIN, full);
	assert_int_equal(expect(RAW_ACK, "").ack, w.snd);
	net_stream_abort(w.s);
	w.s = NULL;
	(void)raw_take(w.stack, &w.out);
}

static void we_end_first(void)
{
	struct raw_tcp t;

	establish();
	write_text("request");
	net_stream_shutdown(w.s);
	expect(RAW_ACK | RAW_PSH | RAW_FIN, "request");
	w.rcv += 8;
	peer_send(RAW_ACK, "");
	assert_int_equal(events(), NET_EV_SENT_ALL);
	peer_send(RAW_ACK | RAW_PSH, "late answer");
	assert_int_equal(events(), NET_EV_READABLE);
	read_text("late answer");
	peer_send(RAW_ACK | RAW_FIN, "");
	assert_int_equal(events(), NET_EV_EOF);
	assert_true(net_stream_at_eof(w.s));
	t = expect(RAW_ACK, "");
	assert_int_equal(t.ack, w.snd);
	net_stream_close(w.s);
	expect_nothing();
}

static void both_end_at_once(void)
{
	establish();
	net_stream_shutdown(w.s);
	expect(RAW_ACK | RAW_FIN, "");
	peer_send(RAW_ACK | RAW_FIN, "");
	assert_int_equal(events(), NET_EV_EOF);
	expect(RAW_ACK, "");
	w.rcv++;
	peer_send(RAW_ACK, "");
	assert_int_equal(events(), NET_EV_SENT_ALL);
	net_stream_close(w.s);
	expect_nothing();
}

static void close_delivers_in_the_background(void)
{
	struct raw_tcp t;

	establish();
	write_text("all of this");
	net_stream_close(w.s);
	t = expect(RAW_ACK | RAW_PSH | RAW_FIN, "all of this");
	assert_int_equal(t.seq, w.rcv);
	/* Lost: sent again, although nobody owns it any more. */
	pass_ms(3000);
	expect(RAW_ACK | RAW_PSH | RAW_FIN, "all of this");
	while (take(&t))
		;
	assert_int_equal(net_stack_stream_count(w.stack), 1);
	w.rcv += 12;
	peer_send(RAW_ACK, "");
	assert_int_equal(net_stack_stream_count(w.stack), 0);
	peer_send(RAW_ACK | RAW_FIN, "");
	expect(RAW_ACK, "");
	no_events();
}

static void close_with_unread_bytes_resets(void)
{
	establish();
	peer_send(RAW_ACK | RAW_PSH, "never read");
	net_stream_close(w.s);
	expect(RAW_ACK, "");
	expect(RAW_RST | RAW_ACK, "");
	expect_nothing();
}

static void bytes_after_close_reset(void)
{
	establish();
	net_stream_close(w.s);
	expect(RAW_ACK | RAW_FIN, "");
	w.rcv++;
	peer_send(RAW_ACK | RAW_PSH, "who reads this?");
	expect(RAW_RST | RAW_ACK, NULL);
	assert_int_equal(net_stack_stream_count(w.stack), 0);
}

/* --- silence --- */

static void keepalive_finds_a_dead_peer(void)
{
	struct boot_time start;
	struct raw_tcp t;
	unsigned probes = 0;

	establish();
	start = w.now;
	while (!net_stack_next_stream(w.stack) && boot_since_ms(w.now, start) < 200000) {
		pass_ms(500);
		while (take(&t))
			probes += t.flags == RAW_ACK;
	}
	assert_int_equal(events(), NET_EV_FAILED);
	assert_int_equal(net_stream_cause(w.s), CAUSE_NO_ANSWER);
	assert_in_range(boot_since_ms(w.now, start), 30000, 61000);
	assert_in_range(probes, 3, 10);
	net_stream_close(w.s);
	while (take(&t))
		;
}

static void an_answer_keeps_it_alive(void)
{
	struct raw_tcp t;
	unsigned probes = 0;

	establish();
	for (unsigned i = 0; i < 300; i++) {
		pass_ms(1000);
		while (take(&t)) {
			struct raw_tcp answer = from_peer(RAW_ACK, NULL, 0);

			assert_int_equal(t.flags, RAW_ACK);
			probes++;
			feed(&answer);
		}
	}
	no_events();
	/* One in each 30 s of silence: an answer ends a probing, and not the watch. */
	assert_in_range(probes, 9, 10);
	net_stream_abort(w.s);
}

static void unacknowledged_bytes_time_out(void)
{
	struct boot_time start;
	struct raw_tcp t;

	establish();
	write_text("into the void");
	start = w.now;
	while (!net_stack_next_stream(w.stack) && boot_since_ms(w.now, start) < 200000) {
		pass_ms(500);
		while (take(&t))
			;
	}
	assert_int_equal(events(), NET_EV_FAILED);
	assert_int_equal(net_stream_cause(w.s), CAUSE_NO_ANSWER);
	assert_in_range(boot_since_ms(w.now, start), 30000, 61000);
	net_stream_close(w.s);
	while (take(&t))
		;
}

/* The machine was suspended: an idle connection whose peer still answers goes on. */
static void a_freeze_kills_nobody(void)
{
	struct raw_tcp t;

	establish();
	w.now = boot_add_ms(w.now, UINT64_C(5) * 3600 * 1000);
	net_stack_tick(w.stack, w.now);
	for (unsigned i = 0; i < 50; i++) {
		while (take(&t)) {
			struct raw_tcp answer = from_peer(RAW_ACK, NULL, 0);

			feed(&answer);
		}
		pass_ms(100);
	}
	no_events();
	write_text("after the thaw");
	expect(RAW_ACK | RAW_PSH, "after the thaw");
	w.rcv += 14;
	peer_send(RAW_ACK, "");
	assert_int_equal(events(), NET_EV_SENT_ALL);
	net_stream_abort(w.s);
	expect(RAW_RST | RAW_ACK, "");
}

static void idle_sleeps(void)
{
	establish();
	pass_ms(1000);
	/* Nothing to do until the first keepalive. */
	assert_true(boot_since_ms(net_stack_deadline(w.stack), w.now) > 20000);
	net_stream_abort(w.s);
	while (raw_take(w.stack, &w.out))
		;
	/* What was armed for it may fire once more. */
	pass_ms(60000);
	assert_true(net_stack_deadline(w.stack).ns == BOOT_NEVER.ns);
}

/* --- windows --- */

static void zero_window_is_probed(void)
{
	struct raw_tcp t;
	bool probed = false;

	establish();
	t = from_peer(RAW_ACK, NULL, 0);
	t.wnd = 0;
	/* Newer than the SYN's window. */
	t.data = (const uint8_t *)"z";
	t.data_len = 1;
	feed(&t);
	w.snd++;
	assert_int_equal(events(), NET_EV_READABLE);
	read_text("z");
	write_text("blocked");
	while (take(&t))
		assert_int_equal(t.data_len, 0);
	for (unsigned i = 0; i < 20 && !probed; i++) {
		pass_ms(1000);
		while (take(&t))
			probed |= t.data_len == 1;
	}
	assert_true(probed);
	t = from_peer(RAW_ACK, NULL, 0);
	feed(&t);
	assert_true(take(&t));
	assert_true(t.data_len >= 6);
	net_stream_abort(w.s);
	while (take(&t))
		;
}

static void slow_reader_stops_the_sender(void)
{
	static uint8_t data[1380];
	struct raw_tcp t = {0}, seen;
	uint32_t window = 0, scale = RAW_STACK_SCALE;
	size_t sent = 0;

	establish();
	for (unsigned i = 0; i < 2 * WINDOW_START / sizeof(data); i++) {
		t = from_peer(RAW_ACK, data, sizeof(data));
		t.wnd = 500;
		feed(&t);
		net_stream_settle(w.s);
		w.snd += sizeof(data);
		sent += sizeof(data);
		while (take(&seen)) {
			window = (uint32_t)seen.wnd << scale;
			assert_true((int32_t)(seen.ack - w.snd) <= 0);
		}
		/* Blocks are not pinned, whatever waits. */
		assert_int_equal(packet_pool_blocks_used(w.pool), 0);
		if (window < sizeof(data))
			break;
	}
	assert_true(window < sizeof(data));
	assert_in_range(net_stream_pending(w.s), WINDOW_START * 3 / 4, WINDOW_START);
	/* The reader comes back: the window opens. */
	events();
	while (net_stream_pending(w.s)) {
		struct iovec iov[4];
		unsigned count = net_stream_peek(w.s, iov, 4);
		size_t n = 0;

		for (unsigned i = 0; i < count; i++)
			n += iov[i].iov_len;
		net_stream_consume(w.s, n);
	}
	assert_true(take(&seen));
	assert_true((uint32_t)seen.wnd << scale >= WINDOW_START * 3 / 4);
	net_stream_abort(w.s);
	while (take(&seen))
		;
}

TEST(data_passes)
TEST(refused)
TEST(reset_later)
TEST(no_answer)
TEST(peer_ends_first)
TEST(ends_that_follow_each_other_are_acknowledged_together)
TEST(an_end_that_fills_a_segment_is_acknowledged_at_once)
TEST(we_end_first)
TEST(both_end_at_once)
TEST(close_delivers_in_the_background)
TEST(close_with_unread_bytes_resets)
TEST(bytes_after_close_reset)
TEST(keepalive_finds_a_dead_peer)
TEST(an_answer_keeps_it_alive)
TEST(unacknowledged_bytes_time_out)
TEST(idle_sleeps)
TEST(a_freeze_kills_nobody)
TEST(zero_window_is_probed)
TEST(slow_reader_stops_the_sender)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_data_passes),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_reset_later),
		cmocka_unit_test(test_no_answer),
		cmocka_unit_test(test_peer_ends_first),
		cmocka_unit_test(test_ends_that_follow_each_other_are_acknowledged_together),
		cmocka_unit_test(test_an_end_that_fills_a_segment_is_acknowledged_at_once),
		cmocka_unit_test(test_we_end_first),
		cmocka_unit_test(test_both_end_at_once),
		cmocka_unit_test(test_close_delivers_in_the_background),
		cmocka_unit_test(test_close_with_unread_bytes_resets),
		cmocka_unit_test(test_bytes_after_close_reset),
		cmocka_unit_test(test_keepalive_finds_a_dead_peer),
		cmocka_unit_test(test_an_answer_keeps_it_alive),
		cmocka_unit_test(test_unacknowledged_bytes_time_out),
		cmocka_unit_test(test_idle_sleeps),
		cmocka_unit_test(test_a_freeze_kills_nobody),
		cmocka_unit_test(test_zero_window_is_probed),
		cmocka_unit_test(test_slow_reader_stops_the_sender),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
