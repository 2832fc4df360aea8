/*
 * Streams of ours over the paths that people have, in simulated time: how much arrives, what was
 * sent twice, how long queues get, how flows share. A row is a path; each runs with several seeds,
 * in a process of its own, and is held to the bounds of its row on the worst of them.
 *
 *	net_paths			2 seeds of each row
 *	net_paths --seeds N		seeds 1 to N
 *	net_paths --seed N		that one; bounds hold for seeds 1 to 5
 *	net_paths --row NAME		only that row; "list" names them
 *	net_paths --seconds N		so much simulated time, without bounds on what depends on it
 *	net_paths --report		goodput per second and flow as well
 *	net_paths --jobs N		rows at once
 *	net_paths --bbr, --cubic	only with that one; else both, where a row has bounds for BBR
 *	net_paths --reference		only rows in which we receive, by a model peer, without bounds
 *
 * Shares of a rate are payload: with 1,420 bytes of MTU and timestamps the most is 92.4 %.
 */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/compiler.h"
#include "net/core.h"
#include "support/path_lab.h"

#define MBIT 1000000u
#define MS(n) ((n) * NS_PER_MS)
#define UNLIMITED_RATE (320 * MBIT)	/* what a row without a rate is measured by */
#define SECONDS_MAX 60
#define SEEDS_BOUND 5		/* bounds are those of these seeds */
#define SEEDS_MAX 100
#define JOBS_MAX 16
#define REPORT_MAX 16384
#define DOWN_BYTES (UINT64_C(3) << 30)

/* Shares in 0.1 %; 0: not bound. */
struct bounds {
	unsigned least;		/* of the rate */
	unsigned needless;	/* needless repeats, of first transmissions, at most */
	unsigned repeats;	/* repeats, of lost packets, at most */
	unsigned silences;	/* time-outs + 1, at most */
	unsigned queue;		/* 95th percentile of the time in the queue, of a full queue, at most */
	unsigned jain;		/* Jain's index over the last seconds */
	unsigned share;		/* of the slowest flow, over the last seconds */
	unsigned burst;		/* packets at one time, after the rest */
	unsigned ping_ms;	/* 99th percentile of the round trips of pings, at most */
};

struct row {
	const char *name;
	unsigned seconds;	/* 0: 12 */
	unsigned settled_s;	/* shares count from here on; 0: not */
	uint64_t rate;		/* what shares of the rate refer to; 0: the link's */
	struct lab_plan plan;
	struct bounds bounds;
	struct bounds bbr;	/* `least` 0: not with BBR */
};

/* A stream gets what the stack has when it is established: flows of such a row start apart. */
static void set_congestion(struct net_stack *stack, const struct lab_flow_plan *flow)
{
	stack->congestion = flow->congestion == NET_BBR ? &cc_bbr : &cc_cubic;
}

#include "net_paths_rows.h"

struct options {
	unsigned first_seed, seeds, seconds, jobs;
	const char *row;
	bool report, bbr, cubic, reference;
};

/* --- the report of one run --- */

struct report {
	char text[REPORT_MAX];
	size_t len;
	bool failed;
};

__attribute__((format(printf, 2, 3))) static void say(struct report *r, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(r->text + r->len, sizeof(r->text) - r->len, format, args);
	va_end(args);
	assert(n >= 0 && (size_t)n < sizeof(r->text) - r->len);
	r->len += (size_t)n;
}

struct run {
	const struct row *row;
	const struct bounds *bounds;	/* of the algorithm in use */
	struct lab *lab;
	unsigned seconds;
	uint64_t bytes[SECONDS_MAX + 1][LAB_FLOWS_MAX];	/* in order, by the end of each second */
	struct report *report;
};

static uint64_t total_bytes(const struct run *run, unsigned second)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < run->row->plan.flow_count; i++)
		sum += run->bytes[second][i];
	return sum;
}

static const struct path_link *loaded(const struct run *run)
{
	return run->row->plan.downward ? &run->row->plan.down : &run->row->plan.up;
}

static uint64_t row_rate(const struct run *run)
{
	if (run->row->rate)
		return run->row->rate;
	if (run->row->plan.socket.rate)
		return run->row->plan.socket.rate;
	return loaded(run)->rate ? loaded(run)->rate : UNLIMITED_RATE;
}

static uint64_t per_mille(uint64_t part, uint64_t whole)
{
	return whole ? part * 1000 / whole : 0;
}

/* Holds `value` to `bound`, which is a least or a most; 0: none. */
static void hold(struct run *run, const char *what, uint64_t value, unsigned bound, bool least)
{
	if (!bound || (least ? value >= bound : value <= bound))
		return;
	run->report->failed = true;
	say(run->report, "  FAILED: %s %llu, bound %u\n", what, (unsigned long long)value, bound);
}

static void sum_up(const struct run *run, struct model_stats *sum, unsigned *burst)
{
	memset(sum, 0, sizeof(*sum));
	*burst = 0;
	for (unsigned i = 0; i < run->row->plan.flow_count; i++) {
		const struct lab_flow *f = &run->lab->flows[i];
		const struct model_stats *s = &f->peer.stats;

		sum->firsts += run->row->plan.downward ? s->sent : s->firsts;
		sum->repeats += run->row->plan.downward ? s->resent : s->repeats;
		sum->needless += s->needless;
		sum->silences += run->row->plan.downward ? s->timeouts : s->silences;
		sum->beyond += s->beyond;
		if (f->burst_most > *burst)
			*burst = f->burst_most;
	}
}

/* Jain's index in 0.1 % over the bytes that each flow moved since `from`. */
static uint64_t jain(const struct run *run, unsigned from)
{
	unsigned n = run->row->plan.flow_count;
	double sum = 0, squares = 0;

	for (unsigned i = 0; i < n; i++) {
		double x = (double)(run->bytes[run->seconds][i] - run->bytes[from][i]);

		sum += x;
		squares += x * x;
	}
	return squares > 0 ? (uint64_t)(sum * sum * 1000 / (n * squares)) : 0;
}

static void report_shares(struct run *run, bool bound)
{
	unsigned from = run->row->settled_s;
	uint64_t all, least = 1000;

	if (!from || from >= run->seconds)
		return;
	all = total_bytes(run, run->seconds) - total_bytes(run, from);
	say(run->report, "  shares from %u s on:", from);
	for (unsigned i = 0; i < run->row->plan.flow_count; i++) {
		uint64_t part = per_mille(run->bytes[run->seconds][i] - run->bytes[from][i], all);

		say(run->report, " %.1f", (double)part / 10);
		if (part < least)
			least = part;
	}
	say(run->report, " %%, Jain %.3f\n", (double)jain(run, from) / 1000);
	if (!bound)
		return;
	hold(run, "Jain's index", jain(run, from), run->bounds->jain, true);
	hold(run, "share of the slowest", least, run->bounds->share, true);
}

static void report_seconds(struct run *run)
{
	for (unsigned i = 0; i < run->row->plan.flow_count; i++) {
		say(run->report, "  Mbit/s of flow %u:", i);
		for (unsigned s = 1; s <= run->seconds; s++)
			say(run->report, " %.1f",
			    (double)(run->bytes[s][i] - run->bytes[s - 1][i]) * 8 / MBIT);
		say(run->report, "\n");
	}
}

static void report_pings(struct run *run, bool bound)
{
	for (unsigned i = 0; i < run->row->plan.flow_count; i++) {
		uint64_t p99 = lab_ping_us(run->lab, i, 99);

		if (!run->row->plan.flows[i].ping_ms)
			continue;
		say(run->report, "  %zu pings: p50 %.1f, p90 %.1f, p99 %.1f, most %.1f ms\n",
		    run->lab->flows[i].ping_count, (double)lab_ping_us(run->lab, i, 50) / 1000,
		    (double)lab_ping_us(run->lab, i, 90) / 1000, (double)p99 / 1000,
		    (double)lab_ping_us(run->lab, i, 100) / 1000);
		if (bound)
			hold(run, "us of a ping, 99th percentile", p99, run->bounds->ping_ms * 1000, false);
	}
}

static void report_run(struct run *run, uint64_t seed, bool bound)
{
	enum path_way way = run->row->plan.downward ? PATH_DOWN : PATH_UP;
	const struct path_stats *path = path_stats(run->lab->path, way);
	const struct bounds *b = run->bounds;
	uint64_t rate = row_rate(run), bits = total_bytes(run, run->seconds) * 8 / run->seconds;
	uint64_t queue_us = path_queue_us(run->lab->path, way, 95);
	uint64_t full_us = loaded(run)->rate ? loaded(run)->queue_max * 8 * 1000000 / loaded(run)->rate : 0;
	struct model_stats sum;
	unsigned burst;

	sum_up(run, &sum, &burst);
	say(run->report, "%-14s %s seed %llu: %.1f of %.0f Mbit/s, %.1f %%; lost %llu (queue %llu), repeats %llu",
	    run->row->name, run->bounds == &run->row->bbr ? "bbr  " : "cubic", (unsigned long long)seed, (double)bits / MBIT, (double)rate / MBIT,
	    (double)bits * 100 / (double)rate, (unsigned long long)path->data_lost,
	    (unsigned long long)path->overflowed, (unsigned long long)sum.repeats);
	if (path->data_lost)
		say(run->report, " (%.0f %%)", (double)sum.repeats * 100 / (double)path->data_lost);
	say(run->report, ", needless %llu (%.2f %%), time-outs %llu, queue p95 %.1f ms, burst %u\n",
	    (unsigned long long)sum.needless,
	    sum.firsts ? (double)sum.needless * 100 / (double)sum.firsts : 0.0,
	    (unsigned long long)sum.silences, (double)queue_us / 1000, burst);
	hold(run, "segments beyond the window", sum.beyond + 1, 1, false);
	if (bound) {
		hold(run, "0.1 % of the rate", per_mille(bits, rate), b->least, true);
		hold(run, "0.1 % of needless repeats", per_mille(sum.needless, sum.firsts), b->needless, false);
		hold(run, "0.1 % of repeats per lost packet", per_mille(sum.repeats, path->data_lost),
		     path->data_lost > 20 ? b->repeats : 0, false);
		hold(run, "time-outs + 1", sum.silences + 1, b->silences, false);
		hold(run, "0.1 % of a full queue", per_mille(queue_us, full_us), b->queue, false);
		hold(run, "packets at one time after the rest", burst, b->burst, false);
	}
	report_shares(run, bound);
	report_pings(run, bound);
}

/* --- running --- */

/*
 * Delays are up to 1 % longer, by seed: where nothing else is left to chance, seeds would be one
 * case, and that one may be a lucky meeting of round trip and timer.
 */
static struct lab_plan plan_for(const struct row *row, uint64_t seed)
{
	struct lab_plan plan = row->plan;
	struct rng_seeded seeded;
	struct rng rng = rng_seeded_init(&seeded, seed);

	plan.seed = seed;
	plan.up.delay_ns += rng_u64(&rng) % (plan.up.delay_ns / 100 + 1);
	plan.down.delay_ns += rng_u64(&rng) % (plan.down.delay_ns / 100 + 1);
	return plan;
}

static void run_row(const struct row *row, uint64_t seed, bool bbr, const struct options *o,
		    struct report *report)
{
	static struct run run;
	struct lab_plan plan = plan_for(row, seed);
	unsigned own = row->seconds ? row->seconds : 12;

	memset(&run, 0, sizeof(run));
	memset(report, 0, sizeof(*report));
	plan.congestion = bbr ? NET_BBR : NET_CUBIC;
	plan.reference = o->reference;
	run.row = row;
	run.bounds = bbr ? &row->bbr : &row->bounds;
	run.report = report;
	run.seconds = o->seconds ? o->seconds : own;
	assert(run.seconds <= SECONDS_MAX);
	run.lab = lab_new(&plan);
	for (unsigned s = 1; s <= run.seconds; s++) {
		lab_run(run.lab, s * 1000);
		/* What the first seconds do to the queue is start-up; what precedes a rest is not after it. */
		if (s == 3 || s * 1000 == plan.flows[0].rest_at_ms + plan.flows[0].rest_ms)
			lab_forget(run.lab);
		for (unsigned i = 0; i < plan.flow_count; i++)
			run.bytes[s][i] = lab_flow_bytes(run.lab, i);
	}
	report_run(&run, seed, run.seconds == own && seed <= SEEDS_BOUND && !o->reference);
	if (o->report)
		report_seconds(&run);
	lab_free(run.lab);
}

struct job {
	const struct row *row;
	uint64_t seed;
	bool bbr;
	pid_t pid;
	int fd;
};

static void job_start(struct job *job, const struct options *o)
{
	static struct report report;
	int fds[2];

	if (pipe(fds) || (job->pid = fork()) < 0) {
		perror("net_paths");
		exit(2);
	}
	if (!job->pid) {
		run_row(job->row, job->seed, job->bbr, o, &report);
		for (size_t at = 0; at < report.len;) {
			ssize_t n = write(fds[1], report.text + at, report.len - at);

			if (n <= 0)
				_exit(2);
			at += (size_t)n;
		}
		_exit(report.failed);
	}
	close(fds[1]);
	job->fd = fds[0];
}

/* Its report in `text`; false: it failed. */
static bool job_end(struct job *job, char text[static REPORT_MAX])
{
	size_t len = 0;
	ssize_t n;
	int status;

	while (len < REPORT_MAX - 1 && (n = read(job->fd, text + len, REPORT_MAX - 1 - len)) > 0)
		len += (size_t)n;
	text[len] = 0;
	close(job->fd);
	if (waitpid(job->pid, &status, 0) != job->pid)
		exit(2);
	if (!WIFEXITED(status) || WEXITSTATUS(status) > 1)
		printf("%s seed %llu ended with status %d\n", job->row->name,
		       (unsigned long long)job->seed, status);
	return status == 0;
}

static unsigned run_jobs(struct job *jobs, size_t count, const struct options *o)
{
	static char text[REPORT_MAX];
	unsigned failed = 0;
	size_t started = 0;

	for (size_t i = 0; i < count; i++) {
		while (started < count && started < i + o->jobs)
			job_start(&jobs[started++], o);
		failed += !job_end(&jobs[i], text);
		fputs(text, stdout);
	}
	return failed;
}

/* The same seed gives the same report, to the byte; another seed another one. */
static unsigned check_determinism(const struct options *given)
{
	static char texts[3][REPORT_MAX];
	static const uint64_t seeds[3] = {7, 7, 8};
	struct options o = *given;
	bool passed = true;

	o.seconds = 3;
	o.report = true;
	for (unsigned i = 0; i < 3; i++) {
		struct job job = {.row = &rows[ARRAY_LEN(rows) - 1], .seed = seeds[i]};

		job_start(&job, &o);
		passed &= job_end(&job, texts[i]);
	}
	passed &= !strcmp(texts[0], texts[1]) && strcmp(strstr(texts[1], ": "), strstr(texts[2], ": "));
	if (!passed)
		printf("FAILED: two runs of one seed differ, or two seeds do not\n%s%s%s", texts[0], texts[1],
		       texts[2]);
	return !passed;
}

static bool parse_options(int argc, char **argv, struct options *o)
{
	for (int i = 1; i < argc; i++) {
		unsigned n = i + 1 < argc ? (unsigned)strtoul(argv[i + 1], NULL, 10) : 0;

		if (!strcmp(argv[i], "--bbr")) {
			o->bbr = true;
			continue;
		}
		if (!strcmp(argv[i], "--cubic")) {
			o->cubic = true;
			continue;
		}
		if (!strcmp(argv[i], "--reference")) {
			o->reference = true;
			continue;
		}
		if (!strcmp(argv[i], "--report")) {
			o->report = true;
			continue;
		}
		if (!strcmp(argv[i], "--row") && i + 1 < argc) {
			o->row = argv[++i];
			continue;
		}
		if (!n)
			return false;
		if (!strcmp(argv[i], "--seeds"))
			o->seeds = n;
		else if (!strcmp(argv[i], "--seed"))
			o->first_seed = n;
		else if (!strcmp(argv[i], "--seconds") && n <= SECONDS_MAX)
			o->seconds = n;
		else if (!strcmp(argv[i], "--jobs") && n <= JOBS_MAX)
			o->jobs = n;
		else
			return false;
		i++;
	}
	return true;
}

/* The runs of a row; how many. */
static size_t add_jobs(struct job *jobs, const struct row *row, const struct options *o)
{
	size_t count = 0;

	for (unsigned bbr = o->bbr; bbr <= !o->cubic; bbr++) {
		if (bbr && (!row->bbr.least || o->reference))
			break;
		for (unsigned s = 0; s < o->seeds; s++)
			jobs[count++] = (struct job){.row = row, .seed = o->first_seed + s, .bbr = bbr};
	}
	return count;
}

int main(int argc, char **argv)
{
	static struct job jobs[ARRAY_LEN(rows) * 2 * SEEDS_MAX];
	struct options o = {.jobs = 2};
	unsigned failed = 0;
	size_t count = 0;

#if defined(__SANITIZE_ADDRESS__)
	o.seeds = 1;
	o.seconds = 3;
#endif
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!parse_options(argc, argv, &o) || o.seeds > SEEDS_MAX) {
		fprintf(stderr, "usage: %s [--seeds N | --seed N] [--row NAME | --row list] [--seconds N]"
				" [--report] [--jobs N] [--bbr | --cubic] [--reference]\n", argv[0]);
		return 2;
	}
	if (o.first_seed)
		o.seeds = 1;
	else
		o.first_seed = 1;
	if (!o.seeds)
		o.seeds = 2;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (o.row && !strcmp(o.row, "list"))
			puts(rows[i].name);
		if (o.reference && !rows[i].plan.downward)
			continue;
		if (o.row && strcmp(o.row, rows[i].name))
			continue;
		count += add_jobs(jobs + count, &rows[i], &o);
	}
	failed = run_jobs(jobs, count, &o);
	if (!o.row && !o.reference)
		failed += check_determinism(&o);
	printf("%zu runs, %u failed\n", count, failed);
	return failed || (!count && o.row && strcmp(o.row, "list"));
}
