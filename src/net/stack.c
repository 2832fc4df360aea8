/*
 * Theory of operation
 *
 * lwIP runs with NO_SYS, single-threaded. Each round of the owner's loop: packets of a receive
 * batch are checked, merged (gro.c) and fed; lwIP's callbacks record events; the owner takes them,
 * reads and writes streams; net_stack_output flushes what was written and drains the queue.
 *
 * Addresses. lwIP has one IPv4 address per netif, so there is a netif for each pair of an IPv4 and
 * an IPv6 address; all share one output queue. A host with several addresses answers from the one
 * that was spoken to; a connection of our own leaves from the one nearest to its destination.
 *
 * Time. `now` is stored for the duration of a call because lwIP asks for it (sys_now); this is the
 * one place where it is kept.
 *
 * Fragments are copied (they wait) and checked by lwIP, whose checks are on only meanwhile.
 */
#include "net/stack.h"

#include <assert.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "net/lwip_err.h"

#include "lwip/init.h"
#include "lwip/ip.h"
#include "lwip/ip4_frag.h"
#include "lwip/ip6_frag.h"
#include "lwip/pbuf.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/tcp.h"
#include "lwip/timeouts.h"

#include "net/cc/sb_pool.h"
#include "net/core.h"
#include "net/inbound.h"
#include "net/mem.h"
#include "net/path.h"
#include "net/recovery.h"
#include "net/room.h"
#include "net/stream_core.h"
#include "net/udp_core.h"

/* Payloads below this are copied out of their 64 kB block at once; an allocation costs less. */
#define COPY_BELOW 256
/* Streams whose output lwIP refused for want of memory are tried again after so long. */
#define RETRY_MS 20

static_assert(sizeof(struct pbuf_custom) <= PACKET_HEADROOM, "a pbuf fits into the headroom");
static_assert(alignof(struct packet) >= alignof(struct pbuf_custom), "and is aligned there");

static struct net_stack *the_stack;

struct net_stack *net_stack_current(void)
{
	return the_stack;
}

const char *net_drop_name(enum net_drop reason)
{
	static const char *const names[NET_DROP_COUNT] = {
		[NET_DROP_MALFORMED] = "malformed",
		[NET_DROP_CHECKSUM] = "checksum",
		[NET_DROP_NOT_OURS] = "not_ours",
		[NET_DROP_NOMEM] = "no_memory",
		[NET_DROP_SYN_LIMIT] = "syn_limit",
		[NET_DROP_ICMP_LIMIT] = "icmp_limit",
	};

	return reason < NET_DROP_COUNT ? names[reason] : "unknown";
}

static_assert((int)NET_BROKEN_RECEIVE == TCP_BROKEN_RECEIVE, "");
static_assert((int)NET_BROKEN_QUEUE == TCP_BROKEN_QUEUE, "");
static_assert((int)NET_BROKEN_PERSIST == TCP_BROKEN_PERSIST, "");
static_assert((int)NET_BROKEN_HANDSHAKE == TCP_BROKEN_HANDSHAKE, "");
static_assert((int)NET_BROKEN_COUNT == TCP_BROKEN_COUNT, "");

const char *net_broken_name(enum net_broken check)
{
	static const char *const names[NET_BROKEN_COUNT] = {
		[NET_BROKEN_RECEIVE] = "receive",
		[NET_BROKEN_QUEUE] = "queue",
		[NET_BROKEN_PERSIST] = "persist",
		[NET_BROKEN_HANDSHAKE] = "handshake",
	};

	return check < NET_BROKEN_COUNT ? names[check] : "unknown";
}

void net_stack_set_now(struct net_stack *stack, struct boot_time now)
{
	if (now.ns > stack->now.ns)
		stack->now = now;
}

/* --- addresses --- */

void net_addr_to_lwip(ip_addr_t *out, const struct addr *a)
{
	memset(out, 0, sizeof(*out));
	if (a->family == ADDR_V4) {
		memcpy(&ip_2_ip4(out)->addr, a->bytes, 4);
		IP_SET_TYPE_VAL(*out, IPADDR_TYPE_V4);
	} else {
		memcpy(ip_2_ip6(out)->addr, a->bytes, 16);
		IP_SET_TYPE_VAL(*out, IPADDR_TYPE_V6);
	}
}

struct addr net_addr_from_lwip(const ip_addr_t *ip)
{
	uint8_t bytes[16];

	if (IP_IS_V4(ip)) {
		memcpy(bytes, &ip_2_ip4(ip)->addr, 4);
		return addr_v4(bytes);
	}
	memcpy(bytes, ip_2_ip6(ip)->addr, 16);
	return addr_v6(bytes);
}

static bool owns_bytes(const struct net_stack *stack, unsigned family, const uint8_t *bytes)
{
	for (unsigned i = 0; i < stack->addr_count; i++) {
		const struct addr *a = &stack->addrs[i];

		if (a->family == family &&
		    !(family == ADDR_V4 ? memcmp(a->bytes, bytes, 4) : memcmp(a->bytes, bytes, 16)))
			return true;
	}
	return false;
}

bool net_stack_owns(const struct net_stack *stack, const struct addr *a)
{
	return owns_bytes(stack, a->family, a->bytes);
}

static unsigned common_bits(const struct addr *a, const struct addr *b)
{
	unsigned bits = 0;

	for (unsigned i = 0; i < addr_len(a); i++) {
		unsigned diff = a->bytes[i] ^ b->bytes[i];

		if (!diff) {
			bits += 8;
			continue;
		}
		while (!(diff & 0x80)) {
			diff <<= 1;
			bits++;
		}
		break;
	}
	return bits;
}

const struct addr *net_stack_source_for(const struct net_stack *stack, const struct addr *dst)
{
	const struct addr *best = NULL;
	unsigned best_bits = 0;

	for (unsigned i = 0; i < stack->addr_count; i++) {
		const struct addr *a = &stack->addrs[i];
		unsigned bits;

		if (a->family != dst->family)
			continue;
		bits = common_bits(a, dst);
		if (!best || bits > best_bits) {
			best = a;
			best_bits = bits;
		}
	}
	return best;
}

bool net_stack_has_family(const struct net_stack *stack, enum addr_family family)
{
	struct addr any = {.family = (uint8_t)family};

	return net_stack_source_for(stack, &any) != NULL;
}

struct netif *net_stack_netif_of(struct net_stack *stack, const struct addr *a)
{
	for (unsigned i = 0; i < stack->addr_count; i++) {
		if (addr_equal(&stack->addrs[i], a))
			return stack->addr_netif[i];
	}
	return NULL;
}

/* --- set-up --- */

static err_t netif_setup(struct netif *netif)
{
	const struct net_stack *stack = netif->state;

	netif->name[0] = 'w';
	netif->name[1] = 'g';
	netif->mtu = (u16_t)stack->mtu;
	out_attach(netif);
	return ERR_OK;
}

/* Adds netif `i` with the i-th address of each family, where there is one. */
static bool add_netif(struct net_stack *stack, unsigned i, const struct addr *v4,
		      const struct addr *v6)
{
	struct netif *netif = &stack->netifs[i];
	ip4_addr_t ip = {0}, mask = {UINT32_MAX}, none = {0};

	if (v4)
		memcpy(&ip.addr, v4->bytes, 4);
	if (!netif_add(netif, &ip, &mask, &none, stack, netif_setup, ip_input))
		return false;
	stack->netif_count++;
	if (v6) {
		ip_addr_t six;

		net_addr_to_lwip(&six, v6);
		netif_ip6_addr_set(netif, 0, ip_2_ip6(&six));
		netif_ip6_addr_set_state(netif, 0, IP6_ADDR_PREFERRED);
	}
	/* lwIP makes the checksums of what may be fragmented; net/ makes and checks all others. */
	NETIF_SET_CHECKSUM_CTRL(netif, NETIF_CHECKSUM_GEN_UDP | NETIF_CHECKSUM_GEN_ICMP |
				       NETIF_CHECKSUM_GEN_ICMP6);
	netif_set_up(netif);
	netif_set_link_up(netif);
	return true;
}

/* The n-th address of a family, which `netif` gets; NULL when there are not so many. */
static const struct addr *nth_of_family(struct net_stack *stack, enum addr_family family,
					unsigned n, struct netif *netif)
{
	for (unsigned i = 0; i < stack->addr_count; i++) {
		if (stack->addrs[i].family != family || n--)
			continue;
		stack->addr_netif[i] = netif;
		return &stack->addrs[i];
	}
	return NULL;
}

static bool add_netifs(struct net_stack *stack)
{
	for (unsigned i = 0; i < NET_ADDRESSES_MAX; i++) {
		const struct addr *v4 = nth_of_family(stack, ADDR_V4, i, &stack->netifs[i]);
		const struct addr *v6 = nth_of_family(stack, ADDR_V6, i, &stack->netifs[i]);

		if (!v4 && !v6)
			break;
		if (!add_netif(stack, i, v4, v6))
			return false;
	}
	if (!stack->netif_count)
		return false;
	netif_set_default(&stack->netifs[0]);
	return true;
}

static void remove_netifs(struct net_stack *stack)
{
	while (stack->netif_count)
		netif_remove(&stack->netifs[--stack->netif_count]);
}

static void init_lists(struct net_stack *stack)
{
	list_init(&stack->streams);
	list_init(&stack->ready_streams);
	list_init(&stack->dirty_streams);
	list_init(&stack->staged_streams);
	list_init(&stack->dead_streams);
	list_init(&stack->udps);
	list_init(&stack->ready_udps);
	list_init(&stack->listeners);
	list_init(&stack->inbounds);
	list_init(&stack->ready_inbounds);
	list_init(&stack->half_opens);
	list_init(&stack->resuming);
	net_peers_init(&stack->peers);
}

struct net_stack *net_stack_new(const struct net_config *config, struct boot_time now)
{
	static bool lwip_ready;
	struct net_stack *stack;

	if (the_stack || config->address_count == 0 || config->address_count > NET_ADDRESSES_MAX ||
	    config->mtu < NET_MTU_MIN || config->mtu > NET_MTU_MAX)
		return NULL;
	stack = calloc(1, sizeof(*stack));
	if (!stack)
		return NULL;
	stack->now = now;
	stack->rng = *config->rng;
	rng_bytes(&stack->rng, &stack->isn_key, sizeof(stack->isn_key));
	stack->mtu = config->mtu;
	stack->streams_max = config->streams_max;
	for (size_t i = 0; i < config->address_count; i++)
		stack->addrs[stack->addr_count++] = config->addresses[i].addr;
	init_lists(stack);
	heap_init(&stack->timers);
	stack->congestion = config->congestion == NET_BBR ? &cc_bbr : &cc_cubic;
	budget_init(&stack->budget, config->memory_max);
	stack->socket_room = config->socket_room;
	stack->blocks.held_max = stack->budget.limit;
	stack->sb_pool = sb_pool_new(room_scoreboards(stack));
	if (!stack->sb_pool) {
		free(stack);
		return NULL;
	}
	/* Each stream can have its first: without any it could not send a byte. And each peer what is its own. */
	sb_pool_set_reserve(stack->sb_pool, stack->streams_max + sb_pool_left(stack->sb_pool) / BUDGET_OWN_PART);
	the_stack = stack;
	if (!lwip_ready)
		lwip_init();
	lwip_ready = true;
	if (!add_netifs(stack)) {
		remove_netifs(stack);
		the_stack = NULL;
		sb_pool_free(stack->sb_pool);
		free(stack);
		return NULL;
	}
	return stack;
}

/* Connections that lwIP still finishes on its own, and those in TIME_WAIT. */
static void abandon_pcbs(void)
{
	while (tcp_active_pcbs)
		tcp_abandon(tcp_active_pcbs, 0);
	while (tcp_tw_pcbs)
		tcp_abandon(tcp_tw_pcbs, 0);
}

void net_stack_free(struct net_stack *stack)
{
	if (!stack)
		return;
	streams_reap(stack);
	inbound_free_all(stack);
	streams_abort_all(stack);
	udp_close_all(stack);
	abandon_pcbs();
	/* Fragments in reassembly age with each call. */
	for (unsigned i = 0; i <= IP_REASS_MAXAGE; i++)
		ip_reass_tmr();
	for (unsigned i = 0; i <= IPV6_REASS_MAXAGE; i++)
		ip6_reass_tmr();
	out_purge(stack);
	net_peers_fini(&stack->peers);
	remove_netifs(stack);
	tx_offer_free(&stack->offer, &stack->blocks);
	block_pool_wake(&stack->blocks);
	block_pool_trim(&stack->blocks);
	net_mem_trim();
	sb_pool_free(stack->sb_pool);
	heap_fini(&stack->timers);
	the_stack = NULL;
	free(stack);
}

/* --- input --- */

void net_stack_feed(struct net_stack *stack, struct pbuf *p, uint32_t sender)
{
	struct netif *netif = &stack->netifs[0];

	stack->sender = sender;
	while (p) {
		stack->current = NULL;
		stack->again = NULL;
		if (netif->input(p, netif) != ERR_OK)
			pbuf_free(p);
		if (stack->current)
			stream_after_input(stack->current);
		inbound_after_input(stack);
		p = stack->again;
	}
	stack->current = NULL;
	stack->sender = 0;
}

static void packet_pbuf_free(struct pbuf *p)
{
	packet_free((struct packet *)(void *)p);
}

/* The packet as a pbuf: in its headroom, without a copy. */
static struct pbuf *packet_wrap(struct packet *packet, const struct seg *seg)
{
	struct pbuf_custom *custom = (struct pbuf_custom *)(void *)packet->headroom;

	custom->custom_free_function = packet_pbuf_free;
	return pbuf_alloced_custom(PBUF_RAW, (u16_t)seg->len, PBUF_REF, custom, seg->ip,
				   (u16_t)seg->len);
}

/* The packet copied; `seg` then points to the copy. NULL: no memory. The packet is freed. */
static struct pbuf *packet_copy(struct packet *packet, struct seg *seg)
{
	struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)seg->len, PBUF_RAM);

	if (p) {
		memcpy(p->payload, seg->ip, seg->len);
		seg->ip = p->payload;
	}
	packet_free(packet);
	return p;
}

static void feed_unchecked(struct net_stack *stack, struct pbuf *p, uint32_t sender)
{
	struct netif *netif = &stack->netifs[0];
	u16_t usual = netif->chksum_flags;

	NETIF_SET_CHECKSUM_CTRL(netif, usual | NETIF_CHECKSUM_CHECK_TCP | NETIF_CHECKSUM_CHECK_UDP |
				       NETIF_CHECKSUM_CHECK_ICMP | NETIF_CHECKSUM_CHECK_ICMP6);
	net_stack_feed(stack, p, sender);
	NETIF_SET_CHECKSUM_CTRL(netif, usual);
}

static bool seg_lingers(const struct seg *seg)
{
	if (seg->kind == SEG_TCP)
		return seg->payload_len > 0 && seg->payload_len < COPY_BELOW;
	return seg->kind == SEG_UNCHECKED;
}

static void input_one(struct net_stack *stack, struct packet *packet)
{
	uint32_t sender = packet->peer;
	enum net_drop reason;
	struct seg seg;
	struct pbuf *p;

	if (seg_parse(&seg, packet->data, packet->len, &reason))
		goto drop;
	reason = NET_DROP_NOT_OURS;
	if (!owns_bytes(stack, seg.v6 ? ADDR_V6 : ADDR_V4, seg.ip + (seg.v6 ? 24 : 16)))
		goto drop;
	if (seg.kind == SEG_ICMP)
		udp_icmp_input(stack, &seg);
	p = seg_lingers(&seg) ? packet_copy(packet, &seg) : packet_wrap(packet, &seg);
	if (!p) {
		net_drop(stack, NET_DROP_NOMEM);
		return;
	}
	if (seg.kind == SEG_TCP)
		gro_add(stack, &seg, p, sender);
	else if (seg.kind == SEG_UNCHECKED)
		feed_unchecked(stack, p, sender);
	else
		net_stack_feed(stack, p, sender);
	return;
drop:
	net_drop(stack, reason);
	packet_free(packet);
}

void net_stack_input(struct net_stack *stack, struct boot_time now, struct packet *batch)
{
	net_stack_set_now(stack, now);
	while (batch) {
		struct packet *packet = batch;

		batch = packet->next;
		packet->next = NULL;
		input_one(stack, packet);
	}
	gro_flush(stack);
	streams_reap(stack);
}

/* --- time and housekeeping --- */

struct boot_time net_stack_deadline(const struct net_stack *stack)
{
	u32_t ms = sys_timeouts_sleeptime();
	struct boot_time at = BOOT_NEVER;

	if (ms != SYS_TIMEOUTS_SLEEPTIME_INFINITE)
		at = boot_add_ms(stack->now, ms);
	at = boot_min(at, boot_min(inbound_deadline(stack), path_deadline(stack)));
	at = boot_min(at, boot_min(recovery_deadline(stack), room_deadline(stack)));
	if (!list_empty(&stack->dirty_streams) || stack->starved)
		at = boot_min(at, boot_add_ms(stack->now, RETRY_MS));
	return at;
}

void net_stack_tick(struct net_stack *stack, struct boot_time now)
{
	net_stack_set_now(stack, now);
	sys_check_timeouts();
	inbound_tick(stack);
	path_tick(stack);
	recovery_tick(stack);
	room_tick(stack);
	streams_wake_starved(stack);
	streams_reap(stack);
}

const uint64_t *net_stack_drops(const struct net_stack *stack)
{
	return stack->drops;
}

const uint64_t *net_stack_broken(const struct net_stack *stack)
{
	return stack->broken;
}

void net_stack_trim(struct net_stack *stack)
{
	net_peers_trim(&stack->peers, net_now_ms(stack));
	tx_offer_free(&stack->offer, &stack->blocks);
	block_pool_trim(&stack->blocks);
	sb_pool_trim(stack->sb_pool);
	net_mem_trim();
}
