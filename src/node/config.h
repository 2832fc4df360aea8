/*
 * What a node is to do, complete and checked: the result of app/'s configuration parser and the
 * only way settings reach node/. Plain data; arrays are on the heap and freed by
 * node_config_fini, which wipes the secrets.
 */
#ifndef CULVERT_NODE_CONFIG_H
#define CULVERT_NODE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "crypto/keys.h"
#include "io/sock.h"
#include "net/stack.h"
#include "proxy/proxy.h"

#define NODE_CONNECT_TIMEOUT_MS_DEFAULT 30000
/* A laptop closed over lunch, a router that restarts; longer ones are rarely waited for. */
#define NODE_OUTAGE_TIMEOUT_MS_DEFAULT 900000
#define NODE_MTU_DEFAULT 1420
#define NODE_MAX_CONNECTIONS_DEFAULT 10000
#define NODE_STREAMS_MAX 65536	/* connections inside the tunnel, all listeners together */

struct node_peer_config {
	struct key_public public_key;
	struct key_shared preshared_key;	/* zero: none */
	struct prefix *allowed_ips;
	size_t allowed_ip_count;
	unsigned masked;	/* keys whose values stood elsewhere, as bits: not for display */
	bool allows_nothing;	/* AllowedIPs is there and empty */
	char endpoint_host[PROXY_NAME_MAX + 1];	/* name or literal; empty: none */
	uint16_t endpoint_port;
	uint16_t persistent_keepalive_s;
};

enum node_listener_kind {
	NODE_LISTEN_SOCKS,
	NODE_LISTEN_HTTP,
	NODE_LISTEN_MIXED,
	NODE_LISTEN_FORWARD,	/* [TCPClientTunnel]: local port -> target in the mesh */
};

struct node_listener_config {
	enum node_listener_kind kind;
	unsigned masked;	/* as above */
	struct io_address bind;
	bool has_auth;
	struct proxy_auth auth;
	unsigned max_connections;
	uint64_t idle_timeout_ms;	/* of an open connection that moves nothing; 0: none */
	struct proxy_target target;	/* NODE_LISTEN_FORWARD */
};

/* [TCPServerTunnel]: a port on our mesh addresses -> local target. */
struct node_inbound_config {
	uint16_t listen_port;
	struct proxy_target target;	/* resolved by the host when it is a name */
	unsigned masked;	/* as above */
	char unix_path[IO_UNIX_PATH_MAX + 1];	/* instead of target when not empty */
	unsigned max_connections;
	uint64_t idle_timeout_ms;	/* as above */
};

struct node_config {
	unsigned masked;			/* as above */
	struct key_private *private_key;	/* crypto_secret_alloc */
	struct prefix *addresses;
	size_t address_count;
	uint16_t listen_port;			/* 0: any */
	unsigned mtu;
	unsigned connect_timeout_ms;
	uint64_t outage_timeout_ms;	/* open connections outlive an outage so long; 0: any */
	enum net_congestion congestion;
	struct addr *dns_servers;
	size_t dns_server_count;
	char **search_domains;
	size_t search_domain_count;
	struct node_peer_config *peers;
	size_t peer_count;
	struct node_listener_config *listeners;
	size_t listener_count;
	struct node_inbound_config *inbound;
	size_t inbound_count;
};

/* An empty configuration with the defaults. */
void node_config_init(struct node_config *config);
/* Frees everything and wipes the secrets. */
void node_config_fini(struct node_config *config);

#endif
