/*
 * A stack that talks to itself: bulk in both directions, half-close in either order, loss,
 * reordering, duplication and corruption, many connections. Teardown fails on anything left over.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/addr.h"
#include "net/mem.h"
#include "net/window.h"
#include "support/net_sim.h"

#define PORT 80

/* One end of a connection: sends `total` bytes of a pattern, reads and checks the other's. */
struct end {
	struct net_stream *s;
	uint64_t to_send, sent, received, expect;
	uint8_t salt_out, salt_in;
	unsigned events;	/* all seen */
	bool shut, eof, closed;
	bool slow;		/* reads nothing */
	size_t read_max;	/* bytes per round; 0: no limit */
};

static uint8_t pattern(uint64_t at, uint8_t salt)
{
	return (uint8_t)(at * 31 + (at >> 8) * 7 + (at >> 16) + salt);
}

static void end_write(struct end *e)
{
	struct iovec iov[2];
	unsigned count;

	while (e->sent < e->to_send && (count = net_stream_space(e->s, iov, 2))) {
		size_t placed = 0;

		for (unsigned i = 0; i < count; i++) {
			uint8_t *p = iov[i].iov_base;
			size_t n = 0;

			for (; n < iov[i].iov_len && e->sent + placed < e->to_send; n++, placed++)
				p[n] = pattern(e->sent + placed, e->salt_out);
		}
		net_stream_commit(e->s, placed);
		e->sent += placed;
	}
	if (e->sent == e->to_send && !e->shut) {
		e->shut = true;
		net_stream_shutdown(e->s);
	}
}

static void end_read(struct end *e)
{
	struct iovec iov[16];
	unsigned count;
	size_t budget = e->read_max ? e->read_max : SIZE_MAX;

	if (e->slow) {
		net_stream_settle(e->s);
		return;
	}
	while (budget && (count = net_stream_peek(e->s, iov, 16))) {
		size_t taken = 0;

		for (unsigned i = 0; i < count && taken < budget; i++) {
			const uint8_t *p = iov[i].iov_base;

			for (size_t n = 0; n < iov[i].iov_len && taken < budget; n++, taken++) {
				if (p[n] != pattern(e->received + taken, e->salt_in))
					fail_msg("byte %llu differs",
						 (unsigned long long)(e->received + taken));
			}
		}
		net_stream_consume(e->s, taken);
		e->received += taken;
		budget -= taken;
	}
	if (net_stream_at_eof(e->s))
		e->eof = true;
}

static void end_service(struct end *e)
{
	e->events |= net_stream_take_events(e->s);
	if (e->events & NET_EV_FAILED)
		return;
	end_read(e);
	if (e->events & NET_EV_CONNECTED)
		end_write(e);
}

static void take_events(struct sim *sim)
{
	struct net_stream *s;

	while ((s = net_stack_next_stream(sim->stack)))
		end_service(net_stream_owner(s));
}

static struct prefix prefixes[3];

static void make_prefixes(void)
{
	assert_int_equal(prefix_parse(&prefixes[0], "10.1.2.3/24", 11), 0);
	assert_int_equal(prefix_parse(&prefixes[1], "fd00::5/64", 10), 0);
	assert_int_equal(prefix_parse(&prefixes[2], "192.168.7.1/32", 14), 0);
	/* Parsing clears host bits: put the hosts back. */
	prefixes[0].addr.bytes[3] = 3;
	prefixes[1].addr.bytes[15] = 5;
}

static struct endpoint target(unsigned i)
{
	return (struct endpoint){.addr = prefixes[i].addr, .port = PORT};
}

/* Connects `a` to the stack's own address `i` and accepts at `b`. */
static void open_pair(struct sim *sim, struct end *a, struct end *b, unsigned i)
{
	struct endpoint dst = target(i), src, to;
	struct net_inbound *in = NULL;

	assert_int_equal(net_stream_connect(sim->stack, sim->now, &dst, a, &a->s), 0);
	for (unsigned n = 0; n < 1000 && !in; n++) {
		sim_step(sim, boot_add_ms(sim->now, 1000));
		take_events(sim);
		in = net_stack_next_inbound(sim->stack);
	}
	assert_non_null(in);
	net_inbound_endpoints(in, &src, &to);
	assert_true(endpoint_equal(&to, &dst));
	assert_int_equal(net_inbound_accept(in, sim->now, b, &b->s), 0);
}

static bool ends_done(const struct end *a, const struct end *b)
{
	unsigned all = NET_EV_SENT_ALL | NET_EV_EOF;

	return a->eof && b->eof && (a->events & all) == all && (b->events & all) == all;
}

static void run_pair(struct sim *sim, struct end *a, struct end *b, uint64_t seconds)
{
	struct boot_time limit = boot_add_ms(sim->now, seconds * 1000);

	while (!ends_done(a, b) && sim->now.ns < limit.ns) {
		sim_step(sim, limit);
		take_events(sim);
		if ((a->events | b->events) & NET_EV_FAILED)
			fail_msg("failed: %s / %s", cause_name(net_stream_cause(a->s)),
				 cause_name(net_stream_cause(b->s)));
	}
	assert_int_equal(a->received, b->to_send);
	assert_int_equal(b->received, a->to_send);
	assert_true(ends_done(a, b));
}

struct bulk_case {
	const char *name;
	unsigned address;
	uint64_t up, down;
	uint64_t delay_us;
	unsigned loss_ppm, dup_ppm, reorder_ppm, corrupt_ppm, mtu;
	uint64_t seconds;
};

static void bulk(const struct bulk_case *c, uint64_t seed)
{
	struct end a = {.to_send = c->up, .salt_out = 1, .salt_in = 2};
	struct end b = {.to_send = c->down, .salt_out = 2, .salt_in = 1};
	struct sim sim;

	sim_init(&sim, seed, prefixes, 3, c->mtu, 100);
	sim.delay_ns = c->delay_us * 1000;
	sim.loss_ppm = c->loss_ppm;
	sim.dup_ppm = c->dup_ppm;
	sim.reorder_ppm = c->reorder_ppm;
	sim.corrupt_ppm = c->corrupt_ppm;
	assert_int_equal(net_listen(sim.stack, PORT, &sim), 0);
	open_pair(&sim, &a, &b, c->address);
	run_pair(&sim, &a, &b, c->seconds);
	print_message("%-12s %5.2f s simulated, %llu packets, %llu lost\n", c->name,
		      (double)(sim.now.ns - sim.start.ns) / 1e9, (unsigned long long)sim.sent,
		      (unsigned long long)sim.lost);
	net_stream_close(a.s);
	net_stream_close(b.s);
	sim_fini(&sim);
	assert_int_equal(net_mem_count(), 0);
}

static void test_bulk_arrives_unharmed_both_ways(void **state)
{
	static const struct bulk_case cases[] = {
		{"v4", 0, 8 << 20, 8 << 20, 500, 0, 0, 0, 0, 1420, 60},
		{"v6", 1, 8 << 20, 1 << 20, 500, 0, 0, 0, 0, 1420, 60},
		{"big mtu", 2, 8 << 20, 100, 50, 0, 0, 0, 0, 9000, 60},
		{"small mtu", 0, 1 << 20, 1 << 20, 50, 0, 0, 0, 0, 576, 60},
		{"empty", 0, 0, 0, 500, 0, 0, 0, 0, 1420, 60},
		{"one byte", 0, 1, 1, 500, 0, 0, 0, 0, 1420, 60},
		{"long path", 0, 32 << 20, 0, 50000, 0, 0, 0, 0, 1420, 600},
		{"loss", 0, 1 << 20, 1 << 20, 5000, 10000, 0, 0, 0, 1420, 600},
		{"reorder", 0, 4 << 20, 4 << 20, 500, 0, 0, 20000, 0, 1420, 600},
		{"duplicates", 1, 4 << 20, 4 << 20, 500, 0, 50000, 0, 0, 1420, 600},
		{"corruption", 0, 1 << 20, 1 << 20, 500, 0, 0, 0, 3000, 1420, 600},
		{"everything", 1, 1 << 20, 1 << 20, 2000, 5000, 5000, 5000, 2000, 1280, 1200},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		bulk(&cases[i], 7 + i);
}

/* --- a reader that does not read --- */

static void test_slow_reader_bounds_memory(void **state)
{
	struct end a = {.to_send = 64 << 20, .salt_out = 1, .salt_in = 2};
	struct end b = {.to_send = 0, .salt_out = 2, .salt_in = 1, .slow = true};
	struct sim sim;

	(void)state;
	sim_init(&sim, 3, prefixes, 3, 1420, 10);
	assert_int_equal(net_listen(sim.stack, PORT, &sim), 0);
	open_pair(&sim, &a, &b, 0);
	for (unsigned i = 0; i < 3000; i++) {
		sim_step(&sim, boot_add_ms(sim.now, 100));
		take_events(&sim);
	}
	assert_in_range(net_stream_pending(b.s), WINDOW_START * 3 / 4, WINDOW_START);
	assert_in_range(net_stream_unacked(a.s), 1, 4 << 20);
	assert_int_equal(packet_pool_blocks_used(sim.pool), 0);
	assert_in_range(net_mem_held(), 1, 8 << 20);
	/* It wakes up: everything arrives. */
	b.slow = false;
	b.read_max = 100000;
	end_service(&b);
	for (unsigned i = 0; i < 200000 && !b.eof; i++) {
		sim_step(&sim, boot_add_ms(sim.now, 100));
		take_events(&sim);
		end_service(&b);
	}
	assert_int_equal(b.received, 64 << 20);
	net_stream_abort(a.s);
	net_stream_abort(b.s);
	sim_fini(&sim);
	assert_int_equal(net_mem_count(), 0);
}

static void test_many_slow_readers_bound_memory(void **state)
{
	enum { PAIRS = 600 };
	struct end *ends = calloc(2 * PAIRS, sizeof(*ends));
	size_t waiting = 0;
	struct sim sim;

	(void)state;
	assert_non_null(ends);
	sim_init(&sim, 31, prefixes, 3, 1420, 3 * PAIRS);
	assert_int_equal(net_listen(sim.stack, PORT, &sim), 0);
	for (unsigned i = 0; i < PAIRS; i++) {
		ends[2 * i] = (struct end){.to_send = 8 << 20, .salt_out = 1, .salt_in = 2};
		ends[2 * i + 1] = (struct end){.salt_out = 2, .salt_in = 1, .slow = true};
		open_pair(&sim, &ends[2 * i], &ends[2 * i + 1], i % 2);
	}
	for (unsigned i = 0; i < 20000; i++) {
		sim_step(&sim, boot_add_ms(sim.now, 20));
		take_events(&sim);
	}
	for (unsigned i = 0; i < PAIRS; i++)
		waiting += net_stream_pending(ends[2 * i + 1].s);
	print_message("%zu MB wait for %u slow readers\n", waiting >> 20, PAIRS);
	assert_in_range(waiting, 30 << 20, 64 << 20);
	sim_fini(&sim);
	assert_int_equal(net_mem_count(), 0);
	free(ends);
}

/* --- one side vanishes --- */

static void test_abort_in_mid_transfer_resets_the_other_side(void **state)
{
	struct end a = {.to_send = 8 << 20, .salt_out = 1, .salt_in = 2};
	struct end b = {.to_send = 8 << 20, .salt_out = 2, .salt_in = 1};
	struct sim sim;

	(void)state;
	sim_init(&sim, 4, prefixes, 3, 1420, 10);
	assert_int_equal(net_listen(sim.stack, PORT, &sim), 0);
	open_pair(&sim, &a, &b, 1);
	while (b.received < 1 << 20) {
		sim_step(&sim, boot_add_ms(sim.now, 100));
		take_events(&sim);
	}
	net_stream_abort(b.s);
	for (unsigned i = 0; i < 1000 && !(a.events & NET_EV_FAILED); i++) {
		sim_step(&sim, boot_add_ms(sim.now, 100));
		take_events(&sim);
	}
	assert_int_equal(net_stream_cause(a.s), CAUSE_RESET);
	net_stream_close(a.s);
	sim_fini(&sim);
	assert_int_equal(net_mem_count(), 0);
}

static void test_teardown_in_mid_transfer_leaves_nothing(void **state)
{
	(void)state;
	for (unsigned steps = 0; steps < 60; steps++) {
		struct end a = {.to_send = 4 << 20, .salt_out = 1, .salt_in = 2};
		struct end b = {.to_send = 4 << 20, .salt_out = 2, .salt_in = 1};
		struct sim sim;

		sim_init(&sim, steps, prefixes, 3, 1420, 10);
		sim.loss_ppm = 20000;
		sim.reorder_ppm = 20000;
		assert_int_equal(net_listen(sim.stack, PORT, &sim), 0);
		open_pair(&sim, &a, &b, 0);
		for (unsigned i = 0; i < steps; i++) {
			sim_step(&sim, boot_add_ms(sim.now, 100));
			take_events(&sim);
		}
		sim_fini(&sim);
		assert_int_equal(net_mem_count(), 0);
	}
}

/* --- memory runs out --- */

static void test_each_failing_allocation_is_survived(void **state)
{
	unsigned connected = 0;

	(void)state;
	for (size_t n = 1; n < 120; n++) {
		struct end a = {.to_send = 200000, .salt_out = 1, .salt_in = 2};
		struct end b = {.to_send = 200000, .salt_out = 2, .salt_in = 1};
		struct endpoint dst = target(n % 2);
		struct net_inbound *in = NULL;
		struct boot_time limit;
		struct sim sim;
		int err;

		sim_init(&sim, n, prefixes, 3, 1420, 10);
		assert_int_equal(net_listen(sim.stack, PORT, &sim), 0);
		net_mem_fail_at(n);
		err = net_stream_connect(sim.stack, sim.now, &dst, &a, &a.s);
		if (err)
			a.s = NULL;
		limit = boot_add_ms(sim.now, 100000);
		while (a.s && !ends_done(&a, &b) && sim.now.ns < limit.ns &&
		       !((a.events | b.events) & NET_EV_FAILED)) {
			sim_step(&sim, limit);
			take_events(&sim);
			in = net_stack_next_inbound(sim.stack);
			if (in && net_inbound_accept(in, sim.now, &b, &b.s))
				b.s = NULL;
		}
		net_mem_fail_at(0);
		connected += ends_done(&a, &b);
		if (a.s)
			net_stream_close(a.s);
		if (b.s)
			net_stream_close(b.s);
		sim_fini(&sim);
		assert_int_equal(net_mem_count(), 0);
	}
	/* One failed allocation is a lost packet for most of them. */
	assert_in_range(connected, 90, 120);
}

/* --- many --- */

#define MANY 10000

static void accept_all(struct sim *sim, struct end *ends, size_t count, size_t *accepted)
{
	struct net_inbound *in;

	while ((in = net_stack_next_inbound(sim->stack))) {
		assert_true(*accepted < count);
		struct end *e = &ends[*accepted];

		*e = (struct end){.salt_out = 2, .salt_in = 1};
		assert_int_equal(net_inbound_accept(in, sim->now, e, &e->s), 0);
		++*accepted;
	}
}

/* Reads and takes events, but ends nothing. */
static void take_events_open(struct sim *sim)
{
	struct net_stream *s;

	while ((s = net_stack_next_stream(sim->stack))) {
		struct end *e = net_stream_owner(s);

		e->events |= net_stream_take_events(s);
		assert_false(e->events & NET_EV_FAILED);
		end_read(e);
	}
}

static void test_ten_thousand_idle_connections_are_small(void **state)
{
	struct end *ends = calloc(2 * MANY, sizeof(*ends));
	size_t accepted = 0, each;
	struct endpoint dst = target(0);
	struct sim sim;
	uint64_t packets;

	(void)state;
	assert_non_null(ends);
	sim_init(&sim, 5, prefixes, 3, 1420, 3 * MANY);
	sim.delay_ns = 10000;
	assert_int_equal(net_listen(sim.stack, PORT, &sim), 0);
	for (size_t i = 0; i < MANY; i++) {
		struct end *e = &ends[MANY + i];

		*e = (struct end){.salt_out = 1, .salt_in = 2};
		assert_int_equal(net_stream_connect(sim.stack, sim.now, &dst, e, &e->s), 0);
		if (i % 50)
			continue;
		for (unsigned n = 0; n < 10; n++) {
			sim_step(&sim, boot_add_ms(sim.now, 1));
			accept_all(&sim, ends, MANY, &accepted);
			take_events_open(&sim);
		}
	}
	for (unsigned n = 0; n < 3000; n++) {
		sim_step(&sim, boot_add_ms(sim.now, 1));
		accept_all(&sim, ends, MANY, &accepted);
		take_events_open(&sim);
	}
	assert_int_equal(accepted, MANY);
	for (size_t i = 0; i < 2 * MANY; i++)
		assert_true(ends[i].events & NET_EV_CONNECTED);
	/* Each says something once, then all rest. */
	for (size_t i = 0; i < MANY; i++)
		assert_int_equal(net_stream_write(ends[MANY + i].s, "\1\40\77", 3), 3);
	for (size_t i = 0; i < MANY; i++) {
		ends[MANY + i].sent = 3;
		ends[i].slow = true;	/* the bytes are no pattern: do not look */
	}
	for (unsigned n = 0; n < 3000; n++) {
		sim_step(&sim, boot_add_ms(sim.now, 1));
		take_events_open(&sim);
	}
	for (size_t i = 0; i < MANY; i++) {
		assert_int_equal(net_stream_pending(ends[i].s), 3);
		net_stream_consume(ends[i].s, 3);
		assert_int_equal(net_stream_unacked(ends[MANY + i].s), 0);
	}
	net_stack_trim(sim.stack);
	each = net_mem_held() / (3 * MANY);
	print_message("%zu bytes a connection\n", each);
	assert_in_range(each, 100, 2048);
	/* Keepalives: each is answered, nobody dies; 3 minutes. */
	packets = sim.sent;
	for (struct boot_time end = boot_add_ms(sim.now, 180000); sim.now.ns < end.ns;) {
		sim_step(&sim, end);
		take_events_open(&sim);
	}
	print_message("%.1f packets a second for keepalives\n", (double)(sim.sent - packets) / 180);
	sim_fini(&sim);
	assert_int_equal(net_mem_count(), 0);
	free(ends);
}

/* One short connection after another, 1,000 a second, to one destination. */
static void test_a_thousand_new_connections_a_second_for_minutes(void **state)
{
	enum { RATE = 1000, SECONDS = 150 };
	struct end *ends = calloc(4096, sizeof(*ends));
	struct endpoint dst = target(0);
	struct sim sim;
	unsigned made = 0, done = 0, slot = 0;
	size_t held = 0;

	(void)state;
	assert_non_null(ends);
	sim_init(&sim, 6, prefixes, 3, 1420, 1000);
	sim.delay_ns = 200000;
	assert_int_equal(net_listen(sim.stack, PORT, &sim), 0);
	while (done < RATE * SECONDS) {
		struct boot_time next = boot_add_ms(sim.start, made + 1000);
		struct net_inbound *in;
		struct net_stream *s;

		if (made < RATE * SECONDS && boot_reached(sim.now, next)) {
			struct end *e = &ends[slot++ % 4096];

			*e = (struct end){.to_send = 10, .salt_out = 1, .salt_in = 2};
			assert_int_equal(net_stream_connect(sim.stack, sim.now, &dst, e, &e->s), 0);
			made++;
			next = boot_add_ms(sim.start, made + 1000);
		}
		sim_step(&sim, made < RATE * SECONDS ? next : boot_add_ms(sim.now, 1000));
		while ((in = net_stack_next_inbound(sim.stack))) {
			struct end *e = &ends[slot++ % 4096];

			*e = (struct end){.to_send = 20, .salt_out = 2, .salt_in = 1};
			assert_int_equal(net_inbound_accept(in, sim.now, e, &e->s), 0);
		}
		while ((s = net_stack_next_stream(sim.stack))) {
			struct end *e = net_stream_owner(s);
			bool dialled = e->salt_out == 1;

			end_service(e);
			if (e->events & NET_EV_FAILED)
				fail_msg("%s failed after %u: %s", dialled ? "dial" : "accept",
					 done, cause_name(net_stream_cause(e->s)));
			if (e->eof && e->shut && net_stream_unacked(e->s) == 0 &&
			    (e->events & NET_EV_SENT_ALL)) {
				assert_int_equal(e->received, dialled ? 20 : 10);
				net_stream_close(e->s);
				done += dialled;
			}
		}
		if (net_mem_held() > held)
			held = net_mem_held();
	}
	print_message("%u connections, at most %zu kB held\n", done, held >> 10);
	assert_in_range(held, 1, 8 << 20);
	sim_fini(&sim);
	assert_int_equal(net_mem_count(), 0);
	free(ends);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bulk_arrives_unharmed_both_ways),
		cmocka_unit_test(test_slow_reader_bounds_memory),
		cmocka_unit_test(test_many_slow_readers_bound_memory),
		cmocka_unit_test(test_abort_in_mid_transfer_resets_the_other_side),
		cmocka_unit_test(test_teardown_in_mid_transfer_leaves_nothing),
		cmocka_unit_test(test_each_failing_allocation_is_survived),
		cmocka_unit_test(test_ten_thousand_idle_connections_are_small),
		cmocka_unit_test(test_a_thousand_new_connections_a_second_for_minutes),
	};

	make_prefixes();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
