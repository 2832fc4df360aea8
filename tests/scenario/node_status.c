/* What the log says of a node when it is asked, in simulated time: peers that were up, dials that failed, lines without a count. */
#include "support/sim_node.h"

#include "wg/session.h"
#include "wg/timers.h"

#define TRIP (2 * SIM_WAY_MS)

static int begin(void **state)
{
	(void)state;
	world_init(1);
	sim_host_add("10.0.0.1", SIM_HOST_ACCEPTS);
	sim_host_add("10.0.0.2", SIM_HOST_REFUSES);
	assert_int_equal(world_start(), 0);
	world_run(100);
	assert_true(world.up);
	return 0;
}

static int end(void **state)
{
	(void)state;
	world_fini();
	return 0;
}

static void ask(void)
{
	world.said[0] = '\0';
	node_log_status(world.node);
}

static void socks_ask(uint8_t host)
{
	const uint8_t request[] = {5, 1, 0, 5, 1, 0, 1, 10, 0, 0, host, 0, 80};
	struct io_sock *client = sim_connect(PORT_SOCKS);

	assert_non_null(client);
	client_send(client, request, sizeof(request));
}

static void test_a_line_for_each_section(void **state)
{
	static const char *const lines[] = {
		"last handshake 0 s ago, last heard 0 s ago, received ",
		"\nlistener 127.0.0.1:1080: 0 open connections, 0 of at most 20 places taken, "
		"0 closed that had asked for nothing yet\n",
		"\ninbound port 80: 0 open connections of at most 10\n",
		"\nname server answers dropped: none\n", "\nconnections ended: ", " outage=0; wrong passwords: 0\n",
		"\ndials that failed: none\n", "\nudp: port 51820, received ", "; dropped for it: sent 0, received 0 (of ",
		"\nwireguard drops:", "\nstack drops: none\n", "\nconnections ended by a failed check: none\n",
		"\nsent again: 0 segments in 0 recoveries and 0 time-outs, 0 of them needless; 0 tail probes, "
		"0 reductions taken back\n",
		"\nmemory: ", " 0 streams; windows promise 0 kB, 0 kB to be sent, budget ",
	};

	(void)state;
	ask();
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		assert_said(lines[i]);
}

static void test_dials_that_failed_by_cause(void **state)
{
	(void)state;
	socks_ask(1);
	socks_ask(2);
	socks_ask(2);
	socks_ask(9);
	world_run(NODE_CONNECT_TIMEOUT_MS_DEFAULT + 1000);
	ask();
	assert_said("\ndials that failed: refused=2 no_answer=1\n");
}

static void test_a_session_that_was_lost(void **state)
{
	(void)state;
	ask();
	assert_said(", session yes,");
	far_side.fars[0].deaf = true;
	world_run(WG_REJECT_AFTER_TIME_MS + 1000);
	ask();
	assert_said(", session no (was up, is down since ");
	assert_said(", session lost 1 times");
	far_side.fars[0].deaf = false;
	socks_ask(1);
	world_run(WG_REKEY_TIMEOUT_MS + 1000);
	ask();
	assert_said(", session yes,");
	assert_said(", session lost 1 times");
}

static void test_a_peer_that_roamed(void **state)
{
	(void)state;
	ask();
	assert_null(strstr(world.said, "roamed"));
	far_side.fars[0].at.port++;
	sim_far_dial(&far_side.fars[0], "10.0.0.7", NEAR_V4, 9);
	world_run(TRIP);
	ask();
	assert_said(", roamed 1 times");
}

static void test_a_peer_that_is_removed_is_not_shown(void **state)
{
	(void)state;
	node_remove_peer(world.node, PEER_FIRST);
	node_remove_peer(world.node, PEER_HEIR);
	world_run(1000);
	ask();
	assert_null(strstr(world.said, "endpoint"));
	assert_said("\nsent again: ");
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(test_a_line_for_each_section),
		IN_WORLD(test_dials_that_failed_by_cause),
		IN_WORLD(test_a_session_that_was_lost),
		IN_WORLD(test_a_peer_that_roamed),
		IN_WORLD(test_a_peer_that_is_removed_is_not_shown),
	};

	return cmocka_run_group_tests(tests, setup_crypto, NULL);
}
