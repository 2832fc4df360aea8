/*
 * The life of a whole node in simulated time while each of its allocations in turn fails: it does not start, or it
 * lives on, and what failed for one client works for the next; nothing is left behind.
 */
#include "support/alloc_turn.h"
#include "support/sim_node.h"

#define TRIP (2 * SIM_WAY_MS)
#define TURNS_MAX 20000

static bool asks_name(uint16_t port)
{
	return port == PORT_HTTP || port == PORT_MIXED;
}

/* A client that asks for a host by address or name, says something, and hears something. */
static struct io_sock *client_begin(uint16_t port)
{
	static const char socks[] = "\5\1\0\5\1\0\1\12\0\0\1\0\120";
	static const char http[] = "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n";
	struct io_sock *client = sim_connect(port);

	if (client && asks_name(port))
		client_text(client, http);
	else if (client && port == PORT_SOCKS)
		client_send(client, socks, sizeof(socks) - 1);
	return client;
}

static void hosts_answer(void)
{
	for (unsigned i = 0; i < far_side.conn_count; i++) {
		if (far_side.conns[i].open && !far_side.conns[i].reset && far_side.conns[i].snd == SIM_HOST_ISS + 1)
			sim_conn_send(&far_side.conns[i], RAW_ACK | RAW_PSH, "HTTP/1.1 204 No\r\n\r\n");
	}
}

static void close_all(void)
{
	for (struct list *l = sim_socks.all.next; l != &sim_socks.all; l = l->next)
		LIST_ENTRY(l, struct io_sock, link)->ends |= IO_END | IO_RESET;
	world_run(5000);
	assert_true(list_empty(&sim_socks.all));
}

/* Whether a client gets what it asks for. */
static void expect_service(void)
{
	struct io_sock *client = client_begin(PORT_SOCKS);

	assert_non_null(client);
	world_run(31000);
	assert_true(sim_sock_is_open(client));
	assert_in_range(buf_len(&client->out), 12, 100);
	assert_int_equal(buf_data(&client->out)[3], 0);
}

static void use_everything(void)
{
	static const uint16_t ports[] = {PORT_SOCKS, PORT_HTTP, PORT_MIXED, PORT_FORWARD};
	struct fault fault;

	for (size_t i = 0; i < ARRAY_LEN(ports); i++)
		(void)client_begin(ports[i]);
	world_run(200);
	sim_own++;
	sim_far_dial(&far_side.fars[0], "10.0.0.7", NEAR_V4, PORT_PUBLISHED);
	hosts_answer();
	sim_own--;
	world_run(200);
	/* Some wait for the peer when it goes. */
	(void)client_begin(PORT_SOCKS);
	(void)client_begin(PORT_HTTP);
	node_remove_peer(world.node, PEER_FIRST);
	world_run(200);
	node_remove_peer(world.node, PEER_HEIR);
	if (node_add_peer(world.node, PEER_FIRST, &fault))
		assert_string_not_equal(fault.text, "");
	(void)client_begin(PORT_HTTP);
	world_run(31000);
	close_all();
}

/* 0, or why the node did not start. */
static int live(void)
{
	struct fault fault;
	int err;

	world_init(1);
	sim_own++;
	sim_host_add("10.0.0.1", SIM_HOST_ACCEPTS);
	sim_host_add(FORWARD_HOST, SIM_HOST_ACCEPTS);
	far_side.names[0] = (struct sim_name){.name = "a.test", .addrs = {sim_addr("10.0.0.1")}};
	sim_own--;
	err = world_start();
	if (!err) {
		use_everything();
		alloc_countdown = -1;
		/* Untouched, all of them are served, the published port included. */
		if (!alloc_failed)
			assert_int_equal(far_side.conn_count, 7);
		/* If that is what failed. */
		assert_int_equal(node_add_peer(world.node, PEER_FIRST, &fault), 0);
		world_run(200);
		expect_service();
		close_all();
		node_drain(world.node);
		world_run(60000);
		assert_true(world.drained);
	}
	world_fini();
	return err;
}

static void test_each_failed_allocation_is_survived(void **state)
{
	long turn, before;

	(void)state;
	/* What is kept for ever is there after the first time. */
	assert_int_equal(live(), 0);
	before = alloc_live;
	alloc_failed = true;
	for (turn = 0; alloc_failed; turn++) {
		int err;

		assert_true(turn < TURNS_MAX);
		alloc_failed = false;
		alloc_countdown = turn;
		err = live();
		alloc_countdown = -1;
		if (err && (err != ERR_NOMEM || !alloc_failed))
			fail_msg("allocation %ld: error %d", turn, err);
		if (alloc_live != before)
			fail_msg("allocation %ld: %ld left", turn, alloc_live - before);
	}
	print_message("%ld allocations\n", turn - 1);
	assert_true(turn > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_failed_allocation_is_survived),
	};

	return cmocka_run_group_tests(tests, setup_crypto, NULL);
}
