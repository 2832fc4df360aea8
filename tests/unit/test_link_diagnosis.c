#include "link/diagnosis.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/compiler.h"

#define NOW_S 5000

static struct diagnosis d;

static struct boot_time at_s(uint64_t s)
{
	return (struct boot_time){s * NS_PER_S};
}

static int set_up(void **state)
{
	(void)state;
	d = (struct diagnosis){.now = at_s(NOW_S)};
	d.info.endpoint = (struct endpoint){.addr = {ADDR_V4, {192, 0, 2, 7}}, .port = 51820};
	d.info.attempts = 3;
	return 0;
}

static const char *no_session(void)
{
	static char out[512];

	return diagnosis_no_session(&d, out, sizeof(out));
}

static const char *silence(void)
{
	static char out[512];

	return diagnosis_silence(&d, out, sizeof(out));
}

static void test_no_answer(void **state)
{
	(void)state;
	assert_string_equal(no_session(), "no answer from 192.0.2.7:51820 to 3 handshakes; check the "
					  "peer's address, port and the keys of both sides");
	d.info.attempts = 1;
	assert_non_null(strstr(no_session(), "to 1 handshake;"));
	d.info.attempts = 0;
	assert_string_equal(no_session(), "no session with 192.0.2.7:51820");
}

/* Keys that have worked are not what is wrong. */
static void test_was_up(void **state)
{
	(void)state;
	d.info.last_up = at_s(NOW_S - 40);
	assert_string_equal(no_session(),
			    "no answer from 192.0.2.7:51820 to 3 handshakes; was up until 40 s ago");
	d.info.attempts = 0;
	assert_string_equal(no_session(),
			    "no session with 192.0.2.7:51820; was up until 40 s ago");
	d.trouble = IO_UDP_NO_ROUTE;
	assert_non_null(strstr(no_session(), "no route"));
	assert_non_null(strstr(no_session(), "; was up until 40 s ago"));
}

static void test_each_trouble_has_its_words(void **state)
{
	static const struct {
		enum io_udp_trouble trouble;
		const char *want;
	} rows[] = {
		{IO_UDP_NO_FAMILY, "cannot send to 192.0.2.7:51820: this host has no IPv4; use an "
				   "endpoint with an IPv6 address"},
		{IO_UDP_NO_ROUTE, "cannot send to 192.0.2.7:51820: this host has no route to it; check "
				  "that its network is up"},
		{IO_UDP_FORBIDDEN, "cannot send to 192.0.2.7:51820: this host's firewall or a rule of "
				   "its routes forbids it"},
		{IO_UDP_REFUSED, "nothing listens on 192.0.2.7:51820 (ICMP port unreachable); check "
				 "the port of Endpoint and that WireGuard runs there"},
		{IO_UDP_UNREACHABLE, "192.0.2.7:51820 cannot be reached (ICMP unreachable); check the "
				     "address of Endpoint and that the host is up"},
		{IO_UDP_PROHIBITED, "a router or firewall on the way forbids 192.0.2.7:51820 (ICMP)"},
	};

	(void)state;
	for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
		d.trouble = rows[i].trouble;
		/* A trouble tells more than the clock. */
		d.clock = DIAGNOSIS_CLOCK_OLD;
		assert_string_equal(no_session(), rows[i].want);
	}
	d.trouble = IO_UDP_NO_FAMILY;
	d.info.endpoint.addr = (struct addr){ADDR_V6, {0x20, 1, 0x0d, 0xb8, [15] = 1}};
	assert_string_equal(no_session(), "cannot send to [2001:db8::1]:51820: this host has no IPv6; "
					  "use an endpoint with an IPv4 address");
}

static void test_clock_in_place_of_the_advice_on_keys(void **state)
{
	(void)state;
	d.clock = DIAGNOSIS_CLOCK_OLD;
	assert_string_equal(no_session(), "no answer from 192.0.2.7:51820 to 3 handshakes; check this "
					  "machine's clock: it is before the day this program was "
					  "built, and a peer ignores handshakes older than those it "
					  "has seen");
	d.clock = DIAGNOSIS_CLOCK_BACK;
	assert_non_null(strstr(no_session(), "; check this machine's clock: it was set back, and "));
	d.info.attempts = 0;
	assert_null(strstr(no_session(), "clock"));
}

static void test_nothing_ever_came_back(void **state)
{
	static const char one_way[] = "the tunnel is up, but nothing ever came back through it: "
				      "perhaps the peer's AllowedIPs lack our address, or it does not forward";

	(void)state;
	d.info.has_session = true;
	d.info.last_up = at_s(NOW_S - 1);
	assert_string_equal(silence(), "");
	d.info.tx_data = 1;
	assert_string_equal(silence(), one_way);
	assert_true(diagnosis_one_way(&d.info));
	d.info.rx_data = 1;
	assert_string_equal(silence(), "");
	assert_false(diagnosis_one_way(&d.info));
	d.info.rx_data = 0;
	d.info.has_session = false;
	assert_false(diagnosis_one_way(&d.info));
}

static void test_a_refused_session_is_told_too(void **state)
{
	(void)state;
	d.info.has_session = true;
	d.info.tx_data = d.info.rx_data = 9;
	assert_string_equal(silence(), "");
	d.trouble = IO_UDP_UNREACHABLE;
	assert_non_null(strstr(silence(), "192.0.2.7:51820 cannot be reached (ICMP"));
}

static void test_every_text_is_cut_not_overrun(void **state)
{
	char out[64];

	(void)state;
	d.info.last_up = at_s(1);
	for (size_t cap = 1; cap < sizeof(out); cap++) {
		memset(out, 'x', sizeof(out));
		diagnosis_no_session(&d, out, cap);
		assert_int_equal(strlen(out), cap - 1 < 69 ? cap - 1 : 69);
		assert_int_equal(out[cap], 'x');
	}
}

static enum diagnosis_clock look(struct diagnosis_watch *w, uint64_t boot_s, uint64_t wall_s)
{
	return diagnosis_watch_clock(w, at_s(boot_s), (struct wall_time){wall_s, 0}, 1000000);
}

static void test_the_clock_is_watched(void **state)
{
	struct diagnosis_watch w = {0};

	(void)state;
	assert_int_equal(look(&w, 10, 2000000), DIAGNOSIS_CLOCK_FINE);
	assert_int_equal(look(&w, 20, 2000010), DIAGNOSIS_CLOCK_FINE);
	/* Corrections, and a clock that was late at the start. */
	assert_int_equal(look(&w, 30, 2000015), DIAGNOSIS_CLOCK_FINE);
	assert_int_equal(look(&w, 30, 2000014), DIAGNOSIS_CLOCK_BACK);
	assert_int_equal(look(&w, 40, 3000000), DIAGNOSIS_CLOCK_FINE);
	assert_int_equal(look(&w, 50, 2999000), DIAGNOSIS_CLOCK_BACK);
	assert_int_equal(look(&w, 60, 2999010), DIAGNOSIS_CLOCK_BACK);
	assert_int_equal(look(&w, 70, 3000030), DIAGNOSIS_CLOCK_FINE);
	assert_int_equal(look(&w, 80, 999999), DIAGNOSIS_CLOCK_OLD);
	/* From the first look on, and where the time of the build is not known. */
	w = (struct diagnosis_watch){0};
	assert_int_equal(look(&w, 10, 999999), DIAGNOSIS_CLOCK_OLD);
	w = (struct diagnosis_watch){0};
	assert_int_equal(diagnosis_watch_clock(&w, at_s(10), (struct wall_time){5, 0}, 0),
			 DIAGNOSIS_CLOCK_FINE);
}

static void test_the_build_knows_its_time(void **state)
{
	(void)state;
	assert_true(diagnosis_built_s() > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_no_answer, set_up),
		cmocka_unit_test_setup(test_was_up, set_up),
		cmocka_unit_test_setup(test_each_trouble_has_its_words, set_up),
		cmocka_unit_test_setup(test_clock_in_place_of_the_advice_on_keys, set_up),
		cmocka_unit_test_setup(test_nothing_ever_came_back, set_up),
		cmocka_unit_test_setup(test_a_refused_session_is_told_too, set_up),
		cmocka_unit_test_setup(test_every_text_is_cut_not_overrun, set_up),
		cmocka_unit_test(test_the_clock_is_watched),
		cmocka_unit_test(test_the_build_knows_its_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
