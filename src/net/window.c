/*
 * Theory of operation
 *
 * Dynamic right-sizing (Fisk, Feng 2001): what the reader takes in one round trip is what the
 * sender could deliver under the present window; when that is more than half the window, the window
 * may be the limit and is set to twice the amount. A slow reader takes little in a round trip, so
 * its window never grows, whatever is buffered.
 *
 * The round-trip time comes from the handshake and then from echoed timestamps (RFC 7323). For a
 * pure receiver these include the sender's pauses, so smaller samples count at once, larger ones
 * slowly. One millisecond is the resolution and the least.
 */
#include "net/window.h"

void window_init(struct window *w, size_t stream_count)
{
	size_t share = WINDOW_SHARED / (stream_count + 1);

	*w = (struct window){.max = WINDOW_START};
	if (share < WINDOW_START)
		w->max = share < WINDOW_LEAST ? WINDOW_LEAST : (uint32_t)share;
}

void window_sample(struct window *w, uint32_t rtt_ms)
{
	if (!rtt_ms)
		rtt_ms = 1;
	if (!w->rtt_ms || rtt_ms < w->rtt_ms)
		w->rtt_ms = rtt_ms;
	else
		w->rtt_ms += (rtt_ms - w->rtt_ms) / 8;
}

bool window_taken(struct window *w, uint64_t now_ms, size_t len, bool may_grow)
{
	uint32_t old = w->max, taken;
	uint32_t rtt_ms = w->rtt_ms ? w->rtt_ms : 1;

	if (now_ms - w->last_ms >= WINDOW_IDLE_MS && w->max > WINDOW_START && w->last_ms)
		w->max = WINDOW_START;
	w->last_ms = now_ms;
	if (now_ms - w->round_ms >= rtt_ms) {
		/* A late end of the round counts as several. */
		uint64_t rounds = (now_ms - w->round_ms) / rtt_ms;

		taken = (uint32_t)(w->taken / rounds);
		if (may_grow && taken > w->max / 2)
			w->max = taken > WINDOW_MOST / 2 ? WINDOW_MOST : taken * 2;
		w->round_ms = now_ms;
		w->taken = 0;
	}
	w->taken = len > UINT32_MAX - w->taken ? UINT32_MAX : w->taken + (uint32_t)len;
	return w->max != old;
}
