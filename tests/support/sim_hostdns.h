/* Stands in for io/hostdns: names that the test has given addresses, told after a time that it has set. */
#ifndef CULVERT_TESTS_SUPPORT_SIM_HOSTDNS_H
#define CULVERT_TESTS_SUPPORT_SIM_HOSTDNS_H

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/list.h"
#include "io/hostdns.h"
#include "io/loop.h"

#define SIM_HOST_NAMES_MAX 8

struct sim_host_name {
	const char *name;
	struct addr addr;	/* family ADDR_NONE: there is no such name */
	uint64_t delay_ms;
};

static struct sim_host_name sim_host_names[SIM_HOST_NAMES_MAX];
static unsigned sim_lookups;	/* of all names, so far */

struct io_hostdns {
	struct io_loop *loop;
	struct list queries;
};

struct io_hostdns_query {
	struct list link;
	struct io_timer *timer;
	const struct sim_host_name *name;
	io_hostdns_fn fn;
	void *ctx;
};

struct io_hostdns *io_hostdns_new(struct io_loop *loop, const struct rng *rng)
{
	struct io_hostdns *dns = calloc(1, sizeof(*dns));

	(void)rng;
	if (!dns)
		return NULL;
	dns->loop = loop;
	list_init(&dns->queries);
	return dns;
}

void io_hostdns_cancel(struct io_hostdns_query *query)
{
	list_remove(&query->link);
	io_timer_free(query->timer);
	free(query);
}

void io_hostdns_free(struct io_hostdns *dns)
{
	while (!list_empty(&dns->queries))
		io_hostdns_cancel(LIST_ENTRY(dns->queries.next, struct io_hostdns_query, link));
	free(dns);
}

static inline void sim_hostdns_answer(void *ctx)
{
	struct io_hostdns_query *q = ctx, told = *q;

	io_hostdns_cancel(q);
	if (told.name && told.name->addr.family != ADDR_NONE)
		told.fn(told.ctx, &told.name->addr, 1, CAUSE_OK);
	else
		told.fn(told.ctx, NULL, 0, CAUSE_NAME_NOT_FOUND);
}

int io_hostdns_resolve(struct io_hostdns *dns, const char *name, io_hostdns_fn fn, void *ctx,
		       struct io_hostdns_query **out)
{
	struct io_hostdns_query *q = calloc(1, sizeof(*q));

	sim_lookups++;
	if (!q)
		return ERR_NOMEM;
	list_push_back(&dns->queries, &q->link);
	q->fn = fn;
	q->ctx = ctx;
	for (unsigned i = 0; i < SIM_HOST_NAMES_MAX; i++) {
		if (sim_host_names[i].name && strcmp(sim_host_names[i].name, name) == 0)
			q->name = &sim_host_names[i];
	}
	q->timer = io_timer_new(dns->loop, sim_hostdns_answer, q);
	if (!q->timer) {
		io_hostdns_cancel(q);
		return ERR_NOMEM;
	}
	io_timer_set(q->timer, boot_add_ms(io_loop_now(dns->loop), q->name ? q->name->delay_ms : 0));
	*out = q;
	return 0;
}

/* Nobody waits for a turn here. */
void io_hostdns_hurry(struct io_hostdns_query *query)
{
	(void)query;
}

uint64_t io_hostdns_drops(const struct io_hostdns *dns, enum dns_drop reason)
{
	(void)dns;
	(void)reason;
	return 0;
}

#endif
