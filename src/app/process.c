/*
 * Theory of operation
 *
 * The command of `culvert run` stays in our process group and session, so that job control works as
 * if it had been started directly. A signal that the terminal sends goes to the whole group and
 * so reaches the command without us; only one that some process has sent to us is sent on. The two
 * differ in si_code. Sending on happens in the handler itself: kill is async-signal-safe.
 *
 * The command dies when we are killed (PR_SET_PDEATHSIG). exec resets our signal handlers; what it
 * keeps (ignored signals, limits, the mask) is put back by hand.
 */
#include "app/process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/txt.h"
#include "io/sock.h"

static const int forwarded[] = {
	SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH, SIGALRM,
};

static volatile sig_atomic_t forward_to;

bool process_ignores(int signo)
{
	struct sigaction old;

	return sigaction(signo, NULL, &old) == 0 && old.sa_handler == SIG_IGN;
}

void process_prepare(struct process_saved *saved)
{
	struct process_saved unused;

	if (!saved)
		saved = &unused;
	getrlimit(RLIMIT_NOFILE, &saved->descriptors);
	getrlimit(RLIMIT_CORE, &saved->core);
	sigprocmask(SIG_SETMASK, NULL, &saved->mask);
	saved->ignored_pipe = process_ignores(SIGPIPE);
	signal(SIGPIPE, SIG_IGN);
	io_raise_descriptor_limit();
	/* The limit stops core files; core handlers that are programs only heed the other. */
	setrlimit(RLIMIT_CORE, &(struct rlimit){0, saved->core.rlim_max});
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void process_drop_new_privileges(void)
{
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/* In the parent: ends as the child's start does. */
static CULVERT_NORETURN void follow(pid_t child, int report)
{
	int status = 0;
	char ready;
	ssize_t n;

	do {
		n = read(report, &ready, sizeof(ready));
	} while (n < 0 && errno == EINTR);
	if (n == 1)
		_exit(0);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

int process_go_background(void)
{
	int report[2];
	pid_t child;

	if (pipe2(report, O_CLOEXEC) < 0)
		return -1;
	child = fork();
	if (child < 0) {
		close(report[0]);
		close(report[1]);
		return -1;
	}
	if (child > 0) {
		close(report[1]);
		follow(child, report[0]);
	}
	close(report[0]);
	setsid();
	return report[1];
}

void process_ready(int report)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = STDIN_FILENO; null >= 0 && fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
	if (null > STDERR_FILENO)
		close(null);
	if (write(report, "", 1) < 0)
		_exit(1);
	close(report);
}

void process_die_with(pid_t parent, int signo)
{
	prctl(PR_SET_PDEATHSIG, signo, 0, 0, 0);
	/* It may have died before. */
	if (getppid() != parent)
		_exit(1);
}

/* In the child: becomes `argv`, or tells why not through `report`. */
static CULVERT_NORETURN void become(char *const *argv, const struct process_saved *saved,
				    pid_t parent, int report)
{
	int number;

	process_die_with(parent, SIGKILL);
	setrlimit(RLIMIT_NOFILE, &saved->descriptors);
	setrlimit(RLIMIT_CORE, &saved->core);
	if (!saved->ignored_pipe)
		signal(SIGPIPE, SIG_DFL);
	/* A signal between here and exec must not run a handler of the parent's. */
	for (size_t i = 0; i < ARRAY_LEN(forwarded); i++) {
		if (!process_ignores(forwarded[i]))
			signal(forwarded[i], SIG_DFL);
	}
	signal(SIGCHLD, SIG_DFL);
	sigprocmask(SIG_SETMASK, &saved->mask, NULL);
	execvp(argv[0], argv);
	number = errno;
	if (write(report, &number, sizeof(number)) < 0)
		_exit(2);
	_exit(1);
}

pid_t process_spawn(char *const *argv, const struct process_saved *saved, int *error_number)
{
	pid_t parent = getpid(), child;
	sigset_t all, mask;
	int report[2];
	ssize_t n;

	if (pipe2(report, O_CLOEXEC) < 0) {
		*error_number = errno;
		return -1;
	}
	/* Until exec, our handlers would run in the child. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &mask);
	child = fork();
	if (child == 0)
		become(argv, saved, parent, report[1]);
	*error_number = errno;
	close(report[1]);
	n = child < 0 ? 0 : read(report[0], error_number, sizeof(*error_number));
	close(report[0]);
	if (n > 0) {
		waitpid(child, NULL, 0);
		child = -1;
	}
	sigprocmask(SIG_SETMASK, &mask, NULL);
	return child;
}

bool process_finds(const char *command)
{
	const char *path = getenv("PATH");
	struct txt rest = txt_str(path ? path : ""), folder;
	char file[PATH_MAX];
	bool last = false;

	if (strchr(command, '/'))
		return access(command, F_OK) == 0 || errno == EACCES;
	while (!last) {
		int len;

		last = !txt_until(&rest, ':', &folder);
		if (last)
			folder = rest;
		len = snprintf(file, sizeof(file), "%.*s%s%s", (int)folder.left, folder.p,
			       folder.left ? "/" : "", command);
		if (len > 0 && (size_t)len < sizeof(file) && access(file, F_OK) == 0)
			return true;
	}
	return false;
}

static void forward(int signo, siginfo_t *info, void *context)
{
	int number = errno;

	(void)context;
	if (forward_to > 0 && info->si_code <= 0)
		kill(forward_to, signo);
	errno = number;
}

void process_forward_signals(pid_t child)
{
	struct sigaction action = {.sa_flags = SA_SIGINFO | SA_RESTART};

	action.sa_sigaction = forward;
	sigfillset(&action.sa_mask);
	forward_to = child;
	for (size_t i = 0; i < ARRAY_LEN(forwarded); i++) {
		if (!process_ignores(forwarded[i]))
			sigaction(forwarded[i], &action, NULL);
	}
}

void process_forward_stop(void)
{
	forward_to = 0;
}
