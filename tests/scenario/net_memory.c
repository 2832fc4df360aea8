/*
 * What many streams bind of memory (net/budget.h): a stack that talks to itself, so that windows, blocks for
 * sending and scoreboards of both ends are counted together. Payload is not looked at here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "net/lwip_err.h"

#include "lwip/tcp.h"

#include "base/addr.h"
#include "net/core.h"
#include "net/mem.h"
#include "net/path.h"
#include "net/stream_core.h"
#include "support/net_raw.h"
#include "support/net_sim.h"

#define PORT 80
#define HOG 3		/* peers have the last byte of their address as id */
#define OTHER 4
#define MB ((size_t)1 << 20)

struct end {
	struct net_stream *s;
	bool connected, writes, reads;
	uint64_t taken;
};

static struct prefix own[2];
static struct sim sim;

static void end_service(struct end *e)
{
	struct iovec iov[16];
	unsigned count;

	e->connected |= (net_stream_take_events(e->s) & NET_EV_CONNECTED) != 0;
	while (e->reads && (count = net_stream_peek(e->s, iov, 16))) {
		size_t len = 0;

		for (unsigned i = 0; i < count; i++)
			len += iov[i].iov_len;
		net_stream_consume(e->s, len);
		e->taken += len;
	}
	net_stream_settle(e->s);
	while (e->writes && e->connected && (count = net_stream_space(e->s, iov, 2))) {
		size_t len = 0;

		for (unsigned i = 0; i < count; i++)
			len += iov[i].iov_len;
		net_stream_commit(e->s, len);
	}
}

static size_t bound(void)
{
	const struct net_stack *stack = sim.stack;

	return net_mem_used() + stack->blocks.used + sb_pool_bytes(stack->sb_pool);
}

/* Runs for so long and returns the most that was bound. */
static size_t run_ms(uint64_t ms)
{
	struct boot_time limit = boot_add_ms(sim.now, ms);
	struct net_stream *s;
	size_t most = 0;

	while (sim.now.ns < limit.ns) {
		sim_step(&sim, limit);
		while ((s = net_stack_next_stream(sim.stack)))
			end_service(net_stream_owner(s));
		if (bound() > most)
			most = bound();
	}
	return most;
}

/* A peer gets four fifths of the streams: there have to be more than are opened. */
static void begin_with(size_t memory_max, size_t socket_room, uint64_t delay_us, unsigned streams_max)
{
	static const uint8_t bytes[2][4] = {{10, 1, 2, HOG}, {10, 1, 2, OTHER}};

	for (unsigned i = 0; i < 2; i++)
		own[i] = (struct prefix){addr_v4(bytes[i]), 32};
	sim_init_within(&sim, 5, own, 2, 1420, streams_max, memory_max, socket_room);
	sim.delay_ns = delay_us * 1000;
	assert_int_equal(net_listen(sim.stack, PORT, &sim), 0);
}

static void begin(size_t memory_max, uint64_t delay_ms, unsigned streams_max)
{
	begin_with(memory_max, 0, delay_ms * 1000, streams_max);
}

static void end_all(void)
{
	sim_fini(&sim);
	assert_int_equal(net_mem_count(), 0);
	assert_int_equal(net_mem_used(), 0);
}

/* `a` connects, `b` accepts; both are on account of the peer, if peers are told apart. */
static void open_pair_of(uint32_t peer, struct end *a, struct end *b)
{
	struct endpoint dst = {.addr = own[peer == OTHER].addr, .port = PORT};
	struct net_inbound *in = NULL;

	assert_int_equal(net_stream_connect(sim.stack, sim.now, &dst, a, &a->s), 0);
	if (sim.peer_of)
		net_stream_set_peer(a->s, peer);
	for (unsigned n = 0; n < 1000 && !in; n++) {
		run_ms(1);
		in = net_stack_next_inbound(sim.stack);
	}
	assert_non_null(in);
	assert_int_equal(net_inbound_accept(in, sim.now, b, &b->s), 0);
}

static struct end *open_pairs_of(uint32_t peer, unsigned count)
{
	struct end *ends = calloc(2 * count, sizeof(*ends));

	assert_non_null(ends);
	for (unsigned i = 0; i < count; i++)
		open_pair_of(peer, &ends[2 * i], &ends[2 * i + 1]);
	return ends;
}

static struct end *open_pairs(unsigned count)
{
	return open_pairs_of(HOG, count);
}

static void set_all(struct end *ends, unsigned count, bool writes, bool reads)
{
	for (unsigned i = 0; i < count; i++) {
		ends[2 * i].writes = writes;
		ends[2 * i + 1].reads = reads;
		end_service(&ends[2 * i]);
		end_service(&ends[2 * i + 1]);
	}
}

static size_t windows(const struct end *ends, unsigned count)
{
	size_t sum = 0;

	for (unsigned i = 0; i < count; i++)
		sum += ends[2 * i + 1].s->window.max;
	return sum;
}

static void stall_readers(size_t memory_max, unsigned pairs)
{
	struct end *ends;
	size_t waiting = 0, most, limit;

	begin(memory_max, 25, 3 * pairs);
	limit = sim.stack->budget.limit;
	ends = open_pairs(pairs);
	set_all(ends, pairs, true, true);
	most = run_ms(2000);
	print_message("%zu kB of windows, %zu of them grown, %zu kB bound\n", windows(ends, pairs) >> 10,
		      sim.stack->budget.granted >> 10, most >> 10);
	/* They have grown, and as far as there was something to give. */
	assert_true(sim.stack->budget.granted > limit / 13);
	set_all(ends, pairs, true, false);
	most = run_ms(5000);
	for (unsigned i = 0; i < pairs; i++)
		waiting += net_stream_pending(ends[2 * i + 1].s);
	print_message("%zu kB wait, %zu kB bound\n", waiting >> 10, most >> 10);
	/* Every promise was used. */
	assert_true(waiting > windows(ends, pairs) * 9 / 10);
	assert_true(most <= limit);
	assert_int_equal(net_stack_drops(sim.stack)[NET_DROP_NOMEM], 0);
	end_all();
	free(ends);
}

static void test_readers_that_stall_stay_within_the_budget(void **state)
{
	(void)state;
	stall_readers(0, 200);
	stall_readers(16 * MB, 20);
}

static void test_idle_streams_do_not_keep_one_from_growing(void **state)
{
	enum { PAIRS = 600 };
	struct end *idle, *busy;
	struct net_memory memory;

	(void)state;
	begin(0, 25, 3 * PAIRS);
	idle = open_pairs(PAIRS);
	busy = open_pairs(1);
	set_all(busy, 1, true, true);
	run_ms(3000);
	print_message("%zu kB beside %u idle streams\n", windows(busy, 1) >> 10, 2 * PAIRS);
	assert_true(windows(busy, 1) > 8 * MB);
	net_stack_memory(sim.stack, &memory);
	assert_int_equal(memory.limit, BUDGET_MOST);
	assert_true(memory.promised > windows(idle, PAIRS) + windows(busy, 1));
	assert_true(memory.sending >= net_stream_unacked(busy[0].s));
	end_all();
	free(idle);
	free(busy);
}

static void test_streams_at_rest_give_back_what_they_had(void **state)
{
	enum { PAIRS = 12 };
	struct end *first, *later;
	size_t before, limit = 16 * MB;

	(void)state;
	begin(4 * limit, 25, 6 * PAIRS);
	first = open_pairs(PAIRS);
	set_all(first, PAIRS, true, true);
	run_ms(3000);
	set_all(first, PAIRS, false, true);
	run_ms(1000);
	before = sim.stack->budget.granted;
	run_ms(WINDOW_IDLE_MS + 2000);
	/* Nobody asks: nothing has changed. */
	assert_int_equal(sim.stack->budget.granted, before);
	later = open_pairs(1);
	set_all(later, 1, true, true);
	run_ms(3000);
	print_message("%zu kB granted to %u, %zu kB to the one after them\n", before >> 10, PAIRS,
		      windows(later, 1) >> 10);
	/* With what the first had still granted it would be 2 MB. */
	assert_true(windows(later, 1) > 3 * MB);
	/* They begin again, and share. */
	set_all(first, PAIRS, true, true);
	run_ms(3000);
	assert_true(bound() <= limit);
	end_all();
	free(first);
	free(later);
}

/*
 * Half above the budget, what streams are, and the little that each may have: unread, what comes on top of that at
 * once, to be sent.
 */
static size_t last_line(size_t limit, unsigned pairs)
{
	return limit * 3 / 2 + 2 * pairs * 2048 + pairs * (8192 + 2 * BLOCK_SMALL) * 9 / 8;
}

static void test_what_was_promised_beyond_the_budget_meets_the_last_line(void **state)
{
	enum { PAIRS = 400 };
	struct end *ends, *other;
	size_t most;

	(void)state;
	begin(1, 1, 3 * PAIRS);
	ends = open_pairs(PAIRS);
	assert_true(windows(ends, PAIRS) > 5 * BUDGET_LEAST);
	set_all(ends, PAIRS, true, false);
	most = run_ms(20000);
	print_message("%zu kB bound, %zu kB promised\n", most >> 10, windows(ends, PAIRS) >> 10);
	assert_true(net_stack_drops(sim.stack)[NET_DROP_NOMEM] > 0);
	assert_true(most <= last_line(BUDGET_LEAST, PAIRS));
	/* Those who read go on, one small block after the other. */
	other = open_pairs(1);
	set_all(other, 1, true, true);
	run_ms(5000);
	print_message("%llu kB for one who reads, in 5 s\n", (unsigned long long)other[1].taken >> 10);
	assert_true(other[1].taken > MB / 8);
	end_all();
	free(ends);
	free(other);
}

/* --- a peer and its neighbour --- */

static uint32_t sender_of(const uint8_t *packet)
{
	return packet[15];
}

static void begin_peers(size_t memory_max, uint64_t delay_ms)
{
	begin(memory_max, delay_ms, 4000);
	sim.peer_of = sender_of;
}

/* What one stream of the neighbour moves in 10 s over a link of `mbit` with a queue of a round trip. */
static size_t neighbour_moves(uint64_t delay_ms, unsigned mbit)
{
	struct end *one;
	size_t taken;

	sim.link.peer = OTHER;
	sim.link.bytes_per_s = mbit * 125000ull;
	sim.link.queue_ns = 2 * delay_ms * NS_PER_MS;
	one = open_pairs_of(OTHER, 1);
	set_all(one, 1, true, true);
	run_ms(10000);
	taken = one[1].taken;
	for (unsigned i = 0; i < 2; i++)
		net_stream_abort(one[i].s);
	free(one);
	return taken;
}

/* Readers of HOG that have stalled after their windows have grown, with all that their senders may keep. */
static struct end *hog_stalls(unsigned pairs)
{
	struct end *hog = open_pairs_of(HOG, pairs);

	set_all(hog, pairs, true, true);
	run_ms(4000);
	set_all(hog, pairs, true, false);
	run_ms(20000);
	return hog;
}

static void neighbour_beside(size_t memory_max, unsigned pairs, uint64_t delay_ms, unsigned mbit)
{
	size_t alone, beside, limit;
	struct end *hog;

	begin_peers(memory_max, delay_ms);
	alone = neighbour_moves(delay_ms, mbit);
	end_all();
	begin_peers(memory_max, delay_ms);
	limit = sim.stack->budget.limit;
	hog = hog_stalls(pairs);
	print_message("%zu kB bound, ", bound() >> 10);
	beside = neighbour_moves(delay_ms, mbit);
	print_message("%zu kB moved beside, %zu kB alone\n", beside >> 10, alone >> 10);
	assert_true(alone > (size_t)mbit * 125000 * 10 * 8 / 10);
	assert_true(beside >= alone * 8 / 10);
	/* What is the neighbour's own comes on top. */
	assert_true(bound() <= last_line(limit, pairs) + limit / 4);
	end_all();
	free(hog);
}

static void test_a_peer_leaves_its_neighbour_what_that_needs(void **state)
{
	(void)state;
	neighbour_beside(0, 150, 25, 100);
	/* Promises beyond the limit, and the last line. */
	neighbour_beside(1, 400, 10, 10);
}

static void take(struct end *e, size_t len)
{
	struct iovec iov;

	while (len && net_stream_peek(e->s, &iov, 1)) {
		size_t n = iov.iov_len < len ? iov.iov_len : len;

		net_stream_consume(e->s, n);
		len -= n;
	}
}

/* One reader takes what waits within 15 s, one a byte each second. */
static void run_with_readers(struct end *slow, struct end *trickle, unsigned seconds)
{
	for (unsigned i = 0; i < seconds; i++) {
		run_ms(1000);
		take(slow, net_stream_pending(slow->s) / 15);
		take(trickle, 1);
	}
}

/* A stream of the neighbour on a path without a limit takes all it can get. */
static void test_streams_of_a_peer_that_stall_give_way(void **state)
{
	enum { PAIRS = 150, SLOW = 1, TRICKLE = 3 };
	struct end *hog, *moving, *other;
	struct net_memory memory;
	size_t early, late;

	(void)state;
	begin_peers(64 * MB, 25);
	moving = open_pairs_of(HOG, 2);
	set_all(moving, 2, true, false);
	hog = hog_stalls(PAIRS);
	other = open_pairs_of(OTHER, 1);
	set_all(other, 1, true, true);
	run_with_readers(&moving[SLOW], &moving[TRICKLE], 25);
	net_stack_memory(sim.stack, &memory);
	assert_int_equal(memory.gave_way, 0);
	early = windows(other, 1);
	run_with_readers(&moving[SLOW], &moving[TRICKLE], 15);
	net_stack_memory(sim.stack, &memory);
	late = windows(other, 1);
	print_message("window of the neighbour: %zu kB, then %zu kB; %llu streams gave way\n", early >> 10, late >> 10,
		      (unsigned long long)memory.gave_way);
	assert_true(early < 3 * MB / 2 && late > 2 * MB);
	/* The longest open first, and only down to the fair part. */
	assert_in_range(memory.gave_way, 10, 2 * PAIRS);
	assert_int_equal(net_stream_cause(moving[SLOW].s), CAUSE_OK);
	assert_int_equal(net_stream_cause(moving[TRICKLE].s), CAUSE_EXHAUSTED);
	assert_int_equal(net_stream_cause(hog[1].s), CAUSE_EXHAUSTED);
	assert_int_equal(net_stream_cause(hog[2 * PAIRS - 1].s), CAUSE_OK);
	end_all();
	free(hog);
	free(moving);
	free(other);
}

/* A stream of `peer` asks for more, beside streams of HOG that stall, but not for somebody else's loss. */
static void nobody_gives_way(uint32_t peer, bool path)
{
	struct end *hog, *more;
	struct net_memory memory;

	begin_peers(64 * MB, 25);
	hog = hog_stalls(150);
	if (!path)
		net_stack_set_path(sim.stack, sim.now, HOG, false);
	more = open_pairs_of(peer, 1);
	set_all(more, 1, true, true);
	run_ms(40000);
	net_stack_memory(sim.stack, &memory);
	assert_int_equal(memory.gave_way, 0);
	end_all();
	free(hog);
	free(more);
}

static void test_who_has_nobody_beside_or_no_path_keeps_what_stalls(void **state)
{
	(void)state;
	nobody_gives_way(HOG, true);
	nobody_gives_way(OTHER, false);
}

/* --- a peer written out packet by packet --- */

static struct packet_pool *raw_pool;
static struct endpoint raw_far = {.port = 443};
static const uint8_t raw_far_bytes[4] = {10, 9, 9, 9};

static void raw_begin_within(size_t memory_max, unsigned streams_max)
{
	begin(memory_max, 1, streams_max);
	raw_pool = packet_pool_new(16, 64);
	assert_non_null(raw_pool);
	raw_far.addr = addr_v4(raw_far_bytes);
}

static void raw_begin(void)
{
	raw_begin_within(1, 200);
}

static void raw_end(void)
{
	end_all();
	packet_pool_free(raw_pool);
}

/* Connects to a peer that takes segments of `mss` bytes and has a window of 8 MB. Returns our first sequence number. */
static struct raw_tcp raw_open(struct end *e, uint16_t mss)
{
	const uint8_t opts[] = {2, 4, (uint8_t)(mss >> 8), (uint8_t)mss, 1, 3, 3, 7};
	struct raw_packet p;
	struct raw_tcp syn, answer;

	assert_int_equal(net_stream_connect(sim.stack, sim.now, &raw_far, e, &e->s), 0);
	assert_true(raw_take_at(sim.stack, sim.now, &p));
	assert_true(raw_parse_tcp(&p, &syn));
	answer = (struct raw_tcp){.src = syn.dst, .dst = syn.src, .seq = 1, .ack = syn.seq + 1,
				  .flags = RAW_SYN | RAW_ACK, .wnd = 65535, .opt_len = sizeof(opts)};
	memcpy(answer.opts, opts, sizeof(opts));
	raw_make_tcp(&p, &answer);
	raw_feed(sim.stack, raw_pool, sim.now, &p, 1);
	answer.flags = RAW_ACK;
	answer.opt_len = 0;
	answer.seq++;
	return answer;
}

static void raw_drain(void)
{
	struct raw_packet p;

	while (raw_take_at(sim.stack, sim.now, &p))
		;
}

/* Peers that acknowledge nothing: their senders may keep what fills the budget. */
static void test_closed_windows_leave_the_neighbour_what_it_needs(void **state)
{
	enum { STREAMS = 600 };
	static struct end ends[STREAMS];
	size_t alone, beside;

	(void)state;
	begin_peers(0, 25);
	alone = neighbour_moves(25, 100);
	end_all();
	raw_begin_within(0, 4000);
	sim.peer_of = sender_of;
	sim.delay_ns = 25 * NS_PER_MS;
	memset(ends, 0, sizeof(ends));
	for (unsigned i = 0; i < STREAMS; i++) {
		ends[i].writes = true;
		(void)raw_open(&ends[i], 1300);
		net_stream_set_peer(ends[i].s, HOG);
		end_service(&ends[i]);
		raw_drain();
	}
	print_message("%zu kB bound, ", bound() >> 10);
	assert_true(sim.stack->blocks.used > sim.stack->budget.limit / 4);
	beside = neighbour_moves(25, 100);
	print_message("%zu kB moved beside, %zu kB alone\n", beside >> 10, alone >> 10);
	assert_true(beside >= alone * 8 / 10);
	raw_end();
}

static void test_tiny_segments_cannot_bind_more_than_their_bytes_may(void **state)
{
	enum { STREAMS = 40, BESIDE = 5 /* times the bytes: headers, descriptors */ };
	static struct end ends[STREAMS];
	size_t most = 0;

	(void)state;
	raw_begin();
	memset(ends, 0, sizeof(ends));
	for (unsigned i = 0; i < STREAMS; i++) {
		ends[i].writes = true;
		(void)raw_open(&ends[i], 64);
		for (unsigned n = 0; n < 100; n++) {
			end_service(&ends[i]);
			raw_drain();
		}
		if (bound() > most)
			most = bound();
	}
	print_message("%zu kB in blocks, %zu kB in all\n", sim.stack->blocks.used >> 10, most >> 10);
	/* Half above the budget, one stream's share on top of that, and the least of each. */
	assert_true(most <= BUDGET_LEAST * 3 / 2 + BESIDE * (128 << 10) +
			    STREAMS * (2048 + BESIDE * BLOCK_SMALL + SB_POOL_CHUNK));
	raw_end();
}

static void test_single_bytes_that_nobody_reads_are_bounded(void **state)
{
	enum { STREAMS = 100, BYTES = 8000 };
	static struct end ends[STREAMS];
	size_t most = 0;

	(void)state;
	raw_begin();
	memset(ends, 0, sizeof(ends));
	for (unsigned i = 0; i < STREAMS; i++) {
		struct raw_tcp t = raw_open(&ends[i], 1300);
		struct raw_packet p;

		t.data = raw_far_bytes;
		t.data_len = 1;
		for (unsigned n = 0; n < BYTES; n++, t.seq++) {
			raw_make_tcp(&p, &t);
			raw_feed(sim.stack, raw_pool, sim.now, &p, 1);
			raw_drain();
		}
		end_service(&ends[i]);
		if (bound() > most)
			most = bound();
	}
	print_message("%zu kB\n", most >> 10);
	assert_true(most <= BUDGET_LEAST * 3 / 2 + STREAMS * (2048 + 16384));
	raw_end();
}

static void test_streams_of_short_paths_share_the_socket(void **state)
{
	enum { ROOM = 400000, PAIRS = 4 };
	struct end *one, *more;

	(void)state;
	begin_with(0, ROOM, 400, 6 * PAIRS);
	one = open_pairs(1);
	assert_int_equal(windows(one, 1), ROOM / 4);
	/* Nor did TCP promise more. */
	assert_int_equal(one[1].s->pcb->rcv_wnd, ROOM / 4);
	set_all(one, 1, true, true);
	run_ms(200);
	assert_in_range(windows(one, 1), ROOM / 2, ROOM);
	set_all(one, 1, false, true);
	run_ms(300);
	more = open_pairs(PAIRS);
	set_all(more, PAIRS, true, true);
	run_ms(300);
	assert_in_range(windows(more, PAIRS), ROOM / 2, ROOM);
	end_all();
	free(one);
	free(more);
	/* A longer path is not bounded by it, as soon as it is known to be long. */
	begin_with(0, ROOM, 10000, 6 * PAIRS);
	one = open_pairs(1);
	run_ms(100);
	assert_int_equal(one[0].s->window.max, WINDOW_START);
	assert_int_equal(one[0].s->pcb->rcv_wnd, WINDOW_START);
	/* Who has accepted would have to tell it by a packet of its own. */
	assert_int_equal(windows(one, 1), ROOM / 4);
	assert_int_equal(sim.sent, 3);
	set_all(one, 1, true, true);
	run_ms(500);
	assert_true(windows(one, 1) > 2 * ROOM);
	end_all();
	free(one);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_readers_that_stall_stay_within_the_budget),
		cmocka_unit_test(test_idle_streams_do_not_keep_one_from_growing),
		cmocka_unit_test(test_streams_at_rest_give_back_what_they_had),
		cmocka_unit_test(test_streams_of_short_paths_share_the_socket),
		cmocka_unit_test(test_what_was_promised_beyond_the_budget_meets_the_last_line),
		cmocka_unit_test(test_a_peer_leaves_its_neighbour_what_that_needs),
		cmocka_unit_test(test_streams_of_a_peer_that_stall_give_way),
		cmocka_unit_test(test_who_has_nobody_beside_or_no_path_keeps_what_stalls),
		cmocka_unit_test(test_closed_windows_leave_the_neighbour_what_it_needs),
		cmocka_unit_test(test_tiny_segments_cannot_bind_more_than_their_bytes_may),
		cmocka_unit_test(test_single_bytes_that_nobody_reads_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
