#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "wg/messages.h"

static void test_length_decides_before_any_field_is_read(void **state)
{
	static const struct {
		uint8_t type;
		size_t exact;		/* 0: a minimum instead */
		size_t min;
	} cases[] = {
		{WG_MSG_INITIATION, 148, 0}, {WG_MSG_RESPONSE, 92, 0}, {WG_MSG_COOKIE_REPLY, 64, 0},
		{WG_MSG_DATA, 0, 32},
	};
	uint8_t p[2000] = {0};
	enum wg_message_type type;
	enum wg_drop why;
	size_t i, len;
	bool fits;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		p[0] = cases[i].type;
		for (len = 0; len < sizeof(p); len++) {
			fits = cases[i].exact ? len == cases[i].exact : len >= cases[i].min;
			assert_int_equal(wg_message_classify(p, len, &type, &why), fits);
			if (fits)
				assert_int_equal(type, cases[i].type);
			else
				assert_int_equal(why, len < 4 ? WG_DROP_SHORT : WG_DROP_LENGTH);
		}
	}
}

static void test_unknown_types_and_reserved_bytes_are_refused(void **state)
{
	static const uint8_t cases[][4] = {
		{0, 0, 0, 0}, {5, 0, 0, 0}, {255, 0, 0, 0}, {1, 1, 0, 0}, {4, 0, 1, 0},
		{4, 0, 0, 128},
	};
	uint8_t p[148] = {0};
	enum wg_message_type type;
	enum wg_drop why;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		memcpy(p, cases[i], 4);
		assert_false(wg_message_classify(p, sizeof(p), &type, &why));
		assert_int_equal(why, WG_DROP_TYPE);
	}
}

static void test_fields_stand_where_the_paper_puts_them(void **state)
{
	struct wg_cookie_reply cookie;
	struct wg_initiation initiation;
	struct wg_response response;
	struct wg_data data;
	uint8_t p[148];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(p); i++)
		p[i] = (uint8_t)i;
	wg_initiation_decode(&initiation, p);
	assert_int_equal(initiation.sender, 0x07060504);
	assert_ptr_equal(initiation.request, p + 8);
	wg_response_decode(&response, p);
	assert_int_equal(response.sender, 0x07060504);
	assert_int_equal(response.receiver, 0x0b0a0908);
	assert_ptr_equal(response.reply, p + 12);
	wg_cookie_reply_decode(&cookie, p);
	assert_int_equal(cookie.receiver, 0x07060504);
	assert_ptr_equal(cookie.nonce, p + 8);
	assert_ptr_equal(cookie.sealed, p + 32);
	wg_data_decode(&data, p, 100);
	assert_int_equal(data.receiver, 0x07060504);
	assert_true(data.counter == UINT64_C(0x0f0e0d0c0b0a0908));
	assert_ptr_equal(data.sealed, p + 16);
	assert_int_equal(data.sealed_len, 84);
}

static void test_encoders_agree_with_decoders(void **state)
{
	uint8_t p[148] = {0};
	struct wg_initiation initiation;
	struct wg_response response;
	struct wg_data data;

	(void)state;
	assert_ptr_equal(wg_initiation_encode(p, 0xdeadbeef), p + 8);
	assert_int_equal(p[0], WG_MSG_INITIATION);
	wg_initiation_decode(&initiation, p);
	assert_int_equal(initiation.sender, 0xdeadbeef);
	assert_ptr_equal(wg_response_encode(p, 1, 0xfffffffe), p + 12);
	assert_int_equal(p[0], WG_MSG_RESPONSE);
	wg_response_decode(&response, p);
	assert_int_equal(response.sender, 1);
	assert_int_equal(response.receiver, 0xfffffffe);
	wg_data_encode_header(p, 77, UINT64_C(1) << 40);
	assert_int_equal(p[0], WG_MSG_DATA);
	wg_data_decode(&data, p, 32);
	assert_int_equal(data.receiver, 77);
	assert_true(data.counter == UINT64_C(1) << 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_length_decides_before_any_field_is_read),
		cmocka_unit_test(test_unknown_types_and_reserved_bytes_are_refused),
		cmocka_unit_test(test_fields_stand_where_the_paper_puts_them),
		cmocka_unit_test(test_encoders_agree_with_decoders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
