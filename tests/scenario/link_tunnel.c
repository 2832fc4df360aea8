/*
 * The tunnel itself, with a far end of the test's own: what it does with packets that cannot leave, because the UDP
 * socket is full or because there is no session. Sockets and loop are real, time passes when the test lets it.
 */
#include "link/tunnel.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/sys.h"
#include "link/path.h"
#include "net/core.h"
#include "net/path.h"
#include "net/stream_core.h"
#include "node/config.h"
#include "support/crypto.h"
#include "support/model_peer.h"
#include "support/sim_clock.h"
#include "wg/session.h"
#include "wg/timers.h"

#define WAY_MS 25	/* one way, so 50 ms there and back */
#define PASSES_MAX 2000
#define DATAGRAM_MAX 2048
#define CARRIED_MAX 512

static struct {
	struct io_loop *loop;
	struct tunnel *t;
	struct wg_peer *peer;		/* the far end, as the tunnel sees it */
	struct wg_device *far;
	struct wg_peer *near;		/* and the other way round */
	int fd;				/* the far end's socket */
	struct model_peer model;	/* behind it */
	struct net_stream *s;
	struct tunnel_stream_sink sink;
	unsigned events;
	unsigned woken;			/* waiters */
	bool full;			/* the tunnel's socket takes nothing */
	unsigned calls;			/* of sendmmsg */
	unsigned readable;		/* messages that left with text of TEXT in them */
	struct endpoint near_at;	/* the tunnel's socket */
	uint32_t path;			/* 0: the far end sends by UDP */
	unsigned carried_count;		/* datagrams that left by a path, */
	unsigned carried_total;
	struct {
		size_t len;
		uint8_t bytes[DATAGRAM_MAX];
	} carried[CARRIED_MAX];		/* and have not arrived yet */
} lab;

/* What a datagram of the test is full of: not to be seen outside. */
#define TEXT 0xa7

static bool shows_text(const struct iovec *v)
{
	uint8_t text[32];

	memset(text, TEXT, sizeof(text));
	return memmem(v->iov_base, v->iov_len, text, sizeof(text)) != NULL;
}

int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
	if (lab.full) {
		errno = EAGAIN;
		return -1;
	}
	lab.calls++;
	for (unsigned i = 0; i < count; i++)
		lab.readable += shows_text(messages[i].msg_hdr.msg_iov);
	return (int)syscall(SYS_sendmmsg, fd, messages, count, flags);
}

static void on_flush(void *ctx)
{
	(void)ctx;
	while (tunnel_flush(lab.t))
		;
	tunnel_flush_end(lab.t);
	io_loop_stop(lab.loop);
}

static void pass(void)
{
	io_loop_again(lab.loop);
	assert_int_equal(io_loop_run(lab.loop), 0);
}

/* The carrier of all paths. */
static void carry(void *ctx, uint32_t path, const uint8_t *data, size_t len)
{
	const struct iovec v = {(void *)(uintptr_t)data, len};

	(void)ctx;
	assert_int_equal(path, addr_path_id(&wg_peer_endpoint(lab.peer)->addr));
	assert_true(lab.carried_count < CARRIED_MAX && len <= DATAGRAM_MAX);
	lab.readable += shows_text(&v);
	lab.carried[lab.carried_count].len = len;
	memcpy(lab.carried[lab.carried_count++].bytes, data, len);
	lab.carried_total++;
}

static void send_near(const uint8_t *p, size_t len)
{
	union sys_sockaddr sa;
	socklen_t sa_len = sys_sockaddr_set(&sa, &lab.near_at);

	if (lab.path) {
		paths_receive(tunnel_paths(lab.t), lab.path, p, len);
		return;
	}
	assert_int_equal(sendto(lab.fd, p, len, 0, &sa.any, sa_len), len);
}

static void far_input(const struct endpoint *src, uint8_t *datagram, size_t len)
{
	struct wg_inner inner;

	if (wg_device_input(lab.far, sim_boot, src, datagram, len, &inner) == WG_DATA)
		model_peer_input(&lab.model, sim_boot, inner.data, inner.len, false);
}

/* The far end takes what has arrived and answers. */
static void far(void)
{
	static const struct endpoint by_path = {.addr = {ADDR_PATH, {1}}};
	uint8_t buf[DATAGRAM_MAX];
	struct endpoint dst;
	size_t len;

	for (unsigned i = 0; i < lab.carried_count; i++)
		far_input(&by_path, lab.carried[i].bytes, lab.carried[i].len);
	lab.carried_count = 0;
	for (;;) {
		union sys_sockaddr sa = {.any.sa_family = AF_UNSPEC};
		socklen_t sa_len = sizeof(sa);
		ssize_t n = recvfrom(lab.fd, buf, sizeof(buf), MSG_DONTWAIT, &sa.any, &sa_len);

		if (n < 0)
			break;
		sys_sockaddr_get(&sa, &lab.near_at);
		far_input(&lab.near_at, buf, (size_t)n);
	}
	wg_device_tick(lab.far, sim_boot);
	model_peer_tick(&lab.model, sim_boot);
	while ((len = wg_device_output(lab.far, sim_boot, io_wall_now(), buf, sizeof(buf), &dst)))
		send_near(buf, len);
	while ((len = model_peer_output(&lab.model, sim_boot, buf + WG_DATA_HEADER_LEN))) {
		int n = wg_peer_seal(lab.near, sim_boot, buf, len);

		assert_true(n > 0);
		send_near(buf, (size_t)n);
	}
	if (lab.path)
		paths_receive_end(tunnel_paths(lab.t));
}

static void sleep_ms(uint64_t ms)
{
	sim_boot = boot_add_ms(sim_boot, ms);
}

/* There, and back. */
static void round_trip(void)
{
	pass();
	sleep_ms(WAY_MS);
	far();
	sleep_ms(WAY_MS);
	pass();
}

static void on_stream(struct tunnel_stream_sink *sink, struct net_stream *s, unsigned events)
{
	(void)sink;
	(void)s;
	lab.events |= events;
}

static void on_wg_event(void *ctx, const struct wg_event *event)
{
	(void)ctx;
	(void)event;
}

static void write_bytes(size_t count)
{
	while (count) {
		size_t at = lab.model.stats.bytes + net_stream_unacked(lab.s);
		size_t n = count < 8192 ? count : 8192;

		assert_int_equal(net_stream_write(lab.s, model_pattern(at, n), n), n);
		count -= n;
	}
}

static void open_far(struct rng *rng, struct key_private *key)
{
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	key_private_generate(key, rng);
	lab.far = wg_device_new(key, 1420, rng);
	lab.fd = socket(AF_INET, SOCK_DGRAM, 0);
	assert_non_null(lab.far);
	assert_int_equal(bind(lab.fd, (struct sockaddr *)&sa, sizeof(sa)), 0);
}

static void open_near(const struct tunnel_config *config, const struct rng *rng)
{
	struct tunnel_observer observer = {.on_wg_event = on_wg_event};
	struct prefix any = {{ADDR_V4, {0}}, 0};
	struct wg_peer_config peer = {
		.public_key = *wg_device_public_key(lab.far), .allowed_ips = &any, .allowed_ip_count = 1,
	};
	union sys_sockaddr sa = {.any.sa_family = AF_UNSPEC};
	socklen_t len = sizeof(sa);
	struct fault fault;
	struct endpoint at;

	assert_int_equal(tunnel_new(lab.loop, config, rng, observer, &lab.t, &fault), 0);
	assert_int_equal(wg_device_add_peer(tunnel_device(lab.t), &peer, &lab.peer), 0);
	peer.public_key = *wg_device_public_key(tunnel_device(lab.t));
	assert_int_equal(wg_device_add_peer(lab.far, &peer, &lab.near), 0);
	assert_int_equal(getsockname(lab.fd, &sa.any, &len), 0);
	sys_sockaddr_get(&sa, &at);
	wg_peer_set_endpoint(lab.peer, &at);
}

static void connect_stream(void)
{
	struct endpoint dst = {.addr = {ADDR_V4, {10, 0, 0, 9}}, .port = 80};
	struct model_options options = {.prompt = true};

	model_peer_init(&lab.model, &options, &dst, 1000);
	lab.sink.on_stream = on_stream;
	wg_peer_start(lab.peer, sim_boot, 0);
	for (unsigned i = 0; i < 4; i++)
		round_trip();
	assert_true(wg_peer_has_session(lab.peer, sim_boot));
	assert_int_equal(net_stream_connect(tunnel_stack(lab.t), sim_boot, &dst, &lab.sink, &lab.s), 0);
	net_stream_set_peer(lab.s, wg_peer_id(lab.peer));
	round_trip();
	round_trip();
	assert_true(lab.events & NET_EV_CONNECTED);
	write_bytes(5000);
	round_trip();
	round_trip();
	assert_int_equal(lab.model.stats.bytes, 5000);
}

static struct rng_seeded seeded;
static struct rng rng;
static struct node_config config;

static int begin(void **state)
{
	struct key_private key;

	(void)state;
	memset(&lab, 0, sizeof(lab));
	rng = rng_seeded_init(&seeded, 1);
	lab.loop = io_loop_new();
	node_config_init(&config);
	config.tunnel.private_key = crypto_secret_alloc(sizeof(*config.tunnel.private_key));
	config.tunnel.addresses = calloc(1, sizeof(*config.tunnel.addresses));
	if (!lab.loop || !config.tunnel.private_key || !config.tunnel.addresses)
		return -1;
	key_private_generate(config.tunnel.private_key, &rng);
	config.tunnel.addresses[0] = (struct prefix){{ADDR_V4, {10, 0, 0, 2}}, 32};
	config.tunnel.address_count = 1;
	open_far(&rng, &key);
	open_near(&config.tunnel, &rng);
	io_loop_set_flush(lab.loop, on_flush, NULL);
	connect_stream();
	return 0;
}

static int end(void **state)
{
	(void)state;
	lab.full = false;
	if (lab.s)
		net_stream_abort(lab.s);
	tunnel_free(lab.t);
	model_peer_fini(&lab.model);
	wg_device_free(lab.far);
	close(lab.fd);
	node_config_fini(&config);
	io_loop_free(lab.loop);
	return 0;
}

static void assert_nothing_was_repeated(void)
{
	assert_int_equal(lab.s->cc.stats.timeouts, 0);
	assert_int_equal(lab.s->cc.stats.repeats, 0);
	assert_int_equal(lab.model.stats.needless, 0);
}

static void test_what_waits_for_a_session_is_not_timed(void **state)
{
	(void)state;
	/* The session has expired; nobody answers for half a second. */
	sleep_ms(200000);
	far();
	pass();
	assert_false(wg_peer_has_session(lab.peer, sim_boot));
	write_bytes(1000);
	for (unsigned i = 0; i < 5; i++) {
		pass();
		sleep_ms(100);
	}
	assert_int_equal(lab.s->waits.staged, 1);
	far();
	sleep_ms(WAY_MS);
	pass();
	assert_int_equal(lab.s->waits.count, 0);
	sleep_ms(WAY_MS);
	far();
	assert_int_equal(lab.model.stats.bytes, 6000);
	sleep_ms(WAY_MS);
	pass();
	assert_int_equal(net_stream_unacked(lab.s), 0);
	assert_nothing_was_repeated();
	assert_int_equal(lab.s->cc.rtt.latest_ns, 2 * WAY_MS * NS_PER_MS);
}

static void test_a_session_that_does_not_come_is_asked_for_again(void **state)
{
	uint64_t ms;

	(void)state;
	sleep_ms(200000);
	far();
	pass();
	write_bytes(1000);
	/* The attempt ends, with what it was for; the stream is still there and has more to say. */
	for (ms = 0; ms < 300000 && !lab.s->cc.stats.timeouts && !lab.s->cc.stats.repeats; ms += 100) {
		net_stack_set_path(tunnel_stack(lab.t), sim_boot, wg_peer_id(lab.peer), false);
		pass();
		sleep_ms(100);
	}
	assert_in_range(ms, WG_REKEY_ATTEMPT_TIME_MS, WG_REKEY_ATTEMPT_TIME_MS + 10000);
	assert_true(wg_device_drops(tunnel_device(lab.t))[WG_DROP_NO_SESSION] > 0);
	for (unsigned i = 0; i < 400 && lab.model.stats.bytes < 6000; i++)
		round_trip();
	assert_int_equal(lab.model.stats.bytes, 6000);
}

static void test_a_full_socket_loses_nothing_and_holds_little(void **state)
{
	struct net_stack *stack = tunnel_stack(lab.t);
	enum { COUNT = 100000 };
	unsigned passes = 0;

	(void)state;
	/* The window is no limit. */
	lab.s->cc.control.cwnd = COUNT;
	lab.full = true;
	write_bytes(COUNT);
	/* Shorter than a time-out: what was sealed before the socket was found full counts as sent. */
	for (unsigned i = 0; i < 150; i++) {
		pass();
		sleep_ms(1);
		assert_true(lab.s->waits.bytes <= 2 * lab.s->cc.pacer.quantum + config.tunnel.mtu);
		assert_true(stack->out.count < 16);
		/* A first burst was sealed, no more. */
		assert_true(lab.s->cc.sb.count <= CC_INITIAL_SEGMENTS + 8);
	}
	lab.full = false;
	while (net_stream_unacked(lab.s) && passes++ < PASSES_MAX)
		round_trip();
	assert_int_equal(lab.model.stats.bytes, 5000 + COUNT);
	assert_nothing_was_repeated();
}

static void test_a_handshake_is_made_when_the_socket_has_room(void **state)
{
	struct boot_time began;
	struct wg_peer_info info;

	(void)state;
	/* The first packet asks for a new session, behind what the socket does not take. */
	sleep_ms(WG_REKEY_AFTER_TIME_MS);
	began = sim_boot;
	lab.full = true;
	write_bytes(50000);
	for (unsigned i = 0; i < 10; i++) {
		pass();
		sleep_ms(10);
	}
	lab.full = false;
	for (unsigned i = 0; i < 40 && net_stream_unacked(lab.s); i++)
		round_trip();
	wg_peer_info(lab.peer, sim_boot, &info);
	assert_true(info.last_handshake.ns > began.ns);
	assert_int_equal(lab.model.stats.bytes, 55000);
	assert_nothing_was_repeated();
}

/* More than one batch in one round: the first leaves while packets are still being copied. */
static void test_nothing_leaves_unsealed(void **state)
{
	const struct endpoint dst = {.addr = {ADDR_V4, {10, 0, 0, 9}}, .port = 9};
	struct tunnel_udp_sink sink = {0};
	uint8_t data[1300];
	struct net_udp *udp;

	(void)state;
	memset(data, TEXT, sizeof(data));
	assert_int_equal(net_udp_open(tunnel_stack(lab.t), ADDR_V4, &sink, &udp), 0);
	for (unsigned i = 0; i < 450; i++)
		assert_int_equal(net_udp_send(udp, &dst, data, sizeof(data)), 0);
	lab.calls = 0;
	pass();
	assert_true(lab.calls > 2);
	assert_int_equal(lab.readable, 0);
	net_udp_close(udp);
}

static void send_all(size_t count)
{
	size_t before = lab.model.stats.bytes;
	unsigned passes = 0;

	write_bytes(count);
	while (net_stream_unacked(lab.s) && passes++ < PASSES_MAX)
		round_trip();
	assert_int_equal(lab.model.stats.bytes, before + count);
}

static uint32_t open_path(void)
{
	uint32_t id;

	assert_int_equal(paths_open(tunnel_paths(lab.t), carry, NULL, &id), 0);
	return id;
}

static void test_a_peer_roams_to_a_path_and_back(void **state)
{
	struct endpoint udp = *wg_peer_endpoint(lab.peer);
	struct endpoint path = {.addr = addr_path(open_path())};

	(void)state;
	/* What arrives by a path moves the peer there. */
	lab.path = addr_path_id(&path.addr);
	send_all(20000);
	assert_true(endpoint_equal(wg_peer_endpoint(lab.peer), &path));
	lab.calls = 0;
	send_all(20000);
	assert_int_equal(lab.calls, 0);
	assert_true(lab.carried_total > 0);
	lab.path = 0;
	send_all(20000);
	assert_true(endpoint_equal(wg_peer_endpoint(lab.peer), &udp));
	lab.carried_total = 0;
	send_all(20000);
	assert_int_equal(lab.carried_total, 0);
	assert_nothing_was_repeated();
}

static void test_a_session_is_made_over_a_path(void **state)
{
	struct endpoint path = {.addr = addr_path(open_path())};

	(void)state;
	lab.path = addr_path_id(&path.addr);
	wg_peer_set_endpoint(lab.peer, &path);
	sleep_ms(200000);
	far();
	pass();
	assert_false(wg_peer_has_session(lab.peer, sim_boot));
	lab.calls = 0;
	send_all(5000);
	assert_true(wg_peer_has_session(lab.peer, sim_boot));
	assert_int_equal(lab.calls, 0);
	assert_nothing_was_repeated();
}

static void test_nothing_leaves_unsealed_by_a_path(void **state)
{
	const struct endpoint dst = {.addr = {ADDR_V4, {10, 0, 0, 9}}, .port = 9};
	const struct endpoint path = {.addr = addr_path(open_path())};
	struct tunnel_udp_sink sink = {0};
	uint8_t data[1300];
	struct net_udp *udp;

	(void)state;
	wg_peer_set_endpoint(lab.peer, &path);
	memset(data, TEXT, sizeof(data));
	assert_int_equal(net_udp_open(tunnel_stack(lab.t), ADDR_V4, &sink, &udp), 0);
	for (unsigned i = 0; i < 200; i++)
		assert_int_equal(net_udp_send(udp, &dst, data, sizeof(data)), 0);
	lab.calls = 0;
	pass();
	assert_int_equal(lab.carried_total, 200);
	assert_int_equal(lab.calls, 0);
	assert_int_equal(lab.readable, 0);
	net_udp_close(udp);
}

static void test_a_peer_whose_path_is_closed_is_found_again(void **state)
{
	struct endpoint path = {.addr = addr_path(open_path())};

	(void)state;
	lab.path = addr_path_id(&path.addr);
	send_all(20000);
	write_bytes(1000);
	paths_close(tunnel_paths(lab.t), lab.path);
	lab.calls = 0;
	lab.carried_total = 0;
	pass();
	assert_int_equal(lab.calls + lab.carried_total, 0);
	assert_true(paths_counters(tunnel_paths(lab.t))->tx_closed > 0);
	/* Whatever comes from elsewhere moves it. */
	lab.path = 0;
	wg_peer_start(lab.near, sim_boot, 0);
	sleep_ms(WG_REKEY_AFTER_TIME_MS);
	for (unsigned i = 0; i < 100 && net_stream_unacked(lab.s); i++)
		round_trip();
	assert_int_equal(net_stream_unacked(lab.s), 0);
	assert_int_equal(wg_peer_endpoint(lab.peer)->addr.family, ADDR_V4);
}

static const struct prefix any = {{ADDR_V4, {0}}, 0};

/* Without an endpoint. `allowed`: NULL or a prefix. */
static struct wg_peer *add_peer(const struct prefix *allowed)
{
	struct wg_peer_config peer = {.allowed_ips = allowed, .allowed_ip_count = allowed != NULL};
	struct wg_peer *added;
	struct key_private key;

	key_private_generate(&key, &rng);
	assert_int_equal(key_public_from_private(&peer.public_key, &key), 0);
	assert_int_equal(wg_device_add_peer(tunnel_device(lab.t), &peer, &added), 0);
	return added;
}

/* The last destination was this peer's; the next packet to it asks again. */
static void test_a_removed_peer_gets_nothing_more(void **state)
{
	struct wg_device *dev = tunnel_device(lab.t);

	(void)state;
	wg_device_remove_peer(dev, lab.peer);
	write_bytes(1000);
	pass();
	lab.calls = 0;
	sleep_ms(2000);
	pass();
	assert_int_equal(lab.calls, 0);
	assert_int_equal(wg_device_peer_count(dev), 0);
}

static void test_packets_follow_allowed_ips_to_another_peer(void **state)
{
	const uint64_t *drops = wg_device_drops(tunnel_device(lab.t));
	struct wg_peer *heir;

	(void)state;
	heir = add_peer(&any);
	write_bytes(1000);
	pass();
	/* It has no endpoint, so the packet waits with it. */
	assert_int_equal(lab.s->waits.staged, 1);
	assert_int_equal(lab.s->waits.staged_for, wg_peer_id(heir));
	assert_true(drops[WG_DROP_NO_ENDPOINT] > 0);
	assert_int_equal(lab.model.stats.bytes, 5000);
	/* It goes: the stream is not its own and stays, what was kept for it is lost. */
	tunnel_remove_peer(lab.t, heir);
	assert_int_equal(lab.s->waits.count, 0);
	pass();
	assert_int_equal(lab.events & NET_EV_FAILED, 0);
}

static void on_wake(struct tunnel_waiter *w)
{
	(void)w;
	lab.woken++;
}

static void test_removal_of_a_peer_is_told_to_all_who_hold_on_to_it(void **state)
{
	struct tunnel_waiter waiters[3] = {{.on_wake = on_wake}, {.on_wake = on_wake}, {.on_wake = on_wake}};
	struct wg_peer *other = add_peer(NULL);
	uint32_t removed = wg_peer_id(lab.peer);

	(void)state;
	tunnel_wait(lab.t, &waiters[0], lab.peer);
	tunnel_wait_any(lab.t, &waiters[1]);
	tunnel_wait(lab.t, &waiters[2], other);
	net_stack_set_path(tunnel_stack(lab.t), sim_boot, wg_peer_id(lab.peer), false);
	tunnel_remove_peer(lab.t, lab.peer);
	/* From the flush, not from inside the call. */
	assert_int_equal(lab.woken, 0);
	pass();
	assert_int_equal(lab.woken, 2);
	assert_true(list_linked(&waiters[2].link));
	assert_true(lab.events & NET_EV_FAILED);
	assert_int_equal(net_stream_cause(lab.s), CAUSE_NO_ROUTE);
	/* Its entry in the stack goes with the last stream that counts there. */
	sleep_ms(1000);
	pass();
	net_stream_close(lab.s);
	lab.s = NULL;
	assert_non_null(net_peers_find(&tunnel_stack(lab.t)->peers, removed));
	net_stack_trim(tunnel_stack(lab.t));
	assert_null(net_peers_find(&tunnel_stack(lab.t)->peers, removed));
	tunnel_wait_cancel(&waiters[2]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_what_waits_for_a_session_is_not_timed, begin, end),
		cmocka_unit_test_setup_teardown(test_a_session_that_does_not_come_is_asked_for_again, begin, end),
		cmocka_unit_test_setup_teardown(test_a_full_socket_loses_nothing_and_holds_little, begin, end),
		cmocka_unit_test_setup_teardown(test_nothing_leaves_unsealed, begin, end),
		cmocka_unit_test_setup_teardown(test_a_peer_roams_to_a_path_and_back, begin, end),
		cmocka_unit_test_setup_teardown(test_a_session_is_made_over_a_path, begin, end),
		cmocka_unit_test_setup_teardown(test_nothing_leaves_unsealed_by_a_path, begin, end),
		cmocka_unit_test_setup_teardown(test_a_peer_whose_path_is_closed_is_found_again, begin, end),
		cmocka_unit_test_setup_teardown(test_a_removed_peer_gets_nothing_more, begin, end),
		cmocka_unit_test_setup_teardown(test_packets_follow_allowed_ips_to_another_peer, begin, end),
		cmocka_unit_test_setup_teardown(test_removal_of_a_peer_is_told_to_all_who_hold_on_to_it, begin, end),
		cmocka_unit_test_setup_teardown(test_a_handshake_is_made_when_the_socket_has_room, begin, end),
	};

	return cmocka_run_group_tests(tests, setup_crypto, NULL);
}
