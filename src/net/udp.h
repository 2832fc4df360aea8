/* UDP inside the tunnel: sockets with an unpredictable port (RFC 5452) and a bounded queue. */
#ifndef CULVERT_NET_UDP_H
#define CULVERT_NET_UDP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/cause.h"
#include "base/compiler.h"
#include "net/stack.h"

#define NET_UDP_QUEUE_MAX 32	/* datagrams that wait for the owner; later ones are dropped */

/* 0, ERR_NOMEM, or ERR_UNREACH without an own address of that family. */
CULVERT_MUST_USE int net_udp_open(struct net_stack *stack, enum addr_family family, void *owner,
				  struct net_udp **out);
void net_udp_close(struct net_udp *udp);
void *net_udp_owner(const struct net_udp *udp);

/* 0, ERR_MSGSIZE, ERR_NOMEM or ERR_UNREACH. */
CULVERT_MUST_USE int net_udp_send(struct net_udp *udp, const struct endpoint *dst, const void *data,
				  size_t len);
/*
 * Whether an ICMP error says that the last datagram sent did not reach its port (RFC 1122 section
 * 4.1.3.3). It counts only if it quotes that datagram: addresses, ports, length, and its first
 * bytes as far as they are quoted. Told as a wakeup of the owner, like a datagram.
 */
bool net_udp_refused(const struct net_udp *udp);

/* Takes the oldest datagram: its length (cut to `cap`), or ERR_AGAIN. */
CULVERT_MUST_USE int net_udp_recv(struct net_udp *udp, struct endpoint *src, void *data,
				  size_t cap);

#endif
