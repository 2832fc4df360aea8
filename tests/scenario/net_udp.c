/* UDP sockets inside the tunnel: ports that cannot be guessed, and ICMP errors about datagrams. */
#include "support/net_peer.h"

#include <stdlib.h>

#include "base/compiler.h"

static enum addr_family family(void)
{
	return family_now == 4 ? ADDR_V4 : ADDR_V6;
}

static struct addr router(void)
{
	return address(family_now == 4 ? "10.0.0.1" : "fd00::1");
}

/* Sends a question from a fresh socket; `w.out` is the packet, `*port` where it came from. */
static struct net_udp *ask(const char *text, uint16_t *port)
{
	struct endpoint dst = {.addr = w.peer.addr, .port = 53};
	struct addr from, to;
	struct net_udp *udp;
	size_t l4;

	assert_int_equal(net_udp_open(w.stack, family(), &w, &udp), 0);
	assert_int_equal(net_udp_send(udp, &dst, text, strlen(text)), 0);
	assert_true(raw_take(w.stack, &w.out));
	assert_int_equal(raw_parse_ip(&w.out, &from, &to, &l4), 17);
	*port = (uint16_t)(w.out.bytes[l4] << 8 | w.out.bytes[l4 + 1]);
	return udp;
}

enum { SOCKETS = 100 };

static void ask_from_many(uint16_t ports[SOCKETS])
{
	struct net_udp *open[SOCKETS];

	for (size_t i = 0; i < SOCKETS; i++)
		open[i] = ask("question", &ports[i]);
	for (size_t i = 0; i < SOCKETS; i++)
		net_udp_close(open[i]);
}

/* RFC 5452 9.2: of a port that can be foretold an answer can be forged. */
static void ports_cannot_be_guessed(void)
{
	uint16_t first[SOCKETS], second[SOCKETS];
	unsigned near = 0, high = 0, same = 0;

	ask_from_many(first);
	for (size_t i = 0; i < SOCKETS; i++) {
		assert_true(first[i] >= 1024);
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(first[i], first[k]);
		near += i && abs(first[i] - first[i - 1]) <= 64;
		high += first[i] >= 33280;
	}
	/* One in five hundred is near by chance, and half of them lie in either half. */
	assert_true(near < 5 && high > 25 && high < 75);
	/* Another stack with another seed: nothing repeats. */
	teardown();
	setup(family_now);
	net_stack_free(w.stack);
	w.rng = rng_seeded_init(&w.seed, 100);
	{
		struct prefix own[] = {{address("10.0.0.2"), 32}, {address("fd00::2"), 128}};
		struct net_config config = {
		.addresses = own, .address_count = 2, .mtu = 1420,
		.rng = &w.rng, .streams_max = 50,
	};

		w.stack = net_stack_new(&config, w.now);
	}
	assert_non_null(w.stack);
	ask_from_many(second);
	for (size_t i = 0; i < SOCKETS; i++)
		same += first[i] == second[i];
	assert_true(same < 5);
}

static const struct icmp_case {
	uint8_t type4, code4, type6, code6;
	bool refusal4, refusal6;
} ICMP[] = {
	{3, 3, 1, 4, true, true},	/* port */
	{3, 1, 1, 3, true, true},	/* host, address */
	{3, 13, 1, 1, true, true},	/* prohibited */
	{11, 0, 3, 0, true, true},	/* hops used up */
	{11, 1, 3, 1, false, false},	/* reassembly */
	{3, 4, 2, 0, false, false},	/* too big */
	{0, 0, 129, 0, false, false},	/* echo reply */
	{12, 0, 4, 0, false, false},	/* parameter problem */
};

static void feed_error(uint8_t type, uint8_t code, const struct raw_packet *quoted, size_t len)
{
	struct addr from = router();
	struct raw_packet error;

	raw_make_icmp(&error, &from, &w.us.addr, type, code, 0, quoted->bytes, len);
	raw_feed(w.stack, w.pool, w.now, &error, 1);
}

static void errors_are_told_apart(void)
{
	for (size_t i = 0; i < ARRAY_LEN(ICMP); i++) {
		const struct icmp_case *c = &ICMP[i];
		bool refusal = family_now == 4 ? c->refusal4 : c->refusal6;
		uint16_t port, other_port;
		struct net_udp *udp = ask("question", &port), *other = ask("another", &other_port);

		net_udp_close(udp);
		udp = ask("question", &port);
		feed_error(family_now == 4 ? c->type4 : c->type6,
			   family_now == 4 ? c->code4 : c->code6, &w.out, w.out.len);
		assert_ptr_equal(net_stack_next_udp(w.stack), refusal ? udp : NULL);
		assert_null(net_stack_next_udp(w.stack));
		assert_int_equal(net_udp_refused(udp), refusal);
		assert_false(net_udp_refused(other));
		net_udp_close(udp);
		net_udp_close(other);
	}
}

static void refuse(const struct raw_packet *quoted, size_t len)
{
	feed_error(family_now == 4 ? 3 : 1, family_now == 4 ? 3 : 4, quoted, len);
}

/* RFC 5927: whoever did not see the question must not end it. */
static void only_a_true_quote_counts(void)
{
	size_t ip = family_now == 4 ? 20 : 40;
	const struct {
		size_t at;	/* of the byte that is not as it was sent */
	} spoiled[] = {
		{0}, {family_now == 4 ? 9 : 6}, {family_now == 4 ? 12 : 8},
		{family_now == 4 ? 19 : 39}, {ip}, {ip + 1}, {ip + 2}, {ip + 3}, {ip + 4}, {ip + 5},
		{ip + 8}, {ip + 8 + 7},
	};
	struct raw_packet quoted;
	struct net_udp *udp;
	uint16_t port;

	udp = ask("question", &port);
	quoted = w.out;
	for (size_t i = 0; i < ARRAY_LEN(spoiled); i++) {
		quoted.bytes[spoiled[i].at] ^= 0x20;
		refuse(&quoted, quoted.len);
		quoted.bytes[spoiled[i].at] ^= 0x20;
		if (net_udp_refused(udp))
			fail_msg("a quote with a wrong byte %zu counts", spoiled[i].at);
	}
	/* The second fragment of something has no ports. */
	if (family_now == 4) {
		quoted.bytes[7] ^= 1;
		refuse(&quoted, quoted.len);
		quoted.bytes[7] ^= 1;
		assert_false(net_udp_refused(udp));
	}
	/* A quote may end behind the ports and the length, and not before. */
	for (size_t len = 0; len < ip + 8; len++) {
		refuse(&quoted, len);
		assert_false(net_udp_refused(udp));
	}
	assert_null(net_stack_next_udp(w.stack));
	/* A translator on the way may have changed the checksum. */
	quoted.bytes[ip + 6] ^= 0x55;
	refuse(&quoted, ip + 8);
	assert_true(net_udp_refused(udp));
	assert_ptr_equal(net_stack_next_udp(w.stack), udp);
	net_udp_close(udp);
}

static void options_in_the_quote_are_skipped(void)
{
	struct raw_packet quoted;
	struct net_udp *udp;
	uint16_t port;

	udp = ask("question", &port);
	if (family_now == 4) {
		quoted = w.out;
		memmove(quoted.bytes + 24, quoted.bytes + 20, quoted.len - 20);
		memset(quoted.bytes + 20, 1, 4);
		quoted.bytes[0] = 0x46;
		quoted.len += 4;
		refuse(&quoted, quoted.len);
		assert_true(net_udp_refused(udp));
		assert_ptr_equal(net_stack_next_udp(w.stack), udp);
	}
	net_udp_close(udp);
}

/* What was sent before is no business of an error any more, and a new datagram starts anew. */
static void the_last_datagram_counts(void)
{
	struct endpoint dst = {.addr = w.peer.addr, .port = 53};
	struct raw_packet first;
	struct net_udp *udp;
	uint16_t port;
	char big[200];

	memset(big, 'b', sizeof(big));
	udp = ask("question", &port);
	first = w.out;
	assert_int_equal(net_udp_send(udp, &dst, "different", 9), 0);
	assert_true(raw_take(w.stack, &w.out));
	refuse(&first, first.len);
	assert_false(net_udp_refused(udp));
	refuse(&w.out, w.out.len);
	assert_true(net_udp_refused(udp));
	assert_ptr_equal(net_stack_next_udp(w.stack), udp);
	assert_int_equal(net_udp_send(udp, &dst, big, sizeof(big)), 0);
	assert_false(net_udp_refused(udp));
	assert_true(raw_take(w.stack, &w.out));
	refuse(&w.out, w.out.len);
	assert_true(net_udp_refused(udp));
	assert_ptr_equal(net_stack_next_udp(w.stack), udp);
	net_udp_close(udp);
}

TEST(ports_cannot_be_guessed)
TEST(errors_are_told_apart)
TEST(only_a_true_quote_counts)
TEST(options_in_the_quote_are_skipped)
TEST(the_last_datagram_counts)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ports_cannot_be_guessed),
		cmocka_unit_test(test_errors_are_told_apart),
		cmocka_unit_test(test_only_a_true_quote_counts),
		cmocka_unit_test(test_options_in_the_quote_are_skipped),
		cmocka_unit_test(test_the_last_datagram_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
