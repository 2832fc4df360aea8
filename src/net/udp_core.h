/* The inside of UDP sockets, for the files of net/. */
#ifndef CULVERT_NET_UDP_CORE_H
#define CULVERT_NET_UDP_CORE_H

struct net_stack;
struct seg;

/* Closes every socket. */
void udp_close_all(struct net_stack *stack);

/* Looks at an ICMP packet that is complete and checked: an error about a datagram of ours? */
void udp_icmp_input(struct net_stack *stack, const struct seg *seg);

#endif
