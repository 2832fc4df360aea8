/*
 * A stack with one netif whose other side is the test: segments are put in by hand, what comes out
 * is recorded, and time is a variable. Product options.
 */
#ifndef LWIP_TEST_FIXTURE_H
#define LWIP_TEST_FIXTURE_H

#include <check.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lwip/opt.h"
#include "lwip/init.h"
#include "lwip/ip.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/tcp.h"
#include "lwip/timeouts.h"

/* One TCP segment that the stack has sent. */
struct sent {
	unsigned family;	/* 4 or 6 */
	bool df;
	uint16_t sport, dport;
	uint32_t seq, ack;
	uint8_t flags;
	uint16_t wnd;
	uint16_t mss;		/* option, 0 without */
	bool ts;
	unsigned sacks;
	uint32_t sack[4][2];
	size_t len;		/* of data */
	size_t ip_len;
	uint8_t head[80];	/* of the IP packet, as an ICMP error quotes it */
};

/* A connection and the test's end of it. */
struct conn {
	struct tcp_pcb *pcb;
	unsigned family;
	uint16_t port, peer_port;	/* of the stack, of the test */
	uint32_t peer_seq;	/* next to send to the stack */
	uint32_t seen;		/* next expected from the stack */
	bool ts;
	uint32_t peer_ts;
	/* what the callbacks have recorded */
	unsigned connected, errors, eofs, icmps;
	err_t err, icmp;
	size_t received, acked;
	uint32_t sum;		/* of the bytes received, order included */
	bool hold;		/* do not open the window for what is received */
};

extern uint32_t now_ms;
extern size_t blocks_in_use;	/* of lwIP's memory */
extern unsigned broken[TCP_BROKEN_COUNT];	/* checks that failed */
extern uint32_t sender;		/* whom fragments come from */
extern unsigned blocks_fail;	/* this many allocations fail from now on */

void fixture_setup(void);
void fixture_teardown(void);	/* fails if memory is left over */

/* Lets the time pass, calling the timers when they want it. Returns how often they did. */
unsigned pass_ms(uint32_t ms);

/* The next segment that was sent, or NULL. */
const struct sent *next_sent(void);
void drop_sent(void);
/* While set, the netif holds what is sent, as a driver with a queue; release_sent() lets it go. */
extern bool keep_sent;
void release_sent(void);
size_t count_sent(void);

struct options {
	uint16_t mss;
	int wscale;		/* -1: none */
	bool sack, ts;
};

/* Puts a segment in; `split` > 0 makes a chain with the headers alone and pieces of that size. */
void put_segment(struct conn *c, uint8_t flags, uint32_t seq, uint32_t ack, uint16_t wnd,
		 const struct options *opt, const void *data, size_t len, size_t split);
/* Data at an offset to what the stack expects; `put` advances, `put_at` does not. */
void put_data(struct conn *c, size_t len);
void put_data_at(struct conn *c, uint32_t offset, size_t len);
void put_ack(struct conn *c, uint32_t ack);
/* An ICMP or ICMPv6 error that quotes a segment; mtu for the types that have it. */
void put_icmp(unsigned family, uint8_t type, uint8_t code, uint32_t mtu, const struct sent *quoted);

/* Opens a connection; established unless syn_only. */
void conn_open(struct conn *c, unsigned family, bool syn_only);
void conn_answer(struct conn *c);	/* SYN|ACK to the recorded SYN */
void conn_abort(struct conn *c);

uint8_t pattern(uint32_t position);

Suite *windows_suite(void);
Suite *hash_suite(void);
Suite *send_suite(void);
Suite *timers_suite(void);
Suite *icmp_suite(void);
Suite *hostile_suite(void);
Suite *ports_suite(void);
Suite *receive_suite(void);
Suite *peer_safety_suite(void);
Suite *recovery_suite(void);
Suite *sack_suite(void);

#endif
