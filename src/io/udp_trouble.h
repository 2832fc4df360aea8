/*
 * What the system and routers last said against single destinations of an io_udp: sends that it
 * refused, and ICMP errors, which the socket's error queue gives with the destination that they quote.
 */
#ifndef CULVERT_IO_UDP_TROUBLE_H
#define CULVERT_IO_UDP_TROUBLE_H

#include <stdbool.h>

#include "base/addr.h"
#include "base/clock.h"
#include "io/udp.h"

/* Destinations remembered, the oldest goes first: peers at once in trouble that anyone reads of. */
#define UDP_TROUBLE_MAX 32

/* Older than that it says nothing of the present: some handshakes (5 s) have gone by since. */
#define UDP_TROUBLE_AGE_MS 60000

/* Errors read in one wakeup; a flood of them must not hold up the datagrams. */
#define UDP_TROUBLE_BATCH 16

struct udp_trouble_entry {
	struct endpoint dst;
	struct boot_time at;
	enum io_udp_trouble kind;
};

struct udp_trouble {
	struct udp_trouble_entry entries[UDP_TROUBLE_MAX];
	unsigned count;
	bool waiting;		/* a call failed with an error of the queue: read it soon */
	struct io_udp_counters *counters;
};

/* Has ICMP errors about `fd` kept in its error queue. */
void udp_trouble_watch(int fd, enum addr_family family);

/* The error of a send to `dst`; most kinds say nothing about the way there and are passed over. */
void udp_trouble_refused(struct udp_trouble *t, struct boot_time now, const struct endpoint *dst,
			 int errnum);
/* The system took a datagram to `dst`: what it had refused is over. ICMP errors are not. */
void udp_trouble_sent(struct udp_trouble *t, const struct endpoint *dst);

/* Reads a bounded piece of the error queue of `fd`. */
void udp_trouble_read(struct udp_trouble *t, struct boot_time now, int fd);

/* See io_udp_trouble. */
enum io_udp_trouble udp_trouble_find(const struct udp_trouble *t, struct boot_time now,
				     const struct endpoint *dst, struct boot_time since);

#endif
