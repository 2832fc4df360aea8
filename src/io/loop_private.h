/* What the other files of io/ need from the loop. */
#ifndef CULVERT_IO_LOOP_PRIVATE_H
#define CULVERT_IO_LOOP_PRIVATE_H

#include <stdint.h>

#include "io/loop.h"

struct event_base;
struct io_hangup;

struct event_base *io_loop_base(struct io_loop *loop);
/* The watch for ends of this loop's sockets. */
struct io_hangup *io_loop_hangup(struct io_loop *loop);

/*
 * First thing in every libevent callback: the first one of a wakeup reads the clock, so that all
 * handlers of it see the time after the wait, and the same one.
 */
void io_loop_enter(struct io_loop *loop);
/* Which pass this is, from 1. */
uint64_t io_loop_pass(const struct io_loop *loop);

#endif
