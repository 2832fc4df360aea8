/*
 * A node whose peer never answers, and a wall clock that is wrong: what the log says. The node is the
 * real one, its peer a socket that nobody reads, the clocks are the test's.
 */
#include "node/node.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/log.h"
#include "link/diagnosis.h"
#include "support/crypto.h"
#include "support/sim_clock.h"

static struct rng_seeded seeded;
static struct rng rng;
static struct node_config config;
static struct io_loop *loop;
static struct node *node;
static int silent = -1;
static char said[16384];	/* lines of the log */

static void on_line(void *ctx, enum log_level level, const char *line)
{
	size_t len = strlen(said);

	(void)ctx;
	(void)level;
	snprintf(said + len, sizeof(said) - len, "%s\n", line);
}

/* The peer's port: datagrams are taken, and nothing comes back. */
static uint16_t open_silent(void)
{
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(sa);

	silent = socket(AF_INET, SOCK_DGRAM, 0);
	if (silent < 0 || bind(silent, (struct sockaddr *)&sa, len) ||
	    getsockname(silent, (struct sockaddr *)&sa, &len))
		return 0;
	return ntohs(sa.sin_port);
}

static int begin(void **state)
{
	struct peer_config *peer = calloc(1, sizeof(*peer));
	struct key_private far_key;

	(void)state;
	said[0] = '\0';
	log_init(on_line, NULL, LOG_INFO);
	rng = rng_seeded_init(&seeded, 1);
	loop = io_loop_new();
	node_config_init(&config);
	config.tunnel.private_key = crypto_secret_alloc(sizeof(*config.tunnel.private_key));
	config.tunnel.addresses = calloc(1, sizeof(*config.tunnel.addresses));
	if (!peer || !loop || !config.tunnel.private_key || !config.tunnel.addresses)
		return -1;
	key_private_generate(config.tunnel.private_key, &rng);
	config.tunnel.addresses[0] = (struct prefix){{ADDR_V4, {10, 0, 0, 2}}, 32};
	config.tunnel.address_count = 1;
	config.peers = peer;
	config.peer_count = 1;
	key_private_generate(&far_key, &rng);
	snprintf(peer->endpoint_host, sizeof(peer->endpoint_host), "127.0.0.1");
	peer->endpoint_port = open_silent();
	return key_public_from_private(&peer->public_key, &far_key) || !peer->endpoint_port ? -1 : 0;
}

static int end(void **state)
{
	(void)state;
	node_free(node);
	node = NULL;
	node_config_fini(&config);
	io_loop_free(loop);
	close(silent);
	log_init(NULL, NULL, LOG_INFO);
	sim_wall_clock = (struct wall_time){0, 0};
	return 0;
}

static void set_wall(uint64_t s)
{
	sim_wall_clock = (struct wall_time){s, 0};
}

static void start(void)
{
	struct node_callbacks none = {NULL, NULL, NULL};
	struct fault fault;

	assert_int_equal(node_new(loop, &config, &rng, &none, &node, &fault), 0);
}

static void on_pass(void *ctx)
{
	io_loop_stop(ctx);
}

/* Both clocks go on by so much, in steps of a tenth of a second. */
static void wait_ms(unsigned ms)
{
	struct io_timer *timer = io_timer_new(loop, on_pass, loop);

	assert_non_null(timer);
	for (unsigned i = 0; i < ms / 100; i++) {
		sim_boot = boot_add_ms(sim_boot, 100);
		if (i % 10 == 9)
			sim_wall_clock.s++;
		io_timer_set(timer, sim_boot);
		io_loop_again(loop);
		assert_int_equal(io_loop_run(loop), 0);
	}
	io_timer_free(timer);
}

static void assert_said(const char *text)
{
	if (!strstr(said, text))
		fail_msg("not in the log: %s\nbut:\n%s", text, said);
}

static void test_a_clock_that_is_right_is_not_blamed(void **state)
{
	(void)state;
	set_wall(diagnosis_built_s() + 86400);
	start();
	wait_ms(6000);
	assert_said("to 1 handshake; check the peer's address, port and the keys");
	node_log_status(node);
	assert_null(strstr(said, "clock"));
}

static void test_a_clock_before_the_build_is_named(void **state)
{
	(void)state;
	set_wall(diagnosis_built_s() - 86400);
	start();
	wait_ms(6000);
	assert_said("to 1 handshake; check this machine's clock: it is before the day");
	said[0] = '\0';
	node_log_status(node);
	assert_said("; check this machine's clock: it is before the day");
}

/* As when the clock of a machine without a battery is set right: the first handshakes were later. */
static void test_a_clock_that_was_set_back_is_named(void **state)
{
	(void)state;
	set_wall(diagnosis_built_s() + 864000);
	start();
	wait_ms(1000);
	sim_wall_clock.s -= 3600;
	wait_ms(5000);
	assert_said("to 1 handshake; check this machine's clock: it was set back");
	said[0] = '\0';
	node_log_status(node);
	assert_said("; check this machine's clock: it was set back");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_a_clock_that_is_right_is_not_blamed, begin, end),
		cmocka_unit_test_setup_teardown(test_a_clock_before_the_build_is_named, begin, end),
		cmocka_unit_test_setup_teardown(test_a_clock_that_was_set_back_is_named, begin, end),
	};

	return cmocka_run_group_tests(tests, setup_crypto, NULL);
}
