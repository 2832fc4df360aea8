/* 0024: a connection whose repeats, window and pace come from outside. */
#include "fixture.h"

#include <string.h>

static uint8_t data[20000];

/* What the stack asks and is told; the test decides. */
static struct {
	unsigned acks, dones, asked, splits;
	uint32_t last_ack;
	int last_more;
	size_t may;		/* new segments that may still leave */
	unsigned flight;
	struct tcp_seg *segs[16];
	uint32_t seqs[16];
	unsigned repeat_from, repeat_to;	/* entries of `segs` to send again */
	unsigned repeated;
	unsigned looks;		/* times a repeat was asked for */
	uint16_t narrowed;
} owner;

static void on_acked(void *arg, const struct tcp_pcb *pcb, u32_t ackno, const struct tcp_hdr *hdr, u16_t tcplen)
{
	unsigned gone = 0;

	(void)pcb;
	(void)hdr;
	(void)tcplen;
	ck_assert_ptr_eq(arg, &owner);
	owner.acks++;
	owner.last_ack = ackno;
	while (gone < owner.flight && TCP_SEQ_LEQ(owner.seqs[gone] + owner.segs[gone]->len, ackno))
		gone++;
	owner.flight -= gone;
	memmove(owner.segs, owner.segs + gone, owner.flight * sizeof(owner.segs[0]));
	memmove(owner.seqs, owner.seqs + gone, owner.flight * sizeof(owner.seqs[0]));
}

static int on_may_send(void *arg, u16_t len)
{
	(void)arg;
	(void)len;
	owner.asked++;
	return owner.may > 0;
}

static void on_sent(void *arg, struct tcp_seg *seg, u32_t seqno, u16_t len)
{
	(void)arg;
	(void)len;
	owner.may--;
	owner.segs[owner.flight] = seg;
	owner.seqs[owner.flight++] = seqno;
}

static struct tcp_seg *on_next_repeat(void *arg, int more)
{
	(void)arg;
	owner.last_more = more;
	owner.looks++;
	return owner.repeat_from < owner.repeat_to ? owner.segs[owner.repeat_from] : NULL;
}

static void on_repeated(void *arg, struct tcp_seg *seg)
{
	(void)arg;
	ck_assert_ptr_eq(seg, owner.segs[owner.repeat_from]);
	owner.repeat_from++;
	owner.repeated++;
}

static void on_split(void *arg, struct tcp_seg *seg, u16_t len, struct tcp_seg *rest)
{
	unsigned at = owner.repeat_from;

	(void)arg;
	ck_assert_ptr_eq(seg, owner.segs[at]);
	ck_assert_ptr_eq(seg->next, rest);
	ck_assert_uint_eq(seg->len, len);
	memmove(owner.segs + at + 2, owner.segs + at + 1, (owner.flight - at - 1) * sizeof(owner.segs[0]));
	memmove(owner.seqs + at + 2, owner.seqs + at + 1, (owner.flight - at - 1) * sizeof(owner.seqs[0]));
	owner.segs[at + 1] = rest;
	owner.seqs[at + 1] = owner.seqs[at] + len;
	owner.flight++;
	owner.repeat_to++;
	owner.splits++;
}

static void on_output_done(void *arg, int more)
{
	(void)arg;
	owner.last_more = more;
	owner.dones++;
}

static void on_narrowed(void *arg, u16_t mss)
{
	(void)arg;
	owner.narrowed = mss;
}

static const struct tcp_recovery table = {
	on_acked, on_may_send, on_sent, on_next_repeat, on_repeated, on_split, on_output_done, on_narrowed,
};

static void open_owned(struct conn *c, unsigned family, size_t may)
{
	memset(&owner, 0, sizeof(owner));
	owner.may = may;
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = pattern((uint32_t)i);
	conn_open(c, family, false);
	drop_sent();
	tcp_recovery_set(c->pcb, &table, &owner);
}

static void write_data(struct conn *c, size_t len)
{
	ck_assert_int_eq(tcp_write(c->pcb, data, (u16_t)len, 0), ERR_OK);
	ck_assert_int_eq(tcp_output(c->pcb), ERR_OK);
}

START_TEST(new_segments_leave_when_the_owner_says_so)
{
	struct conn c = { 0 };

	open_owned(&c, _i % 2 ? 6 : 4, 3);
	write_data(&c, 12000);
	ck_assert_uint_eq(count_sent(), 3);
	ck_assert_uint_eq(owner.flight, 3);
	ck_assert_int_eq(owner.last_more, 1);
	owner.may = 2;
	tcp_output(c.pcb);
	ck_assert_uint_eq(count_sent(), 5);
	/* no window, no timer of lwIP's own has a say */
	drop_sent();
	pass_ms(30000);
	while (count_sent()) {
		const struct sent *sent = next_sent();

		ck_assert_uint_eq(sent->len, 0);
	}
	conn_abort(&c);
}
END_TEST

START_TEST(three_duplicates_are_the_owners_business)
{
	struct conn c = { 0 };
	uint32_t first;

	open_owned(&c, 4, 8);
	write_data(&c, 8000);
	first = owner.seqs[0];
	drop_sent();
	for (unsigned i = 0; i < 5; i++)
		put_ack(&c, first);
	ck_assert_uint_eq(owner.acks, 5);
	ck_assert_uint_eq(count_sent(), 0);
	conn_abort(&c);
}
END_TEST

START_TEST(a_repeat_leaves_in_place)
{
	struct conn c = { 0 };
	const struct sent *sent;
	uint32_t seqs[4];

	open_owned(&c, 4, 4);
	write_data(&c, 8000);
	memcpy(seqs, owner.seqs, sizeof(seqs));
	drop_sent();
	owner.repeat_from = 1;
	owner.repeat_to = 3;
	tcp_output(c.pcb);
	ck_assert_uint_eq(owner.repeated, 2);
	sent = next_sent();
	ck_assert_uint_eq(sent->seq, seqs[1]);
	sent = next_sent();
	ck_assert_uint_eq(sent->seq, seqs[2]);
	ck_assert_ptr_null(next_sent());
	/* the list is as it was */
	ck_assert_ptr_eq(c.pcb->unacked, owner.segs[0]);
	ck_assert_ptr_eq(c.pcb->unacked->next, owner.segs[1]);
	put_ack(&c, seqs[3]);
	ck_assert_uint_eq(owner.flight, 1);
	ck_assert_ptr_eq(c.pcb->unacked, owner.segs[0]);
	conn_abort(&c);
}
END_TEST

START_TEST(a_segment_that_no_longer_fits_is_cut_in_place)
{
	struct conn c = { 0 };
	const struct sent *sent, *quoted;
	struct sent first;
	uint32_t end;
	uint16_t mss;

	open_owned(&c, 4, 4);
	mss = c.pcb->mss;
	write_data(&c, 3u * mss);
	ck_assert_uint_ge(owner.flight, 3);
	ck_assert_ptr_null(c.pcb->unsent);
	end = owner.seqs[owner.flight - 1] + owner.segs[owner.flight - 1]->len;
	quoted = next_sent();
	first = *quoted;
	drop_sent();
	owner.may = 0;
	put_icmp(4, 3, 4, 800, &first);
	ck_assert_uint_eq(owner.narrowed, c.pcb->mss);
	ck_assert_uint_lt(c.pcb->mss, mss);
	owner.repeat_from = 0;
	owner.repeat_to = owner.flight;
	tcp_output(c.pcb);
	ck_assert_uint_gt(owner.splits, 0);
	ck_assert_ptr_eq(c.pcb->unacked_tail, owner.segs[owner.flight - 1]);
	for (uint32_t at = owner.seqs[0]; at != end; at += (uint32_t)sent->len) {
		sent = next_sent();
		ck_assert_ptr_nonnull(sent);
		ck_assert_uint_eq(sent->seq, at);
		ck_assert_uint_le(sent->ip_len, 800);
		ck_assert(sent->flags & TCP_ACK);
	}
	put_ack(&c, end);
	ck_assert_ptr_null(c.pcb->unacked);
	ck_assert_uint_eq(c.pcb->snd_queuelen, 0);
	conn_abort(&c);
}
END_TEST

START_TEST(an_output_without_memory_is_told_as_well)
{
	struct conn c = { 0 };
	struct sent first;
	unsigned dones;

	open_owned(&c, 4, 1);
	write_data(&c, 4u * c.pcb->mss);
	first = *next_sent();
	drop_sent();
	put_icmp(4, 3, 4, 800, &first);
	dones = owner.dones;
	/* the next was cut and leaves in two, the one behind it has to be cut as well */
	owner.may = 2;
	blocks_fail = 1;
	ck_assert_int_eq(tcp_output(c.pcb), ERR_MEM);
	blocks_fail = 0;
	ck_assert_uint_eq(count_sent(), 2);
	ck_assert_uint_eq(owner.dones, dones + 1);
	ck_assert_int_eq(owner.last_more, 1);
	ck_assert(tcp_is_flag_set(c.pcb, TF_NAGLEMEMERR));
	conn_abort(&c);
}
END_TEST

START_TEST(given_back_it_repeats_by_itself)
{
	struct conn c = { 0 };

	open_owned(&c, 4, 1);
	write_data(&c, 500);
	drop_sent();
	pass_ms(20000);
	ck_assert_uint_eq(count_sent(), 0);
	tcp_recovery_set(c.pcb, NULL, NULL);
	pass_ms(5000);
	ck_assert_uint_ge(count_sent(), 1);
	conn_abort(&c);
}
END_TEST

/* A FIN that found the netif's queue full, and whose owner then lets go. */
START_TEST(given_back_it_sends_what_had_to_wait)
{
	struct conn c = { 0 };

	open_owned(&c, 4, 0);
	/* no timer is left from the handshake */
	pass_ms(20000);
	drop_sent();
	ck_assert_int_eq(tcp_shutdown(c.pcb, 0, 1), ERR_OK);
	ck_assert_uint_eq(count_sent(), 0);
	ck_assert_ptr_nonnull(c.pcb->unsent);
	ck_assert_ptr_null(c.pcb->unacked);
	tcp_recovery_set(c.pcb, NULL, NULL);
	pass_ms(5000);
	ck_assert_uint_ge(count_sent(), 1);
	ck_assert_uint_eq(next_sent()->flags & TCP_FIN, TCP_FIN);
	conn_abort(&c);
}
END_TEST

/* Its segments are freed first, and then what it had not acknowledged yet leaves. */
START_TEST(at_its_end_nobody_is_asked_for_what_was_freed)
{
	struct conn c = { 0 };
	unsigned looks;

	open_owned(&c, 4, 1);
	write_data(&c, 500);
	put_data(&c, 100);
	drop_sent();
	ck_assert(tcp_is_flag_set(c.pcb, TF_ACK_DELAY));
	looks = owner.looks;
	conn_abort(&c);
	ck_assert_uint_eq(owner.looks, looks);
	ck_assert_uint_eq(next_sent()->flags, TCP_ACK);
	ck_assert_uint_eq(next_sent()->flags, TCP_RST | TCP_ACK);
}
END_TEST

START_TEST(a_closed_window_is_probed)
{
	struct conn c = { 0 };

	open_owned(&c, 4, 8);
	/* lwIP takes a smaller window only from a segment that is newer in sequence */
	put_segment(&c, TCP_ACK, c.peer_seq++, c.seen, 0, NULL, data, 1, 0);
	put_segment(&c, TCP_ACK, c.peer_seq++, c.seen, 0, NULL, data, 1, 0);
	drop_sent();
	write_data(&c, 500);
	ck_assert_uint_eq(owner.flight, 0);
	ck_assert_int_eq(owner.last_more, 0);
	drop_sent();
	pass_ms(20000);
	ck_assert_uint_ge(count_sent(), 1);
	conn_abort(&c);
}
END_TEST

Suite *recovery_suite(void)
{
	Suite *s = suite_create("recovery");
	TCase *tc = tcase_create("recovery");

	tcase_add_checked_fixture(tc, fixture_setup, fixture_teardown);
	tcase_add_loop_test(tc, new_segments_leave_when_the_owner_says_so, 0, 2);
	tcase_add_test(tc, three_duplicates_are_the_owners_business);
	tcase_add_test(tc, a_repeat_leaves_in_place);
	tcase_add_test(tc, a_segment_that_no_longer_fits_is_cut_in_place);
	tcase_add_test(tc, an_output_without_memory_is_told_as_well);
	tcase_add_test(tc, given_back_it_repeats_by_itself);
	tcase_add_test(tc, given_back_it_sends_what_had_to_wait);
	tcase_add_test(tc, at_its_end_nobody_is_asked_for_what_was_freed);
	tcase_add_test(tc, a_closed_window_is_probed);
	suite_add_tcase(s, tc);
	return s;
}
