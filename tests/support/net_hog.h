/* Two WireGuard peers in front of one stack (support/net_peer.h): HOG takes all that it gets, OTHER asks for a little. */
#ifndef TESTS_SUPPORT_NET_HOG_H
#define TESTS_SUPPORT_NET_HOG_H

#include "support/net_peer.h"

#define HOG 1
#define OTHER 65	/* in the same bucket of the stack's table */

static inline void listen_here(void)
{
	assert_int_equal(net_listen(w.stack, OUR_PORT, &w), 0);
}

static inline void syn_from(uint32_t peer, uint16_t port)
{
	struct raw_tcp t;

	raw_peer = peer;
	w.peer.port = port;
	t = from_peer(RAW_SYN, NULL, 0);
	t.ack = 0;
	syn_options(&t, true);
	feed(&t);
}

/* A SYN that the owner is asked about. */
static inline struct net_inbound *hold_one(uint32_t peer, uint16_t port)
{
	struct net_inbound *in;

	syn_from(peer, port);
	expect_nothing();
	in = net_stack_next_inbound(w.stack);
	assert_non_null(in);
	return in;
}

/* With room for a thousand streams. */
static inline void large_world(void)
{
	static struct prefix own[2];
	struct net_config config = {
		.addresses = own, .address_count = 2, .mtu = 1420,
		.rng = &w.rng, .streams_max = 1000,
	};

	own[0] = (struct prefix){address("10.0.0.2"), 32};
	own[1] = (struct prefix){address("fd00::2"), 128};
	net_stack_free(w.stack);
	w.stack = net_stack_new(&config, w.now);
	assert_non_null(w.stack);
}

#endif
