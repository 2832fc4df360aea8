#include "net/peers.h"

#include "net/mem.h"

/* Ids are given in turn by wg/: their low bits are spread already. */
static unsigned bucket_of(uint32_t id)
{
	return id % NET_PEERS_BUCKETS;
}

static void peer_init(struct net_peers *peers, struct net_peer *peer, uint32_t id, uint64_t now_ms)
{
	peer->id = id;
	peer->icmp_tokens = NET_PEER_ICMP_BURST;
	peer->icmp_ms = now_ms;
	list_init(&peer->helds);
	list_init(&peer->half_open);
	list_push_front(&peers->buckets[bucket_of(id)], &peer->node);
}

void net_peers_init(struct net_peers *peers)
{
	for (unsigned i = 0; i < NET_PEERS_BUCKETS; i++)
		list_init(&peers->buckets[i]);
	peers->nobody = (struct net_peer){0};
	peer_init(peers, &peers->nobody, 0, 0);
	peers->recent = &peers->nobody;
}

void net_peers_fini(struct net_peers *peers)
{
	struct list *node;

	list_remove(&peers->nobody.node);
	for (unsigned i = 0; i < NET_PEERS_BUCKETS; i++) {
		while ((node = list_pop_front(&peers->buckets[i])))
			net_mem_free(LIST_ENTRY(node, struct net_peer, node));
	}
}

struct net_peer *net_peers_find(const struct net_peers *peers, uint32_t id)
{
	const struct list *bucket = &peers->buckets[bucket_of(id)];

	for (struct list *node = bucket->next; node != bucket; node = node->next) {
		struct net_peer *peer = LIST_ENTRY(node, struct net_peer, node);

		if (peer->id == id)
			return peer;
	}
	return NULL;
}

struct net_peer *net_peers_get(struct net_peers *peers, uint32_t id, uint64_t now_ms)
{
	struct net_peer *peer = peers->recent->id == id ? peers->recent : net_peers_find(peers, id);

	if (!peer) {
		peer = net_mem_calloc(1, sizeof(*peer));
		if (!peer)
			return NULL;
		peer_init(peers, peer, id, now_ms);
	}
	peers->recent = peer;
	return peer;
}

static void refill_icmp(struct net_peer *peer, uint64_t now_ms)
{
	uint64_t passed = now_ms - peer->icmp_ms;
	uint64_t tokens = passed < 1000 ? passed * NET_PEER_ICMP_PER_S / 1000 : NET_PEER_ICMP_BURST;

	if (!tokens)
		return;
	peer->icmp_ms = now_ms;
	tokens += peer->icmp_tokens;
	peer->icmp_tokens = tokens < NET_PEER_ICMP_BURST ? (uint32_t)tokens : NET_PEER_ICMP_BURST;
}

static bool is_occupied(const struct net_peer *peer)
{
	return peer->lost || peer->held || peer->undecided || peer->streams || peer->memory.streams ||
	       peer->queued || peer->icmp_tokens < NET_PEER_ICMP_BURST;
}

void net_peers_trim(struct net_peers *peers, uint64_t now_ms)
{
	peers->recent = &peers->nobody;
	for (unsigned i = 0; i < NET_PEERS_BUCKETS; i++) {
		struct list *next, *bucket = &peers->buckets[i];

		for (struct list *node = bucket->next; node != bucket; node = next) {
			struct net_peer *peer = LIST_ENTRY(node, struct net_peer, node);

			next = node->next;
			refill_icmp(peer, now_ms);
			if (peer == &peers->nobody || is_occupied(peer))
				continue;
			list_remove(node);
			net_mem_free(peer);
		}
	}
}

bool net_peer_may_open(const struct net_peer *peer, size_t free)
{
	return peer->streams < free * NET_PEER_STREAMS_PER_FREE;
}

bool net_peer_take_icmp(struct net_peer *peer, uint64_t now_ms)
{
	refill_icmp(peer, now_ms);
	if (!peer->icmp_tokens)
		return false;
	peer->icmp_tokens--;
	return true;
}
