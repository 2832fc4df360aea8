/*
 * Jobs: one question (a name and a family) asked until it is settled, whoever waits for it. Owned
 * by the set; the resolver collects finished ones.
 */
#ifndef CULVERT_DNS_JOB_H
#define CULVERT_DNS_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/heap.h"
#include "base/list.h"
#include "base/rng.h"
#include "base/siphash.h"
#include "dns/exchange.h"
#include "dns/message.h"
#include "dns/name.h"
#include "dns/resolver.h"

#define DNS_JOB_BUCKETS 256
/* An answer that comes late still counts, so earlier exchanges stay open beside the newest. */
#define DNS_JOB_EXCHANGES_MAX 3

#define DNS_FIRST_TIMEOUT_MS 1000	/* doubles each time all servers were asked */
#define DNS_LAST_TIMEOUT_MS 4000
#define DNS_TCP_TIMEOUT_MS 3000		/* at least: three round trips and slow servers */
#define DNS_ROUND_PAUSE_MS 500		/* after all servers have refused, before asking again */
#define DNS_REFUSALS_MAX 2		/* rounds of nothing but refusals */
#define DNS_JOB_LIMIT_MS 10000		/* in all, unless the owner of the set knows better */
/* With no place left, a question as old gives way: three servers were silent, or one in two rounds. */
#define DNS_GIVE_WAY_MS 3000
#define DNS_AVOID_MS 30000		/* a silent server is not asked first for this long */

enum dns_outcome {
	DNS_PENDING,
	DNS_FOUND,	/* answer.addrs, count, ttl_s */
	DNS_NOT_FOUND,	/* no such name, or no such record of it; answer.ttl_s */
	DNS_UNUSABLE,	/* every server answered, none usefully */
	DNS_SILENCE,	/* no answer in time */
	DNS_NO_ROOM,	/* memory */
};

struct dns_server {
	struct endpoint endpoint;
	struct boot_time avoid_until;
	bool no_edns;		/* has refused EDNS */
	bool folds_case;	/* answers in other letters than it was asked */
};

struct dns_job {
	struct list by_name;		/* in a bucket while pending */
	struct list by_age;		/* in the set's list while pending */
	struct list finished;		/* in the set's list once settled */
	struct list waiters;		/* the resolver's; no one: the job is not repeated */
	struct heap_entry timer;
	struct dns_name name;
	enum addr_family family;
	enum dns_outcome outcome;
	bool silent;			/* in this round a server has not answered */
	bool pausing;			/* between rounds */
	uint8_t round, refusals;
	uint8_t server;			/* asked last */
	uint8_t skip;			/* bit per server not asked in the first round */
	uint8_t open_count;
	struct dns_exchange *open[DNS_JOB_EXCHANGES_MAX];	/* oldest first */
	struct boot_time start, give_up;
	struct dns_answer answer;
};

struct dns_jobs {
	const struct rng *rng;
	struct siphash_key key;
	struct dns_server servers[DNS_SERVERS_MAX];
	uint8_t server_count;
	unsigned limit_ms;		/* DNS_JOB_LIMIT_MS unless set otherwise */
	size_t count;
	struct list buckets[DNS_JOB_BUCKETS];
	struct list by_age;		/* pending jobs, oldest first */
	struct list finished;
	struct heap timers;
	struct dns_exchanges exchanges;
	uint64_t drops[DNS_DROP_COUNT];
};

void dns_jobs_init(struct dns_jobs *s, const struct rng *rng, const struct endpoint *servers,
		   size_t count);
void dns_jobs_fini(struct dns_jobs *s);

/*
 * The job that asks for this already, or a new one. At DNS_JOBS_MAX the oldest gives way to it, which
 * is then as one that nobody answered; NULL: it is younger than DNS_GIVE_WAY_MS, or no memory.
 */
struct dns_job *dns_job_get(struct dns_jobs *s, struct boot_time now, const struct dns_name *name,
			    enum addr_family family);

void dns_jobs_input(struct dns_jobs *s, struct boot_time now, uint32_t exchange,
		    const struct endpoint *src, const uint8_t *data, size_t len);
void dns_jobs_failed(struct dns_jobs *s, struct boot_time now, uint32_t exchange);
void dns_jobs_tick(struct dns_jobs *s, struct boot_time now);

/* The next settled job, which the caller reads and frees, or NULL. */
struct dns_job *dns_jobs_finished(struct dns_jobs *s);
void dns_job_free(struct dns_jobs *s, struct dns_job *job);

#endif
