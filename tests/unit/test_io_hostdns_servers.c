/*
 * Host look-ups in simulated time, with name servers that this test plays: io/nameservers is
 * replaced by one that keeps what is asked. What takes 10 s takes none here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "io/hostdns_private.h"
#include "io/nameservers.h"
#include "support/sim_loop.h"

#define LIMIT_MS 10000
#define ACTIVE_MAX 128

struct nameservers {
	nameservers_fn fn;
	unsigned asked;		/* look-ups under way */
	bool freed;
};

struct dns_query {
	struct nameservers *servers;
	void *owner;
};

#define READINGS_MAX 4
static struct nameservers readings[READINGS_MAX];	/* of resolv.conf, in their order */
static unsigned reading_count;
static struct dns_query *last_query;
static char last_name[300];
static unsigned asked_count;

struct nameservers *nameservers_new(struct io_loop *loop, const struct rng *rng,
				    const struct resolvconf *config, nameservers_fn fn)
{
	struct nameservers *ns = &readings[reading_count++];

	(void)loop;
	(void)rng;
	assert_true(reading_count <= READINGS_MAX);
	assert_true(config->server_count > 0);
	*ns = (struct nameservers){.fn = fn};
	return ns;
}

void nameservers_free(struct nameservers *ns)
{
	if (!ns)
		return;
	assert_int_equal(ns->asked, 0);
	assert_false(ns->freed);
	ns->freed = true;
}

int nameservers_ask(struct nameservers *ns, const char *name, size_t len, void *owner,
		    struct dns_query **out)
{
	struct dns_query *q = calloc(1, sizeof(*q));

	assert_non_null(q);
	assert_true(len < sizeof(last_name));
	memcpy(last_name, name, len);
	last_name[len] = '\0';
	q->servers = ns;
	q->owner = owner;
	ns->asked++;
	asked_count++;
	*out = last_query = q;
	return 0;
}

void dns_query_cancel(struct dns_query *q)
{
	q->servers->asked--;
	free(q);
}

void nameservers_flush(struct nameservers *ns)
{
	(void)ns;
}

uint64_t nameservers_drops(const struct nameservers *ns, enum dns_drop reason)
{
	(void)ns;
	(void)reason;
	return 0;
}

/* One family's result; the last one ends the query. */
static void report(struct dns_query *q, enum cause cause, bool done)
{
	static const struct addr found = {ADDR_V4, {192, 0, 2, 7}};
	struct dns_result r = {.query = q, .owner = q->owner, .cause = cause, .done = done};
	struct nameservers *ns = q->servers;

	if (cause == CAUSE_OK) {
		r.addrs = &found;
		r.count = 1;
	}
	if (done)
		dns_query_cancel(q);
	ns->fn(&r);
}

/* --- the world --- */

static struct io_loop loop;
static struct io_hostdns *dns;
static char dir[] = "/tmp/test_io_hostdns_servers.XXXXXX";
static char resolv_conf[80], hosts[80];
static unsigned changes;

struct outcome {
	unsigned reports;
	size_t count;
	enum cause cause;
};

static void on_result(void *ctx, const struct addr *addrs, size_t count, enum cause cause)
{
	struct outcome *o = ctx;

	(void)addrs;
	o->reports++;
	o->count = count;
	o->cause = cause;
}

static void resolve(const char *name, struct outcome *o)
{
	struct io_hostdns_query *q;

	*o = (struct outcome){.count = 99};
	assert_int_equal(io_hostdns_resolve(dns, name, on_result, o, &q), 0);
	assert_int_equal(o->reports, 0);
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

/* Another file at the same place, so that the change shows whatever the clock's grain. */
static void change_resolv_conf(void)
{
	char next[96], text[64];

	snprintf(next, sizeof(next), "%s.new", resolv_conf);
	snprintf(text, sizeof(text), "nameserver 192.0.2.53\n# %u\n", changes++);
	write_file(next, text);
	assert_int_equal(rename(next, resolv_conf), 0);
}

static int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(resolv_conf, sizeof(resolv_conf), "%s/resolv.conf", dir);
	snprintf(hosts, sizeof(hosts), "%s/hosts", dir);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	unlink(resolv_conf);
	unlink(hosts);
	return rmdir(dir);
}

static int begin(void **state)
{
	(void)state;
	memset(readings, 0, sizeof(readings));
	reading_count = asked_count = 0;
	sim_loop_init(&loop);
	change_resolv_conf();
	write_file(hosts, "");
	dns = io_hostdns_new(&loop, NULL);
	if (!dns)
		return -1;
	io_hostdns_set_paths(dns, resolv_conf, hosts);
	return 0;
}

static int end(void **state)
{
	(void)state;
	io_hostdns_free(dns);
	for (unsigned i = 0; i < reading_count; i++) {
		if (!readings[i].freed || readings[i].asked)
			return -1;
	}
	return list_empty(&loop.timers) ? 0 : -1;
}

/* --- causes --- */

static void test_servers_that_say_nothing_are_silent_not_ignorant(void **state)
{
	struct outcome o;

	(void)state;
	resolve("a.example", &o);
	sim_loop_pass_ms(&loop, LIMIT_MS - 1);
	assert_int_equal(o.reports, 0);
	sim_loop_pass_ms(&loop, 1);
	assert_int_equal(o.reports, 1);
	assert_int_equal(o.count, 0);
	assert_int_equal(o.cause, CAUSE_NAME_NO_ANSWER);
	assert_int_equal(readings[0].asked, 0);
	/* One family without an address proves nothing of the other. */
	resolve("a.example", &o);
	report(last_query, CAUSE_NAME_NOT_FOUND, false);
	sim_loop_pass_ms(&loop, LIMIT_MS);
	assert_int_equal(o.cause, CAUSE_NAME_NO_ANSWER);
	/* And both without one are no silence, however late it is. */
	resolve("a.example", &o);
	report(last_query, CAUSE_NAME_NOT_FOUND, false);
	sim_loop_pass_ms(&loop, LIMIT_MS - 1);
	report(last_query, CAUSE_NAME_NOT_FOUND, true);
	sim_loop_pass_ms(&loop, 0);
	assert_int_equal(o.reports, 1);
	assert_int_equal(o.cause, CAUSE_NAME_NOT_FOUND);
}

static void test_the_other_family_is_waited_for_a_little(void **state)
{
	struct outcome o;

	(void)state;
	resolve("a.example", &o);
	sim_loop_pass_ms(&loop, 1000);
	report(last_query, CAUSE_OK, false);
	sim_loop_pass_ms(&loop, 299);
	assert_int_equal(o.reports, 0);
	sim_loop_pass_ms(&loop, 1);
	assert_int_equal(o.reports, 1);
	assert_int_equal(o.count, 1);
	assert_int_equal(readings[0].asked, 0);
}

static void test_a_query_whose_turn_never_came_has_no_answer(void **state)
{
	static struct outcome first[ACTIVE_MAX];
	struct outcome late;

	(void)state;
	for (unsigned i = 0; i < ACTIVE_MAX; i++)
		resolve("a.example", &first[i]);
	resolve("late.example", &late);
	assert_int_equal(asked_count, ACTIVE_MAX);
	sim_loop_pass_ms(&loop, LIMIT_MS);
	assert_int_equal(first[ACTIVE_MAX - 1].cause, CAUSE_NAME_NO_ANSWER);
	assert_int_equal(late.reports, 1);
	assert_int_equal(late.cause, CAUSE_NAME_NO_ANSWER);
	assert_int_equal(asked_count, ACTIVE_MAX);
	/* All places are free again. */
	for (unsigned i = 0; i < ACTIVE_MAX; i++)
		resolve("b.example", &first[i]);
	assert_int_equal(asked_count, 2 * ACTIVE_MAX);
	sim_loop_pass_ms(&loop, LIMIT_MS);
}

static void test_each_place_that_is_free_lets_one_begin(void **state)
{
	static struct outcome first[ACTIVE_MAX];
	struct outcome late[3];

	(void)state;
	for (unsigned i = 0; i < ACTIVE_MAX; i++)
		resolve("a.example", &first[i]);
	resolve("one.example", &late[0]);
	resolve("two.example", &late[1]);
	resolve("three.example", &late[2]);
	report(last_query, CAUSE_OK, true);
	sim_loop_pass_ms(&loop, 0);
	assert_int_equal(asked_count, ACTIVE_MAX + 1);
	assert_string_equal(last_name, "one.example");
	report(last_query, CAUSE_OK, true);
	sim_loop_pass_ms(&loop, 0);
	assert_int_equal(late[0].count, 1);
	assert_string_equal(last_name, "two.example");
	sim_loop_pass_ms(&loop, LIMIT_MS);
	assert_int_equal(late[2].cause, CAUSE_NAME_NO_ANSWER);
}

static void test_a_hurried_query_waits_for_no_turn(void **state)
{
	static struct outcome first[ACTIVE_MAX];
	struct outcome late, urgent;
	struct io_hostdns_query *q;

	(void)state;
	for (unsigned i = 0; i < ACTIVE_MAX; i++)
		resolve("a.example", &first[i]);
	resolve("late.example", &late);
	assert_int_equal(io_hostdns_resolve(dns, "urgent.example", on_result, &urgent, &q), 0);
	assert_string_equal(last_name, "a.example");
	io_hostdns_hurry(q);
	assert_string_equal(last_name, "urgent.example");
	assert_int_equal(asked_count, ACTIVE_MAX + 1);
	/* It is asked once, and its place is not one for others. */
	io_hostdns_hurry(q);
	report(last_query, CAUSE_OK, true);
	sim_loop_pass_ms(&loop, 0);
	assert_int_equal(urgent.count, 1);
	assert_int_equal(asked_count, ACTIVE_MAX + 1);
	sim_loop_pass_ms(&loop, LIMIT_MS);
	assert_int_equal(late.cause, CAUSE_NAME_NO_ANSWER);
}

/* --- servers of a file that has changed --- */

static void test_old_servers_go_with_their_last_question(void **state)
{
	struct dns_query *old[2];
	struct outcome a, b, c;

	(void)state;
	resolve("a.example", &a);
	old[0] = last_query;
	resolve("b.example", &b);
	old[1] = last_query;
	change_resolv_conf();
	resolve("c.example", &c);
	assert_ptr_equal(last_query->servers, &readings[1]);
	sim_loop_pass_ms(&loop, 1);
	assert_false(readings[0].freed);
	report(old[0], CAUSE_OK, true);
	sim_loop_pass_ms(&loop, 1);
	assert_int_equal(a.count, 1);
	assert_false(readings[0].freed);
	report(old[1], CAUSE_OK, true);
	sim_loop_pass_ms(&loop, 0);
	assert_true(readings[0].freed);
	/* Those in use stay without a question. */
	report(last_query, CAUSE_OK, true);
	sim_loop_pass_ms(&loop, 1000);
	assert_false(readings[1].freed);
	resolve("d.example", &c);
	assert_int_equal(reading_count, 2);
	report(last_query, CAUSE_OK, true);
	sim_loop_pass_ms(&loop, 0);
}

static void test_unused_servers_go_when_the_file_changes(void **state)
{
	struct outcome o;

	(void)state;
	for (unsigned i = 0; i < READINGS_MAX; i++) {
		change_resolv_conf();
		resolve("a.example", &o);
		report(last_query, CAUSE_OK, true);
		sim_loop_pass_ms(&loop, 0);
		for (unsigned k = 0; k < i; k++)
			assert_true(readings[k].freed);
		assert_false(readings[i].freed);
	}
}

/* Each sign of a change alone: editors make a new file, others write into the old one. */
static void test_a_new_file_or_a_new_time_is_a_change(void **state)
{
	struct timespec times[2] = {{1000, 5}, {1000, 5}};
	struct outcome o;

	(void)state;
	for (unsigned i = 0; i < READINGS_MAX; i++) {
		if (i == 1)
			change_resolv_conf();
		if (i == 2)
			times[1].tv_nsec++;
		if (i == 3)
			times[1].tv_sec++;
		assert_int_equal(utimensat(AT_FDCWD, resolv_conf, times, 0), 0);
		for (unsigned k = 0; k < 2; k++) {
			resolve("a.example", &o);
			assert_int_equal(reading_count, i + 1);
			report(last_query, CAUSE_OK, true);
			sim_loop_pass_ms(&loop, 0);
		}
	}
}

/* A query that is taken back leaves, too. */
static void test_cancelled_questions_hold_no_servers(void **state)
{
	struct outcome o = {0}, other;
	struct io_hostdns_query *q;

	(void)state;
	assert_int_equal(io_hostdns_resolve(dns, "a.example", on_result, &o, &q), 0);
	change_resolv_conf();
	resolve("b.example", &other);
	sim_loop_pass_ms(&loop, 0);
	assert_false(readings[0].freed);
	io_hostdns_cancel(q);
	sim_loop_pass_ms(&loop, 0);
	assert_true(readings[0].freed);
	assert_int_equal(o.reports, 0);
	sim_loop_pass_ms(&loop, LIMIT_MS);
}

/* --- lengths --- */

/* RFC 1035 2.3.4: 255 bytes on the wire are 253 in text, and a final dot. */
static void test_the_longest_name_is_asked_and_longer_ones_are_not(void **state)
{
	static const struct {
		size_t len;
		bool dot, asked;
	} rows[] = {
		{253, false, true}, {253, true, true}, {254, false, false}, {254, true, false},
		{255, false, false}, {255, true, false}, {299, false, false},
	};
	struct outcome o;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char name[301], line[400];
		unsigned before = asked_count;

		memset(name, 'a', rows[i].len);
		for (size_t k = 60; k < rows[i].len - 1; k += 60)
			name[k] = '.';
		name[rows[i].len] = '\0';
		/* Where the file knows it, it is still no name that anybody could have asked for. */
		if (!rows[i].asked) {
			snprintf(line, sizeof(line), "192.0.2.1 %s\n", name);
			write_file(hosts, line);
		}
		if (rows[i].dot)
			memcpy(name + rows[i].len, ".", 2);
		resolve(name, &o);
		assert_int_equal(asked_count, before + rows[i].asked);
		if (rows[i].asked) {
			assert_string_equal(last_name, name);
			report(last_query, CAUSE_OK, true);
		}
		sim_loop_pass_ms(&loop, 0);
		assert_int_equal(o.cause, rows[i].asked ? CAUSE_OK : CAUSE_NAME_NOT_FOUND);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_servers_that_say_nothing_are_silent_not_ignorant),
		TEST(test_the_other_family_is_waited_for_a_little),
		TEST(test_a_query_whose_turn_never_came_has_no_answer),
		TEST(test_each_place_that_is_free_lets_one_begin),
		TEST(test_a_hurried_query_waits_for_no_turn),
		TEST(test_old_servers_go_with_their_last_question),
		TEST(test_unused_servers_go_when_the_file_changes),
		TEST(test_a_new_file_or_a_new_time_is_a_change),
		TEST(test_cancelled_questions_hold_no_servers),
		TEST(test_the_longest_name_is_asked_and_longer_ones_are_not),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
