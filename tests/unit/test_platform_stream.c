/* What io/sock relies on in the kernel's stream sockets. */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
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
#include <sys/un.h>
#include <unistd.h>

static struct sockaddr_in address;
static int listener;

static int set_up(void **state)
{
	socklen_t len = sizeof(address);

	(void)state;
	memset(&address, 0, sizeof(address));
	address.sin_family = AF_INET;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	return listener < 0 || bind(listener, (struct sockaddr *)&address, len) ||
	       listen(listener, 0) || getsockname(listener, (struct sockaddr *)&address, &len);
}

static int tear_down(void **state)
{
	(void)state;
	return close(listener);
}

static int dial(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	assert_true(fd >= 0);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		assert_int_equal(errno, EINPROGRESS);
	return fd;
}

static void test_unfinished_connection_has_no_peer_and_no_error(void **state)
{
	int fds[4], unfinished = 0;

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct sockaddr_in peer;
		socklen_t len = sizeof(peer), error_len = sizeof(int);
		int error = -1;

		fds[i] = dial();
		assert_int_equal(getsockopt(fds[i], SOL_SOCKET, SO_ERROR, &error, &error_len), 0);
		assert_int_equal(error, 0);
		if (getpeername(fds[i], (struct sockaddr *)&peer, &len) < 0) {
			assert_int_equal(errno, ENOTCONN);
			unfinished++;
		}
	}
	assert_true(unfinished > 0 && unfinished < 4);
	for (int i = 0; i < 4; i++)
		close(fds[i]);
}

static void test_connection_waits_while_there_are_no_descriptors(void **state)
{
	struct pollfd p = {.fd = listener, .events = POLLIN};
	struct rlimit before, tight;
	int fd = dial(), accepted;

	(void)state;
	assert_int_equal(poll(&p, 1, 20000), 1);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	tight = before;
	accepted = dup(0);
	tight.rlim_cur = (rlim_t)accepted;
	close(accepted);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &tight), 0);
	assert_int_equal(accept(listener, NULL, NULL), -1);
	assert_int_equal(errno, EMFILE);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	accepted = accept(listener, NULL, NULL);
	assert_true(accepted >= 0);
	close(accepted);
	close(fd);
}

static void test_zero_linger_resets(void **state)
{
	struct linger linger = {1, 0};
	struct pollfd p = {.fd = listener, .events = POLLIN};
	int fd = dial(), accepted;
	char c;

	(void)state;
	assert_int_equal(poll(&p, 1, 20000), 1);
	accepted = accept(listener, NULL, NULL);
	assert_true(accepted >= 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)), 0);
	close(fd);
	p.fd = accepted;
	assert_int_equal(poll(&p, 1, 20000), 1);
	assert_int_equal(read(accepted, &c, 1), -1);
	assert_int_equal(errno, ECONNRESET);
	close(accepted);
}

static void test_unix_socket_of_a_dead_listener_refuses(void **state)
{
	char dir[] = "/tmp/test_platform.XXXXXX";
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	int fd, clients[8], refused = 0;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(sa.sun_path, sizeof(sa.sun_path), "%s/s", dir);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&sa, sizeof(sa)), 0);
	assert_int_equal(listen(fd, 1), 0);
	/* Alive with a full backlog: not "refused". */
	for (int i = 0; i < 8; i++) {
		clients[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
		if (connect(clients[i], (struct sockaddr *)&sa, sizeof(sa)) < 0) {
			assert_int_equal(errno, EAGAIN);
			refused++;
		}
	}
	assert_true(refused > 0);
	for (int i = 0; i < 8; i++)
		close(clients[i]);
	close(fd);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&sa, sizeof(sa)), -1);
	assert_int_equal(errno, ECONNREFUSED);
	close(fd);
	unlink(sa.sun_path);
	rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_unfinished_connection_has_no_peer_and_no_error, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_connection_waits_while_there_are_no_descriptors, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_zero_linger_resets, set_up, tear_down),
		cmocka_unit_test(test_unix_socket_of_a_dead_listener_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
