/*
 * Inner packets against the stack: the input is a list of steps. The peer knows where each connection
 * stands, so that its packets get behind the first checks: right checksums, also of datagrams sent in
 * pieces; sequence numbers that follow, or lie near an edge; acknowledgements of anything that was
 * sent; ICMP that quotes it; several packets in a batch. Steps of the owner (read, write, close,
 * accept) and of the clock lie in between. Whatever happens, nothing may be left over in the end.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/mem.h"
#include "net/stream.h"
#include "net/udp.h"
#include "support/fuzz_peer.h"

#define STEPS_MAX 200
#define BATCH_MAX 8
#define CONNS 6			/* dialled over v4 and v6; accepted from two ports, over v4 and v6 */

struct world {
	struct net_stack *stack;
	struct packet_pool *pool;
	struct boot_time now;
	struct net_stream *streams[4];	/* [0] and [1] dialled, others accepted */
	struct net_udp *udp;
	struct fuzz_conn conns[CONNS];
	struct raw_packet batch[BATCH_MAX];
	size_t batch_len;
	uint16_t udp_port, fragment_id;
};

static struct world w;

/* Fills in checksums where the packet is well-formed enough to have them. */
static void fix_checksums(uint8_t *p, size_t len)
{
	struct addr src, dst;
	size_t l4, at;
	uint8_t protocol;
	uint32_t sum = 0;

	if (len >= 20 && p[0] >> 4 == 4) {
		l4 = (p[0] & 15u) * 4;
		if (l4 < 20 || l4 > len)
			return;
		raw_set16(p + 10, 0);
		raw_set16(p + 10, (uint16_t)~raw_fold(raw_sum(p, l4)));
		protocol = p[9];
		src = addr_v4(p + 12);
		dst = addr_v4(p + 16);
		if ((size_t)(p[2] << 8 | p[3]) <= len && (size_t)(p[2] << 8 | p[3]) >= l4)
			len = (size_t)(p[2] << 8 | p[3]);
	} else if (len >= 40 && p[0] >> 4 == 6) {
		l4 = 40;
		protocol = p[6];
		src = addr_v6(p + 8);
		dst = addr_v6(p + 24);
		if ((size_t)(p[4] << 8 | p[5]) + 40 <= len)
			len = (size_t)(p[4] << 8 | p[5]) + 40;
	} else {
		return;
	}
	at = protocol == 6 ? 16 : protocol == 17 ? 6 : protocol == 1 || protocol == 58 ? 2 : 0;
	if (!at || len < l4 + at + 2)
		return;
	if (protocol != 1)
		sum = raw_pseudo(&src, &dst, len - l4, protocol);
	raw_set16(p + l4 + at, 0);
	raw_set16(p + l4 + at, (uint16_t)~raw_fold(sum + raw_sum(p + l4, len - l4)));
}

static void flush(void)
{
	raw_feed(w.stack, w.pool, w.now, w.batch, w.batch_len);
	w.batch_len = 0;
}

/* The place of one more packet in the batch. */
static struct raw_packet *next_packet(void)
{
	if (w.batch_len == BATCH_MAX)
		flush();
	return &w.batch[w.batch_len++];
}

/* Takes all output; remembers where the connections stand. */
static void drain(void)
{
	static struct raw_packet p;

	flush();
	while (raw_take(w.stack, &p))
		fuzz_note_sent(w.conns, CONNS, &p);
}

static void add_conn(unsigned i, struct addr peer, struct addr us, uint16_t peer_port, uint16_t port)
{
	w.conns[i].peer = (struct endpoint){.addr = peer, .port = peer_port};
	w.conns[i].us = (struct endpoint){.addr = us, .port = port};
	w.conns[i].snd = 5000;
}

/* Ports are random: it shows in what is sent. */
static void open_udp_port(void)
{
	static struct raw_packet p;

	drain();
	if (net_udp_send(w.udp, &w.conns[0].peer, "x", 1))
		abort();
	while (raw_take(w.stack, &p)) {
		if (p.bytes[9] == 17)
			w.udp_port = (uint16_t)(p.bytes[20] << 8 | p.bytes[21]);
		fuzz_note_sent(w.conns, CONNS, &p);
	}
}

static void start(void)
{
	static struct boot_time epoch = {100 * NS_PER_S};
	static struct rng_seeded seed;
	static struct rng rng;
	static struct prefix own[2];
	struct net_config config;

	/* lwIP's timers go on from one run to the next. */
	epoch = boot_add_ms(w.now.ns > epoch.ns ? w.now : epoch, 1000);
	memset(&w, 0, sizeof(w));
	w.now = epoch;
	rng = rng_seeded_init(&seed, 1);
	own[0] = (struct prefix){fuzz_v4(2), 32};
	own[1] = (struct prefix){fuzz_v6(2), 128};
	config = (struct net_config){
		.addresses = own, .address_count = 2, .mtu = 1420,
		.rng = &rng, .streams_max = 16,
	};
	w.pool = packet_pool_new(256, 256);
	w.stack = net_stack_new(&config, w.now);
	assert(w.pool && w.stack);
	add_conn(0, fuzz_v4(9), fuzz_v4(2), 443, 0);
	add_conn(1, fuzz_v6(9), fuzz_v6(2), 443, 0);
	for (unsigned i = 2; i < CONNS; i++)
		add_conn(i, i & 1 ? fuzz_v6(9) : fuzz_v4(9), i & 1 ? fuzz_v6(2) : fuzz_v4(2),
			 (uint16_t)(1000 + i), 80);
	if (net_listen(w.stack, 80, NULL) || net_udp_open(w.stack, ADDR_V4, NULL, &w.udp) ||
	    net_stream_connect(w.stack, w.now, &w.conns[0].peer, NULL, &w.streams[0]) ||
	    net_stream_connect(w.stack, w.now, &w.conns[1].peer, NULL, &w.streams[1]))
		abort();
	open_udp_port();
	drain();
}

static void stop(void)
{
	for (unsigned i = 0; i < 4; i++) {
		if (w.streams[i])
			net_stream_close(w.streams[i]);
	}
	drain();
	net_stack_free(w.stack);
	assert(net_mem_count() == 0);
	assert(packet_pool_packets_used(w.pool) == 0);
	packet_pool_free(w.pool);
}

/* Any packet. */
static void step_raw(struct rd *r)
{
	size_t len = rd_be16(r) % FUZZ_PACKET_MAX;
	struct raw_packet *p;

	if (len > r->left)
		len = r->left;
	if (!len)
		return;
	p = next_packet();
	rd_copy(r, p->bytes, len);
	p->len = len;
	fix_checksums(p->bytes, p->len);
}

/* A segment of any connection. */
static void step_segment(struct rd *r)
{
	fuzz_make_segment(r, w.conns, CONNS, next_packet());
}

/* A datagram or an echo request to us. */
static void step_datagram(struct rd *r)
{
	unsigned what = rd_u8(r);
	const struct fuzz_conn *c = &w.conns[what & 1];
	struct endpoint to = {.addr = c->us.addr, .port = what & 2 ? w.udp_port : rd_be16(r)};
	static const uint8_t data[RAW_MAX / 2];
	size_t len = fuzz_share(r, sizeof(data));

	if (what & 4)
		raw_make_icmp(next_packet(), &c->peer.addr, &c->us.addr,
			      c->us.addr.family == ADDR_V4 ? 8 : 128, 0, 1, data, len);
	else
		raw_make_udp(next_packet(), &c->peer, &to, data, len);
}

/* Sends the last packet of the batch in pieces, as they come or the last two in the other order. */
static void step_fragment(struct rd *r)
{
	static struct raw_packet whole;
	unsigned what = rd_u8(r), pieces = 2 + (what & 3);
	size_t body, at = 0;

	if (!w.batch_len)
		return;
	whole = w.batch[--w.batch_len];
	body = whole.len - (whole.bytes[0] >> 4 == 4 ? 20 : 40);
	if (whole.len < 48 || (whole.bytes[0] >> 4 == 6 && whole.bytes[6] == 44))
		return;
	w.fragment_id++;
	while (at < body && pieces-- > 0) {
		size_t len = pieces ? 8 + fuzz_share(r, (uint32_t)(body - at)) / 8 * 8 : body - at;

		len = len < body - at ? len : body - at;
		raw_cut(&whole, w.fragment_id, at, len, at + len == body, next_packet());
		at += len;
	}
	if (what & 4 && w.batch_len > 1) {
		whole = w.batch[w.batch_len - 1];
		w.batch[w.batch_len - 1] = w.batch[w.batch_len - 2];
		w.batch[w.batch_len - 2] = whole;
	}
	if (what & 8)
		w.batch_len--;
}

/* An ICMP error about the last segment of a connection, from its peer or a router on the way. */
static void step_icmp(struct rd *r)
{
	unsigned what = rd_u8(r);
	const struct fuzz_conn *c = &w.conns[(what & 7) % CONNS];
	bool is_v4 = c->us.addr.family == ADDR_V4;
	struct addr from = what & 8 ? c->peer.addr : is_v4 ? fuzz_v4(77) : fuzz_v6(77);
	static const uint8_t types_v4[] = {3, 3, 11, 4}, types_v6[] = {1, 2, 3, 4};
	uint8_t type = is_v4 ? types_v4[what >> 4 & 3] : types_v6[what >> 4 & 3], code = rd_u8(r) % 16;
	size_t len = c->quote_len;

	if (what & 64)
		len = fuzz_share(r, (uint32_t)len + 1);
	raw_make_icmp(next_packet(), &from, &c->us.addr, type, code, rd_be16(r), c->quote, len);
}

static void step_owner(struct rd *r)
{
	unsigned what = rd_u8(r), i = what >> 6;
	struct net_stream *s = w.streams[i];
	static const uint8_t data[3000];
	struct net_inbound *in;
	struct iovec iov[4];

	if ((what & 7) == 7 && (in = net_stack_next_inbound(w.stack))) {
		if (i < 2 || s)
			net_inbound_refuse(in);
		else if (net_inbound_accept(in, w.now, NULL, &w.streams[i]))
			w.streams[i] = NULL;
		return;
	}
	if (!s)
		return;
	switch (what & 7) {
	case 0:
		net_stream_write(s, data, rd_u8(r) * 11u);
		break;
	case 1:
		if (net_stream_peek(s, iov, 4))
			net_stream_consume(s, iov[0].iov_len);
		break;
	case 2:
		net_stream_shutdown(s);
		break;
	case 3:
		net_stream_settle(s);
		break;
	case 4:
		net_stream_close(s);
		w.streams[i] = NULL;
		break;
	case 5:
		net_stream_abort(s);
		w.streams[i] = NULL;
		break;
	default:
		net_stream_take_events(s);
	}
}

static void step_time(struct rd *r)
{
	flush();
	w.now = boot_add_ms(w.now, (uint64_t)rd_u8(r) * rd_u8(r));
	net_stack_tick(w.stack, w.now);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct rd r = rd_init(bytes, len);

	start();
	for (unsigned i = 0; i < STEPS_MAX && r.left; i++) {
		switch (rd_u8(&r) % 16) {
		case 0:
			step_raw(&r);
			break;
		case 1:
			step_datagram(&r);
			break;
		case 2:
			step_fragment(&r);
			break;
		case 3:
			step_icmp(&r);
			break;
		case 4:
			step_time(&r);
			break;
		case 5:
		case 6:
			drain();
			break;
		case 7:
		case 8:
		case 9:
			flush();
			step_owner(&r);
			break;
		default:
			step_segment(&r);
		}
	}
	stop();
	return 0;
}
