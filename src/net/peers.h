/*
 * What the stack knows of the WireGuard peers that its packets come from, by id (wg_peer_id, carried
 * in struct packet): what each of them occupies, so that none can starve the others, and whether it
 * can be reached. An inner address bounds nothing here: a peer may use any of its allowed IPs.
 *
 * Owner: the stack. An entry is made when a peer first occupies something, and goes in
 * net_peers_trim when it occupies nothing any more.
 */
#ifndef CULVERT_NET_PEERS_H
#define CULVERT_NET_PEERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/list.h"
#include "net/budget.h"
#include "net/cc/sb_pool.h"

/* SYNs of one peer that are held unanswered until the local target has accepted. */
#define NET_PEER_HELD_MAX 16
/* Connections of one peer whose target is not connected: answered SYNs that wait for their ACK, and
 * those that wait for the target. */
#define NET_PEER_UNDECIDED_MAX 64
/*
 * Connections that one peer has opened: at most this many times what is still free. So a lone peer gets
 * four fifths of all, and whatever it does leaves a fifth for others (dynamic thresholds,
 * Choudhury and Hahne 1998).
 */
#define NET_PEER_STREAMS_PER_FREE 4
/* ICMP messages sent to one peer: as many at once, and each second. Kernels have 1,000 (icmp(7)). */
#define NET_PEER_ICMP_BURST 256
#define NET_PEER_ICMP_PER_S 1024

/* A power of two; entries exist for active peers only. */
#define NET_PEERS_BUCKETS 64

struct net_peer {
	struct list node;
	uint32_t id;
	bool lost;		/* it cannot be reached at present */
	unsigned held;		/* in `helds` */
	unsigned undecided;
	size_t streams;		/* that it has opened */
	struct list helds;	/* struct net_inbound by `of_peer`, held SYNs */
	struct list half_open;	/* the same, answered ones, oldest first */
	unsigned queued;	/* packets in the output queue, see net/out.h */
	uint32_t icmp_tokens;
	uint64_t icmp_ms;	/* when the tokens were counted */
	struct budget_peer memory;	/* of the streams that lead to it, whoever opened them */
	struct sb_share scoreboards;	/* theirs */
};

struct net_peers {
	struct net_peer *recent;	/* found last: many packets of the same follow each other */
	struct net_peer nobody;	/* id 0: of what no peer is known to have sent, or to be sent */
	struct list buckets[NET_PEERS_BUCKETS];
};

void net_peers_init(struct net_peers *peers);
/* All must be unused or no longer referred to. */
void net_peers_fini(struct net_peers *peers);
/* The entry of a peer, or NULL when there is none. */
struct net_peer *net_peers_find(const struct net_peers *peers, uint32_t id);
/* The entry of a peer, made if need be; NULL: no memory. */
struct net_peer *net_peers_get(struct net_peers *peers, uint32_t id, uint64_t now_ms);
/* Frees the entries that say nothing. */
void net_peers_trim(struct net_peers *peers, uint64_t now_ms);

/* Whether the peer may open one more connection when `free` are left in the stack. */
bool net_peer_may_open(const struct net_peer *peer, size_t free);
/* Takes the right to send one ICMP message. */
bool net_peer_take_icmp(struct net_peer *peer, uint64_t now_ms);

#endif
