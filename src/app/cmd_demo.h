/* culvert demo: a whole mesh on loopback. */
#ifndef CULVERT_APP_CMD_DEMO_H
#define CULVERT_APP_CMD_DEMO_H

#include "app/options.h"

int cmd_demo(const struct options *o);

#endif
