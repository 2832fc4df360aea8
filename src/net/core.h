/*
 * What the files of net/ share: the stack's own state. Nothing outside net/ includes this.
 */
#ifndef CULVERT_NET_CORE_H
#define CULVERT_NET_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/lwip_err.h"
#include "lwip/ip_addr.h"
#include "lwip/netif.h"

#include "base/addr.h"
#include "base/clock.h"
#include "base/heap.h"
#include "base/list.h"
#include "base/rng.h"
#include "base/siphash.h"
#include "net/block.h"
#include "net/budget.h"
#include "net/cc/algo.h"
#include "net/cc/sb.h"
#include "net/gro.h"
#include "net/out.h"
#include "net/peers.h"
#include "net/stack.h"
#include "net/tx.h"

struct tcp_pcb;

struct net_stack {
	struct boot_time now;	/* of the call in progress: lwIP asks for it (sys_now) */
	struct rng rng;
	struct siphash_key isn_key;

	/* One netif for each own address of a family; netif i has both addresses number i. */
	struct netif netifs[NET_ADDRESSES_MAX];
	unsigned netif_count;
	struct addr addrs[NET_ADDRESSES_MAX];
	struct netif *addr_netif[NET_ADDRESSES_MAX];
	unsigned addr_count;
	unsigned mtu;

	struct list streams;		/* all, by `all` */
	struct list ready_streams;	/* with events to take, by `ready` */
	struct list dirty_streams;	/* with work for stream_flush, by `dirty` */
	struct list staged_streams;	/* with packets that the owner keeps, by `waits.staged_link` */
	struct list dead_streams;	/* to be freed outside lwIP's callbacks, by `ready` */
	size_t stream_count, streams_max;
	struct heap timers;		/* of the streams' senders, by `timer` */
	struct sb_pool *sb_pool;	/* their scoreboards */
	const struct cc_algo *congestion;
	struct net_repeats repeats;	/* of ended streams */
	struct budget budget;
	size_t socket_room;		/* what the UDP socket holds; 0: not known */
	struct {
		uint32_t turn;		/* the present span of BUSY_MS */
		uint32_t now, before;	/* streams that were read in it, and in the one before */
	} busy;
	uint64_t reclaimed_ms;		/* when streams at rest gave up what they had */
	bool pressed;			/* a peer has asked in vain for what is its fair part */
	struct boot_time looked;	/* when it was last looked for streams that stall */
	uint64_t gave_way;		/* streams that were ended for memory */
	bool starved;			/* a stream that sends nothing could get no block */
	struct net_stream *current;	/* whose segment lwIP is processing */
	struct pbuf *again;		/* a copy to be fed in place of the segment just dropped */

	struct list udps, ready_udps;
	struct list listeners;
	struct list inbounds, ready_inbounds;
	struct list half_opens;		/* inbounds that lwIP has answered, oldest first, by `age` */
	unsigned held_count;		/* SYNs held */
	bool replaying;			/* a held SYN goes to lwIP now */
	struct net_inbound *opening;	/* the one whose SYN lwIP may answer now */

	struct net_peers peers;
	uint32_t sender;		/* whose packet lwIP is processing, or whose stream sends; 0: nobody's */
	struct list resuming;		/* streams whose path is back, by `resume` */
	struct boot_time resume_at;	/* when the next of them go on */
	unsigned resume_step;		/* how many at a time */

	struct gro gro;
	struct out_queue out;
	struct block_pool blocks;
	struct tx_offer offer;
	uint64_t drops[NET_DROP_COUNT];
	uint64_t broken[NET_BROKEN_COUNT];
	struct boot_time broken_told;	/* when the log last spoke of one; ns 0: never */
};

/* The stack of this process, or NULL: lwIP's hooks have no argument that could carry it. */
struct net_stack *net_stack_current(void);

/* Sets the time that lwIP sees during the call in progress; it never goes back. */
void net_stack_set_now(struct net_stack *stack, struct boot_time now);

static inline uint64_t net_now_ms(const struct net_stack *stack)
{
	return stack->now.ns / NS_PER_MS;
}

/*
 * Hands a complete IP packet of the peer `sender` (one chain, headers in the first pbuf) to lwIP;
 * takes it over.
 */
void net_stack_feed(struct net_stack *stack, struct pbuf *p, uint32_t sender);

/* The own address to speak from to `dst`: longest common prefix, else the first; NULL: none. */
const struct addr *net_stack_source_for(const struct net_stack *stack, const struct addr *dst);
/* The netif that has the own address `a`, or NULL. */
struct netif *net_stack_netif_of(struct net_stack *stack, const struct addr *a);

void net_addr_to_lwip(ip_addr_t *out, const struct addr *a);
struct addr net_addr_from_lwip(const ip_addr_t *ip);

static inline void net_drop(struct net_stack *stack, enum net_drop reason)
{
	stack->drops[reason]++;
}

static inline uint16_t get_be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t get_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline void put_be16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

#endif
