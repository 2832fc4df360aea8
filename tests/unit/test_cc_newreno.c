/* A sender whose peer has no SACK: what may be concluded from an acknowledgement, and when it times out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/cc/cc.h"
#include "net/cc/recover.h"

#define MSS 1000
#define RTT_MS 50
#define SEQ 7000u
#define PATIENCE_NS (45 * NS_PER_S)

static struct sb_pool *pool;
static struct cc cc;
static struct boot_time now;
static int segments[64];

static void begin(uint64_t rtt_ms)
{
	struct cc_config config = {
		.pool = pool, .algo = &cc_cubic, .mss = MSS, .window_max = 1u << 20,
		.user_timeout_ns = PATIENCE_NS, .rtt_ns = rtt_ms * NS_PER_MS,
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
	cc_output_done(&cc, true);
}

static void ack(unsigned segments_acked)
{
	struct cc_ack a = {.ack = SEQ + segments_acked * MSS, .maybe_duplicate = true};

	cc_acked(&cc, now, &a);
	assert_true(cc_verify(&cc));
}

static void pass(uint64_t ms)
{
	now = boot_add_ms(now, ms);
}

static unsigned repeat(bool more)
{
	struct sb_entry *e;
	unsigned count = 0;

	for (; (e = cc_next_repeat(&cc, now, more)); count++)
		cc_repeated(&cc, now, e);
	return count;
}

static void let_time_out(void)
{
	now = cc_deadline(&cc);
	assert_int_equal(cc_tick(&cc, now), CC_SEND);
	assert_int_equal(cc.phase, CC_LOSS);
}

/* The first and the sixth of ten are lost; what is between has arrived and waits. */
static void two_holes(void)
{
	begin(RTT_MS);
	send(10);
	let_time_out();
	assert_int_equal(repeat(true), 1);
	pass(RTT_MS);
	ack(5);
}

static void test_what_waited_behind_a_hole_proves_nothing(void **state)
{
	(void)state;
	two_holes();
	assert_int_equal(cc.phase, CC_LOSS);
	assert_int_equal(cc.stats.undone, 0);
	/* RFC 5682 2.1 step 2b: new data, no repeats; step 3a: a duplicate, so the loss was real. */
	assert_int_equal(repeat(true), 0);
	send(1);
	pass(RTT_MS);
	ack(5);
	assert_int_equal(cc.phase, CC_LOSS);
	assert_true(repeat(true) >= 1);
	assert_int_equal(sb_first(&cc.sb)->repeats, 1);
	cc_fini(&cc);
}

static void test_a_second_step_forward_proves_a_mistake(void **state)
{
	(void)state;
	two_holes();
	send(1);
	pass(RTT_MS);
	ack(6);
	assert_int_equal(cc.phase, CC_OPEN);
	assert_int_equal(cc.stats.undone, 1);
	cc_fini(&cc);
}

/* RFC 6298 3: the acknowledgement came for the repeat; how long the others had waited is no round trip. */
static void test_what_waited_behind_a_hole_is_no_sample(void **state)
{
	(void)state;
	two_holes();
	assert_int_equal(cc.rtt.latest_ns, RTT_MS * NS_PER_MS);
	assert_int_equal(cc.rtt.smoothed_ns, RTT_MS * NS_PER_MS);
	cc_fini(&cc);
}

static void test_time_outs_leave_some_tries(void **state)
{
	(void)state;
	begin(30000);
	send(1);
	assert_int_equal(boot_since_ns(cc_deadline(&cc), now), PATIENCE_NS / 4);
	for (unsigned i = 1; i <= 3; i++) {
		let_time_out();
		assert_int_equal(repeat(false), 1);
	}
	cc_fini(&cc);
}

static void test_a_shorter_time_out_takes_effect(void **state)
{
	(void)state;
	begin(1000);
	send(10);
	pass(RTT_MS);
	for (unsigned i = 0; i < 9; i++)
		ack(0);
	assert_int_equal(cc.phase, CC_RECOVERY);
	pass(500);	/* it is paced */
	assert_int_equal(repeat(true), 1);
	ack(1);
	/* Only the first partial acknowledgement puts the timer off; meanwhile samples have shortened it. */
	for (unsigned i = 0; i < 20; i++)
		rtt_sample(&cc.rtt, now, RTT_MS * NS_PER_MS);
	ack(2);
	assert_int_equal(cc.phase, CC_RECOVERY);
	assert_int_equal(boot_since_ns(cc.timer_at, now), rtt_rto(&cc.rtt, 0));
	cc_fini(&cc);
}

/* RFC 3465 2.3: what one acknowledgement covers then may have arrived long before. */
static void test_after_a_time_out_an_acknowledgement_opens_by_a_segment(void **state)
{
	struct cc_ack with_data = {.ack = SEQ + 5 * MSS};

	(void)state;
	two_holes();
	assert_int_equal(cc_window(&cc), 2 * MSS);
	/* It advances nothing, and is no duplicate. */
	cc_acked(&cc, now, &with_data);
	assert_int_equal(cc_window(&cc), 2 * MSS);
	cc_fini(&cc);
	/* Before one it opens by all that it covers. */
	begin(RTT_MS);
	send(10);
	(void)cc_may_send(&cc, now, MSS);
	pass(RTT_MS);
	ack(5);
	assert_int_equal(cc_window(&cc), 15 * MSS);
	cc_fini(&cc);
}

/* RFC 5682 2.1 step 3a: after that what arrives may be what waited behind the repeat. */
static void test_a_time_out_that_proved_real_is_not_undone(void **state)
{
	(void)state;
	two_holes();
	send(1);
	pass(RTT_MS);
	ack(5);
	assert_true(repeat(true) >= 1);
	pass(RTT_MS);
	ack(9);
	assert_int_equal(cc.stats.undone, 0);
	assert_int_equal(cc.phase, CC_LOSS);
	cc_fini(&cc);
}

static void test_duplicates_leave_the_flight_until_they_are_acknowledged(void **state)
{
	(void)state;
	begin(RTT_MS);
	send(10);
	pass(RTT_MS);
	for (unsigned i = 0; i < 6; i++)
		ack(0);
	assert_int_equal(cc.phase, CC_RECOVERY);
	assert_int_equal(recover_pipe(&cc), 3 * MSS);
	assert_int_equal(repeat(true), 1);
	assert_int_equal(recover_pipe(&cc), 4 * MSS);
	pass(RTT_MS);
	/* The hole and two that duplicates had spoken of; the next is lost. */
	ack(3);
	assert_int_equal(cc.duplicates, 4);
	assert_int_equal(recover_pipe(&cc), 2 * MSS);
	/* No more than there were. */
	assert_int_equal(repeat(true), 1);
	pass(RTT_MS);
	ack(9);
	assert_int_equal(cc.duplicates, 0);
	cc_fini(&cc);
}

/* RFC 6582 4, the impatient variant: with many holes the time-out is faster. */
static void test_only_the_first_partial_acknowledgement_puts_the_time_out_off(void **state)
{
	struct boot_time at;

	(void)state;
	begin(RTT_MS);
	send(10);
	pass(RTT_MS);
	for (unsigned i = 0; i < 3; i++)
		ack(0);
	assert_int_equal(repeat(true), 1);
	at = cc.timer_at;
	pass(RTT_MS);
	ack(2);
	assert_true(cc.timer_at.ns > at.ns);
	assert_int_equal(repeat(true), 1);
	at = cc.timer_at;
	pass(RTT_MS);
	ack(4);
	assert_int_equal(cc.phase, CC_RECOVERY);
	assert_int_equal(cc.timer_at.ns, at.ns);
	cc_fini(&cc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_waited_behind_a_hole_proves_nothing),
		cmocka_unit_test(test_a_second_step_forward_proves_a_mistake),
		cmocka_unit_test(test_what_waited_behind_a_hole_is_no_sample),
		cmocka_unit_test(test_after_a_time_out_an_acknowledgement_opens_by_a_segment),
		cmocka_unit_test(test_a_time_out_that_proved_real_is_not_undone),
		cmocka_unit_test(test_duplicates_leave_the_flight_until_they_are_acknowledged),
		cmocka_unit_test(test_only_the_first_partial_acknowledgement_puts_the_time_out_off),
		cmocka_unit_test(test_time_outs_leave_some_tries),
		cmocka_unit_test(test_a_shorter_time_out_takes_effect),
	};
	int failed;

	pool = sb_pool_new(64);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	sb_pool_free(pool);
	return failed;
}
