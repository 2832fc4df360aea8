#include "dns/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include "base/compiler.h"
#include "base/rng.h"
#include "base/wr.h"

#define LONG_ALIASES (DNS_ALIASES_MAX + 2)

static struct dns_question question(const char *text, enum addr_family family)
{
	struct dns_question q = {.family = family, .id = 0xbeef, .exact_case = true};
	bool absolute;

	assert_int_equal(dns_name_parse(&q.name, text, strlen(text), &absolute), 0);
	return q;
}

static void test_query_bytes(void **state)
{
	static const uint8_t expected[] = "\xbe\xef\1\0\0\1\0\0\0\0\0\1"
					  "\7Example\3com\0\0\x1c\0\1"
					  "\0\0\x29\x04\xd0\0\0\0\0\0";
	struct dns_question q = question("example.com", ADDR_V6);
	uint8_t out[DNS_QUERY_MAX];

	(void)state;
	q.name.wire[1] = 'E';
	assert_int_equal(dns_message_query(out, &q, true), sizeof(expected));
	assert_memory_equal(out, expected, sizeof(expected));
	q.family = ADDR_V4;
	assert_int_equal(dns_message_query(out, &q, false), sizeof(expected) - 11);
	assert_int_equal(out[11], 0);
	assert_int_equal(out[26], 1);
}

static void test_longest_name_fits_a_query(void **state)
{
	struct dns_question q = {.family = ADDR_V4};
	uint8_t out[DNS_QUERY_MAX];

	(void)state;
	q.name.len = DNS_NAME_MAX;
	assert_int_equal(dns_message_query(out, &q, true), DNS_QUERY_MAX);
}

/* Messages by hand: www.example.com is asked at offset 12, "example.com" is at 16. */
#define HEADER(flags, an, ns, ar) "\xbe\xef" flags "\0\1" "\0" an "\0" ns "\0" ar
#define NAME "\3www\7example\3com\0"
#define ASK_A NAME "\0\1\0\1"
#define ASK_AAAA NAME "\0\x1c\0\1"
#define AT_WWW "\xc0\x0c"
#define AT_EXAMPLE "\xc0\x10"
#define RR_A(owner, ttl, b) owner "\0\1\0\1\0\0\0" ttl "\0\4\xc0\0\2" b
#define RR_AAAA(owner, ttl, b) \
	owner "\0\x1c\0\1\0\0\0" ttl "\0\x10\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0" b
#define RR_SOA(ttl, min) \
	AT_EXAMPLE "\0\6\0\1\0\0\0" ttl "\0\x1a" AT_EXAMPLE "\1x" AT_EXAMPLE \
	"\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0" min
#define RR_OPT(high) "\0\0\x29\x04\xd0" high "\0\0\0\0\0"
#define OK "\x81\x80"

struct message {
	const char *what;
	const char *bytes;
	size_t len;
	enum addr_family family;
	enum dns_verdict verdict;
	size_t count;
	uint32_t ttl_s;
};

#define MESSAGE(what, bytes, ...) {what, bytes, sizeof(bytes) - 1, __VA_ARGS__}

static const struct message messages[] = {
	MESSAGE("one address", HEADER(OK, "\1", "\0", "\0") ASK_A RR_A(AT_WWW, "\x3c", "\1"),
		ADDR_V4, DNS_ANSWER, 1, 60),
	MESSAGE("two addresses, shortest ttl counts", HEADER(OK, "\2", "\0", "\0") ASK_A
		RR_A(AT_WWW, "\x3c", "\1") RR_A(AT_WWW, "\x1e", "\2"),
		ADDR_V4, DNS_ANSWER, 2, 30),
	MESSAGE("repeated address", HEADER(OK, "\2", "\0", "\0") ASK_A
		RR_A(AT_WWW, "\x3c", "\1") RR_A(AT_WWW, "\x3c", "\1"),
		ADDR_V4, DNS_ANSWER, 1, 60),
	MESSAGE("IPv6 address", HEADER(OK, "\1", "\0", "\0") ASK_AAAA
		RR_AAAA(AT_WWW, "\x3c", "\1"), ADDR_V6, DNS_ANSWER, 1, 60),
	MESSAGE("other type in the answer", HEADER(OK, "\1", "\0", "\0") ASK_A
		RR_AAAA(AT_WWW, "\x3c", "\1"), ADDR_V4, DNS_NO_DATA, 0, 0),
	MESSAGE("address of another name", HEADER(OK, "\1", "\0", "\0") ASK_A
		RR_A(AT_EXAMPLE, "\x3c", "\1"), ADDR_V4, DNS_NO_DATA, 0, 0),
	MESSAGE("address of another name in capitals", HEADER(OK, "\1", "\0", "\0") ASK_A
		RR_A("\3WWW" AT_EXAMPLE, "\x3c", "\1"), ADDR_V4, DNS_ANSWER, 1, 60),
	MESSAGE("alias", HEADER(OK, "\2", "\0", "\0") ASK_A
		AT_WWW "\0\5\0\1\0\0\0\x0a\0\4\1w" AT_EXAMPLE
		RR_A("\1w" AT_EXAMPLE, "\x3c", "\7"), ADDR_V4, DNS_ANSWER, 1, 10),
	MESSAGE("alias behind its target", HEADER(OK, "\2", "\0", "\0") ASK_A
		RR_A("\1w" AT_EXAMPLE, "\x3c", "\7")
		AT_WWW "\0\5\0\1\0\0\0\x0a\0\4\1w" AT_EXAMPLE, ADDR_V4, DNS_ANSWER, 1, 10),
	MESSAGE("alias in class CH", HEADER(OK, "\2", "\0", "\0") ASK_A
		AT_WWW "\0\5\0\3\0\0\0\x0a\0\4\1w" AT_EXAMPLE
		RR_A("\1w" AT_EXAMPLE, "\x3c", "\7"), ADDR_V4, DNS_NO_DATA, 0, 0),
	MESSAGE("alias to itself", HEADER(OK, "\1", "\0", "\0") ASK_A
		AT_WWW "\0\5\0\1\0\0\0\x0a\0\2" AT_WWW, ADDR_V4, DNS_FAILED, 0, 0),
	MESSAGE("alias without an address", HEADER(OK, "\1", "\1", "\0") ASK_A
		AT_WWW "\0\5\0\1\0\0\0\x0a\0\4\1w" AT_EXAMPLE RR_SOA("\x3c", "\x1e"),
		ADDR_V4, DNS_NO_DATA, 0, 30),
	MESSAGE("ttl with the top bit", HEADER(OK, "\1", "\0", "\0") ASK_A
		AT_WWW "\0\1\0\1\x80\0\0\x3c\0\4\1\2\3\4", ADDR_V4, DNS_ANSWER, 1, 0),
	MESSAGE("no data, soa minimum", HEADER(OK, "\0", "\1", "\0") ASK_A RR_SOA("\x3c", "\x1e"),
		ADDR_V4, DNS_NO_DATA, 0, 30),
	MESSAGE("no data, soa ttl", HEADER(OK, "\0", "\1", "\0") ASK_A RR_SOA("\x14", "\x1e"),
		ADDR_V4, DNS_NO_DATA, 0, 20),
	MESSAGE("no name", HEADER("\x81\x83", "\0", "\1", "\0") ASK_A RR_SOA("\x3c", "\x1e"),
		ADDR_V4, DNS_NO_NAME, 0, 30),
	MESSAGE("no name, no soa", HEADER("\x81\x83", "\0", "\0", "\0") ASK_A,
		ADDR_V4, DNS_NO_NAME, 0, 0),
	MESSAGE("no name, though an address", HEADER("\x81\x83", "\1", "\0", "\0") ASK_A
		RR_A(AT_WWW, "\x3c", "\1"), ADDR_V4, DNS_NO_NAME, 0, 0),
	MESSAGE("referral", HEADER("\x81\0", "\0", "\0", "\0") ASK_A, ADDR_V4, DNS_FAILED, 0, 0),
	MESSAGE("authority without recursion", HEADER("\x85\0", "\0", "\0", "\0") ASK_A,
		ADDR_V4, DNS_NO_DATA, 0, 0),
	MESSAGE("server failure", HEADER("\x81\x82", "\0", "\0", "\0") ASK_A,
		ADDR_V4, DNS_FAILED, 0, 0),
	MESSAGE("refused", HEADER("\x81\x85", "\0", "\0", "\0") ASK_A, ADDR_V4, DNS_FAILED, 0, 0),
	MESSAGE("format error", HEADER("\x81\x81", "\0", "\0", "\0") ASK_A,
		ADDR_V4, DNS_NO_EDNS, 0, 0),
	MESSAGE("format error without question", "\xbe\xef\x81\x81\0\0\0\0\0\0\0\0",
		ADDR_V4, DNS_NO_EDNS, 0, 0),
	MESSAGE("failure without question", "\xbe\xef\x81\x82\0\0\0\0\0\0\0\0",
		ADDR_V4, DNS_FAILED, 0, 0),
	MESSAGE("success without question", "\xbe\xef\x81\x80\0\0\0\0\0\0\0\0",
		ADDR_V4, DNS_MISMATCH, 0, 0),
	MESSAGE("not implemented", HEADER("\x81\x84", "\0", "\0", "\0") ASK_A,
		ADDR_V4, DNS_NO_EDNS, 0, 0),
	MESSAGE("extended rcode BADVERS", HEADER(OK, "\0", "\0", "\1") ASK_A RR_OPT("\1"),
		ADDR_V4, DNS_NO_EDNS, 0, 0),
	MESSAGE("other extended rcode", HEADER("\x81\x87", "\0", "\0", "\1") ASK_A RR_OPT("\1"),
		ADDR_V4, DNS_FAILED, 0, 0),
	MESSAGE("address and OPT", HEADER(OK, "\1", "\0", "\1") ASK_A
		RR_A(AT_WWW, "\x3c", "\1") RR_OPT("\0"), ADDR_V4, DNS_ANSWER, 1, 60),
	MESSAGE("truncated", HEADER("\x83\x80", "\5", "\0", "\0") ASK_A "xx",
		ADDR_V4, DNS_TRUNCATED, 0, 0),
	MESSAGE("wrong id", "\xbe\xee\x81\x80\0\1\0\1\0\0\0\0" ASK_A RR_A(AT_WWW, "\x3c", "\1"),
		ADDR_V4, DNS_MISMATCH, 0, 0),
	MESSAGE("a query", HEADER("\1\0", "\0", "\0", "\0") ASK_A, ADDR_V4, DNS_MISMATCH, 0, 0),
	MESSAGE("other opcode", HEADER("\x89\x80", "\0", "\0", "\0") ASK_A,
		ADDR_V4, DNS_MISMATCH, 0, 0),
	MESSAGE("other type asked", HEADER(OK, "\0", "\0", "\0") ASK_AAAA,
		ADDR_V4, DNS_MISMATCH, 0, 0),
	MESSAGE("other class asked", HEADER(OK, "\0", "\0", "\0") NAME "\0\1\0\3",
		ADDR_V4, DNS_MISMATCH, 0, 0),
	MESSAGE("other name asked", HEADER(OK, "\0", "\0", "\0") "\3wwx\7example\3com\0\0\1\0\1",
		ADDR_V4, DNS_MISMATCH, 0, 0),
	MESSAGE("shorter name asked", HEADER(OK, "\0", "\0", "\0") "\3www\7example\0\0\1\0\1",
		ADDR_V4, DNS_MISMATCH, 0, 0),
	MESSAGE("two questions", "\xbe\xef\x81\x80\0\2\0\0\0\0\0\0" ASK_A ASK_A,
		ADDR_V4, DNS_MISMATCH, 0, 0),
	MESSAGE("letters changed", HEADER(OK, "\1", "\0", "\0") "\3wwW\7example\3com\0\0\1\0\1"
		RR_A(AT_WWW, "\x3c", "\1"), ADDR_V4, DNS_CASE_LOST, 0, 0),
	MESSAGE("address of five bytes", HEADER(OK, "\1", "\0", "\0") ASK_A
		AT_WWW "\0\1\0\1\0\0\0\1\0\5\1\2\3\4\5", ADDR_V4, DNS_MALFORMED, 0, 0),
	MESSAGE("address of three bytes", HEADER(OK, "\1", "\0", "\0") ASK_A
		AT_WWW "\0\1\0\1\0\0\0\1\0\3\1\2\3", ADDR_V4, DNS_MALFORMED, 0, 0),
	MESSAGE("alias with bytes behind", HEADER(OK, "\1", "\0", "\0") ASK_A
		AT_WWW "\0\5\0\1\0\0\0\1\0\3\xc0\x10" "x", ADDR_V4, DNS_MALFORMED, 0, 0),
	MESSAGE("bytes behind the message", HEADER(OK, "\1", "\0", "\0") ASK_A
		RR_A(AT_WWW, "\x3c", "\1") "x", ADDR_V4, DNS_MALFORMED, 0, 0),
	MESSAGE("fewer records than counted", HEADER(OK, "\2", "\0", "\0") ASK_A
		RR_A(AT_WWW, "\x3c", "\1"), ADDR_V4, DNS_MALFORMED, 0, 0),
	MESSAGE("65,535 records", "\xbe\xef\x81\x80\0\1\xff\xff\0\0\0\0" ASK_A
		RR_A(AT_WWW, "\x3c", "\1"), ADDR_V4, DNS_MALFORMED, 0, 0),
};

static enum dns_verdict judge(struct dns_answer *answer, const struct dns_question *q,
			      const void *bytes, size_t len)
{
	/* A block of its own, so that the sanitizer sees a read behind the end. */
	uint8_t *copy = malloc(len ? len : 1);
	enum dns_verdict verdict;

	assert_non_null(copy);
	memcpy(copy, bytes, len);
	verdict = dns_message_parse(answer, q, copy, len);
	free(copy);
	return verdict;
}

static void test_verdicts(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(messages); i++) {
		const struct message *m = &messages[i];
		struct dns_question q = question("www.example.com", m->family);
		struct dns_answer answer;
		enum dns_verdict verdict = judge(&answer, &q, m->bytes, m->len);

		if (verdict != m->verdict || answer.count != m->count || answer.ttl_s != m->ttl_s)
			fail_msg("%s: verdict %d, %zu addresses, ttl %u", m->what, (int)verdict,
				 answer.count, answer.ttl_s);
	}
}

static void test_every_truncation_is_seen(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(messages); i++) {
		const struct message *m = &messages[i];
		struct dns_question q = question("www.example.com", m->family);

		if (m->verdict != DNS_ANSWER)
			continue;
		for (size_t len = 0; len < m->len; len++) {
			struct dns_answer answer;
			enum dns_verdict verdict = judge(&answer, &q, m->bytes, len);

			assert_int_equal(verdict, len < 33 ? DNS_MISMATCH : DNS_MALFORMED);
			assert_int_equal(answer.count, 0);
		}
	}
}

static void test_letters_may_change_when_not_asked_exactly(void **state)
{
	static const char bytes[] = HEADER(OK, "\1", "\0", "\0")
		"\3wwW\7example\3com\0\0\1\0\1" RR_A(AT_WWW, "\x3c", "\1");
	struct dns_question q = question("www.example.com", ADDR_V4);
	struct dns_answer answer;

	(void)state;
	q.exact_case = false;
	assert_int_equal(judge(&answer, &q, bytes, sizeof(bytes) - 1), DNS_ANSWER);
	q.exact_case = true;
	q.name.wire[3] = 'W';
	assert_int_equal(judge(&answer, &q, bytes, sizeof(bytes) - 1), DNS_ANSWER);
}

/* A chain of `count` aliases a0, a1, ... and an address at its end. */
static size_t build_chain(uint8_t *out, size_t cap, unsigned count, size_t addresses)
{
	struct wr w = wr_init(out, cap);

	wr_bytes(&w, "\xbe\xef\x81\x80\0\1", 6);
	wr_be16(&w, (uint16_t)(count + addresses));
	wr_be32(&w, 0);
	wr_bytes(&w, "\1a\0\0\1\0\1", 7);
	for (unsigned i = 0; i < count; i++) {
		uint8_t owner = (uint8_t)('a' + i), target = (uint8_t)('a' + i + 1);

		wr_u8(&w, 1);
		wr_u8(&w, owner);
		wr_bytes(&w, "\0\0\5\0\1\0\0\0\x3c\0\3\1", 12);
		wr_u8(&w, target);
		wr_u8(&w, 0);
	}
	for (size_t i = 0; i < addresses; i++) {
		wr_u8(&w, 1);
		wr_u8(&w, (uint8_t)('a' + count));
		wr_bytes(&w, "\0\0\1\0\1\0\0\0\x3c\0\4\x0a\0", 13);
		wr_be16(&w, (uint16_t)i);
	}
	assert_true(wr_ok(&w));
	return w.len;
}

static void test_alias_chains_are_followed_up_to_a_limit(void **state)
{
	struct dns_question q = question("a", ADDR_V4);
	uint8_t msg[2048];

	(void)state;
	for (unsigned count = 0; count <= LONG_ALIASES; count++) {
		size_t len = build_chain(msg, sizeof(msg), count, 1);
		struct dns_answer answer;

		assert_int_equal(judge(&answer, &q, msg, len),
				 count <= DNS_ALIASES_MAX ? DNS_ANSWER : DNS_FAILED);
	}
}

static void test_many_addresses_are_cut(void **state)
{
	struct dns_question q = question("a", ADDR_V4);
	uint8_t *msg = malloc(65536);
	struct dns_answer answer;
	size_t len;

	(void)state;
	assert_non_null(msg);
	len = build_chain(msg, 65536, 1, 1000);
	assert_int_equal(judge(&answer, &q, msg, len), DNS_ANSWER);
	assert_int_equal(answer.count, DNS_ADDRS_MAX);
	len = build_chain(msg, 65536, 1, 1100);
	assert_int_equal(judge(&answer, &q, msg, len), DNS_MALFORMED);
	free(msg);
}

/* Each alias has all answers read again: many of both would cost milliseconds. */
static void test_long_answers_have_short_chains(void **state)
{
	static const struct {
		unsigned aliases;
		size_t addresses;
		enum dns_verdict verdict;
	} chains[] = {
		{1, 1023, DNS_ANSWER},	/* the most records, two walks */
		{2, 1022, DNS_FAILED},
		{3, 509, DNS_ANSWER},
		{4, 508, DNS_FAILED},
		{DNS_ALIASES_MAX, 104, DNS_ANSWER},
		{DNS_ALIASES_MAX, 105, DNS_FAILED},
	};
	struct dns_question q = question("a", ADDR_V4);
	uint8_t *msg = malloc(65536);

	(void)state;
	assert_non_null(msg);
	for (size_t i = 0; i < ARRAY_LEN(chains); i++) {
		size_t len = build_chain(msg, 65536, chains[i].aliases, chains[i].addresses);
		struct dns_answer answer;

		assert_int_equal(judge(&answer, &q, msg, len), chains[i].verdict);
		assert_int_equal(answer.count, chains[i].verdict == DNS_ANSWER ? DNS_ADDRS_MAX : 0);
	}
	free(msg);
}

static void test_changed_bytes_never_break_the_parser(void **state)
{
	struct rng_seeded seed;
	struct rng rng = rng_seeded_init(&seed, 11);
	uint8_t msg[512];

	(void)state;
	for (int round = 0; round < 20000; round++) {
		const struct message *m = &messages[rng_below(&rng, ARRAY_LEN(messages))];
		struct dns_question q = question("www.example.com", m->family);
		struct dns_answer answer;

		memcpy(msg, m->bytes, m->len);
		for (int i = 0; i < 3; i++)
			msg[rng_below(&rng, (uint32_t)m->len)] = (uint8_t)rng_u32(&rng);
		if (judge(&answer, &q, msg, m->len) != DNS_ANSWER)
			assert_int_equal(answer.count, 0);
		assert_true(answer.count <= DNS_ADDRS_MAX);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_query_bytes),
		cmocka_unit_test(test_longest_name_fits_a_query),
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_every_truncation_is_seen),
		cmocka_unit_test(test_letters_may_change_when_not_asked_exactly),
		cmocka_unit_test(test_alias_chains_are_followed_up_to_a_limit),
		cmocka_unit_test(test_many_addresses_are_cut),
		cmocka_unit_test(test_long_answers_have_short_chains),
		cmocka_unit_test(test_changed_bytes_never_break_the_parser),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
