/* 0010: ports per destination, TIME_WAIT. */
#include "fixture.h"

#include <string.h>

static unsigned tw_count(void)
{
	const struct tcp_pcb *pcb;
	unsigned n = 0;

	for (pcb = tcp_tw_pcbs; pcb != NULL; pcb = pcb->next)
		n++;
	return n;
}

/* Closes from our side, so that TIME_WAIT is ours. */
static void close_active(struct conn *c)
{
	tcp_err(c->pcb, NULL);
	ck_assert_int_eq(tcp_close(c->pcb), ERR_OK);
	c->seen++;
	put_segment(c, TCP_ACK | TCP_FIN, c->peer_seq, c->seen, 8192, NULL, NULL, 0, 0);
	c->pcb = NULL;
}

START_TEST(thousand_connections_a_second_for_minutes)
{
	struct conn c = { 0 };
	unsigned i;

	for (i = 0; i < 120000; i++) {
		conn_open(&c, 4, false);
		close_active(&c);
		drop_sent();
		pass_ms(1);
		ck_assert_uint_le(c.errors, 0);
	}
	ck_assert_uint_le(tw_count(), TCP_TW_MAX);
}
END_TEST

START_TEST(port_returns_late_and_differs_by_destination)
{
	static uint8_t used[65536];
	struct conn c = { 0 };
	unsigned i;

	for (i = 0; i < 40000; i++) {
		conn_open(&c, 4, false);
		ck_assert_uint_ge(c.port, TCP_LOCAL_PORT_RANGE_START);
		ck_assert_uint_eq(used[c.port], 0);
		used[c.port] = 1;
		conn_abort(&c);
		drop_sent();
	}
	c.peer_port = 443;
	conn_open(&c, 4, false);
	conn_abort(&c);
}
END_TEST

START_TEST(one_destination_does_not_use_up_the_ports_of_another)
{
	static struct conn a[20000];
	struct conn b = { 0 };
	unsigned i;

	for (i = 0; i < LWIP_ARRAYSIZE(a); i++) {
		a[i].peer_port = 80;
		conn_open(&a[i], 4, true);
		drop_sent();
	}
	for (i = 0; i < 20000; i++) {
		b.peer_port = 81;
		conn_open(&b, 4, true);
		drop_sent();
		conn_abort(&b);
	}
	for (i = 0; i < LWIP_ARRAYSIZE(a); i++) {
		conn_abort(&a[i]);
		drop_sent();
	}
}
END_TEST

START_TEST(replaced_time_wait_gets_a_higher_sequence_number)
{
	struct conn c = { 0 }, d;
	ip_addr_t dst = IPADDR4_INIT_BYTES(10, 0, 0, 2);
	const struct sent *syn;
	uint32_t last;
	unsigned i;

	conn_open(&c, 4, false);
	last = c.pcb->snd_nxt + 1;
	close_active(&c);
	ck_assert_uint_eq(tw_count(), 1);
	tcp_tw_pcbs->snd_nxt += 0x10000000u;	/* beyond what the hook gives */
	last += 0x10000000u;
	pass_ms(1500);
	/* go once around the ports of this destination */
	for (i = 0; i < 0xffff - 0x4000 - 1; i++) {
		d.peer_port = 80;
		conn_open(&d, 4, true);
		conn_abort(&d);
		drop_sent();
	}
	d.peer_port = 80;
	conn_open(&d, 4, true);
	ck_assert_uint_eq(d.port, c.port);
	ck_assert_uint_eq(tw_count(), 0);
	syn = next_sent();
	ck_assert(TCP_SEQ_GT(syn->seq, last));
	conn_abort(&d);
	(void)dst;
}
END_TEST

START_TEST(explicit_port_in_use_is_refused)
{
	struct conn c = { 0 };
	ip_addr_t dst = IPADDR4_INIT_BYTES(10, 0, 0, 2);
	struct tcp_pcb *pcb;

	conn_open(&c, 4, false);
	pcb = tcp_new();
	pcb->local_port = c.port;
	ck_assert_int_eq(tcp_connect(pcb, &dst, 80, NULL), ERR_USE);
	pcb->local_port = 0;
	tcp_abort(pcb);
	conn_abort(&c);
}
END_TEST

static err_t accept_any(void *arg, struct tcp_pcb *pcb, err_t err)
{
	(void)err;
	(void)pcb;
	++*(unsigned *)arg;
	return ERR_OK;
}

START_TEST(new_syn_of_the_peer_ends_a_time_wait)
{
	struct options opt = { .mss = 1380, .wscale = 7, .sack = true, .ts = true };
	struct conn c = { 0 };
	struct tcp_pcb *listener, *pcb;
	unsigned accepted = 0;
	const struct sent *s;

	listener = tcp_new();
	ck_assert_int_eq(tcp_bind(listener, IP4_ADDR_ANY, 8080), ERR_OK);
	listener = tcp_listen(listener);
	tcp_arg(listener, &accepted);
	tcp_accept(listener, accept_any);
	c.family = 4;
	c.ts = true;
	c.port = 8080;
	c.peer_port = 5555;
	c.peer_seq = 1000;
	put_segment(&c, TCP_SYN, c.peer_seq++, 0, 65535, &opt, NULL, 0, 0);
	s = next_sent();
	ck_assert_uint_eq(s->flags, TCP_SYN | TCP_ACK);
	put_ack(&c, s->seq + 1);
	ck_assert_uint_eq(accepted, 1);
	pcb = tcp_active_pcbs;
	c.pcb = pcb;
	close_active(&c);
	ck_assert_uint_eq(tw_count(), 1);
	drop_sent();
	/* an old duplicate does not */
	c.peer_ts -= 100;
	put_segment(&c, TCP_SYN, 900, 0, 65535, &opt, NULL, 0, 0);
	ck_assert_uint_eq(tw_count(), 1);
	ck_assert_uint_eq(next_sent()->flags & (TCP_SYN | TCP_RST), 0);
	drop_sent();
	c.peer_ts += 100;
	pass_ms(1200);
	put_segment(&c, TCP_SYN, 500, 0, 65535, &opt, NULL, 0, 0);
	ck_assert_uint_eq(tw_count(), 0);
	ck_assert_uint_eq(next_sent()->flags, TCP_SYN | TCP_ACK);
}
END_TEST

START_TEST(holder_of_a_time_wait_is_told_when_it_goes)
{
	struct conn c = { 0 };

	conn_open(&c, 4, false);
	ck_assert_int_eq(tcp_shutdown(c.pcb, 0, 1), ERR_OK);
	c.seen++;
	put_segment(&c, TCP_ACK | TCP_FIN, c.peer_seq, c.seen, 8192, NULL, NULL, 0, 0);
	ck_assert_uint_eq(c.eofs, 1);
	ck_assert_uint_eq(tw_count(), 1);
	pass_ms(61000);
	ck_assert_uint_eq(c.errors, 1);
	ck_assert_int_eq(c.err, ERR_CLSD);
}
END_TEST

Suite *ports_suite(void)
{
	Suite *suite = suite_create("ports");
	TCase *tc = tcase_create("ports");

	tcase_add_checked_fixture(tc, fixture_setup, fixture_teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, thousand_connections_a_second_for_minutes);
	tcase_add_test(tc, port_returns_late_and_differs_by_destination);
	tcase_add_test(tc, one_destination_does_not_use_up_the_ports_of_another);
	tcase_add_test(tc, replaced_time_wait_gets_a_higher_sequence_number);
	tcase_add_test(tc, explicit_port_in_use_is_refused);
	tcase_add_test(tc, new_syn_of_the_peer_ends_a_time_wait);
	tcase_add_test(tc, holder_of_a_time_wait_is_told_when_it_goes);
	suite_add_tcase(suite, tc);
	return suite;
}
