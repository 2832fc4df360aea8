/*
 * A client of an HTTP or mixed listener: drives proxy/http between its socket and the streams that
 * its requests need. After CONNECT or an upgrade a relay takes over.
 */
#ifndef CULVERT_FRONT_HTTP_SESSION_H
#define CULVERT_FRONT_HTTP_SESSION_H

#include <stddef.h>

#include "front/conn.h"
#include "io/sock.h"

/*
 * Serves `sock` on behalf of listener group `g` (g->config->has_auth, g->dial). `early` are bytes
 * that were already read. Takes `sock` over in every case.
 */
void http_session_start(struct conn_group *g, struct io_sock *sock, const void *early,
			size_t early_len);

#endif
