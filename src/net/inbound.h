/* Connection attempts from the mesh, held until their owner decides. */
#ifndef CULVERT_NET_INBOUND_H
#define CULVERT_NET_INBOUND_H

#include "net/lwip_err.h"

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
/* Closes the listeners and forgets the attempts. */
void inbound_free_all(struct net_stack *stack);

#endif
