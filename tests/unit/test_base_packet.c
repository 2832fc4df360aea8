#include "base/packet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void test_blocks_are_bounded_and_reused(void **state)
{
	struct packet_pool *pool = packet_pool_new(2, 4);
	struct packet_block *a, *b;

	(void)state;
	assert_non_null(pool);
	a = packet_block_get(pool);
	b = packet_block_get(pool);
	assert_non_null(a);
	assert_non_null(b);
	assert_int_equal((uintptr_t)a->data % 64, 0);
	assert_null(packet_block_get(pool));
	assert_int_equal(packet_pool_blocks_used(pool), 2);
	packet_block_unref(a);
	assert_ptr_equal(packet_block_get(pool), a);
	packet_block_unref(a);
	packet_block_unref(b);
	assert_int_equal(packet_pool_blocks_used(pool), 0);
	packet_pool_free(pool);
}

static void test_last_packet_returns_the_block(void **state)
{
	struct packet_pool *pool = packet_pool_new(1, 200);
	struct packet_block *block = packet_block_get(pool);
	struct packet *packets[45];

	(void)state;
	for (size_t i = 0; i < 45; i++) {
		packets[i] = packet_get(block, block->data + i * 1400, 1400);
		assert_non_null(packets[i]);
		assert_int_equal((uintptr_t)packets[i] % 16, 0);
		memset(packets[i]->headroom, 0xff, PACKET_HEADROOM);
		memset(packets[i]->data, (int)i, packets[i]->len);
	}
	packet_block_unref(block);
	for (size_t i = 0; i < 45; i++) {
		/* 7 and 45 have no common factor: every packet once, in another order. */
		struct packet *p = packets[i * 7 % 45];

		assert_int_equal(packet_pool_blocks_used(pool), 1);
		assert_int_equal(p->data[1399], (uint8_t)(i * 7 % 45));
		packet_free(p);
	}
	assert_int_equal(packet_pool_blocks_used(pool), 0);
	assert_int_equal(packet_pool_packets_used(pool), 0);
	packet_pool_free(pool);
}

static void test_a_block_stays_for_each_reference(void **state)
{
	struct packet_pool *pool = packet_pool_new(1, 1);
	struct packet_block *block = packet_block_get(pool);

	(void)state;
	assert_non_null(block);
	packet_block_ref(block);
	packet_block_unref(block);
	assert_int_equal(packet_pool_blocks_used(pool), 1);
	packet_block_unref(block);
	assert_int_equal(packet_pool_blocks_used(pool), 0);
	packet_pool_free(pool);
}

static void test_packets_are_bounded(void **state)
{
	struct packet_pool *pool = packet_pool_new(1, 130);
	struct packet_block *block = packet_block_get(pool);
	struct packet *list = NULL, *p;
	unsigned count = 0;

	(void)state;
	while ((p = packet_get(block, block->data + PACKET_BLOCK_SIZE, 0)) != NULL) {
		p->next = list;
		list = p;
		count++;
	}
	assert_int_equal(count, 130);
	while ((p = list) != NULL) {
		list = p->next;
		packet_free(p);
	}
	p = packet_get(block, block->data, PACKET_BLOCK_SIZE);
	assert_non_null(p);
	packet_free(p);
	packet_block_unref(block);
	packet_pool_free(pool);
}

static void test_trim_keeps_what_is_asked_and_what_is_in_use(void **state)
{
	struct packet_pool *pool = packet_pool_new(8, 64);
	struct packet_block *blocks[8];
	struct packet *p;

	(void)state;
	for (size_t i = 0; i < 8; i++)
		blocks[i] = packet_block_get(pool);
	p = packet_get(blocks[0], blocks[0]->data, 1);
	for (size_t i = 0; i < 8; i++)
		packet_block_unref(blocks[i]);
	assert_int_equal(packet_pool_blocks_used(pool), 1);
	packet_pool_trim(pool, 3);
	assert_int_equal(packet_pool_packets_used(pool), 1);
	p->data[0] = 1;
	packet_pool_trim(pool, 0);
	p->data[0] = 2;
	packet_free(p);
	packet_pool_trim(pool, 0);
	blocks[0] = packet_block_get(pool);
	assert_non_null(blocks[0]);
	p = packet_get(blocks[0], blocks[0]->data, 1);
	assert_non_null(p);
	packet_free(p);
	packet_block_unref(blocks[0]);
	packet_pool_free(pool);
	packet_pool_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks_are_bounded_and_reused),
		cmocka_unit_test(test_last_packet_returns_the_block),
		cmocka_unit_test(test_a_block_stays_for_each_reference),
		cmocka_unit_test(test_packets_are_bounded),
		cmocka_unit_test(test_trim_keeps_what_is_asked_and_what_is_in_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
