/* Inner view of io_hostdns for its tests. */
#ifndef CULVERT_IO_HOSTDNS_PRIVATE_H
#define CULVERT_IO_HOSTDNS_PRIVATE_H

#include "io/hostdns.h"

/* Reads other files than the host's; both strings must outlive `dns`. */
void io_hostdns_set_paths(struct io_hostdns *dns, const char *resolv_conf, const char *hosts);

#endif
