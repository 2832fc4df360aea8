#include "app/options.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/txt.h"

static const char *const level_names[] = {"error", "warn", "info", "debug", "trace"};
static const char *const format_names[] = {"text", "json"};

static_assert(LOG_TRACE == ARRAY_LEN(level_names) - 1, "names in the order of enum log_level");
static_assert(LOGSINK_JSON == ARRAY_LEN(format_names) - 1, "in the order of enum logsink_format");

#define FAIL(o, ...) (snprintf((o)->reason, sizeof((o)->reason), __VA_ARGS__), ERR_SYNTAX)

/* The index of `value` among `names`, or -1. */
static int find_name(const char *value, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (txt_equal_nocase(txt_str(value), names[i]))
			return (int)i;
	}
	return -1;
}

static int set_level(struct options *o, const char *from, const char *value)
{
	int i = find_name(value, level_names, ARRAY_LEN(level_names));

	if (txt_equal_nocase(txt_str(value), "warning"))
		i = LOG_WARN;
	if (i < 0)
		return FAIL(o, "%s: expected error, warn, info, debug or trace", from);
	o->level = (enum log_level)i;
	o->has_level = true;
	return 0;
}

static int set_format(struct options *o, const char *from, const char *value)
{
	int i = find_name(value, format_names, ARRAY_LEN(format_names));

	if (i < 0)
		return FAIL(o, "%s: expected text or json", from);
	o->format = (enum logsink_format)i;
	o->has_format = true;
	return 0;
}

static int set_config(struct options *o, const char *from, const char *value)
{
	if (!*value)
		return FAIL(o, "%s: expected the path of a file", from);
	o->config = value;
	return 0;
}

/* Of wireproxy. */
static int refuse_info(struct options *o, const char *from, const char *value)
{
	(void)value;
	return FAIL(o, "%s: there is no status listener yet; leave the option out, and send SIGUSR1 to "
		    "log the state", from);
}

/* -v, -s, -d, -n and -i are wireproxy's. */
static const struct option {
	const char *name;
	char letter, other_letter;	/* 0: none */
	int (*set)(struct options *o, const char *from, const char *value);
	size_t flag;			/* of a bool of struct options, without `set` */
} known[] = {
	{"--config", 'c', 0, set_config, 0},
	{"--log-level", 0, 0, set_level, 0},
	{"--log-format", 0, 0, set_format, 0},
	{"--info", 'i', 0, refuse_info, 0},
	{"--once", 0, 0, NULL, offsetof(struct options, once)},
	{"--help", 'h', 0, NULL, offsetof(struct options, help)},
	{"--version", 'V', 'v', NULL, offsetof(struct options, version)},
	{"--silent", 's', 0, NULL, offsetof(struct options, silent)},
	{"--daemon", 'd', 0, NULL, offsetof(struct options, daemon)},
	{"--configtest", 'n', 0, NULL, offsetof(struct options, configtest)},
};

static int unknown_option(struct options *o, struct txt name)
{
	const char *names[ARRAY_LEN(known)];
	const char *nearest;

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		names[i] = known[i].name;
	nearest = txt_nearest(name, names, ARRAY_LEN(known));
	return FAIL(o, "unknown option %.*s%s%s%s", (int)(name.left < 40 ? name.left : 40), name.p,
		    nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
}

/* One option; its value is `attached` or the next argument: how many arguments it took. */
static int take_known(struct options *o, char **argv, const struct option *option,
		      const char *name, const char *attached)
{
	const char *value = attached ? attached : argv[1];
	int err;

	if (!option->set) {
		if (attached)
			return FAIL(o, "%s takes no value", name);
		*(bool *)((char *)o + option->flag) = true;
		return 1;
	}
	if (!value)
		return FAIL(o, "%s needs a value", name);
	err = option->set(o, name, value);
	if (err)
		return err;
	return attached ? 1 : 2;
}

static int take_long(struct options *o, char **argv)
{
	struct txt rest = txt_str(argv[0]), name = rest;
	const char *attached = NULL;

	if (txt_until(&rest, '=', &name))
		attached = rest.p;
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		if (txt_equal(name, known[i].name))
			return take_known(o, argv, &known[i], known[i].name, attached);
	}
	return unknown_option(o, name);
}

/* The option at argv[0]: how many arguments it took, or an error. */
static int take_option(struct options *o, char **argv)
{
	const char *arg = argv[0];
	const char name[] = {'-', arg[1], '\0'};

	if (arg[1] == '-')
		return take_long(o, argv);
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		if (arg[1] != known[i].letter && arg[1] != known[i].other_letter)
			continue;
		/* Letters are not joined: -sd is no option. */
		if (!known[i].set && arg[2])
			break;
		return take_known(o, argv, &known[i], name, arg[2] ? arg + 2 : NULL);
	}
	return unknown_option(o, txt_str(arg));
}

static bool takes_file(const char *command)
{
	return strcmp(command, "up") == 0 || strcmp(command, "check") == 0;
}

static int take_operand(struct options *o, const char *arg)
{
	if (!o->command) {
		o->command = arg;
		return 0;
	}
	if (takes_file(o->command) && !o->config)
		return set_config(o, o->command, arg);
	if (o->operand || strcmp(o->command, "help") != 0)
		return FAIL(o, "unexpected argument \"%.64s\"", arg);
	o->operand = arg;
	return 0;
}

int options_parse(struct options *o, char **argv)
{
	bool options_end = false;

	*o = (struct options){.level = LOG_INFO};
	argv += *argv != NULL;
	while (*argv) {
		bool is_run = o->command && strcmp(o->command, "run") == 0;
		int taken = 1, err = 0;

		if (!options_end && strcmp(*argv, "--") == 0) {
			options_end = true;
		} else if (!options_end && argv[0][0] == '-' && argv[0][1]) {
			taken = take_option(o, argv);
			err = taken < 0 ? taken : 0;
		} else if (is_run) {
			break;
		} else {
			err = take_operand(o, *argv);
		}
		if (err)
			return err;
		argv += taken;
	}
	o->argv = argv;
	return 0;
}

int options_apply_env(struct options *o, const char *(*get_env)(const char *name))
{
	const char *config = get_env("CULVERT_CONFIG");
	const char *level = get_env("CULVERT_LOG_LEVEL");
	const char *format = get_env("CULVERT_LOG_FORMAT");
	int err = 0;

	if (!o->config && config && *config)
		o->config = config;
	if (o->silent && !o->has_level) {
		o->level = LOG_ERROR;
		o->has_level = true;
	}
	if (!o->has_level && level && *level)
		err = set_level(o, "CULVERT_LOG_LEVEL", level);
	if (!err && !o->has_format && format && *format)
		err = set_format(o, "CULVERT_LOG_FORMAT", format);
	return err;
}
