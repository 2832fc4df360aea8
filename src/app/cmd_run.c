/*
 * Theory of operation
 *
 *	wait	node and proxy are open; until the tunnel is up, ConnectTimeout at most
 *	run	the command runs, with the proxy's address in its environment; signals go to it
 *	end	it has ended: so does the node, at once, with the command's code
 *
 * The configured proxies are replaced by one on a free port of loopback; forwards and inbound ports
 * stay. The port has no password, since many programs cannot take one from these variables: other
 * users of the machine could use it while the command runs.
 */
#include "app/cmd_run.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "app/load.h"
#include "app/process.h"
#include "app/proxyenv.h"
#include "app/runner.h"
#include "conf/env.h"

struct run {
	struct runner runner;
	const struct process_saved *saved;
	char *const *argv;
	struct io_signal *on_term, *on_int, *on_hup, *on_child;
	struct io_timer *limit;
	pid_t child;	/* 0: not started, or ended */
	int code;
};

static void end(struct run *run, int code)
{
	run->code = code;
	io_loop_stop(run->runner.loop);
}

static void free_signal(struct io_signal **signal)
{
	if (*signal)
		io_signal_free(*signal);
	*signal = NULL;
}

static void free_end_signals(struct run *run)
{
	free_signal(&run->on_term);
	free_signal(&run->on_int);
	free_signal(&run->on_hup);
}

/* Before the command runs, these end the wait. */
static void end_asked(void *ctx, int signo)
{
	end(ctx, EXIT_RUN_SIGNAL + signo);
}

static void wait_ends(void *ctx)
{
	struct run *run = ctx;

	log_error("the tunnel did not come up within %u s (ConnectTimeout), so %s was not started",
		  run->runner.config->connect_timeout_ms / 1000, run->argv[0]);
	end(run, EXIT_RUN_FAILED);
}

static void child_ended(void *ctx, int signo)
{
	struct run *run = ctx;
	int status;

	(void)signo;
	if (run->child <= 0 || waitpid(run->child, &status, WNOHANG) != run->child)
		return;
	run->child = 0;
	process_forward_stop();
	if (WIFSIGNALED(status))
		end(run, EXIT_RUN_SIGNAL + WTERMSIG(status));
	else
		end(run, WEXITSTATUS(status));
}

static int code_of_errno(int number)
{
	switch (number) {
	case ENOENT:
	case ENOTDIR:
		return EXIT_RUN_NOT_FOUND;
	case EACCES:
	case EPERM:
	case ENOEXEC:
		return EXIT_RUN_NOT_EXECUTABLE;
	default:
		return EXIT_RUN_FAILED;
	}
}

static void start(struct run *run)
{
	int number = 0;

	run->child = process_spawn(run->argv, run->saved, &number);
	if (run->child < 0) {
		run->child = 0;
		/* A folder of PATH that cannot be searched is no reason to find nothing in. */
		if (number == EACCES && !process_finds(run->argv[0]))
			number = ENOENT;
		log_error("cannot start %s: %s", run->argv[0], strerror(number));
		end(run, code_of_errno(number));
		return;
	}
	process_drop_new_privileges();
	/* It may have ended before anybody listened. */
	child_ended(run, SIGCHLD);
}

static void tunnel_up(void *ctx)
{
	struct run *run = ctx;
	struct io_address at;
	sigset_t all, mask;

	if (run->child)
		return;
	log_info("the tunnel is up, %llu ms after the start",
		 (unsigned long long)runner_age_ms(&run->runner));
	io_timer_set(run->limit, BOOT_NEVER);
	node_listener_address(run->runner.node, run->runner.config->service_count - 1, &at);
	if (!proxyenv_set(at.endpoint.port)) {
		log_error("out of memory");
		end(run, EXIT_RUN_FAILED);
		return;
	}
	/* A signal in between waits, and then goes to the command. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &mask);
	free_end_signals(run);
	start(run);
	if (run->child)
		process_forward_signals(run->child);
	sigprocmask(SIG_SETMASK, &mask, NULL);
}

/* A signal that is ignored from outside stays ignored; out of memory shows in `watched`. */
static bool watch_end(struct run *run, struct io_signal **signal, int signo)
{
	if (process_ignores(signo))
		return true;
	*signal = io_signal_new(run->runner.loop, signo, end_asked, run);
	return *signal != NULL;
}

static bool watch(struct run *run)
{
	struct io_loop *loop = run->runner.loop;

	run->on_child = io_signal_new(loop, SIGCHLD, child_ended, run);
	run->limit = io_timer_new(loop, wait_ends, run);
	return run->on_child && run->limit && watch_end(run, &run->on_term, SIGTERM) &&
	       watch_end(run, &run->on_int, SIGINT) && watch_end(run, &run->on_hup, SIGHUP);
}

static void unwatch(struct run *run)
{
	free_end_signals(run);
	free_signal(&run->on_child);
	if (run->limit)
		io_timer_free(run->limit);
}

/* The loop has failed: the command would hang without its proxy. */
static void stop_child(struct run *run)
{
	if (!run->child)
		return;
	process_forward_stop();
	kill(run->child, SIGTERM);
	waitpid(run->child, NULL, 0);
	run->child = 0;
}

static int run_command(struct run *run, const struct node_config *config)
{
	const struct node_callbacks callbacks = {.tunnel_up = tunnel_up, .ctx = run};

	/* A misspelt command must not wait for the tunnel. */
	if (!process_finds(run->argv[0])) {
		log_error("cannot start %s: %s", run->argv[0], strerror(ENOENT));
		return EXIT_RUN_NOT_FOUND;
	}
	if (runner_open(&run->runner, config, &callbacks))
		return EXIT_RUN_FAILED;
	run->code = EXIT_RUN_FAILED;
	if (watch(run)) {
		runner_log_listeners(&run->runner);
		io_timer_set(run->limit, boot_add_ms(io_loop_now(run->runner.loop),
						     config->connect_timeout_ms));
		if (io_loop_run(run->runner.loop) < 0)
			log_error("the event loop failed");
		stop_child(run);
	} else {
		log_error("cannot watch signals");
	}
	unwatch(run);
	runner_close(&run->runner);
	return run->code;
}

int cmd_run(const struct options *o)
{
	struct process_saved saved;
	struct node_config config;
	struct run run = {.saved = &saved, .argv = o->argv};
	int code;

	load_init_log(o, LOG_WARN);
	if (!o->argv[0]) {
		fputs("culvert: run needs a command\nTry \"culvert help run\".\n", stderr);
		return EXIT_USAGE;
	}
	process_prepare(&saved);
	code = load_config_logged(&config, o, true);
	env_remove_secrets();
	code = code ? EXIT_RUN_FAILED : run_command(&run, &config);
	node_config_fini(&config);
	return code;
}
