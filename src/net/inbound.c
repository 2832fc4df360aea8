/*
 * Theory of operation
 *
 * For each port there is one lwIP listener for all addresses. The peer shall learn what became of the
 * local target, so a SYN is not answered at once; but each unanswered one makes the owner dial, and a
 * SYN costs its sender nothing. So there are two ways:
 *
 *   held	The first NET_PEER_HELD_MAX of a WireGuard peer. The SYN is kept as a small packet (headers
 *		only: data in a SYN is sent again), repetitions are recognised and dropped, and the owner
 *		hears of it at once. Accepted: the kept SYN is fed to lwIP, which makes a pcb, answers, and
 *		goes on as ever. Refused: RST with ACK, as from a port where nobody listens (RFC 9293
 *		3.10.7.1).
 *   half open	Further ones. lwIP answers the SYN itself, and the owner hears of the connection when an
 *		acceptable ACK has shown that the sender is where it says. Accepted: the stream is there
 *		already. Refused: RST. Three SYN-ACKs (TCP_SYN_RCVD_MAXRTX), HALF_OPEN_MS, the oldest goes
 *		for a new one. No SYN cookies: they would lose window scale, SACK and timestamps.
 *
 * Until the target is connected nothing is read, and the window stays as the SYN-ACK announced it.
 *
 * Limits: per peer in net/peers.h, INBOUND_MAX held SYNs of all. What does not fit is dropped and counted,
 * its sender repeats it. What the owner knows of does not expire here: it has a time limit and
 * answers each.
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
#include "net/peers.h"
#include "net/rebuild.h"
#include "net/stream.h"
#include "net/stream_core.h"

/* A burst of new connections while the local target takes its time; each holds 300 bytes. */
#define INBOUND_MAX 1024
/* Three SYN-ACKs leave 0, 1 and 3 s after the SYN (RFC 6298 5.5); the last one gets 7 s. */
#define HALF_OPEN_MS 10000
/* What a SYN-ACK announces: its window is not scaled (RFC 7323 2.2), and lwIP begins with more. */
#define ANSWERED_WINDOW 65535

struct listener {
	struct list node;
	struct tcp_pcb *pcb;
	void *owner;
	uint16_t port;
	bool closed;		/* nobody listens; SYNs are reset */
};

enum inbound_state {
	INBOUND_HELD,		/* the SYN is kept; the owner decides */
	INBOUND_HALF_OPEN,	/* answered, the ACK is awaited; the owner does not know of it */
	INBOUND_OPEN,		/* the handshake is complete; the owner decides */
};

struct net_inbound {
	struct list node, ready;
	struct list of_peer;		/* held: peer->helds, half open: peer->half_open */
	struct list age;		/* half open: in stack->half_opens */
	struct net_stack *stack;
	struct listener *listener;
	struct net_peer *peer;
	struct net_stream *stream;	/* half open or open; NULL when it has failed */
	struct endpoint src, dst;
	struct boot_time since;
	uint32_t seq;
	uint8_t state;			/* enum inbound_state */
	bool ended;			/* held: its peer was removed */
	uint8_t syn_len;
	uint8_t syn[REBUILD_HEADERS_MAX];	/* held: an IP packet, checksums not filled in */
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
	struct listener *l = listener_find(stack, port);
	struct tcp_pcb *pcb, *listening;

	if (l && !l->closed)
		return ERR_EXISTS;
	if (l) {
		l->owner = owner;
		l->closed = false;
		return 0;
	}
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

static struct net_inbound *inbound_new(struct net_stack *stack, struct listener *l,
				       struct net_peer *peer, const struct endpoint *src,
				       const struct endpoint *dst)
{
	struct net_inbound *in = net_mem_calloc(1, sizeof(*in));

	if (!in)
		return NULL;
	in->stack = stack;
	in->listener = l;
	in->peer = peer;
	in->src = *src;
	in->dst = *dst;
	in->since = stack->now;
	list_push_back(&stack->inbounds, &in->node);
	list_init(&in->ready);
	list_init(&in->of_peer);
	list_init(&in->age);
	return in;
}

/* The stream, if it still is the attempt's, must be taken care of before. */
static void inbound_free(struct net_inbound *in)
{
	if (in->state == INBOUND_HELD) {
		in->peer->held--;
		in->stack->held_count--;
	} else {
		in->peer->undecided--;
	}
	list_remove(&in->node);
	list_remove(&in->ready);
	list_remove(&in->of_peer);
	list_remove(&in->age);
	net_mem_free(in);
}

/* At most NET_PEER_HELD_MAX are looked at. */
static struct net_inbound *held_find(const struct net_peer *peer, const struct endpoint *src,
				     const struct endpoint *dst)
{
	for (struct list *node = peer->helds.next; node != &peer->helds; node = node->next) {
		struct net_inbound *in = LIST_ENTRY(node, struct net_inbound, of_peer);

		if (endpoint_equal(&in->src, src) && endpoint_equal(&in->dst, dst))
			return in;
	}
	return NULL;
}

/* Keeps the SYN's headers. */
static bool write_syn(struct net_inbound *in, const struct tcp_hdr *hdr, unsigned opt_len)
{
	struct wr w = wr_init(in->syn, sizeof(in->syn));

	in->seq = hdr->seqno;
	rebuild_headers(&w, hdr, opt_len, 0);
	in->syn_len = (uint8_t)w.len;
	return wr_ok(&w);
}

/* --- held --- */

static void hold(struct net_inbound *in, const struct tcp_hdr *hdr, unsigned opt_len)
{
	in->state = INBOUND_HELD;
	in->peer->held++;
	in->stack->held_count++;
	if (!write_syn(in, hdr, opt_len)) {
		inbound_free(in);
		return;
	}
	list_push_back(&in->peer->helds, &in->of_peer);
	list_push_back(&in->stack->ready_inbounds, &in->ready);
}

/* --- half open --- */

/* No RST: whoever did not answer may never have sent a SYN. */
static void half_open_drop(struct net_inbound *in)
{
	net_drop(in->stack, NET_DROP_SYN_LIMIT);
	stream_drop(in->stream);
	inbound_free(in);
}

/* Room for one more undecided connection of the peer; the oldest half open one makes it. */
static bool half_open_room(struct net_peer *peer)
{
	if (peer->undecided < NET_PEER_UNDECIDED_MAX)
		return true;
	if (list_empty(&peer->half_open))
		return false;
	half_open_drop(LIST_ENTRY(peer->half_open.next, struct net_inbound, of_peer));
	return true;
}

/* lwIP may take the SYN now under processing: it makes a pcb that has the stream as its argument. */
static err_t half_open_begin(struct net_inbound *in)
{
	struct net_stack *stack = in->stack;

	in->state = INBOUND_HALF_OPEN;
	in->peer->undecided++;
	in->stream = stream_new(stack, &in->dst, &in->src, NULL);
	if (!in->stream) {
		inbound_free(in);
		net_drop(stack, NET_DROP_NOMEM);
		return ERR_ABRT;
	}
	stream_opened_by(in->stream, in->peer);
	in->stream->undecided = in;
	list_push_back(&in->peer->half_open, &in->of_peer);
	list_push_back(&stack->half_opens, &in->age);
	tcp_arg(in->listener->pcb, in->stream);
	stack->opening = in;
	return ERR_OK;
}

/* The SYN was answered just now: that announced ANSWERED_WINDOW, and nothing else is owed. */
static void limit_window(struct tcp_pcb *pcb, uint32_t max)
{
	tcp_set_rcv_wnd_max(pcb, max);
	pcb->rcv_wnd_debt = max < ANSWERED_WINDOW ? ANSWERED_WINDOW - max : 0;
	pcb->rcv_wnd = pcb->rcv_ann_wnd = TCP_WND_MAX(pcb);
	/* A larger one is told by the first acknowledgement, not by a packet of its own. */
	pcb->rcv_ann_right_edge = pcb->rcv_nxt + pcb->rcv_ann_wnd;
}

void inbound_after_input(struct net_stack *stack)
{
	struct net_inbound *in = stack->opening;
	struct tcp_pcb *pcb = tcp_active_pcbs;	/* new connections go to the head of lwIP's list */

	if (!in)
		return;
	stack->opening = NULL;
	tcp_arg(in->listener->pcb, NULL);
	if (!pcb || pcb->callback_arg != in->stream || pcb->state != SYN_RCVD) {
		half_open_drop(in);
		return;
	}
	stream_attach(in->stream, pcb);
	limit_window(pcb, ANSWERED_WINDOW);
}

bool inbound_is_half_open(const struct net_inbound *in)
{
	return in->state == INBOUND_HALF_OPEN;
}

void inbound_stream_event(struct net_inbound *in, unsigned events)
{
	struct net_stream *s = in->stream;

	if (in->state == INBOUND_HALF_OPEN && (events & NET_EV_CONNECTED)) {
		in->state = INBOUND_OPEN;
		list_remove(&in->of_peer);
		list_remove(&in->age);
		list_push_back(&in->stack->ready_inbounds, &in->ready);
	}
	if (!(events & NET_EV_FAILED))
		return;
	in->stream = NULL;
	s->undecided = NULL;
	stream_bury(s);
	if (in->state == INBOUND_HALF_OPEN)
		inbound_free(in);
}

struct boot_time inbound_deadline(const struct net_stack *stack)
{
	if (list_empty(&stack->half_opens))
		return BOOT_NEVER;
	return boot_add_ms(LIST_ENTRY(stack->half_opens.next, struct net_inbound, age)->since,
			   HALF_OPEN_MS);
}

void inbound_tick(struct net_stack *stack)
{
	while (boot_reached(stack->now, inbound_deadline(stack)))
		half_open_drop(LIST_ENTRY(stack->half_opens.next, struct net_inbound, age));
}

/* --- SYNs --- */

/* A SYN that no held one and no pcb knows: held, answered, or dropped. */
static err_t take_syn(struct net_stack *stack, struct listener *l, struct net_peer *peer,
		      const struct endpoint *src, const struct endpoint *dst,
		      const struct tcp_hdr *hdr, unsigned opt_len)
{
	bool held = peer->held < NET_PEER_HELD_MAX && stack->held_count < INBOUND_MAX;
	struct net_inbound *in;

	if (!net_peer_may_open(peer, streams_free(stack)) || (!held && !half_open_room(peer))) {
		net_drop(stack, NET_DROP_SYN_LIMIT);
		return ERR_ABRT;
	}
	in = inbound_new(stack, l, peer, src, dst);
	if (!in) {
		net_drop(stack, NET_DROP_NOMEM);
		return ERR_ABRT;
	}
	if (!held)
		return half_open_begin(in);
	hold(in, hdr, opt_len);
	return ERR_ABRT;
}

static void reset_syn(struct net_stack *stack, const struct endpoint *src, const struct endpoint *dst, uint32_t seq)
{
	ip_addr_t local, remote;

	net_addr_to_lwip(&local, &dst->addr);
	net_addr_to_lwip(&remote, &src->addr);
	tcp_rst_netif(net_stack_netif_of(stack, &dst->addr), 0, seq + 1, &local, &remote, dst->port, src->port);
}

err_t inbound_segment(struct net_stack *stack, struct tcp_pcb *listener, const struct tcp_hdr *hdr,
		      unsigned opt_len)
{
	unsigned flags = TCPH_FLAGS(hdr) & (TCP_SYN | TCP_ACK | TCP_RST | TCP_FIN);
	struct listener *l = listener_find(stack, listener->local_port);
	struct endpoint src = {.addr = net_addr_from_lwip(ip_current_src_addr()), .port = hdr->src};
	struct endpoint dst = {.addr = net_addr_from_lwip(ip_current_dest_addr()),
			       .port = hdr->dest};
	struct net_inbound *in;
	struct net_peer *peer;

	if (stack->replaying || flags != TCP_SYN || !l)
		return ERR_OK;	/* lwIP ignores RST and resets what has ACK */
	if (l->closed) {
		reset_syn(stack, &src, &dst, hdr->seqno);
		return ERR_ABRT;
	}
	peer = net_peers_get(&stack->peers, stack->sender, net_now_ms(stack));
	if (!peer) {
		net_drop(stack, NET_DROP_NOMEM);
		return ERR_ABRT;
	}
	in = held_find(peer, &src, &dst);
	if (!in)
		return take_syn(stack, l, peer, &src, &dst, hdr, opt_len);
	/* A newer attempt from the same port takes the old one's place, if nobody decides first. */
	if (in->seq != hdr->seqno)
		(void)write_syn(in, hdr, opt_len);
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
	net_stack_feed(stack, p, in->peer->id);
	stack->replaying = false;
	tcp_arg(in->listener->pcb, NULL);
	/* New connections go to the head of lwIP's list. */
	pcb = tcp_active_pcbs;
	return pcb && pcb->callback_arg == s && pcb->state == SYN_RCVD ? pcb : NULL;
}

/* The handshake is complete: the stream changes hands. */
static int accept_open(struct net_inbound *in, void *owner, struct net_stream **out)
{
	struct net_stream *s = in->stream;

	inbound_free(in);
	if (!s)
		return ERR_RESET;
	s->undecided = NULL;
	s->owner = owner;
	tcp_set_rcv_wnd_max(s->pcb, s->window.max);
	/* What has happened meanwhile was kept. */
	stream_raise(s, s->events);
	*out = s;
	return 0;
}

static int accept_held(struct net_inbound *in, void *owner, struct net_stream **out)
{
	struct net_stack *stack = in->stack;
	struct net_stream *s = NULL;
	struct tcp_pcb *pcb;
	int err = ERR_RESET;

	if (in->ended)
		goto fail;
	err = ERR_LIMIT;
	if (!net_peer_may_open(in->peer, streams_free(stack)))
		goto fail;
	err = ERR_NOMEM;
	s = stream_new(stack, &in->dst, &in->src, owner);
	if (!s)
		goto fail;
	stream_opened_by(s, in->peer);
	pcb = inbound_replay(in, s);
	if (!pcb)
		goto fail;
	stream_attach(s, pcb);
	limit_window(pcb, s->window.max);
	inbound_free(in);
	*out = s;
	return 0;
fail:
	if (s)
		stream_free(s);
	net_inbound_refuse(in);
	return err;
}

int net_inbound_accept(struct net_inbound *in, struct boot_time now, void *owner,
		       struct net_stream **out)
{
	net_stack_set_now(in->stack, now);
	return in->state == INBOUND_HELD ? accept_held(in, owner, out) : accept_open(in, owner, out);
}

void net_inbound_refuse(struct net_inbound *in)
{
	struct net_stack *stack = in->stack;

	/* The answer counts for who asked. */
	stack->sender = in->peer->id;
	if (in->state == INBOUND_HELD)
		reset_syn(stack, &in->src, &in->dst, in->seq);
	else if (in->stream)
		net_stream_abort(in->stream);
	stack->sender = 0;
	inbound_free(in);
}

void net_unlisten(struct net_stack *stack, uint16_t port)
{
	struct listener *l = listener_find(stack, port);
	struct list *next;

	if (!l)
		return;
	for (struct list *node = stack->inbounds.next; node != &stack->inbounds; node = next) {
		struct net_inbound *in = LIST_ENTRY(node, struct net_inbound, node);

		next = node->next;
		if (in->listener == l)
			net_inbound_refuse(in);
	}
	/* lwIP does not bind a port again that still has connections: its listener is kept for the next one. */
	l->owner = NULL;
	l->closed = true;
}

void inbound_end_peer(struct net_peer *peer)
{
	struct list *next;

	for (struct list *node = peer->helds.next; node != &peer->helds; node = next) {
		struct net_inbound *in = LIST_ENTRY(node, struct net_inbound, of_peer);

		next = node->next;
		if (list_linked(&in->ready))
			inbound_free(in);	/* the owner has not heard of it */
		else
			in->ended = true;
	}
}

void inbound_free_all(struct net_stack *stack)
{
	struct list *node;

	while (!list_empty(&stack->inbounds)) {
		struct net_inbound *in = LIST_ENTRY(stack->inbounds.next, struct net_inbound, node);

		if (in->stream)
			stream_drop(in->stream);
		inbound_free(in);
	}
	while ((node = list_pop_front(&stack->listeners))) {
		struct listener *l = LIST_ENTRY(node, struct listener, node);

		tcp_close(l->pcb);
		net_mem_free(l);
	}
}
