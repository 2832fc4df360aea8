/*
 * What else may happen while something is lost: the remote's window closes or shrinks, the path gets
 * narrower, either side ends, the process stands still. Exact times; each script runs again with
 * sequence numbers that wrap at each of its stages.
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

static struct net_repeats counted(struct script_world *w)
{
	struct net_repeats r;

	net_stack_repeats(w->stack, &r);
	return r;
}

static void one_recovery(struct script_world *w)
{
	assert_int_equal(counted(w).recoveries, 1);
	assert_int_equal(counted(w).timeouts, 0);
}

/* --- the remote's window --- */

#define ACCEPTED_BY(window) \
	IN(0, SYN, 0, 0, 0, .mss = 1000, .sack_ok = true, .wnd = (window)), \
	OUT(0, SYN | ACK, 0, 0, 1), \
	IN(50, ACK, 1, 0, 1, .wnd = (window))

/* RFC 9293 3.8.6: repeats go on within what was allowed before; a closed window holds new data back. */
static const struct script_step window_closes_in_recovery[] = {
	ACCEPTED_BY(6000),
	WRITE(60, 9000),
	OUT(60, ACK, 1, 1000, 1, .count = 6),
	IN(110, ACK, 1, 0, 1001, .wnd = 5000, .sack = {{2001, 6001}}),
	OUT(110, ACK, 1001, 1000, 1),
	IN(160, ACK, 1, 0, 6001, .wnd = WINDOW_CLOSED),
	CALL(160, one_recovery),
	QUIET(300),
	IN(300, ACK, 1, 0, 6001, .wnd = 2000),
	OUT(300, ACK, 6001, 1000, 1, .count = 2),
	IN(350, ACK, 1, 0, 8001),
	OUT(350, ACK, 8001, 1000, 1),
	IN(400, ACK, 1, 0, 9001),
	QUIET(5000),
	CALL(5000, one_recovery),
};

/* RFC 9293 3.8.6: the right edge moves back. What was sent beyond it is still repeated, nothing new leaves. */
static const struct script_step window_shrinks_in_recovery[] = {
	ACCEPTED(.scale = 1, .sack_ok = true),
	WRITE(60, 12000),
	OUT(60, ACK, 1, 1000, 1, .count = 10),
	IN(110, ACK, 1, 0, 1001, .wnd = 2000, .sack = {{4001, 10001}}),
	OUT(110, ACK, 1001, 1000, 1, .count = 3),
	IN(160, ACK, 1, 0, 10001, .wnd = WINDOW_CLOSED),
	QUIET(300),
	IN(300, ACK, 1, 0, 10001),
	OUT(300, ACK, 10001, 1000, 1, .count = 2),
	IN(350, ACK, 1, 0, 12001),
	QUIET(5000),
};

/* Shut while everything is in flight: each repeat asks, and as long as answers come nobody gives up. */
static const struct script_step window_shut_on_a_flight[] = {
	ACCEPTED(.sack_ok = true),
	WRITE(60, 2000),
	OUT(60, ACK, 1, 1000, 1, .count = 2),
	IN(110, ACK, 1, 0, 1, .wnd = WINDOW_CLOSED),
	OUT(160, ACK, 1001, 1000, 1),
	IN(210, ACK, 1, 0, 1, .wnd = WINDOW_CLOSED),
	OUT(410, ACK, 1, 1000, 1),
	IN(460, ACK, 1, 0, 1, .wnd = WINDOW_CLOSED),
	OUT(910, ACK, 1, 1000, 1),
	OUT(1910, ACK, 1, 1000, 1),
	OUT(3910, ACK, 1, 1000, 1),
	OUT(7910, ACK, 1, 1000, 1),
	OUT(15910, ACK, 1, 1000, 1),
	/* RFC 6298 doubles no further: a quarter of the user timeout. */
	OUT(27160, ACK, 1, 1000, 1),
	IN(27210, ACK, 1, 0, 1, .wnd = WINDOW_CLOSED),
	OUT(38410, ACK, 1, 1000, 1),
	IN(38460, ACK, 1, 0, 1, .wnd = WINDOW_CLOSED),
	OUT(49660, ACK, 1, 1000, 1),
	OUT(60910, ACK, 1, 1000, 1),
	ENDS(60960, CAUSE_OK),
	IN(60960, ACK, 1, 0, 1001),
	OUT(60960, ACK, 1001, 1000, 1),
	IN(61010, ACK, 1, 0, 2001),
	QUIET(65000),
};

/*
 * RFC 9293 3.10.7.4: a window of zero counts although nothing else is new; Linux sends that for want of memory. A
 * smaller one does not: it may have been overtaken.
 */
static const struct script_step window_shut_at_rest[] = {
	ACCEPTED_BY(6000),
	IN(60, ACK, 1, 0, 1, .wnd = 500),
	WRITE(70, 1000),
	OUT(70, ACK, 1, 1000, 1),
	IN(120, ACK, 1, 0, 1001),
	IN(130, ACK, 1, 0, 1001, .wnd = WINDOW_CLOSED),
	WRITE(200, 2000),
	OUT(500, ACK, 1001, 1, 1, .slack_us = 100000),
	IN(650, ACK, 1, 0, 1001),
	OUT(650, ACK, 1001, 1000, 1, .count = 2),
	IN(700, ACK, 1, 0, 3001),
	QUIET(5000),
};

/* A probe's byte was taken, and then there is room for one more: that one is sent, not the same again. */
static const struct script_step a_byte_of_window[] = {
	ACCEPTED_BY(1000),
	WRITE(60, 3000),
	/* RFC 9293 3.8.6.2.1: half of the largest window. */
	OUT(60, ACK, 1, 500, 1, .count = 2),
	IN(110, ACK, 1, 0, 1001, .wnd = WINDOW_CLOSED),
	OUT(400, ACK, 1001, 1, 1, .slack_us = 100000),
	IN(500, ACK, 1, 0, 1002, .wnd = WINDOW_CLOSED),
	IN(600, ACK, 1, 0, 1002, .wnd = 1),
	OUT(1000, ACK, 1001, 2, 1, .slack_us = 100000),
	IN(1100, ACK, 1, 0, 1003, .wnd = WINDOW_CLOSED),
	IN(1150, ACK, 1, 0, 1003, .wnd = 1),
	OUT(1400, ACK, 1003, 1, 1, .slack_us = 100000),
	IN(1500, ACK, 1, 0, 1004, .wnd = 5000),
	OUT(1500, ACK, 1004, 497, 1),
	OUT(1500, ACK, 1501, 500, 1, .count = 3),
	IN(1550, ACK, 1, 0, 3001),
	QUIET(5000),
};

/* --- the path gets narrower --- */

static const struct script_step narrower_in_recovery[] = {
	ACCEPTED(.scale = 7, .sack_ok = true),
	WRITE(60, 6000),
	OUT(60, ACK, 1, 1000, 1, .count = 6),
	IN(110, ACK, 1, 0, 1, .sack = {{1001, 5001}}),
	OUT(110, ACK, 1, 1000, 1),
	/* RFC 1191 6.4, RFC 9438: cut where it stands, and no sign of congestion. */
	TOO_BIG(120, 640),
	OUT(120, ACK, 1, 600, 1),
	OUT(120, ACK, 601, 400, 1),
	OUT(120, ACK, 5001, 600, 1),
	OUT(120, ACK, 5601, 400, 1),
	IN(170, ACK, 1, 0, 6001),
	CALL(170, one_recovery),
	WRITE(180, 1000),
	OUT(180, ACK, 6001, 600, 1),
	OUT(180, ACK, 6601, 400, 1),
	IN(230, ACK, 1, 0, 7001),
	QUIET(5000),
};

/* --- ends --- */

static const struct script_step reset_in_recovery[] = {
	ACCEPTED(.scale = 7, .sack_ok = true),
	WRITE(60, 6000),
	OUT(60, ACK, 1, 1000, 1, .count = 6),
	IN(110, ACK, 1, 0, 1, .sack = {{1001, 5001}}),
	OUT(110, ACK, 1, 1000, 1),
	IN(120, RST | ACK, 1, 0, 1),
	ENDS(120, CAUSE_RESET),
	QUIET(60000),
};

/* RFC 5961 3.2: not at the next number expected, so it is questioned; the repair goes on. */
static const struct script_step reset_beside_in_recovery[] = {
	ACCEPTED(.scale = 7, .sack_ok = true),
	WRITE(60, 6000),
	OUT(60, ACK, 1, 1000, 1, .count = 6),
	IN(110, ACK, 1, 0, 1, .sack = {{1001, 6001}}),
	OUT(110, ACK, 1, 1000, 1),
	IN(120, RST | ACK, 101, 0, 1),
	OUT(120, ACK, 6001, 0, 1),
	IN(160, ACK, 1, 0, 6001),
	QUIET(5000),
	ENDS(5000, CAUSE_OK),
};

static const struct script_step their_fin_in_recovery[] = {
	ACCEPTED(.scale = 7, .sack_ok = true),
	WRITE(60, 6000),
	OUT(60, ACK, 1, 1000, 1, .count = 6),
	IN(110, ACK, 1, 0, 1, .sack = {{1001, 6001}}),
	OUT(110, ACK, 1, 1000, 1),
	IN(120, FIN | ACK, 1, 300, 1, .sack = {{1001, 6001}}),
	READ(120, 300),
	/* It waits for ours (tcp_fasttmr). */
	OUT(150, ACK, 6001, 0, 302),
	IN(160, ACK, 302, 0, 6001),
	/* We may go on. */
	WRITE(170, 1000),
	OUT(170, ACK, 6001, 1000, 302),
	IN(220, ACK, 302, 0, 7001),
	CLOSE(230),
	OUT(230, FIN | ACK, 7001, 0, 302),
	IN(280, ACK, 302, 0, 7002),
	QUIET(60000),
};

/* The FIN is sacked with what is before it, and not taken for acknowledged. */
static const struct script_step sack_of_our_fin[] = {
	ACCEPTED(.scale = 7, .sack_ok = true),
	WRITE(60, 5000),
	OUT(60, ACK, 1, 1000, 1, .count = 5),
	SHUTDOWN(70),
	OUT(70, FIN | ACK, 5001, 0, 1),
	IN(110, ACK, 1, 0, 1, .sack = {{1001, 5001}}),
	OUT(110, ACK, 1, 1000, 1),
	IN(120, ACK, 1, 0, 1, .sack = {{1001, 5002}}),
	IN(160, ACK, 1, 0, 5002),
	IN(170, FIN | ACK, 1, 0, 5002),
	OUT(170, ACK, 5002, 0, 2),
	QUIET(60000),
};

/* The FIN alone is lost: a tail as any other. */
static const struct script_step lost_fin[] = {
	ACCEPTED(.scale = 7, .sack_ok = true),
	WRITE(60, 2000),
	OUT(60, ACK, 1, 1000, 1, .count = 2),
	SHUTDOWN(60),
	OUT(60, FIN | ACK, 2001, 0, 1),
	IN(110, ACK, 1, 0, 2001),
	OUT(360, FIN | ACK, 2001, 0, 1),
	IN(410, ACK, 1, 0, 2002),
	QUIET(5000),
};

/* --- the process stands still --- */

/* 60 s or 10 min are beyond the user timeout of 45 s: the remote gets its chance first. */
#define STANDS_STILL(until) \
	ACCEPTED(.scale = 7, .sack_ok = true), \
	WRITE(60, 5000), \
	OUT(60, ACK, 1, 1000, 1, .count = 5), \
	FREEZE(until)

/*
 * What was measured across it counts nowhere: the next loss is found as if nothing had been, after a quarter
 * of the round trip, or half of it where the D-SACK of the probe was seen (RFC 8985 6.2).
 */
#define GOES_ON(at, found) \
	ENDS(at, CAUSE_OK), \
	CALL(at, not_slower), \
	WRITE((at) + 100, 5000), \
	OUT((at) + 100, ACK, 5001, 1000, 1, .count = 5), \
	IN((at) + 150, ACK, 1, 0, 5001, .sack = {{6001, 7001}}), \
	OUT((at) + 150 + (found), ACK, 5001, 1000, 1), \
	IN((at) + 200 + (found), ACK, 1, 0, 10001), \
	QUIET((at) + 1000)

static void not_slower(struct script_world *w)
{
	assert_in_range(w->s->cc.rtt.smoothed_ns, 50 * NS_PER_MS, 51 * NS_PER_MS);
}

static const struct script_step frozen_a_minute[] = {
	STANDS_STILL(60060),
	OUT(60060, ACK, 4001, 1000, 1),
	IN(60110, ACK, 1, 0, 5001, .sack = {{4001, 5001}}),
	GOES_ON(60110, 25),
};

static const struct script_step clock_jumps[] = {
	STANDS_STILL(600060),
	OUT(600060, ACK, 4001, 1000, 1),
	IN(600110, ACK, 1, 0, 5001, .sack = {{4001, 5001}}),
	GOES_ON(600110, 25),
};

/* The acknowledgement has waited as well, and is read before a timer runs. */
static const struct script_step frozen_and_answered[] = {
	STANDS_STILL(60060),
	IN(60060, ACK, 1, 0, 5001),
	GOES_ON(60060, 12.5),
};

/* Nobody answers: 45 s from the thaw on, RFC 5482. */
static const struct script_step frozen_and_left[] = {
	STANDS_STILL(60060),
	OUT(60060, ACK, 4001, 1000, 1),
	OUT(60310, ACK, 1, 1000, 1),
	OUT(60810, ACK, 1, 1000, 1),
	OUT(61810, ACK, 1, 1000, 1),
	OUT(63810, ACK, 1, 1000, 1),
	OUT(67810, ACK, 1, 1000, 1),
	OUT(75810, ACK, 1, 1000, 1),
	OUT(87060, ACK, 1, 1000, 1),
	OUT(90060, ACK, 5000, 0, 1, .slack_us = 100000),
	OUT(95060, ACK, 5000, 0, 1, .slack_us = 100000),
	OUT(98310, ACK, 1, 1000, 1),
	OUT(100060, ACK, 5000, 0, 1, .slack_us = 100000),
	OUT(104960, RST | ACK, 5001, 0, 1),
	ENDS(104960, CAUSE_NO_ANSWER),
	QUIET(120000),
};

static void one_segment(struct script_world *w)
{
	assert_int_equal(w->s->cc.control.cwnd, 1000);
}

/* RFC 5681 3.1: and then one segment leaves, though what was acknowledged last had taken a minute. */
static const struct script_step frozen_before_a_time_out[] = {
	STANDS_STILL(60060),
	IN(60060, ACK, 1, 0, 1001),
	WRITE(60070, 4000),
	OUT(60070, ACK, 5001, 1000, 1, .count = 4),
	OUT(60170, ACK, 8001, 1000, 1),
	OUT(60420, ACK, 1001, 1000, 1),
	CALL(60420, one_segment),
	IN(60470, ACK, 1, 0, 2001),
	OUT(60470, ACK, 2001, 1000, 1, .count = 2),
	IN(60520, ACK, 1, 0, 9001),
	QUIET(65000),
};

static const struct script_step frozen_with_a_closed_window[] = {
	ACCEPTED_BY(1000),
	WRITE(60, 3000),
	/* RFC 9293 3.8.6.2.1: half of the largest window. */
	OUT(60, ACK, 1, 500, 1, .count = 2),
	IN(110, ACK, 1, 0, 1001, .wnd = WINDOW_CLOSED),
	FREEZE(60110),
	OUT(60310, ACK, 1001, 1, 1, .slack_us = 100000),
	IN(60360, ACK, 1, 0, 1001),
	OUT(60360, ACK, 1001, 500, 1, .count = 4),
	IN(60410, ACK, 1, 0, 3001),
	QUIET(65000),
};

static const struct script_step frozen_at_rest[] = {
	ACCEPTED(.scale = 7, .sack_ok = true),
	FREEZE(600000),
	OUT(630000, ACK, 0, 0, 1, .slack_us = 100000),
	IN(630050, ACK, 1, 0, 1),
	QUIET(655000),
	ENDS(655000, CAUSE_OK),
};

static const struct script_step frozen_while_dialling[] = {
	DIAL(0),
	OUT(0, SYN, 0, 0, 0),
	FREEZE(60000),
	OUT(60900, SYN, 0, 0, 0, .slack_us = 100000),
	IN(60950, SYN | ACK, 0, 0, 1, .mss = 1000),
	OUT(60950, ACK, 1, 0, 1),
	ENDS(60950, CAUSE_OK),
};

static const struct script_step frozen_in_the_end[] = {
	ACCEPTED(.scale = 7, .sack_ok = true),
	CLOSE(60),
	OUT(60, FIN | ACK, 1, 0, 1),
	FREEZE(60060),
	OUT(60960, FIN | ACK, 1, 0, 1, .slack_us = 100000),
	IN(61010, FIN | ACK, 1, 0, 2),
	OUT(61010, ACK, 2, 0, 2),
};

/* --- all of them --- */

static void run(void **state)
{
	const struct script *script = *state;
	/* In the SYN, the first segment, the flight, what follows. */
	static const uint32_t wraps[] = {1, 300, 1900, 4800, 6900};
	struct script again = *script;

	assert_true(script_run(script));
	/* A dialled one's number is not to be had. */
	for (size_t i = 0; i < ARRAY_LEN(wraps) && script->steps[0].op == SCRIPT_IN; i++) {
		again.wraps_after = wraps[i];
		assert_true(script_run(&again));
	}
}

int main(void)
{
	static struct script scripts[] = {
		SCRIPT(window_closes_in_recovery), SCRIPT(window_shrinks_in_recovery),
		SCRIPT(window_shut_on_a_flight), SCRIPT(window_shut_at_rest), SCRIPT(a_byte_of_window), SCRIPT(narrower_in_recovery),
		SCRIPT(reset_in_recovery), SCRIPT(reset_beside_in_recovery), SCRIPT(their_fin_in_recovery),
		SCRIPT(sack_of_our_fin), SCRIPT(lost_fin),
		SCRIPT(frozen_a_minute), SCRIPT(clock_jumps), SCRIPT(frozen_and_answered), SCRIPT(frozen_and_left),
		SCRIPT(frozen_before_a_time_out), SCRIPT(frozen_with_a_closed_window), SCRIPT(frozen_at_rest),
		SCRIPT(frozen_while_dialling), SCRIPT(frozen_in_the_end),
	};
	struct CMUnitTest tests[ARRAY_LEN(scripts)] = {{0}};

	for (size_t i = 0; i < ARRAY_LEN(scripts); i++)
		tests[i] = (struct CMUnitTest){scripts[i].name, run, NULL, NULL, &scripts[i]};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
