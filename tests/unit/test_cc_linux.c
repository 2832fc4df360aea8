/*
 * Linux's TCP as the reference for what is lost, and when: its own sendings and what it heard over bad
 * paths (tests/vectors/record_linux_tcp.py) are replayed into a sender of ours. Each time Linux sent something
 * again, ours must have come to the same verdict, or be about to; and what ours calls lost, Linux
 * must have sent again. When that may leave is not compared: windows differ.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "net/cc/cc.h"
#include "net/cc/recover.h"

#define MSS 1368
#define START 1000u
/* Linux counts time-outs in its ticks of 4 ms, and adds the time in its own queues. */
#define TOLERANCE_US 10000
#define STAMPS 4096

struct stamp {
	uint32_t value, ours;	/* a timestamp of Linux, and what ours would have been */
};

struct verdicts {
	unsigned agreed;	/* sent again by Linux, lost for us as well... */
	unsigned near;		/* ...or within the tolerance: by a timer */
	unsigned probes;	/* its tail loss probes, at our time for one */
	unsigned early, late;	/* sent again before we would have; lost for us, never sent again */
};

struct replay {
	struct sb_pool *pool;
	struct cc cc;
	struct boot_time start, now;
	struct stamp stamps[STAMPS];
	unsigned stamp_count;
	struct verdicts verdicts;
};

static struct boot_time time_of(const struct replay *r, uint64_t us)
{
	return boot_add_ns(r->start, us * 1000);
}

static void run_timers(struct replay *r, struct boot_time until)
{
	while (!sb_empty(&r->cc.sb) && boot_reached(until, cc_deadline(&r->cc))) {
		r->now = boot_add_ns(cc_deadline(&r->cc), 0);
		assert_int_not_equal(cc_tick(&r->cc, r->now), CC_DEAD);
	}
	r->now = until;
}

static void note_stamp(struct replay *r, uint32_t value)
{
	/* Its milliseconds do not begin when ours do: the last of ours that it may be. */
	if (!r->stamp_count || r->stamps[r->stamp_count - 1].value != value)
		r->stamp_count++;
	assert_true(r->stamp_count <= STAMPS);
	r->stamps[r->stamp_count - 1] = (struct stamp){value, recover_stamp(r->now)};
}

static bool find_stamp(const struct replay *r, uint32_t value, uint32_t *ours)
{
	for (unsigned i = r->stamp_count; i-- > 0;) {
		if (r->stamps[i].value == value) {
			*ours = r->stamps[i].ours;
			return true;
		}
	}
	return false;
}

/* Linux sends again what `e` is. */
static void judge_repeat(struct replay *r, struct sb_entry *e)
{
	struct cc *cc = &r->cc;
	struct boot_time soon = boot_add_ns(r->now, TOLERANCE_US * 1000);

	if (e->state == SB_LOST)
		r->verdicts.agreed++;
	else if (cc->probe_wanted || (cc->timer == CC_TIMER_PROBE && boot_reached(soon, cc->timer_at)))
		r->verdicts.probes++;
	else if (cc->timer != CC_TIMER_NONE && boot_reached(soon, cc->timer_at))
		r->verdicts.near++;
	else
		r->verdicts.early++;
}

static void replay_sent(struct replay *r, uint32_t seq, uint32_t len)
{
	static char segment;

	if (seq == r->cc.nxt) {
		assert_true(sb_reserve(&r->cc.sb));
		cc_sent(&r->cc, r->now, seq, (uint16_t)len, &segment);
		return;
	}
	for (uint32_t at = seq; at != seq + len;) {
		struct sb_entry *e = sb_find(&r->cc.sb, at);

		/* Linux may join what it sends again, but never cuts it here: all is of one segment size. */
		assert_non_null(e);
		assert_int_equal(e->seq, at);
		judge_repeat(r, e);
		at += e->len;
		cc_repeated(&r->cc, r->now, e);
	}
}

static unsigned lost_once(const struct cc *cc)
{
	unsigned count = 0;

	for (const struct list *n = cc->sb.lost_list.next; n != &cc->sb.lost_list; n = n->next)
		count += !LIST_ENTRY(n, struct sb_entry, link)->repeats;
	return count;
}

static void replay_acked(struct replay *r, const char *text)
{
	struct cc_ack ack = {.maybe_duplicate = true};
	unsigned number, echo, before = lost_once(&r->cc), left, right, undone = r->cc.stats.undone;
	int n;

	assert_int_equal(sscanf(text, "%u %u%n", &number, &echo, &n), 2);
	ack.ack = START + number;
	ack.has_echo = find_stamp(r, echo, &ack.echo);
	for (text += n; sscanf(text, " %u-%u%n", &left, &right, &n) == 2; text += n) {
		assert_true(ack.sack_count < CC_SACK_BLOCKS_MAX);
		ack.sacks[ack.sack_count++] = (struct cc_range){START + left, START + right};
	}
	cc_acked(&r->cc, r->now, &ack);
	assert_true(cc_verify(&r->cc));
	/* Fewer without having been sent again: they arrived after all. Taken back, they are in flight. */
	if (lost_once(&r->cc) < before && r->cc.stats.undone == undone)
		r->verdicts.late += before - lost_once(&r->cc);
}

static void replay_line(struct replay *r, const char *line)
{
	unsigned long long us;
	unsigned seq, len, value;
	int n;

	assert_int_equal(sscanf(line + 1, " %llu %n", &us, &n), 1);
	run_timers(r, time_of(r, us));
	if (line[0] == 'A') {
		replay_acked(r, line + 1 + n);
		return;
	}
	assert_int_equal(sscanf(line + 1 + n, "%u %u %u", &seq, &len, &value), 3);
	note_stamp(r, value);
	replay_sent(r, START + seq, len);
}


static void replay_file(struct replay *r, const char *path)
{
	struct cc_config config = {
		.algo = &cc_cubic, .mss = MSS, .window_max = 32u << 20, .user_timeout_ns = 45 * NS_PER_S, .sack = true,
	};
	FILE *f = fopen(path, "r");
	unsigned long long us;
	char line[256];

	assert_non_null(f);
	memset(r, 0, sizeof(*r));
	r->pool = config.pool = sb_pool_new(256);
	r->start = r->now = (struct boot_time){1000 * NS_PER_S};
	assert_non_null(fgets(line, sizeof(line), f));
	assert_int_equal(sscanf(line, "H %llu", &us), 1);
	config.rtt_ns = us * 1000;
	cc_init(&r->cc, &config, time_of(r, us), START);
	while (fgets(line, sizeof(line), f))
		replay_line(r, line);
	fclose(f);
	assert_true(sb_empty(&r->cc.sb));
	cc_fini(&r->cc);
	sb_pool_free(r->pool);
}

static void test_linux_agrees(void **state)
{
	static const struct {
		const char *row;
		struct verdicts expected;
		unsigned undone;
	} rows[] = {
		{"loss", {.agreed = 6}, 0},
		{"bursts", {.agreed = 6}, 0},
		{"late", {.agreed = 2}, 2},
		{"queue", {.agreed = 23}, 0},
		{"overshoot", {.agreed = 83}, 0},
		{"tails", {.agreed = 15, .probes = 1}, 0},
	};
	static struct replay r;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char path[64];

		snprintf(path, sizeof(path), "tests/vectors/linux_tcp_%s.txt", rows[i].row);
		replay_file(&r, path);
		printf("%s: agreed %u, near %u, probes %u, early %u, late %u; undone %u\n", rows[i].row, r.verdicts.agreed, r.verdicts.near,
		       r.verdicts.probes, r.verdicts.early, r.verdicts.late, r.cc.stats.undone);
		assert_memory_equal(&r.verdicts, &rows[i].expected, sizeof(r.verdicts));
		assert_int_equal(r.cc.stats.undone, rows[i].undone);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_linux_agrees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
