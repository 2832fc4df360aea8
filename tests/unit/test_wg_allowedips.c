#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdlib.h>

#include "base/err.h"
#include "base/rng.h"
#include "wg/allowedips.h"

#define PEERS 16

/* The trie only keeps pointers to peers. */
static char peers[PEERS];
static struct list routes[PEERS];
static struct wg_allowedips trie;

static struct wg_peer *peer_at(unsigned i)
{
	return (struct wg_peer *)(void *)&peers[i];
}

static void begin(void)
{
	unsigned i;

	wg_allowedips_init(&trie);
	for (i = 0; i < PEERS; i++)
		list_init(&routes[i]);
}

static struct prefix parse(const char *text)
{
	struct prefix p;

	assert_int_equal(prefix_parse(&p, text, strlen(text)), 0);
	return p;
}

static void give(unsigned peer, const char *text)
{
	struct prefix p = parse(text);

	assert_int_equal(wg_allowedips_insert(&trie, peer_at(peer), &routes[peer], &p, 1), 0);
}

/* -1: nobody. */
static int find(const char *text)
{
	struct wg_peer *found;
	struct addr a;

	assert_int_equal(addr_parse(&a, text, strlen(text)), 0);
	found = wg_allowedips_find(&trie, &a);
	return found ? (int)((char *)(void *)found - peers) : -1;
}

static void test_the_most_specific_prefix_wins(void **state)
{
	static const struct {
		const char *addr;
		int peer;
	} cases[] = {
		{"192.168.4.20", 0}, {"192.168.4.4", 1}, {"192.168.0.182", 2}, {"192.95.5.68", 3},
		{"192.95.5.95", 4}, {"192.95.5.96", 6}, {"10.1.2.3", 5},
		{"11.1.2.3", 6}, {"0.0.0.0", 6}, {"255.255.255.255", 6},
		{"2607:5300:60:6b0::1", 7}, {"2607:5300:60:6b0:c05f:543::", 8},
		{"2607:5300:60:6b1::", -1}, {"::1", -1},
	};
	size_t i;

	(void)state;
	begin();
	give(0, "192.168.4.0/24");
	give(1, "192.168.4.4/32");
	give(2, "192.168.0.0/16");
	give(3, "192.95.5.64/27");
	give(4, "192.95.5.65/27");	/* the same prefix: moves */
	give(3, "192.95.5.68/32");
	give(5, "10.0.0.0/8");
	give(6, "0.0.0.0/0");
	give(7, "2607:5300:60:6b0::/64");
	give(8, "2607:5300:60:6b0:c05f:543::/128");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(find(cases[i].addr), cases[i].peer);
	wg_allowedips_fini(&trie);
}

static void test_same_prefix_moves_to_the_second_peer(void **state)
{
	(void)state;
	begin();
	give(0, "10.0.0.0/24");
	give(0, "10.0.1.0/24");
	give(1, "10.0.0.0/24");
	assert_int_equal(find("10.0.0.1"), 1);
	wg_allowedips_remove(&trie, &routes[0]);
	assert_int_equal(find("10.0.0.1"), 1);
	assert_int_equal(find("10.0.1.1"), -1);
	wg_allowedips_remove(&trie, &routes[1]);
	assert_int_equal(find("10.0.0.1"), -1);
	assert_null(trie.v4);
	wg_allowedips_fini(&trie);
}

static int route(const char *text)
{
	struct wg_peer *found;
	struct addr a;

	assert_int_equal(addr_parse(&a, text, strlen(text)), 0);
	found = wg_allowedips_route(&trie, &a);
	assert_int_equal(found ? (int)((char *)(void *)found - peers) : -1, find(text));
	return find(text);
}

static void test_a_route_is_not_remembered_beyond_a_change(void **state)
{
	struct addr none = {0};

	(void)state;
	begin();
	assert_null(wg_allowedips_route(&trie, &none));
	assert_int_equal(route("10.0.0.1"), -1);
	give(0, "10.0.0.0/8");
	assert_int_equal(route("10.0.0.1"), 0);
	give(1, "10.0.0.0/24");
	assert_int_equal(route("10.0.0.1"), 1);
	give(2, "10.0.0.0/24");
	assert_int_equal(route("10.0.0.1"), 2);
	assert_null(wg_allowedips_route(&trie, &none));
	assert_int_equal(route("10.0.0.1"), 2);
	wg_allowedips_remove(&trie, &routes[2]);
	assert_int_equal(route("10.0.0.1"), 0);
	wg_allowedips_remove(&trie, &routes[0]);
	assert_int_equal(route("10.0.0.1"), -1);
	assert_int_equal(route("::"), -1);
	wg_allowedips_fini(&trie);
}

static void replace(unsigned peer, const char *one, const char *two)
{
	struct prefix list[2] = {parse(one), parse(two)};

	assert_int_equal(wg_allowedips_replace(&trie, peer_at(peer), &routes[peer], list, 2), 0);
}

static void test_replacing_gives_up_what_is_not_listed(void **state)
{
	struct prefix impossible = parse("10.0.0.0/8");

	(void)state;
	begin();
	give(0, "10.0.0.0/24");
	give(0, "10.0.1.0/24");
	give(1, "10.0.2.0/24");
	give(2, "10.0.0.0/8");
	assert_int_equal(route("10.0.0.1"), 0);
	replace(0, "10.0.1.0/24", "10.0.2.0/24");
	assert_int_equal(route("10.0.0.1"), 2);
	assert_int_equal(route("10.0.1.1"), 0);
	assert_int_equal(route("10.0.2.1"), 0);
	assert_true(list_empty(&routes[1]));
	/* What has moved does not go back. */
	replace(0, "fd00::/8", "fd00::/8");
	assert_int_equal(route("10.0.2.1"), 2);
	assert_int_equal(route("fd00::1"), 0);
	impossible.bits = 33;
	assert_int_equal(wg_allowedips_replace(&trie, peer_at(0), &routes[0], &impossible, 1), ERR_INVAL);
	assert_int_equal(route("fd00::1"), 0);
	assert_int_equal(wg_allowedips_replace(&trie, peer_at(0), &routes[0], NULL, 0), 0);
	assert_int_equal(route("fd00::1"), -1);
	assert_null(trie.v6);
	wg_allowedips_fini(&trie);
}

static void test_families_do_not_mix(void **state)
{
	struct addr none = {0}, path = addr_path(1);

	(void)state;
	begin();
	give(0, "::/0");
	assert_null(wg_allowedips_find(&trie, &path));
	assert_int_equal(find("0.0.0.0"), -1);
	assert_int_equal(find("::"), 0);
	assert_null(wg_allowedips_find(&trie, &none));
	wg_allowedips_fini(&trie);
}

static void test_impossible_prefixes_are_refused_as_a_whole(void **state)
{
	struct prefix list[2];

	(void)state;
	begin();
	list[0] = parse("10.0.0.0/8");
	list[1] = list[0];
	list[1].bits = 33;
	assert_int_equal(wg_allowedips_insert(&trie, peer_at(0), &routes[0], list, 2), ERR_INVAL);
	list[1] = (struct prefix){0};
	assert_int_equal(wg_allowedips_insert(&trie, peer_at(0), &routes[0], list, 2), ERR_INVAL);
	list[1].addr = addr_path(1);
	assert_int_equal(wg_allowedips_insert(&trie, peer_at(0), &routes[0], list, 2), ERR_INVAL);
	assert_int_equal(find("10.0.0.1"), -1);
	assert_true(list_empty(&routes[0]));
	wg_allowedips_fini(&trie);
}

struct model {
	struct prefix prefix;
	int peer;		/* -1: removed */
};

static int model_find(const struct model *m, size_t count, const struct addr *a)
{
	int best = -1, bits = -1;
	size_t i;

	for (i = 0; i < count; i++) {
		if (m[i].peer >= 0 && (int)m[i].prefix.bits > bits &&
		    prefix_contains(&m[i].prefix, a)) {
			best = m[i].peer;
			bits = m[i].prefix.bits;
		}
	}
	return best;
}

/* Addresses with few distinct bits, so that prefixes nest and part often. */
static struct addr random_addr(const struct rng *rng, bool v6)
{
	uint8_t bytes[16] = {0};
	unsigned i;

	for (i = 0; i < (v6 ? 16u : 4u); i++)
		bytes[i] = rng_below(rng, 4) ? 0 : (uint8_t)(1u << rng_below(rng, 8));
	return v6 ? addr_v6(bytes) : addr_v4(bytes);
}

static struct prefix random_prefix(const struct rng *rng, bool v6)
{
	struct prefix p = {random_addr(rng, v6), 0};
	unsigned i, bits = rng_below(rng, v6 ? 129 : 33);

	for (i = bits; i < (v6 ? 128u : 32u); i++)
		p.addr.bytes[i / 8] &= (uint8_t)~(0x80u >> i % 8);
	p.bits = (uint8_t)bits;
	return p;
}

static void compare(const struct model *m, size_t count, const struct rng *rng, bool v6)
{
	struct wg_peer *found;
	struct addr a;
	int i;

	for (i = 0; i < 300; i++) {
		a = random_addr(rng, v6);
		found = wg_allowedips_find(&trie, &a);
		assert_int_equal(found ? (int)((char *)(void *)found - peers) : -1,
				 model_find(m, count, &a));
		assert_ptr_equal(wg_allowedips_route(&trie, &a), found);
	}
}

static void test_random_routes_agree_with_a_linear_search(void **state)
{
	enum { ROUTES = 300 };
	static struct model m[ROUTES];
	struct rng_seeded seeded;
	struct rng rng;
	unsigned round, i, j, peer;
	bool v6;

	(void)state;
	for (round = 0; round < 40; round++) {
		rng = rng_seeded_init(&seeded, round);
		v6 = round % 2;
		begin();
		for (i = 0; i < ROUTES; i++) {
			peer = rng_below(&rng, PEERS);
			m[i] = (struct model){random_prefix(&rng, v6), (int)peer};
			for (j = 0; j < i; j++)
				if (m[j].prefix.bits == m[i].prefix.bits &&
				    addr_equal(&m[j].prefix.addr, &m[i].prefix.addr))
					m[j].peer = -1;
			assert_int_equal(wg_allowedips_insert(&trie, peer_at(peer), &routes[peer],
							      &m[i].prefix, 1), 0);
		}
		compare(m, ROUTES, &rng, v6);
		for (peer = 0; peer < PEERS; peer++) {
			wg_allowedips_remove(&trie, &routes[peer]);
			for (i = 0; i < ROUTES; i++)
				if (m[i].peer == (int)peer)
					m[i].peer = -1;
			compare(m, ROUTES, &rng, v6);
		}
		/* Nothing may be left, or removal leaves branches behind. */
		assert_null(trie.v4);
		assert_null(trie.v6);
		wg_allowedips_fini(&trie);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_most_specific_prefix_wins),
		cmocka_unit_test(test_same_prefix_moves_to_the_second_peer),
		cmocka_unit_test(test_a_route_is_not_remembered_beyond_a_change),
		cmocka_unit_test(test_replacing_gives_up_what_is_not_listed),
		cmocka_unit_test(test_families_do_not_mix),
		cmocka_unit_test(test_impossible_prefixes_are_refused_as_a_whole),
		cmocka_unit_test(test_random_routes_agree_with_a_linear_search),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
