/*
 * Loss and its repair against a scripted remote, with exact times: when what is sent again, and
 * what is not. See support/script.h for the steps.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "support/script.h"

/* --- data, acknowledged --- */

static const struct script_step data_and_acks[] = {
	CONNECTED(.scale = 7, .sack_ok = true),
	WRITE(60, 2500),
	OUT(60, ACK, 1, 1000, 1, .count = 2),
	OUT(60, ACK, 2001, 500, 1),
	IN(110, ACK, 1, 0, 2501),
	/* The answer is acknowledged with the next ACK that is due, not for itself. */
	IN(120, ACK, 1, 700, 2501),
	READ(120, 700),
	QUIET(121),
	IN(121, ACK, 701, 700, 2501),
	OUT(121, ACK, 2501, 0, 1401),
	READ(121, 700),
	QUIET(1000),
	ENDS(1000, CAUSE_OK),
};

/*
 * The window is twenty segments after the first round, and twice that in a round trip the pace of slow start:
 * beyond the burst of ten, trains of two each 2.5 ms.
 */
static const struct script_step paced[] = {
	CONNECTED(.scale = 7, .sack_ok = true),
	WRITE(60, 30000),
	OUT(60, ACK, 1, 1000, 1, .count = 10),
	IN(110, ACK, 1, 0, 10001),
	OUT(110, ACK, 10001, 1000, 1, .count = 10),
	OUT(112.5, ACK, 20001, 1000, 1, .count = 2),
	OUT(115, ACK, 22001, 1000, 1, .count = 2),
	OUT(117.5, ACK, 24001, 1000, 1, .count = 2),
	OUT(120, ACK, 26001, 1000, 1, .count = 2),
	OUT(122.5, ACK, 28001, 1000, 1, .count = 2),
	IN(172.5, ACK, 1, 0, 30001),
	QUIET(5000),
};

/* --- a lost tail --- */

static void three_time_outs_and_a_probe(struct script_world *w)
{
	struct net_repeats r;

	net_stack_repeats(w->stack, &r);
	assert_int_equal(r.repeats, 4);
	assert_int_equal(r.probes, 1);
	assert_int_equal(r.timeouts, 3);
	assert_int_equal(r.recoveries, 0);
}

static void one_recovery(struct script_world *w)
{
	struct net_repeats r;

	net_stack_repeats(w->stack, &r);
	assert_int_equal(r.repeats, 1);
	assert_int_equal(r.recoveries, 1);
	assert_int_equal(r.timeouts + r.probes + r.needless + r.undone, 0);
}

/* RFC 8985 7.2: a probe, before the time-out would double; RFC 6298: 50 ms and 200 ms above. */
static const struct script_step timeout_and_backoff[] = {
	CONNECTED(.scale = 7, .sack_ok = true),
	WRITE(60, 1000),
	OUT(60, ACK, 1, 1000, 1),
	OUT(310, ACK, 1, 1000, 1),
	OUT(560, ACK, 1, 1000, 1),
	OUT(1060, ACK, 1, 1000, 1),
	OUT(2060, ACK, 1, 1000, 1),
	IN(2110, ACK, 1, 0, 1001),
	CALL(2110, three_time_outs_and_a_probe),
	QUIET(10000),
};

/* The last of several: two round trips after the last acknowledgement. */
static const struct script_step probe_of_the_tail[] = {
	CONNECTED(.scale = 7, .sack_ok = true),
	WRITE(60, 4000),
	OUT(60, ACK, 1, 1000, 1, .count = 4),
	IN(110, ACK, 1, 0, 2001),
	OUT(210, ACK, 3001, 1000, 1),
	/* It shows that the one before is lost as well. */
	IN(260, ACK, 1, 0, 2001, .sack = {{3001, 4001}}),
	OUT(260, ACK, 2001, 1000, 1),
	IN(310, ACK, 1, 0, 4001),
	QUIET(5000),
};

/* --- a lost segment --- */

/* RACK, reordering not seen: when three segments are sacked, not before a quarter of the round trip else. */
static const struct script_step lost_by_three[] = {
	CONNECTED(.scale = 7, .sack_ok = true),
	WRITE(60, 6000),
	OUT(60, ACK, 1, 1000, 1, .count = 6),
	/* The second is lost. */
	IN(110, ACK, 1, 0, 1001),
	IN(110, ACK, 1, 0, 1001, .sack = {{2001, 3001}}),
	IN(110, ACK, 1, 0, 1001, .sack = {{2001, 4001}}),
	QUIET(111),
	IN(111, ACK, 1, 0, 1001, .sack = {{2001, 5001}}),
	OUT(111, ACK, 1001, 1000, 1),
	IN(112, ACK, 1, 0, 1001, .sack = {{2001, 6001}}),
	IN(161, ACK, 1, 0, 6001),
	QUIET(5000),
	CALL(5000, one_recovery),
};

static const struct script_step lost_by_time[] = {
	CONNECTED(.scale = 7, .sack_ok = true),
	WRITE(60, 3000),
	OUT(60, ACK, 1, 1000, 1, .count = 3),
	IN(110, ACK, 1, 0, 1, .sack = {{1001, 2001}}),
	OUT(122.5, ACK, 1, 1000, 1),
	IN(160, ACK, 1, 0, 3001),
	QUIET(5000),
};

static const struct script_step without_sack[] = {
	CONNECTED(.scale = 7),
	WRITE(60, 6000),
	OUT(60, ACK, 1, 1000, 1, .count = 6),
	IN(110, ACK, 1, 0, 1001),
	IN(110, ACK, 1, 0, 1001),
	IN(110, ACK, 1, 0, 1001),
	QUIET(111),
	IN(111, ACK, 1, 0, 1001),
	OUT(111, ACK, 1001, 1000, 1),
	/* Partial: the next hole at once (RFC 6582). */
	IN(161, ACK, 1, 0, 3001),
	OUT(161, ACK, 3001, 1000, 1),
	IN(211, ACK, 1, 0, 6001),
	QUIET(5000),
};

/* --- our SACK blocks: the newest first, none for what is in order --- */

static const struct script_step sack_of_ours[] = {
	IN(0, SYN, 0, 0, 0, .mss = 1000, .scale = 7, .sack_ok = true, .timestamps = true),
	OUT(0, SYN | ACK, 0, 0, 1),
	IN(20, ACK, 1, 0, 1),
	WRITE(20, 3000),
	OUT(20, ACK, 1, 988, 1, .count = 3),
	OUT(20, ACK, 2965, 36, 1),
	IN(40, ACK, 1, 500, 3001),
	IN(40, ACK, 1001, 500, 3001),
	OUT(40, ACK, 3001, 0, 501, .sack = {{1001, 1501}}),
	IN(41, ACK, 2001, 500, 3001),
	OUT(41, ACK, 3001, 0, 501, .sack = {{2001, 2501}, {1001, 1501}}),
	IN(42, ACK, 501, 500, 3001),
	OUT(42, ACK, 3001, 0, 1501, .sack = {{2001, 2501}}),
	IN(43, ACK, 1501, 500, 3001),
	OUT(43, ACK, 3001, 0, 2501),
	READ(43, 2500),
};

/* What came twice is told once (RFC 2883), even where the next acknowledgement says more. */
static const struct script_step duplicates[] = {
	CONNECTED(.scale = 7, .sack_ok = true),
	IN(100, ACK, 1, 1000, 1),
	IN(100, ACK, 1001, 1000, 1),
	OUT(100, ACK, 1, 0, 2001),
	READ(100, 2000),
	IN(110, ACK, 1, 1000, 1, .batch = true),
	IN(110, ACK, 1501, 1000, 1),
	OUT(110, ACK, 1, 0, 2001, .sack = {{1, 1001}}),
	OUT(110, ACK, 1, 0, 2501, .sack = {{1501, 2001}}),
	READ(110, 500),
	IN(120, ACK, 3001, 1000, 1),
	OUT(120, ACK, 1, 0, 2501, .sack = {{3001, 4001}}),
	IN(121, ACK, 3501, 500, 1),
	OUT(121, ACK, 1, 0, 2501, .sack = {{3501, 4001}, {3001, 4001}}),
	IN(122, ACK, 2501, 500, 1),
	OUT(122, ACK, 1, 0, 4001),
	READ(122, 1500),
	QUIET(1000),
};

/* Data carry the blocks that fit; what had no room follows at once only if nobody has heard of it. */
static const struct script_step blocks_with_data[] = {
	CONNECTED(.scale = 7, .sack_ok = true, .timestamps = true),
	IN(100, ACK, 1001, 1000, 1),
	OUT(100, ACK, 1, 0, 1, .sack = {{1001, 2001}}),
	WRITE(110, 900 + 988),
	OUT(110, ACK, 1, 988, 1),
	OUT(110, ACK, 989, 900, 1, .sack = {{1001, 2001}}),
	IN(160, ACK, 1, 1000, 1889),
	OUT(160, ACK, 1889, 0, 2001),
	READ(160, 2000),
	WRITE(170, 988),
	OUT(170, ACK, 1889, 988, 2001),
	/* It is repeated as it was. */
	OUT(420, ACK, 1889, 988, 2001),
	IN(470, ACK, 2001, 0, 2877),
	QUIET(2000),
};

/* --- a script that is wrong fails: too early, too late, something else, something more --- */

static const struct script_step too_early[] = {DIAL(0), OUT(1, SYN, 0, 0, 0)};
static const struct script_step too_late[] = {CONNECTED(.scale = 7), WRITE(60, 10), OUT(59, ACK, 1, 10, 1)};
static const struct script_step other_number[] = {CONNECTED(.scale = 7), WRITE(60, 10), OUT(60, ACK, 2, 10, 1)};
static const struct script_step other_length[] = {CONNECTED(.scale = 7), WRITE(60, 10), OUT(60, ACK, 1, 11, 1)};
static const struct script_step other_flags[] = {CONNECTED(.scale = 7), WRITE(60, 10), OUT(60, FIN | ACK, 1, 10, 1)};
static const struct script_step none_expected[] = {CONNECTED(.scale = 7), WRITE(60, 10), QUIET(61)};
static const struct script_step none_at_the_end[] = {CONNECTED(.scale = 7), WRITE(60, 10)};
static const struct script_step never_comes[] = {CONNECTED(.scale = 7), OUT(60, ACK, 1, 10, 1)};
static const struct script_step no_such_blocks[] = {CONNECTED(.scale = 7, .sack_ok = true), IN(60, ACK, 11, 10, 1),
						    OUT(60, ACK, 1, 0, 1)};
static const struct script_step not_so_many_bytes[] = {CONNECTED(.scale = 7), IN(60, ACK, 1, 10, 1), READ(60, 11)};
static const struct script_step has_not_failed[] = {CONNECTED(.scale = 7), ENDS(60, CAUSE_RESET)};

static void test_wrong_scripts_fail(void **state)
{
	static const struct script wrong[] = {
		SCRIPT(too_early), SCRIPT(too_late), SCRIPT(other_number), SCRIPT(other_length),
		SCRIPT(other_flags), SCRIPT(none_expected), SCRIPT(none_at_the_end), SCRIPT(never_comes),
		SCRIPT(no_such_blocks), SCRIPT(not_so_many_bytes), SCRIPT(has_not_failed),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(script_run(&wrong[i]));
}

static void run(void **state)
{
	assert_true(script_run(*state));
}

int main(void)
{
	static struct script scripts[] = {
		SCRIPT(data_and_acks), SCRIPT(paced), SCRIPT(timeout_and_backoff), SCRIPT(probe_of_the_tail), SCRIPT(lost_by_three),
		SCRIPT(lost_by_time), SCRIPT(without_sack), SCRIPT(sack_of_ours),
		SCRIPT(duplicates), SCRIPT(blocks_with_data),
		{.name = "numbers wrap", .steps = sack_of_ours, .count = ARRAY_LEN(sack_of_ours), .wraps_after = 1500,
		 .peer_iss = 0xfffffe00},
	};
	struct CMUnitTest tests[ARRAY_LEN(scripts) + 1] = {{0}};

	for (size_t i = 0; i < ARRAY_LEN(scripts); i++)
		tests[i] = (struct CMUnitTest){scripts[i].name, run, NULL, NULL, &scripts[i]};
	tests[ARRAY_LEN(scripts)] = (struct CMUnitTest)cmocka_unit_test(test_wrong_scripts_fail);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
