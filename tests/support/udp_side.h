/* An io_udp under test with all that it has received, on the program's one loop. */
#ifndef CULVERT_TESTS_SUPPORT_UDP_SIDE_H
#define CULVERT_TESTS_SUPPORT_UDP_SIDE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/packet.h"
#include "io/udp_private.h"
#include "support/ipv6.h"
#include "support/looprun.h"

#define SEEN_MAX 2048
#define POOL_BLOCKS 16

/* A socket pair under test and what it has received. */
struct side {
	struct io_udp *udp;
	struct packet_pool *pool;
	int left;		/* datagrams still expected */
	int batches;
	bool keep;		/* hold on to every datagram */
	uint8_t *unfinished[SEEN_MAX];	/* datagrams that before_send fills, */
	size_t unfinished_len;		/* each so long and with its place as number */
	unsigned unfinished_from, unfinished_to;
	struct packet *kept[SEEN_MAX];
	size_t kept_count;
	size_t count;
	size_t len[SEEN_MAX];
	uint32_t number[SEEN_MAX];
	bool intact[SEEN_MAX];
	struct endpoint src;
};

static struct io_loop *loop;
static bool ipv6;	/* whether the host has it */

static const struct {
	const char *name;
	struct io_udp_offload offload;
} modes[] = {
	{"trains", {.gro = true, .gso = true, .mmsg = true}},
	{"trains sent, single received", {.gro = false, .gso = true, .mmsg = true}},
	{"single sent, trains received", {.gro = true, .gso = false, .mmsg = true}},
	{"batches of single datagrams", {.gro = false, .gso = false, .mmsg = true}},
	{"one by one", {.gro = false, .gso = false, .mmsg = false}},
	{"trains one by one", {.gro = true, .gso = true, .mmsg = false}},
};

/* The content of a datagram follows from its number, which opens it. */
static inline uint8_t fill_byte(uint32_t number, size_t i)
{
	return (uint8_t)(number * 31 + i);
}

static inline void fill(uint8_t *p, size_t len, uint32_t number)
{
	memcpy(p, &number, sizeof(number));
	for (size_t i = sizeof(number); i < len; i++)
		p[i] = fill_byte(number, i);
}

static inline bool is_filled(const uint8_t *p, size_t len, uint32_t number)
{
	for (size_t i = sizeof(number); i < len; i++) {
		if (p[i] != fill_byte(number, i))
			return false;
	}
	return true;
}

static inline void on_datagram(void *ctx, const struct endpoint *src, struct packet_block *block,
			uint8_t *data, size_t len)
{
	struct side *s = ctx;
	size_t i = s->count;

	assert_true(i < SEEN_MAX);
	s->count++;
	s->left--;
	s->src = *src;
	s->len[i] = len;
	if (len >= sizeof(uint32_t)) {
		memcpy(&s->number[i], data, sizeof(uint32_t));
		s->intact[i] = is_filled(data, len, s->number[i]);
	}
	if (s->keep) {
		struct packet *p = packet_get(block, data, (uint32_t)len);

		assert_non_null(p);
		s->kept[s->kept_count++] = p;
	}
}

static inline void on_batch_end(void *ctx)
{
	((struct side *)ctx)->batches++;
}

static inline void before_send(void *ctx)
{
	struct side *s = ctx;

	for (; s->unfinished_from < s->unfinished_to; s->unfinished_from++)
		fill(s->unfinished[s->unfinished_from], s->unfinished_len, s->unfinished_from);
}

static inline void side_init(struct side *s, unsigned blocks)
{
	struct io_udp_config config = {
		.loop = loop,
		.ipv4 = true,
		.ipv6 = ipv6,
		.on_datagram = on_datagram,
		.on_batch_end = on_batch_end,
		.before_send = before_send,
		.ctx = s,
	};

	memset(s, 0, sizeof(*s));
	s->pool = packet_pool_new(blocks, SEEN_MAX);
	assert_non_null(s->pool);
	config.pool = s->pool;
	assert_int_equal(io_udp_new(&config, &s->udp), 0);
}

static inline void side_drop_kept(struct side *s)
{
	for (size_t i = 0; i < s->kept_count; i++)
		packet_free(s->kept[i]);
	s->kept_count = 0;
}

static inline void side_fini(struct side *s)
{
	side_drop_kept(s);
	io_udp_free(s->udp);
	assert_int_equal(packet_pool_blocks_used(s->pool), 0);
	packet_pool_free(s->pool);
}

static inline struct endpoint to(const struct side *s, enum addr_family family)
{
	struct endpoint e = {.port = io_udp_port(s->udp)};

	if (family == ADDR_V4 || !ipv6)
		assert_int_equal(addr_parse(&e.addr, "127.0.0.1", 9), 0);
	else
		assert_int_equal(addr_parse(&e.addr, "::1", 3), 0);
	return e;
}

static inline void put(struct side *s, const struct endpoint *dst, size_t len, uint32_t number)
{
	uint8_t *slot = io_udp_slot(s->udp, dst, len);

	assert_non_null(slot);
	fill(slot, len, number);
	io_udp_commit(s->udp, len);
}

#endif
