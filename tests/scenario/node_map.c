/*
 * The network map changes under a running node, with connections open: a peer goes, a prefix moves to another peer,
 * an endpoint, a preshared key or a keepalive interval is another. Meant for the address sanitizer, and with each
 * allocation failing in turn: then the change is there after the next attempt, and what was there stays usable.
 */
#include "support/alloc_turn.h"
#include "support/sim_node.h"

#include "node/map.h"

#define TRIP (2 * SIM_WAY_MS)

static void begin(void)
{
	world_init(1);
	sim_own++;
	sim_host_add("10.0.0.1", SIM_HOST_ACCEPTS);
	sim_own--;
	assert_int_equal(world_start(), 0);
	world_run(100);
	assert_true(world.up);
}

static void finish(void)
{
	node_drain(world.node);
	world_run(60000);
	assert_true(world.drained);
	world_fini();
}

/* A client with a connection to 10.0.0.1, or none. */
static struct io_sock *connect_client(void)
{
	struct io_sock *client = sim_connect(PORT_HTTP);

	if (!client)
		return NULL;
	client_text(client, "CONNECT 10.0.0.1:80 HTTP/1.1\r\nHost: a\r\n\r\n");
	world_run(11000);
	return client;
}

static bool is_served(const struct io_sock *client)
{
	static const char ok[] = "HTTP/1.1 200";

	return client && sim_sock_is_open(client) && buf_len(&client->out) >= sizeof(ok) - 1 &&
	       !memcmp(buf_data(&client->out), ok, sizeof(ok) - 1);
}

/* The connection that was opened last. */
static struct sim_conn *latest(void)
{
	assert_true(far_side.conn_count > 0);
	return &far_side.conns[far_side.conn_count - 1];
}

static void close_client(struct io_sock *client)
{
	if (client && sim_sock_is_open(client))
		client->ends |= IO_END | IO_RESET;
	world_run(3000);
}

/* A new connection goes through far `index`. */
static void expect_service_by(unsigned index)
{
	struct io_sock *client = connect_client();

	assert_true(is_served(client));
	assert_ptr_equal(latest()->via, &far_side.fars[index]);
	close_client(client);
}

/* The peer of the configuration, to be changed and put. */
static struct netmap_peer peer_at(size_t index)
{
	const struct peer_config *c = &world.config.peers[index];

	return (struct netmap_peer){
		.key = c->public_key, .preshared_key = c->preshared_key, .allowed_ips = c->allowed_ips,
		.allowed_ip_count = c->allowed_ip_count, .endpoint_host = c->endpoint_host, .name = "",
		.endpoint_port = c->endpoint_port, .persistent_keepalive_s = c->persistent_keepalive_s,
	};
}

static int put(const struct netmap_peer *peer)
{
	struct fault fault;
	int err = netmap_put_peer(node_netmap(world.node), peer);

	if (err)
		netmap_discard(node_netmap(world.node));
	return err ? err : node_commit_map(world.node, &fault);
}

static const struct wg_peer *wg_peer_at(size_t index)
{
	const struct netmap_entry *e = netmap_find_key(node_netmap(world.node), &world.config.peers[index].public_key);

	return e && netmap_owner(e) ? ((const struct node_peer *)netmap_owner(e))->peer : NULL;
}

static int peer_goes(void)
{
	struct fault fault;
	int err = netmap_drop_peer(node_netmap(world.node), &world.config.peers[PEER_FIRST].public_key);

	return err ? err : node_commit_map(world.node, &fault);
}

/* All that the first peer had is the heir's, by a map that says it for both. */
static int prefixes_move(void)
{
	struct netmap *m = node_netmap(world.node);
	struct netmap_peer first = peer_at(PEER_FIRST), heir = peer_at(PEER_HEIR);
	struct fault fault;
	int err;

	first.allowed_ip_count = 0;
	err = netmap_drop_peer(m, &heir.key);
	if (!err)
		err = netmap_put_peer(m, &heir);
	if (!err)
		err = netmap_put_peer(m, &first);
	if (!err)
		return node_commit_map(world.node, &fault);
	netmap_discard(m);
	return err;
}

static int endpoint_changes(void)
{
	struct netmap_peer first = peer_at(PEER_FIRST);

	first.endpoint_host = "192.0.2.50";
	return put(&first);
}

static int keepalive_changes(void)
{
	struct netmap_peer first = peer_at(PEER_FIRST);

	first.persistent_keepalive_s = 25;
	return put(&first);
}

static void test_a_peer_that_the_map_drops_ends_its_connections(void **state)
{
	struct io_sock *client;

	(void)state;
	begin();
	client = connect_client();
	assert_true(is_served(client));
	assert_int_equal(peer_goes(), 0);
	world_run(100);
	assert_false(sim_sock_is_open(client) && !client->ends);
	assert_null(wg_peer_at(PEER_FIRST));
	close_client(client);
	finish();
}

static void test_new_connections_follow_a_prefix(void **state)
{
	struct io_sock *client;

	(void)state;
	begin();
	client = connect_client();
	assert_true(is_served(client));
	assert_ptr_equal(latest()->via, &far_side.fars[0]);
	assert_int_equal(prefixes_move(), 0);
	expect_service_by(1);
	close_client(client);
	finish();
}

/* The peer is where it speaks from until it is silent; then it is looked for where the map says that it is. */
static void test_connections_outlive_a_new_endpoint(void **state)
{
	struct io_sock *client;
	const struct wg_peer *peer;
	uint32_t id;

	(void)state;
	begin();
	client = connect_client();
	assert_true(is_served(client));
	peer = wg_peer_at(PEER_FIRST);
	id = wg_peer_id(peer);
	assert_int_equal(endpoint_changes(), 0);
	client_text(client, "one");
	world_run(TRIP + 100);
	assert_int_equal(latest()->got_len, 3);
	/* It moves, and says nothing. */
	far_side.fars[0].at.addr = sim_addr("192.0.2.50");
	client_text(client, "two");
	world_run(60000);
	assert_int_equal(latest()->got_len, 6);
	assert_ptr_equal(wg_peer_at(PEER_FIRST), peer);
	assert_int_equal(wg_peer_id(peer), id);
	assert_true(sim_sock_is_open(client));
	close_client(client);
	finish();
}

static void test_another_keepalive_makes_the_peer_anew(void **state)
{
	uint32_t id;

	(void)state;
	begin();
	id = wg_peer_id(wg_peer_at(PEER_FIRST));
	assert_int_equal(keepalive_changes(), 0);
	assert_true(wg_peer_id(wg_peer_at(PEER_FIRST)) > id);
	expect_service_by(0);
	finish();
}

static int set_self(const char *address, const char *server, const char *domain)
{
	struct prefix addresses[2] = {{sim_addr(address), 32}, {sim_addr(NEAR_V6), 128}};
	struct addr servers[1] = {sim_addr(server)};
	struct netmap_self self = {
		.addresses = addresses, .address_count = 2, .servers = servers, .server_count = 1,
		.search_domains = &domain, .search_domain_count = domain ? 1 : 0,
	};
	struct fault fault;
	int err = netmap_set_self(node_netmap(world.node), &self);

	return err ? err : node_commit_map(world.node, &fault);
}

static struct io_sock *ask_by_name(const char *name)
{
	struct io_sock *client = sim_connect(PORT_HTTP);
	char request[100];

	if (!client)
		return NULL;
	snprintf(request, sizeof(request), "CONNECT %s:80 HTTP/1.1\r\nHost: a\r\n\r\n", name);
	client_text(client, request);
	return client;
}

/* No host answers there. */
#define SILENT_SERVER "10.53.0.9"

static int silent_server_is_replaced(void)
{
	return set_self(NEAR_V4, NAME_SERVER, "test");
}

static void begin_with_a_silent_server(void)
{
	begin();
	far_side.names[0] = (struct sim_name){.name = "a.test", .addrs = {sim_addr("10.0.0.1")}, .ttl_s = 60};
	assert_int_equal(set_self(NEAR_V4, SILENT_SERVER, NULL), 0);
}

static void test_look_ups_under_way_ask_the_new_servers(void **state)
{
	struct io_sock *client, *second;
	unsigned asked;

	(void)state;
	begin_with_a_silent_server();
	client = ask_by_name("a.test");
	world_run(1000);
	assert_int_equal(far_side.questions, 0);
	assert_int_equal(silent_server_is_replaced(), 0);
	world_run(500);
	assert_true(is_served(client));
	assert_int_equal(far_side.questions, 2);
	/* The search domain is new as well. */
	second = ask_by_name("a");
	world_run(500);
	assert_true(is_served(second));
	/* That there is no IPv6 address is not remembered, the IPv4 address is. */
	asked = far_side.questions;
	assert_int_equal(asked, 3);
	/* Nothing is remembered of what another server has said. */
	assert_int_equal(set_self(NEAR_V4, NAME_SERVER, NULL), 0);
	close_client(client);
	client = ask_by_name("a.test");
	world_run(500);
	assert_true(is_served(client));
	assert_int_equal(far_side.questions, asked + 2);
	close_client(client);
	close_client(second);
	finish();
}

static void test_own_addresses_stay(void **state)
{
	(void)state;
	begin();
	assert_int_equal(set_self("10.9.0.7", NAME_SERVER, NULL), ERR_INVAL);
	expect_service_by(0);
	finish();
}

static void test_servers_change_without_memory(void **state)
{
	long before = 0;

	(void)state;
	for (long turn = -1; turn < 0 || alloc_failed; turn++) {
		struct io_sock *client;
		struct fault fault;
		int err;

		begin_with_a_silent_server();
		client = ask_by_name("a.test");
		world_run(100);
		alloc_failed = false;
		alloc_countdown = turn;
		err = silent_server_is_replaced();
		alloc_countdown = -1;
		assert_int_equal(err, alloc_failed ? ERR_NOMEM : 0);
		world_run(1000);
		assert_int_equal(is_served(client), !err);
		if (err)
			netmap_discard(node_netmap(world.node));
		assert_int_equal(silent_server_is_replaced(), 0);
		assert_int_equal(node_commit_map(world.node, &fault), 0);
		world_run(1000);
		assert_true(is_served(client));
		close_client(client);
		finish();
		if (turn <= 0)
			before = turn < 0 ? 0 : alloc_live;
		assert_true(turn <= 0 || alloc_live == before);
	}
}

/* One that is impossible does not stand in the way of those behind it. */
static void test_an_impossible_peer_is_passed_over(void **state)
{
	struct netmap_peer own, heir;
	struct fault fault;

	(void)state;
	begin();
	heir = own = peer_at(PEER_HEIR);
	assert_int_equal(key_public_from_private(&own.key, world.config.tunnel.private_key), 0);
	own.allowed_ip_count = 0;
	assert_int_equal(netmap_put_peer(node_netmap(world.node), &own), 0);
	heir.persistent_keepalive_s = 7;
	assert_int_equal(netmap_put_peer(node_netmap(world.node), &heir), 0);
	assert_int_equal(node_commit_map(world.node, &fault), ERR_INVAL);
	assert_non_null(strstr(fault.text, "cannot add peer"));
	assert_int_equal(node_commit_map(world.node, &fault), 0);
	expect_service_by(1);
	finish();
}

static int (*const changes[])(void) = {peer_goes, prefixes_move, endpoint_changes, keepalive_changes};

/* The change is made while allocation number `turn` fails, and once more; then a new client is served. */
static void change_without_memory(int (*change)(void), long turn)
{
	struct io_sock *client;
	struct fault fault;
	int err;

	begin();
	client = connect_client();
	assert_true(is_served(client));
	alloc_failed = false;
	alloc_countdown = turn;
	err = change();
	if (!err)
		world_run(100);
	alloc_countdown = -1;
	if (err && (err != ERR_NOMEM || !alloc_failed))
		fail_msg("allocation %ld: error %d", turn, err);
	world_run(1000);
	if (err)
		assert_int_equal(change(), 0);
	assert_int_equal(node_commit_map(world.node, &fault), 0);
	close_client(client);
	if (change != peer_goes)
		expect_service_by(change == prefixes_move ? 1 : 0);
	finish();
}

static void test_each_failed_allocation_is_made_good(void **state)
{
	long before;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		long turn = 0;

		change_without_memory(changes[i], 1000000);
		before = alloc_live;
		do {
			change_without_memory(changes[i], turn);
			if (alloc_live != before)
				fail_msg("change %zu, allocation %ld: %ld left", i, turn, alloc_live - before);
		} while (alloc_failed && ++turn < 1000);
		print_message("change %zu: %ld allocations\n", i, turn);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_peer_that_the_map_drops_ends_its_connections),
		cmocka_unit_test(test_new_connections_follow_a_prefix),
		cmocka_unit_test(test_connections_outlive_a_new_endpoint),
		cmocka_unit_test(test_another_keepalive_makes_the_peer_anew),
		cmocka_unit_test(test_look_ups_under_way_ask_the_new_servers),
		cmocka_unit_test(test_own_addresses_stay),
		cmocka_unit_test(test_servers_change_without_memory),
		cmocka_unit_test(test_an_impossible_peer_is_passed_over),
		cmocka_unit_test(test_each_failed_allocation_is_made_good),
	};

	return cmocka_run_group_tests(tests, setup_crypto, NULL);
}
