/* What a process does to itself, and to the programs that it starts. */
#ifndef CULVERT_APP_PROCESS_H
#define CULVERT_APP_PROCESS_H

#include <signal.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "base/compiler.h"

/* What we changed for ourselves and a program that we start must not inherit. */
struct process_saved {
	struct rlimit descriptors, core;
	sigset_t mask;
	bool ignored_pipe;	/* SIGPIPE was ignored before us */
};

/*
 * No core dump and no debugger of the same user sees our keys; SIGPIPE is an error of write; the
 * descriptor limit goes up to the hard limit. `saved` may be NULL.
 */
void process_prepare(struct process_saved *saved);
/* No program that we start gains privileges, nor do we. Not before a command of the user's. */
void process_drop_new_privileges(void);

/*
 * Goes on in a child of a session of its own; the parent ends with 0 as soon as the child is ready,
 * or with the child's exit code when it ends before. In the child: the argument of process_ready, or
 * -1 when out of processes.
 */
CULVERT_MUST_USE int process_go_background(void);
/* Lets the parent end, and standard input, output and error go. */
void process_ready(int report);

/* Whether the signal is ignored, as nohup(1) leaves it. */
bool process_ignores(int signo);

/* Ends this process when its parent `parent` does: called in a new child. */
void process_die_with(pid_t parent, int signo);

/*
 * Starts `argv` in a child that dies with us. The pid, or -1 with `*error_number` (errno of fork
 * or execvp) and nothing left behind. Blocks until the program runs.
 */
CULVERT_MUST_USE pid_t process_spawn(char *const *argv, const struct process_saved *saved,
				     int *error_number);

/* Whether the file of a command exists, in PATH unless it names a folder. */
bool process_finds(const char *command);

/* Sends signals of terminals and supervisors on to `child`, but for those that it gets anyway. */
void process_forward_signals(pid_t child);
/* No child any more. */
void process_forward_stop(void);

#endif
