/* A client of a SOCKS or mixed listener up to the moment its stream is open. Then a relay takes over. */
#ifndef CULVERT_FRONT_SOCKS_SESSION_H
#define CULVERT_FRONT_SOCKS_SESSION_H

#include "front/conn.h"
#include "io/sock.h"

/* A connection to the service of `g`. Takes `sock` over. */
void socks_session_start(struct conn_group *g, struct io_sock *sock);
/* The same, where the first byte tells whether the client speaks SOCKS or HTTP. */
void mixed_session_start(struct conn_group *g, struct io_sock *sock);

#endif
