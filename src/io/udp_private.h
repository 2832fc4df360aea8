/* Inner view of io_udp for its tests and its bench: every fallback can be chosen on any kernel. */
#ifndef CULVERT_IO_UDP_PRIVATE_H
#define CULVERT_IO_UDP_PRIVATE_H

#include <stdbool.h>

#include "io/udp.h"

/* Which of the system's batch calls to use. */
struct io_udp_offload {
	bool gro;	/* receive trains (UDP_GRO) */
	bool gso;	/* send trains (UDP_SEGMENT) */
	bool mmsg;	/* several messages in one call */
};

/* What is in use: at first all that the system offers. */
void io_udp_get_offload(const struct io_udp *udp, struct io_udp_offload *out);
void io_udp_set_offload(struct io_udp *udp, const struct io_udp_offload *offload);

/* A receive buffer of so many bytes; the system has a least and a most. */
void io_udp_set_receive_buffer(struct io_udp *udp, int bytes);

/* Destinations that get single datagrams at present because they refused a train. */
unsigned io_udp_plain_paths(const struct io_udp *udp);

#endif
