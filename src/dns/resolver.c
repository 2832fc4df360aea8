/*
 * Theory of operation
 *
 * A query is one look-up of its owner. Its candidates are the full names that the text may stand
 * for: as it is, and with each search domain behind it; a name with fewer than `ndots` dots tries
 * the search domains first, one with more last, one that ends with a dot never (resolv.conf(5)).
 *
 * For each candidate the query waits for one job per family (dns/job.h) or finds the answer in the
 * cache. The first candidate with an address of either family is taken, and the other family's
 * result is then for the same name. So a negative result is held back as long as the other family
 * is open and there are candidates left. Of AAAA alone even "no such name" proves nothing: servers
 * that know IPv4 addresses from a hosts file answer so (RFC 4074 section 4.2), RFC 8020
 * notwithstanding. Failures and silence end the query at this candidate: further ones would reach
 * another host of the same name.
 *
 * Results wait in `ready` until the owner takes them. "localhost" is answered here and never asked
 * (RFC 6761 section 6.3).
 *
 *	wait state	meaning					leaves by
 *	WAIT_ASK	to be looked up for this candidate	query_run
 *	WAIT_JOB	a job is at work			job settled, or query_settle
 *	WAIT_HELD	result is in, candidate undecided	query_run
 *	WAIT_READY	in `ready`				dns_resolver_event
 *	WAIT_GONE	delivered, or family not wanted		-
 */
#include "dns/resolver.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/list.h"
#include "dns/cache.h"
#include "dns/job.h"
#include "dns/name.h"

enum wait_state { WAIT_ASK, WAIT_JOB, WAIT_HELD, WAIT_READY, WAIT_GONE };

#define FAMILIES 2

struct dns_wait {
	struct list link;	/* among the job's waiters, or in `ready` */
	struct dns_query *query;
	enum wait_state state;
	enum addr_family family;
	enum dns_outcome outcome;	/* of this candidate */
	struct addr *addrs;	/* own copy */
	size_t count;
};

struct dns_query {
	struct list link;	/* among the resolver's queries */
	struct dns_resolver *resolver;
	void *owner;
	struct dns_name name;
	bool absolute;
	bool settled;		/* the candidate is chosen: results go out as they come */
	uint8_t candidate;
	struct dns_wait waits[FAMILIES];
};

struct dns_resolver {
	struct dns_jobs jobs;
	struct dns_cache *cache;	/* NULL: none wanted */
	struct dns_name search[DNS_SEARCH_MAX];
	uint8_t search_count;
	unsigned ndots;
	bool want_v4, want_v6;
	size_t query_count;
	struct list queries;
	struct list ready;
	struct dns_query *spent;	/* gave its last result; its addresses are still looked at */
};

const char *dns_drop_name(enum dns_drop reason)
{
	static const char *const names[DNS_DROP_COUNT] = {
		[DNS_DROP_STRAY] = "stray",
		[DNS_DROP_SOURCE] = "wrong_source",
		[DNS_DROP_MISMATCH] = "mismatch",
		[DNS_DROP_CASE] = "case_lost",
		[DNS_DROP_MALFORMED] = "malformed",
	};

	return (unsigned)reason < DNS_DROP_COUNT ? names[reason] : "unknown";
}

struct dns_resolver *dns_resolver_new(const struct dns_resolver_config *config)
{
	size_t servers = config->server_count;
	struct dns_resolver *r;
	struct siphash_key key;

	if (!servers || (!config->want_v4 && !config->want_v6))
		return NULL;
	r = calloc(1, sizeof(*r));
	if (!r)
		return NULL;
	key = (struct siphash_key){rng_u64(config->rng), rng_u64(config->rng)};
	if (!config->uncached)
		r->cache = dns_cache_new(&key);
	if (!config->uncached && !r->cache) {
		free(r);
		return NULL;
	}
	dns_jobs_init(&r->jobs, config->rng, config->servers,
		      servers < DNS_SERVERS_MAX ? servers : DNS_SERVERS_MAX);
	if (config->limit_ms)
		r->jobs.limit_ms = config->limit_ms;
	for (size_t i = 0; i < config->search_count && r->search_count < DNS_SEARCH_MAX; i++) {
		const char *text = config->search[i];
		bool absolute;

		if (dns_name_parse(&r->search[r->search_count], text, strlen(text), &absolute) == 0)
			r->search_count++;
	}
	r->ndots = config->ndots;
	r->want_v4 = config->want_v4;
	r->want_v6 = config->want_v6;
	list_init(&r->queries);
	list_init(&r->ready);
	return r;
}

static void query_free(struct dns_query *q)
{
	for (size_t i = 0; i < FAMILIES; i++) {
		list_remove(&q->waits[i].link);
		free(q->waits[i].addrs);
	}
	list_remove(&q->link);
	q->resolver->query_count--;
	free(q);
}

static void release_spent(struct dns_resolver *r)
{
	if (r->spent)
		query_free(r->spent);
	r->spent = NULL;
}

void dns_resolver_free(struct dns_resolver *r)
{
	if (!r)
		return;
	release_spent(r);
	while (!list_empty(&r->queries))
		query_free(LIST_ENTRY(r->queries.next, struct dns_query, link));
	dns_jobs_fini(&r->jobs);
	dns_cache_free(r->cache);
	free(r);
}

void dns_query_cancel(struct dns_query *q)
{
	query_free(q);
}

/* The full name of the current candidate. 0; ERR_LIMIT: too long, leave it out; ERR_NOTFOUND. */
static int query_candidate(const struct dns_query *q, struct dns_name *out)
{
	const struct dns_resolver *r = q->resolver;
	size_t searched = q->absolute ? 0 : r->search_count, at = q->candidate;
	bool search_first = dns_name_labels(&q->name) <= r->ndots;

	if (at > searched)
		return ERR_NOTFOUND;
	if (at == (search_first ? searched : 0)) {
		*out = q->name;
		return 0;
	}
	return dns_name_join(out, &q->name, &r->search[search_first ? at : at - 1]);
}

static bool query_is_last_candidate(const struct dns_query *q)
{
	return q->absolute || q->candidate >= q->resolver->search_count;
}

static void wait_set_addrs(struct dns_wait *w, const struct addr *addrs, size_t count)
{
	w->addrs = calloc(count, sizeof(*addrs));
	if (!w->addrs) {
		w->outcome = DNS_NO_ROOM;
		return;
	}
	memcpy(w->addrs, addrs, count * sizeof(*addrs));
	w->count = count;
	w->outcome = DNS_FOUND;
}

static void wait_ask(struct dns_wait *w, struct boot_time now, const struct dns_name *name)
{
	struct dns_resolver *r = w->query->resolver;
	struct dns_cached cached;
	struct dns_job *job;

	if (r->cache && dns_cache_get(r->cache, now, name, w->family, &cached)) {
		w->state = WAIT_HELD;
		w->outcome = DNS_NOT_FOUND;
		if (cached.count)
			wait_set_addrs(w, cached.addrs, cached.count);
		return;
	}
	job = dns_job_get(&r->jobs, now, name, w->family);
	if (!job) {
		w->state = WAIT_HELD;
		w->outcome = DNS_NO_ROOM;
		return;
	}
	w->state = WAIT_JOB;
	list_push_back(&job->waiters, &w->link);
}

static void wait_ready(struct dns_wait *w)
{
	list_remove(&w->link);
	list_push_back(&w->query->resolver->ready, &w->link);
	w->state = WAIT_READY;
}

/* What the results of this candidate mean for the query. */
enum decision { DECIDE_TAKE, DECIDE_NEXT, DECIDE_LATER };

static enum decision query_decide(struct dns_query *q)
{
	bool open = false;

	if (q->settled || query_is_last_candidate(q))
		return DECIDE_TAKE;
	for (size_t i = 0; i < FAMILIES; i++) {
		struct dns_wait *w = &q->waits[i];

		if (w->state == WAIT_HELD && w->outcome != DNS_NOT_FOUND)
			return DECIDE_TAKE;
		open |= w->state == WAIT_JOB;
	}
	return open ? DECIDE_LATER : DECIDE_NEXT;
}

static void query_take(struct dns_query *q)
{
	q->settled = true;
	for (size_t i = 0; i < FAMILIES; i++) {
		if (q->waits[i].state == WAIT_HELD)
			wait_ready(&q->waits[i]);
	}
}

static void query_next_candidate(struct dns_query *q)
{
	q->candidate++;
	for (size_t i = 0; i < FAMILIES; i++) {
		struct dns_wait *w = &q->waits[i];

		if (w->state == WAIT_GONE)
			continue;
		w->state = WAIT_ASK;
	}
}

/* Asks for the current candidate whatever is not asked yet. */
static void query_ask(struct dns_query *q, struct boot_time now)
{
	struct dns_name name;
	int err = query_candidate(q, &name);

	assert(err != ERR_NOTFOUND);
	for (size_t i = 0; i < FAMILIES; i++) {
		struct dns_wait *w = &q->waits[i];

		if (w->state != WAIT_ASK)
			continue;
		if (err) {
			w->state = WAIT_HELD;
			w->outcome = DNS_NOT_FOUND;
		} else {
			wait_ask(w, now, &name);
		}
	}
}

/* Takes the query as far as it gets without new answers. Ends: each turn uses up a candidate. */
static void query_run(struct dns_query *q, struct boot_time now)
{
	for (;;) {
		query_ask(q, now);
		switch (query_decide(q)) {
		case DECIDE_TAKE:
			query_take(q);
			return;
		case DECIDE_LATER:
			return;
		case DECIDE_NEXT:
			query_next_candidate(q);
			break;
		}
	}
}

static void job_remember(struct dns_resolver *r, struct boot_time now, const struct dns_job *job)
{
	struct dns_cached answer = {
		.addrs = job->answer.addrs,
		.count = job->outcome == DNS_FOUND ? job->answer.count : 0,
	};

	if (r->cache && (job->outcome == DNS_FOUND || job->outcome == DNS_NOT_FOUND))
		dns_cache_put(r->cache, now, &job->name, job->family, &answer, job->answer.ttl_s);
}

/* Hands settled jobs to those who wait for them. They may start others that settle at once. */
static void collect_jobs(struct dns_resolver *r, struct boot_time now)
{
	struct dns_job *job;
	struct list *n;

	while ((job = dns_jobs_finished(&r->jobs)) != NULL) {
		job_remember(r, now, job);
		while ((n = list_pop_front(&job->waiters)) != NULL) {
			struct dns_wait *w = LIST_ENTRY(n, struct dns_wait, link);

			w->state = WAIT_HELD;
			w->outcome = job->outcome;
			if (job->outcome == DNS_FOUND)
				wait_set_addrs(w, job->answer.addrs, job->answer.count);
			query_run(w->query, now);
		}
		dns_job_free(&r->jobs, job);
	}
}

static void query_answer_localhost(struct dns_query *q)
{
	static const uint8_t v4[4] = {127, 0, 0, 1}, v6[16] = {[15] = 1};
	struct addr addrs[FAMILIES] = {addr_v6(v6), addr_v4(v4)};

	for (size_t i = 0; i < FAMILIES; i++) {
		struct dns_wait *w = &q->waits[i];

		if (w->state == WAIT_GONE)
			continue;
		wait_set_addrs(w, &addrs[w->family == ADDR_V6 ? 0 : 1], 1);
		w->state = WAIT_HELD;
	}
	query_take(q);
}

static void query_init_waits(struct dns_query *q)
{
	/* AAAA goes first (RFC 8305 section 3). */
	static const enum addr_family order[FAMILIES] = {ADDR_V6, ADDR_V4};

	for (size_t i = 0; i < FAMILIES; i++) {
		struct dns_wait *w = &q->waits[i];
		bool want = order[i] == ADDR_V6 ? q->resolver->want_v6 : q->resolver->want_v4;

		list_init(&w->link);
		w->query = q;
		w->family = order[i];
		w->state = want ? WAIT_ASK : WAIT_GONE;
	}
}

int dns_query_start(struct dns_resolver *r, struct boot_time now, const char *name, size_t len,
		    void *owner, struct dns_query **out)
{
	struct dns_query *q;
	struct dns_name parsed;
	bool absolute;

	if (dns_name_parse(&parsed, name, len, &absolute) < 0)
		return ERR_SYNTAX;
	if (r->query_count >= DNS_QUERIES_MAX)
		return ERR_LIMIT;
	q = calloc(1, sizeof(*q));
	if (!q)
		return ERR_NOMEM;
	q->resolver = r;
	q->owner = owner;
	q->name = parsed;
	q->absolute = absolute;
	list_push_back(&r->queries, &q->link);
	r->query_count++;
	query_init_waits(q);
	if (dns_name_is_localhost(&parsed))
		query_answer_localhost(q);
	else
		query_run(q, now);
	collect_jobs(r, now);
	*out = q;
	return 0;
}

bool dns_resolver_output(struct dns_resolver *r, struct boot_time now, struct dns_output *out)
{
	(void)now;
	return dns_exchanges_output(&r->jobs.exchanges, out);
}

void dns_resolver_input(struct dns_resolver *r, struct boot_time now, uint32_t exchange,
			const struct endpoint *src, const uint8_t *data, size_t len)
{
	dns_jobs_input(&r->jobs, now, exchange, src, data, len);
	collect_jobs(r, now);
}

void dns_resolver_failed(struct dns_resolver *r, struct boot_time now, uint32_t exchange)
{
	dns_jobs_failed(&r->jobs, now, exchange);
	collect_jobs(r, now);
}

void dns_resolver_tick(struct dns_resolver *r, struct boot_time now)
{
	dns_jobs_tick(&r->jobs, now);
	collect_jobs(r, now);
}

static enum cause wait_cause(const struct dns_wait *w)
{
	switch (w->outcome) {
	case DNS_FOUND:
		return CAUSE_OK;
	case DNS_NOT_FOUND:
		return CAUSE_NAME_NOT_FOUND;
	case DNS_NO_ROOM:
		return CAUSE_EXHAUSTED;
	case DNS_UNUSABLE:
		return CAUSE_NAME_FAILED;
	case DNS_PENDING:
	case DNS_SILENCE:
		break;
	}
	return CAUSE_NAME_NO_ANSWER;
}

bool dns_resolver_event(struct dns_resolver *r, struct dns_result *out)
{
	struct list *n;
	struct dns_wait *w;
	struct dns_query *q;

	release_spent(r);
	n = list_pop_front(&r->ready);
	if (!n)
		return false;
	w = LIST_ENTRY(n, struct dns_wait, link);
	q = w->query;
	w->state = WAIT_GONE;
	*out = (struct dns_result){
		.query = q,
		.owner = q->owner,
		.family = w->family,
		.addrs = w->addrs,
		.count = w->count,
		.cause = wait_cause(w),
		.done = true,
	};
	for (size_t i = 0; i < FAMILIES; i++)
		out->done &= q->waits[i].state == WAIT_GONE;
	if (out->done)
		r->spent = q;
	return true;
}

struct boot_time dns_resolver_deadline(const struct dns_resolver *r)
{
	return heap_deadline(&r->jobs.timers);
}

uint64_t dns_resolver_drops(const struct dns_resolver *r, enum dns_drop reason)
{
	return (unsigned)reason < DNS_DROP_COUNT ? r->jobs.drops[reason] : 0;
}
