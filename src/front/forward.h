/* A client of a plain forward, until the stream to its target is open. Then a relay takes over. */
#ifndef CULVERT_FRONT_FORWARD_H
#define CULVERT_FRONT_FORWARD_H

#include "front/conn.h"
#include "io/sock.h"

/* A connection to the service of `g`, whose config names the target. Takes `sock` over. */
void forward_start(struct conn_group *g, struct io_sock *sock);

#endif
