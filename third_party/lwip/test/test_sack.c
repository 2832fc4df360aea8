/* 0026, 0027: what acknowledgements say about gaps and duplicates, and what carries it. */
#include "fixture.h"

#include <string.h>

#define MSS 1380	/* what the fixture's peer announces */

static uint8_t data[8 * MSS];

static void open_with(struct conn *c, unsigned family)
{
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = pattern((uint32_t)i);
	conn_open(c, family, false);
	drop_sent();
}

static void assert_block(const struct sent *s, unsigned i, uint32_t left, uint32_t right)
{
	ck_assert_uint_lt(i, s->sacks);
	ck_assert_uint_eq(s->sack[i][0], left);
	ck_assert_uint_eq(s->sack[i][1], right);
}

/* The only segment that was sent, an acknowledgement alone. */
static const struct sent *only_ack(unsigned sacks)
{
	const struct sent *s;

	ck_assert_uint_eq(count_sent(), 1);
	s = next_sent();
	ck_assert_uint_eq(s->len, 0);
	ck_assert_uint_eq(s->sacks, sacks);
	return s;
}

/* --- duplicates (RFC 2883 4) --- */

START_TEST(what_came_before_is_reported_once)
{
	struct conn c = { 0 };
	uint32_t base;

	open_with(&c, 4);
	base = c.peer_seq;
	put_data(&c, 2000);
	drop_sent();
	put_data_at(&c, (uint32_t)-2000, 1000);
	assert_block(only_ack(1), 0, base, base + 1000);
	put_data(&c, 2000);
	only_ack(0);
	conn_abort(&c);
}
END_TEST

START_TEST(only_what_was_had_is_reported)
{
	struct conn c = { 0 };
	uint32_t base;

	open_with(&c, 4);
	base = c.peer_seq;
	put_data(&c, 1000);
	pass_ms(100);	/* the delayed acknowledgement */
	drop_sent();
	put_data_at(&c, (uint32_t)-400, 1000);
	assert_block(only_ack(1), 0, base + 600, base + 1000);
	ck_assert_uint_eq(c.received, 1600);
	/* what was in order before what was in the queue */
	put_data_at(&c, 1000, 100);
	drop_sent();
	put_data_at(&c, 300, 750);
	assert_block(only_ack(1), 0, base + 1300, base + 1600);
	ck_assert_uint_eq(c.received, 2100);
	conn_abort(&c);
}
END_TEST

/* Blocks speak of data; a repeated SYN|ACK has no room for them. */
START_TEST(nothing_is_reported_before_the_connection_is_open)
{
	struct options opt = { .mss = MSS, .wscale = 7, .sack = true, .ts = true };
	struct conn c = { .family = 4, .ts = true, .port = 8080, .peer_port = 5555, .peer_seq = 1000 };
	struct tcp_pcb *listener = tcp_new();
	const struct sent *s;

	ck_assert_int_eq(tcp_bind(listener, IP4_ADDR_ANY, 8080), ERR_OK);
	ck_assert_ptr_nonnull(tcp_listen(listener));
	put_segment(&c, TCP_SYN, c.peer_seq++, 0, 65535, &opt, NULL, 0, 0);
	s = next_sent();
	ck_assert_uint_eq(s->flags, TCP_SYN | TCP_ACK);
	c.seen = s->seq + 1;
	drop_sent();
	put_segment(&c, TCP_ACK, c.peer_seq - 1, c.seen, 8192, NULL, data, 1, 0);
	only_ack(0);
	pass_ms(3000);
	s = next_sent();
	ck_assert_ptr_nonnull(s);
	ck_assert_uint_eq(s->flags, TCP_SYN | TCP_ACK);
	ck_assert_uint_eq(s->sacks, 0);
}
END_TEST

START_TEST(a_fin_on_what_the_queue_holds_is_taken)
{
	struct conn c = { 0 };

	open_with(&c, 4);
	put_data_at(&c, 1000, 500);
	put_segment(&c, TCP_ACK | TCP_FIN, c.peer_seq + 1200, c.seen, 8192, NULL, data, 300, 0);
	put_data(&c, 1000);
	ck_assert_uint_eq(c.received, 1500);
	ck_assert_uint_eq(c.eofs, 1);
	conn_abort(&c);
}
END_TEST

START_TEST(a_duplicate_in_the_queue_comes_before_the_block_around_it)
{
	struct conn c = { 0 };
	const struct sent *s;
	uint32_t base;

	open_with(&c, 4);
	base = c.peer_seq;
	put_data_at(&c, 1000, 500);
	put_data_at(&c, 1500, 500);
	put_data_at(&c, 3000, 500);
	put_data_at(&c, 5000, 500);
	drop_sent();
	/* the whole of a segment, a part of one, parts of two, the last: inside, and with more */
	static const uint32_t again[][4] = {
		{ 1000, 500, 1000, 1500 }, { 1600, 100, 1600, 1700 }, { 1400, 200, 1400, 1600 },
		{ 5100, 100, 5100, 5200 }, { 5400, 200, 5400, 5500 },
	};
	for (unsigned i = 0; i < 5; i++) {
		uint32_t right = i < 3 ? 2000 : i < 4 ? 5500 : 5600, left = i < 3 ? 1000 : 5000;

		put_data_at(&c, again[i][0], again[i][1]);
		s = only_ack(3);
		assert_block(s, 0, base + again[i][2], base + again[i][3]);
		assert_block(s, 1, base + left, base + right);
	}
	/* across a hole: the first of the two parts */
	put_data_at(&c, 1800, 1400);
	s = only_ack(3);
	assert_block(s, 0, base + 1800, base + 2000);
	assert_block(s, 1, base + 1000, base + 3500);
	/* the part behind what was missing */
	put_data_at(&c, 0, 1200);
	s = only_ack(2);
	ck_assert_uint_eq(s->ack, base + 3500);
	assert_block(s, 0, base + 1000, base + 1200);
	assert_block(s, 1, base + 5000, base + 5600);
	ck_assert_uint_eq(c.received, 3500);
	conn_abort(&c);
}
END_TEST

START_TEST(one_packet_again_leaves_the_merged_ones_in_the_queue)
{
	struct conn c = { 0 };
	unsigned last;

	for (last = 0; last < 2; last++) {
		open_with(&c, 4);
		put_data_at(&c, MSS, 20 * MSS);
		if (!last)
			put_data_at(&c, 30 * MSS, MSS);
		put_data_at(&c, 5 * MSS, MSS);
		put_data(&c, MSS);
		ck_assert_uint_eq(c.received, 21 * MSS);
		conn_abort(&c);
		drop_sent();
	}
}
END_TEST

START_TEST(no_block_without_the_option)
{
	struct conn c = { 0 };

	open_with(&c, 4);
	tcp_clear_flags(c.pcb, TF_SACK);
	put_data(&c, 1000);
	put_data_at(&c, 1000, 100);
	drop_sent();
	put_data_at(&c, (uint32_t)-1000, 1000);
	only_ack(0);
	put_data_at(&c, 1000, 100);
	only_ack(0);
	/* and no packet of its own beside data */
	ck_assert_int_eq(tcp_write(c.pcb, data, 100, 0), ERR_OK);
	put_data_at(&c, (uint32_t)-1000, 1000);
	ck_assert_uint_eq(count_sent(), 1);
	ck_assert_uint_eq(next_sent()->len, 100);
	conn_abort(&c);
}
END_TEST

/* Each is answered, as RFC 9293 3.10.7.4 wants, by one packet; and nothing is kept. */
START_TEST(a_flood_of_duplicates_costs_one_packet_each)
{
	struct conn c = { 0 };
	size_t blocks;

	open_with(&c, 4);
	put_data(&c, 2000);
	put_data_at(&c, 1000, 1000);
	drop_sent();
	blocks = blocks_in_use;
	for (unsigned i = 0; i < 10000; i++) {
		put_data_at(&c, i % 2 ? 1000 + i % 900 : (uint32_t)-2000 + i % 1900, 100);
		ck_assert_uint_eq(count_sent(), 1);
		drop_sent();
	}
	ck_assert_uint_eq(blocks_in_use, blocks);
	conn_abort(&c);
}
END_TEST

/* --- gaps (RFC 5681 4.2) --- */

START_TEST(a_gap_is_acknowledged_when_it_opens_and_as_it_closes)
{
	struct conn c = { 0 };
	uint32_t base;

	open_with(&c, 4);
	base = c.peer_seq;
	put_data_at(&c, 200, 100);
	assert_block(only_ack(1), 0, base + 200, base + 300);
	put_data(&c, 100);
	ck_assert_uint_eq(only_ack(1)->ack, base + 100);
	put_data(&c, 100);
	ck_assert_uint_eq(only_ack(0)->ack, base + 300);
	conn_abort(&c);
}
END_TEST

/* --- blocks with data (RFC 2018 3) --- */

START_TEST(data_carry_the_blocks_that_fit)
{
	/* what is left of the MSS beside 12 bytes of timestamps; a block has 8 and 4 before the first */
	static const struct { uint16_t left; unsigned blocks; } fits[] = {
		{ 1000, 3 }, { 28, 3 }, { 27, 2 }, { 20, 2 }, { 19, 1 }, { 12, 1 }, { 11, 0 }, { 0, 0 },
	};
	struct conn c = { 0 };
	const struct sent *s;
	unsigned family = _i == 0 ? 4 : 6, i;
	uint16_t len;

	for (i = 0; i < 8; i++) {
		open_with(&c, family);
		len = (uint16_t)(c.pcb->mss - 12 - fits[i].left);
		put_data_at(&c, 1000, 100);
		put_data_at(&c, 2000, 100);
		put_data_at(&c, 3000, 100);
		drop_sent();
		ck_assert_int_eq(tcp_write(c.pcb, data, len, 0), ERR_OK);
		ck_assert_int_eq(tcp_output(c.pcb), ERR_OK);
		ck_assert_uint_eq(count_sent(), 1);
		s = next_sent();
		ck_assert_uint_eq(s->len, len);
		ck_assert_uint_eq(s->sacks, fits[i].blocks);
		ck_assert_uint_le(s->ip_len, (family == 4 ? 40u : 60u) + c.pcb->mss);
		if (s->sacks)
			assert_block(s, 0, c.peer_seq + 3000, c.peer_seq + 3100);
		conn_abort(&c);
		drop_sent();
	}
}
END_TEST

/* First with blocks, then without: same bytes; held by the netif in between it is not touched. */
START_TEST(a_segment_with_blocks_can_be_repeated)
{
	struct conn c = { 0 };
	const struct sent *s;
	unsigned copied = (unsigned)_i, hlen;

	open_with(&c, 4);
	put_data_at(&c, 100, 100);
	drop_sent();
	ck_assert_int_eq(tcp_write(c.pcb, data, 20, copied ? TCP_WRITE_FLAG_COPY : 0), ERR_OK);
	keep_sent = true;
	ck_assert_int_eq(tcp_output(c.pcb), ERR_OK);
	s = next_sent();
	ck_assert_uint_eq(s->sacks, 1);
	ck_assert_uint_eq(s->len, 20);
	ck_assert_mem_eq(s->head + 20 + 20 + 12 + 12, data, 8);
	put_data(&c, 100);
	drop_sent();
	pass_ms(1500);
	ck_assert_uint_eq(count_sent(), 0);
	release_sent();
	pass_ms(5000);
	s = next_sent();
	ck_assert_ptr_nonnull(s);
	ck_assert_uint_eq(s->sacks, 0);
	ck_assert_uint_eq(s->len, 20);
	hlen = 20 + 20 + 12;
	ck_assert_mem_eq(s->head + hlen, data, 20);
	conn_abort(&c);
	drop_sent();
}
END_TEST

START_TEST(a_duplicate_is_reported_beside_data_without_room)
{
	struct conn c = { 0 };
	const struct sent *s;
	uint32_t base;

	open_with(&c, 4);
	base = c.peer_seq;
	put_data(&c, 1000);
	ck_assert_int_eq(tcp_write(c.pcb, data, MSS - 12, 0), ERR_OK);
	drop_sent();
	put_data_at(&c, (uint32_t)-1000, 1000);	/* tcp_output() follows */
	ck_assert_uint_eq(count_sent(), 2);
	s = next_sent();
	ck_assert_uint_eq(s->len, MSS - 12);
	ck_assert_uint_eq(s->sacks, 0);
	assert_block(only_ack(1), 0, base, base + 1000);
	/* with room: together */
	ck_assert_int_eq(tcp_write(c.pcb, data, 100, 0), ERR_OK);
	put_data_at(&c, (uint32_t)-500, 500);
	ck_assert_uint_eq(count_sent(), 1);
	s = next_sent();
	ck_assert_uint_eq(s->len, 100);
	assert_block(s, 0, base + 500, base + 1000);
	conn_abort(&c);
}
END_TEST

START_TEST(no_memory_for_blocks_sends_the_data_alone)
{
	struct conn c = { 0 };
	const struct sent *s;

	open_with(&c, 4);
	put_data_at(&c, 1000, 100);
	drop_sent();
	ck_assert_int_eq(tcp_write(c.pcb, data, 100, 0), ERR_OK);
	blocks_fail = 1;
	ck_assert_int_eq(tcp_output(c.pcb), ERR_OK);
	s = next_sent();
	ck_assert_uint_eq(s->len, 100);
	ck_assert_uint_eq(s->sacks, 0);
	conn_abort(&c);
}
END_TEST

Suite *sack_suite(void)
{
	Suite *suite = suite_create("sack");
	TCase *tc = tcase_create("sack");

	tcase_add_checked_fixture(tc, fixture_setup, fixture_teardown);
	tcase_add_test(tc, what_came_before_is_reported_once);
	tcase_add_test(tc, only_what_was_had_is_reported);
	tcase_add_test(tc, nothing_is_reported_before_the_connection_is_open);
	tcase_add_test(tc, a_fin_on_what_the_queue_holds_is_taken);
	tcase_add_test(tc, a_duplicate_in_the_queue_comes_before_the_block_around_it);
	tcase_add_test(tc, one_packet_again_leaves_the_merged_ones_in_the_queue);
	tcase_add_test(tc, no_block_without_the_option);
	tcase_add_test(tc, a_flood_of_duplicates_costs_one_packet_each);
	tcase_add_test(tc, a_gap_is_acknowledged_when_it_opens_and_as_it_closes);
	tcase_add_loop_test(tc, data_carry_the_blocks_that_fit, 0, 2);
	tcase_add_loop_test(tc, a_segment_with_blocks_can_be_repeated, 0, 2);
	tcase_add_test(tc, a_duplicate_is_reported_beside_data_without_room);
	tcase_add_test(tc, no_memory_for_blocks_sends_the_data_alone);
	suite_add_tcase(suite, tc);
	return suite;
}
