#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "support/crypto.h"
#include "wg/cookie.h"

static struct rng_seeded seeded;
static struct rng rng;
static struct key_public responder;
static struct wg_cookie_checker checker;
static const struct boot_time t0 = {UINT64_C(1000) * NS_PER_S};

static void begin(void)
{
	struct key_private key;

	rng = rng_seeded_init(&seeded, 11);
	key_private_generate(&key, &rng);
	assert_int_equal(key_public_from_private(&responder, &key), 0);
	wg_cookie_checker_init(&checker, &responder);
}

static struct endpoint source(uint8_t host, uint16_t port)
{
	const uint8_t bytes[4] = {203, 0, 113, host};

	return (struct endpoint){addr_v4(bytes), port, 0};
}

/* Sends `msg` to be answered with a cookie for `src`, which the jar takes. */
static void get_cookie(struct wg_cookie_jar *jar, struct boot_time now, const struct endpoint *src,
		       uint8_t msg[static WG_INITIATION_LEN])
{
	uint8_t reply[WG_COOKIE_REPLY_LEN];
	struct wg_cookie_reply m;

	wg_cookie_reply_make(&checker, now, &rng, src, 77, msg, WG_INITIATION_LEN, reply);
	wg_cookie_reply_decode(&m, reply);
	assert_int_equal(m.receiver, 77);
	assert_int_equal(wg_cookie_accept(jar, now, &responder, &m), 0);
}

static bool mac2_holds(struct boot_time now, const struct endpoint *src, const uint8_t *msg)
{
	return wg_cookie_check_mac2(&checker, now, &rng, src, msg, WG_INITIATION_LEN);
}

static void test_mac1_covers_every_byte_before_it(void **state)
{
	uint8_t msg[WG_INITIATION_LEN] = {WG_MSG_INITIATION};
	struct wg_cookie_jar jar = {0};
	size_t i;

	(void)state;
	begin();
	wg_cookie_sign(&jar, t0, &responder, msg, sizeof(msg));
	assert_true(wg_cookie_check_mac1(&checker, msg, sizeof(msg)));
	for (i = 0; i < sizeof(msg); i++) {
		msg[i] ^= 4;
		assert_int_equal(wg_cookie_check_mac1(&checker, msg, sizeof(msg)),
				 i >= sizeof(msg) - WG_MAC_LEN);
		msg[i] ^= 4;
	}
}

static void test_mac2_is_zero_without_a_cookie_and_holds_with_one(void **state)
{
	uint8_t msg[WG_INITIATION_LEN] = {WG_MSG_INITIATION}, zero[WG_MAC_LEN] = {0};
	struct endpoint src = source(1, 1000), other_port = source(1, 1001);
	struct endpoint other = source(2, 1000);
	struct wg_cookie_jar jar = {0};

	(void)state;
	begin();
	wg_cookie_sign(&jar, t0, &responder, msg, sizeof(msg));
	assert_memory_equal(msg + sizeof(msg) - WG_MAC_LEN, zero, WG_MAC_LEN);
	assert_false(mac2_holds(t0, &src, msg));
	get_cookie(&jar, t0, &src, msg);
	wg_cookie_sign(&jar, t0, &responder, msg, sizeof(msg));
	assert_true(wg_cookie_check_mac1(&checker, msg, sizeof(msg)));
	assert_true(mac2_holds(t0, &src, msg));
	assert_false(mac2_holds(t0, &other_port, msg));
	assert_false(mac2_holds(t0, &other, msg));
}

/* The cookie of a path is no other's, and not that of an address with the same bytes. */
static void test_a_path_has_a_cookie_of_its_own(void **state)
{
	struct endpoint path = {.addr = addr_path(0x01020304)}, next = {.addr = addr_path(0x01020305)};
	struct endpoint v4 = {.addr = addr_v4(path.addr.bytes), .port = 1};
	struct endpoint v6 = {.addr = addr_v6(path.addr.bytes), .port = 1};
	uint8_t msg[WG_INITIATION_LEN] = {WG_MSG_INITIATION};
	struct wg_cookie_jar jar = {0};

	(void)state;
	begin();
	wg_cookie_sign(&jar, t0, &responder, msg, sizeof(msg));
	get_cookie(&jar, t0, &path, msg);
	wg_cookie_sign(&jar, t0, &responder, msg, sizeof(msg));
	assert_true(mac2_holds(t0, &path, msg));
	assert_false(mac2_holds(t0, &next, msg));
	assert_false(mac2_holds(t0, &v4, msg));
	assert_false(mac2_holds(t0, &v6, msg));
}

static void test_cookies_and_secrets_age(void **state)
{
	uint8_t msg[WG_INITIATION_LEN] = {WG_MSG_INITIATION}, zero[WG_MAC_LEN] = {0};
	struct endpoint src = source(1, 1000);
	struct wg_cookie_jar jar = {0};
	struct boot_time t;

	(void)state;
	begin();
	wg_cookie_sign(&jar, t0, &responder, msg, sizeof(msg));
	get_cookie(&jar, t0, &src, msg);
	t = boot_add_ms(t0, WG_COOKIE_LIFE_MS - WG_COOKIE_LATENCY_MS - 1);
	wg_cookie_sign(&jar, t, &responder, msg, sizeof(msg));
	assert_true(mac2_holds(t, &src, msg));
	assert_true(mac2_holds(boot_add_ms(t0, WG_COOKIE_LIFE_MS - 1), &src, msg));
	assert_false(mac2_holds(boot_add_ms(t0, WG_COOKIE_LIFE_MS), &src, msg));
	wg_cookie_sign(&jar, boot_add_ms(t, 1), &responder, msg, sizeof(msg));
	assert_memory_equal(msg + sizeof(msg) - WG_MAC_LEN, zero, WG_MAC_LEN);
}

static void test_reply_is_taken_once_and_only_for_the_last_message(void **state)
{
	uint8_t msg[WG_INITIATION_LEN] = {WG_MSG_INITIATION}, reply[WG_COOKIE_REPLY_LEN];
	struct endpoint src = source(1, 1000);
	struct wg_cookie_jar jar = {0};
	struct wg_cookie_reply m;
	size_t i;

	(void)state;
	begin();
	wg_cookie_reply_make(&checker, t0, &rng, &src, 1, msg, sizeof(msg), reply);
	wg_cookie_reply_decode(&m, reply);
	assert_int_equal(wg_cookie_accept(&jar, t0, &responder, &m), ERR_NOTFOUND);
	wg_cookie_sign(&jar, t0, &responder, msg, sizeof(msg));
	assert_int_equal(wg_cookie_accept(&jar, t0, &responder, &m), ERR_AUTH);
	wg_cookie_reply_make(&checker, t0, &rng, &src, 1, msg, sizeof(msg), reply);
	for (i = 8; i < sizeof(reply); i++) {
		reply[i] ^= 1;
		assert_int_equal(wg_cookie_accept(&jar, t0, &responder, &m), ERR_AUTH);
		assert_false(jar.valid);
		reply[i] ^= 1;
	}
	assert_int_equal(wg_cookie_accept(&jar, t0, &responder, &m), 0);
	assert_int_equal(wg_cookie_accept(&jar, t0, &responder, &m), ERR_NOTFOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mac1_covers_every_byte_before_it),
		cmocka_unit_test(test_mac2_is_zero_without_a_cookie_and_holds_with_one),
		cmocka_unit_test(test_a_path_has_a_cookie_of_its_own),
		cmocka_unit_test(test_cookies_and_secrets_age),
		cmocka_unit_test(test_reply_is_taken_once_and_only_for_the_last_message),
	};

	return cmocka_run_group_tests(tests, setup_crypto, NULL);
}
