/* What the other files of io/ need from sockets. */
#ifndef CULVERT_IO_SOCK_PRIVATE_H
#define CULVERT_IO_SOCK_PRIVATE_H

/* An io_hangup_fn: `sock` is a struct io_sock. */
void io_sock_ends(void *sock, unsigned ends);

#endif
