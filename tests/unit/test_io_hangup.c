/* Ends of sockets as their owners learn of them: resets, hang-ups, ends of stream. */
#include "support/sockpair.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"

static int set_up(void **state)
{
	(void)state;
	loop = io_loop_new();
	return loop && mkdtemp(dir) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	io_loop_free(loop);
	return rmdir(dir);
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

static void test_a_reset_after_an_end_is_told_alone(void **state)
{
	struct io_address at = at_endpoint("127.0.0.1:0");
	struct server s;
	struct client c, far;

	(void)state;
	pair_init(&s, &c, &far, &at);
	far.left = 1;
	io_sock_set_handler(far.sock, on_end, &far);
	io_sock_want(far.sock, 0);
	io_sock_shutdown(c.sock);
	assert_true(looprun_until(loop, looprun_zero, &far.left));
	far.left = 1;
	far.seen = 0;
	io_sock_abort(c.sock);
	assert_true(looprun_until(loop, looprun_zero, &far.left));
	assert_true(far.seen & IO_RESET);
	assert_false(far.seen & IO_END);
	server_fini(&s);
}

/* Passes of the loop until `left` is 0. */
struct passes {
	int count, left;
};

static void on_passes_end(void *ctx)
{
	((struct passes *)ctx)->left = 0;
}

static bool pass_ends(void *ctx)
{
	struct passes *p = ctx;

	p->count++;
	return p->left == 0;
}

static void test_the_loop_rests_after_an_end(void **state)
{
	struct io_address at = at_endpoint("127.0.0.1:0");
	struct passes passes = {.left = 1};
	struct io_timer *timer = io_timer_new(loop, on_passes_end, &passes);
	struct server s;
	struct client c, far;

	(void)state;
	pair_init(&s, &c, &far, &at);
	far.left = 1;
	io_sock_set_handler(far.sock, on_end, &far);
	io_sock_want(far.sock, 0);
	io_sock_shutdown(c.sock);
	assert_true(looprun_until(loop, looprun_zero, &far.left));
	io_timer_set(timer, boot_add_ms(io_loop_now(loop), 50));
	assert_true(looprun_until(loop, pass_ends, &passes));
	/* The start, the timer, and few that were on their way; without rest they are thousands. */
	assert_true(passes.count < 20);
	io_timer_free(timer);
	io_sock_close(c.sock);
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

/* Until it is connected, io_sock_connect_result is what says so. */
static void test_a_connection_that_fails_is_told_as_its_result(void **state)
{
	struct io_address at = at_endpoint("127.0.0.1:0");
	struct server s;
	struct client c;
	int passes = 0;

	(void)state;
	server_init(&s, &at);
	io_listener_address(s.listener, &at);
	server_fini(&s);
	c = (struct client){.left = 1};
	assert_int_equal(io_sock_connect(loop, &at, on_ready, &c, &c.sock), 0);
	assert_true(looprun_until(loop, looprun_zero, &c.left));
	assert_true(looprun_until(loop, ten_passes, &passes));
	assert_int_equal(c.seen, IO_WRITE);
	assert_int_equal(io_sock_connect_result(c.sock), ERR_REFUSED);
	io_sock_close(c.sock);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ends_are_told_to_who_does_not_read),
		cmocka_unit_test(test_an_end_before_the_watch_is_told),
		cmocka_unit_test(test_a_reset_after_an_end_is_told_alone),
		cmocka_unit_test(test_the_loop_rests_after_an_end),
		cmocka_unit_test(test_who_is_told_may_close_others_that_ended),
		cmocka_unit_test(test_a_connection_that_fails_is_told_as_its_result),
		cmocka_unit_test(test_unsent_bytes_are_counted),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
