/* SOCKS5, SOCKS4 and SOCKS4a, message by message. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "proxy/socks.h"

static const struct proxy_auth AUTH = {"user", "pass"};

/* Bytes as a string literal without its NUL. */
#define BYTES(text) (const uint8_t *)(text), sizeof(text) - 1

static enum socks_event feed(struct socks *s, const uint8_t *p, size_t len, size_t *used)
{
	/* A copy of exact size, so that reading beyond it is noticed. */
	uint8_t *copy = malloc(len ? len : 1);
	enum socks_event event;

	assert_non_null(copy);
	memcpy(copy, p, len);
	event = socks_input(s, copy, len, used);
	assert_true(*used <= len);
	free(copy);
	return event;
}

static void expect_output(struct socks *s, const uint8_t *want, size_t want_len)
{
	const uint8_t *p;
	size_t len = socks_output(s, &p);

	assert_int_equal(len, want_len);
	assert_memory_equal(p, want, len);
	socks_sent(s, len);
	assert_int_equal(socks_output(s, &p), 0);
}

struct request_case {
	const char *name;
	bool auth;
	const uint8_t *in;
	size_t in_len;
	enum socks_event event;
	const char *target;	/* of SOCKS_REQUEST */
	const uint8_t *out;	/* besides the negotiation; of SOCKS_CLOSE: all */
	size_t out_len;
};

static const struct request_case CASES[] = {
	{"v5 IPv4", false, BYTES("\5\1\0" "\5\1\0\1\12\0\0\1\0\120"), SOCKS_REQUEST, "10.0.0.1:80",
	 BYTES("\5\0")},
	{"v5 name", false, BYTES("\5\2\0\2" "\5\1\0\3\13example.com\1\273"), SOCKS_REQUEST,
	 "example.com:443", BYTES("\5\0")},
	{"v5 literal as name", false, BYTES("\5\1\0" "\5\1\0\3\10" "10.0.0.1\0\120"), SOCKS_REQUEST,
	 "10.0.0.1:80", BYTES("\5\0")},
	{"v5 IPv6", false,
	 BYTES("\5\1\0" "\5\1\0\4\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\1\0\120"), SOCKS_REQUEST,
	 "[2001:db8::1]:80", BYTES("\5\0")},
	{"v5 mapped IPv6", false,
	 BYTES("\5\1\0" "\5\1\0\4\0\0\0\0\0\0\0\0\0\0\377\377\12\0\0\1\0\120"), SOCKS_REQUEST,
	 "10.0.0.1:80", BYTES("\5\0")},
	{"v5 reserved byte is ignored", false, BYTES("\5\1\0" "\5\1\7\1\12\0\0\1\0\120"),
	 SOCKS_REQUEST, "10.0.0.1:80", BYTES("\5\0")},
	{"v5 right password", true, BYTES("\5\2\0\2" "\1\4user\4pass" "\5\1\0\1\12\0\0\1\0\120"),
	 SOCKS_REQUEST, "10.0.0.1:80", BYTES("\5\2\1\0")},
	{"v5 wrong password", true, BYTES("\5\2\0\2" "\1\4user\4pasS"), SOCKS_CLOSE, NULL,
	 BYTES("\5\2\1\1")},
	{"v5 wrong user", true, BYTES("\5\1\2" "\1\5users\4pass"), SOCKS_CLOSE, NULL,
	 BYTES("\5\2\1\1")},
	{"v5 empty credentials", true, BYTES("\5\1\2" "\1\0\0"), SOCKS_CLOSE, NULL,
	 BYTES("\5\2\1\1")},
	{"v5 wrong auth version", true, BYTES("\5\1\2" "\5"), SOCKS_CLOSE, NULL, BYTES("\5\2\1\1")},
	{"v5 no method in common", true, BYTES("\5\1\0"), SOCKS_CLOSE, NULL, BYTES("\5\377")},
	{"v5 password without one set", false, BYTES("\5\1\2"), SOCKS_CLOSE, NULL, BYTES("\5\377")},
	{"v5 no methods", false, BYTES("\5\0"), SOCKS_CLOSE, NULL, BYTES("\5\377")},
	{"v5 BIND", false, BYTES("\5\1\0" "\5\2\0\1\12\0\0\1\0\120"), SOCKS_CLOSE, NULL,
	 BYTES("\5\0" "\5\7\0\1\0\0\0\0\0\0")},
	{"v5 UDP ASSOCIATE", false, BYTES("\5\1\0" "\5\3\0\1\0\0\0\0\0\0"), SOCKS_CLOSE, NULL,
	 BYTES("\5\0" "\5\7\0\1\0\0\0\0\0\0")},
	{"v5 address type", false, BYTES("\5\1\0" "\5\1\0\2"), SOCKS_CLOSE, NULL,
	 BYTES("\5\0" "\5\10\0\1\0\0\0\0\0\0")},
	{"v5 empty name", false, BYTES("\5\1\0" "\5\1\0\3\0\0\120"), SOCKS_CLOSE, NULL,
	 BYTES("\5\0" "\5\4\0\1\0\0\0\0\0\0")},
	{"v5 NUL in name", false, BYTES("\5\1\0" "\5\1\0\3\3a\0b\0\120"), SOCKS_CLOSE, NULL,
	 BYTES("\5\0" "\5\4\0\1\0\0\0\0\0\0")},
	{"v5 port 0", false, BYTES("\5\1\0" "\5\1\0\1\12\0\0\1\0\0"), SOCKS_CLOSE, NULL,
	 BYTES("\5\0" "\5\2\0\1\0\0\0\0\0\0")},
	{"v5 request of another version", false, BYTES("\5\1\0" "\4"), SOCKS_CLOSE, NULL,
	 BYTES("\5\0")},
	{"v4", false, BYTES("\4\1\0\120\12\0\0\1me\0"), SOCKS_REQUEST, "10.0.0.1:80", NULL, 0},
	{"v4 without user", false, BYTES("\4\1\0\120\12\0\0\1\0"), SOCKS_REQUEST, "10.0.0.1:80",
	 NULL, 0},
	{"v4a", false, BYTES("\4\1\1\273\0\0\0\1me\0example.com\0"), SOCKS_REQUEST,
	 "example.com:443", NULL, 0},
	{"v4a empty name", false, BYTES("\4\1\1\273\0\0\0\1\0\0"), SOCKS_CLOSE, NULL,
	 BYTES("\0\133\0\0\0\0\0\0")},
	{"v4 BIND", false, BYTES("\4\2\0\120\12\0\0\1\0"), SOCKS_CLOSE, NULL,
	 BYTES("\0\133\0\0\0\0\0\0")},
	{"v4 where a password is set", true, BYTES("\4"), SOCKS_CLOSE, NULL,
	 BYTES("\0\133\0\0\0\0\0\0")},
	{"another protocol", false, BYTES("\26"), SOCKS_CLOSE, NULL, NULL, 0},
};

static void check_target(const struct socks *s, const char *want)
{
	char text[PROXY_TARGET_TEXT_MAX];

	assert_string_equal(proxy_target_format(socks_target(s), text), want);
}

static void test_messages_lead_to_their_answers(void **state)
{
	size_t i, used;

	(void)state;
	for (i = 0; i < ARRAY_LEN(CASES); i++) {
		const struct request_case *c = &CASES[i];
		struct socks s;

		print_message("%s\n", c->name);
		socks_init(&s, c->auth ? &AUTH : NULL, true);
		assert_int_equal(feed(&s, c->in, c->in_len, &used), c->event);
		assert_int_equal(used, c->in_len);
		expect_output(&s, c->out, c->out_len);
		if (c->target)
			check_target(&s, c->target);
	}
}

/* A wrong password is told from everything else that ends the session. */
static void test_wrong_passwords_are_told(void **state)
{
	static const char *const wrong[] = {
		"v5 wrong password", "v5 wrong user", "v5 empty credentials",
	};
	size_t i, used, told = 0;

	(void)state;
	for (i = 0; i < ARRAY_LEN(CASES); i++) {
		const struct request_case *c = &CASES[i];
		bool want = false;
		struct socks s;

		for (size_t j = 0; j < ARRAY_LEN(wrong); j++)
			want = want || strcmp(c->name, wrong[j]) == 0;
		socks_init(&s, c->auth ? &AUTH : NULL, true);
		assert_int_equal(feed(&s, c->in, c->in_len, &used), c->event);
		assert_int_equal(socks_login_is_wrong(&s), want);
		told += want;
	}
	assert_int_equal(told, ARRAY_LEN(wrong));
}

/* Cut at every place, fed in two parts: the outcome is the same; the cut alone asks for more. */
static void test_truncation_waits_and_resumes(void **state)
{
	size_t i, cut, used, more;

	(void)state;
	for (i = 0; i < ARRAY_LEN(CASES); i++) {
		const struct request_case *c = &CASES[i];

		for (cut = 0; cut < c->in_len; cut++) {
			enum socks_event event;
			struct socks s;

			socks_init(&s, c->auth ? &AUTH : NULL, true);
			event = feed(&s, c->in, cut, &used);
			if (event == SOCKS_CLOSE) {
				assert_int_equal(c->event, SOCKS_CLOSE);
				continue;
			}
			assert_int_equal(event, SOCKS_NEED_MORE);
			assert_int_equal(feed(&s, c->in + used, c->in_len - used, &more), c->event);
			assert_int_equal(used + more, c->in_len);
			expect_output(&s, c->out, c->out_len);
			if (c->target)
				check_target(&s, c->target);
		}
	}
}

static void test_bytes_after_the_request_stay(void **state)
{
	static const uint8_t in[] = "\5\1\0" "\5\1\0\1\12\0\0\1\0\120" "GET /";
	struct socks s;
	size_t used;

	(void)state;
	socks_init(&s, NULL, true);
	assert_int_equal(feed(&s, in, sizeof(in) - 1, &used), SOCKS_REQUEST);
	assert_int_equal(used, 13);
	assert_int_equal(feed(&s, in + used, 5, &used), SOCKS_NEED_MORE);
	assert_int_equal(used, 0);
	expect_output(&s, BYTES("\5\0"));
	socks_reply(&s, CAUSE_OK, NULL);
	assert_int_equal(feed(&s, in + 13, 5, &used), SOCKS_NEED_MORE);
	assert_int_equal(used, 0);
	expect_output(&s, BYTES("\5\0\0\1\0\0\0\0\0\0"));
}

static void start_request(struct socks *s, unsigned version)
{
	size_t used;

	socks_init(s, NULL, true);
	if (version == 5)
		assert_int_equal(feed(s, BYTES("\5\1\0" "\5\1\0\1\12\0\0\1\0\120"), &used),
				 SOCKS_REQUEST);
	else
		assert_int_equal(feed(s, BYTES("\4\1\0\120\12\0\0\1\0"), &used), SOCKS_REQUEST);
	if (version == 5)
		expect_output(s, BYTES("\5\0"));
}

static void test_replies_follow_the_table_of_causes(void **state)
{
	static const uint8_t codes[CAUSE_COUNT] = {
		[CAUSE_OK] = 0, [CAUSE_DENIED] = 2, [CAUSE_NO_ROUTE] = 3, [CAUSE_UNREACHABLE] = 4,
		[CAUSE_NAME_NOT_FOUND] = 4, [CAUSE_REFUSED] = 5, [CAUSE_TIME_EXCEEDED] = 6,
		[CAUSE_NO_ANSWER] = 4, [CAUSE_PROHIBITED] = 2, [CAUSE_NO_FAMILY] = 3,
		[CAUSE_NAME_FAILED] = 4, [CAUSE_NAME_NO_ANSWER] = 4, [CAUSE_LIMIT] = 1,
		[CAUSE_TUNNEL_DOWN] = 1, [CAUSE_EXHAUSTED] = 1, [CAUSE_RESET] = 1,
		[CAUSE_COMMAND] = 7, [CAUSE_ADDRESS_TYPE] = 8,
	};
	struct socks s;
	size_t used;
	int cause;

	(void)state;
	for (cause = CAUSE_OK; cause < CAUSE_COUNT; cause++) {
		uint8_t want5[] = {5, codes[cause], 0, 1, 0, 0, 0, 0, 0, 0};
		uint8_t want4[] = {0, cause == CAUSE_OK ? 90 : 91, 0, 0, 0, 0, 0, 0};

		start_request(&s, 5);
		socks_reply(&s, (enum cause)cause, NULL);
		expect_output(&s, want5, sizeof(want5));
		if (cause != CAUSE_OK)
			assert_int_equal(feed(&s, BYTES("x"), &used), SOCKS_CLOSE);
		start_request(&s, 4);
		socks_reply(&s, (enum cause)cause, NULL);
		expect_output(&s, want4, sizeof(want4));
	}
}

static void test_bound_address_is_told(void **state)
{
	static const uint8_t v4[4] = {10, 0, 0, 2};
	static const uint8_t v6[16] = {0xfd, [15] = 2};
	struct endpoint bound = {.addr = addr_v4(v4), .port = 0x1234};
	struct socks s;

	(void)state;
	start_request(&s, 5);
	socks_reply(&s, CAUSE_OK, &bound);
	expect_output(&s, BYTES("\5\0\0\1\12\0\0\2\22\64"));
	start_request(&s, 4);
	socks_reply(&s, CAUSE_OK, &bound);
	expect_output(&s, BYTES("\0\132\22\64\12\0\0\2"));
	bound.addr = addr_v6(v6);
	start_request(&s, 5);
	socks_reply(&s, CAUSE_OK, &bound);
	expect_output(&s, BYTES("\5\0\0\4\375\0\0\0\0\0\0\0\0\0\0\0\0\0\0\2\22\64"));
	start_request(&s, 4);
	socks_reply(&s, CAUSE_OK, &bound);
	expect_output(&s, BYTES("\0\132\0\0\0\0\0\0"));
}

static void test_socks4_only_where_allowed(void **state)
{
	struct socks s;
	size_t used;

	(void)state;
	socks_init(&s, NULL, false);
	assert_int_equal(feed(&s, BYTES("\4\1\0\120\12\0\0\1\0"), &used), SOCKS_CLOSE);
	expect_output(&s, BYTES("\0\133\0\0\0\0\0\0"));
}

static void test_socks4_texts_are_bounded(void **state)
{
	uint8_t in[SOCKS_INPUT_MAX + 1] = "\4\1\0\120\0\0\0\1";
	struct socks s;
	size_t used;

	(void)state;
	memset(in + 8, 'u', sizeof(in) - 8);
	socks_init(&s, NULL, true);
	assert_int_equal(feed(&s, in, 8 + SOCKS4_USER_MAX, &used), SOCKS_NEED_MORE);
	assert_int_equal(feed(&s, in, 8 + SOCKS4_USER_MAX + 1, &used), SOCKS_CLOSE);
	/* The longest user id, then a name without end. */
	in[8 + SOCKS4_USER_MAX] = 0;
	socks_init(&s, NULL, true);
	assert_int_equal(feed(&s, in, SOCKS_INPUT_MAX - 1, &used), SOCKS_NEED_MORE);
	assert_int_equal(used, 0);
	assert_int_equal(feed(&s, in, SOCKS_INPUT_MAX, &used), SOCKS_CLOSE);
}

static void test_longest_negotiation_fits(void **state)
{
	struct proxy_auth auth;
	uint8_t auth_message[513], command[4 + 1 + 255 + 2];
	struct socks s;
	size_t used, i;

	(void)state;
	memset(&auth, 0, sizeof(auth));
	memset(auth.username, 'u', 255);
	memset(auth.password, 'p', 255);
	auth_message[0] = 1;
	auth_message[1] = auth_message[257] = 255;
	memset(auth_message + 2, 'u', 255);
	memset(auth_message + 258, 'p', 255);
	memcpy(command, "\5\1\0\3\375", 5);
	for (i = 0; i < 253; i++)
		command[5 + i] = i % 50 == 49 ? '.' : 'n';
	command[258] = 0;
	command[259] = 80;
	assert_true(sizeof(auth_message) <= SOCKS_INPUT_MAX);
	socks_init(&s, &auth, true);
	assert_int_equal(feed(&s, BYTES("\5\1\2"), &used), SOCKS_NEED_MORE);
	assert_int_equal(feed(&s, auth_message, sizeof(auth_message), &used), SOCKS_NEED_MORE);
	assert_int_equal(used, sizeof(auth_message));
	assert_int_equal(feed(&s, command, 260, &used), SOCKS_REQUEST);
	assert_int_equal(strlen(socks_target(&s)->name), 253);
	expect_output(&s, BYTES("\5\2\1\0"));
}

static void test_first_byte_decides(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++)
		assert_int_equal(proxy_is_socks((uint8_t)c), c == 4 || c == 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages_lead_to_their_answers),
		cmocka_unit_test(test_wrong_passwords_are_told),
		cmocka_unit_test(test_truncation_waits_and_resumes),
		cmocka_unit_test(test_bytes_after_the_request_stay),
		cmocka_unit_test(test_replies_follow_the_table_of_causes),
		cmocka_unit_test(test_bound_address_is_told),
		cmocka_unit_test(test_socks4_only_where_allowed),
		cmocka_unit_test(test_socks4_texts_are_bounded),
		cmocka_unit_test(test_longest_negotiation_fits),
		cmocka_unit_test(test_first_byte_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
