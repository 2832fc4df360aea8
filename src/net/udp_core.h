/* The inside of UDP sockets, for the files of net/. */
#ifndef CULVERT_NET_UDP_CORE_H
#define CULVERT_NET_UDP_CORE_H

struct net_stack;

/* Closes every socket. */
void udp_close_all(struct net_stack *stack);

#endif
