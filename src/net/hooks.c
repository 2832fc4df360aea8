/*
 * What lwIP asks of us: time, randomness, sequence numbers, and a look at each segment before it
 * is processed. Declared in third_party/lwip/include.
 */
#include "net/hooks.h"

#include <stdlib.h>
#include <string.h>

#include "net/lwip_err.h"

#include "lwip/pbuf.h"
#include "lwip/prot/tcp.h"
#include "lwip/sys.h"
#include "lwip/tcp.h"

#include "base/log.h"
#include "net/core.h"
#include "net/inbound.h"
#include "net/rebuild.h"
#include "net/room.h"
#include "net/stream_core.h"

#define RTT_PLAUSIBLE_MS 10000
#define BROKEN_LOG_INTERVAL_MS 60000

void net_lwip_fail(const char *what)
{
	log_error("TCP/IP stack: assertion failed: %s", what);
	abort();
}

/* An outsider may have found a way to cause these: he must not fill the log. */
void net_lwip_tcp_broken(const struct tcp_pcb *pcb, int check)
{
	struct net_stack *stack = net_stack_current();
	char remote[ENDPOINT_TEXT_MAX];
	struct endpoint ep = {.addr = net_addr_from_lwip(&pcb->remote_ip), .port = pcb->remote_port};

	stack->broken[check]++;
	if (stack->broken_told.ns &&
	    boot_since_ms(stack->now, stack->broken_told) < BROKEN_LOG_INTERVAL_MS)
		return;
	stack->broken_told = stack->now;
	log_error("TCP/IP stack: reset the connection with %s, whose state contradicts itself (%s); this is "
		  "a bug, please report it", endpoint_format(&ep, remote),
		  net_broken_name((enum net_broken)check));
}

u32_t net_lwip_sender(void)
{
	return net_stack_current()->sender;
}

u32_t sys_now(void)
{
	struct net_stack *stack = net_stack_current();

	return stack ? (u32_t)net_now_ms(stack) : 0;
}

uint32_t net_lwip_rand(void)
{
	return rng_u32(&net_stack_current()->rng);
}

/* RFC 6528 3: ISN = M + F(both addresses, both ports, key), M counting 4 us. */
u32_t net_lwip_isn(const ip_addr_t *local_ip, u16_t local_port, const ip_addr_t *remote_ip,
		   u16_t remote_port)
{
	struct net_stack *stack = net_stack_current();
	struct addr local = net_addr_from_lwip(local_ip), remote = net_addr_from_lwip(remote_ip);
	uint8_t tuple[2 * 16 + 4];

	memcpy(tuple, local.bytes, 16);
	memcpy(tuple + 16, remote.bytes, 16);
	put_be16(tuple + 32, local_port);
	put_be16(tuple + 34, remote_port);
	return (u32_t)(stack->now.ns / 4000 + siphash(&stack->isn_key, tuple, sizeof(tuple)));
}

/* The echoed timestamp of a segment with a lone timestamp option (RFC 7323 appendix A); 0: none. */
static uint32_t echoed_ms(const struct tcp_hdr *hdr, unsigned opt_len)
{
	const uint8_t *opts = (const uint8_t *)(hdr + 1);

	if (opt_len != 12 || opts[0] != 1 || opts[1] != 1 || opts[2] != 8 || opts[3] != 10)
		return 0;
	return get_be32(opts + 8);
}

static void sample_rtt(struct net_stream *s, uint32_t echo)
{
	uint32_t rtt_ms = sys_now() - echo;

	/* An echo that a peer made up must not stretch the measuring round. */
	if (echo && s->connected && rtt_ms < RTT_PLAUSIBLE_MS)
		window_sample(&s->window, net_now_ms(s->stack), rtt_ms);
}

/*
 * A segment beyond a gap waits in lwIP for what is missing, and would pin its receive block: a copy
 * goes in its place (net_stack_feed takes it). ERR_OK when the segment itself may stay.
 */
static err_t replace_early(struct net_stack *stack, const struct tcp_pcb *pcb,
			   const struct tcp_hdr *hdr, u16_t opt_len, const struct pbuf *p)
{
	if (!(p->flags & PBUF_FLAG_IS_CUSTOM) || (int32_t)(hdr->seqno - pcb->rcv_nxt) <= 0)
		return ERR_OK;
	stack->again = rebuild_packet(hdr, opt_len, p);
	if (!stack->again)
		net_drop(stack, NET_DROP_NOMEM);
	return ERR_ABRT;
}

err_t net_lwip_tcp_inpacket(struct tcp_pcb *pcb, struct tcp_hdr *hdr, u16_t opt_len,
			    struct pbuf *p)
{
	struct net_stack *stack = net_stack_current();
	struct net_stream *s;

	if (pcb->state == LISTEN)
		return inbound_segment(stack, pcb, hdr, opt_len);
	s = pcb->callback_arg;
	/* Three SYN-ACKs are all that a SYN gets whose sender has not shown that he is there. */
	if (s && s->undecided && pcb->state == SYN_RCVD && (TCPH_FLAGS(hdr) & TCP_SYN))
		return ERR_ABRT;
	if (p->tot_len && pcb->state != TIME_WAIT) {
		if (s && room_refuses(s, (int32_t)(hdr->seqno - pcb->rcv_nxt) > 0)) {
			net_drop(stack, NET_DROP_NOMEM);
			return ERR_MEM;
		}
		if (replace_early(stack, pcb, hdr, opt_len, p) != ERR_OK)
			return ERR_ABRT;
		if (s)
			sample_rtt(s, echoed_ms(hdr, opt_len));
	}
	stack->current = s;
	return ERR_OK;
}
