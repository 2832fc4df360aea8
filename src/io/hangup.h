/*
 * Ends of sockets, watched beside libevent: its events tell of a reset only to somebody who wants
 * to read or write, and of an end again and again. This watch asks for nothing else, tells of each
 * once, and costs one system call in the life of a socket that has stopped reading.
 */
#ifndef CULVERT_IO_HANGUP_H
#define CULVERT_IO_HANGUP_H

#include <stdbool.h>

#include "io/loop.h"

struct io_hangup;

#define IO_HANGUP_END 1U	/* the other side has sent its end */
#define IO_HANGUP_BOTH 2U	/* both directions have ended */
#define IO_HANGUP_ERROR 4U	/* reset, or timed out */

/* `item` is what was given to io_hangup_add; `ends` a set of IO_HANGUP_*. */
typedef void (*io_hangup_fn)(void *item, unsigned ends);

/* NULL when the system refuses. */
struct io_hangup *io_hangup_new(struct io_loop *loop, io_hangup_fn fn);
void io_hangup_free(struct io_hangup *h);
/* Watches `fd` until io_hangup_remove, which comes before its close. False when out of memory. */
bool io_hangup_add(struct io_hangup *h, int fd, void *item);
void io_hangup_remove(struct io_hangup *h, int fd);

#endif
