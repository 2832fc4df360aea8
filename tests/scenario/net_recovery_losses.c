/*
 * What is lost, late, doubled or taken back on the way, against a scripted remote with exact times. Each
 * script runs again with sequence numbers that wrap at each of its stages.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "net/core.h"
#include "net/stream_core.h"
#include "support/script.h"

#define SACK_TS .scale = 7, .sack_ok = true, .timestamps = true

static struct net_repeats counted(struct script_world *w)
{
	struct net_repeats r;

	net_stack_repeats(w->stack, &r);
	return r;
}

static void one_reduction(struct script_world *w)
{
	assert_int_equal(counted(w).recoveries, 1);
	assert_int_equal(counted(w).timeouts, 0);
	assert_int_equal(counted(w).undone, 0);
	assert_int_equal(w->s->cc.control.ssthresh, 7000);
}

static void undone(struct script_world *w)
{
	assert_int_equal(counted(w).undone, 1);
	assert_int_equal(w->s->cc.phase, CC_OPEN);
	assert_int_equal(w->s->cc.control.ssthresh, UINT32_MAX);
	assert_true(w->s->cc.control.cwnd >= 10 * w->s->cc.mss);
}

static void nothing_reduced(struct script_world *w)
{
	assert_int_equal(counted(w).recoveries + counted(w).timeouts, 0);
	assert_int_equal(w->s->cc.control.ssthresh, UINT32_MAX);
	assert_true(w->s->cc.control.cwnd >= 10 * w->s->cc.mss);
}

/* --- a repeat is lost as well --- */

/* RFC 8985 6.2: what was sent after the repeat arrives, so the repeat is lost: no time-out is needed. */
static const struct script_step lost_repeat[] = {
	ACCEPTED(.scale = 7, .sack_ok = true),
	WRITE(60, 16000),
	OUT(60, ACK, 1, 1000, 1, .count = 10),
	IN(110, ACK, 1, 0, 1001, .sack = {{2001, 10001}}),
	/* RFC 6937: ssthresh of 7 segments, nothing else is in flight. */
	OUT(110, ACK, 1001, 1000, 1),
	OUT(110, ACK, 10001, 1000, 1, .count = 6),
	IN(160, ACK, 1, 0, 1001, .sack = {{10001, 11001}, {2001, 10001}}),
	OUT(160, ACK, 1001, 1000, 1),
	IN(161, ACK, 1, 0, 1001, .sack = {{10001, 16001}, {2001, 10001}}),
	IN(210, ACK, 1, 0, 16001),
	CALL(210, one_reduction),
	QUIET(5000),
};

/* --- acknowledgements are lost --- */

static const struct script_step lost_acks[] = {
	ACCEPTED(.scale = 7, .sack_ok = true),
	WRITE(60, 10000),
	OUT(60, ACK, 1, 1000, 1, .count = 10),
	/* Only the last comes through. */
	IN(112, ACK, 1, 0, 10001),
	QUIET(1000),
	CALL(1000, nothing_reduced),
};

/* RFC 8985 7.4: the probe was needless, as its D-SACK tells, and nothing is reduced. */
static const struct script_step all_acks_lost[] = {
	ACCEPTED(.scale = 7, .sack_ok = true),
	WRITE(60, 5000),
	OUT(60, ACK, 1, 1000, 1, .count = 5),
	OUT(160, ACK, 4001, 1000, 1),
	IN(210, ACK, 1, 0, 5001, .sack = {{4001, 5001}}),
	QUIET(5000),
	CALL(5000, nothing_reduced),
};

/* --- late by more than a round trip --- */

/* Eifel (RFC 3522): the echo is of what was sent first, so the repeat was needless. */
static const struct script_step late_with_timestamps[] = {
	ACCEPTED(SACK_TS),
	WRITE(60, 988 * 6),
	OUT(60, ACK, 1, 988, 1, .count = 6),
	IN(110, ACK, 1, 0, 1, .sack = {{989, 5929}}, .echo_ms = 60),
	OUT(110, ACK, 1, 988, 1),
	IN(130, ACK, 1, 0, 5929, .echo_ms = 60),
	CALL(130, undone),
	IN(160, ACK, 1, 0, 5929, .sack = {{1, 989}}, .echo_ms = 110),
	/* Reordering seen: from now on a quarter of a round trip is waited (RFC 8985 6.2), and D-SACK doubled it. */
	WRITE(200, 988 * 6),
	OUT(200, ACK, 5929, 988, 1, .count = 6),
	IN(250, ACK, 1, 0, 5929, .sack = {{6917, 11857}}, .echo_ms = 200),
	IN(270, ACK, 1, 0, 11857, .echo_ms = 200),
	QUIET(5000),
};

/* RFC 3708: without timestamps only the D-SACK of the repeat tells, a round trip later. */
static const struct script_step late_without_timestamps[] = {
	ACCEPTED(.scale = 7, .sack_ok = true),
	WRITE(60, 6000),
	OUT(60, ACK, 1, 1000, 1, .count = 6),
	IN(110, ACK, 1, 0, 1, .sack = {{1001, 6001}}),
	OUT(110, ACK, 1, 1000, 1),
	IN(130, ACK, 1, 0, 6001),
	IN(160, ACK, 1, 0, 6001, .sack = {{1, 1001}}),
	CALL(160, undone),
	QUIET(5000),
};

/* --- a time-out that was none: the path stood still --- */

static void still_reduced(struct script_world *w)
{
	assert_int_equal(w->s->cc.phase, CC_LOSS);
	assert_int_equal(counted(w).undone, 0);
}

static const struct script_step spurious_timeout_timestamps[] = {
	ACCEPTED(SACK_TS),
	WRITE(60, 988 * 5),
	OUT(60, ACK, 1, 988, 1, .count = 5),
	OUT(160, ACK, 3953, 988, 1),
	OUT(410, ACK, 1, 988, 1),
	IN(460, ACK, 1, 0, 989, .echo_ms = 60),
	CALL(460, undone),
	IN(461, ACK, 1, 0, 4941, .echo_ms = 60),
	QUIET(5000),
};

/* F-RTO with SACK (RFC 5682 3): something not repeated is acknowledged. */
static const struct script_step spurious_timeout_sack[] = {
	ACCEPTED(.scale = 7, .sack_ok = true),
	WRITE(60, 5000),
	OUT(60, ACK, 1, 1000, 1, .count = 5),
	OUT(160, ACK, 4001, 1000, 1),
	OUT(410, ACK, 1, 1000, 1),
	IN(460, ACK, 1, 0, 1001),
	/* No new data to send. */
	OUT(460, ACK, 1001, 1000, 1, .count = 2),
	CALL(460, still_reduced),
	IN(461, ACK, 1, 0, 4001),
	CALL(461, undone),
	IN(462, ACK, 1, 0, 5001),
	QUIET(5000),
};

static const struct script_step spurious_timeout_sack_new[] = {
	ACCEPTED(.scale = 7, .sack_ok = true),
	WRITE(60, 12000),
	OUT(60, ACK, 1, 1000, 1, .count = 10),
	/* The window is full: new data as a probe (RFC 8985 7.3). */
	OUT(160, ACK, 10001, 1000, 1),
	OUT(410, ACK, 1, 1000, 1),
	IN(460, ACK, 1, 0, 1001),
	OUT(460, ACK, 11001, 1000, 1),
	CALL(460, still_reduced),
	IN(461, ACK, 1, 0, 2001),
	CALL(461, undone),
	IN(462, ACK, 1, 0, 12001),
	QUIET(5000),
};

/* F-RTO without (RFC 5682 2.1): new data instead of repeats, then an acknowledgement that advances. */
static const struct script_step spurious_timeout_plain[] = {
	ACCEPTED(.scale = 7),
	WRITE(60, 12000),
	OUT(60, ACK, 1, 1000, 1, .count = 10),
	OUT(310, ACK, 1, 1000, 1),
	IN(460, ACK, 1, 0, 1001),
	OUT(460, ACK, 10001, 1000, 1, .count = 2),
	IN(461, ACK, 1, 0, 2001),
	CALL(461, undone),
	IN(462, ACK, 1, 0, 10001),
	IN(510, ACK, 1, 0, 12001),
	QUIET(5000),
};

/*
 * RFC 3522 3.2: the echo is compared with the first repeat's time. It is that one which has arrived here, and the
 * second time-out was needless, the first was not.
 */
static void reduced_by_a_time_out(struct script_world *w)
{
	assert_int_equal(counted(w).timeouts, 2);
	assert_int_equal(counted(w).undone, 0);
	assert_int_equal(w->s->cc.phase, CC_OPEN);
	assert_true(w->s->cc.control.ssthresh < 10000);
}

static const struct script_step two_time_outs[] = {
	ACCEPTED(SACK_TS),
	WRITE(60, 988),
	OUT(60, ACK, 1, 988, 1),
	OUT(310, ACK, 1, 988, 1),
	OUT(560, ACK, 1, 988, 1),
	OUT(1060, ACK, 1, 988, 1),
	IN(1070, ACK, 1, 0, 989, .echo_ms = 560),
	CALL(1070, reduced_by_a_time_out),
	QUIET(5000),
};

/* --- the remote takes back what it had sacked (RFC 2018 8) --- */

static const struct script_step reneging[] = {
	ACCEPTED(.scale = 7, .sack_ok = true),
	WRITE(60, 5000),
	OUT(60, ACK, 1, 1000, 1, .count = 5),
	IN(110, ACK, 1, 0, 1, .sack = {{1001, 5001}}),
	OUT(110, ACK, 1, 1000, 1),
	IN(160, ACK, 1, 0, 1001),
	/* RFC 6298: the time-out shows it; from then on nothing counts as sacked. */
	OUT(410, ACK, 1001, 1000, 1),
	IN(460, ACK, 1, 0, 2001),
	OUT(460, ACK, 2001, 1000, 1, .count = 2),
	IN(510, ACK, 1, 0, 4001),
	OUT(510, ACK, 4001, 1000, 1),
	IN(560, ACK, 1, 0, 5001),
	QUIET(5000),
};

/* --- without SACK --- */

/* RFC 3465: a byte at a time is no more than its bytes, and no partial acknowledgement (RFC 6582). */
static void window_of_ten(struct script_world *w)
{
	assert_int_equal(w->s->cc.control.cwnd, 10000);
}

static const struct script_step divided_acks[] = {
	ACCEPTED(.scale = 7),
	WRITE(60, 20000),
	OUT(60, ACK, 1, 1000, 1, .count = 10),
	IN(110, ACK, 1, 0, 2),
	IN(110, ACK, 1, 0, 3),
	IN(110, ACK, 1, 0, 4),
	IN(110, ACK, 1, 0, 500),
	IN(110, ACK, 1, 0, 1000),
	CALL(110, window_of_ten),
	QUIET(111),
	IN(111, ACK, 1, 0, 1001),
	OUT(111, ACK, 10001, 1000, 1, .count = 2),
};

static const struct script_step divided_in_recovery[] = {
	ACCEPTED(.scale = 7),
	WRITE(60, 6000),
	OUT(60, ACK, 1, 1000, 1, .count = 6),
	IN(110, ACK, 1, 0, 1),
	IN(110, ACK, 1, 0, 1),
	IN(110, ACK, 1, 0, 1),
	OUT(110, ACK, 1, 1000, 1),
	IN(160, ACK, 1, 0, 2),
	IN(161, ACK, 1, 0, 3),
	IN(162, ACK, 1, 0, 999),
	QUIET(163),
	IN(163, ACK, 1, 0, 1001),
	OUT(163, ACK, 1001, 1000, 1),
	IN(213, ACK, 1, 0, 6001),
	QUIET(5000),
};

/* Timestamps, but no SACK: Eifel works all the same. */
static const struct script_step late_plain_timestamps[] = {
	ACCEPTED(.scale = 7, .timestamps = true),
	WRITE(60, 988 * 6),
	OUT(60, ACK, 1, 988, 1, .count = 6),
	IN(110, ACK, 1, 0, 1, .echo_ms = 60),
	IN(110, ACK, 1, 0, 1, .echo_ms = 60),
	IN(110, ACK, 1, 0, 1, .echo_ms = 60),
	OUT(110, ACK, 1, 988, 1),
	IN(130, ACK, 1, 0, 5929, .echo_ms = 60),
	CALL(130, undone),
	QUIET(5000),
};

/* --- a probe and more in one acknowledgement --- */

static void still_recovering(struct script_world *w)
{
	assert_int_equal(w->s->cc.phase, CC_RECOVERY);
}

static void reduced_once(struct script_world *w)
{
	/* RFC 9438 4.6: 0.7 of the six segments in flight. */
	assert_int_equal(w->s->cc.control.ssthresh, 4200);
	assert_int_equal(counted(w).recoveries, 1);
}

/*
 * RFC 8985 7.4.2: the probe has repaired a loss. The same acknowledgement shows another, of what was sent
 * before the window was reduced for it: one reduction (RFC 6582 3.2, "recover").
 */
static const struct script_step probe_and_loss[] = {
	ACCEPTED(.scale = 7, .sack_ok = true),
	WRITE(60, 4000),
	OUT(60, ACK, 1, 1000, 1, .count = 4),
	IN(110, ACK, 1, 0, 3001),
	/* One segment: two round trips and 200 ms, but no later than the time-out would be (7.2). */
	OUT(360, ACK, 3001, 1000, 1),
	WRITE(370, 5000),
	OUT(370, ACK, 4001, 1000, 1, .count = 5),
	IN(420, ACK, 1, 0, 5001, .sack = {{6001, 9001}}),
	OUT(420, ACK, 5001, 1000, 1),
	CALL(420, reduced_once),
	IN(425, ACK, 1, 0, 5001, .sack = {{6001, 9001}}),
	CALL(425, still_recovering),
	IN(470, ACK, 1, 0, 9001),
	QUIET(5000),
};

/* --- all of them --- */

static void run(void **state)
{
	const struct script *script = *state;
	/* In the SYN, the first segment, the first and the second flight. */
	static const uint32_t wraps[] = {1, 300, 2500, 4800, 9000, 11000};
	struct script again = *script;

	assert_true(script_run(script));
	for (size_t i = 0; i < ARRAY_LEN(wraps); i++) {
		again.wraps_after = wraps[i];
		assert_true(script_run(&again));
	}
}

int main(void)
{
	static struct script scripts[] = {
		SCRIPT(lost_repeat), SCRIPT(lost_acks), SCRIPT(all_acks_lost), SCRIPT(late_with_timestamps),
		SCRIPT(late_without_timestamps), SCRIPT(spurious_timeout_timestamps), SCRIPT(spurious_timeout_sack),
		SCRIPT(spurious_timeout_sack_new),
		SCRIPT(spurious_timeout_plain), SCRIPT(two_time_outs), SCRIPT(reneging), SCRIPT(divided_acks), SCRIPT(divided_in_recovery),
		SCRIPT(late_plain_timestamps), SCRIPT(probe_and_loss),
	};
	struct CMUnitTest tests[ARRAY_LEN(scripts)] = {{0}};

	for (size_t i = 0; i < ARRAY_LEN(scripts); i++)
		tests[i] = (struct CMUnitTest){scripts[i].name, run, NULL, NULL, &scripts[i]};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
