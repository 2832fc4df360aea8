/*
 * Relays in simulated time: which end when nothing moves, which stay, and which give way. The
 * stack and the sockets are stand-ins in memory.
 */
#include "support/node_lab.h"

#include "front/relay.h"

#define MINUTE 60000U

static struct conn from;

static void kill_nothing(struct conn *c)
{
	(void)c;
}

/* A relay in the lab's group, with a place; `stream` takes `tx_max` bytes, the client `out_max`. */
static struct io_sock *relay(struct net_stream **stream, size_t tx_max, size_t out_max)
{
	struct io_sock *sock = sim_sock_new(&lab.loop);

	*stream = lab_stream_new(tx_max);
	sock->out_max = out_max;
	conn_enter(&from, &lab.group, kill_nothing);
	assert_true(conn_take_place(&from));
	relay_start(&from, sock, *stream, NULL, 0);
	conn_leave(&from);
	lab_settle();
	return sock;
}

static int set_up(void **state)
{
	(void)state;
	lab_init(SERVICE_SOCKS, 3);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	lab_fini();
	return 0;
}

/* It is ended by a look not before `ms` and soon after; both sides see a reset. */
static void expect_end_after(uint64_t ms, enum patience_reason reason)
{
	uint64_t before = lab.patience.ended[reason];

	lab_wait(ms - 1);
	assert_int_equal(lab.group.open, 1);
	lab_wait(2 * PATIENCE_LOOK_MS + 1);
	assert_int_equal(lab.group.open, 0);
	assert_int_equal(lab.patience.ended[reason], before + 1);
	assert_int_equal(sim_socks.aborted, 1);
	assert_int_equal(lab.streams_aborted, 1);
	lab_expect_nothing_left();
}

static void test_both_ends_close_in_order(void **state)
{
	struct net_stream *s;
	struct io_sock *c = relay(&s, 1000, 1000);

	(void)state;
	lab_client_text(c, "up");
	lab_client_ends(c, IO_END);
	assert_memory_equal(buf_data(&s->tx), "up", 2);
	assert_true(s->shut);
	lab_origin_text(s, "down");
	lab_origin_ends(s);
	assert_int_equal(sim_socks.closed, 1);
	assert_int_equal(lab.streams_closed, 1);
	assert_memory_equal(buf_data(&sim_socks.heard), "down", 4);
	lab_expect_nothing_left();
}

static void test_origin_that_ignores_the_end_of_the_client(void **state)
{
	struct net_stream *s;
	struct io_sock *c = relay(&s, 1000, 1000);

	(void)state;
	lab_client_ends(c, IO_END);
	expect_end_after(PATIENCE_HALF_MS, PATIENCE_HALF);
}

static void test_client_that_ignores_the_end_of_the_origin(void **state)
{
	struct net_stream *s;

	(void)state;
	(void)relay(&s, 1000, 1000);
	lab_origin_ends(s);
	expect_end_after(PATIENCE_HALF_MS, PATIENCE_HALF);
}

/* The end of the client lies behind bytes that the origin does not take. */
static void test_end_behind_unread_bytes_is_seen(void **state)
{
	struct net_stream *s;
	struct io_sock *c = relay(&s, 10, 1000);

	(void)state;
	lab_client_text(c, "more than ten bytes");
	lab_client_ends(c, IO_END);
	expect_end_after(PATIENCE_HALF_MS, PATIENCE_HALF);
}

/* What the origin sent before it failed is not read. */
static void test_lost_origin_with_unread_bytes_ends(void **state)
{
	struct net_stream *s;

	(void)state;
	(void)relay(&s, 10, 4);
	lab_origin_text(s, "more than four");
	lab_origin_fails(s);
	expect_end_after(PATIENCE_HALF_MS, PATIENCE_HALF);
}

static void test_reset_ends_at_once_even_when_nothing_is_read(void **state)
{
	struct net_stream *s;
	struct io_sock *c = relay(&s, 10, 1000);

	(void)state;
	lab_client_text(c, "more than ten bytes");
	assert_int_equal(c->want, 0);
	lab_client_ends(c, IO_END | IO_RESET);
	assert_int_equal(lab.streams_aborted, 1);
	lab_expect_nothing_left();

	c = relay(&s, 10, 1000);
	lab_client_ends(c, IO_END);
	lab_client_ends(c, IO_RESET);
	assert_int_equal(lab.streams_aborted, 2);
	lab_expect_nothing_left();

	/* The client does not read either. */
	c = relay(&s, 10, 4);
	lab_origin_text(s, "more than four");
	lab_client_ends(c, IO_END | IO_RESET);
	assert_int_equal(lab.streams_aborted, 3);
	lab_expect_nothing_left();
}

/* A socket that is watched already: its reset and the bytes before it come at the same time. */
static void test_bytes_before_a_reset_are_passed_on(void **state)
{
	struct net_stream *s;
	struct io_sock *c = relay(&s, 100, 1000);

	(void)state;
	c->watched = true;
	assert_int_equal(buf_append(&c->in, "last words", 10), 0);
	c->ends = IO_END | IO_RESET;
	/* One pass of the loop, after which the stack sends. */
	assert_true(lab_deliver());
	assert_int_equal(lab.group.open, 1);
	assert_memory_equal(buf_data(&s->tx), "last words", 10);
	lab_settle();
	assert_int_equal(lab.streams_aborted, 1);
	lab_expect_nothing_left();

	/* More of them than the origin takes: the rest is lost with the client. */
	c = relay(&s, 10, 1000);
	c->watched = true;
	assert_int_equal(buf_append(&c->in, "more than ten bytes", 19), 0);
	c->ends = IO_END | IO_RESET;
	lab_settle();
	lab_expect_nothing_left();
}

/* A Unix client that has closed: what it wrote before still goes out. */
static void test_closed_unix_client_delivers_what_it_wrote(void **state)
{
	struct net_stream *s;
	struct io_sock *c = relay(&s, 10, 1000);

	(void)state;
	lab_client_text(c, "more than ten bytes");
	lab_client_ends(c, IO_END | IO_CLOSED);
	lab_origin_take(s, 10);
	assert_memory_equal(buf_data(&s->tx), "ten bytes", 9);
	assert_true(s->shut);
	expect_end_after(PATIENCE_HALF_MS, PATIENCE_HALF);
}

static void test_moving_bytes_keep_it_for_ever(void **state)
{
	struct net_stream *s;
	struct io_sock *c = relay(&s, 1000, 1000);

	(void)state;
	lab_client_ends(c, IO_END);
	for (unsigned i = 0; i < 50; i++) {
		lab_wait(4 * MINUTE);
		lab_origin_text(s, "x");
		lab_client_take(c, 1);
	}
	assert_true(sim_sock_is_open(c));
	expect_end_after(PATIENCE_HALF_MS, PATIENCE_HALF);
}

/* The other way: the origin has ended, the client goes on. */
static void test_moving_bytes_up_keep_it(void **state)
{
	struct net_stream *s;
	struct io_sock *c = relay(&s, 1000, 1000);

	(void)state;
	lab_origin_ends(s);
	for (unsigned i = 0; i < 10; i++) {
		lab_wait(4 * MINUTE);
		lab_client_text(c, "x");
	}
	assert_true(sim_sock_is_open(c));
}

/* One byte acknowledged or read every four minutes: nothing moves here, but it drains. */
static void test_slow_reader_is_no_paused_one(void **state)
{
	struct net_stream *s;
	struct io_sock *c = relay(&s, 100, 4);

	(void)state;
	lab_client_text(c, "forty bytes that the origin takes slowly");
	lab_client_ends(c, IO_END);
	for (unsigned i = 0; i < 10; i++) {
		lab_wait(4 * MINUTE);
		s->starved = false;
		lab_origin_take(s, 1);
	}
	assert_true(sim_sock_is_open(c));
	lab_origin_text(s, "slow");
	for (unsigned i = 0; i < 4; i++) {
		lab_wait(4 * MINUTE);
		buf_consume(&c->out, 1);
	}
	assert_true(sim_sock_is_open(c));
}

static void test_open_both_ways_it_stays(void **state)
{
	struct net_stream *s, *t;
	struct io_sock *idle = relay(&s, 1000, 1000), *paused = relay(&t, 1000, 4);

	(void)state;
	lab_origin_text(t, "more than four");
	lab_wait(10000 * MINUTE);
	assert_true(sim_sock_is_open(idle));
	assert_true(sim_sock_is_open(paused));
	lab_client_take(paused, 4);
	assert_memory_equal(buf_data(&paused->out), " tha", 4);
}

static void test_idle_timeout_of_the_listener(void **state)
{
	struct net_stream *s;
	struct io_sock *c;

	(void)state;
	lab.group.idle_ms = 7 * MINUTE;
	c = relay(&s, 1000, 1000);
	for (unsigned i = 0; i < 5; i++) {
		lab_wait(6 * MINUTE);
		lab_client_text(c, "x");
	}
	expect_end_after(7 * MINUTE, PATIENCE_IDLE);
}

static void test_idle_timeout_spares_what_drains(void **state)
{
	struct net_stream *s;
	struct io_sock *c;

	(void)state;
	lab.group.idle_ms = MINUTE;
	c = relay(&s, 1000, 1000);
	lab_client_text(c, "twenty bytes to take");
	for (unsigned i = 0; i < 20; i++) {
		lab_wait(50000);
		lab_origin_take(s, 1);
	}
	assert_true(sim_sock_is_open(c));
	expect_end_after(MINUTE, PATIENCE_IDLE);
}

/* Blocked for long, then one end: the time counts from there. */
static void test_half_closed_time_starts_with_the_end(void **state)
{
	struct net_stream *s;
	struct io_sock *c = relay(&s, 10, 1000);

	(void)state;
	lab_client_text(c, "more than ten bytes");
	lab_wait(60 * MINUTE + 1);
	lab_client_ends(c, IO_END);
	expect_end_after(PATIENCE_HALF_MS, PATIENCE_HALF);
}

/* The look that comes soon after it was opened does not count what was before. */
static void test_time_before_it_was_opened_does_not_count(void **state)
{
	struct net_stream *s, *t;
	struct io_sock *busy, *c;

	(void)state;
	lab.group.idle_ms = MINUTE;
	busy = relay(&s, 1000, 1000);
	lab_wait(PATIENCE_LOOK_MS - 1);
	c = relay(&t, 1000, 1000);
	for (unsigned i = 0; i < 2; i++) {
		lab_client_text(busy, "x");
		lab_wait(MINUTE / 2 - 1);
		assert_true(sim_sock_is_open(c));
	}
	lab_wait(2 * PATIENCE_LOOK_MS);
	assert_false(sim_sock_is_open(c));
}

static void test_outage_does_not_count(void **state)
{
	struct net_stream *s;
	struct io_sock *c = relay(&s, 1000, 1000);

	(void)state;
	lab_client_ends(c, IO_END);
	lab_wait(3 * MINUTE);
	lab.path_down = true;
	lab_wait(600 * MINUTE);
	assert_true(sim_sock_is_open(c));
	lab.path_down = false;
	/* The two minutes that were left. */
	expect_end_after(PATIENCE_HALF_MS - 3 * MINUTE, PATIENCE_HALF);
}

static void test_freeze_does_not_count(void **state)
{
	struct net_stream *s;
	struct io_sock *c = relay(&s, 1000, 1000);

	(void)state;
	lab_client_ends(c, IO_END);
	for (unsigned i = 0; i < 20; i++) {
		lab_wait(PATIENCE_LOOK_MS / 2);
		lab_freeze(60 * MINUTE);
	}
	assert_true(sim_sock_is_open(c));
	expect_end_after(PATIENCE_HALF_MS - PATIENCE_LOOK_MS, PATIENCE_HALF);
}

/* A machine that is slow by less than the allowance counts all of its time. */
static void test_a_late_look_counts(void **state)
{
	struct net_stream *s;
	struct io_sock *c = relay(&s, 1000, 1000);

	(void)state;
	lab_client_ends(c, IO_END);
	for (unsigned i = 0; i < 2 + PATIENCE_HALF_MS / (PATIENCE_LOOK_MS + PATIENCE_LATE_MS); i++)
		lab_freeze(PATIENCE_LOOK_MS + PATIENCE_LATE_MS);
	assert_int_equal(lab.group.open, 0);
}

/* --- giving way --- */

static bool place_is_there(void)
{
	bool got;

	conn_enter(&from, &lab.group, kill_nothing);
	got = conn_take_place(&from);
	conn_leave(&from);
	return got;
}

static void test_the_longest_blocked_gives_way_to_a_new_client(void **state)
{
	struct net_stream *s[3];
	struct io_sock *c[3];

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		c[i] = relay(&s[i], 10, 1000);
	lab_client_text(c[1], "more than ten bytes");
	lab_wait(2 * PATIENCE_LOOK_MS);
	lab_client_text(c[0], "more than ten bytes");
	/* Blocked, but for a moment only. */
	assert_false(place_is_there());
	lab_wait(PATIENCE_STALLED_MS + 2 * PATIENCE_LOOK_MS);
	assert_true(place_is_there());
	assert_false(sim_sock_is_open(c[1]));
	assert_true(sim_sock_is_open(c[0]));
	assert_int_equal(lab.patience.ended[PATIENCE_STALLED], 1);
	/* That place is free: nobody else has to go. */
	assert_true(place_is_there());
	assert_true(sim_sock_is_open(c[0]));
	c[1] = relay(&s[1], 10, 1000);
	assert_true(place_is_there());
	assert_false(sim_sock_is_open(c[0]));
	c[0] = relay(&s[0], 10, 1000);
	/* An idle one is not blocked. */
	lab_wait(100 * MINUTE);
	assert_false(place_is_there());
}

static void test_who_moves_again_does_not_give_way(void **state)
{
	struct net_stream *s[3];
	struct io_sock *c[3];

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		c[i] = relay(&s[i], 10, 1000);
	lab_client_text(c[0], "more than ten bytes, and more than twenty");
	lab_client_text(c[1], "more than ten bytes, and more than twenty");
	lab_wait(PATIENCE_STALLED_MS + 2 * PATIENCE_LOOK_MS);
	/* Since the last look: one moved and is blocked again, of one the origin takes a byte. */
	lab_origin_take(s[0], 10);
	s[1]->starved = false;
	lab_origin_take(s[1], 1);
	assert_false(place_is_there());
	lab_wait(PATIENCE_LOOK_MS);
	assert_false(place_is_there());
	lab_wait(PATIENCE_STALLED_MS + PATIENCE_LOOK_MS);
	assert_true(place_is_there());
}

static void test_who_does_not_read_gives_way(void **state)
{
	struct net_stream *s;
	struct io_sock *c = NULL;

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		c = relay(&s, 10, 4);
	lab_origin_text(s, "more than four");
	lab_wait(PATIENCE_STALLED_MS + 2 * PATIENCE_LOOK_MS);
	assert_true(place_is_there());
	assert_false(sim_sock_is_open(c));
}

static void test_a_drain_keeps_them_in_their_places(void **state)
{
	struct net_stream *s;
	struct io_sock *c = relay(&s, 10, 10);

	(void)state;
	conn_group_drain(&lab.group);
	assert_true(sim_sock_is_open(c));
	assert_true(list_empty(&lab.group.strangers));
	assert_int_equal(lab.group.placed, 1);
}

/* Kept they are, but not at the cost of somebody who could be served by another peer. */
static void test_what_an_outage_keeps_gives_way_when_full(void **state)
{
	struct net_stream *s;
	struct io_sock *c = NULL;

	(void)state;
	lab.path_down = true;
	for (unsigned i = 0; i < 3; i++)
		c = relay(&s, 10, 1000);
	lab_wait(20 * MINUTE);
	assert_true(sim_sock_is_open(c));
	assert_true(place_is_there());
}

static void test_room_for_the_stack_is_made_in_any_listener(void **state)
{
	struct conn_group other;
	struct net_stream *s;
	struct io_sock *c = relay(&s, 10, 1000);

	(void)state;
	conn_group_init(&other, &lab.loop, 0);
	other.patience = &lab.patience;
	lab_client_text(c, "more than ten bytes");
	lab_wait(PATIENCE_STALLED_MS + 2 * PATIENCE_LOOK_MS);
	/* Another listener's client does not cost this one its connection. */
	conn_enter(&from, &other, kill_nothing);
	assert_false(conn_take_place(&from));
	conn_leave(&from);
	assert_true(sim_sock_is_open(c));
	assert_true(patience_make_room(&lab.patience, NULL));
	assert_false(patience_make_room(&lab.patience, NULL));
	assert_false(patience_make_room(NULL, NULL));
	lab_expect_nothing_left();
}

/* --- strangers --- */

static unsigned killed;

static void kill_stranger(struct conn *c)
{
	killed++;
	conn_leave(c);
	free(c);
}

static void test_strangers_never_shut_anybody_out(void **state)
{
	struct conn *first = NULL, *second = NULL;
	struct net_stream *s;
	struct io_sock *c = relay(&s, 1000, 1000);

	(void)state;
	killed = 0;
	for (unsigned i = 0; i < 1000; i++) {
		struct conn *stranger = malloc(sizeof(*stranger));

		assert_non_null(stranger);
		conn_group_admit(&lab.group);
		conn_enter(stranger, &lab.group, kill_stranger);
		first = i == 0 ? stranger : first;
		second = i == 999 ? stranger : second;
		assert_true(lab.group.open <= lab.group.max + CONN_STRANGERS_MAX);
	}
	assert_int_equal(killed, 1001 - lab.group.max - CONN_STRANGERS_MAX);
	assert_int_equal(lab.group.displaced, killed);
	/* The newest is still there and gets its place, as often as it asks. */
	assert_true(conn_take_place(second));
	assert_true(conn_take_place(second));
	assert_int_equal(lab.group.placed, 2);
	for (unsigned i = 0; i < 1000; i++) {
		struct conn *stranger = malloc(sizeof(*stranger));

		assert_non_null(stranger);
		conn_group_admit(&lab.group);
		conn_enter(stranger, &lab.group, kill_stranger);
	}
	assert_true(second->placed);
	assert_true(sim_sock_is_open(c));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_both_ends_close_in_order),
		TEST(test_origin_that_ignores_the_end_of_the_client),
		TEST(test_client_that_ignores_the_end_of_the_origin),
		TEST(test_end_behind_unread_bytes_is_seen),
		TEST(test_lost_origin_with_unread_bytes_ends),
		TEST(test_reset_ends_at_once_even_when_nothing_is_read),
		TEST(test_bytes_before_a_reset_are_passed_on),
		TEST(test_closed_unix_client_delivers_what_it_wrote),
		TEST(test_moving_bytes_keep_it_for_ever),
		TEST(test_moving_bytes_up_keep_it),
		TEST(test_slow_reader_is_no_paused_one),
		TEST(test_open_both_ways_it_stays),
		TEST(test_idle_timeout_of_the_listener),
		TEST(test_idle_timeout_spares_what_drains),
		TEST(test_half_closed_time_starts_with_the_end),
		TEST(test_time_before_it_was_opened_does_not_count),
		TEST(test_outage_does_not_count),
		TEST(test_freeze_does_not_count),
		TEST(test_a_late_look_counts),
		TEST(test_the_longest_blocked_gives_way_to_a_new_client),
		TEST(test_who_moves_again_does_not_give_way),
		TEST(test_who_does_not_read_gives_way),
		TEST(test_a_drain_keeps_them_in_their_places),
		TEST(test_what_an_outage_keeps_gives_way_when_full),
		TEST(test_room_for_the_stack_is_made_in_any_listener),
		TEST(test_strangers_never_shut_anybody_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
