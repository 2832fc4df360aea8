/* The environment's part in the configuration: variables named CULVERT_*. */
#ifndef CULVERT_CONF_ENV_H
#define CULVERT_CONF_ENV_H

#include <stdbool.h>

#include "conf/problem.h"
#include "conf/schema.h"

struct config_build;

/* Whether a variable is set that configures a node, so that no file is needed. */
bool env_configures(char *const *environment);

/* Warns of variables that look like a misspelt one of ours. */
void env_check_names(char *const *environment, struct problems *problems);

/* Removes the variables that hold secrets, for programs that we start. */
void env_remove_secrets(void);

/* --- parts of config_load --- */

/* Whether the environment replaces all listeners of this section. */
bool env_replaces(const struct config_build *b, enum schema_id id);
/* Peers and listeners that come from the environment; credentials and limits for all. */
void env_apply(struct config_build *b);

#endif
