/*
 * Inner packets against the stack: the input is a list of steps. Packets get right checksums, so
 * that the fuzzer reaches what lies behind them; steps of the owner (read, write, close, accept)
 * and of the clock lie in between. Whatever happens, nothing may be left over in the end.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/mem.h"
#include "net/stream.h"
#include "net/udp.h"
#include "support/net_raw.h"

#define PACKET_MAX 1500
#define STEPS_MAX 200

struct world {
	struct net_stack *stack;
	struct packet_pool *pool;
	struct boot_time now;
	struct net_stream *streams[4];	/* [0] dialled, others accepted */
	struct net_udp *udp;
	struct endpoint us, peer;
	uint32_t snd, rcv;
};

static struct world w;

static struct addr v4(uint8_t last)
{
	const uint8_t bytes[4] = {10, 0, 0, last};

	return addr_v4(bytes);
}

static struct addr v6(uint8_t last)
{
	const uint8_t bytes[16] = {0xfd, [15] = last};

	return addr_v6(bytes);
}

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

static void feed(struct raw_packet *p)
{
	fix_checksums(p->bytes, p->len);
	raw_feed(w.stack, w.pool, w.now, p, 1);
}

/* Takes all output; remembers where the dialled connection stands. */
static void drain(void)
{
	static struct raw_packet p;

	while (raw_take(w.stack, &p)) {
		struct raw_tcp t;

		if (!raw_parse_tcp(&p, &t) || !addr_equal(&t.dst.addr, &w.peer.addr))
			continue;
		if (t.flags & RAW_SYN || t.dst.port == w.peer.port) {
			w.us = t.src;
			w.rcv = t.seq + (uint32_t)t.data_len + (t.flags & 3 ? 1 : 0);
			if (t.flags & RAW_ACK)
				w.snd = t.ack;
		}
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
	own[0] = (struct prefix){v4(2), 32};
	own[1] = (struct prefix){v6(2), 128};
	config = (struct net_config){own, 2, 1420, &rng, 16};
	w.pool = packet_pool_new(64, 64);
	w.stack = net_stack_new(&config, w.now);
	assert(w.pool && w.stack);
	w.peer = (struct endpoint){.addr = v4(9), .port = 443};
	w.snd = 5000;
	if (net_listen(w.stack, 80, NULL) || net_udp_open(w.stack, ADDR_V4, NULL, &w.udp) ||
	    net_stream_connect(w.stack, w.now, &w.peer, NULL, &w.streams[0]))
		abort();
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
	static struct raw_packet p;
	size_t len = rd_be16(r) % PACKET_MAX;

	if (len > r->left)
		len = r->left;
	rd_copy(r, p.bytes, len);
	p.len = len;
	if (len)
		feed(&p);
}

/* A segment of the dialled connection, or a SYN to the listener, near what would be right. */
static void step_segment(struct rd *r, bool inbound)
{
	static struct raw_packet p;
	struct raw_tcp t = {.src = w.peer, .dst = w.us};
	uint8_t shape = rd_u8(r);

	if (inbound) {
		t.src.port = (uint16_t)(1000 + (shape & 7));
		t.dst = (struct endpoint){.addr = v4(2), .port = 80};
	}
	t.flags = rd_u8(r);
	t.seq = w.snd + (uint32_t)(int8_t)rd_u8(r) * (shape & 64 ? 1000u : 1u);
	t.ack = w.rcv + (uint32_t)(int8_t)rd_u8(r);
	t.wnd = rd_be16(r);
	t.opt_len = (size_t)(shape & 0x38) >> 1;
	rd_copy(r, t.opts, t.opt_len);
	t.data_len = rd_u8(r) * (shape & 128 ? 5u : 1u);
	if (t.data_len > r->left)
		t.data_len = r->left;
	t.data = rd_bytes(r, t.data_len);
	raw_make_tcp(&p, &t);
	feed(&p);
}

static void step_owner(struct rd *r)
{
	unsigned what = rd_u8(r), i = what >> 6;
	struct net_stream *s = w.streams[i];
	static const uint8_t data[3000];
	struct net_inbound *in;
	struct iovec iov[4];

	if ((what & 7) == 7 && (in = net_stack_next_inbound(w.stack))) {
		if (i == 0 || s)
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
	w.now = boot_add_ms(w.now, (uint64_t)rd_u8(r) * rd_u8(r));
	net_stack_tick(w.stack, w.now);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct rd r = rd_init(bytes, len);

	start();
	for (unsigned i = 0; i < STEPS_MAX && r.left; i++) {
		switch (rd_u8(&r) % 8) {
		case 0:
			step_raw(&r);
			break;
		case 1:
		case 2:
		case 3:
			step_segment(&r, false);
			break;
		case 4:
			step_segment(&r, true);
			break;
		case 5:
			step_owner(&r);
			break;
		case 6:
			step_time(&r);
			break;
		default:
			drain();
		}
	}
	stop();
	return 0;
}
