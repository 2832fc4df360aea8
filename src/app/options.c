#include "app/options.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/txt.h"

static const char *const option_names[] = {
	"--config", "--log-level", "--log-format", "--once", "--help", "--version",
};
static const char *const level_names[] = {"error", "warn", "info", "debug", "trace"};
static const char *const format_names[] = {"text", "json"};

_Static_assert(LOG_TRACE == ARRAY_LEN(level_names) - 1, "names in the order of enum log_level");
_Static_assert(LOGSINK_JSON == ARRAY_LEN(format_names) - 1, "in the order of enum logsink_format");

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

static int unknown_option(struct options *o, struct txt name)
{
	const char *nearest = txt_nearest(name, option_names, ARRAY_LEN(option_names));

	return FAIL(o, "unknown option %.*s%s%s%s", (int)(name.left < 40 ? name.left : 40), name.p,
		    nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
}

/* An option with a value, `attached` or the next argument: how many arguments it took. */
static int take_value(struct options *o, char **argv, const char *name, const char *attached,
		      int (*set)(struct options *o, const char *from, const char *value))
{
	const char *value = attached ? attached : argv[1];
	int err;

	if (!value)
		return FAIL(o, "%s needs a value", name);
	err = set(o, name, value);
	if (err)
		return err;
	return attached ? 1 : 2;
}

static int take_flag(struct options *o, bool *flag, const char *name, const char *attached)
{
	if (attached)
		return FAIL(o, "%s takes no value", name);
	*flag = true;
	return 1;
}

static int take_long(struct options *o, char **argv)
{
	struct txt rest = txt_str(argv[0]), name = rest;
	const char *attached = NULL;

	if (txt_until(&rest, '=', &name))
		attached = rest.p;
	if (txt_equal(name, "--config"))
		return take_value(o, argv, "--config", attached, set_config);
	if (txt_equal(name, "--log-level"))
		return take_value(o, argv, "--log-level", attached, set_level);
	if (txt_equal(name, "--log-format"))
		return take_value(o, argv, "--log-format", attached, set_format);
	if (txt_equal(name, "--once"))
		return take_flag(o, &o->once, "--once", attached);
	if (txt_equal(name, "--help"))
		return take_flag(o, &o->help, "--help", attached);
	if (txt_equal(name, "--version"))
		return take_flag(o, &o->version, "--version", attached);
	return unknown_option(o, name);
}

/* The option at argv[0]: how many arguments it took, or an error. */
static int take_option(struct options *o, char **argv)
{
	const char *arg = argv[0];

	if (arg[1] == '-')
		return take_long(o, argv);
	if (arg[1] == 'c')
		return take_value(o, argv, "-c", arg[2] ? arg + 2 : NULL, set_config);
	if (strcmp(arg, "-h") == 0)
		return take_flag(o, &o->help, "-h", NULL);
	if (strcmp(arg, "-V") == 0)
		return take_flag(o, &o->version, "-V", NULL);
	return unknown_option(o, txt_str(arg));
}

static int take_operand(struct options *o, const char *arg)
{
	if (!o->command) {
		o->command = arg;
		return 0;
	}
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
	if (!o->has_level && level && *level)
		err = set_level(o, "CULVERT_LOG_LEVEL", level);
	if (!err && !o->has_format && format && *format)
		err = set_format(o, "CULVERT_LOG_FORMAT", format);
	return err;
}
