/* The hosts file (hosts(5)): addresses by name. */
#ifndef CULVERT_IO_HOSTS_H
#define CULVERT_IO_HOSTS_H

#include <stddef.h>

#include "base/addr.h"
#include "base/compiler.h"
#include "base/txt.h"

/*
 * The addresses that `text`, the contents of a hosts file, gives to `name` (without regard to
 * case), in the order of its lines: at most `max` into `out`, and how many. Lines that make no
 * sense are skipped, as the C library does.
 */
size_t hosts_lookup(struct txt text, const char *name, struct addr *out, size_t max);

/* The same with the file at `path`; one that cannot be read holds nothing. */
size_t hosts_lookup_file(const char *path, const char *name, struct addr *out, size_t max);

#endif
