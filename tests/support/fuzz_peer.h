/*
 * The peer's side of TCP connections for fuzz targets: it notes what the stack sends, so that the
 * segments that it makes of the input's bytes follow, or lie near an edge, and get behind the first
 * checks of TCP.
 */
#ifndef CULVERT_TESTS_SUPPORT_FUZZ_PEER_H
#define CULVERT_TESTS_SUPPORT_FUZZ_PEER_H

#include "support/net_raw.h"

#define FUZZ_QUOTE_MAX 128	/* of a packet of ours: enough for any quotation that is looked at */
#define FUZZ_PACKET_MAX 1500

struct fuzz_conn {
	struct endpoint us, peer;	/* `us.port` 0: not known yet */
	uint32_t snd;		/* its next sequence number */
	uint32_t una, nxt;	/* ours: the oldest that it has not acknowledged, the next */
	uint8_t quote[FUZZ_QUOTE_MAX];	/* the head of the last segment of ours */
	size_t quote_len;
};

static inline struct addr fuzz_v4(uint8_t last)
{
	const uint8_t bytes[4] = {10, 0, 0, last};

	return addr_v4(bytes);
}

static inline struct addr fuzz_v6(uint8_t last)
{
	const uint8_t bytes[16] = {0xfd, [15] = last};

	return addr_v6(bytes);
}

static inline struct fuzz_conn *fuzz_conn_of(struct fuzz_conn *conns, unsigned count,
					     const struct raw_tcp *t)
{
	for (unsigned i = 0; i < count; i++) {
		struct fuzz_conn *c = &conns[i];

		if (endpoint_equal(&t->dst, &c->peer) &&
		    (!c->us.port || endpoint_equal(&t->src, &c->us) || t->flags & RAW_SYN))
			return c;
	}
	return NULL;
}

/* What the stack has sent: remembers where the connection stands. */
static inline void fuzz_note_sent(struct fuzz_conn *conns, unsigned count,
				  const struct raw_packet *p)
{
	struct fuzz_conn *c;
	struct raw_tcp t;
	uint32_t end;

	if (!raw_parse_tcp(p, &t) || !(c = fuzz_conn_of(conns, count, &t)))
		return;
	c->us = t.src;
	c->quote_len = p->len < FUZZ_QUOTE_MAX ? p->len : FUZZ_QUOTE_MAX;
	memcpy(c->quote, p->bytes, c->quote_len);
	end = t.seq + (uint32_t)t.data_len + (t.flags & (RAW_SYN | RAW_FIN) ? 1 : 0);
	if (t.flags & RAW_SYN)
		c->una = t.seq;
	if (t.flags & RAW_SYN || (int32_t)(end - c->nxt) > 0)
		c->nxt = end;
}

/* 16 bits of the input, as a share of `all`. */
static inline uint32_t fuzz_share(struct rd *r, uint32_t all)
{
	return (uint32_t)((uint64_t)rd_be16(r) * all >> 16);
}

static inline uint32_t fuzz_pick_seq(struct rd *r, const struct fuzz_conn *c, unsigned how)
{
	switch (how) {
	case 0:
		return c->snd + (uint32_t)(int8_t)rd_u8(r);
	case 1:	/* anywhere in a window, and some way beyond */
		return c->snd + fuzz_share(r, 300000);
	case 2:
		return c->snd - fuzz_share(r, 70000);
	default:
		return c->snd;
	}
}

static inline uint32_t fuzz_pick_ack(struct rd *r, const struct fuzz_conn *c, unsigned how)
{
	switch (how) {
	case 0:	/* anything that was sent, and not yet acknowledged */
		return c->una + fuzz_share(r, c->nxt - c->una + 1);
	case 1:
		return c->nxt + (uint32_t)(int8_t)rd_u8(r);
	default:
		return c->nxt;
	}
}

static inline void fuzz_fill_options(struct rd *r, struct raw_tcp *t, unsigned how)
{
	static const uint8_t syn[] = {2, 4, 5, 0x50, 1, 3, 3, 7, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0};

	if (how == 0)
		return;
	t->opt_len = how == 1 ? sizeof(syn) : (size_t)(rd_u8(r) % 11) * 4;
	if (how == 1)
		memcpy(t->opts, syn, sizeof(syn));
	else
		rd_copy(r, t->opts, t->opt_len);
}

/*
 * A segment of any connection, near what would be right. Two bytes say how: flags of their own or the
 * usual ones, which sequence number, acknowledgement, options, and how much data.
 */
static inline void fuzz_make_segment(struct rd *r, struct fuzz_conn *conns, unsigned count,
				     struct raw_packet *out)
{
	static const uint8_t data[FUZZ_PACKET_MAX] = {1, 2, 3};
	static const uint8_t usual[] = {RAW_ACK, RAW_ACK | RAW_PSH, RAW_SYN, RAW_SYN | RAW_ACK, RAW_FIN | RAW_ACK,
					RAW_RST, RAW_RST | RAW_ACK};
	unsigned what = rd_u8(r), how = rd_u8(r);
	struct fuzz_conn *c = &conns[(what & 7) % count];
	struct raw_tcp t = {.src = c->peer, .dst = c->us, .data = data};

	t.flags = what >> 3 < 31 ? usual[(what >> 3) % sizeof(usual)] : rd_u8(r);
	t.seq = fuzz_pick_seq(r, c, how & 7);
	t.ack = t.flags & RAW_ACK ? fuzz_pick_ack(r, c, how >> 3 & 3) : 0;
	t.wnd = how & 128 ? rd_be16(r) : 60000;
	fuzz_fill_options(r, &t, how >> 5 & 3);
	if (!(t.flags & (RAW_SYN | RAW_RST)))
		t.data_len = fuzz_share(r, 1380);
	raw_make_tcp(out, &t);
	if (t.seq == c->snd)
		c->snd += (uint32_t)t.data_len + (t.flags & (RAW_SYN | RAW_FIN) ? 1 : 0);
	if (t.flags & RAW_ACK && t.ack - c->una <= c->nxt - c->una)
		c->una = t.ack;
}

#endif
