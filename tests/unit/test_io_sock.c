#include "io/sock.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "support/ipv6.h"
#include "support/looprun.h"
#include "support/sockpair.h"

static int warnings;

static void on_log(void *ctx, enum log_level level, const char *line)
{
	(void)ctx;
	(void)line;
	warnings += level == LOG_WARN;
}

static int set_up(void **state)
{
	(void)state;
	log_init(on_log, NULL, LOG_WARN);
	loop = io_loop_new();
	return loop && mkdtemp(dir) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	io_loop_free(loop);
	return rmdir(dir);
}

static void check_stream(const struct io_address *at)
{
	struct iovec out[2] = {{(void *)(uintptr_t) "hello ", 6}, {(void *)(uintptr_t) "world", 5}};
	char a[4], b[16];
	struct iovec in[2] = {{a, sizeof(a)}, {b, sizeof(b)}};
	struct server s;
	struct client c, far;

	pair_init(&s, &c, &far, at);
	assert_int_equal(io_sock_read(far.sock, b, sizeof(b)), ERR_AGAIN);
	assert_int_equal(io_sock_writev(c.sock, out, 2), 11);
	wait_ready(&far, IO_READ);
	assert_int_equal(io_sock_readv(far.sock, in, 2), 11);
	assert_memory_equal(a, "hell", 4);
	assert_memory_equal(b, "o world", 7);
	/* Half-close: the end arrives, the other direction goes on. */
	io_sock_shutdown(c.sock);
	wait_ready(&far, IO_READ);
	assert_int_equal(io_sock_read(far.sock, b, sizeof(b)), 0);
	assert_int_equal(io_sock_write(far.sock, "bye", 3), 3);
	wait_ready(&c, IO_READ);
	assert_int_equal(io_sock_read(c.sock, b, sizeof(b)), 3);
	assert_int_equal(io_sock_write(c.sock, "x", 1), ERR_CLOSED);
	io_sock_close(c.sock);
	server_fini(&s);
}

static void test_bytes_and_half_close_over_ipv4_ipv6_and_unix(void **state)
{
	struct io_address at;

	(void)state;
	at = at_endpoint("127.0.0.1:0");
	check_stream(&at);
	if (ipv6_is_there()) {
		at = at_endpoint("[::1]:0");
		check_stream(&at);
	}
	at = at_path("stream");
	check_stream(&at);
}

static void test_both_ends_are_known(void **state)
{
	struct io_address at = at_endpoint("127.0.0.1:0"), bound;
	struct endpoint near, far_peer, far_local;
	struct server s;
	struct client c, far;

	(void)state;
	pair_init(&s, &c, &far, &at);
	io_listener_address(s.listener, &bound);
	io_sock_local(c.sock, &near);
	io_sock_peer(far.sock, &far_peer);
	io_sock_local(far.sock, &far_local);
	assert_true(endpoint_equal(&near, &far_peer));
	assert_true(endpoint_equal(&bound.endpoint, &far_local));
	io_sock_peer(c.sock, &near);
	assert_true(endpoint_equal(&bound.endpoint, &near));
	io_sock_close(c.sock);
	server_fini(&s);
	at = at_path("ends");
	pair_init(&s, &c, &far, &at);
	io_sock_peer(far.sock, &far_peer);
	assert_int_equal(far_peer.addr.family, ADDR_NONE);
	io_sock_close(c.sock);
	server_fini(&s);
}

static void test_unspecified_ipv6_listener_serves_both_families(void **state)
{
	struct io_address at = at_endpoint("[::]:0"), to;
	struct server s;
	struct client c = {.left = 1};
	struct endpoint peer;

	(void)state;
	if (!ipv6_is_there())
		skip();
	server_init(&s, &at);
	io_listener_address(s.listener, &at);
	to = at_endpoint("127.0.0.1:0");
	to.endpoint.port = at.endpoint.port;
	assert_int_equal(io_sock_connect(loop, &to, on_ready, &c, &c.sock), 0);
	assert_true(looprun_until(loop, looprun_zero, &s.left));
	io_sock_peer(s.accepted[0], &peer);
	assert_int_equal(peer.addr.family, ADDR_V4);
	io_sock_close(c.sock);
	server_fini(&s);
}

static void test_only_what_is_wanted_is_reported(void **state)
{
	struct io_address at = at_endpoint("127.0.0.1:0");
	struct server s;
	struct client c, far;
	int passes = 0;

	(void)state;
	pair_init(&s, &c, &far, &at);
	assert_int_equal(io_sock_write(c.sock, "x", 1), 1);
	wait_ready(&far, IO_READ | IO_WRITE);
	assert_true(far.seen & IO_WRITE);
	wait_ready(&far, IO_READ);
	assert_int_equal(far.seen, IO_READ);
	/* Readable and writable, but nothing is wanted. */
	far.left = 1;
	io_sock_want(far.sock, IO_WRITE);
	io_sock_want(far.sock, 0);
	assert_true(looprun_until(loop, ten_passes, &passes));
	assert_int_equal(far.left, 1);
	io_sock_close(c.sock);
	server_fini(&s);
}

static void test_descriptor_number_may_be_reused_within_a_pass(void **state)
{
	struct io_address at = at_endpoint("127.0.0.1:0");
	struct server s;
	struct client c, far;

	(void)state;
	pair_init(&s, &c, &far, &at);
	/* Registered with the system, closed, and the same number registered again. */
	io_sock_set_handler(c.sock, on_ready, &c);
	io_sock_want(c.sock, IO_READ);
	assert_int_equal(io_sock_write(far.sock, "x", 1), 1);
	wait_ready(&c, IO_READ);
	io_sock_want(c.sock, IO_READ);
	io_sock_close(c.sock);
	s.left = 1;
	assert_int_equal(client_connect(&c, &s), 0);
	assert_true(looprun_until(loop, looprun_zero, &c.left));
	assert_true(looprun_until(loop, looprun_zero, &s.left));
	assert_int_equal(io_sock_write(s.accepted[1], "y", 1), 1);
	wait_ready(&c, IO_READ);
	io_sock_close(c.sock);
	server_fini(&s);
}

static void test_abort_is_an_error_at_the_other_end(void **state)
{
	struct io_address at = at_endpoint("127.0.0.1:0");
	struct server s;
	struct client c, far;
	char b[8];

	(void)state;
	pair_init(&s, &c, &far, &at);
	io_sock_abort(c.sock);
	wait_ready(&far, IO_READ);
	assert_int_equal(io_sock_read(far.sock, b, sizeof(b)), ERR_RESET);
	server_fini(&s);
	io_sock_abort(NULL);
	io_sock_close(NULL);
}

static void test_full_socket_would_block(void **state)
{
	struct io_address at = at_endpoint("127.0.0.1:0");
	static char bulk[65536];
	struct server s;
	struct client c, far;
	ssize_t n = 1;
	int calls = 0;

	(void)state;
	pair_init(&s, &c, &far, &at);
	while (n > 0 && calls++ < 10000)
		n = io_sock_write(c.sock, bulk, sizeof(bulk));
	assert_int_equal(n, ERR_AGAIN);
	io_sock_close(c.sock);
	server_fini(&s);
}

static void test_refused_connection_says_so(void **state)
{
	struct io_address at = at_endpoint("127.0.0.1:0");
	struct server s;
	struct client c;
	int err;

	(void)state;
	server_init(&s, &at);
	io_listener_address(s.listener, &at);
	server_fini(&s);
	c = (struct client){.left = 1};
	err = io_sock_connect(loop, &at, on_ready, &c, &c.sock);
	if (!err) {
		assert_true(looprun_until(loop, looprun_zero, &c.left));
		err = io_sock_connect_result(c.sock);
		assert_int_equal(io_sock_connect_result(c.sock), err);
	}
	assert_int_equal(err, ERR_REFUSED);
	io_sock_close(c.sock);
	at = at_path("nobody");
	assert_int_equal(io_sock_connect(loop, &at, on_ready, &c, &c.sock), ERR_NOTFOUND);
	assert_null(c.sock);
	at.path[0] = '\0';
	at.endpoint.addr.family = ADDR_NONE;
	assert_int_equal(io_sock_connect(loop, &at, on_ready, &c, &c.sock), ERR_INVAL);
}

static void test_unknown_result_is_again(void **state)
{
	struct io_address at = at_endpoint("127.0.0.1:0");
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(sa);
	struct client c[4] = {{.left = 1}};
	int pending = 0;

	(void)state;
	/* Backlog 0 takes one or two; the others stay half-way, without an answer. */
	assert_int_equal(bind(fd, (struct sockaddr *)&sa, len), 0);
	assert_int_equal(listen(fd, 0), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&sa, &len), 0);
	at.endpoint.port = ntohs(sa.sin_port);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(io_sock_connect(loop, &at, on_ready, &c[i], &c[i].sock), 0);
		pending += io_sock_connect_result(c[i].sock) == ERR_AGAIN;
	}
	assert_true(pending > 0);
	for (size_t i = 0; i < 4; i++)
		io_sock_close(c[i].sock);
	close(fd);
}

static void test_listen_errors(void **state)
{
	static const struct {
		const char *at;
		int err;
	} cases[] = {
		{"192.0.2.1:0", ERR_INVAL},
		{"[2001:db8::1]:0", ERR_INVAL},
	};
	struct io_listener *l;
	struct io_address at;
	struct server s;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		at = at_endpoint(cases[i].at);
		assert_int_equal(io_listen(loop, &at, on_accept, NULL, &l), cases[i].err);
		assert_null(l);
	}
	at = at_endpoint("127.0.0.1:0");
	server_init(&s, &at);
	io_listener_address(s.listener, &at);
	assert_int_equal(io_listen(loop, &at, on_accept, NULL, &l), ERR_INUSE);
	server_fini(&s);
	at = at_path("no/such/folder");
	assert_int_equal(io_listen(loop, &at, on_accept, NULL, &l), ERR_NOTFOUND);
}

static bool exists(const struct io_address *at)
{
	struct stat st;

	return lstat(at->path, &st) == 0;
}

static void test_unix_socket_in_use_is_left_alone(void **state)
{
	struct io_address at = at_path("live");
	struct io_listener *l;
	struct server s;
	struct client c;

	(void)state;
	server_init(&s, &at);
	assert_int_equal(io_listen(loop, &at, on_accept, NULL, &l), ERR_INUSE);
	assert_int_equal(client_connect(&c, &s), 0);
	s.left = 1;
	assert_true(looprun_until(loop, looprun_zero, &s.left));
	io_sock_close(c.sock);
	server_fini(&s);
	assert_false(exists(&at));
}

static void test_stale_unix_socket_is_replaced(void **state)
{
	struct io_address at = at_path("stale");
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct server s;

	(void)state;
	memcpy(sa.sun_path, at.path, strlen(at.path) + 1);
	assert_int_equal(bind(fd, (struct sockaddr *)&sa, sizeof(sa)), 0);
	close(fd);
	assert_true(exists(&at));
	server_init(&s, &at);
	server_fini(&s);
	assert_false(exists(&at));
}

static bool answered_when_removed;

/* In place of libc's. */
int unlink(const char *path)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(sa.sun_path, sizeof(sa.sun_path), "%s", path);
	answered_when_removed = connect(fd, (struct sockaddr *)&sa, sizeof(sa)) == 0;
	close(fd);
	return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

/* Another program that starts meanwhile would replace what is stale, and lose its own socket. */
static void test_a_path_is_removed_before_it_is_stale(void **state)
{
	struct io_address at = at_path("last");
	struct server s;

	(void)state;
	server_init(&s, &at);
	answered_when_removed = false;
	server_fini(&s);
	assert_false(exists(&at));
	assert_true(answered_when_removed);
}

static void test_other_files_are_never_removed(void **state)
{
	struct io_address at = at_path("file");
	struct io_listener *l;
	struct server s;
	int fd = open(at.path, O_CREAT | O_WRONLY, 0600);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(io_listen(loop, &at, on_accept, NULL, &l), ERR_INUSE);
	assert_true(exists(&at));
	assert_int_equal(unlink(at.path), 0);
	/* A file that has taken the place of ours. */
	server_init(&s, &at);
	assert_int_equal(unlink(at.path), 0);
	fd = open(at.path, O_CREAT | O_WRONLY, 0600);
	assert_true(fd >= 0);
	close(fd);
	server_fini(&s);
	assert_true(exists(&at));
	assert_int_equal(unlink(at.path), 0);
}

static unsigned accepts;	/* calls, those that found nothing included */
static int accepted_fd, connected_fd;	/* the last of each */

/* In place of libc's. */
int accept4(int fd, __SOCKADDR_ARG addr, socklen_t *len, int flags)
{
	int result = (int)syscall(SYS_accept4, fd, addr.__sockaddr__, len, flags);

	accepts++;
	if (result >= 0)
		accepted_fd = result;
	return result;
}

/* In place of libc's. */
int connect(int fd, __CONST_SOCKADDR_ARG addr, socklen_t len)
{
	connected_fd = fd;
	return (int)syscall(SYS_connect, fd, addr.__sockaddr__, len);
}

static int option(int fd, int level, int name)
{
	int value = -1;
	socklen_t len = sizeof(value);

	assert_int_equal(getsockopt(fd, level, name, &value, &len), 0);
	return value;
}

static void test_small_writes_do_not_wait_for_more(void **state)
{
	struct io_address at = at_endpoint("127.0.0.1:0");
	struct server s;
	struct client c, far;

	(void)state;
	pair_init(&s, &c, &far, &at);
	assert_int_equal(option(accepted_fd, IPPROTO_TCP, TCP_NODELAY), 1);
	assert_int_equal(option(connected_fd, IPPROTO_TCP, TCP_NODELAY), 1);
	/* Nor is a client that vanished kept for ever. */
	assert_int_equal(option(accepted_fd, SOL_SOCKET, SO_KEEPALIVE), 1);
	io_sock_close(c.sock);
	server_fini(&s);
}

static void connect_all(struct client *c, unsigned count, const struct server *s)
{
	accepts = 0;
	for (unsigned i = 0; i < count; i++)
		assert_int_equal(client_connect(&c[i], s), 0);
}

static void test_lone_connections_are_accepted_with_one_call_each(void **state)
{
	struct io_address at = at_endpoint("127.0.0.1:0");
	struct server s;
	struct client c[4];
	int passes;

	(void)state;
	server_init(&s, &at);
	for (unsigned i = 0; i < 4; i++) {
		s.left = 1;
		connect_all(&c[i], 1, &s);
		assert_true(looprun_until(loop, looprun_zero, &s.left));
		passes = 0;
		assert_true(looprun_until(loop, ten_passes, &passes));
		assert_int_equal(accepts, 1);
		io_sock_close(c[i].sock);
	}
	server_fini(&s);
}

struct accept_passes {
	struct server *server;
	int passes;
};

static bool all_accepted(void *ctx)
{
	struct accept_passes *a = ctx;

	a->passes++;
	return looprun_zero(&a->server->left);
}

static void test_a_crowd_is_accepted_in_few_passes(void **state)
{
	/* Of a Unix socket, which are there when connect() returns. */
	struct io_address at = at_path("crowd");
	struct server s;
	struct client c[8];
	struct accept_passes a = {&s, 0};

	(void)state;
	server_init(&s, &at);
	for (unsigned round = 0; round < 2; round++) {
		s.left = 8;
		a.passes = 0;
		connect_all(c, 8, &s);
		assert_true(looprun_until(loop, all_accepted, &a));
		/* 1, 2, 4, and the last one of 8. */
		assert_int_equal(a.passes, 4);
		assert_int_equal(accepts, 9);
		for (unsigned i = 0; i < 8; i++) {
			io_sock_close(c[i].sock);
			io_sock_close(s.accepted[i]);
		}
		s.count = 0;
	}
	server_fini(&s);
}

static void test_listener_may_be_freed_while_it_accepts(void **state)
{
	struct io_address at = at_endpoint("127.0.0.1:0");
	struct server s;
	struct client c[2];

	(void)state;
	server_init(&s, &at);
	s.free_when_accepted = true;
	assert_int_equal(client_connect(&c[0], &s), 0);
	assert_int_equal(client_connect(&c[1], &s), 0);
	assert_true(looprun_until(loop, looprun_zero, &s.left));
	assert_int_equal(s.count, 1);
	io_sock_close(c[0].sock);
	io_sock_close(c[1].sock);
	server_fini(&s);
}

static bool has_warned(void *ctx)
{
	(void)ctx;
	return warnings > 0;
}

struct accept_watch {
	struct io_timer *timer;
	struct boot_time until;
	int passes;
	bool over;
};

static void on_watch(void *ctx)
{
	((struct accept_watch *)ctx)->over = true;
}

static bool watch_is_over(void *ctx)
{
	struct accept_watch *w = ctx;

	w->passes++;
	return w->over;
}

/* The lowest free descriptor, so that a limit of this number forbids one more. */
static int next_descriptor(void)
{
	int fd = dup(0);

	close(fd);
	return fd;
}

static void test_listener_out_of_descriptors_rests_and_recovers(void **state)
{
	struct io_address at = at_endpoint("127.0.0.1:0");
	struct rlimit before, tight;
	struct server s;
	struct client c;
	struct accept_watch watch = {0};

	(void)state;
	server_init(&s, &at);
	assert_int_equal(client_connect(&c, &s), 0);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	tight = before;
	tight.rlim_cur = (rlim_t)next_descriptor();
	warnings = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &tight), 0);
	assert_true(looprun_until(loop, has_warned, NULL));
	/* Three rests: still one warning, and a few wakeups only. */
	watch.until = boot_add_ms(io_loop_now(loop), 700);
	watch.timer = io_timer_new(loop, on_watch, &watch);
	io_timer_set(watch.timer, watch.until);
	assert_true(looprun_until(loop, watch_is_over, &watch));
	io_timer_free(watch.timer);
	assert_true(watch.passes < 20);
	assert_int_equal(warnings, 1);
	assert_int_equal(s.count, 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_true(looprun_until(loop, looprun_zero, &s.left));
	assert_int_equal(s.count, 1);
	io_sock_close(c.sock);
	server_fini(&s);
}

static void test_address_text(void **state)
{
	struct io_address at = at_endpoint("[::1]:1080");
	char text[IO_ADDRESS_TEXT_MAX];

	(void)state;
	assert_string_equal(io_address_format(&at, text), "[::1]:1080");
	strcpy(at.path, "/run/x");
	assert_string_equal(io_address_format(&at, text), "unix:/run/x");
	memset(at.path, 'p', IO_UNIX_PATH_MAX);
	at.path[IO_UNIX_PATH_MAX] = '\0';
	assert_int_equal(strlen(io_address_format(&at, text)), IO_UNIX_PATH_MAX + 5);
}

static void test_descriptor_limit_reaches_the_hard_one(void **state)
{
	struct rlimit limit;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_int_equal(io_raise_descriptor_limit(), limit.rlim_max);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes_and_half_close_over_ipv4_ipv6_and_unix),
		cmocka_unit_test(test_both_ends_are_known),
		cmocka_unit_test(test_unspecified_ipv6_listener_serves_both_families),
		cmocka_unit_test(test_only_what_is_wanted_is_reported),
		cmocka_unit_test(test_descriptor_number_may_be_reused_within_a_pass),
		cmocka_unit_test(test_abort_is_an_error_at_the_other_end),
		cmocka_unit_test(test_full_socket_would_block),
		cmocka_unit_test(test_refused_connection_says_so),
		cmocka_unit_test(test_unknown_result_is_again),
		cmocka_unit_test(test_listen_errors),
		cmocka_unit_test(test_unix_socket_in_use_is_left_alone),
		cmocka_unit_test(test_stale_unix_socket_is_replaced),
		cmocka_unit_test(test_a_path_is_removed_before_it_is_stale),
		cmocka_unit_test(test_other_files_are_never_removed),
		cmocka_unit_test(test_small_writes_do_not_wait_for_more),
		cmocka_unit_test(test_lone_connections_are_accepted_with_one_call_each),
		cmocka_unit_test(test_a_crowd_is_accepted_in_few_passes),
		cmocka_unit_test(test_listener_may_be_freed_while_it_accepts),
		cmocka_unit_test(test_listener_out_of_descriptors_rests_and_recovers),
		cmocka_unit_test(test_address_text),
		cmocka_unit_test(test_descriptor_limit_reaches_the_hard_one),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
