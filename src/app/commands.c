#include "app/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/cmd_check.h"
#include "app/cmd_demo.h"
#include "app/cmd_keys.h"
#include "app/cmd_run.h"
#include "app/cmd_up.h"
#include "app/load.h"
#include "base/compiler.h"
#include "base/txt.h"
#include "crypto/system.h"

static int cmd_version(const struct options *o);
static int cmd_help(const struct options *o);

#define CONFIG_TEXT \
	"  -c, --config FILE   wireproxy or wg-quick file; - is standard input. Without it:\n" \
	"                      CULVERT_CONFIG, else all settings from CULVERT_* variables, else\n" \
	"                      /etc/wireproxy/wireproxy.conf, ~/.config/wireproxy.conf\n"
#define LOG_TEXT \
	"  --log-level LEVEL   error, warn, info, debug or trace (CULVERT_LOG_LEVEL)\n" \
	"  --log-format FORMAT text or json (CULVERT_LOG_FORMAT)\n"

static const struct command {
	const char *name, *usage, *summary, *details;
	int (*run)(const struct options *o);
} commands[] = {
	{"up", "[[-c] FILE]", "run the node in the foreground",
	 CONFIG_TEXT LOG_TEXT
	 "  -s, --silent        log errors only\n"
	 "  -d, --daemon        go into the background when everything listens; logs nothing then\n"
	 "  -n, --configtest    as check\n"
	 "SIGTERM and SIGINT end it after up to 10 s of grace; SIGUSR1 logs its state.\n",
	 cmd_up},
	{"run", "[-c FILE] [--] COMMAND [ARGUMENT...]",
	 "start a node, run COMMAND with the proxy variables set, end with its code",
	 CONFIG_TEXT LOG_TEXT
	 "ssh, psql, ping, Java, Node.js before 22.21 and many others ignore these variables: give\n"
	 "them a [TCPClientTunnel], or their own proxy setting.\n"
	 "Exit code 125: culvert failed; 126: COMMAND cannot be executed; 127: not found.\n",
	 cmd_run},
	{"demo", "[--once]", "a whole mesh on loopback, fetched through; ends with Ctrl-C",
	 "  --once              end after the fetch, with 0 or 4\n" LOG_TEXT, cmd_demo},
	{"check", "[[-c] FILE]", "say what is wrong with the configuration; exit 0 or 1",
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
	      "usage: culvert COMMAND [OPTION...]\n"
	      "       culvert FILE (or wireproxy's options): as culvert up\n\n", out);
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

/* What no command names a file: `culvert FILE`. */
static bool is_file(const char *name)
{
	size_t len = strlen(name);

	return strchr(name, '/') || access(name, F_OK) == 0 ||
	       (len > strlen(".conf") && strcmp(name + len - strlen(".conf"), ".conf") == 0);
}

/* Called as wireproxy is: options or a file without a command, or nothing at all. */
static void choose_command(struct options *o)
{
	if (o->help || o->version)
		return;
	if (o->command && !find_command(o->command) && !o->config && is_file(o->command)) {
		o->config = o->command;
		o->command = "up";
	}
	if (!o->command && (o->config || o->silent || o->daemon || o->configtest ||
			    load_default_path()))
		o->command = "up";
	if (o->configtest && o->command && strcmp(o->command, "up") == 0)
		o->command = "check";
}

/* An option of another command must not seem to do something here; NULL: there is none. */
static const char *misplaced_option(const struct options *o)
{
	bool up = strcmp(o->command, "up") == 0, check = strcmp(o->command, "check") == 0;

	if (o->once && strcmp(o->command, "demo") != 0)
		return "--once";
	if (o->daemon && !up && !(check && o->configtest))
		return "--daemon";
	if (o->configtest && !check)
		return "--configtest";
	return NULL;
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
	if (misplaced_option(o)) {
		fprintf(stderr, "culvert: %s does not belong to %s\nTry \"culvert help %s\".\n",
			misplaced_option(o), o->command, o->command);
		return EXIT_USAGE;
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
		/* Of a misspelt command the rest of the line cannot be judged. */
		if (o.command && !find_command(o.command) && !is_file(o.command))
			return unknown_command(o.command);
		fprintf(stderr, "culvert: %s\nTry \"culvert help\".\n", o.reason);
		return EXIT_USAGE;
	}
	choose_command(&o);
	code = run_command(&o);
	/* What was printed counts only if it arrived. */
	if (fflush(stdout) != 0 && code == EXIT_OK)
		code = EXIT_RUNTIME;
	return code;
}
