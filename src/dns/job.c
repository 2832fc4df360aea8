/*
 * Theory of operation
 *
 * Servers are asked in order: the next one when the last was silent for the time-out of the round
 * (1 s, then 2 s, then 4 s) or gave an answer that helps no one (SERVFAIL, REFUSED, malformed, or
 * the socket failed). After the last server comes the next round, until the limit of the set. When
 * all servers of a round have refused, waiting longer helps little: one more round after a pause,
 * then the job ends. A server that was silent is left out of the first round of later jobs for a while,
 * so that a dead first server does not delay each name.
 *
 * Silence does not close an exchange: the answer may just be slow, and is taken when it comes. The
 * oldest is closed when a fourth would be open.
 *
 * Against forged answers (RFC 5452): a random id, a fresh socket for each exchange, and in the
 * first round random letter case. An answer that fits but for its letters is forged or comes from
 * a server that folds case; TCP to the same server tells, and the server is remembered. Later
 * rounds send lower-case and accept any, for servers that fold and have no TCP.
 *
 * Truncation leads to TCP on the same server; FORMERR, NOTIMP and BADVERS to a query without EDNS,
 * which is remembered for the server, too.
 */
#include "dns/job.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"

static_assert(DNS_SERVERS_MAX <= 8, "dns_job.skip has one bit for each server");

void dns_jobs_init(struct dns_jobs *s, const struct rng *rng, const struct endpoint *servers,
		   size_t count)
{
	assert(count > 0 && count <= DNS_SERVERS_MAX);
	memset(s, 0, sizeof(*s));
	s->rng = rng;
	s->limit_ms = DNS_JOB_LIMIT_MS;
	s->key = (struct siphash_key){rng_u64(rng), rng_u64(rng)};
	s->server_count = (uint8_t)count;
	for (size_t i = 0; i < count; i++)
		s->servers[i].endpoint = servers[i];
	for (size_t i = 0; i < DNS_JOB_BUCKETS; i++)
		list_init(&s->buckets[i]);
	list_init(&s->by_age);
	list_init(&s->finished);
	heap_init(&s->timers);
	dns_exchanges_init(&s->exchanges);
}

static void job_close_exchange(struct dns_jobs *s, struct dns_job *job, unsigned i)
{
	dns_exchange_close(&s->exchanges, job->open[i]);
	job->open_count--;
	memmove(&job->open[i], &job->open[i + 1], (job->open_count - i) * sizeof(job->open[0]));
}

static void job_close_all(struct dns_jobs *s, struct dns_job *job)
{
	while (job->open_count)
		job_close_exchange(s, job, 0);
}

void dns_job_free(struct dns_jobs *s, struct dns_job *job)
{
	job_close_all(s, job);
	heap_remove(&s->timers, &job->timer);
	list_remove(&job->by_name);
	list_remove(&job->by_age);
	list_remove(&job->finished);
	s->count--;
	free(job);
}

void dns_jobs_fini(struct dns_jobs *s)
{
	struct dns_job *job;

	while ((job = dns_jobs_finished(s)) != NULL)
		dns_job_free(s, job);
	for (size_t i = 0; i < DNS_JOB_BUCKETS; i++) {
		while (!list_empty(&s->buckets[i]))
			dns_job_free(s, LIST_ENTRY(s->buckets[i].next, struct dns_job, by_name));
	}
	dns_exchanges_fini(&s->exchanges);
	heap_fini(&s->timers);
}

/* The only way to settle a job. It is found by no one any more, and waits to be collected. */
static void job_finish(struct dns_jobs *s, struct dns_job *job, enum dns_outcome outcome)
{
	assert(job->outcome == DNS_PENDING);
	job->outcome = outcome;
	job_close_all(s, job);
	heap_remove(&s->timers, &job->timer);
	list_remove(&job->by_name);
	list_remove(&job->by_age);
	list_push_back(&s->finished, &job->finished);
}

static void job_set_timer(struct dns_jobs *s, struct dns_job *job, struct boot_time now,
			  uint64_t wait_ms)
{
	heap_set(&s->timers, &job->timer, boot_min(boot_add_ms(now, wait_ms), job->give_up));
}

static uint64_t round_timeout_ms(const struct dns_job *job)
{
	uint64_t ms = DNS_FIRST_TIMEOUT_MS;

	for (unsigned i = 0; i < job->round && ms < DNS_LAST_TIMEOUT_MS; i++)
		ms *= 2;
	return ms;
}

enum transport { OVER_UDP, OVER_TCP, OVER_TCP_FOR_CASE };

/* Puts the question to one server and starts its time-out. */
static void job_ask(struct dns_jobs *s, struct dns_job *job, struct boot_time now, uint8_t index,
		    enum transport transport)
{
	struct dns_server *server = &s->servers[index];
	uint64_t wait_ms = round_timeout_ms(job);
	struct dns_exchange *x;

	if (job->open_count == DNS_JOB_EXCHANGES_MAX)
		job_close_exchange(s, job, 0);
	x = dns_exchange_new(&s->exchanges, job);
	if (!x) {
		job_finish(s, job, DNS_NO_ROOM);
		return;
	}
	job->open[job->open_count++] = x;
	x->server = server->endpoint;
	x->server_index = index;
	x->tcp = transport != OVER_UDP;
	x->case_lost = transport == OVER_TCP_FOR_CASE;
	x->edns = !server->no_edns;
	x->question.name = job->name;
	x->question.family = job->family;
	x->question.id = (uint16_t)rng_u32(s->rng);
	x->question.exact_case = !x->tcp && !job->round && !server->folds_case;
	if (x->question.exact_case)
		dns_name_mix_case(&x->question.name, s->rng);
	if (x->tcp && wait_ms < DNS_TCP_TIMEOUT_MS)
		wait_ms = DNS_TCP_TIMEOUT_MS;
	job->pausing = false;
	job_set_timer(s, job, now, wait_ms);
}

/* The first server from `index` on that this round asks, or server_count. */
static uint8_t job_pick_server(const struct dns_jobs *s, const struct dns_job *job, uint8_t index)
{
	while (index < s->server_count && !job->round && (job->skip >> index & 1))
		index++;
	return index;
}

static void job_ask_server(struct dns_jobs *s, struct dns_job *job, struct boot_time now,
			   uint8_t index)
{
	job->server = index;
	job_ask(s, job, now, index, OVER_UDP);
}

/* The server asked last will not help: on to the next one, or to the next round. */
static void job_advance(struct dns_jobs *s, struct dns_job *job, struct boot_time now)
{
	uint8_t next = job_pick_server(s, job, (uint8_t)(job->server + 1));

	if (list_empty(&job->waiters)) {
		job_finish(s, job, DNS_SILENCE);
		return;
	}
	if (next < s->server_count) {
		job_ask_server(s, job, now, next);
		return;
	}
	job->round++;
	job->refusals = job->silent ? 0 : (uint8_t)(job->refusals + 1);
	if (job->refusals >= DNS_REFUSALS_MAX) {
		job_finish(s, job, DNS_UNUSABLE);
		return;
	}
	if (job->silent) {
		job->silent = false;
		job_ask_server(s, job, now, 0);
		return;
	}
	job->pausing = true;
	job_set_timer(s, job, now, DNS_ROUND_PAUSE_MS);
}

static void job_on_timer(struct dns_jobs *s, struct dns_job *job, struct boot_time now)
{
	struct dns_server *server = &s->servers[job->server];

	if (job->pausing && !boot_reached(now, job->give_up)) {
		job_ask_server(s, job, now, 0);
		return;
	}
	if (!job->pausing) {
		job->silent = true;
		server->avoid_until = boot_add_ms(now, DNS_AVOID_MS);
	}
	if (boot_reached(now, job->give_up))
		job_finish(s, job, DNS_SILENCE);
	else
		job_advance(s, job, now);
}

static uint8_t servers_to_skip(const struct dns_jobs *s, struct boot_time now)
{
	unsigned skip = 0, all = (1u << s->server_count) - 1;

	for (unsigned i = 0; i < s->server_count; i++) {
		if (!boot_reached(now, s->servers[i].avoid_until))
			skip |= 1u << i;
	}
	/* All silent: more likely the way to them. */
	return skip == all ? 0 : (uint8_t)skip;
}

/* Names that nobody answers for must not keep all others out. False: there is no place to be had. */
static bool make_room(struct dns_jobs *s, struct boot_time now)
{
	struct dns_job *oldest;

	if (s->count < DNS_JOBS_MAX)
		return true;
	if (list_empty(&s->by_age))
		return false;
	oldest = LIST_ENTRY(s->by_age.next, struct dns_job, by_age);
	if (!boot_reached(now, boot_add_ms(oldest->start, DNS_GIVE_WAY_MS)))
		return false;
	job_finish(s, oldest, DNS_SILENCE);
	return true;
}

struct dns_job *dns_job_get(struct dns_jobs *s, struct boot_time now, const struct dns_name *name,
			    enum addr_family family)
{
	uint64_t hash = siphash(&s->key, name->wire, name->len) + family;
	struct list *bucket = &s->buckets[hash % DNS_JOB_BUCKETS];
	struct dns_job *job;

	for (struct list *n = bucket->next; n != bucket; n = n->next) {
		job = LIST_ENTRY(n, struct dns_job, by_name);
		if (job->family == family && dns_name_equal(&job->name, name))
			return job;
	}
	if (!make_room(s, now) || heap_reserve(&s->timers, s->count + 1) < 0)
		return NULL;
	job = calloc(1, sizeof(*job));
	if (!job)
		return NULL;
	list_push_back(bucket, &job->by_name);
	list_push_back(&s->by_age, &job->by_age);
	list_init(&job->finished);
	list_init(&job->waiters);
	job->name = *name;
	job->family = family;
	job->start = now;
	job->give_up = boot_add_ms(now, s->limit_ms);
	job->skip = servers_to_skip(s, now);
	s->count++;
	job_ask_server(s, job, now, job_pick_server(s, job, 0));
	return job;
}

/* Closes an exchange that came to nothing; only the newest one moves the job on. */
static void job_exchange_failed(struct dns_jobs *s, struct dns_exchange *x, struct boot_time now)
{
	struct dns_job *job = x->job;
	unsigned i = 0;

	while (job->open[i] != x)
		i++;
	job_close_exchange(s, job, i);
	if (i == job->open_count && !job->pausing)
		job_advance(s, job, now);
}

/* Asks the same server again in another way, in place of `x`. */
static void job_ask_again(struct dns_jobs *s, struct dns_exchange *x, struct boot_time now,
			  enum transport transport)
{
	struct dns_job *job = x->job;
	uint8_t index = x->server_index;
	unsigned i = 0;

	while (job->open[i] != x)
		i++;
	job_close_exchange(s, job, i);
	job_ask(s, job, now, index, transport);
}

static void job_answered(struct dns_jobs *s, struct dns_exchange *x, enum dns_outcome outcome)
{
	struct dns_server *server = &s->servers[x->server_index];

	server->avoid_until = (struct boot_time){0};
	if (x->case_lost)
		server->folds_case = true;
	job_finish(s, x->job, outcome);
}

/* One complete message for an open exchange. */
static void exchange_message(struct dns_jobs *s, struct dns_exchange *x, struct boot_time now,
			     const uint8_t *msg, size_t len)
{
	struct dns_job *job = x->job;
	enum dns_verdict verdict = dns_message_parse(&job->answer, &x->question, msg, len);

	switch (verdict) {
	case DNS_MISMATCH:
		s->drops[DNS_DROP_MISMATCH]++;
		if (x->tcp)
			job_exchange_failed(s, x, now);
		return;
	case DNS_CASE_LOST:
		s->drops[DNS_DROP_CASE]++;
		job_ask_again(s, x, now, OVER_TCP_FOR_CASE);
		return;
	case DNS_TRUNCATED:
		if (x->tcp)
			break;
		job_ask_again(s, x, now, OVER_TCP);
		return;
	case DNS_NO_EDNS:
		if (!x->edns)
			break;
		s->servers[x->server_index].no_edns = true;
		job_ask_again(s, x, now, x->tcp ? OVER_TCP : OVER_UDP);
		return;
	case DNS_ANSWER:
		job_answered(s, x, DNS_FOUND);
		return;
	case DNS_NO_NAME:
	case DNS_NO_DATA:
		job_answered(s, x, DNS_NOT_FOUND);
		return;
	case DNS_MALFORMED:
		s->drops[DNS_DROP_MALFORMED]++;
		break;
	case DNS_FAILED:
		break;
	}
	job_exchange_failed(s, x, now);
}

static bool same_address(const struct endpoint *a, const struct endpoint *b)
{
	/* The scope is the driver's affair; it chose the socket. */
	return a->port == b->port && addr_equal(&a->addr, &b->addr);
}

void dns_jobs_input(struct dns_jobs *s, struct boot_time now, uint32_t exchange,
		    const struct endpoint *src, const uint8_t *data, size_t len)
{
	struct dns_exchange *x = dns_exchange_find(&s->exchanges, exchange);
	const uint8_t *msg = NULL;
	size_t msg_len = 0;
	int got;

	if (!x) {
		s->drops[DNS_DROP_STRAY]++;
		return;
	}
	if (!x->tcp) {
		if (!src || !same_address(src, &x->server))
			s->drops[DNS_DROP_SOURCE]++;
		else
			exchange_message(s, x, now, data, len);
		return;
	}
	got = dns_exchange_stream(x, data, len, &msg, &msg_len);
	if (got > 0)
		exchange_message(s, x, now, msg, msg_len);
	else if (got < 0)
		job_exchange_failed(s, x, now);
}

void dns_jobs_failed(struct dns_jobs *s, struct boot_time now, uint32_t exchange)
{
	struct dns_exchange *x = dns_exchange_find(&s->exchanges, exchange);

	if (x)
		job_exchange_failed(s, x, now);
}

void dns_jobs_tick(struct dns_jobs *s, struct boot_time now)
{
	struct heap_entry *e;

	while ((e = heap_pop_due(&s->timers, now)) != NULL)
		job_on_timer(s, CONTAINER_OF(e, struct dns_job, timer), now);
}

struct dns_job *dns_jobs_finished(struct dns_jobs *s)
{
	struct list *n = list_pop_front(&s->finished);

	return n ? LIST_ENTRY(n, struct dns_job, finished) : NULL;
}
