#include "app/load.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/host.h"
#include "app/summary.h"
#include "base/err.h"
#include "conf/env.h"

/* Where wireproxy looks, in its order. */
#define DEFAULT_SYSTEM "/etc/wireproxy/wireproxy.conf"
#define DEFAULT_HOME "/.config/wireproxy.conf"

static void no_configuration(struct problems *problems)
{
	problem_add(problems, PROBLEM_ERROR, &(struct place){.file = NULL},
		    "no configuration: name a file with -c FILE or CULVERT_CONFIG, or set "
		    "CULVERT_PRIVATE_KEY, CULVERT_ADDRESS, CULVERT_PEER_PUBLIC_KEY and "
		    "CULVERT_PEER_ENDPOINT (see culvert(1)); " DEFAULT_SYSTEM " and "
		    "~" DEFAULT_HOME " are not there");
}

const char *load_default_path(void)
{
	static char path[PATH_MAX];
	const char *home = getenv("HOME");
	int len;

	if (access(DEFAULT_SYSTEM, F_OK) == 0)
		return DEFAULT_SYSTEM;
	len = snprintf(path, sizeof(path), "%s" DEFAULT_HOME, home ? home : "");
	if (!home || len < 0 || (size_t)len >= sizeof(path) || access(path, F_OK) < 0)
		return NULL;
	return path;
}

int load_config(struct node_config *out, const struct options *o, bool free_port,
		struct config_facts *facts, struct problems *problems)
{
	struct config_request request = {
		.host = host_system(), .path = o->config, .free_port = free_port,
	};
	int err;

	node_config_init(out);
	problems_init(problems);
	if (!request.path && !env_configures(environ))
		request.path = load_default_path();
	if (!request.path && !env_configures(environ)) {
		no_configuration(problems);
		return EXIT_CONFIG;
	}
	env_check_names(environ, problems);
	err = config_load(out, &request, facts, problems);
	if (err == ERR_NOMEM)
		problem_add(problems, PROBLEM_ERROR, &(struct place){.file = request.path},
			    "out of memory");
	return err ? EXIT_CONFIG : EXIT_OK;
}

static void log_line(void *ctx, const char *label, const char *text)
{
	(void)ctx;
	log_info("%s: %s", label, text);
}

int load_config_logged(struct node_config *out, const struct options *o, bool free_port)
{
	struct config_facts facts = {.path = NULL};
	struct problems problems;
	int code = load_config(out, o, free_port, &facts, &problems);

	for (size_t i = 0; i < problems.count; i++)
		log_write(problems.items[i].kind == PROBLEM_ERROR ? LOG_ERROR : LOG_WARN, "%s",
			  problems.items[i].text);
	if (problems.dropped)
		log_error("%zu more problems are not shown", problems.dropped);
	problems_fini(&problems);
	if (!code && facts.path)
		log_info("configuration: %s", facts.path);
	if (!code)
		summary_tell_network(out, log_line, NULL);
	if (!code && facts.default_listener)
		log_info("no listener is configured: a SOCKS5 and HTTP proxy listens on "
			 "127.0.0.1:1080");
	return code;
}

void load_init_log(const struct options *o, enum log_level level)
{
	logsink_init(o->has_format ? o->format : LOGSINK_TEXT, o->has_level ? o->level : level);
}
