/* Keys of WireGuard's relatives that stand in files which people have. */
#ifndef CULVERT_CONF_FOREIGN_H
#define CULVERT_CONF_FOREIGN_H

#include <stdbool.h>

#include "base/txt.h"
#include "conf/problem.h"

/*
 * Whether the key is one of them. What it means here goes to `problems`, once for each kind of key:
 * `told` remembers it, and starts as 0. A value that asks for nothing is accepted without a word.
 */
bool foreign_apply(struct problems *problems, const struct place *at, struct txt name,
		   struct txt value, unsigned *told);

#endif
