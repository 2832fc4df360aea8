/*
 * Published ports with real local sockets behind them: the input is a list of steps of a peer on the
 * mesh, of the local targets (a Unix and a TCP socket; a third port is refused), and of the clock.
 * node/{inbound,relay,conn,patience}, net/ and io/ run as they are; only the tunnel between them and
 * the wall clock are the test's. In the end nothing may be left over: no connection, no packet, no
 * memory of the stack, no descriptor.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <netinet/in.h>

#include "base/compiler.h"
#include "base/log.h"
#include "front/publish.h"
#include "net/mem.h"
#include "net/path.h"
#include "support/fuzz_peer.h"
#include "support/sim_clock.h"

#define STEPS_MAX 200
#define BATCH_MAX 8
#define PORTS 3
#define CONNS 8		/* two of each family to the first port, one to each of the others */
#define CLIENTS_MAX 8	/* accepted by the targets */
#define CONNECTIONS_MAX 3	/* of a port: fewer than the peer can open */
#define STREAMS_MAX 32
#define ROUNDS_MAX 1000
#define TIME_STEP_MS 5000	/* as often as patience looks */

/* The tunnel, as far as front/publish knows it. */
struct tunnel {
	struct io_loop *loop;
	struct net_stack *stack;
};

struct world {
	struct tunnel tunnel;
	struct patience patience;
	struct service_config configs[PORTS];
	struct conn_group groups[PORTS];
	struct publish *published[PORTS];
	struct packet_pool *pool;
	struct fuzz_conn conns[CONNS];
	struct raw_packet batch[BATCH_MAX];
	size_t batch_len;
	int clients[CLIENTS_MAX];
	bool path_down;
	int free_fd;	/* when the run began */
};

static struct world w;
/* Of the whole process, as is the clock, which goes on from one run to the next. */
static struct io_loop *loop;
static int targets[2] = {-1, -1};
static struct io_address target_at[PORTS];

struct io_loop *tunnel_loop(const struct tunnel *t)
{
	return t->loop;
}

struct net_stack *tunnel_stack(const struct tunnel *t)
{
	return t->stack;
}

static bool path_up(void *ctx, const struct net_stream *s)
{
	(void)ctx;
	(void)s;
	return !w.path_down;
}

/* --- what the tunnel does in a wakeup --- */

static void feed_batch(void)
{
	raw_feed(w.tunnel.stack, w.pool, sim_boot, w.batch, w.batch_len);
	w.batch_len = 0;
}

static bool move_events(void)
{
	struct net_inbound *in;
	struct net_stream *s;
	bool any = false;

	while ((s = net_stack_next_stream(w.tunnel.stack))) {
		struct tunnel_stream_sink *sink = net_stream_owner(s);

		sink->on_stream(sink, s, net_stream_take_events(s));
		any = true;
	}
	while ((in = net_stack_next_inbound(w.tunnel.stack))) {
		struct tunnel_inbound_sink *sink = net_inbound_owner(in);

		sink->on_inbound(sink, in);
		any = true;
	}
	return any;
}

static bool take_output(void)
{
	static struct raw_packet p;
	bool any = false;

	while (raw_take(w.tunnel.stack, &p)) {
		fuzz_note_sent(w.conns, CONNS, &p);
		any = true;
	}
	return any;
}

static void flush(void *ctx)
{
	unsigned rounds = 0;
	bool more;

	(void)ctx;
	if (boot_reached(sim_boot, net_stack_deadline(w.tunnel.stack)))
		net_stack_tick(w.tunnel.stack, sim_boot);
	feed_batch();
	do {
		more = move_events();
		more |= take_output();
		assert(++rounds < ROUNDS_MAX);
	} while (more);
	io_loop_stop(loop);
}

/* One pass of the loop: sockets that are ready, timers that are due, the flush hook. */
static void pass(void)
{
	int err;

	io_loop_again(loop);
	err = io_loop_run(loop);
	assert(!err);
	(void)err;
}

/* --- the targets --- */

static int listen_on(const struct sockaddr *sa, socklen_t len)
{
	int fd = socket(sa->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, sa, len) < 0 || listen(fd, 64) < 0)
		abort();
	return fd;
}

/* A path that is gone with the process: nobody looks for it afterwards. */
static void open_unix_target(void)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	char dir[] = "/tmp/fuzz_inbound.XXXXXX";

	if (!mkdtemp(dir))
		abort();
	snprintf(sa.sun_path, sizeof(sa.sun_path), "%s/s", dir);
	snprintf(target_at[0].path, sizeof(target_at[0].path), "%s/s", dir);
	targets[0] = listen_on((struct sockaddr *)&sa, sizeof(sa));
}

static void open_tcp_target(struct io_address *at, int *fd)
{
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(sa);

	*fd = listen_on((struct sockaddr *)&sa, sizeof(sa));
	if (getsockname(*fd, (struct sockaddr *)&sa, &len) < 0)
		abort();
	at->endpoint.addr = (struct addr){ADDR_V4, {127, 0, 0, 1}};
	at->endpoint.port = ntohs(sa.sin_port);
}

static void remove_unix_target(void)
{
	char *slash = strrchr(target_at[0].path, '/');

	(void)unlink(target_at[0].path);
	*slash = '\0';
	(void)rmdir(target_at[0].path);
}

static void open_targets(void)
{
	int refusing;

	loop = io_loop_new();
	assert(loop);
	log_set_level(LOG_ERROR);
	open_unix_target();
	if (atexit(remove_unix_target))
		abort();
	open_tcp_target(&target_at[1], &targets[1]);
	/* Bound, so that nobody else gets the port, but no longer listening. */
	open_tcp_target(&target_at[2], &refusing);
	(void)shutdown(refusing, SHUT_RD);
}

/* The lowest descriptor that is free: the same before and after a run that leaves none open. */
static int free_fd(void)
{
	int fd = dup(targets[0]);

	(void)close(fd);
	return fd;
}

static void step_target(struct rd *r)
{
	unsigned what = rd_u8(r), i = (what >> 3) % CLIENTS_MAX;
	static uint8_t data[1 << 16];
	struct linger abort_it = {.l_onoff = 1};
	int *fd = &w.clients[i];

	if (*fd < 0) {
		*fd = accept4(targets[what & 1], NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		return;
	}
	switch (what & 7) {
	case 0:
	case 1:
		(void)recv(*fd, data, fuzz_share(r, sizeof(data)), 0);
		return;
	case 2:
	case 3:
		(void)send(*fd, data, fuzz_share(r, sizeof(data)), MSG_NOSIGNAL);
		return;
	case 4:
		(void)shutdown(*fd, SHUT_WR);
		return;
	case 5:
		(void)shutdown(*fd, SHUT_RD);
		return;
	case 6:
		(void)setsockopt(*fd, SOL_SOCKET, SO_LINGER, &abort_it, sizeof(abort_it));
		break;
	default:
		break;
	}
	(void)close(*fd);
	*fd = -1;
}

/* --- a run --- */

static void publish(unsigned i)
{
	struct service_config *config = &w.configs[i];

	*config = (struct service_config){
		.kind = SERVICE_PUBLISH,
		.listen_port = (uint16_t)(80 + i),
		.target = {.addr = target_at[i].endpoint.addr, .port = target_at[i].endpoint.port},
		.max_connections = CONNECTIONS_MAX,
		.idle_timeout_ms = i == 1 ? 60000 : 0,
	};
	memcpy(config->unix_path, target_at[i].path, sizeof(config->unix_path));
	conn_group_init(&w.groups[i], loop, config->max_connections);
	w.groups[i].config = config;
	w.groups[i].patience = &w.patience;
	w.groups[i].idle_ms = config->idle_timeout_ms;
	if (publish_new(&w.groups[i], &w.tunnel, NULL, &w.published[i]))
		abort();
}

static void start(void)
{
	static struct rng_seeded seed;
	static struct rng rng;
	static struct prefix own[2];
	struct net_config config;

	if (!loop)
		open_targets();
	sim_boot = boot_add_ms(sim_boot, 1000);
	memset(&w, 0, sizeof(w));
	w.free_fd = free_fd();
	rng = rng_seeded_init(&seed, 1);
	own[0] = (struct prefix){fuzz_v4(2), 32};
	own[1] = (struct prefix){fuzz_v6(2), 128};
	config = (struct net_config){
		.addresses = own, .address_count = 2, .mtu = 1420,
		.rng = &rng, .streams_max = STREAMS_MAX,
	};
	w.pool = packet_pool_new(256, 256);
	w.tunnel.loop = loop;
	w.tunnel.stack = net_stack_new(&config, sim_boot);
	if (!w.pool || !w.tunnel.stack || patience_init(&w.patience, loop, path_up, NULL))
		abort();
	for (unsigned i = 0; i < CLIENTS_MAX; i++)
		w.clients[i] = -1;
	for (unsigned i = 0; i < CONNS; i++) {
		struct fuzz_conn *c = &w.conns[i];

		c->us.addr = i & 1 ? fuzz_v6(2) : fuzz_v4(2);
		c->us.port = (uint16_t)(i < 4 ? 80 : i < 6 ? 81 : 82);
		c->peer.addr = i & 1 ? fuzz_v6(9) : fuzz_v4(9);
		c->peer.port = (uint16_t)(1000 + i);
		c->snd = 5000;
	}
	for (unsigned i = 0; i < PORTS; i++)
		publish(i);
	io_loop_set_flush(loop, flush, NULL);
	pass();
}

static void expect_nothing_left(void)
{
	assert(free_fd() == w.free_fd);
	assert(net_mem_count() == 0);
	assert(packet_pool_packets_used(w.pool) == 0);
	assert(packet_pool_blocks_used(w.pool) == 0);
}

static void stop(void)
{
	int fd;

	feed_batch();
	for (unsigned i = 0; i < PORTS; i++) {
		conn_group_kill(&w.groups[i]);
		publish_free(w.published[i]);
	}
	take_output();
	net_stack_free(w.tunnel.stack);
	patience_fini(&w.patience);
	io_loop_set_flush(loop, NULL, NULL);
	for (unsigned i = 0; i < CLIENTS_MAX; i++) {
		if (w.clients[i] >= 0)
			(void)close(w.clients[i]);
	}
	for (unsigned i = 0; i < 2; i++) {
		while ((fd = accept4(targets[i], NULL, NULL, SOCK_CLOEXEC)) >= 0)
			(void)close(fd);
	}
	expect_nothing_left();
	packet_pool_free(w.pool);
}

static struct raw_packet *next_packet(void)
{
	if (w.batch_len == BATCH_MAX)
		feed_batch();
	return &w.batch[w.batch_len++];
}

/* A connection as it should be: SYN with options, then the ACK of the answer. */
static void step_open(struct rd *r)
{
	struct fuzz_conn *c = &w.conns[rd_u8(r) % CONNS];
	struct raw_tcp t = {.src = c->peer, .dst = c->us, .seq = c->snd, .flags = RAW_SYN,
			    .wnd = 60000, .opts = {2, 4, 5, 0x50, 1, 3, 3, 7}, .opt_len = 8};

	raw_make_tcp(next_packet(), &t);
	pass();	/* the target is dialled */
	pass();	/* it has accepted, or refused */
	c->snd++;
	t = (struct raw_tcp){.src = c->peer, .dst = c->us, .seq = c->snd, .ack = c->nxt,
			     .flags = RAW_ACK, .wnd = 60000};
	raw_make_tcp(next_packet(), &t);
	pass();
}

/*
 * SYNs of ports that never go on, in one batch with what follows: more than are held, so that the
 * stack answers the rest itself.
 */
static void step_burst(struct rd *r)
{
	unsigned count = rd_u8(r) % 24;

	for (unsigned i = 0; i < count; i++) {
		struct raw_tcp t = {.src = {.addr = fuzz_v4(9), .port = (uint16_t)(2000 + i)},
				    .dst = {.addr = fuzz_v4(2), .port = 80}, .seq = 1, .flags = RAW_SYN,
				    .wnd = 60000};

		raw_make_tcp(next_packet(), &t);
	}
}

/* Time goes by in steps as small as the loop makes them, or all at once: the process stood still. */
static void step_time(struct rd *r)
{
	uint64_t ms = (uint64_t)rd_u8(r) * rd_u8(r);
	unsigned how = rd_u8(r);

	if (how & 1)
		ms *= 8;	/* minutes: relays with one end, half-open remotes */
	while (ms && !(how & 2)) {
		uint64_t part = ms < TIME_STEP_MS ? ms : TIME_STEP_MS;

		sim_boot = boot_add_ms(sim_boot, part);
		pass();
		ms -= part;
	}
	sim_boot = boot_add_ms(sim_boot, ms);
	pass();
}

/* The path is lost, or comes back, or the outage ends what it has kept. */
static void step_path(struct rd *r)
{
	unsigned what = rd_u8(r);

	if (what == 255) {
		(void)net_stack_end_peer(w.tunnel.stack, sim_boot, raw_peer, CAUSE_TUNNEL_DOWN);
		return;
	}
	w.path_down = what & 1;
	net_stack_set_path(w.tunnel.stack, sim_boot, raw_peer, !w.path_down);
}

static void step(struct rd *r)
{
	switch (rd_u8(r) % 16) {
	case 0:
		step_time(r);
		break;
	case 1:
		step_path(r);
		break;
	case 2:
		/* Rarely, since nothing is accepted afterwards. */
		switch (rd_u8(r)) {
		case 77:
			w.groups[0].draining = true;
			break;
		case 78:
			publish_stop(w.published[0]);
			break;
		default:
			break;
		}
		break;
	case 3:
	case 4:
		step_open(r);
		break;
	case 5:
		step_burst(r);
		break;
	case 6:
	case 7:
		pass();
		break;
	case 8:
	case 9:
	case 10:
	case 11:
		step_target(r);
		break;
	default:
		fuzz_make_segment(r, w.conns, CONNS, next_packet());
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct rd r = rd_init(bytes, len);

	start();
	for (unsigned i = 0; i < STEPS_MAX && r.left; i++)
		step(&r);
	stop();
	return 0;
}
