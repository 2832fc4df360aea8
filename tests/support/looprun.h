/* Runs a loop until a condition holds; a test that waits in vain fails instead of hanging. */
#ifndef CULVERT_TESTS_SUPPORT_LOOPRUN_H
#define CULVERT_TESTS_SUPPORT_LOOPRUN_H

#include <stdbool.h>

#include "base/clock.h"
#include "io/loop.h"

#define LOOPRUN_LIMIT_MS 20000

struct looprun {
	struct io_loop *loop;
	bool (*done)(void *ctx);
	void *ctx;
	bool timed_out;
};

static inline void looprun_check(void *ctx)
{
	struct looprun *run = ctx;

	if (run->done(run->ctx))
		io_loop_stop(run->loop);
}

static inline void looprun_give_up(void *ctx)
{
	struct looprun *run = ctx;

	run->timed_out = true;
	io_loop_stop(run->loop);
}

/* Whether `done(ctx)` came true; it is asked after each pass. Takes the flush hook. */
static inline bool looprun_until(struct io_loop *loop, bool (*done)(void *ctx), void *ctx)
{
	struct looprun run = {loop, done, ctx, false};
	struct io_timer *limit = io_timer_new(loop, looprun_give_up, &run);
	bool ok;

	if (!limit)
		return false;
	io_timer_set(limit, boot_add_ms(io_loop_now(loop), LOOPRUN_LIMIT_MS));
	io_loop_set_flush(loop, looprun_check, &run);
	io_loop_again(loop);
	ok = io_loop_run(loop) == 0;
	io_loop_set_flush(loop, NULL, NULL);
	io_timer_free(limit);
	return ok && !run.timed_out;
}

/* A condition for looprun_until: the counter that `ctx` points to has reached zero. */
static inline bool looprun_zero(void *ctx)
{
	return *(const int *)ctx <= 0;
}

#endif
