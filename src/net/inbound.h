/* Connection attempts from the mesh, held until their owner decides. */
#ifndef CULVERT_NET_INBOUND_H
#define CULVERT_NET_INBOUND_H

#include <stdbool.h>

#include "net/lwip_err.h"

#include "base/clock.h"

struct net_inbound;
struct net_peer;
struct net_stack;
struct pbuf;
struct tcp_hdr;
struct tcp_pcb;

/*
 * A segment for a listening port. ERR_OK: lwIP may have it; anything else: it was held or is
 * dropped. `hdr` has its fields in host byte order, its options follow it.
 */
err_t inbound_segment(struct net_stack *stack, struct tcp_pcb *listener, const struct tcp_hdr *hdr,
		      unsigned opt_len);
/* After each packet: takes over the pcb that lwIP may have made of a SYN. */
void inbound_after_input(struct net_stack *stack);
/* Whether its SYN was answered and nothing acceptable has come back yet. */
bool inbound_is_half_open(const struct net_inbound *in);
/* What happens to a stream that still is an attempt's. May free `in`; callable from lwIP's callbacks. */
void inbound_stream_event(struct net_inbound *in, unsigned events);
struct boot_time inbound_deadline(const struct net_stack *stack);
/* Drops the half open ones whose time is over. */
void inbound_tick(struct net_stack *stack);
/* The peer was removed: its held SYNs go, those that the owner knows of when it decides. */
void inbound_end_peer(struct net_peer *peer);
/* Closes the listeners and forgets the attempts. */
void inbound_free_all(struct net_stack *stack);

#endif
