#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "crypto/x25519.h"
#include "support/crypto.h"
#include "support/hex.h"

/* RFC 7748 sections 5.2 (first) and 6.1. */
static void test_agreement_matches_the_rfc(void **state)
{
	static const struct {
		const char *ours, *theirs, *shared;
	} cases[] = {
		{"a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
		 "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
		 "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"},
		{"5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
		 "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
		 "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"},
	};
	struct key_private ours;
	struct key_public theirs;
	struct key_shared shared, expected;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		hex_decode(ours.bytes, KEY_LEN, cases[i].ours);
		hex_decode(theirs.bytes, KEY_LEN, cases[i].theirs);
		hex_decode(expected.bytes, KEY_LEN, cases[i].shared);
		assert_int_equal(x25519_agree(&shared, &ours, &theirs), 0);
		assert_memory_equal(shared.bytes, expected.bytes, KEY_LEN);
	}
}

static void test_points_of_small_order_are_refused(void **state)
{
	static const char *const points[] = {
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
		"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	};
	struct rng_seeded seeded;
	struct rng rng = rng_seeded_init(&seeded, 7);
	struct key_private ours;
	struct key_public theirs;
	struct key_shared shared;
	size_t i;

	(void)state;
	key_private_generate(&ours, &rng);
	for (i = 0; i < ARRAY_LEN(points); i++) {
		hex_decode(theirs.bytes, KEY_LEN, points[i]);
		assert_int_equal(x25519_agree(&shared, &ours, &theirs), ERR_CRYPTO);
		assert_true(key_shared_is_zero(&shared));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agreement_matches_the_rfc),
		cmocka_unit_test(test_points_of_small_order_are_refused),
	};

	return cmocka_run_group_tests(tests, setup_crypto, NULL);
}
