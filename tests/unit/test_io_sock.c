#include "io/sock.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
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
#include <sys/un.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "support/ipv6.h"
#include "support/looprun.h"

static struct io_loop *loop;
static char dir[] = "/tmp/test_io_sock.XXXXXX";
static int warnings;

/* What a listener under test has accepted. */
struct server {
	struct io_listener *listener;
	struct io_sock *accepted[8];
	unsigned count;
	int left;
	bool free_when_accepted;
};

/* A socket under test and what it was told. */
struct client {
	struct io_sock *sock;
	unsigned seen;
	int left;
};

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

static void on_accept(void *ctx, struct io_sock *sock)
{
	struct server *s = ctx;

	assert_true(s->count < 8);
	s->accepted[s->count++] = sock;
	s->left--;
	if (s->free_when_accepted) {
		io_listener_free(s->listener);
		s->listener = NULL;
	}
}

static void on_ready(void *ctx, unsigned ready)
{
	struct client *c = ctx;

	c->seen |= ready;
	c->left--;
	io_sock_want(c->sock, 0);
}

static struct io_address at_endpoint(const char *text)
{
	struct io_address a = {.path = ""};

	assert_int_equal(endpoint_parse(&a.endpoint, text, strlen(text)), 0);
	return a;
}

static struct io_address at_path(const char *name)
{
	struct io_address a = {.path = ""};

	snprintf(a.path, sizeof(a.path), "%s/%s", dir, name);
	return a;
}

static void server_init(struct server *s, const struct io_address *at)
{
	*s = (struct server){.left = 1};
	assert_int_equal(io_listen(loop, at, on_accept, s, &s->listener), 0);
}

static void server_fini(struct server *s)
{
	for (unsigned i = 0; i < s->count; i++)
		io_sock_close(s->accepted[i]);
	io_listener_free(s->listener);
}

static int client_connect(struct client *c, const struct server *s)
{
	struct io_address at;

	*c = (struct client){.left = 1};
	io_listener_address(s->listener, &at);
	return io_sock_connect(loop, &at, on_ready, c, &c->sock);
}

static void wait_ready(struct client *c, unsigned want)
{
	c->left = 1;
	c->seen = 0;
	io_sock_set_handler(c->sock, on_ready, c);
	io_sock_want(c->sock, want);
	assert_true(looprun_until(loop, looprun_zero, &c->left));
}

/* A connected pair: `c` at the near end, `far` at the accepted one. */
static void pair_init(struct server *s, struct client *c, struct client *far,
		      const struct io_address *at)
{
	server_init(s, at);
	assert_int_equal(client_connect(c, s), 0);
	assert_true(looprun_until(loop, looprun_zero, &s->left));
	assert_true(looprun_until(loop, looprun_zero, &c->left));
	assert_int_equal(c->seen, IO_WRITE);
	assert_int_equal(io_sock_connect_result(c->sock), 0);
	assert_int_equal(io_sock_connect_result(c->sock), 0);
	*far = (struct client){.sock = s->accepted[0]};
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

static bool ten_passes(void *ctx)
{
	io_loop_again(loop);
	return ++*(int *)ctx == 10;
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

/* How a test ends the other side. */
enum far_end {
	FAR_SHUTDOWN,
	FAR_CLOSE,
	FAR_RESET,	/* a Unix socket resets when it is closed with unread bytes */
};

static void end_far(struct client *c, enum far_end how)
{
	if (how == FAR_SHUTDOWN) {
		io_sock_shutdown(c->sock);
		return;
	}
	if (how == FAR_RESET)
		io_sock_abort(c->sock);
	else
		io_sock_close(c->sock);
	c->sock = NULL;
}

static void on_end(void *ctx, unsigned ready)
{
	struct client *c = ctx;

	c->seen |= ready;
	c->left--;
}

/* Ends the other side of a socket that wants `want`, with unread bytes; what it is told. */
static unsigned told_of(const struct io_address *at, unsigned want, bool shut, enum far_end how)
{
	struct server s;
	struct client c, far;
	int passes = 0;
	char byte;

	pair_init(&s, &c, &far, at);
	assert_int_equal(io_sock_write(c.sock, "x", 1), 1);
	assert_int_equal(io_sock_write(far.sock, "y", 1), 1);
	if (how != FAR_RESET)
		wait_ready(&c, IO_READ);
	if (how != FAR_RESET)
		assert_int_equal(io_sock_read(c.sock, &byte, 1), 1);
	if (shut)
		io_sock_shutdown(far.sock);
	far.left = 1;
	io_sock_set_handler(far.sock, on_end, &far);
	io_sock_want(far.sock, want);
	assert_true(looprun_until(loop, ten_passes, &passes));
	assert_int_equal(far.left, 1);
	end_far(&c, how);
	assert_true(looprun_until(loop, looprun_zero, &far.left));
	passes = far.left = 0;
	assert_true(looprun_until(loop, ten_passes, &passes));
	/* Each end is told once: nothing spins. */
	assert_true(far.left == 0);
	assert_int_equal(io_sock_ends_seen(far.sock), far.seen);
	io_sock_close(c.sock);
	server_fini(&s);
	return far.seen;
}

static void test_ends_are_told_to_who_does_not_read(void **state)
{
	struct io_address tcp = at_endpoint("127.0.0.1:0"), unix_at = at_path("end");

	(void)state;
	assert_int_equal(told_of(&tcp, 0, false, FAR_SHUTDOWN), IO_END);
	assert_int_equal(told_of(&tcp, 0, false, FAR_CLOSE), IO_END);
	assert_true(told_of(&tcp, 0, false, FAR_RESET) & IO_RESET);
	assert_true(told_of(&tcp, 0, true, FAR_RESET) & IO_RESET);
	/* Both ends in order: no hang-up. */
	assert_int_equal(told_of(&tcp, 0, true, FAR_SHUTDOWN), IO_END);
	assert_int_equal(told_of(&unix_at, 0, false, FAR_SHUTDOWN), IO_END);
	assert_int_equal(told_of(&unix_at, 0, true, FAR_SHUTDOWN), IO_END);
	assert_int_equal(told_of(&unix_at, 0, false, FAR_CLOSE), IO_END | IO_CLOSED);
	assert_true(told_of(&unix_at, 0, false, FAR_RESET) & IO_RESET);
}

static void test_an_end_before_the_watch_is_told(void **state)
{
	struct io_address at = at_endpoint("127.0.0.1:0");
	struct server s;
	struct client c, far;

	(void)state;
	pair_init(&s, &c, &far, &at);
	io_sock_abort(c.sock);
	wait_ready(&far, IO_READ);
	far.left = 1;
	far.seen = 0;
	io_sock_set_handler(far.sock, on_end, &far);
	io_sock_want(far.sock, 0);
	assert_true(looprun_until(loop, looprun_zero, &far.left));
	assert_true(far.seen & IO_RESET);
	server_fini(&s);
}

/* The first that is told closes both. */
struct ends {
	struct io_sock *sock[2];
	int left;
};

static void on_first_end(void *ctx, unsigned ready)
{
	struct ends *e = ctx;

	(void)ready;
	e->left--;
	for (unsigned i = 0; i < 2; i++)
		io_sock_close(e->sock[i]);
}

static void test_who_is_told_may_close_others_that_ended(void **state)
{
	struct io_address at = at_endpoint("127.0.0.1:0");
	struct server s;
	struct client c[2];
	struct ends ends = {.left = 1};
	int passes = 0;

	(void)state;
	server_init(&s, &at);
	for (unsigned i = 0; i < 2; i++) {
		s.left = 1;
		assert_int_equal(client_connect(&c[i], &s), 0);
		assert_true(looprun_until(loop, looprun_zero, &s.left));
		ends.sock[i] = s.accepted[i];
		io_sock_set_handler(ends.sock[i], on_first_end, &ends);
		io_sock_want(ends.sock[i], 0);
	}
	s.count = 0;
	io_sock_abort(c[0].sock);
	io_sock_abort(c[1].sock);
	assert_true(looprun_until(loop, ten_passes, &passes));
	assert_int_equal(ends.left, 0);
	server_fini(&s);
}

static void test_unsent_bytes_are_counted(void **state)
{
	struct io_address at = at_path("unsent");
	struct server s;
	struct client c, far;
	char byte;

	(void)state;
	pair_init(&s, &c, &far, &at);
	assert_int_equal(io_sock_unsent(c.sock), 0);
	assert_int_equal(io_sock_write(c.sock, "x", 1), 1);
	assert_true(io_sock_unsent(c.sock) > 0);
	assert_int_equal(io_sock_read(far.sock, &byte, 1), 1);
	assert_int_equal(io_sock_unsent(c.sock), 0);
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
		cmocka_unit_test(test_ends_are_told_to_who_does_not_read),
		cmocka_unit_test(test_an_end_before_the_watch_is_told),
		cmocka_unit_test(test_who_is_told_may_close_others_that_ended),
		cmocka_unit_test(test_unsent_bytes_are_counted),
		cmocka_unit_test(test_descriptor_number_may_be_reused_within_a_pass),
		cmocka_unit_test(test_abort_is_an_error_at_the_other_end),
		cmocka_unit_test(test_full_socket_would_block),
		cmocka_unit_test(test_refused_connection_says_so),
		cmocka_unit_test(test_unknown_result_is_again),
		cmocka_unit_test(test_listen_errors),
		cmocka_unit_test(test_unix_socket_in_use_is_left_alone),
		cmocka_unit_test(test_stale_unix_socket_is_replaced),
		cmocka_unit_test(test_other_files_are_never_removed),
		cmocka_unit_test(test_listener_may_be_freed_while_it_accepts),
		cmocka_unit_test(test_listener_out_of_descriptors_rests_and_recovers),
		cmocka_unit_test(test_address_text),
		cmocka_unit_test(test_descriptor_limit_reaches_the_hard_one),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
