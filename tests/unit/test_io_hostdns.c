#include "io/hostdns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/packet.h"
#include "base/rd.h"
#include "base/wr.h"
#include "io/hostdns_private.h"
#include "io/sock.h"
#include "io/udp.h"
#include "support/looprun.h"

#define QUESTIONS_MAX 256

#define TYPE_A 1
#define TYPE_AAAA 28
#define RCODE_SERVFAIL 2
#define RCODE_NXDOMAIN 3
#define FLAG_TC 0x0200

/* What the server under this test's control knows. */
enum behaviour {
	ANSWER,
	NO_DATA,
	NO_NAME,
	FAIL,
	SILENT,
	CUT,		/* truncated, so that TCP must be asked */
	FORGE,		/* with another id */
	LATE,		/* silent once, then an answer */
};

static const struct record {
	const char *name;
	enum behaviour v4, v6;
} zone[] = {
	{"both.example", ANSWER, ANSWER},
	{"four.example", ANSWER, NO_DATA},
	{"six.example", NO_DATA, ANSWER},
	{"lame.example", ANSWER, SILENT},
	{"empty.example", NO_DATA, NO_DATA},
	{"gone.example", NO_NAME, NO_NAME},
	{"mute.example", SILENT, SILENT},
	{"half.example", NO_DATA, SILENT},
	{"short.search.example", ANSWER, NO_DATA},
	{"long.example", CUT, CUT},
	{"late.example", NO_DATA, LATE},
	{"forged.example", FORGE, FORGE},
	{"fails.example", FAIL, FAIL},
	{"hosts-file.search.example", ANSWER, NO_NAME},	/* as dnsmasq answers */
	{"broken.search.example", FAIL, NO_NAME},
	{"broken", ANSWER, ANSWER},
};

static struct rng_seeded seed;
static struct rng rng;
static struct io_loop *loop;
static struct packet_pool *pool;
static struct io_udp *server;
static struct io_listener *tcp_server;
static struct io_sock *tcp_clients[4];
static unsigned tcp_client_count;
static unsigned questions, tcp_questions, asked_late;
static uint16_t ports[QUESTIONS_MAX];	/* where the first questions came from */
static char dir[] = "/tmp/test_io_hostdns.XXXXXX";
static char resolv_conf[64], hosts[64];

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

/* Reads the question's name as dotted text. */
static bool read_name(struct rd *r, char *out, size_t cap)
{
	size_t used = 0;
	uint8_t len;

	while ((len = rd_u8(r)) != 0 && used + len + 2 < cap) {
		if (used)
			out[used++] = '.';
		rd_copy(r, out + used, len);
		used += len;
	}
	out[used] = '\0';
	return rd_ok(r);
}

static enum behaviour behaviour_of(const char *name, uint16_t type)
{
	for (size_t i = 0; i < ARRAY_LEN(zone); i++) {
		if (strcasecmp(zone[i].name, name) == 0)
			return type == TYPE_A ? zone[i].v4 : zone[i].v6;
	}
	return NO_NAME;
}

static void write_record(struct wr *w, uint16_t type)
{
	wr_be16(w, 0xc00c);
	wr_be16(w, type);
	wr_be16(w, 1);
	wr_be32(w, 60);
	wr_be16(w, type == TYPE_A ? 4 : 16);
	if (type == TYPE_A)
		wr_be32(w, 0xc0000207);	/* 192.0.2.7 */
	else
		wr_be32(w, 0x20010db8);	/* 2001:db8::7 */
	if (type == TYPE_AAAA) {
		wr_zero(w, 8);
		wr_be32(w, 7);
	}
}

/* The answer to a question, or nothing. */
static size_t answer(const uint8_t *data, size_t len, bool tcp, uint8_t *out, size_t cap)
{
	struct rd r = rd_init(data, len);
	uint16_t id = rd_be16(&r), type;
	enum behaviour b;
	char name[256];
	struct wr w = wr_init(out, cap);

	rd_skip(&r, 10);
	assert_true(read_name(&r, name, sizeof(name)));
	type = rd_be16(&r);
	assert_true(rd_ok(&r));
	b = behaviour_of(name, type);
	if (b == SILENT)
		return 0;
	if (b == LATE && !asked_late++)
		return 0;
	if (b == LATE || (b == CUT && tcp))
		b = ANSWER;
	wr_be16(&w, b == FORGE ? id ^ 1 : id);
	wr_be16(&w, (uint16_t)(0x8180 | (b == NO_NAME ? RCODE_NXDOMAIN :
					 b == FAIL ? RCODE_SERVFAIL :
					 b == CUT ? FLAG_TC : 0)));
	wr_be16(&w, 1);
	wr_be16(&w, b == ANSWER ? 1 : 0);
	wr_be32(&w, 0);
	wr_bytes(&w, data + 12, (size_t)(r.p - data) - 12 + 2);
	if (b == ANSWER)
		write_record(&w, type);
	assert_true(wr_ok(&w));
	return w.len;
}

static void on_question(void *ctx, const struct endpoint *src, struct packet_block *block,
			uint8_t *data, size_t len)
{
	size_t n;

	(void)ctx;
	(void)block;
	if (questions < QUESTIONS_MAX)
		ports[questions] = src->port;
	questions++;
	n = answer(data, len, false, io_udp_slot(server, src, 512), 512);
	if (n)
		io_udp_commit(server, n);
	io_udp_flush(server);
}

/* The question and its length come in one piece over loopback. */
static void on_tcp_question(void *ctx, unsigned ready)
{
	struct io_sock **client = ctx, *sock = *client;
	uint8_t in[600], out[600];
	ssize_t n = io_sock_read(sock, in, sizeof(in));
	size_t len;

	(void)ready;
	if (n == ERR_AGAIN)
		return;
	assert_true(n > 14 && in[0] == 0 && in[1] == n - 2);
	tcp_questions++;
	len = answer(in + 2, (size_t)n - 2, true, out + 2, sizeof(out) - 2);
	out[0] = (uint8_t)(len >> 8);
	out[1] = (uint8_t)len;
	/* In two pieces, so that a short read is no end. */
	assert_int_equal(io_sock_write(sock, out, 5), 5);
	assert_int_equal(io_sock_write(sock, out + 5, len - 3), len - 3);
	io_sock_close(sock);
	*client = NULL;
}

static void on_tcp_client(void *ctx, struct io_sock *sock)
{
	struct io_sock **client = &tcp_clients[tcp_client_count++ % ARRAY_LEN(tcp_clients)];

	(void)ctx;
	assert_null(*client);
	*client = sock;
	io_sock_set_handler(sock, on_tcp_question, client);
	io_sock_want(sock, IO_READ);
}

static void write_resolv_conf(const char *more)
{
	char text[256];

	snprintf(text, sizeof(text), "nameserver 127.0.0.1:%u\nsearch search.example\n%s",
		 io_udp_port(server), more);
	write_file(resolv_conf, text);
}

static int set_up(void **state)
{
	struct io_address tcp = {.endpoint.addr = {ADDR_V4, {127, 0, 0, 1}}};
	struct io_udp_config config = {.ipv4 = true, .on_datagram = on_question};

	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(resolv_conf, sizeof(resolv_conf), "%s/resolv.conf", dir);
	snprintf(hosts, sizeof(hosts), "%s/hosts", dir);
	rng = rng_seeded_init(&seed, 1);
	config.loop = loop = io_loop_new();
	config.pool = pool = packet_pool_new(4, 4);
	if (!loop || !pool || io_udp_new(&config, &server))
		return -1;
	tcp.endpoint.port = io_udp_port(server);
	if (io_listen(loop, &tcp, on_tcp_client, NULL, &tcp_server))
		return -1;
	write_resolv_conf("options timeout:1 attempts:1\n");
	write_file(hosts, "# local names\n127.0.0.1 localhost\n::1 localhost ip6-localhost\n"
			  "192.0.2.9\tprinter.example PRINTER # upstairs\nnonsense here\n");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	io_udp_free(server);
	io_listener_free(tcp_server);
	packet_pool_free(pool);
	io_loop_free(loop);
	unlink(resolv_conf);
	unlink(hosts);
	return rmdir(dir);
}

struct outcome {
	int left;
	struct addr addrs[IO_HOSTDNS_ADDRS_MAX];
	size_t count;
	enum cause cause;
	struct io_hostdns *free_this;
	struct io_hostdns_query *cancel_this;
};

static void on_result(void *ctx, const struct addr *addrs, size_t count, enum cause cause)
{
	struct outcome *o = ctx;

	o->left--;
	o->count = count;
	o->cause = cause;
	memcpy(o->addrs, addrs, count * sizeof(*addrs));
	io_hostdns_cancel(o->cancel_this);
	io_hostdns_free(o->free_this);
}

static struct io_hostdns *dns_new(void)
{
	struct io_hostdns *dns = io_hostdns_new(loop, &rng);

	assert_non_null(dns);
	io_hostdns_set_paths(dns, resolv_conf, hosts);
	return dns;
}

static void resolve(struct io_hostdns *dns, const char *name, struct outcome *o)
{
	struct io_hostdns_query *q;

	*o = (struct outcome){.left = 1};
	assert_int_equal(io_hostdns_resolve(dns, name, on_result, o, &q), 0);
	assert_int_equal(o->left, 1);
	assert_true(looprun_until(loop, looprun_zero, &o->left));
}

static bool has(const struct outcome *o, const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(&a, text, strlen(text)), 0);
	for (size_t i = 0; i < o->count; i++) {
		if (addr_equal(&o->addrs[i], &a))
			return true;
	}
	return false;
}

static void test_every_kind_of_answer(void **state)
{
	static const struct {
		const char *name;
		enum cause cause;
		const char *addrs[2];
	} cases[] = {
		{"192.0.2.1", CAUSE_OK, {"192.0.2.1"}},
		{"2001:db8::1", CAUSE_OK, {"2001:db8::1"}},
		{"localhost", CAUSE_OK, {"127.0.0.1", "::1"}},
		{"printer", CAUSE_OK, {"192.0.2.9"}},
		{"Printer.Example.", CAUSE_OK, {"192.0.2.9"}},
		{"both.example", CAUSE_OK, {"192.0.2.7", "2001:db8::7"}},
		{"both.example.", CAUSE_OK, {"192.0.2.7", "2001:db8::7"}},
		{"four.example", CAUSE_OK, {"192.0.2.7"}},
		{"six.example", CAUSE_OK, {"2001:db8::7"}},
		{"lame.example", CAUSE_OK, {"192.0.2.7"}},
		{"short", CAUSE_OK, {"192.0.2.7"}},
		{"short.", CAUSE_NAME_NOT_FOUND, {NULL}},
		{"empty.example", CAUSE_NAME_NOT_FOUND, {NULL}},
		{"gone.example", CAUSE_NAME_NOT_FOUND, {NULL}},
		{"long.example", CAUSE_OK, {"192.0.2.7", "2001:db8::7"}},
		{"hosts-file", CAUSE_OK, {"192.0.2.7"}},
		{"fails.example", CAUSE_NAME_FAILED, {NULL}},
		/* "broken" would answer, as another host. */
		{"broken", CAUSE_NAME_FAILED, {NULL}},
		{"mute.example", CAUSE_NAME_NO_ANSWER, {NULL}},
		{"half.example", CAUSE_NAME_NO_ANSWER, {NULL}},
		{"", CAUSE_NAME_NOT_FOUND, {NULL}},
		{".", CAUSE_NAME_NOT_FOUND, {NULL}},
		{"a..example", CAUSE_NAME_NOT_FOUND, {NULL}},
	};
	struct io_hostdns *dns = dns_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct outcome o;
		size_t want = 0;

		resolve(dns, cases[i].name, &o);
		if (o.cause != cases[i].cause)
			print_message("%s\n", cases[i].name);
		assert_int_equal(o.cause, cases[i].cause);
		for (; want < 2 && cases[i].addrs[want]; want++)
			assert_true(has(&o, cases[i].addrs[want]));
		assert_int_equal(o.count, want);
	}
	io_hostdns_free(dns);
}

static void test_names_that_dns_cannot_carry(void **state)
{
	struct io_hostdns *dns = dns_new();
	struct outcome o;
	char name[400];

	(void)state;
	memset(name, 'a', sizeof(name));
	name[64] = '\0';
	resolve(dns, name, &o);
	assert_int_equal(o.cause, CAUSE_NAME_NOT_FOUND);
	name[64] = 'a';
	name[sizeof(name) - 1] = '\0';
	resolve(dns, name, &o);
	assert_int_equal(o.cause, CAUSE_NAME_NOT_FOUND);
	io_hostdns_free(dns);
}

static void test_numbers_and_hosts_need_no_server(void **state)
{
	struct io_hostdns *dns = io_hostdns_new(loop, &rng);
	struct outcome o;
	unsigned before = questions;

	(void)state;
	assert_non_null(dns);
	io_hostdns_set_paths(dns, "/nonexistent/resolv.conf", hosts);
	resolve(dns, "192.0.2.1", &o);
	assert_int_equal(o.count, 1);
	resolve(dns, "localhost", &o);
	assert_int_equal(o.count, 2);
	resolve(dns, "both.example", &o);
	assert_int_equal(o.cause, CAUSE_NAME_NO_ANSWER);
	assert_int_equal(questions, before);
	io_hostdns_free(dns);
}

static void test_changed_resolv_conf_is_read_again(void **state)
{
	struct io_hostdns *dns = dns_new();
	struct outcome o, pending = {.left = 1};
	struct io_hostdns_query *q;

	(void)state;
	write_file(resolv_conf, "# none\n");
	resolve(dns, "both.example", &o);
	assert_int_equal(o.cause, CAUSE_NAME_NO_ANSWER);
	/* Another file, so that the change shows whatever the clock's grain. */
	unlink(resolv_conf);
	write_resolv_conf("options timeout:1 attempts:1\n");
	resolve(dns, "both.example", &o);
	assert_int_equal(o.count, 2);
	/* What is under way with the old servers still ends. */
	assert_int_equal(io_hostdns_resolve(dns, "mute.example", on_result, &pending, &q), 0);
	unlink(resolv_conf);
	write_resolv_conf("options timeout:1 attempts:1\n# changed\n");
	resolve(dns, "four.example", &o);
	assert_int_equal(o.count, 1);
	assert_true(looprun_until(loop, looprun_zero, &pending.left));
	assert_int_equal(pending.cause, CAUSE_NAME_NO_ANSWER);
	io_hostdns_free(dns);
}

static void test_truncated_answers_are_asked_again_over_tcp(void **state)
{
	struct io_hostdns *dns = dns_new();
	unsigned before = tcp_questions;
	struct outcome o;

	(void)state;
	resolve(dns, "long.example", &o);
	assert_int_equal(o.count, 2);
	assert_int_equal(tcp_questions, before + 2);
	resolve(dns, "both.example", &o);
	assert_int_equal(tcp_questions, before + 2);
	io_hostdns_free(dns);
}

/* RFC 5452 9.2: who cannot see questions must not know where answers go. */
static void test_questions_come_from_ports_that_cannot_be_guessed(void **state)
{
	enum { NAMES = 40 };
	struct io_hostdns *dns = dns_new();
	unsigned near = 0, same = 0;
	struct outcome o;

	(void)state;
	questions = 0;
	for (unsigned i = 0; i < NAMES; i++)
		resolve(dns, "both.example", &o);
	/* No cache stands between: the host may have its own, and endpoints move. */
	assert_int_equal(questions, 2 * NAMES);
	for (unsigned i = 0; i < questions; i++) {
		assert_true(ports[i] >= 1024);
		for (unsigned k = 0; k < i; k++)
			same += ports[i] == ports[k];
		near += i && abs(ports[i] - ports[i - 1]) <= 16;
	}
	/* Of 80 random ports about a tenth of a pair is alike or near; 20 means a pattern. */
	assert_true(same < 20 && near < 20);
	io_hostdns_free(dns);
}

/* The port of a socket that is gone: the system answers with ICMP port unreachable. */
static uint16_t closed_port(void)
{
	struct io_udp_config config = {.loop = loop, .pool = pool, .ipv4 = true,
				       .on_datagram = on_question};
	struct io_udp *gone;
	uint16_t port;

	assert_int_equal(io_udp_new(&config, &gone), 0);
	port = io_udp_port(gone);
	io_udp_free(gone);
	return port;
}

static void test_refusing_server_is_left_at_once(void **state)
{
	struct io_hostdns *dns;
	struct outcome o;
	char text[256];

	(void)state;
	/* Alone: the end comes from the refusals (0.5 s), not from the time limit (5 s). */
	unlink(resolv_conf);
	snprintf(text, sizeof(text), "nameserver 127.0.0.1:%u\noptions timeout:5 attempts:1\n",
		 closed_port());
	write_file(resolv_conf, text);
	dns = dns_new();
	resolve(dns, "both.example", &o);
	assert_int_equal(o.cause, CAUSE_NAME_FAILED);
	io_hostdns_free(dns);
	/* With another one: that answers. */
	unlink(resolv_conf);
	snprintf(text, sizeof(text), "nameserver 127.0.0.1:%u\nnameserver 127.0.0.1:%u\n",
		 closed_port(), io_udp_port(server));
	write_file(resolv_conf, text);
	dns = dns_new();
	resolve(dns, "both.example", &o);
	assert_int_equal(o.count, 2);
	io_hostdns_free(dns);
	unlink(resolv_conf);
	write_resolv_conf("options timeout:1 attempts:1\n");
}

/* Only addresses end the wait for the other family: that there are none does not. */
static void test_slow_family_is_waited_for_when_the_other_has_nothing(void **state)
{
	struct io_hostdns *dns;
	struct outcome o;

	(void)state;
	unlink(resolv_conf);
	write_resolv_conf("options timeout:5 attempts:1\n");
	dns = dns_new();
	resolve(dns, "late.example.", &o);
	assert_int_equal(o.count, 1);
	assert_true(has(&o, "2001:db8::7"));
	assert_int_equal(asked_late, 2);
	io_hostdns_free(dns);
	unlink(resolv_conf);
	write_resolv_conf("options timeout:1 attempts:1\n");
}

static void test_dropped_answers_are_counted_beyond_a_change(void **state)
{
	struct io_hostdns *dns = dns_new();
	struct outcome o;
	uint64_t sum = 0;

	(void)state;
	for (int i = 0; i < DNS_DROP_COUNT; i++)
		sum += io_hostdns_drops(dns, (enum dns_drop)i);
	assert_int_equal(sum, 0);
	resolve(dns, "forged.example", &o);
	assert_int_equal(o.cause, CAUSE_NAME_NO_ANSWER);
	assert_int_equal(io_hostdns_drops(dns, DNS_DROP_MISMATCH), 2);
	unlink(resolv_conf);
	write_resolv_conf("options timeout:1 attempts:1\n# again\n");
	resolve(dns, "both.example", &o);
	assert_int_equal(io_hostdns_drops(dns, DNS_DROP_MISMATCH), 2);
	io_hostdns_free(dns);
}

static void test_cancelled_queries_never_report(void **state)
{
	static const char *const names[] = {"both.example", "192.0.2.1", "localhost",
					    "mute.example"};
	struct io_hostdns *dns = dns_new();
	struct outcome o = {.left = 1}, other;
	struct io_hostdns_query *q;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		assert_int_equal(io_hostdns_resolve(dns, names[i], on_result, &o, &q), 0);
		io_hostdns_cancel(q);
	}
	resolve(dns, "both.example", &other);
	assert_int_equal(other.count, 2);
	assert_int_equal(o.left, 1);
	io_hostdns_free(dns);
}

static void test_free_with_queries_under_way(void **state)
{
	struct io_hostdns *dns = dns_new();
	struct outcome o = {.left = 1};
	struct io_hostdns_query *q;

	(void)state;
	assert_int_equal(io_hostdns_resolve(dns, "both.example", on_result, &o, &q), 0);
	assert_int_equal(io_hostdns_resolve(dns, "mute.example", on_result, &o, &q), 0);
	assert_int_equal(io_hostdns_resolve(dns, "192.0.2.1", on_result, &o, &q), 0);
	io_hostdns_free(dns);
	assert_int_equal(o.left, 1);
	/* From inside the answer, with another query under way. */
	dns = dns_new();
	assert_int_equal(io_hostdns_resolve(dns, "mute.example", on_result, &o, &q), 0);
	assert_int_equal(io_hostdns_resolve(dns, "both.example", on_result, &o, &q), 0);
	o.free_this = dns;
	o.cancel_this = q;
	assert_true(looprun_until(loop, looprun_zero, &o.left));
	assert_int_equal(o.count, 2);
	io_hostdns_free(NULL);
}

static void test_many_queries_at_once(void **state)
{
	enum { COUNT = 500 };
	struct io_hostdns *dns = dns_new();
	static struct outcome o[COUNT];
	struct io_hostdns_query *q;

	(void)state;
	for (int i = 0; i < COUNT; i++) {
		o[i] = (struct outcome){.left = 1};
		assert_int_equal(io_hostdns_resolve(dns, "both.example", on_result, &o[i], &q), 0);
	}
	for (int i = 0; i < COUNT; i++) {
		assert_true(looprun_until(loop, looprun_zero, &o[i].left));
		assert_int_equal(o[i].count, 2);
	}
	io_hostdns_free(dns);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_kind_of_answer),
		cmocka_unit_test(test_names_that_dns_cannot_carry),
		cmocka_unit_test(test_numbers_and_hosts_need_no_server),
		cmocka_unit_test(test_changed_resolv_conf_is_read_again),
		cmocka_unit_test(test_truncated_answers_are_asked_again_over_tcp),
		cmocka_unit_test(test_questions_come_from_ports_that_cannot_be_guessed),
		cmocka_unit_test(test_refusing_server_is_left_at_once),
		cmocka_unit_test(test_slow_family_is_waited_for_when_the_other_has_nothing),
		cmocka_unit_test(test_dropped_answers_are_counted_beyond_a_change),
		cmocka_unit_test(test_cancelled_queries_never_report),
		cmocka_unit_test(test_free_with_queries_under_way),
		cmocka_unit_test(test_many_queries_at_once),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
