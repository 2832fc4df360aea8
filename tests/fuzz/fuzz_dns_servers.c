/*
 * A resolver with several servers and search domains: the input is a script of what servers and
 * clock do. Answers are right unless the script says otherwise, so that it wanders through time
 * limits, refusals, truncation and search domains. An address tells which name it was given for:
 * whatever happens, both families of a look-up are of one name, each look-up ends once, and each
 * exchange that was sent is closed once.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/rd.h"
#include "base/rng.h"
#include "base/siphash.h"
#include "base/wr.h"
#include "dns/message.h"
#include "dns/name.h"
#include "dns/resolver.h"

#define EXCHANGES_MAX 64
#define QUERIES_MAX 32
#define STEPS_MAX 400

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
	if (!ok)
		abort();
}

struct exchange {
	uint32_t id;
	bool open, tcp;
	struct endpoint server;
	size_t len;
	uint8_t query[2 + DNS_QUERY_MAX];
};

struct query {
	struct dns_query *q;	/* NULL: ended */
	bool used, cancelled;
	unsigned results;
	uint32_t host[2];	/* which name its addresses belong to; 0: none */
};

struct world {
	struct dns_resolver *resolver;
	struct boot_time now;
	struct exchange exchanges[EXCHANGES_MAX];
	struct query queries[QUERIES_MAX];
	size_t lost;		/* exchanges that found no room here */
};

static void take_output(struct world *w, const struct dns_output *o)
{
	struct exchange *free_one = NULL;

	for (size_t i = 0; i < EXCHANGES_MAX; i++) {
		struct exchange *x = &w->exchanges[i];

		if (!x->open)
			free_one = x;
		else if (x->id == o->exchange) {
			require(o->action == DNS_CLOSE);
			x->open = false;
			return;
		}
	}
	if (o->action == DNS_CLOSE) {
		require(w->lost-- > 0);
		return;
	}
	if (!free_one) {
		w->lost++;
		return;
	}
	free_one->id = o->exchange;
	free_one->open = true;
	free_one->tcp = o->action == DNS_SEND_TCP;
	free_one->server = o->server;
	free_one->len = free_one->tcp ? o->len - 2 : o->len;
	memcpy(free_one->query, o->data + (o->len - free_one->len), free_one->len);
}

/* The mark that an answer's address carries: which name was asked for, whatever its letters. */
static uint32_t mark_of(const uint8_t *question)
{
	static const struct siphash_key key = {1, 2};
	struct rd r = rd_init(question, DNS_NAME_MAX);
	struct dns_name name;

	require(dns_name_read(&name, question, &r) == 0);
	return (uint32_t)siphash(&key, name.wire, name.len) | 1;
}

static uint32_t mark_in(const struct addr *a)
{
	const uint8_t *p = a->bytes + (a->family == ADDR_V4 ? 0 : 12);

	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void take_result(const struct dns_result *r)
{
	struct query *q = r->owner;
	unsigned family = r->family == ADDR_V6;

	require(q->used && !q->cancelled && q->q == r->query);
	require((r->cause == CAUSE_OK) == (r->count > 0) && r->count <= DNS_ADDRS_MAX);
	require(++q->results <= 2 && r->done == (q->results == 2));
	for (size_t i = 0; i < r->count; i++) {
		require(r->addrs[i].family == r->family);
		/* "localhost" is answered without servers. */
		if (!addr_is_loopback(&r->addrs[i]))
			q->host[family] = mark_in(&r->addrs[i]);
	}
	if (q->host[0] && q->host[1])
		require(q->host[0] == q->host[1]);
	if (r->done)
		q->q = NULL;
}

static void drain(struct world *w)
{
	struct dns_output o;
	struct dns_result r;

	while (dns_resolver_output(w->resolver, w->now, &o))
		take_output(w, &o);
	while (dns_resolver_event(w->resolver, &r))
		take_result(&r);
}

enum behaviour { GOOD, NO_NAME, NO_DATA, SERVFAIL, REFUSED, NO_EDNS, CUT, WRONG_ID, FOLDED, ALIAS };

static void write_answer(struct wr *w, const uint8_t *question, uint16_t type, bool alias)
{
	if (alias) {
		/* x.<name>, by way of an alias to it. */
		wr_bytes(w, "\xc0\x0c\0\5\0\1\0\0\0\2\0\4\1x\xc0\x0c", 16);
		wr_bytes(w, "\1x\xc0\x0c", 4);
	} else {
		wr_bytes(w, "\xc0\x0c", 2);
	}
	wr_be16(w, type);
	wr_be16(w, 1);
	wr_be32(w, 2);
	wr_be16(w, type == 28 ? 16 : 4);
	if (type == 28)
		wr_zero(w, 12);
	wr_be32(w, mark_of(question));
}

static void answer(struct world *w, const struct exchange *x, enum behaviour b)
{
	static const uint8_t rcodes[] = {[NO_NAME] = 3, [SERVFAIL] = 2, [REFUSED] = 5, [NO_EDNS] = 1};
	bool found = b == GOOD || b == FOLDED || b == ALIAS;
	const uint8_t *question = x->query + DNS_HEADER_LEN;
	uint8_t out[1024];
	struct wr m = wr_init(out, sizeof(out));
	size_t name = 0, mark = 0;

	while (question[name])
		name += question[name] + 1u;
	name++;
	if (x->tcp)
		mark = wr_begin16(&m);
	wr_u8(&m, x->query[0]);
	wr_u8(&m, b == WRONG_ID ? x->query[1] ^ 1 : x->query[1]);
	wr_be16(&m, (uint16_t)(0x8180 | (b == CUT ? 0x0200 : 0) |
			       (b < ARRAY_LEN(rcodes) ? rcodes[b] : 0)));
	wr_be16(&m, 1);
	wr_be16(&m, found ? b == ALIAS ? 2 : 1 : 0);
	wr_be32(&m, 0);
	for (size_t i = 0; i < name; i++) {
		uint8_t c = question[i];

		wr_u8(&m, b == FOLDED && c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
	wr_bytes(&m, question + name, 4);
	if (found)
		write_answer(&m, question, question[name + 1], b == ALIAS);
	if (x->tcp)
		wr_end16(&m, mark);
	require(wr_ok(&m));
	dns_resolver_input(w->resolver, w->now, x->id, &x->server, out, m.len);
}

static void start_query(struct world *w, uint8_t choice)
{
	static const char *const names[] = {"a", "b", "a.b", "a.", "www.example", "x.y.z", "localhost"};
	const char *name = names[choice % ARRAY_LEN(names)];

	for (size_t i = 0; i < QUERIES_MAX; i++) {
		struct query *q = &w->queries[i];

		if (q->used)
			continue;
		if (dns_query_start(w->resolver, w->now, name, strlen(name), q, &q->q) == 0)
			q->used = true;
		return;
	}
}

static void cancel_query(struct query *q)
{
	if (!q->q)
		return;
	dns_query_cancel(q->q);
	q->q = NULL;
	q->cancelled = true;
}

static void step(struct world *w, struct rd *r)
{
	uint8_t op = rd_u8(r), choice = rd_u8(r);
	struct exchange *x = &w->exchanges[choice % EXCHANGES_MAX];

	if (op < 64)
		start_query(w, choice);
	else if (op < 72)
		cancel_query(&w->queries[choice % QUERIES_MAX]);
	else if (op < 104) {
		w->now = boot_add_ms(w->now, (uint64_t)choice * 10);
		dns_resolver_tick(w->resolver, w->now);
	} else if (op < 112 && x->open)
		dns_resolver_failed(w->resolver, w->now, x->id);
	else if (x->open)
		answer(w, x, op % 16 > ALIAS ? GOOD : (enum behaviour)(op % 16));
}

static struct dns_resolver *resolver_new(const struct rng *rng, uint8_t shape)
{
	static const char *const search[] = {"one.example", "two.example", "three.example"};
	static struct endpoint servers[DNS_SERVERS_MAX];
	struct dns_resolver_config config = {
		.servers = servers, .server_count = 1 + shape % DNS_SERVERS_MAX,
		.search = search, .search_count = shape >> 3 & 3,
		.rng = rng, .want_v4 = true, .want_v6 = true,
		.ndots = 1 + (shape >> 5 & 1), .uncached = shape >> 6 & 1,
		.limit_ms = shape >> 7 ? 3000 : 0,
	};

	for (uint8_t i = 0; i < DNS_SERVERS_MAX; i++)
		servers[i] = (struct endpoint){{ADDR_V4, {10, 53, 0, i}}, 53, 0};
	return dns_resolver_new(&config);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world w = {.now = {NS_PER_S}};
	struct rng_seeded seed;
	struct rng rng = rng_seeded_init(&seed, 1);
	struct rd r = rd_init(data, size);

	w.resolver = resolver_new(&rng, rd_u8(&r));
	require(w.resolver != NULL);
	for (int i = 0; i < STEPS_MAX && r.left; i++) {
		step(&w, &r);
		drain(&w);
	}
	/* Left alone, everything ends. */
	for (int i = 0; dns_resolver_deadline(w.resolver).ns != BOOT_NEVER.ns; i++) {
		require(i < 100000);
		w.now = dns_resolver_deadline(w.resolver);
		dns_resolver_tick(w.resolver, w.now);
		drain(&w);
	}
	for (size_t i = 0; i < EXCHANGES_MAX; i++)
		require(!w.exchanges[i].open);
	for (size_t i = 0; i < QUERIES_MAX; i++)
		require(!w.queries[i].used || w.queries[i].cancelled || w.queries[i].results == 2);
	require(w.lost == 0);
	dns_resolver_free(w.resolver);
	return 0;
}
