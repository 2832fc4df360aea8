/* 0002: connections are found among many, and no longer once they are gone. */
#include "fixture.h"

#define CONNS 3000

START_TEST(each_of_many_connections_gets_its_data)
{
	static struct conn c[CONNS];
	unsigned i;

	for (i = 0; i < CONNS; i++) {
		c[i].peer_port = (uint16_t)(80 + i % 3);
		conn_open(&c[i], i % 2 ? 4 : 6, false);
	}
	for (i = 0; i < CONNS; i++)
		put_data(&c[i], i % 100 + 1);
	for (i = 0; i < CONNS; i++) {
		ck_assert_uint_eq(c[i].received, i % 100 + 1);
		ck_assert_uint_eq(c[i].errors, 0);
	}
	/* every second goes; the others stay reachable */
	for (i = 0; i < CONNS; i += 2)
		conn_abort(&c[i]);
	for (i = 1; i < CONNS; i += 2) {
		put_data(&c[i], 5);
		ck_assert_uint_eq(c[i].received, i % 100 + 6);
	}
	drop_sent();
	put_data(&c[0], 1);
	ck_assert_uint_eq(next_sent()->flags & TCP_RST, TCP_RST);
	for (i = 0; i < CONNS; i++)
		conn_abort(&c[i]);
}
END_TEST

START_TEST(same_ports_of_both_families_are_two_connections)
{
	struct conn a = { 0 }, b = { 0 };

	conn_open(&a, 4, false);
	conn_open(&b, 6, true);
	b.pcb->local_port = b.port;
	conn_answer(&b);
	put_data(&a, 7);
	put_data(&b, 9);
	ck_assert_uint_eq(a.received, 7);
	ck_assert_uint_eq(b.received, 9);
	conn_abort(&a);
	conn_abort(&b);
}
END_TEST

Suite *hash_suite(void)
{
	Suite *suite = suite_create("hash");
	TCase *tc = tcase_create("hash");

	tcase_add_checked_fixture(tc, fixture_setup, fixture_teardown);
	tcase_add_test(tc, each_of_many_connections_gets_its_data);
	tcase_add_test(tc, same_ports_of_both_families_are_two_connections);
	suite_add_tcase(suite, tc);
	return suite;
}
