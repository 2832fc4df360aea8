/* The environment's part in the configuration: variables named CULVERT_*. */
#ifndef CULVERT_APP_ENV_H
#define CULVERT_APP_ENV_H

#include <stdbool.h>

#include "app/problem.h"

/* Whether a variable is set that configures a node, so that no file is needed. */
bool env_configures(char *const *environment);

/* Warns of variables that look like a misspelt one of ours. */
void env_check_names(char *const *environment, struct problems *problems);

/* Removes the variables that hold secrets, for programs that we start. */
void env_remove_secrets(void);

#endif
