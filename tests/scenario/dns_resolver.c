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
#include "base/err.h"
#include "dns/job.h"
#include "support/dns_sim.h"

static const struct sim_record zone[] = {
	{.name = "both.example", .v4 = "192.0.2.1", .v6 = "2001:db8::1", .ttl_s = 60},
	{.name = "four.example", .v4 = "192.0.2.4", .ttl_s = 60},
	{.name = "other.example", .v4 = "192.0.2.5", .v6 = "2001:db8::5", .ttl_s = 60},
	{.name = "third.example", .v4 = "192.0.2.6", .v6 = "2001:db8::6", .ttl_s = 60},
	{.name = "alias.example", .alias = "both.example", .ttl_s = 20},
	{.name = "empty.example", .ttl_s = 60},
	{.name = "broken.example", .rcode = 2},
	{.name = "fleeting.example", .v4 = "192.0.2.7", .ttl_s = 0},
	{.name = "com", .v4 = "192.0.2.99", .ttl_s = 60},
};

static const char *const search[] = {"corp.example", "not a domain", "lab.example."};

static struct sim *world(size_t servers)
{
	return sim_new(zone, ARRAY_LEN(zone), servers, NULL, 0, 1);
}

static struct sim *world_with_search(void)
{
	return sim_new(zone, ARRAY_LEN(zone), 1, search, ARRAY_LEN(search), 1);
}

static uint64_t result_ms(const struct sim *s, const void *owner, enum addr_family family)
{
	const struct sim_result *r = sim_result(s, owner, family);

	assert_non_null(r);
	return boot_since_ms(r->at, (struct boot_time){NS_PER_S});
}

static void test_both_families_side_by_side_then_from_the_cache(void **state)
{
	struct sim *s = world(1);
	int first, second, third;

	(void)state;
	sim_ask(s, "Both.Example", &first);
	sim_run_ms(s, 100);
	assert_address(s, &first, ADDR_V6, "2001:db8::1");
	assert_address(s, &first, ADDR_V4, "192.0.2.1");
	assert_false(s->results[0].done);
	assert_true(s->results[1].done);
	assert_int_equal(s->sent, 2);
	assert_true(result_ms(s, &first, ADDR_V4) == 20);
	sim_run_ms(s, 58000);
	sim_ask(s, "both.example.", &second);
	sim_drain(s);
	assert_address(s, &second, ADDR_V4, "192.0.2.1");
	assert_int_equal(s->sent, 2);
	sim_run_ms(s, 5000);
	sim_ask(s, "both.example", &third);
	sim_run_ms(s, 100);
	assert_address(s, &third, ADDR_V6, "2001:db8::1");
	assert_int_equal(s->sent, 4);
	assert_quiet(s);
	sim_free(s);
}

static void test_missing_family_and_missing_name(void **state)
{
	struct sim *s = world(1);
	int four, gone, empty, again;

	(void)state;
	sim_ask(s, "four.example", &four);
	sim_ask(s, "gone.example", &gone);
	sim_ask(s, "empty.example", &empty);
	sim_run_ms(s, 100);
	assert_address(s, &four, ADDR_V4, "192.0.2.4");
	assert_cause(s, &four, ADDR_V6, CAUSE_NAME_NOT_FOUND);
	assert_cause(s, &gone, ADDR_V4, CAUSE_NAME_NOT_FOUND);
	assert_cause(s, &gone, ADDR_V6, CAUSE_NAME_NOT_FOUND);
	assert_cause(s, &empty, ADDR_V4, CAUSE_NAME_NOT_FOUND);
	assert_int_equal(s->sent, 6);
	sim_ask(s, "gone.example", &again);
	sim_drain(s);
	assert_cause(s, &again, ADDR_V4, CAUSE_NAME_NOT_FOUND);
	assert_int_equal(s->sent, 6);
	assert_quiet(s);
	sim_free(s);
}

static void test_aliases_and_ttl_zero(void **state)
{
	struct sim *s = world(1);
	int alias, later, fleeting, again;

	(void)state;
	sim_ask(s, "alias.example", &alias);
	sim_run_ms(s, 19000);
	assert_address(s, &alias, ADDR_V4, "192.0.2.1");
	assert_int_equal(s->sent, 2);
	/* The alias holds for 20 s, its target for 60 s. */
	sim_run_ms(s, 2000);
	sim_ask(s, "alias.example", &later);
	sim_run_ms(s, 100);
	assert_int_equal(s->sent, 4);
	sim_ask(s, "fleeting.example", &fleeting);
	sim_run_ms(s, 100);
	sim_ask(s, "fleeting.example", &again);
	sim_run_ms(s, 100);
	assert_address(s, &again, ADDR_V4, "192.0.2.7");
	assert_int_equal(s->servers[0].udp, 8);
	assert_quiet(s);
	sim_free(s);
}

static void test_silent_server_costs_a_second_once(void **state)
{
	struct sim *s = world(2);
	int first, second, third;

	(void)state;
	s->servers[0].silent = true;
	sim_ask(s, "both.example", &first);
	sim_run_ms(s, 2000);
	assert_address(s, &first, ADDR_V4, "192.0.2.1");
	assert_true(result_ms(s, &first, ADDR_V4) == 1020);
	sim_ask(s, "other.example", &second);
	sim_run_ms(s, 100);
	assert_address(s, &second, ADDR_V6, "2001:db8::5");
	assert_int_equal(s->servers[0].udp, 2);
	/* Later it is given another chance. */
	s->servers[0].silent = false;
	sim_run_ms(s, DNS_AVOID_MS);
	sim_ask(s, "third.example", &third);
	sim_run_ms(s, 100);
	assert_address(s, &third, ADDR_V4, "192.0.2.6");
	assert_int_equal(s->servers[0].udp, 4);
	assert_quiet(s);
	sim_free(s);
}

static void test_silence_everywhere_ends_at_the_limit(void **state)
{
	struct sim *s = world(2);
	int owner;

	(void)state;
	s->servers[0].silent = s->servers[1].silent = true;
	sim_ask(s, "both.example", &owner);
	sim_run_ms(s, DNS_JOB_LIMIT_MS - 1);
	assert_int_equal(s->result_count, 0);
	sim_run_ms(s, 1);
	assert_cause(s, &owner, ADDR_V4, CAUSE_NAME_NO_ANSWER);
	assert_cause(s, &owner, ADDR_V6, CAUSE_NAME_NO_ANSWER);
	/* 1 + 1 + 2 + 2 + 4 s: five questions for each family. */
	assert_int_equal(s->sent, 10);
	assert_quiet(s);
	sim_free(s);
}

static void test_one_silent_server_ends_at_the_limit_too(void **state)
{
	struct sim *s = world(1);
	int owner;

	(void)state;
	s->servers[0].silent = true;
	sim_ask(s, "both.example", &owner);
	sim_run_ms(s, 20000);
	assert_true(result_ms(s, &owner, ADDR_V4) == DNS_JOB_LIMIT_MS);
	assert_quiet(s);
	sim_free(s);
}

static void test_server_that_was_only_late_is_asked_first_again(void **state)
{
	struct sim *s = world(2);
	int owner, other;

	(void)state;
	s->servers[0].delay_ms = 1200;
	s->servers[1].silent = true;
	sim_ask(s, "both.example", &owner);
	sim_run_ms(s, 1300);
	assert_true(result_ms(s, &owner, ADDR_V4) == 1200);
	s->servers[0].delay_ms = 20;
	sim_ask(s, "other.example", &other);
	sim_run_ms(s, 1000);
	assert_true(result_ms(s, &other, ADDR_V4) == 1320);
	assert_quiet(s);
	sim_free(s);
}

static void test_late_refusal_does_not_hurry_the_next_server(void **state)
{
	struct sim *s = world(2);
	int owner;

	(void)state;
	s->servers[0].rcode = 2;
	s->servers[0].delay_ms = 1200;
	s->servers[1].delay_ms = 500;
	sim_ask(s, "both.example", &owner);
	sim_run_ms(s, 3000);
	assert_true(result_ms(s, &owner, ADDR_V4) == 1500);
	assert_int_equal(s->sent, 4);
	assert_quiet(s);
	sim_free(s);
}

static void test_late_answer_is_taken(void **state)
{
	struct sim *s = world(1);
	int owner;

	(void)state;
	s->servers[0].delay_ms = 2500;
	sim_ask(s, "both.example", &owner);
	sim_run_ms(s, 10000);
	assert_true(result_ms(s, &owner, ADDR_V4) == 2500);
	assert_int_equal(s->servers[0].udp, 4);
	assert_quiet(s);
	sim_free(s);
}

static void test_refusals_go_to_the_next_server_at_once(void **state)
{
	static const unsigned rcodes[] = {2, 4, 5};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rcodes); i++) {
		struct sim *s = world(2);
		int owner, broken;

		s->servers[0].rcode = rcodes[i];
		sim_ask(s, "both.example", &owner);
		sim_run_ms(s, 200);
		assert_address(s, &owner, ADDR_V4, "192.0.2.1");
		sim_ask(s, "broken.example", &broken);
		sim_run_ms(s, 2000);
		assert_cause(s, &broken, ADDR_V4, CAUSE_NAME_FAILED);
		assert_quiet(s);
		sim_free(s);
	}
}

static void test_failed_sockets_go_to_the_next_server(void **state)
{
	struct sim *s = world(2);
	int owner, other;

	(void)state;
	s->servers[0].refuses_socket = true;
	sim_ask(s, "both.example", &owner);
	sim_run_ms(s, 100);
	assert_true(result_ms(s, &owner, ADDR_V4) == 40);
	s->servers[1].refuses_socket = true;
	sim_ask(s, "other.example", &other);
	sim_run_ms(s, 2000);
	assert_cause(s, &other, ADDR_V6, CAUSE_NAME_FAILED);
	assert_quiet(s);
	sim_free(s);
}

static void test_truncation_leads_to_tcp(void **state)
{
	struct sim *s = world(2);
	int owner, other;

	(void)state;
	s->servers[0].truncates = true;
	sim_ask(s, "both.example", &owner);
	sim_run_ms(s, 100);
	assert_address(s, &owner, ADDR_V4, "192.0.2.1");
	assert_address(s, &owner, ADDR_V6, "2001:db8::1");
	assert_int_equal(s->servers[0].tcp, 2);
	assert_int_equal(s->servers[1].udp, 0);
	s->servers[0].no_tcp = true;
	sim_ask(s, "other.example", &other);
	sim_run_ms(s, 100);
	assert_address(s, &other, ADDR_V4, "192.0.2.5");
	assert_int_equal(s->servers[1].udp, 2);
	assert_quiet(s);
	sim_free(s);
}

static void test_wrong_answer_over_tcp_is_a_failure(void **state)
{
	struct sim *s = world(2);
	int owner;

	(void)state;
	s->servers[0].truncates = s->servers[0].tcp_wrong_id = true;
	sim_ask(s, "both.example", &owner);
	sim_run_ms(s, 100);
	assert_true(result_ms(s, &owner, ADDR_V4) == 20 + 22 + 20);
	assert_quiet(s);
	sim_free(s);
}

static void test_server_without_edns_is_remembered(void **state)
{
	struct sim *s = world(1);
	int owner, other;

	(void)state;
	s->servers[0].knows_no_edns = true;
	sim_ask(s, "both.example", &owner);
	sim_run_ms(s, 100);
	assert_address(s, &owner, ADDR_V4, "192.0.2.1");
	assert_int_equal(s->servers[0].udp, 4);
	sim_ask(s, "other.example", &other);
	sim_run_ms(s, 100);
	assert_address(s, &other, ADDR_V4, "192.0.2.5");
	assert_int_equal(s->servers[0].udp, 6);
	assert_quiet(s);
	sim_free(s);
}

static void test_server_that_folds_case_is_remembered(void **state)
{
	struct sim *s = world(1);
	int owner, other;

	(void)state;
	s->servers[0].folds_case = true;
	sim_ask(s, "both.example", &owner);
	sim_run_ms(s, 100);
	assert_address(s, &owner, ADDR_V4, "192.0.2.1");
	assert_int_equal(s->servers[0].tcp, 2);
	assert_int_equal(dns_resolver_drops(s->resolver, DNS_DROP_CASE), 2);
	sim_ask(s, "other.example", &other);
	sim_run_ms(s, 100);
	assert_address(s, &other, ADDR_V4, "192.0.2.5");
	assert_int_equal(s->servers[0].tcp, 2);
	assert_quiet(s);
	sim_free(s);
}

static void test_server_that_folds_case_and_has_no_tcp_still_works(void **state)
{
	struct sim *s = world(1);
	int owner;

	(void)state;
	s->servers[0].folds_case = s->servers[0].no_tcp = true;
	sim_ask(s, "both.example", &owner);
	sim_run_ms(s, 2000);
	assert_address(s, &owner, ADDR_V4, "192.0.2.1");
	assert_quiet(s);
	sim_free(s);
}

static void test_forged_answers_are_ignored_and_counted(void **state)
{
	struct sim *s = world(1);
	int owner;

	(void)state;
	s->servers[0].wrong_source = s->servers[0].wrong_id = s->servers[0].wrong_name = true;
	sim_ask(s, "both.example", &owner);
	sim_run_ms(s, 100);
	assert_true(result_ms(s, &owner, ADDR_V4) == 20);
	assert_int_equal(dns_resolver_drops(s->resolver, DNS_DROP_SOURCE), 4);
	assert_int_equal(dns_resolver_drops(s->resolver, DNS_DROP_MISMATCH), 4);
	assert_int_equal(dns_resolver_drops(s->resolver, DNS_DROP_STRAY), 0);
	dns_resolver_input(s->resolver, s->now, 1, &s->endpoints[0], (const uint8_t *)"", 0);
	dns_resolver_failed(s->resolver, s->now, 1);
	assert_int_equal(dns_resolver_drops(s->resolver, DNS_DROP_STRAY), 1);
	assert_int_equal(dns_resolver_drops(s->resolver, DNS_DROP_COUNT), 0);
	assert_quiet(s);
	sim_free(s);
}

static void test_identical_lookups_share_their_exchanges(void **state)
{
	struct sim *s = world(1);
	int owners[100];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(owners); i++)
		sim_ask(s, i % 2 ? "both.example" : "BOTH.example", &owners[i]);
	sim_run_ms(s, 100);
	for (size_t i = 0; i < ARRAY_LEN(owners); i++) {
		assert_address(s, &owners[i], ADDR_V4, "192.0.2.1");
		assert_address(s, &owners[i], ADDR_V6, "2001:db8::1");
	}
	assert_int_equal(s->sent, 2);
	assert_quiet(s);
	sim_free(s);
}

static void test_localhost_is_never_asked(void **state)
{
	struct sim *s = world_with_search();
	int owner, sub;

	(void)state;
	sim_ask(s, "localhost", &owner);
	sim_ask(s, "x.LocalHost.", &sub);
	sim_drain(s);
	assert_address(s, &owner, ADDR_V4, "127.0.0.1");
	assert_address(s, &owner, ADDR_V6, "::1");
	assert_address(s, &sub, ADDR_V4, "127.0.0.1");
	assert_int_equal(s->sent, 0);
	sim_free(s);
}

static void test_cancel_at_any_moment(void **state)
{
	struct sim *s = world(1);
	struct dns_query *before, *ready, *half;
	struct dns_result result;
	int owner;

	(void)state;
	before = sim_ask(s, "both.example", &owner);
	dns_query_cancel(before);
	sim_run_ms(s, 100);
	assert_int_equal(s->result_count, 0);
	/* The exchange went on, so the answer is in the cache now. */
	ready = sim_ask(s, "both.example", &owner);
	dns_query_cancel(ready);
	sim_drain(s);
	assert_int_equal(s->result_count, 0);
	half = sim_ask(s, "both.example", &owner);
	assert_true(dns_resolver_event(s->resolver, &result));
	assert_false(result.done);
	assert_ptr_equal(result.query, half);
	dns_query_cancel(half);
	assert_false(dns_resolver_event(s->resolver, &result));
	assert_int_equal(s->sent, 2);
	assert_quiet(s);
	sim_free(s);
}

static void test_unwanted_questions_are_not_repeated(void **state)
{
	struct sim *s = world(1);
	int owner;

	(void)state;
	s->servers[0].silent = true;
	dns_query_cancel(sim_ask(s, "both.example", &owner));
	sim_run_ms(s, 1000);
	assert_int_equal(s->sent, 2);
	assert_quiet(s);
	sim_free(s);
}

static void test_free_with_everything_in_flight(void **state)
{
	struct sim *s = world(2);
	int owner;

	(void)state;
	sim_ask(s, "both.example", &owner);
	sim_run_ms(s, 100);
	sim_ask(s, "both.example", &owner);
	s->servers[0].truncates = true;
	sim_ask(s, "other.example", &owner);
	sim_run_ms(s, 21);
	sim_ask(s, "third.example", &owner);
	sim_free(s);
	dns_resolver_free(NULL);
}

static void test_only_wanted_families_are_asked(void **state)
{
	struct sim *s = world(1);
	struct dns_resolver_config config = {
		.servers = s->endpoints, .server_count = 1, .rng = &s->rng, .want_v4 = true,
	};
	struct dns_resolver *plain = s->resolver;
	int owner;

	(void)state;
	s->resolver = dns_resolver_new(&config);
	assert_non_null(s->resolver);
	sim_ask(s, "both.example", &owner);
	sim_run_ms(s, 100);
	assert_int_equal(s->result_count, 1);
	assert_true(s->results[0].done);
	assert_address(s, &owner, ADDR_V4, "192.0.2.1");
	assert_int_equal(s->sent, 1);
	dns_resolver_free(plain);
	sim_free(s);
}

static void test_useless_configurations_and_names_are_refused(void **state)
{
	static const char *const names[] = {"", ".", "a b", "a..b", "*.example", "::1"};
	struct sim *s = world(1);
	struct dns_resolver_config config = {.rng = &s->rng, .want_v4 = true};
	struct dns_query *q;

	(void)state;
	assert_null(dns_resolver_new(&config));
	config.servers = s->endpoints;
	config.server_count = 1;
	config.want_v4 = false;
	assert_null(dns_resolver_new(&config));
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		assert_int_equal(dns_query_start(s->resolver, s->now, names[i], strlen(names[i]),
						 NULL, &q), ERR_SYNTAX);
	sim_free(s);
}

static void test_too_many_questions_at_once_are_turned_away(void **state)
{
	struct sim *s = world(1);
	unsigned exhausted = 0, missing = 0;
	char name[32];

	(void)state;
	for (unsigned i = 0; i < DNS_JOBS_MAX / 2 + 10; i++) {
		(void)snprintf(name, sizeof(name), "n%u.example", i);
		sim_ask(s, name, NULL);
	}
	sim_run_ms(s, 100);
	for (size_t i = 0; i < s->result_count; i++) {
		exhausted += s->results[i].cause == CAUSE_EXHAUSTED;
		missing += s->results[i].cause == CAUSE_NAME_NOT_FOUND;
	}
	assert_int_equal(exhausted, 20);
	assert_int_equal(missing, DNS_JOBS_MAX);
	assert_quiet(s);
	sim_free(s);
}

static unsigned count_cause(const struct sim *s, enum cause cause)
{
	unsigned count = 0;

	for (size_t i = 0; i < s->result_count; i++)
		count += s->results[i].cause == cause;
	return count;
}

static void ask_numbered(struct sim *s, unsigned first, unsigned count)
{
	char name[32];

	for (unsigned i = first; i < first + count; i++) {
		(void)snprintf(name, sizeof(name), "n%u.example", i);
		sim_ask(s, name, NULL);
	}
	sim_drain(s);
}

/* As many names as can be asked for, and nobody answers; the servers do answer for others. */
static void test_what_nobody_answers_gives_way_when_old(void **state)
{
	struct sim *s = world(1);

	(void)state;
	s->servers[0].silent = true;
	ask_numbered(s, 0, DNS_JOBS_MAX / 2);
	sim_run_ms(s, 2999);
	assert_int_equal(s->result_count, 0);
	ask_numbered(s, 1000, 1);
	assert_int_equal(count_cause(s, CAUSE_EXHAUSTED), 2);
	sim_run_ms(s, 1);
	s->servers[0].silent = false;
	ask_numbered(s, 2000, 10);
	assert_int_equal(count_cause(s, CAUSE_EXHAUSTED), 2);
	assert_int_equal(count_cause(s, CAUSE_NAME_NO_ANSWER), 20);
	sim_run_ms(s, 50);
	assert_int_equal(count_cause(s, CAUSE_NAME_NOT_FOUND), 20);
	/* Those places are free again; the old ones go on, and are answered after all. */
	assert_int_equal(count_cause(s, CAUSE_NAME_NO_ANSWER), 20);
	sim_run_ms(s, 10000);
	assert_int_equal(count_cause(s, CAUSE_NAME_NO_ANSWER), 20);
	assert_int_equal(count_cause(s, CAUSE_NAME_NOT_FOUND), 20 + DNS_JOBS_MAX - 20);
	assert_quiet(s);
	sim_free(s);
}

static void test_too_many_lookups_are_turned_away(void **state)
{
	struct sim *s = world(1);
	struct dns_query *q;

	(void)state;
	for (unsigned i = 0; i < DNS_QUERIES_MAX; i++)
		sim_ask(s, "both.example", NULL);
	assert_int_equal(dns_query_start(s->resolver, s->now, "both.example", 12, NULL, &q),
			 ERR_LIMIT);
	sim_free(s);
}

static void test_questions_cannot_be_guessed(void **state)
{
	struct sim *s = world(1);
	unsigned same = 0, upper = 0;
	uint16_t last = 0;
	char name[32];

	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		struct dns_output o;

		(void)snprintf(name, sizeof(name), "abcdefgh%u.example", i);
		dns_query_cancel(sim_ask(s, name, NULL));
		while (dns_resolver_output(s->resolver, s->now, &o)) {
			uint16_t id = (uint16_t)(o.data[0] << 8 | o.data[1]);

			same += id == last;
			last = id;
			for (size_t b = 12; b < o.len; b++)
				upper += o.data[b] >= 'A' && o.data[b] <= 'H';
		}
	}
	assert_true(same < 3);
	assert_in_range(upper, 600, 1600);
	sim_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_families_side_by_side_then_from_the_cache),
		cmocka_unit_test(test_missing_family_and_missing_name),
		cmocka_unit_test(test_aliases_and_ttl_zero),
		cmocka_unit_test(test_silent_server_costs_a_second_once),
		cmocka_unit_test(test_silence_everywhere_ends_at_the_limit),
		cmocka_unit_test(test_one_silent_server_ends_at_the_limit_too),
		cmocka_unit_test(test_server_that_was_only_late_is_asked_first_again),
		cmocka_unit_test(test_late_refusal_does_not_hurry_the_next_server),
		cmocka_unit_test(test_late_answer_is_taken),
		cmocka_unit_test(test_refusals_go_to_the_next_server_at_once),
		cmocka_unit_test(test_failed_sockets_go_to_the_next_server),
		cmocka_unit_test(test_truncation_leads_to_tcp),
		cmocka_unit_test(test_wrong_answer_over_tcp_is_a_failure),
		cmocka_unit_test(test_server_without_edns_is_remembered),
		cmocka_unit_test(test_server_that_folds_case_is_remembered),
		cmocka_unit_test(test_server_that_folds_case_and_has_no_tcp_still_works),
		cmocka_unit_test(test_forged_answers_are_ignored_and_counted),
		cmocka_unit_test(test_identical_lookups_share_their_exchanges),
		cmocka_unit_test(test_localhost_is_never_asked),
		cmocka_unit_test(test_cancel_at_any_moment),
		cmocka_unit_test(test_unwanted_questions_are_not_repeated),
		cmocka_unit_test(test_free_with_everything_in_flight),
		cmocka_unit_test(test_only_wanted_families_are_asked),
		cmocka_unit_test(test_useless_configurations_and_names_are_refused),
		cmocka_unit_test(test_too_many_questions_at_once_are_turned_away),
		cmocka_unit_test(test_what_nobody_answers_gives_way_when_old),
		cmocka_unit_test(test_too_many_lookups_are_turned_away),
		cmocka_unit_test(test_questions_cannot_be_guessed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
