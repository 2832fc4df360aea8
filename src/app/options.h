/* The command line and its counterpart in the environment. */
#ifndef CULVERT_APP_OPTIONS_H
#define CULVERT_APP_OPTIONS_H

#include <stdbool.h>

#include "app/logsink.h"
#include "base/compiler.h"
#include "base/log.h"

/* Exit codes, as in culvert(1). */
enum exit_code {
	EXIT_OK = 0,
	EXIT_CONFIG = 1,
	EXIT_USAGE = 2,
	EXIT_BIND = 3,
	EXIT_RUNTIME = 4,
	EXIT_RUN_FAILED = 125,		/* `run`: we failed */
	EXIT_RUN_NOT_EXECUTABLE = 126,	/* these three as shells and env(1) have them */
	EXIT_RUN_NOT_FOUND = 127,
	EXIT_RUN_SIGNAL = 128,
};

#define OPTIONS_REASON_MAX 192

struct options {
	const char *command;	/* NULL: none given */
	const char *config;	/* -c, or the FILE of `up` and `check` */
	bool has_level, has_format;
	enum log_level level;
	enum logsink_format format;
	bool help, version, once;
	bool silent, daemon, configtest;	/* wireproxy's -s, -d, -n */
	const char *operand;	/* `help COMMAND` */
	char **argv;		/* `run`: the command to start, NULL-terminated; may be empty */
	char reason[OPTIONS_REASON_MAX];	/* of a failed options_parse */
};

/*
 * Reads the arguments; pointers go into `argv`. Options may stand before and after the command's
 * name; of `run` only before the command to start. 0, or ERR_SYNTAX with `reason`.
 */
CULVERT_MUST_USE int options_parse(struct options *o, char **argv);

/*
 * Takes CULVERT_CONFIG, CULVERT_LOG_LEVEL and CULVERT_LOG_FORMAT where no option was given. 0, or
 * ERR_SYNTAX with `reason`.
 */
CULVERT_MUST_USE int options_apply_env(struct options *o, const char *(*get_env)(const char *name));

#endif
