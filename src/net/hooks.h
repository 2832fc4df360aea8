/* The functions that lwIP calls; see third_party/lwip/include for their contracts. */
#ifndef CULVERT_NET_HOOKS_H
#define CULVERT_NET_HOOKS_H

#include "net/lwip_err.h"

#include "lwip/arch.h"
#include "lwip/ip_addr.h"

struct pbuf;
struct tcp_hdr;
struct tcp_pcb;

u32_t net_lwip_isn(const ip_addr_t *local_ip, u16_t local_port, const ip_addr_t *remote_ip,
		   u16_t remote_port);
err_t net_lwip_tcp_inpacket(struct tcp_pcb *pcb, struct tcp_hdr *hdr, u16_t opt_len, struct pbuf *p);

#endif
