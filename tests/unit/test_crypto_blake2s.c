#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/blake2s.h"
#include "crypto/kdf.h"
#include "support/crypto.h"
#include "support/hex.h"

/* Expected values other than the RFC's come from Python's hashlib and hmac. */

static void fill(uint8_t *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		p[i] = (uint8_t)i;
}

static void assert_hex(const uint8_t *actual, const char *expected)
{
	uint8_t bytes[64];
	size_t len = hex_decode(bytes, sizeof(bytes), expected);

	assert_memory_equal(actual, bytes, len);
}

/* RFC 7693 appendix B. */
static void test_hash_matches_the_rfc_however_it_is_split(void **state)
{
	static const char expected[] =
		"508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982";
	static const uint8_t abc[3] = {'a', 'b', 'c'};
	uint8_t out[BLAKE2S_LEN];
	size_t i;

	(void)state;
	for (i = 0; i <= sizeof(abc); i++) {
		blake2s_hash(out, abc, i, abc + i, sizeof(abc) - i);
		assert_hex(out, expected);
	}
}

static void test_mac_takes_keys_of_both_lengths(void **state)
{
	uint8_t out[BLAKE2S_MAC_LEN], key[32], data[116];

	(void)state;
	fill(key, sizeof(key));
	fill(data, sizeof(data));
	blake2s_mac(out, key, 32, data, sizeof(data));
	assert_hex(out, "072e94ffbfc684bd8ab2a1b9dade2fd5");
	blake2s_mac(out, key, 16, data, sizeof(data));
	assert_hex(out, "b9b1bbba1b59e4349d1018f97d243fca");
	blake2s_mac(out, key, 32, data, sizeof(data));
	assert_hex(out, "072e94ffbfc684bd8ab2a1b9dade2fd5");
}

static void test_hmac_matches(void **state)
{
	uint8_t out[BLAKE2S_LEN], key[32], data[116];

	(void)state;
	fill(key, sizeof(key));
	fill(data, sizeof(data));
	blake2s_hmac(out, key, data, 50, data + 50, sizeof(data) - 50);
	assert_hex(out, "0119e95351eef73ccb5321dd3610aa43271b61dc1252f9cda567215f1caa313f");
	blake2s_hmac(out, key, NULL, 0, NULL, 0);
	assert_hex(out, "e2641d24dfa8dd89e8cb77f1cdc77d8c006e5bebdfc4d6a3a3a6f8d5b7586fb0");
}

static void test_kdf_gives_one_to_three_outputs_and_may_overlap(void **state)
{
	uint8_t key[32], input[32], a[KDF_LEN], b[KDF_LEN], c[KDF_LEN];

	(void)state;
	fill(key, sizeof(key));
	fill(input, sizeof(input));
	kdf_derive(key, input, sizeof(input), a, b, c);
	assert_hex(a, "1fcf29000a27f12dc0691acf0f15bf4c55199f925d65441a3c08b566fce08d13");
	assert_hex(b, "704818f0cdc896cc3d7fe77c61f24e33db30aa69ef63758d5cfce8d6335c1b46");
	assert_hex(c, "7c46c5eddb1418694b9a599d7d5842039b4fbbf946e376bf59d19847342fee80");
	kdf_derive(key, input, sizeof(input), key, input, NULL);
	assert_memory_equal(key, a, KDF_LEN);
	assert_memory_equal(input, b, KDF_LEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hash_matches_the_rfc_however_it_is_split),
		cmocka_unit_test(test_mac_takes_keys_of_both_lengths),
		cmocka_unit_test(test_hmac_matches),
		cmocka_unit_test(test_kdf_gives_one_to_three_outputs_and_may_overlap),
	};

	return cmocka_run_group_tests(tests, setup_crypto, NULL);
}
