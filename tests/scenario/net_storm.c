/*
 * A storm: a random peer that speaks TCP correctly most of the time and wanders along its edges. It
 * knows where each connection stands, so its segments land where decisions are made: merged batches,
 * window edges, FIN and data around them, closed and shrunk windows, time-outs, ICMP that quotes what
 * was really sent, RST and SYN in the window, fragments cut anywhere, old segments again, allocations that
 * fail, a path that comes and goes.
 *
 * A process per seed, because whatever goes wrong may end it. What counts as wrong: it ends by itself; a
 * check of lwIP's failed (net_stack_broken); a sender waits without end; memory is left over; a byte that was
 * never sent or received comes out. For the last, memory is filled with CANARY, which no packet contains.
 *
 *	net_storm				the fixed seeds, then up to 2,000 in 20 s
 *	net_storm --seeds FIRST COUNT SECONDS	so many, as long as time allows
 *	net_storm --seed N			one, in this process, with a line per step
 */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "net/core.h"
#include "net/mem.h"
#include "net/path.h"
#include "net/peers.h"
#include "net/stream.h"
#include "net/udp.h"
#include "support/canary.h"
#include "support/chance.h"
#include "support/net_raw.h"
#include "support/storm_sender.h"
#include "support/storm_waits.h"

#define STEPS 160
#define CONNS 4			/* dialled over v4, over v6; accepted over v4, over v6 */
#define SENT_MAX 32		/* segments of either side that are remembered, per connection */
#define DATA_MAX 3000
#define LISTEN_PORT 80

/*
 * Seeds that once ended the process: a FIN taken over beyond the window (513, and from the queue 658), a
 * persist timer with an empty queue (22), a SYN in pieces (803), a second SYN that changed the segment
 * size of an IPv6 connection (24, 100).
 */
static const uint32_t fixed_seeds[] = {22, 24, 100, 513, 658, 803};

struct seen {
	uint8_t bytes[120];	/* of a packet of ours, enough to be quoted */
	size_t len;
};

struct conn {
	struct net_stream *s;
	struct endpoint us, peer;
	bool inbound, known;	/* known: our initial sequence number has been seen */
	bool ts, scale;
	uint32_t snd, rcv;	/* next to send to us; next expected from us */
	uint32_t edge;		/* right edge of the window that we announced */
	uint32_t ts_echo;
	uint16_t wnd;
	struct raw_tcp old[SENT_MAX];	/* what the peer has sent, without data */
	unsigned old_count;
	struct seen seen[SENT_MAX];
	unsigned seen_count;
};

static struct {
	struct net_stack *stack;
	struct packet_pool *pool;
	struct boot_time now;
	struct conn conns[CONNS];
	struct raw_packet batch[16];
	unsigned batch_len;
	bool verbose;
	struct storm_waits waits;
} st;

static uint8_t peer_data[DATA_MAX];

static void say(const char *what, uint32_t a, uint32_t b)
{
	if (st.verbose)
		printf("%6.3f %s %u %u\n", (double)st.now.ns / 1e9, what, a, b);
}

/* --- packets in --- */

static void flush(void)
{
	struct packet *batch = NULL, **link = &batch;
	uint32_t peer = 1 + below(8) / 7;

	for (unsigned i = 0; i < st.batch_len; i++) {
		struct packet_block *block = packet_block_get(st.pool);

		if (!block)	/* the streams hold them all: lost */
			break;
		memcpy(block->data, st.batch[i].bytes, st.batch[i].len);
		*link = packet_get(block, block->data, (uint32_t)st.batch[i].len);
		packet_block_unref(block);
		if (!*link)
			break;
		(*link)->peer = peer;
		link = &(*link)->next;
	}
	if (batch)
		net_stack_input(st.stack, st.now, batch);
	st.batch_len = 0;
}

static struct raw_packet *next_packet(void)
{
	if (st.batch_len == ARRAY_LEN(st.batch))
		flush();
	return &st.batch[st.batch_len++];
}

/* Cuts the last packet of the batch in two or three; the pieces may be swapped, repeated or lost. */
static void fragment_last(void)
{
	struct raw_packet whole = st.batch[--st.batch_len];
	size_t body = whole.len - (whole.bytes[0] >> 4 == 4 ? 20 : 40), at = 0;
	uint16_t id = (uint16_t)rnd();
	unsigned pieces = 0;

	if (body < 16)
		return;
	while (at < body && st.batch_len + 2 < ARRAY_LEN(st.batch)) {
		size_t n = one_in(2) ? 8u + 8u * below(4) : 8u + 8u * below((uint32_t)(body / 8));

		n = n < body - at ? n : body - at;
		raw_cut(&whole, id, at, n, at + n == body, &st.batch[st.batch_len++]);
		at += n;
		pieces++;
	}
	if (pieces > 1 && one_in(3)) {
		struct raw_packet *a = &st.batch[st.batch_len - 1], *b = a - 1, swap = *a;

		*a = *b;
		*b = swap;
	}
	if (one_in(8))
		st.batch_len--;
	else if (one_in(8))
		*next_packet() = st.batch[st.batch_len - 1];
}

static void put_timestamp(struct raw_tcp *t, const struct conn *c)
{
	struct wr w = wr_init(t->opts, sizeof(t->opts));

	wr_be32(&w, 0x0101080a);
	wr_be32(&w, (uint32_t)(st.now.ns / NS_PER_MS) & 0x3fffffff);
	wr_be32(&w, one_in(20) ? rnd() & 0x3fffffff : c->ts_echo);
	t->opt_len = w.len;
}

static void send_segment(struct conn *c, struct raw_tcp *t)
{
	t->src = c->peer;
	t->dst = c->us;
	t->data = peer_data + (t->seq & 1023);
	if (c->ts && !(t->flags & RAW_SYN) && !one_in(30))
		put_timestamp(t, c);
	if (!(t->flags & (RAW_SYN | RAW_RST)) && t->opt_len <= 12)
		storm_put_sacks(t, st.now);
	say(t->flags & RAW_FIN ? "fin" : t->flags & RAW_RST ? "rst" : "segment", t->seq - c->snd,
	    (uint32_t)t->data_len);
	raw_make_tcp(next_packet(), t);
	c->old[c->old_count++ % SENT_MAX] = *t;
	if (one_in(40))
		fragment_last();
	if (!one_in(3))
		flush();
}

static uint16_t pick_window(struct conn *c)
{
	static const uint16_t windows[] = {0, 0, 1, 10, 100, 536, 1000, 1460, 5000, 60000, 65535};

	if (one_in(3))
		c->wnd = windows[below(ARRAY_LEN(windows))];
	return c->wnd;
}

static struct raw_tcp plain(struct conn *c, uint8_t flags, uint32_t seq, size_t len)
{
	return (struct raw_tcp){.seq = seq, .ack = c->rcv, .flags = flags, .wnd = pick_window(c),
				.data_len = len};
}

/* --- what the peer does --- */

static void syn_options(struct conn *c, struct raw_tcp *t)
{
	struct wr w = wr_init(t->opts, sizeof(t->opts));

	c->ts = !one_in(4);
	c->scale = !one_in(4);
	wr_be32(&w, 0x02040000 | (one_in(4) ? below(3000) : 1360));
	if (c->scale)
		wr_be32(&w, 0x01030300 | below(16));
	if (!one_in(4))
		wr_be32(&w, 0x01010402);
	if (c->ts) {
		wr_be32(&w, 0x0101080a);
		wr_be32(&w, (uint32_t)(st.now.ns / NS_PER_MS) & 0x3fffffff);
		wr_be32(&w, 0);
	}
	if (one_in(10))
		wr_be32(&w, rnd() & 0x3f3f3f3f);
	t->opt_len = w.len;
}

static void send_syn(struct conn *c)
{
	struct raw_tcp t = plain(c, c->inbound ? RAW_SYN : RAW_SYN | RAW_ACK, c->snd, 0);

	t.wnd = (uint16_t)(one_in(4) ? below(65536) : 60000);
	syn_options(c, &t);
	if (c->inbound && !c->known)
		t.ack = 0;
	send_segment(c, &t);
}

static uint32_t window_left(const struct conn *c)
{
	return (int32_t)(c->edge - c->snd) > 0 ? c->edge - c->snd : 0;
}

/* In-sequence data, up to the window's edge and beyond. */
static void send_data(struct conn *c)
{
	uint32_t left = window_left(c), len;
	unsigned count = 1 + below(6);
	struct raw_tcp t;

	while (count--) {
		len = one_in(3) ? below(20) : below(1400);
		if (one_in(3) && left < 1400)
			len = left;
		if (len > left && !one_in(4))
			len = left;
		t = plain(c, one_in(2) ? RAW_ACK : RAW_ACK | RAW_PSH, c->snd, len);
		send_segment(c, &t);
		if (!one_in(6))
			c->snd += len < left ? len : left;
		left = window_left(c);
	}
}

/* Fills the window until less than a segment is left, as a fast sender does. */
static void fill_window(struct conn *c)
{
	uint32_t keep = below(1500);

	for (unsigned i = 0; i < 300 && window_left(c) > keep + 1300; i++) {
		struct raw_tcp t = plain(c, RAW_ACK, c->snd, 1300);

		send_segment(c, &t);
		c->snd += 1300;
	}
}

/* Around the right edge of the window, in and out of it, with and without FIN. */
static void send_at_edge(struct conn *c)
{
	uint32_t left = window_left(c), at;
	uint8_t flags = one_in(2) ? RAW_ACK | RAW_FIN : RAW_ACK;
	struct raw_tcp t;

	at = left < 3000 || one_in(2) ? c->snd + below(left + 3) : c->edge - below(3000);
	t = plain(c, flags, at, one_in(3) ? 0 : below(1400));
	send_segment(c, &t);
}

/* A little ahead of what is expected: goes to the out-of-order queue. */
static void send_ahead(struct conn *c)
{
	struct raw_tcp t = plain(c, one_in(4) ? RAW_ACK | RAW_FIN : RAW_ACK,
				 c->snd + below(600), below(600));

	send_segment(c, &t);
}

static void send_fin(struct conn *c)
{
	struct raw_tcp t = plain(c, RAW_ACK | RAW_FIN, c->snd, one_in(2) ? 0 : below(500));

	send_segment(c, &t);
	if (one_in(2))
		c->snd += (uint32_t)t.data_len + 1;
}

static void send_ack(struct conn *c)
{
	struct raw_tcp t = plain(c, RAW_ACK, c->snd, 0);
	unsigned repeats = one_in(5) ? 4 : 1;

	if (one_in(6))
		t.ack -= below(4000);
	else if (one_in(12))
		t.ack += below(4000);
	if (one_in(12))
		t.seq += below(3000) - 1500;
	if (one_in(20))
		t.flags = one_in(2) ? 0 : RAW_ACK | 0x20;
	while (repeats--)
		send_segment(c, &t);
}

static void send_old(struct conn *c)
{
	struct raw_tcp t;

	if (!c->old_count)
		return;
	t = c->old[below(c->old_count < SENT_MAX ? c->old_count : SENT_MAX)];
	if (one_in(3))
		t.ack = c->rcv;
	if (one_in(4)) {
		t.seq += below(100);
		t.data_len = t.data_len / 2 + below(100);
	}
	send_segment(c, &t);
}

static void send_forged(struct conn *c)
{
	struct raw_tcp t = plain(c, one_in(2) ? RAW_RST : RAW_SYN, c->snd, 0);

	if (one_in(4))
		t.flags |= RAW_ACK;
	if (one_in(8))
		t.seq = c->snd;
	else
		t.seq += 1 + below(window_left(c) + 100);
	if (t.flags & RAW_SYN)
		syn_options(c, &t);
	send_segment(c, &t);
}

static void send_icmp(struct conn *c)
{
	static const uint8_t v4[][2] = {{3, 0}, {3, 1}, {3, 3}, {3, 4}, {3, 13}, {11, 0}};
	static const uint8_t v6[][2] = {{1, 0}, {1, 1}, {1, 4}, {2, 0}, {3, 0}, {1, 3}};
	const struct seen *quoted;
	bool is_v4 = c->us.addr.family == ADDR_V4;
	unsigned kind = one_in(2) ? 3 : below(6);
	uint32_t mtu = one_in(4) ? below(1500) : 576 + below(900);
	size_t len;

	if (!c->seen_count)
		return;
	quoted = &c->seen[below(c->seen_count < SENT_MAX ? c->seen_count : SENT_MAX)];
	len = one_in(4) ? below((uint32_t)quoted->len) : quoted->len;
	say("icmp", kind, mtu);
	raw_make_icmp(next_packet(), &c->peer.addr, &c->us.addr, is_v4 ? v4[kind][0] : v6[kind][0],
		      is_v4 ? v4[kind][1] : v6[kind][1], is_v4 && kind == 3 ? mtu & 0xffff : mtu,
		      quoted->bytes, len);
	if (one_in(6))
		fragment_last();
	flush();
}

/* Echo and UDP, whole and in pieces, between the segments. */
static void send_other(struct conn *c)
{
	size_t len = one_in(3) ? below(2500) : below(100);
	struct endpoint port = {.addr = c->us.addr, .port = (uint16_t)(1 + below(65535))};

	if (one_in(2))
		raw_make_icmp(next_packet(), &c->peer.addr, &c->us.addr,
			      c->us.addr.family == ADDR_V4 ? 8 : 128, 0, 1, peer_data, len);
	else
		raw_make_udp(next_packet(), &c->peer, &port, peer_data, len);
	if (one_in(2))
		fragment_last();
	flush();
}

static void peer_step(struct conn *c)
{
	if (!c->known) {
		if (one_in(3))
			send_forged(c);
		else
			send_syn(c);
		return;
	}
	switch (below(14)) {
	case 0:
	case 1:
		send_data(c);
		break;
	case 2:
		fill_window(c);
		break;
	case 3:
	case 4:
		send_at_edge(c);
		break;
	case 5:
		send_ahead(c);
		break;
	case 6:
		if (one_in(4))
			send_fin(c);
		break;
	case 7:
		send_old(c);
		break;
	case 8:
		if (one_in(4))
			send_forged(c);
		break;
	case 9:
		send_icmp(c);
		break;
	case 10:
		send_other(c);
		break;
	default:
		send_ack(c);
	}
}

/* --- packets out --- */

static void learn(struct conn *c, const struct raw_tcp *t, const struct raw_packet *p)
{
	struct seen *seen = &c->seen[c->seen_count++ % SENT_MAX];
	uint32_t end = t->seq + (uint32_t)t->data_len + (t->flags & (RAW_SYN | RAW_FIN) ? 1 : 0);

	seen->len = p->len < sizeof(seen->bytes) ? p->len : sizeof(seen->bytes);
	memcpy(seen->bytes, p->bytes, seen->len);
	if (t->flags & RAW_SYN) {
		if (!c->known || one_in(2))
			c->rcv = end;
		if (c->inbound)
			c->known = true;
		c->us = t->src;
	} else if ((int32_t)(end - c->rcv) > 0 && (int32_t)(t->seq - c->rcv) <= 0 && !one_in(20)) {
		c->rcv = end;
	}
	if (t->opt_len >= 12 && t->opts[2] == 8 && t->opts[3] == 10)
		c->ts_echo = (uint32_t)t->opts[4] << 24 | (uint32_t)t->opts[5] << 16 |
			     (uint32_t)t->opts[6] << 8 | t->opts[7];
	if (t->flags & RAW_ACK && !(t->flags & RAW_RST)) {
		uint32_t wnd = t->flags & RAW_SYN || !c->scale ? t->wnd : (uint32_t)t->wnd << RAW_STACK_SCALE;

		c->edge = t->ack + wnd;
		if ((int32_t)(t->ack - c->snd) > 0 || one_in(8))
			c->snd = t->ack;
	}
}

static void drain(void)
{
	static struct raw_packet p;
	struct raw_tcp t;

	flush();
	storm_waits_change(&st.waits, st.stack, st.now);
	while (storm_waits_take(&st.waits, st.stack, st.now, &p)) {
		canary_check(&p);
		if (p.bytes[0] >> 4 == 4 ? p.bytes[9] != 6 : p.bytes[6] != 6)
			continue;
		if (!raw_parse_tcp(&p, &t))
			continue;
		for (unsigned i = 0; i < CONNS; i++) {
			if (endpoint_equal(&t.dst, &st.conns[i].peer))
				learn(&st.conns[i], &t, &p);
		}
	}
	storm_check_senders(st.now);
}

/* --- the owner --- */

static void owner_write(struct net_stream *s)
{
	static uint8_t data[40000];

	(void)net_stream_write(s, data, one_in(2) ? below(100) : below(sizeof(data)));
}

static void owner_read(struct net_stream *s)
{
	struct iovec iov[8];
	unsigned count = net_stream_peek(s, iov, 8);

	for (unsigned i = 0; i < count; i++) {
		size_t len = one_in(4) ? below((uint32_t)iov[i].iov_len + 1) : iov[i].iov_len;

		net_stream_consume(s, len);
		if (len != iov[i].iov_len)
			return;
	}
}

static void owner_end(struct conn *c)
{
	if (one_in(3))
		net_stream_abort(c->s);
	else
		net_stream_close(c->s);
	c->s = NULL;
}

static void owner_step(struct conn *c)
{
	struct net_stream *s;

	while ((s = net_stack_next_stream(st.stack)))
		(void)net_stream_take_events(s);
	if (!c->s)
		return;
	switch (below(8)) {
	case 0:
	case 1:
	case 2:
		owner_write(c->s);
		break;
	case 3:
	case 4:
		owner_read(c->s);
		break;
	case 5:
		net_stream_settle(c->s);
		break;
	case 6:
		if (one_in(6))
			net_stream_shutdown(c->s);
		break;
	default:
		if (one_in(12))
			owner_end(c);
	}
}

static void decide(void)
{
	struct net_inbound *in;
	struct endpoint src, dst;

	while (!one_in(3) && (in = net_stack_next_inbound(st.stack))) {
		struct conn *c = NULL;

		net_inbound_endpoints(in, &src, &dst);
		for (unsigned i = 0; i < CONNS; i++) {
			if (st.conns[i].inbound && endpoint_equal(&src, &st.conns[i].peer))
				c = &st.conns[i];
		}
		if (!c || c->s || one_in(5))
			net_inbound_refuse(in);
		else if (net_inbound_accept(in, st.now, c, &c->s))
			c->s = NULL;
	}
}

/* The tunnel goes down or comes up again, as far as WireGuard can tell. */
static void path_changes(void)
{
	uint32_t peer = 1 + below(2);
	bool up = one_in(2);

	say("path", peer, up);
	net_stack_set_path(st.stack, st.now, peer, up);
}

static void time_passes(void)
{
	static const uint32_t steps[] = {1, 20, 60, 110, 250, 400, 1100, 3000, 16000, 70000};
	struct boot_time end = boot_add_ms(st.now, below(steps[below(ARRAY_LEN(steps))]) + 1);

	say("time", (uint32_t)((end.ns - st.now.ns) / NS_PER_MS), 0);
	while (st.now.ns < end.ns) {
		struct boot_time next = boot_min(net_stack_deadline(st.stack), end);

		if (next.ns > st.now.ns)
			st.now = next;
		net_stack_tick(st.stack, st.now);
		if (!one_in(4))
			drain();
	}
}

/* --- a run --- */

static struct addr address(unsigned family, uint8_t last)
{
	const uint8_t v4[4] = {10, 0, 0, last}, v6[16] = {0xfd, [15] = last};

	return family == 4 ? addr_v4(v4) : addr_v6(v6);
}

/*
 * What the peer may have held is taken up, so that the stack answers further SYNs itself and asks the
 * owner when the handshake is complete.
 */
static void fill_held(void)
{
	for (unsigned i = 0; i < NET_PEER_HELD_MAX; i++) {
		struct raw_tcp t = {.src = {address(4, 9), (uint16_t)(5000 + i)},
				    .dst = {address(4, 2), LISTEN_PORT}, .seq = i,
				    .flags = RAW_SYN, .wnd = 60000};
		struct raw_packet p;

		raw_make_tcp(&p, &t);
		raw_feed(st.stack, st.pool, st.now, &p, 1);
		/* Nobody decides about it. */
		if (!net_stack_next_inbound(st.stack))
			abort();
	}
}

static void open_conns(void)
{
	for (unsigned i = 0; i < CONNS; i++) {
		struct conn *c = &st.conns[i];
		unsigned family = i % 2 ? 6 : 4;

		c->peer = (struct endpoint){.addr = address(family, 9), .port = (uint16_t)(443 + i)};
		c->us = (struct endpoint){.addr = address(family, 2), .port = LISTEN_PORT};
		c->snd = rnd() & 0x3fffffff;
		c->wnd = 60000;
		c->inbound = i >= 2;
		if (c->inbound || one_in(4))
			continue;
		if (net_stream_connect(st.stack, st.now, &c->peer, c, &c->s))
			abort();
		net_stream_set_peer(c->s, 1);
	}
	drain();
	for (unsigned i = 0; i < 2; i++) {
		if (st.conns[i].s && !one_in(8)) {
			send_syn(&st.conns[i]);
			st.conns[i].snd++;
			st.conns[i].known = true;
		}
	}
	drain();
}

static void finish(void)
{
	for (unsigned i = 0; i < CONNS; i++) {
		if (st.conns[i].s)
			net_stream_abort(st.conns[i].s);
	}
	drain();
	for (unsigned i = 0; i < NET_BROKEN_COUNT; i++) {
		if (net_stack_broken(st.stack)[i]) {
			fprintf(stderr, "a check of lwIP's failed: %s\n",
				net_broken_name((enum net_broken)i));
			abort();
		}
	}
	net_stack_free(st.stack);
	assert(net_mem_count() == 0);
	assert(packet_pool_packets_used(st.pool) == 0);
	assert(packet_pool_blocks_used(st.pool) == 0);
	packet_pool_free(st.pool);
}

static void run_seed(uint32_t seed)
{
	struct prefix own[2] = {{address(4, 2), 32}, {address(6, 2), 128}};
	struct rng_seeded seeded;
	struct rng rng = rng_seeded_init(&seeded, seed);
	struct net_config config = {
		.addresses = own, .address_count = 2, .mtu = seed % 2 ? 1420 : 1280,
		.rng = &rng, .streams_max = 16,
	};

	chance_seed(seed);
	st.waits.on = seed % 7 == 4;
	st.now = (struct boot_time){1000 * NS_PER_S};
	for (size_t i = 0; i < sizeof(peer_data); i++)
		peer_data[i] = (uint8_t)(i % 101);
	st.pool = packet_pool_new(400, 800);
	canary_fill(st.pool);
	st.stack = net_stack_new(&config, st.now);
	assert(st.pool && st.stack);
	if (net_listen(st.stack, LISTEN_PORT, NULL))
		abort();
	/* None of the fixed seeds, which must stay what they are. */
	if (seed % 5 == 1)
		fill_held();
	/* The last line, with nothing bound and with a little. */
	if (seed % 11 == 3)
		st.stack->budget.limit = seed % 2 ? 0 : 16384;
	open_conns();
	for (unsigned i = 0; i < STEPS; i++) {
		struct conn *c = &st.conns[below(CONNS)];

		if (one_in(12))
			net_mem_fail_at(1 + below(30));
		switch (below(16)) {
		case 0:
		case 1:
		case 2:
		case 3:
			owner_step(c);
			break;
		case 4:
		case 5:
			time_passes();
			break;
		case 6:
			decide();
			break;
		case 7:
			if (one_in(4))
				path_changes();
			break;
		default:
			peer_step(c);
		}
		if (!one_in(4))
			drain();
	}
	net_mem_fail_at(0);
	finish();
}

/* True when the seed passed. */
static bool run_apart(uint32_t seed)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		run_seed(seed);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		perror("net_storm");
		exit(2);
	}
	return status == 0;
}

static unsigned check(const char *self, uint32_t seed)
{
	if (run_apart(seed))
		return 0;
	printf("seed %u failed; replay: %s --seed %u\n", seed, self, seed);
	fflush(stdout);
	return 1;
}

static int run_many(const char *self, uint32_t first, uint32_t count, time_t seconds)
{
	time_t end = time(NULL) + seconds;
	unsigned failed = 0;
	uint32_t i;

	for (i = 0; i < ARRAY_LEN(fixed_seeds); i++)
		failed += check(self, fixed_seeds[i]);
	for (i = 0; i < count && time(NULL) < end && failed < 20; i++)
		failed += check(self, first + i);
	printf("%u seeds, %u failed\n", i + (uint32_t)ARRAY_LEN(fixed_seeds), failed);
	return failed ? 1 : 0;
}

static void print_line(void *ctx, enum log_level level, const char *line)
{
	(void)ctx;
	(void)level;
	fprintf(stderr, "%s\n", line);
}

int main(int argc, char **argv)
{
	log_init(print_line, NULL, LOG_ERROR);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 3 && !strcmp(argv[1], "--seed")) {
		st.verbose = true;
		run_seed((uint32_t)strtoul(argv[2], NULL, 10));
		return 0;
	}
	if (argc == 5 && !strcmp(argv[1], "--seeds"))
		return run_many(argv[0], (uint32_t)strtoul(argv[2], NULL, 10),
				(uint32_t)strtoul(argv[3], NULL, 10),
				(time_t)strtoul(argv[4], NULL, 10));
	if (argc != 1) {
		fprintf(stderr, "usage: %s [--seed N | --seeds FIRST COUNT SECONDS]\n", argv[0]);
		return 2;
	}
	return run_many(argv[0], 1, 2000, 20);
}
