#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "base/err.h"
#include "crypto/aead.h"
#include "crypto/aead_vector.h"
#include "support/crypto.h"
#include "support/hex.h"

/* RFC 8439 appendix A.5: its nonce has the form that Noise uses. */
static const char text[] =
	"Internet-Drafts are draft documents valid for a maximum of six months and may be updated, "
	"replaced, or obsoleted by other documents at any time. It is inappropriate to use "
	"Internet-Drafts as reference material or to cite them other than as "
	"/\xe2\x80\x9cwork in progress./\xe2\x80\x9d";
#define SEALED \
	"64a0861575861af460f062c79be643bd5e805cfd345cf389f108670ac76c8cb24c6cfc18755d43eea09ee94e" \
	"382d26b0bdb7b73c321b0100d4f03b7f355894cf332f830e710b97ce98c8a84abd0b948114ad176e008d33bd" \
	"60f982b1ff37c8559797a06ef4f0ef61c186324e2b3506383606907b6a7c02b0f9f6157b53c867e4b9166c76" \
	"7b804d46a59b5216cde7a4e99040c5a40433225ee282a1b0a06c523eaf4534d7f83fa1155b0047718cbc546a" \
	"0d072b04b3564eea1b422273f548271a0bb2316053fa76991955ebd63159434ecebb4e466dae5a1073a67276" \
	"27097a1049e617d91d361094fa68f0ff77987130305beaba2eda04df997b714d6c6f2c29a6ad5cb4022b0270" \
	"9beead9d67890cbb22392336fea1851f38"
#define COUNTER UINT64_C(0x0807060504030201)

#define ARRAY_MAX 64
#define LONGEST 9000

static struct key_shared load_key(void)
{
	struct key_shared key;

	hex_decode(key.bytes, KEY_LEN,
		   "1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0");
	return key;
}

static void test_single_message_matches_the_rfc(void **state)
{
	struct key_shared key = load_key();
	uint8_t ad[12], expected[sizeof(text) - 1 + AEAD_TAG_LEN], out[sizeof(expected)];

	(void)state;
	hex_decode(ad, sizeof(ad), "f33388860000000000004e91");
	assert_int_equal(hex_decode(expected, sizeof(expected), SEALED), sizeof(expected));
	aead_seal_once(out, &key, COUNTER, ad, sizeof(ad), (const uint8_t *)text, sizeof(text) - 1);
	assert_memory_equal(out, expected, sizeof(out));
	assert_int_equal(aead_open_once(out, &key, COUNTER, ad, sizeof(ad), expected,
					sizeof(expected)), 0);
	assert_memory_equal(out, text, sizeof(text) - 1);
	ad[11] ^= 1;
	assert_int_equal(aead_open_once(out, &key, COUNTER, ad, sizeof(ad), expected,
					sizeof(expected)), ERR_AUTH);
	for (size_t len = 0; len < sizeof(expected); len++)
		assert_int_equal(aead_open_once(out, &key, COUNTER, ad, 11, expected, len),
				 ERR_AUTH);
}

/* All must agree at every length, and every length must open again. */
static void test_kept_context_equals_the_single_call(void **state)
{
	static const uint64_t counters[] = {0, 1, COUNTER, UINT64_MAX - 8192};
	struct key_shared key = load_key();
	struct aead seal, open;
	static uint8_t data[LONGEST + AEAD_TAG_LEN], expected[sizeof(data)], plain[sizeof(data)];
	size_t len, i;

	(void)state;
	for (i = 0; i < sizeof(plain); i++)
		plain[i] = (uint8_t)(i * 7);
	aead_init_seal(&seal, &key);
	aead_init_open(&open, &key);
	for (len = 0; len + AEAD_TAG_LEN <= sizeof(data); len++) {
		uint64_t counter = counters[len % ARRAY_LEN(counters)];

		memcpy(data, plain, len);
		aead_seal(&seal, counter, data, len);
		aead_seal_once(expected, &key, counter, NULL, 0, plain, len);
		assert_memory_equal(data, expected, len + AEAD_TAG_LEN);
		assert_int_equal(aead_open(&open, counter, data, len + AEAD_TAG_LEN), 0);
		assert_memory_equal(data, plain, len);
	}
	aead_fini(&seal);
	aead_fini(&open);
	aead_fini(&open);
}

static void test_forgeries_are_refused_and_do_not_disturb_the_context(void **state)
{
	static const size_t lens[] = {0, 16, AEAD_SMALL_MAX, AEAD_SMALL_MAX + 1, 1420};
	struct key_shared key = load_key();
	struct aead seal, open;
	uint8_t data[1600], work[sizeof(data)];
	size_t i, at, total;

	(void)state;
	memset(data, 0x55, sizeof(data));
	aead_init_seal(&seal, &key);
	aead_init_open(&open, &key);
	for (i = 0; i < ARRAY_LEN(lens); i++) {
		total = lens[i] + AEAD_TAG_LEN;
		aead_seal(&seal, i, data, lens[i]);
		for (at = 0; at < total; at++) {
			memcpy(work, data, total);
			work[at] ^= 0x80;
			assert_int_equal(aead_open(&open, i, work, total), ERR_AUTH);
			memcpy(work, data, total);
			assert_int_equal(aead_open(&open, i, work, at), ERR_AUTH);
		}
		memcpy(work, data, total);
		assert_int_equal(aead_open(&open, i + 1, work, total), ERR_AUTH);
		memcpy(work, data, total);
		assert_int_equal(aead_open(&open, i, work, total), 0);
	}
	aead_fini(&seal);
	aead_fini(&open);
}

static void test_short_packets_need_no_context(void **state)
{
	struct key_shared key = load_key();
	uint8_t data[1600] = {0};
	struct aead seal;

	(void)state;
	aead_init_seal(&seal, &key);
	aead_seal(&seal, 0, data, AEAD_SMALL_MAX);
	assert_null(seal.context);
	aead_seal(&seal, 1, data, AEAD_SMALL_MAX + 1);
	assert_non_null(seal.context);
	aead_fini(&seal);
	assert_true(key_shared_is_zero(&seal.key));
}


static struct aead_packet packets[ARRAY_MAX + 1];
static uint8_t texts[ARRAY_MAX + 1][LONGEST + AEAD_TAG_LEN], work[ARRAY_MAX + 1][LONGEST + AEAD_TAG_LEN];

/* `count` packets of random content and length, in place and not aligned. */
static void make_array(const struct rng *rng, size_t count, size_t longest)
{
	for (size_t i = 0; i < count; i++) {
		size_t len = rng_below(rng, (uint32_t)longest + 1);

		rng_bytes(rng, texts[i], len);
		memcpy(work[i], texts[i], len);
		rng_bytes(rng, &packets[i].counter, sizeof(packets[i].counter));
		packets[i].data = work[i];
		packets[i].len = len;
	}
}

static void test_arrays_equal_single_calls_at_random_lengths(void **state)
{
	struct key_shared key = load_key();
	static uint8_t expected[LONGEST + AEAD_TAG_LEN];
	struct rng_seeded seeded;
	struct rng rng = rng_seeded_init(&seeded, 1);
	struct aead seal, open;
	size_t count, i;

	(void)state;
	aead_init_seal(&seal, &key);
	aead_init_open(&open, &key);
	for (count = 0; count <= ARRAY_MAX; count++) {
		make_array(&rng, count, count % 2 ? LONGEST : 200);
		aead_seal_array(&seal, packets, count);
		for (i = 0; i < count; i++) {
			aead_seal_once(expected, &key, packets[i].counter, NULL, 0, texts[i], packets[i].len);
			packets[i].len += AEAD_TAG_LEN;
			assert_memory_equal(work[i], expected, packets[i].len);
			packets[i].authentic = false;
		}
		aead_open_array(&open, packets, count);
		for (i = 0; i < count; i++) {
			assert_true(packets[i].authentic);
			assert_memory_equal(work[i], texts[i], packets[i].len - AEAD_TAG_LEN);
		}
	}
	aead_fini(&seal);
	aead_fini(&open);
}

/* Whether 16 bytes of the text stand where they would after opening. */
static bool shows_text(size_t i, size_t len)
{
	for (size_t at = 0; at + 16 <= len; at += 16) {
		if (memcmp(work[i] + at, texts[i] + at, 16) == 0)
			return true;
	}
	return false;
}

static void test_of_an_array_only_the_forged_packet_fails_and_shows_nothing(void **state)
{
	struct key_shared key = load_key();
	struct rng_seeded seeded;
	struct rng rng = rng_seeded_init(&seeded, 2);
	struct aead seal, open;
	size_t count, forged, i;

	(void)state;
	aead_init_seal(&seal, &key);
	aead_init_open(&open, &key);
	for (count = 1; count <= ARRAY_MAX; count++) {
		make_array(&rng, count, count % 2 ? LONGEST : 200);
		aead_seal_array(&seal, packets, count);
		for (i = 0; i < count; i++) {
			packets[i].len += AEAD_TAG_LEN;
			packets[i].authentic = i % 2;
		}
		forged = count / 2;
		work[forged][rng_below(&rng, (uint32_t)packets[forged].len)] ^= 1;
		aead_open_array(&open, packets, count);
		for (i = 0; i < count; i++) {
			assert_int_equal(packets[i].authentic, i != forged);
			if (i == forged)
				assert_false(shows_text(i, packets[i].len - AEAD_TAG_LEN));
			else
				assert_memory_equal(work[i], texts[i], packets[i].len - AEAD_TAG_LEN);
		}
	}
	aead_fini(&seal);
	aead_fini(&open);
}

static void test_a_packet_shorter_than_a_tag_is_refused_among_others(void **state)
{
	struct key_shared key = load_key();
	struct aead seal, open;
	size_t len;

	(void)state;
	aead_init_seal(&seal, &key);
	aead_init_open(&open, &key);
	for (len = 0; len < AEAD_TAG_LEN; len++) {
		for (size_t i = 0; i < 3; i++)
			packets[i] = (struct aead_packet){.counter = i, .data = work[i], .len = 300};
		aead_seal_array(&seal, packets, 3);
		packets[0].len = packets[2].len = 300 + AEAD_TAG_LEN;
		packets[1].len = len;
		aead_open_array(&open, packets, 3);
		assert_true(packets[0].authentic && !packets[1].authentic && packets[2].authentic);
	}
	aead_fini(&seal);
	aead_fini(&open);
}

/* Runs before crypto_init, so there is no cipher to make a context with, as without memory. */
static void test_without_a_context_every_length_is_still_served(void **state)
{
	struct key_shared key = load_key();
	uint8_t data[1600] = {7};
	struct aead seal, open;
	size_t len;

	(void)state;
	aead_init_seal(&seal, &key);
	aead_init_open(&open, &key);
	for (len = 0; len + AEAD_TAG_LEN <= sizeof(data); len++) {
		aead_seal(&seal, len, data, len);
		assert_int_equal(aead_open(&open, len, data, len + AEAD_TAG_LEN), 0);
	}
	assert_null(seal.context);
	assert_null(open.context);
	aead_fini(&seal);
	aead_fini(&open);
}

static void test_vector_code_is_used_where_it_can_be(void **state)
{
	struct key_shared key = load_key();
	uint8_t data[1600] = {0};
	struct aead seal;

	(void)state;
	aead_init_seal(&seal, &key);
	aead_seal(&seal, 0, data, 1424);
	assert_int_equal(seal.context == NULL, aead_vector_usable());
	aead_fini(&seal);
}

/* A page that must not be touched on either side of what is sealed and opened. */
static void test_nothing_beyond_the_packet_is_touched(void **state)
{
	struct key_shared key = load_key();
	size_t page = 4096, area = 3 * page, len;
	uint8_t *p = mmap(NULL, area + 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct aead seal, open;

	(void)state;
	assert_true(p != MAP_FAILED);
	assert_int_equal(mprotect(p, page, PROT_NONE), 0);
	assert_int_equal(mprotect(p + page + area, page, PROT_NONE), 0);
	aead_init_seal(&seal, &key);
	aead_init_open(&open, &key);
	for (len = 0; len + AEAD_TAG_LEN <= area; len += len < 1500 ? 1 : 61) {
		uint8_t *places[] = {p + page, p + page + area - len - AEAD_TAG_LEN};

		for (size_t i = 0; i < ARRAY_LEN(places); i++) {
			aead_seal(&seal, len, places[i], len);
			assert_int_equal(aead_open(&open, len, places[i], len + AEAD_TAG_LEN), 0);
		}
	}
	aead_fini(&seal);
	aead_fini(&open);
	assert_int_equal(munmap(p, area + 2 * page), 0);
}

static int use_libraries(void **state)
{
	(void)state;
	aead_use_vector(false);
	return 0;
}

static int use_best(void **state)
{
	(void)state;
	aead_use_vector(true);
	return 0;
}

/* By the code for this processor if there is any, and by the libraries. */
#define EACH_BACK_END(test) \
	{#test, test, use_best, use_best, NULL}, \
	{#test ", libraries", test, use_libraries, use_best, NULL}

int main(void)
{
	const struct CMUnitTest first[] = {
		cmocka_unit_test(test_without_a_context_every_length_is_still_served),
	};
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vector_code_is_used_where_it_can_be),
		EACH_BACK_END(test_nothing_beyond_the_packet_is_touched),
		cmocka_unit_test(test_single_message_matches_the_rfc),
		EACH_BACK_END(test_kept_context_equals_the_single_call),
		EACH_BACK_END(test_forgeries_are_refused_and_do_not_disturb_the_context),
		cmocka_unit_test_setup_teardown(test_short_packets_need_no_context, use_libraries, use_best),
		EACH_BACK_END(test_arrays_equal_single_calls_at_random_lengths),
		EACH_BACK_END(test_of_an_array_only_the_forged_packet_fails_and_shows_nothing),
		EACH_BACK_END(test_a_packet_shorter_than_a_tag_is_refused_among_others),
	};

	return cmocka_run_group_tests(first, NULL, NULL) +
	       cmocka_run_group_tests(tests, setup_crypto, NULL);
}
