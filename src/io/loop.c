/*
 * Theory of operation
 *
 * One pass of the loop is: wait in libevent (EVLOOP_ONCE) and run the handlers of what is ready,
 * run the timers that are due, call the flush hook, arm the clock for the next deadline. The clock
 * is read by whichever handler comes first after the wait, so `now` neither is from before the
 * wait nor moves within a pass.
 *
 * Timers are kept here and not in libevent because they are deadlines in boot time: libevent's run
 * on CLOCK_MONOTONIC, which stops while the machine sleeps, and at millisecond grain. One timerfd
 * on CLOCK_BOOTTIME stands for the earliest deadline. It is edge-triggered, so that it need not be
 * read, and it is set only when a deadline comes before the one it is set for: most deadlines move
 * later all the time, and one early wakeup costs less than a system call for each move.
 *
 * Due timers are collected first and run after, so one that sets itself to a time in the past runs
 * once a pass and cannot keep the loop from its sockets.
 */
#include "io/loop_private.h"

#include <assert.h>
#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/heap.h"
#include "base/list.h"
#include "base/log.h"
#include "io/hangup.h"
#include "io/sock_private.h"

struct io_loop {
	struct event_base *base;
	struct io_hangup *hangup;
	struct event *clock_event;
	int clock_fd;
	struct boot_time armed;		/* what clock_fd is set for, or BOOT_NEVER */
	struct boot_time now;
	uint64_t pass;
	bool entered;			/* `now` belongs to this pass */
	bool again;
	bool stopped;
	io_fn flush;
	void *flush_ctx;
	struct heap timers;
	size_t timer_count;
	struct list due;		/* collected in this pass, not yet run */
};

struct io_timer {
	struct io_loop *loop;
	struct heap_entry entry;
	struct list due_link;
	io_fn fn;
	void *ctx;
};

struct io_signal {
	struct io_loop *loop;
	struct event *event;
	io_signal_fn fn;
	void *ctx;
};

static struct boot_time boot_time_read(void)
{
	struct timespec ts;

	/* Cannot fail: the clock exists since Linux 2.6.39 and the pointer is valid. */
	(void)clock_gettime(CLOCK_BOOTTIME, &ts);
	return (struct boot_time){(uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec};
}

struct wall_time io_wall_now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_REALTIME, &ts);
	return (struct wall_time){(uint64_t)ts.tv_sec, (uint32_t)ts.tv_nsec};
}

/* libevent's own remarks can name destinations, so they stay out of the default level. */
static void on_libevent_log(int severity, const char *text)
{
	(void)severity;
	log_debug("libevent: %s", text);
}

static void on_clock(evutil_socket_t fd, short what, void *ctx)
{
	struct io_loop *loop = ctx;

	(void)fd;
	(void)what;
	io_loop_enter(loop);
	loop->armed = BOOT_NEVER;
}

static bool io_loop_open_clock(struct io_loop *loop)
{
	loop->clock_fd = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
	if (loop->clock_fd < 0)
		return false;
	loop->clock_event = event_new(loop->base, loop->clock_fd, EV_READ | EV_PERSIST | EV_ET,
				      on_clock, loop);
	return loop->clock_event && event_add(loop->clock_event, NULL) == 0;
}

static struct event_base *event_base_open(void)
{
	struct event_config *config = event_config_new();
	struct event_base *base = NULL;

	if (!config)
		return NULL;
	if (event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK) == 0 &&
	    event_config_set_flag(config, EVENT_BASE_FLAG_IGNORE_ENV) == 0 &&
	    event_config_set_flag(config, EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST) == 0 &&
	    event_config_require_features(config, EV_FEATURE_ET) == 0)
		base = event_base_new_with_config(config);
	event_config_free(config);
	return base;
}

struct io_loop *io_loop_new(void)
{
	struct io_loop *loop = calloc(1, sizeof(*loop));

	if (!loop)
		return NULL;
	/* A write to a closed pipe is an error code here, never the end of the process. */
	(void)signal(SIGPIPE, SIG_IGN);
	event_set_log_callback(on_libevent_log);
	loop->clock_fd = -1;
	loop->armed = BOOT_NEVER;
	loop->now = boot_time_read();
	heap_init(&loop->timers);
	list_init(&loop->due);
	loop->base = event_base_open();
	if (loop->base)
		loop->hangup = io_hangup_new(loop, io_sock_ends);
	if (!loop->hangup || !io_loop_open_clock(loop)) {
		io_loop_free(loop);
		return NULL;
	}
	return loop;
}

void io_loop_free(struct io_loop *loop)
{
	if (!loop)
		return;
	assert(loop->timer_count == 0);
	io_hangup_free(loop->hangup);
	if (loop->clock_event)
		event_free(loop->clock_event);
	if (loop->clock_fd >= 0)
		(void)close(loop->clock_fd);
	if (loop->base)
		event_base_free(loop->base);
	heap_fini(&loop->timers);
	free(loop);
}

struct event_base *io_loop_base(struct io_loop *loop)
{
	return loop->base;
}

struct io_hangup *io_loop_hangup(struct io_loop *loop)
{
	return loop->hangup;
}

void io_loop_enter(struct io_loop *loop)
{
	struct boot_time now;

	if (loop->entered)
		return;
	loop->entered = true;
	now = boot_time_read();
	if (now.ns > loop->now.ns)
		loop->now = now;
}

uint64_t io_loop_pass(const struct io_loop *loop)
{
	return loop->pass;
}

struct boot_time io_loop_now(const struct io_loop *loop)
{
	return loop->now;
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

void io_loop_stop(struct io_loop *loop)
{
	loop->stopped = true;
}

static void io_loop_run_timers(struct io_loop *loop)
{
	struct heap_entry *entry;
	struct list *link;

	while ((entry = heap_pop_due(&loop->timers, loop->now))) {
		struct io_timer *timer = CONTAINER_OF(entry, struct io_timer, entry);

		entry->at = BOOT_NEVER;
		list_push_back(&loop->due, &timer->due_link);
	}
	while ((link = list_pop_front(&loop->due))) {
		struct io_timer *timer = LIST_ENTRY(link, struct io_timer, due_link);

		timer->fn(timer->ctx);
	}
}

/* Sees to it that the wait ends at the earliest deadline. 0 or ERR_IO. */
static int io_loop_arm(struct io_loop *loop)
{
	struct boot_time deadline = heap_deadline(&loop->timers);
	struct itimerspec spec = {.it_interval = {0, 0}};

	if (boot_reached(loop->now, deadline)) {
		loop->again = true;
		return 0;
	}
	if (deadline.ns >= loop->armed.ns)
		return 0;
	/* It may have come while the pass ran: then the wait ends without the clock. */
	if (boot_reached(boot_time_read(), deadline)) {
		loop->again = true;
		return 0;
	}
	spec.it_value.tv_sec = (time_t)(deadline.ns / NS_PER_S);
	spec.it_value.tv_nsec = (long)(deadline.ns % NS_PER_S);
	if (timerfd_settime(loop->clock_fd, TFD_TIMER_ABSTIME, &spec, NULL) < 0)
		return ERR_IO;
	loop->armed = deadline;
	return 0;
}

/* Waits, then runs the handlers of what is ready. 0 or ERR_IO. */
static int io_loop_dispatch(struct io_loop *loop)
{
	int flags = loop->again ? EVLOOP_ONCE | EVLOOP_NONBLOCK : EVLOOP_ONCE;

	loop->again = false;
	loop->entered = false;
	loop->pass++;
	/* 1 would mean "no events": the clock is always one. */
	if (event_base_loop(loop->base, flags) != 0)
		return ERR_IO;
	io_loop_enter(loop);
	return 0;
}

int io_loop_run(struct io_loop *loop)
{
	int err;

	while (!loop->stopped) {
		err = io_loop_arm(loop);
		if (!err)
			err = io_loop_dispatch(loop);
		if (err)
			return err;
		io_loop_run_timers(loop);
		if (loop->flush)
			loop->flush(loop->flush_ctx);
	}
	loop->stopped = false;
	return 0;
}

struct io_timer *io_timer_new(struct io_loop *loop, io_fn fn, void *ctx)
{
	struct io_timer *timer;

	if (heap_reserve(&loop->timers, loop->timer_count + 1))
		return NULL;
	timer = calloc(1, sizeof(*timer));
	if (!timer)
		return NULL;
	loop->timer_count++;
	timer->loop = loop;
	timer->entry.at = BOOT_NEVER;
	list_init(&timer->due_link);
	timer->fn = fn;
	timer->ctx = ctx;
	return timer;
}

void io_timer_free(struct io_timer *timer)
{
	if (!timer)
		return;
	list_remove(&timer->due_link);
	heap_remove(&timer->loop->timers, &timer->entry);
	timer->loop->timer_count--;
	free(timer);
}

void io_timer_set(struct io_timer *timer, struct boot_time at)
{
	if (list_linked(&timer->due_link))
		list_remove(&timer->due_link);
	else if (timer->entry.at.ns == at.ns)
		return;
	heap_set(&timer->loop->timers, &timer->entry, at);
}

static void on_signal(evutil_socket_t signo, short what, void *ctx)
{
	struct io_signal *s = ctx;

	(void)what;
	io_loop_enter(s->loop);
	s->fn(s->ctx, (int)signo);
}

struct io_signal *io_signal_new(struct io_loop *loop, int signo, io_signal_fn fn, void *ctx)
{
	struct io_signal *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->loop = loop;
	s->fn = fn;
	s->ctx = ctx;
	s->event = event_new(loop->base, signo, EV_SIGNAL | EV_PERSIST, on_signal, s);
	if (!s->event || event_add(s->event, NULL) < 0) {
		if (s->event)
			event_free(s->event);
		free(s);
		return NULL;
	}
	return s;
}

void io_signal_free(struct io_signal *s)
{
	if (!s)
		return;
	event_free(s->event);
	free(s);
}
