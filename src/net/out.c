/*
 * Theory of operation
 *
 * netif->output appends a reference; lwIP keeps its own and does not touch a segment again while
 * somebody else holds one. net_stack_output first lets the streams write what their owners have
 * committed, then pops. net_out_copy gathers the chain into the caller's slot; the TCP checksum is
 * summed in the same pass. lwIP has computed those of UDP and ICMP itself, because only it sees
 * a datagram before it is cut into fragments.
 *
 * The queue is one for all peers, and none may fill it: each packet counts for the peer whose packet is being
 * answered, or whose stream is being flushed.
 *
 * A pure acknowledgement that overtakes the previous one of the same connection, still at the end
 * of the queue, takes its place: a window update follows the acknowledgement of the same batch, and
 * one packet says both.
 */
#include "net/out.h"

#include <assert.h>
#include <string.h>

#include "net/lwip_err.h"

#include "lwip/ip6_addr.h"
#include "lwip/pbuf.h"

#include "base/ip.h"
#include "net/chksum.h"
#include "net/core.h"
#include "net/stream_core.h"

#define TCP_CHKSUM_AT 16	/* offset in the TCP header */
#define ACK_HLEN_MAX (20 + 12)	/* no options beyond a timestamp: no SACK blocks */
#define OPT_SACK 5	/* RFC 2018 3; lwIP pads each option with two NOPs in front */

static struct out_slot *queue_at(struct out_queue *q, unsigned i)
{
	return &q->ring[(q->head + i) % OUT_QUEUE_MAX];
}

/* The TCP header of a pure ACK without SACK blocks, or NULL. lwIP's own packets are well-formed. */
static const uint8_t *pure_ack(const struct pbuf *p, const struct ip_view *ip)
{
	const uint8_t *tcp = (const uint8_t *)p->payload + ip->payload;
	unsigned hlen;

	if (p->next || ip->protocol != IP_TCP || ip->piece != IP_WHOLE)
		return NULL;
	hlen = (unsigned)(tcp[12] >> 4) * 4;
	if (ip->payload + hlen != ip->len || tcp[13] != SEG_ACK)
		return NULL;
	/* Either a timestamp is all, or blocks follow it or stand alone. */
	return hlen > ACK_HLEN_MAX || (hlen > 20 && tcp[22] == OPT_SACK) ? NULL : tcp;
}

/* Whether `p` says all that the last packet of the queue says, and more. */
static bool supersedes(const struct out_slot *last, const struct pbuf *p, const struct ip_view *ip)
{
	const uint8_t *tcp = pure_ack(p, ip), *old = tcp ? pure_ack(last->p, &last->ip) : NULL;
	const uint8_t *addrs = (const uint8_t *)p->payload + ip_addrs_at(ip);

	/* Ports and sequence number. */
	if (!old || memcmp(ip, &last->ip, sizeof(*ip)) || memcmp(tcp, old, 8) ||
	    memcmp(addrs, (const uint8_t *)last->p->payload + ip_addrs_at(ip), 2 * ip_addr_len(ip)))
		return false;
	/* Equal in both: a duplicate that the peer must count. */
	return (int32_t)(get_be32(tcp + 8) - get_be32(old + 8)) >= 0 && memcmp(tcp + 8, old + 8, 8);
}

/* lwIP's ICMP is an answer to the packet being processed, or to one whose fragments went stale. */
static bool icmp_over_limit(struct net_stack *stack, const struct ip_view *ip)
{
	struct net_peer *peer;

	if (ip->protocol != (ip->version == 4 ? IP_ICMP_V4 : IP_ICMP_V6))
		return false;
	peer = net_peers_get(&stack->peers, stack->sender, net_now_ms(stack));
	if (peer && net_peer_take_icmp(peer, net_now_ms(stack)))
		return false;
	net_drop(stack, NET_DROP_ICMP_LIMIT);
	return true;
}

/* Whom a packet counts for that is queued now. */
static struct net_peer *due_to(struct net_stack *stack)
{
	struct net_peer *peer = net_peers_get(&stack->peers, stack->sender, net_now_ms(stack));

	return peer ? peer : &stack->peers.nobody;
}

static err_t queue_push(struct pbuf *p)
{
	struct net_stack *stack = net_stack_current();
	struct out_queue *q = &stack->out;
	struct net_peer *peer;
	struct out_slot *last;
	struct ip_view ip;

	if (!ip_parse_header(&ip, p->payload, p->len))
		return ERR_VAL;
	if (icmp_over_limit(stack, &ip))
		return ERR_MEM;
	last = q->count ? queue_at(q, q->count - 1) : NULL;
	if (last && supersedes(last, p, &ip)) {
		pbuf_free(last->p);
		pbuf_ref(p);
		last->p = p;
		return ERR_OK;
	}
	peer = due_to(stack);
	if (peer->queued >= (OUT_QUEUE_MAX - q->count) * OUT_PEER_PER_FREE)
		return ERR_MEM;
	pbuf_ref(p);
	*queue_at(q, q->count++) = (struct out_slot){.p = p, .ip = ip, .peer = peer};
	peer->queued++;
	return ERR_OK;
}

void out_claim(struct net_stack *stack, struct net_stream *s)
{
	struct out_slot *slot = queue_at(&stack->out, stack->out.count - 1);

	slot->stream = s;
	waits_entered(s, slot->p->tot_len);
}

void out_disown(struct net_stack *stack, const struct net_stream *s)
{
	for (unsigned i = 0; i < stack->out.count; i++) {
		struct out_slot *slot = queue_at(&stack->out, i);

		if (slot->stream == s)
			slot->stream = NULL;
	}
}

static err_t output_v4(struct netif *netif, struct pbuf *p, const ip4_addr_t *dst)
{
	(void)netif;
	(void)dst;
	return queue_push(p);
}

static err_t output_v6(struct netif *netif, struct pbuf *p, const ip6_addr_t *dst)
{
	(void)netif;
	(void)dst;
	return queue_push(p);
}

void out_attach(struct netif *netif)
{
	netif->output = output_v4;
	netif->output_ip6 = output_v6;
}

static bool queue_pop(struct net_stack *stack, struct net_out *out)
{
	struct out_queue *q = &stack->out;
	const struct out_slot *slot = queue_at(q, 0);

	if (!q->count)
		return false;
	out->chain = slot->p;
	out->ip = slot->ip;
	out->dst = ip_dst(&slot->ip, slot->p->payload);
	out->stream = slot->stream;
	slot->peer->queued--;
	q->head = (q->head + 1) % OUT_QUEUE_MAX;
	q->count--;
	out->len = out->chain->tot_len;
	if (out->stream)
		waits_taken(out->stream, out->len);
	return true;
}

bool net_stack_output(struct net_stack *stack, struct boot_time now, struct net_out *out)
{
	net_stack_set_now(stack, now);
	if (queue_pop(stack, out))
		return true;
	streams_flush(stack);
	if (queue_pop(stack, out))
		return true;
	block_pool_wake(&stack->blocks);
	return false;
}

static void fill_tcp_checksum(uint8_t *slot, const struct ip_view *ip, struct chksum *c)
{
	size_t addr_len = ip_addr_len(ip);
	const uint8_t *src = slot + ip_addrs_at(ip);
	struct chksum total = {c->sum, 0};
	uint16_t sum;

	chksum_pseudo(&total, src, src + addr_len, addr_len, ip->len - ip->payload, IP_TCP);
	sum = (uint16_t)~chksum_fold(&total);
	memcpy(slot + ip->payload + TCP_CHKSUM_AT, &sum, sizeof(sum));
}

static void fill_ip_checksum(uint8_t *slot, size_t hlen)
{
	uint16_t sum = 0;

	memcpy(slot + 10, &sum, sizeof(sum));
	sum = (uint16_t)~net_chksum(slot, (int)hlen);
	memcpy(slot + 10, &sum, sizeof(sum));
}

/* Gathers the packet in `slot`, with its checksums. */
static void fill_slot(const struct net_out *out, uint8_t *slot)
{
	const struct pbuf *p = out->chain;
	uint8_t *ip = p->payload;
	bool tcp = out->ip.protocol == IP_TCP && out->ip.piece == IP_WHOLE;
	size_t l4 = out->ip.payload, at;
	struct chksum c = {0, 0};

	assert(p->len >= l4);
	if (tcp) {
		memcpy(slot, ip, l4);
		memset(ip + l4 + TCP_CHKSUM_AT, 0, 2);
		chksum_copy(&c, slot + l4, ip + l4, p->len - l4);
	} else {
		memcpy(slot, ip, p->len);
	}
	at = p->len;
	for (p = p->next; p; at += p->len, p = p->next) {
		if (tcp)
			chksum_copy(&c, slot + at, p->payload, p->len);
		else
			memcpy(slot + at, p->payload, p->len);
	}
	assert(at == out->len);
	if (out->ip.version == 4)
		fill_ip_checksum(slot, l4);
	if (tcp)
		fill_tcp_checksum(slot, &out->ip, &c);
}

void net_out_copy(struct net_stack *stack, struct net_out *out, uint8_t *slot)
{
	fill_slot(out, slot);
	/* There is a session, whoever has told of it or not. */
	if (out->stream && out->stream->waits.staged)
		waits_released(out->stream);
	net_out_drop(stack, out);
}

void net_out_stage(struct net_stack *stack, struct net_out *out, uint8_t *slot, uint32_t peer)
{
	fill_slot(out, slot);
	if (out->stream)
		waits_staged(out->stream, out->len, peer);
	net_out_drop(stack, out);
}

void net_out_drop(struct net_stack *stack, struct net_out *out)
{
	pbuf_free(out->chain);
	out->chain = NULL;
	if (!stack->out.count)
		block_pool_wake(&stack->blocks);
}

void out_purge(struct net_stack *stack)
{
	struct net_out out;

	while (queue_pop(stack, &out))
		net_out_drop(stack, &out);
}
