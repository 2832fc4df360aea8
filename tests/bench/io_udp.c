/*
 * What a datagram costs in io/udp over loopback, with and without the kernel's trains: processor
 * time of this process in nanoseconds a datagram, sending and receiving apart. Loopback has no
 * device below it, so the figures compare the modes, not machines.
 *
 * usage: io_udp [DATAGRAMS [LENGTH]]
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/packet.h"
#include "io/udp_private.h"

#define BATCH 43	/* one train of full WireGuard datagrams */

struct bench {
	struct io_loop *loop;
	struct io_udp *from, *to;
	struct endpoint dst;
	size_t len;
	unsigned left, in_flight;
	uint64_t send_ns, receive_ns, received;
};

static uint64_t cpu_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

static void on_datagram(void *ctx, const struct endpoint *src, struct packet_block *block,
			uint8_t *data, size_t len)
{
	struct bench *b = ctx;

	(void)src;
	(void)block;
	(void)data;
	(void)len;
	b->received++;
	b->in_flight--;
}

static void ignore_datagram(void *ctx, const struct endpoint *src, struct packet_block *block,
			    uint8_t *data, size_t len)
{
	(void)ctx;
	(void)src;
	(void)block;
	(void)data;
	(void)len;
}

static void on_flush(void *ctx)
{
	struct bench *b = ctx;
	uint64_t start;

	if (b->in_flight)
		return;
	if (!b->left) {
		io_loop_stop(b->loop);
		return;
	}
	start = cpu_ns();
	for (unsigned i = 0; i < 4 * BATCH && b->left; i++, b->left--) {
		memset(io_udp_slot(b->from, &b->dst, b->len), 1, b->len);
		io_udp_commit(b->from, b->len);
		b->in_flight++;
	}
	io_udp_flush(b->from);
	b->send_ns += cpu_ns() - start;
	io_loop_again(b->loop);
}

static struct io_udp *open_udp(struct bench *b, struct packet_pool *pool, io_udp_fn fn)
{
	struct io_udp_config config = {
		.loop = b->loop, .pool = pool, .ipv4 = true, .on_datagram = fn, .ctx = b,
	};
	struct io_udp *udp;

	if (io_udp_new(&config, &udp)) {
		fprintf(stderr, "io_udp: cannot open a UDP socket\n");
		exit(1);
	}
	return udp;
}

static void run(const char *name, const struct io_udp_offload *offload, unsigned count, size_t len)
{
	struct bench b = {.len = len, .left = count};
	struct packet_pool *pool = packet_pool_new(16, 64);
	const struct io_udp_counters *tx, *rx;
	uint64_t start;

	b.loop = io_loop_new();
	if (!b.loop || !pool)
		exit(1);
	b.from = open_udp(&b, pool, ignore_datagram);
	b.to = open_udp(&b, pool, on_datagram);
	io_udp_set_offload(b.from, offload);
	io_udp_set_offload(b.to, offload);
	b.dst.port = io_udp_port(b.to);
	b.dst.addr = addr_v4((const uint8_t[]){127, 0, 0, 1});
	io_loop_set_flush(b.loop, on_flush, &b);
	io_loop_again(b.loop);
	start = cpu_ns();
	if (io_loop_run(b.loop))
		exit(1);
	b.receive_ns = cpu_ns() - start - b.send_ns;
	tx = io_udp_counters(b.from);
	rx = io_udp_counters(b.to);
	printf("%-28s %8.0f %8.0f %10.1f %10.1f\n", name, (double)b.send_ns / count,
	       (double)b.receive_ns / count, (double)tx->tx_datagrams / (double)tx->tx_calls,
	       (double)rx->rx_datagrams / (double)rx->rx_calls);
	io_udp_free(b.from);
	io_udp_free(b.to);
	packet_pool_free(pool);
	io_loop_free(b.loop);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		struct io_udp_offload offload;
	} modes[] = {
		{"GSO sent, GRO received", {.gro = true, .gso = true, .mmsg = true}},
		{"GSO sent, recvmmsg", {.gro = false, .gso = true, .mmsg = true}},
		{"sendmmsg, GRO received", {.gro = true, .gso = false, .mmsg = true}},
		{"sendmmsg, recvmmsg", {.gro = false, .gso = false, .mmsg = true}},
		{"one call a datagram", {.gro = false, .gso = false, .mmsg = false}},
	};
	unsigned count = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 500000;
	size_t len = argc > 2 ? (size_t)strtoul(argv[2], NULL, 10) : 1452;

	if (!count || !len || len > 9000) {
		fprintf(stderr, "usage: io_udp [DATAGRAMS [LENGTH]]\n");
		return 2;
	}
	printf("%u datagrams of %zu bytes over loopback\n", count, len);
	printf("%-28s %8s %8s %10s %10s\n", "ns a datagram", "send", "receive", "a tx call",
	       "a rx call");
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		run(modes[i].name, &modes[i].offload, count, len);
	return 0;
}
