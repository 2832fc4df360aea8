/*
 * Random paths, random transfers: what must hold on any of them. A seed chooses rates, queues,
 * delays, loss of all kinds, an outage, what the peer can do, how much is sent and with which pauses.
 * Then, whatever happens:
 *   - every byte arrives as it was sent, and every stream comes to its end;
 *   - while the path is up, a sender moves on within the time-outs that it has backed off to, or 3 s;
 *   - nothing leaves that takes what is in flight beyond the window by more than a segment (a tail
 *     loss probe excepted);
 *   - the scoreboard's counts are those of a recount.
 *
 *	net_random				seeds 1 to 300
 *	net_random --seeds FIRST COUNT SECONDS	so many, as long as time allows
 *	net_random --seed N			one, with its plan
 */
#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "net/lwip_err.h"

#include "lwip/tcp.h"

#include "net/cc/recover.h"
#include "net/core.h"
#include "net/stream_core.h"
#include "support/chance.h"
#include "support/path_lab.h"

#define LIMIT_S 1800		/* simulated: the slowest path, and an outage, with room */
#define STALL_NS (3 * NS_PER_S)
#define OUTAGE_MOST_MS 40000	/* patience ends at 45 s without progress */
#define SCARCE_MOST 50000	/* loss, ppm: beyond it a time-out may back off for minutes */
#define RECOUNT_EVERY 64	/* steps, while many segments are in flight */
#define RECOUNT_ALWAYS 100	/* segments */

static uint32_t current_seed;

static void on_abort(int signal)
{
	char text[64];
	int n = snprintf(text, sizeof(text), "seed %u ended the process\n", current_seed);

	(void)signal;
	(void)!write(STDERR_FILENO, text, (size_t)n);
}

static void failed(const char *what)
{
	fprintf(stderr, "seed %u: %s\n", current_seed, what);
	abort();
}

/* --- the plan --- */

/* From `least` to `most`, each doubling as likely as any other. */
static uint64_t any_size(uint64_t least, uint64_t most)
{
	unsigned doublings = 0;
	uint64_t size;

	while (least << (doublings + 1) <= most)
		doublings++;
	size = least << below(doublings + 1);
	size += (uint64_t)below(1000) * size / 1000;
	return size < most ? size : most;
}

static void choose_faults(struct path_link *l)
{
	if (one_in(2))
		l->loss_ppm = (unsigned)any_size(100, SCARCE_MOST);
	if (one_in(6)) {
		l->burst_ppm = (unsigned)any_size(100, SCARCE_MOST / 2);
		l->burst_len = 2 + below(12);
	}
	if (one_in(6))
		l->ack_loss_ppm = (unsigned)any_size(1000, 100000);
	if (one_in(5)) {
		l->late_ppm = (unsigned)any_size(100, 100000);
		l->late_ns = any_size(NS_PER_MS / 10, 50 * NS_PER_MS);
	}
	if (one_in(6))
		l->jitter_ns = any_size(NS_PER_MS / 10, 30 * NS_PER_MS);
	if (one_in(8))
		l->dup_ppm = (unsigned)any_size(100, 50000);
	if (one_in(8))
		l->release_ns = any_size(NS_PER_MS, 20 * NS_PER_MS);
}

static void choose_link(struct path_link *l, uint64_t delay_ns)
{
	l->delay_ns = delay_ns;
	if (!one_in(6)) {
		uint64_t product;

		l->rate = any_size(200000, 500000000);
		product = l->rate / 8 * (2 * delay_ns / 1000) / 1000000;
		l->queue_max = (size_t)any_size(6000, 4 * product > 24000 ? 4 * product : 24000);
	}
	choose_faults(l);
}

/* An outage of the loaded way: what waits goes on after it. */
static void choose_outage(struct path_link *l, struct path_rate outage[2])
{
	if (!l->rate || !one_in(8))
		return;
	outage[0] = (struct path_rate){below(5000), PATH_STALLED};
	outage[1] = (struct path_rate){outage[0].at_ms + any_size(100, OUTAGE_MOST_MS / 2), l->rate};
	l->rates = outage;
	l->rate_count = 2;
}

static void choose_peer(struct model_options *peer)
{
	peer->no_sack = one_in(8);
	peer->no_timestamps = one_in(8);
	peer->no_dsack = one_in(8);
	if (one_in(4))
		peer->mss = 536 + below(845);
	if (one_in(5))
		peer->window_max = (uint32_t)any_size(8192, 1 << 20);
	if (peer->window_max)
		peer->window_start = peer->window_max < 65536 ? peer->window_max : 65536;
}

static void choose_plan(struct lab_plan *plan, uint32_t seed, struct path_rate outage[2])
{
	uint64_t delay_ns, most;

	chance_seed(seed);
	delay_ns = any_size(NS_PER_MS / 10, 200 * NS_PER_MS);
	memset(plan, 0, sizeof(*plan));
	plan->seed = seed;
	plan->congestion = one_in(2) ? NET_BBR : NET_CUBIC;
	plan->batched = one_in(2);
	plan->mtu = one_in(4) ? 1280 + below(221) : 0;
	choose_link(&plan->up, delay_ns);
	choose_link(&plan->down, delay_ns);
	choose_peer(&plan->peer);
	choose_outage(&plan->up, outage);
	/* Some seconds of the path. */
	most = plan->up.rate ? plan->up.rate / 8 * 4 : 16000000;
	if (most > 16000000)
		most = 16000000;
	plan->flow_count = 1 + below(3);
	for (unsigned i = 0; i < plan->flow_count; i++) {
		struct lab_flow_plan *f = &plan->flows[i];

		f->start_ms = i ? below(3000) : 0;
		f->extra_ms = one_in(3) ? below(100) : 0;
		f->to_send = any_size(one_in(3) ? 1 : most / 16, most / plan->flow_count);
		if (one_in(4)) {
			f->rest_at_ms = below(3000);
			f->rest_ms = 1 + below(15000);
		}
	}
	if (one_in(5)) {
		plan->narrow_at_ms = below(3000);
		plan->narrow_to = 576 + below(700);
		plan->silent = one_in(4);
	}
}

static void print_link(const char *name, const struct path_link *l)
{
	printf("%s: %llu bit/s, queue %zu, delay %.2f ms, loss %u, bursts %u of %u, ACKs lost %u, late %u by "
	       "%.1f ms, jitter %.1f ms, doubled %u, released by %.1f ms, outage %llu to %llu ms\n", name,
	       (unsigned long long)l->rate, l->queue_max, (double)l->delay_ns / NS_PER_MS, l->loss_ppm,
	       l->burst_ppm, l->burst_len, l->ack_loss_ppm, l->late_ppm, (double)l->late_ns / NS_PER_MS,
	       (double)l->jitter_ns / NS_PER_MS, l->dup_ppm, (double)l->release_ns / NS_PER_MS,
	       l->rate_count ? (unsigned long long)l->rates[0].at_ms : 0,
	       l->rate_count ? (unsigned long long)l->rates[1].at_ms : 0);
}

static void print_plan(const struct lab_plan *p)
{
	print_link("up", &p->up);
	print_link("down", &p->down);
	printf("%s%s, MTU %u, of the path %u%s after %llu ms; peer: MSS %u, window %u%s%s%s\n", p->congestion == NET_BBR ? "bbr" : "cubic",
	       p->batched ? ", batched" : "", p->mtu, p->narrow_to,
	       p->silent ? " that nobody tells" : "", (unsigned long long)p->narrow_at_ms, p->peer.mss,
	       p->peer.window_max, p->peer.no_sack ? ", no SACK" : "",
	       p->peer.no_timestamps ? ", no timestamps" : "", p->peer.no_dsack ? ", no D-SACK" : "");
	for (unsigned i = 0; i < p->flow_count; i++)
		printf("flow %u: from %llu ms, %llu ms more, %llu bytes, rests %llu ms from %llu on\n", i,
		       (unsigned long long)p->flows[i].start_ms, (unsigned long long)p->flows[i].extra_ms,
		       (unsigned long long)p->flows[i].to_send,
		       (unsigned long long)p->flows[i].rest_ms, (unsigned long long)p->flows[i].rest_at_ms);
}

/* --- what must hold --- */

/*
 * The stack's own hooks (net/recovery.c), with a look at the window after each segment that left: only
 * there is it a matter of sending, a moment later the window may be another.
 */
static const struct tcp_recovery *own_hooks;
static struct tcp_recovery watched_hooks;

static void check_window(const struct cc *cc, bool probe)
{
	uint32_t pipe = recover_pipe(cc);

	if (pipe > cc_window(cc) + cc->mss && !probe)
		failed("more in flight than the window allows");
}

static void watch_sent(void *arg, struct tcp_seg *seg, u32_t seqno, u16_t len)
{
	const struct cc *cc = &((struct net_stream *)arg)->cc;
	bool probe = cc->probe_wanted;

	own_hooks->sent(arg, seg, seqno, len);
	check_window(cc, probe);
}

static void watch_repeated(void *arg, struct tcp_seg *seg)
{
	const struct cc *cc = &((struct net_stream *)arg)->cc;
	bool probe = cc->probe_wanted;

	own_hooks->repeated(arg, seg);
	check_window(cc, probe);
}

static void watch_hooks(struct net_stream *s)
{
	if (!s->pcb || !s->pcb->recovery || s->pcb->recovery == &watched_hooks)
		return;
	own_hooks = s->pcb->recovery;
	watched_hooks = *own_hooks;
	watched_hooks.sent = watch_sent;
	watched_hooks.repeated = watch_repeated;
	s->pcb->recovery = &watched_hooks;
}

struct watch {
	uint64_t progress;	/* bytes acknowledged */
	struct boot_time progress_at;
	uint64_t allowed_ns;	/* most time-out since */
};

/* Still to come while all that was sent is on its way; a path that is down, or was just now, excuses. */
static bool path_down(const struct lab *lab, const struct path_link *l)
{
	uint64_t ms = boot_since_ms(lab->now, lab->start);

	return l->rate_count && ms >= l->rates[0].at_ms && ms < l->rates[1].at_ms;
}

static void check_sender(const struct lab *lab, const struct lab_flow *f, struct watch *w)
{
	const struct cc *cc = &f->s->cc;
	uint64_t rto, acked = f->written - f->s->tx.unacked;

	if (!f->s->recovering)
		return;
	watch_hooks(f->s);
	if ((cc->sb.count <= RECOUNT_ALWAYS || lab->steps % RECOUNT_EVERY == 0) && !cc_verify(cc))
		failed("a recount differs");
	rto = rtt_rto(&cc->rtt, cc->backoffs);
	if (acked != w->progress || sb_empty(&cc->sb) || path_down(lab, &lab->plan.up)) {
		*w = (struct watch){acked, lab->now, rto};
		return;
	}
	if (rto > w->allowed_ns)
		w->allowed_ns = rto;
	/* Time-outs that double: all of them take twice the last. */
	if (boot_since_ns(lab->now, w->progress_at) > 2 * w->allowed_ns + STALL_NS)
		failed("a sender does not move on");
}

static bool flow_done(const struct lab_flow *f)
{
	return f->peer.eof && f->peer.stats.bytes == f->plan.to_send;
}

static bool all_done(const struct lab *lab)
{
	for (unsigned i = 0; i < lab->plan.flow_count; i++) {
		if (!flow_done(&lab->flows[i]))
			return false;
	}
	return true;
}

static void run_seed(uint32_t seed, bool print)
{
	static struct path_rate outage[2];
	struct watch watches[LAB_FLOWS_MAX] = {{0}};
	struct boot_time limit;
	struct lab_plan plan;
	struct lab *lab;

	current_seed = seed;
	choose_plan(&plan, seed, outage);
	if (print)
		print_plan(&plan);
	lab = lab_new(&plan);
	limit = boot_add_ms(lab->start, LIMIT_S * 1000);
	while (!all_done(lab)) {
		lab_step(lab, limit);
		if (boot_reached(lab->now, limit))
			failed("not all has arrived");
		for (unsigned i = 0; i < plan.flow_count; i++) {
			struct lab_flow *f = &lab->flows[i];

			/* The model answers no keepalives: a stream that has done its work may end by them. */
			if (f->failed && !flow_done(f))
				failed("a stream failed");
			if (f->peer.stats.beyond)
				failed("a segment beyond the peer's window");
			if (f->s && !f->failed)
				check_sender(lab, f, &watches[i]);
		}
	}
	if (print)
		printf("done after %.3f s\n", (double)boot_since_ns(lab->now, lab->start) / NS_PER_S);
	lab_free(lab);
}

int main(int argc, char **argv)
{
	uint32_t first = 1, count = 300, i;
	time_t end = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGABRT, on_abort);
	if (argc == 3 && !strcmp(argv[1], "--seed")) {
		run_seed((uint32_t)strtoul(argv[2], NULL, 10), true);
		return 0;
	}
	if (argc == 5 && !strcmp(argv[1], "--seeds")) {
		first = (uint32_t)strtoul(argv[2], NULL, 10);
		count = (uint32_t)strtoul(argv[3], NULL, 10);
		end = time(NULL) + (time_t)strtoul(argv[4], NULL, 10);
	} else if (argc != 1) {
		fprintf(stderr, "usage: %s [--seed N | --seeds FIRST COUNT SECONDS]\n", argv[0]);
		return 2;
	}
#if defined(__SANITIZE_ADDRESS__)
	if (argc == 1)
		count = 30;
#endif
	for (i = 0; i < count && (!end || time(NULL) < end); i++)
		run_seed(first + i, false);
	printf("%u paths\n", i);
	return 0;
}
