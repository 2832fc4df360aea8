/*
 * The event loop (libevent behind this one wrapper), timers and signals. One thread. io/ may call
 * its users back; a callback does its work from the loop, never from inside another callback.
 *
 * Each wakeup reads the clock once (io_loop_now), runs the handlers of what is ready, and then
 * calls the flush hook once, where the owner drains what the handlers have queued.
 */
#ifndef CULVERT_IO_LOOP_H
#define CULVERT_IO_LOOP_H

#include <stdbool.h>

#include "base/clock.h"
#include "base/compiler.h"

struct io_loop;
struct io_timer;
struct io_signal;

typedef void (*io_fn)(void *ctx);
typedef void (*io_signal_fn)(void *ctx, int signo);

/*
 * NULL when the system refuses. All objects of a loop must be freed before it. Whoever is called by a timer, a
 * signal or a socket may free that one and any other; what is freed is not called any more.
 */
struct io_loop *io_loop_new(void);
void io_loop_free(struct io_loop *loop);

/* Boot time as of this wakeup. */
struct boot_time io_loop_now(const struct io_loop *loop);
/* Wall time, read from the clock: TAI64N and log lines only. */
struct wall_time io_wall_now(void);

/* Called once after each wakeup's handlers. */
void io_loop_set_flush(struct io_loop *loop, io_fn flush, void *ctx);
/* Makes the next wait return at once, so that handlers and flush run again. */
void io_loop_again(struct io_loop *loop);
/* Runs until io_loop_stop. 0 or ERR_IO. */
CULVERT_MUST_USE int io_loop_run(struct io_loop *loop);
void io_loop_stop(struct io_loop *loop);

/* A one-shot timer, unset at first. Boot-time deadlines, suspend included. NULL: out of memory. */
struct io_timer *io_timer_new(struct io_loop *loop, io_fn fn, void *ctx);
void io_timer_free(struct io_timer *timer);
/* Sets or moves the deadline; BOOT_NEVER unsets it. Cheap when unchanged. */
void io_timer_set(struct io_timer *timer, struct boot_time at);

/* Delivers `signo` to the loop until freed. */
struct io_signal *io_signal_new(struct io_loop *loop, int signo, io_signal_fn fn, void *ctx);
void io_signal_free(struct io_signal *signal);

#endif
