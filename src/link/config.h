/* What the tunnel is to do: its own identity, and its peers. Plain data; node_config owns it. */
#ifndef CULVERT_LINK_CONFIG_H
#define CULVERT_LINK_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "crypto/keys.h"
#include "net/stack.h"
#include "proxy/proxy.h"

#define TUNNEL_MTU_DEFAULT 1420

struct tunnel_config {
	struct key_private *private_key;	/* crypto_secret_alloc */
	struct prefix *addresses;
	size_t address_count;
	uint16_t listen_port;			/* 0: any */
	unsigned mtu;
	enum net_congestion congestion;
};

struct peer_config {
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

#endif
