/* The sender by itself: what it makes of acknowledgements, without a stack around it. */
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

static void begin_at(uint64_t rtt_ns, bool sack)
{
	struct cc_config config = {
		.pool = pool, .algo = &cc_cubic, .mss = MSS, .window_max = 1u << 20,
		.user_timeout_ns = 45 * NS_PER_S, .rtt_ns = rtt_ns, .sack = sack,
	};

	now = (struct boot_time){100 * NS_PER_S};
	cc_init(&cc, &config, now, SEQ);
}

static void begin(bool sack)
{
	begin_at(RTT_MS * NS_PER_MS, sack);
}

/* Sends `count` segments; asserts that all may leave. */
static void send(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		assert_true(cc_may_send(&cc, now, MSS));
		cc_sent(&cc, now, cc.nxt, MSS, &segments[i]);
	}
	cc_output_done(&cc, false);
	assert_true(cc_verify(&cc));
}

/* `first` and `end` segments of a block; 0, 0: none. */
static void ack(unsigned segments_acked, unsigned first, unsigned end)
{
	struct cc_ack a = {
		.ack = SEQ + segments_acked * MSS,
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

/* Sends again what may leave; returns how many. */
static unsigned repeat(void)
{
	struct sb_entry *e;
	unsigned count = 0;

	while ((e = cc_next_repeat(&cc, now, false))) {
		cc_repeated(&cc, now, e);
		count++;
	}
	return count;
}

static void test_what_was_only_late_costs_nothing(void **state)
{
	uint32_t window;

	(void)state;
	begin(true);
	send(6);
	window = cc_window(&cc);
	pass(RTT_MS);
	ack(0, 1, 4);
	assert_int_equal(cc.phase, CC_RECOVERY);
	assert_true(cc_window(&cc) < window);
	/* Before the repeat could leave. */
	ack(4, 0, 0);
	assert_int_equal(cc.phase, CC_OPEN);
	assert_int_equal(cc.stats.undone, 1);
	assert_true(cc_window(&cc) >= window);
	cc_fini(&cc);
}

static void test_one_reduction_for_a_flight(void **state)
{
	uint32_t threshold;

	(void)state;
	begin(true);
	send(10);
	pass(RTT_MS);
	ack(0, 1, 4);
	threshold = cc.control.ssthresh;
	assert_int_equal(threshold, 7 * MSS);
	assert_int_equal(repeat(), 1);
	/* Another hole in the same flight. */
	ack(0, 5, 10);
	assert_int_equal(cc.control.ssthresh, threshold);
	assert_int_equal(cc.stats.recoveries, 1);
	pass(RTT_MS);
	ack(10, 0, 0);
	assert_int_equal(cc.phase, CC_OPEN);
	assert_int_equal(cc_window(&cc), threshold);
	assert_int_equal(cc.stats.undone, 0);
	cc_fini(&cc);
}

static void test_the_shortest_paths_wait_for_the_probe_as_long_as_coarse_clocks(void **state)
{
	static const struct {
		uint64_t rtt_ns, probe_ns;
	} cases[] = {
		{200000, 5 * NS_PER_MS}, {2500000, 5 * NS_PER_MS}, {2600000, 5200000}, {30 * NS_PER_MS, 60 * NS_PER_MS},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin_at(cases[i].rtt_ns, true);
		send(4);
		assert_int_equal(cc_deadline(&cc).ns - now.ns, cases[i].probe_ns);
		cc_fini(&cc);
	}
}

/* Sends until the pacer stops it; how long from now. */
static uint64_t paced_after(uint64_t rtt_ns)
{
	uint64_t wait;

	begin_at(rtt_ns, true);
	cc.control.cwnd = 1u << 20;
	for (unsigned i = 0; cc_may_send(&cc, now, MSS); i++)
		cc_sent(&cc, now, cc.nxt, MSS, &segments[i % 64]);
	wait = cc_deadline(&cc).ns - now.ns;
	assert_int_equal(wait, cc.blocked_until.ns - now.ns);
	return wait;
}

static void test_on_the_shortest_paths_acknowledgements_are_the_pacers_clock(void **state)
{
	uint64_t wait = paced_after(200000);

	(void)state;
	assert_true(pacer_next(&cc.pacer, now).ns - now.ns < wait);
	assert_int_equal(wait, PACER_LATE_NS);
	/* An acknowledgement before that lets go what was earned. */
	now = boot_add_ns(now, wait - 1);
	ack(1, 0, 0);
	assert_true(cc_may_send(&cc, now, MSS));
	cc_fini(&cc);
	/* So does the timer, and not less for having been late. */
	(void)paced_after(200000);
	now = cc_deadline(&cc);
	assert_int_equal(cc_tick(&cc, now), CC_SEND);
	assert_true(pacer_room(&cc.pacer, now) >= cc.pacer.bytes_per_s / (NS_PER_S / PACER_LATE_NS));
	assert_true(pacer_room(&cc.pacer, now) > cc.pacer.quantum);
	cc_fini(&cc);
	/* On longer ones the pace is kept to the nanosecond. */
	wait = paced_after(PACER_LATE_NS);
	assert_int_equal(wait, pacer_next(&cc.pacer, now).ns - now.ns);
	cc_fini(&cc);
}

static void test_a_time_out_repeats_at_once_and_one(void **state)
{
	(void)state;
	begin(true);
	send(8);
	/* The probe of the tail, then the time-out. */
	now = cc_deadline(&cc);
	assert_int_equal(cc_tick(&cc, now), CC_SEND);
	assert_int_equal(repeat(), 1);
	assert_int_equal(cc.stats.probes, 1);
	now = cc_deadline(&cc);
	assert_int_equal(cc_tick(&cc, now), CC_SEND);
	assert_int_equal(cc.stats.timeouts, 1);
	assert_int_equal(cc.phase, CC_LOSS);
	assert_int_equal(repeat(), 1);
	assert_true(recover_pipe(&cc) <= cc_window(&cc));
	cc_fini(&cc);
}

static void test_what_is_taken_back_is_delivered_once(void **state)
{
	(void)state;
	begin(true);
	send(4);
	pass(RTT_MS);
	ack(0, 0, 0);
	ack(0, 1, 4);
	assert_int_equal(cc.rate.delivered, 3 * MSS);
	assert_int_equal(repeat(), 1);
	ack(1, 0, 0);
	/* The oldest is sacked, and yet not acknowledged when the time-out comes: it was thrown away. */
	while (!cc.stats.timeouts) {
		now = cc_deadline(&cc);
		(void)cc_tick(&cc, now);
		if (!cc.stats.timeouts)
			(void)repeat();
	}
	assert_int_equal(cc.sb.sacked, 0);
	ack(4, 0, 0);
	assert_true(cc.rate.delivered <= 4 * MSS);
	cc_fini(&cc);
}

static void test_duplicates_of_needless_repeats_are_no_loss(void **state)
{
	(void)state;
	begin(false);
	send(8);
	now = cc_deadline(&cc);
	assert_int_equal(cc_tick(&cc, now), CC_SEND);
	assert_int_equal(repeat(), 1);
	pass(RTT_MS);
	ack(8, 0, 0);
	assert_int_equal(cc.phase, CC_OPEN);
	send(1);
	for (unsigned i = 0; i < 5; i++)
		ack(8, 0, 0);
	assert_int_equal(cc.phase, CC_OPEN);
	assert_int_equal(cc.stats.recoveries, 0);
	cc_fini(&cc);
}

static void test_patience_ends_unless_the_path_is_lost(void **state)
{
	(void)state;
	begin(true);
	send(1);
	for (unsigned i = 0; i < 100 && cc.stats.timeouts < 6; i++) {
		now = cc_deadline(&cc);
		assert_int_not_equal(cc_tick(&cc, now), CC_DEAD);
		(void)repeat();
	}
	cc_path(&cc, now, false);
	for (unsigned i = 0; i < 300; i++) {
		now = cc_deadline(&cc);
		assert_int_not_equal(cc_tick(&cc, now), CC_DEAD);
		(void)repeat();
	}
	assert_int_equal(cc.backoffs, UINT8_MAX);
	cc_path(&cc, now, true);
	assert_int_equal(cc.backoffs, 0);
	assert_int_equal(repeat(), 1);
	for (unsigned i = 0; i < 100; i++) {
		now = cc_deadline(&cc);
		if (cc_tick(&cc, now) == CC_DEAD)
			break;
		(void)repeat();
	}
	assert_int_equal(cc_tick(&cc, now), CC_DEAD);
	cc_fini(&cc);
}

static void test_what_was_not_sent_gains_nothing(void **state)
{
	uint32_t window;

	(void)state;
	begin(true);
	send(4);
	window = cc_window(&cc);
	pass(1);
	ack(0, 2, 9);	/* beyond the end */
	ack(0, 3, 3);
	assert_int_equal(cc.rate.delivered, 0);
	assert_int_equal(cc.sb.sacked, 0);
	assert_int_equal(cc_window(&cc), window);
	/* A forged echo moves no time. */
	cc_acked(&cc, now, &(struct cc_ack){.ack = SEQ + MSS, .has_echo = true, .echo = 1});
	assert_true(cc.rtt.latest_ns <= RTT_MS * NS_PER_MS);
	assert_true(cc_verify(&cc));
	cc_fini(&cc);
}

/* RFC 8985 7.4: the probe has repaired a loss that nothing else shows. */
static void test_a_tail_that_only_the_probe_repaired_counts_as_loss(void **state)
{
	(void)state;
	begin(true);
	send(4);
	pass(RTT_MS);
	ack(3, 0, 0);
	now = cc_deadline(&cc);
	assert_int_equal(cc_tick(&cc, now), CC_SEND);
	assert_int_equal(repeat(), 1);
	pass(RTT_MS);
	send(1);
	pass(RTT_MS);
	ack(5, 0, 0);
	assert_int_equal(cc.stats.repeats, 1);
	assert_int_equal(cc.stats.recoveries, 1);
	assert_int_equal(cc.phase, CC_OPEN);
	assert_true(cc.control.ssthresh < 10 * MSS);
	/* Once. */
	send(1);
	pass(RTT_MS);
	ack(6, 0, 0);
	assert_int_equal(cc.stats.recoveries, 1);
	cc_fini(&cc);
}

/* RFC 8985 7.4.2: acknowledged twice, so both have arrived. */
static void test_a_tail_that_arrives_twice_counts_as_none(void **state)
{
	(void)state;
	begin(true);
	send(4);
	pass(RTT_MS);
	ack(3, 0, 0);
	now = cc_deadline(&cc);
	assert_int_equal(cc_tick(&cc, now), CC_SEND);
	assert_int_equal(repeat(), 1);
	ack(4, 0, 0);
	assert_true(cc.probe_out);
	ack(4, 0, 0);
	assert_false(cc.probe_out);
	send(1);
	pass(RTT_MS);
	ack(5, 0, 0);
	assert_int_equal(cc.stats.recoveries, 0);
	cc_fini(&cc);
}

/* RFC 3708: the D-SACK of the only repeat. */
static void test_a_dsack_of_every_repeat_takes_the_reduction_back(void **state)
{
	uint32_t window;

	(void)state;
	begin(true);
	send(8);
	window = cc_window(&cc);
	pass(RTT_MS);
	ack(0, 1, 4);
	assert_int_equal(repeat(), 1);
	ack(8, 0, 0);
	assert_true(cc_window(&cc) < window);
	ack(8, 0, 1);
	assert_int_equal(cc.stats.needless, 1);
	assert_int_equal(cc.stats.undone, 1);
	assert_true(cc_window(&cc) >= window);
	cc_fini(&cc);
}

/* RFC 6582: three duplicates, then the next hole with each partial acknowledgement. */
static void test_without_sack_three_duplicates_and_one_hole_a_round(void **state)
{
	(void)state;
	begin(false);
	send(8);
	pass(RTT_MS);
	ack(0, 0, 0);
	ack(0, 0, 0);
	assert_int_equal(cc.phase, CC_OPEN);
	ack(0, 0, 0);
	assert_int_equal(cc.phase, CC_RECOVERY);
	assert_int_equal(repeat(), 1);
	pass(RTT_MS);
	ack(3, 0, 0);
	assert_int_equal(repeat(), 1);
	pass(RTT_MS);
	ack(8, 0, 0);
	assert_int_equal(cc.phase, CC_OPEN);
	assert_int_equal(cc.stats.recoveries, 1);
	assert_int_equal(cc.stats.timeouts, 0);
	cc_fini(&cc);
}

/* The window is the limit, and says so for a round; an acknowledgement of all begins the next. */
static void test_rounds_and_what_limits(void **state)
{
	(void)state;
	begin(true);
	send(10);
	assert_false(cc_may_send(&cc, now, MSS));
	assert_true(cc.limited);
	pass(RTT_MS);
	ack(5, 0, 0);
	assert_int_equal(cc.rounds, 1);
	assert_true(cc.limited_before && cc.full_before);
	assert_false(cc.limited);
	ack(6, 0, 0);
	assert_int_equal(cc.rounds, 1);
	ack(10, 0, 0);
	assert_int_equal(cc.rounds, 2);
	assert_false(cc.limited_before || cc.full_before);
	/* The pace alone does not fill the window. */
	cc.paced = true;
	send(1);
	pass(RTT_MS);
	ack(11, 0, 0);
	assert_true(cc.limited_before);
	assert_false(cc.full_before);
	assert_int_equal(cc.rate.delivered, 11 * MSS);
	assert_int_equal(cc.timer, CC_TIMER_NONE);
	cc_fini(&cc);
}

/* RFC 8985 6.2 step 5: the reordering timer finds the loss, and that is a recovery as any other. */
static void test_a_loss_that_the_timer_finds_reduces(void **state)
{
	(void)state;
	begin(true);
	send(10);
	pass(RTT_MS);
	ack(0, 1, 2);
	assert_int_equal(cc.phase, CC_OPEN);
	now = cc_deadline(&cc);
	assert_int_equal(cc_tick(&cc, now), CC_SEND);
	assert_int_equal(cc.phase, CC_RECOVERY);
	assert_int_equal(cc.stats.recoveries, 1);
	assert_int_equal(cc.control.ssthresh, 7 * MSS);
	/* One repeat, whatever is in flight. */
	assert_int_equal(cc_window(&cc), recover_pipe(&cc) + MSS);
	assert_int_equal(repeat(), 1);
	/* Its rate sample begins with the repeat. */
	assert_int_equal(sb_first(&cc.sb)->mark.delivered, MSS);
	cc_fini(&cc);
}

/* RFC 6298 5.1: from the repeat of the first segment on. */
static void test_the_repeat_of_the_first_starts_the_time_out(void **state)
{
	(void)state;
	begin(true);
	send(10);
	pass(RTT_MS);
	ack(0, 1, 4);
	pass(30);
	assert_int_equal(repeat(), 1);
	assert_int_equal(cc.timer, CC_TIMER_RTO);
	assert_int_equal(boot_since_ns(cc.timer_at, now), rtt_rto(&cc.rtt, 0));
	cc_fini(&cc);
}

/* draft-ietf-ccwg-bbr 4.1.2.4: there was nothing more to send, and the window had room. */
static void test_what_the_application_limits(void **state)
{
	(void)state;
	begin(true);
	assert_true(cc_may_send(&cc, now, MSS));
	cc_sent(&cc, now, cc.nxt, MSS, &segments[0]);
	cc_output_done(&cc, true);
	assert_int_equal(cc.rate.app_limited_until, 0);
	cc_output_done(&cc, false);
	assert_int_equal(cc.rate.app_limited_until, MSS);
	cc_fini(&cc);
}

/* RFC 8985 7.3: new data where there are some, one segment beyond the window. */
static void test_a_probe_with_new_data_is_one_segment(void **state)
{
	(void)state;
	begin(true);
	send(10);
	assert_false(cc_may_send(&cc, now, MSS));
	now = cc_deadline(&cc);
	assert_int_equal(cc_tick(&cc, now), CC_SEND);
	assert_null(cc_next_repeat(&cc, now, true));
	send(1);
	assert_true(cc.probe_out);
	assert_false(cc.probe_repeat);
	assert_false(cc_may_send(&cc, now, MSS));
	assert_int_equal(cc.timer, CC_TIMER_RTO);
	/* The next one only when this one was acknowledged. */
	pass(RTT_MS);
	ack(1, 0, 0);
	assert_int_equal(cc.timer, CC_TIMER_RTO);
	ack(11, 0, 0);
	assert_false(cc.probe_out);
	assert_int_equal(cc.stats.recoveries, 0);
	cc_fini(&cc);
}

/* It was wanted, and before it could leave the tail has arrived: what is repeated then is no probe. */
static void test_a_probe_of_a_tail_that_has_arrived_is_none(void **state)
{
	(void)state;
	begin(true);
	send(4);
	now = cc_deadline(&cc);
	assert_int_equal(cc_tick(&cc, now), CC_SEND);
	ack(0, 3, 4);
	assert_int_equal(repeat(), 0);
	assert_false(cc.probe_wanted);
	now = cc_deadline(&cc);
	assert_int_equal(cc_tick(&cc, now), CC_SEND);
	assert_true(repeat() >= 1);
	assert_false(cc.probe_out);
	cc_fini(&cc);
}

/* RFC 6937: of what is delivered in recovery seven tenths are sent, beginning with the repeat. */
static void test_recovery_sends_in_proportion(void **state)
{
	unsigned sent = 0;

	(void)state;
	begin(true);
	cc.control.cwnd = 40 * MSS;
	for (unsigned i = 0; i < 40; i++, pass(20))
		send(1);
	ack(0, 1, 3);
	for (unsigned i = 4; i <= 24; i++, pass(20)) {
		ack(0, 1, i);
		sent += repeat();
		for (; cc_may_send(&cc, now, MSS); sent++)
			cc_sent(&cc, now, cc.nxt, MSS, &segments[0]);
	}
	assert_int_equal(cc.control.ssthresh, 28 * MSS);
	/* Of 23. */
	assert_int_equal(sent, 16);
	cc_fini(&cc);
}

/* It was wanted, and all was acknowledged before it could leave. */
static void test_a_probe_that_is_not_needed_is_none(void **state)
{
	(void)state;
	begin(true);
	send(4);
	now = cc_deadline(&cc);
	assert_int_equal(cc_tick(&cc, now), CC_SEND);
	ack(4, 0, 0);
	send(2);
	assert_false(cc.probe_out);
	assert_int_equal(cc.timer, CC_TIMER_PROBE);
	cc_fini(&cc);
}

static int set_up(void **state)
{
	(void)state;
	pool = sb_pool_new(64);
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
		cmocka_unit_test(test_what_was_only_late_costs_nothing),
		cmocka_unit_test(test_one_reduction_for_a_flight),
		cmocka_unit_test(test_the_shortest_paths_wait_for_the_probe_as_long_as_coarse_clocks),
		cmocka_unit_test(test_on_the_shortest_paths_acknowledgements_are_the_pacers_clock),
		cmocka_unit_test(test_a_time_out_repeats_at_once_and_one),
		cmocka_unit_test(test_what_is_taken_back_is_delivered_once),
		cmocka_unit_test(test_duplicates_of_needless_repeats_are_no_loss),
		cmocka_unit_test(test_patience_ends_unless_the_path_is_lost),
		cmocka_unit_test(test_what_was_not_sent_gains_nothing),
		cmocka_unit_test(test_a_tail_that_only_the_probe_repaired_counts_as_loss),
		cmocka_unit_test(test_a_tail_that_arrives_twice_counts_as_none),
		cmocka_unit_test(test_a_dsack_of_every_repeat_takes_the_reduction_back),
		cmocka_unit_test(test_without_sack_three_duplicates_and_one_hole_a_round),
		cmocka_unit_test(test_rounds_and_what_limits),
		cmocka_unit_test(test_a_loss_that_the_timer_finds_reduces),
		cmocka_unit_test(test_the_repeat_of_the_first_starts_the_time_out),
		cmocka_unit_test(test_what_the_application_limits),
		cmocka_unit_test(test_a_probe_with_new_data_is_one_segment),
		cmocka_unit_test(test_a_probe_of_a_tail_that_has_arrived_is_none),
		cmocka_unit_test(test_recovery_sends_in_proportion),
		cmocka_unit_test(test_a_probe_that_is_not_needed_is_none),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
