/*
 * A whole node under a clock that only the test moves: node/ and all below it run as they are, save that io/ is
 * replaced (support/sim_*.h). No sockets, no waiting; the same run every time.
 *
 *	world_init, world_start		a node with two peers (fars), and hosts behind them
 *	sim_connect, client_send	local clients
 *	world_run			time passes: handlers, timers and the flush hook, as in io/loop
 *	world_freeze			time passes and nothing runs
 *
 * Peer 1 of the configuration is `fars[0]`, which has all addresses at first; peer 0 is `fars[1]`, the heir, from
 * which it took them.
 */
#ifndef CULVERT_TESTS_SUPPORT_SIM_NODE_H
#define CULVERT_TESTS_SUPPORT_SIM_NODE_H

#include "support/sim_far.h"
#include "support/sim_hostdns.h"
#include "support/sim_loop.h"
#include "support/sim_sock.h"

#include "base/log.h"
#include "node/node.h"
#include "support/crypto.h"

#define WORLD_PASSES_MAX 100000
#define WORLD_SAID_MAX 32768

/* Listeners, by port, and the published port. */
#define PORT_SOCKS 1080
#define PORT_HTTP 8080
#define PORT_MIXED 1081
#define PORT_FORWARD 2000
#define PORT_PUBLISHED 80

#define PEER_HEIR 0
#define PEER_FIRST 1
#define NAME_SERVER "10.53.0.1"
#define NEAR_V4 "10.9.0.1"
#define NEAR_V6 "fd09::1"
#define FORWARD_HOST "10.0.0.80"

static struct {
	struct rng_seeded seeded;
	struct rng rng;
	struct node_config config;
	struct io_loop loop;
	struct node *node;
	bool up, drained, free_when_drained;
	char said[WORLD_SAID_MAX];	/* lines of the log */
} world;

static inline void world_on_line(void *ctx, enum log_level level, const char *line)
{
	size_t len = strlen(world.said);

	(void)ctx;
	(void)level;
	snprintf(world.said + len, sizeof(world.said) - len, "%s\n", line);
}

static inline void world_on_up(void *ctx)
{
	(void)ctx;
	world.up = true;
}

static inline void world_on_drained(void *ctx)
{
	(void)ctx;
	world.drained = true;
	if (!world.free_when_drained)
		return;
	node_free(world.node);
	world.node = NULL;
}

static inline void *world_array(size_t count, size_t size)
{
	void *p = calloc(count, size);

	assert_non_null(p);
	return p;
}

static inline void world_set_peer(size_t index, const struct sim_far *far)
{
	static const char *const prefixes[] = {"10.0.0.0/8", "fd00::/8"};
	struct peer_config *p = &world.config.peers[index];

	assert_int_equal(key_public_from_private(&p->public_key, &far->key), 0);
	p->allowed_ips = world_array(2, sizeof(*p->allowed_ips));
	p->allowed_ip_count = 2;
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(prefix_parse(&p->allowed_ips[i], prefixes[i], strlen(prefixes[i])), 0);
	addr_format(&far->at.addr, p->endpoint_host);
	p->endpoint_port = far->at.port;
}

static inline void world_set_listeners(void)
{
	static const struct {
		enum service_kind kind;
		uint16_t port;
	} kinds[] = {
		{SERVICE_SOCKS, PORT_SOCKS}, {SERVICE_HTTP, PORT_HTTP},
		{SERVICE_MIXED, PORT_MIXED}, {SERVICE_FORWARD, PORT_FORWARD},
	};
	struct node_config *c = &world.config;
	struct service_config *published;

	c->services = world_array(ARRAY_LEN(kinds) + 1, sizeof(*c->services));
	c->service_count = ARRAY_LEN(kinds) + 1;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		c->services[i].kind = kinds[i].kind;
		c->services[i].bind.endpoint = (struct endpoint){sim_addr("127.0.0.1"), kinds[i].port, 0};
		c->services[i].max_connections = 20;
		c->services[i].target.addr = sim_addr(FORWARD_HOST);
		c->services[i].target.port = 80;
	}
	published = &c->services[ARRAY_LEN(kinds)];
	published->kind = SERVICE_PUBLISH;
	published->listen_port = PORT_PUBLISHED;
	published->target.addr = sim_addr("127.0.0.1");
	published->target.port = 9;
	published->max_connections = 10;
}

/* Configuration and far side; the test may change them before world_start. */
static inline void world_init(uint64_t seed)
{
	struct node_config *c = &world.config;
	struct key_public near;

	sim_own++;
	memset(&world, 0, sizeof(world));
	memset(&sim_net, 0, sizeof(sim_net));
	memset(sim_host_names, 0, sizeof(sim_host_names));
	sim_lookups = 0;
	sim_loop_init(&world.loop);
	sim_socks_init();
	log_init(world_on_line, NULL, LOG_INFO);
	world.rng = rng_seeded_init(&world.seeded, seed);
	sim_net.near = (struct endpoint){.addr = sim_addr("192.0.2.100"), .port = 51820};
	node_config_init(c);
	c->tunnel.private_key = crypto_secret_alloc(sizeof(*c->tunnel.private_key));
	assert_non_null(c->tunnel.private_key);
	key_private_generate(c->tunnel.private_key, &world.rng);
	assert_int_equal(key_public_from_private(&near, c->tunnel.private_key), 0);
	c->tunnel.addresses = world_array(2, sizeof(*c->tunnel.addresses));
	c->tunnel.addresses[0] = (struct prefix){sim_addr(NEAR_V4), 32};
	c->tunnel.addresses[1] = (struct prefix){sim_addr(NEAR_V6), 128};
	c->tunnel.address_count = 2;
	c->names.servers = world_array(1, sizeof(*c->names.servers));
	c->names.servers[0] = sim_addr(NAME_SERVER);
	c->names.server_count = 1;
	far_side_init(&world.loop, &world.rng, &near);
	sim_host_add(NAME_SERVER, SIM_HOST_ACCEPTS);
	c->peers = world_array(2, sizeof(*c->peers));
	c->peer_count = 2;
	world_set_peer(PEER_FIRST, &far_side.fars[0]);
	world_set_peer(PEER_HEIR, &far_side.fars[1]);
	world_set_listeners();
	sim_own--;
}

static inline int world_start(void)
{
	const struct node_callbacks callbacks = {world_on_up, world_on_drained, NULL};
	struct fault fault;

	return node_new(&world.loop, &world.config, &world.rng, &callbacks, &world.node, &fault);
}

/* Nothing is left of the node. */
static inline void world_fini(void)
{
	node_free(world.node);
	assert_true(list_empty(&world.loop.timers));
	assert_null(sim_net.udp);
	sim_socks_fini();
	sim_own++;
	far_side_fini();
	node_config_fini(&world.config);
	sim_own--;
	log_init(NULL, NULL, LOG_INFO);
}

/* What is on its way arrives: with the node as one batch. */
static inline void world_land(void)
{
	struct sim_flight f;
	bool any = false;

	while (sim_land(world.loop.now, &f)) {
		if (!endpoint_equal(&f.dst, &sim_net.near)) {
			far_side_receive(&f);
		} else if (sim_net.udp) {
			sim_udp_receive(&f);
			any = true;
		}
	}
	if (any)
		sim_net.udp->config.on_batch_end(sim_net.udp->config.ctx);
}

static inline struct boot_time world_next(void)
{
	const struct io_timer *timer = sim_loop_next(&world.loop);
	struct boot_time at = boot_min(timer ? timer->at : BOOT_NEVER, far_side_deadline());

	return sim_net.count ? boot_min(at, sim_net.flights[0].at) : at;
}

static inline bool world_is_busy(void)
{
	if (world.loop.again || world_next().ns <= world.loop.now.ns)
		return true;
	for (struct list *l = sim_socks.all.next; l != &sim_socks.all; l = l->next) {
		if (sim_sock_ready(LIST_ENTRY(l, struct io_sock, link)))
			return true;
	}
	return false;
}

/* One wakeup. */
static inline void world_pass(void)
{
	far_side_tick();
	world_land();
	(void)sim_socks_deliver();
	sim_loop_pass(&world.loop);
}

static inline void world_settle(void)
{
	unsigned passes = 0;

	do {
		world_pass();
		assert_true(++passes < WORLD_PASSES_MAX);
	} while (world_is_busy());
}

static inline void world_run(uint64_t ms)
{
	struct boot_time until = boot_add_ms(world.loop.now, ms), next;

	world_settle();
	while ((next = world_next()).ns <= until.ns) {
		world.loop.now = next;
		world_settle();
	}
	world.loop.now = until;
}

/* The machine sleeps: what was on its way is lost. */
static inline void world_freeze(uint64_t ms)
{
	sim_net.count = 0;
	world.loop.now = boot_add_ms(world.loop.now, ms);
}

static inline void client_send(struct io_sock *client, const void *p, size_t len)
{
	sim_keep(&client->in, p, len);
}

static inline void client_text(struct io_sock *client, const char *text)
{
	client_send(client, text, strlen(text));
}

static inline bool client_got(const struct io_sock *client, const void *p, size_t len)
{
	return buf_len(&client->out) == len && memcmp(client->out.data + client->out.start, p, len) == 0;
}

static inline void assert_said(const char *text)
{
	if (!strstr(world.said, text))
		fail_msg("not in the log: %s\nbut:\n%s", text, world.said);
}

#endif
