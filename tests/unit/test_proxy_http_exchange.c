/* The HTTP proxy as a machine: tunnels, connection reuse, bodies in flight, endings. */
#include "support/proxy_lab.h"

#include <stdio.h>

#include "base/compiler.h"

static const struct proxy_auth AUTH = {"user", "pass"};
#define AUTH_FIELD "Proxy-Authorization: Basic dXNlcjpwYXNz\r\n"

#define GET_A "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"
#define GET_A_OUT "GET / HTTP/1.1\r\nHost: a\r\nVia: 1.1 culvert\r\n\r\n"
#define OK_EMPTY "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
#define OK_EMPTY_OUT "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nVia: 1.1 culvert\r\n\r\n"

/* --- tunnels ---------------------------------------------------------------------------------- */

static void test_connect_becomes_raw_and_keeps_early_bytes(void **state)
{
	struct lab l;
	size_t used;

	(void)state;
	lab_init(&l, &AUTH);
	lab_client(&l, "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n" AUTH_FIELD
		       "\r\n\x16\x03\x01");
	assert_true(l.tunnel);
	assert_false(l.client_closed);
	assert_int_equal(buf_len(&l.from_client), 3);
	lab_expect(&l.to_client, "HTTP/1.1 200 Connection established\r\n\r\n");
	assert_int_equal(http_proxy_phase(l.h), HTTP_RAW);
	assert_int_equal(http_proxy_passthrough_up(l.h), UINT64_MAX);
	assert_int_equal(http_proxy_passthrough_down(l.h), UINT64_MAX);
	http_proxy_upstream_input(l.h, (const uint8_t *)"x", 1, &used);
	assert_int_equal(used, 0);
	http_proxy_client_eof(l.h);
	http_proxy_upstream_eof(l.h);
	assert_int_equal(http_proxy_event(l.h), HTTP_EV_NONE);
	lab_fini(&l);
}

static void test_connect_in_http_1_0(void **state)
{
	struct lab l;

	(void)state;
	lab_init(&l, NULL);
	lab_client(&l, "CONNECT 10.0.0.1:22 HTTP/1.0\r\n\r\n");
	assert_true(l.tunnel);
	lab_fini(&l);
}

#define UPGRADE "GET http://a/ HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n" \
		"Upgrade: websocket\r\nSec-WebSocket-Key: k\r\n\r\n"

static void test_upgrade_becomes_raw(void **state)
{
	struct lab l;

	(void)state;
	lab_init(&l, NULL);
	lab_client(&l, UPGRADE "early");
	lab_upstream(&l, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
			 "Connection: Upgrade\r\nSec-WebSocket-Accept: a\r\n\r\nframe");
	assert_true(l.tunnel);
	lab_expect(&l.to_client, "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: a\r\n"
				 "Upgrade: websocket\r\nConnection: Upgrade\r\n"
				 "Via: 1.1 culvert\r\n\r\n");
	assert_int_equal(buf_len(&l.from_client), 5);
	assert_int_equal(buf_len(&l.from_upstream), 5);
	lab_fini(&l);
}

static void test_declined_upgrade_is_an_exchange(void **state)
{
	struct lab l;

	(void)state;
	lab_init(&l, NULL);
	lab_client(&l, UPGRADE);
	lab_upstream(&l, OK_EMPTY);
	assert_false(l.tunnel);
	lab_expect(&l.to_client, OK_EMPTY_OUT);
	assert_int_equal(http_proxy_phase(l.h), HTTP_IDLE);
	lab_fini(&l);
}

static void test_unasked_upgrade_is_refused(void **state)
{
	struct lab l;

	(void)state;
	lab_init(&l, NULL);
	lab_client(&l, GET_A);
	lab_upstream(&l, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n");
	assert_false(l.tunnel);
	lab_check_answer(&l, 502, false);
	assert_false(l.open);
	lab_fini(&l);
}

#define VIA "Via: 1.1 culvert\r\n"

/* --- one client connection, several requests -------------------------------------------------- */

static void test_connection_to_the_same_origin_is_reused(void **state)
{
	struct lab l;
	int i;

	(void)state;
	lab_init(&l, NULL);
	for (i = 0; i < 3; i++) {
		lab_client(&l, i == 1 ? "GET http://A:80/ HTTP/1.1\r\nHost: a\r\n\r\n" : GET_A);
		lab_expect_prefix(&l.to_upstream, "GET / HTTP/1.1\r\n");
		lab_upstream(&l, OK_EMPTY);
		lab_expect(&l.to_client, OK_EMPTY_OUT);
	}
	assert_int_equal(l.dials, 1);
	lab_fini(&l);
}

static void test_another_origin_is_dialled(void **state)
{
	static const char *const requests[] = {
		GET_A, "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET http://b:81/ HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET http://10.0.0.1/ HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET http://10.0.0.2/ HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET http://[::2]/ HTTP/1.1\r\nHost: a\r\n\r\n",
	};
	struct lab l;
	size_t i;

	(void)state;
	lab_init(&l, NULL);
	for (i = 0; i < ARRAY_LEN(requests); i++) {
		lab_client(&l, requests[i]);
		assert_int_equal(l.dials, i + 1);
		lab_upstream(&l, OK_EMPTY);
		lab_expect(&l.to_client, OK_EMPTY_OUT);
	}
	lab_client(&l, "CONNECT [::2]:80 HTTP/1.1\r\n\r\n");
	assert_int_equal(l.dials, ARRAY_LEN(requests) + 1);
	assert_true(l.tunnel);
	lab_fini(&l);
}

static void test_pipelined_requests_are_served_in_order(void **state)
{
	struct lab l;

	(void)state;
	lab_init(&l, NULL);
	lab_client(&l, "POST http://a/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi"
		       "GET http://a/2 HTTP/1.1\r\nHost: a\r\n\r\nGET http://b/3 HTTP/1.1\r\nHost: a\r\n\r\n");
	lab_expect(&l.to_upstream, "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n" VIA
				   "\r\nhi");
	lab_upstream(&l, OK_EMPTY);
	lab_expect(&l.to_upstream, "GET /2 HTTP/1.1\r\nHost: a\r\n" VIA "\r\n");
	assert_int_equal(l.dials, 1);
	lab_upstream(&l, OK_EMPTY);
	lab_expect(&l.to_upstream, "GET /3 HTTP/1.1\r\nHost: b\r\n" VIA "\r\n");
	assert_int_equal(l.dials, 2);
	lab_fini(&l);
}

static void test_surplus_bytes_never_answer_the_next_request(void **state)
{
	struct lab l;
	int bulk;

	(void)state;
	for (bulk = 0; bulk < 2; bulk++) {
		lab_init(&l, NULL);
		l.bulk = bulk;
		lab_client(&l, GET_A GET_A);
		lab_upstream(&l, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
				 "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
		assert_int_equal(l.dials, 2);
		assert_null(strstr(lab_text(&l.to_client), "evil"));
		lab_fini(&l);
	}
}

static void test_unasked_bytes_close_an_idle_connection(void **state)
{
	struct lab l;

	(void)state;
	lab_init(&l, NULL);
	lab_client(&l, GET_A);
	lab_upstream(&l, OK_EMPTY);
	lab_upstream(&l, "HTTP/1.1 408 Request Timeout\r\n\r\n");
	assert_false(l.open);
	assert_false(l.client_closed);
	lab_fini(&l);
}

static void test_idle_origin_may_leave(void **state)
{
	struct lab l;

	(void)state;
	lab_init(&l, NULL);
	lab_client(&l, GET_A);
	lab_upstream(&l, OK_EMPTY);
	lab_upstream_end(&l, false);
	assert_int_equal(l.upstream_closes, 1);
	lab_client(&l, GET_A);
	assert_int_equal(l.dials, 2);
	lab_fini(&l);
}

static void reuse_then_end(struct lab *l, const char *second)
{
	lab_init(l, NULL);
	lab_client(l, GET_A);
	lab_upstream(l, OK_EMPTY);
	buf_clear(&l->to_client);
	buf_clear(&l->to_upstream);
	lab_client(l, second);
	assert_int_equal(l->dials, 1);
	buf_clear(&l->to_upstream);
	lab_upstream_end(l, true);
}

static void test_reused_connection_that_closes_is_retried_once(void **state)
{
	struct lab l;

	(void)state;
	reuse_then_end(&l, GET_A);
	assert_int_equal(l.dials, 2);
	lab_expect(&l.to_upstream, GET_A_OUT);
	lab_upstream_end(&l, false);
	assert_int_equal(l.dials, 2);
	lab_check_answer(&l, 502, false);
	lab_fini(&l);

	reuse_then_end(&l, GET_A);
	lab_upstream(&l, OK_EMPTY);
	lab_expect(&l.to_client, OK_EMPTY_OUT);
	lab_fini(&l);
}

static void test_requests_with_effects_are_not_retried(void **state)
{
	struct lab l;

	(void)state;
	reuse_then_end(&l, "POST http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
	assert_int_equal(l.dials, 1);
	lab_check_answer(&l, 502, false);
	lab_fini(&l);
	reuse_then_end(&l, "PUT http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
	assert_int_equal(l.dials, 1);
	lab_fini(&l);
	reuse_then_end(&l, "POST http://a/ HTTP/1.1\r\nHost: a\r\n\r\n");
	assert_int_equal(l.dials, 1);
	lab_fini(&l);
}

static void test_fresh_connection_that_closes_is_502(void **state)
{
	struct lab l;

	(void)state;
	lab_init(&l, NULL);
	lab_client(&l, GET_A);
	lab_upstream_end(&l, false);
	assert_int_equal(l.dials, 1);
	lab_check_answer(&l, 502, false);
	lab_fini(&l);
}

static void test_begun_response_is_not_retried(void **state)
{
	struct lab l;

	(void)state;
	lab_init(&l, NULL);
	lab_client(&l, GET_A);
	lab_upstream(&l, OK_EMPTY);
	buf_clear(&l.to_client);
	lab_client(&l, GET_A);
	lab_upstream(&l, "H");
	lab_upstream_end(&l, false);
	assert_int_equal(l.dials, 1);
	lab_check_answer(&l, 502, false);
	lab_fini(&l);
}

/* --- bodies in flight ------------------------------------------------------------------------- */

#define POST_10 "POST http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n"

static void test_early_response_ends_both(void **state)
{
	struct lab l;

	(void)state;
	lab_init(&l, NULL);
	lab_client(&l, POST_10 "01234");
	lab_upstream(&l, "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
	lab_expect(&l.to_client, "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n"
				 "Connection: close\r\n" VIA "\r\nno");
	assert_true(l.client_closed && !l.client_aborted);
	assert_false(l.open);
	lab_client(&l, "56789");
	assert_int_equal(buf_len(&l.from_client), 0);
	lab_fini(&l);
}

static void test_response_may_overlap_the_request(void **state)
{
	struct lab l;

	(void)state;
	lab_init(&l, NULL);
	lab_client(&l, POST_10 "01234");
	lab_upstream(&l, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234");
	buf_clear(&l.to_upstream);
	lab_client(&l, "56789");
	lab_expect(&l.to_upstream, "56789");
	assert_false(l.client_closed);
	lab_upstream(&l, "56789");
	assert_true(l.client_closed);
	lab_fini(&l);
}

static void test_continue_lets_the_body_follow(void **state)
{
	struct lab l;

	(void)state;
	lab_init(&l, NULL);
	lab_client(&l, "POST http://a/ HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
		       "Content-Length: 2\r\n\r\n");
	lab_upstream(&l, "HTTP/1.1 100 Continue\r\n\r\n");
	lab_expect(&l.to_client, "HTTP/1.1 100 Continue\r\n" VIA "\r\n");
	buf_clear(&l.to_upstream);
	lab_client(&l, "hi");
	lab_expect(&l.to_upstream, "hi");
	lab_upstream(&l, OK_EMPTY);
	lab_expect(&l.to_client, OK_EMPTY_OUT);
	assert_false(l.client_closed);
	lab_fini(&l);
}

static void test_malformed_chunks_end_both(void **state)
{
	struct lab l;

	(void)state;
	lab_init(&l, NULL);
	lab_client(&l, "POST http://a/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
		       "2\r\nhi\r\nzz\r\n");
	lab_check_answer(&l, 400, true);
	assert_false(l.open);
	lab_fini(&l);
}

static void test_origin_that_dies_in_the_body_is_502(void **state)
{
	struct lab l;

	(void)state;
	lab_init(&l, NULL);
	lab_client(&l, POST_10 "01234");
	lab_upstream_end(&l, true);
	lab_check_answer(&l, 502, false);
	buf_clear(&l.to_client);
	lab_client(&l, "56789" GET_A);
	assert_int_equal(l.dials, 2);
	lab_fini(&l);
}

static void test_slow_sides_hold_input_back(void **state)
{
	static char body[4 * HTTP_OUTPUT_SOFT_MAX];
	struct http_proxy *h = http_proxy_new(NULL);
	static const char head[] = "POST http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 65536\r\n\r\n";
	static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 65536\r\n\r\n";
	const uint8_t *p;
	size_t used;

	(void)state;
	http_proxy_client_input(h, (const uint8_t *)head, sizeof(head) - 1, &used);
	assert_int_equal(http_proxy_event(h), HTTP_EV_DIAL);
	http_proxy_connected(h);
	http_proxy_client_input(h, (const uint8_t *)body, sizeof(body), &used);
	assert_true(http_proxy_upstream_output(h, &p) <= HTTP_OUTPUT_SOFT_MAX);
	assert_int_equal(http_proxy_passthrough_up(h), 0);
	http_proxy_client_input(h, (const uint8_t *)body, sizeof(body), &used);
	assert_int_equal(used, 0);
	http_proxy_upstream_sent(h, http_proxy_upstream_output(h, &p));
	assert_true(http_proxy_passthrough_up(h) > 0);
	http_proxy_upstream_input(h, (const uint8_t *)answer, sizeof(answer) - 1, &used);
	assert_int_equal(http_proxy_passthrough_down(h), 0);
	http_proxy_upstream_input(h, (const uint8_t *)body, sizeof(body), &used);
	assert_true(http_proxy_client_output(h, &p) <= HTTP_OUTPUT_SOFT_MAX);
	http_proxy_upstream_input(h, (const uint8_t *)body, sizeof(body), &used);
	assert_int_equal(used, 0);
	http_proxy_free(h);
}

static void test_pipelined_refusals_do_not_pile_up(void **state)
{
	struct http_proxy *h = http_proxy_new(&AUTH);
	const uint8_t *p;
	size_t used, total = 0;

	(void)state;
	do {
		http_proxy_client_input(h, (const uint8_t *)GET_A, sizeof(GET_A) - 1, &used);
		total += used;
		assert_true(total < 1000000);
	} while (used);
	assert_true(http_proxy_client_output(h, &p) < HTTP_OUTPUT_SOFT_MAX + 1024);
	http_proxy_free(h);
}

/* --- endings ---------------------------------------------------------------------------------- */

static void test_client_end_by_phase(void **state)
{
	static const struct {
		const char *in;
		unsigned status;	/* 0: nothing is answered */
		bool closed;
	} cases[] = {
		{"", 0, true},
		{"\r\n", 0, true},
		{"GET http://a/ HT", 400, true},
		{POST_10 "0123", 400, true},
		{GET_A, 0, false},
	};
	struct lab l;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		lab_init(&l, NULL);
		lab_client(&l, cases[i].in);
		lab_client_eof(&l);
		assert_int_equal(l.client_closed, cases[i].closed);
		if (cases[i].status)
			lab_check_answer(&l, cases[i].status, true);
		else
			assert_int_equal(buf_len(&l.to_client), 0);
		if (l.client_closed)
			assert_false(l.open);
		lab_fini(&l);
	}
}

static void test_client_end_during_the_dial(void **state)
{
	struct lab l;

	(void)state;
	lab_init(&l, NULL);
	l.auto_connect = false;
	lab_client(&l, POST_10);
	lab_client_eof(&l);
	lab_check_answer(&l, 400, true);
	assert_int_equal(l.upstream_closes, 1);
	lab_fini(&l);

	lab_init(&l, NULL);
	l.auto_connect = false;
	lab_client(&l, GET_A);
	lab_client_eof(&l);
	assert_false(l.client_closed);
	l.open = true;
	l.dialing = false;
	http_proxy_connected(l.h);
	lab_settle(&l);
	lab_upstream(&l, OK_EMPTY);
	assert_true(l.client_closed);
	lab_fini(&l);
}

static void test_half_closed_client_gets_its_answer(void **state)
{
	struct lab l;

	(void)state;
	lab_init(&l, NULL);
	lab_client(&l, GET_A);
	lab_client_eof(&l);
	lab_upstream(&l, OK_EMPTY);
	lab_expect(&l.to_client, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n" VIA
				 "\r\n");
	assert_true(l.client_closed && !l.open);
	lab_fini(&l);
}

static void test_timeouts(void **state)
{
	struct lab l;

	(void)state;
	lab_init(&l, NULL);
	assert_int_equal(http_proxy_phase(l.h), HTTP_IDLE);
	lab_client(&l, "G");
	assert_int_equal(http_proxy_phase(l.h), HTTP_HEAD);
	http_proxy_timeout(l.h);
	lab_settle(&l);
	lab_check_answer(&l, 408, true);
	lab_fini(&l);

	lab_init(&l, NULL);
	http_proxy_timeout(l.h);
	lab_settle(&l);
	assert_true(l.client_closed);
	assert_int_equal(buf_len(&l.to_client), 0);
	lab_fini(&l);

	lab_init(&l, NULL);
	lab_client(&l, GET_A);
	http_proxy_timeout(l.h);
	lab_settle(&l);
	assert_false(l.client_closed);
	lab_fini(&l);
}

static void test_draining_ends_after_the_response(void **state)
{
	struct lab l;

	(void)state;
	lab_init(&l, NULL);
	lab_client(&l, GET_A GET_A);
	http_proxy_drain(l.h);
	lab_settle(&l);
	assert_false(l.client_closed);
	lab_upstream(&l, OK_EMPTY);
	lab_expect(&l.to_client, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n" VIA
				 "\r\n");
	assert_true(l.client_closed && !l.open);
	lab_fini(&l);

	lab_init(&l, NULL);
	lab_client(&l, GET_A);
	lab_upstream(&l, OK_EMPTY);
	http_proxy_drain(l.h);
	lab_settle(&l);
	assert_true(l.client_closed && !l.open);
	lab_fini(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_connect_becomes_raw_and_keeps_early_bytes),
		cmocka_unit_test(test_connect_in_http_1_0),
		cmocka_unit_test(test_upgrade_becomes_raw),
		cmocka_unit_test(test_declined_upgrade_is_an_exchange),
		cmocka_unit_test(test_unasked_upgrade_is_refused),
		cmocka_unit_test(test_connection_to_the_same_origin_is_reused),
		cmocka_unit_test(test_another_origin_is_dialled),
		cmocka_unit_test(test_pipelined_requests_are_served_in_order),
		cmocka_unit_test(test_surplus_bytes_never_answer_the_next_request),
		cmocka_unit_test(test_unasked_bytes_close_an_idle_connection),
		cmocka_unit_test(test_idle_origin_may_leave),
		cmocka_unit_test(test_reused_connection_that_closes_is_retried_once),
		cmocka_unit_test(test_requests_with_effects_are_not_retried),
		cmocka_unit_test(test_fresh_connection_that_closes_is_502),
		cmocka_unit_test(test_begun_response_is_not_retried),
		cmocka_unit_test(test_early_response_ends_both),
		cmocka_unit_test(test_response_may_overlap_the_request),
		cmocka_unit_test(test_continue_lets_the_body_follow),
		cmocka_unit_test(test_malformed_chunks_end_both),
		cmocka_unit_test(test_origin_that_dies_in_the_body_is_502),
		cmocka_unit_test(test_slow_sides_hold_input_back),
		cmocka_unit_test(test_pipelined_refusals_do_not_pile_up),
		cmocka_unit_test(test_client_end_by_phase),
		cmocka_unit_test(test_client_end_during_the_dial),
		cmocka_unit_test(test_half_closed_client_gets_its_answer),
		cmocka_unit_test(test_timeouts),
		cmocka_unit_test(test_draining_ends_after_the_response),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
