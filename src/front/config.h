/*
 * What local programs and the mesh may ask for: services, names. Plain data; node_config owns it.
 */
#ifndef CULVERT_FRONT_CONFIG_H
#define CULVERT_FRONT_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "io/sock.h"
#include "proxy/proxy.h"

#define SERVICE_MAX_CONNECTIONS_DEFAULT 10000

enum service_kind {
	SERVICE_SOCKS,		/* [Socks5] */
	SERVICE_HTTP,		/* [http] */
	SERVICE_MIXED,		/* [Mixed]: SOCKS and HTTP on one port */
	SERVICE_FORWARD,	/* [TCPClientTunnel]: local port -> target in the mesh */
	SERVICE_PUBLISH,	/* [TCPServerTunnel]: a port on our mesh addresses -> local target */
	SERVICE_KIND_COUNT,
};

/* Something that listens. Fields that a kind does not have are zero. */
struct service_config {
	enum service_kind kind;
	unsigned masked;	/* keys whose values stood elsewhere, as bits: not for display */
	struct io_address bind;	/* for local programs: all kinds but SERVICE_PUBLISH */
	uint16_t listen_port;	/* SERVICE_PUBLISH */
	bool has_auth;		/* SOCKS, HTTP and mixed */
	struct proxy_auth auth;
	unsigned max_connections;
	uint64_t idle_timeout_ms;	/* of an open connection that moves nothing; 0: none */
	struct proxy_target target;	/* SERVICE_FORWARD; SERVICE_PUBLISH, and then the host resolves its name */
	char unix_path[IO_UNIX_PATH_MAX + 1];	/* SERVICE_PUBLISH: instead of target when not empty */
};

/* Whether it listens for programs of this machine; else for the mesh. */
static inline bool service_is_local(const struct service_config *service)
{
	return service->kind != SERVICE_PUBLISH;
}

/* Whether its clients say where they want to go, and may need a password for that. */
static inline bool service_is_proxy(const struct service_config *service)
{
	return service->kind < SERVICE_FORWARD;
}

/* Name servers inside the tunnel; none: the host's resolver. */
struct names_config {
	struct addr *servers;
	size_t server_count;
	char **search_domains;
	size_t search_domain_count;
};

#endif
