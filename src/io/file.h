/* Small files of the host, read whole. */
#ifndef CULVERT_IO_FILE_H
#define CULVERT_IO_FILE_H

#include <stddef.h>

/*
 * The first `max` bytes of the regular file at `path`, without an end mark; the caller frees them.
 * NULL with `*len` 0: it is empty, is no regular file, or cannot be read.
 */
char *file_read(const char *path, size_t max, size_t *len);

#endif
