/* Hooks that lwIP calls and src/net/ provides; included by lwIP where its own types are known. */
#ifndef CULVERT_LWIPHOOKS_H
#define CULVERT_LWIPHOOKS_H

#include "lwip/err.h"
#include "lwip/ip_addr.h"

struct pbuf;
struct tcp_hdr;
struct tcp_pcb;

/* Initial sequence number, RFC 6528: a 4 us clock plus a keyed hash of the four arguments. */
u32_t net_lwip_isn(const ip_addr_t *local_ip, u16_t local_port, const ip_addr_t *remote_ip,
		   u16_t remote_port);

/* Each segment before its connection sees it: anything but ERR_OK drops it. */
err_t net_lwip_tcp_inpacket(struct tcp_pcb *pcb, struct tcp_hdr *hdr, u16_t optlen, struct pbuf *p);

/* `pcb` is about to be reset because of `check`, an enum tcp_broken_check. */
void net_lwip_tcp_broken(const struct tcp_pcb *pcb, int check);

#endif
