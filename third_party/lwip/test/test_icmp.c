/* 0008, 0009: ICMP errors, path MTU. */
#include "fixture.h"

struct error {
	unsigned family;
	uint8_t type, code;
	int expected;
};

static const struct error errors[] = {
	{ 4, 3, 0, ERR_ICMP_NET }, { 4, 3, 6, ERR_ICMP_NET }, { 4, 3, 1, ERR_ICMP_HOST },
	{ 4, 3, 7, ERR_ICMP_HOST }, { 4, 3, 2, ERR_ICMP_PROTO }, { 4, 3, 3, ERR_ICMP_PORT },
	{ 4, 3, 9, ERR_ICMP_ADMIN }, { 4, 3, 10, ERR_ICMP_ADMIN }, { 4, 3, 13, ERR_ICMP_ADMIN },
	{ 4, 11, 0, ERR_ICMP_TTL }, { 4, 11, 1, 0 }, { 4, 3, 200, 0 }, { 4, 4, 0, 0 },
	{ 6, 1, 0, ERR_ICMP_NET }, { 6, 1, 1, ERR_ICMP_ADMIN }, { 6, 1, 3, ERR_ICMP_HOST },
	{ 6, 1, 4, ERR_ICMP_PORT }, { 6, 1, 5, ERR_ICMP_ADMIN }, { 6, 3, 0, ERR_ICMP_TTL },
	{ 6, 3, 1, 0 }, { 6, 4, 1, ERR_ICMP_PROTO }, { 6, 4, 0, 0 }, { 6, 1, 99, 0 },
};

START_TEST(error_ends_an_attempt_with_its_cause)
{
	const struct error *e = &errors[_i];
	struct conn c = { 0 };

	conn_open(&c, e->family, true);
	put_icmp(e->family, e->type, e->code, 0, next_sent());
	ck_assert_uint_eq(c.errors, e->expected != 0);
	ck_assert_int_eq(c.err, e->expected);
	conn_abort(&c);
}
END_TEST

START_TEST(error_is_advice_to_an_established_connection)
{
	const struct error *e = &errors[_i];
	struct conn c = { 0 };

	conn_open(&c, e->family, false);
	ck_assert_int_eq(tcp_write(c.pcb, "x", 1, TCP_WRITE_FLAG_COPY), ERR_OK);
	tcp_output(c.pcb);
	put_icmp(e->family, e->type, e->code, 0, next_sent());
	ck_assert_uint_eq(c.errors, 0);
	ck_assert_uint_eq(c.icmps, e->expected != 0);
	ck_assert_int_eq(c.icmp, e->expected);
	conn_abort(&c);
}
END_TEST

START_TEST(error_about_nothing_in_flight_is_ignored)
{
	struct conn c = { 0 };
	struct sent forged;

	conn_open(&c, 4, true);
	forged = *next_sent();
	forged.head[24] ^= 0x40;	/* sequence number */
	put_icmp(4, 3, 3, 0, &forged);
	forged.head[24] ^= 0x40;
	forged.head[21] ^= 1;		/* source port */
	put_icmp(4, 3, 3, 0, &forged);
	forged.head[21] ^= 1;
	forged.head[9] = 17;		/* not TCP */
	put_icmp(4, 3, 3, 0, &forged);
	forged.head[9] = 6;
	forged.head[7] = 1;		/* a later fragment */
	put_icmp(4, 3, 3, 0, &forged);
	forged.head[7] = 0;
	forged.head[0] = 0x4f;		/* header longer than the quote */
	put_icmp(4, 3, 3, 0, &forged);
	ck_assert_uint_eq(c.errors, 0);
	conn_abort(&c);
}
END_TEST

/* What the peer would put together from what was sent. */
static size_t gather(uint32_t from, bool *fin)
{
	const struct sent *s;
	uint32_t next = from;

	*fin = false;
	while ((s = next_sent()) != NULL) {
		if (s->seq != next)
			continue;
		next += (uint32_t)s->len;
		if (s->flags & TCP_FIN) {
			*fin = true;
			break;
		}
	}
	return next - from;
}

static void shrink_path(unsigned family, uint8_t type, uint8_t code, uint32_t told, uint32_t mtu)
{
	static uint8_t data[8000];
	struct conn c = { 0 };
	const struct sent *s;
	struct sent first;
	uint32_t base;
	size_t i;
	bool fin;

	conn_open(&c, family, false);
	base = c.seen;
	ck_assert_int_eq(tcp_write(c.pcb, data, sizeof(data), 0), ERR_OK);
	tcp_err(c.pcb, NULL);
	ck_assert_int_eq(tcp_close(c.pcb), ERR_OK);	/* the last segment carries FIN */
	first = *next_sent();
	ck_assert_uint_eq(first.ip_len, 1420);
	ck_assert(first.df == (family == 4));
	drop_sent();
	put_icmp(family, type, code, told, &first);
	for (i = 0; i < 100 && (s = next_sent()) != NULL; i++)
		ck_assert_uint_le(s->ip_len, mtu);
	ck_assert_uint_gt(i, 0);
	/* again from the start, slowly acknowledged: complete, FIN at the end only */
	drop_sent();
	pass_ms(3000);
	ck_assert_uint_gt(count_sent(), 0);
	put_ack(&c, base + 1);
	for (i = 0; i < 100 && tcp_active_pcbs != NULL && tcp_active_pcbs->state == FIN_WAIT_1; i++) {
		size_t got = gather(base + 1, &fin);

		if (got == sizeof(data) - 1 && fin)
			break;
		drop_sent();
		pass_ms(5000);
	}
	while (tcp_active_pcbs != NULL)
		tcp_abort(tcp_active_pcbs);
	drop_sent();
}

START_TEST(too_big_lowers_the_segment_size)
{
	shrink_path(4, 3, 4, 1300, 1300);
	shrink_path(4, 3, 4, 0, 1006);		/* the router does not tell */
	shrink_path(4, 3, 4, 68, 576);		/* less than anyone needs */
	shrink_path(6, 2, 0, 1300, 1300);
	shrink_path(6, 2, 0, 100, 1280);
}
END_TEST

START_TEST(too_big_that_would_have_passed_is_ignored)
{
	struct conn c = { 0 };
	uint16_t mss;

	conn_open(&c, 4, false);
	mss = c.pcb->mss;
	ck_assert_int_eq(tcp_write(c.pcb, "x", 1, TCP_WRITE_FLAG_COPY), ERR_OK);
	tcp_output(c.pcb);
	put_icmp(4, 3, 4, 1000, next_sent());
	ck_assert_uint_eq(c.pcb->mss, mss);
	conn_abort(&c);
}
END_TEST

START_TEST(split_segment_has_its_fin_at_the_end_only)
{
	static uint8_t data[1300];
	struct conn c = { 0 };
	struct sent first;
	const struct sent *s;

	conn_open(&c, 4, false);
	ck_assert_int_eq(tcp_write(c.pcb, data, sizeof(data), 0), ERR_OK);
	tcp_err(c.pcb, NULL);
	ck_assert_int_eq(tcp_close(c.pcb), ERR_OK);
	first = *next_sent();
	ck_assert_uint_eq(first.flags & TCP_FIN, TCP_FIN);
	drop_sent();
	put_icmp(4, 3, 4, 1000, &first);
	s = next_sent();
	ck_assert_uint_eq(s->flags & (TCP_FIN | TCP_PSH), 0);
	ck_assert_uint_eq(s->ip_len, 1000);
	s = next_sent();
	ck_assert_uint_eq(s->flags & TCP_FIN, TCP_FIN);
	ck_assert_uint_eq(s->seq + s->len, first.seq + sizeof(data));
}
END_TEST

START_TEST(black_hole_gets_fragments)
{
	static uint8_t data[1300];
	struct conn c = { 0 };
	const struct sent *s;
	bool df = true;

	conn_open(&c, 4, false);
	ck_assert_int_eq(tcp_write(c.pcb, data, sizeof(data), 0), ERR_OK);
	tcp_output(c.pcb);
	pass_ms(10000);
	while ((s = next_sent()) != NULL)
		df = s->df;
	ck_assert(!df);
	conn_abort(&c);
}
END_TEST

Suite *icmp_suite(void)
{
	Suite *suite = suite_create("icmp");
	TCase *tc = tcase_create("icmp");

	tcase_add_checked_fixture(tc, fixture_setup, fixture_teardown);
	tcase_add_loop_test(tc, error_ends_an_attempt_with_its_cause, 0, LWIP_ARRAYSIZE(errors));
	tcase_add_loop_test(tc, error_is_advice_to_an_established_connection, 0, LWIP_ARRAYSIZE(errors));
	tcase_add_test(tc, error_about_nothing_in_flight_is_ignored);
	tcase_add_test(tc, too_big_lowers_the_segment_size);
	tcase_add_test(tc, too_big_that_would_have_passed_is_ignored);
	tcase_add_test(tc, split_segment_has_its_fin_at_the_end_only);
	tcase_add_test(tc, black_hole_gets_fragments);
	suite_add_tcase(suite, tc);
	return suite;
}
