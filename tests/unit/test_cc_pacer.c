#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/cc/pacer.h"
#include "support/chance.h"

#define MSS 1400
#define US UINT64_C(1000)
#define MB UINT64_C(1000000)
#define BURST (10 * MSS)
#define T0 ((struct boot_time){NS_PER_S})

static struct boot_time at(uint64_t us)
{
	return boot_add_ns(T0, us * US);
}

/* Sends segments while there is room, as the sender does; returns the bytes. */
static uint32_t drain(struct pacer *p, struct boot_time now)
{
	uint32_t sent = 0;

	while (pacer_room(p, now)) {
		pacer_sent(p, now, MSS);
		sent += MSS;
	}
	return sent;
}

static struct pacer paced(uint64_t bytes_per_s)
{
	struct pacer p;

	pacer_init(&p, MSS, BURST);
	pacer_set_rate(&p, T0, bytes_per_s, MSS);
	return p;
}

static void test_without_a_rate_there_is_no_limit(void **state)
{
	struct pacer p;

	(void)state;
	pacer_init(&p, MSS, BURST);
	assert_int_equal(pacer_room(&p, T0), UINT32_MAX);
	pacer_sent(&p, T0, 1u << 30);
	assert_int_equal(pacer_room(&p, T0), UINT32_MAX);
	assert_int_equal(pacer_next(&p, T0).ns, T0.ns);
	/* A rate set and taken away again. */
	pacer_set_rate(&p, T0, MB, MSS);
	drain(&p, T0);
	assert_int_equal(pacer_room(&p, T0), 0);
	pacer_set_rate(&p, T0, 0, MSS);
	assert_int_equal(pacer_room(&p, T0), UINT32_MAX);
	assert_int_equal(pacer_next(&p, T0).ns, T0.ns);
}

static void test_the_quantum_is_a_millisecond_of_rate(void **state)
{
	static const struct {
		uint64_t rate;
		uint32_t quantum;
	} cases[] = {
		{1, 2 * MSS}, {2 * MB, 2 * MSS}, {2800000, 2800}, {2801000, 2801},
		{10 * MB, 10000}, {65536000, PACER_TRAIN_MOST}, {10000 * MB, PACER_TRAIN_MOST},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pacer p = paced(cases[i].rate);

		assert_int_equal(p.quantum, cases[i].quantum);
		/* The first rate finds one in the bucket, not a second initial burst. */
		assert_in_range(pacer_room(&p, T0), cases[i].quantum,
				cases[i].quantum + cases[i].rate / NS_PER_S);
	}
}

static void test_a_new_connection_has_its_burst(void **state)
{
	struct pacer p = paced(MB);

	(void)state;
	pacer_fill(&p, T0);
	assert_in_range(pacer_room(&p, T0), p.burst, p.burst + 1);
	assert_int_equal(drain(&p, T0), (p.burst + MSS - 1) / MSS * MSS);
	assert_int_equal(pacer_room(&p, T0), 0);
	/* Not paced: nothing to fill. */
	pacer_init(&p, MSS, 10 * MSS);
	pacer_fill(&p, T0);
	assert_int_equal(pacer_room(&p, T0), UINT32_MAX);
}

static void test_a_train_leaves_whole_and_not_before(void **state)
{
	struct pacer p = paced(10 * MB);	/* a quantum of 10,000 in each ms */
	struct boot_time next;

	(void)state;
	/* Eight segments are more than 10,000: the last overdraws. */
	assert_int_equal(drain(&p, T0), 8 * MSS);
	next = pacer_next(&p, T0);
	assert_int_equal(next.ns, T0.ns + 1120 * US);
	/* An acknowledgement in between: room for a segment, but not for a train. */
	assert_int_equal(pacer_room(&p, at(700)), 0);
	assert_int_equal(pacer_room(&p, (struct boot_time){next.ns - 1}), 0);
	assert_int_equal(pacer_next(&p, at(700)).ns, next.ns);
	assert_int_equal(pacer_room(&p, next), 10000);
	assert_int_equal(pacer_next(&p, next).ns, next.ns);
	/* Half of the train now, the rest of it in the same pass; what then is left waits. */
	pacer_sent(&p, next, 5 * MSS);
	assert_int_equal(pacer_room(&p, next), 3000);
	assert_int_equal(pacer_room(&p, (struct boot_time){next.ns + 1}), 0);
}

static void test_the_rate_is_kept_to_the_byte(void **state)
{
	static const uint64_t rates[] = {20000, 123457, 2500000, 12500000, 125 * MB, 1250 * MB};

	(void)state;
	for (unsigned i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		struct pacer p = paced(rates[i]);
		struct boot_time now = T0;
		uint64_t sent = 0, allowed;

		while (sent < 20 * (rates[i] / 100 + 10 * MSS)) {
			sent += drain(&p, now);
			now = pacer_next(&p, now);
		}
		allowed = (uint64_t)((double)(now.ns - T0.ns) * (double)rates[i] / 1e9);
		assert_in_range(sent, allowed - allowed / 1000 - 3 * PACER_TRAIN_MOST, allowed + MSS);
	}
}

static void test_an_idle_bucket_holds_the_burst_and_no_more(void **state)
{
	struct pacer p = paced(MB);	/* quantum 2,800: less than the burst */
	struct pacer fast = paced(100 * MB);	/* quantum 65,536: more */

	(void)state;
	assert_int_equal(drain(&p, T0), 2 * MSS);
	p.waiting = false;
	assert_int_equal(pacer_room(&p, at(10 * 1000000)), BURST);
	assert_int_equal(drain(&p, at(3600 * 1000000ull)), BURST);
	assert_int_equal(pacer_room(&fast, at(3600 * 1000000ull)), PACER_TRAIN_MOST);
}

static void test_a_late_wakeup_is_made_good(void **state)
{
	struct pacer p = paced(100 * MB);	/* 65,536 in 0.66 ms, 100,000 in 1 ms */
	struct boot_time next;

	(void)state;
	drain(&p, T0);
	next = pacer_next(&p, T0);
	assert_int_equal(pacer_room(&p, boot_add_ns(next, 500 * US)), PACER_TRAIN_MOST + 50000);
	assert_int_equal(pacer_room(&p, boot_add_ns(next, 1000 * US)), PACER_TRAIN_MOST + 100000);
	assert_int_equal(pacer_room(&p, boot_add_ns(next, 9000 * US)), PACER_TRAIN_MOST + 100000);
	/* All of it may leave in this pass, in more than one piece. */
	next = boot_add_ns(next, 9000 * US);
	pacer_sent(&p, next, 64000);
	assert_int_equal(pacer_room(&p, next), PACER_TRAIN_MOST + 100000 - 64000);
	/* It did not wait this time: the next pass finds no more than an idle one. */
	assert_int_equal(pacer_room(&p, boot_add_ns(next, 9000 * US)), PACER_TRAIN_MOST);
}

static void test_a_change_of_rate_keeps_what_the_bucket_holds(void **state)
{
	struct pacer p = paced(10 * MB);

	(void)state;
	pacer_sent(&p, T0, 4000);
	assert_int_equal(pacer_room(&p, T0), 6000);
	pacer_set_rate(&p, T0, 20 * MB, MSS);
	assert_int_equal(pacer_room(&p, T0), 6000);
	pacer_set_rate(&p, T0, 5 * MB, MSS);
	assert_int_equal(pacer_room(&p, T0), 6000);
	/* Debt, too: 1,000 bytes more than there were, then a quantum of 20,000 at 20,000,000/s. */
	pacer_sent(&p, T0, 7000);
	pacer_set_rate(&p, T0, 20 * MB, MSS);
	assert_int_equal(pacer_next(&p, T0).ns, T0.ns + 1050 * US);
	/* The time up to the change counts at the old rate. */
	pacer_set_rate(&p, at(700), 10 * MB, MSS);
	assert_int_equal(pacer_room(&p, at(700)), 13000);
}

static void test_no_wait_is_longer_than_two_seconds(void **state)
{
	struct pacer p = paced(1);

	(void)state;
	assert_int_equal(p.bytes_per_s, 2 * MSS);
	drain(&p, T0);
	assert_int_equal(pacer_next(&p, T0).ns, T0.ns + NS_PER_S);
	/* A probe that was sent all the same, many times. */
	for (unsigned i = 0; i < 100; i++)
		pacer_sent(&p, T0, 64000);
	assert_int_equal(pacer_next(&p, T0).ns, T0.ns + 2 * NS_PER_S);
	/* A drastic fall of the rate with a debt at the old one. */
	p = paced(1000 * MB);
	pacer_sent(&p, T0, PACER_TRAIN_MOST + MSS - 1);
	pacer_set_rate(&p, T0, 1, MSS);
	assert_in_range(pacer_next(&p, T0).ns, T0.ns + NS_PER_S, T0.ns + 3 * NS_PER_S / 2);
}

static void test_a_restart_gives_no_credit(void **state)
{
	struct pacer p = paced(10 * MB);

	(void)state;
	drain(&p, T0);
	p.waiting = true;
	pacer_restart(&p, at(600 * 1000000ull));
	assert_false(p.waiting);
	assert_int_equal(pacer_room(&p, at(600 * 1000000ull)), 0);
	assert_int_equal(pacer_next(&p, at(600 * 1000000ull)).ns, at(600 * 1000000ull + 1000).ns);
	p.waiting = false;
	assert_int_equal(pacer_room(&p, at(600 * 1000000ull + 1000)), 10000);
}

/* The invariant of the header, with passes, rates and amounts at random. */
static void test_no_interval_holds_more_than_burst_and_rate(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= 50; seed++) {
		uint64_t rate, late, sent_at[400], sent[400], most;
		struct pacer p;
		struct boot_time now = T0;
		unsigned n = 0;

		chance_seed(seed);
		rate = UINT64_C(20000) << below(16);
		late = rate / 1000;
		p = paced(rate);
		most = (p.quantum > BURST ? p.quantum : BURST) + late + MSS;
		while (n < 400) {
			uint64_t total = 0;
			unsigned segments = below(100);

			while (segments-- && pacer_room(&p, now)) {
				pacer_sent(&p, now, MSS);
				total += MSS;
			}
			sent_at[n] = now.ns;
			sent[n++] = total;
			if (below(2))
				now = boot_add_ns(pacer_next(&p, now), 1 + below(2000) * US);
			else
				now = boot_add_ns(now, 1 + below(3000) * US);
		}
		for (unsigned i = 0; i < n; i++) {
			uint64_t sum = 0;

			for (unsigned j = i; j < n; j++) {
				double bytes = (double)(sent_at[j] - sent_at[i]) * (double)rate / 1e9;

				sum += sent[j];
				assert_true(sum <= most + (uint64_t)bytes + 1);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_a_rate_there_is_no_limit),
		cmocka_unit_test(test_the_quantum_is_a_millisecond_of_rate),
		cmocka_unit_test(test_a_new_connection_has_its_burst),
		cmocka_unit_test(test_a_train_leaves_whole_and_not_before),
		cmocka_unit_test(test_the_rate_is_kept_to_the_byte),
		cmocka_unit_test(test_an_idle_bucket_holds_the_burst_and_no_more),
		cmocka_unit_test(test_a_late_wakeup_is_made_good),
		cmocka_unit_test(test_a_change_of_rate_keeps_what_the_bucket_holds),
		cmocka_unit_test(test_no_wait_is_longer_than_two_seconds),
		cmocka_unit_test(test_a_restart_gives_no_credit),
		cmocka_unit_test(test_no_interval_holds_more_than_burst_and_rate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
