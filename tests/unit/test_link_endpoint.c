/* Where a node looks for a peer: a real tunnel on loopback, and the peer a device in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <sys/socket.h>
#include <unistd.h>

#include "crypto/system.h"
#include "io/hostdns_private.h"
#include "io/loop.h"
#include "link/endpoint.h"
#include "node/config.h"
#include "support/crypto.h"
#include "wg/device.h"
#include "wg/peer.h"

static struct rng_seeded seeded;
static struct rng rng;
static struct node_config config;
static struct peer_config peer_config;
static struct io_loop *loop;
static struct tunnel *tunnel;
static struct endpoint_finder *finder;
static struct wg_peer *peer;		/* as the node knows it */
static struct wg_device *far;		/* itself */
static struct endpoint home, elsewhere;

static void on_wg_event(void *ctx, const struct wg_event *event)
{
	(void)ctx;
	(void)event;
}

static void add_peers(const struct key_public *far_key)
{
	struct wg_peer_config wg = {.public_key = *far_key};
	struct wg_peer *us;

	assert_int_equal(wg_device_add_peer(tunnel_device(tunnel), &wg, &peer), 0);
	wg.public_key = *wg_device_public_key(tunnel_device(tunnel));
	assert_int_equal(wg_device_add_peer(far, &wg, &us), 0);
	wg_peer_set_endpoint(us, &elsewhere);
	wg_peer_start(us, io_loop_now(loop), 0);
}

static int setup(void **state)
{
	struct tunnel_observer observer = {on_wg_event, NULL};
	struct fault fault;
	struct key_private key;

	(void)state;
	rng = rng_seeded_init(&seeded, 1);
	node_config_init(&config);
	config.tunnel.private_key = crypto_secret_alloc(sizeof(*config.tunnel.private_key));
	key_private_generate(config.tunnel.private_key, &rng);
	config.tunnel.addresses = calloc(1, sizeof(*config.tunnel.addresses));
	config.tunnel.address_count = 1;
	assert_int_equal(prefix_parse(config.tunnel.addresses, "10.0.0.1/32", 11), 0);
	loop = io_loop_new();
	assert_int_equal(tunnel_new(loop, &config.tunnel, &rng, observer, &tunnel, &fault), 0);
	key_private_generate(&key, &rng);
	far = wg_device_new(&key, 1420, &rng);
	assert_int_equal(endpoint_parse(&home, "192.0.2.1:1", 11), 0);
	assert_int_equal(endpoint_parse(&elsewhere, "192.0.2.2:2", 11), 0);
	add_peers(wg_device_public_key(far));
	snprintf(peer_config.endpoint_host, sizeof(peer_config.endpoint_host), "192.0.2.1");
	peer_config.endpoint_port = 1;
	finder = endpoint_finder_new(tunnel, NULL, peer, peer_config.endpoint_host, peer_config.endpoint_port,
				     &rng, 0);
	assert_non_null(finder);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	endpoint_finder_free(finder);
	wg_device_free(far);
	tunnel_free(tunnel);
	io_loop_free(loop);
	node_config_fini(&config);
	return 0;
}

/* What `from` wants to say arrives as if it came from `src`. */
static void carry(struct wg_device *from, struct wg_device *to, const struct endpoint *src)
{
	uint8_t out[2048];
	struct endpoint dst;
	struct wg_inner inner;
	size_t len;

	while ((len = wg_device_output(from, io_loop_now(loop), (struct wall_time){1700000000, 0}, out,
				       sizeof(out), &dst)))
		(void)wg_device_input(to, io_loop_now(loop), src, out, len, &inner);
}

/* The peer makes a session from elsewhere. */
static void make_session(void)
{
	struct wg_device *dev = tunnel_device(tunnel);
	struct wg_event event;

	carry(far, dev, &elsewhere);
	carry(dev, far, &home);
	carry(far, dev, &elsewhere);
	while (wg_device_event(dev, &event))
		endpoint_finder_event(finder, event.type);
	assert_true(wg_peer_heard(peer));
}

static bool is_at(const struct endpoint *at)
{
	return endpoint_equal(wg_peer_endpoint(peer), at);
}

static void test_heard_peer_stays_where_it_speaks_from(void **state)
{
	(void)state;
	assert_true(is_at(&home));
	make_session();
	assert_true(is_at(&elsewhere));
	/* A renewal that was lost once: its packets still come from there. */
	endpoint_finder_event(finder, WG_EVENT_HANDSHAKE_RETRY);
	assert_true(is_at(&elsewhere));
}

static void test_unheard_peer_is_sought_at_home_and_where_it_was_last(void **state)
{
	unsigned i;

	(void)state;
	make_session();
	peer->heard = false;
	for (i = 0; i < 3; i++) {
		endpoint_finder_event(finder, WG_EVENT_HANDSHAKE_RETRY);
		assert_true(is_at(&home));
		endpoint_finder_event(finder, WG_EVENT_HANDSHAKE_RETRY);
		assert_true(is_at(&elsewhere));
	}
	/* Once it has spoken at home again, the other place is forgotten. */
	endpoint_finder_event(finder, WG_EVENT_HANDSHAKE_FAILED);
	assert_true(is_at(&home));
	endpoint_finder_event(finder, WG_EVENT_ROAMED);
	endpoint_finder_event(finder, WG_EVENT_HANDSHAKE_RETRY);
	assert_true(is_at(&home));
}

/* With many peers the look for the first endpoint starts late: the peer may have come before. */
static void test_late_start_does_not_move_a_heard_peer(void **state)
{
	(void)state;
	endpoint_finder_free(finder);
	finder = endpoint_finder_new(tunnel, NULL, peer, peer_config.endpoint_host, peer_config.endpoint_port,
				     &rng, 3600000);
	assert_non_null(finder);
	make_session();
	endpoint_finder_free(finder);
	finder = endpoint_finder_new(tunnel, NULL, peer, peer_config.endpoint_host, peer_config.endpoint_port,
				     &rng, 0);
	assert_true(is_at(&elsewhere));
}

/* A name server that never answers; `path` becomes a resolv.conf that names it. */
static int open_silent_server(char *path)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), file = mkstemp(path);

	assert_true(fd >= 0 && file >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	assert_true(dprintf(file, "nameserver 127.0.0.1:%u\n", ntohs(at.sin_port)) > 0);
	close(file);
	return fd;
}

static bool is_asked_for(int server, const char *label)
{
	uint8_t query[512];
	bool asked = false;
	ssize_t len;

	while ((len = recv(server, query, sizeof(query), 0)) > 0)
		asked |= memmem(query, (size_t)len, label, strlen(label)) != NULL;
	return asked;
}

static void ignore_answer(void *ctx, const struct addr *addrs, size_t count, enum cause cause)
{
	(void)ctx;
	(void)addrs;
	(void)count;
	(void)cause;
}

/* Clients ask the host for more names than it is asked at a time, and none is answered. */
static void test_the_endpoint_does_not_wait_for_the_names_of_clients(void **state)
{
	char path[] = "/tmp/test_node_endpoint.XXXXXX";
	int server = open_silent_server(path);
	struct io_hostdns *dns = io_hostdns_new(loop, &rng);
	struct io_hostdns_query *q;
	bool early, asked;

	(void)state;
	io_hostdns_set_paths(dns, path, "/dev/null");
	/* Letters change case at random: digits do not. */
	for (unsigned i = 0; i < 300; i++)
		assert_int_equal(io_hostdns_resolve(dns, "1.test", ignore_answer, NULL, &q), 0);
	early = is_asked_for(server, "\x03" "222");
	snprintf(peer_config.endpoint_host, sizeof(peer_config.endpoint_host), "222.test");
	endpoint_finder_free(finder);
	finder = endpoint_finder_new(tunnel, dns, peer, peer_config.endpoint_host, peer_config.endpoint_port,
				     &rng, 0);
	assert_non_null(finder);
	asked = is_asked_for(server, "\x03" "222");
	endpoint_finder_free(finder);
	finder = NULL;
	io_hostdns_free(dns);
	close(server);
	unlink(path);
	assert_false(early);
	assert_true(asked);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_heard_peer_stays_where_it_speaks_from, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_unheard_peer_is_sought_at_home_and_where_it_was_last, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_the_endpoint_does_not_wait_for_the_names_of_clients, setup, teardown),
		cmocka_unit_test_setup_teardown(test_late_start_does_not_move_a_heard_peer, setup, teardown),
	};

	return cmocka_run_group_tests(tests, setup_crypto, NULL);
}
