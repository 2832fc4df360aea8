/*
 * A sender with data in flight, and an input that is its peer, its clock and its path: acknowledgements,
 * SACK blocks of anything, forged echoes, time-outs, freezes, a narrower path. Whatever it says:
 * what the sender asks to repeat is in flight, the scoreboard's counts are those of a recount, no more is
 * delivered than was sent, no time is measured that did not pass, and nothing leaves beyond the window.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/rd.h"
#include "net/cc/cc.h"
#include "net/cc/recover.h"
#include "net/cc/seq.h"

#define MSS 1000
#define SEGMENTS_MAX 4096
#define STEPS_MAX 600

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
	if (!ok)
		abort();
}

/* What lwIP's unacked list would hold. */
struct segment {
	uint32_t seq;
	uint16_t len;
};

struct world {
	struct cc cc;
	struct boot_time now, begin;
	struct segment segments[SEGMENTS_MAX];
	unsigned first, count;
	uint32_t una, nxt;
	uint64_t sent;		/* bytes, repeats included */
	uint32_t mss;
	bool dead;
};

static struct segment *segment_at(struct world *w, unsigned i)
{
	return &w->segments[(w->first + i) % SEGMENTS_MAX];
}

static bool is_in_flight(struct world *w, const struct segment *s)
{
	for (unsigned i = 0; i < w->count; i++) {
		if (segment_at(w, i) == s)
			return true;
	}
	return false;
}

static void check(struct world *w)
{
	require(cc_verify(&w->cc));
	require(w->cc.rate.delivered <= w->sent);
	require(w->cc.sb.count == w->count);
	require(w->cc.rtt.latest_ns <= w->now.ns - w->begin.ns);
	require(w->cc.control.cwnd <= w->cc.control.window_max + MSS || w->cc.phase == CC_RECOVERY);
}

static void drop_acked(struct world *w)
{
	while (w->count && seq_leq(segment_at(w, 0)->seq + segment_at(w, 0)->len, w->una)) {
		w->first = (w->first + 1) % SEGMENTS_MAX;
		w->count--;
	}
}

static void repeat(struct world *w, bool more)
{
	struct sb_entry *e;
	unsigned limit = 64;

	while (limit-- && (e = cc_next_repeat(&w->cc, w->now, more))) {
		struct segment *s = e->segment;

		require(is_in_flight(w, s));
		require(s->seq == e->seq && s->len == e->len);
		if (s->len > w->mss) {
			/* A list that holds its segments in order: cutting one is cutting the last here. */
			if (s != segment_at(w, w->count - 1) || w->count == SEGMENTS_MAX)
				return;
			w->count++;
			*segment_at(w, w->count - 1) =
				(struct segment){s->seq + w->mss, (uint16_t)(s->len - w->mss)};
			s->len = (uint16_t)w->mss;
			cc_split(&w->cc, e, s->len, segment_at(w, w->count - 1));
			drop_acked(w);
			continue;
		}
		w->sent += s->len;
		cc_repeated(&w->cc, w->now, e);
	}
}

static void send(struct world *w, unsigned segments, uint16_t len)
{
	bool more = segments > 0;

	repeat(w, more);
	while (segments-- && w->count < SEGMENTS_MAX && cc_may_send(&w->cc, w->now, len)) {
		struct segment *s = segment_at(w, w->count++);

		*s = (struct segment){w->nxt, len};
		w->nxt += len;
		w->sent += len;
		cc_sent(&w->cc, w->now, s->seq, len, s);
		/* One segment beyond the window may be a probe. */
		require(w->cc.sb.in_flight <= w->cc.control.cwnd + 2 * MSS || w->cc.duplicates || w->count == 1);
	}
	cc_output_done(&w->cc, false);
}

static void acknowledge(struct world *w, struct rd *r, unsigned blocks)
{
	uint8_t how = rd_u8(r);
	struct cc_ack ack = {
		.ack = w->una,
		.has_echo = how & 1,
		.maybe_duplicate = how & 2,
		.window_closed = how & 4,
		.sack_count = blocks,
	};

	/* lwIP lets nothing through that lies beyond what was sent. */
	ack.ack += (w->nxt - w->una) / 255 * rd_u8(r);
	if (how & 8)
		ack.ack = w->count ? w->segments[w->first].seq + w->segments[w->first].len : w->nxt;
	if (how & 16)
		ack.ack = w->una;
	if (how & 32)
		ack.ack = w->una - rd_u8(r) * 16u;
	ack.echo = recover_stamp(w->now) - (how & 64 ? rd_u8(r) : rd_be32(r));
	for (unsigned i = 0; i < blocks; i++) {
		uint32_t left = w->una + rd_be16(r) * (how & 128 ? 1u : 16u) - 0x100u;

		ack.sacks[i] = (struct cc_range){left, left + rd_be16(r)};
	}
	if (seq_lt(w->nxt, ack.ack))
		ack.ack = w->nxt;
	cc_acked(&w->cc, w->now, &ack);
	/* As lwIP: segments go when an acknowledgement is new. */
	if (!seq_lt(w->una, ack.ack))
		return;
	w->una = ack.ack;
	drop_acked(w);
}

static void step(struct world *w, struct rd *r)
{
	static const uint64_t pauses_ns[8] = {
		1000, 300000, 5000000, 40000000, 250000000, 3000000000, 70000000000, 18000000000000,
	};
	uint8_t op = rd_u8(r);

	switch (op & 7) {
	case 0:
	case 1:
		send(w, op >> 3, op & 1 ? (uint16_t)w->mss : (uint16_t)(1 + rd_u8(r)));
		break;
	case 2:
	case 3:
	case 4:
		acknowledge(w, r, (op >> 3) % (CC_SACK_BLOCKS_MAX + 1));
		break;
	case 5:
		w->now = boot_add_ns(w->now, pauses_ns[op >> 3 & 7]);
		break;
	case 6:
		w->now = boot_min(boot_add_ns(w->now, pauses_ns[7]), cc_deadline(&w->cc));
		break;
	default:
		if (op == 7 && w->mss > 400) {
			w->mss -= 300;
			cc_narrowed(&w->cc, w->now, w->mss);
		} else if (op & 8) {
			cc_path(&w->cc, w->now, op & 16);
		}
		break;
	}
	switch (cc_tick(&w->cc, w->now)) {
	case CC_DEAD:
		w->dead = true;
		break;
	case CC_SEND:
		repeat(w, false);
		break;
	case CC_WAIT:
		break;
	}
	check(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sb_pool *pool;
	static struct world w;
	struct rd r = rd_init(data, size);
	uint8_t how = rd_u8(&r);
	struct cc_config config = {
		.algo = &cc_cubic,
		.mss = MSS,
		.window_max = 4u << 20,
		.user_timeout_ns = 45 * NS_PER_S,
		.rtt_ns = how & 2 ? 0 : 20 * NS_PER_MS,
		.sack = !(how & 4),
	};

	if (!pool)
		pool = sb_pool_new(1024);
	config.pool = pool;
	w = (struct world){.now = {NS_PER_S * 1000}, .mss = MSS};
	w.begin = boot_add_ns((struct boot_time){0}, w.now.ns - 20 * NS_PER_MS);
	w.una = w.nxt = how & 8 ? 0xfffff000u : 1000;
	cc_init(&w.cc, &config, w.now, w.una);
	for (unsigned i = 0; i < STEPS_MAX && r.left && !w.dead; i++)
		step(&w, &r);
	cc_fini(&w.cc);
	return 0;
}
