#include "io/loop.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "support/looprun.h"

struct probe {
	struct io_loop *loop;
	struct io_timer *timer;
	struct io_timer *other;
	int left;		/* runs still wanted */
	int runs;
	int order;		/* of the last run, from `*sequence` */
	int *sequence;
	struct boot_time at, seen;
};

static struct io_loop *loop;

static int set_up(void **state)
{
	(void)state;
	loop = io_loop_new();
	return loop ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	io_loop_free(loop);
	return 0;
}

static void on_probe(void *ctx)
{
	struct probe *p = ctx;

	p->left--;
	p->runs++;
	p->seen = io_loop_now(p->loop);
	if (p->sequence)
		p->order = ++*p->sequence;
}

static void probe_init(struct probe *p, int *sequence)
{
	*p = (struct probe){.loop = loop, .left = 1, .sequence = sequence};
	p->timer = io_timer_new(loop, on_probe, p);
	assert_non_null(p->timer);
}

static void probe_set(struct probe *p, uint64_t ms)
{
	p->at = boot_add_ms(io_loop_now(loop), ms);
	io_timer_set(p->timer, p->at);
}

static void test_timer_fires_once_at_its_deadline(void **state)
{
	struct probe p;

	(void)state;
	probe_init(&p, NULL);
	probe_set(&p, 5);
	assert_true(looprun_until(loop, looprun_zero, &p.left));
	assert_true(boot_reached(p.seen, p.at));
	p.left = 0;
	assert_true(looprun_until(loop, looprun_zero, &p.left));
	assert_int_equal(p.runs, 1);
	io_timer_free(p.timer);
}

static void test_timers_fire_in_order_of_deadline(void **state)
{
	static const unsigned ms[] = {9, 3, 6, 1, 12};
	static const int order[] = {4, 2, 3, 1, 5};
	struct probe p[ARRAY_LEN(ms)];
	int sequence = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ms); i++) {
		probe_init(&p[i], &sequence);
		probe_set(&p[i], ms[i]);
	}
	assert_true(looprun_until(loop, looprun_zero, &p[4].left));
	for (size_t i = 0; i < ARRAY_LEN(ms); i++) {
		assert_int_equal(p[i].order, order[i]);
		io_timer_free(p[i].timer);
	}
}

static void test_deadline_moves_and_unsets(void **state)
{
	struct probe early, late, never;

	(void)state;
	probe_init(&early, NULL);
	probe_init(&late, NULL);
	probe_init(&never, NULL);
	probe_set(&early, 60000);
	probe_set(&early, 1);
	probe_set(&late, 1);
	probe_set(&late, 8);
	probe_set(&never, 1);
	io_timer_set(never.timer, BOOT_NEVER);
	assert_true(looprun_until(loop, looprun_zero, &late.left));
	assert_int_equal(early.runs, 1);
	assert_true(boot_reached(late.seen, late.at));
	assert_int_equal(never.runs, 0);
	io_timer_free(early.timer);
	io_timer_free(late.timer);
	io_timer_free(never.timer);
}

static void on_repeat(void *ctx)
{
	struct probe *p = ctx;

	on_probe(p);
	io_timer_set(p->timer, (struct boot_time){1});
}

static bool ten_passes(void *ctx)
{
	return ++*(int *)ctx == 10;
}

static void test_timer_in_the_past_runs_once_a_pass(void **state)
{
	struct probe p = {.loop = loop};
	int passes = 0;

	(void)state;
	p.timer = io_timer_new(loop, on_repeat, &p);
	assert_non_null(p.timer);
	io_timer_set(p.timer, (struct boot_time){1});
	assert_true(looprun_until(loop, ten_passes, &passes));
	assert_int_equal(p.runs, 10);
	io_timer_free(p.timer);
}

static void on_free_other(void *ctx)
{
	struct probe *p = ctx;

	on_probe(p);
	io_timer_free(p->other);
	p->other = NULL;
}

static void test_handler_may_free_another_due_timer(void **state)
{
	struct probe victim, p = {.loop = loop, .left = 1};

	(void)state;
	probe_init(&victim, NULL);
	p.other = victim.timer;
	p.timer = io_timer_new(loop, on_free_other, &p);
	assert_non_null(p.timer);
	io_timer_set(p.timer, (struct boot_time){1});
	io_timer_set(victim.timer, (struct boot_time){2});
	assert_true(looprun_until(loop, looprun_zero, &p.left));
	assert_int_equal(victim.runs, 0);
	io_timer_free(p.timer);
}

static void on_postpone_other(void *ctx)
{
	struct probe *p = ctx;

	on_probe(p);
	io_timer_set(p->other, boot_add_ms(io_loop_now(loop), 2));
}

static void test_handler_may_postpone_another_due_timer(void **state)
{
	struct probe other, p = {.loop = loop, .left = 1};

	(void)state;
	probe_init(&other, NULL);
	p.other = other.timer;
	p.timer = io_timer_new(loop, on_postpone_other, &p);
	assert_non_null(p.timer);
	io_timer_set(p.timer, (struct boot_time){1});
	io_timer_set(other.timer, (struct boot_time){2});
	assert_true(looprun_until(loop, looprun_zero, &other.left));
	assert_true(boot_since_ms(other.seen, p.seen) >= 2);
	assert_int_equal(other.runs, 1);
	io_timer_free(other.timer);
	io_timer_free(p.timer);
}

static void on_arm_shorter(void *ctx)
{
	struct probe *p = ctx;

	on_probe(p);
	io_timer_set(p->other, boot_add_ms(io_loop_now(loop), 1));
}

static void test_a_deadline_before_the_armed_one_is_kept(void **state)
{
	struct probe shorter, longer, p = {.loop = loop, .left = 1};

	(void)state;
	probe_init(&shorter, NULL);
	probe_init(&longer, NULL);
	probe_set(&longer, 60000);
	p.other = shorter.timer;
	p.timer = io_timer_new(loop, on_arm_shorter, &p);
	assert_non_null(p.timer);
	io_timer_set(p.timer, boot_add_ms(io_loop_now(loop), 1));
	assert_true(looprun_until(loop, looprun_zero, &shorter.left));
	assert_int_equal(longer.runs, 0);
	io_timer_free(shorter.timer);
	io_timer_free(longer.timer);
	io_timer_free(p.timer);
}

static unsigned settings;	/* calls that set the clock */

/* In place of libc's. */
int timerfd_settime(int fd, int flags, const struct itimerspec *value, struct itimerspec *old)
{
	settings++;
	return (int)syscall(SYS_timerfd_settime, fd, flags, value, old);
}

static void on_postpone(void *ctx)
{
	struct probe *p = ctx;

	on_probe(p);
	io_timer_set(p->other, boot_add_ms(io_loop_now(loop), 60000));
	io_timer_set(p->timer, (struct boot_time){1});
}

static void test_a_deadline_that_moves_away_costs_no_system_call(void **state)
{
	struct probe other, p = {.loop = loop, .left = 100};

	(void)state;
	probe_init(&other, NULL);
	probe_set(&other, 60000);
	p.other = other.timer;
	p.timer = io_timer_new(loop, on_postpone, &p);
	assert_non_null(p.timer);
	io_timer_set(p.timer, (struct boot_time){1});
	settings = 0;
	assert_true(looprun_until(loop, looprun_zero, &p.left));
	/* What looprun_until gives up at. */
	assert_true(settings <= 1);
	io_timer_free(other.timer);
	io_timer_free(p.timer);
}

static void on_work_past_deadline(void *ctx)
{
	struct probe *p = ctx;
	struct timespec until = {.tv_nsec = 2 * (long)NS_PER_MS};

	on_probe(p);
	if (p->left == 0)
		return;
	io_timer_set(p->timer, boot_add_ns(io_loop_now(loop), NS_PER_MS));
	assert_int_equal(nanosleep(&until, NULL), 0);
}

static void test_a_deadline_that_the_pass_itself_has_reached_is_not_set(void **state)
{
	struct probe p = {.loop = loop, .left = 10};

	(void)state;
	p.timer = io_timer_new(loop, on_work_past_deadline, &p);
	assert_non_null(p.timer);
	io_timer_set(p.timer, (struct boot_time){1});
	settings = 0;
	assert_true(looprun_until(loop, looprun_zero, &p.left));
	assert_true(settings <= 1);
	assert_int_equal(p.runs, 10);
	io_timer_free(p.timer);
}

enum { MANY = 10000 };

static bool all_have_run(void *ctx)
{
	return *(const int *)ctx >= MANY;
}

static void test_many_timers_all_fire(void **state)
{
	struct probe *p = calloc(MANY, sizeof(*p));
	int sequence = 0;

	(void)state;
	assert_non_null(p);
	for (int i = 0; i < MANY; i++) {
		probe_init(&p[i], &sequence);
		probe_set(&p[i], (uint64_t)(i * 7 % 40));
	}
	assert_true(looprun_until(loop, all_have_run, &sequence));
	for (int i = 0; i < MANY; i++) {
		assert_int_equal(p[i].runs, 1);
		io_timer_free(p[i].timer);
	}
	free(p);
}

static bool stop_at_once(void *ctx)
{
	(void)ctx;
	return true;
}

static void test_now_moves_between_passes_and_not_within(void **state)
{
	struct boot_time before = io_loop_now(loop);
	struct probe a, b;

	(void)state;
	probe_init(&a, NULL);
	probe_init(&b, NULL);
	io_timer_set(a.timer, (struct boot_time){1});
	io_timer_set(b.timer, (struct boot_time){2});
	assert_true(looprun_until(loop, looprun_zero, &b.left));
	assert_true(a.seen.ns == b.seen.ns);
	assert_true(a.seen.ns == io_loop_now(loop).ns);
	assert_true(a.seen.ns > before.ns);
	io_timer_free(a.timer);
	io_timer_free(b.timer);
}

static void test_again_ends_the_next_wait(void **state)
{
	(void)state;
	/* looprun_until asks for it; without it, nothing would end the wait before the limit. */
	assert_true(looprun_until(loop, stop_at_once, NULL));
}

static void test_stop_before_run_is_kept(void **state)
{
	(void)state;
	io_loop_stop(loop);
	assert_int_equal(io_loop_run(loop), 0);
}

struct signal_probe {
	int left;
	int signo;
};

static void on_signal(void *ctx, int signo)
{
	struct signal_probe *p = ctx;

	p->left--;
	p->signo = signo;
}

static void test_signal_reaches_the_loop(void **state)
{
	struct signal_probe p = {1, 0};
	struct io_signal *s = io_signal_new(loop, SIGUSR1, on_signal, &p);

	(void)state;
	assert_non_null(s);
	assert_int_equal(raise(SIGUSR1), 0);
	assert_true(looprun_until(loop, looprun_zero, &p.left));
	assert_int_equal(p.signo, SIGUSR1);
	io_signal_free(s);
}

static void test_write_to_closed_pipe_is_an_error_only(void **state)
{
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	close(fds[0]);
	assert_int_equal(write(fds[1], "x", 1), -1);
	close(fds[1]);
}

static void test_wall_time_is_plausible(void **state)
{
	struct wall_time now = io_wall_now();

	(void)state;
	assert_true(now.s > UINT64_C(1600000000));
	assert_true(now.ns < NS_PER_S);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_timer_fires_once_at_its_deadline),
		cmocka_unit_test(test_timers_fire_in_order_of_deadline),
		cmocka_unit_test(test_deadline_moves_and_unsets),
		cmocka_unit_test(test_timer_in_the_past_runs_once_a_pass),
		cmocka_unit_test(test_handler_may_free_another_due_timer),
		cmocka_unit_test(test_handler_may_postpone_another_due_timer),
		cmocka_unit_test(test_a_deadline_before_the_armed_one_is_kept),
		cmocka_unit_test(test_a_deadline_that_moves_away_costs_no_system_call),
		cmocka_unit_test(test_a_deadline_that_the_pass_itself_has_reached_is_not_set),
		cmocka_unit_test(test_many_timers_all_fire),
		cmocka_unit_test(test_now_moves_between_passes_and_not_within),
		cmocka_unit_test(test_again_ends_the_next_wait),
		cmocka_unit_test(test_stop_before_run_is_kept),
		cmocka_unit_test(test_signal_reaches_the_loop),
		cmocka_unit_test(test_write_to_closed_pipe_is_an_error_only),
		cmocka_unit_test(test_wall_time_is_plausible),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
