/* culvert up: the node in the foreground. */
#ifndef CULVERT_APP_CMD_UP_H
#define CULVERT_APP_CMD_UP_H

#include "app/options.h"

int cmd_up(const struct options *o);

#endif
