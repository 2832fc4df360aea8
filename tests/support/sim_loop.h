/* Stands in for io/loop: timers in simulated time, which passes only when the test lets it. */
#ifndef CULVERT_TESTS_SUPPORT_SIM_LOOP_H
#define CULVERT_TESTS_SUPPORT_SIM_LOOP_H

#include <stdlib.h>

#include "base/list.h"
#include "io/loop.h"

struct io_loop {
	struct boot_time now;
	struct list timers;	/* those due at one time: in the order in which they were set */
};

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

void io_loop_again(struct io_loop *loop)
{
	(void)loop;
}

struct io_timer *io_timer_new(struct io_loop *loop, io_fn fn, void *ctx)
{
	struct io_timer *t = calloc(1, sizeof(*t));

	if (!t)
		abort();
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
	loop->now = (struct boot_time){1000 * NS_PER_S};
	list_init(&loop->timers);
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

static inline void sim_loop_pass_ms(struct io_loop *loop, uint64_t ms)
{
	struct boot_time until = boot_add_ms(loop->now, ms);

	while (sim_loop_step(loop, until))
		;
	loop->now = until;
}

#endif
