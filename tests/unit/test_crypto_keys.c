#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "crypto/keys.h"
#include "support/crypto.h"
#include "support/hex.h"

#define BOB_PRIVATE "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"
#define BOB_PUBLIC "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"

static void test_generated_keys_are_clamped(void **state)
{
	struct rng_seeded seeded;
	struct rng rng = rng_seeded_init(&seeded, 1);
	struct key_private key;
	int i;

	(void)state;
	for (i = 0; i < 100; i++) {
		key_private_generate(&key, &rng);
		assert_int_equal(key.bytes[0] & 7, 0);
		assert_int_equal(key.bytes[31] & 0xc0, 0x40);
	}
}

/* RFC 7748 section 6.1. */
static void test_public_key_matches_the_rfc(void **state)
{
	struct key_private key;
	struct key_public expected, actual;

	(void)state;
	hex_decode(key.bytes, KEY_LEN, BOB_PRIVATE);
	hex_decode(expected.bytes, KEY_LEN, BOB_PUBLIC);
	assert_int_equal(key_public_from_private(&actual, &key), 0);
	assert_memory_equal(actual.bytes, expected.bytes, KEY_LEN);
	assert_true(key_public_equal(&actual, &expected));
	actual.bytes[31] ^= 1;
	assert_false(key_public_equal(&actual, &expected));
}

static void test_zero_private_key_is_refused(void **state)
{
	struct key_private key = {{0}};
	struct key_public out;

	(void)state;
	assert_int_equal(key_public_from_private(&out, &key), ERR_CRYPTO);
}

static void test_text_survives_a_round_trip(void **state)
{
	char text[KEY_TEXT_LEN + 1];
	struct key_private key, again;

	(void)state;
	hex_decode(key.bytes, KEY_LEN, BOB_PRIVATE);
	key_private_format(&key, text);
	assert_int_equal(strlen(text), KEY_TEXT_LEN);
	assert_int_equal(key_private_parse(&again, text, KEY_TEXT_LEN), 0);
	assert_memory_equal(again.bytes, key.bytes, KEY_LEN);
}

static void test_malformed_text_is_refused(void **state)
{
	static const char *const cases[] = {
		"",
		"XasIfmJKikt54X+Lg4AO5m87sSkmGLb9HC+LJ/+I4Os",
		"XasIfmJKikt54X+Lg4AO5m87sSkmGLb9HC+LJ/+I4Os==",
		"XasIfmJKikt54X+Lg4AO5m87sSkmGLb9HC+LJ/+I4Ot=",	/* bits left over */
		"XasIfmJKikt54X-Lg4AO5m87sSkmGLb9HC+LJ/+I4Os=",
		"XasIfmJKikt54X+Lg4AO5m87sSkmGLb9HC+LJ/+I4O==",
		" asIfmJKikt54X+Lg4AO5m87sSkmGLb9HC+LJ/+I4Os=",
	};
	struct key_public public_key;
	struct key_private private_key;
	struct key_shared shared;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		size_t len = strlen(cases[i]);

		assert_int_equal(key_public_parse(&public_key, cases[i], len), ERR_SYNTAX);
		assert_int_equal(key_private_parse(&private_key, cases[i], len), ERR_SYNTAX);
		assert_int_equal(key_shared_parse(&shared, cases[i], len), ERR_SYNTAX);
	}
}

static void test_zero_preshared_key_is_recognised(void **state)
{
	struct key_shared key = {{0}};

	(void)state;
	assert_true(key_shared_is_zero(&key));
	key.bytes[31] = 1;
	assert_false(key_shared_is_zero(&key));
}

static void test_system_generator_fills_and_secret_memory_works(void **state)
{
	struct rng rng = crypto_system_rng();
	uint8_t zero[64] = {0}, *p = crypto_secret_alloc(64);

	(void)state;
	assert_non_null(p);
	memset(p, 0, 64);
	rng_bytes(&rng, p, 64);
	assert_false(crypto_equal(p, zero, 64));
	crypto_wipe(p, 64);
	assert_true(crypto_equal(p, zero, 64));
	crypto_secret_free(p);
	crypto_secret_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_generated_keys_are_clamped),
		cmocka_unit_test(test_public_key_matches_the_rfc),
		cmocka_unit_test(test_zero_private_key_is_refused),
		cmocka_unit_test(test_text_survives_a_round_trip),
		cmocka_unit_test(test_malformed_text_is_refused),
		cmocka_unit_test(test_zero_preshared_key_is_recognised),
		cmocka_unit_test(test_system_generator_fills_and_secret_memory_works),
	};

	return cmocka_run_group_tests(tests, setup_crypto, NULL);
}
