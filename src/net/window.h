/*
 * How far a stream's receive window opens: it starts moderate, grows with the bandwidth-delay
 * product, and falls back when the stream rests.
 */
#ifndef CULVERT_NET_WINDOW_H
#define CULVERT_NET_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 20 Mbit/s at 100 ms, 7 Gbit/s at 0.3 ms: most streams never need more. */
#define WINDOW_START (256u << 10)
/* With thousands of streams the start is a share of WINDOW_SHARED, but never below this. */
#define WINDOW_LEAST (32u << 10)
#define WINDOW_SHARED (256u << 20)
/* 320 Mbit/s at 100 ms: lwIP's TCP_WND. */
#define WINDOW_MOST (4u << 20)
/* Received bytes that wait for slow readers, all streams: above it windows do not grow. */
#define BUFFERED_SOFT ((size_t)32 << 20)
/* Above it, segments for streams with more than BUFFERED_SHARE waiting are dropped. */
#define BUFFERED_HARD ((size_t)96 << 20)
#define BUFFERED_SHARE ((size_t)8 << 10)
/* A stream that was idle for so long starts over, as RFC 9293 advises for the sender's side. */
#define WINDOW_IDLE_MS 10000

struct window {
	uint32_t max;		/* the ceiling in force */
	uint32_t rtt_ms;	/* estimate; 0: not known */
	uint32_t taken;		/* bytes that the reader took in this round */
	uint32_t peak;		/* most of them in one round so far */
	uint64_t round_ms;	/* start of the round, one round trip long */
	uint64_t last_ms;	/* last time that the reader took bytes */
};

void window_init(struct window *w, size_t stream_count);
/* A round-trip time was measured. */
void window_sample(struct window *w, uint32_t rtt_ms);
/* The reader took `len` bytes. True when `w->max` has changed and TCP must be told. */
bool window_taken(struct window *w, uint64_t now_ms, size_t len, bool may_grow);

#endif
