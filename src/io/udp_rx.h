/*
 * The receiving half of io_udp: one bounded read of a socket into packet blocks, cut into
 * datagrams.
 */
#ifndef CULVERT_IO_UDP_RX_H
#define CULVERT_IO_UDP_RX_H

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/compiler.h"
#include "base/packet.h"
#include "io/sys.h"
#include "io/udp.h"

/* Trains in one call: 512 kB, which is also about what one wakeup may read. */
#define UDP_RX_TRAINS_MAX 8

/* Single datagrams in one call: a block full of slots. */
#define UDP_RX_MESSAGES_MAX 32

/* A slot for a single datagram: an Ethernet path's with room to spare. */
#define UDP_RX_SLOT_LEN 2048U

/* Messages up to this length are copied out of the block they came in: four full datagrams. */
#define UDP_RX_SHORT_LEN 6144U

/* Bounds of one wakeup, whichever comes first; the socket stays readable for the next one. */
#define UDP_RX_WAKEUP_BYTES (512U * 1024)
#define UDP_RX_WAKEUP_MESSAGES 256U

/* Calls repeated because an ICMP error had them fail: each such failure clears one error. */
#define UDP_RX_ERRORS_MAX 4

/* Slots that grew for large datagrams shrink again after so many small ones. */
#define UDP_RX_SHRINK_AFTER 1024U

enum udp_rx_result {
	UDP_RX_DRAINED,		/* nothing left to read */
	UDP_RX_MORE,		/* the bound of one wakeup was reached */
	UDP_RX_NO_BLOCK,	/* the pool is used up */
};

/* One socket as seen from here. */
struct udp_rx_source {
	int fd;
	bool gro;
	unsigned want;		/* messages to ask for: follows what was there last time */
	size_t slot_len;
	unsigned small;		/* datagrams since the last that needed the grown slot */
	uint32_t overflow;	/* messages that the system has dropped, as last told (SO_RXQ_OVFL) */
};

/* Scratch space and settings that all sockets of an io_udp share. */
struct udp_rx {
	struct packet_pool *pool;
	struct io_udp_counters *counters;
	io_udp_fn on_datagram;
	void *ctx;
	bool mmsg;
	bool error_seen;		/* a call failed with an error of the error queue */
	struct packet_block *shared;	/* of short messages, during a read */
	size_t shared_len;
	struct packet_block *blocks[UDP_RX_TRAINS_MAX];
	struct mmsghdr messages[UDP_RX_MESSAGES_MAX];
	struct iovec iov[UDP_RX_MESSAGES_MAX];
	union sys_sockaddr addr[UDP_RX_MESSAGES_MAX];
	/* UDP_GRO and SO_RXQ_OVFL */
	alignas(size_t) uint8_t control[UDP_RX_MESSAGES_MAX][CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(uint32_t))];
};

/* Prepares a bound socket: asks for UDP_GRO and SO_RXQ_OVFL. */
void udp_rx_source_init(struct udp_rx_source *source, int fd);

/* Reads within the bounds of one wakeup and hands each datagram to `rx->on_datagram`. */
enum udp_rx_result udp_rx_read(struct udp_rx *rx, struct udp_rx_source *source);

#endif
