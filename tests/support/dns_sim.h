/*
 * A resolver and its name servers in simulated time. Each server has a character (silent, slow,
 * lossy, refusing, forged, ...) and answers from one zone. The simulation is the driver: it carries
 * exchanges to servers and back, keeps the timer, collects results, and checks that each exchange
 * sent is closed exactly once.
 */
#ifndef CULVERT_TESTS_DNS_SIM_H
#define CULVERT_TESTS_DNS_SIM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/rd.h"
#include "base/txt.h"
#include "base/wr.h"
#include "dns/name.h"
#include "dns/resolver.h"

#define SIM_MESSAGES_MAX 4096
#define SIM_RESULTS_MAX 4096

struct sim_record {
	const char *name;
	const char *v4, *v6;	/* one address each, or NULL */
	const char *alias;
	unsigned rcode;		/* instead of an answer */
	unsigned ttl_s;
};

struct sim_server {
	bool silent, refuses_socket, no_tcp;
	bool truncates, knows_no_edns, folds_case;
	bool wrong_source, wrong_id, wrong_name;	/* a forged answer before the true one */
	bool drops_aaaa;
	bool tcp_wrong_id;	/* over TCP, and then leaves the stream open */
	unsigned rcode, loss_percent, delay_ms;
	unsigned aaaa_rcode;	/* to questions for AAAA, instead of an answer */
	unsigned aaaa_delay_ms;	/* besides */
	unsigned udp, tcp;	/* questions seen */
};

struct sim_message {
	struct boot_time at;
	uint32_t exchange;
	struct endpoint src;
	bool failed;
	size_t len;
	uint8_t *data;
};

struct sim_result {
	void *owner;
	enum addr_family family;
	struct addr first;
	size_t count;
	bool done;
	enum cause cause;
	struct boot_time at;
};

struct sim {
	struct boot_time now;
	struct rng_seeded seed;
	struct rng rng;
	struct dns_resolver *resolver;
	struct endpoint endpoints[DNS_SERVERS_MAX];
	struct sim_server servers[DNS_SERVERS_MAX];
	const struct sim_record *zone;
	size_t zone_count;
	struct sim_message messages[SIM_MESSAGES_MAX];
	size_t message_count;
	struct sim_result results[SIM_RESULTS_MAX];
	size_t result_count;
	uint8_t open[SIM_MESSAGES_MAX * 4];	/* by exchange: 1 sent, 2 closed */
	unsigned sent, closed;
};

static struct sim *sim_new(const struct sim_record *zone, size_t zone_count, size_t servers,
			   const char *const *search, size_t search_count, uint64_t seed)
{
	struct sim *s = calloc(1, sizeof(*s));
	struct dns_resolver_config config = {
		.server_count = servers, .search = search, .search_count = search_count,
		.want_v4 = true, .want_v6 = true, .ndots = 1,
	};

	assert_non_null(s);
	s->now = (struct boot_time){NS_PER_S};
	s->rng = rng_seeded_init(&s->seed, seed);
	s->zone = zone;
	s->zone_count = zone_count;
	for (size_t i = 0; i < servers; i++) {
		const uint8_t bytes[4] = {10, 53, 0, (uint8_t)(i + 1)};

		s->endpoints[i] = (struct endpoint){addr_v4(bytes), 53, 0};
		s->servers[i].delay_ms = 20;
	}
	config.servers = s->endpoints;
	config.rng = &s->rng;
	s->resolver = dns_resolver_new(&config);
	assert_non_null(s->resolver);
	return s;
}

static void sim_schedule(struct sim *s, uint64_t delay_ms, uint32_t exchange,
			 const struct endpoint *src, const uint8_t *data, size_t len)
{
	struct sim_message *m;

	assert_true(s->message_count < SIM_MESSAGES_MAX);
	m = &s->messages[s->message_count++];
	*m = (struct sim_message){boot_add_ms(s->now, delay_ms), exchange, *src, !data, len, NULL};
	if (!data)
		return;
	m->data = malloc(len);
	assert_non_null(m->data);
	memcpy(m->data, data, len);
}

static const struct sim_record *sim_lookup(const struct sim *s, const struct dns_name *name)
{
	for (size_t i = 0; i < s->zone_count; i++) {
		struct dns_name n;
		bool absolute;

		assert_int_equal(dns_name_parse(&n, s->zone[i].name, strlen(s->zone[i].name),
						&absolute), 0);
		if (dns_name_equal(&n, name))
			return &s->zone[i];
	}
	return NULL;
}

static void sim_write_soa(struct wr *w, unsigned ttl_s)
{
	wr_bytes(w, "\0\0\6\0\1", 5);
	wr_be32(w, ttl_s);
	wr_be16(w, 22);
	wr_zero(w, 2 + 16);
	wr_be32(w, ttl_s);
}

static void sim_write_name(struct wr *w, const char *text)
{
	struct dns_name n;
	bool absolute;

	assert_int_equal(dns_name_parse(&n, text, strlen(text), &absolute), 0);
	wr_bytes(w, n.wire, n.len);
}

/* Answer records for the question at offset 12; returns how many. */
static unsigned sim_write_answer(struct sim *s, struct wr *w, const struct sim_record *rec,
				 unsigned type)
{
	const struct sim_record *at = rec;
	unsigned count = 0;
	const char *text;
	struct addr a;

	if (rec->alias) {
		struct dns_name n;
		bool absolute;
		size_t mark;

		wr_bytes(w, "\xc0\x0c\0\5\0\1", 6);
		wr_be32(w, rec->ttl_s);
		mark = wr_begin16(w);
		sim_write_name(w, rec->alias);
		wr_end16(w, mark);
		count++;
		assert_int_equal(dns_name_parse(&n, rec->alias, strlen(rec->alias), &absolute), 0);
		at = sim_lookup(s, &n);
		assert_non_null(at);
	}
	text = type == 28 ? at->v6 : at->v4;
	if (!text)
		return count;
	assert_int_equal(addr_parse(&a, text, strlen(text)), 0);
	sim_write_name(w, at->name);
	wr_be16(w, (uint16_t)type);
	wr_be16(w, 1);
	wr_be32(w, at->ttl_s);
	wr_be16(w, (uint16_t)addr_len(&a));
	wr_bytes(w, a.bytes, addr_len(&a));
	return count + 1;
}

struct sim_query {
	uint16_t id, type;
	const uint8_t *question;	/* name, type, class as sent */
	size_t question_len;
	struct dns_name name;
	bool edns;
};

static struct sim_query sim_read_query(const uint8_t *msg, size_t len)
{
	struct rd r = rd_init(msg, len);
	struct sim_query q = {0};

	q.id = rd_be16(&r);
	assert_int_equal(rd_be16(&r), 0x0100);
	assert_int_equal(rd_be16(&r), 1);
	rd_skip(&r, 4);
	q.edns = rd_be16(&r) == 1;
	q.question = r.p;
	assert_int_equal(dns_name_read(&q.name, msg, &r), 0);
	q.type = rd_be16(&r);
	assert_int_equal(rd_be16(&r), 1);
	q.question_len = (size_t)(r.p - q.question);
	rd_skip(&r, q.edns ? 11 : 0);
	assert_true(rd_done(&r));
	return q;
}

static size_t sim_reply(struct sim *s, struct sim_server *server, const struct sim_query *q,
			bool tcp, uint8_t *out, size_t cap)
{
	const struct sim_record *rec = sim_lookup(s, &q->name);
	unsigned rcode = server->rcode ? server->rcode : rec ? rec->rcode : 3;
	struct wr w = wr_init(out, cap);
	unsigned answers = 0;

	if (server->aaaa_rcode && q->type == 28)
		rcode = server->aaaa_rcode;
	if (server->knows_no_edns && q->edns)
		rcode = 1;
	wr_be16(&w, q->id);
	wr_be16(&w, (uint16_t)(0x8180 | rcode | (server->truncates && !tcp ? 0x0200 : 0)));
	wr_be16(&w, 1);
	wr_zero(&w, 6);
	wr_bytes(&w, q->question, q->question_len);
	if (server->folds_case) {
		for (size_t i = 0; i < q->question_len; i++)
			out[12 + i] = (uint8_t)txt_lower(out[12 + i]);
	}
	if (!(server->truncates && !tcp) && (rcode == 0 || rcode == 3)) {
		if (rec && !rcode)
			answers = sim_write_answer(s, &w, rec, q->type);
		if (!answers || (rec->alias && answers == 1)) {
			sim_write_soa(&w, rec ? rec->ttl_s : 30);
			out[9] = 1;
		}
	}
	out[7] = (uint8_t)answers;
	assert_true(wr_ok(&w));
	return w.len;
}

/* What a blind attacker, or one who guessed all but one thing, would send first. */
static void sim_forge(struct sim *s, const struct sim_server *server, const struct dns_output *o,
		      const uint8_t *reply, size_t len)
{
	struct endpoint src = o->server;
	uint8_t forged[1024];

	memcpy(forged, reply, len);
	if (server->wrong_source) {
		src.port++;
		sim_schedule(s, 1, o->exchange, &src, forged, len);
		src = o->server;
		src.addr.bytes[0]++;
		sim_schedule(s, 1, o->exchange, &src, forged, len);
	}
	if (server->wrong_id) {
		forged[0] ^= 0x40;
		sim_schedule(s, 2, o->exchange, &o->server, forged, len);
		forged[0] ^= 0x40;
	}
	if (server->wrong_name) {
		forged[13] ^= 1;
		sim_schedule(s, 3, o->exchange, &o->server, forged, len);
	}
}

/* In three pieces, the length cut in half, then the end of the stream. */
static void sim_reply_tcp(struct sim *s, const struct sim_server *server,
			  const struct dns_output *o, uint8_t *reply, size_t len)
{
	reply[0] = (uint8_t)(len >> 8);
	reply[1] = (uint8_t)len;
	reply[2] ^= server->tcp_wrong_id;
	sim_schedule(s, server->delay_ms, o->exchange, &o->server, reply, 1);
	sim_schedule(s, server->delay_ms + 1, o->exchange, &o->server, reply + 1, 9);
	sim_schedule(s, server->delay_ms + 2, o->exchange, &o->server, reply + 10, len - 8);
	if (!server->tcp_wrong_id)
		sim_schedule(s, server->delay_ms + 2, o->exchange, &o->server, NULL, 0);
}

static void sim_to_server(struct sim *s, const struct dns_output *o)
{
	bool tcp = o->action == DNS_SEND_TCP;
	size_t i = o->server.addr.bytes[3] - 1u, len, skip = tcp ? 2 : 0;
	struct sim_server *server = &s->servers[i];
	struct sim_query q = sim_read_query(o->data + skip, o->len - skip);
	uint8_t reply[2 + 1024];

	server->udp += !tcp;
	server->tcp += tcp;
	if (server->refuses_socket || (tcp && server->no_tcp)) {
		sim_schedule(s, server->delay_ms, o->exchange, &o->server, NULL, 0);
		return;
	}
	if (server->silent || rng_below(&s->rng, 100) < server->loss_percent ||
	    (server->drops_aaaa && q.type == 28))
		return;
	len = sim_reply(s, server, &q, tcp, reply + skip, sizeof(reply) - skip);
	if (tcp) {
		sim_reply_tcp(s, server, o, reply, len);
		return;
	}
	sim_forge(s, server, o, reply, len);
	sim_schedule(s, server->delay_ms + (q.type == 28 ? server->aaaa_delay_ms : 0), o->exchange,
		     &o->server, reply, len);
}

static void sim_drain(struct sim *s)
{
	struct dns_output o;
	struct dns_result result;

	while (dns_resolver_output(s->resolver, s->now, &o)) {
		assert_true(o.exchange < sizeof(s->open));
		assert_int_equal(s->open[o.exchange], o.action == DNS_CLOSE ? 1 : 0);
		s->open[o.exchange]++;
		if (o.action == DNS_CLOSE) {
			s->closed++;
			continue;
		}
		s->sent++;
		sim_to_server(s, &o);
	}
	while (dns_resolver_event(s->resolver, &result)) {
		struct sim_result *r = &s->results[s->result_count];

		assert_true(s->result_count < SIM_RESULTS_MAX);
		*r = (struct sim_result){result.owner, result.family, {0}, result.count, result.done,
					 result.cause, s->now};
		assert_int_equal(result.cause == CAUSE_OK, result.count > 0);
		if (result.count)
			r->first = result.addrs[0];
		for (size_t i = 0; i < result.count; i++)
			assert_int_equal(result.addrs[i].family, result.family);
		s->result_count++;
	}
}

static size_t sim_earliest(const struct sim *s)
{
	size_t best = 0;

	for (size_t i = 1; i < s->message_count; i++) {
		if (s->messages[i].at.ns < s->messages[best].at.ns)
			best = i;
	}
	return best;
}

/* Runs until `ms` have passed, or nothing is left to happen. */
static void sim_run_ms(struct sim *s, uint64_t ms)
{
	struct boot_time end = boot_add_ms(s->now, ms);

	for (;;) {
		struct boot_time at = dns_resolver_deadline(s->resolver);
		struct sim_message m = {.at = BOOT_NEVER};
		size_t i;

		sim_drain(s);
		at = dns_resolver_deadline(s->resolver);
		i = sim_earliest(s);
		if (s->message_count)
			m = s->messages[i];
		at = boot_min(at, m.at);
		if (at.ns > end.ns)
			break;
		s->now = at.ns > s->now.ns ? at : s->now;
		if (boot_reached(s->now, m.at)) {
			memmove(&s->messages[i], &s->messages[i + 1],
				(--s->message_count - i) * sizeof(m));
			if (m.failed)
				dns_resolver_failed(s->resolver, s->now, m.exchange);
			else
				dns_resolver_input(s->resolver, s->now, m.exchange, &m.src, m.data,
						   m.len);
			free(m.data);
		} else {
			dns_resolver_tick(s->resolver, s->now);
		}
	}
	s->now = end;
}

static struct dns_query *sim_ask(struct sim *s, const char *name, void *owner)
{
	struct dns_query *q = NULL;

	assert_int_equal(dns_query_start(s->resolver, s->now, name, strlen(name), owner, &q), 0);
	assert_non_null(q);
	return q;
}

/* The result of one family for one owner, or NULL; fails when there is more than one. */
static const struct sim_result *sim_result(const struct sim *s, const void *owner,
					   enum addr_family family)
{
	const struct sim_result *found = NULL;

	for (size_t i = 0; i < s->result_count; i++) {
		const struct sim_result *r = &s->results[i];

		if (r->owner != owner || r->family != family)
			continue;
		assert_null(found);
		found = r;
	}
	return found;
}

/* Every exchange was closed, and nothing is left to wait for. */
static inline void assert_quiet(const struct sim *s)
{
	assert_int_equal(s->sent, s->closed);
	assert_true(dns_resolver_deadline(s->resolver).ns == BOOT_NEVER.ns);
}

static inline void assert_address(const struct sim *s, const void *owner, enum addr_family family,
			   const char *text)
{
	const struct sim_result *r = sim_result(s, owner, family);
	struct addr a;

	assert_non_null(r);
	assert_int_equal(r->cause, CAUSE_OK);
	assert_int_equal(addr_parse(&a, text, strlen(text)), 0);
	assert_true(addr_equal(&r->first, &a));
}

static inline void assert_cause(const struct sim *s, const void *owner, enum addr_family family,
			 enum cause cause)
{
	const struct sim_result *r = sim_result(s, owner, family);

	assert_non_null(r);
	assert_int_equal(r->cause, cause);
	assert_int_equal(r->count, 0);
}

static void sim_free(struct sim *s)
{
	while (s->message_count)
		free(s->messages[--s->message_count].data);
	dns_resolver_free(s->resolver);
	free(s);
}

#endif
