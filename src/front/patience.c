#include "front/patience.h"

#include <assert.h>

#include "base/err.h"

static void look_again(struct patience *p)
{
	io_timer_set(p->timer, boot_add_ms(p->last, PATIENCE_LOOK_MS));
}

static void on_timer(void *ctx)
{
	struct patience *p = ctx;
	struct boot_time now = io_loop_now(p->loop);
	uint64_t step_ms = boot_since_ms(now, p->last);
	struct list *l, *next;

	/* How much of a late step was spent frozen is not known: none of it counts. */
	p->step_ms = step_ms > PATIENCE_LOOK_MS + PATIENCE_LATE_MS ? 0 : (uint32_t)step_ms;
	p->last = now;
	/* A look ends its own object at most. */
	for (l = p->waits.next; l != &p->waits; l = next) {
		struct patience_wait *w = LIST_ENTRY(l, struct patience_wait, link);

		next = l->next;
		w->kind->look(w);
	}
	if (!list_empty(&p->waits))
		look_again(p);
}

int patience_init(struct patience *p, struct io_loop *loop,
		  bool (*path_up)(void *ctx, const struct net_stream *s), void *ctx)
{
	*p = (struct patience){.loop = loop, .path_up = path_up, .ctx = ctx};
	list_init(&p->waits);
	list_init(&p->stalled);
	p->timer = io_timer_new(loop, on_timer, p);
	return p->timer ? 0 : ERR_NOMEM;
}

void patience_fini(struct patience *p)
{
	assert(!p->timer || list_empty(&p->waits));
	io_timer_free(p->timer);
	p->timer = NULL;
}

void patience_enter(struct patience *p, struct patience_wait *w, const struct patience_kind *kind)
{
	/* Time before it came does not count. */
	*w = (struct patience_wait){.patience = p, .kind = kind, .moved = true};
	list_init(&w->link);
	list_init(&w->stalled);
	if (!p)
		return;
	if (list_empty(&p->waits)) {
		p->last = io_loop_now(p->loop);
		look_again(p);
	}
	list_push_back(&p->waits, &w->link);
}

void patience_leave(struct patience_wait *w)
{
	list_remove(&w->link);
	list_remove(&w->stalled);
}

bool patience_cut_off(const struct patience_wait *w, const struct net_stream *s)
{
	return s && w->patience && !w->patience->path_up(w->patience->ctx, s);
}

uint32_t patience_count(struct patience_wait *w, const struct net_stream *s)
{
	struct patience *p = w->patience;

	if (w->moved)
		w->waited_ms = 0;
	else if (!patience_cut_off(w, s) && w->waited_ms <= UINT32_MAX - p->step_ms)
		w->waited_ms += p->step_ms;
	w->moved = false;
	return w->waited_ms;
}

void patience_note_drained(struct patience_wait *w, const struct net_stream *s,
			   const struct io_sock *sock)
{
	size_t unacked = s ? net_stream_unacked(s) : 0, unsent = io_sock_unsent(sock);

	if (unacked != w->unacked || unsent != w->unsent)
		w->moved = true;
	w->unacked = unacked;
	w->unsent = unsent;
}

void patience_set_stalled(struct patience_wait *w, bool stalled)
{
	if (stalled == list_linked(&w->stalled))
		return;
	if (stalled)
		list_push_back(&w->patience->stalled, &w->stalled);
	else
		list_remove(&w->stalled);
}

void patience_ended(struct patience_wait *w, enum patience_reason reason)
{
	w->patience->ended[reason]++;
}

bool patience_make_room(struct patience *p, const void *group)
{
	struct list *l, *next;

	if (!p)
		return false;
	for (l = p->stalled.next; l != &p->stalled; l = next) {
		struct patience_wait *w = LIST_ENTRY(l, struct patience_wait, stalled);

		next = l->next;
		if (w->kind->give_way(w, group))
			return true;
	}
	return false;
}

const char *patience_reason_name(enum patience_reason reason)
{
	static const char *const names[PATIENCE_REASON_COUNT] = {
		[PATIENCE_HALF] = "half_closed",
		[PATIENCE_GONE] = "client_gone",
		[PATIENCE_IDLE] = "idle",
		[PATIENCE_STALLED] = "gave_way",
	};

	return names[reason];
}
