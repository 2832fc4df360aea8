/*
 * What a node is to do, complete and checked: the result of conf/ and the
 * only way settings reach node/. Plain data; arrays are on the heap and freed by
 * node_config_fini, which wipes the secrets.
 */
#ifndef CULVERT_NODE_CONFIG_H
#define CULVERT_NODE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "front/config.h"
#include "link/config.h"

#define NODE_CONNECT_TIMEOUT_MS_DEFAULT 30000
/* A laptop closed over lunch, a router that restarts; longer ones are rarely waited for. */
#define NODE_OUTAGE_TIMEOUT_MS_DEFAULT 900000

struct node_config {
	unsigned masked;			/* keys whose values stood elsewhere, as bits: not for display */
	struct tunnel_config tunnel;
	struct names_config names;
	unsigned connect_timeout_ms;
	uint64_t outage_timeout_ms;	/* open connections outlive an outage so long; 0: any */
	struct peer_config *peers;
	size_t peer_count;
	struct service_config *services;	/* whatever listens */
	size_t service_count;
};

/* An empty configuration with the defaults. */
void node_config_init(struct node_config *config);
/* Frees everything and wipes the secrets. */
void node_config_fini(struct node_config *config);

#endif
