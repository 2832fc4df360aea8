#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

#include "base/err.h"
#include "mesh/netmap.h"
#include "support/alloc_turn.h"

static struct rng_seeded seeded;
static struct rng rng;
static struct netmap *map;

static void begin(uint64_t seed)
{
	rng = rng_seeded_init(&seeded, seed);
	map = netmap_new(&rng);
	assert_non_null(map);
}

static struct key_public key_of(unsigned n)
{
	return (struct key_public){{(uint8_t)n, (uint8_t)(n >> 8), 1}};
}

static struct prefix parse(const char *text)
{
	struct prefix p;

	assert_int_equal(prefix_parse(&p, text, strlen(text)), 0);
	return p;
}

/* A peer with up to two prefixes. */
static struct netmap_peer peer_of(unsigned n, const char *one, const char *two)
{
	static struct prefix list[2];
	struct netmap_peer p = {.key = key_of(n), .allowed_ips = list, .endpoint_host = "", .name = ""};

	if (one)
		list[p.allowed_ip_count++] = parse(one);
	if (two)
		list[p.allowed_ip_count++] = parse(two);
	return p;
}

static void put(unsigned n, const char *one, const char *two)
{
	struct netmap_peer p = peer_of(n, one, two);

	assert_int_equal(netmap_put_peer(map, &p), 0);
}

static void drop(unsigned n)
{
	struct key_public key = key_of(n);

	assert_int_equal(netmap_drop_peer(map, &key), 0);
}

static struct netmap_entry *find(unsigned n)
{
	struct key_public key = key_of(n);

	return netmap_find_key(map, &key);
}

static int number(const struct netmap_entry *e)
{
	const struct key_public *key = e ? &netmap_entry_peer(e)->key : NULL;

	return key ? key->bytes[0] | key->bytes[1] << 8 : -1;
}

/* Whose the address is; -1: nobody's. */
static int owner_of(const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(&a, text, strlen(text)), 0);
	return number(netmap_find_addr(map, &a));
}

/* The next change is this one; it is taken. */
static void expect(enum netmap_change_type type, int peer, unsigned what)
{
	struct netmap_change c;

	assert_true(netmap_change(map, &c));
	assert_int_equal(c.type, type);
	assert_int_equal(number(c.entry), peer);
	assert_int_equal(c.what, what);
	netmap_change_done(map, NULL);
}

static void expect_none(void)
{
	struct netmap_change c;

	assert_false(netmap_change(map, &c));
}

static void test_what_is_staged_is_not_the_map_until_committed(void **state)
{
	(void)state;
	begin(1);
	put(1, "10.0.0.1/32", NULL);
	assert_null(find(1));
	expect_none();
	netmap_discard(map);
	netmap_commit(map);
	assert_int_equal(netmap_peer_count(map), 0);
	put(2, "10.0.0.2/32", "fd00::2/128");
	netmap_commit(map);
	assert_int_equal(netmap_peer_count(map), 1);
	assert_int_equal(owner_of("10.0.0.2"), 2);
	assert_int_equal(owner_of("fd00::2"), 2);
	assert_int_equal(owner_of("10.0.0.1"), -1);
	expect(NETMAP_PEER, 2, NETMAP_ALL);
	expect_none();
	netmap_free(map);
	netmap_free(NULL);
}

static void test_differences_are_told_and_nothing_else(void **state)
{
	struct netmap_peer p = peer_of(1, "10.0.0.1/32", NULL);
	int owner;

	(void)state;
	begin(2);
	assert_int_equal(netmap_put_peer(map, &p), 0);
	netmap_commit(map);
	netmap_change_done(map, &owner);
	assert_int_equal(netmap_put_peer(map, &p), 0);
	netmap_commit(map);
	expect_none();
	p.endpoint_host = "host.example";
	p.preshared_key.bytes[3] = 1;
	assert_int_equal(netmap_put_peer(map, &p), 0);
	netmap_commit(map);
	assert_ptr_equal(netmap_owner(find(1)), &owner);
	p.persistent_keepalive_s = 25;
	p.name = "one";
	assert_int_equal(netmap_put_peer(map, &p), 0);
	netmap_commit(map);
	/* Two commits, one change. */
	expect(NETMAP_PEER, 1, NETMAP_KEYS | NETMAP_ENDPOINT | NETMAP_KEEPALIVE | NETMAP_NAME);
	expect_none();
	assert_ptr_equal(netmap_find_name(map, "ONE"), find(1));
	assert_null(netmap_find_name(map, ""));
	drop(1);
	netmap_commit(map);
	assert_null(netmap_find_name(map, "one"));
	netmap_free(map);
}

/* Whoever applies it late sees the present only: what came and went in between was never there. */
static void test_changes_not_taken_become_one(void **state)
{
	int owner;
	struct netmap_change c;

	(void)state;
	begin(3);
	put(1, "10.0.0.1/32", NULL);
	netmap_commit(map);
	drop(1);
	netmap_commit(map);
	expect_none();
	put(1, "10.0.0.1/32", NULL);
	netmap_commit(map);
	netmap_change_done(map, &owner);
	drop(1);
	drop(7);
	put(1, "10.0.0.9/32", NULL);
	netmap_commit(map);
	/* Gone and come again: another peer. */
	assert_true(netmap_change(map, &c));
	assert_int_equal(c.type, NETMAP_PEER_GONE);
	assert_ptr_equal(netmap_owner(c.entry), &owner);
	netmap_change_done(map, NULL);
	assert_null(netmap_owner(find(1)));
	expect(NETMAP_PEER, 1, NETMAP_ALL);
	expect_none();
	netmap_free(map);
}

static size_t allowed(unsigned n)
{
	struct prefix out[4];

	return netmap_allowed_ips(find(n), out);
}

static void test_a_prefix_moves_and_does_not_go_back(void **state)
{
	(void)state;
	begin(4);
	put(1, "10.0.0.0/24", "10.0.1.0/24");
	put(2, "10.0.0.0/24", "10.0.0.0/8");
	netmap_commit(map);
	assert_int_equal(owner_of("10.0.0.5"), 2);
	assert_int_equal(allowed(1), 1);
	assert_int_equal(allowed(2), 2);
	expect(NETMAP_PEER, 1, NETMAP_ALL);
	expect(NETMAP_PEER, 2, NETMAP_ALL);
	put(2, "10.0.0.0/8", NULL);
	netmap_commit(map);
	assert_int_equal(owner_of("10.0.0.5"), 2);
	assert_int_equal(allowed(1), 1);
	expect(NETMAP_PEER, 2, NETMAP_ALLOWED_IPS);
	expect_none();
	/* Who is put again takes all that he lists. */
	put(2, "10.0.1.0/24", NULL);
	netmap_commit(map);
	assert_int_equal(owner_of("10.0.0.5"), -1);
	assert_int_equal(owner_of("10.0.1.5"), 2);
	assert_int_equal(allowed(1), 0);
	expect(NETMAP_PEER, 1, NETMAP_ALLOWED_IPS);
	expect(NETMAP_PEER, 2, NETMAP_ALLOWED_IPS);
	put(1, "10.0.1.0/24", "10.0.0.0/24");
	netmap_commit(map);
	assert_int_equal(owner_of("10.0.0.5"), 1);
	assert_int_equal(owner_of("10.0.1.5"), 1);
	put(3, "10.0.0.7/32", "10.0.0.7/32");
	netmap_commit(map);
	assert_int_equal(allowed(3), 1);
	netmap_free(map);
}

static void test_impossible_peers_are_refused(void **state)
{
	struct prefix bad = parse("10.0.0.0/8");
	struct netmap_peer p = {.allowed_ips = &bad, .allowed_ip_count = 1, .endpoint_host = "", .name = ""};
	char text[NETMAP_TEXT_MAX + 2];

	(void)state;
	begin(5);
	bad.bits = 33;
	assert_int_equal(netmap_put_peer(map, &p), ERR_INVAL);
	bad = (struct prefix){0};
	assert_int_equal(netmap_put_peer(map, &p), ERR_INVAL);
	memset(text, 'a', sizeof(text));
	text[NETMAP_TEXT_MAX + 1] = '\0';
	p.allowed_ip_count = 0;
	p.name = text;
	assert_int_equal(netmap_put_peer(map, &p), ERR_INVAL);
	assert_null(netmap_find_name(map, text));
	p.name = text + 1;
	assert_int_equal(netmap_put_peer(map, &p), 0);
	netmap_commit(map);
	assert_non_null(netmap_find_name(map, text + 1));
	netmap_free(map);
}

static void set_self(const char *address, uint8_t server, const char *domain)
{
	struct prefix prefix = parse(address);
	const uint8_t bytes[4] = {10, 0, 0, server};
	struct addr addr = addr_v4(bytes);
	struct netmap_self self = {&prefix, 1, &addr, 1, &domain, 1};

	assert_int_equal(netmap_set_self(map, &self), 0);
}

static void test_self_and_names_are_told_apart(void **state)
{
	(void)state;
	begin(6);
	set_self("10.0.0.1/32", 53, "mesh.example");
	netmap_commit(map);
	expect(NETMAP_SELF, -1, 0);
	expect(NETMAP_DNS, -1, 0);
	set_self("10.0.0.1/32", 53, "mesh.example");
	netmap_commit(map);
	expect_none();
	set_self("10.0.0.1/32", 53, "other.example");
	netmap_commit(map);
	expect(NETMAP_DNS, -1, 0);
	set_self("10.0.0.2/32", 53, "other.example");
	netmap_commit(map);
	expect(NETMAP_SELF, -1, 0);
	expect_none();
	assert_string_equal(netmap_self(map)->search_domains[0], "other.example");
	set_self("10.0.0.3/32", 54, "third.example");
	netmap_discard(map);
	netmap_commit(map);
	expect_none();
	netmap_free(map);
}

/* Few prefixes and peers, so that they meet often. */
enum { PEERS = 12, PREFIXES = 20 };

static struct model {
	bool there[PEERS];
	int holder[PREFIXES];	/* -1: nobody */
} model;

static struct prefix prefix_at(unsigned i)
{
	char text[PREFIX_TEXT_MAX];

	snprintf(text, sizeof(text), i % 2 ? "10.%u.0.0/%u" : "fd00:%u::/%u", i / 4, i % 2 ? 8 + i : 16 + i);
	return parse(text);
}

static void model_give_up(unsigned n)
{
	for (unsigned i = 0; i < PREFIXES; i++) {
		if (model.holder[i] == (int)n)
			model.holder[i] = -1;
	}
}

static void random_step(unsigned turn)
{
	struct prefix list[PREFIXES];
	struct netmap_peer p = {.allowed_ips = list, .endpoint_host = "", .name = ""};
	unsigned n = rng_below(&rng, PEERS);

	model_give_up(n);
	if (!rng_below(&rng, 4)) {
		model.there[n] = false;
		drop(n);
		return;
	}
	p.key = key_of(n);
	p.persistent_keepalive_s = (uint16_t)turn;	/* never the same: a change each time */
	for (unsigned i = 0; i < PREFIXES; i++) {
		if (rng_below(&rng, 5))
			continue;
		model.holder[i] = (int)n;
		list[p.allowed_ip_count++] = prefix_at(i);
	}
	model.there[n] = true;
	assert_int_equal(netmap_put_peer(map, &p), 0);
}

/* Every prefix that a peer holds, and no other, is in its list of allowed IPs. */
static void compare_with_model(void)
{
	bool held[PREFIXES] = {false};

	for (unsigned n = 0; n < PEERS; n++) {
		struct netmap_entry *e = find(n);
		struct prefix out[PREFIXES];
		size_t count;

		assert_int_equal(e != NULL, model.there[n]);
		count = e ? netmap_allowed_ips(e, out) : 0;
		for (unsigned i = 0; i < PREFIXES; i++) {
			struct prefix p = prefix_at(i);
			bool has = false;

			for (size_t k = 0; k < count; k++)
				has |= p.bits == out[k].bits && addr_equal(&p.addr, &out[k].addr);
			assert_int_equal(has, model.holder[i] == (int)n);
			held[i] |= has;
		}
	}
	for (unsigned i = 0; i < PREFIXES; i++) {
		struct prefix p = prefix_at(i);
		int best = -1, bits = -1;

		assert_int_equal(held[i], model.holder[i] >= 0);
		for (unsigned k = 0; k < PREFIXES; k++) {
			struct prefix q = prefix_at(k);

			if (model.holder[k] >= 0 && q.bits > bits && prefix_contains(&q, &p.addr)) {
				best = model.holder[k];
				bits = q.bits;
			}
		}
		assert_int_equal(number(netmap_find_addr(map, &p.addr)), best);
	}
}

static void test_random_changes_agree_with_a_linear_model(void **state)
{
	struct netmap_change c;

	(void)state;
	for (unsigned round = 0; round < 30; round++) {
		memset(&model, 0, sizeof(model));
		for (unsigned i = 0; i < PREFIXES; i++)
			model.holder[i] = -1;
		begin(100 + round);
		for (unsigned turn = 1; turn < 100; turn++) {
			random_step(turn);
			if (rng_below(&rng, 3))
				continue;
			netmap_commit(map);
			compare_with_model();
			while (rng_below(&rng, 5) && netmap_change(map, &c))
				netmap_change_done(map, NULL);
		}
		netmap_free(map);
	}
}

static void test_without_memory_the_old_map_stays(void **state)
{
	struct netmap_peer p;
	long live = alloc_live;
	int err;

	(void)state;
	for (long n = 0; n < 16; n++) {
		alloc_failed = false;
		alloc_countdown = n;
		rng = rng_seeded_init(&seeded, 7);
		map = netmap_new(&rng);
		if (!map) {
			assert_int_equal(alloc_live, live);
			continue;
		}
		alloc_countdown = -1;
		put(1, "10.0.0.1/32", NULL);
		netmap_commit(map);
		alloc_failed = false;
		alloc_countdown = n % 4;
		p = peer_of(2, "10.0.0.1/32", "10.0.0.0/8");
		err = netmap_put_peer(map, &p);
		if (!err)
			err = netmap_drop_peer(map, &(struct key_public){{1, 0, 1}});
		if (!err)
			err = netmap_set_self(map, &(struct netmap_self){0});
		alloc_countdown = -1;
		assert_int_equal(err, alloc_failed ? ERR_NOMEM : 0);
		if (err)
			netmap_discard(map);
		netmap_commit(map);
		assert_int_equal(owner_of("10.0.0.1"), err ? 1 : 2);
		assert_int_equal(netmap_peer_count(map), 1);
		netmap_free(map);
		assert_int_equal(alloc_live, live);
	}
}

/* Tables grow; without memory for that they only get slower. */
static void test_ten_thousand_peers(void **state)
{
	enum { MANY = 10000 };
	char text[32], name[16];
	struct netmap_peer p;

	(void)state;
	for (unsigned round = 0; round < 2; round++) {
		begin(8);
		for (unsigned i = 0; i < MANY; i++) {
			snprintf(text, sizeof(text), "10.1.%u.%u/32", i >> 8, i & 255);
			snprintf(name, sizeof(name), "peer%u", i);
			p = peer_of(i, text, NULL);
			p.name = name;
			assert_int_equal(netmap_put_peer(map, &p), 0);
		}
		alloc_countdown = round ? 0 : -1;
		netmap_commit(map);
		alloc_countdown = -1;
		assert_int_equal(netmap_peer_count(map), MANY);
		for (unsigned i = 0; i < MANY; i += 7) {
			snprintf(text, sizeof(text), "10.1.%u.%u", i >> 8, i & 255);
			snprintf(name, sizeof(name), "Peer%u", i);
			assert_int_equal(owner_of(text), i);
			assert_int_equal(number(netmap_find_name(map, name)), i);
		}
		for (unsigned i = 0; i < MANY; i++)
			expect(NETMAP_PEER, (int)i, NETMAP_ALL);
		netmap_free(map);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_staged_is_not_the_map_until_committed),
		cmocka_unit_test(test_differences_are_told_and_nothing_else),
		cmocka_unit_test(test_changes_not_taken_become_one),
		cmocka_unit_test(test_a_prefix_moves_and_does_not_go_back),
		cmocka_unit_test(test_impossible_peers_are_refused),
		cmocka_unit_test(test_self_and_names_are_told_apart),
		cmocka_unit_test(test_random_changes_agree_with_a_linear_model),
		cmocka_unit_test(test_without_memory_the_old_map_stays),
		cmocka_unit_test(test_ten_thousand_peers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
