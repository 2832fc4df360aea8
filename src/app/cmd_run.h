/* culvert run: a command behind a node of its own. */
#ifndef CULVERT_APP_CMD_RUN_H
#define CULVERT_APP_CMD_RUN_H

#include "app/options.h"

int cmd_run(const struct options *o);

#endif
