/*
 * Theory of operation
 *
 * Dynamic right-sizing (Fisk, Feng 2001): what the reader takes in one round trip is what the
 * sender could deliver under the present window; when that is more than half the window, the window
 * may be the limit and is set to twice what is expected of the next. A slow reader takes little in a round trip, so
 * its window never grows, whatever is buffered.
 *
 * The next round trip is expected to bring more than the last in the proportion in which that one
 * brought more, at most twice as much, as in slow start: what is offered now takes a round trip to
 * have an effect. The bytes that end a round belong to it: a lost segment keeps all behind it from
 * the reader until it is repeated, then the reader gets them in one go, and a window that has no
 * room for them and a further flight stops the sender at the next loss.
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

/* What the next round trip may bring: growth goes on, but nothing more than doubles (RFC 5681 3.1). */
static uint32_t expected(struct window *w, uint32_t taken)
{
	uint64_t next = taken;

	if (w->peak && taken > w->peak)
		next = (uint64_t)taken * taken / w->peak;
	if (next > (uint64_t)taken * 2)
		next = (uint64_t)taken * 2;
	if (taken > w->peak)
		w->peak = taken;
	return next < WINDOW_MOST ? (uint32_t)next : WINDOW_MOST;
}

bool window_taken(struct window *w, uint64_t now_ms, size_t len, bool may_grow)
{
	uint32_t old = w->max, taken, next;
	uint32_t rtt_ms = w->rtt_ms ? w->rtt_ms : 1;

	if (now_ms - w->last_ms >= WINDOW_IDLE_MS && w->max > WINDOW_START && w->last_ms) {
		w->max = WINDOW_START;
		w->peak = 0;
	}
	w->last_ms = now_ms;
	w->taken = len > UINT32_MAX - w->taken ? UINT32_MAX : w->taken + (uint32_t)len;
	if (now_ms - w->round_ms >= rtt_ms) {
		/* A late end of the round counts as several. */
		uint64_t rounds = (now_ms - w->round_ms) / rtt_ms;

		taken = (uint32_t)(w->taken / rounds);
		next = expected(w, taken);
		if (may_grow && taken > w->max / 2)
			w->max = next > WINDOW_MOST / 2 ? WINDOW_MOST : next * 2;
		w->round_ms = now_ms;
		w->taken = 0;
	}
	return w->max != old;
}
