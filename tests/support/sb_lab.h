/* One scoreboard for a test: segments of one size, by number. Include after cmocka. */
#ifndef CULVERT_TESTS_SB_LAB_H
#define CULVERT_TESTS_SB_LAB_H

#include "net/cc/sb.h"

#define MSS 1000
#define START 4294950000u	/* the numbers wrap after 17 segments */

static struct sb_pool *pool;
static struct sb sb;

static inline struct boot_time at(uint64_t ns)
{
	return (struct boot_time){1000 + ns};
}

static inline void begin(void)
{
	pool = sb_pool_new(100000);
	assert_non_null(pool);
	sb_init(&sb, pool);
}

static inline void end(void)
{
	assert_true(sb_verify(&sb));
	sb_fini(&sb);
	sb_pool_free(pool);
}

static inline uint32_t seq_of(uint32_t i)
{
	return START + i * MSS;
}

static inline struct sb_entry *push(uint32_t seq, uint16_t len, uint64_t when)
{
	assert_true(sb_reserve(&sb));
	return sb_push(&sb, seq, len, NULL, at(when));
}

/* `count` segments of one MSS, one a microsecond. */
static inline void push_many(uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		push(seq_of(i), MSS, i * 1000);
}

static inline struct sb_entry *entry(uint32_t i)
{
	struct sb_entry *e = sb_find(&sb, seq_of(i));

	assert_non_null(e);
	assert_int_equal(e->seq, seq_of(i));
	return e;
}

/* Sacks segments `from` to `to` - 1; how many were new. */
static inline unsigned sack(uint32_t from, uint32_t to)
{
	struct sb_walk w;
	unsigned count = 0;

	sb_sack(&w, &sb, seq_of(from), seq_of(to));
	while (sb_sack_next(&w))
		count++;
	return count;
}

static inline unsigned take(uint32_t una)
{
	unsigned count = 0;

	while (sb_take_acked(&sb, una))
		count++;
	return count;
}

#endif
