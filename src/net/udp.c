/*
 * UDP sockets over lwIP. A received datagram is copied once into a queue of its socket, so that it
 * does not pin a receive block while it waits; the port is random (RFC 5452 9.2, RFC 6056).
 */
#include "net/udp.h"

#include <string.h>

#include "net/lwip_err.h"

#include "lwip/pbuf.h"
#include "lwip/icmp.h"
#include "lwip/prot/icmp6.h"
#include "lwip/udp.h"

#include "base/ip.h"
#include "base/list.h"
#include "base/rd.h"
#include "net/core.h"
#include "net/mem.h"
#include "net/seg.h"
#include "net/udp_core.h"

#define PORT_FIRST 1024		/* RFC 6056 3.2 */
#define PORT_TRIES 32		/* misses need most ports taken: 32 in a row do not happen */
#define UDP_HEADERS_V4 28
#define UDP_HEADERS_V6 48

/* Bytes of a datagram that a quote is compared with: id, letters and more of a DNS question. */
#define QUOTE_MAX 64

struct datagram {
	struct list node;
	struct endpoint src;
	size_t len;
	uint8_t data[];
};

struct net_udp {
	struct list node, ready;
	struct net_stack *stack;
	struct udp_pcb *pcb;
	struct netif *netif;
	struct addr local;
	void *owner;
	struct list queue;
	unsigned queued;
	struct endpoint sent_to;	/* the last datagram, as ICMP errors quote it */
	size_t sent_len;
	uint8_t sent[QUOTE_MAX];
	bool refused;
};

static void on_datagram(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr,
			u16_t port)
{
	struct net_udp *udp = arg;
	struct datagram *d;

	(void)pcb;
	if (udp->queued >= NET_UDP_QUEUE_MAX)
		goto out;
	d = net_mem_malloc(sizeof(*d) + p->tot_len);
	if (!d) {
		net_drop(udp->stack, NET_DROP_NOMEM);
		goto out;
	}
	d->src = (struct endpoint){.addr = net_addr_from_lwip(addr), .port = port};
	d->len = pbuf_copy_partial(p, d->data, p->tot_len, 0);
	list_push_back(&udp->queue, &d->node);
	udp->queued++;
	if (!list_linked(&udp->ready))
		list_push_back(&udp->stack->ready_udps, &udp->ready);
out:
	pbuf_free(p);
}

/* Binds to a random free port. */
static int bind_random(struct net_udp *udp)
{
	ip_addr_t local;

	net_addr_to_lwip(&local, &udp->local);
	for (unsigned i = 0; i < PORT_TRIES; i++) {
		u16_t port = (u16_t)(PORT_FIRST + rng_below(&udp->stack->rng, 65536 - PORT_FIRST));

		if (udp_bind(udp->pcb, &local, port) == ERR_OK)
			return 0;
	}
	return ERR_INUSE;
}

int net_udp_open(struct net_stack *stack, enum addr_family family, void *owner,
		 struct net_udp **out)
{
	struct addr any = {.family = (uint8_t)family};
	const struct addr *source = net_stack_source_for(stack, &any);
	struct net_udp *udp;

	if (!source)
		return ERR_UNREACH;
	udp = net_mem_calloc(1, sizeof(*udp));
	if (!udp)
		return ERR_NOMEM;
	udp->stack = stack;
	udp->owner = owner;
	udp->local = *source;
	udp->netif = net_stack_netif_of(stack, source);
	list_init(&udp->queue);
	list_init(&udp->ready);
	udp->pcb = udp_new_ip_type(family == ADDR_V4 ? IPADDR_TYPE_V4 : IPADDR_TYPE_V6);
	if (!udp->pcb || bind_random(udp)) {
		if (udp->pcb)
			udp_remove(udp->pcb);
		net_mem_free(udp);
		return ERR_NOMEM;
	}
	udp_recv(udp->pcb, on_datagram, udp);
	list_push_back(&stack->udps, &udp->node);
	*out = udp;
	return 0;
}

static void datagram_drop(struct net_udp *udp, struct datagram *d)
{
	list_remove(&d->node);
	udp->queued--;
	net_mem_free(d);
}

void net_udp_close(struct net_udp *udp)
{
	while (!list_empty(&udp->queue))
		datagram_drop(udp, LIST_ENTRY(udp->queue.next, struct datagram, node));
	udp_remove(udp->pcb);
	list_remove(&udp->node);
	list_remove(&udp->ready);
	net_mem_free(udp);
}

void udp_close_all(struct net_stack *stack)
{
	while (!list_empty(&stack->udps))
		net_udp_close(LIST_ENTRY(stack->udps.next, struct net_udp, node));
}

void *net_udp_owner(const struct net_udp *udp)
{
	return udp->owner;
}

struct net_udp *net_stack_next_udp(struct net_stack *stack)
{
	struct list *node = list_pop_front(&stack->ready_udps);

	return node ? LIST_ENTRY(node, struct net_udp, ready) : NULL;
}

static void remember_sent(struct net_udp *udp, const struct endpoint *dst, const void *data,
			  size_t len)
{
	udp->sent_to = *dst;
	udp->sent_len = len;
	memcpy(udp->sent, data, len < QUOTE_MAX ? len : QUOTE_MAX);
	udp->refused = false;
}

int net_udp_send(struct net_udp *udp, const struct endpoint *dst, const void *data, size_t len)
{
	size_t headers = dst->addr.family == ADDR_V4 ? UDP_HEADERS_V4 : UDP_HEADERS_V6;
	ip_addr_t local, remote;
	struct pbuf *p;
	err_t err;

	if (dst->addr.family != udp->local.family)
		return ERR_UNREACH;
	if (len > UINT16_MAX - headers)
		return ERR_MSGSIZE;
	p = pbuf_alloc(PBUF_TRANSPORT, (u16_t)len, PBUF_RAM);
	if (!p)
		return ERR_NOMEM;
	memcpy(p->payload, data, len);
	net_addr_to_lwip(&local, &udp->local);
	net_addr_to_lwip(&remote, &dst->addr);
	err = udp_sendto_if_src(udp->pcb, p, &remote, dst->port, udp->netif, &local);
	pbuf_free(p);
	if (err == ERR_OK) {
		remember_sent(udp, dst, data, len);
		return 0;
	}
	return err == ERR_RTE ? ERR_UNREACH : ERR_NOMEM;
}

int net_udp_recv(struct net_udp *udp, struct endpoint *src, void *data, size_t cap)
{
	struct datagram *d;
	size_t len;

	if (list_empty(&udp->queue))
		return ERR_AGAIN;
	d = LIST_ENTRY(udp->queue.next, struct datagram, node);
	len = d->len < cap ? d->len : cap;
	memcpy(data, d->data, len);
	*src = d->src;
	datagram_drop(udp, d);
	return (int)len;
}

/* --- ICMP errors --- */

/*
 * Whether the ICMP message means that the datagram it quotes will not be answered. RFC 792:
 * destination unreachable (a datagram that was too big is another matter), time exceeded in
 * transit; RFC 4443 sections 3.1 and 3.3 likewise.
 */
static bool icmp_is_refusal(bool v6, uint8_t type, uint8_t code)
{
	if (v6)
		return type == ICMP6_TYPE_DUR || (type == ICMP6_TYPE_TE && code == ICMP6_TE_HL);
	return (type == ICMP_DUR && code != ICMP_DUR_FRAG) ||
	       (type == ICMP_TE && code == ICMP_TE_TTL);
}

/* The quoted IP header, which ends where the UDP header begins. */
static bool quote_read_ip(struct rd *r, bool v6, struct addr *src, struct addr *dst)
{
	const uint8_t *p = r->p;
	struct ip_view ip;

	if (!ip_parse_header(&ip, p, r->left) || (ip.version == 6) != v6 || ip.protocol != IP_UDP ||
	    ip.piece == IP_LATER)
		return false;
	*src = ip_src(&ip, p);
	*dst = ip_dst(&ip, p);
	rd_skip(r, ip.payload);
	return true;
}

static bool quote_is_of(const struct net_udp *udp, const struct addr *src, const struct addr *dst,
			struct rd r)
{
	uint16_t src_port = rd_be16(&r), dst_port = rd_be16(&r), len = rd_be16(&r);
	size_t compared;

	rd_skip(&r, 2);		/* the checksum: a translator on the way may have changed it */
	if (!rd_ok(&r) || src_port != udp->pcb->local_port || dst_port != udp->sent_to.port ||
	    len != udp->sent_len + UDP_HLEN || !addr_equal(src, &udp->local) ||
	    !addr_equal(dst, &udp->sent_to.addr))
		return false;
	compared = udp->sent_len < QUOTE_MAX ? udp->sent_len : QUOTE_MAX;
	if (compared > r.left)
		compared = r.left;
	return memcmp(r.p, udp->sent, compared) == 0;
}

void udp_icmp_input(struct net_stack *stack, const struct seg *seg)
{
	struct rd r = rd_init(seg->ip + seg->l4, seg->len - seg->l4);
	uint8_t type = rd_u8(&r), code = rd_u8(&r);
	struct addr src, dst;

	rd_skip(&r, 6);
	if (!icmp_is_refusal(seg->v6, type, code) || !quote_read_ip(&r, seg->v6, &src, &dst))
		return;
	for (struct list *n = stack->udps.next; n != &stack->udps; n = n->next) {
		struct net_udp *udp = LIST_ENTRY(n, struct net_udp, node);

		if (!quote_is_of(udp, &src, &dst, r))
			continue;
		udp->refused = true;
		if (!list_linked(&udp->ready))
			list_push_back(&stack->ready_udps, &udp->ready);
		return;
	}
}

bool net_udp_refused(const struct net_udp *udp)
{
	return udp->refused;
}
