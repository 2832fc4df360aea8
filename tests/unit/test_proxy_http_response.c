/* The HTTP proxy as a machine: responses rewritten, refused, cut short. */
#include "support/proxy_lab.h"

#include <stdio.h>

#include "base/compiler.h"

static const struct proxy_auth AUTH = {"user", "pass"};

#define GET_A "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"
#define OK_EMPTY "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
#define OK_EMPTY_OUT "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nVia: 1.1 culvert\r\n\r\n"

struct response_case {
	const char *request;
	const char *in;
	const char *out;
	bool keeps_upstream;
	bool closes;		/* the client, without the origin's end */
};

#define GET_1_0 "GET http://a/ HTTP/1.0\r\n\r\n"
#define HEAD_A "HEAD http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"
#define VIA "Via: 1.1 culvert\r\n"

static const struct response_case RESPONSES[] = {
	{GET_A, OK_EMPTY, OK_EMPTY_OUT, true, false},
	{GET_A, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nA: b\r\n\r\nhello",
	 "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 5\r\n" VIA "\r\nhello", true, false},
	{GET_A, "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",
	 "HTTP/1.1 200 \r\nContent-Length: 0\r\n" VIA "\r\n", true, false},
	{GET_A, "HTTP/1.1 200 OK\nContent-Length: 2\n\nhi",
	 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" VIA "\r\nhi", true, false},
	{GET_A, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi",
	 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" VIA "\r\nhi", true, false},
	{GET_A, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi",
	 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" VIA "\r\nhi", false, false},
	{GET_A, "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi",
	 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nVia: 1.0 culvert\r\n\r\nhi", false, false},
	{GET_A, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX: y\r\n\r\n",
	 "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" VIA "\r\n2\r\nhi\r\n0\r\nX: y\r\n\r\n",
	 true, false},
	{GET_A, "HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n",
	 "HTTP/1.1 204 No Content\r\n" VIA "\r\n", true, false},
	{GET_A, "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
	 "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n" VIA "\r\n", true, false},
	{HEAD_A, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
	 "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n" VIA "\r\n", true, false},
	{HEAD_A, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
	 "HTTP/1.1 200 OK\r\n" VIA "\r\n", true, false},
	{GET_A, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" OK_EMPTY,
	 "HTTP/1.1 100 Continue\r\n" VIA "\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n" VIA "\r\n"
	 OK_EMPTY_OUT, true, false},
	{GET_A, "HTTP/1.1 200 OK\r\nConnection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\n"
		"Proxy-Authenticate: x\r\nUpgrade: h2c\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n"
		"Content-Length: 0\r\n\r\n",
	 "HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nContent-Length: 0\r\n" VIA "\r\n",
	 true, false},
	{GET_A, "HTTP/1.1 426 Upgrade Required\r\nUpgrade: x\r\nConnection: upgrade\r\n"
		"Content-Length: 0\r\n\r\n",
	 "HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\nUpgrade: x\r\n"
	 "Connection: Upgrade\r\n" VIA "\r\n", true, false},
	{GET_1_0, "HTTP/1.1 100 Continue\r\n\r\n" OK_EMPTY,
	 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n" VIA "\r\n", false, true},
	{GET_1_0, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
		  "2\r\nhi\r\n0\r\nX: y\r\n\r\n",
	 "HTTP/1.1 200 OK\r\nConnection: close\r\n" VIA "\r\nhi", false, true},
	{"GET http://a/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", OK_EMPTY,
	 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n" VIA "\r\n", false, true},
};

static void run_response(const struct response_case *c, bool bulk, size_t piece)
{
	struct lab l;

	lab_init(&l, NULL);
	l.bulk = bulk;
	l.piece = piece;
	lab_client(&l, c->request);
	lab_upstream(&l, c->in);
	lab_expect(&l.to_client, c->out);
	assert_int_equal(l.open, c->keeps_upstream);
	assert_int_equal(l.client_closed, c->closes);
	assert_false(l.client_aborted);
	assert_int_equal(http_proxy_phase(l.h), c->closes ? HTTP_BUSY : HTTP_IDLE);
	lab_fini(&l);
}

static void test_responses_are_rewritten(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(RESPONSES); i++) {
		print_message("%s\n", RESPONSES[i].in);
		run_response(&RESPONSES[i], false, 0);
		run_response(&RESPONSES[i], true, 0);
		run_response(&RESPONSES[i], false, 1);
	}
}

static const char *const BAD_RESPONSES[] = {
	"SSH-2.0-x\r\n\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n",
	"HTTP/1.1 2000 OK\r\n\r\n",
	"HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 200OK\r\n\r\n", "HTTP/1.1  200 OK\r\n\r\n",
	"HTTP/1.1 200 OK\r\nA : b\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
	"HTTP/1.1 200 OK\r\nA\r\n\r\n", "HTTP/1.1 200 OK\r\nA: \x01\r\n\r\n",
	"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
	"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
	"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
	"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
	"HTTP/1.1 200 OK\r\nContent-Length: 5,\r\n\r\n",
	"HTTP/1.1 200 OK\r\nContent-Length: ,5\r\n\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked,\r\n\r\n",
	/* A line end of another kind inside a head: a field to some, two to others. */
	"HTTP/1.1 200 OK\r\nX: a\nSet-Cookie: b\r\n\r\n", "HTTP/1.1 200 OK\nX: a\r\n\r\n",
	"HTTP/1.1 200 OK\r\nX: a\n\n", "HTTP/1.1 200 OK\nX: a\n\r\n",
	"HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: b\r\n\r\n",
};

static void test_malformed_responses_become_502(void **state)
{
	struct lab l;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(BAD_RESPONSES); i++) {
		print_message("%s\n", BAD_RESPONSES[i]);
		lab_init(&l, NULL);
		lab_client(&l, GET_A);
		lab_upstream(&l, BAD_RESPONSES[i]);
		lab_check_answer(&l, 502, false);
		assert_false(l.open);
		lab_fini(&l);
	}
}

static void test_502_says_what_the_origin_did(void **state)
{
	static const struct {
		const char *in, *start, *error, *why;
	} cases[] = {
		{"SSH-2.0-x\r\n\r\n", "HTTP/1.1 502 Malformed answer from the origin\r\n",
		 "http_protocol_error", "the status line is malformed"},
		{"HTTP/1.1 200 OK\r\nX: a\nY: b\r\n\r\n",
		 "HTTP/1.1 502 Malformed answer from the origin\r\n", "http_protocol_error",
		 "line end"},
		{"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n",
		 "HTTP/1.1 502 Origin changes the protocol unasked\r\n", "http_upgrade_failed",
		 "unasked"},
		{"HTTP/1.1 407 Proxy Authentication Required\r\n"
		 "Proxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 4\r\n\r\ngive",
		 "HTTP/1.1 502 Origin asks for proxy login\r\n", "http_protocol_error",
		 "asks for a proxy's password"},
	};
	char want[160];
	struct lab l;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		lab_init(&l, NULL);
		lab_client(&l, GET_A);
		lab_upstream(&l, cases[i].in);
		lab_check_answer(&l, 502, false);
		snprintf(want, sizeof(want), "Proxy-Status: culvert; error=%s; details=\"bad answer",
			 cases[i].error);
		assert_ptr_equal(strstr(lab_text(&l.to_client), cases[i].start),
				 lab_text(&l.to_client));
		assert_non_null(strstr(lab_text(&l.to_client), want));
		assert_non_null(strstr(lab_text(&l.to_client), cases[i].why));
		assert_null(strstr(lab_text(&l.to_client), "Proxy-Authenticate"));
		assert_null(strstr(lab_text(&l.to_client), "give"));
		assert_false(l.open);
		lab_fini(&l);
	}
}

static void test_many_response_fields_become_502_with_the_limit(void **state)
{
	struct lab l;
	int i;

	(void)state;
	lab_init(&l, NULL);
	lab_client(&l, GET_A);
	lab_upstream(&l, "HTTP/1.1 200 OK\r\n");
	for (i = 0; i < 257; i++)
		lab_upstream(&l, "A:b\r\n");
	lab_upstream(&l, "\r\n");
	lab_check_answer(&l, 502, false);
	assert_non_null(strstr(lab_text(&l.to_client), "more than 256 fields"));
	assert_null(strstr(lab_text(&l.to_client), "malformed"));
	assert_non_null(strstr(lab_text(&l.to_client),
			       "error=http_response_header_section_size; "));
	lab_fini(&l);
}

static void test_proxy_status_of_an_origin_passes_and_ours_is_not_added(void **state)
{
	struct lab l;

	(void)state;
	lab_init(&l, NULL);
	lab_client(&l, GET_A);
	lab_upstream(&l, "HTTP/1.1 502 Their words\r\nProxy-Status: cdn; error=dns_error\r\n"
			 "Content-Length: 0\r\n\r\n");
	lab_expect(&l.to_client, "HTTP/1.1 502 Their words\r\nProxy-Status: cdn; "
				 "error=dns_error\r\nContent-Length: 0\r\n" VIA "\r\n");
	lab_fini(&l);
}

static void test_long_response_heads_become_502(void **state)
{
	static char text[HTTP_RESPONSE_HEAD_MAX + 2];
	struct lab l;

	(void)state;
	memset(text, 'a', sizeof(text) - 1);
	lab_init(&l, NULL);
	lab_client(&l, GET_A);
	lab_upstream(&l, text);
	lab_check_answer(&l, 502, false);
	assert_non_null(strstr(lab_text(&l.to_client), "exceeds 65536 bytes"));
	lab_fini(&l);
}

static void test_every_truncated_response_is_noticed(void **state)
{
	static const char in[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
				 "2\r\nhi\r\n0\r\nX: y\r\n\r\n";
	size_t head = strlen("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"), len;
	struct lab l;

	(void)state;
	for (len = 0; len < sizeof(in) - 1; len++) {
		lab_init(&l, NULL);
		lab_client(&l, GET_A);
		lab_upstream_bytes(&l, in, len);
		lab_upstream_end(&l, len % 2);
		if (len < head) {
			lab_check_answer(&l, 502, false);
			assert_non_null(strstr(lab_text(&l.to_client),
					       "error=connection_terminated; "));
		} else {
			assert_true(l.client_closed);
			assert_null(strstr(lab_text(&l.to_client), "X: y\r\n\r\n"));
		}
		lab_fini(&l);
	}
}

static void test_body_to_the_end_closes_the_client(void **state)
{
	struct lab l;
	int reset;

	(void)state;
	for (reset = 0; reset < 2; reset++) {
		lab_init(&l, NULL);
		l.bulk = reset;
		lab_client(&l, GET_A);
		lab_upstream(&l, "HTTP/1.1 200 OK\r\n\r\nhello");
		assert_false(l.client_closed);
		lab_upstream_end(&l, reset);
		lab_expect(&l.to_client,
			   "HTTP/1.1 200 OK\r\nConnection: close\r\n" VIA "\r\nhello");
		assert_true(l.client_closed);
		assert_int_equal(l.client_aborted, reset);
		lab_fini(&l);
	}
}

static void test_broken_chunks_to_http_1_0_reset_the_client(void **state)
{
	struct lab l;

	(void)state;
	lab_init(&l, NULL);
	lab_client(&l, GET_1_0);
	lab_upstream(&l, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhiX");
	assert_true(l.client_aborted);
	assert_false(l.open);
	lab_fini(&l);
}

static void test_head_of_refusal_has_no_body(void **state)
{
	struct lab l;

	(void)state;
	lab_init(&l, &AUTH);
	lab_client(&l, HEAD_A);
	assert_int_equal(lab_status(&l), 407);
	assert_string_equal(strstr(lab_text(&l.to_client), "\r\n\r\n"), "\r\n\r\n");
	lab_fini(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_responses_are_rewritten),
		cmocka_unit_test(test_malformed_responses_become_502),
		cmocka_unit_test(test_502_says_what_the_origin_did),
		cmocka_unit_test(test_many_response_fields_become_502_with_the_limit),
		cmocka_unit_test(test_proxy_status_of_an_origin_passes_and_ours_is_not_added),
		cmocka_unit_test(test_long_response_heads_become_502),
		cmocka_unit_test(test_every_truncated_response_is_noticed),
		cmocka_unit_test(test_body_to_the_end_closes_the_client),
		cmocka_unit_test(test_broken_chunks_to_http_1_0_reset_the_client),
		cmocka_unit_test(test_head_of_refusal_has_no_body),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
