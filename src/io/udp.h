/*
 * The UDP socket pair (IPv4 and IPv6) below WireGuard, in batches.
 *
 * Receive: recvmmsg into packet blocks, with UDP_GRO where the kernel has it; the owner is called
 * per datagram. Work per wakeup is bounded; what is left is read at the next one.
 * Send: datagrams are written into slots of a batch and leave by io_udp_flush, as UDP_SEGMENT
 * trains per destination where the path takes them, else by sendmmsg, else one by one. What the system
 * has no room for waits in the batch and leaves by itself when there is some.
 */
#ifndef CULVERT_IO_UDP_H
#define CULVERT_IO_UDP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/compiler.h"
#include "base/packet.h"
#include "io/loop.h"

struct io_udp;

/* One datagram of `len` bytes at `data` inside `block`; keep a reference to keep it. */
typedef void (*io_udp_fn)(void *ctx, const struct endpoint *src, struct packet_block *block,
			  uint8_t *data, size_t len);

struct io_udp_config {
	struct io_loop *loop;
	struct packet_pool *pool;
	uint16_t port;		/* 0: any; the same for both families */
	bool ipv4, ipv6;	/* families to open; one that the host lacks is left out */
	io_udp_fn on_datagram;
	/* After the datagrams of one wakeup, before the loop's flush hook; may be NULL. */
	io_fn on_batch_end;
	/* Before committed datagrams leave: whose content the owner has left unfinished. May be NULL. */
	io_fn before_send;
	void *ctx;
};

struct io_udp_counters {
	uint64_t rx_datagrams, tx_datagrams;
	uint64_t rx_calls, tx_calls;
	uint64_t rx_nobuf;	/* nothing read for want of a block */
	uint64_t rx_truncated;	/* longer than the place it was read into: lost */
	uint64_t rx_overflow;	/* messages (trains count as one) that found the socket's buffer full: lost */
	uint64_t tx_errors;	/* the system refused a datagram */
	uint64_t tx_waits;	/* the system had no room: a batch had to wait */
	uint64_t tx_dropped;	/* and had none for too long: lost */
	uint64_t icmp_errors;	/* about datagrams sent */
};

/* Why nothing comes back from a destination, as far as this host knows. */
enum io_udp_trouble {
	IO_UDP_FINE,		/* nothing is known */
	IO_UDP_NO_FAMILY,	/* this host has no (address of the) family */
	IO_UDP_NO_ROUTE,	/* this host has no route to it */
	IO_UDP_FORBIDDEN,	/* this host's firewall forbids it */
	IO_UDP_REFUSED,		/* ICMP: nothing listens on the port */
	IO_UDP_UNREACHABLE,	/* ICMP: no way from some router on */
	IO_UDP_PROHIBITED,	/* ICMP: a router or firewall forbids it */
};

/* 0; ERR_INUSE, ERR_PERM, ERR_UNREACH when no family could be opened, ERR_NOMEM, ERR_IO. */
CULVERT_MUST_USE int io_udp_new(const struct io_udp_config *config, struct io_udp **out);
void io_udp_free(struct io_udp *udp);
uint16_t io_udp_port(const struct io_udp *udp);
bool io_udp_has_family(const struct io_udp *udp, enum addr_family family);

/*
 * What is asked of the system to receive into; it grants up to its own limit. About 7 ms at 8 Gbit/s, which covers
 * the time that this process may be kept from running.
 */
#define IO_UDP_BUFFER (7 * 1024 * 1024)
/*
 * And to send from: some trains, about what Linux grants by default. What is in there can no longer be put in
 * another order: at 20 Mbit/s a short message waits 100 ms for it, and would 3 s for 7 MB.
 */
#define IO_UDP_SEND_BUFFER (256 * 1024)
/*
 * The receive buffer that was granted, of the smaller socket. Datagrams of 1,424 bytes fill it at 1.2 times that, as
 * trains at 1.7 times; those of 100 bytes at a quarter.
 */
size_t io_udp_receive_buffer(const struct io_udp *udp);

/*
 * Whether the system has refused datagrams for want of room that wait now: bulk should wait as well, where
 * it can still be put in another order.
 */
bool io_udp_is_waiting(const struct io_udp *udp);
/*
 * Makes sure that the next slot of up to `max_len` bytes is there; flushes a full batch. False: it
 * waits, and is full.
 */
bool io_udp_has_room(struct io_udp *udp, size_t max_len);
/*
 * Room for a datagram of up to `max_len` bytes (at most PACKET_BLOCK_SIZE / 2) to `dst`; flushes when the
 * batch is full. NULL where io_udp_has_room would say no. io_udp_commit takes the first `len` bytes of it; a
 * slot that is not committed before the next io_udp_slot or flush is given up.
 */
uint8_t *io_udp_slot(struct io_udp *udp, const struct endpoint *dst, size_t max_len);
void io_udp_commit(struct io_udp *udp, size_t len);
/* Sends what was committed. What the system has no room for is sent later, in order, without being asked. */
void io_udp_flush(struct io_udp *udp);

const struct io_udp_counters *io_udp_counters(const struct io_udp *udp);
/* The last trouble with `dst`, if it came at or after `since` and within the last minute. */
enum io_udp_trouble io_udp_trouble(const struct io_udp *udp, const struct endpoint *dst,
				   struct boot_time since);
/* Gives unused memory back: called when the loop has been idle. */
void io_udp_trim(struct io_udp *udp);

#endif
