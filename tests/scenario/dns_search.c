/* Search domains: which of the names that a text may stand for is taken. */
#include "dns/resolver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include "base/compiler.h"
#include "support/dns_sim.h"

static const struct sim_record zone[] = {
	{.name = "both.example", .v4 = "192.0.2.1", .v6 = "2001:db8::1", .ttl_s = 60},
	{.name = "four.example", .v4 = "192.0.2.4", .ttl_s = 60},
	{.name = "db.corp.example", .v4 = "10.1.1.1", .ttl_s = 60},
	{.name = "db.lab.example", .v6 = "fd00::1", .ttl_s = 60},
	{.name = "only.lab.example", .v6 = "fd00::2", .ttl_s = 60},
	{.name = "host.sub.corp.example", .v4 = "10.1.1.2", .ttl_s = 60},
	{.name = "bad.corp.example", .rcode = 2},
	{.name = "bad.lab.example", .v4 = "10.1.1.9", .ttl_s = 60},
	{.name = "ghost.corp.example", .rcode = 2},
	{.name = "com", .v4 = "192.0.2.99", .ttl_s = 60},
};

static const char *const search[] = {"corp.example", "not a domain", "lab.example."};

static struct sim *world_with_search(void)
{
	return sim_new(zone, ARRAY_LEN(zone), 1, search, ARRAY_LEN(search), 1);
}

static void test_search_domains(void **state)
{
	struct sim *s = world_with_search();
	int db, only, absolute, dotted, as_is, com, none;

	(void)state;
	sim_ask(s, "db", &db);
	sim_ask(s, "only", &only);
	sim_ask(s, "db.", &absolute);
	sim_ask(s, "host.sub", &dotted);
	sim_ask(s, "four.example", &as_is);
	sim_ask(s, "com", &com);
	sim_ask(s, "none.of.these", &none);
	sim_run_ms(s, 1000);
	/* The first domain has the name with IPv4 only: IPv6 of the second is another host. */
	assert_address(s, &db, ADDR_V4, "10.1.1.1");
	assert_cause(s, &db, ADDR_V6, CAUSE_NAME_NOT_FOUND);
	assert_address(s, &only, ADDR_V6, "fd00::2");
	assert_cause(s, &only, ADDR_V4, CAUSE_NAME_NOT_FOUND);
	assert_cause(s, &absolute, ADDR_V4, CAUSE_NAME_NOT_FOUND);
	assert_address(s, &dotted, ADDR_V4, "10.1.1.2");
	assert_address(s, &as_is, ADDR_V4, "192.0.2.4");
	assert_address(s, &com, ADDR_V4, "192.0.2.99");
	assert_cause(s, &none, ADDR_V4, CAUSE_NAME_NOT_FOUND);
	assert_cause(s, &none, ADDR_V6, CAUSE_NAME_NOT_FOUND);
	assert_quiet(s);
	sim_free(s);
}

static void test_late_family_stays_with_the_chosen_domain(void **state)
{
	struct sim *s = world_with_search();
	int owner;

	(void)state;
	s->servers[0].aaaa_delay_ms = 200;
	sim_ask(s, "db", &owner);
	sim_run_ms(s, 1000);
	assert_address(s, &owner, ADDR_V4, "10.1.1.1");
	assert_cause(s, &owner, ADDR_V6, CAUSE_NAME_NOT_FOUND);
	assert_int_equal(s->sent, 2);
	assert_quiet(s);
	sim_free(s);
}

/* RFC 4074 4.2: what dnsmasq says of AAAA when it knows IPv4 from a hosts file. */
static void test_nxdomain_for_aaaa_leaves_a_good_ipv4_address_alone(void **state)
{
	static const unsigned delays[] = {0, 200};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(delays); i++) {
		struct sim *s = world_with_search();
		int db, as_is, again;

		s->servers[0].aaaa_rcode = 3;
		s->servers[0].aaaa_delay_ms = delays[i];
		sim_ask(s, "db", &db);
		sim_ask(s, "both.example", &as_is);
		sim_run_ms(s, 1000);
		assert_address(s, &db, ADDR_V4, "10.1.1.1");
		assert_cause(s, &db, ADDR_V6, CAUSE_NAME_NOT_FOUND);
		assert_address(s, &as_is, ADDR_V4, "192.0.2.1");
		assert_cause(s, &as_is, ADDR_V6, CAUSE_NAME_NOT_FOUND);
		assert_int_equal(s->sent, 4);
		/* Nor does what the cache knows of AAAA. */
		sim_run_ms(s, 59000);
		sim_ask(s, "db", &again);
		sim_run_ms(s, 1000);
		assert_address(s, &again, ADDR_V4, "10.1.1.1");
		assert_quiet(s);
		sim_free(s);
	}
}

/* Only the first domain was asked of: by name, both families. */
static void assert_stayed(struct sim *s, const char *name, enum cause v4, enum cause v6)
{
	int owner;

	s->result_count = 0;
	sim_ask(s, name, &owner);
	sim_run_ms(s, 20000);
	assert_cause(s, &owner, ADDR_V4, v4);
	assert_cause(s, &owner, ADDR_V6, v6);
	assert_quiet(s);
}

/* bad.lab.example exists: to whoever means bad.corp.example it is the wrong host. */
static void test_failures_do_not_move_a_name_to_the_next_domain(void **state)
{
	struct sim *s = world_with_search();

	(void)state;
	assert_stayed(s, "bad", CAUSE_NAME_FAILED, CAUSE_NAME_FAILED);
	assert_stayed(s, "ghost", CAUSE_NAME_FAILED, CAUSE_NAME_FAILED);
	sim_free(s);
	/* IPv4 is settled, IPv6 is not: SERVFAIL, REFUSED, silence. */
	for (unsigned rcode = 2; rcode <= 5; rcode += 3) {
		s = world_with_search();
		s->servers[0].aaaa_rcode = rcode;
		assert_stayed(s, "only", CAUSE_NAME_NOT_FOUND, CAUSE_NAME_FAILED);
		sim_free(s);
	}
	s = world_with_search();
	s->servers[0].drops_aaaa = true;
	assert_stayed(s, "only", CAUSE_NAME_NOT_FOUND, CAUSE_NAME_NO_ANSWER);
	sim_free(s);
	s = world_with_search();
	s->servers[0].silent = true;
	assert_stayed(s, "only", CAUSE_NAME_NO_ANSWER, CAUSE_NAME_NO_ANSWER);
	sim_free(s);
}

static void test_ndots_chooses_what_is_tried_first(void **state)
{
	static const struct sim_record both[] = {
		{.name = "a", .v4 = "192.0.2.5", .ttl_s = 60},
		{.name = "a.corp.example", .v4 = "192.0.2.6", .ttl_s = 60},
		{.name = "a.b", .v4 = "192.0.2.1", .ttl_s = 60},
		{.name = "a.b.corp.example", .v4 = "192.0.2.2", .ttl_s = 60},
		{.name = "a.b.c", .v4 = "192.0.2.3", .ttl_s = 60},
		{.name = "a.b.c.corp.example", .v4 = "192.0.2.4", .ttl_s = 60},
	};
	static const struct {
		unsigned ndots;
		const char *name, *address;
	} cases[] = {
		{0, "a", "192.0.2.5"}, {1, "a", "192.0.2.6"}, {1, "a.b", "192.0.2.1"}, {2, "a.b", "192.0.2.2"},
		{2, "a.b.c", "192.0.2.3"}, {3, "a.b.c", "192.0.2.4"}, {3, "a.b.", "192.0.2.1"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct sim *s = sim_new(both, ARRAY_LEN(both), 1, NULL, 0, 1);
		struct dns_resolver_config config = {
			.servers = s->endpoints, .server_count = 1, .rng = &s->rng,
			.search = search, .search_count = 1, .want_v4 = true,
			.ndots = cases[i].ndots,
		};
		int owner;

		dns_resolver_free(s->resolver);
		s->resolver = dns_resolver_new(&config);
		sim_ask(s, cases[i].name, &owner);
		sim_run_ms(s, 500);
		assert_address(s, &owner, ADDR_V4, cases[i].address);
		sim_free(s);
	}
}

static void test_without_a_cache_each_lookup_asks(void **state)
{
	struct sim *s = world_with_search();
	struct dns_resolver_config config = {
		.servers = s->endpoints, .server_count = 1, .rng = &s->rng, .want_v4 = true,
		.uncached = true,
	};
	int owner;

	(void)state;
	dns_resolver_free(s->resolver);
	s->resolver = dns_resolver_new(&config);
	assert_non_null(s->resolver);
	for (unsigned i = 1; i <= 3; i++) {
		s->result_count = 0;
		sim_ask(s, "both.example", &owner);
		sim_run_ms(s, 100);
		assert_address(s, &owner, ADDR_V4, "192.0.2.1");
		assert_int_equal(s->sent, i);
	}
	assert_quiet(s);
	sim_free(s);
}

static void test_names_too_long_for_a_domain_leave_it_out(void **state)
{
	struct sim *s = world_with_search();
	char name[254];
	int owner;

	(void)state;
	memset(name, 'x', sizeof(name));
	name[63] = name[127] = name[191] = '.';
	name[250] = '\0';
	sim_ask(s, name, &owner);
	sim_run_ms(s, 500);
	assert_cause(s, &owner, ADDR_V4, CAUSE_NAME_NOT_FOUND);
	assert_int_equal(s->sent, 2);
	assert_quiet(s);
	sim_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_search_domains),
		cmocka_unit_test(test_late_family_stays_with_the_chosen_domain),
		cmocka_unit_test(test_nxdomain_for_aaaa_leaves_a_good_ipv4_address_alone),
		cmocka_unit_test(test_failures_do_not_move_a_name_to_the_next_domain),
		cmocka_unit_test(test_ndots_chooses_what_is_tried_first),
		cmocka_unit_test(test_without_a_cache_each_lookup_asks),
		cmocka_unit_test(test_names_too_long_for_a_domain_leave_it_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
