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
 *
 * Bursts. What is on its way can arrive at once: a sender that was held up, a path that batches, this process not
 * running for a few milliseconds. The UDP socket has to hold it, and where the system grants it little the rest is
 * lost. On a long path no sender makes a burst of a whole window, and the window must double for slow start to go
 * on. On a short one (WINDOW_SHORT_MS) rate times delay is small; what the window has beyond that is a queue, which
 * stands in the socket and makes the round trip longer, so the least round trip counts. There the window is
 * what the socket holds for this stream and what is on the path meanwhile: what is taken in the least round trip, less
 * a millisecond, which is how far that is measured. It grows by the socket's room in a round trip: with 208 kB and
 * 10 ms by 170 Mbit/s.
 */
#include "net/window.h"

void window_init(struct window *w, uint32_t start)
{
	*w = (struct window){.start = start, .max = start};
}

void window_sample(struct window *w, uint64_t now_ms, uint32_t rtt_ms)
{
	if (!rtt_ms)
		rtt_ms = 1;
	if (now_ms - w->span_ms >= WINDOW_LEAST_MS) {
		w->least_ms[1] = w->least_ms[0];
		w->least_ms[0] = 0;
		w->span_ms = now_ms;
	}
	if (!w->least_ms[0] || rtt_ms < w->least_ms[0])
		w->least_ms[0] = rtt_ms;
	if (!w->rtt_ms || rtt_ms < w->rtt_ms)
		w->rtt_ms = rtt_ms;
	else
		w->rtt_ms += (rtt_ms - w->rtt_ms) / 8;
}

/* What the next round trip may bring: growth goes on, but nothing more than doubles (RFC 5681 3.1). */
static size_t expected(struct window *w, size_t taken)
{
	uint64_t next = taken;

	if (w->peak && taken > w->peak)
		next = (uint64_t)taken * taken / w->peak;
	if (next > (uint64_t)taken * 2)
		next = (uint64_t)taken * 2;
	if (taken > w->peak)
		w->peak = (uint32_t)taken;
	return (size_t)next;
}

/* The round trip without queues, as far as that is known. */
static uint32_t path_ms(const struct window *w)
{
	uint32_t now = w->least_ms[0], before = w->least_ms[1];

	if (!now || (before && before < now))
		now = before;
	return now ? now : 1;
}

bool window_is_long(const struct window *w)
{
	return path_ms(w) > WINDOW_SHORT_MS;
}

/* The window for a reader that took so much in a round trip and is expected to take `next`. */
static size_t wanted(const struct window *w, size_t taken, size_t next, uint32_t rtt_ms, size_t socket_room)
{
	uint32_t least = path_ms(w);
	size_t want = 2 * next, held = socket_room + taken / rtt_ms * (least - 1);

	if (socket_room && least <= WINDOW_SHORT_MS && want > held)
		want = held;
	return want < WINDOW_MOST ? want : WINDOW_MOST;
}

static void end_round(struct window *w, uint64_t now_ms, uint32_t rtt_ms, size_t most, size_t socket_room)
{
	/* A late end of the round counts as several. */
	uint64_t rounds = (now_ms - w->round_ms) / rtt_ms;
	size_t taken = (size_t)(w->taken / rounds), next = expected(w, taken);

	w->round_ms = now_ms;
	w->taken = 0;
	w->refused = false;
	if (taken >= w->max / 4)
		w->used_ms = now_ms;
	if (taken > w->max / 2) {
		size_t want = wanted(w, taken, next, rtt_ms, socket_room);

		w->refused = want > most;
		if (want > most)
			want = most;
		if (want > w->max)
			w->max = (uint32_t)want;
	}
}

static bool fall_back(struct window *w, uint64_t now_ms, uint64_t since_ms)
{
	if (w->max == w->start || now_ms - since_ms < WINDOW_IDLE_MS)
		return false;
	w->max = w->start;
	w->peak = 0;
	return true;
}

bool window_rest(struct window *w, uint64_t now_ms)
{
	return fall_back(w, now_ms, w->used_ms);
}

bool window_taken(struct window *w, uint64_t now_ms, size_t len, size_t most, size_t socket_room)
{
	uint32_t old = w->max;
	uint32_t rtt_ms = w->rtt_ms ? w->rtt_ms : 1;

	(void)fall_back(w, now_ms, w->last_ms);
	w->last_ms = now_ms;
	w->taken = len > UINT32_MAX - w->taken ? UINT32_MAX : w->taken + (uint32_t)len;
	if (now_ms - w->round_ms >= rtt_ms)
		end_round(w, now_ms, rtt_ms, most, socket_room);
	return w->max != old;
}
