/* culvert check: what is wrong with the configuration. */
#ifndef CULVERT_APP_CMD_CHECK_H
#define CULVERT_APP_CMD_CHECK_H

#include "app/options.h"

int cmd_check(const struct options *o);

#endif
