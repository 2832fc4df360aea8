#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/packet.h"
#include "base/rng.h"
#include "net/lwip_err.h"
#include "net/mem.h"
#include "net/rx.h"

#include "lwip/pbuf.h"

static struct packet_pool *pool;

static uint8_t byte_at(uint64_t at)
{
	return (uint8_t)(at * 17 + (at >> 8));
}

static void release(struct pbuf *p)
{
	packet_free((struct packet *)(void *)p);
}

/* A pbuf as received bytes have it: in a receive block, or copied. */
static struct pbuf *piece(uint64_t at, size_t len, bool raw)
{
	struct pbuf *p;

	if (raw) {
		struct packet_block *block = packet_block_get(pool);
		struct packet *packet = packet_get(block, block->data, (uint32_t)len);
		struct pbuf_custom *custom = (struct pbuf_custom *)(void *)packet->headroom;

		packet_block_unref(block);
		custom->custom_free_function = release;
		p = pbuf_alloced_custom(PBUF_RAW, (u16_t)len, PBUF_REF, custom, packet->data,
					(u16_t)len);
	} else {
		p = pbuf_alloc(PBUF_RAW, (u16_t)len, PBUF_RAM);
	}
	assert_non_null(p);
	for (size_t i = 0; i < len; i++)
		((uint8_t *)p->payload)[i] = byte_at(at + i);
	return p;
}

static void check_front(const struct rx_queue *rx, uint64_t at)
{
	struct iovec iov[7];
	unsigned count = rx_peek(rx, iov, 7);

	assert_int_equal(count == 0, rx->len == 0);
	for (unsigned i = 0; i < count; i++) {
		const uint8_t *p = iov[i].iov_base;

		for (size_t n = 0; n < iov[i].iov_len; n++, at++)
			assert_int_equal(p[n], byte_at(at));
	}
}

static size_t count_pieces(const struct rx_queue *rx)
{
	size_t n = 0;

	for (const struct pbuf *p = rx->head; p; p = p->next)
		n++;
	return n;
}

static void test_bytes_keep_their_order_under_random_use(void **state)
{
	struct rx_queue rx = {0};
	struct rng_seeded seed;
	struct rng rng = rng_seeded_init(&seed, 21);
	uint64_t in = 0, out = 0;

	(void)state;
	for (unsigned round = 0; round < 20000; round++) {
		size_t len;

		switch (rng_below(&rng, 4)) {
		case 0:
			if (packet_pool_packets_used(pool) > 150)
				break;
			len = rng_below(&rng, 3) ? 1 + rng_below(&rng, 1400) : 0;
			rx_append(&rx, piece(in, len, rng_below(&rng, 4) != 0));
			in += len;
			break;
		case 1:
			if (packet_pool_packets_used(pool) > 150)
				break;
			{
				struct pbuf *chain = piece(in, 1000, true);

				pbuf_cat(chain, piece(in + 1000, 300, true));
				rx_append(&rx, chain);
				in += 1300;
			}
			break;
		case 2:
			len = rng_below(&rng, 2600);
			if (len > rx.len)
				len = rx.len;
			rx_consume(&rx, len);
			out += len;
			break;
		default:
			if (round % 8)
				break;
			rx_settle(&rx);
			assert_int_equal(rx.raw, 0);
			assert_int_equal(packet_pool_blocks_used(pool), 0);
		}
		assert_int_equal(rx.len, in - out);
		assert_int_equal(rx.pieces, count_pieces(&rx));
		check_front(&rx, out);
	}
	rx_free(&rx);
	assert_int_equal(rx.pieces, 0);
	assert_int_equal(net_mem_count(), 0);
	assert_int_equal(packet_pool_blocks_used(pool), 0);
}

static void test_settling_is_compact(void **state)
{
	struct rx_queue rx = {0};
	struct iovec iov[100];
	size_t len = 0;

	(void)state;
	for (unsigned i = 0; i < 100; i++, len += 300)
		rx_append(&rx, piece(len, 300, true));
	rx_settle(&rx);
	assert_in_range(rx_peek(&rx, iov, 100), 1, 9);
	check_front(&rx, 0);
	rx_free(&rx);
	assert_int_equal(net_mem_count(), 0);
}

static void test_settling_without_memory_keeps_the_bytes(void **state)
{
	(void)state;
	for (size_t n = 1; n < 5; n++) {
		struct rx_queue rx = {0};

		for (unsigned i = 0; i < 10; i++)
			rx_append(&rx, piece(i * 1000, 1000, true));
		net_mem_fail_at(n);
		rx_settle(&rx);
		net_mem_fail_at(0);
		check_front(&rx, 0);
		rx_append(&rx, piece(10000, 500, true));
		rx_settle(&rx);
		assert_int_equal(rx.raw, 0);
		rx_consume(&rx, 9000);
		check_front(&rx, 9000);
		rx_free(&rx);
		assert_int_equal(net_mem_count(), 0);
	}
}

static int make_pool(void **state)
{
	(void)state;
	pool = packet_pool_new(200, 400);
	return pool ? 0 : -1;
}

static int free_pool(void **state)
{
	(void)state;
	packet_pool_free(pool);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes_keep_their_order_under_random_use),
		cmocka_unit_test(test_settling_is_compact),
		cmocka_unit_test(test_settling_without_memory_keeps_the_bytes),
	};

	return cmocka_run_group_tests(tests, make_pool, free_pool);
}
