/*
 * A TCP endpoint in the kernel's manner, written without our stack, so that sender and receiver of
 * ours are judged apart: one connection that is dialled by the stack under test, or by another
 * one of these. It takes segments in and gives segments out; time is an argument.
 *
 * As a receiver it delays acknowledgements (RFC 9293 3.8.6.3: every second full segment, 40 ms),
 * except at the start, on a gap and while one closes; reports SACK blocks, the newest first (RFC
 * 2018 4), and duplicates (RFC 2883); opens a window that stays ahead of what is read in a round
 * trip. For one acknowledgement per batch, as behind GRO, feed the batch before asking
 * for output.
 *
 * As a sender it is plain: slow start, congestion avoidance, a scoreboard that calls lost what has
 * three SACKed segments above it (RFC 6675), halving once per window (RFC 5681), RTO of RFC 6298.
 *
 * Payload of either direction is model_pattern. What arrives is compared; a difference aborts.
 */
#ifndef TESTS_SUPPORT_MODEL_PEER_H
#define TESTS_SUPPORT_MODEL_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/clock.h"
#include "support/net_raw.h"

#define MODEL_RANGES_MAX 65536	/* gaps: every second packet of a window of 32 MB, and more */
#define MODEL_RECENT 4		/* SACK blocks that fit an option (RFC 2018 3) */
#define MODEL_DELAY_MS 40	/* Linux's TCP_DELACK_MIN */
#define MODEL_QUICK 16		/* Linux's TCP_MAX_QUICKACKS: segments acknowledged at once at the start */
#define MODEL_PACKET_MAX 1500

struct model_options {
	unsigned mss;		/* announced; 0: 1380 */
	unsigned scale;		/* of the window; 0: 10 */
	uint32_t window_start;	/* 0: 64 kB */
	uint32_t window_max;	/* 0: 32 MB */
	bool no_sack, no_timestamps, no_dsack;
	bool prompt;		/* acknowledges at once, as one that answers does */
	uint64_t to_send;	/* bytes of pattern that it sends as soon as it is connected... */
	uint64_t fixed_window;	/* ...with this congestion window whatever is lost; 0: Reno's */
};

struct model_range {
	uint64_t start, end;
};

struct model_stats {
	/* Of what the counterpart sends, as it leaves there (model_peer_watch). */
	uint64_t firsts, repeats, repeated_bytes;
	uint64_t silences;	/* repeats of the oldest after 200 ms without an ACK: time-outs */
	/* Of what arrives. */
	uint64_t segments, bytes;	/* bytes: in order */
	uint64_t needless, needless_bytes;	/* had it already, and the path did not double it */
	uint64_t beyond;	/* segments beyond the window */
	uint64_t acks, dsacks, gaps_most;
	/* As a sender. */
	uint64_t sent, resent, timeouts, sacked_bytes;
};

enum model_state { MODEL_LISTEN, MODEL_SYN_SENT, MODEL_SYN_RCVD, MODEL_OPEN, MODEL_RESET };

struct model_peer {
	struct model_options options;
	enum model_state state;
	struct endpoint local, remote;
	uint32_t iss, irs;
	bool sack, ts;
	unsigned peer_scale, peer_mss;
	uint32_t ts_recent, last_ack_seq;
	bool syn_due, ack_due;
	struct boot_time now, ack_at, syn_at;
	uint64_t rtt_ns;

	/* Offsets into the stream; 0 is the first byte of data. */
	uint64_t rcv_nxt, edge;
	struct model_range *ranges;
	size_t range_count;
	uint64_t recent[MODEL_RECENT];	/* a byte of each range last touched, newest first */
	unsigned recent_count;
	struct model_range dsack;	/* to be reported; empty: none */
	uint64_t fin_at;
	bool fin_seen, eof;
	uint64_t unacked;	/* bytes since the last ACK */
	size_t seg_most;
	unsigned quick;
	uint32_t window;
	struct boot_time round_start;
	uint64_t round_bytes, round_most;
	uint32_t last_echo;

	/* The counterpart, as watched. */
	uint64_t seen_max, heard_una;
	struct boot_time seen_at, heard_at;

	struct model_sender *sender;
	struct model_stats stats;
};

void model_peer_init(struct model_peer *m, const struct model_options *options,
		     const struct endpoint *local, uint32_t iss);
void model_peer_fini(struct model_peer *m);
/* Dials instead of waiting; the SYN is its next output. */
void model_peer_dial(struct model_peer *m, struct boot_time now, const struct endpoint *to);

void model_peer_input(struct model_peer *m, struct boot_time now, const uint8_t *bytes, size_t len,
		      bool copy);
/* The next packet it sends; 0: none. */
size_t model_peer_output(struct model_peer *m, struct boot_time now,
			 uint8_t out[static MODEL_PACKET_MAX]);
struct boot_time model_peer_deadline(const struct model_peer *m);
void model_peer_tick(struct model_peer *m, struct boot_time now);
/* All of to_send is acknowledged. */
bool model_peer_sent_all(const struct model_peer *m);

/* A packet that the counterpart sends, before the path has its way with it. */
void model_peer_watch(struct model_peer *m, struct boot_time now, const uint8_t *bytes, size_t len);
/* A packet of this peer that arrives at the counterpart. */
void model_peer_heard(struct model_peer *m, struct boot_time now, const uint8_t *bytes, size_t len);

/* The stream that everybody sends: byte `at` and what follows, `len` <= 9000 bytes. */
const uint8_t *model_pattern(uint64_t at, size_t len);

/* Takes an IP packet apart without checking its sums; false: not TCP. */
bool model_parse(const uint8_t *bytes, size_t len, struct raw_tcp *t);

#endif
