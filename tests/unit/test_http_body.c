/* Bodies by length, in chunks and to the end, passed on and decoded. */
#include <stdarg.h>
#include <stdbool.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "http/body.h"

#define OUT_MAX (1U << 20)

enum outcome {
	MORE,
	DONE,
	BAD,
};

struct chunk_case {
	const char *in;
	enum outcome outcome;
	const char *passed;	/* of DONE; "rest" of the input stays */
	const char *decoded;
};

static const struct chunk_case CHUNKS[] = {
	{"0\r\n\r\nrest", DONE, "0\r\n\r\n", ""},
	{"5\r\nhello\r\n0\r\n\r\nrest", DONE, "5\r\nhello\r\n0\r\n\r\n", "hello"},
	{"A\r\n0123456789\r\n00\r\n\r\n", DONE, "a\r\n0123456789\r\n0\r\n\r\n", "0123456789"},
	{"005\r\nhello\r\n000\r\n\r\n", DONE, "5\r\nhello\r\n0\r\n\r\n", "hello"},
	{"5;a=b;c=\"d e\"\r\nhello\r\n0;x\r\n\r\n", DONE, "5\r\nhello\r\n0\r\n\r\n", "hello"},
	{"5 ; a\r\nhello\r\n0\r\n\r\n", DONE, "5\r\nhello\r\n0\r\n\r\n", "hello"},
	{"0\r\nA: b\r\nSum:  x \r\n\r\n", DONE, "0\r\nA: b\r\nSum: x\r\n\r\n", ""},
	{"0\r\nA: b\r\nContent-Length: 3\r\nHost: x\r\nTransfer-Encoding: y\r\n\r\n", DONE,
	 "0\r\nA: b\r\n\r\n", ""},
	{"1\r\na\r\n2\r\nbc\r\n0\r\n\r\n", DONE, "1\r\na\r\n2\r\nbc\r\n0\r\n\r\n", "abc"},
	{"\r\n", BAD, NULL, NULL},
	{";a\r\n", BAD, NULL, NULL},
	{" 5\r\n", BAD, NULL, NULL},
	{"5 \r\nhello", BAD, NULL, NULL},
	{"5 5\r\n", BAD, NULL, NULL},
	{"g\r\n", BAD, NULL, NULL},
	{"-1\r\n", BAD, NULL, NULL},
	{"+1\r\n", BAD, NULL, NULL},
	{"0x5\r\n", BAD, NULL, NULL},
	{"5\nhello", BAD, NULL, NULL},
	{"5\rhello", BAD, NULL, NULL},
	{"5;a\nhello", BAD, NULL, NULL},
	{"5;a\rb\r\nhello", BAD, NULL, NULL},
	{"1000000000000000\r\n", BAD, NULL, NULL},
	{"ffffffffffffffffff\r\n", BAD, NULL, NULL},
	{"5\r\nhelloX", BAD, NULL, NULL},
	{"5\r\nhello\n", BAD, NULL, NULL},
	{"5\r\nhello\rX", BAD, NULL, NULL},
	{"0\r\nA b\r\n\r\n", BAD, NULL, NULL},
	{"0\r\n A: b\r\n\r\n", BAD, NULL, NULL},
	{"0\r\nA: b\n\r\n", BAD, NULL, NULL},
	{"0\r\nX\r\n\r\n", BAD, NULL, NULL},
	{"fffffffffffffff\r\nx", MORE, NULL, NULL},
};

static enum outcome outcome_of(const struct http_body *b)
{
	if (http_body_bad(b))
		return BAD;
	return http_body_done(b) ? DONE : MORE;
}

/* Feeds all of `in` in pieces of at most `piece`. */
static enum outcome run(const char *in, size_t piece, bool decode, struct buf *out, size_t *used)
{
	size_t len = strlen(in), n, got;
	struct http_body b;
	enum outcome outcome;

	*used = 0;
	http_body_init(&b, HTTP_BODY_CHUNKED, 0, decode, false);
	while (*used < len && outcome_of(&b) == MORE) {
		n = len - *used < piece ? len - *used : piece;
		got = http_body_input(&b, (const uint8_t *)in + *used, n, out, OUT_MAX);
		assert_true(got == n || outcome_of(&b) != MORE);
		*used += got;
	}
	outcome = outcome_of(&b);
	http_body_fini(&b);
	return outcome;
}

static void expect(struct buf *out, const char *want)
{
	assert_int_equal(buf_len(out), strlen(want));
	if (*want)
		assert_memory_equal(buf_data(out), want, strlen(want));
	buf_clear(out);
}

static void test_chunked_bodies(void **state)
{
	size_t i, piece, used;
	struct buf out;
	int decode;

	(void)state;
	buf_init(&out, OUT_MAX);
	for (i = 0; i < ARRAY_LEN(CHUNKS); i++) {
		const struct chunk_case *c = &CHUNKS[i];

		print_message("chunks %zu\n", i);
		for (decode = 0; decode < 2; decode++) {
			for (piece = 1; piece <= strlen(c->in); piece++) {
				assert_int_equal(run(c->in, piece, decode, &out, &used),
						 c->outcome);
				if (c->outcome == DONE) {
					assert_true(!c->in[used] || !strcmp(c->in + used, "rest"));
					expect(&out, decode ? c->decoded : c->passed);
				}
				buf_clear(&out);
			}
		}
	}
}

static void test_every_truncation_wants_more(void **state)
{
	static const char in[] = "5;a\r\nhello\r\n0\r\nA: b\r\n\r\n";
	char cut[sizeof(in)];
	struct buf out;
	size_t len, used;

	(void)state;
	buf_init(&out, OUT_MAX);
	for (len = 0; len < sizeof(in) - 1; len++) {
		memcpy(cut, in, len);
		cut[len] = 0;
		assert_int_equal(run(cut, 64, false, &out, &used), MORE);
		assert_int_equal(used, len);
		buf_clear(&out);
	}
}

static void test_lines_and_trailers_are_bounded(void **state)
{
	static char in[HTTP_TRAILER_MAX + 16];
	struct buf out;
	size_t used;

	(void)state;
	buf_init(&out, OUT_MAX);
	memset(in, 'x', sizeof(in) - 1);
	in[0] = '5';
	in[1] = ';';
	assert_int_equal(run(in, 1000, false, &out, &used), BAD);
	assert_true(used <= HTTP_CHUNK_LINE_MAX + 1);
	memcpy(in, "0\r\nA:", 5);
	assert_int_equal(run(in, 1000, false, &out, &used), BAD);
	buf_fini(&out);
}

static void test_padding_is_accepted_from_origins(void **state)
{
	static const char in[] = "5  \r\nhello\r\n0 \r\n\r\n";
	struct http_body b;
	struct buf out;

	(void)state;
	buf_init(&out, OUT_MAX);
	http_body_init(&b, HTTP_BODY_CHUNKED, 0, false, true);
	assert_int_equal(http_body_input(&b, (const uint8_t *)in, sizeof(in) - 1, &out, OUT_MAX),
			 sizeof(in) - 1);
	assert_true(http_body_done(&b));
	expect(&out, "5\r\nhello\r\n0\r\n\r\n");
	http_body_fini(&b);
}

static void test_length_stops_exactly(void **state)
{
	struct http_body b;
	struct buf out;

	(void)state;
	buf_init(&out, OUT_MAX);
	http_body_init(&b, HTTP_BODY_LENGTH, 5, false, false);
	assert_int_equal(http_body_passthrough(&b), 5);
	assert_int_equal(http_body_input(&b, (const uint8_t *)"he", 2, &out, OUT_MAX), 2);
	http_body_passed(&b, 1);
	assert_false(http_body_end(&b));
	assert_int_equal(http_body_input(&b, (const uint8_t *)"lorest", 6, &out, OUT_MAX), 2);
	assert_true(http_body_done(&b) && http_body_end(&b));
	expect(&out, "helo");
	http_body_init(&b, HTTP_BODY_LENGTH, 0, false, false);
	assert_true(http_body_done(&b));
	http_body_init(&b, HTTP_BODY_NONE, 0, false, false);
	assert_true(http_body_done(&b));
}

static void test_body_to_the_end_ends_with_the_stream(void **state)
{
	struct http_body b;
	struct buf out;

	(void)state;
	buf_init(&out, OUT_MAX);
	http_body_init(&b, HTTP_BODY_TO_END, 0, false, false);
	assert_int_equal(http_body_passthrough(&b), UINT64_MAX);
	http_body_passed(&b, 1000);
	assert_int_equal(http_body_passthrough(&b), UINT64_MAX);
	assert_int_equal(http_body_input(&b, (const uint8_t *)"hello", 5, &out, OUT_MAX), 5);
	assert_true(http_body_end(&b));
	expect(&out, "hello");
}

static void test_output_limit_holds_input_back(void **state)
{
	struct http_body b;
	struct buf out;

	(void)state;
	buf_init(&out, OUT_MAX);
	http_body_init(&b, HTTP_BODY_LENGTH, 100, false, false);
	assert_int_equal(http_body_input(&b, (const uint8_t *)"0123456789", 10, &out, 4), 4);
	assert_int_equal(http_body_input(&b, (const uint8_t *)"456789", 6, &out, 4), 0);
	buf_consume(&out, 3);
	assert_int_equal(http_body_input(&b, (const uint8_t *)"456789", 6, &out, 4), 3);
	buf_fini(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chunked_bodies),
		cmocka_unit_test(test_every_truncation_wants_more),
		cmocka_unit_test(test_lines_and_trailers_are_bounded),
		cmocka_unit_test(test_padding_is_accepted_from_origins),
		cmocka_unit_test(test_length_stops_exactly),
		cmocka_unit_test(test_body_to_the_end_ends_with_the_stream),
		cmocka_unit_test(test_output_limit_holds_input_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
