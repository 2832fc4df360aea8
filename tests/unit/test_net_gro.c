/* The merger alone: net_stack_feed is replaced by one that keeps what would go to lwIP. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "net/core.h"
#include "net/hooks.h"
#include "net/mem.h"

#include "lwip/pbuf.h"

#include "support/net_raw.h"

#define FED_MAX 64

struct fed {
	struct raw_tcp t;
	uint32_t sender;
	uint8_t data[70000];
	size_t ip_len;
};

static struct fed fed[FED_MAX];
static unsigned fed_count;
static struct net_stack stack;

/* What the linker would otherwise take from stack.c and hooks.c. */
struct net_stack *net_stack_current(void)
{
	return &stack;
}

void net_stack_feed(struct net_stack *s, struct pbuf *p, uint32_t sender)
{
	struct fed *f = &fed[fed_count++];
	const uint8_t *ip = p->payload, *tcp;
	bool v6 = ip[0] >> 4 == 6;
	size_t l4 = v6 ? 40 : 20, hdr_len;

	(void)s;
	assert_true(fed_count <= FED_MAX);
	memset(f, 0, sizeof(*f));
	f->sender = sender;
	f->ip_len = v6 ? get_be16(ip + 4) + 40u : get_be16(ip + 2);
	assert_int_equal(f->ip_len, p->tot_len);
	/* Each tot_len in the chain counts from its pbuf to the end. */
	for (struct pbuf *q = p; q; q = q->next)
		assert_int_equal(q->tot_len, q->len + (q->next ? q->next->tot_len : 0));
	tcp = ip + l4;
	f->t.src.port = get_be16(tcp);
	f->t.dst.port = get_be16(tcp + 2);
	f->t.seq = get_be32(tcp + 4);
	f->t.ack = get_be32(tcp + 8);
	f->t.flags = tcp[13];
	f->t.wnd = get_be16(tcp + 14);
	f->t.opt_len = (size_t)(tcp[12] >> 4) * 4 - 20;
	memcpy(f->t.opts, tcp + 20, f->t.opt_len);
	hdr_len = l4 + 20 + f->t.opt_len;
	f->t.data_len = p->tot_len - hdr_len;
	assert_int_equal(pbuf_copy_partial(p, f->data, (u16_t)f->t.data_len, (u16_t)hdr_len),
			 f->t.data_len);
	pbuf_free(p);
}

void net_lwip_fail(const char *what)
{
	fail_msg("%s", what);
	abort();
}

void net_lwip_tcp_broken(const struct tcp_pcb *pcb, int check)
{
	(void)pcb;
	(void)check;
}

u32_t net_lwip_sender(void)
{
	return 0;
}

u32_t sys_now(void)
{
	return 0;
}

uint32_t net_lwip_rand(void)
{
	return 1;
}

u32_t net_lwip_isn(const ip_addr_t *a, u16_t b, const ip_addr_t *c, u16_t d)
{
	(void)a;
	(void)c;
	return (u32_t)b + d;
}

err_t net_lwip_tcp_inpacket(struct tcp_pcb *pcb, struct tcp_hdr *hdr, u16_t opt_len, struct pbuf *p)
{
	(void)pcb;
	(void)hdr;
	(void)opt_len;
	(void)p;
	return 0;
}

/* --- making segments --- */

static struct raw_tcp segment(unsigned f, uint32_t seq, uint32_t ack, size_t len)
{
	static uint8_t data[70000];
	struct raw_tcp t = {.seq = seq, .ack = ack, .flags = RAW_ACK, .wnd = 100, .data_len = len};
	const char *src = f ? "fd00::1" : "10.0.0.1", *dst = f ? "fd00::2" : "10.0.0.2";

	if (!data[1]) {
		for (size_t i = 0; i < sizeof(data); i++)
			data[i] = (uint8_t)(i * 7 + (i >> 8));
	}
	assert_int_equal(addr_parse(&t.src.addr, src, strlen(src)), 0);
	assert_int_equal(addr_parse(&t.dst.addr, dst, strlen(dst)), 0);
	t.src.port = 1;
	t.dst.port = 2;
	t.data = data + seq % 60000;	/* bytes tell their place */
	return t;
}

static void set_timestamp(struct raw_tcp *t, uint32_t value, uint32_t echo)
{
	struct wr w = wr_init(t->opts, sizeof(t->opts));

	wr_be32(&w, 0x0101080a);
	wr_be32(&w, value);
	wr_be32(&w, echo);
	t->opt_len = 12;
}

static void add_from(uint32_t sender, const struct raw_tcp *t)
{
	struct raw_packet raw;
	struct seg seg;
	enum net_drop reason;
	struct pbuf *p;

	raw_make_tcp(&raw, t);
	p = pbuf_alloc(PBUF_RAW, (u16_t)raw.len, PBUF_RAM);
	assert_non_null(p);
	memcpy(p->payload, raw.bytes, raw.len);
	assert_int_equal(seg_parse(&seg, p->payload, (uint32_t)raw.len, &reason), 0);
	gro_add(&stack, &seg, p, sender);
}

static void add(const struct raw_tcp *t)
{
	add_from(1, t);
}

static void add_new(unsigned f, uint32_t seq, uint32_t ack, size_t len)
{
	struct raw_tcp t = segment(f, seq, ack, len);

	add(&t);
}

static int begin(void **state)
{
	(void)state;
	memset(&stack, 0, sizeof(stack));
	fed_count = 0;
	return 0;
}

static int end(void **state)
{
	(void)state;
	return net_mem_count() == 0 ? 0 : -1;
}

static void assert_bytes(const struct fed *f, uint32_t seq, size_t len)
{
	struct raw_tcp t = segment(0, seq, 0, len);

	assert_int_equal(f->t.seq, seq);
	assert_int_equal(f->t.data_len, len);
	assert_memory_equal(f->data, t.data, len);
}

/* --- tests --- */

static void test_consecutive_segments_become_one(void **state)
{
	(void)state;
	for (unsigned f = 0; f < 2; f++) {
		fed_count = 0;
		for (unsigned i = 0; i < 10; i++) {
			struct raw_tcp t = segment(f, 100 + i * 1000, 5 + i, 1000);

			t.wnd = (uint16_t)(200 + i);
			t.flags = i == 4 ? RAW_ACK | RAW_PSH : RAW_ACK;
			set_timestamp(&t, 50 + i, 40 + i);
			add(&t);
		}
		assert_int_equal(fed_count, 0);
		gro_flush(&stack);
		assert_int_equal(fed_count, 1);
		assert_bytes(&fed[0], 100, 10000);
		assert_int_equal(fed[0].t.ack, 14);
		assert_int_equal(fed[0].t.wnd, 209);
		assert_int_equal(fed[0].t.flags, RAW_ACK | RAW_PSH);
		assert_int_equal(get_be32(fed[0].t.opts + 4), 59);
		assert_int_equal(get_be32(fed[0].t.opts + 8), 49);
	}
}

static void test_sequence_numbers_wrap(void **state)
{
	(void)state;
	add_new(0, 0xfffffc18, 0xfffffff0, 1000);
	add_new(0, 0, 16, 1000);
	gro_flush(&stack);
	assert_int_equal(fed_count, 1);
	assert_int_equal(fed[0].t.data_len, 2000);
	assert_int_equal(fed[0].t.ack, 16);
}

static void test_a_gap_or_repeat_is_not_merged(void **state)
{
	(void)state;
	add_new(0, 100, 1, 100);
	add_new(0, 300, 1, 100);
	add_new(0, 300, 1, 100);
	add_new(0, 200, 1, 100);
	gro_flush(&stack);
	assert_int_equal(fed_count, 4);
	assert_bytes(&fed[0], 100, 100);
	assert_bytes(&fed[1], 300, 100);
	assert_bytes(&fed[2], 300, 100);
	assert_bytes(&fed[3], 200, 100);
}

static void test_other_flags_keep_their_place(void **state)
{
	static const uint8_t flags[] = {RAW_FIN, RAW_SYN, RAW_RST, 0x20, 0x40, 0x80};

	(void)state;
	for (size_t i = 0; i < sizeof(flags); i++) {
		struct raw_tcp t = segment(0, 200, 1, 100);

		fed_count = 0;
		t.flags |= flags[i];
		add_new(0, 100, 1, 100);
		add(&t);
		add_new(0, 300, 1, 100);
		gro_flush(&stack);
		assert_int_equal(fed_count, 3);
		assert_bytes(&fed[0], 100, 100);
		assert_bytes(&fed[1], 200, 100);
		assert_int_equal(fed[1].t.flags, RAW_ACK | flags[i]);
		assert_bytes(&fed[2], 300, 100);
	}
}

static void test_options_must_agree(void **state)
{
	struct raw_tcp t = segment(0, 200, 1, 100);

	(void)state;
	add_new(0, 100, 1, 100);
	set_timestamp(&t, 9, 9);
	add(&t);
	/* A timestamp that goes back is lwIP's to judge. */
	t = segment(0, 300, 1, 100);
	set_timestamp(&t, 8, 9);
	add(&t);
	t = segment(0, 400, 1, 100);
	set_timestamp(&t, 8, 9);
	add(&t);
	gro_flush(&stack);
	assert_int_equal(fed_count, 3);
	assert_int_equal(fed[2].t.data_len, 200);
}

/* Timestamps of their own, and a block: from `left` on. */
static struct raw_tcp with_block(uint32_t seq, uint32_t ack, size_t len, uint32_t left)
{
	struct raw_tcp t = segment(0, seq, ack, len);
	struct wr w = wr_init(t.opts, sizeof(t.opts));

	wr_be32(&w, 0x0101080a);
	wr_be32(&w, 9);
	wr_be32(&w, 9);
	wr_be32(&w, 0x0101050a);
	wr_be32(&w, left);
	wr_be32(&w, left + 100);
	t.opt_len = w.len;
	return t;
}

static void test_blocks_are_never_folded(void **state)
{
	struct raw_tcp t;

	(void)state;
	/* The same block, advancing; another, advancing; before and after a lone number; on data. */
	for (unsigned i = 0; i < 3; i++) {
		t = with_block(7, 100 + i, 0, 1000);
		add(&t);
	}
	t = with_block(7, 103, 0, 1100);
	add(&t);
	add_new(0, 7, 104, 0);
	t = with_block(7, 105, 0, 1100);
	add(&t);
	t = with_block(7, 106, 100, 1100);
	add(&t);
	t = with_block(107, 107, 100, 1100);
	add(&t);
	gro_flush(&stack);
	assert_int_equal(fed_count, 8);
	for (unsigned i = 0; i < fed_count; i++)
		assert_int_equal(fed[i].t.ack, 100 + i);
}

static void test_data_with_one_and_the_same_block_are_chained(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct raw_tcp t = with_block(7 + i * 100, 106, 100, i < 2 ? 1100 : 1200);

		add(&t);
	}
	gro_flush(&stack);
	assert_int_equal(fed_count, 2);
	assert_bytes(&fed[0], 7, 200);
	assert_bytes(&fed[1], 207, 100);
}

static void test_an_old_acknowledgement_is_not_merged(void **state)
{
	(void)state;
	add_new(0, 100, 50, 100);
	add_new(0, 200, 49, 100);
	gro_flush(&stack);
	assert_int_equal(fed_count, 2);
}

static void test_one_packet_stays_below_64_kb(void **state)
{
	unsigned total = 0;

	(void)state;
	for (unsigned i = 0; i < 80; i++)
		add_new(1, i * 1300, 1, 1300);
	gro_flush(&stack);
	assert_int_equal(fed_count, 2);
	for (unsigned i = 0; i < fed_count; i++) {
		assert_true(fed[i].ip_len <= 65535);
		assert_int_equal(fed[i].t.seq, total);
		total += (unsigned)fed[i].t.data_len;
	}
	assert_int_equal(total, 80 * 1300);
}

static void test_advancing_acknowledgements_fold(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 20; i++)
		add_new(0, 7, 100 + i, 0);
	gro_flush(&stack);
	assert_int_equal(fed_count, 1);
	assert_int_equal(fed[0].t.ack, 119);
}

static void test_duplicate_acknowledgements_are_kept(void **state)
{
	(void)state;
	add_new(0, 7, 99, 0);
	for (unsigned i = 0; i < 4; i++)
		add_new(0, 7, 100, 0);
	add_new(0, 7, 101, 0);
	gro_flush(&stack);
	/* 99 gives way to the first 100; the last 100 to 101. */
	assert_int_equal(fed_count, 4);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(fed[i].t.ack, 100);
	assert_int_equal(fed[3].t.ack, 101);
}

static void test_acknowledgements_fold_into_data(void **state)
{
	(void)state;
	add_new(0, 100, 10, 50);
	add_new(0, 150, 11, 0);
	add_new(0, 150, 12, 50);
	add_new(0, 200, 12, 0);
	gro_flush(&stack);
	/* The last acknowledges nothing new: it stays alone. */
	assert_int_equal(fed_count, 2);
	assert_bytes(&fed[0], 100, 100);
	assert_int_equal(fed[0].t.ack, 12);
	assert_int_equal(fed[1].t.data_len, 0);
}

static void test_flows_are_kept_apart(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < 8; i++) {
			struct raw_tcp t = segment(i % 2, 100 + round * 100, 1, 100);

			t.src.port = (uint16_t)(100 + i);
			add(&t);
		}
	}
	gro_flush(&stack);
	assert_int_equal(fed_count, 8);
	for (unsigned i = 0; i < 8; i++) {
		assert_int_equal(fed[i].t.src.port, 100 + i);
		assert_bytes(&fed[i], 100, 300);
	}
}

/* Addresses and ports may be spelt by anyone: only the peer's key tells who sent a segment. */
static void test_segments_of_two_peers_are_kept_apart(void **state)
{
	struct raw_tcp t;

	(void)state;
	for (unsigned f = 0; f < 2; f++) {
		fed_count = 0;
		for (uint32_t i = 0; i < 6; i++) {
			t = segment(f, 100 + i * 100, 1 + i, 100);
			add_from(7 + i / 3, &t);
		}
		gro_flush(&stack);
		assert_int_equal(fed_count, 2);
		for (uint32_t i = 0; i < 2; i++) {
			assert_int_equal(fed[i].sender, 7 + i);
			assert_bytes(&fed[i], 100 + i * 300, 300);
			assert_int_equal(fed[i].t.ack, 3 + i * 3);
		}
	}
}

/* Nor does an acknowledgement of one end up in, or in place of, a segment of the other. */
static void test_acknowledgements_of_two_peers_do_not_fold(void **state)
{
	struct raw_tcp data = segment(0, 100, 10, 50), ack = segment(0, 150, 20, 0),
		       next = segment(0, 150, 30, 0);

	(void)state;
	add_from(7, &data);
	add_from(8, &ack);
	add_from(7, &next);
	add_from(9, &next);
	gro_flush(&stack);
	assert_int_equal(fed_count, 3);
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(fed[i].sender, 7 + i);
	assert_int_equal(fed[0].t.ack, 30);
	assert_int_equal(fed[1].t.ack, 20);
	assert_int_equal(fed[2].t.ack, 30);
}

static void test_more_flows_than_places_lose_nothing(void **state)
{
	unsigned total = 0;

	(void)state;
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < 12; i++) {
			struct raw_tcp t = segment(0, 100 + round * 100, 1, 100);

			t.src.port = (uint16_t)(100 + i);
			add(&t);
		}
	}
	gro_flush(&stack);
	for (unsigned i = 0; i < fed_count; i++)
		total += (unsigned)fed[i].t.data_len;
	assert_int_equal(total, 3600);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_consecutive_segments_become_one),
		TEST(test_sequence_numbers_wrap),
		TEST(test_a_gap_or_repeat_is_not_merged),
		TEST(test_other_flags_keep_their_place),
		TEST(test_options_must_agree),
		TEST(test_blocks_are_never_folded),
		TEST(test_data_with_one_and_the_same_block_are_chained),
		TEST(test_an_old_acknowledgement_is_not_merged),
		TEST(test_one_packet_stays_below_64_kb),
		TEST(test_advancing_acknowledgements_fold),
		TEST(test_duplicate_acknowledgements_are_kept),
		TEST(test_acknowledgements_fold_into_data),
		TEST(test_flows_are_kept_apart),
		TEST(test_segments_of_two_peers_are_kept_apart),
		TEST(test_acknowledgements_of_two_peers_do_not_fold),
		TEST(test_more_flows_than_places_lose_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
