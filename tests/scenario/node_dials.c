/*
 * Dials of a whole node in simulated time: by address and by name, with addresses that come late, and through a
 * tunnel that comes late, not at all, or goes. Times are exact: one way takes SIM_WAY_MS.
 */
#include "support/sim_node.h"

#include "dns/eyeballs.h"
#include "wg/messages.h"
#include "wg/timers.h"

#define TRIP (2 * SIM_WAY_MS)

static struct io_sock *client;

static int begin(void **state)
{
	(void)state;
	world_init(1);
	sim_host_add("10.0.0.1", SIM_HOST_ACCEPTS);
	sim_host_add("10.0.0.2", SIM_HOST_REFUSES);
	sim_host_add("fd00::1", SIM_HOST_ACCEPTS);
	sim_host_add("fd00::2", SIM_HOST_REFUSES);
	assert_int_equal(world_start(), 0);
	return 0;
}

static int end(void **state)
{
	(void)state;
	world_fini();
	return 0;
}

/* The handshake with the first peer is made. */
static void bring_up(void)
{
	world_run(100);
	assert_true(world.up);
}

static void socks_greet(void)
{
	client = sim_connect(PORT_SOCKS);
	client_send(client, "\5\1", 3);
	world_run(0);
	assert_true(client_got(client, "\5\0", 2));
	buf_consume(&client->out, 2);
}

static void socks_ask(const char *target)
{
	uint8_t request[64] = {5, 1, 0, 3, (uint8_t)strlen(target)};
	size_t len = 5 + strlen(target);
	struct addr a;

	socks_greet();
	if (!addr_parse(&a, target, strlen(target)) && a.family == ADDR_V4) {
		request[3] = 1;
		memcpy(request + 4, a.bytes, 4);
		len = 8;
	} else {
		memcpy(request + 5, target, strlen(target));
	}
	request[len++] = 0;
	request[len++] = 80;
	client_send(client, request, len);
	world_run(0);
}

/* The reply code; -1: no answer yet. */
static int socks_reply_code(void)
{
	return client && buf_len(&client->out) >= 2 ? buf_data(&client->out)[1] : -1;
}

/* Milliseconds until the answer, at most `max`. */
static uint64_t until_answer(uint64_t max)
{
	uint64_t ms = 0;

	while (socks_reply_code() < 0 && ms < max) {
		world_run(1);
		ms++;
	}
	return ms;
}

static void close_client(void)
{
	if (sim_sock_is_open(client))
		client->ends |= IO_END | IO_RESET;
	world_run(10);
	assert_true(list_empty(&sim_socks.all));
}

static void test_an_address_is_open_after_one_round_trip(void **state)
{
	(void)state;
	bring_up();
	socks_ask("10.0.0.1");
	assert_int_equal(until_answer(1000), TRIP);
	assert_int_equal(socks_reply_code(), 0);
	client_text(client, "hello");
	world_run(TRIP);
	assert_int_equal(far_side.conn_count, 1);
	assert_int_equal(far_side.conns[0].got_len, 5);
	sim_conn_send(&far_side.conns[0], RAW_ACK | RAW_PSH, "world");
	world_run(TRIP);
	assert_memory_equal(buf_data(&client->out) + 10, "world", 5);
	close_client();
	world_run(TRIP);
	assert_true(far_side.conns[0].reset);
}

/* Whatever it listens for: open after a round trip, bytes both ways, and an end from either side. */
static void test_every_listener_opens_relays_and_closes(void **state)
{
	static const struct {
		uint16_t port;
		const char *request;
		size_t len, answer_len;
	} cases[] = {
		{PORT_SOCKS, "\5\1\0\5\1\0\1\12\0\0\1\0\120", 13, 12},
		{PORT_SOCKS, "\4\1\0\120\12\0\0\1\0", 9, 8},
		{PORT_MIXED, "\5\1\0\5\1\0\1\12\0\0\1\0\120", 13, 12},
		{PORT_MIXED, "CONNECT 10.0.0.1:80 HTTP/1.1\r\nHost: a\r\n\r\n", 41, 39},
		{PORT_HTTP, "CONNECT 10.0.0.1:80 HTTP/1.1\r\nHost: a\r\n\r\n", 41, 39},
		{PORT_FORWARD, "", 0, 0},
	};

	(void)state;
	sim_host_add(FORWARD_HOST, SIM_HOST_ACCEPTS);
	bring_up();
	for (size_t i = 0; i < 2 * ARRAY_LEN(cases); i++) {
		struct sim_conn *c = &far_side.conns[i];
		bool client_first = i % 2;
		size_t k = i / 2;

		client = sim_connect(cases[k].port);
		client_send(client, cases[k].request, cases[k].len);
		world_run(TRIP);
		assert_int_equal(far_side.conn_count, i + 1);
		assert_int_equal(buf_len(&client->out), cases[k].answer_len);
		client_text(client, "there");
		sim_conn_send(c, RAW_ACK | RAW_PSH, "back");
		world_run(TRIP);
		assert_int_equal(c->got_len, 5);
		assert_memory_equal(buf_data(&client->out) + cases[k].answer_len, "back", 4);
		if (client_first)
			client->ends |= IO_END;
		else
			sim_conn_send(c, RAW_ACK | RAW_FIN, "");
		world_run(TRIP);
		assert_int_equal(c->fin, client_first);
		assert_int_equal(client->shut, !client_first);
		if (client_first)
			sim_conn_send(c, RAW_ACK | RAW_FIN, "");
		else
			client->ends |= IO_END;
		world_run(TRIP + 10);
		assert_true(c->fin && !c->reset);
		assert_true(list_empty(&sim_socks.all));
	}
}

/* --- by name --- */

/* The status of the answer to CONNECT; 0: none yet. */
static unsigned http_status(void)
{
	unsigned status = 0;

	if (client && buf_len(&client->out) >= 12)
		for (unsigned i = 9; i < 12; i++)
			status = status * 10 + buf_data(&client->out)[i] - '0';
	return status;
}

static void http_ask(const char *target)
{
	char request[200];

	snprintf(request, sizeof(request), "CONNECT %s:80 HTTP/1.1\r\nHost: a\r\n\r\n", target);
	client = sim_connect(PORT_HTTP);
	client_text(client, request);
	world_settle();
}

static uint64_t until_status(uint64_t max)
{
	uint64_t ms = 0;

	while (!http_status() && ms < max) {
		world_run(1);
		ms++;
	}
	return ms;
}

static struct sim_name *name_add(const char *name)
{
	unsigned i = 0;

	while (far_side.names[i].name)
		i++;
	far_side.names[i].name = name;
	return &far_side.names[i];
}

/* When the first address is open, and which. */
static void test_addresses_race_as_rfc_8305_says(void **state)
{
	static const struct {
		const char *v6, *v4;
		unsigned v6_ms, v4_ms;	/* the answers, so long after the question has arrived */
		unsigned opens_ms;
		const char *opened;
	} cases[] = {
		/* Both at once: IPv6. */
		{"fd00::1", "10.0.0.1", 0, 0, TRIP + TRIP, "fd00::1"},
		{NULL, "10.0.0.1", 0, 0, TRIP + TRIP, "10.0.0.1"},
		{"fd00::1", NULL, 0, 0, TRIP + TRIP, "fd00::1"},
		/* IPv6 comes within the resolution delay, and just behind it. */
		{"fd00::1", "10.0.0.1", 40, 0, TRIP + 40 + TRIP, "fd00::1"},
		{"fd00::1", "10.0.0.1", 60, 0, TRIP + DNS_RESOLUTION_DELAY_MS + TRIP, "10.0.0.1"},
		/* IPv6 waits for nobody. */
		{"fd00::1", "10.0.0.1", 0, 5000, TRIP + TRIP, "fd00::1"},
		/* The first is silent, or refuses. */
		{"fd00::9", "10.0.0.1", 0, 0, TRIP + DNS_ATTEMPT_DELAY_MS + TRIP, "10.0.0.1"},
		{"fd00::2", "10.0.0.1", 0, 0, TRIP + TRIP + TRIP, "10.0.0.1"},
		/* What comes late takes its turn. */
		{"fd00::1", "10.0.0.9", 100, 0,
		 TRIP + DNS_RESOLUTION_DELAY_MS + DNS_ATTEMPT_DELAY_MS + TRIP, "fd00::1"},
		{"fd00::1", "10.0.0.2", 500, 0, TRIP + 500 + TRIP, "fd00::1"},
		{"fd00::1", "10.0.0.9", 700, 0, TRIP + 700 + TRIP, "fd00::1"},
	};
	static const char *const names[] = {"a.test", "b.test", "c.test", "d.test", "e.test", "f.test",
					    "g.test", "h.test", "i.test", "j.test", "k.test"};

	(void)state;
	bring_up();
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct sim_name *name = &far_side.names[0];
		struct addr opened = sim_addr(cases[i].opened);
		unsigned n = 0;

		*name = (struct sim_name){.name = names[i], .v4_ms = cases[i].v4_ms, .v6_ms = cases[i].v6_ms};
		if (cases[i].v6)
			name->addrs[n++] = sim_addr(cases[i].v6);
		if (cases[i].v4)
			name->addrs[n++] = sim_addr(cases[i].v4);
		http_ask(names[i]);
		if (until_status(20000) != cases[i].opens_ms || http_status() != 200)
			fail_msg("case %zu: status %u", i, http_status());
		client_text(client, "x");
		world_run(TRIP);
		assert_true(addr_equal(&far_side.conns[far_side.conn_count - 1].host.addr, &opened));
		close_client();
		world_run(6000);
	}
}

static void test_a_failure_says_what_failed_and_when(void **state)
{
	static const struct {
		const char *target;
		unsigned after_ms, status;
		const char *text;
	} cases[] = {
		{"10.0.0.2", TRIP, 502, "connection refused"},
		{"192.168.0.1", 0, 403, "no peer's AllowedIPs hold this address"},
		{"127.0.0.1", 0, 403, "own, loopback"},
		{"10.0.0.9", NODE_CONNECT_TIMEOUT_MS_DEFAULT, 504, "no answer in 30 s"},
		{"unknown.test", TRIP, 502, "name not found"},
		{"refusing.test", TRIP + TRIP, 502, "connection refused"},
		/* Of two failures the one that tells more. */
		{"both.test", TRIP + TRIP, 502, "10.0.0.2: connection refused"},
	};

	(void)state;
	name_add("refusing.test")->addrs[0] = sim_addr("10.0.0.2");
	name_add("both.test")->addrs[0] = sim_addr("10.0.0.2");
	far_side.names[1].addrs[1] = sim_addr("192.168.0.1");
	bring_up();
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		http_ask(cases[i].target);
		if (until_status(60000) != cases[i].after_ms || http_status() != cases[i].status)
			fail_msg("%s: status %u", cases[i].target, http_status());
		sim_keep(&client->out, "", 1);	/* the end of the text */
		if (!strstr((const char *)buf_data(&client->out), cases[i].text))
			fail_msg("%s: %s", cases[i].target, (const char *)buf_data(&client->out));
		close_client();
		world_run(10000);
	}
}

/* --- a tunnel that is not there --- */

static void test_a_dial_waits_for_a_tunnel_that_comes_late(void **state)
{
	static const char *const targets[] = {"10.0.0.1", "late.test"};

	(void)state;
	name_add("late.test")->addrs[0] = sim_addr("10.0.0.1");
	for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
		far_side.fars[0].deaf = true;
		world_run(1);
		http_ask(targets[i]);
		world_run(7000);
		assert_int_equal(http_status(), 0);
		far_side.fars[0].deaf = false;
		/* The next initiation goes within REKEY_TIMEOUT and its jitter. */
		(void)until_status(WG_REKEY_TIMEOUT_MS + 400 + 3 * TRIP);
		assert_int_equal(http_status(), 200);
		close_client();
		node_remove_peer(world.node, PEER_FIRST);
		assert_int_equal(node_add_peer(world.node, PEER_FIRST, &(struct fault){0}), 0);
	}
}

static void test_a_dial_without_a_tunnel_ends_in_time_and_says_so(void **state)
{
	static const char *const targets[] = {"10.0.0.1", "some.test"};

	(void)state;
	far_side.fars[0].deaf = true;
	for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
		http_ask(targets[i]);
		assert_int_equal(until_status(60000), NODE_CONNECT_TIMEOUT_MS_DEFAULT);
		assert_int_equal(http_status(), 503);
		close_client();
		world_run(10000);
	}
}

/* The session has expired while the machine slept, and the peer does not know. */
static void test_after_a_freeze_a_dial_makes_a_new_session(void **state)
{
	(void)state;
	bring_up();
	world_freeze(8 * 3600 * 1000);
	world_run(0);
	http_ask("10.0.0.1");
	assert_in_range(until_status(60000), TRIP + TRIP, TRIP + TRIP + TRIP);
	assert_int_equal(http_status(), 200);
	close_client();
}

/* An hour, in which the session has expired on both sides and nothing was lost but time. */
static void test_an_open_connection_goes_on_after_a_freeze(void **state)
{
	static const uint64_t sleeps_ms[] = {60 * 1000, 3600 * 1000, 8 * 3600 * 1000};

	(void)state;
	bring_up();
	http_ask("10.0.0.1");
	until_status(1000);
	client_text(client, "x");
	world_run(TRIP);
	for (size_t i = 0; i < ARRAY_LEN(sleeps_ms); i++) {
		world_freeze(sleeps_ms[i]);
		world_run(0);
		client_text(client, "x");
		world_run(500);
		assert_int_equal(far_side.conns[0].got_len, 2 + i);
		assert_true(sim_sock_is_open(client));
	}
	assert_int_equal(far_side.conn_count, 1);
	close_client();
}

/* Frozen in the middle of a dial: its deadline has passed, and it is over at once. */
static void test_a_dial_does_not_outlive_its_deadline_by_a_freeze(void **state)
{
	(void)state;
	bring_up();
	http_ask("10.0.0.9");
	world_run(1000);
	world_freeze(60000);
	world_settle();
	assert_int_equal(http_status(), 504);
	close_client();
}

/* --- one wakeup goes all the way --- */

/* Wakeup after wakeup, until `what` holds: the last one is not repeated. */
static void pass_until(bool (*what)(void))
{
	unsigned passes = 0;

	while (!what()) {
		assert_true(++passes < 1000);
		if (world_next().ns > world.loop.now.ns)
			world.loop.now = world_next();
		world_pass();
	}
}

/* Datagrams of the node that are on their way and carry more than a header or an acknowledgement. */
static unsigned on_their_way(void)
{
	unsigned count = 0;

	for (unsigned i = 0; i < sim_net.count; i++)
		count += endpoint_equal(&sim_net.flights[i].src, &sim_net.near) && sim_net.flights[i].len > 96 &&
			 sim_net.flights[i].bytes[0] == WG_MSG_DATA;
	return count;
}

static bool tunnel_is_up(void)
{
	return world.up;
}

static void test_a_session_is_followed_by_the_question_in_the_same_wakeup(void **state)
{
	(void)state;
	far_side.fars[1].deaf = true;	/* a session with the heir is no news */
	name_add("soon.test")->addrs[0] = sim_addr("10.0.0.1");
	http_ask("soon.test");
	pass_until(tunnel_is_up);
	assert_false(world.loop.again);
	assert_true(on_their_way() > 0);
	assert_int_equal(until_status(1000), SIM_WAY_MS + SIM_WAY_MS + TRIP);
	close_client();
}

static bool first_is_answered(void)
{
	return buf_len(&client->out) > 0;
}

static void test_an_answer_is_followed_by_the_next_request_in_the_same_wakeup(void **state)
{
	static const char answer[] = "HTTP/1.1 204 No\r\n\r\n";
	static const char requests[] = "GET http://10.0.0.1/ HTTP/1.1\r\nHost: 10.0.0.1\r\n\r\n"
				       "GET http://10.0.0.3/ HTTP/1.1\r\nHost: 10.0.0.3\r\n\r\n";

	(void)state;
	sim_host_add("10.0.0.3", SIM_HOST_ACCEPTS);
	bring_up();
	client = sim_connect(PORT_HTTP);
	client_text(client, requests);
	world_run(TRIP + SIM_WAY_MS);
	assert_int_equal(far_side.conn_count, 1);
	sim_conn_send(&far_side.conns[0], RAW_ACK | RAW_PSH, answer);
	pass_until(first_is_answered);
	assert_false(world.loop.again);
	world_run(SIM_WAY_MS);
	assert_int_equal(far_side.conn_count, 2);
	close_client();
}

static unsigned answers(const char *start)
{
	const char *p = (const char *)buf_data(&client->out), *end = p + buf_len(&client->out);
	unsigned count = 0;

	while ((p = memmem(p, (size_t)(end - p), start, strlen(start)))) {
		count++;
		p++;
	}
	return count;
}

/* Each dial fails at once and is followed by the next: others get their turn in between. */
static void test_a_flood_of_failures_does_not_hold_the_loop(void **state)
{
	enum { REQUESTS = 150 };

	(void)state;
	bring_up();
	client = sim_connect(PORT_HTTP);
	for (unsigned i = 0; i < REQUESTS; i++)
		client_text(client, "GET http://192.168.0.1/ HTTP/1.1\r\nHost: a\r\n\r\n");
	world_pass();
	assert_true(world.loop.again);
	assert_in_range(answers("HTTP/1.1 403"), 1, REQUESTS - 1);
	world_settle();
	assert_int_equal(answers("HTTP/1.1 403"), REQUESTS);
	close_client();
}

/* --- drain --- */

static void test_a_drain_ends_what_waits_and_keeps_what_is_open(void **state)
{
	struct io_sock *open, *idle, *dialing;

	(void)state;
	bring_up();
	http_ask("10.0.0.1");
	until_status(1000);
	open = client;
	idle = sim_connect(PORT_HTTP);
	http_ask("10.0.0.9");
	dialing = client;
	world_run(100);
	assert_false(world.drained);
	node_drain(world.node);
	world_settle();
	assert_null(sim_connect(PORT_HTTP));
	assert_int_equal(http_status(), 503);
	idle->ends |= IO_END;
	dialing->ends |= IO_END;
	world_run(3000);
	assert_false(sim_sock_is_open(idle));
	assert_false(sim_sock_is_open(dialing));
	assert_false(world.drained);
	/* Bytes go on until both sides have ended. */
	client = open;
	client_text(open, "last words");
	world_run(TRIP);
	assert_int_equal(far_side.conns[0].got_len, 10);
	open->ends |= IO_END;
	world_run(TRIP);
	assert_true(far_side.conns[0].fin);
	sim_conn_send(&far_side.conns[0], RAW_FIN | RAW_ACK, "");
	world_run(TRIP + 100);
	assert_false(sim_sock_is_open(open));
	assert_true(world.drained);
}

static void test_a_drain_without_connections_is_over_at_once(void **state)
{
	(void)state;
	bring_up();
	node_drain(world.node);
	assert_false(world.drained);	/* told from the loop */
	world.free_when_drained = true;
	world_settle();
	assert_true(world.drained);
	assert_null(world.node);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_an_address_is_open_after_one_round_trip, begin, end),
		cmocka_unit_test_setup_teardown(test_every_listener_opens_relays_and_closes, begin, end),
		cmocka_unit_test_setup_teardown(test_addresses_race_as_rfc_8305_says, begin, end),
		cmocka_unit_test_setup_teardown(test_a_failure_says_what_failed_and_when, begin, end),
		cmocka_unit_test_setup_teardown(test_a_dial_waits_for_a_tunnel_that_comes_late, begin, end),
		cmocka_unit_test_setup_teardown(test_a_dial_without_a_tunnel_ends_in_time_and_says_so, begin, end),
		cmocka_unit_test_setup_teardown(test_after_a_freeze_a_dial_makes_a_new_session, begin, end),
		cmocka_unit_test_setup_teardown(test_an_open_connection_goes_on_after_a_freeze, begin, end),
		cmocka_unit_test_setup_teardown(test_a_dial_does_not_outlive_its_deadline_by_a_freeze, begin, end),
		cmocka_unit_test_setup_teardown(
			test_a_session_is_followed_by_the_question_in_the_same_wakeup, begin, end),
		cmocka_unit_test_setup_teardown(
			test_an_answer_is_followed_by_the_next_request_in_the_same_wakeup, begin, end),
		cmocka_unit_test_setup_teardown(test_a_flood_of_failures_does_not_hold_the_loop, begin, end),
		cmocka_unit_test_setup_teardown(test_a_drain_ends_what_waits_and_keeps_what_is_open, begin, end),
		cmocka_unit_test_setup_teardown(test_a_drain_without_connections_is_over_at_once, begin, end),
	};

	return cmocka_run_group_tests(tests, setup_crypto, NULL);
}
