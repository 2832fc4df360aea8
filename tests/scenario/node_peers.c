/*
 * A peer goes while it is in use: in every state of a dial, an attempt, a handshake, a relay and a queued packet it
 * is removed, removed with another one that takes over its addresses, or removed and added again. Whatever it was,
 * those who waited go on with the peer that has the address, or learn that there is none; nothing is left of
 * it, and a new client is served. Meant for the address sanitizer as well.
 */
#include "support/sim_node.h"

#include "wg/session.h"

#define TRIP (2 * SIM_WAY_MS)
#define DIAL_LIMIT_MS NODE_CONNECT_TIMEOUT_MS_DEFAULT

static struct io_sock *client;
static bool by_name;	/* it has asked for a name */

/* --- states --- */

enum after {
	GOES_ON,	/* a dial: it goes on with whoever has the address */
	ENDS,		/* a connection: it ends at once */
	NOBODY,		/* there is no client to look at */
};

static void up(void)
{
	world_run(100);
	assert_true(world.up);
}

static void ask(uint16_t port, const char *target)
{
	char request[200];

	client = sim_connect(port);
	assert_non_null(client);
	by_name = strstr(target, ".test") != NULL;
	snprintf(request, sizeof(request), "CONNECT %s:80 HTTP/1.1\r\nHost: a\r\n\r\n", target);
	client_text(client, request);
}

static void dial_is_new(void)
{
	up();
	ask(PORT_HTTP, "10.0.0.1");
	(void)sim_socks_deliver();	/* no flush since */
}

static void dial_waits_for_the_session(void)
{
	far_side.fars[0].deaf = true;
	ask(PORT_HTTP, "10.0.0.1");
	world_run(1000);
}

static void dial_waits_for_the_name_server(void)
{
	far_side.fars[0].deaf = far_side.fars[1].deaf = true;
	ask(PORT_HTTP, "a.test");
	world_run(1000);
	far_side.fars[1].deaf = false;
}

static void initiation_is_on_its_way(void)
{
	ask(PORT_HTTP, "10.0.0.1");
	world_run(5 + SIM_WAY_MS / 2);	/* peers start 5 ms apart */
}

static void response_is_on_its_way(void)
{
	ask(PORT_HTTP, "10.0.0.1");
	world_run(5 + SIM_WAY_MS + SIM_WAY_MS / 2);
}

static void session_is_there_and_not_told(void)
{
	ask(PORT_HTTP, "10.0.0.1");
	world_run(5 + TRIP - 1);
	world.loop.now = boot_add_ms(world.loop.now, 1);
	world_land();	/* its event waits for the flush */
}

static void question_is_on_its_way(void)
{
	up();
	ask(PORT_HTTP, "a.test");
	world_run(SIM_WAY_MS / 2);
}

static void answer_has_arrived(void)
{
	up();
	ask(PORT_HTTP, "a.test");
	world_run(TRIP - 1);
	world.loop.now = boot_add_ms(world.loop.now, 1);
	world_land();
}

static void attempt_connects(void)
{
	up();
	ask(PORT_HTTP, "10.0.0.1");
	world_run(SIM_WAY_MS / 2);
}

static void attempts_race(void)
{
	up();
	ask(PORT_HTTP, "both.test");
	world_run(TRIP + 300);
}

static void relay_is_open(void)
{
	up();
	ask(PORT_HTTP, "10.0.0.1");
	world_run(TRIP + 10);
	assert_true(buf_len(&client->out) > 0);
}

static void relay_has_unsent_bytes(void)
{
	relay_is_open();
	client_text(client, "some bytes");
	(void)sim_socks_deliver();
}

static void relay_has_unacknowledged_bytes(void)
{
	relay_is_open();
	client_text(client, "some bytes");
	world_run(SIM_WAY_MS / 2);
}

static void relay_has_received_packets(void)
{
	relay_is_open();
	client_text(client, "x");
	world_run(TRIP);
	sim_conn_send(&far_side.conns[far_side.conn_count - 1], RAW_ACK | RAW_PSH, "an answer");
	world_run(SIM_WAY_MS - 1);
	world.loop.now = boot_add_ms(world.loop.now, 1);
	world_land();
}

static void packet_waits_for_a_session(void)
{
	relay_is_open();
	far_side.fars[0].deaf = true;
	world_freeze(WG_REJECT_AFTER_TIME_MS + 1000);
	client_text(client, "some bytes");
	world_run(100);
}

static void socket_is_full(void)
{
	relay_is_open();
	sim_net.full = true;
	client_text(client, "some bytes");
	world_run(100);
}

static void peer_is_away(void)
{
	relay_is_open();
	far_side.fars[0].deaf = true;
	client_text(client, "some bytes");
	world_run(40000);
	assert_said("1 open connection is kept");
}

static void exchange_is_under_way(void)
{
	up();
	client = sim_connect(PORT_HTTP);
	client_text(client, "GET http://10.0.0.1/ HTTP/1.1\r\nHost: a\r\n\r\n");
	world_run(TRIP + SIM_WAY_MS);
	assert_int_equal(far_side.conn_count, 1);
	sim_conn_send(&far_side.conns[0], RAW_ACK | RAW_PSH, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
	world_run(TRIP);
}

static void somebody_connects_to_us(int target)
{
	up();
	sim_socks.target = target;
	sim_far_dial(&far_side.fars[0], "10.0.0.7", NEAR_V4, PORT_PUBLISHED);
	world_run(SIM_WAY_MS + 5);
	client = sim_socks.connected;
	assert_non_null(client);
}

static void published_target_is_asked(void)
{
	somebody_connects_to_us(ERR_AGAIN);
}

static void published_connection_is_open(void)
{
	somebody_connects_to_us(0);
	world_run(TRIP);
	client_text(client, "hello");
	world_run(TRIP);
	assert_int_equal(far_side.conns[0].got_len, 5);
}

static void syn_has_arrived(void)
{
	up();
	sim_far_dial(&far_side.fars[0], "10.0.0.7", NEAR_V4, PORT_PUBLISHED);
	world_run(SIM_WAY_MS - 1);
	world.loop.now = boot_add_ms(world.loop.now, 1);
	world_land();
}

static void drain_waits_for_a_relay(void)
{
	relay_is_open();
	node_drain(world.node);
	world_settle();
}

static void peer_has_just_been_added(void)
{
}

static const struct state {
	const char *name;
	void (*reach)(void);
	enum after after;
} states[] = {
	{"just added", peer_has_just_been_added, NOBODY},
	{"new dial", dial_is_new, GOES_ON},
	{"dial waits for the session", dial_waits_for_the_session, GOES_ON},
	{"dial waits for the name server's session", dial_waits_for_the_name_server, GOES_ON},
	{"initiation on its way", initiation_is_on_its_way, GOES_ON},
	{"response on its way", response_is_on_its_way, GOES_ON},
	{"session not told", session_is_there_and_not_told, GOES_ON},
	{"question on its way", question_is_on_its_way, GOES_ON},
	{"answer has arrived", answer_has_arrived, GOES_ON},
	{"attempt connects", attempt_connects, GOES_ON},
	{"attempts race", attempts_race, GOES_ON},
	{"relay open", relay_is_open, ENDS},
	{"relay with unsent bytes", relay_has_unsent_bytes, ENDS},
	{"relay with unacknowledged bytes", relay_has_unacknowledged_bytes, ENDS},
	{"relay with received packets", relay_has_received_packets, ENDS},
	{"packet waits for a session", packet_waits_for_a_session, ENDS},
	{"socket full", socket_is_full, ENDS},
	{"peer away", peer_is_away, ENDS},
	{"exchange under way", exchange_is_under_way, ENDS},
	{"published target asked", published_target_is_asked, NOBODY},
	{"published connection open", published_connection_is_open, ENDS},
	{"SYN has arrived", syn_has_arrived, NOBODY},
	{"drain waits for a relay", drain_waits_for_a_relay, ENDS},
};

/* --- what becomes of the peer --- */

static void add(size_t index)
{
	struct fault fault;

	assert_int_equal(node_add_peer(world.node, index, &fault), 0);
}

static void removed(void)
{
	node_remove_peer(world.node, PEER_FIRST);
}

/* The other one is new to the device, so that it takes the addresses; in either order. */
static void replaced(void)
{
	node_remove_peer(world.node, PEER_FIRST);
	node_remove_peer(world.node, PEER_HEIR);
	add(PEER_HEIR);
}

static void taken_over(void)
{
	node_remove_peer(world.node, PEER_HEIR);
	add(PEER_HEIR);
	node_remove_peer(world.node, PEER_FIRST);
}

static void added_again(void)
{
	node_remove_peer(world.node, PEER_FIRST);
	add(PEER_FIRST);
}

static const struct action {
	const char *name;
	void (*act)(void);
	int owner;	/* of the addresses, afterwards: a far, or -1 */
} actions[] = {
	{"removed", removed, -1},
	{"replaced", replaced, 1},
	{"taken over", taken_over, 1},
	{"added again", added_again, 0},
};

/* --- what is expected --- */

static bool starts_with(const struct io_sock *sock, const char *text)
{
	return buf_len(&sock->out) >= strlen(text) && memcmp(buf_data(&sock->out), text, strlen(text)) == 0;
}

static bool client_is_answered(void)
{
	return !sim_sock_is_open(client) || buf_len(&client->out) > 0;
}

static void expect_dial(const struct action *a)
{
	uint64_t ms = 0;

	while (!client_is_answered() && ms <= DIAL_LIMIT_MS) {
		world_run(100);
		ms += 100;
	}
	assert_true(sim_sock_is_open(client));
	/* An address that nobody has is known at once; a name server gets some seconds. */
	if (a->owner < 0 && !by_name) {
		assert_true(starts_with(client, "HTTP/1.1 403"));
		assert_in_range(ms, 0, 100);
		return;
	}
	if (a->owner < 0) {
		assert_true(starts_with(client, "HTTP/1.1 403") || starts_with(client, "HTTP/1.1 50"));
		assert_in_range(ms, 0, 11000);
		return;
	}
	assert_true(starts_with(client, "HTTP/1.1 200"));
	client_text(client, "x");
	world_run(TRIP);
	assert_ptr_equal(far_side.conns[far_side.conn_count - 1].via, &far_side.fars[a->owner]);
	assert_int_equal(far_side.conns[far_side.conn_count - 1].got_len, 1);
}

static void expect_end(void)
{
	world_settle();
	if (sim_sock_is_open(client))
		client->ends |= IO_END;
	world_run(3000);
	assert_false(sim_sock_is_open(client));
}

static void close_all(void)
{
	for (struct list *l = sim_socks.all.next; l != &sim_socks.all; l = l->next)
		LIST_ENTRY(l, struct io_sock, link)->ends |= IO_END | IO_RESET;
	world_run(12000);
	assert_true(list_empty(&sim_socks.all));
}

/* A new client is served, whatever has been; behind the removed peer nothing arrives any more. */
static void expect_service(const struct action *a)
{
	unsigned heard = far_side.fars[0].heard;

	ask(PORT_HTTP, "10.0.0.1");
	expect_dial(a);
	if (a->owner != 0)
		assert_int_equal(far_side.fars[0].heard, heard);
}

static void try_one(const struct state *s, const struct action *a)
{
	print_message("  %s: %s\n", s->name, a->name);
	world_init(1);
	sim_host_add("10.0.0.1", SIM_HOST_ACCEPTS);
	far_side.names[0] = (struct sim_name){.name = "a.test", .addrs = {sim_addr("10.0.0.1")}};
	far_side.names[1] = (struct sim_name){
		.name = "both.test", .addrs = {sim_addr("10.0.0.9"), sim_addr("fd00::9"), sim_addr("10.0.0.1")},
	};
	sim_socks.target = 0;
	assert_int_equal(world_start(), 0);
	client = NULL;
	s->reach();
	a->act();
	far_side.fars[0].deaf = false;
	sim_net.full = false;
	if (s->after == GOES_ON)
		expect_dial(a);
	else if (s->after == ENDS)
		expect_end();
	else
		world_run(1000);
	close_all();
	if (s->reach != drain_waits_for_a_relay) {
		expect_service(a);
		close_all();
		node_drain(world.node);
	}
	world_run(60000);
	assert_true(world.drained);
	node_log_status(world.node);
	world_fini();
}

static void test_a_peer_may_go_in_every_state(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		for (size_t k = 0; k < ARRAY_LEN(actions); k++)
			try_one(&states[i], &actions[k]);
	}
}

/* Its packets were opened before it went; nobody asks the local target for it. */
static void test_what_has_arrived_from_a_removed_peer_is_dropped(void **state)
{
	(void)state;
	for (unsigned gone = 0; gone < 2; gone++) {
		world_init(1);
		assert_int_equal(world_start(), 0);
		syn_has_arrived();
		if (gone)
			node_remove_peer(world.node, PEER_FIRST);
		world_settle();
		assert_int_equal(sim_socks.connected == NULL, gone);
		world_fini();
	}
}

/* Its endpoint is still being looked up. */
static void test_a_peer_may_go_before_its_endpoint_is_known(void **state)
{
	(void)state;
	world_init(1);
	strcpy(world.config.peers[PEER_FIRST].endpoint_host, "peer.test");
	sim_host_names[0] = (struct sim_host_name){"peer.test", sim_addr("192.0.2.1"), 5000};
	assert_int_equal(world_start(), 0);
	world_run(100);
	assert_int_equal(sim_lookups, 1);
	node_remove_peer(world.node, PEER_FIRST);
	world_run(10000);
	assert_false(sim_net.count > 0);
	add(PEER_FIRST);
	world_run(6000);
	assert_int_equal(sim_lookups, 2);
	assert_true(world.up);
	node_remove_peer(world.node, PEER_FIRST);
	node_remove_peer(world.node, PEER_FIRST);
	world_fini();
}

/* The log speaks of ten peers that do not answer, not of ten that ever were. */
static void test_a_removed_peer_is_none_of_those_that_do_not_answer(void **state)
{
	(void)state;
	world_init(1);
	far_side.fars[0].deaf = true;
	assert_int_equal(world_start(), 0);
	for (unsigned i = 0; i < 12; i++) {
		world.said[0] = '\0';
		world_run(6000);
		assert_said("no answer from 192.0.2.1:51820 to 1 handshake");
		node_remove_peer(world.node, PEER_FIRST);
		add(PEER_FIRST);
	}
	world_fini();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_peer_may_go_in_every_state),
		cmocka_unit_test(test_what_has_arrived_from_a_removed_peer_is_dropped),
		cmocka_unit_test(test_a_removed_peer_is_none_of_those_that_do_not_answer),
		cmocka_unit_test(test_a_peer_may_go_before_its_endpoint_is_known),
	};

	return cmocka_run_group_tests(tests, setup_crypto, NULL);
}
