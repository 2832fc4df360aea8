/*
 * [TCPServerTunnel]: a port on our mesh addresses that leads to a local target. The SYN is answered
 * when the local target has accepted and reset when it refused, so a closed local port looks like a
 * closed port.
 */
#ifndef CULVERT_FRONT_PUBLISH_H
#define CULVERT_FRONT_PUBLISH_H

#include "base/compiler.h"
#include "front/config.h"
#include "front/conn.h"
#include "front/patience.h"
#include "io/hostdns.h"
#include "link/tunnel.h"

struct inbound;

/* Listens inside the tunnel. The pointers outlive it. 0, ERR_EXISTS or ERR_NOMEM. */
CULVERT_MUST_USE int inbound_new(struct tunnel *tunnel, struct io_hostdns *dns,
				 struct patience *patience,
				 const struct service_config *config,
				 void (*on_leave)(void *ctx), void *ctx, struct inbound **out);
/* Ends its connections. */
void inbound_free(struct inbound *in);
/* Refuses new connections from now on. */
void inbound_drain(struct inbound *in);
/* Open connections, and those being opened. */
unsigned inbound_open(const struct inbound *in);

#endif
