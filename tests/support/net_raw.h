/*
 * Raw inner packets by hand: builds IP, TCP, UDP and ICMP packets with right checksums, feeds them
 * to a net_stack, and takes apart what it sends. Its checksum is the plain loop of RFC 1071, so it
 * also checks the fast one.
 */
#ifndef TESTS_SUPPORT_NET_RAW_H
#define TESTS_SUPPORT_NET_RAW_H

#include <assert.h>
#include <string.h>

#include "base/addr.h"
#include "base/packet.h"
#include "base/rd.h"
#include "base/wr.h"
#include "net/stack.h"

#define RAW_MAX 9100
#define RAW_FIN 1
#define RAW_SYN 2
#define RAW_RST 4
#define RAW_PSH 8
#define RAW_ACK 16
#define RAW_STACK_SCALE 10	/* of the windows that our stack announces: TCP_RCV_SCALE in lwipopts.h */

struct raw_packet {
	uint8_t bytes[RAW_MAX];
	size_t len;
};

/* What was found in, or shall be put into, a TCP packet. */
struct raw_tcp {
	struct endpoint src, dst;
	uint32_t seq, ack;
	uint8_t flags;
	uint16_t wnd;
	uint8_t opts[40];
	size_t opt_len;
	const uint8_t *data;
	size_t data_len;
};

static inline uint32_t raw_sum(const uint8_t *p, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < len; i++)
		sum += i % 2 ? p[i] : (uint32_t)p[i] << 8;
	return sum;
}

static inline uint16_t raw_fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

static inline uint32_t raw_pseudo(const struct addr *src, const struct addr *dst, size_t len,
				  uint8_t protocol)
{
	return raw_sum(src->bytes, addr_len(src)) + raw_sum(dst->bytes, addr_len(dst)) +
	       (uint32_t)(len >> 16) + (uint32_t)(len & 0xffff) + protocol;
}

static inline size_t raw_ip_len(const struct addr *a)
{
	return a->family == ADDR_V4 ? 20 : 40;
}

static inline void raw_set16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

/* Puts an IP header with `len` bytes of payload to come. */
static inline void raw_put_ip(struct wr *w, const struct addr *src, const struct addr *dst,
			      uint8_t protocol, size_t len)
{
	uint8_t *start = w->p + w->len;

	if (src->family == ADDR_V4) {
		wr_be16(w, 0x4500);
		wr_be16(w, (uint16_t)(20 + len));
		wr_be32(w, 0x12340000);
		wr_u8(w, 64);
		wr_u8(w, protocol);
		wr_be16(w, 0);
	} else {
		wr_be32(w, 0x60000000);
		wr_be16(w, (uint16_t)len);
		wr_u8(w, protocol);
		wr_u8(w, 64);
	}
	wr_bytes(w, src->bytes, addr_len(src));
	wr_bytes(w, dst->bytes, addr_len(dst));
	if (src->family == ADDR_V4)
		raw_set16(start + 10, (uint16_t)~raw_fold(raw_sum(start, 20)));
}

static inline void raw_make_tcp(struct raw_packet *out, const struct raw_tcp *t)
{
	struct wr w = wr_init(out->bytes, sizeof(out->bytes));
	size_t l4 = raw_ip_len(&t->src.addr), len = 20 + t->opt_len + t->data_len;

	raw_put_ip(&w, &t->src.addr, &t->dst.addr, 6, len);
	wr_be16(&w, t->src.port);
	wr_be16(&w, t->dst.port);
	wr_be32(&w, t->seq);
	wr_be32(&w, t->ack);
	wr_u8(&w, (uint8_t)((20 + t->opt_len) / 4 << 4));
	wr_u8(&w, t->flags);
	wr_be16(&w, t->wnd);
	wr_be32(&w, 0);
	wr_bytes(&w, t->opts, t->opt_len);
	wr_bytes(&w, t->data, t->data_len);
	assert(wr_ok(&w));
	out->len = w.len;
	raw_set16(out->bytes + l4 + 16,
		  (uint16_t)~raw_fold(raw_pseudo(&t->src.addr, &t->dst.addr, len, 6) +
				      raw_sum(out->bytes + l4, len)));
}

static inline void raw_make_udp(struct raw_packet *out, const struct endpoint *src,
				const struct endpoint *dst, const void *data, size_t data_len)
{
	struct wr w = wr_init(out->bytes, sizeof(out->bytes));
	size_t l4 = raw_ip_len(&src->addr), len = 8 + data_len;

	raw_put_ip(&w, &src->addr, &dst->addr, 17, len);
	wr_be16(&w, src->port);
	wr_be16(&w, dst->port);
	wr_be16(&w, (uint16_t)len);
	wr_be16(&w, 0);
	wr_bytes(&w, data, data_len);
	assert(wr_ok(&w));
	out->len = w.len;
	raw_set16(out->bytes + l4 + 6,
		  (uint16_t)~raw_fold(raw_pseudo(&src->addr, &dst->addr, len, 17) +
				      raw_sum(out->bytes + l4, len)));
}

/* An ICMP or ICMPv6 message: type, code, the 4 bytes after the checksum, and a body. */
static inline void raw_make_icmp(struct raw_packet *out, const struct addr *src,
				 const struct addr *dst, uint8_t type, uint8_t code, uint32_t rest,
				 const void *body, size_t body_len)
{
	struct wr w = wr_init(out->bytes, sizeof(out->bytes));
	size_t l4 = raw_ip_len(src), len = 8 + body_len;
	uint32_t sum = 0;

	raw_put_ip(&w, src, dst, src->family == ADDR_V4 ? 1 : 58, len);
	wr_u8(&w, type);
	wr_u8(&w, code);
	wr_be16(&w, 0);
	wr_be32(&w, rest);
	wr_bytes(&w, body, body_len);
	assert(wr_ok(&w));
	out->len = w.len;
	if (src->family == ADDR_V6)
		sum = raw_pseudo(src, dst, len, 58);
	raw_set16(out->bytes + l4 + 2,
		  (uint16_t)~raw_fold(sum + raw_sum(out->bytes + l4, len)));
}

/* The fragment of `whole` with `len` bytes from `at` on (a multiple of 8) of what follows its IP header. */
static inline void raw_cut(const struct raw_packet *whole, uint16_t id, size_t at, size_t len,
			   bool last, struct raw_packet *out)
{
	bool v4 = whole->bytes[0] >> 4 == 4;
	size_t head = v4 ? 20 : 40, body = head;

	memcpy(out->bytes, whole->bytes, head);
	if (v4) {
		raw_set16(out->bytes + 2, (uint16_t)(head + len));
		raw_set16(out->bytes + 4, id);
		raw_set16(out->bytes + 6, (uint16_t)(at / 8 | (last ? 0 : 0x2000)));
		raw_set16(out->bytes + 10, 0);
		raw_set16(out->bytes + 10, (uint16_t)~raw_fold(raw_sum(out->bytes, 20)));
	} else {
		raw_set16(out->bytes + 4, (uint16_t)(8 + len));
		memset(out->bytes + head, 0, 8);
		out->bytes[head] = out->bytes[6];
		out->bytes[6] = 44;
		raw_set16(out->bytes + head + 2, (uint16_t)(at | (last ? 0 : 1)));
		raw_set16(out->bytes + head + 6, id);
		body += 8;
	}
	/* What lies behind the whole is left as it is. */
	if (head + at < whole->len)
		memcpy(out->bytes + body, whole->bytes + head + at,
		       len < whole->len - head - at ? len : whole->len - head - at);
	out->len = body + len;
}

/* The WireGuard peer that proves what raw_feed feeds. */
static uint32_t raw_peer = 1;

/* Feeds `count` packets as one batch. */
static inline void raw_feed(struct net_stack *stack, struct packet_pool *pool, struct boot_time now,
			    const struct raw_packet *packets, size_t count)
{
	struct packet *batch = NULL, **link = &batch;

	for (size_t i = 0; i < count; i++) {
		struct packet_block *block = packet_block_get(pool);

		assert(block);
		memcpy(block->data, packets[i].bytes, packets[i].len);
		*link = packet_get(block, block->data, (uint32_t)packets[i].len);
		assert(*link);
		(*link)->peer = raw_peer;
		link = &(*link)->next;
		packet_block_unref(block);
	}
	net_stack_input(stack, now, batch);
}

/* Takes the next packet that the stack sends at `now`; false when there is none. */
static inline bool raw_take_at(struct net_stack *stack, struct boot_time now, struct raw_packet *out)
{
	struct net_out o;

	if (!net_stack_output(stack, now, &o))
		return false;
	assert(o.len <= sizeof(out->bytes));
	out->len = o.len;
	net_out_copy(stack, &o, out->bytes);
	return true;
}

/* The same at the time that the stack was last told. */
static inline bool raw_take(struct net_stack *stack, struct raw_packet *out)
{
	return raw_take_at(stack, (struct boot_time){0}, out);
}

/* Takes an IP packet apart and checks every checksum. Returns its protocol, and where it starts. */
static inline uint8_t raw_parse_ip(const struct raw_packet *p, struct addr *src, struct addr *dst,
				   size_t *l4)
{
	const uint8_t *b = p->bytes;
	uint8_t protocol;
	uint32_t sum = 0;

	assert(p->len >= 20);
	if (b[0] >> 4 == 4) {
		*l4 = (b[0] & 15u) * 4;
		*src = addr_v4(b + 12);
		*dst = addr_v4(b + 16);
		protocol = b[9];
		assert(raw_fold(raw_sum(b, *l4)) == 0xffff);
		assert((size_t)(b[2] << 8 | b[3]) == p->len);
		if ((b[6] & 0x3f) || b[7])
			return protocol;	/* a fragment */
	} else {
		*l4 = 40;
		*src = addr_v6(b + 8);
		*dst = addr_v6(b + 24);
		protocol = b[6];
		assert((size_t)(b[4] << 8 | b[5]) + 40 == p->len);
	}
	if (protocol == 44)
		return protocol;
	if (protocol != 1)
		sum = raw_pseudo(src, dst, p->len - *l4, protocol);
	assert(raw_fold(sum + raw_sum(b + *l4, p->len - *l4)) == 0xffff);
	return protocol;
}

static inline bool raw_parse_tcp(const struct raw_packet *p, struct raw_tcp *t)
{
	size_t l4;
	struct rd r;

	memset(t, 0, sizeof(*t));
	if (raw_parse_ip(p, &t->src.addr, &t->dst.addr, &l4) != 6)
		return false;
	r = rd_init(p->bytes + l4, p->len - l4);
	t->src.port = rd_be16(&r);
	t->dst.port = rd_be16(&r);
	t->seq = rd_be32(&r);
	t->ack = rd_be32(&r);
	t->opt_len = (size_t)(rd_u8(&r) >> 4) * 4 - 20;
	t->flags = rd_u8(&r);
	t->wnd = rd_be16(&r);
	rd_skip(&r, 4);
	assert(t->opt_len <= sizeof(t->opts));
	rd_copy(&r, t->opts, t->opt_len);
	assert(rd_ok(&r));
	t->data = r.p;
	t->data_len = r.left;
	return true;
}

#endif
