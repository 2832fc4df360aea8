/*
 * A running node: the tunnel, its stack, and the listeners and forwards over it. The program
 * creates one from a checked configuration and runs the loop.
 */
#ifndef CULVERT_NODE_NODE_H
#define CULVERT_NODE_NODE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/fault.h"
#include "base/rng.h"
#include "io/loop.h"
#include "io/sock.h"
#include "mesh/netmap.h"
#include "node/config.h"

struct node;

/*
 * Told from the loop, at most once each; either may be NULL. Both may drain the node and stop the loop; `drained` may
 * free it, `tunnel_up` must not.
 */
struct node_callbacks {
	void (*tunnel_up)(void *ctx);	/* the first session with a peer answered */
	void (*drained)(void *ctx);	/* after node_drain: no connection is left */
	void *ctx;
};

/*
 * Opens everything and starts handshakes. `config` and `rng` must outlive the node. 0, or a
 * negative enum err with `fault` filled in and nothing left open.
 */
CULVERT_MUST_USE int node_new(struct io_loop *loop, const struct node_config *config,
			      const struct rng *rng, const struct node_callbacks *callbacks,
			      struct node **out, struct fault *fault);
/* Closes what is open at once. */
void node_free(struct node *node);

/*
 * Stops accepting and ends connections that are idle between requests; `drained` follows when the
 * last open connection has ended (perhaps at once, from the loop).
 */
void node_drain(struct node *node);
/*
 * Peer `index` of the configuration is removed, whatever it is doing (tunnel_remove_peer), or added again, with a
 * new identity. Nothing happens to one that is removed, or there, already. Removing: 0, or ERR_NOMEM and it is still
 * there. Adding: 0, or a negative enum err with `fault` filled in and no peer, until the next change of either kind.
 */
int node_remove_peer(struct node *node, size_t index);
CULVERT_MUST_USE int node_add_peer(struct node *node, size_t index, struct fault *fault);
/*
 * What listens from now on, whatever the configuration said: services_apply (front/service.h), also while connections are
 * open. Not after node_drain. 0, or a negative enum err with `fault` filled in.
 */
CULVERT_MUST_USE int node_set_services(struct node *node, const struct service_config *want, size_t count,
				       struct fault *fault);
/*
 * For a source of the network map: it stages peers, then has them committed and applied (node_map_apply). The
 * configuration is the first source.
 */
struct netmap *node_netmap(struct node *node);
CULVERT_MUST_USE int node_commit_map(struct node *node, struct fault *fault);
/* The bound address of service `index` of what listens, a local one. */
void node_listener_address(const struct node *node, size_t index, struct io_address *out);
/* Logs everything that is counted at info level (SIGUSR1; node/status.h). */
void node_log_status(struct node *node);

#endif
