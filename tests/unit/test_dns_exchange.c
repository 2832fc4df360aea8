#include "dns/exchange.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include "base/err.h"

static struct dns_exchange *make(struct dns_exchanges *t, bool tcp)
{
	/* The job is only carried along, never looked at. */
	struct dns_exchange *x = dns_exchange_new(t, (struct dns_job *)(void *)t);
	bool absolute;

	assert_non_null(x);
	x->tcp = tcp;
	x->question.family = ADDR_V4;
	assert_int_equal(dns_name_parse(&x->question.name, "a", 1, &absolute), 0);
	return x;
}

static void test_output_sends_then_closes(void **state)
{
	struct dns_exchanges t;
	struct dns_exchange *x;
	struct dns_output out;
	uint32_t id;

	(void)state;
	dns_exchanges_init(&t);
	x = make(&t, false);
	id = x->id;
	assert_null(dns_exchange_find(&t, id));
	assert_true(dns_exchanges_output(&t, &out));
	assert_int_equal(out.action, DNS_SEND_UDP);
	assert_int_equal(out.exchange, id);
	assert_int_equal(out.len, 19);
	assert_false(dns_exchanges_output(&t, &out));
	assert_ptr_equal(dns_exchange_find(&t, id), x);
	assert_null(dns_exchange_find(&t, id + DNS_EXCHANGE_BUCKETS));
	dns_exchange_close(&t, x);
	assert_null(dns_exchange_find(&t, id));
	assert_true(dns_exchanges_output(&t, &out));
	assert_int_equal(out.action, DNS_CLOSE);
	assert_int_equal(out.exchange, id);
	assert_false(dns_exchanges_output(&t, &out));
	dns_exchanges_fini(&t);
}

static void test_what_was_never_sent_needs_no_close(void **state)
{
	struct dns_exchanges t;
	struct dns_output out;

	(void)state;
	dns_exchanges_init(&t);
	dns_exchange_close(&t, make(&t, false));
	assert_false(dns_exchanges_output(&t, &out));
	dns_exchanges_fini(&t);
}

static void test_streams_come_in_any_pieces(void **state)
{
	struct dns_exchanges t;
	struct dns_output out;
	uint8_t stream[2 + 300 + 5];
	const uint8_t *msg;
	size_t len;

	(void)state;
	memset(stream, 'm', sizeof(stream));
	stream[0] = 1;
	stream[1] = 300 - 256;
	dns_exchanges_init(&t);
	for (size_t piece = 1; piece <= sizeof(stream); piece++) {
		struct dns_exchange *x = make(&t, true);
		size_t at = 0;
		int got = 0;

		assert_true(dns_exchanges_output(&t, &out));
		assert_int_equal(out.action, DNS_SEND_TCP);
		assert_int_equal(out.data[0] << 8 | out.data[1], out.len - 2);
		while (!got) {
			size_t left = sizeof(stream) - at, now = piece < left ? piece : left;

			assert_true(left > 0);
			got = dns_exchange_stream(x, stream + at, now, &msg, &len);
			at += now;
		}
		assert_int_equal(got, 1);
		assert_true(at >= 302 && at < 302 + piece);
		assert_int_equal(len, 300);
		assert_memory_equal(msg, stream + 2, 300);
		dns_exchange_close(&t, x);
		assert_true(dns_exchanges_output(&t, &out));
	}
	dns_exchanges_fini(&t);
}

static void test_streams_are_bounded(void **state)
{
	struct dns_exchanges t;
	struct dns_exchange *x;
	uint8_t *big = calloc(1, 100000);
	struct dns_output out;
	const uint8_t *msg;
	size_t len;

	(void)state;
	assert_non_null(big);
	dns_exchanges_init(&t);
	x = make(&t, true);
	assert_true(dns_exchanges_output(&t, &out));
	assert_int_equal(dns_exchange_stream(x, (const uint8_t *)"\0\x0b", 2, &msg, &len), ERR_SYNTAX);
	dns_exchange_close(&t, x);
	assert_true(dns_exchanges_output(&t, &out));
	x = make(&t, true);
	assert_true(dns_exchanges_output(&t, &out));
	big[0] = big[1] = 0xff;
	assert_int_equal(dns_exchange_stream(x, big, 65536, &msg, &len), 0);
	assert_int_equal(dns_exchange_stream(x, big, 100000, &msg, &len), 1);
	assert_int_equal(len, 65535);
	dns_exchange_close(&t, x);
	assert_true(dns_exchanges_output(&t, &out));
	dns_exchanges_fini(&t);
	free(big);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_output_sends_then_closes),
		cmocka_unit_test(test_what_was_never_sent_needs_no_close),
		cmocka_unit_test(test_streams_come_in_any_pieces),
		cmocka_unit_test(test_streams_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
