/*
 * The TCP/IP stack inside the tunnel (lwIP; one instance per process). Packets go in and come out
 * as bytes; connections are `net_stream` objects (net/stream.h). Nothing calls upward: callbacks of
 * lwIP record what happened, and the owner asks afterwards.
 *
 *	packets in:   net_stack_input()
 *	packets out:  net_stack_output(), net_out_copy() or net_out_drop(), until false
 *	events:       net_stack_next_stream(), _next_udp(), _next_inbound() until NULL
 *	timer:        net_stack_deadline(), net_stack_tick()
 */
#ifndef CULVERT_NET_STACK_H
#define CULVERT_NET_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/cause.h"
#include "base/clock.h"
#include "base/compiler.h"
#include "base/ip.h"
#include "base/packet.h"
#include "base/rng.h"

#define NET_ADDRESSES_MAX 16	/* of either family: far more than any file holds */
#define NET_MTU_MIN 576		/* IPv4; IPv6 addresses need 1280 */
#define NET_MTU_MAX 9000
#define NET_STREAMS_MAX 65536	/* connections at once, of either direction */

struct net_stack;
struct net_stream;
struct net_udp;
struct net_inbound;
struct pbuf;

/* How streams decide how much may be in flight (net/cc/). */
enum net_congestion {
	NET_CUBIC,
	NET_BBR,
};

struct net_config {
	const struct prefix *addresses;	/* own, with host bits; prefix lengths are ignored */
	size_t address_count;
	unsigned mtu;
	const struct rng *rng;		/* must outlive the stack */
	unsigned streams_max;		/* at most NET_STREAMS_MAX */
	enum net_congestion congestion;
	size_t memory_max;		/* bytes that this process may have; 0: not limited (net/budget.h) */
	size_t socket_room;		/* received bytes that the socket below holds; 0: any number (net/window.c) */
};

/* One packet on its way out. */
struct net_out {
	struct addr dst;
	size_t len;
	struct ip_view ip;		/* net/'s own */
	struct pbuf *chain;		/* the same */
	struct net_stream *stream;	/* the same */
};

/* Reasons for packets dropped on the way in. */
enum net_drop {
	NET_DROP_MALFORMED,	/* a header does not fit the packet; IPv6 extension headers */
	NET_DROP_CHECKSUM,
	NET_DROP_NOT_OURS,	/* destination is none of our addresses */
	NET_DROP_NOMEM,
	NET_DROP_SYN_LIMIT,	/* too many inbound connections being opened */
	NET_DROP_ICMP_LIMIT,	/* an answer by ICMP: the peer has had its share of these */
	NET_DROP_COUNT
};

const char *net_drop_name(enum net_drop reason);

/* Checks of lwIP that failed and ended a connection (enum tcp_broken_check of our patch). */
enum net_broken {
	NET_BROKEN_RECEIVE,
	NET_BROKEN_QUEUE,
	NET_BROKEN_PERSIST,
	NET_BROKEN_HANDSHAKE,
	NET_BROKEN_COUNT
};

const char *net_broken_name(enum net_broken check);

/* The one stack of this process, or NULL (memory, or a second instance). */
struct net_stack *net_stack_new(const struct net_config *config, struct boot_time now);
/* Aborts what is open. Every stream, UDP and listener handle is invalid afterwards. */
void net_stack_free(struct net_stack *stack);

bool net_stack_owns(const struct net_stack *stack, const struct addr *a);
/* Whether there is an own address of the family to speak from. */
bool net_stack_has_family(const struct net_stack *stack, enum addr_family family);

/*
 * Feeds the inner packets of one receive batch, in order, linked by `next`; takes ownership.
 * In-order TCP segments of one connection are merged before lwIP sees them. Everything in a packet
 * is checked here; bytes behind the length of its IP header (WireGuard's padding) are ignored.
 */
void net_stack_input(struct net_stack *stack, struct boot_time now, struct packet *batch);

/*
 * The next packet to send; false when there is none. Copy or drop it before the next call. Streams
 * hand over what was committed and consumed since here, before the queue runs empty: call it until
 * false after each round of work.
 */
bool net_stack_output(struct net_stack *stack, struct boot_time now, struct net_out *out);
/* Copies the packet to `slot` (out->len bytes), fills in its checksums, and releases it. */
void net_out_copy(struct net_stack *stack, struct net_out *out, uint8_t *slot);
/*
 * The same for a packet that does not leave, because it has to wait for a session with `peer`
 * (wg_peer_id): until net_stack_left its stream measures and concludes nothing from its time.
 */
void net_out_stage(struct net_stack *stack, struct net_out *out, uint8_t *slot, uint32_t peer);
/* What was staged for the peer leaves now, or was dropped: time counts again. */
void net_stack_left(struct net_stack *stack, struct boot_time now, uint32_t peer);
/* Releases the packet unsent. */
void net_out_drop(struct net_stack *stack, struct net_out *out);

/* The next stream with events to take, or NULL; the same one until net_stream_take_events. */
struct net_stream *net_stack_next_stream(struct net_stack *stack);
/* The next socket with new datagrams, or NULL; each is returned once: take all that it has. */
struct net_udp *net_stack_next_udp(struct net_stack *stack);
/* The next inbound connection attempt that waits for net_inbound_accept or _refuse, or NULL. */
struct net_inbound *net_stack_next_inbound(struct net_stack *stack);

struct boot_time net_stack_deadline(const struct net_stack *stack);
void net_stack_tick(struct net_stack *stack, struct boot_time now);

const uint64_t *net_stack_drops(const struct net_stack *stack);
/* Connections ended by a failed check, by enum net_broken. Anything but 0 is a bug. */
const uint64_t *net_stack_broken(const struct net_stack *stack);
/* What the senders of all connections have counted, ended ones included (net/cc/cc.h). */
struct net_repeats {
	uint64_t repeats, needless, recoveries, timeouts, probes, undone;
};

/* Walks the connections: for the status. */
void net_stack_repeats(const struct net_stack *stack, struct net_repeats *out);
/* What all connections bind of memory (net/budget.h), in bytes. */
struct net_memory {
	size_t limit;
	size_t promised;	/* by receive windows */
	size_t sending;		/* blocks and scoreboards */
	uint64_t gave_way;	/* connections that stalled and were ended because others had need */
};

void net_stack_memory(const struct net_stack *stack, struct net_memory *out);
/* Connections at present, TIME_WAIT not counted. */
size_t net_stack_stream_count(const struct net_stack *stack);
/* Gives cached memory back to the system: called when the loop has been idle. */
void net_stack_trim(struct net_stack *stack);

#endif
