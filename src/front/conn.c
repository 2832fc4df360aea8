#include "front/conn.h"

#include <stdlib.h>

#include "base/err.h"
#include "front/patience.h"
#include "proxy/guesses.h"

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
	list_init(&g->strangers);
}

static void kill_first(struct list *l)
{
	struct conn *c = LIST_ENTRY(l->next, struct conn, link);

	c->kill(c);
}

void conn_group_kill(struct conn_group *g)
{
	while (!list_empty(&g->conns))
		kill_first(&g->conns);
	conn_group_kill_strangers(g);
}

void conn_group_kill_strangers(struct conn_group *g)
{
	while (!list_empty(&g->strangers))
		kill_first(&g->strangers);
}

void conn_group_drain(struct conn_group *g)
{
	struct list todo, *n;

	g->draining = true;
	/* Each may free itself or put another one, a linger, in its place. */
	list_init(&todo);
	while ((n = list_pop_front(&g->conns)))
		list_push_back(&todo, n);
	while ((n = list_pop_front(&g->strangers)))
		list_push_back(&todo, n);
	while ((n = list_pop_front(&todo))) {
		struct conn *c = LIST_ENTRY(n, struct conn, link);

		list_push_back(c->placed ? &g->conns : &g->strangers, n);
		if (c->drain)
			c->drain(c);
	}
}

void conn_group_admit(struct conn_group *g)
{
	if (g->open < g->max + CONN_STRANGERS_MAX || list_empty(&g->strangers))
		return;
	g->displaced++;
	kill_first(&g->strangers);
}

void conn_enter(struct conn *c, struct conn_group *g, void (*kill)(struct conn *c))
{
	c->group = g;
	c->kill = kill;
	c->placed = false;
	list_push_back(&g->strangers, &c->link);
	g->open++;
}

void conn_leave(struct conn *c)
{
	struct conn_group *g = c->group;

	list_remove(&c->link);
	g->open--;
	if (c->placed)
		g->placed--;
	if (g->on_leave)
		g->on_leave(g->ctx);
}

static void set_placed(struct conn *c)
{
	c->placed = true;
	list_remove(&c->link);
	list_push_back(&c->group->conns, &c->link);
}

bool conn_take_place(struct conn *c)
{
	struct conn_group *g = c->group;

	if (c->placed)
		return true;
	if (g->placed >= g->max && !patience_make_room(g->patience, g))
		return false;
	g->placed++;
	set_placed(c);
	return true;
}

void conn_pass_place(struct conn *from, struct conn *to)
{
	if (!from->placed)
		return;
	from->placed = false;
	set_placed(to);
}

struct boot_time conn_wrong_login(struct conn *c, const struct io_sock *sock, unsigned nth)
{
	struct endpoint from;

	io_sock_peer(sock, &from);
	return guesses_wrong(c->group->guesses, io_loop_now(c->group->loop), &from.addr, nth);
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
