/*
 * Theory of operation
 *
 * The window is what the path holds (bandwidth times least round-trip time) times a gain of the
 * state, plus what acknowledgements that come in lumps need, but never less than three trains: one
 * here, one on the way, one that waits for its acknowledgement at the other end. Then the bounds
 * that losses have set. The pace is the bandwidth times the state's other gain, less one percent so
 * that queues drain.
 */
#include "net/cc/bbr_model.h"

#include "net/cc/algo.h"
#include "net/cc/pacer.h"

/* Section 2; gains in percent. */
#define STARTUP_PACING_GAIN 277	/* 4 ln 2 */
#define DRAIN_PACING_GAIN 50
#define DOWN_PACING_GAIN 90
#define UP_PACING_GAIN 125
#define CWND_GAIN 200
#define UP_CWND_GAIN 225
#define PROBE_RTT_CWND_GAIN 50
#define PACING_MARGIN 1
#define HEADROOM 15
#define MIN_PIPE_SEGMENTS 4
#define OFFLOAD_QUANTA 3
/* Before a round-trip time is known (5.6.2). */
#define NOMINAL_RTT_NS NS_PER_MS

static uint32_t min_pipe(const struct bbr *b)
{
	return MIN_PIPE_SEGMENTS * b->mss;
}

uint64_t bbr_max_bw(const struct bbr *b)
{
	return b->max_bw[0] > b->max_bw[1] ? b->max_bw[0] : b->max_bw[1];
}

uint64_t bbr_bandwidth(const struct bbr *b)
{
	return bbr_max_bw(b) < b->bw_shortterm ? bbr_max_bw(b) : b->bw_shortterm;
}

/* BDPMultiple, 5.6.4.2. Microseconds, or the product would wrap. */
uint32_t bbr_bdp(const struct bbr *b, uint64_t bw, unsigned gain)
{
	if (!b->min_rtt_ns)
		return b->initial_cwnd;
	return bbr_least(bw * ((b->min_rtt_ns + 999) / 1000) / 1000000 * gain / 100, UINT32_MAX);
}

/* QuantizationBudget */
uint32_t bbr_with_budget(const struct bbr *b, const struct cc_control *c, uint64_t volume)
{
	uint32_t quantum = bbr_least(c->pacing_rate / (NS_PER_S / PACER_QUANTUM_NS), PACER_TRAIN_MOST);
	uint32_t budget = OFFLOAD_QUANTA * bbr_most(quantum, 2 * b->mss);

	/* Three trains of two segments are more than MinPipeCwnd. */
	if (volume < budget)
		volume = budget;
	if (b->state == BBR_UP)
		volume += 2 * b->mss;
	return bbr_least(volume, UINT32_MAX);
}

bool bbr_in_probe_bw(const struct bbr *b)
{
	return b->state >= BBR_DOWN && b->state <= BBR_UP;
}

static unsigned pacing_gain(const struct bbr *b)
{
	switch ((enum bbr_state)b->state) {
	case BBR_STARTUP:
		return STARTUP_PACING_GAIN;
	case BBR_DRAIN:
		return DRAIN_PACING_GAIN;
	case BBR_DOWN:
		return DOWN_PACING_GAIN;
	case BBR_UP:
		return UP_PACING_GAIN;
	case BBR_CRUISE:
	case BBR_REFILL:
	case BBR_PROBE_RTT:
		break;
	}
	return 100;
}

static unsigned cwnd_gain(const struct bbr *b)
{
	if (b->state == BBR_PROBE_RTT)
		return PROBE_RTT_CWND_GAIN;
	return b->state == BBR_UP ? UP_CWND_GAIN : CWND_GAIN;
}

static void set_rate(const struct bbr *b, struct cc_control *c, unsigned gain)
{
	uint64_t rate = bbr_bandwidth(b) * gain / 100 * (100 - PACING_MARGIN) / 100;

	/* Until the pipe was full once, low samples say nothing: they may be the application's. */
	if (rate && (b->full_bw_reached || rate > c->pacing_rate))
		c->pacing_rate = rate;
}

void bbr_set_pacing_rate(const struct bbr *b, struct cc_control *c)
{
	set_rate(b, c, pacing_gain(b));
}

void bbr_set_pacing_rate_plain(const struct bbr *b, struct cc_control *c)
{
	set_rate(b, c, 100);
}

void bbr_first_pacing_rate(struct cc_control *c, uint64_t rtt_ns)
{
	uint64_t rate = (uint64_t)c->cwnd * NS_PER_S / (rtt_ns ? rtt_ns : NOMINAL_RTT_NS);

	c->pacing_rate = rate * STARTUP_PACING_GAIN / 100;
	if (!c->pacing_rate)
		c->pacing_rate = 1;
}

uint32_t bbr_with_headroom(const struct bbr *b)
{
	uint32_t room = bbr_most(b->mss, bbr_percent(b->inflight_longterm, HEADROOM));

	if (b->inflight_longterm == BBR_NO_BOUND)
		return BBR_NO_BOUND;
	if (b->inflight_longterm < room + min_pipe(b))
		return min_pipe(b);
	return b->inflight_longterm - room;
}

uint32_t bbr_probe_rtt_cwnd(const struct bbr *b)
{
	return bbr_most(bbr_bdp(b, bbr_bandwidth(b), PROBE_RTT_CWND_GAIN), min_pipe(b));
}

/* BoundCwndForModel and the window's own limit */
void bbr_bound_cwnd(const struct bbr *b, struct cc_control *c)
{
	uint32_t cap = BBR_NO_BOUND;

	if (b->state == BBR_PROBE_RTT || b->state == BBR_CRUISE)
		cap = bbr_with_headroom(b);
	else if (bbr_in_probe_bw(b))
		cap = b->inflight_longterm;
	if (cap > b->inflight_shortterm)
		cap = b->inflight_shortterm;
	cap = bbr_most(cap, min_pipe(b));
	if (c->cwnd > cap)
		c->cwnd = cap;
	if (c->cwnd > c->window_max && c->window_max >= b->mss)
		c->cwnd = c->window_max;
}

void bbr_set_cwnd(const struct bbr *b, struct cc_control *c, uint32_t acked)
{
	uint32_t extra = bbr_most(b->extra[0], b->extra[1]);
	uint32_t inflight =
		bbr_with_budget(b, c, (uint64_t)bbr_bdp(b, bbr_bandwidth(b), cwnd_gain(b)) + extra);

	if (b->full_bw_reached)
		c->cwnd = bbr_least((uint64_t)c->cwnd + acked, inflight);
	else if (c->cwnd < inflight || b->delivered < b->initial_cwnd)
		c->cwnd = bbr_least((uint64_t)c->cwnd + acked, UINT32_MAX);
	c->cwnd = bbr_most(c->cwnd, min_pipe(b));
	if (b->state == BBR_PROBE_RTT)
		c->cwnd = bbr_least(c->cwnd, bbr_probe_rtt_cwnd(b));
	bbr_bound_cwnd(b, c);
}

void bbr_save_cwnd(struct bbr *b, const struct cc_control *c)
{
	if (!b->in_recovery && b->state != BBR_PROBE_RTT)
		b->prior_cwnd = c->cwnd;
	else
		b->prior_cwnd = bbr_most(b->prior_cwnd, c->cwnd);
}

void bbr_restore_cwnd(const struct bbr *b, struct cc_control *c)
{
	c->cwnd = bbr_most(c->cwnd, b->prior_cwnd);
}

