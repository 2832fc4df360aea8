#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <dlfcn.h>
#include <stdlib.h>

#include "base/err.h"
#include "support/crypto.h"
#include "support/wg_sim.h"

/*
 * Each allocation of our own code fails in turn; libraries get what they ask for. The program's
 * malloc and calloc stand before glibc's; with a sanitizer, which has its own, nothing fails and
 * the tests only run the paths.
 */

#if defined(__SANITIZE_ADDRESS__)
#define INTERPOSE 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define INTERPOSE 0
#endif
#endif
#ifndef INTERPOSE
#define INTERPOSE 1
#endif

static int countdown = -1;	/* allocations until one fails; -1: none does */
static bool failed;
/* An object of which `len` bytes from `at` must be zero when it is freed. */
static struct {
	const void *p;
	size_t at, len, left;
	bool freed;
} watched;

#if INTERPOSE
void *__libc_malloc(size_t len);
void *__libc_calloc(size_t count, size_t len);
void *__libc_realloc(void *p, size_t len);
void __libc_free(void *p);

static bool is_ours(const void *code)
{
	static const char here;
	Dl_info caller, program;

	return dladdr(code, &caller) && dladdr(&here, &program) &&
	       caller.dli_fbase == program.dli_fbase;
}

static bool fails(const void *caller)
{
	if (countdown < 0 || !is_ours(caller) || countdown-- > 0)
		return false;
	failed = true;
	return true;
}

void *malloc(size_t len)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_malloc(len);
}

void *calloc(size_t count, size_t len)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_calloc(count, len);
}

void *realloc(void *p, size_t len)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_realloc(p, len);
}

void free(void *p)
{
	if (p && p == watched.p) {
		watched.freed = true;
		for (size_t i = 0; i < watched.len; i++)
			watched.left += ((const uint8_t *)p)[watched.at + i] != 0;
		watched.p = NULL;
	}
	__libc_free(p);
}
#endif

static void watch_inside(const void *p, size_t at, size_t len)
{
	watched.p = p;
	watched.at = at;
	watched.len = len;
	watched.left = 0;
	watched.freed = false;
}

static void watch(const void *p, size_t len)
{
	watch_inside(p, 0, len);
}

/* What was watched has gone, and nothing of it is left in memory. */
static void assert_wiped(void)
{
#if INTERPOSE
	assert_true(watched.freed);
	assert_int_equal(watched.left, 0);
#endif
}

static void arm(int n)
{
	countdown = n;
	failed = false;
}

static void disarm(void)
{
	countdown = -1;
}

static void test_what_holds_keys_is_wiped_when_freed(void **state)
{
	static struct sim sim;
	struct wg_peer *peer;

	(void)state;
	sim_init(&sim, 3);
	sim_join(&sim, NULL);
	sim_send(&sim, 0, 1, 0);
	sim_run(&sim, 100);
	peer = sim.node[0].peer;
	watch(peer->current, sizeof(*peer->current));
	wg_peer_drop_sessions(peer);
	assert_wiped();
	/* By the protocol too: a new session pushes the old ones out. */
	watch(sim.node[1].peer->current, sizeof(struct wg_session));
	for (unsigned i = 0; i < 3; i++) {
		sim_freeze(&sim, WG_REJECT_AFTER_TIME_MS + 1000);
		sim_send(&sim, 0, (uint16_t)(2 + i), 0);
		sim_run(&sim, 100);
	}
	assert_wiped();
	watch(peer, sizeof(*peer));
	wg_device_remove_peer(sim.node[0].dev, peer);
	assert_wiped();
	/* At once with its peer. */
	peer = sim.node[1].peer;
	watch(peer->current, sizeof(*peer->current));
	wg_device_remove_peer(sim.node[1].dev, peer);
	assert_wiped();
	watch(sim.node[0].dev, sizeof(*sim.node[0].dev));
	wg_device_free(sim.node[0].dev);
	assert_wiped();
	sim.node[0].dev = NULL;
	sim_fini(&sim);
}

static void test_what_waits_for_a_session_is_wiped_with_its_peer(void **state)
{
	static struct sim sim;
	struct wg_peer *peer;

	(void)state;
	sim_init(&sim, 4);
	sim_join(&sim, NULL);
	sim.node[1].deaf = true;
	sim_send(&sim, 0, 1, 700);
	sim_send(&sim, 0, 2, 700);
	peer = sim.node[0].peer;
	assert_int_equal(peer->staged.count, 2);
	/* The packet itself, not its length. */
	watch_inside(peer->staged.tail, offsetof(struct wg_staged_packet, data), peer->staged.tail->len);
	wg_device_remove_peer(sim.node[0].dev, peer);
	assert_wiped();
	sim_fini(&sim);
}

static void test_device_is_made_whole_or_not_at_all(void **state)
{
	struct rng_seeded seeded;
	struct rng rng = rng_seeded_init(&seeded, 1);
	struct wg_device *dev;
	struct key_private key;
	int n;

	(void)state;
	key_private_generate(&key, &rng);
	for (n = 0;; n++) {
		arm(n);
		dev = wg_device_new(&key, SIM_MTU, &rng);
		disarm();
		assert_int_equal(dev == NULL, failed);
		wg_device_free(dev);
		if (!failed)
			break;
	}
}

static void test_peer_is_added_whole_or_not_at_all(void **state)
{
	struct rng_seeded seeded;
	struct rng rng = rng_seeded_init(&seeded, 2);
	const uint8_t bytes[4] = {10, 1, 2, 3};
	struct prefix allowed[2] = {{addr_v4(bytes), 32}, {addr_v4(bytes), 32}};
	struct wg_peer_config config = {.allowed_ips = allowed, .allowed_ip_count = 2};
	struct wg_device *dev;
	struct key_private key;
	struct wg_peer *peer;
	int n, err;

	(void)state;
	key_private_generate(&key, &rng);
	config.public_key.bytes[0] = 9;
	for (n = 0;; n++) {
		dev = wg_device_new(&key, SIM_MTU, &rng);
		assert_non_null(dev);
		arm(n);
		err = wg_device_add_peer(dev, &config, &peer);
		disarm();
		assert_int_equal(err, failed ? ERR_NOMEM : 0);
		assert_int_equal(wg_device_peer_count(dev), !failed);
		assert_int_equal(wg_device_route(dev, &allowed[0].addr) != NULL, !failed);
		if (failed)
			assert_int_equal(wg_device_add_peer(dev, &config, &peer), 0);
		wg_device_free(dev);
		if (!failed)
			break;
	}
}

static void test_allowed_ips_are_replaced_whole_or_not_at_all(void **state)
{
	static struct sim sim;
	const uint8_t before[4] = {10, 0, 0, 2}, after[4] = {10, 9, 9, 9};
	struct prefix old = {addr_v4(before), 32}, list[2] = {{addr_v4(after), 32}, {addr_v4(after), 8}};
	int n, err;

	(void)state;
	for (n = 0;; n++) {
		sim_init(&sim, 6);
		sim_join(&sim, NULL);
		arm(n);
		err = wg_peer_set_allowed_ips(sim.node[0].peer, list, 2);
		disarm();
		assert_int_equal(err, failed ? ERR_NOMEM : 0);
		assert_int_equal(wg_device_route(sim.node[0].dev, &list[0].addr) != NULL, !failed);
		assert_ptr_equal(wg_device_route(sim.node[0].dev, &old.addr), sim.node[0].peer);
		sim_fini(&sim);
		if (!failed)
			break;
	}
	assert_int_equal(n, INTERPOSE ? 4 : 0);
}

static void test_session_comes_late_but_comes(void **state)
{
	static struct sim sim;
	int n;

	(void)state;
	for (n = 0;; n++) {
		sim_init(&sim, 3);
		sim_join(&sim, NULL);
		arm(n);
		sim_send(&sim, 0, 1, 300);
		sim_run(&sim, 100);
		sim_send(&sim, 1, 2, 300);
		sim_run(&sim, 100);
		disarm();
		sim_run(&sim, 20000);
		sim_send(&sim, 0, 3, 300);
		sim_send(&sim, 1, 4, 300);
		sim_run(&sim, 6000);
		assert_int_equal(sim.node[1].seen[3] + sim.node[0].seen[4], 2);
		sim_fini(&sim);
		if (!failed)
			break;
	}
	assert_true(!INTERPOSE || n >= 5);
}

/* Whoever waits for it would wait for ever. */
static void test_a_packet_that_could_not_be_kept_is_told_to_be_gone(void **state)
{
	static struct sim sim;

	(void)state;
	sim_init(&sim, 5);
	sim_join(&sim, NULL);
	sim.node[1].deaf = true;
	arm(0);
	sim_send(&sim, 0, 1, 0);
	disarm();
	sim_drain(&sim);
	assert_int_equal(sim.node[0].events[WG_EVENT_STAGED_GONE], failed);
	assert_int_equal(sim_drops(&sim, 0, WG_DROP_QUEUE_FULL), failed);
	/* One is kept, and says it for those that are not. */
	sim_send(&sim, 0, 2, 0);
	arm(0);
	sim_send(&sim, 0, 3, 0);
	disarm();
	sim_drain(&sim);
	assert_int_equal(sim.node[0].events[WG_EVENT_STAGED_GONE], failed);
	sim.node[1].deaf = false;
	sim_run(&sim, 2 * WG_REKEY_TIMEOUT_MS);
	assert_int_equal(sim.node[0].events[WG_EVENT_STAGED_GONE], failed + 1);
	assert_int_equal(sim.node[1].received, failed ? 1 : 3);
	sim_fini(&sim);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_holds_keys_is_wiped_when_freed),
		cmocka_unit_test(test_what_waits_for_a_session_is_wiped_with_its_peer),
		cmocka_unit_test(test_device_is_made_whole_or_not_at_all),
		cmocka_unit_test(test_peer_is_added_whole_or_not_at_all),
		cmocka_unit_test(test_allowed_ips_are_replaced_whole_or_not_at_all),
		cmocka_unit_test(test_session_comes_late_but_comes),
		cmocka_unit_test(test_a_packet_that_could_not_be_kept_is_told_to_be_gone),
	};

	return cmocka_run_group_tests(tests, setup_crypto, NULL);
}
