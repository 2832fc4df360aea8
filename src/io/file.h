/* Small files of the host, read whole. */
#ifndef CULVERT_IO_FILE_H
#define CULVERT_IO_FILE_H

#include <stddef.h>

/*
 * The first `max` bytes of the regular file at `path`, without an end mark; the caller frees them.
 * NULL with `*len` 0: it is empty, is no regular file, or cannot be read.
 */
char *file_read(const char *path, size_t max, size_t *len);

/*
 * Reads at most `max` bytes into `out`, without an end mark, of a regular file whose length the system does not
 * tell (/proc, /sys). How many; 0: it is empty, is no regular file, or cannot be read.
 */
size_t file_read_into(const char *path, char *out, size_t max);

#endif
