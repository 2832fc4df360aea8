/* The system behind a configuration: its environment and its files. */
#ifndef CULVERT_APP_HOST_H
#define CULVERT_APP_HOST_H

#include "conf/value.h"

/* Static storage. */
const struct config_host *host_system(void);

#endif
