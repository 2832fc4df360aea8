/*
 * Theory of operation
 *
 * Like the receive offload of kernels, with a receive batch as the horizon: nothing waits beyond
 * the batch, so merging costs no latency. Each flow (sender, addresses, ports) holds one segment
 * that grows:
 *
 *   data + data       next in sequence, flags only ACK and PSH, same traffic class, same options
 *                     (timestamps may differ), acknowledgement not going back: chained. The newest
 *                     acknowledgement, window and timestamps are taken into the first header.
 *   data + pure ACK   acknowledging more: folded into the header.
 *   ACK + ACK, data   acknowledging more: the older one is dropped.
 *   anything else     what is held goes to lwIP first.
 *
 * A pure ACK that acknowledges no more than the one before is never folded: it may be a duplicate
 * that fast retransmit counts (RFC 5681 3.2), or a window update. PSH and short segments do not end
 * a merge as they do in kernels: there they bound the wait for a next segment, here the batch does.
 *
 * What carries options beyond a lone timestamp (SACK blocks) acknowledges for itself: the blocks of
 * each tell what has arrived when (RFC 8985 reads them so), and that of a duplicate is said once
 * (RFC 2883 4). Only data are chained, if options and acknowledgement are equal to the bit.
 */
#include "net/gro.h"

#include <string.h>

#include "net/lwip_err.h"

#include "lwip/pbuf.h"

#include "net/core.h"

#define OPT_TS_LEN 12	/* NOP NOP kind 8 length 10, two values (RFC 7323 appendix A) */

static bool is_lone_timestamp(const uint8_t *opts, uint32_t opt_len)
{
	static const uint8_t layout[4] = {1, 1, 8, 10};

	return opt_len == OPT_TS_LEN && memcmp(opts, layout, sizeof(layout)) == 0;
}

static bool options_match(const struct gro_flow *flow, const struct seg *seg)
{
	const uint8_t *held = flow->tcp + 20, *opts = seg->ip + seg->l4 + 20;
	uint32_t opt_len = seg->opt_len;

	if (opt_len != flow->opt_len)
		return false;
	if (is_lone_timestamp(held, opt_len) && is_lone_timestamp(opts, opt_len)) {
		/* A timestamp that goes back is for lwIP to judge (RFC 7323 5). */
		return (int32_t)(get_be32(opts + 4) - get_be32(held + 4)) >= 0;
	}
	if (opt_len && (!seg->payload_len || !flow->payload_len || seg->ack != flow->ack))
		return false;
	return memcmp(held, opts, opt_len) == 0;
}

/* Addresses and ports. */
static bool same_flow(const struct gro_flow *flow, const struct seg *seg, const uint8_t *tcp,
		      uint32_t sender)
{
	if (flow->sender != sender || flow->v6 != seg->v6 || memcmp(flow->tcp, tcp, 4))
		return false;
	return seg->v6 ? memcmp(flow->ip + 8, seg->ip + 8, 32) == 0
		       : memcmp(flow->ip + 12, seg->ip + 12, 8) == 0;
}

static bool same_class(const struct gro_flow *flow, const struct seg *seg)
{
	if (seg->v6)
		return memcmp(flow->ip, seg->ip, 4) == 0;	/* traffic class and flow label */
	return flow->ip[1] == seg->ip[1];
}

/* Only plain segments are ever merged: ACK, perhaps PSH, no IP options, no urgent pointer. */
static bool is_plain(const struct seg *seg)
{
	return (seg->flags & ~SEG_PSH) == SEG_ACK && seg->l4 == (seg->v6 ? 40u : 20u);
}

static void flow_deliver(struct net_stack *stack, struct gro_flow *flow)
{
	struct pbuf *p = flow->head;
	uint32_t left = flow->len;

	if (flow->tail != flow->head) {
		for (struct pbuf *q = p; q; q = q->next) {
			q->tot_len = (uint16_t)left;
			left -= q->len;
		}
	}
	if (flow->v6)
		put_be16(flow->ip + 4, (uint16_t)(flow->len - 40));
	else
		put_be16(flow->ip + 2, (uint16_t)flow->len);
	net_stack_feed(stack, p, flow->sender);
}

static void flow_start(struct gro_flow *flow, const struct seg *seg, struct pbuf *p, uint32_t sender)
{
	flow->sender = sender;
	flow->head = flow->tail = p;
	flow->ip = seg->ip;
	flow->tcp = seg->ip + seg->l4;
	flow->l4 = seg->l4;
	flow->opt_len = seg->opt_len;
	flow->hdr_len = seg->hdr_len;
	flow->len = seg->len;
	flow->payload_len = seg->payload_len;
	flow->seq = seg->seq;
	flow->next_seq = seg->seq + seg->payload_len;
	flow->ack = seg->ack;
	flow->v6 = seg->v6;
	flow->closed = !is_plain(seg);
}

/* The newest acknowledgement, window, flags and timestamps. */
static void flow_renew(struct gro_flow *flow, const struct seg *seg)
{
	const uint8_t *tcp = seg->ip + seg->l4;

	memcpy(flow->tcp + 8, tcp + 8, 4);
	flow->tcp[13] |= tcp[13];
	memcpy(flow->tcp + 14, tcp + 14, 2);
	memcpy(flow->tcp + 20, tcp + 20, seg->opt_len);
	flow->ack = seg->ack;
}

static void flow_append(struct gro_flow *flow, const struct seg *seg, struct pbuf *p)
{
	flow_renew(flow, seg);
	/* Within its own length: cannot fail. */
	(void)pbuf_remove_header(p, seg->hdr_len);
	flow->tail->next = p;
	flow->tail = p;
	flow->len += seg->payload_len;
	flow->payload_len += seg->payload_len;
	flow->next_seq += seg->payload_len;
}

enum merge { MERGE_NO, MERGE_APPEND, MERGE_FOLD, MERGE_REPLACE };

static enum merge flow_judge(const struct gro_flow *flow, const struct seg *seg)
{
	int32_t advance = (int32_t)(seg->ack - flow->ack);

	if (flow->closed || !is_plain(seg) || !same_class(flow, seg) ||
	    seg->seq != flow->next_seq || advance < 0 ||
	    !options_match(flow, seg))
		return MERGE_NO;
	if (seg->payload_len && flow->payload_len)
		return seg->payload_len <= GRO_LEN_MAX - flow->len ? MERGE_APPEND : MERGE_NO;
	if (advance == 0)
		return MERGE_NO;
	return flow->payload_len ? MERGE_FOLD : MERGE_REPLACE;
}

/* Delivers flow `i` and closes the gap. */
static void flow_remove(struct net_stack *stack, unsigned i)
{
	struct gro *gro = &stack->gro;
	struct gro_flow flow = gro->flows[i];

	gro->count--;
	memmove(&gro->flows[i], &gro->flows[i + 1], (gro->count - i) * sizeof(flow));
	flow_deliver(stack, &flow);
}

void gro_add(struct net_stack *stack, const struct seg *seg, struct pbuf *p, uint32_t sender)
{
	struct gro *gro = &stack->gro;
	const uint8_t *tcp = seg->ip + seg->l4;
	unsigned i = 0;

	while (i < gro->count && !same_flow(&gro->flows[i], seg, tcp, sender))
		i++;
	if (i < gro->count) {
		struct gro_flow *flow = &gro->flows[i];

		switch (flow_judge(flow, seg)) {
		case MERGE_APPEND:
			flow_append(flow, seg, p);
			return;
		case MERGE_FOLD:
			flow_renew(flow, seg);
			pbuf_free(p);
			return;
		case MERGE_REPLACE:
			pbuf_free(flow->head);
			flow_start(flow, seg, p, sender);
			return;
		case MERGE_NO:
			flow_remove(stack, i);
			break;
		}
	} else if (gro->count == GRO_FLOWS) {
		flow_remove(stack, 0);
	}
	flow_start(&gro->flows[gro->count++], seg, p, sender);
}

void gro_flush(struct net_stack *stack)
{
	for (unsigned i = 0; i < stack->gro.count; i++)
		flow_deliver(stack, &stack->gro.flows[i]);
	stack->gro.count = 0;
}
