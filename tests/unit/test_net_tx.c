#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "net/tx.h"

static struct block_pool pool;
static struct tx_offer offer;

static uint8_t byte_at(uint64_t at)
{
	return (uint8_t)(at * 13 + (at >> 9));
}

/* Writes up to `len` bytes of the pattern; returns how many. */
static size_t put(struct tx_queue *tx, uint64_t at, size_t len, unsigned max, size_t limit)
{
	struct iovec iov[TX_OFFER_MAX];
	unsigned count = tx_space(tx, &pool, &offer, iov, max, limit);
	size_t done = 0;

	for (unsigned i = 0; i < count; i++) {
		for (size_t n = 0; n < iov[i].iov_len && done < len; n++, done++)
			((uint8_t *)iov[i].iov_base)[n] = byte_at(at + done);
	}
	if (done)
		tx_commit(tx, &offer, done);
	return done;
}

static void finish(struct tx_queue *tx)
{
	tx_free(tx, &pool, false);
	tx_offer_free(&offer, &pool);
	assert_int_equal(pool.used, 0);
	block_pool_trim(&pool);
	assert_int_equal(pool.held, 0);
}

static void test_bytes_keep_their_order_under_random_use(void **state)
{
	struct tx_queue tx = {0};
	struct rng_seeded seed;
	struct rng rng = rng_seeded_init(&seed, 8);
	uint64_t put_at = 0, taken_at = 0, acked_at = 0;

	(void)state;
	for (unsigned round = 0; round < 30000; round++) {
		size_t len;
		const uint8_t *p;

		switch (rng_below(&rng, 3)) {
		case 0:
			put_at += put(&tx, put_at, rng_below(&rng, 30000), 1 + rng_below(&rng, TX_OFFER_MAX),
				      1 + rng_below(&rng, 70000));
			break;
		case 1:
			p = tx_pending(&tx, &len);
			if (!p)
				break;
			if (len > 1)
				len = 1 + rng_below(&rng, (uint32_t)len);
			for (size_t i = 0; i < len; i++)
				assert_int_equal(p[i], byte_at(taken_at + i));
			tx_taken(&tx, len);
			taken_at += len;
			break;
		default:
			if (taken_at == acked_at)
				break;
			len = 1 + rng_below(&rng, (uint32_t)(taken_at - acked_at));
			tx_acked(&tx, &pool, len, false);
			acked_at += len;
		}
		assert_int_equal(tx.unacked, put_at - acked_at);
		assert_int_equal(tx.pending, put_at - taken_at);
		assert_true((tx.first == NULL) == (tx.unacked == 0));
	}
	assert_true(acked_at > 1 << 20);
	finish(&tx);
}

static void test_an_idle_stream_holds_no_block(void **state)
{
	struct tx_queue tx = {0};
	struct iovec iov[TX_OFFER_MAX];
	size_t len;

	(void)state;
	/* Offered, but nothing came. */
	assert_int_equal(tx_space(&tx, &pool, &offer, iov, 100, 100000), TX_OFFER_MAX);
	assert_null(tx.first);
	put(&tx, 0, 10, 2, 100000);
	assert_non_null(tx.first);
	tx_pending(&tx, &len);
	tx_taken(&tx, len);
	tx_acked(&tx, &pool, 10, false);
	assert_null(tx.first);
	assert_null(tx.last);
	finish(&tx);
}

static void test_a_full_writer_gets_larger_blocks(void **state)
{
	struct tx_queue tx = {0};
	struct iovec iov[2];
	size_t n;

	(void)state;
	n = put(&tx, 0, SIZE_MAX, 2, SIZE_MAX);
	assert_in_range(n, 2 * BLOCK_SMALL - 100, 2 * BLOCK_SMALL);
	n += put(&tx, n, SIZE_MAX, 2, SIZE_MAX);
	assert_true(n > 2 * BLOCK_LARGE);
	/* And small ones again when it has little to say. */
	tx_taken(&tx, 0);
	put(&tx, n, 10, 2, SIZE_MAX);
	assert_false(tx.large);
	(void)iov;
	finish(&tx);
}

static void test_the_limit_is_kept(void **state)
{
	(void)state;
	for (size_t limit = 0; limit < 10000; limit += 123) {
		struct tx_queue tx = {0};

		assert_true(put(&tx, 0, SIZE_MAX, 2, limit) <= limit);
		assert_true(tx.unacked <= limit);
		finish(&tx);
	}
}

static void test_released_blocks_rest_while_packets_refer_to_them(void **state)
{
	struct tx_queue tx = {0};
	struct block *first;
	size_t len;

	(void)state;
	put(&tx, 0, 100, 1, 100);
	first = tx.first;
	tx_pending(&tx, &len);
	tx_taken(&tx, len);
	tx_acked(&tx, &pool, 100, true);
	/* Not handed out again... */
	for (unsigned i = 0; i < 4; i++) {
		put(&tx, 0, SIZE_MAX, 2, SIZE_MAX);
		for (struct block *b = tx.first; b; b = b->next)
			assert_ptr_not_equal(b, first);
	}
	/* ...until the queue is empty. */
	assert_ptr_equal(pool.resting, first);
	block_pool_wake(&pool);
	assert_null(pool.resting);
	finish(&tx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes_keep_their_order_under_random_use),
		cmocka_unit_test(test_an_idle_stream_holds_no_block),
		cmocka_unit_test(test_a_full_writer_gets_larger_blocks),
		cmocka_unit_test(test_the_limit_is_kept),
		cmocka_unit_test(test_released_blocks_rest_while_packets_refer_to_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
