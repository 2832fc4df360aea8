/* The simulated path: what the figures of net_paths.c rest on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/net_raw.h"
#include "support/path_sim.h"

#define LEN 1190	/* with PATH_OVERHEAD 10,000 bits: 1 ms at 10 Mbit/s */
#define MS(n) ((n) * NS_PER_MS)

static const struct boot_time start = {1000 * NS_PER_S};

static struct path *new_path(const struct path_link *up)
{
	static const struct path_link none;

	return path_new(up, &none, 1500, 5, start);
}

static struct boot_time at_us(uint64_t us)
{
	return boot_add_ns(start, us * 1000);
}

/* Sends packet number `n`, a TCP segment with payload, or without. */
static bool send_one(struct path *p, uint64_t us, unsigned n, bool payload, uint8_t ecn)
{
	static const uint8_t a[4] = {10, 0, 0, 1}, b[4] = {10, 0, 0, 2};
	struct wr w = wr_init(path_slot(p), 1500);
	struct addr src = addr_v4(a), dst = addr_v4(b);
	size_t len = payload ? LEN : 40;

	memset(path_slot(p), 0, LEN);
	raw_put_ip(&w, &src, &dst, 6, len - 20);
	path_slot(p)[1] |= ecn;
	raw_set16(path_slot(p) + 10, 0);
	raw_set16(path_slot(p) + 10, (uint16_t)~raw_fold(raw_sum(path_slot(p), 20)));
	path_slot(p)[32] = 0x50;
	raw_set16(path_slot(p) + 36, (uint16_t)n);
	return path_commit(p, PATH_UP, at_us(us), len, 0);
}

static unsigned number_of(const struct path_arrival *a)
{
	return (unsigned)(a->bytes[36] << 8 | a->bytes[37]);
}

/* The next packet arrives at exactly that time. */
static void arrives(struct path *p, uint64_t us, unsigned n)
{
	struct path_arrival a;

	assert_true(path_next(p).ns == at_us(us).ns);
	assert_false(path_take(p, PATH_UP, (struct boot_time){at_us(us).ns - 1}, &a));
	assert_true(path_take(p, PATH_UP, at_us(us), &a));
	assert_int_equal(number_of(&a), n);
	assert_int_equal(a.len, LEN);
}

static void nothing_more(struct path *p)
{
	assert_true(path_next(p).ns == BOOT_NEVER.ns);
	path_free(p);
}

static void test_rate_and_delay_are_exact(void **state)
{
	struct path *p = new_path(&(struct path_link){.rate = 10000000, .delay_ns = MS(20)});

	(void)state;
	for (unsigned i = 0; i < 5; i++)
		send_one(p, 0, i, true, 0);
	for (unsigned i = 0; i < 5; i++)
		arrives(p, 21000 + i * 1000, i);
	/* The bottleneck has rested. */
	send_one(p, 30000, 9, true, 0);
	arrives(p, 51000, 9);
	assert_int_equal(path_queue_us(p, PATH_UP, 100), 4000);
	assert_int_equal(path_queue_us(p, PATH_UP, 50), 1000);
	nothing_more(p);
}

static void test_a_full_queue_drops_what_comes(void **state)
{
	struct path *p = new_path(&(struct path_link){.rate = 10000000, .queue_max = 3 * (LEN + PATH_OVERHEAD)});

	(void)state;
	/* One is being sent, three wait. */
	for (unsigned i = 0; i < 6; i++)
		assert_int_equal(send_one(p, 0, i, true, 0), i < 4);
	/* At 1 ms the first has left, and the second no longer waits. */
	assert_true(send_one(p, 1000, 6, true, 0));
	assert_false(send_one(p, 1000, 7, true, 0));
	for (unsigned i = 0; i < 4; i++)
		arrives(p, 1000 + i * 1000, i);
	arrives(p, 5000, 6);
	assert_int_equal(path_stats(p, PATH_UP)->overflowed, 3);
	assert_int_equal(path_stats(p, PATH_UP)->data_lost, 3);
	nothing_more(p);
}

static void test_a_rate_changes_in_the_middle_of_a_packet(void **state)
{
	static const struct path_rate rates[] = {{2, PATH_STALLED}, {10, 5000000}};
	struct path *p = new_path(&(struct path_link){.rate = 10000000, .rates = rates, .rate_count = 2});

	(void)state;
	send_one(p, 1500, 0, true, 0);
	send_one(p, 1500, 1, true, 0);
	/* Half is through when the line stalls (8 ms of 1 bit/s are none), the rest takes twice its time. */
	arrives(p, 11000, 0);
	arrives(p, 13000, 1);
	nothing_more(p);
}

static void test_releases_keep_their_grid_and_jitter_the_order(void **state)
{
	struct path *p = new_path(&(struct path_link){.delay_ns = MS(1), .release_ns = MS(5)});
	struct path_arrival a;
	unsigned next = 0;

	(void)state;
	send_one(p, 0, 0, true, 0);
	send_one(p, 3999, 1, true, 0);
	send_one(p, 4001, 2, true, 0);
	arrives(p, 5000, 0);
	arrives(p, 5000, 1);
	arrives(p, 10000, 2);
	nothing_more(p);
	p = new_path(&(struct path_link){.jitter_ns = MS(10)});
	for (unsigned i = 0; i < 1000; i++)
		send_one(p, i * 100, i, true, 0);
	while (path_take(p, PATH_UP, path_next(p), &a))
		assert_int_equal(number_of(&a), next++);
	assert_int_equal(next, 1000);
	nothing_more(p);
}

static void test_late_packets_are_overtaken(void **state)
{
	struct path *p = new_path(&(struct path_link){.late_ppm = 100000, .late_ns = MS(8)});
	unsigned last = 0, overtaken = 0, count = 0;
	struct path_arrival a;

	(void)state;
	for (unsigned i = 0; i < 5000; i++)
		send_one(p, i * 100, i, true, 0);
	while (path_next(p).ns != BOOT_NEVER.ns) {
		struct boot_time now = path_next(p);

		assert_true(path_take(p, PATH_UP, now, &a));
		assert_true(boot_since_ns(now, at_us(number_of(&a) * 100)) <= MS(8));
		overtaken += number_of(&a) < last;
		last = number_of(&a) > last ? number_of(&a) : last;
		count++;
	}
	assert_int_equal(count, 5000);
	assert_in_range(overtaken, 400, 600);
	assert_in_range(path_stats(p, PATH_UP)->late, 420, 580);
	nothing_more(p);
}

/* Sends `count` packets; returns how many were lost, and in `runs` how often losses began. */
static unsigned lose(const struct path_link *link, unsigned count, bool payload, unsigned *runs)
{
	struct path *p = new_path(link);
	struct path_arrival a;
	unsigned lost = 0;
	bool before = false;

	*runs = 0;
	for (unsigned i = 0; i < count; i++) {
		bool now = !send_one(p, i, i, payload, 0);

		*runs += now && !before;
		lost += now;
		before = now;
		while (path_take(p, PATH_UP, path_next(p), &a))
			;
	}
	nothing_more(p);
	return lost;
}

static void test_losses_have_the_share_and_the_length_asked_for(void **state)
{
	unsigned runs, lost;

	(void)state;
	lost = lose(&(struct path_link){.loss_ppm = 10000}, 100000, true, &runs);
	assert_in_range(lost, 900, 1100);
	assert_in_range(runs, lost * 95 / 100, lost);
	lost = lose(&(struct path_link){.burst_ppm = 10000, .burst_len = 8}, 400000, true, &runs);
	assert_in_range(lost, 3200, 4800);
	assert_in_range(lost * 10 / runs, 70, 90);
	assert_int_equal(lose(&(struct path_link){.ack_loss_ppm = 200000}, 10000, true, &runs), 0);
	assert_in_range(lose(&(struct path_link){.ack_loss_ppm = 200000}, 10000, false, &runs), 1800, 2200);
}

static void test_copies_are_told_from_the_first(void **state)
{
	struct path *p = new_path(&(struct path_link){.dup_ppm = 500000});
	struct path_arrival a;
	unsigned copies = 0, firsts = 0;

	(void)state;
	for (unsigned i = 0; i < 1000; i++)
		send_one(p, i, i, true, 0);
	while (path_take(p, PATH_UP, at_us(2000), &a)) {
		assert_int_equal(number_of(&a), a.copy ? firsts - 1 : firsts);
		copies += a.copy;
		firsts += !a.copy;
	}
	assert_int_equal(firsts, 1000);
	assert_in_range(copies, 440, 560);
	assert_int_equal(path_stats(p, PATH_UP)->copies, copies);
	nothing_more(p);
}

static void test_marks_fall_on_the_capable_behind_a_queue(void **state)
{
	static const struct {
		uint8_t ecn, after;
	} cases[] = {{0, 0}, {1, 3}, {2, 3}, {3, 3}};
	struct path_arrival a;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct path *p = new_path(&(struct path_link){.rate = 10000000, .mark_above = LEN});

		for (unsigned n = 0; n < 3; n++)
			send_one(p, 0, n, true, cases[i].ecn);
		for (unsigned n = 0; n < 3; n++) {
			assert_true(path_take(p, PATH_UP, path_next(p), &a));
			/* Behind one that is sent and one that waits. */
			assert_int_equal(a.bytes[1] & 3, n < 2 ? cases[i].ecn : cases[i].after);
			assert_int_equal(raw_fold(raw_sum(a.bytes, 20)), 0xffff);
		}
		nothing_more(p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rate_and_delay_are_exact),
		cmocka_unit_test(test_a_full_queue_drops_what_comes),
		cmocka_unit_test(test_a_rate_changes_in_the_middle_of_a_packet),
		cmocka_unit_test(test_releases_keep_their_grid_and_jitter_the_order),
		cmocka_unit_test(test_late_packets_are_overtaken),
		cmocka_unit_test(test_losses_have_the_share_and_the_length_asked_for),
		cmocka_unit_test(test_copies_are_told_from_the_first),
		cmocka_unit_test(test_marks_fall_on_the_capable_behind_a_queue),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
