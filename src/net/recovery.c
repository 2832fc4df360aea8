/*
 * Theory of operation
 *
 * Our patch of lwIP hands the sending side of a connection over (tcp_recovery_set): lwIP keeps the queues and the
 * peer's window, and asks what to repeat, whether a new segment may leave, and tells what left and
 * what was acknowledged. The scoreboard's entries point at lwIP's segments; they go when lwIP frees
 * those, in the same call. lwIP is given its timers back when a stream lets go of a connection whose
 * FIN is still on its way.
 *
 * Timers. Each stream with something to wait for is in one heap. An entry may be earlier than what
 * the stream waits for by now: it is set right when its turn comes, so that an acknowledgement, which only moves
 * deadlines away, costs no change of the heap.
 *
 * What waits in the process is given the present time before a timer judges it (net/waits.c).
 */
#include "net/recovery.h"

#include "net/lwip_err.h"

#include "lwip/priv/tcp_priv.h"
#include "lwip/tcp.h"

#include "net/core.h"
#include "net/options.h"
#include "net/stream_core.h"

/* Two time-outs in a row: ICMP may be filtered, from then on routers may fragment (RFC 2923 2.1). */
#define BLACK_HOLE_TIMEOUTS 2

static struct net_stream *stream_of(void *arg)
{
	return arg;
}

static void on_acked(void *arg, const struct tcp_pcb *pcb, u32_t ackno, const struct tcp_hdr *hdr,
		     u16_t tcplen)
{
	struct net_stream *s = stream_of(arg);
	struct tcp_options options;
	struct cc_ack ack = {
		.ack = ackno,
		.maybe_duplicate = !tcplen && pcb->snd_wnd == s->remote_window,
		/* As it says: lwIP keeps its window where the same number had been given more. */
		.window_closed = !hdr->wnd,
	};

	s->remote_window = pcb->snd_wnd;
	/* The header is whole and in one piece: net/seg.c has seen to that. */
	tcp_options_parse(&options, (const uint8_t *)(hdr + 1), TCPH_HDRLEN_BYTES(hdr) - TCP_HLEN);
	ack.has_echo = options.has_timestamps && tcp_is_flag_set(pcb, TF_TIMESTAMP);
	ack.echo = options.echo;
	ack.sack_count = options.sack_count;
	for (unsigned i = 0; i < options.sack_count; i++)
		ack.sacks[i] = options.sacks[i];
	cc_acked(&s->cc, s->stack->now, &ack);
}

static int on_may_send(void *arg, u16_t len)
{
	struct net_stream *s = stream_of(arg);

	return waits_has_room(s) && cc_may_send(&s->cc, s->stack->now, len);
}

static void on_left(void *arg, struct tcp_seg *seg, u32_t seqno, u16_t len)
{
	struct net_stream *s = stream_of(arg);

	cc_sent(&s->cc, s->stack->now, seqno, len, seg);
	out_claim(s->stack, s);
}

static struct tcp_seg *on_next_repeat(void *arg, int more)
{
	struct net_stream *s = stream_of(arg);
	struct sb_entry *e;

	if (!waits_has_room(s))
		return NULL;
	e = cc_next_repeat(&s->cc, s->stack->now, more);
	return e ? e->segment : NULL;
}

static struct sb_entry *entry_of(struct net_stream *s, const struct tcp_seg *seg)
{
	return sb_find(&s->cc.sb, lwip_ntohl(seg->tcphdr->seqno));
}

static void on_repeated(void *arg, struct tcp_seg *seg)
{
	struct net_stream *s = stream_of(arg);

	cc_repeated(&s->cc, s->stack->now, entry_of(s, seg));
	out_claim(s->stack, s);
}

static void on_split(void *arg, struct tcp_seg *seg, u16_t len, struct tcp_seg *rest)
{
	struct net_stream *s = stream_of(arg);

	cc_split(&s->cc, entry_of(s, seg), len, rest);
}

static void on_output_done(void *arg, int more)
{
	struct net_stream *s = stream_of(arg);

	cc_output_done(&s->cc, more);
	/* Also where no segment of this stream was processed: lwIP sends after an ICMP error, and from timers. */
	if (tcp_is_flag_set(s->pcb, TF_NAGLEMEMERR))
		stream_dirty(s);
	recovery_arm(s);
}

/* What a full segment carries: lwIP counts the timestamp option as part of its segment size. */
static uint32_t payload_of(const struct tcp_pcb *pcb, uint16_t mss)
{
	return tcp_is_flag_set(pcb, TF_TIMESTAMP) ? mss - LWIP_TCP_OPT_LEN_TS_OUT : mss;
}

static void on_narrowed(void *arg, u16_t mss)
{
	struct net_stream *s = stream_of(arg);

	cc_narrowed(&s->cc, s->stack->now, payload_of(s->pcb, mss));
}

static const struct tcp_recovery hooks = {
	.acked = on_acked,
	.may_send = on_may_send,
	.sent = on_left,
	.next_repeat = on_next_repeat,
	.repeated = on_repeated,
	.split = on_split,
	.output_done = on_output_done,
	.narrowed = on_narrowed,
};

void recovery_begin(struct net_stream *s, uint64_t rtt_ns)
{
	struct net_stack *stack = s->stack;
	struct cc_config config = {
		.pool = stack->sb_pool,
		.algo = tcp_is_flag_set(s->pcb, TF_SACK) ? stack->congestion : &cc_cubic,
		.mss = payload_of(s->pcb, s->pcb->mss),
		.window_max = TCP_SND_BUF,
		.user_timeout_ns = STREAM_USER_TIMEOUT_MS * NS_PER_MS,
		.rtt_ns = rtt_ns,
		.sack = tcp_is_flag_set(s->pcb, TF_SACK),
	};

	/* Only then: two system calls that a short connection can do without. */
	if (config.algo->draws)
		config.seed = (uint64_t)rng_u32(&stack->rng) << 32 | rng_u32(&stack->rng);
	cc_init(&s->cc, &config, stack->now, s->pcb->snd_nxt);
	if (s->account)
		sb_set_share(&s->cc.sb, &s->account->scoreboards);
	s->recovering = true;
	tcp_recovery_set(s->pcb, &hooks, s);
	if (tcp_is_flag_set(s->pcb, TF_NOPATH))
		cc_path(&s->cc, stack->now, false);
}

static void add_stats(struct net_repeats *sum, const struct cc_stats *stats)
{
	sum->repeats += stats->repeats;
	sum->needless += stats->needless;
	sum->recoveries += stats->recoveries;
	sum->timeouts += stats->timeouts;
	sum->probes += stats->probes;
	sum->undone += stats->undone;
}

void net_stack_repeats(const struct net_stack *stack, struct net_repeats *out)
{
	*out = stack->repeats;
	for (struct list *n = stack->streams.next; n != &stack->streams; n = n->next) {
		const struct net_stream *s = LIST_ENTRY(n, struct net_stream, all);

		if (s->recovering)
			add_stats(out, &s->cc.stats);
	}
}

void recovery_end(struct net_stream *s)
{
	if (!s->recovering)
		return;
	s->recovering = false;
	waits_forget(s);
	add_stats(&s->stack->repeats, &s->cc.stats);
	heap_remove(&s->stack->timers, &s->timer);
	if (s->pcb)
		tcp_recovery_set(s->pcb, NULL, NULL);
	cc_fini(&s->cc);
}

void recovery_arm(struct net_stream *s)
{
	struct boot_time now = s->stack->now, at;

	if (!s->recovering)
		return;
	at = cc_deadline(&s->cc);
	/* Due already: in the next round of the loop, not in this one. */
	if (boot_reached(now, at))
		at = boot_add_ns(now, 1);
	if (s->timer.index && s->timer.at.ns <= at.ns && at.ns != BOOT_NEVER.ns)
		return;
	heap_set(&s->stack->timers, &s->timer, at);
}

void recovery_path(struct net_stream *s, bool up)
{
	if (s->recovering)
		cc_path(&s->cc, s->stack->now, up);
	tcp_path_set(s->pcb, up);
	recovery_arm(s);
}

struct boot_time recovery_deadline(const struct net_stack *stack)
{
	return heap_deadline(&stack->timers);
}

static void run(struct net_stream *s)
{
	waits_refresh(s);
	switch (cc_tick(&s->cc, s->stack->now)) {
	case CC_DEAD:
		stream_fail(s, CAUSE_NO_ANSWER);
		return;
	case CC_SEND:
		if (s->cc.backoffs >= BLACK_HOLE_TIMEOUTS)
			tcp_set_flags(s->pcb, TF_NODF);
		s->stack->sender = s->peer;
		stream_output(s);
		s->stack->sender = 0;
		break;
	case CC_WAIT:
		break;
	}
	recovery_arm(s);
}

void recovery_tick(struct net_stack *stack)
{
	struct heap_entry *e;

	while ((e = heap_pop_due(&stack->timers, stack->now)))
		run(LIST_ENTRY(e, struct net_stream, timer));
}
