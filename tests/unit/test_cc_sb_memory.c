#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "support/node_alloc.h"
#include "support/sb_lab.h"

static void test_an_empty_scoreboard_holds_no_memory(void **state)
{
	(void)state;
	begin();
	for (unsigned round = 0; round < 3; round++) {
		push_many(1000);
		/* 63 chunks: two slabs, and a ring of 64 */
		assert_int_equal(sb_pool_bytes(pool), 2 * (65536 - 64) + 64 * sizeof(void *));
		assert_int_equal(take(seq_of(1000)), 1000);
		assert_null(sb.chunks);
		assert_int_equal(sb.chunk_count, 0);
		sb_pool_trim(pool);
		assert_int_equal(sb_pool_bytes(pool), 0);
	}
	/* Reserved, and nothing sent after all. */
	assert_true(sb_reserve(&sb));
	assert_non_null(sb.chunks);
	assert_null(sb_take_acked(&sb, START));
	assert_null(sb.chunks);
	push_many(100);
	sb_fini(&sb);
	assert_true(sb_empty(&sb));
	assert_int_equal(sb.in_flight, 0);
	sb_pool_trim(pool);
	assert_int_equal(sb_pool_bytes(pool), 0);
	end();
}

static void test_reserving_twice_takes_once(void **state)
{
	(void)state;
	begin();
	for (uint32_t i = 0; i < 33; i++) {
		for (unsigned n = 0; n < 3; n++)
			assert_true(sb_reserve(&sb));
		assert_int_equal(sb.chunk_count, i / SB_CHUNK_ENTRIES + 1);
		sb_push(&sb, seq_of(i), MSS, NULL, at(i));
	}
	end();
}

/* A window that slides: chunks go round in the ring, which grows only as far as the window. */
static void test_a_sliding_window_reuses_its_chunks(void **state)
{
	(void)state;
	begin();
	push_many(50);
	for (uint32_t i = 50; i < 5000; i++) {
		push(seq_of(i), MSS, i * 1000);
		assert_int_equal(take(seq_of(i - 49)), 1);
		assert_true(sb.chunk_count <= 5);
		if (i % 100 == 0)
			assert_true(sb_verify(&sb));
	}
	assert_true(sb.chunk_cap <= 8);
	assert_true(sb_pool_bytes(pool) <= 65536 + 64);
	end();
}

static void test_the_cap_of_the_pool_holds_and_is_shared(void **state)
{
	struct sb other;
	uint32_t count = 0;

	(void)state;
	pool = sb_pool_new(3);
	sb_init(&sb, pool);
	sb_init(&other, pool);
	assert_true(sb_reserve(&other));
	for (; sb_reserve(&sb); count++)
		sb_push(&sb, seq_of(count), MSS, NULL, at(count));
	assert_int_equal(count, 2 * SB_CHUNK_ENTRIES);
	assert_true(sb_verify(&sb));
	assert_false(sb_reserve(&sb));
	sb_fini(&other);
	assert_true(sb_reserve(&sb));
	end();
}

static void test_a_first_chunk_is_there_when_others_have_all(void **state)
{
	struct sb others[4];

	(void)state;
	pool = sb_pool_new(8);
	sb_pool_set_reserve(pool, 2);
	for (unsigned i = 0; i < 4; i++)
		sb_init(&others[i], pool);
	for (uint32_t n = 0; sb_reserve(&others[0]) && sb_pool_left(pool); n++)
		sb_push(&others[0], seq_of(n), MSS, NULL, at(n));
	assert_int_equal(sb_pool_left(pool), 0);
	/* Nobody grows by sharing, but each of those who have none gets one. */
	sb_init(&sb, pool);
	for (unsigned i = 1; i < 3; i++) {
		uint32_t n = 0;

		for (; sb_reserve_share(&others[i]); n++)
			sb_push(&others[i], seq_of(n), MSS, NULL, at(n));
		assert_int_equal(n, SB_CHUNK_ENTRIES);
	}
	assert_false(sb_reserve_share(&others[3]));
	for (unsigned i = 0; i < 4; i++)
		sb_fini(&others[i]);
	assert_int_equal(sb_pool_left(pool), 8);
	end();
}

/* Pushes as long as it may by sharing. */
static uint32_t fill(struct sb *of)
{
	uint32_t n = of->count;

	for (; sb_reserve_share(of); n++)
		sb_push(of, seq_of(n), MSS, NULL, at(n));
	return n;
}

static void test_each_party_has_its_own_when_others_have_all(void **state)
{
	struct sb_share hog = {0}, party = {0};
	struct sb others[2];

	(void)state;
	pool = sb_pool_new(8);
	sb_pool_set_reserve(pool, 4);
	sb_pool_set_own(pool, 3);
	sb_init(&sb, pool);
	sb_set_share(&sb, &hog);
	for (uint32_t n = 0; sb_pool_left(pool); n++) {
		assert_true(sb_reserve(&sb));
		sb_push(&sb, seq_of(n), MSS, NULL, at(n));
	}
	assert_int_equal(hog.chunks, 8);
	/* What two scoreboards have counts together; what is moved counts there. */
	for (unsigned i = 0; i < 2; i++)
		sb_init(&others[i], pool);
	assert_int_equal(fill(&others[0]), SB_CHUNK_ENTRIES);
	sb_set_share(&others[0], &party);
	sb_set_share(&others[1], &party);
	assert_int_equal(party.chunks, 1);
	assert_int_equal(fill(&others[0]), 3 * SB_CHUNK_ENTRIES);
	assert_int_equal(fill(&others[1]), SB_CHUNK_ENTRIES);
	assert_int_equal(party.chunks, 4);
	sb_set_share(&others[1], NULL);
	assert_int_equal(party.chunks, 3);
	for (unsigned i = 0; i < 2; i++)
		sb_fini(&others[i]);
	assert_int_equal(party.chunks, 0);
	end();
	assert_int_equal(hog.chunks, 0);
}

static void test_running_out_of_memory_leaves_the_scoreboard_whole(void **state)
{
	long live = alloc_live;
	unsigned failed = 0;

	(void)state;
	if (!ALLOC_INTERPOSE)
		skip();
	alloc_countdown = 0;
	assert_null(sb_pool_new(10));
	alloc_countdown = -1;
	begin();
	/* the first ring, the first slab; then the larger ring, then a second slab */
	alloc_countdown = 0;
	assert_false(sb_reserve(&sb));
	alloc_countdown = 1;
	assert_false(sb_reserve(&sb));
	alloc_countdown = -1;
	assert_int_equal(sb.chunk_count, 0);
	push_many(64);
	alloc_countdown = 0;
	assert_false(sb_reserve(&sb));
	assert_true(sb_verify(&sb));
	alloc_countdown = -1;
	for (uint32_t i = 64; i < 5000; i++) {
		alloc_failed = false;
		alloc_countdown = 0;
		if (!sb_reserve(&sb)) {
			assert_true(alloc_failed);
			failed++;
			assert_true(sb_verify(&sb));
			alloc_countdown = -1;
			assert_true(sb_reserve(&sb));
		}
		alloc_countdown = -1;
		sb_push(&sb, seq_of(i), MSS, NULL, at(i * 1000));
	}
	/* 313 chunks: 7 slabs of 45 and rings of 4 to 512, the first of both made before */
	assert_int_equal(failed, 6 + 7);
	assert_int_equal(take(seq_of(5000)), 5000);
	end();
	assert_int_equal(alloc_live, live);
}

static void test_a_trim_gives_back_whole_slabs_only(void **state)
{
	void *chunks[200];
	size_t bytes, one;

	(void)state;
	pool = sb_pool_new(200);
	for (unsigned i = 0; i < 200; i++) {
		chunks[i] = sb_pool_take(pool);
		assert_non_null(chunks[i]);
		assert_int_equal((uintptr_t)chunks[i] % 16, 0);
		memset(chunks[i], (int)i, SB_POOL_CHUNK);
	}
	assert_null(sb_pool_take(pool));
	bytes = sb_pool_bytes(pool);
	assert_in_range(bytes, 200 * SB_POOL_CHUNK, 5 * 65536);
	one = bytes / 5;
	for (unsigned i = 0; i < 200; i++) {
		assert_int_equal(((uint8_t *)chunks[i])[0], (uint8_t)i);
		assert_int_equal(((uint8_t *)chunks[i])[SB_POOL_CHUNK - 1], (uint8_t)i);
		if (i != 100)
			sb_pool_give(pool, chunks[i]);
	}
	assert_int_equal(sb_pool_bytes(pool), bytes);
	sb_pool_trim(pool);
	assert_int_equal(sb_pool_bytes(pool), one);
	/* Memory in use is filled up before there is more. */
	for (unsigned round = 0; round < 2; round++) {
		for (unsigned i = 0; i < 44; i++) {
			chunks[i] = sb_pool_take(pool);
			memset(chunks[i], (int)i, SB_POOL_CHUNK);
		}
		assert_int_equal(sb_pool_bytes(pool), one);
		for (unsigned i = 0; i < 44; i++)
			assert_int_equal(((uint8_t *)chunks[i])[0], i);
		for (unsigned i = 0; i < 44; i++)
			sb_pool_give(pool, chunks[i]);
	}
	sb_pool_give(pool, chunks[100]);
	sb_pool_free(pool);
	sb_pool_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_empty_scoreboard_holds_no_memory),
		cmocka_unit_test(test_reserving_twice_takes_once),
		cmocka_unit_test(test_a_sliding_window_reuses_its_chunks),
		cmocka_unit_test(test_the_cap_of_the_pool_holds_and_is_shared),
		cmocka_unit_test(test_a_first_chunk_is_there_when_others_have_all),
		cmocka_unit_test(test_each_party_has_its_own_when_others_have_all),
		cmocka_unit_test(test_running_out_of_memory_leaves_the_scoreboard_whole),
		cmocka_unit_test(test_a_trim_gives_back_whole_slabs_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
