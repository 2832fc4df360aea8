/*
 * What waits inside this process: for room in the UDP socket, or for a session of WireGuard. In simulated time, over
 * a path of 50 ms without loss: whatever is sent twice, or measured too long, is our own fault.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "net/core.h"
#include "net/stream_core.h"
#include "support/path_lab.h"

#define RTT_MS 50
#define RTT_MOST_MS 60		/* what the waits end with, and the peer's clock ticks, included */

static const enum net_congestion both[] = {NET_CUBIC, NET_BBR};

static struct lab_plan plan_of(enum net_congestion congestion)
{
	return (struct lab_plan){
		.congestion = congestion,
		.up = {.delay_ns = RTT_MS * NS_PER_MS / 2},
		.down = {.delay_ns = RTT_MS * NS_PER_MS / 2},
		.flow_count = 1,
		.seed = 1,
	};
}

static void assert_nothing_was_repeated(const struct lab *lab)
{
	for (unsigned i = 0; i < lab->plan.flow_count; i++) {
		const struct cc_stats *stats = &lab->flows[i].s->cc.stats;

		assert_int_equal(stats->timeouts, 0);
		assert_int_equal(stats->repeats, 0);
		assert_int_equal(stats->recoveries, 0);
		assert_int_equal(lab->flows[i].peer.stats.needless, 0);
	}
}

static void assert_times_are_the_paths(const struct lab *lab)
{
	const struct rtt *rtt = &lab->flows[0].s->cc.rtt;

	assert_true(rtt->smoothed_ns < RTT_MOST_MS * NS_PER_MS);
	assert_true(rtt_min(rtt, lab->now) >= RTT_MS * NS_PER_MS);
}

/* Who draws lots must not draw those of its neighbours; who draws none costs the system no call. */
static void test_a_seed_of_its_own_for_those_who_draw(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(both); i++) {
		struct lab_plan plan = plan_of(both[i]);
		struct lab *lab;

		plan.flow_count = 2;
		lab = lab_new(&plan);
		lab_run(lab, RTT_MS + RTT_MS / 2);
		assert_int_equal(lab->flows[0].s->cc.seed != 0, both[i] == NET_BBR);
		assert_int_equal(lab->flows[0].s->cc.seed != lab->flows[1].s->cc.seed, both[i] == NET_BBR);
		lab_free(lab);
	}
}

/* --- staged for a session --- */

static void test_a_first_flight_that_waits_for_a_session(void **state)
{
	static const uint64_t waits_ms[] = {100, 500, 5000};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(both) * ARRAY_LEN(waits_ms); i++) {
		struct lab_plan plan = plan_of(both[i % ARRAY_LEN(both)]);
		uint64_t ms = waits_ms[i / ARRAY_LEN(both)];
		struct lab *lab;

		plan.flows[0] = (struct lab_flow_plan){.rest_at_ms = 1, .rest_ms = 1999};
		plan.stage_at_ms = 1000;
		plan.stage_ms = 1000 + ms;
		lab = lab_new(&plan);
		lab_run(lab, 2000 + ms - 1);
		/* No more than its share. */
		assert_true(lab->staged_count > 0);
		assert_true(lab->flows[0].s->waits.bytes <=
			    2 * lab->flows[0].s->cc.pacer.quantum + lab->plan.mtu);
		assert_int_equal(lab->flows[0].peer.stats.bytes, 0);
		/* The rest of the initial window follows at once. */
		lab_run(lab, 2000 + ms + 1);
		assert_int_equal(lab->flows[0].s->cc.sb.count, CC_INITIAL_SEGMENTS);
		lab_run(lab, 2000 + ms + RTT_MS + 1);
		assert_nothing_was_repeated(lab);
		assert_times_are_the_paths(lab);
		assert_int_equal(lab->flows[0].s->cc.stats.probes, 0);
		lab_run(lab, 2000 + ms + 1000);
		assert_nothing_was_repeated(lab);
		assert_true(lab->flows[0].peer.stats.bytes > 1000000);
		lab_free(lab);
	}
}

static void test_a_session_renewed_in_the_midst_of_an_upload(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(both); i++) {
		struct lab_plan plan = plan_of(both[i]);
		struct lab *lab;

		plan.up.rate = 20000000;
		plan.up.queue_max = 1 << 20;
		plan.flows[0].to_send = 600000;
		plan.stage_at_ms = 300;
		plan.stage_ms = 400;
		lab = lab_new(&plan);
		lab_run(lab, 5000);
		assert_nothing_was_repeated(lab);
		assert_int_equal(lab->flows[0].peer.stats.bytes, 600000);
		lab_free(lab);
	}
}

/* --- a socket without room --- */

/* The socket takes nothing for so long; what it has taken has left. */
static void stall(struct lab *lab, uint64_t ms)
{
	lab->socket_free = boot_add_ms(lab->now, ms);
	lab->socket_full = true;
}

static void test_a_socket_that_takes_nothing_for_a_while(void **state)
{
	static const uint64_t stalls_ms[] = {30, 500, 3000};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(both) * ARRAY_LEN(stalls_ms); i++) {
		struct lab_plan plan = plan_of(both[i % ARRAY_LEN(both)]);
		uint64_t ms = stalls_ms[i / ARRAY_LEN(both)];
		struct lab *lab;

		plan.socket = (struct lab_socket){.rate = 100000000, .max = 16384};
		lab = lab_new(&plan);
		lab_run(lab, 2000);
		stall(lab, ms);
		lab_run(lab, 2000 + ms - 2);
		assert_true(lab->flows[0].s->waits.bytes <=
			    2 * lab->flows[0].s->cc.pacer.quantum + lab->plan.mtu);
		assert_true(lab->stack->out.count < 128);
		lab_run(lab, 2000 + ms + 1000);
		assert_nothing_was_repeated(lab);
		assert_times_are_the_paths(lab);
		lab_free(lab);
	}
}

/* What has left of a pass is acknowledged long before the rest of it leaves. */
static void test_a_socket_that_is_full_in_the_midst_of_a_pass(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(both); i++) {
		struct lab_plan plan = plan_of(both[i]);
		struct lab *lab;

		plan.socket = (struct lab_socket){.rate = 100000000, .max = 8192};
		lab = lab_new(&plan);
		lab_run(lab, 2000);
		while (!lab->socket_full || lab->stack->out.count < 2)
			lab_step(lab, BOOT_NEVER);
		stall(lab, 300);
		lab_run(lab, 3000);
		assert_nothing_was_repeated(lab);
		lab_free(lab);
	}
}

static void test_streams_take_turns(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(both); i++) {
		struct lab_plan plan = plan_of(both[i]);
		struct lab *lab;
		uint64_t least = UINT64_MAX, most = 0;

		plan.socket = (struct lab_socket){.rate = 50000000, .max = 65536};
		plan.flow_count = 4;
		lab = lab_new(&plan);
		lab_run(lab, 10000);
		assert_nothing_was_repeated(lab);
		for (unsigned f = 0; f < plan.flow_count; f++) {
			uint64_t bytes = lab_flow_bytes(lab, f);

			least = bytes < least ? bytes : least;
			most = bytes > most ? bytes : most;
		}
		assert_true(least * 2 > most);
		assert_true(4 * most > 50000000);
		lab_free(lab);
	}
}

/* --- streams that end meanwhile --- */

static void test_a_stream_may_end_while_its_packets_wait(void **state)
{
	(void)state;
	for (unsigned staged = 0; staged < 2; staged++) {
		struct lab_plan plan = plan_of(NET_CUBIC);
		struct lab *lab;
		struct net_out out;

		plan.socket = (struct lab_socket){.rate = 100000000, .max = 16384};
		if (staged) {
			plan.stage_at_ms = 1000;
			plan.stage_ms = 5000;
		}
		lab = lab_new(&plan);
		lab_run(lab, 1000);
		if (!staged)
			stall(lab, 5000);
		lab_run(lab, 1500);
		assert_true(lab->flows[0].s->waits.count > 0);
		assert_true(staged ? lab->staged_count > 0 : lab->stack->out.count > 0);
		net_stream_abort(lab->flows[0].s);
		lab->flows[0].s = NULL;
		net_stack_left(lab->stack, lab->now, 1);
		while (net_stack_output(lab->stack, lab->now, &out))
			net_out_drop(lab->stack, &out);
		lab_free(lab);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_seed_of_its_own_for_those_who_draw),
		cmocka_unit_test(test_a_first_flight_that_waits_for_a_session),
		cmocka_unit_test(test_a_session_renewed_in_the_midst_of_an_upload),
		cmocka_unit_test(test_a_socket_that_takes_nothing_for_a_while),
		cmocka_unit_test(test_a_socket_that_is_full_in_the_midst_of_a_pass),
		cmocka_unit_test(test_streams_take_turns),
		cmocka_unit_test(test_a_stream_may_end_while_its_packets_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
