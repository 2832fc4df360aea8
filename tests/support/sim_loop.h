/* Stands in for io/loop: timers in simulated time, which passes only when the test lets it. */
#ifndef CULVERT_TESTS_SUPPORT_SIM_LOOP_H
#define CULVERT_TESTS_SUPPORT_SIM_LOOP_H

#include <stdbool.h>
#include <stdlib.h>

#include "base/list.h"
#include "io/loop.h"

struct io_loop {
	struct boot_time now;
	struct list timers;	/* those due at one time: in the order in which they were set */
	io_fn flush;
	void *flush_ctx;
	bool again;
};

/* The one whose time the wall clock follows, so far ahead of it. */
static const struct io_loop *sim_loop;
static uint64_t sim_wall_ahead_s = 1700000000;

struct io_timer {
	struct list link;
	struct io_loop *loop;
	struct boot_time at;
	io_fn fn;
	void *ctx;
};

struct boot_time io_loop_now(const struct io_loop *loop)
{
	return loop->now;
}

struct wall_time io_wall_now(void)
{
	return (struct wall_time){sim_wall_ahead_s + sim_loop->now.ns / NS_PER_S,
				  (uint32_t)(sim_loop->now.ns % NS_PER_S)};
}

void io_loop_set_flush(struct io_loop *loop, io_fn flush, void *ctx)
{
	loop->flush = flush;
	loop->flush_ctx = ctx;
}

void io_loop_again(struct io_loop *loop)
{
	loop->again = true;
}

struct io_timer *io_timer_new(struct io_loop *loop, io_fn fn, void *ctx)
{
	struct io_timer *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	*t = (struct io_timer){.loop = loop, .at = BOOT_NEVER, .fn = fn, .ctx = ctx};
	list_push_back(&loop->timers, &t->link);
	return t;
}

void io_timer_free(struct io_timer *t)
{
	if (!t)
		return;
	list_remove(&t->link);
	free(t);
}

void io_timer_set(struct io_timer *t, struct boot_time at)
{
	t->at = at;
	list_remove(&t->link);
	list_push_back(&t->loop->timers, &t->link);
}

static inline void sim_loop_init(struct io_loop *loop)
{
	*loop = (struct io_loop){.now = {1000 * NS_PER_S}};
	list_init(&loop->timers);
	sim_loop = loop;
}

/* The timer that is due first, or NULL when there is none. */
static inline struct io_timer *sim_loop_next(const struct io_loop *loop)
{
	struct io_timer *next = NULL;

	for (struct list *l = loop->timers.next; l != &loop->timers; l = l->next) {
		struct io_timer *t = LIST_ENTRY(l, struct io_timer, link);

		if (!next || t->at.ns < next->at.ns)
			next = t;
	}
	return next;
}

/* Runs the next timer at its time, if that is not after `until`. */
static inline bool sim_loop_step(struct io_loop *loop, struct boot_time until)
{
	struct io_timer *t = sim_loop_next(loop);

	if (!t || t->at.ns > until.ns)
		return false;
	if (t->at.ns > loop->now.ns)
		loop->now = t->at;
	t->at = BOOT_NEVER;
	t->fn(t->ctx);
	return true;
}

/* What io/loop does once the wait is over and the handlers have run: timers that are due now, then the flush. */
static inline void sim_loop_pass(struct io_loop *loop)
{
	struct list due, *l, *next;

	list_init(&due);
	loop->again = false;
	for (l = loop->timers.next; l != &loop->timers; l = next) {
		struct io_timer *t = LIST_ENTRY(l, struct io_timer, link);

		next = l->next;
		if (t->at.ns > loop->now.ns)
			continue;
		list_remove(l);
		list_push_back(&due, l);
	}
	while ((l = list_pop_front(&due))) {
		struct io_timer *t = LIST_ENTRY(l, struct io_timer, link);

		list_push_back(&loop->timers, l);
		if (t->at.ns > loop->now.ns)
			continue;
		t->at = BOOT_NEVER;
		t->fn(t->ctx);
	}
	if (loop->flush)
		loop->flush(loop->flush_ctx);
}

static inline void sim_loop_pass_ms(struct io_loop *loop, uint64_t ms)
{
	struct boot_time until = boot_add_ms(loop->now, ms);

	while (sim_loop_step(loop, until))
		;
	loop->now = until;
}

#endif
