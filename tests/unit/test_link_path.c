#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "link/path.h"
#include "support/sim_loop.h"
#include "support/sim_udp.h"

#define SEEN_MAX 256
#define BLOCKS 2

struct seen {
	struct endpoint at;	/* source or destination */
	size_t len;
	uint8_t first, last;
};

/* What carriers were given, and what came up. */
static struct {
	struct io_loop loop;
	struct packet_pool *pool;
	struct paths *paths;
	struct seen sent[SEEN_MAX], received[SEEN_MAX];
	unsigned sent_count, received_count;
	unsigned batches;
	uint8_t *unfinished[SEEN_MAX];	/* slots whose first byte before_send writes */
	unsigned unfinished_count;
	struct packet_block *kept;
	uint32_t closes;		/* a path that the carrier closes when it gets a datagram */
} lab;

static void on_datagram(void *ctx, const struct endpoint *src, struct packet_block *block, uint8_t *data, size_t len)
{
	(void)ctx;
	assert_true(lab.received_count < SEEN_MAX);
	assert_true(data >= block->data && (size_t)(data - block->data) <= PACKET_BLOCK_SIZE - len);
	lab.received[lab.received_count++] = (struct seen){*src, len, data[0], data[len - 1]};
	if (!lab.kept) {
		packet_block_ref(block);
		lab.kept = block;
	}
}

static void on_batch_end(void *ctx)
{
	(void)ctx;
	lab.batches++;
}

static void before_send(void *ctx)
{
	(void)ctx;
	for (unsigned i = 0; i < lab.unfinished_count; i++)
		*lab.unfinished[i] = (uint8_t)(100 + i);
	lab.unfinished_count = 0;
}

static void carry(void *ctx, uint32_t path, const uint8_t *data, size_t len)
{
	assert_ptr_equal(ctx, &lab);
	assert_true(lab.sent_count < SEEN_MAX);
	lab.sent[lab.sent_count++] = (struct seen){{.addr = addr_path(path)}, len, data[0], data[len - 1]};
	if (lab.closes)
		paths_close(lab.paths, lab.closes);
}

static int begin(void **state)
{
	struct io_udp_config config = {
		.loop = &lab.loop, .ipv4 = true, .ipv6 = true, .on_datagram = on_datagram,
		.on_batch_end = on_batch_end, .before_send = before_send,
	};

	(void)state;
	memset(&lab, 0, sizeof(lab));
	memset(&sim_net, 0, sizeof(sim_net));
	sim_loop_init(&lab.loop);
	config.pool = lab.pool = packet_pool_new(BLOCKS, 16);
	sim_net.near = (struct endpoint){.addr = {ADDR_V4, {192, 0, 2, 1}}, .port = 51820};
	return lab.pool && !paths_new(&config, &lab.paths) ? 0 : -1;
}

/* The pool asserts that all blocks have come back. */
static int end(void **state)
{
	(void)state;
	paths_free(lab.paths);
	if (lab.kept)
		packet_block_unref(lab.kept);
	packet_pool_free(lab.pool);
	return 0;
}

static uint32_t open_path(void)
{
	uint32_t id = 0;

	assert_int_equal(paths_open(lab.paths, carry, &lab, &id), 0);
	assert_int_not_equal(id, 0);
	return id;
}

/* All bytes are `byte`. */
static void send_to(struct endpoint dst, size_t len, uint8_t byte)
{
	uint8_t *slot = paths_slot(lab.paths, &dst, len + 16);

	assert_non_null(slot);
	memset(slot, byte, len);
	paths_commit(lab.paths, len);
}

static struct endpoint by_path(uint32_t id)
{
	return (struct endpoint){.addr = addr_path(id)};
}

static void test_datagrams_go_where_their_address_says(void **state)
{
	struct endpoint v4 = {.addr = {ADDR_V4, {192, 0, 2, 9}}, .port = 9};
	uint32_t a = open_path(), b = open_path();
	struct sim_flight f;

	(void)state;
	send_to(by_path(a), 100, 1);
	send_to(v4, 101, 2);
	send_to(by_path(b), 102, 3);
	send_to(by_path(a), 103, 4);
	assert_int_equal(lab.sent_count, 0);
	paths_flush(lab.paths);
	assert_int_equal(lab.sent_count, 3);
	for (unsigned i = 0; i < 3; i++) {
		static const size_t lens[] = {100, 102, 103};
		static const uint8_t bytes[] = {1, 3, 4};

		assert_int_equal(addr_path_id(&lab.sent[i].at.addr), i == 1 ? b : a);
		assert_int_equal(lab.sent[i].len, lens[i]);
		assert_int_equal(lab.sent[i].first, bytes[i]);
		assert_int_equal(lab.sent[i].last, bytes[i]);
	}
	assert_true(sim_land(boot_add_ms(lab.loop.now, SIM_WAY_MS), &f));
	assert_true(endpoint_equal(&f.dst, &v4));
	assert_int_equal(f.len, 101);
	assert_false(sim_land(boot_add_ms(lab.loop.now, SIM_WAY_MS), &f));
	paths_flush(lab.paths);
	assert_int_equal(lab.sent_count, 3);
	assert_int_equal(paths_counters(lab.paths)->tx_datagrams, 3);
}

static void test_content_is_finished_before_it_leaves(void **state)
{
	struct endpoint dst = by_path(open_path());

	(void)state;
	/* More than a batch holds, by number. */
	for (unsigned i = 0; i < 100; i++) {
		uint8_t *slot = paths_slot(lab.paths, &dst, 50);

		memset(slot, 0, 50);
		lab.unfinished[lab.unfinished_count++] = slot;
		paths_commit(lab.paths, 50);
	}
	assert_in_range(lab.sent_count, 1, 99);
	paths_flush(lab.paths);
	assert_int_equal(lab.sent_count, 100);
	for (unsigned i = 0; i < 100; i++)
		assert_true(lab.sent[i].first >= 100);
}

static void test_long_datagrams_fill_a_batch_by_length(void **state)
{
	struct endpoint dst = by_path(open_path());

	(void)state;
	for (unsigned i = 0; i < 9; i++)
		send_to(dst, PACKET_BLOCK_SIZE / 2 - 16, (uint8_t)(i + 1));
	paths_flush(lab.paths);
	assert_int_equal(lab.sent_count, 9);
	for (unsigned i = 0; i < 9; i++) {
		assert_int_equal(lab.sent[i].first, i + 1);
		assert_int_equal(lab.sent[i].last, i + 1);
	}
}

static void test_a_slot_that_is_not_committed_is_given_up(void **state)
{
	struct endpoint v4 = {.addr = {ADDR_V4, {192, 0, 2, 9}}, .port = 9}, dst = by_path(open_path());
	struct sim_flight f;

	(void)state;
	assert_non_null(paths_slot(lab.paths, &dst, 100));
	send_to(v4, 10, 1);
	assert_non_null(paths_slot(lab.paths, &v4, 100));
	send_to(dst, 20, 2);
	paths_flush(lab.paths);
	assert_int_equal(lab.sent_count, 1);
	assert_int_equal(lab.sent[0].len, 20);
	assert_true(sim_land(boot_add_ms(lab.loop.now, SIM_WAY_MS), &f));
	assert_int_equal(f.len, 10);
	assert_false(sim_land(boot_add_ms(lab.loop.now, SIM_WAY_MS), &f));
}

static void test_what_arrives_has_its_path_as_source(void **state)
{
	uint32_t a = open_path(), b = open_path();
	struct endpoint from_a = by_path(a), from_b = by_path(b);
	uint8_t data[1400];

	(void)state;
	/* More than a block holds. */
	for (unsigned i = 0; i < 60; i++) {
		memset(data, (int)i, sizeof(data));
		paths_receive(lab.paths, i % 2 ? b : a, data, sizeof(data) - i);
	}
	assert_int_equal(lab.batches, 0);
	paths_receive_end(lab.paths);
	assert_int_equal(lab.batches, 1);
	assert_int_equal(lab.received_count, 60);
	for (unsigned i = 0; i < 60; i++) {
		assert_true(endpoint_equal(&lab.received[i].at, i % 2 ? &from_b : &from_a));
		assert_int_equal(lab.received[i].len, sizeof(data) - i);
		assert_int_equal(lab.received[i].first, i);
		assert_int_equal(lab.received[i].last, i);
	}
	/* Only what the receiver holds is still there. */
	assert_int_equal(packet_pool_blocks_used(lab.pool), 1);
}

static void test_what_has_no_place_is_dropped_and_counted(void **state)
{
	static uint8_t data[PACKET_BLOCK_SIZE + 1];
	struct packet_block *spare;
	uint32_t id = open_path();

	(void)state;
	paths_receive(lab.paths, id, data, 0);
	paths_receive(lab.paths, id, data, sizeof(data));
	assert_int_equal(paths_counters(lab.paths)->rx_refused, 2);
	/* The first block is kept, the second given back for the third, which is the second again. */
	for (unsigned i = 0; i < 3; i++)
		paths_receive(lab.paths, id, data, PACKET_BLOCK_SIZE);
	paths_receive_end(lab.paths);
	assert_int_equal(lab.received_count, 3);
	spare = packet_block_get(lab.pool);
	assert_non_null(spare);
	paths_receive(lab.paths, id, data, 1);
	assert_int_equal(paths_counters(lab.paths)->rx_nobuf, 1);
	assert_int_equal(lab.received_count, 3);
	paths_receive_end(lab.paths);
	packet_block_unref(spare);
}

static void test_a_closed_path_carries_nothing(void **state)
{
	uint32_t a = open_path(), b = open_path(), again;

	(void)state;
	send_to(by_path(a), 10, 1);
	send_to(by_path(b), 10, 2);
	paths_close(lab.paths, a);
	paths_close(lab.paths, a);
	/* The entry is used again, its id is not. */
	again = open_path();
	assert_int_equal(again & 0xffff, a & 0xffff);
	assert_int_not_equal(again, a);
	paths_flush(lab.paths);
	assert_int_equal(lab.sent_count, 1);
	assert_int_equal(addr_path_id(&lab.sent[0].at.addr), b);
	assert_int_equal(paths_counters(lab.paths)->tx_closed, 1);
	paths_receive(lab.paths, a, "x", 1);
	assert_int_equal(lab.received_count, 0);
	/* Nor do ids carry that were never given, inside the table or behind it. */
	for (uint32_t i = 0; i < 64; i++)
		paths_receive(lab.paths, (i + 2) | 1u << 16, "x", 1);
	assert_int_equal(lab.received_count, 0);
	paths_close(lab.paths, a);
	paths_receive(lab.paths, again, "x", 1);
	paths_receive_end(lab.paths);
	assert_int_equal(lab.received_count, 1);
}

static void test_a_carrier_may_close_paths_while_it_is_given_datagrams(void **state)
{
	uint32_t a = open_path(), b = open_path();

	(void)state;
	send_to(by_path(a), 10, 1);
	send_to(by_path(b), 10, 2);
	lab.closes = b;
	paths_flush(lab.paths);
	assert_int_equal(lab.sent_count, 1);
	assert_int_equal(paths_counters(lab.paths)->tx_closed, 1);
}

static void test_an_id_is_never_given_twice(void **state)
{
	uint32_t first = open_path(), last = first, id;

	(void)state;
	for (unsigned i = 1; i < 65535; i++) {
		paths_close(lab.paths, last);
		id = open_path();
		assert_int_equal(id & 0xffff, first & 0xffff);
		assert_true(id > last);
		last = id;
	}
	/* Used up. */
	paths_close(lab.paths, last);
	id = open_path();
	assert_int_not_equal(id & 0xffff, first & 0xffff);
}

static void test_paths_are_bounded(void **state)
{
	uint32_t id, first = open_path();

	(void)state;
	for (unsigned i = 1; i < PATHS_MAX; i++)
		(void)open_path();
	assert_int_equal(paths_open(lab.paths, carry, &lab, &id), ERR_LIMIT);
	paths_close(lab.paths, first);
	assert_int_equal(paths_open(lab.paths, carry, &lab, &id), 0);
	assert_int_not_equal(id, first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_datagrams_go_where_their_address_says, begin, end),
		cmocka_unit_test_setup_teardown(test_content_is_finished_before_it_leaves, begin, end),
		cmocka_unit_test_setup_teardown(test_long_datagrams_fill_a_batch_by_length, begin, end),
		cmocka_unit_test_setup_teardown(test_a_slot_that_is_not_committed_is_given_up, begin, end),
		cmocka_unit_test_setup_teardown(test_what_arrives_has_its_path_as_source, begin, end),
		cmocka_unit_test_setup_teardown(test_what_has_no_place_is_dropped_and_counted, begin, end),
		cmocka_unit_test_setup_teardown(test_a_closed_path_carries_nothing, begin, end),
		cmocka_unit_test_setup_teardown(test_a_carrier_may_close_paths_while_it_is_given_datagrams, begin, end),
		cmocka_unit_test_setup_teardown(test_an_id_is_never_given_twice, begin, end),
		cmocka_unit_test_setup_teardown(test_paths_are_bounded, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
