/* The end and the fields of HTTP heads. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/err.h"
#include "http/framing.h"
#include "http/head.h"

#define BYTES(text) (text), sizeof(text) - 1

static enum http_scan_verdict scan(enum http_head_kind kind, const char *text, size_t len,
				   size_t *used)
{
	struct http_scan s;

	http_scan_init(&s, kind, 64, 128);
	return http_scan_input(&s, (const uint8_t *)text, len, used);
}

struct scan_case {
	enum http_head_kind kind;
	const char *text;
	size_t len;
	enum http_scan_verdict verdict;	/* of END: "rest" of the input stays */
};

#define REQ HTTP_KIND_REQUEST
#define RSP HTTP_KIND_RESPONSE
#define TRL HTTP_KIND_TRAILER

static const struct scan_case SCANS[] = {
	{REQ, BYTES("GET / HTTP/1.1\r\n\r\nrest"), HTTP_SCAN_END},
	{REQ, BYTES("\r\n\r\nGET / HTTP/1.1\r\nA: b\r\n\r\n"), HTTP_SCAN_END},
	{REQ, BYTES("GET / HTTP/1.1\r\n"), HTTP_SCAN_MORE},
	{REQ, BYTES("GET / HTTP/1.1\n\r\n"), HTTP_SCAN_BAD},
	{REQ, BYTES("GET / HTTP/1.1\r\nA: b\n\r\n"), HTTP_SCAN_BAD},
	{REQ, BYTES("GET / HTTP/1.1\r\r\n\r\n"), HTTP_SCAN_BAD},
	{REQ, BYTES("GET / HTTP/1.1\rX\r\n\r\n"), HTTP_SCAN_BAD},
	{REQ, BYTES("GET /\tx HTTP/1.1\r\n\r\n"), HTTP_SCAN_BAD},
	{REQ, BYTES("GET /\x80 HTTP/1.1\r\n\r\n"), HTTP_SCAN_BAD},
	{REQ, BYTES("GET / HTTP/1.1\r\nA: \0\r\n\r\n"), HTTP_SCAN_BAD},
	{REQ, BYTES("GET / HTTP/1.1\r\nA: \x7f\r\n\r\n"), HTTP_SCAN_BAD},
	{REQ, BYTES("GET / HTTP/1.1\r\nA: \xe4\t\r\n\r\n"), HTTP_SCAN_END},
	{REQ, BYTES("\x16\x03\x01"), HTTP_SCAN_BAD},
	{RSP, BYTES("HTTP/1.1 200 \xe4\r\n\r\nrest"), HTTP_SCAN_END},
	{RSP, BYTES("HTTP/1.1 200 OK\nA: b\n\nrest"), HTTP_SCAN_END},
	{RSP, BYTES("HTTP/1.1 200 OK\r\nA: b\nC: d\r\n\r\n"), HTTP_SCAN_BAD},
	{RSP, BYTES("HTTP/1.1 200 OK\nA: b\r\n\n"), HTTP_SCAN_BAD},
	{RSP, BYTES("HTTP/1.1 200 OK\r\n\n"), HTTP_SCAN_BAD},
	{RSP, BYTES("HTTP/1.1 200 OK\n\r\n"), HTTP_SCAN_BAD},
	{RSP, BYTES("\r\nHTTP/1.1 200 OK\n\n"), HTTP_SCAN_BAD},
	{RSP, BYTES("HTTP/1.1 200 OK\r\nA: b\rC: d\r\n\r\n"), HTTP_SCAN_BAD},
	{TRL, BYTES("\r\nrest"), HTTP_SCAN_END},
	{TRL, BYTES("A: b\r\n\r\nrest"), HTTP_SCAN_END},
	{TRL, BYTES("A: b\n\n"), HTTP_SCAN_BAD},
};

static void test_heads_end_at_the_empty_line(void **state)
{
	size_t i, used;

	(void)state;
	for (i = 0; i < ARRAY_LEN(SCANS); i++) {
		const struct scan_case *c = &SCANS[i];

		print_message("scan %zu\n", i);
		assert_int_equal(scan(c->kind, c->text, c->len, &used), c->verdict);
		if (c->verdict != HTTP_SCAN_BAD)
			assert_true(used == c->len || !strcmp(c->text + used, "rest"));
	}
}

static void test_scanning_byte_by_byte_agrees(void **state)
{
	size_t i, at, used;

	(void)state;
	for (i = 0; i < ARRAY_LEN(SCANS); i++) {
		const struct scan_case *c = &SCANS[i];
		enum http_scan_verdict verdict = HTTP_SCAN_MORE;
		struct http_scan s;

		http_scan_init(&s, c->kind, 64, 128);
		for (at = 0; at < c->len && verdict == HTTP_SCAN_MORE; at++)
			verdict = http_scan_input(&s, (const uint8_t *)c->text + at, 1, &used);
		assert_int_equal(verdict, c->verdict);
		if (verdict == HTTP_SCAN_END)
			assert_true(at == c->len || !strcmp(c->text + at, "rest"));
	}
}

static void test_long_heads_are_refused(void **state)
{
	char text[400];
	size_t used;

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_int_equal(scan(REQ, text, 64, &used), HTTP_SCAN_MORE);
	assert_int_equal(scan(REQ, text, 65, &used), HTTP_SCAN_LINE_LONG);
	memcpy(text, "G / H\r\n", 7);
	assert_int_equal(scan(REQ, text, 128, &used), HTTP_SCAN_MORE);
	assert_int_equal(scan(REQ, text, 129, &used), HTTP_SCAN_LONG);
}

static int parse(struct http_head *h, enum http_head_kind kind, const char *text, size_t len)
{
	return http_head_parse(h, kind, (const uint8_t *)text, len);
}

static void test_fields_are_split(void **state)
{
	static const char text[] = "G / H\r\nA: b\r\nEmpty:\r\nC:\t d e \t\r\n\r\n";
	struct http_head h;

	(void)state;
	assert_int_equal(parse(&h, REQ, text, sizeof(text) - 1), 0);
	assert_true(txt_equal(h.start, "G / H"));
	assert_int_equal(h.count, 3);
	assert_true(txt_equal(h.fields[0].name, "A") && txt_equal(h.fields[0].value, "b"));
	assert_true(txt_equal(h.fields[1].name, "Empty") && txt_equal(h.fields[1].value, ""));
	assert_true(txt_equal(h.fields[2].name, "C") && txt_equal(h.fields[2].value, "d e"));
}

static void test_malformed_fields_are_refused(void **state)
{
	static const char *const cases[] = {
		"G / H\r\nA : b\r\n\r\n", "G / H\r\n: b\r\n\r\n", "G / H\r\nA\r\n\r\n",
		"G / H\r\nA: b\r\n folded\r\n\r\n", "G / H\r\n\tfolded: x\r\n\r\n",
		"G / H\r\nA(: b\r\n\r\n", "G / H\r\nA\xe4: b\r\n\r\n", "G / H\r\nA: b\r\n",
		"G / H\r\n\r\nA: b\r\n\r\n",
	};
	struct http_head h;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(parse(&h, REQ, cases[i], strlen(cases[i])), ERR_SYNTAX);
}

static void test_every_truncation_is_incomplete(void **state)
{
	static const char text[] = "\r\nGET http://a/ HTTP/1.1\r\nHost: a\r\nA: b\r\n\r\n";
	size_t len, used;

	(void)state;
	for (len = 0; len < sizeof(text) - 1; len++) {
		char *copy = malloc(len ? len : 1);
		struct http_head h;

		assert_non_null(copy);
		memcpy(copy, text, len);
		assert_int_equal(scan(REQ, copy, len, &used), HTTP_SCAN_MORE);
		assert_int_equal(used, len);
		assert_int_equal(parse(&h, REQ, copy, len), ERR_SYNTAX);
		free(copy);
	}
}

static void test_field_count_has_a_ceiling(void **state)
{
	char text[8 + (HTTP_FIELDS_MAX + 1) * 5 + 2];
	size_t len = 7, i;
	struct http_head h;

	(void)state;
	memcpy(text, "G / H\r\n", 7);
	for (i = 0; i < HTTP_FIELDS_MAX + 1; i++, len += 5)
		memcpy(text + len, "A:b\r\n", 5);
	memcpy(text + len, "\r\n", 2);
	assert_int_equal(parse(&h, REQ, text, len + 2), ERR_LIMIT);
	memcpy(text + len - 5, "\r\n", 2);
	assert_int_equal(parse(&h, REQ, text, len - 5 + 2), 0);
	assert_int_equal(h.count, HTTP_FIELDS_MAX);
}

static void test_hop_fields_are_known(void **state)
{
	static const char text[] = "G / H\r\nConnection: close, X-One\r\nconnection: ,x-two,\r\n"
				   "X-One: 1\r\nX-Two: 2\r\nX-Three: 3\r\nTE: x\r\n"
				   "Proxy-Authorization: x\r\n\r\n";
	static const bool hop[] = {true, true, true, true, false, true, true};
	struct http_head h;
	size_t i;

	(void)state;
	assert_int_equal(parse(&h, REQ, text, sizeof(text) - 1), 0);
	assert_int_equal(h.count, ARRAY_LEN(hop));
	for (i = 0; i < h.count; i++)
		assert_int_equal(http_field_is_hop(&h, &h.fields[i]), hop[i]);
}

struct framing_case {
	const char *fields;
	unsigned minor;
	bool repeat;
	int err;
	bool chunked;
	bool has_length;
	uint64_t length;
};

static const struct framing_case FRAMINGS[] = {
	{"", 1, false, 0, false, false, 0},
	{"Content-Length: 0\r\n", 1, false, 0, false, true, 0},
	{"Content-Length: 42\r\n", 1, false, 0, false, true, 42},
	{"Content-Length: 9223372036854775807\r\n", 1, false, 0, false, true, INT64_MAX},
	{"Content-Length: 9223372036854775808\r\n", 1, false, ERR_SYNTAX, false, false, 0},
	{"Content-Length: 99999999999999999999999\r\n", 1, false, ERR_SYNTAX, false, false, 0},
	{"Content-Length: +1\r\n", 1, false, ERR_SYNTAX, false, false, 0},
	{"Content-Length: -1\r\n", 1, false, ERR_SYNTAX, false, false, 0},
	{"Content-Length: 0x10\r\n", 1, false, ERR_SYNTAX, false, false, 0},
	{"Content-Length: 1 0\r\n", 1, false, ERR_SYNTAX, false, false, 0},
	{"Content-Length: 010\r\n", 1, false, ERR_SYNTAX, false, false, 0},
	{"Content-Length: 1.0\r\n", 1, false, ERR_SYNTAX, false, false, 0},
	{"Content-Length:\r\n", 1, false, ERR_SYNTAX, false, false, 0},
	{"Content-Length: ,\r\n", 1, false, ERR_SYNTAX, false, false, 0},
	{"Content-Length: 5,\r\n", 1, false, ERR_SYNTAX, false, false, 0},
	{"Content-Length: 5,\r\n", 1, true, ERR_SYNTAX, false, false, 0},
	{"Content-Length: ,5\r\n", 1, true, ERR_SYNTAX, false, false, 0},
	{"Content-Length: 5,,5\r\n", 1, true, ERR_SYNTAX, false, false, 0},
	{"Content-Length: 5 , \t, 5\r\n", 1, true, ERR_SYNTAX, false, false, 0},
	{"Content-Length: 5\r\nContent-Length:\r\n", 1, true, ERR_SYNTAX, false, false, 0},
	{"Content-Length: 5\r\nContent-Length: 5\r\n", 1, false, ERR_SYNTAX, false, false, 0},
	{"Content-Length: 5\r\nContent-Length: 6\r\n", 1, false, ERR_SYNTAX, false, false, 0},
	{"Content-Length: 5, 5\r\n", 1, false, ERR_SYNTAX, false, false, 0},
	{"Content-Length: 5\r\nContent-Length: 5\r\n", 1, true, 0, false, true, 5},
	{"Content-Length: 5, 5\r\n", 1, true, 0, false, true, 5},
	{"Content-Length: 5, 6\r\n", 1, true, ERR_SYNTAX, false, false, 0},
	{"Transfer-Encoding: chunked\r\n", 1, false, 0, true, false, 0},
	{"Transfer-Encoding: Chunked\r\n", 1, false, 0, true, false, 0},
	{"Transfer-Encoding:\tchunked \r\n", 1, false, 0, true, false, 0},
	{"Transfer-Encoding: chunked\r\n", 0, false, ERR_SYNTAX, false, false, 0},
	{"Transfer-Encoding: chunked, chunked\r\n", 1, false, ERR_SYNTAX, false, false, 0},
	{"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 1, false, ERR_SYNTAX,
	 false, false, 0},
	{"Transfer-Encoding: chunked, gzip\r\n", 1, false, ERR_SYNTAX, false, false, 0},
	{"Transfer-Encoding: gzip, chunked\r\n", 1, false, ERR_UNSUPPORTED, false, false, 0},
	{"Transfer-Encoding: identity\r\n", 1, false, ERR_UNSUPPORTED, false, false, 0},
	{"Transfer-Encoding: xchunked\r\n", 1, false, ERR_UNSUPPORTED, false, false, 0},
	{"Transfer-Encoding: \"chunked\"\r\n", 1, false, ERR_UNSUPPORTED, false, false, 0},
	{"Transfer-Encoding: chunked;a=b\r\n", 1, false, ERR_UNSUPPORTED, false, false, 0},
	{"Transfer-Encoding:\r\n", 1, false, ERR_SYNTAX, false, false, 0},
	{"Transfer-Encoding: ,\r\n", 1, false, ERR_SYNTAX, false, false, 0},
	{"Transfer-Encoding: chunked,\r\n", 1, false, ERR_SYNTAX, false, false, 0},
	{"Transfer-Encoding: , chunked\r\n", 1, false, ERR_SYNTAX, false, false, 0},
	{"Transfer-Encoding: chunked\r\nTransfer-Encoding:\r\n", 1, false, ERR_SYNTAX, false,
	 false, 0},
	{"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", 1, false, ERR_SYNTAX, false,
	 false, 0},
	{"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", 1, true, ERR_SYNTAX, false, false,
	 0},
	{"Transfer-Encoding: gzip\r\nContent-Length: 5\r\n", 1, false, ERR_SYNTAX, false, false, 0},
};

static void test_framing_is_certain_or_refused(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(FRAMINGS); i++) {
		const struct framing_case *c = &FRAMINGS[i];
		struct http_framing_fields f;
		struct http_head h;
		char text[256];

		print_message("%s", c->fields);
		snprintf(text, sizeof(text), "%s\r\n", c->fields);
		assert_int_equal(parse(&h, TRL, text, strlen(text)), 0);
		assert_int_equal(http_framing_parse(&f, &h, c->minor, c->repeat), c->err);
		if (c->err) {
			assert_non_null(f.why);
			continue;
		}
		assert_int_equal(f.chunked, c->chunked);
		assert_int_equal(f.has_length, c->has_length);
		assert_int_equal(f.length, c->length);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_heads_end_at_the_empty_line),
		cmocka_unit_test(test_scanning_byte_by_byte_agrees),
		cmocka_unit_test(test_long_heads_are_refused),
		cmocka_unit_test(test_fields_are_split),
		cmocka_unit_test(test_malformed_fields_are_refused),
		cmocka_unit_test(test_every_truncation_is_incomplete),
		cmocka_unit_test(test_field_count_has_a_ceiling),
		cmocka_unit_test(test_hop_fields_are_known),
		cmocka_unit_test(test_framing_is_certain_or_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
