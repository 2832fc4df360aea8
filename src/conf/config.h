/*
 * From a configuration file and the environment to a checked node_config. Everything is checked
 * before anything starts, and every problem is reported.
 */
#ifndef CULVERT_CONF_CONFIG_H
#define CULVERT_CONF_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "conf/problem.h"
#include "conf/value.h"
#include "node/config.h"

struct config_request {
	const struct config_host *host;
	const char *path;	/* "-": standard input; NULL: the environment alone */
	/* One proxy on a free port of loopback instead of those configured: the last listener. */
	bool free_port;
};

/* What was decided beyond the configuration's text. */
struct config_facts {
	const char *path;	/* the file; NULL: the environment alone */
	bool default_listener;	/* no listener was configured, so a proxy on loopback was added */
};

/*
 * Reads, checks and fills in `out`, which the caller frees with node_config_fini in all cases.
 * `problems`, sorted, holds what was found. 0; ERR_INVAL when it holds errors; ERR_NOMEM. Needs
 * crypto_init.
 */
CULVERT_MUST_USE int config_load(struct node_config *out, const struct config_request *request,
				 struct config_facts *facts, struct problems *problems);

#endif
