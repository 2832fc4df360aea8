/*
 * Theory of operation
 *
 * A query is answered by the first of: the name is an address; the hosts file; the name servers of
 * resolv.conf, asked for A and AAAA side by side (io/nameservers). The answer always comes from a
 * timer of the loop, never from inside the call that asked.
 *
 * Both families are waited for, the second only briefly once the first has brought addresses,
 * because some servers never answer for AAAA. Every query ends within HOSTDNS_LIMIT_MS. When both
 * families have addresses, the one that the host has a route for comes first.
 *
 * The servers are set up at the first query that needs them, and anew when resolv.conf has changed;
 * the old ones live until their last question is done. Beyond HOSTDNS_ACTIVE_MAX queries wait their
 * turn: each may hold half a dozen sockets.
 *
 * Left out: nsswitch, services, `sortlist`, `rotate`.
 */
#include "io/hostdns_private.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/list.h"
#include "base/log.h"
#include "io/hosts.h"
#include "io/nameservers.h"
#include "io/resolvconf.h"
#include "io/sys.h"

#define HOSTDNS_NAME_MAX 253	/* RFC 1035 section 2.3.4, in text without the final dot */

/* Longer than this no dial waits for a name; resolv.conf may ask for less. */
#define HOSTDNS_LIMIT_MS 10000

/* Queries that ask servers; more wait, so that a burst of dials is no flood of datagrams. */
#define HOSTDNS_ACTIVE_MAX 128

/* How long the other family may take after one has answered. */
#define HOSTDNS_SKEW_MS 300

#define FAMILY_ADDRS_MAX (IO_HOSTDNS_ADDRS_MAX / 2)

/* One reading of resolv.conf. */
struct hostdns_servers {
	struct list link;
	struct nameservers *ns;	/* NULL: the file names none */
	unsigned queries;	/* that are under way */
	struct timespec changed;
	ino_t inode;
};

struct io_hostdns {
	struct io_loop *loop;
	const struct rng *rng;
	struct list servers;	/* the one in use comes first */
	struct list queries;
	struct list waiting;	/* by io_hostdns_query.turn */
	unsigned active;
	struct io_timer *turn;	/* lets those that wait begin */
	struct io_timer *sweep;	/* frees servers that are done */
	const char *resolv_conf, *hosts;
	uint64_t drops[DNS_DROP_COUNT];	/* of servers that are gone */
};

struct hostdns_family {
	struct addr addrs[FAMILY_ADDRS_MAX];
	size_t count;
};

struct io_hostdns_query {
	struct list link;
	struct list turn;
	struct io_hostdns *dns;
	struct io_timer *timer;
	io_hostdns_fn fn;
	void *ctx;
	struct hostdns_family v4, v6;
	struct hostdns_servers *servers;	/* while `asked` is under way */
	struct dns_query *asked;
	bool reporting;		/* inside `fn`: cancelling does nothing any more */
	enum cause cause;	/* why there are no addresses, as far as is known */
	size_t name_len;
	char name[HOSTDNS_NAME_MAX + 2];
};

static void on_query_timer(void *ctx);
static void on_sweep(void *ctx);
static void on_turn(void *ctx);

struct io_hostdns *io_hostdns_new(struct io_loop *loop, const struct rng *rng)
{
	struct io_hostdns *dns = calloc(1, sizeof(*dns));

	if (!dns)
		return NULL;
	dns->loop = loop;
	dns->rng = rng;
	list_init(&dns->servers);
	list_init(&dns->queries);
	list_init(&dns->waiting);
	dns->resolv_conf = "/etc/resolv.conf";
	dns->hosts = "/etc/hosts";
	dns->sweep = io_timer_new(loop, on_sweep, dns);
	dns->turn = io_timer_new(loop, on_turn, dns);
	if (!dns->sweep || !dns->turn) {
		io_hostdns_free(dns);
		return NULL;
	}
	return dns;
}

void io_hostdns_set_paths(struct io_hostdns *dns, const char *resolv_conf, const char *hosts)
{
	dns->resolv_conf = resolv_conf;
	dns->hosts = hosts;
}

static void servers_free(struct io_hostdns *dns, struct hostdns_servers *servers)
{
	list_remove(&servers->link);
	for (unsigned i = 0; servers->ns && i < DNS_DROP_COUNT; i++)
		dns->drops[i] += nameservers_drops(servers->ns, (enum dns_drop)i);
	nameservers_free(servers->ns);
	free(servers);
}

static void on_sweep(void *ctx)
{
	struct io_hostdns *dns = ctx;
	struct list *n = dns->servers.next, *next;

	if (list_empty(&dns->servers))
		return;
	/* The first is in use. */
	for (n = n->next; n != &dns->servers; n = next) {
		struct hostdns_servers *servers = LIST_ENTRY(n, struct hostdns_servers, link);

		next = n->next;
		if (!servers->queries)
			servers_free(dns, servers);
	}
}

void io_hostdns_free(struct io_hostdns *dns)
{
	if (!dns)
		return;
	while (!list_empty(&dns->queries))
		io_hostdns_cancel(LIST_ENTRY(dns->queries.next, struct io_hostdns_query, link));
	while (!list_empty(&dns->servers))
		servers_free(dns, LIST_ENTRY(dns->servers.next, struct hostdns_servers, link));
	io_timer_free(dns->sweep);
	io_timer_free(dns->turn);
	free(dns);
}

uint64_t io_hostdns_drops(const struct io_hostdns *dns, enum dns_drop reason)
{
	uint64_t sum = dns->drops[reason];

	for (struct list *n = dns->servers.next; n != &dns->servers; n = n->next) {
		struct hostdns_servers *servers = LIST_ENTRY(n, struct hostdns_servers, link);

		if (servers->ns)
			sum += nameservers_drops(servers->ns, reason);
	}
	return sum;
}

static void family_add(struct hostdns_family *family, const struct addr *a)
{
	if (family->count < FAMILY_ADDRS_MAX)
		family->addrs[family->count++] = *a;
}

static void query_add(struct io_hostdns_query *q, const struct addr *a)
{
	family_add(a->family == ADDR_V6 ? &q->v6 : &q->v4, a);
}

/* Takes a query off its servers. */
static void query_leave(struct io_hostdns_query *q)
{
	struct io_hostdns *dns = q->dns;
	struct hostdns_servers *servers = q->servers;

	list_remove(&q->turn);
	if (!servers)
		return;
	q->servers = NULL;
	q->asked = NULL;
	dns->active--;
	if (!list_empty(&dns->waiting))
		io_timer_set(dns->turn, io_loop_now(dns->loop));
	if (--servers->queries == 0 && dns->servers.next != &servers->link)
		io_timer_set(dns->sweep, io_loop_now(dns->loop));
}

static void on_result(const struct dns_result *r)
{
	struct io_hostdns_query *q = r->owner;
	struct boot_time now = io_loop_now(q->dns->loop);

	for (size_t i = 0; i < r->count; i++)
		query_add(q, &r->addrs[i]);
	/* That one family has no address says less than that the other failed. */
	if (r->cause != CAUSE_OK && r->cause != CAUSE_NAME_NOT_FOUND)
		q->cause = r->cause;
	if (r->done) {
		query_leave(q);
		io_timer_set(q->timer, now);
	} else if (r->count) {
		io_timer_set(q->timer, boot_add_ms(now, HOSTDNS_SKEW_MS));
	}
}

static struct hostdns_servers *servers_new(struct io_hostdns *dns, const struct stat *st)
{
	struct hostdns_servers *servers = calloc(1, sizeof(*servers));
	struct resolvconf config;

	if (!servers)
		return NULL;
	servers->changed = st->st_mtim;
	servers->inode = st->st_ino;
	resolvconf_read(&config, dns->resolv_conf);
	if (config.server_count == 0) {
		log_warn("%s names no name server that can be used", dns->resolv_conf);
	} else {
		servers->ns = nameservers_new(dns->loop, dns->rng, &config, on_result);
		if (!servers->ns) {
			free(servers);
			return NULL;
		}
	}
	list_push_front(&dns->servers, &servers->link);
	return servers;
}

/* The servers of resolv.conf as it is now, or NULL: out of memory. */
static struct hostdns_servers *servers_get(struct io_hostdns *dns)
{
	struct hostdns_servers *servers = NULL;
	struct stat st;

	if (stat(dns->resolv_conf, &st) < 0)
		memset(&st, 0, sizeof(st));
	if (!list_empty(&dns->servers))
		servers = LIST_ENTRY(dns->servers.next, struct hostdns_servers, link);
	if (servers && servers->changed.tv_sec == st.st_mtim.tv_sec &&
	    servers->changed.tv_nsec == st.st_mtim.tv_nsec && servers->inode == st.st_ino)
		return servers;
	servers = servers_new(dns, &st);
	io_timer_set(dns->sweep, io_loop_now(dns->loop));
	return servers;
}

/* Takes a query off everything but its timer. */
static void query_detach(struct io_hostdns_query *q)
{
	struct hostdns_servers *servers = q->servers;

	if (q->asked) {
		dns_query_cancel(q->asked);
		nameservers_flush(servers->ns);
	}
	query_leave(q);
	list_remove(&q->link);
}

static void query_free(struct io_hostdns_query *q)
{
	io_timer_free(q->timer);
	free(q);
}

void io_hostdns_cancel(struct io_hostdns_query *query)
{
	if (!query || query->reporting)
		return;
	query_detach(query);
	query_free(query);
}

/* Whether the host has a route to `a`: the system chooses one without sending anything. */
static bool has_route(const struct addr *a)
{
	struct endpoint e = {.addr = *a, .port = 53};
	union sys_sockaddr sa;
	socklen_t len = sys_sockaddr_set(&sa, &e);
	int fd = socket(sa.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool ok;

	if (fd < 0)
		return false;
	ok = connect(fd, &sa.any, len) == 0;
	(void)close(fd);
	return ok;
}

static size_t query_collect(const struct io_hostdns_query *q,
			    struct addr out[static IO_HOSTDNS_ADDRS_MAX])
{
	const struct hostdns_family *first = &q->v6, *second = &q->v4;

	if (q->v6.count && q->v4.count && !has_route(&q->v6.addrs[0])) {
		first = &q->v4;
		second = &q->v6;
	}
	memcpy(out, first->addrs, first->count * sizeof(*out));
	memcpy(out + first->count, second->addrs, second->count * sizeof(*out));
	return first->count + second->count;
}

static void on_query_timer(void *ctx)
{
	struct io_hostdns_query *q = ctx;
	struct addr addrs[IO_HOSTDNS_ADDRS_MAX];
	size_t count = query_collect(q, addrs);
	bool silent = q->servers || list_linked(&q->turn);
	enum cause cause = q->cause;

	if (count)
		cause = CAUSE_OK;
	else if (cause == CAUSE_OK)
		cause = silent ? CAUSE_NAME_NO_ANSWER : CAUSE_NAME_NOT_FOUND;
	/* The owner may free everything from inside its function, `q->dns` included. */
	query_detach(q);
	q->reporting = true;
	q->fn(q->ctx, addrs, count, cause);
	query_free(q);
}

/* The outcome is known without servers: reported from the loop. */
static void query_settle(struct io_hostdns_query *q, enum cause cause)
{
	q->cause = cause;
	io_timer_set(q->timer, io_loop_now(q->dns->loop));
}

static void query_ask(struct io_hostdns_query *q)
{
	struct io_hostdns *dns = q->dns;
	struct hostdns_servers *servers = servers_get(dns);
	int err;

	if (!servers || !servers->ns) {
		query_settle(q, servers ? CAUSE_NAME_NO_ANSWER : CAUSE_EXHAUSTED);
		return;
	}
	q->servers = servers;
	servers->queries++;
	dns->active++;
	err = nameservers_ask(servers->ns, q->name, q->name_len, q, &q->asked);
	if (err) {
		query_leave(q);
		query_settle(q, err == ERR_SYNTAX ? CAUSE_NAME_NOT_FOUND : CAUSE_EXHAUSTED);
	}
}

static void on_turn(void *ctx)
{
	struct io_hostdns *dns = ctx;
	struct list *n;

	while (dns->active < HOSTDNS_ACTIVE_MAX && (n = list_pop_front(&dns->waiting)))
		query_ask(LIST_ENTRY(n, struct io_hostdns_query, turn));
}

void io_hostdns_hurry(struct io_hostdns_query *query)
{
	if (!list_linked(&query->turn))
		return;
	list_remove(&query->turn);
	query_ask(query);
}

/* Starts what finds the answer, or settles the query. */
static void query_start(struct io_hostdns_query *q, const char *text)
{
	struct addr addrs[FAMILY_ADDRS_MAX];
	size_t count, len = strlen(text);
	bool absolute = len > 1 && text[len - 1] == '.';

	if (addr_parse(&addrs[0], text, len) == 0) {
		query_add(q, &addrs[0]);
		query_settle(q, CAUSE_OK);
		return;
	}
	if (len == 0 || len - absolute > HOSTDNS_NAME_MAX) {
		query_settle(q, CAUSE_NAME_NOT_FOUND);
		return;
	}
	q->name_len = len;
	memcpy(q->name, text, len);
	/* Names of the hosts file have no final dot. */
	q->name[len - absolute] = '\0';
	count = hosts_lookup_file(q->dns->hosts, q->name, addrs, ARRAY_LEN(addrs));
	for (size_t i = 0; i < count; i++)
		query_add(q, &addrs[i]);
	if (absolute)
		q->name[len - 1] = '.';
	if (count)
		query_settle(q, CAUSE_OK);
	else if (q->dns->active < HOSTDNS_ACTIVE_MAX)
		query_ask(q);
	else
		list_push_back(&q->dns->waiting, &q->turn);
}

int io_hostdns_resolve(struct io_hostdns *dns, const char *name, io_hostdns_fn fn, void *ctx,
		       struct io_hostdns_query **out)
{
	struct io_hostdns_query *q = calloc(1, sizeof(*q));

	*out = NULL;
	if (!q)
		return ERR_NOMEM;
	q->dns = dns;
	q->fn = fn;
	q->ctx = ctx;
	list_init(&q->turn);
	q->timer = io_timer_new(dns->loop, on_query_timer, q);
	if (!q->timer) {
		free(q);
		return ERR_NOMEM;
	}
	list_push_back(&dns->queries, &q->link);
	io_timer_set(q->timer, boot_add_ms(io_loop_now(dns->loop), HOSTDNS_LIMIT_MS));
	query_start(q, name);
	*out = q;
	return 0;
}
