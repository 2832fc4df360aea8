#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "crypto/xaead.h"
#include "support/crypto.h"
#include "support/hex.h"

/* draft-irtf-cfrg-xchacha-03, appendix A.3.1. */
static const char text[] = "Ladies and Gentlemen of the class of '99: If I could offer you only "
			   "one tip for the future, sunscreen would be it.";
#define SEALED \
	"bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f" \
	"4eda7e39ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f" \
	"76b2383565d3fff921f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49"

struct vector {
	struct key_shared key;
	uint8_t nonce[XAEAD_NONCE_LEN], ad[12], sealed[sizeof(text) - 1 + XAEAD_TAG_LEN];
};

static struct vector load(void)
{
	struct vector v;

	hex_decode(v.key.bytes, KEY_LEN,
		   "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
	hex_decode(v.nonce, sizeof(v.nonce), "404142434445464748494a4b4c4d4e4f5051525354555657");
	hex_decode(v.ad, sizeof(v.ad), "50515253c0c1c2c3c4c5c6c7");
	hex_decode(v.sealed, sizeof(v.sealed), SEALED);
	return v;
}

static void test_seal_matches_the_draft(void **state)
{
	struct vector v = load();
	uint8_t out[sizeof(v.sealed)];

	(void)state;
	xaead_seal(out, &v.key, v.nonce, v.ad, sizeof(v.ad), (const uint8_t *)text, sizeof(text) - 1);
	assert_memory_equal(out, v.sealed, sizeof(out));
}

static void test_open_accepts_only_the_whole_message(void **state)
{
	struct vector v = load();
	uint8_t out[sizeof(v.sealed)];
	size_t len, i;

	(void)state;
	assert_int_equal(xaead_open(out, &v.key, v.nonce, v.ad, sizeof(v.ad), v.sealed,
				    sizeof(v.sealed)), 0);
	assert_memory_equal(out, text, sizeof(text) - 1);
	for (len = 0; len < sizeof(v.sealed); len++)
		assert_int_equal(xaead_open(out, &v.key, v.nonce, v.ad, sizeof(v.ad), v.sealed, len),
				 ERR_AUTH);
	for (i = 0; i < sizeof(v.sealed); i++) {
		v.sealed[i] ^= 0x10;
		assert_int_equal(xaead_open(out, &v.key, v.nonce, v.ad, sizeof(v.ad), v.sealed,
					    sizeof(v.sealed)), ERR_AUTH);
		v.sealed[i] ^= 0x10;
	}
	v.ad[0] ^= 1;
	assert_int_equal(xaead_open(out, &v.key, v.nonce, v.ad, sizeof(v.ad), v.sealed,
				    sizeof(v.sealed)), ERR_AUTH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_seal_matches_the_draft),
		cmocka_unit_test(test_open_accepts_only_the_whole_message),
	};

	return cmocka_run_group_tests(tests, setup_crypto, NULL);
}
