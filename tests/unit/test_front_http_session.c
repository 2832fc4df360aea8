/*
 * HTTP clients on real loopback sockets; the tunnel side (dial, stream, relay) is a stand-in in
 * memory whose pace the tests set.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/buf.h"
#include "front/dial.h"
#include "front/http_session.h"
#include "front/relay.h"
#include "io/loop.h"
#include "io/sock.h"
#include "link/tunnel.h"

#define BODY (1U << 20)
#define TEXT_MAX (4U << 20)
#define PATIENCE_MS 20000

#define GET_A "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"
#define GET_A_OUT "GET / HTTP/1.1\r\nHost: a\r\nVia: 1.1 culvert\r\n\r\n"
#define OK_HI "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
#define OK_HI_OUT "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nVia: 1.1 culvert\r\n\r\nhi"

/* --- the stand-in --- */

struct net_stream {
	void *owner;
	struct buf rx, tx;
	uint8_t space[4096];
	bool fin, failed;
};

struct dial {
	dial_fn fn;
	void *ctx;
	char target[PROXY_TARGET_TEXT_MAX];
};

static struct {
	struct io_loop *loop;
	struct io_listener *listener;
	struct conn_group group;
	struct service_config config;
	struct dial_env env;
	struct dial *dial;
	struct net_stream *stream;	/* the open one */
	unsigned dials, closed, aborted, relays;
	size_t tx_max;
	struct buf early, got;
	int client;
} world;

int dial_start(struct dial_env *env, const struct proxy_target *target, dial_fn fn, void *ctx,
	       struct dial **out)
{
	struct dial *d = calloc(1, sizeof(*d));

	(void)env;
	assert_null(world.dial);
	assert_null(world.stream);
	d->fn = fn;
	d->ctx = ctx;
	proxy_target_format(target, d->target);
	world.dials++;
	world.dial = *out = d;
	return 0;
}

void dial_cancel(struct dial *d)
{
	assert_ptr_equal(d, world.dial);
	world.dial = NULL;
	free(d);
}

void net_stream_set_owner(struct net_stream *s, void *owner)
{
	s->owner = owner;
}

enum cause net_stream_cause(const struct net_stream *s)
{
	return s->failed ? CAUSE_RESET : CAUSE_OK;
}

unsigned net_stream_peek(const struct net_stream *s, struct iovec *iov, unsigned max)
{
	assert_true(max > 0);
	if (buf_len(&s->rx) == 0)
		return 0;
	iov[0].iov_base = s->rx.data + s->rx.start;
	iov[0].iov_len = buf_len(&s->rx);
	return 1;
}

size_t net_stream_unacked(const struct net_stream *s)
{
	return buf_len(&s->tx);
}

size_t net_stream_pending(const struct net_stream *s)
{
	return buf_len(&s->rx);
}

void net_stream_consume(struct net_stream *s, size_t len)
{
	buf_consume(&s->rx, len);
}

void net_stream_settle(struct net_stream *s)
{
	(void)s;
}

bool net_stream_at_eof(const struct net_stream *s)
{
	return s->fin && buf_len(&s->rx) == 0;
}

unsigned net_stream_space(struct net_stream *s, struct iovec *iov, unsigned max)
{
	size_t room = s->failed ? 0 : world.tx_max - buf_len(&s->tx);

	(void)max;
	iov[0].iov_base = s->space;
	iov[0].iov_len = room < sizeof(s->space) ? room : sizeof(s->space);
	return room > 0;
}

void net_stream_commit(struct net_stream *s, size_t len)
{
	assert_int_equal(buf_append(&s->tx, s->space, len), 0);
}

size_t net_stream_write(struct net_stream *s, const void *data, size_t len)
{
	size_t room = s->failed ? 0 : world.tx_max - buf_len(&s->tx);

	if (len > room)
		len = room;
	assert_int_equal(buf_append(&s->tx, data, len), 0);
	return len;
}

static void stream_free(struct net_stream *s)
{
	if (s == world.stream)
		world.stream = NULL;
	buf_fini(&s->rx);
	buf_fini(&s->tx);
	free(s);
}

void net_stream_close(struct net_stream *s)
{
	world.closed++;
	stream_free(s);
}

void net_stream_abort(struct net_stream *s)
{
	world.aborted++;
	stream_free(s);
}

void relay_start(struct conn *from, struct io_sock *sock, struct net_stream *stream,
		 const void *early, size_t early_len)
{
	(void)from;
	world.relays++;
	assert_true(early_len <= RELAY_EARLY_MAX);
	assert_int_equal(buf_append(&world.early, early, early_len), 0);
	io_sock_close(sock);
	stream_free(stream);
}

/* --- the loop and the client --- */

static void on_flush(void *ctx)
{
	(void)ctx;
	io_loop_stop(world.loop);
}

static void on_patience(void *ctx)
{
	(void)ctx;
	fail_msg("nothing happened in time");
}

/* One wakeup of the loop, at once: whatever is ready now is handled. */
static void step(void)
{
	io_loop_again(world.loop);
	assert_int_equal(io_loop_run(world.loop), 0);
}

static void on_accept(void *ctx, struct io_sock *sock)
{
	(void)ctx;
	http_session_start(&world.group, sock, NULL, 0);
}

static void client_connect(void)
{
	struct io_address at;
	struct sockaddr_in sin = {.sin_family = AF_INET};
	int small = 4096;

	io_listener_address(world.listener, &at);
	sin.sin_port = htons(at.endpoint.port);
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	world.client = socket(AF_INET, SOCK_STREAM, 0);
	assert_true(world.client >= 0);
	assert_int_equal(setsockopt(world.client, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)), 0);
	assert_int_equal(connect(world.client, (struct sockaddr *)&sin, sizeof(sin)), 0);
	assert_int_equal(fcntl(world.client, F_SETFL, O_NONBLOCK), 0);
}

static int set_up(void **state)
{
	struct io_address at = {.endpoint.addr = {ADDR_V4, {127, 0, 0, 1}}};
	struct io_timer *patience;

	memset(&world, 0, sizeof(world));
	world.loop = io_loop_new();
	assert_non_null(world.loop);
	io_loop_set_flush(world.loop, on_flush, NULL);
	conn_group_init(&world.group, world.loop, 10);
	world.group.config = &world.config;
	world.group.dial = &world.env;
	world.env.timeout_ms = 1000;
	buf_init(&world.early, TEXT_MAX);
	buf_init(&world.got, TEXT_MAX);
	world.tx_max = TEXT_MAX;
	assert_int_equal(io_listen(world.loop, &at, on_accept, NULL, &world.listener), 0);
	patience = io_timer_new(world.loop, on_patience, NULL);
	assert_non_null(patience);
	io_timer_set(patience, boot_add_ms(io_loop_now(world.loop), PATIENCE_MS));
	*state = patience;
	client_connect();
	return 0;
}

static int tear_down(void **state)
{
	conn_group_kill(&world.group);
	assert_int_equal(world.group.open, 0);
	assert_null(world.stream);
	assert_null(world.dial);
	if (world.client >= 0)
		close(world.client);
	io_timer_free(*state);
	io_listener_free(world.listener);
	io_loop_free(world.loop);
	buf_fini(&world.early);
	buf_fini(&world.got);
	return 0;
}

static void client_send(const void *p, size_t len)
{
	const char *at = p;

	while (len > 0) {
		ssize_t n = send(world.client, at, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EAGAIN)
			n = 0;
		assert_true(n >= 0);
		at += n;
		len -= (size_t)n;
		step();
	}
}

static void client_text(const char *text)
{
	client_send(text, strlen(text));
}

/* One read; false at the end or after an error, which is left in errno (0: end). */
static bool client_read(void)
{
	char piece[65536];
	ssize_t n = recv(world.client, piece, sizeof(piece), 0);

	if (n > 0)
		assert_int_equal(buf_append(&world.got, piece, (size_t)n), 0);
	if (n == 0)
		errno = 0;
	return n > 0 || (n < 0 && errno == EAGAIN);
}

static void client_expect(const char *text)
{
	while (buf_len(&world.got) < strlen(text)) {
		step();
		assert_true(client_read());
	}
	assert_int_equal(buf_len(&world.got), strlen(text));
	assert_memory_equal(buf_data(&world.got), text, strlen(text));
	buf_clear(&world.got);
}

/* Reads up to the end; returns errno, 0 for an orderly one. */
static int client_end(void)
{
	while (client_read())
		step();
	return errno;
}

static void await_dial(const char *target)
{
	while (!world.dial)
		step();
	assert_string_equal(world.dial->target, target);
}

static void stream_event(unsigned events)
{
	struct tunnel_stream_sink *sink = world.stream->owner;

	sink->on_stream(sink, world.stream, events);
}

static void finish_dial(enum cause cause)
{
	struct dial *d = world.dial;
	struct net_stream *s = NULL;
	struct fault fault;

	world.dial = NULL;
	fault_set_cause(&fault, cause, "it did not work");
	if (cause == CAUSE_OK) {
		s = calloc(1, sizeof(*s));
		assert_non_null(s);
		buf_init(&s->rx, TEXT_MAX);
		buf_init(&s->tx, TEXT_MAX);
		world.stream = s;
	}
	d->fn(d->ctx, s, s ? NULL : &fault);
	free(d);
}

static void origin_expect(const char *text)
{
	while (buf_len(&world.stream->tx) < strlen(text))
		step();
	assert_int_equal(buf_len(&world.stream->tx), strlen(text));
	assert_memory_equal(buf_data(&world.stream->tx), text, strlen(text));
	buf_clear(&world.stream->tx);
}

static void origin_send(const void *p, size_t len)
{
	assert_int_equal(buf_append(&world.stream->rx, p, len), 0);
	stream_event(NET_EV_READABLE);
}

static void origin_text(const char *text)
{
	origin_send(text, strlen(text));
}

static void exchange(void)
{
	client_text(GET_A);
	if (!world.stream) {
		await_dial("a:80");
		finish_dial(CAUSE_OK);
	}
	origin_expect(GET_A_OUT);
	origin_text(OK_HI);
	client_expect(OK_HI_OUT);
}

/* --- tests --- */

static void test_requests_share_a_stream(void **state)
{
	(void)state;
	exchange();
	exchange();
	assert_int_equal(world.dials, 1);
	client_text("GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n");
	await_dial("b:80");
	assert_int_equal(world.closed, 1);
	assert_null(world.stream);
}

static void test_origin_may_leave_between_requests(void **state)
{
	(void)state;
	exchange();
	world.stream->fin = true;
	stream_event(NET_EV_EOF);
	assert_null(world.stream);
	exchange();
	assert_int_equal(world.dials, 2);
}

static void test_failures_are_answered_and_the_connection_goes_on(void **state)
{
	(void)state;
	client_text(GET_A);
	await_dial("a:80");
	finish_dial(CAUSE_REFUSED);
	while (buf_len(&world.got) < 12) {
		step();
		assert_true(client_read());
	}
	assert_memory_equal(buf_data(&world.got), "HTTP/1.1 502", 12);
	buf_clear(&world.got);
	exchange();
}

/* However late its timer was: the deadline is what the client was promised. */
static void test_failures_tell_for_how_long_they_were_waited_for(void **state)
{
	static const char start[] = "HTTP/1.1 504 No answer in ";
	unsigned long waited;

	(void)state;
	for (int late = 1; late >= 0; late--) {
		world.env.timeout_ms = late ? 1000 : UINT_MAX;
		client_text(GET_A);
		await_dial("a:80");
		if (late)
			assert_int_equal(usleep(2100 * 1000), 0);
		io_loop_again(world.loop);
		step();
		finish_dial(CAUSE_NO_ANSWER);
		do {
			step();
			assert_true(client_read());
		} while (!memmem(buf_data(&world.got), buf_len(&world.got), "\r\n\r\n", 4));
		assert_memory_equal(buf_data(&world.got), start, sizeof(start) - 1);
		waited = strtoul((const char *)buf_data(&world.got) + sizeof(start) - 1, NULL, 10);
		/* Without the deadline: what has passed, "time" below a second. */
		assert_true(late ? waited == 1 : waited < PATIENCE_MS / 1000);
		while (client_read() && errno != EAGAIN)
			continue;
		buf_clear(&world.got);
	}
}

static void test_origin_without_an_answer_is_reported(void **state)
{
	int failed;

	(void)state;
	for (failed = 0; failed < 2; failed++) {
		client_text(GET_A);
		await_dial("a:80");
		finish_dial(CAUSE_OK);
		world.stream->fin = !failed;
		world.stream->failed = failed;
		stream_event(failed ? NET_EV_FAILED : NET_EV_EOF);
		assert_null(world.stream);
		/* Nothing else happens: the answer must be on its way already. */
		while (buf_len(&world.got) < 12) {
			struct pollfd pfd = {.fd = world.client, .events = POLLIN};

			assert_int_equal(poll(&pfd, 1, PATIENCE_MS), 1);
			assert_true(client_read());
		}
		assert_memory_equal(buf_data(&world.got), "HTTP/1.1 502", 12);
		while (client_read() && errno != EAGAIN)
			continue;
		buf_clear(&world.got);
	}
}

static void test_limit_of_the_listener_is_answered(void **state)
{
	(void)state;
	world.group.max = 0;
	client_text(GET_A);
	while (buf_len(&world.got) < 12) {
		step();
		assert_true(client_read());
	}
	assert_memory_equal(buf_data(&world.got), "HTTP/1.1 503", 12);
	assert_int_equal(world.dials, 0);
}

static void test_malformed_request_is_answered_and_closed(void **state)
{
	(void)state;
	client_text("\x16\x03\x01 this is TLS\r\n\r\n");
	assert_int_equal(client_end(), 0);
	assert_memory_equal(buf_data(&world.got), "HTTP/1.1 400", 12);
	close(world.client);
	world.client = -1;
	while (world.group.open > 0)
		step();
}

static void test_connect_hands_early_bytes_to_the_relay(void **state)
{
	(void)state;
	client_text("CONNECT a:443 HTTP/1.1\r\n\r\nearly");
	await_dial("a:443");
	client_text(" bird");
	finish_dial(CAUSE_OK);
	assert_int_equal(world.relays, 1);
	assert_int_equal(world.group.open, 0);
	/* What was not read yet is the relay's to read. */
	assert_memory_equal(buf_data(&world.early), "early", 5);
	assert_int_equal(client_end(), buf_len(&world.early) == 5 ? ECONNRESET : 0);
	assert_memory_equal(buf_data(&world.got), "HTTP/1.1 200", 12);
}

static uint8_t *make_body(void)
{
	uint8_t *p = malloc(BODY);
	size_t i;

	assert_non_null(p);
	for (i = 0; i < BODY; i++)
		p[i] = (uint8_t)(i * 7 + i / 251);
	return p;
}

static void test_slow_client_stops_the_origin(void **state)
{
	static const char head[] = "HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n";
	uint8_t *body = make_body();
	size_t left, skip;

	(void)state;
	client_text(GET_A);
	await_dial("a:80");
	finish_dial(CAUSE_OK);
	origin_expect(GET_A_OUT);
	origin_text(head);
	/* Many times what socket buffers take. */
	origin_send(body, BODY);
	do {
		left = buf_len(&world.stream->rx);
		step();
	} while (left != buf_len(&world.stream->rx));
	while (buf_len(&world.stream->rx) > 0) {
		assert_true(client_read());
		step();
	}
	while (client_read() && buf_len(&world.got) < BODY + 60)
		step();
	skip = buf_len(&world.got) - BODY;
	assert_memory_equal(buf_data(&world.got) + skip, body, BODY);
	buf_clear(&world.got);
	exchange();
	free(body);
}

static void test_slow_origin_stops_the_client(void **state)
{
	static const char head[] = "POST http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n";
	uint8_t *body = make_body();
	struct buf all;
	size_t sent = 0;

	(void)state;
	buf_init(&all, TEXT_MAX);
	world.tx_max = 10000;
	client_text(head);
	await_dial("a:80");
	finish_dial(CAUSE_OK);
	while (buf_len(&all) < BODY || sent < BODY) {
		ssize_t n = sent < BODY ? send(world.client, body + sent, BODY - sent, 0) : 0;

		if (n > 0)
			sent += (size_t)n;
		step();
		assert_true(buf_len(&world.stream->tx) <= world.tx_max);
		assert_int_equal(buf_append(&all, buf_data(&world.stream->tx),
					    buf_len(&world.stream->tx)), 0);
		buf_clear(&world.stream->tx);
		stream_event(NET_EV_WRITABLE);
	}
	buf_consume(&all, strlen("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n"
				 "Via: 1.1 culvert\r\n\r\n"));
	while (buf_len(&all) < BODY) {
		step();
		assert_int_equal(buf_append(&all, buf_data(&world.stream->tx),
					    buf_len(&world.stream->tx)), 0);
		buf_clear(&world.stream->tx);
		stream_event(NET_EV_WRITABLE);
	}
	assert_memory_equal(buf_data(&all), body, BODY);
	origin_text(OK_HI);
	client_expect(OK_HI_OUT);
	buf_fini(&all);
	free(body);
}

static void test_cut_response_resets_the_client(void **state)
{
	(void)state;
	client_text(GET_A);
	await_dial("a:80");
	finish_dial(CAUSE_OK);
	assert_int_equal(buf_append(&world.stream->rx, "HTTP/1.1 200 OK\r\n\r\nhello", 24), 0);
	world.stream->failed = true;
	stream_event(NET_EV_READABLE | NET_EV_FAILED);
	assert_int_equal(world.group.open, 0);
	assert_int_equal(client_end(), ECONNRESET);
}

static void test_lost_client_ends_everything(void **state)
{
	(void)state;
	client_text("POST http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n01234");
	await_dial("a:80");
	finish_dial(CAUSE_OK);
	close(world.client);
	world.client = -1;
	while (world.stream || world.group.open > 0)
		step();

	client_connect();
	client_text(GET_A);
	await_dial("a:80");
	/* Killing the group gives the dial up. */
	conn_group_kill(&world.group);
	assert_null(world.dial);
}

static void test_draining_ends_after_the_answer(void **state)
{
	(void)state;
	client_text(GET_A);
	await_dial("a:80");
	finish_dial(CAUSE_OK);
	world.group.draining = true;
	origin_text(OK_HI);
	assert_int_equal(client_end(), 0);
	assert_non_null(memmem(buf_data(&world.got), buf_len(&world.got), "Connection: close", 17));
	assert_null(world.stream);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_requests_share_a_stream),
		TEST(test_origin_may_leave_between_requests),
		TEST(test_failures_are_answered_and_the_connection_goes_on),
		TEST(test_failures_tell_for_how_long_they_were_waited_for),
		TEST(test_origin_without_an_answer_is_reported),
		TEST(test_limit_of_the_listener_is_answered),
		TEST(test_malformed_request_is_answered_and_closed),
		TEST(test_connect_hands_early_bytes_to_the_relay),
		TEST(test_slow_client_stops_the_origin),
		TEST(test_slow_origin_stops_the_client),
		TEST(test_cut_response_resets_the_client),
		TEST(test_lost_client_ends_everything),
		TEST(test_draining_ends_after_the_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
