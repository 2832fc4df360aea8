#include "support/script.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "net/mem.h"
#include "support/model_peer.h"

#define OUR_PORT 80
#define PEER_PORT 443
#define PEER_ISS 7000
#define PEER_CLOCK_MS 500000	/* ahead of ours: nobody may compare the two */
#define BLOCKS 64
#define PACKETS 256
#define TRACE_MAX 60000
#define ISN_NS 4000		/* RFC 6528 3: one step of the sequence number */

static struct script_world world;
static char trace[TRACE_MAX];
static size_t trace_len;
/* lwIP's timers outlive a stack: time goes on from one script to the next. */
static struct boot_time epoch = {2000 * NS_PER_S};

/* --- what has happened, told only when a script fails --- */

__attribute__((format(printf, 1, 2))) static void note(const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(trace + trace_len, sizeof(trace) - trace_len, format, args);
	va_end(args);
	if (n > 0 && (size_t)n < sizeof(trace) - trace_len)
		trace_len += (size_t)n;
}

static double ms_of(const struct script_world *w, struct boot_time at)
{
	return (double)boot_since_ns(at, w->start) / 1e6;
}

static const char *flags_text(uint8_t flags)
{
	static const char letters[] = "FSRPA";
	static char text[8];
	size_t n = 0;

	for (unsigned i = 0; i < 5; i++) {
		if (flags >> i & 1)
			text[n++] = letters[i];
	}
	text[n] = 0;
	return text;
}

static void note_segment(const struct script_world *w, char direction, const struct script_seen *s)
{
	note("  %9.3f %c %s %u:%u(%u) ack %u win %u", ms_of(w, s->at), direction, flags_text(s->flags),
	     s->seq, s->seq + s->len, s->len, s->ack, s->wnd);
	for (unsigned i = 0; i < SCRIPT_SACK_MAX && s->sack[i][1]; i++)
		note("%s%u:%u", i ? " " : " sack ", s->sack[i][0], s->sack[i][1]);
	note("\n");
}

__attribute__((format(printf, 3, 4))) static bool fail(const struct script *script,
						       const struct script_step *step,
						       const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s, line %u: ", script->name, step->line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n(< to the stack, > from it)\n%s", trace);
	return false;
}

/* --- options --- */

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* What an OUT can ask for, and what later segments need to know. */
static void read_options(struct script_world *w, const struct raw_tcp *t, struct script_seen *seen)
{
	for (size_t i = 0; i + 1 < t->opt_len && t->opts[i];) {
		const uint8_t *o = t->opts + i;
		size_t len = o[0] == 1 ? 1 : o[1];

		assert(len && len <= t->opt_len - i);
		if (o[0] == 3 && (t->flags & SYN))
			w->our_scale = o[2];
		if (o[0] == 8) {
			w->our_ts |= (t->flags & SYN) != 0;
			w->ts_newest = get32(o + 2);
			if (!w->known)
				w->ts_base = w->ts_newest -
					     (uint32_t)boot_since_ms(w->now, w->start);
		}
		for (size_t b = 0; o[0] == 5 && 2 + b * 8 + 8 <= len && b < SCRIPT_SACK_MAX; b++) {
			seen->sack[b][0] = get32(o + 2 + b * 8) - w->peer_iss;
			seen->sack[b][1] = get32(o + 6 + b * 8) - w->peer_iss;
		}
		i += len;
	}
}

static void put_timestamps(const struct script_world *w, const struct script_step *step, struct wr *o)
{
	uint32_t echo = step->echo_ms ? w->ts_base + step->echo_ms : w->ts_newest;

	wr_be32(o, 0x0101080a);
	wr_be32(o, PEER_CLOCK_MS + (uint32_t)(w->now.ns / NS_PER_MS));
	wr_be32(o, step->flags & ACK ? echo : 0);
}

static void put_options(struct script_world *w, const struct script_step *step, struct raw_tcp *t)
{
	struct wr o = wr_init(t->opts, sizeof(t->opts));
	unsigned blocks = 0;

	if (step->flags & SYN) {
		w->peer_ts = step->timestamps;
		w->peer_scale = step->scale;
		if (step->mss)
			wr_be32(&o, 0x02040000 | step->mss);
		if (step->scale)
			wr_be32(&o, 0x01030300 | step->scale);
		if (step->sack_ok)
			wr_be32(&o, 0x01010402);
	}
	if (step->flags & SYN ? step->timestamps : w->ts && step->echo_ms != ECHO_NONE)
		put_timestamps(w, step, &o);
	while (blocks < SCRIPT_SACK_MAX && step->sack[blocks][1])
		blocks++;
	if (blocks) {
		wr_be16(&o, 0x0101);
		wr_be16(&o, (uint16_t)(0x0500 | (2 + 8 * blocks)));
	}
	for (unsigned i = 0; i < blocks; i++) {
		wr_be32(&o, w->our_iss + step->sack[i][0]);
		wr_be32(&o, w->our_iss + step->sack[i][1]);
	}
	assert(wr_ok(&o));
	t->opt_len = o.len;
}

/* --- time passes, and what the stack sends meanwhile is kept --- */

static void take_packet(struct script_world *w)
{
	struct script_seen seen = {.at = w->now};
	struct raw_tcp t;

	if (!raw_parse_tcp(&w->last, &t))
		return;
	if (t.flags & SYN) {
		w->our_iss = t.seq;
		w->us = t.src;
	}
	read_options(w, &t, &seen);
	w->known |= (t.flags & SYN) != 0;
	if (t.flags & SYN && t.flags & ACK)
		w->ts = w->our_ts && w->peer_ts;
	seen.flags = t.flags;
	seen.seq = t.seq - w->our_iss;
	seen.ack = t.flags & ACK ? t.ack - w->peer_iss : 0;
	seen.len = (uint32_t)t.data_len;
	/* RFC 7323 2.2: the window of a SYN is not scaled. */
	seen.wnd = (uint32_t)t.wnd << (t.flags & SYN || !w->peer_scale ? 0 : w->our_scale);
	seen.pattern = !t.data_len || !memcmp(t.data, model_pattern(seen.seq - 1, t.data_len), t.data_len);
	note_segment(w, '>', &seen);
	assert(w->pending_count < SCRIPT_PENDING_MAX);
	w->pending[(w->pending_first + w->pending_count++) % SCRIPT_PENDING_MAX] = seen;
}

static void settle(struct script_world *w)
{
	struct net_inbound *in;
	struct net_stream *s;

	while ((in = net_stack_next_inbound(w->stack))) {
		if (net_inbound_accept(in, w->now, w, &w->s))
			abort();
	}
	while ((s = net_stack_next_stream(w->stack)))
		w->events |= net_stream_take_events(s);
	while (raw_take_at(w->stack, w->now, &w->last))
		take_packet(w);
}

/* To the next moment at which the stack has something to do, at most to `limit`. */
static void pass(struct script_world *w, struct boot_time limit)
{
	struct boot_time next = boot_min(net_stack_deadline(w->stack), limit);

	if (next.ns > w->now.ns)
		w->now = next;
	if (boot_reached(w->now, net_stack_deadline(w->stack)))
		net_stack_tick(w->stack, w->now);
	settle(w);
}

static void pass_until(struct script_world *w, struct boot_time limit)
{
	settle(w);
	while (w->now.ns < limit.ns)
		pass(w, limit);
}

/* --- steps --- */

static void do_in(struct script_world *w, const struct script_step *step)
{
	struct raw_tcp t = {.src = w->peer, .dst = w->us, .flags = step->flags};
	uint32_t wnd = step->wnd ? step->wnd : REMOTE_WINDOW;
	struct script_seen seen = {.at = w->now, .flags = step->flags, .seq = step->seq,
				   .len = step->len, .ack = step->ack};
	bool unscaled;

	t.seq = w->peer_iss + step->seq;
	t.ack = step->flags & ACK ? w->our_iss + step->ack : 0;
	put_options(w, step, &t);
	if (step->flags & SYN && step->flags & ACK)
		w->ts = w->our_ts && w->peer_ts;
	unscaled = step->flags & SYN || !w->peer_scale;
	wnd = step->wnd == WINDOW_CLOSED ? 0 : wnd >> (unscaled ? 0 : w->peer_scale);
	t.wnd = (uint16_t)(wnd < 65535 ? wnd : 65535);
	t.data = step->len ? model_pattern(step->seq - 1, step->len) : NULL;
	t.data_len = step->len;
	seen.wnd = (uint32_t)t.wnd << (unscaled ? 0 : w->peer_scale);
	memcpy(seen.sack, step->sack, sizeof(seen.sack));
	note_segment(w, '<', &seen);
	assert(w->batch_count < ARRAY_LEN(w->batch));
	raw_make_tcp(&w->batch[w->batch_count++], &t);
	if (step->batch)
		return;
	raw_feed(w->stack, w->pool, w->now, w->batch, w->batch_count);
	w->batch_count = 0;
	settle(w);
}

static void describe(char *text, size_t size, const struct script_step *step)
{
	size_t n = (size_t)snprintf(text, size, "%s %u:%u(%u) ack %u at %.3f", flags_text(step->flags),
				    step->seq, step->seq + step->len, step->len, step->ack,
				    (double)step->at_us / 1000);

	for (unsigned i = 0; i < SCRIPT_SACK_MAX && step->sack[i][1]; i++)
		n += (size_t)snprintf(text + n, size - n, "%s%u:%u", i ? " " : " sack ", step->sack[i][0],
				      step->sack[i][1]);
	if (step->wnd)
		snprintf(text + n, size - n, " win %u", step->wnd == WINDOW_CLOSED ? 0 : step->wnd);
}

static bool matches(const struct script_world *w, const struct script_step *step, unsigned i,
		    const struct script_seen *seen)
{
	uint64_t us = boot_since_ns(seen->at, w->start) / 1000;
	uint64_t off = us > step->at_us ? us - step->at_us : step->at_us - us;
	uint32_t wnd = step->wnd == WINDOW_CLOSED ? 0 : step->wnd;

	return off <= step->slack_us && (seen->flags & ~PSH) == (step->flags & ~PSH) &&
	       seen->seq == step->seq + i * step->len && seen->len == step->len &&
	       seen->ack == step->ack && (!step->wnd || seen->wnd == wnd) &&
	       !memcmp(seen->sack, step->sack, sizeof(seen->sack)) && seen->pattern;
}

static bool do_out(struct script_world *w, const struct script *script, const struct script_step *step,
		   struct boot_time at)
{
	struct boot_time latest = boot_add_ns(at, step->slack_us * 1000);
	char text[200];

	describe(text, sizeof(text), step);
	for (unsigned i = 0; i < (step->count ? step->count : 1); i++) {
		struct script_seen *seen = &w->pending[w->pending_first];

		settle(w);
		while (!w->pending_count && w->now.ns < latest.ns)
			pass(w, latest);
		/* It may be due at the end of a freeze. */
		if (!w->pending_count && boot_reached(w->now, net_stack_deadline(w->stack)))
			pass(w, latest);
		if (!w->pending_count)
			return fail(script, step, "nothing left; number %u of %s was expected", i + 1, text);
		if (!matches(w, step, i, seen))
			return fail(script, step, "number %u of %s was expected; left at %.3f: %s %u:%u(%u) ack %u win %u%s",
				    i + 1, text, ms_of(w, seen->at), flags_text(seen->flags), seen->seq,
				    seen->seq + seen->len, seen->len, seen->ack, seen->wnd,
				    seen->pattern ? "" : ", other bytes");
		w->pending_first = (w->pending_first + 1) % SCRIPT_PENDING_MAX;
		w->pending_count--;
	}
	return true;
}

static bool do_write(struct script_world *w, size_t len)
{
	while (len) {
		size_t n = len < 8192 ? len : 8192;

		if (net_stream_write(w->s, model_pattern(w->written, n), n) != n)
			return false;
		w->written += n;
		len -= n;
	}
	return true;
}

/* Exactly so many bytes wait, and are the right ones. */
static bool do_read(struct script_world *w, size_t len)
{
	struct iovec iov[64];
	unsigned count;

	if (net_stream_pending(w->s) != len)
		return false;
	while ((count = net_stream_peek(w->s, iov, ARRAY_LEN(iov)))) {
		size_t taken = 0;

		for (unsigned i = 0; i < count; i++) {
			for (size_t at = 0, n; at < iov[i].iov_len; at += n) {
				n = iov[i].iov_len - at < 8192 ? iov[i].iov_len - at : 8192;
				if (memcmp((uint8_t *)iov[i].iov_base + at, model_pattern(w->read + taken, n), n))
					return false;
				taken += n;
			}
		}
		net_stream_consume(w->s, taken);
		w->read += taken;
	}
	return true;
}

/* RFC 1191 4: what the router got, its IP header and 8 bytes, with the size that would have fitted. */
static void do_too_big(struct script_world *w, unsigned mtu)
{
	uint8_t router[4] = {192, 0, 2, 1};
	struct addr from = addr_v4(router);
	struct raw_packet p;

	note("  %9.3f < too big, %u\n", ms_of(w, w->now), mtu);
	raw_make_icmp(&p, &from, &w->us.addr, 3, 4, mtu, w->last.bytes, 28);
	raw_feed(w->stack, w->pool, w->now, &p, 1);
}

/* What the owner does; false: it could not. */
static bool do_own(struct script_world *w, const struct script_step *step)
{
	switch (step->op) {
	case SCRIPT_DIAL:
		return !net_stream_connect(w->stack, w->now, &w->peer, w, &w->s);
	case SCRIPT_WRITE:
		return do_write(w, step->len);
	case SCRIPT_READ:
		return do_read(w, step->len);
	case SCRIPT_SHUTDOWN:
		net_stream_shutdown(w->s);
		return true;
	case SCRIPT_CLOSE:
		net_stream_close(w->s);
		w->s = NULL;
		return true;
	case SCRIPT_ABORT:
		net_stream_abort(w->s);
		w->s = NULL;
		return true;
	case SCRIPT_TOO_BIG:
		do_too_big(w, step->mtu);
		return true;
	case SCRIPT_ENDS:
		return net_stream_cause(w->s) == step->cause;
	case SCRIPT_CALL:
		step->call(w);
		return true;
	default:
		return true;
	}
}

static bool run_step(struct script_world *w, const struct script *script, const struct script_step *step)
{
	struct boot_time at = boot_add_ns(w->start, step->at_us * 1000);

	if (step->op == SCRIPT_OUT)
		return do_out(w, script, step, at);
	if (step->op == SCRIPT_FREEZE && at.ns > w->now.ns)
		w->now = at;
	else
		pass_until(w, at);
	if (w->pending_count)
		return fail(script, step, "%zu packets have left that no step expected", w->pending_count);
	if (w->now.ns > at.ns)
		return fail(script, step, "steps are out of order");
	if (step->op == SCRIPT_IN) {
		do_in(w, step);
		return true;
	}
	if (!do_own(w, step))
		return fail(script, step, "the owner could not: cause %s, %zu bytes to read",
			    cause_name(net_stream_cause(w->s)), net_stream_pending(w->s));
	settle(w);
	return true;
}

/* --- life --- */

static void set_up(struct script_world *w, const struct script *script)
{
	static struct prefix own;
	static const uint8_t ours[4] = {10, 0, 0, 2}, theirs[4] = {10, 0, 0, 9};
	struct net_config config = {
		.addresses = &own, .address_count = 1, .mtu = SCRIPT_MTU,
		.rng = &w->rng, .streams_max = 8,
	};

	memset(w, 0, sizeof(*w));
	trace_len = 0;
	trace[0] = 0;
	w->rng = rng_seeded_init(&w->seed, 99);
	w->now = w->start = epoch;
	w->pool = packet_pool_new(BLOCKS, PACKETS);
	own = (struct prefix){addr_v4(ours), 32};
	w->stack = net_stack_new(&config, w->now);
	assert(w->pool && w->stack);
	if (net_listen(w->stack, OUR_PORT, NULL))
		abort();
	w->us = (struct endpoint){.addr = own.addr, .port = OUR_PORT};
	w->peer = (struct endpoint){.addr = addr_v4(theirs), .port = PEER_PORT};
	w->peer_iss = script->peer_iss ? script->peer_iss : PEER_ISS;
}

static void tear_down(struct script_world *w)
{
	struct net_out out;

	if (w->s)
		net_stream_abort(w->s);
	w->s = NULL;
	while (net_stack_output(w->stack, w->now, &out))
		net_out_drop(w->stack, &out);
	for (unsigned i = 0; i < NET_BROKEN_COUNT; i++)
		assert(!net_stack_broken(w->stack)[i]);
	epoch.ns = (w->now.ns / NS_PER_S + 1000) * NS_PER_S;
	net_stack_free(w->stack);
	w->stack = NULL;
	assert(net_mem_count() == 0);
	assert(packet_pool_packets_used(w->pool) == 0);
	assert(packet_pool_blocks_used(w->pool) == 0);
	packet_pool_free(w->pool);
}

/*
 * Moves the start to where the stack's sequence numbers wrap as the script wants it: they follow
 * the clock (RFC 6528 3), and everything else that decides them is the same in each run.
 */
static void place_wrap(struct script_world *w, const struct script *script)
{
	uint32_t wanted = 0u - script->wraps_after, steps;

	set_up(w, script);
	assert(script->steps[0].op == SCRIPT_IN);
	do_in(w, &script->steps[0]);
	settle(w);
	assert(w->known);
	steps = wanted - w->our_iss;
	tear_down(w);
	epoch.ns = w->start.ns + steps * (uint64_t)ISN_NS / NS_PER_MS * NS_PER_MS;
	if (epoch.ns < w->now.ns)
		epoch.ns += (UINT64_C(1) << 32) * ISN_NS / NS_PER_MS * NS_PER_MS;
}

bool script_run(const struct script *script)
{
	struct script_world *w = &world;
	bool passed = true;

	if (script->wraps_after)
		place_wrap(w, script);
	set_up(w, script);
	for (size_t i = 0; i < script->count && passed; i++)
		passed = run_step(w, script, &script->steps[i]);
	settle(w);
	if (passed && w->pending_count)
		passed = fail(script, &script->steps[script->count - 1],
			      "%zu packets have left that no step expected", w->pending_count);
	tear_down(w);
	return passed;
}
