/*
 * Wrong passwords at listeners, in simulated time: when they are answered, and that neither a right
 * one nor the end of the client waits for that.
 */
#include "support/node_lab.h"

#include "front/http_session.h"
#include "front/socks_session.h"

#define SOCKS_WRONG "\5\1\2\1\4user\4pasS"
#define SOCKS_RIGHT "\5\1\2\1\4user\4pass\5\1\0\1\12\0\0\1\0\120"
#define GET_A "GET http://a/ HTTP/1.1\r\nHost: a\r\n"
#define HTTP_WRONG GET_A "Proxy-Authorization: Basic dXNlcjpwYXNT\r\n\r\n"
#define HTTP_RIGHT GET_A "Proxy-Authorization: Basic dXNlcjpwYXNz\r\n\r\n"
#define HTTP_NONE GET_A "\r\n"

static int set_up(void **state)
{
	(void)state;
	lab_init(SERVICE_MIXED, 10);
	lab.config.has_auth = true;
	strcpy(lab.config.auth.username, "user");
	strcpy(lab.config.auth.password, "pass");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	lab_fini();
	return 0;
}

static struct io_sock *client_new(void)
{
	struct io_sock *sock = sim_sock_new(&lab.loop);

	conn_group_admit(&lab.group);
	mixed_session_start(&lab.group, sock);
	lab_settle();
	return sock;
}

static struct io_sock *socks_wrong(void)
{
	struct io_sock *sock = client_new();

	lab_client_send(sock, SOCKS_WRONG, sizeof(SOCKS_WRONG) - 1);
	return sock;
}

static struct io_sock *http_client(const char *text)
{
	struct io_sock *sock = client_new();

	lab_client_text(sock, text);
	return sock;
}

static void test_socks_answer_waits(void **state)
{
	struct io_sock *c = socks_wrong();

	(void)state;
	lab_wait(GUESSES_DELAY_MIN_MS - 1);
	assert_int_equal(buf_len(&c->out), 0);
	lab_wait(1);
	assert_memory_equal(buf_data(&c->out), "\5\2\1\1", 4);
	assert_true(c->shut);
	lab_wait(CONN_LINGER_MS);
	lab_expect_nothing_left();
	assert_int_equal(lab.guesses.wrong, 1);
}

static void test_http_answers_wait_and_the_third_closes(void **state)
{
	static const unsigned delays[] = {100, 200, 400};
	struct io_sock *c = client_new();

	(void)state;
	for (unsigned i = 0; i < ARRAY_LEN(delays); i++) {
		lab_client_text(c, HTTP_WRONG);
		lab_wait(delays[i] - 1);
		assert_int_equal(buf_len(&c->out), 0);
		lab_wait(1);
		assert_memory_equal(buf_data(&c->out), "HTTP/1.1 407 ", 13);
		assert_int_equal(c->shut, i == 2);
		lab_client_take(c, buf_len(&c->out));
		/* Above, nothing of the limits of time was lost. */
		if (i < 2)
			assert_true(sim_loop_next(&lab.loop)->at.ns != BOOT_NEVER.ns);
	}
	lab_wait(CONN_LINGER_MS);
	lab_expect_nothing_left();
}

static void test_a_held_connection_ends_by_itself(void **state)
{
	(void)state;
	(void)http_client(HTTP_WRONG);
	lab_wait(GUESSES_DELAY_MIN_MS + 120000 + CONN_LINGER_MS);
	lab_expect_nothing_left();
}

static void test_who_does_not_read_his_answer_is_gone(void **state)
{
	struct io_sock *c = client_new();

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		if (i == 2)
			c->out_max = buf_len(&c->out);
		lab_client_text(c, HTTP_WRONG);
		lab_wait(GUESSES_DELAY_MAX_MS);
	}
	assert_true(sim_sock_is_open(c));
	lab_wait(CONN_HANDSHAKE_TIMEOUT_MS);
	lab_expect_nothing_left();
}

/* More than a session stores. */
static void test_bytes_behind_a_wrong_password_wait(void **state)
{
	static const char bulk[5000];
	struct io_sock *c = socks_wrong();

	(void)state;
	lab_client_send(c, bulk, sizeof(bulk));
	lab_wait(GUESSES_DELAY_MIN_MS);
	assert_memory_equal(buf_data(&c->out), "\5\2\1\1", 4);
	lab_client_ends(c, IO_END);
	lab_expect_nothing_left();
}

static void test_other_refusals_are_no_guesses(void **state)
{
	struct io_sock *c = client_new();

	(void)state;
	lab_client_send(c, "\5\1\0", 3);
	assert_memory_equal(buf_data(&c->out), "\5\377", 2);
	assert_int_equal(lab.guesses.wrong, 0);
}

static void test_no_password_is_asked_for_one_at_once(void **state)
{
	struct io_sock *c = client_new();

	(void)state;
	for (unsigned i = 0; i < 10; i++) {
		lab_client_text(c, HTTP_NONE);
		assert_memory_equal(buf_data(&c->out), "HTTP/1.1 407 ", 13);
		lab_client_take(c, buf_len(&c->out));
	}
	assert_int_equal(lab.guesses.wrong, 0);
	assert_true(sim_sock_is_open(c));
}

static void test_pipelined_guesses_are_answered_one_by_one(void **state)
{
	struct io_sock *c = http_client(HTTP_WRONG HTTP_WRONG HTTP_WRONG HTTP_RIGHT);

	(void)state;
	assert_int_equal(lab.guesses.wrong, 1);
	lab_wait(100);
	assert_int_equal(lab.guesses.wrong, 2);
	lab_wait(200);
	assert_int_equal(lab.guesses.wrong, 3);
	lab_wait(399);
	assert_false(c->shut);
	lab_wait(1);
	assert_true(c->shut);
	assert_int_equal(lab.dials, 0);
}

static void test_a_right_password_never_waits(void **state)
{
	struct io_sock *c;
	struct net_stream *s;

	(void)state;
	for (unsigned i = 0; i < 300; i++) {
		(void)socks_wrong();
		(void)http_client(HTTP_WRONG);
	}
	assert_true(lab.group.displaced > 0);
	c = client_new();
	lab_client_send(c, SOCKS_RIGHT, sizeof(SOCKS_RIGHT) - 1);
	assert_int_equal(lab.dials, 1);
	s = lab_dial_opens(1000);
	assert_memory_equal(buf_data(&c->out), "\5\2\1\0\5\0", 6);
	c = http_client(HTTP_RIGHT);
	assert_int_equal(lab.dials, 2);
	(void)lab_dial_opens(1000);
	/* On the connection of a wrong one, after its answer. */
	c = http_client(HTTP_WRONG);
	lab_wait(GUESSES_WAIT_MAX_MS);
	assert_true(buf_len(&c->out) > 0);
	lab_client_text(c, HTTP_RIGHT);
	assert_int_equal(lab.dials, 3);
	(void)s;
}

/* Ten a second, whatever the number of connections. */
static void test_local_clients_share_a_rate(void **state)
{
	unsigned before;

	(void)state;
	for (unsigned i = 0; i < 200; i++)
		(void)socks_wrong();
	before = sim_socks.closed;
	lab_wait(5000 + CONN_LINGER_MS);
	assert_true(sim_socks.closed - before >= 49);
	assert_true(sim_socks.closed - before <= 71);
	lab_wait(GUESSES_WAIT_MAX_MS);
	lab_expect_nothing_left();
}

static void test_who_leaves_while_held_is_gone(void **state)
{
	(void)state;
	lab_client_ends(socks_wrong(), IO_END);
	lab_expect_nothing_left();
	lab_client_ends(socks_wrong(), IO_END | IO_RESET);
	lab_expect_nothing_left();
	lab_client_ends(http_client(HTTP_WRONG), IO_END | IO_RESET);
	lab_expect_nothing_left();
	lab_client_ends(http_client(HTTP_WRONG), IO_END);
	lab_wait(GUESSES_WAIT_MAX_MS);
	lab_expect_nothing_left();
}

static void test_a_drain_does_not_wait_for_them(void **state)
{
	(void)state;
	(void)socks_wrong();
	(void)http_client(HTTP_WRONG);
	conn_group_drain(&lab.group);
	lab_settle();
	lab_expect_nothing_left();
	/* No verdict before its time. */
	assert_int_equal(buf_len(&sim_socks.heard), 0);
}

/* Of another host: its own delays, and its /64. */
static void test_hosts_have_delays_of_their_own(void **state)
{
	struct io_sock *c;

	(void)state;
	for (unsigned i = 0; i < 8; i++)
		(void)socks_wrong();
	for (unsigned i = 0; i < 2; i++) {
		c = sim_sock_new(&lab.loop);
		c->peer.addr = (struct addr){ADDR_V4, {192, 0, 2, 1}};
		mixed_session_start(&lab.group, c);
		lab_client_send(c, SOCKS_WRONG, sizeof(SOCKS_WRONG) - 1);
		lab_wait(i ? 199 : 99);
		assert_int_equal(buf_len(&c->out), 0);
		lab_wait(1);
		assert_int_equal(buf_len(&c->out), 4);
	}
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_socks_answer_waits),
		TEST(test_http_answers_wait_and_the_third_closes),
		TEST(test_a_held_connection_ends_by_itself),
		TEST(test_who_does_not_read_his_answer_is_gone),
		TEST(test_bytes_behind_a_wrong_password_wait),
		TEST(test_other_refusals_are_no_guesses),
		TEST(test_no_password_is_asked_for_one_at_once),
		TEST(test_pipelined_guesses_are_answered_one_by_one),
		TEST(test_a_right_password_never_waits),
		TEST(test_local_clients_share_a_rate),
		TEST(test_who_leaves_while_held_is_gone),
		TEST(test_a_drain_does_not_wait_for_them),
		TEST(test_hosts_have_delays_of_their_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
