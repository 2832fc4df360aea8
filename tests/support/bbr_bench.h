/* A BBR flow on a path of its own (support/cc_path.h), and single events made by hand for it. */
#ifndef CULVERT_TESTS_SUPPORT_BBR_BENCH_H
#define CULVERT_TESTS_SUPPORT_BBR_BENCH_H

#include "net/cc/bbr_model.h"
#include "support/cc_path.h"

#define MSS CC_PATH_MSS
#define MS CC_PATH_MS
#define MBIT UINT64_C(125000)

struct bench {
	struct cc_link link;
	struct cc_flow f;
	struct bbr *b;
	uint64_t now_ns;
	struct rate_sample rs;
	struct cc_event ev;
};

static inline void open_path(struct bench *t, uint64_t mbit, uint64_t rtt_ms, uint64_t queue)
{
	*t = (struct bench){.link = {.bytes_per_s = mbit * MBIT, .queue = queue}, .now_ns = NS_PER_S};
	chance_seed(1);
	cc_flow_init(&t->f, &cc_bbr, &t->link, MS(rtt_ms), t->now_ns);
	t->b = &t->f.state.bbr;
}

static inline void run(struct bench *t, uint64_t ms)
{
	cc_path_run(&t->f, 1, t->now_ns, t->now_ns + MS(ms), NULL, NULL);
	t->now_ns += MS(ms);
}

/* Until the state is `state`, at most 20 s. */
static inline void run_to(struct bench *t, enum bbr_state state)
{
	for (unsigned i = 0; i < 20000 && t->b->state != state; i++)
		run(t, 1);
	assert_int_equal(t->b->state, state);
}

/* An acknowledgement of one segment that begins no round, 1 ms later. */
static inline struct cc_event *event(struct bench *t)
{
	t->now_ns += MS(1);
	t->rs = (struct rate_sample){
		.any = true, .newest_sent_at = {t->now_ns - t->f.rtt_ns}, .delivered = 100 * MSS,
		.interval_ns = t->f.rtt_ns, .bytes_per_s = 100 * MSS * NS_PER_S / t->f.rtt_ns,
		.newest = {.in_flight = 100 * MSS},
	};
	t->f.rate.delivered += MSS;
	t->ev = (struct cc_event){
		.now = {t->now_ns}, .mss = MSS, .acked = MSS, .delivered = MSS, .in_flight = 100 * MSS,
		.in_flight_before = 101 * MSS, .rtt_ns = t->f.rtt_ns, .min_rtt_ns = t->f.rtt_ns,
		.smoothed_rtt_ns = t->f.rtt_ns, .rate = &t->rs, .totals = &t->f.rate,
	};
	return &t->ev;
}

/* A round and a loss round end with it. */
static inline struct cc_event *round_event(struct bench *t)
{
	struct cc_event *ev = event(t);

	t->rs.newest.delivered = t->f.rate.delivered - MSS;
	return ev;
}

static inline void ack(struct bench *t, const struct cc_event *ev)
{
	cc_bbr.acked(&t->f.state, &t->f.control, ev);
}

/* `segment` of those sent with `in_flight`, of which `lost_before` are lost already. */
static inline void lose(struct bench *t, unsigned segment, uint32_t in_flight, uint64_t lost_before)
{
	struct rate_mark mark = {.in_flight = in_flight, .lost = t->f.rate.lost - lost_before};
	struct cc_loss loss = {
		.now = {t->now_ns}, .mss = MSS, .seq = segment * MSS, .len = MSS, .mark = &mark,
		.totals = &t->f.rate,
	};

	rate_lost(&t->f.rate, MSS);
	cc_bbr.segment_lost(&t->f.state, &t->f.control, &loss);
}

static inline void close_path(struct bench *t)
{
	cc_flow_fini(&t->f);
}

#endif
