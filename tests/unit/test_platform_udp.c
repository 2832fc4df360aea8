/* What io/udp relies on in the kernel's UDP batches. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/netns.h"

static uint8_t bulk[65536];

struct socket_pair {
	int from, to;
	struct sockaddr_in addr;
};

static bool set_option(int fd, int level, int name, int value)
{
	return setsockopt(fd, level, name, &value, sizeof(value)) == 0;
}

static void pair_open(struct socket_pair *p)
{
	socklen_t len = sizeof(p->addr);

	p->from = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	p->to = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	memset(&p->addr, 0, sizeof(p->addr));
	p->addr.sin_family = AF_INET;
	p->addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(p->to, (struct sockaddr *)&p->addr, sizeof(p->addr)), 0);
	assert_int_equal(getsockname(p->to, (struct sockaddr *)&p->addr, &len), 0);
	set_option(p->from, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT);
}

static void pair_close(const struct socket_pair *p)
{
	close(p->from);
	close(p->to);
}

/* Sends `len` bytes as a train of `segment` (0: one datagram). 0 or errno. */
static int send_train(const struct socket_pair *p, size_t len, uint16_t segment)
{
	alignas(size_t) uint8_t control[CMSG_SPACE(sizeof(uint16_t))] = {0};
	struct iovec iov = {bulk, len};
	struct sockaddr_in addr = p->addr;
	struct msghdr msg = {
		.msg_name = &addr,
		.msg_namelen = sizeof(addr),
		.msg_iov = &iov,
		.msg_iovlen = 1,
	};

	if (segment) {
		struct cmsghdr *c;

		msg.msg_control = control;
		msg.msg_controllen = sizeof(control);
		c = CMSG_FIRSTHDR(&msg);
		c->cmsg_level = SOL_UDP;
		c->cmsg_type = UDP_SEGMENT;
		c->cmsg_len = CMSG_LEN(sizeof(segment));
		memcpy(CMSG_DATA(c), &segment, sizeof(segment));
	}
	return sendmsg(p->from, &msg, 0) < 0 ? errno : 0;
}

static bool has_segment(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	bool ok = set_option(fd, SOL_UDP, UDP_SEGMENT, 0);

	close(fd);
	return ok;
}

/* Receives one message; `*segment` from UDP_GRO, or 0. Its length, or -1. */
static ssize_t receive(int fd, int *segment)
{
	alignas(size_t) uint8_t control[CMSG_SPACE(sizeof(int))];
	static uint8_t data[65536];
	struct iovec iov = {data, sizeof(data)};
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	ssize_t len = recvmsg(fd, &msg, MSG_DONTWAIT);

	*segment = 0;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); len >= 0 && c; c = CMSG_NXTHDR(&msg, c)) {
		if (c->cmsg_level == SOL_UDP && c->cmsg_type == UDP_GRO)
			memcpy(segment, CMSG_DATA(c), sizeof(*segment));
	}
	return len;
}

static void test_train_is_received_whole_with_its_segment_length(void **state)
{
	struct socket_pair p;
	int segment;

	(void)state;
	pair_open(&p);
	if (!has_segment() || !set_option(p.to, SOL_UDP, UDP_GRO, 1)) {
		pair_close(&p);
		skip();
	}
	assert_int_equal(send_train(&p, 64 * 1000, 1000), 0);
	assert_int_equal(send_train(&p, 2500, 1000), 0);
	assert_int_equal(send_train(&p, 700, 0), 0);
	assert_int_equal(receive(p.to, &segment), 64 * 1000);
	assert_int_equal(segment, 1000);
	assert_int_equal(receive(p.to, &segment), 2500);
	assert_int_equal(segment, 1000);
	assert_int_equal(receive(p.to, &segment), 700);
	assert_int_equal(segment, 0);
	pair_close(&p);
}

static void test_train_arrives_as_datagrams_without_gro(void **state)
{
	struct socket_pair p;
	int segment;

	(void)state;
	if (!has_segment())
		skip();
	pair_open(&p);
	assert_int_equal(send_train(&p, 2500, 1000), 0);
	assert_int_equal(receive(p.to, &segment), 1000);
	assert_int_equal(receive(p.to, &segment), 1000);
	assert_int_equal(receive(p.to, &segment), 500);
	assert_int_equal(receive(p.to, &segment), -1);
	pair_close(&p);
}

static void test_train_must_fit_one_datagram(void **state)
{
	struct socket_pair p;

	(void)state;
	if (!has_segment())
		skip();
	pair_open(&p);
	assert_int_equal(send_train(&p, 65507, 1452), 0);
	assert_int_equal(send_train(&p, 65508, 1452), EMSGSIZE);
	pair_close(&p);
}

static int small_mtu_body(void)
{
	struct socket_pair p;
	int err, segment;

	pair_open(&p);
	err = send_train(&p, 4356, 1452);
	if (err != EMSGSIZE && err != EINVAL)
		return 1;
	/* The socket is not harmed: a shorter segment and a single datagram both pass. */
	if (send_train(&p, 3000, 1000) || receive(p.to, &segment) != 1000)
		return 2;
	while (receive(p.to, &segment) > 0)
		;
	if (send_train(&p, 1452, 0) || receive(p.to, &segment) != 1452)
		return 3;
	pair_close(&p);
	return 0;
}

static void test_segment_above_the_path_mtu_is_refused_a_datagram_passes(void **state)
{
	int result;

	(void)state;
	if (!has_segment())
		skip();
	result = netns_run(1280, small_mtu_body);
	if (result == NETNS_REFUSED) {
		print_message("namespaces are not allowed here\n");
		skip();
	}
	assert_int_equal(result, 0);
}

static void test_truncated_datagram_tells_its_real_length(void **state)
{
	struct socket_pair p;
	uint8_t small[2][100];
	struct iovec iov[2] = {{small[0], 100}, {small[1], 100}};
	struct mmsghdr m[2] = {
		{.msg_hdr = {.msg_iov = &iov[0], .msg_iovlen = 1}},
		{.msg_hdr = {.msg_iov = &iov[1], .msg_iovlen = 1}},
	};

	(void)state;
	pair_open(&p);
	assert_int_equal(send_train(&p, 700, 0), 0);
	assert_int_equal(send_train(&p, 70, 0), 0);
	assert_int_equal(recvmmsg(p.to, m, 2, MSG_DONTWAIT | MSG_TRUNC, NULL), 2);
	assert_int_equal(m[0].msg_len, 700);
	assert_true(m[0].msg_hdr.msg_flags & MSG_TRUNC);
	assert_int_equal(m[1].msg_len, 70);
	pair_close(&p);
}

static void test_sendmmsg_stops_before_the_message_that_fails(void **state)
{
	struct socket_pair p;
	struct sockaddr_in nowhere;
	struct iovec iov = {bulk, 10};
	struct mmsghdr m[2];

	(void)state;
	pair_open(&p);
	nowhere = p.addr;
	nowhere.sin_port = 0;
	memset(m, 0, sizeof(m));
	for (int i = 0; i < 2; i++) {
		m[i].msg_hdr.msg_name = i ? &nowhere : &p.addr;
		m[i].msg_hdr.msg_namelen = sizeof(nowhere);
		m[i].msg_hdr.msg_iov = &iov;
		m[i].msg_hdr.msg_iovlen = 1;
	}
	assert_int_equal(sendmmsg(p.from, m, 2, 0), 1);
	assert_int_equal(sendmmsg(p.from, m + 1, 1, 0), -1);
	assert_int_equal(errno, EINVAL);
	pair_close(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_train_is_received_whole_with_its_segment_length),
		cmocka_unit_test(test_train_arrives_as_datagrams_without_gro),
		cmocka_unit_test(test_train_must_fit_one_datagram),
		cmocka_unit_test(test_segment_above_the_path_mtu_is_refused_a_datagram_passes),
		cmocka_unit_test(test_truncated_datagram_tells_its_real_length),
		cmocka_unit_test(test_sendmmsg_stops_before_the_message_that_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
