/*
 * Receiving of WireGuard's datagrams over real sockets on loopback: single ones, and trains that arrive
 * merged (UDP_GRO) because they were sent as one (UDP_SEGMENT). The input says how long, in what
 * segments, and when is read. Every datagram must come out once, whole, in order and with its
 * bytes; packets that are kept must still be the same when they are given up.
 */
#include <assert.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/packet.h"
#include "base/rd.h"
#include "io/udp_rx.h"

#define STEPS_MAX 200
/* What fits the socket's buffer without loss. */
#define WAITING_BYTES 60000
#define WAITING_MAX 64
#define SEGMENTS_MAX 60		/* in a train; the kernel takes 64 */
#define KEPT_MAX 64
#define PATIENCE_MS 5000
#define BLOCKS 6		/* few: running out is part of it */

struct datagram {
	size_t len;
	uint8_t first;		/* its bytes count on from here */
};

static struct {
	struct packet_pool *pool;
	struct io_udp_counters counters;
	struct udp_rx rx;
	struct udp_rx_source sources[2];	/* [0] with trains where the system has them */
	int senders[2];
	struct datagram waiting[2][WAITING_MAX];
	unsigned waiting_first[2], waiting_count[2];
	size_t waiting_bytes[2];
	struct packet *kept[KEPT_MAX];
	unsigned kept_count;
	uint8_t next, keep;
	unsigned now;		/* which socket is being read */
	uint64_t lost;
} f;

static void check_bytes(const uint8_t *data, size_t len, uint8_t first)
{
	for (size_t i = 0; i < len; i++) {
		if (data[i] != (uint8_t)(first + i))
			abort();
	}
}

static void give_up_kept(void)
{
	while (f.kept_count) {
		struct packet *p = f.kept[--f.kept_count];

		if (p->len)
			check_bytes(p->data, p->len, p->data[0]);
		packet_free(p);
	}
}

/* The datagram that comes next, after those that were longer than their slot. */
static struct datagram take_waiting(const uint8_t *data, size_t len)
{
	for (;;) {
		struct datagram d;

		if (!f.waiting_count[f.now])
			abort();
		d = f.waiting[f.now][f.waiting_first[f.now]];
		f.waiting_first[f.now] = (f.waiting_first[f.now] + 1) % WAITING_MAX;
		f.waiting_count[f.now]--;
		f.waiting_bytes[f.now] -= d.len;
		if (d.len == len && (len == 0 || data[0] == d.first))
			return d;
		if (f.sources[f.now].gro || d.len <= UDP_RX_SLOT_LEN)
			abort();
		f.lost++;
	}
}

static void on_datagram(void *ctx, const struct endpoint *src, struct packet_block *block, uint8_t *data,
			size_t len)
{
	struct datagram d = take_waiting(data, len);
	struct packet *p;

	(void)ctx;
	if (src->addr.family != ADDR_V4 || data < block->data ||
	    data + len > block->data + PACKET_BLOCK_SIZE)
		abort();
	check_bytes(data, len, d.first);
	f.keep = (uint8_t)(f.keep << 1 | f.keep >> 7);
	if (f.keep & 1 && f.kept_count < KEPT_MAX && (p = packet_get(block, data, (uint32_t)len)))
		f.kept[f.kept_count++] = p;
}

static void read_all(unsigned i)
{
	struct pollfd ready = {f.sources[i].fd, POLLIN, 0};

	f.now = i;
	/* A busy kernel delivers later what was sent; what was cut is counted. */
	do {
		while (udp_rx_read(&f.rx, &f.sources[i]) != UDP_RX_DRAINED)
			give_up_kept();
	} while (f.waiting_count[i] > f.counters.rx_truncated - f.lost && poll(&ready, 1, PATIENCE_MS) > 0);
	/* The rest was longer than a slot. */
	while (f.waiting_count[i]) {
		if (f.sources[i].gro || f.waiting[i][f.waiting_first[i]].len <= UDP_RX_SLOT_LEN)
			abort();
		f.waiting_bytes[i] -= f.waiting[i][f.waiting_first[i]].len;
		f.waiting_first[i] = (f.waiting_first[i] + 1) % WAITING_MAX;
		f.waiting_count[i]--;
		f.lost++;
	}
	if (f.counters.rx_truncated != f.lost)
		abort();
}

static void await(unsigned i, size_t len)
{
	unsigned at = (f.waiting_first[i] + f.waiting_count[i]++) % WAITING_MAX;

	f.waiting[i][at] = (struct datagram){len, f.next};
	f.waiting_bytes[i] += len;
	f.next += (uint8_t)len;
}

/* Sends `len` bytes as datagrams of `segment` bytes, the last one shorter; 0: as one. */
static void send_train(unsigned i, size_t len, uint16_t segment)
{
	static uint8_t bytes[65536];
	int value = segment;

	for (size_t at = 0; at < len; at++)
		bytes[at] = (uint8_t)(f.next + at);
	if (setsockopt(f.senders[i], SOL_UDP, UDP_SEGMENT, &value, sizeof(value)) ||
	    send(f.senders[i], bytes, len, 0) < 0)
		return;
	do {
		size_t n = segment && segment < len ? segment : len;

		await(i, n);
		len -= n;
	} while (len);
}

static void step_send(struct rd *r)
{
	unsigned what = rd_u8(r), i = what & 1;
	size_t len = rd_be16(r) % WAITING_BYTES;
	uint16_t segment = what & 2 ? (uint16_t)(rd_be16(r) % 3000) : 0;

	if (what & 4)
		len %= 2000;
	if (segment && len / segment >= SEGMENTS_MAX)
		len = (size_t)segment * SEGMENTS_MAX;
	if (f.waiting_bytes[i] + len > WAITING_BYTES || f.waiting_count[i] + SEGMENTS_MAX + 1 > WAITING_MAX)
		read_all(i);
	send_train(i, len, segment);
}

static int open_pair(int *sender)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	*sender = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 || *sender < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) ||
	    getsockname(fd, (struct sockaddr *)&at, &len) ||
	    connect(*sender, (struct sockaddr *)&at, len)) {
		perror("loopback sockets");
		exit(1);
	}
	return fd;
}

/* Sockets last for all runs; each run leaves them empty. */
static void start(void)
{
	if (!f.pool) {
		f.pool = packet_pool_new(BLOCKS, KEPT_MAX / 2);
		assert(f.pool);
		f.rx = (struct udp_rx){.pool = f.pool, .counters = &f.counters,
				       .on_datagram = on_datagram, .mmsg = true};
		for (unsigned i = 0; i < 2; i++)
			udp_rx_source_init(&f.sources[i], open_pair(&f.senders[i]));
		f.sources[1].gro = false;
		(void)sys_set_option(f.sources[1].fd, SOL_UDP, UDP_GRO, 0);
	}
	f.keep = 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct rd r = rd_init(bytes, len);

	start();
	for (unsigned i = 0; i < STEPS_MAX && r.left; i++) {
		unsigned what = rd_u8(&r);

		if (what % 4 == 0)
			read_all(what >> 2 & 1);
		else if (what % 16 == 1)
			f.keep = rd_u8(&r);
		else if (what % 16 == 2)
			f.rx.mmsg = !f.rx.mmsg;
		else
			step_send(&r);
	}
	read_all(0);
	read_all(1);
	give_up_kept();
	assert(packet_pool_packets_used(f.pool) == 0);
	assert(packet_pool_blocks_used(f.pool) == 0);
	return 0;
}
