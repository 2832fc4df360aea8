/*
 * What WireGuard peers may occupy in the stack, and that a neighbour never goes without: held and half
 * open connections, connections, fragments, answers by ICMP. HOG takes all that it gets; OTHER then
 * asks for a little.
 */
#include "net/lwip_err.h"

#include "lwip/priv/tcp_priv.h"

#include "net/core.h"
#include "net/path.h"
#include "net/peers.h"
#include "support/net_hog.h"

#define HALF_OPEN_MS 10000

/* SYNs of HOG that are held, so that further ones are answered by the stack. */
static void fill_held(void)
{
	for (uint16_t i = 0; i < NET_PEER_HELD_MAX; i++)
		hold_one(HOG, (uint16_t)(1000 + i));
}

static struct net_stream *accept_one(uint32_t peer, uint16_t port)
{
	struct net_stream *s;

	assert_int_equal(net_inbound_accept(hold_one(peer, port), w.now, &w, &s), 0);
	expect(RAW_SYN | RAW_ACK, "");
	return s;
}

/* A SYN that the stack answers itself. */
static struct raw_tcp half_open(uint16_t port)
{
	struct raw_tcp t;

	syn_from(HOG, port);
	assert_null(net_stack_next_inbound(w.stack));
	t = expect(RAW_SYN | RAW_ACK, "");
	assert_int_equal(t.ack, w.snd + 1);
	return t;
}

/* One whose handshake is complete. */
static struct net_inbound *open_undecided(uint16_t port)
{
	struct raw_tcp t = half_open(port);
	struct net_inbound *in;

	w.rcv = t.seq + 1;
	w.snd++;
	peer_send(RAW_ACK, "");
	in = net_stack_next_inbound(w.stack);
	assert_non_null(in);
	no_events();
	return in;
}

/* --- held, half open --- */

static void further_syns_are_answered_and_dialled_only_when_complete(void)
{
	static const uint8_t full[] = {3, 3, RAW_STACK_SCALE};
	struct net_inbound *in;
	struct endpoint src, dst;
	struct raw_tcp t;
	bool scale = false;

	listen_here();
	fill_held();
	t = half_open(5000);
	for (size_t i = 0; i + sizeof(full) <= t.opt_len; i++)
		scale |= memcmp(t.opts + i, full, sizeof(full)) == 0;
	assert_true(scale);
	/* Neither an ACK of something else nor one outside the window shows that he is there. */
	w.rcv = t.seq + 2;
	w.snd++;
	peer_send(RAW_ACK, "");
	expect(RAW_RST | RAW_ACK, "");
	w.rcv = t.seq + 1;
	w.snd += 100000;
	peer_send(RAW_ACK, "");
	assert_null(net_stack_next_inbound(w.stack));
	w.snd -= 100000;
	while (raw_take(w.stack, &w.out))
		;
	peer_send(RAW_ACK, "");
	in = net_stack_next_inbound(w.stack);
	assert_non_null(in);
	net_inbound_endpoints(in, &src, &dst);
	assert_int_equal(src.port, 5000);
	/* What comes before the decision is there after it. */
	peer_send(RAW_ACK | RAW_PSH, "early");
	no_events();
	assert_int_equal(net_inbound_accept(in, w.now, &w, &w.s), 0);
	assert_int_equal(events(), NET_EV_CONNECTED | NET_EV_READABLE);
	expect(RAW_ACK, "");	/* the window is now a connection's */
	read_text("early");
	write_text("answer");
	expect(RAW_ACK | RAW_PSH, "answer");
	net_stream_abort(w.s);
}

static void a_refusing_target_resets_what_the_stack_has_answered(void)
{
	struct net_inbound *in;

	listen_here();
	fill_held();
	in = open_undecided(5000);
	net_inbound_refuse(in);
	expect(RAW_RST | RAW_ACK, "");
	expect_nothing();
}

static void until_decided_one_unscaled_window_is_taken(void)
{
	static char text[1001];
	struct net_inbound *in;
	struct raw_tcp t;
	uint32_t start;

	memset(text, 'x', 1000);
	listen_here();
	fill_held();
	in = open_undecided(5000);
	start = w.snd;
	for (unsigned i = 0; i < 200; i++) {
		t = from_peer(RAW_ACK, text, 1000);
		feed(&t);
		w.snd += 1000;
		while (take(&t))
			assert_true(t.ack + ((uint32_t)t.wnd << RAW_STACK_SCALE) - start <= 65535);
	}
	assert_int_equal(net_inbound_accept(in, w.now, &w, &w.s), 0);
	assert_in_range(net_stream_pending(w.s), 60000, 65535);
	/* From here on the window is what a connection gets. */
	net_stream_consume(w.s, 60000);
	while (take(&t))
		;
	assert_true((uint32_t)t.wnd << RAW_STACK_SCALE > 100000);
	net_stream_abort(w.s);
}

static void a_client_that_left_is_told_to_whoever_accepts(void)
{
	struct net_inbound *in;

	listen_here();
	fill_held();
	in = open_undecided(5000);
	peer_send(RAW_RST, "");
	no_events();
	assert_int_equal(net_inbound_accept(in, w.now, &w, &w.s), ERR_RESET);
	in = open_undecided(5001);
	peer_send(RAW_RST, "");
	net_inbound_refuse(in);
	expect_nothing();
}

static void half_open_ones_get_three_answers_and_ten_seconds(void)
{
	unsigned answers = 1;
	struct raw_tcp t;

	listen_here();
	fill_held();
	half_open(5000);
	for (unsigned i = 0; i < 40; i++) {
		/* Repeating the SYN gets nobody more of them. */
		syn_from(HOG, 5000);
		pass_ms(HALF_OPEN_MS / 40 - 1);
		while (take(&t))
			answers += t.flags == (RAW_SYN | RAW_ACK);
	}
	assert_int_equal(answers, 3);
	assert_int_equal(net_stack_drops(w.stack)[NET_DROP_SYN_LIMIT], 0);
	pass_ms(100);
	assert_int_equal(net_stack_drops(w.stack)[NET_DROP_SYN_LIMIT], 1);
	assert_int_equal(net_stack_stream_count(w.stack), 0);
	expect_nothing();
}

static void the_oldest_half_open_goes_for_a_new_one(void)
{
	struct raw_tcp first;

	listen_here();
	fill_held();
	first = half_open(5000);
	/* The world has 50 streams, four fifths of them for one peer: fewer than the limit. */
	for (uint16_t i = 1; i < 40; i++)
		half_open((uint16_t)(5000 + i));
	assert_int_equal(net_stack_stream_count(w.stack), 40);
	syn_from(HOG, 6000);
	expect_nothing();
	assert_int_equal(net_stack_drops(w.stack)[NET_DROP_SYN_LIMIT], 1);
	(void)first;
}

static void half_open_ones_of_a_peer_are_bounded(void)
{
	large_world();
	listen_here();
	fill_held();
	for (uint16_t i = 0; i < NET_PEER_UNDECIDED_MAX + 10; i++)
		half_open((uint16_t)(5000 + i));
	assert_int_equal(net_stack_stream_count(w.stack), NET_PEER_UNDECIDED_MAX);
	assert_int_equal(net_stack_drops(w.stack)[NET_DROP_SYN_LIMIT], 10);
	/* The oldest is gone, the newest can go on. */
	w.peer.port = 5000;
	w.rcv = 1;
	peer_send(RAW_ACK, "");
	expect(RAW_RST | RAW_ACK, "");
	expect_nothing();
}

static void decided_ones_make_room(void)
{
	large_world();
	listen_here();
	fill_held();
	for (uint16_t i = 0; i < 2 * NET_PEER_UNDECIDED_MAX; i++) {
		net_inbound_refuse(open_undecided((uint16_t)(5000 + i)));
		expect(RAW_RST | RAW_ACK, "");
	}
	assert_int_equal(net_stack_drops(w.stack)[NET_DROP_SYN_LIMIT], 0);
}

static void a_newer_syn_takes_the_place_of_a_held_one(void)
{
	struct net_inbound *in;

	listen_here();
	syn_from(HOG, 443);
	in = net_stack_next_inbound(w.stack);
	assert_non_null(in);
	w.snd += 5000;
	syn_from(HOG, 443);
	assert_null(net_stack_next_inbound(w.stack));
	assert_int_equal(net_inbound_accept(in, w.now, &w, &w.s), 0);
	assert_int_equal(expect(RAW_SYN | RAW_ACK, "").ack, w.snd + 1);
	net_stream_abort(w.s);
}

/* The dials of the owner and of the peer meet: what was held is judged by what is free when accepted. */
static void held_ones_are_accepted_within_the_share(void)
{
	struct net_inbound *held[NET_PEER_HELD_MAX];
	struct net_stream *opened[30], *dialled[14];
	unsigned count = 0;

	listen_here();
	for (; count < 28; count++)
		opened[count] = accept_one(HOG, (uint16_t)(1000 + count));
	for (uint16_t i = 0; i < NET_PEER_HELD_MAX; i++)
		held[i] = hold_one(HOG, (uint16_t)(2000 + i));
	w.peer.port = 443;
	for (unsigned i = 0; i < 14; i++)
		assert_int_equal(net_stream_connect(w.stack, w.now, &w.peer, &w, &dialled[i]), 0);
	while (raw_take(w.stack, &w.out))
		;
	/* 8 of 50 are free: one more makes it 29 of 4 x 7. */
	assert_int_equal(net_inbound_accept(held[0], w.now, &w, &opened[count++]), 0);
	w.peer.port = 2000;
	expect(RAW_SYN | RAW_ACK, "");
	for (uint16_t i = 1; i < NET_PEER_HELD_MAX; i++) {
		assert_int_equal(net_inbound_accept(held[i], w.now, &w, &w.s), ERR_LIMIT);
		w.peer.port = (uint16_t)(2000 + i);
		expect(RAW_RST | RAW_ACK, "");
	}
	expect_nothing();
	opened[count++] = accept_one(OTHER, 443);
	while (count)
		net_stream_abort(opened[--count]);
	for (unsigned i = 0; i < 14; i++)
		net_stream_abort(dialled[i]);
}

/* However many peers there are: what is held makes the owner dial. */
static void held_ones_of_all_peers_are_bounded(void)
{
	enum { PEERS = 64, ALL = PEERS * NET_PEER_HELD_MAX };
	static struct net_inbound *held[ALL];

	large_world();
	listen_here();
	for (unsigned i = 0; i < ALL; i++)
		held[i] = hold_one(100 + i / NET_PEER_HELD_MAX, (uint16_t)(1000 + i));
	syn_from(OTHER, 443);
	expect(RAW_SYN | RAW_ACK, "");
	assert_null(net_stack_next_inbound(w.stack));
	w.peer.port = 1000;
	net_inbound_refuse(held[0]);
	expect(RAW_RST | RAW_ACK, "");
	held[0] = hold_one(OTHER, 444);
	for (unsigned i = 0; i < ALL; i++) {
		net_inbound_refuse(held[i]);
		assert_true(raw_take(w.stack, &w.out));
	}
}

static bool ping(uint32_t peer)
{
	struct raw_packet p;

	raw_peer = peer;
	raw_make_icmp(&p, &w.peer.addr, &w.us.addr, family_now == 4 ? 8 : 128, 0, 1, "ping", 4);
	raw_feed(w.stack, w.pool, w.now, &p, 1);
	return raw_take(w.stack, &w.out);
}

/* What is still referred to, or known, outlives a trim; what says nothing does not. */
static void idle_peers_are_forgotten_and_others_not(void)
{
	struct net_inbound *in;

	listen_here();
	assert_true(ping(OTHER));
	fill_held();
	in = open_undecided(5000);
	peer_send(RAW_RST, "");
	net_stack_set_path(w.stack, w.now, 3, false);
	pass_ms(2000);
	net_stack_trim(w.stack);
	assert_null(net_peers_find(&w.stack->peers, OTHER));
	assert_non_null(net_peers_find(&w.stack->peers, HOG));
	assert_true(net_peers_find(&w.stack->peers, 3)->lost);
	net_inbound_refuse(in);
}

static bool is_known_after_trim(uint32_t peer)
{
	net_stack_trim(w.stack);
	return net_peers_find(&w.stack->peers, peer) != NULL;
}

/* Each thing that refers to a peer's entry, alone. */
static void a_peer_is_known_for_as_long_as_it_has_anything(void)
{
	struct net_inbound *held[NET_PEER_HELD_MAX], *in;

	listen_here();
	in = hold_one(HOG, 443);
	assert_true(is_known_after_trim(HOG));
	assert_int_equal(net_inbound_accept(in, w.now, &w, &w.s), 0);
	expect(RAW_SYN | RAW_ACK, "");
	assert_true(is_known_after_trim(HOG));
	assert_int_equal(net_peers_find(&w.stack->peers, HOG)->streams, 1);
	net_stream_abort(w.s);
	expect(RAW_RST | RAW_ACK, "");
	assert_false(is_known_after_trim(HOG));
	/* Answered, its stream gone, but the owner has not decided yet. */
	for (uint16_t i = 0; i < NET_PEER_HELD_MAX; i++)
		held[i] = hold_one(HOG, (uint16_t)(1000 + i));
	in = open_undecided(5000);
	peer_send(RAW_RST, "");
	for (uint16_t i = 0; i < NET_PEER_HELD_MAX; i++) {
		net_inbound_refuse(held[i]);
		assert_true(raw_take(w.stack, &w.out));
	}
	assert_true(is_known_after_trim(HOG));
	assert_int_equal(net_peers_find(&w.stack->peers, HOG)->undecided, 1);
	net_inbound_refuse(in);
	assert_false(is_known_after_trim(HOG));
	/* Answers by ICMP that it has used up. */
	assert_true(ping(HOG));
	assert_true(is_known_after_trim(HOG));
	pass_ms(2000);
	assert_false(is_known_after_trim(HOG));
}

/* --- a path that comes back --- */

static unsigned packets_out(void)
{
	unsigned count = 0;

	while (raw_take(w.stack, &w.out))
		count++;
	return count;
}

/* Streams whose SYN is unanswered: each has one segment to repeat. */
static void open_many(unsigned count)
{
	struct net_stream *s;

	large_world();
	for (unsigned i = 0; i < count; i++) {
		assert_int_equal(net_stream_connect(w.stack, w.now, &w.peer, &w, &s), 0);
		net_stream_set_peer(s, HOG);
	}
	assert_int_equal(packets_out(), count);
}

static void many_repeats_are_spread_over_a_second(void)
{
	unsigned count;

	open_many(500);
	net_stack_set_path(w.stack, w.now, HOG, false);
	pass_ms(50);
	net_stack_set_path(w.stack, w.now, OTHER, true);
	assert_int_equal(packets_out(), 0);
	net_stack_set_path(w.stack, w.now, HOG, true);
	count = packets_out();
	assert_in_range(count, 64, 64);
	pass_ms(40);
	count += packets_out();
	assert_in_range(count, 128, 200);
	pass_ms(400);
	assert_int_equal(count + packets_out(), 500);
}

static void a_path_that_is_lost_again_stops_the_rest(void)
{
	open_many(500);
	net_stack_set_path(w.stack, w.now, HOG, false);
	net_stack_set_path(w.stack, w.now, HOG, true);
	assert_int_equal(packets_out(), 64);
	net_stack_set_path(w.stack, w.now, HOG, false);
	pass_ms(500);
	assert_int_equal(packets_out(), 0);
}

static void an_outage_that_lasts_ends_the_streams_of_its_peer(void)
{
	struct net_stream *other;

	establish();
	net_stream_set_peer(w.s, HOG);
	assert_int_equal(net_stream_connect(w.stack, w.now, &w.peer, &w, &other), 0);
	net_stream_set_peer(other, OTHER);
	assert_int_equal(packets_out(), 1);
	assert_int_equal(net_stack_end_peer(w.stack, w.now, HOG, CAUSE_TUNNEL_DOWN), 1);
	assert_int_equal(events(), NET_EV_FAILED);
	assert_int_equal(net_stream_cause(w.s), CAUSE_TUNNEL_DOWN);
	expect(RAW_RST | RAW_ACK, "");
	no_events();
	net_stream_close(w.s);
	net_stream_abort(other);
}

/* No known sequence of segments gets there: it is broken by hand. */
static void a_broken_connection_is_reset_and_counted(void)
{
	establish();
	write_text("data");
	expect(RAW_ACK | RAW_PSH, "data");
	tcp_active_pcbs->snd_queuelen = 0;
	w.rcv += 4;
	peer_send(RAW_ACK, "");
	assert_int_equal(net_stack_broken(w.stack)[NET_BROKEN_QUEUE], 1);
	assert_int_equal(events(), NET_EV_FAILED);
	assert_int_equal(net_stream_cause(w.s), CAUSE_RESET);
	expect(RAW_RST | RAW_ACK, "");
	net_stream_close(w.s);
}

/* --- neighbours --- */

static void held_syns_of_one_leave_room_for_another(void)
{
	struct net_inbound *in;

	listen_here();
	for (uint16_t i = 0; i < 3000; i++) {
		syn_from(HOG, (uint16_t)(1000 + i));
		while (raw_take(w.stack, &w.out))
			;
	}
	while (net_stack_next_inbound(w.stack))
		;
	syn_from(OTHER, 443);
	in = net_stack_next_inbound(w.stack);
	assert_non_null(in);
	assert_int_equal(net_inbound_accept(in, w.now, &w, &w.s), 0);
	expect(RAW_SYN | RAW_ACK, "");
	net_stream_abort(w.s);
}

static void connections_of_one_leave_a_fifth(void)
{
	static struct net_stream *streams[60];
	struct net_inbound *in;
	unsigned count = 0;

	listen_here();
	for (uint16_t i = 0; i < 60; i++) {
		syn_from(HOG, (uint16_t)(1000 + i));
		in = net_stack_next_inbound(w.stack);
		if (in && !net_inbound_accept(in, w.now, &w, &streams[count]))
			count++;
		while (raw_take(w.stack, &w.out))
			;
	}
	assert_int_equal(count, 40);
	for (uint16_t i = 0; i < 5; i++) {
		syn_from(OTHER, (uint16_t)(2000 + i));
		in = net_stack_next_inbound(w.stack);
		assert_non_null(in);
		assert_int_equal(net_inbound_accept(in, w.now, &w, &streams[count]), 0);
		count++;
	}
	while (count)
		net_stream_abort(streams[--count]);
	/* Nothing of that is remembered. */
	while (raw_take(w.stack, &w.out))
		;
	for (uint16_t i = 0; i < 40; i++) {
		syn_from(HOG, (uint16_t)(3000 + i));
		in = net_stack_next_inbound(w.stack);
		assert_non_null(in);
		assert_int_equal(net_inbound_accept(in, w.now, &w, &streams[count]), 0);
		count++;
	}
	while (count)
		net_stream_abort(streams[--count]);
}

static void answers_by_icmp_are_limited_for_each(void)
{
	unsigned answered = 0;

	for (unsigned i = 0; i < 2 * NET_PEER_ICMP_BURST; i++)
		answered += ping(HOG);
	assert_int_equal(answered, NET_PEER_ICMP_BURST);
	assert_int_equal(net_stack_drops(w.stack)[NET_DROP_ICMP_LIMIT], NET_PEER_ICMP_BURST);
	assert_true(ping(OTHER));
	w.now = boot_add_ms(w.now, 100);
	answered = 0;
	for (unsigned i = 0; i < 2 * NET_PEER_ICMP_BURST; i++)
		answered += ping(HOG);
	assert_in_range(answered, 100, 103);
}

/* --- fragments --- */

/* One fragment of a UDP datagram to a closed port: whole, it is answered by port unreachable. */
static void fragment(uint32_t peer, uint16_t id, size_t at, size_t len, bool last)
{
	static struct raw_packet whole, p;
	struct endpoint dst = {.addr = w.us.addr, .port = 9};
	static const uint8_t data[1400];

	raw_peer = peer;
	raw_make_udp(&whole, &w.peer, &dst, data, 1192);
	raw_cut(&whole, id, at, len, last, &p);
	raw_feed(w.stack, w.pool, w.now, &p, 1);
}

static bool was_answered(void)
{
	bool answered = raw_take(w.stack, &w.out);

	while (raw_take(w.stack, &w.out))
		;
	return answered;
}

static void fragments_of_one_sender_make_a_datagram(void)
{
	fragment(HOG, 1, 0, 600, false);
	fragment(OTHER, 1, 600, 600, true);
	assert_false(was_answered());
	fragment(HOG, 1, 600, 600, true);
	assert_true(was_answered());
}

static void fragments_of_one_leave_room_for_another(void)
{
	fragment(OTHER, 7, 0, 600, false);
	for (uint16_t i = 0; i < 500; i++) {
		fragment(HOG, (uint16_t)(1000 + i), 8, 16, false);
		(void)was_answered();
	}
	fragment(OTHER, 7, 600, 600, true);
	assert_true(was_answered());
	/* And nobody who needs little is starved when all is taken. */
	fragment(OTHER, 8, 600, 600, true);
	for (uint16_t i = 0; i < 100; i++)
		fragment(HOG, (uint16_t)(2000 + i), 8, 16, false);
	fragment(OTHER, 8, 0, 600, false);
	assert_true(was_answered());
}

static void a_lone_peer_has_all_fragments(void)
{
	/* 50 pieces, the last first. */
	for (size_t i = 50; i-- > 0;)
		fragment(HOG, 3, i * 24, 24, i == 49);
	assert_true(was_answered());
}

static void fragments_that_contradict_the_end_are_dropped(void)
{
	fragment(HOG, 1, 600, 600, true);
	fragment(HOG, 1, 1200, 600, false);	/* behind the last one */
	fragment(HOG, 1, 1200, 600, true);
	fragment(HOG, 1, 0, 600, false);
	assert_true(was_answered());
	fragment(HOG, 2, 1200, 600, false);
	fragment(HOG, 2, 600, 600, true);	/* the last one, before another */
	fragment(HOG, 2, 0, 600, false);
	assert_false(was_answered());
}

static void datagrams_longer_than_ip_allows_are_dropped(void)
{
	size_t at = 0;

	/* With its header the chain would be longer than 16 bits can say. */
	for (; at + 1400 < 65536; at += 1400)
		fragment(HOG, 1, at, 1400, false);
	fragment(HOG, 1, at, 65535 - at, true);
	assert_false(was_answered());
	assert_null(net_stack_next_stream(w.stack));
}

/*
 * In a chain with an empty end lwIP stops to copy, and an ICMPv6 error quoted what its memory had held
 * before.
 */
static void fragments_without_data_are_dropped(void)
{
	uint64_t before = net_stack_drops(w.stack)[NET_DROP_MALFORMED];

	fragment(HOG, 1, 0, 600, false);
	fragment(HOG, 1, 600, 600, false);
	fragment(HOG, 1, 1200, 0, true);
	fragment(HOG, 1, 1200, 0, false);
	assert_false(was_answered());
	assert_int_equal(net_stack_drops(w.stack)[NET_DROP_MALFORMED], before + 2);
}

/* Only a first fragment that ends inside the header is dropped; see tests/unit/test_net_seg.c. */
static void a_split_tcp_header_is_not_read(void)
{
	static struct raw_packet whole, p;
	struct raw_tcp t;

	listen_here();
	t = from_peer(RAW_SYN, NULL, 0);
	syn_options(&t, true);
	raw_make_tcp(&whole, &t);
	for (size_t cut = 8; cut <= 24; cut += 8) {
		uint64_t before = net_stack_drops(w.stack)[NET_DROP_MALFORMED];

		raw_cut(&whole, 1, 0, cut, false, &p);
		raw_feed(w.stack, w.pool, w.now, &p, 1);
		assert_int_equal(net_stack_drops(w.stack)[NET_DROP_MALFORMED], before + 1);
	}
	assert_null(net_stack_next_inbound(w.stack));
}

static void a_removed_peer_leaves_nothing_whatever_it_was_doing(void)
{
	struct net_inbound *held[NET_PEER_HELD_MAX], *undecided;
	struct net_stream *open, *s;

	listen_here();
	open = accept_one(HOG, 900);
	for (uint16_t i = 0; i < NET_PEER_HELD_MAX; i++)
		held[i] = hold_one(HOG, (uint16_t)(1000 + i));
	undecided = open_undecided(5000);
	half_open(5001);
	net_inbound_refuse(held[0]);
	syn_from(HOG, 2000);	/* in its place; the owner has not heard of it */
	net_stack_remove_peer(w.stack, w.now, HOG);
	assert_null(net_stack_next_inbound(w.stack));
	assert_int_equal(net_stream_cause(open), CAUSE_NO_ROUTE);
	net_stream_abort(open);
	for (unsigned i = 1; i < NET_PEER_HELD_MAX; i++)
		assert_int_equal(net_inbound_accept(held[i], w.now, &w, &s), ERR_RESET);
	assert_int_equal(net_inbound_accept(undecided, w.now, &w, &s), ERR_RESET);
	while (raw_take(w.stack, &w.out))
		;
	net_stack_trim(w.stack);
	assert_null(net_peers_find(&w.stack->peers, HOG));
}

TEST(a_removed_peer_leaves_nothing_whatever_it_was_doing)
TEST(further_syns_are_answered_and_dialled_only_when_complete)
TEST(a_refusing_target_resets_what_the_stack_has_answered)
TEST(until_decided_one_unscaled_window_is_taken)
TEST(a_client_that_left_is_told_to_whoever_accepts)
TEST(half_open_ones_get_three_answers_and_ten_seconds)
TEST(the_oldest_half_open_goes_for_a_new_one)
TEST(a_newer_syn_takes_the_place_of_a_held_one)
TEST(held_ones_are_accepted_within_the_share)
TEST(held_ones_of_all_peers_are_bounded)
TEST(a_peer_is_known_for_as_long_as_it_has_anything)
TEST(idle_peers_are_forgotten_and_others_not)
TEST(many_repeats_are_spread_over_a_second)
TEST(a_path_that_is_lost_again_stops_the_rest)
TEST(half_open_ones_of_a_peer_are_bounded)
TEST(decided_ones_make_room)
TEST(an_outage_that_lasts_ends_the_streams_of_its_peer)
TEST(a_broken_connection_is_reset_and_counted)
TEST(held_syns_of_one_leave_room_for_another)
TEST(connections_of_one_leave_a_fifth)
TEST(answers_by_icmp_are_limited_for_each)
TEST(fragments_of_one_sender_make_a_datagram)
TEST(fragments_of_one_leave_room_for_another)
TEST(a_lone_peer_has_all_fragments)
TEST(fragments_that_contradict_the_end_are_dropped)
TEST(datagrams_longer_than_ip_allows_are_dropped)
TEST(fragments_without_data_are_dropped)
TEST(a_split_tcp_header_is_not_read)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_removed_peer_leaves_nothing_whatever_it_was_doing),
		cmocka_unit_test(test_further_syns_are_answered_and_dialled_only_when_complete),
		cmocka_unit_test(test_a_refusing_target_resets_what_the_stack_has_answered),
		cmocka_unit_test(test_until_decided_one_unscaled_window_is_taken),
		cmocka_unit_test(test_a_client_that_left_is_told_to_whoever_accepts),
		cmocka_unit_test(test_half_open_ones_get_three_answers_and_ten_seconds),
		cmocka_unit_test(test_the_oldest_half_open_goes_for_a_new_one),
		cmocka_unit_test(test_a_newer_syn_takes_the_place_of_a_held_one),
		cmocka_unit_test(test_held_ones_are_accepted_within_the_share),
		cmocka_unit_test(test_held_ones_of_all_peers_are_bounded),
		cmocka_unit_test(test_a_peer_is_known_for_as_long_as_it_has_anything),
		cmocka_unit_test(test_idle_peers_are_forgotten_and_others_not),
		cmocka_unit_test(test_many_repeats_are_spread_over_a_second),
		cmocka_unit_test(test_a_path_that_is_lost_again_stops_the_rest),
		cmocka_unit_test(test_half_open_ones_of_a_peer_are_bounded),
		cmocka_unit_test(test_decided_ones_make_room),
		cmocka_unit_test(test_an_outage_that_lasts_ends_the_streams_of_its_peer),
		cmocka_unit_test(test_a_broken_connection_is_reset_and_counted),
		cmocka_unit_test(test_held_syns_of_one_leave_room_for_another),
		cmocka_unit_test(test_connections_of_one_leave_a_fifth),
		cmocka_unit_test(test_answers_by_icmp_are_limited_for_each),
		cmocka_unit_test(test_fragments_of_one_sender_make_a_datagram),
		cmocka_unit_test(test_fragments_of_one_leave_room_for_another),
		cmocka_unit_test(test_a_lone_peer_has_all_fragments),
		cmocka_unit_test(test_fragments_that_contradict_the_end_are_dropped),
		cmocka_unit_test(test_datagrams_longer_than_ip_allows_are_dropped),
		cmocka_unit_test(test_fragments_without_data_are_dropped),
		cmocka_unit_test(test_a_split_tcp_header_is_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
