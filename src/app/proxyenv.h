/* The variables that tell programs to use a proxy. */
#ifndef CULVERT_APP_PROXYENV_H
#define CULVERT_APP_PROXYENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

/*
 * Sets ALL_PROXY, HTTP_PROXY, HTTPS_PROXY and NO_PROXY, and the same in lower case, for a proxy on
 * `port` of 127.0.0.1 that speaks SOCKS5 and HTTP; and NODE_USE_ENV_PROXY. False when out of memory.
 */
CULVERT_MUST_USE bool proxyenv_set(uint16_t port);

/*
 * `list` (NULL: none) with the names of this machine that it does not hold yet, on the heap; NULL
 * when out of memory.
 */
char *proxyenv_extend(const char *list);

#endif
