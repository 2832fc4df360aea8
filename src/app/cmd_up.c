/*
 * Theory of operation
 *
 * The node runs until a signal asks for its end. The first SIGTERM or SIGINT stops the listeners
 * and starts the grace period; the last connection's end, the end of the period or a second signal
 * ends the loop. All of these are an orderly end: exit code 0.
 */
#include "app/cmd_up.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "app/load.h"
#include "app/process.h"
#include "app/runner.h"

#define GRACE_MS 10000	/* within the 30 s that container runtimes leave before SIGKILL */

struct up {
	struct runner runner;
	struct io_signal *on_term, *on_int, *on_usr1;
	struct io_timer *grace;
	bool draining;
};

static void tunnel_up(void *ctx)
{
	struct up *up = ctx;

	log_info("the tunnel is up, %llu ms after the start",
		 (unsigned long long)runner_age_ms(&up->runner));
}

static void drained(void *ctx)
{
	struct up *up = ctx;

	io_loop_stop(up->runner.loop);
}

static void grace_ends(void *ctx)
{
	struct up *up = ctx;

	log_info("the grace period is over; connections that are still open are closed");
	io_loop_stop(up->runner.loop);
}

static void end_asked(void *ctx, int signo)
{
	struct up *up = ctx;

	(void)signo;
	if (up->draining) {
		io_loop_stop(up->runner.loop);
		return;
	}
	up->draining = true;
	log_info("ending: no new connections, open ones have %u s", GRACE_MS / 1000);
	io_timer_set(up->grace, boot_add_ms(io_loop_now(up->runner.loop), GRACE_MS));
	node_drain(up->runner.node);
}

static void status_asked(void *ctx, int signo)
{
	struct up *up = ctx;

	(void)signo;
	node_log_status(up->runner.node);
}

static void hold_status(int how)
{
	sigset_t ask;

	(void)sigemptyset(&ask);
	(void)sigaddset(&ask, SIGUSR1);
	(void)sigprocmask(how, &ask, NULL);
}

static bool watch(struct up *up)
{
	struct io_loop *loop = up->runner.loop;

	up->on_term = io_signal_new(loop, SIGTERM, end_asked, up);
	up->on_int = io_signal_new(loop, SIGINT, end_asked, up);
	up->on_usr1 = io_signal_new(loop, SIGUSR1, status_asked, up);
	up->grace = io_timer_new(loop, grace_ends, up);
	if (up->on_usr1)
		hold_status(SIG_UNBLOCK);
	return up->on_term && up->on_int && up->on_usr1 && up->grace;
}

static void unwatch(struct up *up)
{
	sigset_t ends;

	/* A late signal must not change how the process ends. */
	(void)sigemptyset(&ends);
	(void)sigaddset(&ends, SIGTERM);
	(void)sigaddset(&ends, SIGINT);
	(void)sigprocmask(SIG_BLOCK, &ends, NULL);
	if (up->grace)
		io_timer_free(up->grace);
	if (up->on_usr1)
		io_signal_free(up->on_usr1);
	if (up->on_int)
		io_signal_free(up->on_int);
	if (up->on_term)
		io_signal_free(up->on_term);
}

static int run_node(const struct node_config *config, int background)
{
	struct up up = {.draining = false};
	const struct node_callbacks callbacks = {tunnel_up, drained, &up};
	int code = runner_open(&up.runner, config, &callbacks);

	if (code)
		return code;
	if (!watch(&up)) {
		log_error("cannot watch signals");
		code = EXIT_RUNTIME;
	} else {
		process_drop_new_privileges();
		runner_log_listeners(&up.runner);
		if (background >= 0)
			process_ready(background);
		if (io_loop_run(up.runner.loop) < 0) {
			log_error("the event loop failed");
			code = EXIT_RUNTIME;
		}
	}
	unwatch(&up);
	runner_close(&up.runner);
	return code;
}

int cmd_up(const struct options *o)
{
	struct node_config config;
	int background = -1;
	int code;

	/* Who asks early is answered when there is a state to show; unhandled, the signal kills. */
	hold_status(SIG_BLOCK);
	load_init_log(o, LOG_INFO);
	/* Before the keys are read: locked memory stays behind in a fork. */
	if (o->daemon) {
		background = process_go_background();
		if (background < 0) {
			log_error("cannot go into the background: %s", strerror(errno));
			return EXIT_RUNTIME;
		}
	}
	process_prepare(NULL);
	code = load_config_logged(&config, o, false);
	if (!code)
		code = run_node(&config, background);
	node_config_fini(&config);
	return code;
}
