/* How much memory the system gives this process: the limits of its control groups (cgroups(7)). */
#ifndef CULVERT_IO_MEMLIMIT_H
#define CULVERT_IO_MEMLIMIT_H

#include <stddef.h>

/*
 * The least limit in bytes on the way from the process's group to the root, of version 2 (memory.max and memory.high)
 * or 1 (memory.limit_in_bytes); 0: there is none, or it cannot be read. `root` stands before all paths: "", except
 * in tests.
 */
size_t memlimit_read(const char *root);

#endif
