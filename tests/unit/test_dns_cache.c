#include "dns/cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include "base/compiler.h"

static const struct siphash_key key = {1, 2};
static const struct boot_time start = {NS_PER_S};

static struct dns_name name_of(const char *text)
{
	struct dns_name n;
	bool absolute;

	assert_int_equal(dns_name_parse(&n, text, strlen(text), &absolute), 0);
	return n;
}

static struct addr v4(uint8_t last)
{
	const uint8_t bytes[4] = {10, 0, 0, last};

	return addr_v4(bytes);
}

static struct boot_time after_ms(uint64_t ms)
{
	return boot_add_ms(start, ms);
}

static void put(struct dns_cache *c, const char *text, uint8_t last, uint32_t ttl_s)
{
	struct addr a = v4(last);
	struct dns_cached answer = {&a, 1};
	struct dns_name n = name_of(text);

	dns_cache_put(c, start, &n, ADDR_V4, &answer, ttl_s);
}

static bool get(struct dns_cache *c, struct boot_time now, const char *text, struct dns_cached *out)
{
	struct dns_name n = name_of(text);

	return dns_cache_get(c, now, &n, ADDR_V4, out);
}

static void test_answers_live_as_long_as_their_ttl(void **state)
{
	struct dns_cache *c = dns_cache_new(&key);
	struct dns_cached hit;
	struct addr a = v4(1);

	(void)state;
	put(c, "a.example", 1, 60);
	assert_true(get(c, after_ms(59999), "A.EXAMPLE", &hit));
	assert_int_equal(hit.count, 1);
	assert_true(addr_equal(hit.addrs, &a));
	assert_false(get(c, start, "b.example", &hit));
	assert_false(get(c, after_ms(60000), "a.example", &hit));
	assert_int_equal(dns_cache_count(c), 0);
	dns_cache_free(c);
}

static void test_families_are_apart(void **state)
{
	struct dns_cache *c = dns_cache_new(&key);
	struct dns_name n = name_of("a.example");
	struct dns_cached hit;

	(void)state;
	put(c, "a.example", 1, 60);
	assert_false(dns_cache_get(c, start, &n, ADDR_V6, &hit));
	assert_true(dns_cache_get(c, start, &n, ADDR_V4, &hit));
	dns_cache_free(c);
}

static void test_negative_answers_have_a_lower_ceiling(void **state)
{
	struct dns_cache *c = dns_cache_new(&key);
	struct dns_name n = name_of("gone.example");
	struct dns_cached hit, gone = {NULL, 0};

	(void)state;
	dns_cache_put(c, start, &n, ADDR_V4, &gone, 1000000);
	assert_true(get(c, after_ms(DNS_CACHE_NEGATIVE_TTL_MAX_S * 1000 - 1), "gone.example", &hit));
	assert_int_equal(hit.count, 0);
	assert_false(get(c, after_ms(DNS_CACHE_NEGATIVE_TTL_MAX_S * 1000), "gone.example", &hit));
	put(c, "a.example", 1, UINT32_MAX);
	assert_true(get(c, after_ms(UINT64_C(86399999)), "a.example", &hit));
	assert_false(get(c, after_ms(UINT64_C(86400000)), "a.example", &hit));
	dns_cache_free(c);
}

static void test_new_answers_replace_old_ones(void **state)
{
	struct dns_cache *c = dns_cache_new(&key);
	struct dns_cached hit;
	struct addr b = v4(2);

	(void)state;
	put(c, "a.example", 1, 60);
	put(c, "a.example", 2, 60);
	assert_int_equal(dns_cache_count(c), 1);
	assert_true(get(c, start, "a.example", &hit));
	assert_true(addr_equal(hit.addrs, &b));
	put(c, "a.example", 3, 0);
	assert_false(get(c, start, "a.example", &hit));
	dns_cache_free(c);
}

static void test_least_recently_used_makes_room(void **state)
{
	struct dns_cache *c = dns_cache_new(&key);
	struct dns_cached hit;
	char text[32];

	(void)state;
	for (unsigned i = 0; i < DNS_CACHE_MAX; i++) {
		(void)snprintf(text, sizeof(text), "n%u.example", i);
		put(c, text, (uint8_t)i, 60);
	}
	assert_int_equal(dns_cache_count(c), DNS_CACHE_MAX);
	assert_true(get(c, start, "n0.example", &hit));
	put(c, "one-more.example", 1, 60);
	assert_int_equal(dns_cache_count(c), DNS_CACHE_MAX);
	assert_true(get(c, start, "n0.example", &hit));
	assert_false(get(c, start, "n1.example", &hit));
	assert_true(get(c, start, "n2.example", &hit));
	assert_true(get(c, start, "one-more.example", &hit));
	for (unsigned i = 0; i < 3 * DNS_CACHE_MAX; i++) {
		(void)snprintf(text, sizeof(text), "m%u.example", i);
		put(c, text, (uint8_t)i, 60);
	}
	assert_int_equal(dns_cache_count(c), DNS_CACHE_MAX);
	dns_cache_free(c);
	dns_cache_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers_live_as_long_as_their_ttl),
		cmocka_unit_test(test_families_are_apart),
		cmocka_unit_test(test_negative_answers_have_a_lower_ceiling),
		cmocka_unit_test(test_new_answers_replace_old_ones),
		cmocka_unit_test(test_least_recently_used_makes_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
