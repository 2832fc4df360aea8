/* The HTTP proxy as a machine: requests rewritten, refusals, authentication, dialling. */
#include "support/proxy_lab.h"

#include <stdio.h>

#include "base/compiler.h"
#include "proxy/http_answer.h"

static const struct proxy_auth AUTH = {"user", "pass"};
#define AUTH_FIELD "Proxy-Authorization: Basic dXNlcjpwYXNz\r\n"

#define GET_A "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"
#define GET_A_OUT "GET / HTTP/1.1\r\nHost: a\r\nVia: 1.1 culvert\r\n\r\n"
#define OK_EMPTY "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
#define OK_EMPTY_OUT "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nVia: 1.1 culvert\r\n\r\n"

/* --- requests as the origin sees them --------------------------------------------------------- */

struct rewrite_case {
	const char *in;
	const char *target;
	const char *out;
};

static const struct rewrite_case REWRITES[] = {
	{GET_A, "a:80", GET_A_OUT},
	{"GET http://a:8080/p?q=1 HTTP/1.1\r\nHost: other\r\nAccept: */*\r\n\r\n", "a:8080",
	 "GET /p?q=1 HTTP/1.1\r\nHost: a:8080\r\nAccept: */*\r\nVia: 1.1 culvert\r\n\r\n"},
	{"GET http://a HTTP/1.1\r\nHost: a\r\n\r\n", "a:80", GET_A_OUT},
	{"GET http://a: HTTP/1.1\r\nHost: a\r\n\r\n", "a:80", GET_A_OUT},
	{"\r\nGET http://a HTTP/1.1\r\nHost: a\r\n\r\n", "a:80", GET_A_OUT},
	{"GET HTTP://a?x HTTP/1.1\r\nHost:\r\n\r\n", "a:80",
	 "GET /?x HTTP/1.1\r\nHost: a\r\nVia: 1.1 culvert\r\n\r\n"},
	{"GET http://[2001:db8::1]:81/ HTTP/1.1\r\nHost: a\r\n\r\n", "[2001:db8::1]:81",
	 "GET / HTTP/1.1\r\nHost: [2001:db8::1]:81\r\nVia: 1.1 culvert\r\n\r\n"},
	{"GET http://[2001:db8::1]/ HTTP/1.1\r\nHost: a\r\n\r\n", "[2001:db8::1]:80",
	 "GET / HTTP/1.1\r\nHost: [2001:db8::1]\r\nVia: 1.1 culvert\r\n\r\n"},
	{"OPTIONS http://a HTTP/1.1\r\nHost: a\r\n\r\n", "a:80",
	 "OPTIONS * HTTP/1.1\r\nHost: a\r\nVia: 1.1 culvert\r\n\r\n"},
	{"OPTIONS http://a/ HTTP/1.1\r\nHost: a\r\nMax-Forwards: 3\r\n\r\n", "a:80",
	 "OPTIONS / HTTP/1.1\r\nHost: a\r\nMax-Forwards: 2\r\nVia: 1.1 culvert\r\n\r\n"},
	{"GET http://a/ HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n", "a:80",
	 "GET / HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\nVia: 1.1 culvert\r\n\r\n"},
	{"GET http://a/ HTTP/1.0\r\nExpect: 100-continue\r\n\r\n", "a:80",
	 "GET / HTTP/1.1\r\nHost: a\r\nVia: 1.0 culvert\r\n\r\n"},
	{"M-SEARCH http://a/x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "a:80",
	 "M-SEARCH /x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nVia: 1.1 culvert\r\n\r\n"},
	{"POST http://a/ HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
	 "hi", "a:80",
	 "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n"
	 "Via: 1.1 culvert\r\n\r\nhi"},
	{"POST http://a/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n"
	 "2;ext\r\nhi\r\n0\r\nX: y\r\nHost: z\r\n\r\n", "a:80",
	 "POST / HTTP/1.1\r\nHost: a\r\nTrailer: X\r\nTransfer-Encoding: chunked\r\n"
	 "Via: 1.1 culvert\r\n\r\n2\r\nhi\r\n0\r\nX: y\r\n\r\n"},
	{"GET http://a/ HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\n"
	 "Keep-Alive: 3\r\nProxy-Connection: keep-alive\r\n" AUTH_FIELD "Proxy-Authenticate: x\r\n"
	 "TE: gzip\r\n"
	 "Upgrade: websocket\r\nVia: 1.0 x\r\nAuthorization: y\r\n\r\n", "a:80",
	 "GET / HTTP/1.1\r\nHost: a\r\nVia: 1.0 x\r\nAuthorization: y\r\nVia: 1.1 culvert\r\n\r\n"},
	{"GET http://a/ HTTP/1.1\r\nHost: a\r\nTE: gzip, trailers\r\nConnection: TE\r\n\r\n", "a:80",
	 "GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: TE\r\nVia: 1.1 culvert\r\n\r\n"},
	{"GET http://a/ HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", "a:80",
	 "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
	 "Via: 1.1 culvert\r\n\r\n"},
	{"GET http://a/ HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
	 "HTTP2-Settings: x\r\n\r\n", "a:80", GET_A_OUT},
	{"POST http://a/ HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\nContent-Length: 1\r\n"
	 "\r\nz", "a:80", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n"
	 "Via: 1.1 culvert\r\n\r\nz"},
	{"TRACE http://a/x HTTP/1.1\r\nHost: a\r\nCookie: c=1\r\nAUTHORIZATION: Basic eA==\r\n"
	 AUTH_FIELD "Cookie: d=2\r\nX: y\r\n\r\n", "a:80",
	 "TRACE /x HTTP/1.1\r\nHost: a\r\nX: y\r\nVia: 1.1 culvert\r\n\r\n"},
	{"GET http://a/ HTTP/1.1\r\nHost: a\r\nCookie: c=1\r\nAuthorization: Basic eA==\r\n\r\n", "a:80",
	 "GET / HTTP/1.1\r\nHost: a\r\nCookie: c=1\r\nAuthorization: Basic eA==\r\n"
	 "Via: 1.1 culvert\r\n\r\n"},
	{"GET http://a/ HTTP/1.0\r\n\r\n", "a:80",
	 "GET / HTTP/1.1\r\nHost: a\r\nVia: 1.0 culvert\r\n\r\n"},
	{"GET http://127.0.0.1/ HTTP/1.1\r\nConnection: host, via\r\nHost: a\r\n\r\n",
	 "127.0.0.1:80",
	 "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nVia: 1.1 culvert\r\n\r\n"},
};

static void test_requests_are_rewritten(void **state)
{
	char target[PROXY_TARGET_TEXT_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(REWRITES); i++) {
		struct lab l;

		print_message("%s\n", REWRITES[i].in);
		lab_init(&l, NULL);
		lab_client(&l, REWRITES[i].in);
		assert_int_equal(l.dials, 1);
		assert_string_equal(proxy_target_format(http_proxy_target(l.h), target),
				    REWRITES[i].target);
		lab_expect(&l.to_upstream, REWRITES[i].out);
		assert_int_equal(buf_len(&l.to_client), 0);
		assert_int_equal(http_proxy_phase(l.h), HTTP_BUSY);
		lab_fini(&l);
	}
}

/* --- refusals --------------------------------------------------------------------------------- */

static const struct refusal_case {
	unsigned status;
	const char *in;
} FATAL[] = {
	{400, "GET http://a/\r\n"
	      "\r\n"},
	{400, "GET  http://a/ HTTP/1.1\r\n\r\n"},
	{400, "GET http://a/  HTTP/1.1\r\n\r\n"},
	{400, "GET http://a/ HTTP/1.1 \r\n\r\n"},
	{400, " GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"},
	{400, "GET http://a/ HTTP/1.\r\n\r\n"},
	{400, "GET http://a/ HTTP/11\r\n\r\n"},
	{400, "GET http://a/ http/1.1\r\n\r\n"},
	{400, "GET http://a/ HTTP/1.1x\r\n\r\n"},
	{400, "G(T http://a/ HTTP/1.1\r\n\r\n"},
	{400, "GET http://a/#frag HTTP/1.1\r\nHost: a\r\n\r\n"},
	{400, "GET http://u:p@a/ HTTP/1.1\r\nHost: a\r\n\r\n"},
	{400, "GET http:/// HTTP/1.1\r\nHost: a\r\n\r\n"},
	{400, "GET http://:80/ HTTP/1.1\r\nHost: a\r\n\r\n"},
	{400, "GET http://a:0/ HTTP/1.1\r\nHost: a\r\n\r\n"},
	{400, "GET http://a:65536/ HTTP/1.1\r\nHost: a\r\n\r\n"},
	{400, "GET http://a:8x/ HTTP/1.1\r\nHost: a\r\n\r\n"},
	{400, "GET http://a:80:80/ HTTP/1.1\r\nHost: a\r\n\r\n"},
	{400, "GET http://::1/ HTTP/1.1\r\nHost: a\r\n\r\n"},
	{400, "GET http://[::1/ HTTP/1.1\r\nHost: a\r\n\r\n"},
	{400, "GET http://[::1]x/ HTTP/1.1\r\nHost: a\r\n\r\n"},
	{400, "GET http://[a]/ HTTP/1.1\r\nHost: a\r\n\r\n"},
	{400, "GET http://[1.2.3.4]/ HTTP/1.1\r\nHost: a\r\n\r\n"},
	{400, "GET http://a%20b/ HTTP/1.1\r\nHost: a\r\n\r\n"},
	{400, "GET http://127.1/ HTTP/1.1\r\nHost: a\r\n\r\n"},
	{400, "GET http://a\\b/ HTTP/1.1\r\nHost: a\r\n\r\n"},
	{400, "CONNECT a HTTP/1.1\r\n\r\n"},
	{400, "CONNECT a: HTTP/1.1\r\n\r\n"},
	{400, "CONNECT a:0 HTTP/1.1\r\n\r\n"},
	{400, "CONNECT u@a:80 HTTP/1.1\r\n\r\n"},
	{400, "CONNECT http://a:80 HTTP/1.1\r\n\r\n"},
	{400, "CONNECT a:80/ HTTP/1.1\r\n\r\n"},
	{400, "CONNECT a:80 HTTP/1.1\r\nContent-Length: 1\r\n\r\nx"},
	{400, "CONNECT a:80 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
	{400, "GET http://a/ HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"},
	{400, "GET http://a/ HTTP/1.1\r\nHost: a b\r\n\r\n"},
	{400, "GET http://a/ HTTP/1.1\r\nHost: a/b\r\n\r\n"},
	{400, "GET http://a/ HTTP/1.1\r\nHost : a\r\n\r\n"},
	{400, "GET http://a/ HTTP/1.1\r\nHost: a\r\n folded: a\r\n\r\n"},
	{400, "GET http://a/ HTTP/1.1\r\nHost: a\r\nA: b\r\n c\r\n\r\n"},
	{400, "GET http://a/ HTTP/1.1\nHost: a\n\n"},
	{400, "GET http://a/ HTTP/1.1\r\nHost: a\r\nA: b\rc\r\n\r\n"},
	{400, "GET http://a/ HTTP/1.1\r\nHost: a\r\nA: b\x01\r\n\r\n"},
	{400, "GET http://a/\x80 HTTP/1.1\r\nHost: a\r\n\r\n"},
	{400, "GET http://a/ HTTP/1.1\r\nHost: a\r\nA\r\n\r\n"},
	{400, "POST http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello"},
	{400, "POST http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
	      "Transfer-Encoding: chunked\r\n\r\n"},
	{400, "POST http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 5,\r\n\r\nhello"},
	{400, "POST http://a/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked,\r\n\r\n"},
	{400, "GET http://a/ HTTP/1.1\r\n\r\n"},
	{400, "TRACE http://a/ HTTP/1.1\r\nHost : a\r\n\r\n"},
	{400, "POST http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n"},
	{400, "POST http://a/ HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"},
	{400, "OPTIONS http://a/ HTTP/1.1\r\nHost: a\r\nMax-Forwards: x\r\n\r\n"},
	{400, "\x16\x03\x01\x02"},
	{501, "POST http://a/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"},
	{505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
	{417, "POST http://a/ HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nContent-Length: 5\r\n\r\nhello"},
};

static void test_doubtful_requests_are_refused_and_the_connection_closed(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(FATAL); i++) {
		struct lab l;

		print_message("%s\n", FATAL[i].in);
		lab_init(&l, NULL);
		lab_client(&l, FATAL[i].in);
		lab_check_answer(&l, FATAL[i].status, true);
		assert_int_equal(l.dials, 0);
		/* What follows is dropped, not answered. */
		buf_clear(&l.to_client);
		lab_client(&l, GET_A);
		assert_int_equal(buf_len(&l.from_client) + buf_len(&l.to_client), 0);
		assert_int_equal(l.dials, 0);
		lab_fini(&l);
	}
}

static void test_nul_is_refused(void **state)
{
	static const char in[] = "GET http://a/ HTTP/1.1\r\nHost: a\r\nA: \0b\r\n\r\n";
	struct lab l;

	(void)state;
	lab_init(&l, NULL);
	lab_client_bytes(&l, in, sizeof(in) - 1);
	lab_check_answer(&l, 400, true);
	lab_fini(&l);
}

static const struct refusal_case POLITE[] = {
	{400, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"},
	{400, "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"},
	{400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"},
	{501, "GET https://a/ HTTP/1.1\r\nHost: a\r\n\r\n"},
	{501, "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"},
	{501, "TRACE http://a/ HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n"},
	{200, "OPTIONS http://a/ HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n"},
};

static void test_other_refusals_keep_the_connection(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(POLITE); i++) {
		struct lab l;

		print_message("%s\n", POLITE[i].in);
		lab_init(&l, NULL);
		lab_client(&l, POLITE[i].in);
		lab_check_answer(&l, POLITE[i].status, false);
		assert_int_equal(http_proxy_phase(l.h), HTTP_IDLE);
		lab_client(&l, GET_A);
		lab_expect(&l.to_upstream, GET_A_OUT);
		lab_fini(&l);
	}
}

static void test_https_and_origin_form_get_a_hint(void **state)
{
	struct lab l;

	(void)state;
	lab_init(&l, NULL);
	lab_client(&l, "GET https://a/ HTTP/1.1\r\nHost: a\r\n\r\n");
	assert_non_null(strstr(lab_text(&l.to_client), "CONNECT"));
	buf_clear(&l.to_client);
	lab_client(&l, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	assert_non_null(strstr(lab_text(&l.to_client), "this is a proxy"));
	lab_fini(&l);
}

static void test_long_heads_are_refused(void **state)
{
	static char text[HTTP_REQUEST_HEAD_MAX + 64];
	struct lab l;

	(void)state;
	memset(text, 'a', sizeof(text) - 1);
	lab_init(&l, NULL);
	lab_client(&l, text);
	lab_check_answer(&l, 414, true);
	lab_fini(&l);
	memcpy(text, "GET http://a/ HTTP/1.1\r\nHost: a\r\nA:", 35);
	lab_init(&l, NULL);
	lab_client(&l, text);
	lab_check_answer(&l, 431, true);
	lab_fini(&l);
}

static void test_many_fields_are_refused(void **state)
{
	struct lab l;
	int i;

	(void)state;
	lab_init(&l, NULL);
	lab_client(&l, "GET http://a/ HTTP/1.1\r\nHost: a\r\n");
	for (i = 0; i < 257; i++)
		lab_client(&l, "A:b\r\n");
	lab_client(&l, "\r\n");
	lab_check_answer(&l, 431, true);
	assert_non_null(strstr(lab_text(&l.to_client), "more than 256 fields"));
	lab_fini(&l);
}

static void test_longest_head_passes(void **state)
{
	static char text[HTTP_REQUEST_HEAD_MAX + 1];
	struct lab l;

	(void)state;
	memset(text, 'a', HTTP_REQUEST_HEAD_MAX);
	memcpy(text, "GET http://a/ HTTP/1.1\r\nHost: a\r\nA:", 35);
	memcpy(text + HTTP_REQUEST_HEAD_MAX - 4, "\r\n\r\n", 4);
	lab_init(&l, NULL);
	lab_client(&l, text);
	assert_int_equal(l.dials, 1);
	assert_true(buf_len(&l.to_upstream) > HTTP_REQUEST_HEAD_MAX);
	lab_fini(&l);
}

/* --- authentication --------------------------------------------------------------------------- */

static void test_credentials_are_wanted_for_every_request(void **state)
{
	static const char *const bad[] = {
		"", "Proxy-Authorization: Basic\r\n", "Proxy-Authorization: Basic \r\n",
		"Proxy-Authorization: Basic dXNlcjpwYXNT\r\n",
		"Proxy-Authorization: Basic dXNlcg==\r\n",
		"Proxy-Authorization: Basic dXNlcjpwYXNzA\r\n",
		"Proxy-Authorization: Basic !!!!\r\n",
		"Proxy-Authorization: Basic ====\r\n",
		"Proxy-Authorization: Bearer dXNlcjpwYXNz\r\n",
		"Authorization: Basic dXNlcjpwYXNz\r\n", AUTH_FIELD AUTH_FIELD,
	};
	char text[512];
	struct lab l;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(bad); i++) {
		print_message("%s\n", bad[i]);
		lab_init(&l, &AUTH);
		snprintf(text, sizeof(text), "GET http://a/ HTTP/1.1\r\nHost: a\r\n%s\r\n", bad[i]);
		lab_client(&l, text);
		assert_non_null(strstr(lab_text(&l.to_client),
				       "\r\nProxy-Authenticate: Basic realm=\"culvert\"\r\n"));
		lab_check_answer(&l, 407, false);
		buf_clear(&l.to_client);
		lab_client(&l, "GET http://a/ HTTP/1.1\r\nHost: a\r\n"
			       "proxy-authorization: bAsIc  dXNlcjpwYXNz\r\n\r\n");
		lab_expect(&l.to_upstream, GET_A_OUT);
		lab_upstream(&l, OK_EMPTY);
		lab_expect(&l.to_client, OK_EMPTY_OUT);
		lab_client(&l, GET_A);
		lab_check_answer(&l, 407, false);
		lab_fini(&l);
	}
}

#define WRONG "GET http://a/ HTTP/1.1\r\nHost: a\r\nProxy-Authorization: Basic dXNlcjpwYXNT\r\n\r\n"

static void test_the_third_wrong_login_ends_the_connection(void **state)
{
	static const char *const harmless[] = {
		GET_A,
		"GET http://a/ HTTP/1.1\r\nHost: a\r\nProxy-Authorization: Bearer dXNlcjpwYXNz\r\n\r\n",
		"GET http://a/ HTTP/1.1\r\nHost: a\r\nProxy-Authorization: Basic\r\n\r\n",
	};
	struct lab l;

	(void)state;
	lab_init(&l, &AUTH);
	for (unsigned i = 0; i < 3; i++) {
		/* What is no guess is not counted, however often it comes. */
		for (unsigned j = 0; j < 9; j++) {
			l.held = false;
			lab_client(&l, harmless[j % 3]);
			lab_check_answer(&l, 407, false);
			buf_clear(&l.to_client);
			assert_false(l.held);
		}
		assert_int_equal(http_proxy_wrong_logins(l.h), i);
		lab_client(&l, WRONG);
		lab_check_answer(&l, 407, i == 2);
		buf_clear(&l.to_client);
		assert_true(l.held);
	}
	assert_true(l.client_closed);
	lab_fini(&l);

	/* Several at once are a guess, too. */
	lab_init(&l, &AUTH);
	lab_client(&l, "GET http://a/ HTTP/1.1\r\nHost: a\r\nProxy-Authorization: Bearer x\r\n" AUTH_FIELD
		       "\r\n");
	assert_int_equal(http_proxy_wrong_logins(l.h), 1);
	lab_fini(&l);
}

static void test_after_a_wrong_login_requests_wait_for_its_answer(void **state)
{
	struct lab l;

	(void)state;
	lab_init(&l, &AUTH);
	l.hold_logins = true;
	lab_client(&l, WRONG WRONG WRONG WRONG);
	assert_int_equal(http_proxy_wrong_logins(l.h), 1);
	assert_int_equal(buf_len(&l.from_client), 3 * strlen(WRONG));
	http_proxy_login_answered(l.h);
	lab_settle(&l);
	assert_int_equal(http_proxy_wrong_logins(l.h), 2);
	http_proxy_login_answered(l.h);
	lab_settle(&l);
	assert_int_equal(http_proxy_wrong_logins(l.h), 3);
	assert_true(l.client_closed);
	http_proxy_login_answered(l.h);
	lab_settle(&l);
	assert_int_equal(http_proxy_wrong_logins(l.h), 3);
	assert_int_equal(l.dials, 0);
	lab_fini(&l);
}

static void test_refused_bodies_are_skipped_or_end_the_connection(void **state)
{
	static const struct {
		const char *in;
		bool closes;
	} cases[] = {
		{"POST http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", false},
		{"POST http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", false},
		{"POST http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n", true},
		{"POST http://a/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", true},
		{"POST http://a/ HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n",
		 true},
		{"POST http://a/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\n", true},
		{"GET http://a/ HTTP/1.0\r\n\r\n", true},
	};
	struct lab l;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		lab_init(&l, &AUTH);
		lab_client(&l, cases[i].in);
		lab_check_answer(&l, 407, cases[i].closes);
		if (!cases[i].closes) {
			lab_client(&l, "GET http://a/ HTTP/1.1\r\nHost: a\r\n" AUTH_FIELD "\r\n");
			lab_expect(&l.to_upstream, GET_A_OUT);
		}
		lab_fini(&l);
	}
}

/* --- dialling --------------------------------------------------------------------------------- */

struct failure_row {
	const char *status_line;
	const char *error;
};

/* What clients see of each cause: the reason phrase most of all, and the type of RFC 9209. */
static const struct failure_row FAILURES[CAUSE_COUNT] = {
	[CAUSE_DENIED] = {"403 Address not allowed", "destination_ip_prohibited"},
	[CAUSE_PROHIBITED] = {"403 Prohibited by a router or firewall",
			      "destination_ip_prohibited"},
	[CAUSE_NO_ROUTE] = {"403 Not in any peer's AllowedIPs", "destination_ip_unroutable"},
	[CAUSE_NO_FAMILY] = {"403 Tunnel has no address of this family",
			     "destination_ip_unroutable"},
	[CAUSE_UNREACHABLE] = {"502 Network or host unreachable", "destination_ip_unroutable"},
	[CAUSE_NAME_NOT_FOUND] = {"502 Name not found", "dns_error"},
	[CAUSE_NAME_FAILED] = {"502 No usable answer from a name server", "dns_error"},
	[CAUSE_NAME_NO_ANSWER] = {"504 No name server answered", "dns_timeout"},
	[CAUSE_REFUSED] = {"502 Connection refused", "connection_refused"},
	[CAUSE_TIME_EXCEEDED] = {"504 Time exceeded on the way", "destination_unavailable"},
	[CAUSE_NO_ANSWER] = {"504 No answer in 30 s", "connection_timeout"},
	[CAUSE_TUNNEL_DOWN] = {"503 Tunnel not up", "destination_unavailable"},
	[CAUSE_EXHAUSTED] = {"503 Out of descriptors or memory", "proxy_internal_error"},
	[CAUSE_LIMIT] = {"503 All places for connections are taken", "connection_limit_reached"},
	[CAUSE_RESET] = {"502 Connection reset by the far side", "connection_terminated"},
	[CAUSE_COMMAND] = {"501 Command not supported", "http_request_denied"},
	[CAUSE_ADDRESS_TYPE] = {"501 Address type not supported", "http_request_denied"},
};

static void check_failure(struct lab *l, const struct failure_row *row)
{
	const char *text = lab_text(&l->to_client);
	char want[256];

	snprintf(want, sizeof(want), "HTTP/1.1 %s\r\n", row->status_line);
	if (strncmp(text, want, strlen(want)) != 0)
		assert_string_equal(text, want);
	snprintf(want, sizeof(want), "\r\nProxy-Status: culvert; error=%s; details=\"", row->error);
	if (!strstr(text, want))
		assert_string_equal(text, want);
	lab_check_answer(l, (unsigned)strtoul(row->status_line, NULL, 10), false);
}

static void test_failures_follow_the_table_of_causes(void **state)
{
	struct lab l;
	int cause, form;

	(void)state;
	for (cause = CAUSE_OK + 1; cause < CAUSE_COUNT; cause++) {
		for (form = 0; form < 2; form++) {
			lab_init(&l, NULL);
			l.auto_connect = false;
			lab_client(&l, form ? "CONNECT a:80 HTTP/1.1\r\n\r\n" : GET_A);
			assert_int_equal(l.dials, 1);
			http_proxy_failed(l.h, (enum cause)cause, 30, NULL);
			lab_settle(&l);
			check_failure(&l, &FAILURES[cause]);
			assert_non_null(strstr(lab_text(&l.to_client), "a:80"));
			assert_non_null(strstr(lab_text(&l.to_client),
					       cause_text((enum cause)cause)));
			lab_fini(&l);
		}
	}
}

static void test_unknown_waiting_time_is_not_invented(void **state)
{
	struct lab l;

	(void)state;
	lab_init(&l, NULL);
	l.auto_connect = false;
	lab_client(&l, GET_A);
	http_proxy_failed(l.h, CAUSE_NO_ANSWER, 0, NULL);
	lab_settle(&l);
	assert_non_null(strstr(lab_text(&l.to_client), "HTTP/1.1 504 No answer in time\r\n"));
	/* The next request's failure has its own time. */
	buf_clear(&l.to_client);
	lab_client(&l, GET_A);
	http_proxy_failed(l.h, CAUSE_NO_ANSWER, 4294967295U, NULL);
	lab_settle(&l);
	assert_non_null(strstr(lab_text(&l.to_client), " 504 No answer in 4294967295 s\r\n"));
	lab_fini(&l);
}

static void test_phrases_are_short_and_plain(void **state)
{
	char phrase[HTTP_PHRASE_MAX + 1];
	unsigned status;
	int i;

	(void)state;
	for (i = 0; i < CAUSE_COUNT + HTTP_FAULT_COUNT; i++) {
		const struct http_reason *r = i < CAUSE_COUNT ?
			http_reason_of_cause((enum cause)i) :
			http_reason_of_fault((enum http_fault)(i - CAUSE_COUNT));

		http_reason_phrase(r, UINT32_MAX, phrase);
		assert_true(strlen(r->phrase) >= 2 && strlen(phrase) < HTTP_PHRASE_MAX);
		for (const char *c = phrase; *c; c++)
			assert_true(*c >= 0x20 && *c < 0x7f);
		assert_int_equal(r->error != NULL, i != CAUSE_OK);
	}
	for (status = 100; status < 600; status++)
		assert_non_null(http_reason_of_status(status)->phrase);
	assert_int_equal(http_reason_of_cause(CAUSE_COUNT)->status, 500);
}

/* What clients and servers of HTTP know by its number keeps its name. */
static void test_faults_of_requests_keep_the_standard_phrase(void **state)
{
	static const struct {
		const char *in, *start;
		bool closes;
	} cases[] = {
		{"GET http://a/ HTTP/1.1\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n", true},
		{"\x16\x03\x01", "HTTP/1.1 400 Bad Request\r\n", true},
		{"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n", false},
		{"POST http://a/ HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n",
		 "HTTP/1.1 417 Expectation Failed\r\n", true},
		{"GET https://a/ HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 501 Not Implemented\r\n",
		 false},
		{"GET http://a/ HTTP/2.0\r\nHost: a\r\n\r\n",
		 "HTTP/1.1 505 HTTP Version Not Supported\r\n", true},
		{"OPTIONS http://a/ HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n",
		 "HTTP/1.1 200 OK\r\n", false},
	};
	struct lab l;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		lab_init(&l, NULL);
		lab_client(&l, cases[i].in);
		assert_ptr_equal(strstr(lab_text(&l.to_client), cases[i].start),
				 lab_text(&l.to_client));
		assert_int_equal(strstr(lab_text(&l.to_client), "Proxy-Status: ") != NULL,
				 lab_status(&l) != 200);
		assert_int_equal(l.client_closed, cases[i].closes);
		lab_fini(&l);
	}
}

static void test_details_are_a_structured_string(void **state)
{
	char long_text[400], out[HTTP_DETAILS_MAX + 1];

	(void)state;
	http_details_quote("say \"no\" to a\\b", out);
	assert_string_equal(out, "say \\\"no\\\" to a\\\\b");
	http_details_quote("gr\xc3\xbc\xc3\x9f""e\r\n\t\x01\x7f ok\x80", out);
	assert_string_equal(out, "gre ok");
	http_details_quote("", out);
	assert_string_equal(out, "");
	memset(long_text, 'a', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	http_details_quote(long_text, out);
	assert_int_equal(strlen(out), HTTP_DETAILS_MAX);
	/* An escape that would be cut in two is left out. */
	long_text[HTTP_DETAILS_MAX - 1] = '"';
	http_details_quote(long_text, out);
	assert_int_equal(strlen(out), HTTP_DETAILS_MAX - 1);
	long_text[HTTP_DETAILS_MAX - 1] = 'a';
	long_text[HTTP_DETAILS_MAX - 2] = '\\';
	http_details_quote(long_text, out);
	assert_int_equal(strlen(out), HTTP_DETAILS_MAX);
	assert_string_equal(out + HTTP_DETAILS_MAX - 2, "\\\\");
}

static void test_strangers_get_no_details(void **state)
{
	static const char *const strange[] = {
		GET_A, "GET http://a/ HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
		"\x16\x03\x01", "GET http://a/ HTTP/1.1\r\nHost: a\r\n"
		"Proxy-Authorization: Basic dXNlcjpwYXNT\r\n\r\n",
	};
	struct lab l;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(strange); i++) {
		lab_init(&l, &AUTH);
		lab_client(&l, strange[i]);
		assert_true(buf_len(&l.to_client) > 0);
		assert_null(strstr(lab_text(&l.to_client), "Proxy-Status"));
		lab_fini(&l);
	}
	/* Known once is not known for ever: each request shows the password anew. */
	lab_init(&l, &AUTH);
	l.auto_connect = false;
	lab_client(&l, "GET http://a/ HTTP/1.1\r\nHost: a\r\n" AUTH_FIELD "\r\n");
	http_proxy_failed(l.h, CAUSE_REFUSED, 0, NULL);
	lab_settle(&l);
	assert_non_null(strstr(lab_text(&l.to_client), "Proxy-Status: culvert; "
						       "error=connection_refused; "));
	buf_clear(&l.to_client);
	lab_client(&l, GET_A);
	lab_check_answer(&l, 407, false);
	assert_null(strstr(lab_text(&l.to_client), "Proxy-Status"));
	buf_clear(&l.to_client);
	http_proxy_timeout(l.h);
	lab_client(&l, "G");
	http_proxy_timeout(l.h);
	lab_settle(&l);
	assert_null(strstr(lab_text(&l.to_client), "Proxy-Status"));
	lab_fini(&l);
}

static void test_detail_is_told_on_one_line(void **state)
{
	struct lab l;

	(void)state;
	lab_init(&l, NULL);
	l.auto_connect = false;
	lab_client(&l, GET_A);
	http_proxy_failed(l.h, CAUSE_REFUSED, 0, "what\r\nSet-Cookie: why");
	lab_settle(&l);
	lab_check_answer(&l, 502, false);
	assert_non_null(strstr(lab_text(&l.to_client), "\r\n\r\nwhat??Set-Cookie: why\n"));
	assert_non_null(strstr(lab_text(&l.to_client), "; details=\"what??Set-Cookie: why\"\r\n"));
	lab_fini(&l);
}

static void test_requests_wait_for_the_connection(void **state)
{
	struct lab l;

	(void)state;
	lab_init(&l, NULL);
	l.auto_connect = false;
	lab_client(&l, "POST http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
	assert_int_equal(buf_len(&l.from_client), 5);
	assert_int_equal(buf_len(&l.to_upstream), 0);
	l.open = true;
	http_proxy_connected(l.h);
	lab_settle(&l);
	lab_expect(&l.to_upstream, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
				   "Via: 1.1 culvert\r\n\r\nhello");
	lab_fini(&l);
}

static void test_failed_dial_skips_the_body(void **state)
{
	struct lab l;

	(void)state;
	lab_init(&l, NULL);
	l.auto_connect = false;
	lab_client(&l, "POST http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello" GET_A);
	l.dialing = false;
	http_proxy_failed(l.h, CAUSE_REFUSED, 0, NULL);
	l.auto_connect = true;
	lab_settle(&l);
	assert_int_equal(lab_status(&l), 502);
	lab_expect(&l.to_upstream, GET_A_OUT);
	assert_int_equal(l.dials, 2);
	lab_fini(&l);
}

/* --- limits of the driver ---------------------------------------------------------------------- */

/* The body of a request that was answered: the limit is the driver's, the end has no answer. */
static void test_time_ends_a_dropped_body(void **state)
{
	struct lab l;

	(void)state;
	lab_init(&l, &AUTH);
	lab_client(&l, "POST http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nbody");
	assert_int_equal(http_proxy_phase(l.h), HTTP_HEAD);
	lab_check_answer(&l, 407, false);
	buf_clear(&l.to_client);
	http_proxy_timeout(l.h);
	lab_settle(&l);
	assert_true(l.client_closed && !l.client_aborted);
	assert_int_equal(buf_len(&l.to_client), 0);
	lab_fini(&l);
}

static void test_drain_refuses_what_is_not_complete(void **state)
{
	struct lab l;

	(void)state;
	lab_init(&l, NULL);
	lab_client(&l, "GET http://a/");
	http_proxy_drain(l.h);
	lab_settle(&l);
	lab_check_answer(&l, 503, true);
	lab_fini(&l);

	lab_init(&l, &AUTH);
	lab_client(&l, "POST http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nbody");
	http_proxy_drain(l.h);
	lab_settle(&l);
	assert_true(l.client_closed && !l.client_aborted);
	assert_int_equal(lab_status(&l), 407);
	lab_fini(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests_are_rewritten),
		cmocka_unit_test(test_doubtful_requests_are_refused_and_the_connection_closed),
		cmocka_unit_test(test_nul_is_refused),
		cmocka_unit_test(test_other_refusals_keep_the_connection),
		cmocka_unit_test(test_https_and_origin_form_get_a_hint),
		cmocka_unit_test(test_long_heads_are_refused),
		cmocka_unit_test(test_many_fields_are_refused),
		cmocka_unit_test(test_longest_head_passes),
		cmocka_unit_test(test_credentials_are_wanted_for_every_request),
		cmocka_unit_test(test_the_third_wrong_login_ends_the_connection),
		cmocka_unit_test(test_after_a_wrong_login_requests_wait_for_its_answer),
		cmocka_unit_test(test_refused_bodies_are_skipped_or_end_the_connection),
		cmocka_unit_test(test_failures_follow_the_table_of_causes),
		cmocka_unit_test(test_unknown_waiting_time_is_not_invented),
		cmocka_unit_test(test_phrases_are_short_and_plain),
		cmocka_unit_test(test_faults_of_requests_keep_the_standard_phrase),
		cmocka_unit_test(test_details_are_a_structured_string),
		cmocka_unit_test(test_strangers_get_no_details),
		cmocka_unit_test(test_detail_is_told_on_one_line),
		cmocka_unit_test(test_requests_wait_for_the_connection),
		cmocka_unit_test(test_failed_dial_skips_the_body),
		cmocka_unit_test(test_time_ends_a_dropped_body),
		cmocka_unit_test(test_drain_refuses_what_is_not_complete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
