/*
 * Theory of operation
 *
 * A query is answered by the first of: the name is an address; the hosts file; the name servers of
 * resolv.conf, asked for A and AAAA side by side through libevent's evdns. The answer always comes
 * from a timer of the loop, never from inside the call that asked.
 *
 * Both families are waited for, the second only briefly once the first has brought addresses,
 * because some servers never answer for AAAA. Every query ends within HOSTDNS_LIMIT_MS. When both
 * families have addresses, the one that the host has a route for comes first.
 *
 * evdns is set up at the first query that needs it, and anew when resolv.conf has changed; the old
 * set-up lives until its last question is done. A question that nobody waits for any more is
 * cancelled, but evdns still calls back once for it, later: so each has a `struct hostdns_call` of
 * its own, which outlives query and set-up and is freed by that callback.
 *
 * The hosts file is read here and not by evdns, which cannot be asked for it alone and which blurs
 * the difference between "no such name" and "no answer". Left out: DNS over TCP (a truncated
 * answer counts as none), services, `sortlist`.
 */
#include "io/hostdns_private.h"

#include <event2/dns.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/list.h"
#include "base/log.h"
#include "io/hosts.h"
#include "io/loop_private.h"
#include "io/sys.h"

#define HOSTDNS_NAME_MAX 253	/* RFC 1035 section 2.3.4, in text without the final dot */

/* Three tries of 3 s each and a little; resolv.conf may ask for other values, within the limit. */
#define HOSTDNS_TRY_S "3"
#define HOSTDNS_TRIES "3"
#define HOSTDNS_LIMIT_MS 10000

/* Questions under way; more wait their turn, so that a burst of dials is no flood of datagrams. */
#define HOSTDNS_INFLIGHT "256"

/* How long the other family may take after one has answered. */
#define HOSTDNS_SKEW_MS 300

#define FAMILY_ADDRS_MAX (IO_HOSTDNS_ADDRS_MAX / 2)

/* One reading of resolv.conf. */
struct hostdns_servers {
	struct list link;
	struct evdns_base *evdns;
	unsigned calls;		/* that are under way */
	struct timespec changed;
	ino_t inode;
};

struct io_hostdns {
	struct io_loop *loop;
	struct list servers;	/* the one in use comes first */
	struct list queries;
	struct io_timer *sweep;	/* frees servers that are done */
	const char *resolv_conf, *hosts;
};

struct hostdns_family {
	struct addr addrs[FAMILY_ADDRS_MAX];
	size_t count;
	struct hostdns_call *call;
};

struct io_hostdns_query {
	struct list link;
	struct io_hostdns *dns;
	struct io_timer *timer;
	io_hostdns_fn fn;
	void *ctx;
	struct hostdns_family v4, v6;
	bool unanswered;	/* a server failed or kept silent */
	bool reporting;		/* inside `fn`: cancelling does nothing any more */
	enum cause cause;	/* set when the outcome is known without servers */
};

struct hostdns_call {
	struct io_hostdns_query *query;	/* NULL: nobody waits */
	struct hostdns_servers *servers;
	struct evdns_request *request;
	struct io_loop *loop;
	bool v6;
};

static void on_query_timer(void *ctx);
static void on_sweep(void *ctx);

struct io_hostdns *io_hostdns_new(struct io_loop *loop)
{
	struct io_hostdns *dns = calloc(1, sizeof(*dns));

	if (!dns)
		return NULL;
	dns->loop = loop;
	list_init(&dns->servers);
	list_init(&dns->queries);
	dns->resolv_conf = "/etc/resolv.conf";
	dns->hosts = "/etc/hosts";
	dns->sweep = io_timer_new(loop, on_sweep, dns);
	if (!dns->sweep) {
		free(dns);
		return NULL;
	}
	return dns;
}

void io_hostdns_set_paths(struct io_hostdns *dns, const char *resolv_conf, const char *hosts)
{
	dns->resolv_conf = resolv_conf;
	dns->hosts = hosts;
}

static void servers_free(struct hostdns_servers *servers)
{
	list_remove(&servers->link);
	evdns_base_free(servers->evdns, 0);
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
		if (!servers->calls)
			servers_free(servers);
	}
}

void io_hostdns_free(struct io_hostdns *dns)
{
	if (!dns)
		return;
	while (!list_empty(&dns->queries))
		io_hostdns_cancel(LIST_ENTRY(dns->queries.next, struct io_hostdns_query, link));
	while (!list_empty(&dns->servers))
		servers_free(LIST_ENTRY(dns->servers.next, struct hostdns_servers, link));
	io_timer_free(dns->sweep);
	free(dns);
}

static struct hostdns_servers *servers_new(struct io_hostdns *dns, const struct stat *st)
{
	struct hostdns_servers *servers = calloc(1, sizeof(*servers));
	int flags = DNS_OPTION_SEARCH | DNS_OPTION_NAMESERVERS | DNS_OPTION_MISC |
		    DNS_OPTION_NAMESERVERS_NO_DEFAULT;

	if (!servers)
		return NULL;
	servers->evdns = evdns_base_new(io_loop_base(dns->loop), 0);
	if (!servers->evdns) {
		free(servers);
		return NULL;
	}
	servers->changed = st->st_mtim;
	servers->inode = st->st_ino;
	(void)evdns_base_set_option(servers->evdns, "timeout:", HOSTDNS_TRY_S);
	(void)evdns_base_set_option(servers->evdns, "attempts:", HOSTDNS_TRIES);
	(void)evdns_base_set_option(servers->evdns, "max-inflight:", HOSTDNS_INFLIGHT);
	(void)evdns_base_resolv_conf_parse(servers->evdns, flags, dns->resolv_conf);
	list_push_front(&dns->servers, &servers->link);
	if (!evdns_base_count_nameservers(servers->evdns))
		log_warn("%s names no name server that can be used", dns->resolv_conf);
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

static void family_add(struct hostdns_family *family, const struct addr *a)
{
	if (family->count < FAMILY_ADDRS_MAX)
		family->addrs[family->count++] = *a;
}

static void query_add(struct io_hostdns_query *q, const struct addr *a)
{
	family_add(a->family == ADDR_V6 ? &q->v6 : &q->v4, a);
}

/* Takes a call off its query and its servers; the callback frees it. */
static void call_detach(struct hostdns_call *call)
{
	struct hostdns_servers *servers = call->servers;
	struct io_hostdns *dns = call->query->dns;

	if (call->v6)
		call->query->v6.call = NULL;
	else
		call->query->v4.call = NULL;
	call->query = NULL;
	call->servers = NULL;
	if (--servers->calls == 0 && dns->servers.next != &servers->link)
		io_timer_set(dns->sweep, io_loop_now(dns->loop));
}

static void call_drop(struct hostdns_call *call)
{
	struct evdns_base *evdns;

	if (!call)
		return;
	evdns = call->servers->evdns;
	call_detach(call);
	evdns_cancel_request(evdns, call->request);
}

/* Takes a query off everything but its timer. */
static void query_detach(struct io_hostdns_query *q)
{
	call_drop(q->v4.call);
	call_drop(q->v6.call);
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

static void query_take_answer(struct io_hostdns_query *q, int result, char type, int count,
			      const void *addresses)
{
	const uint8_t *p = addresses;
	struct addr a;

	if (result == DNS_ERR_NONE && type == DNS_IPv4_A) {
		for (int i = 0; i < count; i++) {
			a = addr_v4(p + (size_t)i * 4);
			family_add(&q->v4, &a);
		}
	} else if (result == DNS_ERR_NONE && type == DNS_IPv6_AAAA) {
		for (int i = 0; i < count; i++) {
			a = addr_v6(p + (size_t)i * 16);
			family_add(&q->v6, &a);
		}
	} else if (result != DNS_ERR_NOTEXIST && result != DNS_ERR_NODATA) {
		q->unanswered = true;
	}
}

static void on_answer(int result, char type, int count, int ttl, void *addresses, void *ctx)
{
	struct hostdns_call *call = ctx;
	struct io_hostdns_query *q = call->query;
	struct boot_time now;

	(void)ttl;
	io_loop_enter(call->loop);
	if (q) {
		call_detach(call);
		query_take_answer(q, result, type, count, addresses);
		now = io_loop_now(q->dns->loop);
		if (!q->v4.call && !q->v6.call)
			io_timer_set(q->timer, now);
		else if (q->v4.count || q->v6.count)
			io_timer_set(q->timer, boot_add_ms(now, HOSTDNS_SKEW_MS));
	}
	free(call);
}

/* Asks the servers for one family. False: out of memory, or not a name that DNS can carry. */
static bool query_ask(struct io_hostdns_query *q, struct hostdns_servers *servers,
		      const char *name, int flags, bool v6)
{
	struct hostdns_call *call = calloc(1, sizeof(*call));

	if (!call)
		return false;
	call->query = q;
	call->servers = servers;
	call->loop = q->dns->loop;
	call->v6 = v6;
	call->request = v6 ?
		evdns_base_resolve_ipv6(servers->evdns, name, flags, on_answer, call) :
		evdns_base_resolve_ipv4(servers->evdns, name, flags, on_answer, call);
	if (!call->request) {
		free(call);
		return false;
	}
	servers->calls++;
	if (v6)
		q->v6.call = call;
	else
		q->v4.call = call;
	return true;
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
	bool silent = q->unanswered || q->v4.call || q->v6.call;
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

/* Starts what finds the answer; sets `cause` when there will be none. */
static void query_start(struct io_hostdns_query *q, const char *text)
{
	struct addr addrs[FAMILY_ADDRS_MAX];
	struct hostdns_servers *servers;
	char name[HOSTDNS_NAME_MAX + 1];
	size_t count, len = strlen(text);
	int flags = 0;

	if (addr_parse(&addrs[0], text, len) == 0) {
		query_add(q, &addrs[0]);
		return;
	}
	if (len > 1 && text[len - 1] == '.') {
		flags = DNS_QUERY_NO_SEARCH;
		len--;
	}
	q->cause = CAUSE_NAME_NOT_FOUND;
	if (!len || len > HOSTDNS_NAME_MAX)
		return;
	memcpy(name, text, len);
	name[len] = '\0';
	count = hosts_lookup_file(q->dns->hosts, name, addrs, ARRAY_LEN(addrs));
	for (size_t i = 0; i < count; i++)
		query_add(q, &addrs[i]);
	if (count)
		return;
	servers = servers_get(q->dns);
	if (!servers) {
		q->cause = CAUSE_EXHAUSTED;
	} else if (!evdns_base_count_nameservers(servers->evdns)) {
		q->cause = CAUSE_NAME_NO_ANSWER;
	} else if (query_ask(q, servers, name, flags, false)) {
		q->cause = CAUSE_OK;
		q->unanswered = !query_ask(q, servers, name, flags, true);
	}
}

int io_hostdns_resolve(struct io_hostdns *dns, const char *name, io_hostdns_fn fn, void *ctx,
		       struct io_hostdns_query **out)
{
	struct io_hostdns_query *q = calloc(1, sizeof(*q));
	struct boot_time now = io_loop_now(dns->loop);

	*out = NULL;
	if (!q)
		return ERR_NOMEM;
	q->dns = dns;
	q->fn = fn;
	q->ctx = ctx;
	q->timer = io_timer_new(dns->loop, on_query_timer, q);
	if (!q->timer) {
		free(q);
		return ERR_NOMEM;
	}
	list_push_back(&dns->queries, &q->link);
	query_start(q, name);
	io_timer_set(q->timer,
		     q->v4.call || q->v6.call ? boot_add_ms(now, HOSTDNS_LIMIT_MS) : now);
	*out = q;
	return 0;
}
