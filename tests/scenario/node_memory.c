/*
 * A node is made, run for a few wakeups and freed while each allocation in turn fails, those of
 * the libraries included: no crash, an error or a working node, nothing left behind.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/node_alloc.h"

#include "base/err.h"
#include "crypto/system.h"
#include "crypto/x25519.h"
#include "io/loop.h"
#include "node/node.h"

#define WAKEUPS 12
#define TURNS_MAX 5000

struct world {
	struct node_config config;
	struct rng rng;
};

struct run {
	struct io_loop *loop;
	struct node *node;
	struct io_timer *timer;
	int client;
	unsigned wakeups;
};

static struct addr v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
	const uint8_t bytes[4] = {a, b, c, d};

	return addr_v4(bytes);
}

static void *array(size_t count, size_t size)
{
	void *p = calloc(count, size);

	assert_non_null(p);
	return p;
}

static void set_peer(struct world *w, size_t index, const char *host, struct addr allowed)
{
	struct peer_config *p = &w->config.peers[index];
	struct key_private key;

	key_private_generate(&key, &w->rng);
	assert_int_equal(key_public_from_private(&p->public_key, &key), 0);
	p->allowed_ips = array(1, sizeof(*p->allowed_ips));
	p->allowed_ips[0] = (struct prefix){allowed, 32};
	p->allowed_ip_count = 1;
	strcpy(p->endpoint_host, host);
	p->endpoint_port = 9;
}

static int set_up(void **state)
{
	struct world *w = array(1, sizeof(*w));
	struct node_config *c = &w->config;
	struct service_config *published;
	static const enum service_kind kinds[] = {
		SERVICE_SOCKS, SERVICE_HTTP, SERVICE_MIXED, SERVICE_FORWARD,
	};

	assert_int_equal(crypto_init(), 0);
	w->rng = crypto_system_rng();
	node_config_init(c);
	c->tunnel.private_key = crypto_secret_alloc(sizeof(*c->tunnel.private_key));
	assert_non_null(c->tunnel.private_key);
	key_private_generate(c->tunnel.private_key, &w->rng);
	c->tunnel.addresses = array(1, sizeof(*c->tunnel.addresses));
	c->tunnel.addresses[0] = (struct prefix){v4(10, 9, 0, 1), 32};
	c->tunnel.address_count = 1;
	c->names.servers = array(1, sizeof(*c->names.servers));
	c->names.servers[0] = v4(10, 9, 0, 2);
	c->names.server_count = 1;
	c->peers = array(2, sizeof(*c->peers));
	c->peer_count = 2;
	set_peer(w, 0, "127.0.0.1", v4(10, 9, 0, 2));
	set_peer(w, 1, "localhost", v4(10, 9, 0, 3));
	c->services = array(ARRAY_LEN(kinds) + 1, sizeof(*c->services));
	c->service_count = ARRAY_LEN(kinds) + 1;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		c->services[i].kind = kinds[i];
		c->services[i].bind.endpoint.addr = v4(127, 0, 0, 1);
		c->services[i].max_connections = 10;
		c->services[i].target.addr = v4(10, 9, 0, 2);
		c->services[i].target.port = 80;
	}
	published = &c->services[ARRAY_LEN(kinds)];
	published->kind = SERVICE_PUBLISH;
	published->listen_port = 80;
	published->target.addr = v4(127, 0, 0, 1);
	published->target.port = 9;
	published->max_connections = 10;
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	node_config_fini(&w->config);
	free(w);
	return 0;
}

/* A client of listener `index` that asks for a name, which waits for the tunnel. */
static void client_start(struct run *r, size_t index)
{
	static const char request[] = "GET http://a.test/ HTTP/1.1\r\nHost: a\r\n\r\n";
	struct sockaddr_in sin = {.sin_family = AF_INET};
	struct io_address at;

	node_listener_address(r->node, index, &at);
	sin.sin_port = htons(at.endpoint.port);
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	r->client = socket(AF_INET, SOCK_STREAM, 0);
	assert_true(r->client >= 0);
	assert_int_equal(connect(r->client, (struct sockaddr *)&sin, sizeof(sin)), 0);
	assert_int_equal(send(r->client, request, sizeof(request) - 1, 0), sizeof(request) - 1);
}

static void on_wakeup(void *ctx)
{
	struct run *r = ctx;

	if (++r->wakeups == WAKEUPS)
		io_loop_stop(r->loop);
	else
		io_timer_set(r->timer, io_loop_now(r->loop));
}

/* Everything in a node's life, with a client on listener `index`. 0 or why it did not start. */
static int live(struct world *w, size_t index)
{
	const struct node_callbacks callbacks = {NULL, NULL, NULL};
	struct run r = {.client = -1};
	struct fault fault;
	int err = ERR_NOMEM, ran = 0;

	r.loop = io_loop_new();
	if (!r.loop)
		return err;
	r.timer = io_timer_new(r.loop, on_wakeup, &r);
	if (r.timer)
		err = node_new(r.loop, &w->config, &w->rng, &callbacks, &r.node, &fault);
	if (!err) {
		client_start(&r, index);
		io_timer_set(r.timer, io_loop_now(r.loop));
		ran = io_loop_run(r.loop);
		if (index % 2)
			node_drain(r.node);
		node_free(r.node);
		(void)close(r.client);
	}
	io_timer_free(r.timer);
	io_loop_free(r.loop);
	return err ? err : ran;
}

static void test_each_failed_allocation_is_survived(void **state)
{
	struct world *w = *state;

	for (size_t index = 0; index + 1 < w->config.service_count; index++) {
		long turn;

		/* What libraries keep for ever is there after the first time. */
		assert_int_equal(live(w, index), 0);
		alloc_failed = true;
		for (turn = 0; alloc_failed && turn < TURNS_MAX; turn++) {
			long before[2];

			for (unsigned again = 0; again < 2; again++) {
				alloc_failed = false;
				alloc_countdown = turn;
				(void)live(w, index);
				alloc_countdown = -1;
				before[again] = alloc_live;
			}
			if (before[1] > before[0])
				fail_msg("allocation %ld: %ld left", turn, before[1] - before[0]);
		}
		print_message("listener %zu: %ld allocations\n", index, turn);
		assert_true(turn < TURNS_MAX);
		assert_true(!ALLOC_INTERPOSE || turn > 50);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_each_failed_allocation_is_survived, set_up,
						tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
