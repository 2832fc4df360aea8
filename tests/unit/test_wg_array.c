#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "support/crypto.h"
#include "support/wg_sim.h"
#include "wg/messages.h"
#include "wg/session.h"

/*
 * Twins: two simulations of one seed, so their nodes hold the same keys. What is fed to one datagram by
 * datagram is fed to the other in arrays; nothing may tell them apart.
 */
static struct sim twins[2];

/* Node 0 of each twin has a session, which node 1 may not have confirmed yet. */
static void start_twins(uint64_t seed, bool confirmed)
{
	for (unsigned t = 0; t < 2; t++) {
		sim_init(&twins[t], seed);
		sim_join(&twins[t], NULL);
		sim_send(&twins[t], 0, 1, 20);
		sim_run(&twins[t], confirmed ? 200 : 25);
	}
}

static void stop_twins(void)
{
	sim_fini(&twins[0]);
	sim_fini(&twins[1]);
}

static size_t seal_text(struct sim *s, uint16_t id, size_t payload, uint8_t *out)
{
	size_t len = sim_inner(&s->node[0], &s->node[1], id, payload, out + WG_DATA_HEADER_LEN);
	int sealed = wg_peer_seal(s->node[0].peer, s->now, out, len);

	assert_true(sealed > 0);
	return (size_t)sealed;
}

struct sent {
	struct endpoint src;
	uint8_t bytes[SIM_PACKET_MAX];
	size_t len;
};

#define FEED_MAX 200

static struct sent feed[FEED_MAX];

/* One datagram of every sort that a hostile path could make of the traffic of node 0. */
static void make_datagram(struct sim *s, struct sent *d, size_t i)
{
	const struct rng *rng = &s->rng;
	unsigned sort = rng_below(rng, 12);

	d->src = rng_below(rng, 8) ? s->node[0].endpoint : sim_endpoint((uint8_t)(50 + rng_below(rng, 3)), 7);
	if (sort == 0 && i > 0) {
		size_t other = rng_below(rng, (uint32_t)i);

		memcpy(d->bytes, feed[other].bytes, feed[other].len);
		d->len = feed[other].len;	/* seen before, or behind the window now */
		return;
	}
	if (sort == 1) {
		int len = wg_peer_seal(s->node[0].peer, s->now, d->bytes, 0);

		assert_true(len > 0);
		d->len = (size_t)len;
		return;
	}
	if (sort == 2)		/* a gap, so that windows move */
		s->node[0].peer->current->send_counter += rng_below(rng, 9000);
	if (sort == 3)
		s->node[0].inner_addr = 99;	/* a source that is not allowed */
	d->len = seal_text(s, (uint16_t)(1000 + i), rng_below(rng, 1300), d->bytes);
	s->node[0].inner_addr = 1;
	if (sort == 4)
		d->bytes[rng_below(rng, (uint32_t)d->len)] ^= 1;	/* header, counter, text or tag */
	if (sort == 5)
		d->len = rng_below(rng, (uint32_t)d->len);
	if (sort == 6) {
		d->len = s->last[1].len;
		memcpy(d->bytes, s->last[1].bytes, d->len);	/* the old initiation */
	}
}

static void make_feed(struct sim *s, size_t count)
{
	for (size_t i = 0; i < count; i++)
		make_datagram(s, &feed[i], i);
}

/* Both twins' copies of the datagrams, and what became of them. */
static struct wg_datagram fed[2][FEED_MAX];
static uint8_t copies[2][FEED_MAX][SIM_PACKET_MAX];

static void take_feed(size_t count)
{
	for (unsigned t = 0; t < 2; t++) {
		for (size_t i = 0; i < count; i++) {
			memcpy(copies[t][i], feed[i].bytes, feed[i].len);
			fed[t][i] = (struct wg_datagram){.src = feed[i].src, .data = copies[t][i], .len = feed[i].len};
		}
	}
	for (size_t i = 0; i < count; i++)
		fed[0][i].verdict = wg_device_input(twins[0].node[1].dev, twins[0].now, &fed[0][i].src,
						    fed[0][i].data, fed[0][i].len, &fed[0][i].inner);
	wg_device_input_array(twins[1].node[1].dev, twins[1].now, fed[1], count);
}

static void compare_twins(size_t count)
{
	const struct wg_peer *a = twins[0].node[1].peer, *b = twins[1].node[1].peer;

	for (size_t i = 0; i < count; i++) {
		assert_int_equal(fed[0][i].verdict, fed[1][i].verdict);
		if (fed[0][i].verdict != WG_DATA)
			continue;
		assert_ptr_equal(fed[1][i].inner.peer, b);
		assert_int_equal(fed[0][i].inner.len, fed[1][i].inner.len);
		assert_memory_equal(fed[0][i].inner.data, fed[1][i].inner.data, fed[0][i].inner.len);
	}
	assert_memory_equal(wg_device_drops(twins[0].node[1].dev), wg_device_drops(twins[1].node[1].dev),
			    WG_DROP_COUNT * sizeof(uint64_t));
	assert_true(endpoint_equal(&a->endpoint, &b->endpoint));
	assert_int_equal(a->rx_bytes, b->rx_bytes);
	assert_int_equal(a->rx_data, b->rx_data);
	assert_int_equal(a->wants, b->wants);
	assert_int_equal(a->raised, b->raised);
	assert_int_equal(a->last_up.ns, b->last_up.ns);
	assert_memory_equal(a->timers.at, b->timers.at, sizeof(a->timers.at));
	assert_int_equal(!a->previous, !b->previous);
	assert_int_equal(!a->next, !b->next);
	assert_int_equal(!a->current, !b->current);
	if (a->current)
		assert_memory_equal(&a->current->replay, &b->current->replay, sizeof(a->current->replay));
}

static void test_arrays_are_taken_as_one_datagram_after_the_other(void **state)
{
	uint64_t seen[WG_DROP_COUNT] = {0};
	unsigned data = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 60; seed++) {
		start_twins(seed, true);
		for (unsigned round = 0; round < 4; round++) {
			size_t count = rng_below(&twins[0].rng, FEED_MAX + 1);

			make_feed(&twins[0], count);
			take_feed(count);
			compare_twins(count);
			for (size_t i = 0; i < count; i++)
				data += fed[1][i].verdict == WG_DATA;
		}
		for (unsigned i = 0; i < WG_DROP_COUNT; i++)
			seen[i] += sim_drops(&twins[1], 1, (enum wg_drop)i);
		stop_twins();
	}
	/* The feed was as mixed as it says. */
	assert_true(data > 1000 && seen[WG_DROP_TAG] && seen[WG_DROP_REPLAYED] && seen[WG_DROP_SOURCE] &&
		    seen[WG_DROP_LENGTH] + seen[WG_DROP_SHORT] && seen[WG_DROP_UNKNOWN_INDEX] &&
		    seen[WG_DROP_REPLAYED_INITIATION]);
}

/* The first of an array confirms its session, which moves the sessions of the peer around. */
static void test_an_array_may_confirm_its_session(void **state)
{
	unsigned confirmed = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 10; seed++) {
		size_t count = 0;

		start_twins(seed, true);
		/* Another session, whose first packets do not arrive. */
		for (unsigned t = 0; t < 2; t++) {
			sim_run(&twins[t], WG_REKEY_AFTER_TIME_MS + 1000);
			sim_send(&twins[t], 0, 2, 20);
			sim_run(&twins[t], 15);
			twins[t].loss_percent = 100;
			sim_run(&twins[t], 15);
		}
		while (count < 20)
			make_datagram(&twins[0], &feed[count], count), count++;
		confirmed += twins[1].node[1].peer->next != NULL;
		take_feed(count);
		compare_twins(count);
		stop_twins();
	}
	assert_int_equal(confirmed, 10);
}

static void test_a_counter_twice_in_one_array_counts_once(void **state)
{
	(void)state;
	start_twins(3, true);
	feed[0].src = feed[1].src = feed[2].src = twins[0].node[0].endpoint;
	feed[0].len = seal_text(&twins[0], 500, 40, feed[0].bytes);
	feed[1] = feed[0];
	/* The same counter with a wrong tag: a replay as well, as it is when it comes alone. */
	feed[2] = feed[0];
	feed[2].bytes[feed[2].len - 1] ^= 1;
	take_feed(3);
	compare_twins(3);
	assert_int_equal(fed[1][0].verdict, WG_DATA);
	assert_int_equal(fed[1][1].verdict, WG_DROPPED);
	assert_int_equal(sim_drops(&twins[1], 1, WG_DROP_REPLAYED), 2);
	assert_int_equal(sim_drops(&twins[1], 1, WG_DROP_TAG), 0);
	stop_twins();
}

/* Data, then an initiation from elsewhere: the endpoint is that of the initiation, until data comes. */
static void test_handshakes_take_their_turn(void **state)
{
	struct endpoint dst;

	(void)state;
	start_twins(30, true);
	for (unsigned t = 0; t < 2; t++)
		sim_run(&twins[t], WG_REKEY_AFTER_TIME_MS + 1000);
	feed[0].len = seal_text(&twins[0], 500, 40, feed[0].bytes);
	feed[1].len = wg_device_output(twins[0].node[0].dev, twins[0].now, sim_wall(&twins[0]), feed[1].bytes,
				       sizeof(feed[1].bytes), &dst);
	assert_int_equal(feed[1].len, WG_INITIATION_LEN);
	feed[2].len = seal_text(&twins[0], 501, 40, feed[2].bytes);
	for (size_t i = 0; i < 3; i++)
		feed[i].src = sim_endpoint((uint8_t)(60 + i), 7);
	take_feed(2);
	compare_twins(2);
	assert_int_equal(fed[1][1].verdict, WG_CONSUMED);
	assert_true(endpoint_equal(wg_peer_endpoint(twins[1].node[1].peer), &feed[1].src));
	feed[0] = feed[2];
	take_feed(1);
	compare_twins(1);
	assert_true(endpoint_equal(wg_peer_endpoint(twins[1].node[1].peer), &feed[2].src));
	stop_twins();
}

#define SLOTS 150

static uint8_t slots[2][SLOTS][SIM_PACKET_MAX];

/* Seals what stands in both twins' slots: at once in one, later in the other. */
static void seal_slots(size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t payload = rng_below(&twins[0].rng, 1300), len = 0;
		int sealed[2];

		for (unsigned t = 0; t < 2; t++)
			len = sim_inner(&twins[t].node[0], &twins[t].node[1], (uint16_t)i, payload,
					slots[t][i] + WG_DATA_HEADER_LEN);
		sealed[0] = wg_peer_seal(twins[0].node[0].peer, twins[0].now, slots[0][i], len);
		sealed[1] = wg_peer_seal_later(twins[1].node[0].peer, twins[1].now, slots[1][i], len);
		assert_true(sealed[0] > 0);
		assert_int_equal(sealed[0], sealed[1]);
		assert_int_equal(sealed[0], wg_device_datagram_len(twins[0].node[0].dev, len));
	}
}

static void test_sealed_later_is_sealed_the_same(void **state)
{
	static const size_t counts[] = {1, 2, WG_ARRAY_MAX - 1, WG_ARRAY_MAX, WG_ARRAY_MAX + 1, SLOTS};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		memset(slots, 0, sizeof(slots));
		start_twins(4 + i, true);
		seal_slots(counts[i]);
		assert_memory_not_equal(slots[0], slots[1], sizeof(slots[0]));
		wg_device_seal_now(twins[1].node[0].dev);
		assert_memory_equal(slots[0], slots[1], sizeof(slots[0]));
		wg_device_seal_now(twins[1].node[0].dev);
		assert_memory_equal(slots[0], slots[1], sizeof(slots[0]));
		stop_twins();
	}
}

/* Keys do not go before what was to be sealed with them. */
static void test_sealed_before_its_session_goes(void **state)
{
	(void)state;
	memset(slots, 0, sizeof(slots));
	start_twins(20, true);
	seal_slots(5);
	wg_device_remove_peer(twins[1].node[0].dev, twins[1].node[0].peer);
	assert_memory_equal(slots[0], slots[1], sizeof(slots[0]));
	stop_twins();
}

/* A copy for the home of a peer that has roamed is made of the sealed datagram. */
static void test_a_copy_for_home_is_sealed(void **state)
{
	struct endpoint dst;
	uint8_t copy[SIM_PACKET_MAX];
	size_t len;

	(void)state;
	memset(slots, 0, sizeof(slots));
	start_twins(21, true);
	for (unsigned t = 0; t < 2; t++) {
		struct endpoint elsewhere = sim_endpoint(77, 7);

		wg_peer_try_endpoint(twins[t].node[0].peer, &elsewhere);
		sim_send(&twins[t], 0, 2, 20);
		twins[t].now = boot_add_ms(twins[t].now, 2000);
	}
	seal_slots(1);
	assert_memory_equal(slots[0], slots[1], sizeof(slots[0]));
	len = wg_device_output(twins[1].node[0].dev, twins[1].now, sim_wall(&twins[1]), copy, sizeof(copy), &dst);
	assert_true(len > WG_OVERHEAD_LEN && endpoint_equal(&dst, &twins[1].node[1].endpoint));
	assert_memory_equal(copy, slots[0][0], len);
	stop_twins();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arrays_are_taken_as_one_datagram_after_the_other),
		cmocka_unit_test(test_an_array_may_confirm_its_session),
		cmocka_unit_test(test_a_counter_twice_in_one_array_counts_once),
		cmocka_unit_test(test_handshakes_take_their_turn),
		cmocka_unit_test(test_sealed_later_is_sealed_the_same),
		cmocka_unit_test(test_sealed_before_its_session_goes),
		cmocka_unit_test(test_a_copy_for_home_is_sealed),
	};

	return cmocka_run_group_tests(tests, setup_crypto, NULL);
}
