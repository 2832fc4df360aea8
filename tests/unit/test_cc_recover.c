/* What a sender makes of freezes, outages, D-SACKs and scarce memory, call by call. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/cc/cc.h"
#include "net/cc/recover.h"

#define MSS 1000
#define START 5000u
#define RTT_NS (20 * NS_PER_MS)

static struct sb_pool *pool;
static struct cc cc;
static struct boot_time now;
static uint32_t next_seq;

static void begin(void)
{
	struct cc_config config = {
		.algo = &cc_cubic,
		.mss = MSS,
		.window_max = 4u << 20,
		.user_timeout_ns = 45 * NS_PER_S,
		.rtt_ns = RTT_NS,
		.sack = true,
	};

	config.pool = pool = sb_pool_new(100);
	assert_non_null(pool);
	now = (struct boot_time){1000 * NS_PER_S};
	next_seq = START;
	cc_init(&cc, &config, now, START);
}

static void end(void)
{
	assert_true(cc_verify(&cc));
	cc_fini(&cc);
	sb_pool_free(pool);
}

static void pass(uint64_t ns)
{
	now = boot_add_ns(now, ns);
}

static uint32_t seq_of(unsigned segment)
{
	return START + segment * MSS;
}

static void send_some(unsigned segments)
{
	static char segment;

	while (segments--) {
		assert_true(cc_may_send(&cc, now, MSS));
		cc_sent(&cc, now, next_seq, MSS, &segment);
		next_seq += MSS;
	}
	cc_output_done(&cc, false);
}

static unsigned repeat_some(void)
{
	struct sb_entry *e;
	unsigned count = 0;

	for (; (e = cc_next_repeat(&cc, now, false)); count++)
		cc_repeated(&cc, now, e);
	return count;
}

static struct cc_range span(unsigned from, unsigned to)
{
	return (struct cc_range){seq_of(from), seq_of(to)};
}

/* Everything below `una`, and one block if it is not empty. */
static void acked(unsigned una, struct cc_range block)
{
	struct cc_ack ack = {.ack = seq_of(una), .sack_count = block.left != block.right, .sacks = {block}};

	cc_acked(&cc, now, &ack);
}

/* Ten segments, the first of them lost and repeated: the window falls to seven. */
static void one_recovery(void)
{
	send_some(10);
	pass(RTT_NS);
	acked(0, span(1, 10));
	assert_int_equal(cc.phase, CC_RECOVERY);
	assert_int_equal(repeat_some(), 1);
	pass(RTT_NS);
	acked(10, span(0, 0));
	assert_int_equal(cc.phase, CC_OPEN);
	assert_int_equal(cc.control.ssthresh, 7 * MSS);
}

static void expect_no_time_of(uint64_t ns)
{
	assert_true(cc.rtt.latest_ns < ns);
	assert_true(cc.rtt.smoothed_ns < 2 * RTT_NS);
}

/* --- the process stands still with data in flight --- */

static void test_a_freeze_is_no_round_trip(void **state)
{
	(void)state;
	begin();
	send_some(5);
	pass(30 * NS_PER_S);
	assert_int_equal(cc_tick(&cc, now), CC_SEND);
	acked(5, span(0, 0));
	expect_no_time_of(30 * NS_PER_S);
	pass(NS_PER_S / 10);
	send_some(1);
	pass(RTT_NS);
	acked(6, span(0, 0));
	assert_int_equal(cc.rtt.latest_ns, RTT_NS);
	end();
}

static void test_a_freeze_is_seen_by_what_is_read_first(void **state)
{
	(void)state;
	begin();
	send_some(5);
	pass(30 * NS_PER_S);
	acked(5, span(0, 0));
	expect_no_time_of(30 * NS_PER_S);
	end();
}

/* However many acknowledgements tell of it: patience begins anew, and does not grow. */
static void test_a_freeze_gives_no_more_patience_than_its_own(void **state)
{
	(void)state;
	begin();
	send_some(5);
	pass(30 * NS_PER_S);
	for (unsigned i = 0; i < 100; i++)
		acked(0, span(0, 0));
	for (unsigned i = 0; i < 1000 && cc_tick(&cc, now) != CC_DEAD; i++)
		now = cc_deadline(&cc);
	assert_true(now.ns <= (1000 + 30 + 45 + 1) * NS_PER_S);
	end();
}

/* --- the path is gone --- */

static void test_an_outage_is_no_round_trip(void **state)
{
	(void)state;
	begin();
	send_some(5);
	cc_path(&cc, now, false);
	for (unsigned i = 0; i < 30; i++) {
		pass(NS_PER_S / 2);
		(void)cc_tick(&cc, now);
	}
	cc_path(&cc, now, true);
	/* What the tunnel had kept arrives after all. */
	acked(5, span(0, 0));
	expect_no_time_of(NS_PER_S);
	end();
}

/* The loss of long before was real: the outage does not undo its reduction. */
static void test_an_outage_undoes_nothing_older(void **state)
{
	(void)state;
	begin();
	one_recovery();
	pass(NS_PER_S / 10);
	send_some(5);
	cc_path(&cc, now, false);
	pass(NS_PER_S / 10);
	cc_path(&cc, now, true);
	assert_int_equal(cc.phase, CC_LOSS);
	pass(RTT_NS);
	acked(10, span(12, 15));
	assert_int_equal(cc.phase, CC_OPEN);
	assert_int_equal(cc.control.ssthresh, 7 * MSS);
	assert_int_equal(cc.stats.undone, 0);
	end();
}

/* The time-outs during it were the outage: what arrives then undoes them. */
static void test_an_outage_undoes_its_time_outs(void **state)
{
	uint32_t window;

	(void)state;
	begin();
	send_some(10);
	pass(RTT_NS);
	acked(5, span(0, 0));
	window = cc.control.cwnd;
	pass(NS_PER_S / 2);
	(void)cc_tick(&cc, now);
	(void)repeat_some();
	pass(NS_PER_S / 2);
	(void)cc_tick(&cc, now);
	assert_int_equal(cc.phase, CC_LOSS);
	cc_path(&cc, now, false);
	pass(NS_PER_S / 10);
	cc_path(&cc, now, true);
	acked(5, span(6, 8));
	assert_int_equal(cc.phase, CC_OPEN);
	assert_int_equal(cc.control.cwnd, window);
	assert_int_equal(cc.control.ssthresh, UINT32_MAX);
	end();
}

/* A time-out within recovery was no mistake to begin with: the outage after it makes it none. */
static void test_an_outage_undoes_no_loss_that_was_known(void **state)
{
	(void)state;
	begin();
	send_some(10);
	pass(RTT_NS);
	acked(0, span(1, 5));
	assert_int_equal(cc.phase, CC_RECOVERY);
	(void)repeat_some();
	pass(NS_PER_S / 2);
	(void)cc_tick(&cc, now);
	assert_int_equal(cc.phase, CC_LOSS);
	cc_path(&cc, now, false);
	pass(NS_PER_S / 10);
	cc_path(&cc, now, true);
	acked(0, span(6, 8));
	assert_int_equal(cc.phase, CC_OPEN);
	assert_int_equal(cc.stats.undone, 0);
	assert_int_equal(cc.control.ssthresh, 7 * MSS);
	end();
}

/* --- after a rest --- */

/* RFC 7661: six minutes halve the window, and the pace is that of the new one. */
static void test_a_rest_changes_the_pace(void **state)
{
	(void)state;
	begin();
	for (unsigned i = 0; i < 3; i++) {
		pass(NS_PER_S);
		while (cc_may_send(&cc, now, MSS))
			send_some(1);
		pass(RTT_NS);
		acked((next_seq - START) / MSS, span(0, 0));
	}
	assert_true(cc.control.cwnd >= 40 * MSS);
	pass(360 * NS_PER_S);
	send_some(1);
	assert_in_range(cc.control.cwnd, 20 * MSS, 39 * MSS);
	assert_int_equal(cc.pacer.bytes_per_s, cc.control.pacing_rate);
	end();
}

/* --- echoes (Eifel, RFC 3522) --- */

/* Ten segments, the first two of them lost and repeated. */
static void two_repeats(void)
{
	send_some(10);
	pass(RTT_NS);
	acked(0, span(2, 10));
	assert_int_equal(repeat_some(), 2);
	pass(RTT_NS);
}

static void acked_with_echo(uint32_t seq, uint32_t echo)
{
	struct cc_ack ack = {.ack = seq, .has_echo = true, .echo = echo, .maybe_duplicate = true};

	cc_acked(&cc, now, &ack);
}

static void test_an_older_echo_undoes_when_it_acknowledges_the_first_repeat(void **state)
{
	static const struct {
		uint32_t bytes, age_ms;
		bool undone;
	} cases[] = {
		{MSS, 1, true}, {10 * MSS, 1, true}, {MSS, 0, false}, {MSS - 1, 1, false},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin();
		two_repeats();
		acked_with_echo(START + cases[i].bytes, cc.undo_stamp - cases[i].age_ms);
		assert_int_equal(cc.stats.undone, cases[i].undone);
		end();
	}
}

/* An acknowledgement that was overtaken says nothing, nor one that comes after the recovery. */
static void test_an_older_echo_that_comes_later_undoes_nothing(void **state)
{
	uint32_t stamp;

	(void)state;
	begin();
	two_repeats();
	stamp = cc.undo_stamp;
	acked_with_echo(seq_of(1), stamp);
	assert_int_equal(cc.phase, CC_RECOVERY);
	acked_with_echo(seq_of(1), stamp - 1);
	assert_int_equal(cc.phase, CC_RECOVERY);
	acked_with_echo(seq_of(10), stamp);
	assert_int_equal(cc.phase, CC_OPEN);
	pass(NS_PER_S / 10);
	send_some(1);
	pass(RTT_NS);
	acked_with_echo(seq_of(11), stamp - 1);
	assert_int_equal(cc.stats.undone, 0);
	end();
}

/* --- D-SACKs --- */

static void test_a_dsack_of_the_repeat_undoes(void **state)
{
	(void)state;
	begin();
	one_recovery();
	acked(10, span(0, 1));
	assert_int_equal(cc.stats.undone, 1);
	assert_int_equal(cc.control.ssthresh, UINT32_MAX);
	end();
}

static void test_a_dsack_of_one_repeat_of_two_does_not(void **state)
{
	(void)state;
	begin();
	two_repeats();
	acked(10, span(0, 0));
	acked(10, span(0, 1));
	assert_int_equal(cc.stats.undone, 0);
	acked(10, span(1, 2));
	assert_int_equal(cc.stats.undone, 1);
	end();
}

static void test_a_dsack_of_anything_else_does_not(void **state)
{
	(void)state;
	begin();
	one_recovery();
	/* Far below, the byte of a keepalive, what was sent once before or since. */
	acked(10, (struct cc_range){START - 2000, START - 1000});
	acked(10, (struct cc_range){START - 1, START});
	acked(10, span(4, 5));
	pass(NS_PER_S / 10);
	send_some(2);
	pass(RTT_NS);
	acked(12, span(11, 12));
	assert_int_equal(cc.stats.needless, 4);
	assert_int_equal(cc.stats.undone, 0);
	assert_int_equal(cc.control.ssthresh, 7 * MSS);
	end();
}

/* --- a segment acknowledged in part, then cut --- */

static void test_what_is_acknowledged_of_a_segment_is_not_repeated(void **state)
{
	static char segment;
	struct sb_entry *e;

	(void)state;
	begin();
	send_some(2);
	pass(RTT_NS);
	cc_acked(&cc, now, &(struct cc_ack){.ack = START + 600});
	cc_narrowed(&cc, now, MSS / 2);
	e = cc_next_repeat(&cc, now, false);
	assert_non_null(e);
	assert_int_equal(e->seq, START);
	cc_split(&cc, e, MSS / 2, &segment);
	e = cc_next_repeat(&cc, now, false);
	assert_non_null(e);
	assert_int_equal(e->seq, START + MSS / 2);
	assert_int_equal(e->len, MSS / 2);
	end();
}

/* The first that is lost is cut, and both halves leave. False: it has to wait. */
static bool cut_one(void)
{
	static char rest;
	struct sb_entry *e = cc_next_repeat(&cc, now, false);
	uint32_t seq;

	if (!e)
		return false;
	seq = e->seq;
	cc_split(&cc, e, MSS / 2, &rest);
	sb_repeated(&cc.sb, sb_find(&cc.sb, seq), now);
	sb_repeated(&cc.sb, sb_find(&cc.sb, seq + MSS / 2), now);
	return true;
}

static void test_cutting_a_large_flight_takes_its_time(void **state)
{
	enum { SEGMENTS = 800, MIDDLE = SEGMENTS / 2, MOVED_NS = MIDDLE * 400, AHEAD = 10000000 / MOVED_NS };
	static char segment;
	unsigned count = 0;

	(void)state;
	begin();
	for (unsigned i = 0; i < SEGMENTS; i++, next_seq += MSS) {
		assert_true(sb_reserve(&cc.sb));
		cc_sent(&cc, now, next_seq, MSS, &segment);
	}
	pass(RTT_NS);
	acked(0, span(1, MIDDLE));
	cc_narrowed(&cc, now, MSS / 2);
	cc.control.cwnd = 4u << 20;
	/* Near an end it costs little; and some are cut at once. */
	while (cut_one())
		count++;
	assert_in_range(count, AHEAD, AHEAD + 10);
	assert_true(cc_deadline(&cc).ns <= now.ns + MOVED_NS);
	for (unsigned i = 0; i < 20; i++) {
		pass(MOVED_NS);
		assert_true(cut_one());
	}
	/* Each costs a little less than the one before, as fewer are behind it. */
	for (count = 0; cut_one(); count++)
		;
	assert_in_range(count, 1, 10);
	end();
}

/* --- memory that others need as well --- */

/* Tiny segments that the peer does not acknowledge. */
static void test_one_sender_leaves_room_for_others(void **state)
{
	static struct cc other;
	struct cc_config config = {.algo = &cc_cubic, .mss = MSS, .window_max = 4u << 20, .sack = true};
	static char segment;
	unsigned count = 0;

	(void)state;
	begin();
	config.pool = pool;
	cc_init(&other, &config, now, START);
	for (; count < 5000 && cc_may_send(&cc, now, 1); count++)
		cc_sent(&cc, now, START + count, 1, &segment);
	assert_in_range(count, 100, 1600 - 1);
	assert_true(cc_may_send(&other, now, MSS));
	/* What is in flight can be cut all the same. */
	assert_true(sb_reserve(&cc.sb));
	cc_fini(&other);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_freeze_is_no_round_trip),
		cmocka_unit_test(test_a_freeze_is_seen_by_what_is_read_first),
		cmocka_unit_test(test_a_freeze_gives_no_more_patience_than_its_own),
		cmocka_unit_test(test_an_outage_is_no_round_trip),
		cmocka_unit_test(test_an_outage_undoes_nothing_older),
		cmocka_unit_test(test_an_outage_undoes_its_time_outs),
		cmocka_unit_test(test_an_outage_undoes_no_loss_that_was_known),
		cmocka_unit_test(test_a_rest_changes_the_pace),
		cmocka_unit_test(test_a_dsack_of_the_repeat_undoes),
		cmocka_unit_test(test_an_older_echo_undoes_when_it_acknowledges_the_first_repeat),
		cmocka_unit_test(test_an_older_echo_that_comes_later_undoes_nothing),
		cmocka_unit_test(test_a_dsack_of_one_repeat_of_two_does_not),
		cmocka_unit_test(test_a_dsack_of_anything_else_does_not),
		cmocka_unit_test(test_what_is_acknowledged_of_a_segment_is_not_repeated),
		cmocka_unit_test(test_cutting_a_large_flight_takes_its_time),
		cmocka_unit_test(test_one_sender_leaves_room_for_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
