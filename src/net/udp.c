/*
 * UDP sockets over lwIP. A received datagram is copied once into a queue of its socket, so that it
 * does not pin a receive block while it waits; the port is random (RFC 5452 9.2, RFC 6056).
 */
#include "net/udp.h"

#include <string.h>

#include "net/lwip_err.h"

#include "lwip/pbuf.h"
#include "lwip/udp.h"

#include "base/list.h"
#include "net/core.h"
#include "net/mem.h"
#include "net/udp_core.h"

#define PORT_FIRST 1024		/* RFC 6056 3.2 */
#define PORT_TRIES 32		/* misses need most ports taken: 32 in a row do not happen */
#define UDP_HEADERS_V4 28
#define UDP_HEADERS_V6 48

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
	if (err == ERR_OK)
		return 0;
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
