/* The node's own part of a map, in one allocation. Internal to mesh/netmap. */
#ifndef CULVERT_MESH_NETMAP_SELF_H
#define CULVERT_MESH_NETMAP_SELF_H

#include <stdbool.h>

#include "mesh/netmap.h"

struct self_copy {
	struct netmap_self self;	/* its pointers are into this allocation: free() is enough */
};

/* NULL without memory. */
struct self_copy *self_copy_new(const struct netmap_self *self);
bool self_same_addresses(const struct self_copy *a, const struct self_copy *b);
bool self_same_names(const struct self_copy *a, const struct self_copy *b);

#endif
