#include "base/enc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include "base/compiler.h"
#include "base/err.h"
#include "base/rng.h"

/* RFC 4648 section 10. */
static const struct {
	const char *plain, *base64, *hex;
} vectors[] = {
	{"", "", ""},
	{"f", "Zg==", "66"},
	{"fo", "Zm8=", "666f"},
	{"foo", "Zm9v", "666f6f"},
	{"foob", "Zm9vYg==", "666f6f62"},
	{"fooba", "Zm9vYmE=", "666f6f6261"},
	{"foobar", "Zm9vYmFy", "666f6f626172"},
};

static void test_vectors_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
		size_t len = strlen(vectors[i].plain);
		uint8_t back[8];
		char text[16];

		enc_base64(text, (const uint8_t *)vectors[i].plain, len);
		assert_string_equal(text, vectors[i].base64);
		assert_int_equal(dec_base64(back, len, text, strlen(text)), 0);
		assert_memory_equal(back, vectors[i].plain, len);
		enc_hex(text, (const uint8_t *)vectors[i].plain, len);
		assert_string_equal(text, vectors[i].hex);
		assert_int_equal(dec_hex(back, len, text, strlen(text)), 0);
		assert_memory_equal(back, vectors[i].plain, len);
	}
}

static void test_every_byte_survives(void **state)
{
	uint8_t in[256], back[256];
	char text[ENC_BASE64_LEN(256) + 2 * 256];

	(void)state;
	for (size_t i = 0; i < sizeof(in); i++)
		in[i] = (uint8_t)(i * 167);
	for (size_t len = 0; len <= sizeof(in); len++) {
		enc_base64(text, in, len);
		assert_int_equal(strlen(text), ENC_BASE64_LEN(len));
		assert_int_equal(dec_base64(back, len, text, strlen(text)), 0);
		assert_memory_equal(back, in, len);
		enc_hex(text, in, len);
		assert_int_equal(dec_hex(back, len, text, strlen(text)), 0);
		assert_memory_equal(back, in, len);
	}
}

static void test_bad_base64_is_refused_and_leaves_nothing(void **state)
{
	static const struct {
		size_t out_len;
		const char *text;
	} cases[] = {
		{1, "Zg="},   {1, "Zg"},    {1, "Zg==="}, {1, "Zh=="}, {1, "Zgg="},
		{2, "Zm9="},  {2, "Zm8"},   {2, "Zm8a"},  {3, "Zm9="}, {3, "Zm9\n"},
		{3, "Zm-v"},  {3, "Zm_v"},  {3, " Zm9"},  {3, "Zm9vZm9v"}, {1, "===="},
		{1, "Z==="},  {0, "Zg=="},  {3, "Zm\xe9v"}, {1, "Zg=g"}, {2, ""},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint8_t out[8] = {0};

		assert_int_equal(dec_base64(out, cases[i].out_len, cases[i].text,
					    strlen(cases[i].text)), ERR_SYNTAX);
		assert_memory_equal(out, "\0\0\0\0\0\0\0\0", 8);
	}
}

static void test_each_character_of_the_alphabet_alone(void **state)
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	(void)state;
	for (int c = 0; c < 256; c++) {
		char text[4] = {'A', 'A', 'A', (char)c};
		const char *at = c ? strchr(alphabet, c) : NULL;
		uint8_t out[3];

		if (at) {
			assert_int_equal(dec_base64(out, 3, text, 4), 0);
			assert_int_equal(out[2], at - alphabet);
		} else {
			assert_int_equal(dec_base64(out, 3, text, 4), ERR_SYNTAX);
		}
	}
}

static void test_hex_takes_both_cases_and_nothing_else(void **state)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	uint8_t out[1];

	(void)state;
	for (int c = 0; c < 256; c++) {
		char text[2] = {(char)c, (char)c};
		const char *at = c ? strchr(digits, c) : NULL;

		if (at) {
			int v = (int)(at - digits);

			v = v > 15 ? v - 6 : v;
			assert_int_equal(dec_hex(out, 1, text, 2), 0);
			assert_int_equal(out[0], v * 17);
		} else {
			assert_int_equal(dec_hex(out, 1, text, 2), ERR_SYNTAX);
		}
	}
	assert_int_equal(dec_hex(out, 1, "a", 1), ERR_SYNTAX);
	assert_int_equal(dec_hex(out, 1, "abc", 3), ERR_SYNTAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors_both_ways),
		cmocka_unit_test(test_every_byte_survives),
		cmocka_unit_test(test_bad_base64_is_refused_and_leaves_nothing),
		cmocka_unit_test(test_each_character_of_the_alphabet_alone),
		cmocka_unit_test(test_hex_takes_both_cases_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
