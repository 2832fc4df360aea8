/*
 * Theory of operation
 *
 * A wakeup of the loop reads a batch of datagrams. They are opened, an array at a time, in the buffers they
 * arrived in; their inner packets join the batch that net/ takes over in the flush. A round of the flush has
 * four steps: hand received packets to the stack, take the events of device and stack to their owners, seal what
 * the stack wants to send, send what the device itself wants to send. Owners that write to a stream create new
 * output, so the node repeats the rounds until nothing is left; that ends because every round needs new
 * input (bytes of a local socket or of the network) that is bounded per wakeup.
 *
 * While the sockets have no room, packets stay in the stack's queue, where streams have a share each and
 * are told to wait; what the device itself sends (handshakes) still joins the datagrams that wait.
 *
 * Inner packets to a peer without a session are copied to the device's bounded queue; packets
 * that no peer allows are dropped and counted.
 */
#include "link/tunnel.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/packet.h"
#include "io/memlimit.h"
#include "io/sys.h"
#include "link/path.h"
#include "net/path.h"

/* Receive blocks: 64 of 64 kB hold about 2,900 packets, more than one wakeup reads. */
#define TUNNEL_BLOCKS_MAX 64
/* Inner packets in flight between device and stack, and in receive queues of streams. */
#define TUNNEL_PACKETS_MAX 16384
/* Idle for so long, memory of the last burst goes back to the system. */
#define TUNNEL_TRIM_AFTER_MS 2000
#define TUNNEL_BLOCKS_KEPT 1
/* So many lost for a full socket buffer are no accident any more. */
#define TUNNEL_OVERFLOW_TOLD 100
/* Staged data of the device, and any packet of the stack, fits a slot of this size whatever the MTU. */
#define TUNNEL_SLOT_MAX (NET_MTU_MAX + WG_OVERHEAD_LEN + WG_PADDING)

struct tunnel {
	struct io_loop *loop;
	struct io_timer *timer;
	struct io_timer *trim_timer;
	struct paths *paths;
	struct packet_pool *pool;
	struct wg_device *dev;
	struct net_stack *stack;
	struct tunnel_observer observer;
	/* Datagrams not yet opened, and a reference to the block of each. */
	struct wg_datagram arrived[WG_ARRAY_MAX];
	struct packet_block *arrived_in[WG_ARRAY_MAX];
	unsigned arrived_count;
	struct packet *rx_head, **rx_tail;	/* inner packets of this wakeup */
	size_t slot_len;		/* what a packet of the stack becomes, at most */
	struct list waiters, woken;	/* by tunnel_waiter.link */
	struct boot_time last_active;
	bool active;			/* in this flush */
	bool trimmed;
	bool overflow_told;
	struct tunnel_drops drops;
};

static void take_inner(struct tunnel *t, struct packet_block *block, const struct wg_inner *inner)
{
	struct packet *p = packet_get(block, inner->data, (uint32_t)inner->len);

	if (!p) {
		t->drops.no_packet++;
		return;
	}
	p->next = NULL;
	p->peer = wg_peer_id(inner->peer);
	*t->rx_tail = p;
	t->rx_tail = &p->next;
}

/* Opens what has arrived. */
static void open_arrived(struct tunnel *t)
{
	wg_device_input_array(t->dev, io_loop_now(t->loop), t->arrived, t->arrived_count);
	for (unsigned i = 0; i < t->arrived_count; i++) {
		if (t->arrived[i].verdict == WG_DATA)
			take_inner(t, t->arrived_in[i], &t->arrived[i].inner);
		packet_block_unref(t->arrived_in[i]);
	}
	t->arrived_count = 0;
}

static void on_datagram(void *ctx, const struct endpoint *src, struct packet_block *block,
			uint8_t *data, size_t len)
{
	struct tunnel *t = ctx;
	struct wg_datagram *d = &t->arrived[t->arrived_count];

	d->src = *src;
	d->data = data;
	d->len = len;
	packet_block_ref(block);
	t->arrived_in[t->arrived_count++] = block;
	if (t->arrived_count == WG_ARRAY_MAX)
		open_arrived(t);
}

static void on_batch_end(void *ctx)
{
	open_arrived(ctx);
}

static void before_send(void *ctx)
{
	const struct tunnel *t = ctx;

	wg_device_seal_now(t->dev);
}

static void feed_stack(struct tunnel *t, struct boot_time now)
{
	struct packet *batch = t->rx_head;

	if (!batch)
		return;
	t->rx_head = NULL;
	t->rx_tail = &t->rx_head;
	net_stack_input(t->stack, now, batch);
}

/* No session yet: the device keeps a copy and asks for one. */
static void stage_packet(struct tunnel *t, struct wg_peer *peer, struct boot_time now,
			 struct net_out *out)
{
	uint8_t copy[NET_MTU_MAX];
	size_t len = out->len;

	net_out_stage(t->stack, out, copy, wg_peer_id(peer));
	wg_peer_queue(peer, now, copy, len);
}

static void send_packet(struct tunnel *t, struct boot_time now, struct net_out *out)
{
	struct wg_peer *peer = wg_device_route(t->dev, &out->dst);
	const struct endpoint *dst;
	uint8_t *slot;
	int len;

	if (!peer) {
		t->drops.no_route++;
		net_out_drop(t->stack, out);
		return;
	}
	dst = wg_peer_endpoint(peer);
	if (dst->addr.family == ADDR_NONE || !wg_peer_has_session(peer, now)) {
		stage_packet(t, peer, now, out);
		return;
	}
	slot = paths_slot(t->paths, dst, wg_device_datagram_len(t->dev, out->len));
	len = (int)out->len;
	net_out_copy(t->stack, out, slot + WG_DATA_HEADER_LEN);
	len = wg_peer_seal_later(peer, now, slot, (size_t)len);
	if (len > 0)
		paths_commit(t->paths, (size_t)len);
	else
		t->drops.unsealed++;
}

static bool drain_stack_output(struct tunnel *t, struct boot_time now)
{
	struct net_out out;
	bool any = false;

	while (!paths_is_waiting(t->paths) && paths_has_room(t->paths, t->slot_len) &&
	       net_stack_output(t->stack, now, &out)) {
		send_packet(t, now, &out);
		any = true;
	}
	wg_device_seal_now(t->dev);
	return any;
}

static bool drain_device_output(struct tunnel *t, struct boot_time now)
{
	uint8_t datagram[TUNNEL_SLOT_MAX];
	struct endpoint dst;
	uint8_t *slot;
	size_t len;
	bool any = false;

	while (paths_has_room(t->paths, sizeof(datagram)) &&
	       (len = wg_device_output(t->dev, now, io_wall_now(), datagram, sizeof(datagram), &dst)) > 0) {
		slot = paths_slot(t->paths, &dst, len);
		memcpy(slot, datagram, len);
		paths_commit(t->paths, len);
		any = true;
	}
	return any;
}

/* Those who wait for the peer, or for any, are to be told. */
static void wake_waiters(struct tunnel *t, uint32_t peer)
{
	struct list *next;

	for (struct list *n = t->waiters.next; n != &t->waiters; n = next) {
		struct tunnel_waiter *w = LIST_ENTRY(n, struct tunnel_waiter, link);

		next = n->next;
		if (w->peer && w->peer != peer)
			continue;
		list_remove(n);
		list_push_back(&t->woken, n);
	}
}

static bool drain_woken(struct tunnel *t)
{
	struct list *n;
	bool any = false;

	while ((n = list_pop_front(&t->woken))) {
		struct tunnel_waiter *w = LIST_ENTRY(n, struct tunnel_waiter, link);

		w->on_wake(w);
		any = true;
	}
	return any;
}

/* The device gives up after a while; those who still wait may have long time limits. */
static void ask_again(struct tunnel *t, struct wg_peer *peer)
{
	for (struct list *n = t->waiters.next; n != &t->waiters; n = n->next) {
		struct tunnel_waiter *w = LIST_ENTRY(n, struct tunnel_waiter, link);

		if (w->peer && w->peer != wg_peer_id(peer))
			continue;
		wg_peer_start(peer, io_loop_now(t->loop), 0);
		return;
	}
}

static bool drain_device_events(struct tunnel *t)
{
	struct wg_event event;
	bool any = false;

	while (wg_device_event(t->dev, &event)) {
		if (event.type == WG_EVENT_SESSION_UP)
			wake_waiters(t, wg_peer_id(event.peer));
		else if (event.type == WG_EVENT_HANDSHAKE_FAILED)
			ask_again(t, event.peer);
		else if (event.type == WG_EVENT_STAGED_GONE)
			net_stack_left(t->stack, io_loop_now(t->loop), wg_peer_id(event.peer));
		t->observer.on_wg_event(t->observer.ctx, &event);
		any = true;
	}
	return drain_woken(t) || any;
}

static bool drain_stack_events(struct tunnel *t)
{
	struct net_inbound *in;
	struct net_stream *s;
	struct net_udp *udp;
	bool any = false;

	while ((s = net_stack_next_stream(t->stack))) {
		struct tunnel_stream_sink *sink = net_stream_owner(s);

		sink->on_stream(sink, s, net_stream_take_events(s));
		any = true;
	}
	while ((udp = net_stack_next_udp(t->stack))) {
		struct tunnel_udp_sink *sink = net_udp_owner(udp);

		sink->on_udp(sink, udp);
		any = true;
	}
	while ((in = net_stack_next_inbound(t->stack))) {
		struct tunnel_inbound_sink *sink = net_inbound_owner(in);

		sink->on_inbound(sink, in);
		any = true;
	}
	return any;
}

static void set_timer(struct tunnel *t)
{
	io_timer_set(t->timer, boot_min(wg_device_deadline(t->dev), net_stack_deadline(t->stack)));
}

/* Once: the status shows the number. */
static void tell_overflow(struct tunnel *t)
{
	const struct io_udp *udp = paths_udp(t->paths);
	size_t granted = io_udp_receive_buffer(udp);

	t->overflow_told = true;
	/* With all that was asked for, this process is too slow, or the peer too fast. */
	if (granted >= IO_UDP_BUFFER)
		return;
	log_warn("the system dropped %llu received datagrams or more because the buffer of the UDP socket (%zu kB) was "
		 "full; `sysctl -w net.core.rmem_max=%d` lets culvert have a larger one when it starts again",
		 (unsigned long long)io_udp_counters(udp)->rx_overflow, granted >> 10, IO_UDP_BUFFER);
}

bool tunnel_flush(struct tunnel *t)
{
	struct boot_time now = io_loop_now(t->loop);
	bool more;

	t->active |= t->rx_head != NULL;
	feed_stack(t, now);
	more = drain_device_events(t);
	more |= drain_stack_events(t);
	t->active |= more;
	more |= drain_stack_output(t, now);
	more |= drain_device_output(t, now);
	return more;
}

void tunnel_flush_end(struct tunnel *t)
{
	struct boot_time now = io_loop_now(t->loop);

	paths_flush(t->paths);
	if (!t->overflow_told && io_udp_counters(paths_udp(t->paths))->rx_overflow >= TUNNEL_OVERFLOW_TOLD)
		tell_overflow(t);
	set_timer(t);
	if (!t->active)
		return;
	t->active = false;
	t->last_active = now;
	if (t->trimmed) {
		t->trimmed = false;
		io_timer_set(t->trim_timer, boot_add_ms(now, TUNNEL_TRIM_AFTER_MS));
	}
}

void tunnel_send(struct tunnel *t)
{
	struct boot_time now = io_loop_now(t->loop);

	(void)drain_stack_output(t, now);
	(void)drain_device_output(t, now);
	paths_flush(t->paths);
}

static void on_timer(void *ctx)
{
	struct tunnel *t = ctx;
	struct boot_time now = io_loop_now(t->loop);

	if (boot_reached(now, wg_device_deadline(t->dev)))
		wg_device_tick(t->dev, now);
	if (boot_reached(now, net_stack_deadline(t->stack)))
		net_stack_tick(t->stack, now);
}

static void on_trim_timer(void *ctx)
{
	struct tunnel *t = ctx;
	struct boot_time due = boot_add_ms(t->last_active, TUNNEL_TRIM_AFTER_MS);

	if (!boot_reached(io_loop_now(t->loop), due)) {
		io_timer_set(t->trim_timer, due);
		return;
	}
	t->trimmed = true;
	packet_pool_trim(t->pool, TUNNEL_BLOCKS_KEPT);
	net_stack_trim(t->stack);
	paths_trim(t->paths);
	io_memory_trim();
}

static int open_udp(struct tunnel *t, const struct tunnel_config *config, struct fault *fault)
{
	struct io_udp_config udp = {
		.loop = t->loop,
		.pool = t->pool,
		.port = config->listen_port,
		.ipv4 = true,
		.ipv6 = true,
		.on_datagram = on_datagram,
		.on_batch_end = on_batch_end,
		.before_send = before_send,
		.ctx = t,
	};
	int err = paths_new(&udp, &t->paths);

	if (!err)
		return 0;
	fault_set(fault, err, "cannot open UDP port %u for WireGuard: %s%s", config->listen_port, err_text(err),
		  err == ERR_INUSE ? "; choose another ListenPort, or leave it out for any port" : "");
	fault->cannot_bind = err == ERR_INUSE || err == ERR_PERM;
	return err;
}

static int open_stack(struct tunnel *t, const struct tunnel_config *config, const struct rng *rng,
		      struct fault *fault)
{
	struct net_config net = {
		.addresses = config->addresses,
		.address_count = config->address_count,
		.mtu = config->mtu,
		.rng = rng,
		.streams_max = NET_STREAMS_MAX,
		.congestion = config->congestion,
		.memory_max = memlimit_read(""),
		.socket_room = io_udp_receive_buffer(paths_udp(t->paths)),
	};

	t->stack = net_stack_new(&net, io_loop_now(t->loop));
	if (t->stack)
		return 0;
	return fault_set(fault, ERR_NOMEM, "cannot create the TCP/IP stack: %s", err_text(ERR_NOMEM));
}

int tunnel_new(struct io_loop *loop, const struct tunnel_config *config, const struct rng *rng,
	       struct tunnel_observer observer, struct tunnel **out, struct fault *fault)
{
	struct tunnel *t = calloc(1, sizeof(*t));
	int err;

	err = fault_set(fault, ERR_NOMEM, "cannot start the tunnel: %s", err_text(ERR_NOMEM));
	if (!t)
		return err;
	t->loop = loop;
	t->observer = observer;
	t->rx_tail = &t->rx_head;
	t->trimmed = true;
	list_init(&t->waiters);
	list_init(&t->woken);
	t->pool = packet_pool_new(TUNNEL_BLOCKS_MAX, TUNNEL_PACKETS_MAX);
	t->timer = io_timer_new(loop, on_timer, t);
	t->trim_timer = io_timer_new(loop, on_trim_timer, t);
	t->dev = wg_device_new(config->private_key, config->mtu, rng);
	if (!t->pool || !t->timer || !t->trim_timer || !t->dev)
		goto fail;
	t->slot_len = wg_device_datagram_len(t->dev, config->mtu);
	err = open_udp(t, config, fault);
	if (!err)
		err = open_stack(t, config, rng, fault);
	if (err)
		goto fail;
	*out = t;
	return 0;
fail:
	tunnel_free(t);
	return err;
}

void tunnel_free(struct tunnel *t)
{
	struct packet *p;

	if (!t)
		return;
	while ((p = t->rx_head)) {
		t->rx_head = p->next;
		packet_free(p);
	}
	if (t->stack)
		net_stack_free(t->stack);
	if (t->dev)
		wg_device_free(t->dev);
	paths_free(t->paths);
	if (t->timer)
		io_timer_free(t->timer);
	if (t->trim_timer)
		io_timer_free(t->trim_timer);
	if (t->pool)
		packet_pool_free(t->pool);
	free(t);
}

struct io_loop *tunnel_loop(const struct tunnel *t)
{
	return t->loop;
}

struct wg_device *tunnel_device(const struct tunnel *t)
{
	return t->dev;
}

struct net_stack *tunnel_stack(const struct tunnel *t)
{
	return t->stack;
}

struct paths *tunnel_paths(const struct tunnel *t)
{
	return t->paths;
}

bool tunnel_has_udp_family(const struct tunnel *t, enum addr_family family)
{
	return io_udp_has_family(paths_udp(t->paths), family);
}

enum io_udp_trouble tunnel_udp_trouble(const struct tunnel *t, const struct endpoint *dst,
				       struct boot_time since)
{
	return io_udp_trouble(paths_udp(t->paths), dst, since);
}

bool tunnel_path_up(struct tunnel *t, const struct addr *remote)
{
	const struct wg_peer *peer = wg_device_route(t->dev, remote);

	return peer && wg_peer_heard(peer);
}

void tunnel_wait(struct tunnel *t, struct tunnel_waiter *w, struct wg_peer *peer)
{
	w->peer = wg_peer_id(peer);
	list_push_back(&t->waiters, &w->link);
	wg_peer_start(peer, io_loop_now(t->loop), 0);
}

void tunnel_wait_any(struct tunnel *t, struct tunnel_waiter *w)
{
	w->peer = 0;
	list_push_back(&t->waiters, &w->link);
}

void tunnel_wait_cancel(struct tunnel_waiter *w)
{
	list_remove(&w->link);
}

/* Inner packets of the peer that have arrived and were not passed on. */
static void drop_received(struct tunnel *t, uint32_t peer)
{
	struct packet **at = &t->rx_head, *p;

	while ((p = *at)) {
		if (p->peer != peer) {
			at = &p->next;
			continue;
		}
		*at = p->next;
		packet_free(p);
	}
	t->rx_tail = at;
}

void tunnel_remove_peer(struct tunnel *t, struct wg_peer *peer)
{
	struct boot_time now = io_loop_now(t->loop);
	uint32_t id = wg_peer_id(peer);

	wg_device_remove_peer(t->dev, peer);
	drop_received(t, id);
	net_stack_remove_peer(t->stack, now, id);
	wake_waiters(t, id);
}

const struct packet_pool *tunnel_pool(const struct tunnel *t)
{
	return t->pool;
}

const struct tunnel_drops *tunnel_drops(const struct tunnel *t)
{
	return &t->drops;
}
