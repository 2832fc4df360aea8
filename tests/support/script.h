/*
 * Scripts for one connection of the stack, packet by packet with exact times, in the manner of
 * packetdrill: a table of steps. What the remote sends and what the owner does happens at its
 * time; what the stack sends must be the next OUT, at its time. A packet that no step expects, one
 * that is missing, early or late fails the script, and the whole exchange is printed.
 *
 * Numbers are relative: the SYN of either side has 0, its first byte of data 1. Data are
 * model_pattern, both ways, and are compared. Times are ms since the start, fractions allowed.
 * What the remote does not say is filled in: its window (REMOTE_WINDOW), and once both SYNs had
 * timestamps its clock and an echo of the newest timestamp that it has seen.
 *
 *	static const struct script_step steps[] = {
 *		DIAL(0),
 *		OUT(0, SYN, 0, 0, 0),
 *		IN(50, SYN | ACK, 0, 0, 1, .mss = 1000, .scale = 7, .sack_ok = true),
 *		OUT(50, ACK, 1, 0, 1),
 *		WRITE(60, 3000),
 *		OUT(60, ACK, 1, 1000, 1, .count = 3),
 *		IN(110, ACK, 1, 0, 1, .sack = {{1001, 3001}}),
 */
#ifndef TESTS_SUPPORT_SCRIPT_H
#define TESTS_SUPPORT_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cause.h"
#include "base/compiler.h"
#include "base/packet.h"
#include "base/rng.h"
#include "net/stack.h"
#include "net/stream.h"
#include "support/net_raw.h"

#define FIN RAW_FIN
#define SYN RAW_SYN
#define RST RAW_RST
#define PSH RAW_PSH
#define ACK RAW_ACK

#define SCRIPT_SACK_MAX 4
#define SCRIPT_PENDING_MAX 4096	/* packets that wait for their OUT: a window of 4 MB */
#define SCRIPT_MTU 1420
#define REMOTE_WINDOW (1u << 20)
#define WINDOW_CLOSED UINT32_MAX	/* as `wnd`: zero */
#define ECHO_NONE UINT32_MAX		/* as `echo_ms`: no timestamp option */

enum script_op {
	SCRIPT_DIAL, SCRIPT_IN, SCRIPT_OUT, SCRIPT_WRITE, SCRIPT_READ, SCRIPT_SHUTDOWN, SCRIPT_CLOSE,
	SCRIPT_ABORT, SCRIPT_FREEZE, SCRIPT_TOO_BIG, SCRIPT_ENDS, SCRIPT_CALL, SCRIPT_QUIET
};

struct script_world;

struct script_step {
	unsigned line;
	enum script_op op;
	uint64_t at_us;
	uint8_t flags;		/* PSH is not compared */
	uint32_t seq, len, ack;
	uint32_t wnd;		/* bytes; 0: IN: REMOTE_WINDOW, OUT: any */
	uint32_t sack[SCRIPT_SACK_MAX][2];	/* OUT: these blocks and no others */
	uint32_t echo_ms;	/* IN: the echo is of what the stack sent then; 0: of the newest */
	unsigned count;		/* OUT: so many segments of `len`, one after another; 0: 1 */
	uint64_t slack_us;	/* OUT: earlier or later by up to so much */
	bool batch;		/* IN: fed together with the next one */
	/* Options of a SYN; OUT: not compared. */
	unsigned mss, scale;	/* 0: option absent */
	bool sack_ok, timestamps;
	unsigned mtu;		/* TOO_BIG */
	enum cause cause;	/* ENDS */
	void (*call)(struct script_world *w);
};

#define STEP(ms, o, ...) {.line = __LINE__, .op = SCRIPT_##o, .at_us = (uint64_t)((ms) * 1000), __VA_ARGS__}
#define DIAL(ms) STEP(ms, DIAL, .count = 1)
/* The remote sends: flags, sequence number, length, acknowledgement, further fields. */
#define IN(ms, f, s, l, ...) STEP(ms, IN, .flags = (f), .seq = (s), .len = (l), .ack = __VA_ARGS__)
/* The stack sends. */
#define OUT(ms, f, s, l, ...) STEP(ms, OUT, .flags = (f), .seq = (s), .len = (l), .ack = __VA_ARGS__)
/* The owner writes so much, all of which there must be room for; reads exactly so much. */
#define WRITE(ms, n) STEP(ms, WRITE, .len = (n))
#define READ(ms, n) STEP(ms, READ, .len = (n))
#define SHUTDOWN(ms) STEP(ms, SHUTDOWN, .count = 1)
#define CLOSE(ms) STEP(ms, CLOSE, .count = 1)
#define ABORT(ms) STEP(ms, ABORT, .count = 1)
/* The process sleeps until then: no timer runs in between. */
#define FREEZE(ms) STEP(ms, FREEZE, .count = 1)
/* A router on the way says that the last packet of the stack exceeds so much (RFC 1191). */
#define TOO_BIG(ms, m) STEP(ms, TOO_BIG, .mtu = (m))
/* By then the stream has failed, of this cause; CAUSE_OK: it has not. */
#define ENDS(ms, c) STEP(ms, ENDS, .cause = (c))
/* Looks at the world: the function uses assertions of its own. */
#define CALL(ms, f) STEP(ms, CALL, .call = (f))
/* Nothing leaves until then. */
#define QUIET(ms) STEP(ms, QUIET, .count = 1)

/* Connected at 50 ms, with a round trip of 50 ms and segments of 1,000 bytes: dialled, or by the remote. */
#define CONNECTED(...) \
	DIAL(0), \
	OUT(0, SYN, 0, 0, 0), \
	IN(50, SYN | ACK, 0, 0, 1, .mss = 1000, __VA_ARGS__), \
	OUT(50, ACK, 1, 0, 1)
#define ACCEPTED(...) \
	IN(0, SYN, 0, 0, 0, .mss = 1000, __VA_ARGS__), \
	OUT(0, SYN | ACK, 0, 0, 1), \
	IN(50, ACK, 1, 0, 1)

struct script {
	const char *name;
	const struct script_step *steps;
	size_t count;
	/* The stack's sequence numbers wrap so many bytes after its SYN, or up to 250 later; 0: wherever. Only
	 * where the remote opens: a chosen port would move it. */
	uint32_t wraps_after;
	uint32_t peer_iss;	/* 0: 7000 */
};

#define SCRIPT(steps_) {.name = #steps_, .steps = (steps_), .count = ARRAY_LEN(steps_)}

struct script_seen {
	struct boot_time at;
	uint32_t seq, len, ack, wnd;
	uint32_t sack[SCRIPT_SACK_MAX][2];
	uint8_t flags;
	bool pattern;		/* its data are what they should be */
};

struct script_world {
	struct net_stack *stack;
	struct packet_pool *pool;
	struct rng_seeded seed;
	struct rng rng;
	struct boot_time now, start;
	struct net_stream *s;
	unsigned events;	/* all seen */
	uint64_t written, read;
	struct endpoint us, peer;
	uint32_t our_iss, peer_iss;
	bool known, ts;		/* our_iss is; both SYNs had timestamps */
	bool our_ts, peer_ts;
	unsigned our_scale, peer_scale;
	uint32_t ts_base;	/* the stack's timestamp clock at the start */
	uint32_t ts_newest;
	struct raw_packet last;	/* sent by the stack */
	struct script_seen pending[SCRIPT_PENDING_MAX];
	size_t pending_first, pending_count;
	struct raw_packet batch[16];
	size_t batch_count;
};

/* Runs it in a stack of its own; the world is valid until the next. False: it failed, and was told. */
bool script_run(const struct script *script);

#endif
