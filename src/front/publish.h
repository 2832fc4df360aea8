/*
 * [TCPServerTunnel]: a port on our mesh addresses that leads to a local target. The SYN is answered
 * when the local target has accepted and reset when it refused, so a closed local port looks like a
 * closed port.
 */
#ifndef CULVERT_FRONT_PUBLISH_H
#define CULVERT_FRONT_PUBLISH_H

#include "base/compiler.h"
#include "front/conn.h"
#include "io/hostdns.h"
#include "link/tunnel.h"

struct publish;

/*
 * Listens inside the tunnel for the service of `g`, whose config names port and target. The pointers outlive it. 0,
 * ERR_EXISTS or ERR_NOMEM.
 */
CULVERT_MUST_USE int publish_new(struct conn_group *g, struct tunnel *tunnel, struct io_hostdns *dns,
				 struct publish **out);
/* Listens no more, and refuses who has not been answered. Connections that are open go on. */
void publish_stop(struct publish *p);
/* After the end of its group's connections. NULL is ignored. */
void publish_free(struct publish *p);

#endif
