/* Arrays that grow by one while a file is read. What they hold may be secret. */
#ifndef CULVERT_CONF_ARRAY_H
#define CULVERT_CONF_ARRAY_H

#include <stddef.h>

/*
 * Makes room for one more element behind `count` elements of `size` bytes: returns the storage to
 * use from now on (zeroed at `count`), or NULL when out of memory, and then `items` stays valid.
 * The capacity follows from `count`, so an array must only grow through this function. Storage
 * that is left behind is wiped.
 */
void *array_grow(void *items, size_t count, size_t size);

#endif
