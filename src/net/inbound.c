/*
 * Theory of operation
 *
 * For each port there is one lwIP listener for all addresses. A SYN for it is not given to lwIP:
 * lwIP would answer at once, but the peer shall learn what became of the local target. The SYN is
 * kept as a small packet (headers only: data in a SYN is sent again by the peer), retransmissions
 * of it are recognised and dropped, and the owner hears of it.
 *
 *   accept   the kept SYN is fed to lwIP, which makes a pcb, answers, and goes on as ever.
 *   refuse   RST with ACK, as from a port where nobody listens (RFC 9293 3.10.7.1).
 *
 * Limits: INBOUND_MAX attempts at once; later SYNs are dropped and counted, their senders repeat
 * them. Attempts do not expire here: the owner has a time limit for its side and answers each.
 */
#include "net/inbound.h"

#include <string.h>

#include "net/lwip_err.h"

#include "lwip/ip.h"
#include "lwip/pbuf.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/tcp.h"

#include "base/wr.h"
#include "net/core.h"
#include "net/mem.h"
#include "net/rebuild.h"
#include "net/stream.h"
#include "net/stream_core.h"

/* A burst of new connections while the local target takes its time; each holds 200 bytes. */
#define INBOUND_MAX 1024

struct listener {
	struct list node;
	struct tcp_pcb *pcb;
	void *owner;
	uint16_t port;
};

struct net_inbound {
	struct list node, ready;
	struct net_stack *stack;
	struct listener *listener;
	struct endpoint src, dst;
	void *data;
	uint32_t seq;
	uint8_t syn_len;
	uint8_t syn[REBUILD_HEADERS_MAX];	/* an IP packet, checksums not filled in */
};

static struct listener *listener_find(struct net_stack *stack, uint16_t port)
{
	for (struct list *node = stack->listeners.next; node != &stack->listeners;
	     node = node->next) {
		struct listener *l = LIST_ENTRY(node, struct listener, node);

		if (l->port == port)
			return l;
	}
	return NULL;
}

int net_listen(struct net_stack *stack, uint16_t port, void *owner)
{
	struct listener *l;
	struct tcp_pcb *pcb, *listening;

	if (listener_find(stack, port))
		return ERR_EXISTS;
	l = net_mem_calloc(1, sizeof(*l));
	pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
	if (!l || !pcb || tcp_bind(pcb, IP_ANY_TYPE, port) != ERR_OK)
		goto fail;
	listening = tcp_listen(pcb);
	if (!listening)
		goto fail;
	l->pcb = listening;
	l->owner = owner;
	l->port = port;
	tcp_arg(listening, NULL);
	tcp_accept(listening, stream_accepted);
	list_push_back(&stack->listeners, &l->node);
	return 0;
fail:
	if (pcb)
		tcp_abort(pcb);
	net_mem_free(l);
	return ERR_NOMEM;
}

/* --- holding --- */

static struct net_inbound *inbound_find(struct net_stack *stack, const struct endpoint *src,
					const struct endpoint *dst)
{
	for (struct list *node = stack->inbounds.next; node != &stack->inbounds;
	     node = node->next) {
		struct net_inbound *in = LIST_ENTRY(node, struct net_inbound, node);

		if (endpoint_equal(&in->src, src) && endpoint_equal(&in->dst, dst))
			return in;
	}
	return NULL;
}

/* Keeps the SYN's headers. */
static bool write_syn(struct net_inbound *in, const struct tcp_hdr *hdr, unsigned opt_len)
{
	struct wr w = wr_init(in->syn, sizeof(in->syn));

	rebuild_headers(&w, hdr, opt_len, 0);
	in->syn_len = (uint8_t)w.len;
	return wr_ok(&w);
}

static void inbound_hold(struct net_stack *stack, struct listener *l, const struct tcp_hdr *hdr,
			 unsigned opt_len)
{
	struct endpoint src = {.addr = net_addr_from_lwip(ip_current_src_addr()), .port = hdr->src};
	struct endpoint dst = {.addr = net_addr_from_lwip(ip_current_dest_addr()),
			       .port = hdr->dest};
	struct net_inbound *in = inbound_find(stack, &src, &dst);

	if (in && in->seq == hdr->seqno)
		return;
	/* A newer attempt from the same port takes the old one's place, if nobody decides first. */
	if (in) {
		in->seq = hdr->seqno;
		(void)write_syn(in, hdr, opt_len);
		return;
	}
	if (stack->inbound_count >= INBOUND_MAX || stack->stream_count >= stack->streams_max) {
		net_drop(stack, NET_DROP_SYN_LIMIT);
		return;
	}
	in = net_mem_calloc(1, sizeof(*in));
	if (!in) {
		net_drop(stack, NET_DROP_NOMEM);
		return;
	}
	in->stack = stack;
	in->listener = l;
	in->src = src;
	in->dst = dst;
	in->seq = hdr->seqno;
	if (!write_syn(in, hdr, opt_len)) {
		net_mem_free(in);
		return;
	}
	list_push_back(&stack->inbounds, &in->node);
	list_push_back(&stack->ready_inbounds, &in->ready);
	stack->inbound_count++;
}

err_t inbound_segment(struct net_stack *stack, struct tcp_pcb *listener, const struct tcp_hdr *hdr,
		      unsigned opt_len)
{
	unsigned flags = TCPH_FLAGS(hdr) & (TCP_SYN | TCP_ACK | TCP_RST | TCP_FIN);
	struct listener *l = listener_find(stack, listener->local_port);

	if (stack->replaying || flags != TCP_SYN || !l)
		return ERR_OK;	/* lwIP ignores RST and resets what has ACK */
	inbound_hold(stack, l, hdr, opt_len);
	return ERR_ABRT;
}

/* --- deciding --- */

struct net_inbound *net_stack_next_inbound(struct net_stack *stack)
{
	struct list *node = list_pop_front(&stack->ready_inbounds);

	return node ? LIST_ENTRY(node, struct net_inbound, ready) : NULL;
}

void *net_inbound_owner(const struct net_inbound *in)
{
	return in->listener->owner;
}

void net_inbound_endpoints(const struct net_inbound *in, struct endpoint *src,
			   struct endpoint *dst)
{
	*src = in->src;
	*dst = in->dst;
}

void net_inbound_set_data(struct net_inbound *in, void *data)
{
	in->data = data;
}

void *net_inbound_data(const struct net_inbound *in)
{
	return in->data;
}

static void inbound_free(struct net_inbound *in)
{
	list_remove(&in->node);
	list_remove(&in->ready);
	in->stack->inbound_count--;
	net_mem_free(in);
}

/* Feeds the SYN; a new pcb inherits the listener's argument, the stream. NULL: lwIP took none. */
static struct tcp_pcb *inbound_replay(struct net_inbound *in, struct net_stream *s)
{
	struct net_stack *stack = in->stack;
	struct tcp_pcb *pcb;
	struct pbuf *p = pbuf_alloc(PBUF_RAW, in->syn_len, PBUF_RAM);

	if (!p)
		return NULL;
	memcpy(p->payload, in->syn, in->syn_len);
	tcp_arg(in->listener->pcb, s);
	stack->replaying = true;
	net_stack_feed(stack, p);
	stack->replaying = false;
	tcp_arg(in->listener->pcb, NULL);
	/* New connections go to the head of lwIP's list. */
	pcb = tcp_active_pcbs;
	return pcb && pcb->callback_arg == s && pcb->state == SYN_RCVD ? pcb : NULL;
}

int net_inbound_accept(struct net_inbound *in, struct boot_time now, void *owner,
		       struct net_stream **out)
{
	struct net_stack *stack = in->stack;
	struct net_stream *s = NULL;
	struct tcp_pcb *pcb;
	int err = ERR_LIMIT;

	net_stack_set_now(stack, now);
	if (stack->stream_count >= stack->streams_max)
		goto fail;
	err = ERR_NOMEM;
	s = stream_new(stack, &in->dst, &in->src, owner);
	if (!s)
		goto fail;
	pcb = inbound_replay(in, s);
	if (!pcb)
		goto fail;
	stream_attach(s, pcb);
	inbound_free(in);
	*out = s;
	return 0;
fail:
	if (s)
		stream_free(s);
	net_inbound_refuse(in);
	return err;
}

void net_inbound_refuse(struct net_inbound *in)
{
	ip_addr_t local, remote;

	net_addr_to_lwip(&local, &in->dst.addr);
	net_addr_to_lwip(&remote, &in->src.addr);
	tcp_rst_netif(net_stack_netif_of(in->stack, &in->dst.addr), 0, in->seq + 1, &local, &remote,
		      in->dst.port, in->src.port);
	inbound_free(in);
}

void inbound_free_all(struct net_stack *stack)
{
	struct list *node;

	while (!list_empty(&stack->inbounds))
		inbound_free(LIST_ENTRY(stack->inbounds.next, struct net_inbound, node));
	while ((node = list_pop_front(&stack->listeners))) {
		struct listener *l = LIST_ENTRY(node, struct listener, node);

		tcp_close(l->pcb);
		net_mem_free(l);
	}
}
