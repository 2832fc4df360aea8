#include "app/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd_check.h"
#include "app/cmd_demo.h"
#include "app/cmd_keys.h"
#include "app/cmd_run.h"
#include "app/cmd_up.h"
#include "base/compiler.h"
#include "base/txt.h"
#include "crypto/system.h"

static int cmd_version(const struct options *o);
static int cmd_help(const struct options *o);

#define CONFIG_TEXT \
	"  -c, --config FILE   wireproxy or wg-quick file; - is standard input. Without it:\n" \
	"                      CULVERT_CONFIG, else all settings from CULVERT_* variables\n"
#define LOG_TEXT \
	"  --log-level LEVEL   error, warn, info, debug or trace (CULVERT_LOG_LEVEL)\n" \
	"  --log-format FORMAT text or json (CULVERT_LOG_FORMAT)\n"

static const struct command {
	const char *name, *usage, *summary, *details;
	int (*run)(const struct options *o);
} commands[] = {
	{"up", "[-c FILE]", "run the node in the foreground",
	 CONFIG_TEXT LOG_TEXT
	 "SIGTERM and SIGINT end it after up to 10 s of grace; SIGUSR1 logs its state.\n",
	 cmd_up},
	{"run", "[-c FILE] [--] COMMAND [ARGUMENT...]",
	 "start a node, run COMMAND with the proxy variables set, end with its code",
	 CONFIG_TEXT LOG_TEXT
	 "Exit code 125: culvert failed; 126: COMMAND cannot be executed; 127: not found.\n",
	 cmd_run},
	{"demo", "[--once]", "a whole mesh on loopback, fetched through; ends with Ctrl-C",
	 "  --once              end after the fetch, with 0 or 4\n" LOG_TEXT, cmd_demo},
	{"check", "[-c FILE]", "say what is wrong with the configuration; exit 0 or 1",
	 CONFIG_TEXT, cmd_check},
	{"genkey", "", "print a new private key", "", cmd_genkey},
	{"pubkey", "", "read a private key, print its public key", "", cmd_pubkey},
	{"genpsk", "", "print a new preshared key", "", cmd_genpsk},
	{"version", "", "print the version", "", cmd_version},
	{"help", "[COMMAND]", "print this, or more about COMMAND", "", cmd_help},
};

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	}
	return NULL;
}

static void print_overview(FILE *out)
{
	fputs("culvert: a WireGuard node without privileges, behind a SOCKS5 and HTTP proxy\n\n"
	      "usage: culvert COMMAND [OPTION...]\n\n", out);
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		fprintf(out, "  %-9s %s\n", commands[i].name, commands[i].summary);
	fputs("\nculvert help COMMAND tells more; the manual page is culvert(1).\n", out);
}

static void print_command(FILE *out, const struct command *c)
{
	fprintf(out, "usage: culvert %s %s\n%s\n%s", c->name, c->usage, c->summary, c->details);
}

static int unknown_command(const char *name)
{
	const char *names[ARRAY_LEN(commands)];
	const char *nearest;

	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		names[i] = commands[i].name;
	nearest = txt_nearest(txt_str(name), names, ARRAY_LEN(commands));
	fprintf(stderr, "culvert: unknown command \"%.64s\"", name);
	if (nearest)
		fprintf(stderr, "; did you mean %s?", nearest);
	fputs("\nTry \"culvert help\".\n", stderr);
	return EXIT_USAGE;
}

static int cmd_version(const struct options *o)
{
	(void)o;
	puts("culvert " CULVERT_VERSION);
	return EXIT_OK;
}

static int cmd_help(const struct options *o)
{
	const struct command *c = o->operand ? find_command(o->operand) : NULL;

	if (c)
		print_command(stdout, c);
	else if (o->operand)
		return unknown_command(o->operand);
	else
		print_overview(stdout);
	return EXIT_OK;
}

/* getenv without its char *. */
static const char *get_env(const char *name)
{
	return getenv(name);
}

static int run_command(const struct options *o)
{
	const struct command *c;

	if (o->version)
		return cmd_version(o);
	if (!o->command && !o->help) {
		print_overview(stderr);
		return EXIT_USAGE;
	}
	c = o->command ? find_command(o->command) : NULL;
	if (o->command && !c)
		return unknown_command(o->command);
	if (o->help) {
		if (c)
			print_command(stdout, c);
		else
			print_overview(stdout);
		return EXIT_OK;
	}
	if (crypto_init() < 0) {
		fputs("culvert: the cryptographic libraries cannot be used\n", stderr);
		return EXIT_RUNTIME;
	}
	return c->run(o);
}

int commands_main(char **argv)
{
	struct options o;
	int code;

	if (options_parse(&o, argv) < 0 || options_apply_env(&o, get_env) < 0) {
		fprintf(stderr, "culvert: %s\nTry \"culvert help\".\n", o.reason);
		return EXIT_USAGE;
	}
	code = run_command(&o);
	/* What was printed counts only if it arrived. */
	if (fflush(stdout) != 0 && code == EXIT_OK)
		code = EXIT_RUNTIME;
	return code;
}
