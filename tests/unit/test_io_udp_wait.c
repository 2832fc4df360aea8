/* What io_udp does while the system has no room for its datagrams. */
#include "io/udp.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/err.h"
#include "base/packet.h"
#include "io/udp_tx.h"
#include "support/netns.h"
#include "support/udp_side.h"

/*
 * The system's room, here a number of datagrams for each family; loopback itself never runs out of it.
 * What finds none is refused with `refusal`, and room for `grant` more is there when it is asked next.
 */
static struct {
	unsigned room, grant;
	int refusal;
	unsigned refused;
} out_of[2];

static bool no_trains;	/* as where the path is too narrow for them */

#define V4 0
#define V6 1

static void unlimited(void)
{
	for (unsigned i = 0; i < 2; i++)
		out_of[i].room = UINT32_MAX;
	out_of[V4].refused = out_of[V6].refused = 0;
}

static void limit(unsigned family, unsigned room, unsigned grant, int refusal)
{
	out_of[family].room = room;
	out_of[family].grant = grant;
	out_of[family].refusal = refusal;
	out_of[family].refused = 0;
}

/* Whether the message goes in, as a whole. */
static bool let_in(const struct msghdr *msg)
{
	const struct sockaddr *to = msg->msg_name;
	unsigned family = to->sa_family == AF_INET6 ? V6 : V4;
	uint16_t segment = 0;
	unsigned count = 1;

	if (msg->msg_controllen) {
		memcpy(&segment, CMSG_DATA(CMSG_FIRSTHDR(msg)), sizeof(segment));
		count = (unsigned)((msg->msg_iov[0].iov_len + segment - 1) / segment);
	}
	if (out_of[family].room < count)
		return false;
	if (out_of[family].room != UINT32_MAX)
		out_of[family].room -= count;
	return true;
}

static int refuse(const struct msghdr *msg)
{
	const struct sockaddr *to = msg->msg_name;
	unsigned family = to->sa_family == AF_INET6 ? V6 : V4;

	out_of[family].room += out_of[family].grant;
	out_of[family].refused++;
	errno = out_of[family].refusal;
	return -1;
}

int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
	unsigned n = 0;

	if (no_trains && messages[0].msg_hdr.msg_controllen) {
		errno = EMSGSIZE;
		return -1;
	}
	while (n < count && let_in(&messages[n].msg_hdr))
		n++;
	/* What follows is refused by the next call, as the kernel does it. */
	if (!n)
		return refuse(&messages[0].msg_hdr);
	return (int)syscall(SYS_sendmmsg, fd, messages, n, flags);
}

ssize_t sendmsg(int fd, const struct msghdr *msg, int flags)
{
	return let_in(msg) ? syscall(SYS_sendmsg, fd, msg, flags) : refuse(msg);
}

ssize_t sendto(int fd, const void *p, size_t len, int flags, __CONST_SOCKADDR_ARG dst, socklen_t dst_len)
{
	struct msghdr msg = {.msg_name = (void *)(uintptr_t)dst.__sockaddr__};

	return let_in(&msg) ? syscall(SYS_sendto, fd, p, len, flags, dst.__sockaddr__, dst_len) : refuse(&msg);
}

static int set_up(void **state)
{
	(void)state;
	loop = io_loop_new();
	ipv6 = ipv6_is_there();
	unlimited();
	return loop ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	io_loop_free(loop);
	return 0;
}

static const size_t lens[] = {1452, 1452, 1452, 96, 1452, 32, 32, 148, 1200, 1201, 1199};

static void assert_all_in_order(const struct side *s, size_t count)
{
	assert_int_equal(s->count, count);
	for (size_t i = 0; i < count; i++)
		assert_true(s->number[i] == i && s->intact[i]);
}

static void test_what_is_refused_waits_and_leaves_in_order(void **state)
{
	static struct side a, b;
	struct endpoint dst;
	enum { COUNT = 100 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		struct io_udp_offload have, want = modes[i].offload;

		side_init(&a, POOL_BLOCKS);
		side_init(&b, POOL_BLOCKS);
		io_udp_get_offload(a.udp, &have);
		want.gro &= have.gro;
		want.gso &= have.gso;
		io_udp_set_offload(a.udp, &want);
		dst = to(&b, ADDR_V4);
		b.left = COUNT;
		limit(V4, 7, 5, EAGAIN);
		for (uint32_t n = 0; n < COUNT; n++)
			put(&a, &dst, lens[n % ARRAY_LEN(lens)], n);
		io_udp_flush(a.udp);
		assert_true(io_udp_is_waiting(a.udp));
		assert_true(looprun_until(loop, looprun_zero, &b.left));
		assert_false(io_udp_is_waiting(a.udp));
		assert_all_in_order(&b, COUNT);
		assert_int_equal(io_udp_counters(a.udp)->tx_datagrams, COUNT);
		assert_int_equal(io_udp_counters(a.udp)->tx_dropped, 0);
		assert_int_equal(io_udp_counters(a.udp)->tx_waits, out_of[V4].refused);
		assert_true(out_of[V4].refused > 1);
		unlimited();
		side_fini(&a);
		side_fini(&b);
	}
}

static void test_a_full_socket_is_asked_once_until_it_is_writable(void **state)
{
	static struct side a, b;
	struct endpoint dst;

	(void)state;
	side_init(&a, POOL_BLOCKS);
	side_init(&b, POOL_BLOCKS);
	dst = to(&b, ADDR_V4);
	b.left = 3;
	limit(V4, 0, 3, EAGAIN);
	for (uint32_t n = 0; n < 3; n++) {
		put(&a, &dst, 100, n);
		io_udp_flush(a.udp);
	}
	assert_int_equal(out_of[V4].refused, 1);
	assert_int_equal(io_udp_counters(a.udp)->tx_calls, 1);
	assert_true(looprun_until(loop, looprun_zero, &b.left));
	assert_all_in_order(&b, 3);
	unlimited();
	side_fini(&a);
	side_fini(&b);
}

static void test_the_other_family_is_not_held_up(void **state)
{
	static struct side a, b, c;
	struct endpoint v4, v6;

	(void)state;
	if (!ipv6)
		skip();
	side_init(&a, POOL_BLOCKS);
	side_init(&b, POOL_BLOCKS);
	side_init(&c, POOL_BLOCKS);
	v4 = to(&b, ADDR_V4);
	v6 = to(&c, ADDR_V6);
	b.left = c.left = 10;
	limit(V4, 1, 10, EAGAIN);
	for (uint32_t n = 0; n < 10; n++) {
		put(&a, &v4, 300 + n % 2, n);
		put(&a, &v6, 300 + n % 3, n);
	}
	io_udp_flush(a.udp);
	assert_int_equal(io_udp_counters(a.udp)->tx_datagrams, 11);
	assert_true(io_udp_is_waiting(a.udp));
	assert_true(looprun_until(loop, looprun_zero, &c.left));
	assert_true(looprun_until(loop, looprun_zero, &b.left));
	assert_all_in_order(&b, 10);
	assert_all_in_order(&c, 10);
	unlimited();
	side_fini(&a);
	side_fini(&b);
	side_fini(&c);
}

/* Fills the batch, one datagram each call, until there is no room. */
static uint32_t fill_up(struct side *a, const struct endpoint *dst, size_t len, bool alternate)
{
	uint32_t n = 0;

	for (; io_udp_has_room(a->udp, len); n++)
		put(a, dst, len - (alternate ? n % 2 : 0), n);
	return n;
}

static void test_a_batch_that_waits_is_bounded_and_overwrites_nothing(void **state)
{
	static struct side a, b;
	struct endpoint dst;

	(void)state;
	for (int alternate = 0; alternate < 2; alternate++) {
		uint32_t count;

		side_init(&a, POOL_BLOCKS);
		side_init(&b, POOL_BLOCKS);
		dst = to(&b, ADDR_V4);
		limit(V4, 2, 0, EAGAIN);
		/* Of one length: by bytes. In pairs of two lengths: by runs. */
		count = fill_up(&a, &dst, 1400, alternate);
		assert_true(count <= 2 + UDP_TX_BUFFER_LEN / 1399);
		assert_true(count > UDP_TX_MESSAGES_MAX);
		assert_true(alternate || count > UDP_TX_BUFFER_LEN / 1400 - 2);
		assert_null(io_udp_slot(a.udp, &dst, 1400));
		io_udp_flush(a.udp);
		io_udp_trim(a.udp);
		limit(V4, 50, 50, EAGAIN);
		b.left = (int)count;
		assert_true(looprun_until(loop, looprun_zero, &b.left));
		assert_all_in_order(&b, count);
		/* All of the buffer is there again. */
		assert_true(io_udp_has_room(a.udp, PACKET_BLOCK_SIZE / 2));
		unlimited();
		side_fini(&a);
		side_fini(&b);
	}
}

static bool tried_enough(void *ctx)
{
	(void)ctx;
	return out_of[V4].refused >= UDP_TX_TRIES;
}

static void test_a_short_system_is_tried_again_by_time(void **state)
{
	static struct side a, b;
	struct endpoint dst;
	static const int errors[] = {ENOBUFS, ENOMEM};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
		side_init(&a, POOL_BLOCKS);
		side_init(&b, POOL_BLOCKS);
		dst = to(&b, ADDR_V4);
		b.left = 4;
		limit(V4, 1, 0, errors[i]);
		for (uint32_t n = 0; n < 4; n++)
			put(&a, &dst, 200 + n % 2, n);
		io_udp_flush(a.udp);
		/* The last try is the one that passes. */
		assert_true(looprun_until(loop, tried_enough, NULL));
		out_of[V4].room = 3;
		assert_true(looprun_until(loop, looprun_zero, &b.left));
		assert_all_in_order(&b, 4);
		assert_int_equal(io_udp_counters(a.udp)->tx_dropped, 0);
		assert_int_equal(io_udp_counters(a.udp)->tx_waits, UDP_TX_TRIES);
		unlimited();
		side_fini(&a);
		side_fini(&b);
	}
}

static bool sent_all(void *ctx)
{
	return !io_udp_is_waiting(((struct side *)ctx)->udp);
}

static void test_a_system_that_stays_short_costs_the_datagrams_and_is_counted(void **state)
{
	static struct side a, b;
	struct endpoint dst;

	(void)state;
	side_init(&a, POOL_BLOCKS);
	side_init(&b, POOL_BLOCKS);
	dst = to(&b, ADDR_V4);
	limit(V4, 0, 0, ENOBUFS);
	for (uint32_t n = 0; n < 4; n++)
		put(&a, &dst, 200 + n % 2, n);
	io_udp_flush(a.udp);
	assert_true(looprun_until(loop, sent_all, &a));
	assert_int_equal(io_udp_counters(a.udp)->tx_dropped, 4);
	assert_int_equal(io_udp_counters(a.udp)->tx_waits, UDP_TX_TRIES);
	/* The tries are not paid for each: and are all there again after one that passes. */
	limit(V4, 1, 0, ENOBUFS);
	put(&a, &dst, 200, 0);
	put(&a, &dst, 201, 1);
	io_udp_flush(a.udp);
	assert_true(io_udp_is_waiting(a.udp));
	unlimited();
	b.left = 2;
	assert_true(looprun_until(loop, looprun_zero, &b.left));
	assert_all_in_order(&b, 2);
	side_fini(&a);
	side_fini(&b);
}

static void test_a_run_refused_as_a_train_waits_in_its_midst(void **state)
{
	struct io_udp_offload have;
	static struct side a, b;
	struct endpoint dst;

	(void)state;
	side_init(&a, POOL_BLOCKS);
	side_init(&b, POOL_BLOCKS);
	io_udp_get_offload(a.udp, &have);
	if (have.gso && have.mmsg) {
		dst = to(&b, ADDR_V4);
		b.left = 22;
		no_trains = true;
		limit(V4, 7, 4, EAGAIN);
		for (uint32_t n = 0; n < 20; n++)
			put(&a, &dst, 800, n);
		io_udp_flush(a.udp);
		assert_int_equal(io_udp_counters(a.udp)->tx_datagrams, 7);
		/* What comes later joins the rest of the run. */
		put(&a, &dst, 800, 20);
		put(&a, &dst, 300, 21);
		assert_true(looprun_until(loop, looprun_zero, &b.left));
		assert_all_in_order(&b, 22);
		assert_int_equal(b.len[21], 300);
		assert_int_equal(io_udp_counters(a.udp)->tx_errors, 0);
		assert_int_equal(io_udp_plain_paths(a.udp), 1);
	}
	no_trains = false;
	unlimited();
	side_fini(&a);
	side_fini(&b);
}

static void test_closing_with_datagrams_that_wait(void **state)
{
	static struct side a;
	struct endpoint dst;

	(void)state;
	side_init(&a, POOL_BLOCKS);
	dst = to(&a, ADDR_V4);
	limit(V4, 0, 0, EAGAIN);
	put(&a, &dst, 500, 0);
	io_udp_flush(a.udp);
	assert_true(io_udp_is_waiting(a.udp));
	side_fini(&a);
	unlimited();
}

/*
 * The kernel's own full socket buffer. Datagrams to a neighbour that has not answered yet are kept, and
 * count against the socket: an Ethernet of the test's own, where the test is the neighbour.
 */
#define ETHER_MAX 2048

static void tap_address(struct ifreq *ifr, uint32_t address)
{
	struct sockaddr_in sin = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(address)};

	memcpy(&ifr->ifr_addr, &sin, sizeof(sin));
}

/* A device with 10.77.0.1/24, or -1. */
static int tap_open(void)
{
	struct ifreq ifr = {.ifr_flags = IFF_TAP | IFF_NO_PI};
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC), ctl = socket(AF_INET, SOCK_DGRAM, 0);
	bool ok = fd >= 0 && ctl >= 0 && ioctl(fd, TUNSETIFF, &ifr) == 0;

	tap_address(&ifr, 0x0a4d0001);
	ok = ok && ioctl(ctl, SIOCSIFADDR, &ifr) == 0;
	tap_address(&ifr, 0xffffff00);
	ok = ok && ioctl(ctl, SIOCSIFNETMASK, &ifr) == 0;
	ifr.ifr_flags = IFF_UP | IFF_RUNNING;
	ok = ok && ioctl(ctl, SIOCSIFFLAGS, &ifr) == 0;
	close(ctl);
	return ok ? fd : -1;
}

/* Answers the ARP request that waits for the neighbour (RFC 826), if there is one. */
static bool tap_answer(int fd)
{
	uint8_t frame[ETHER_MAX], reply[42] = {0};
	static const uint8_t own[6] = {2, 0, 0, 0, 0, 2}, head[10] = {8, 6, 0, 1, 8, 0, 6, 4, 0, 2};
	ssize_t n;

	while ((n = read(fd, frame, sizeof(frame))) > 0) {
		if (n < 42 || frame[12] != 8 || frame[13] != 6 || frame[21] != 1)
			continue;
		memcpy(reply, frame + 6, 6);
		memcpy(reply + 6, own, 6);
		memcpy(reply + 12, head, 10);
		memcpy(reply + 22, own, 6);
		memcpy(reply + 28, frame + 38, 4);
		memcpy(reply + 32, frame + 22, 10);
		return write(fd, reply, sizeof(reply)) == sizeof(reply);
	}
	return false;
}

/* Gives every UDP socket of this process a small buffer. */
static void shrink_sockets(void)
{
	for (int fd = 3; fd < 64; fd++) {
		int value = 0;
		socklen_t len = sizeof(value);

		if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &value, &len) == 0 && value == SOCK_DGRAM) {
			value = 8192;
			(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &value, sizeof(value));
		}
	}
}

static unsigned tap_datagrams(int fd, uint32_t *next)
{
	uint8_t frame[ETHER_MAX];
	unsigned count = 0;
	uint32_t number;
	ssize_t n;

	while ((n = read(fd, frame, sizeof(frame))) > 0) {
		/* Ethernet 14, IPv4 20, UDP 8 */
		if (n < 46 || frame[12] != 8 || frame[13] != 0 || frame[23] != 17)
			continue;
		memcpy(&number, frame + 42, sizeof(number));
		if (number != (*next)++)
			return 0;
		count++;
	}
	return count;
}

static int full_socket_body(void)
{
	enum { COUNT = 60 };
	struct endpoint dst = {.addr = {ADDR_V4, {10, 77, 0, 2}}, .port = 9};
	static struct side a;
	uint32_t next = 0;
	int tap = tap_open();

	if (tap < 0)
		return NETNS_REFUSED;
	ipv6 = false;
	loop = io_loop_new();
	side_init(&a, POOL_BLOCKS);
	shrink_sockets();
	for (uint32_t n = 0; n < COUNT; n++) {
		put(&a, &dst, 1000, n);
		if (n % 5 == 4)
			io_udp_flush(a.udp);
	}
	if (!io_udp_is_waiting(a.udp) || !io_udp_counters(a.udp)->tx_waits)
		return 1;
	if (!tap_answer(tap))
		return 2;
	while (next < COUNT) {
		struct pollfd p = {.fd = tap, .events = POLLIN};

		if (!looprun_until(loop, sent_all, &a) || poll(&p, 1, 1000) != 1 || !tap_datagrams(tap, &next))
			return 3;
	}
	if (io_udp_counters(a.udp)->tx_dropped || io_udp_counters(a.udp)->tx_datagrams != COUNT)
		return 4;
	side_fini(&a);
	io_loop_free(loop);
	close(tap);
	return 0;
}

static void test_the_kernels_full_socket_is_waited_for(void **state)
{
	int result = netns_run(1500, full_socket_body);

	(void)state;
	if (result == NETNS_REFUSED) {
		print_message("namespaces or devices are not allowed here\n");
		skip();
	}
	assert_int_equal(result, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_refused_waits_and_leaves_in_order),
		cmocka_unit_test(test_a_full_socket_is_asked_once_until_it_is_writable),
		cmocka_unit_test(test_the_other_family_is_not_held_up),
		cmocka_unit_test(test_a_batch_that_waits_is_bounded_and_overwrites_nothing),
		cmocka_unit_test(test_a_short_system_is_tried_again_by_time),
		cmocka_unit_test(test_a_system_that_stays_short_costs_the_datagrams_and_is_counted),
		cmocka_unit_test(test_a_run_refused_as_a_train_waits_in_its_midst),
		cmocka_unit_test(test_the_kernels_full_socket_is_waited_for),
		cmocka_unit_test(test_closing_with_datagrams_that_wait),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
