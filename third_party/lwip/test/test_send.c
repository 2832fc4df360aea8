/* 0003: the send queues. */
#include "fixture.h"

static uint8_t data[60000];

static void write_all(struct conn *c, size_t len)
{
	for (; len > 0; len -= len < sizeof(data) ? len : sizeof(data))
		ck_assert_int_eq(tcp_write(c->pcb, data, (u16_t)(len < sizeof(data) ? len : sizeof(data)), 0),
				 ERR_OK);
	ck_assert_int_eq(tcp_output(c->pcb), ERR_OK);
}

/* Everything recorded as sent, in order without a gap; returns the end. */
static uint32_t follow(uint32_t seq)
{
	const struct sent *s;

	while ((s = next_sent()) != NULL) {
		ck_assert_uint_eq(s->seq, seq);
		seq += (uint32_t)s->len;
	}
	return seq;
}

START_TEST(stream_is_complete_under_changing_queues)
{
	struct conn c = { 0 };
	uint32_t end, total = 0;
	unsigned i;

	conn_open(&c, 4, false);
	end = c.seen;
	for (i = 0; i < 300; i++) {
		size_t len = (i * 7919) % 5000 + 1;

		ck_assert_int_eq(tcp_write(c.pcb, data, (u16_t)len, i % 3 ? 0 : TCP_WRITE_FLAG_COPY), ERR_OK);
		total += (uint32_t)len;
		if (i % 2)
			tcp_output(c.pcb);
		end = follow(end);
		if (i % 5 == 0)
			put_ack(&c, end);
	}
	for (i = 0; i < 100 && c.acked < total; i++) {
		end = follow(end);
		put_ack(&c, end);
	}
	ck_assert_uint_eq(c.acked, total);
	ck_assert_ptr_null(c.pcb->unsent);
	ck_assert_ptr_null(c.pcb->unacked);
	conn_abort(&c);
}
END_TEST

START_TEST(timeout_sends_all_again_in_order)
{
	struct conn c = { 0 };
	const struct sent *s;
	uint32_t base, end;

	conn_open(&c, 4, false);
	write_all(&c, 4100);	/* within the first window */
	base = c.seen;
	end = follow(base);
	pass_ms(2500);
	ck_assert_uint_eq(next_sent()->seq, base);
	drop_sent();
	put_ack(&c, base + 1368);
	pass_ms(10);
	ck_assert_uint_eq(next_sent()->seq, base + 1368);
	drop_sent();
	write_all(&c, 100);
	drop_sent();
	put_ack(&c, end);
	/* the new bytes may have joined the last segment of the old */
	s = next_sent();
	ck_assert_ptr_nonnull(s);
	ck_assert_uint_eq(s->seq + s->len, end + 100);
	conn_abort(&c);
}
END_TEST

Suite *send_suite(void)
{
	Suite *suite = suite_create("send");
	TCase *tc = tcase_create("send");

	tcase_add_checked_fixture(tc, fixture_setup, fixture_teardown);
	tcase_add_test(tc, stream_is_complete_under_changing_queues);
	tcase_add_test(tc, timeout_sends_all_again_in_order);
	suite_add_tcase(suite, tc);
	return suite;
}
