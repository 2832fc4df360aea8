/* Every field of every struct of counters is an item of the walk: the structs are filled field by field, not by name. */
#include <assert.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "node/status.h"

#define FIRST 1000000007ULL
#define ITEMS_MAX 256

static struct {
	uint64_t values[ITEMS_MAX];
	char names[ITEMS_MAX][96];
	size_t count;
} seen;

static void on_item(void *ctx, const struct status_item *item)
{
	(void)ctx;
	assert_true(seen.count < ITEMS_MAX);
	assert_non_null(item->section);
	snprintf(seen.names[seen.count], sizeof(seen.names[0]), "%s %s", item->section, item->name);
	seen.values[seen.count++] = item->value;
}

static const struct status_sink sink = {on_item, NULL};

static size_t times(uint64_t value)
{
	size_t n = 0;

	for (size_t i = 0; i < seen.count; i++)
		n += seen.values[i] == value;
	return n;
}

static void fill(uint64_t *fields, size_t count)
{
	memset(&seen, 0, sizeof(seen));
	for (size_t i = 0; i < count; i++)
		fields[i] = FIRST + i;
}

static void expect_shown(size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (times(FIRST + i) != 1)
			fail_msg("field %zu is shown %zu times", i, times(FIRST + i));
	}
	for (size_t i = 0; i < seen.count; i++) {
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(seen.names[i], seen.names[j]);
	}
}

#define FIELDS(type) (sizeof(type) / sizeof(uint64_t))

static void test_udp(void **state)
{
	uint64_t fields[FIELDS(struct io_udp_counters)];
	struct io_udp_counters c;

	(void)state;
	static_assert(sizeof(c) == sizeof(fields), "counters alone");
	fill(fields, ARRAY_LEN(fields));
	memcpy(&c, fields, sizeof(c));
	status_show_udp(&sink, &c, 1, 2);
	expect_shown(ARRAY_LEN(fields));
	assert_int_equal(times(1), 1);
	assert_int_equal(times(2), 1);
}

static void test_paths(void **state)
{
	uint64_t fields[FIELDS(struct paths_counters)];
	struct paths_counters c;

	(void)state;
	static_assert(sizeof(c) == sizeof(fields), "counters alone");
	fill(fields, ARRAY_LEN(fields));
	memcpy(&c, fields, sizeof(c));
	status_show_paths(&sink, &c);
	expect_shown(ARRAY_LEN(fields));
}

static void test_drops(void **state)
{
	uint64_t fields[WG_DROP_COUNT + NET_DROP_COUNT + FIELDS(struct tunnel_drops)];
	struct tunnel_drops drops;

	(void)state;
	static_assert(sizeof(drops) % sizeof(uint64_t) == 0, "counters alone");
	fill(fields, ARRAY_LEN(fields));
	memcpy(&drops, fields + WG_DROP_COUNT + NET_DROP_COUNT, sizeof(drops));
	status_show_drops(&sink, fields, fields + WG_DROP_COUNT, &drops);
	expect_shown(ARRAY_LEN(fields));
}

static void test_repeats(void **state)
{
	uint64_t fields[FIELDS(struct net_repeats)];
	struct net_repeats r;

	(void)state;
	static_assert(sizeof(r) == sizeof(fields), "counters alone");
	fill(fields, ARRAY_LEN(fields));
	memcpy(&r, fields, sizeof(r));
	status_show_repeats(&sink, &r);
	expect_shown(ARRAY_LEN(fields));
}

static void test_memory(void **state)
{
	size_t fields[sizeof(struct net_memory) / sizeof(size_t)];
	struct net_memory m;

	(void)state;
	static_assert(sizeof(m) == sizeof(fields), "sizes alone");
	memset(&seen, 0, sizeof(seen));
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		fields[i] = (size_t)FIRST + i;
	memcpy(&m, fields, sizeof(m));
	status_show_memory(&sink, &m, 1, 2, 3);
	expect_shown(ARRAY_LEN(fields));
	for (uint64_t i = 1; i <= 3; i++)
		assert_int_equal(times(i), 1);
}

static void show_service(enum service_kind kind)
{
	const struct service_config config = {.kind = kind, .listen_port = 80};
	uint64_t fields[FIELDS(struct service_counters)];
	struct service_info info = {.config = &config, .open = true};

	static_assert(sizeof(info.counters) == sizeof(fields), "counters alone");
	fill(fields, ARRAY_LEN(fields));
	memcpy(&info.counters, fields, sizeof(fields));
	status_show_service(&sink, &info);
	expect_shown(ARRAY_LEN(fields));
}

static void test_services(void **state)
{
	(void)state;
	for (unsigned kind = 0; kind < SERVICE_KIND_COUNT; kind++)
		show_service((enum service_kind)kind);
}

static void test_peers(void **state)
{
	uint64_t fields[7];
	struct status_peer p = {.now = {1}};

	(void)state;
	fill(fields, ARRAY_LEN(fields));
	p.info.rx_bytes = fields[0];
	p.info.tx_bytes = fields[1];
	p.info.rx_data = fields[2];
	p.info.tx_data = fields[3];
	p.info.attempts = (unsigned)fields[4];
	p.downs = fields[5];
	p.roams = fields[6];
	status_show_peer(&sink, &p);
	expect_shown(ARRAY_LEN(fields));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_udp), cmocka_unit_test(test_paths), cmocka_unit_test(test_drops), cmocka_unit_test(test_repeats),
		cmocka_unit_test(test_memory), cmocka_unit_test(test_services), cmocka_unit_test(test_peers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
