/*
 * A bottleneck in simulated time that drives congestion control algorithms by events: one link with a
 * drop-tail queue, several flows with endless or limited data. Segments are numbered in the order of
 * sending; what is lost is not sent again, other data is: to an algorithm it is the same.
 */
#ifndef CULVERT_TESTS_SUPPORT_CC_PATH_H
#define CULVERT_TESTS_SUPPORT_CC_PATH_H

#include <stdlib.h>

#include "net/cc/algo.h"
#include "net/cc/pacer.h"
#include "support/chance.h"

#define CC_PATH_MSS 1400
#define CC_PATH_RING (1u << 15)
#define CC_PATH_MS(ms) ((uint64_t)(ms) * NS_PER_MS)

struct cc_link {
	uint64_t bytes_per_s;
	uint64_t queue;		/* bytes */
	uint64_t free_ns;	/* when all that waits has left */
	uint64_t queue_peak;	/* bytes, since it was last set to 0 */
	uint32_t loss_ppm;
	uint64_t ack_slot_ns;	/* acknowledgements arrive at multiples of this; 0: each by itself */
};

struct cc_packet {
	struct boot_time sent_at;
	uint64_t ack_ns;	/* 0: lost on the way */
	struct rate_mark mark;
	bool done;
};

struct cc_flow {
	const struct cc_algo *algo;
	union cc_algo_state state;
	struct cc_control control;
	struct pacer pacer;
	struct rate rate;
	struct rate_sample sample;	/* the last */
	struct cc_link *link;
	struct cc_packet *ring;
	uint64_t rtt_ns;		/* of the path, without the queue */
	uint64_t start_ns;
	uint64_t app_bytes_per_s;	/* what there is to send; 0: endless */
	uint64_t app_sent, app_since_ns;
	uint32_t next, oldest;		/* packets */
	uint32_t in_flight;
	uint32_t round_end, recover_end;
	uint64_t round;
	uint64_t min_rtt_ns, min_at_ns, srtt_ns, last_ack_ns;
	uint64_t delivered, lost;	/* bytes */
	uint64_t delivered_mark;	/* for the test: when it began to count */
	unsigned losses, time_outs;	/* recoveries */
	bool recovering, limited, limited_before, idle;
};

static inline struct cc_packet *cc_packet(const struct cc_flow *f, uint32_t i)
{
	return &f->ring[i % CC_PATH_RING];
}

static inline void cc_flow_init(struct cc_flow *f, const struct cc_algo *algo, struct cc_link *link,
				uint64_t rtt_ns, uint64_t start_ns)
{
	struct boot_time at = {start_ns};

	*f = (struct cc_flow){
		.algo = algo, .link = link, .rtt_ns = rtt_ns, .start_ns = start_ns, .last_ack_ns = start_ns,
		.ring = calloc(CC_PATH_RING, sizeof(struct cc_packet)),
		.control = {.cwnd = CC_INITIAL_SEGMENTS * CC_PATH_MSS, .window_max = 32u << 20},
		.srtt_ns = rtt_ns, .min_rtt_ns = rtt_ns, .min_at_ns = start_ns,
	};
	pacer_init(&f->pacer, CC_PATH_MSS, 16 * CC_PATH_MSS);
	rate_init(&f->rate, at);
	algo->init(&f->state, &f->control, at, CC_PATH_MSS, rtt_ns);
	pacer_set_rate(&f->pacer, at, f->control.pacing_rate, CC_PATH_MSS);
}

static inline void cc_flow_fini(struct cc_flow *f)
{
	free(f->ring);
}

static inline bool cc_flow_has_data(const struct cc_flow *f, uint64_t now_ns)
{
	double there = (double)(now_ns - f->app_since_ns) * (double)f->app_bytes_per_s / 1e9;

	return !f->app_bytes_per_s || (double)(f->app_sent + CC_PATH_MSS) <= there;
}

/* From now on the application has so much to send each second; 0: endless. */
static inline void cc_flow_limit(struct cc_flow *f, uint64_t now_ns, uint64_t bytes_per_s)
{
	f->app_bytes_per_s = bytes_per_s;
	f->app_since_ns = now_ns;
	f->app_sent = 0;
}

static inline void cc_flow_put(struct cc_flow *f, uint64_t now_ns)
{
	struct cc_packet *p = cc_packet(f, f->next++);
	struct cc_link *l = f->link;
	uint64_t waiting, begin = l->free_ns > now_ns ? l->free_ns : now_ns;

	*p = (struct cc_packet){.sent_at = {now_ns}};
	if (!f->in_flight && f->idle && f->algo->resumed)
		f->algo->resumed(&f->state, &f->control, p->sent_at, CC_PATH_MSS,
				 now_ns - f->last_ack_ns);
	f->idle = false;
	rate_sent(&f->rate, &p->mark, p->sent_at, f->in_flight, CC_PATH_MSS);
	f->in_flight += CC_PATH_MSS;
	f->app_sent += CC_PATH_MSS;
	pacer_sent(&f->pacer, p->sent_at, CC_PATH_MSS);
	waiting = (uint64_t)((double)(begin - now_ns) * (double)l->bytes_per_s / 1e9);
	if (waiting + CC_PATH_MSS > l->queue || below(1000000) < l->loss_ppm)
		return;
	if (waiting > l->queue_peak)
		l->queue_peak = waiting;
	l->free_ns = begin + CC_PATH_MSS * NS_PER_S / l->bytes_per_s;
	p->ack_ns = l->free_ns + f->rtt_ns;
	if (l->ack_slot_ns)
		p->ack_ns = (p->ack_ns + l->ack_slot_ns - 1) / l->ack_slot_ns * l->ack_slot_ns;
}

/* Sends what may be sent; returns when it may go on by itself, UINT64_MAX: after an acknowledgement. */
static inline uint64_t cc_flow_send(struct cc_flow *f, uint64_t now_ns)
{
	struct boot_time now = {now_ns};

	if (now_ns < f->start_ns)
		return f->start_ns;
	while (cc_flow_has_data(f, now_ns)) {
		if (f->in_flight + CC_PATH_MSS > f->control.cwnd && f->in_flight) {
			f->limited = true;
			return UINT64_MAX;
		}
		if (!pacer_room(&f->pacer, now))
			return pacer_next(&f->pacer, now).ns;
		if (f->next - f->oldest >= CC_PATH_RING)
			return UINT64_MAX;
		cc_flow_put(f, now_ns);
	}
	rate_app_limited(&f->rate, f->in_flight);
	if (!f->in_flight)
		f->idle = true;
	return f->app_since_ns +
	       (uint64_t)((double)(f->app_sent + CC_PATH_MSS) * 1e9 / (double)f->app_bytes_per_s) + 1;
}

/* When something comes back: the first acknowledgement or, with none on the way, the time-out. */
static inline uint64_t cc_flow_next(const struct cc_flow *f)
{
	uint64_t rto = 2 * f->srtt_ns + CC_PATH_MS(200);

	for (uint32_t i = f->oldest; i != f->next; i++) {
		const struct cc_packet *p = cc_packet(f, i);

		if (!p->done && p->ack_ns)
			return p->ack_ns;
	}
	return f->in_flight ? cc_packet(f, f->next - 1)->sent_at.ns + rto : UINT64_MAX;
}

static inline void cc_flow_lose(struct cc_flow *f, struct cc_event *ev, uint32_t i)
{
	struct cc_packet *p = cc_packet(f, i);
	struct cc_loss loss = {
		.now = ev->now, .mss = CC_PATH_MSS, .seq = i * CC_PATH_MSS, .len = CC_PATH_MSS,
		.mark = &p->mark, .totals = &f->rate,
	};

	p->done = true;
	f->in_flight -= CC_PATH_MSS;
	f->lost += CC_PATH_MSS;
	ev->newly_lost += CC_PATH_MSS;
	rate_lost(&f->rate, CC_PATH_MSS);
	if (f->algo->segment_lost)
		f->algo->segment_lost(&f->state, &f->control, &loss);
}

static inline void cc_flow_rtt(struct cc_flow *f, struct cc_event *ev, uint64_t rtt_ns)
{
	ev->rtt_ns = rtt_ns;
	f->srtt_ns = f->srtt_ns - f->srtt_ns / 8 + rtt_ns / 8;
	if (rtt_ns <= f->min_rtt_ns || ev->now.ns - f->min_at_ns > 10 * NS_PER_S) {
		f->min_rtt_ns = rtt_ns;
		f->min_at_ns = ev->now.ns;
	}
}

static inline void cc_flow_time_out(struct cc_flow *f, struct cc_event *ev)
{
	for (uint32_t i = f->oldest; i != f->next; i++)
		if (!cc_packet(f, i)->done)
			cc_flow_lose(f, ev, i);
	f->oldest = f->next;
	f->time_outs++;
	f->recovering = true;
	f->recover_end = f->next;
	ev->in_flight = 0;
	f->algo->timed_out(&f->state, &f->control, ev);
}

/* Takes what has arrived by now; returns the highest packet that was delivered. */
static inline uint32_t cc_flow_take(struct cc_flow *f, struct cc_event *ev, struct rate_sample *rs)
{
	uint32_t highest = f->oldest;

	for (uint32_t i = f->oldest; i != f->next; i++) {
		struct cc_packet *p = cc_packet(f, i);

		if (p->done || !p->ack_ns)
			continue;
		if (p->ack_ns > ev->now.ns)
			break;
		p->done = true;
		f->in_flight -= CC_PATH_MSS;
		ev->delivered += CC_PATH_MSS;
		rate_delivered(&f->rate, rs, ev->now, &p->mark, p->sent_at, (i + 1) * CC_PATH_MSS,
			       CC_PATH_MSS);
		highest = i;
	}
	/* In order, so three after it are enough to know that one is lost. */
	for (uint32_t i = f->oldest; (int32_t)(highest - i) > 3; i++)
		if (!cc_packet(f, i)->done)
			cc_flow_lose(f, ev, i);
	while (f->oldest != f->next && cc_packet(f, f->oldest)->done)
		f->oldest++;
	return highest;
}

static inline void cc_flow_recovery(struct cc_flow *f, struct cc_event *ev, uint32_t highest)
{
	if (f->recovering && (int32_t)(highest - f->recover_end) >= 0) {
		f->recovering = ev->recovering = false;
		f->algo->recovered(&f->state, &f->control, ev);
	}
	if (ev->newly_lost && !f->recovering) {
		f->recovering = ev->recovering = true;
		f->recover_end = f->next;
		f->losses++;
		f->algo->lost(&f->state, &f->control, ev);
		/* In place of PRR: sending stops until the flight is as low. */
		if (!f->algo->own_recovery && f->control.cwnd > f->control.ssthresh)
			f->control.cwnd = f->control.ssthresh;
	}
}

static inline void cc_flow_arrive(struct cc_flow *f, uint64_t now_ns)
{
	struct rate_sample *rs = &f->sample;
	struct cc_event ev = {
		.now = {now_ns}, .mss = CC_PATH_MSS, .in_flight_before = f->in_flight,
		.rate = rs, .totals = &f->rate, .round = f->round, .recovering = f->recovering,
		.random = (uint64_t)rnd() << 32 | rnd(), .smoothed_rtt_ns = f->srtt_ns,
		.min_rtt_ns = f->min_rtt_ns, .window_limited = f->limited || f->limited_before,
		.window_full = f->limited || f->limited_before,
	};
	uint32_t highest;

	*rs = (struct rate_sample){0};
	highest = cc_flow_take(f, &ev, rs);
	if (!ev.delivered) {
		cc_flow_time_out(f, &ev);
	} else {
		f->last_ack_ns = now_ns;
		cc_flow_rtt(f, &ev, now_ns - rs->newest_sent_at.ns);
		ev.smoothed_rtt_ns = f->srtt_ns;
		ev.min_rtt_ns = f->min_rtt_ns;
		rate_sample_finish(&f->rate, rs, f->min_rtt_ns);
		f->delivered += ev.delivered;
		ev.acked = ev.delivered;
		ev.in_flight = f->in_flight;
		if ((int32_t)(highest - f->round_end) >= 0) {
			ev.round_start = true;
			ev.round = ++f->round;
			f->round_end = f->next;
			f->limited_before = f->limited;
			f->limited = false;
		}
		cc_flow_recovery(f, &ev, highest);
		f->algo->acked(&f->state, &f->control, &ev);
	}
	pacer_set_rate(&f->pacer, ev.now, f->control.pacing_rate, CC_PATH_MSS);
}

/* Runs flows until `until_ns`; begins at `now_ns`. `after`, if any, is called after each event. */
static inline void cc_path_run(struct cc_flow *flows, unsigned count, uint64_t now_ns, uint64_t until_ns,
			       void (*after)(struct cc_flow *f, uint64_t now_ns, void *arg), void *arg)
{
	while (now_ns < until_ns) {
		uint64_t next_ns = until_ns;

		for (unsigned i = 0; i < count; i++) {
			uint64_t at = cc_flow_next(&flows[i]), again;

			if (at <= now_ns) {
				cc_flow_arrive(&flows[i], now_ns);
				if (after)
					after(&flows[i], now_ns, arg);
			}
			again = cc_flow_send(&flows[i], now_ns);
			at = cc_flow_next(&flows[i]);
			if (again < at)
				at = again;
			if (at < next_ns)
				next_ns = at;
		}
		now_ns = next_ns > now_ns ? next_ns : now_ns + 1;
	}
}

#endif
