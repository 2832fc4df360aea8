#include "io/udp_trouble.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/compiler.h"
#include "support/netns.h"
#include "support/udp_side.h"

static struct io_udp_counters counters;
static struct udp_trouble trouble;
static const struct boot_time start = {1000 * NS_PER_S};
static const struct boot_time ever = {0};

static int forget(void **state)
{
	(void)state;
	trouble = (struct udp_trouble){.counters = &counters};
	return 0;
}

static struct endpoint number(unsigned n)
{
	return (struct endpoint){.addr = {ADDR_V4, {192, 0, 2, (uint8_t)n}}, .port = 51820};
}

static enum io_udp_trouble find(uint64_t after_ms, unsigned n, struct boot_time since)
{
	struct endpoint dst = number(n);

	return udp_trouble_find(&trouble, boot_add_ms(start, after_ms), &dst, since);
}

static void refused(uint64_t after_ms, unsigned n, int errnum)
{
	struct endpoint dst = number(n);

	udp_trouble_refused(&trouble, boot_add_ms(start, after_ms), &dst, errnum);
}

static void test_kinds_of_refusal(void **state)
{
	static const struct {
		int errnum;
		enum io_udp_trouble want;
	} rows[] = {
		{ENETUNREACH, IO_UDP_NO_ROUTE}, {EHOSTUNREACH, IO_UDP_NO_ROUTE},
		{ENETDOWN, IO_UDP_NO_ROUTE}, {EAFNOSUPPORT, IO_UDP_NO_FAMILY},
		{EADDRNOTAVAIL, IO_UDP_NO_FAMILY}, {EPERM, IO_UDP_FORBIDDEN},
		{EACCES, IO_UDP_FORBIDDEN}, {EINVAL, IO_UDP_FINE}, {EIO, IO_UDP_FINE},
	};

	(void)state;
	for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
		refused(0, i, rows[i].errnum);
		assert_int_equal(find(0, i, ever), rows[i].want);
	}
}

static void test_old_trouble_says_nothing(void **state)
{
	(void)state;
	refused(0, 1, EPERM);
	assert_int_equal(find(UDP_TROUBLE_AGE_MS, 1, ever), IO_UDP_FORBIDDEN);
	assert_int_equal(find(UDP_TROUBLE_AGE_MS + 1, 1, ever), IO_UDP_FINE);
	assert_int_equal(find(0, 1, start), IO_UDP_FORBIDDEN);
	assert_int_equal(find(0, 1, boot_add_ms(start, 1)), IO_UDP_FINE);
}

static void test_a_datagram_that_leaves_ends_it(void **state)
{
	struct endpoint one = number(1);

	(void)state;
	refused(0, 1, ENETUNREACH);
	refused(0, 2, ENETUNREACH);
	udp_trouble_sent(&trouble, &one);
	assert_int_equal(find(0, 1, ever), IO_UDP_FINE);
	assert_int_equal(find(0, 2, ever), IO_UDP_NO_ROUTE);
}

static void test_the_oldest_makes_room(void **state)
{
	(void)state;
	for (unsigned i = 0; i < UDP_TROUBLE_MAX; i++)
		refused(i == 5 ? 0 : 10 + i, i, EPERM);
	refused(100, 6, ENETUNREACH);	/* known: takes no further place */
	assert_int_equal(find(100, 5, ever), IO_UDP_FORBIDDEN);
	refused(100, 200, EPERM);
	assert_int_equal(find(100, 5, ever), IO_UDP_FINE);
	assert_int_equal(find(100, 6, ever), IO_UDP_NO_ROUTE);
	assert_int_equal(find(100, 200, ever), IO_UDP_FORBIDDEN);
	assert_int_equal(trouble.count, UDP_TROUBLE_MAX);
}

/* --- with sockets --- */

static int set_up(void **state)
{
	(void)state;
	loop = io_loop_new();
	ipv6 = ipv6_is_there();
	return loop ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	io_loop_free(loop);
	return 0;
}

/* A port of this host that nobody listens on. */
static struct endpoint deserted(enum addr_family family)
{
	static struct side gone;
	struct endpoint dst;

	side_init(&gone, POOL_BLOCKS);
	dst = to(&gone, family);
	side_fini(&gone);
	return dst;
}

static struct side *troubled;
static struct endpoint trouble_dst;
static enum io_udp_trouble trouble_want;

static bool is_in_trouble(void *ctx)
{
	(void)ctx;
	return io_udp_trouble(troubled->udp, &trouble_dst, (struct boot_time){0}) == trouble_want;
}

static void test_port_unreachable_is_known_of_its_destination(void **state)
{
	static const enum addr_family families[] = {ADDR_V4, ADDR_V6};
	static struct side a, b;
	struct endpoint fine;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(families); i++) {
		side_init(&a, POOL_BLOCKS);
		side_init(&b, POOL_BLOCKS);
		troubled = &a;
		trouble_dst = deserted(families[i]);
		trouble_want = IO_UDP_REFUSED;
		fine = to(&b, families[i]);
		assert_int_equal(io_udp_trouble(a.udp, &trouble_dst, (struct boot_time){0}),
				 IO_UDP_FINE);
		put(&a, &trouble_dst, 64, 0);
		io_udp_flush(a.udp);
		assert_true(looprun_until(loop, is_in_trouble, NULL));
		assert_int_equal(io_udp_trouble(a.udp, &fine, (struct boot_time){0}), IO_UDP_FINE);
		/* Not when it is older than what is asked for. */
		assert_int_equal(io_udp_trouble(a.udp, &trouble_dst,
						boot_add_ms(io_loop_now(loop), 1)),
				 IO_UDP_FINE);
		assert_int_equal(io_udp_counters(a.udp)->icmp_errors, 1);
		assert_int_equal(io_udp_counters(a.udp)->tx_errors, 0);
		side_fini(&a);
		side_fini(&b);
	}
}

/* Each refused datagram has the next call fail, which is about another destination. */
static void test_icmp_errors_cost_other_destinations_nothing(void **state)
{
	static struct side a, b;
	struct endpoint dst, dead;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		side_init(&a, POOL_BLOCKS);
		side_init(&b, POOL_BLOCKS);
		io_udp_set_offload(a.udp, &modes[i].offload);
		dst = to(&b, ADDR_V4);
		dead = deserted(ADDR_V4);
		b.left = 200;
		for (uint32_t n = 0; n < 200; n++) {
			put(&a, &dead, 64, n);
			put(&a, &dst, 64, n);
		}
		io_udp_flush(a.udp);
		assert_true(looprun_until(loop, looprun_zero, &b.left));
		/* The other way round: errors are waiting when datagrams come. */
		a.left = 40;
		for (uint32_t n = 0; n < 40; n++) {
			struct endpoint back = to(&a, ADDR_V4);

			put(&a, &dead, 64, n);
			io_udp_flush(a.udp);
			put(&b, &back, 64, n);
			io_udp_flush(b.udp);
		}
		assert_true(looprun_until(loop, looprun_zero, &a.left));
		assert_int_equal(io_udp_counters(a.udp)->tx_errors, 0);
		assert_int_equal(io_udp_plain_paths(a.udp), 0);
		troubled = &a;
		trouble_dst = dead;
		trouble_want = IO_UDP_REFUSED;
		assert_true(looprun_until(loop, is_in_trouble, NULL));
		side_fini(&a);
		side_fini(&b);
	}
}

static unsigned passes;

static void on_pass(void *ctx)
{
	(void)ctx;
	passes++;
}

static bool queue_was_read(void *ctx)
{
	return io_udp_counters(((struct side *)ctx)->udp)->icmp_errors >= 50;
}

static void on_time(void *ctx)
{
	*(int *)ctx = 0;
}

/* A queue that nobody empties would leave the socket ready, and the loop without rest. */
static void test_error_queue_is_emptied_and_the_loop_rests(void **state)
{
	static struct side a;
	struct endpoint dead;
	struct io_timer *timer;
	int waiting = 1;

	(void)state;
	side_init(&a, POOL_BLOCKS);
	dead = deserted(ADDR_V4);
	for (uint32_t n = 0; n < 50; n++) {
		put(&a, &dead, 64, n);
		io_udp_flush(a.udp);
	}
	assert_true(looprun_until(loop, queue_was_read, &a));
	timer = io_timer_new(loop, on_time, &waiting);
	io_timer_set(timer, boot_add_ms(io_loop_now(loop), 50));
	io_loop_set_flush(loop, on_pass, NULL);
	passes = 0;
	assert_true(looprun_until(loop, looprun_zero, &waiting));
	assert_true(passes < 10);
	io_loop_set_flush(loop, NULL, NULL);
	io_timer_free(timer);
	side_fini(&a);
}

/* In a namespace whose only device is the loopback one. */
static int no_route_body(void)
{
	static struct side a;
	struct endpoint dst = {.addr = {ADDR_V4, {192, 0, 2, 1}}, .port = 9};
	struct endpoint local = {.addr = {ADDR_V4, {127, 0, 0, 1}}, .port = 9};
	struct boot_time any = {0};

	ipv6 = false;
	loop = io_loop_new();
	side_init(&a, POOL_BLOCKS);
	put(&a, &dst, 64, 0);
	put(&a, &local, 64, 0);
	io_udp_flush(a.udp);
	if (io_udp_trouble(a.udp, &dst, any) != IO_UDP_NO_ROUTE)
		return 1;
	if (io_udp_trouble(a.udp, &local, any) != IO_UDP_FINE)
		return 2;
	if (io_udp_counters(a.udp)->tx_errors != 1 || io_udp_counters(a.udp)->tx_datagrams != 1)
		return 3;
	side_fini(&a);
	io_loop_free(loop);
	return 0;
}

static void test_no_route_is_known_at_once(void **state)
{
	int result;

	(void)state;
	result = netns_run(1500, no_route_body);
	if (result == NETNS_REFUSED) {
		print_message("namespaces are not allowed here\n");
		skip();
	}
	assert_int_equal(result, 0);
}

static void test_family_that_is_not_open_is_named(void **state)
{
	static struct side a;
	struct endpoint dst = {.addr = {ADDR_V6, {0x20, 1, 0x0d, 0xb8, [15] = 1}}, .port = 9};
	bool had = ipv6;

	(void)state;
	ipv6 = false;
	side_init(&a, POOL_BLOCKS);
	ipv6 = had;
	put(&a, &dst, 64, 0);
	io_udp_flush(a.udp);
	assert_int_equal(io_udp_trouble(a.udp, &dst, (struct boot_time){0}), IO_UDP_NO_FAMILY);
	side_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_kinds_of_refusal, forget),
		cmocka_unit_test_setup(test_old_trouble_says_nothing, forget),
		cmocka_unit_test_setup(test_a_datagram_that_leaves_ends_it, forget),
		cmocka_unit_test_setup(test_the_oldest_makes_room, forget),
		cmocka_unit_test(test_port_unreachable_is_known_of_its_destination),
		cmocka_unit_test(test_icmp_errors_cost_other_destinations_nothing),
		cmocka_unit_test(test_error_queue_is_emptied_and_the_loop_rests),
		cmocka_unit_test(test_no_route_is_known_at_once),
		cmocka_unit_test(test_family_that_is_not_open_is_named),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
