/* A listener, a socket that is connected to it, and what both were told; on a loop of the test. */
#ifndef CULVERT_TESTS_SUPPORT_SOCKPAIR_H
#define CULVERT_TESTS_SUPPORT_SOCKPAIR_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "io/sock.h"
#include "support/looprun.h"

static struct io_loop *loop;
static char dir[] = "/tmp/test_io_sock.XXXXXX";

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

static inline void on_accept(void *ctx, struct io_sock *sock)
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

static inline void on_ready(void *ctx, unsigned ready)
{
	struct client *c = ctx;

	c->seen |= ready;
	c->left--;
	io_sock_want(c->sock, 0);
}

static inline struct io_address at_endpoint(const char *text)
{
	struct io_address a = {.path = ""};

	assert_int_equal(endpoint_parse(&a.endpoint, text, strlen(text)), 0);
	return a;
}

static inline struct io_address at_path(const char *name)
{
	struct io_address a = {.path = ""};

	snprintf(a.path, sizeof(a.path), "%s/%s", dir, name);
	return a;
}

static inline void server_init(struct server *s, const struct io_address *at)
{
	*s = (struct server){.left = 1};
	assert_int_equal(io_listen(loop, at, on_accept, s, &s->listener), 0);
}

static inline void server_fini(struct server *s)
{
	for (unsigned i = 0; i < s->count; i++)
		io_sock_close(s->accepted[i]);
	io_listener_free(s->listener);
}

static inline int client_connect(struct client *c, const struct server *s)
{
	struct io_address at;

	*c = (struct client){.left = 1};
	io_listener_address(s->listener, &at);
	return io_sock_connect(loop, &at, on_ready, c, &c->sock);
}

static inline void wait_ready(struct client *c, unsigned want)
{
	c->left = 1;
	c->seen = 0;
	io_sock_set_handler(c->sock, on_ready, c);
	io_sock_want(c->sock, want);
	assert_true(looprun_until(loop, looprun_zero, &c->left));
}

/* A connected pair: `c` at the near end, `far` at the accepted one. */
static inline void pair_init(struct server *s, struct client *c, struct client *far,
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

static inline bool ten_passes(void *ctx)
{
	io_loop_again(loop);
	return ++*(int *)ctx == 10;
}

#endif
