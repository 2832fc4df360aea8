/* The nodes of support/wg_sim.h: who exists, and who knows whom. */
#ifndef CULVERT_TESTS_WG_NODES_H
#define CULVERT_TESTS_WG_NODES_H

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "base/addr.h"
#include "crypto/keys.h"
#include "wg/device.h"
#include "wg/messages.h"
#include "wg/peer.h"
#include "wg/state.h"

#define SIM_NODES 2
#define SIM_MTU 1420
#define SIM_PACKET_MAX 1600
#define SIM_FLIGHT_MAX 512
#define SIM_IDS 65536
#define SIM_START_S 1000
#define SIM_WALL_S 1700000000

struct sim_datagram {
	struct boot_time at;
	struct endpoint src, dst;
	size_t len;
	uint8_t bytes[SIM_PACKET_MAX];
};

struct sim_node {
	struct wg_device *dev;
	struct wg_peer *peer;		/* the other node */
	struct key_private key;
	struct endpoint endpoint;
	uint8_t inner_addr;		/* 10.0.0.x */
	unsigned sent_by_type[5];	/* datagrams by message type */
	unsigned received, duplicates;	/* inner packets */
	uint8_t seen[SIM_IDS];
	unsigned events[WG_EVENT_STAGED_GONE + 1];
	bool deaf;			/* nothing arrives */
};

struct sim {
	struct rng_seeded seeded;
	struct rng rng;
	struct boot_time now;
	int64_t wall_offset_s;
	unsigned delay_ms, jitter_ms, loss_percent, duplicate_percent;
	unsigned flights;
	struct sim_datagram flight[SIM_FLIGHT_MAX];
	struct sim_datagram last[5];	/* the last datagram of each type that was sent */
	struct sim_node node[SIM_NODES];
};

static inline struct wall_time sim_wall(const struct sim *s)
{
	return (struct wall_time){(uint64_t)((int64_t)(SIM_WALL_S + s->now.ns / NS_PER_S) +
					     s->wall_offset_s),
				  (uint32_t)(s->now.ns % NS_PER_S)};
}

static inline struct endpoint sim_endpoint(uint8_t host, uint16_t port)
{
	const uint8_t bytes[4] = {192, 0, 2, host};

	return (struct endpoint){addr_v4(bytes), port, 0};
}

/* Nodes 0 and 1, which do not know each other yet. */
static inline void sim_init(struct sim *s, uint64_t seed)
{
	unsigned i;

	memset(s, 0, sizeof(*s));
	s->rng = rng_seeded_init(&s->seeded, seed);
	s->now.ns = SIM_START_S * NS_PER_S;
	s->delay_ms = 10;
	for (i = 0; i < SIM_NODES; i++) {
		struct sim_node *n = &s->node[i];

		key_private_generate(&n->key, &s->rng);
		n->dev = wg_device_new(&n->key, SIM_MTU, &s->rng);
		assert(n->dev);
		n->endpoint = sim_endpoint((uint8_t)(i + 1), 51820);
		n->inner_addr = (uint8_t)(i + 1);
	}
}

static inline void sim_fini(struct sim *s)
{
	unsigned i;

	for (i = 0; i < SIM_NODES; i++)
		wg_device_free(s->node[i].dev);
}

/* Node `a` learns of node `b`; without `endpoint` it can only answer. */
static inline void sim_learn(struct sim *s, unsigned a, unsigned b, const struct key_shared *psk,
			     bool endpoint, uint16_t persistent_keepalive_s)
{
	struct prefix allowed = {.bits = 32};
	struct wg_peer_config config = {.persistent_keepalive_s = persistent_keepalive_s};
	const uint8_t bytes[4] = {10, 0, 0, s->node[b].inner_addr};
	int err;

	allowed.addr = addr_v4(bytes);
	config.public_key = *wg_device_public_key(s->node[b].dev);
	if (psk)
		config.preshared_key = *psk;
	config.allowed_ips = &allowed;
	config.allowed_ip_count = 1;
	err = wg_device_add_peer(s->node[a].dev, &config, &s->node[a].peer);
	assert(err == 0);
	(void)err;
	if (endpoint)
		wg_peer_set_endpoint(s->node[a].peer, &s->node[b].endpoint);
}

/* Both nodes know each other and each other's endpoints. */
static inline void sim_join(struct sim *s, const struct key_shared *psk)
{
	sim_learn(s, 0, 1, psk, true, 0);
	sim_learn(s, 1, 0, psk, true, 0);
}

#endif
