/* The configuration of a command: found, loaded, and its problems told. */
#ifndef CULVERT_APP_LOAD_H
#define CULVERT_APP_LOAD_H

#include <stdbool.h>

#include "app/options.h"
#include "base/compiler.h"
#include "conf/config.h"

/*
 * Fills in `out` and `problems`, which are to be freed in all cases: EXIT_OK or EXIT_CONFIG. Tells
 * nobody.
 */
CULVERT_MUST_USE int load_config(struct node_config *out, const struct options *o, bool free_port,
				 struct config_facts *facts, struct problems *problems);

/* The same, with the problems and what was understood as log lines. */
CULVERT_MUST_USE int load_config_logged(struct node_config *out, const struct options *o,
					bool free_port);

/* The file that wireproxy would take without being told one, or NULL. Static storage. */
const char *load_default_path(void);

/* Sends log lines to standard error, at `level` unless the options name one. */
void load_init_log(const struct options *o, enum log_level level);

#endif
