/*
 * How far a stream's receive window opens: it starts moderate, grows with the bandwidth-delay
 * product, and falls back when the stream rests.
 */
#ifndef CULVERT_NET_WINDOW_H
#define CULVERT_NET_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * 160 Mbit/s at 100 ms. It is ahead of a sender that doubles (BBR's start-up) while a first loss keeps the bytes from the
 * reader, and growth waits: with less the sender finds its rate bounded and leaves start-up early.
 */
#define WINDOW_START (2u << 20)
/* The start with thousands of streams: two initial windows of a sender (RFC 6928). */
#define WINDOW_LEAST (32u << 10)
/* 2.7 Gbit/s at 100 ms: lwIP's TCP_WND. */
#define WINDOW_MOST (32u << 20)
/* A stream that was idle for so long starts over, as RFC 9293 advises for the sender's side. */
#define WINDOW_IDLE_MS 10000
/* The least round trip is that of the last one or two of these: paths change. */
#define WINDOW_LEAST_MS 10000
/* With a least round trip of at most that, a window may arrive as one burst; see window.c. */
#define WINDOW_SHORT_MS 10

struct window {
	uint32_t start;		/* the ceiling that it began with */
	uint32_t max;		/* the one in force, never below it */
	uint32_t rtt_ms;	/* estimate; 0: not known */
	uint32_t least_ms[2];	/* least sample of this span of WINDOW_LEAST_MS, and of the one before; 0: none */
	uint64_t span_ms;	/* its start */
	uint32_t taken;		/* bytes that the reader took in this round */
	uint32_t peak;		/* most of them in one round so far */
	uint64_t round_ms;	/* start of the round, one round trip long */
	uint64_t last_ms;	/* last time that the reader took bytes */
	uint64_t used_ms;	/* last end of a round that took a quarter of the window or more */
	bool refused;		/* the last growth was less than it wanted */
};

void window_init(struct window *w, uint32_t start);
/* Whether the path is known to be so long that no sender makes a burst of a whole window. */
bool window_is_long(const struct window *w);
/* A round-trip time was measured. */
void window_sample(struct window *w, uint64_t now_ms, uint32_t rtt_ms);
/*
 * The reader took `len` bytes. It grows to `most` at most, and as far as a socket that holds `socket_room` bytes
 * for this stream (0: any number) takes a burst. True when `w->max` has changed and TCP must be told.
 */
bool window_taken(struct window *w, uint64_t now_ms, size_t len, size_t most, size_t socket_room);
/* Falls back to the start if little of it was used for WINDOW_IDLE_MS: somebody needs the room. True when it did. */
bool window_rest(struct window *w, uint64_t now_ms);

#endif
