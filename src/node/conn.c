#include "node/conn.h"

#include <stdlib.h>

#include "base/err.h"

struct linger {
	struct conn conn;
	struct io_sock *sock;
	struct io_timer *timer;
	size_t discarded;
};

void conn_group_init(struct conn_group *g, struct io_loop *loop, unsigned max)
{
	*g = (struct conn_group){.loop = loop, .max = max};
	list_init(&g->conns);
}

void conn_group_kill(struct conn_group *g)
{
	while (!list_empty(&g->conns)) {
		struct conn *c = LIST_ENTRY(g->conns.next, struct conn, link);

		c->kill(c);
	}
}

void conn_group_drain(struct conn_group *g)
{
	struct list todo, *n;

	g->draining = true;
	/* Each may free itself or put another one, a linger, in its place. */
	list_init(&todo);
	while ((n = list_pop_front(&g->conns)))
		list_push_back(&todo, n);
	while ((n = list_pop_front(&todo))) {
		struct conn *c = LIST_ENTRY(n, struct conn, link);

		list_push_back(&g->conns, n);
		if (c->drain)
			c->drain(c);
	}
}

static void update_listener(struct conn_group *g)
{
	if (g->listener && !g->draining)
		io_listener_pause(g->listener, g->open >= g->max + CONN_OVERFLOW_MAX);
}

void conn_enter(struct conn *c, struct conn_group *g, void (*kill)(struct conn *c))
{
	c->group = g;
	c->kill = kill;
	c->placed = false;
	list_push_back(&g->conns, &c->link);
	g->open++;
	update_listener(g);
}

void conn_leave(struct conn *c)
{
	struct conn_group *g = c->group;

	list_remove(&c->link);
	g->open--;
	if (c->placed)
		g->placed--;
	update_listener(g);
	if (g->on_leave)
		g->on_leave(g->ctx);
}

bool conn_take_place(struct conn *c)
{
	struct conn_group *g = c->group;

	if (!c->placed && g->placed < g->max) {
		c->placed = true;
		g->placed++;
	}
	return c->placed;
}

void conn_pass_place(struct conn *from, struct conn *to)
{
	to->placed = from->placed;
	from->placed = false;
}

static void linger_free(struct linger *l)
{
	io_timer_free(l->timer);
	io_sock_close(l->sock);
	conn_leave(&l->conn);
	free(l);
}

static void linger_kill(struct conn *c)
{
	linger_free(CONTAINER_OF(c, struct linger, conn));
}

static void on_linger_timer(void *ctx)
{
	linger_free(ctx);
}

static void on_linger_ready(void *ctx, unsigned ready)
{
	struct linger *l = ctx;
	char discard[4096];
	ssize_t len = io_sock_read(l->sock, discard, sizeof(discard));

	(void)ready;
	if (len > 0)
		l->discarded += (size_t)len;
	if (len == 0 || (len < 0 && len != ERR_AGAIN) || l->discarded > CONN_LINGER_BYTES)
		linger_free(l);
}

void conn_linger(struct conn_group *g, struct io_sock *sock)
{
	struct linger *l = calloc(1, sizeof(*l));
	struct io_timer *timer = l ? io_timer_new(g->loop, on_linger_timer, l) : NULL;

	if (!timer) {
		free(l);
		io_sock_close(sock);
		return;
	}
	l->sock = sock;
	l->timer = timer;
	io_sock_shutdown(sock);
	conn_enter(&l->conn, g, linger_kill);
	io_sock_set_handler(sock, on_linger_ready, l);
	io_sock_want(sock, IO_READ);
	io_timer_set(timer, boot_add_ms(io_loop_now(g->loop), CONN_LINGER_MS));
}
