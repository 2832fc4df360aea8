/*
 * What local programs and the mesh may ask for: listeners, published ports, names. Plain data;
 * node_config owns it.
 */
#ifndef CULVERT_FRONT_CONFIG_H
#define CULVERT_FRONT_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "io/sock.h"
#include "proxy/proxy.h"

#define LISTENER_MAX_CONNECTIONS_DEFAULT 10000

enum listener_kind {
	LISTENER_SOCKS,
	LISTENER_HTTP,
	LISTENER_MIXED,
	LISTENER_FORWARD,	/* [TCPClientTunnel]: local port -> target in the mesh */
};

struct listener_config {
	enum listener_kind kind;
	unsigned masked;	/* as above */
	struct io_address bind;
	bool has_auth;
	struct proxy_auth auth;
	unsigned max_connections;
	uint64_t idle_timeout_ms;	/* of an open connection that moves nothing; 0: none */
	struct proxy_target target;	/* LISTENER_FORWARD */
};

/* [TCPServerTunnel]: a port on our mesh addresses -> local target. */
struct published_config {
	uint16_t listen_port;
	struct proxy_target target;	/* resolved by the host when it is a name */
	unsigned masked;	/* as above */
	char unix_path[IO_UNIX_PATH_MAX + 1];	/* instead of target when not empty */
	unsigned max_connections;
	uint64_t idle_timeout_ms;	/* as above */
};

/* Name servers inside the tunnel; none: the host's resolver. */
struct names_config {
	struct addr *servers;
	size_t server_count;
	char **search_domains;
	size_t search_domain_count;
};

#endif
