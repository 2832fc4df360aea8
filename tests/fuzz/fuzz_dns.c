/*
 * DNS answers. The first byte chooses: 0, the rest is one whole message for the parser; else the
 * rest is a script that drives a resolver, with answers whose id and question are made to fit, so
 * that the fuzzer reaches what lies behind those checks.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/rd.h"
#include "base/rng.h"
#include "base/wr.h"
#include "dns/message.h"
#include "dns/resolver.h"

#define EXCHANGES_KEPT 16
#define STEPS_MAX 200

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
	if (!ok)
		abort();
}

static void fuzz_message(const uint8_t *data, size_t size)
{
	struct dns_question q = {.family = ADDR_V4, .id = 0xbeef};
	struct dns_answer answer;
	bool absolute;

	require(dns_name_parse(&q.name, "www.example.com", 15, &absolute) == 0);
	for (int family = ADDR_V4; family <= ADDR_V6; family += ADDR_V6 - ADDR_V4) {
		enum dns_verdict verdict;

		q.family = (enum addr_family)family;
		verdict = dns_message_parse(&answer, &q, data, size);
		require((verdict == DNS_ANSWER) == (answer.count > 0));
		require(answer.count <= DNS_ADDRS_MAX);
	}
}

struct exchange {
	uint32_t id;
	bool tcp;
	size_t len;
	uint8_t query[2 + DNS_QUERY_MAX];
};

struct driver {
	struct dns_resolver *resolver;
	struct boot_time now;
	struct endpoint server;
	struct exchange kept[EXCHANGES_KEPT];
	size_t next;
	unsigned queries, done;
	int open;
};

static void drain(struct driver *d)
{
	struct dns_output o;
	struct dns_result r;

	while (dns_resolver_output(d->resolver, d->now, &o)) {
		struct exchange *x = &d->kept[d->next % EXCHANGES_KEPT];

		d->open += o.action == DNS_CLOSE ? -1 : 1;
		if (o.action == DNS_CLOSE)
			continue;
		d->next++;
		x->id = o.exchange;
		x->tcp = o.action == DNS_SEND_TCP;
		x->len = x->tcp ? o.len - 2 : o.len;
		memcpy(x->query, o.data + (o.len - x->len), x->len);
	}
	while (dns_resolver_event(d->resolver, &r)) {
		require((r.cause == CAUSE_OK) == (r.count > 0));
		d->done += r.done;
	}
}

/* An answer with the query's id and question; flags, counts and records are the fuzzer's. */
static void answer(struct driver *d, struct rd *r, const struct exchange *x)
{
	uint8_t head[8], out[1024];
	struct wr w = wr_init(out, sizeof(out));
	struct rd body;
	size_t mark = 0, question = DNS_HEADER_LEN;

	rd_copy(r, head, sizeof(head));
	body = rd_sub(r, rd_u8(r));
	while (x->query[question])
		question += x->query[question] + 1u;
	question += 1 + 4;
	if (x->tcp)
		mark = wr_begin16(&w);
	wr_bytes(&w, x->query, 2);
	wr_u8(&w, head[0] | 0x80);
	wr_u8(&w, head[1]);
	wr_be16(&w, 1);
	wr_bytes(&w, head + 2, 6);
	wr_bytes(&w, x->query + DNS_HEADER_LEN, question - DNS_HEADER_LEN);
	wr_bytes(&w, body.p, body.left);
	if (x->tcp)
		wr_end16(&w, mark);
	require(wr_ok(&w));
	dns_resolver_input(d->resolver, d->now, x->id, &d->server, out, w.len);
}

static void step(struct driver *d, struct rd *r)
{
	static const char *const names[] = {"a", "www.example.com", "b.c", "localhost", "a."};
	uint8_t op = rd_u8(r);
	struct exchange *x = &d->kept[(op >> 3) % EXCHANGES_KEPT];
	const char *name = names[(op >> 3) % ARRAY_LEN(names)];
	struct dns_query *q;
	struct rd raw;

	switch (op & 7) {
	case 0:
	case 1:
		if (dns_query_start(d->resolver, d->now, name, strlen(name), NULL, &q) < 0)
			break;
		if (op & 1)
			dns_query_cancel(q);
		else
			d->queries++;
		break;
	case 2:
		d->now = boot_add_ms(d->now, (uint64_t)rd_u8(r) * 20);
		dns_resolver_tick(d->resolver, d->now);
		break;
	case 3:
		dns_resolver_failed(d->resolver, d->now, x->id);
		break;
	case 4:
		raw = rd_sub(r, rd_u8(r));
		if (raw.p)
			dns_resolver_input(d->resolver, d->now, x->id, &d->server, raw.p, raw.left);
		break;
	default:
		if (x->len)
			answer(d, r, x);
		break;
	}
}

static void fuzz_resolver(const uint8_t *data, size_t size)
{
	static const char *const search[] = {"example", "test.example"};
	static const uint8_t address[4] = {10, 53, 0, 1};
	struct driver d = {.now = {NS_PER_S}, .server = {addr_v4(address), 53, 0}};
	struct endpoint servers[2] = {d.server, {addr_v4(address), 5353, 0}};
	struct rng_seeded seed;
	struct rng rng = rng_seeded_init(&seed, 1);
	struct dns_resolver_config config = {
		.servers = servers, .server_count = 2, .search = search, .search_count = 2,
		.rng = &rng, .want_v4 = true, .want_v6 = true, .ndots = 1,
	};
	struct rd r = rd_init(data, size);

	d.resolver = dns_resolver_new(&config);
	require(d.resolver != NULL);
	for (int i = 0; i < STEPS_MAX && r.left; i++) {
		step(&d, &r);
		drain(&d);
	}
	/* Left alone, everything ends. */
	for (int i = 0; dns_resolver_deadline(d.resolver).ns != BOOT_NEVER.ns; i++) {
		require(i < 100000);
		d.now = dns_resolver_deadline(d.resolver);
		dns_resolver_tick(d.resolver, d.now);
		drain(&d);
	}
	require(d.open == 0 && d.queries == d.done);
	dns_resolver_free(d.resolver);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	if (data[0] == 0)
		fuzz_message(data + 1, size - 1);
	else
		fuzz_resolver(data + 1, size - 1);
	return 0;
}
