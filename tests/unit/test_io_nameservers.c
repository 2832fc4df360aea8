/*
 * The driver of name servers: what it believes of ICMP errors, with real ones in a network namespace
 * of its own, and each outcome of a read or write over TCP, with sockets that this test plays.
 */
#include "io/nameservers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>

#include "base/err.h"
#include "base/packet.h"
#include "base/wr.h"
#include "io/sock.h"
#include "io/sock_private.h"
#include "io/udp.h"
#include "support/looprun.h"
#include "support/net_raw.h"
#include "support/netns.h"

#define NAME "a.example"
#define QUESTION_LEN (1 + 1 + 1 + 7 + 1 + 4)	/* labels, root, type and class */
#define HEADER_LEN 12
#define FAMILIES 2

static struct io_loop *loop;
static struct packet_pool *pool;
static struct io_udp *server;
static struct rng_seeded seed;
static struct rng rng;
static unsigned questions;

/* --- TCP as the test plays it --- */

struct io_sock {
	io_sock_fn fn;
	void *ctx;
	unsigned want;
	int connect_result;
	size_t write_max;
	uint8_t query[512];
	size_t query_len;
	ssize_t next_read;	/* an error, 0, or how many bytes of `answer` come */
	uint8_t answer[512];
	size_t answer_at;
	bool closed;
};

static struct io_sock socks[FAMILIES];
static unsigned sock_count;

int io_sock_connect(struct io_loop *l, const struct io_address *to, io_sock_fn fn, void *ctx,
		    struct io_sock **out)
{
	struct io_sock *s = &socks[sock_count % FAMILIES];

	(void)l;
	(void)to;
	sock_count++;
	*s = (struct io_sock){.fn = fn, .ctx = ctx, .want = IO_WRITE, .write_max = 512};
	*out = s;
	return 0;
}

int io_sock_connect_result(struct io_sock *s)
{
	return s->connect_result;
}

void io_sock_want(struct io_sock *s, unsigned want)
{
	s->want = want;
}

ssize_t io_sock_write(struct io_sock *s, const void *p, size_t len)
{
	s->query_len = len < s->write_max ? len : s->write_max;
	memcpy(s->query, p, s->query_len);
	return (ssize_t)s->query_len;
}

ssize_t io_sock_read(struct io_sock *s, void *p, size_t len)
{
	if (s->next_read <= 0)
		return s->next_read;
	assert_true((size_t)s->next_read <= len);
	memcpy(p, s->answer + s->answer_at, (size_t)s->next_read);
	s->answer_at += (size_t)s->next_read;
	return s->next_read;
}

void io_sock_close(struct io_sock *s)
{
	if (s)
		s->closed = true;
}

/* The loop's watch for ends has nothing to watch here. */
void io_sock_ends(void *sock, unsigned ends)
{
	(void)sock;
	(void)ends;
}

/* --- the server --- */

#define FLAGS_ANSWER 0x8180
#define FLAG_TC 0x0200

/* The answer to a question for A, nothing for AAAA; returns its length. */
static size_t answer(const uint8_t *question, uint16_t flags, uint8_t *out, size_t cap)
{
	bool a = question[HEADER_LEN + QUESTION_LEN - 3] == 1 && !(flags & FLAG_TC);
	struct wr w = wr_init(out, cap);

	wr_bytes(&w, question, 2);
	wr_be16(&w, flags);
	wr_be16(&w, 1);
	wr_be16(&w, a);
	wr_be32(&w, 0);
	wr_bytes(&w, question + HEADER_LEN, QUESTION_LEN);
	if (a) {
		wr_be16(&w, 0xc00c);
		wr_be16(&w, 1);
		wr_be16(&w, 1);
		wr_be32(&w, 60);
		wr_be16(&w, 4);
		wr_be32(&w, 0xc0000207);
	}
	return wr_ok(&w) ? w.len : 0;
}

static void send_answer(const struct endpoint *to, const uint8_t *question, uint16_t flags)
{
	io_udp_commit(server, answer(question, flags, io_udp_slot(server, to, 512), 512));
	io_udp_flush(server);
}

struct lookup {
	int left;
	size_t count;
	enum cause cause;
};

static void on_result(const struct dns_result *r)
{
	struct lookup *l = r->owner;

	l->count += r->count;
	if (r->cause != CAUSE_OK)
		l->cause = r->cause;
	l->left -= r->done;
}

static bool start(io_udp_fn on_question)
{
	struct io_udp_config config = {.ipv4 = true, .on_datagram = on_question};

	rng = rng_seeded_init(&seed, 1);
	questions = 0;
	config.loop = loop = io_loop_new();
	config.pool = pool = packet_pool_new(4, 4);
	return loop && pool && io_udp_new(&config, &server) == 0;
}

static void stop(void)
{
	io_udp_free(server);
	packet_pool_free(pool);
	io_loop_free(loop);
}

static struct nameservers *servers_new(void)
{
	struct resolvconf config = {.server_count = 1, .ndots = 1, .timeout_s = 2, .attempts = 1};

	config.servers[0] = (struct endpoint){
		.addr = {ADDR_V4, {127, 0, 0, 1}}, .port = io_udp_port(server)};
	return nameservers_new(loop, &rng, &config, on_result);
}

/* --- ICMP errors --- */

/* What an ICMP error quotes of our question. */
enum quote {
	QUOTE_WHOLE, QUOTE_PART, QUOTE_NOTHING,		/* RFC 792: the first 8 bytes behind the IP header */
	QUOTE_OTHER, QUOTE_OTHER_END, QUOTE_MORE,	/* what no router has seen */
};

static enum quote quote_now;
static int raw_fd;

/* Port unreachable, as if the server's host, or whoever guessed our port, had sent it. */
static void send_error(const struct endpoint *src, const uint8_t *question, size_t len)
{
	static const struct addr home = {ADDR_V4, {127, 0, 0, 1}};
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct endpoint at = {.addr = home, .port = io_udp_port(server)};
	uint8_t data[600] = {0};
	struct raw_packet quoted, p;

	memcpy(data, question, len);
	if (quote_now == QUOTE_OTHER)
		data[0] ^= 1;
	if (quote_now == QUOTE_OTHER_END)
		data[len - 1] ^= 1;
	raw_make_udp(&quoted, src, &at, data, quote_now == QUOTE_MORE ? len + 4 : len);
	if (quote_now == QUOTE_PART)
		quoted.len = 20 + 8 + 20;
	if (quote_now == QUOTE_NOTHING)
		quoted.len = 20 + 8;
	raw_make_icmp(&p, &home, &home, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0, quoted.bytes,
		      quoted.len);
	/* The system writes the IP header. */
	(void)sendto(raw_fd, p.bytes + 20, p.len - 20, 0, (struct sockaddr *)&to, sizeof(to));
}

/* The error first, then silence if it is to be believed, and an answer if it is not. */
static void on_question_with_error(void *ctx, const struct endpoint *src, struct packet_block *block,
				   uint8_t *data, size_t len)
{
	(void)ctx;
	(void)block;
	questions++;
	send_error(src, data, len);
	if (quote_now >= QUOTE_OTHER)
		send_answer(src, data, FLAGS_ANSWER);
}

static int look_up(struct lookup *l)
{
	struct nameservers *ns = servers_new();
	struct dns_query *q;

	*l = (struct lookup){.left = 1};
	questions = 0;
	if (!ns || nameservers_ask(ns, NAME, strlen(NAME), l, &q) ||
	    !looprun_until(loop, looprun_zero, &l->left))
		return 1;
	nameservers_free(ns);
	return 0;
}

/* A server that refuses twice has failed; one that is silent has not answered. */
static int believed_body(void)
{
	struct lookup l;

	raw_fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
	if (raw_fd < 0 || !start(on_question_with_error))
		return 1;
	for (quote_now = QUOTE_WHOLE; quote_now <= QUOTE_NOTHING; quote_now++) {
		if (look_up(&l))
			return 2;
		if (l.cause != CAUSE_NAME_FAILED || questions != 2 * FAMILIES)
			return 10 + (int)quote_now;
	}
	stop();
	return 0;
}

/* The question stays open: it is not asked again, and the answer behind the error is taken. */
static int forged_body(void)
{
	struct lookup l;

	raw_fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
	if (raw_fd < 0 || !start(on_question_with_error))
		return 1;
	for (quote_now = QUOTE_OTHER; quote_now <= QUOTE_MORE; quote_now++) {
		if (look_up(&l))
			return 2;
		if (l.count != 1 || questions != FAMILIES)
			return 10 + (int)quote_now;
	}
	stop();
	return 0;
}

static void run_in_namespace(int (*body)(void))
{
	int result = netns_run(1500, body);

	if (result == NETNS_REFUSED) {
		print_message("namespaces are not allowed here\n");
		skip();
	}
	assert_int_equal(result, 0);
}

static void test_errors_about_our_question_end_it(void **state)
{
	(void)state;
	run_in_namespace(believed_body);
}

static void test_errors_that_quote_something_else_are_ignored(void **state)
{
	(void)state;
	run_in_namespace(forged_body);
}

/* --- TCP --- */

static void on_question_for_tcp(void *ctx, const struct endpoint *src, struct packet_block *block,
				uint8_t *data, size_t len)
{
	(void)ctx;
	(void)block;
	(void)len;
	questions++;
	send_answer(src, data, FLAGS_ANSWER | FLAG_TC);
}

static int begin(void **state)
{
	(void)state;
	memset(socks, 0, sizeof(socks));
	sock_count = 0;
	return start(on_question_for_tcp) ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	stop();
	return 0;
}

static bool both_connect(void *ctx)
{
	(void)ctx;
	return sock_count >= FAMILIES;
}

/* A look-up that has come to asking over TCP, for both families. */
static struct nameservers *ask_over_tcp(struct lookup *l, struct dns_query **q)
{
	struct nameservers *ns = servers_new();

	assert_non_null(ns);
	*l = (struct lookup){.left = 1};
	sock_count = 0;
	assert_int_equal(nameservers_ask(ns, NAME, strlen(NAME), l, q), 0);
	assert_true(looprun_until(loop, both_connect, NULL));
	return ns;
}

static void make_ready(struct io_sock *s)
{
	s->fn(s->ctx, s->want);
}

/* The next read brings this, or fails so. */
static void give(struct io_sock *s, ssize_t next)
{
	s->next_read = next;
	make_ready(s);
}

static void write_question(struct io_sock *s)
{
	size_t len;

	make_ready(s);
	assert_int_equal(s->want, IO_READ);
	assert_int_equal(s->query_len, 2 + (s->query[0] << 8 | s->query[1]));
	len = answer(s->query + 2, FLAGS_ANSWER, s->answer + 2, sizeof(s->answer) - 2);
	s->answer[0] = (uint8_t)(len >> 8);
	s->answer[1] = (uint8_t)len;
}

static size_t answer_len(const struct io_sock *s)
{
	return 2 + (size_t)(s->answer[0] << 8 | s->answer[1]);
}

static void test_a_read_without_bytes_ends_nothing(void **state)
{
	struct dns_query *q;
	struct lookup l;
	struct nameservers *ns = ask_over_tcp(&l, &q);

	(void)state;
	for (unsigned i = 0; i < FAMILIES; i++) {
		struct io_sock *s = &socks[i];

		write_question(s);
		give(s, ERR_AGAIN);
		give(s, 1);
		give(s, ERR_AGAIN);
		give(s, 5);
		assert_false(s->closed);
		assert_int_equal(l.left, 1);
		give(s, (ssize_t)(answer_len(s) - 6));
		assert_true(s->closed);
	}
	assert_int_equal(l.left, 0);
	assert_int_equal(l.count, 1);
	assert_int_equal(sock_count, FAMILIES);
	nameservers_free(ns);
}

static void test_each_failure_ends_the_connection(void **state)
{
	enum { CONNECT, WRITE, END, RESET, KINDS };

	(void)state;
	for (unsigned kind = 0; kind < KINDS; kind++) {
		struct dns_query *q;
		struct lookup l;
		struct nameservers *ns = ask_over_tcp(&l, &q);
		struct io_sock *s = &socks[0];

		if (kind == CONNECT)
			s->connect_result = ERR_REFUSED;
		if (kind == WRITE)
			s->write_max = 5;
		if (kind == CONNECT || kind == WRITE) {
			make_ready(s);
		} else {
			write_question(s);
			give(s, 3);
			assert_false(s->closed);
			give(s, kind == END ? 0 : ERR_RESET);
		}
		assert_true(s->closed);
		assert_false(socks[1].closed);
		assert_int_equal(l.left, 1);
		dns_query_cancel(q);
		nameservers_flush(ns);
		nameservers_free(ns);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_errors_about_our_question_end_it),
		cmocka_unit_test(test_errors_that_quote_something_else_are_ignored),
		cmocka_unit_test_setup_teardown(test_a_read_without_bytes_ends_nothing, begin, end),
		cmocka_unit_test_setup_teardown(test_each_failure_ends_the_connection, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
