#include "dns/resolver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/compiler.h"
#include "dns/job.h"
#include "support/dns_sim.h"

/*
 * Many look-ups over bad servers, from seeds: whatever happens, each family of each query gets one
 * result, in bounded time, from the zone, and every socket is closed.
 */
#define SEEDS 60
#define QUERIES 60

static const struct sim_record zone[] = {
	{.name = "n0.example", .v4 = "192.0.2.1", .v6 = "2001:db8::1", .ttl_s = 2},
	{.name = "n1.example", .v4 = "192.0.2.2", .ttl_s = 5},
	{.name = "n2.example", .alias = "n0.example", .ttl_s = 1},
	{.name = "n3.example", .rcode = 2},
	{.name = "n4.example", .ttl_s = 1},
	{.name = "n5.corp.example", .v6 = "2001:db8::6", .ttl_s = 1},
	{.name = "n6.lab.example", .v4 = "192.0.2.7", .ttl_s = 0},
};

static const char *const search[] = {"corp.example", "lab.example"};

static void shake_servers(struct sim *s)
{
	for (size_t i = 0; i < 3; i++) {
		struct sim_server *server = &s->servers[i];
		uint32_t bits = rng_u32(&s->rng) & rng_u32(&s->rng);

		server->silent = bits & 1;
		server->refuses_socket = bits & 2;
		server->no_tcp = bits & 4;
		server->truncates = bits & 8;
		server->knows_no_edns = bits & 16;
		server->folds_case = bits & 32;
		server->wrong_source = bits & 64;
		server->wrong_id = bits & 128;
		server->wrong_name = bits & 256;
		server->drops_aaaa = bits & 512;
		server->rcode = bits & 1024 ? 5 : 0;
		server->loss_percent = rng_below(&s->rng, 60);
		server->delay_ms = rng_below(&s->rng, bits & 2048 ? 3000 : 100);
	}
}

static bool known_address(const struct addr *a)
{
	for (size_t i = 0; i < ARRAY_LEN(zone); i++) {
		const char *texts[2] = {zone[i].v4, zone[i].v6};

		for (size_t k = 0; k < 2; k++) {
			struct addr b;

			if (texts[k] && addr_parse(&b, texts[k], strlen(texts[k])) == 0 &&
			    addr_equal(a, &b))
				return true;
		}
	}
	return false;
}

static void check_owner(const struct sim *s, const char *owner, bool cancelled)
{
	unsigned results = 0, done = 0;

	for (size_t i = 0; i < s->result_count; i++) {
		const struct sim_result *r = &s->results[i];

		if (r->owner != owner)
			continue;
		assert_int_equal(done, 0);
		results++;
		done += r->done;
		if (r->count)
			assert_true(known_address(&r->first));
		assert_int_not_equal(r->cause, CAUSE_EXHAUSTED);
	}
	if (cancelled) {
		assert_true(results <= 1 && !done);
		return;
	}
	assert_int_equal(results, 2);
	assert_int_equal(done, 1);
	assert_non_null(sim_result(s, owner, ADDR_V4));
	assert_non_null(sim_result(s, owner, ADDR_V6));
}

static void run_seed(uint64_t seed)
{
	struct sim *s = sim_new(zone, ARRAY_LEN(zone), 3, search, ARRAY_LEN(search), seed);
	bool cancelled[QUERIES] = {false};
	char owners[QUERIES], name[32];

	for (size_t i = 0; i < QUERIES; i++) {
		uint32_t choice = rng_below(&s->rng, 20);
		struct dns_query *q;

		if (i % 10 == 0)
			shake_servers(s);
		(void)snprintf(name, sizeof(name), choice < 10 ? "n%u.example" : "n%u",
			       rng_below(&s->rng, 8));
		q = sim_ask(s, name, &owners[i]);
		if (choice == 0) {
			dns_query_cancel(q);
			cancelled[i] = true;
		}
		sim_run_ms(s, rng_below(&s->rng, 400));
	}
	/* Three candidates, each at most one limit long. */
	sim_run_ms(s, 3 * DNS_JOB_LIMIT_MS);
	for (size_t i = 0; i < QUERIES; i++)
		check_owner(s, &owners[i], cancelled[i]);
	assert_int_equal(s->sent, s->closed);
	assert_true(dns_resolver_deadline(s->resolver).ns == BOOT_NEVER.ns);
	sim_free(s);
}

static void test_every_query_ends_whatever_servers_do(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++)
		run_seed(seed);
}

static void test_same_seed_same_run(void **state)
{
	struct sim *runs[2];

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		runs[k] = sim_new(zone, ARRAY_LEN(zone), 3, search, ARRAY_LEN(search), 99);
		shake_servers(runs[k]);
		for (size_t i = 0; i < 7; i++)
			sim_ask(runs[k], zone[i].name, NULL);
		sim_run_ms(runs[k], 2 * DNS_JOB_LIMIT_MS);
	}
	assert_int_equal(runs[0]->sent, runs[1]->sent);
	assert_int_equal(runs[0]->result_count, 14);
	assert_int_equal(runs[0]->result_count, runs[1]->result_count);
	for (size_t i = 0; i < runs[0]->result_count; i++)
		assert_true(runs[0]->results[i].at.ns == runs[1]->results[i].at.ns);
	sim_free(runs[0]);
	sim_free(runs[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_query_ends_whatever_servers_do),
		cmocka_unit_test(test_same_seed_same_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
