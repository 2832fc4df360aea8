/* Sendings that wait in the process: when they count as sent, and what is concluded meanwhile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/cc/cc.h"
#include "net/cc/recover.h"

#define MSS 1000
#define RTT_MS 50
#define SEQ 0xfffff000u	/* wraps within the first five segments */

static struct sb_pool *pool;
static struct cc cc;
static struct boot_time now;
static int segments[64];

static void begin(void)
{
	struct cc_config config = {
		.pool = pool, .algo = &cc_cubic, .mss = MSS, .window_max = 1u << 20,
		.user_timeout_ns = 45 * NS_PER_S, .rtt_ns = RTT_MS * NS_PER_MS, .sack = true,
	};

	now = (struct boot_time){100 * NS_PER_S};
	cc_init(&cc, &config, now, SEQ);
}

static void send(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		assert_true(cc_may_send(&cc, now, MSS));
		cc_sent(&cc, now, cc.nxt, MSS, &segments[i]);
	}
	assert_true(cc_verify(&cc));
}

/* An acknowledgement, with a SACK block of the segments `first` to `end` - 1 if `end`. */
static void ack(unsigned acked, unsigned first, unsigned end)
{
	struct cc_ack a = {
		.ack = SEQ + acked * MSS,
		.maybe_duplicate = true,
		.sack_count = end > first,
		.sacks = {{SEQ + first * MSS, SEQ + end * MSS}},
	};

	cc_acked(&cc, now, &a);
	assert_true(cc_verify(&cc));
}

static void pass(uint64_t ms)
{
	now = boot_add_ms(now, ms);
}

static void wait_on(struct boot_time since, unsigned count)
{
	cc_not_left(&cc, now, since, count);
	assert_true(cc_verify(&cc));
}

static struct sb_entry *entry(unsigned i)
{
	return sb_find(&cc.sb, SEQ + i * MSS);
}

/* At `t`, but for its place among those of the same time. */
static bool left_at(unsigned i, struct boot_time t)
{
	return entry(i)->sent_at.ns - t.ns < 10;
}

static void test_only_the_last_sendings_are_postponed(void **state)
{
	struct boot_time first, second;

	(void)state;
	begin();
	send(3);
	first = now;
	pass(5);
	second = now;
	send(4);
	pass(20);
	wait_on(second, 2);
	for (unsigned i = 0; i < 7; i++)
		assert_true(left_at(i, i < 3 ? first : i < 5 ? second : now));
	/* None that is older than what waits can be. */
	pass(20);
	wait_on(second, 7);
	for (unsigned i = 0; i < 7; i++)
		assert_true(left_at(i, i < 3 ? first : now));
	/* Again, in the same pass. */
	wait_on(now, 4);
	assert_true(left_at(3, now));
	wait_on(second, 0);
	cc_fini(&cc);
}

static void test_a_repeat_among_them_finds_its_place(void **state)
{
	struct boot_time since;
	struct sb_entry *e;

	(void)state;
	begin();
	send(6);
	pass(RTT_MS);
	ack(0, 1, 4);
	assert_int_equal(cc.sb.lost, MSS);
	since = now;
	e = cc_next_repeat(&cc, now, false);
	assert_non_null(e);
	cc_repeated(&cc, now, e);
	pass(1);
	cc.control.cwnd = 20 * MSS;
	pacer_fill(&cc.pacer, now);
	send(1);
	pass(1);
	wait_on(since, 2);
	/* Both at one time: in order of sequence. */
	e = sb_oldest_flying(&cc.sb);
	assert_ptr_equal(e, entry(4));
	e = sb_next_flying(&cc.sb, sb_next_flying(&cc.sb, e));
	assert_ptr_equal(e, entry(0));
	assert_ptr_equal(sb_next_flying(&cc.sb, e), entry(6));
	cc_fini(&cc);
}

static void test_no_timer_runs_for_what_has_not_left(void **state)
{
	struct boot_time since = {0};

	(void)state;
	begin();
	send(4);
	since = now;
	for (unsigned i = 0; i < 20; i++) {
		pass(90);
		wait_on(since, 4);
		assert_int_equal(cc_tick(&cc, now), CC_WAIT);
		/* But patience does. */
		assert_int_equal(cc_deadline(&cc).ns, cc.progress_at.ns + cc.user_timeout_ns);
		since = now;
	}
	/* They leave: from here on it is as ever. */
	cc_left(&cc, now);
	assert_int_equal(cc.stats.timeouts + cc.stats.probes, 0);
	pass(1000);
	assert_int_equal(cc_tick(&cc, now), CC_SEND);
	assert_int_equal(cc.stats.probes, 1);
	cc_fini(&cc);
}

static void test_what_was_sent_before_is_still_timed(void **state)
{
	struct boot_time since;

	(void)state;
	begin();
	send(2);
	pass(10);
	since = now;
	send(1);
	pass(2 * RTT_MS);
	wait_on(since, 1);
	assert_int_equal(cc_tick(&cc, now), CC_SEND);
	assert_int_equal(cc.stats.probes, 1);
	cc_fini(&cc);
}

static void test_rack_does_not_find_them_lost(void **state)
{
	struct boot_time since;

	(void)state;
	begin();
	send(2);
	since = now;
	send(4);
	pass(RTT_MS);
	/* The third has left with the first two, and its acknowledgement is back before the others leave. */
	wait_on(since, 3);
	ack(3, 0, 0);
	pass(RTT_MS);
	wait_on(since, 3);
	(void)cc_tick(&cc, now);
	assert_int_equal(cc.sb.lost, 0);
	/* What has left and is missing is lost all the same. */
	send(1);
	pass(RTT_MS);
	ack(3, 6, 7);
	pass(RTT_MS);
	(void)cc_tick(&cc, now);
	assert_int_equal(cc.sb.lost, 3 * MSS);
	cc_fini(&cc);
}

static void test_samples_are_of_the_time_on_the_path(void **state)
{
	struct boot_time since;

	(void)state;
	begin();
	rtt_init(&cc.rtt);
	send(8);
	since = now;
	pass(500);
	wait_on(since, 8);
	pass(RTT_MS);
	ack(8, 0, 0);
	assert_int_equal(cc.rtt.latest_ns, RTT_MS * NS_PER_MS);
	assert_int_equal(rtt_min(&cc.rtt, now), RTT_MS * NS_PER_MS);
	/* The volume of the next flight took its own time, not the wait's. */
	pass(10);
	since = now;
	send(8);
	pass(700);
	wait_on(since, 8);
	assert_int_equal(entry(15)->mark.delivered_at.ns, now.ns);
	assert_int_equal(entry(15)->mark.first_sent_at.ns, now.ns);
	assert_int_equal(entry(15)->mark.in_flight, 8 * MSS);
	cc_fini(&cc);
}

static void test_the_echo_of_a_repeat_that_waited_tells_nothing(void **state)
{
	struct cc_ack a = {.ack = SEQ + 6 * MSS, .has_echo = true};
	struct boot_time since;
	struct sb_entry *e;

	(void)state;
	begin();
	send(6);
	pass(RTT_MS);
	ack(0, 1, 6);
	e = cc_next_repeat(&cc, now, false);
	assert_non_null(e);
	cc_repeated(&cc, now, e);
	since = now;
	a.echo = recover_stamp(now);
	pass(30);
	wait_on(since, 1);
	pass(RTT_MS);
	cc_acked(&cc, now, &a);
	/* Its timestamp is older than its time of sending: that is no sign that the first sending came. */
	assert_false(cc.rack.reordering_seen);
	assert_int_equal(cc.stats.undone, 0);
	cc_fini(&cc);
}

static void test_a_round_in_which_something_waited_is_not_limited_by_the_pace(void **state)
{
	(void)state;
	for (unsigned held = 0; held < 2; held++) {
		uint32_t window;

		begin();
		cc.control.cwnd = 40 * MSS;
		cc.control.pacing_rate = 10 * MSS;
		pacer_set_rate(&cc.pacer, now, cc.control.pacing_rate, MSS);
		send(2);
		while (cc_may_send(&cc, now, MSS))
			send(1);
		assert_true(recover_pipe(&cc) < cc_window(&cc));
		window = cc_window(&cc);
		pass(RTT_MS);
		if (held)
			wait_on((struct boot_time){now.ns - RTT_MS * NS_PER_MS}, 1);
		ack(2, 0, 0);
		assert_true(held ? cc_window(&cc) == window : cc_window(&cc) > window);
		cc_fini(&cc);
	}
}

static int set_up(void **state)
{
	(void)state;
	pool = sb_pool_new(1000);
	return pool ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	sb_pool_free(pool);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_only_the_last_sendings_are_postponed),
		cmocka_unit_test(test_a_repeat_among_them_finds_its_place),
		cmocka_unit_test(test_no_timer_runs_for_what_has_not_left),
		cmocka_unit_test(test_what_was_sent_before_is_still_timed),
		cmocka_unit_test(test_rack_does_not_find_them_lost),
		cmocka_unit_test(test_samples_are_of_the_time_on_the_path),
		cmocka_unit_test(test_the_echo_of_a_repeat_that_waited_tells_nothing),
		cmocka_unit_test(test_a_round_in_which_something_waited_is_not_limited_by_the_pace),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
