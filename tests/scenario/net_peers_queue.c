/* The output queue, which fills while the UDP socket has no room: no peer may take all of it. */
#include "net/lwip_err.h"

#include "net/core.h"
#include "net/out.h"
#include "net/peers.h"
#include "support/net_hog.h"

/* Nobody takes what is sent, as while the socket has no room: what answers HOG leaves room for others. */
static void a_full_queue_has_room_for_a_neighbour(void)
{
	unsigned hogs = 0, others = 0;
	struct raw_tcp t;

	for (uint16_t i = 0; i < 2 * OUT_QUEUE_MAX; i++)
		syn_from(HOG, (uint16_t)(1000 + i));
	/* Each is refused. */
	for (uint16_t i = 0; i < OUT_QUEUE_MAX / 8; i++)
		syn_from(OTHER, (uint16_t)(10000 + i));
	/* Its packets refer to it. */
	net_stack_trim(w.stack);
	assert_non_null(net_peers_find(&w.stack->peers, HOG));
	while (take(&t)) {
		assert_int_equal(t.flags, RAW_RST | RAW_ACK);
		if (t.dst.port < 10000)
			hogs++;
		else
			others++;
	}
	assert_in_range(hogs, OUT_QUEUE_MAX * 3 / 4, OUT_QUEUE_MAX * 7 / 8);
	assert_int_equal(others, OUT_QUEUE_MAX / 8);
	/* It was counted out as well. */
	for (uint16_t i = 0; i < OUT_QUEUE_MAX / 8; i++)
		syn_from(HOG, (uint16_t)(1000 + i));
	for (hogs = 0; take(&t); hogs++)
		;
	assert_int_equal(hogs, OUT_QUEUE_MAX / 8);
}

static void refuse_one(uint32_t peer, uint16_t port)
{
	struct net_inbound *in;

	syn_from(peer, port);
	in = net_stack_next_inbound(w.stack);
	assert_non_null(in);
	net_inbound_refuse(in);
}

/* SYNs that were held until their target was known, and refused then. */
static void late_refusals_leave_room_for_a_neighbour(void)
{
	unsigned hogs = 0, others = 0;
	struct raw_tcp t;

	large_world();
	listen_here();
	for (uint16_t i = 0; i < 2 * OUT_QUEUE_MAX; i++)
		refuse_one(HOG, (uint16_t)(1000 + i));
	for (uint16_t i = 0; i < OUT_QUEUE_MAX / 8; i++)
		refuse_one(OTHER, (uint16_t)(10000 + i));
	while (take(&t)) {
		if (t.dst.port < 10000)
			hogs++;
		else
			others++;
	}
	assert_in_range(hogs, OUT_QUEUE_MAX * 3 / 4, OUT_QUEUE_MAX * 7 / 8);
	assert_int_equal(others, OUT_QUEUE_MAX / 8);
}

/* An accepted connection whose handshake is complete. */
static struct net_stream *open_one(uint32_t peer, uint16_t port)
{
	struct net_stream *s = NULL;
	struct raw_tcp t;

	assert_int_equal(net_inbound_accept(hold_one(peer, port), w.now, &w, &s), 0);
	t = expect(RAW_SYN | RAW_ACK, "");
	w.rcv = t.seq + 1;
	t = from_peer(RAW_ACK, NULL, 0);
	t.seq++;
	t.wnd = 60000;
	feed(&t);
	expect_nothing();
	return s;
}

/* All send what they may at first, in one round; those of HOG come first, and would fill the queue. */
static void streams_that_fill_the_queue_leave_room_for_a_neighbour(void)
{
	enum { STREAMS = OUT_QUEUE_MAX / 8 };
	static const uint8_t bytes[15000];
	struct net_stream *all[STREAMS + 1];
	unsigned before = 0;
	struct raw_tcp t;

	large_world();
	listen_here();
	for (unsigned i = 0; i <= STREAMS; i++)
		all[i] = open_one(i < STREAMS ? HOG : OTHER, (uint16_t)(1000 + i));
	for (unsigned i = 0; i <= STREAMS; i++)
		assert_int_equal(net_stream_write(all[i], bytes, sizeof(bytes)), sizeof(bytes));
	while (take(&t) && t.dst.port != 1000 + STREAMS)
		before++;
	/* In the same round, not in the next. */
	assert_in_range(before, OUT_QUEUE_MAX * 3 / 4, OUT_QUEUE_MAX * 7 / 8);
	for (unsigned i = 0; i <= STREAMS; i++)
		net_stream_abort(all[i]);
	while (take(&t))
		;
}

TEST(a_full_queue_has_room_for_a_neighbour)
TEST(late_refusals_leave_room_for_a_neighbour)
TEST(streams_that_fill_the_queue_leave_room_for_a_neighbour)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_full_queue_has_room_for_a_neighbour),
		cmocka_unit_test(test_late_refusals_leave_room_for_a_neighbour),
		cmocka_unit_test(test_streams_that_fill_the_queue_leave_room_for_a_neighbour),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
