#include "node/config.h"

#include <stdlib.h>

#include "crypto/system.h"

void node_config_init(struct node_config *config)
{
	*config = (struct node_config){
		.tunnel.mtu = TUNNEL_MTU_DEFAULT,
		.connect_timeout_ms = NODE_CONNECT_TIMEOUT_MS_DEFAULT,
		.outage_timeout_ms = NODE_OUTAGE_TIMEOUT_MS_DEFAULT,
	};
}

static void free_wiped(void *items, size_t len)
{
	if (items)
		crypto_wipe(items, len);
	free(items);
}

void node_config_fini(struct node_config *config)
{
	crypto_secret_free(config->tunnel.private_key);
	free(config->tunnel.addresses);
	free(config->names.servers);
	for (size_t i = 0; i < config->names.search_domain_count; i++)
		free(config->names.search_domains[i]);
	free(config->names.search_domains);
	for (size_t i = 0; i < config->peer_count; i++)
		free(config->peers[i].allowed_ips);
	free_wiped(config->peers, config->peer_count * sizeof(*config->peers));
	free_wiped(config->services, config->service_count * sizeof(*config->services));
	node_config_init(config);
}
