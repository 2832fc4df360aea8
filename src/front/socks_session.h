/*
 * A client of a SOCKS or mixed listener up to the moment its stream is open, and clients of
 * plain forwards. Then a relay takes over.
 */
#ifndef CULVERT_FRONT_SOCKS_SESSION_H
#define CULVERT_FRONT_SOCKS_SESSION_H

#include "front/conn.h"
#include "io/sock.h"

/* A connection to the listener of `g` (its config says which kind). Takes `sock` over. */
void session_start(struct conn_group *g, struct io_sock *sock);

#endif
