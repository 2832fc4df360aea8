/*
 * What listens changes while connections are open, in simulated time: services that stay, that go, that come, whose limit,
 * target, password or kind is another one; and each allocation of a change in turn fails.
 */
#include "support/alloc_turn.h"
#include "support/sim_node.h"

#define TRIP (2 * SIM_WAY_MS)
#define WANT_MAX 8
#define PORT_NEW 3000
#define PUBLISHED_NEW 81
#define OTHER_HOST "10.0.0.81"
#define TURNS_MAX 1000

static struct service_config want[WANT_MAX];
static size_t want_count;

/* What the node started with. */
static void want_same(void)
{
	want_count = world.config.service_count;
	assert_in_range(want_count, 1, WANT_MAX);
	memcpy(want, world.config.services, want_count * sizeof(*want));
}

static int begin(void **state)
{
	(void)state;
	world_init(1);
	sim_own++;
	sim_host_add("10.0.0.1", SIM_HOST_ACCEPTS);
	sim_host_add(FORWARD_HOST, SIM_HOST_ACCEPTS);
	sim_host_add(OTHER_HOST, SIM_HOST_ACCEPTS);
	sim_own--;
	assert_int_equal(world_start(), 0);
	world_run(100);
	assert_true(world.up);
	want_same();
	return 0;
}

static int end(void **state)
{
	(void)state;
	world_fini();
	return 0;
}

static struct service_config *wanted(enum service_kind kind)
{
	for (size_t i = 0; i < want_count; i++) {
		if (want[i].kind == kind)
			return &want[i];
	}
	fail_msg("no service of kind %d", (int)kind);
	return want;
}

static void want_no(enum service_kind kind)
{
	struct service_config *at = wanted(kind);

	want_count--;
	memmove(at, at + 1, (size_t)(&want[want_count] - at) * sizeof(*at));
}

static struct service_config *want_new(enum service_kind kind, uint16_t port)
{
	struct service_config *at = &want[want_count++];

	assert_true(want_count <= WANT_MAX);
	memset(at, 0, sizeof(*at));
	at->kind = kind;
	if (kind == SERVICE_PUBLISH)
		at->listen_port = port;
	else
		at->bind.endpoint = (struct endpoint){sim_addr("127.0.0.1"), port, 0};
	at->max_connections = 5;
	at->target.addr = sim_addr("127.0.0.1");
	at->target.port = 9;
	return at;
}

static int change(struct fault *fault)
{
	int err = node_set_services(world.node, want, want_count, fault);

	/* Nobody needs the list any longer. */
	memset(want, 0xee, sizeof(want));
	return err;
}

static void change_well(void)
{
	struct fault fault;

	assert_int_equal(change(&fault), 0);
	world_run(0);
}

/* --- clients --- */

static struct io_sock *socks_ask(uint16_t port)
{
	static const char request[] = "\5\1\0\5\1\0\1\12\0\0\1\0\120";
	struct io_sock *client = sim_connect(port);

	if (client)
		client_send(client, request, sizeof(request) - 1);
	world_run(2 * TRIP);
	return client;
}

/* The reply to the request; -1: none. */
static int socks_code(const struct io_sock *client)
{
	return client && sim_sock_is_open(client) && buf_len(&client->out) >= 4 ? buf_data(&client->out)[3] : -1;
}

static struct io_sock *socks_relay(uint16_t port)
{
	struct io_sock *client = socks_ask(port);

	assert_int_equal(socks_code(client), 0);
	return client;
}

static struct io_sock *forward_relay(const char *host)
{
	struct io_sock *client = sim_connect(PORT_FORWARD);
	struct addr at = sim_addr(host);

	assert_non_null(client);
	world_run(2 * TRIP);
	assert_true(addr_equal(&far_side.conns[far_side.conn_count - 1].host.addr, &at));
	return client;
}

static struct sim_conn *mesh_connect(uint16_t port)
{
	struct sim_conn *c;

	sim_own++;
	c = sim_far_dial(&far_side.fars[0], "10.0.0.7", NEAR_V4, port);
	sim_own--;
	world_run(2 * TRIP);
	return c;
}

static void carries(struct io_sock *client, struct sim_conn *c)
{
	size_t before = c->got_len;

	assert_true(sim_sock_is_open(client));
	client_text(client, "hello");
	world_run(TRIP);
	assert_int_equal(c->got_len, before + 5);
}

static void leave(struct io_sock *client)
{
	client->ends |= IO_END | IO_RESET;
	world_run(TRIP);
}

/* --- changes --- */

static void test_who_stays_keeps_its_connections(void **state)
{
	struct io_sock *socks = socks_relay(PORT_SOCKS), *forward = forward_relay(FORWARD_HOST), *published;
	struct sim_conn *inward = mesh_connect(PORT_PUBLISHED);

	(void)state;
	published = sim_socks.connected;
	assert_true(inward->open);
	change_well();
	carries(socks, &far_side.conns[0]);
	carries(forward, &far_side.conns[1]);
	carries(published, inward);
	assert_non_null(sim_connect(PORT_HTTP));
	assert_non_null(sim_connect(PORT_MIXED));
	assert_true(mesh_connect(PORT_PUBLISHED)->open);
}

static void test_who_goes_drains_and_the_place_is_free(void **state)
{
	struct io_sock *relay = socks_relay(PORT_SOCKS), *waiting = sim_connect(PORT_SOCKS), *published, *other;
	struct sim_conn *inward = mesh_connect(PORT_PUBLISHED);

	(void)state;
	published = sim_socks.connected;
	want_no(SERVICE_SOCKS);
	want_no(SERVICE_PUBLISH);
	change_well();
	assert_null(sim_connect(PORT_SOCKS));
	assert_false(sim_sock_is_open(waiting));
	assert_true(mesh_connect(PORT_PUBLISHED)->reset);
	carries(relay, &far_side.conns[0]);
	carries(published, inward);
	node_log_status(world.node);
	assert_said("listeners that were removed: 2 open connections");
	/* They come back beside what is left of them. */
	want_same();
	change_well();
	other = socks_relay(PORT_SOCKS);
	assert_true(mesh_connect(PORT_PUBLISHED)->open);
	carries(relay, &far_side.conns[0]);
	leave(relay);
	carries(published, inward);
	leave(other);
}

static void test_a_drain_waits_for_what_was_removed(void **state)
{
	struct io_sock *relay = socks_relay(PORT_SOCKS);

	(void)state;
	want_count = 0;
	change_well();
	assert_true(list_empty(&sim_socks.listeners));
	node_drain(world.node);
	world_run(1000);
	assert_false(world.drained);
	leave(relay);
	world_run(1000);
	assert_true(world.drained);
}

static void test_new_ones_open(void **state)
{
	(void)state;
	want_new(SERVICE_MIXED, PORT_NEW);
	want_new(SERVICE_PUBLISH, PUBLISHED_NEW);
	change_well();
	(void)socks_relay(PORT_NEW);
	assert_true(mesh_connect(PUBLISHED_NEW)->open);
	node_log_status(world.node);
	assert_said("listener 127.0.0.1:3000: 1 open connections, 1 of at most 5 places taken");
	assert_said("inbound port 81: 1 open connections of at most 5");
}

static void test_a_limit_holds_from_the_change_on(void **state)
{
	struct io_sock *first = socks_relay(PORT_SOCKS), *second = socks_relay(PORT_SOCKS), *third;

	(void)state;
	wanted(SERVICE_SOCKS)->max_connections = 2;
	change_well();
	third = socks_ask(PORT_SOCKS);
	assert_int_not_equal(socks_code(third), 0);
	carries(first, &far_side.conns[0]);
	carries(second, &far_side.conns[1]);
	want_same();
	wanted(SERVICE_SOCKS)->max_connections = 3;
	change_well();
	(void)socks_relay(PORT_SOCKS);
	assert_int_not_equal(socks_code(socks_ask(PORT_SOCKS)), 0);
}

static void test_an_idle_timeout_and_a_target_hold_from_the_change_on(void **state)
{
	struct io_sock *relay = socks_relay(PORT_SOCKS), *forward = forward_relay(FORWARD_HOST);

	(void)state;
	wanted(SERVICE_SOCKS)->idle_timeout_ms = 60000;
	wanted(SERVICE_FORWARD)->target.addr = sim_addr(OTHER_HOST);
	change_well();
	(void)forward_relay(OTHER_HOST);
	world_run(50000);
	assert_true(sim_sock_is_open(relay));
	world_run(20000);
	assert_false(sim_sock_is_open(relay));
	assert_true(sim_sock_is_open(forward));
}

static void test_a_new_password_closes_those_who_have_shown_none(void **state)
{
	struct io_sock *relay = socks_relay(PORT_SOCKS), *waiting = sim_connect(PORT_SOCKS);
	struct io_sock *other = sim_connect(PORT_MIXED);

	(void)state;
	wanted(SERVICE_SOCKS)->has_auth = true;
	strcpy(wanted(SERVICE_SOCKS)->auth.username, "u");
	strcpy(wanted(SERVICE_SOCKS)->auth.password, "p");
	change_well();
	assert_false(sim_sock_is_open(waiting));
	assert_true(sim_sock_is_open(other));
	carries(relay, &far_side.conns[0]);
	assert_int_not_equal(socks_code(socks_ask(PORT_SOCKS)), 0);
	/* And none again; the change after that closes nobody. */
	want_same();
	change_well();
	waiting = sim_connect(PORT_SOCKS);
	want_same();
	change_well();
	assert_true(sim_sock_is_open(waiting));
	(void)socks_relay(PORT_SOCKS);
}

static void http_get(struct io_sock *client, struct sim_conn *origin)
{
	size_t before = origin->got_len;

	client_text(client, "GET http://10.0.0.1/ HTTP/1.1\r\nHost: 10.0.0.1\r\n"
			    "Proxy-Authorization: Basic dTpw\r\n\r\n");
	world_run(2 * TRIP);
	assert_int_equal(far_side.conn_count, 1);
	assert_true(origin->got_len > before);
	sim_own++;
	sim_conn_send(origin, RAW_ACK | RAW_PSH, "HTTP/1.1 204 No\r\n\r\n");
	sim_own--;
	world_run(2 * TRIP);
	assert_true(buf_len(&client->out) > 12);
	assert_memory_equal(buf_data(&client->out), "HTTP/1.1 204", 12);
	buf_consume(&client->out, buf_len(&client->out));
}

static void test_no_password_any_more_is_fine_for_those_who_show_one(void **state)
{
	struct io_sock *client;

	(void)state;
	wanted(SERVICE_HTTP)->has_auth = true;
	strcpy(wanted(SERVICE_HTTP)->auth.username, "u");
	strcpy(wanted(SERVICE_HTTP)->auth.password, "p");
	change_well();
	client = sim_connect(PORT_HTTP);
	assert_non_null(client);
	http_get(client, &far_side.conns[0]);
	want_same();
	change_well();
	http_get(client, &far_side.conns[0]);
}

static void test_another_kind_in_the_same_place(void **state)
{
	struct io_sock *relay = socks_relay(PORT_SOCKS), *waiting = sim_connect(PORT_SOCKS), *http;

	(void)state;
	wanted(SERVICE_SOCKS)->kind = SERVICE_HTTP;
	change_well();
	assert_false(sim_sock_is_open(waiting));
	carries(relay, &far_side.conns[0]);
	http = sim_connect(PORT_SOCKS);
	client_text(http, "CONNECT 10.0.0.1:80 HTTP/1.1\r\nHost: 10.0.0.1\r\n\r\n");
	world_run(2 * TRIP);
	assert_true(sim_sock_is_open(http) && buf_len(&http->out) > 12);
	assert_memory_equal(buf_data(&http->out), "HTTP/1.1 200", 12);
}

static void test_an_undecided_connection_is_refused(void **state)
{
	struct sim_conn *c;

	(void)state;
	sim_socks.target = ERR_AGAIN;
	c = mesh_connect(PORT_PUBLISHED);
	assert_non_null(sim_socks.connected);
	assert_false(c->open || c->reset);
	want_no(SERVICE_PUBLISH);
	change_well();
	world_run(TRIP);
	assert_true(c->reset);
	assert_null(sim_socks.connected);
}

/* Beyond 16 SYNs the stack answers by itself, and tells the owner when the handshake is complete: here it no longer is one. */
static void test_a_half_open_connection_is_reset(void **state)
{
	struct sim_conn *conns[20];

	(void)state;
	wanted(SERVICE_PUBLISH)->max_connections = 50;
	change_well();
	want_same();
	want_no(SERVICE_PUBLISH);
	sim_socks.target = ERR_AGAIN;
	sim_own++;
	for (size_t i = 0; i < ARRAY_LEN(conns); i++)
		conns[i] = sim_far_dial(&far_side.fars[0], "10.0.0.7", NEAR_V4, PORT_PUBLISHED);
	sim_own--;
	world_run(TRIP);
	assert_true(conns[ARRAY_LEN(conns) - 1]->open);
	assert_false(conns[0]->open);
	change_well();
	world_run(2 * TRIP);
	for (size_t i = 0; i < ARRAY_LEN(conns); i++)
		assert_true(conns[i]->reset);
	assert_true(list_empty(&sim_socks.all));
}

static void test_what_is_gone_leaves_nothing(void **state)
{
	long live = 0;

	(void)state;
	for (unsigned turn = 0; turn < 3; turn++) {
		struct io_sock *relay = socks_relay(PORT_SOCKS);

		want_same();
		want_no(SERVICE_SOCKS);
		change_well();
		leave(relay);
		world_run(10000);
		want_same();
		change_well();
		if (turn > 1)
			assert_int_equal(alloc_live, live);
		live = alloc_live;
	}
}

static void test_one_that_cannot_open_is_named_and_tried_again(void **state)
{
	struct io_sock *relay = socks_relay(PORT_SOCKS);
	struct fault fault;

	(void)state;
	sim_socks.taken = PORT_NEW;
	want_new(SERVICE_SOCKS, PORT_NEW);
	want_new(SERVICE_HTTP, PORT_NEW + 1);
	assert_int_equal(change(&fault), ERR_INUSE);
	assert_non_null(strstr(fault.text, "127.0.0.1:3000"));
	assert_true(fault.cannot_bind);
	assert_null(sim_connect(PORT_NEW));
	assert_non_null(sim_connect(PORT_NEW + 1));
	carries(relay, &far_side.conns[0]);
	sim_socks.taken = 0;
	want_same();
	want_new(SERVICE_SOCKS, PORT_NEW);
	change_well();
	(void)socks_relay(PORT_NEW);
	assert_null(sim_connect(PORT_NEW + 1));
}

static void test_at_the_start_nothing_stays_open(void **state)
{
	const struct node_callbacks callbacks = {.ctx = NULL};
	struct fault fault;

	(void)state;
	world_init(1);
	sim_socks.taken = PORT_MIXED;
	assert_int_equal(node_new(&world.loop, &world.config, &world.rng, &callbacks, &world.node, &fault), ERR_INUSE);
	assert_non_null(strstr(fault.text, "127.0.0.1:1081"));
	assert_true(list_empty(&sim_socks.listeners));
	world.node = NULL;
	world_fini();
}

/* One goes, one comes, one is changed. False: it failed, and `fault` says so. */
static bool change_everything(void)
{
	struct fault fault;

	want_same();
	want_no(SERVICE_HTTP);
	want_no(SERVICE_PUBLISH);
	want_new(SERVICE_SOCKS, PORT_NEW);
	want_new(SERVICE_PUBLISH, PUBLISHED_NEW);
	wanted(SERVICE_MIXED)->max_connections = 1;
	if (!change(&fault))
		return true;
	assert_true(fault.text[0]);
	return false;
}

/* `closed`: one of those that stay could not open before, because its place was taken. */
static void fail_each_allocation_of_a_change(bool closed)
{
	long turn;

	alloc_failed = true;
	for (turn = 0; alloc_failed; turn++) {
		struct io_sock *relay;
		struct fault fault;
		bool changed;

		assert_true(turn < TURNS_MAX);
		begin(NULL);
		relay = socks_relay(PORT_SOCKS);
		if (closed) {
			sim_socks.taken = PORT_NEW;
			want_same();
			want_new(SERVICE_SOCKS, PORT_NEW);
			assert_int_equal(change(&fault), ERR_INUSE);
			sim_socks.taken = 0;
		}
		alloc_failed = false;
		alloc_countdown = turn;
		changed = change_everything();
		alloc_countdown = -1;
		assert_int_equal(changed, !alloc_failed);
		carries(relay, &far_side.conns[0]);
		assert_true(change_everything());
		(void)socks_relay(PORT_NEW);
		assert_true(mesh_connect(PUBLISHED_NEW)->open);
		assert_null(sim_connect(PORT_HTTP));
		end(NULL);
	}
	print_message("%ld allocations\n", turn - 1);
	assert_true(turn > (closed ? 3 : 5));
}

static void test_each_failed_allocation_of_a_change_is_survived(void **state)
{
	(void)state;
	fail_each_allocation_of_a_change(false);
	fail_each_allocation_of_a_change(true);
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(test_who_stays_keeps_its_connections),
		IN_WORLD(test_who_goes_drains_and_the_place_is_free),
		IN_WORLD(test_a_drain_waits_for_what_was_removed),
		IN_WORLD(test_new_ones_open),
		IN_WORLD(test_a_limit_holds_from_the_change_on),
		IN_WORLD(test_an_idle_timeout_and_a_target_hold_from_the_change_on),
		IN_WORLD(test_a_new_password_closes_those_who_have_shown_none),
		IN_WORLD(test_no_password_any_more_is_fine_for_those_who_show_one),
		IN_WORLD(test_another_kind_in_the_same_place),
		IN_WORLD(test_an_undecided_connection_is_refused),
		IN_WORLD(test_a_half_open_connection_is_reset),
		IN_WORLD(test_what_is_gone_leaves_nothing),
		IN_WORLD(test_one_that_cannot_open_is_named_and_tried_again),
		cmocka_unit_test(test_at_the_start_nothing_stays_open),
		cmocka_unit_test(test_each_failed_allocation_of_a_change_is_survived),
	};

	return cmocka_run_group_tests(tests, setup_crypto, NULL);
}
