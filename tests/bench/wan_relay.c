/*
 * A wide-area path for the bench: relays the UDP datagrams of tunnels between their nodes and one
 * far end, with for each way a bottleneck (rate, drop-tail queue), a delay, loss (single, in bursts)
 * and late packets. Every tunnel has a port of its own; all share the path.
 *
 * usage: wan_relay FAR_ADDRESS FAR_PORT LISTEN_PORT...
 *
 * Commands on standard input, a line each; the answer is one line:
 *	up|down [rate=BIT/S] [queue=BYTES] [delay=US] [loss=PPM] [burst=PPM] [burst_len=N] [late=PPM] [late_us=US]
 *		sets the path of one way, what is not named to none; forgets what was counted. Answer: ok
 *	stats	answer: JSON: for each way what passed, overflowed, was lost; the 99th percentile and the most of
 *		the relay's own lateness in us; what its sockets dropped. Counting starts over.
 *
 * Arrival is the kernel's time stamp, so that a relay that is scheduled late does not see a burst
 * where there was none; departure is late by what is reported. A datagram occupies the bottleneck
 * with 28 bytes more (IPv4, UDP). Random loss and lateness come behind the bottleneck and spare
 * handshakes (message types 1 to 3): a row is to start.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define FLOWS_MAX 8
#define PACKET_MAX 2048
#define PACKETS_MAX 65536	/* 90 MB in flight: more than any row has */
#define BATCH 64
#define OVERHEAD 28
#define MESSAGE_DATA 4
#define BUCKETS 20000		/* of 1 us: lateness */
#define SOCKET_BUFFER (32 << 20)
#define NS_PER_S UINT64_C(1000000000)

enum way { UP, DOWN };

struct path {
	uint64_t rate, queue, delay_ns, late_ns;
	unsigned loss, burst, burst_len, late;
	uint64_t free_at;	/* when the bottleneck has sent all it has */
	bool in_burst;
	uint64_t passed, overflowed, lost;
};

struct flow {
	int near_fd, far_fd;
	struct sockaddr_in near;	/* whoever spoke last */
	bool known;
	uint32_t dropped[2];		/* by the sockets, since they were made */
};

struct packet {
	uint64_t due;
	uint64_t order;			/* ties leave in the order of arrival */
	unsigned len;
	uint8_t way, flow;
	char data[PACKET_MAX];
};

static struct packet packets[PACKETS_MAX];
static uint32_t unused[PACKETS_MAX], heap[PACKETS_MAX];
static uint32_t unused_count, heap_count;
static uint64_t arrivals, exhausted;
static struct path paths[2];
static struct flow flows[FLOWS_MAX];
static unsigned flow_count;
static uint64_t lateness[BUCKETS + 1], late_count, late_most;
static uint32_t dropped_before;
static uint64_t rng_state = 88172645463325252u;

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

/* xorshift64: Marsaglia 2003. */
static uint64_t random_u64(void)
{
	rng_state ^= rng_state << 13;
	rng_state ^= rng_state >> 7;
	rng_state ^= rng_state << 17;
	return rng_state;
}

static bool chance(unsigned ppm)
{
	return ppm && random_u64() % 1000000 < ppm;
}

/* --- packets by time of departure ----------------------------------------------------------- */

static bool before(uint32_t a, uint32_t b)
{
	if (packets[a].due != packets[b].due)
		return packets[a].due < packets[b].due;
	return packets[a].order < packets[b].order;
}

static void heap_push(uint32_t p)
{
	uint32_t i = heap_count++;

	for (; i && before(p, heap[(i - 1) / 2]); i = (i - 1) / 2)
		heap[i] = heap[(i - 1) / 2];
	heap[i] = p;
}

static uint32_t heap_pop(void)
{
	uint32_t top = heap[0], last = heap[--heap_count], i = 0;

	for (;;) {
		uint32_t child = 2 * i + 1;

		if (child >= heap_count)
			break;
		if (child + 1 < heap_count && before(heap[child + 1], heap[child]))
			child++;
		if (!before(heap[child], last))
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = last;
	return top;
}

/* --- the path ------------------------------------------------------------------------------- */

/* Gilbert's model: bursts of the mean length, as many as give the share of lost packets. */
static bool lost_in_burst(struct path *p)
{
	unsigned len = p->burst_len ? p->burst_len : 1;

	if (!p->burst)
		return false;
	if (p->in_burst)
		p->in_burst = random_u64() % len != 0;
	else
		p->in_burst = random_u64() % (UINT64_C(1000000) * len) < p->burst;
	return p->in_burst;
}

/* When the packet leaves; 0: it does not. */
static uint64_t admit(struct path *p, uint64_t arrived, const char *data, unsigned len)
{
	uint64_t at = arrived, due;

	if (p->rate) {
		uint64_t waiting = p->free_at > arrived ? p->free_at - arrived : 0;

		if (waiting * p->rate / (8 * NS_PER_S) + len + OVERHEAD > p->queue) {
			p->overflowed++;
			return 0;
		}
		at = (waiting ? p->free_at : arrived) + (len + OVERHEAD) * 8 * NS_PER_S / p->rate;
		p->free_at = at;
	}
	if (data[0] == MESSAGE_DATA && (chance(p->loss) | lost_in_burst(p))) {
		p->lost++;
		return 0;
	}
	p->passed++;
	due = at + p->delay_ns;
	if (data[0] == MESSAGE_DATA && p->late_ns && chance(p->late))
		due += random_u64() % p->late_ns;
	return due;
}

/* --- sockets -------------------------------------------------------------------------------- */

struct batch {
	struct mmsghdr messages[BATCH];
	struct iovec iov[BATCH];
	char control[BATCH][128];
	struct sockaddr_in from[BATCH];
	uint32_t index[BATCH];
	unsigned count;
};

static struct batch in;

static void read_control(struct msghdr *msg, uint64_t *stamp, uint32_t *dropped)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		struct timespec t;

		if (c->cmsg_level != SOL_SOCKET)
			continue;
		if (c->cmsg_type == SCM_TIMESTAMPNS) {
			memcpy(&t, CMSG_DATA(c), sizeof(t));
			*stamp = (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
		} else if (c->cmsg_type == SO_RXQ_OVFL) {
			memcpy(dropped, CMSG_DATA(c), sizeof(*dropped));
		}
	}
}

static void prepare_batch(void)
{
	for (in.count = 0; in.count < BATCH && unused_count; in.count++) {
		unsigned i = in.count;

		in.index[i] = unused[--unused_count];
		in.iov[i] = (struct iovec){packets[in.index[i]].data, PACKET_MAX};
		in.messages[i].msg_hdr = (struct msghdr){
			.msg_name = &in.from[i], .msg_namelen = sizeof(in.from[i]), .msg_iov = &in.iov[i],
			.msg_iovlen = 1, .msg_control = in.control[i], .msg_controllen = sizeof(in.control[i]),
		};
	}
	if (!in.count) {
		fputs("wan_relay: too many packets in flight\n", stderr);
		exit(1);
	}
}

/* Reads a batch from one socket; false when there may be no more. */
static bool relay_in(unsigned flow, enum way way, uint64_t real_ahead)
{
	struct flow *f = &flows[flow];
	int n;

	prepare_batch();
	n = recvmmsg(way == UP ? f->near_fd : f->far_fd, in.messages, in.count, MSG_DONTWAIT, NULL);
	for (unsigned i = 0; i < in.count; i++) {
		struct packet *p = &packets[in.index[i]];
		uint64_t stamp = 0;

		if ((int)i < n)
			read_control(&in.messages[i].msg_hdr, &stamp, &f->dropped[way]);
		if ((int)i < n && way == UP) {
			f->near = in.from[i];
			f->known = true;
		}
		p->due = (int)i < n && in.messages[i].msg_len
				 ? admit(&paths[way], stamp - real_ahead, p->data, in.messages[i].msg_len) : 0;
		if (!p->due) {
			unused[unused_count++] = in.index[i];
			continue;
		}
		p->order = arrivals++;
		p->len = in.messages[i].msg_len;
		p->way = (uint8_t)way;
		p->flow = (uint8_t)flow;
		heap_push(in.index[i]);
	}
	return n == (int)in.count;
}

static void note_lateness(uint64_t late_ns)
{
	uint64_t us = late_ns / 1000;

	lateness[us < BUCKETS ? us : BUCKETS]++;
	late_count++;
	if (us > late_most)
		late_most = us;
}

/* Sends what is due. When the next is, or UINT64_MAX. */
static uint64_t relay_out(void)
{
	while (heap_count) {
		struct packet *p = &packets[heap[0]];
		uint64_t now = clock_ns(CLOCK_MONOTONIC);
		struct flow *f = &flows[p->flow];
		ssize_t n = 0;

		if (p->due > now)
			return p->due;
		note_lateness(now - p->due);
		if (p->way == UP)
			n = send(f->far_fd, p->data, p->len, MSG_DONTWAIT);
		else if (f->known)
			n = sendto(f->near_fd, p->data, p->len, MSG_DONTWAIT, (struct sockaddr *)&f->near, sizeof(f->near));
		if (n < 0 && errno != ECONNREFUSED)
			exhausted++;
		unused[unused_count++] = heap_pop();
	}
	return UINT64_MAX;
}

static void set_up_socket(int fd)
{
	int one = 1, size = SOCKET_BUFFER;

	if (fd < 0)
		fail("socket");
	setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof(one));
	setsockopt(fd, SOL_SOCKET, SO_RXQ_OVFL, &one, sizeof(one));
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
}

static void open_flow(const struct sockaddr_in *far, const char *port)
{
	struct flow *f = &flows[flow_count++];
	struct sockaddr_in near = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};

	f->near_fd = socket(AF_INET, SOCK_DGRAM, 0);
	f->far_fd = socket(AF_INET, SOCK_DGRAM, 0);
	set_up_socket(f->near_fd);
	set_up_socket(f->far_fd);
	if (bind(f->near_fd, (struct sockaddr *)&near, sizeof(near)))
		fail("bind");
	if (connect(f->far_fd, (const struct sockaddr *)far, sizeof(*far)))
		fail("connect");
}

/* --- commands ------------------------------------------------------------------------------- */

static uint32_t dropped_by_sockets(void)
{
	uint32_t sum = 0;

	for (unsigned i = 0; i < flow_count; i++)
		sum += flows[i].dropped[UP] + flows[i].dropped[DOWN];
	return sum;
}

static void forget(void)
{
	for (unsigned way = UP; way <= DOWN; way++)
		paths[way].passed = paths[way].overflowed = paths[way].lost = 0;
	memset(lateness, 0, sizeof(lateness));
	late_count = late_most = exhausted = 0;
	dropped_before = dropped_by_sockets();
}

static bool set_option(struct path *p, const char *name, uint64_t value)
{
	if (!strcmp(name, "rate"))
		p->rate = value;
	else if (!strcmp(name, "queue"))
		p->queue = value;
	else if (!strcmp(name, "delay"))
		p->delay_ns = value * 1000;
	else if (!strcmp(name, "late_us"))
		p->late_ns = value * 1000;
	else if (!strcmp(name, "loss"))
		p->loss = (unsigned)value;
	else if (!strcmp(name, "burst"))
		p->burst = (unsigned)value;
	else if (!strcmp(name, "burst_len"))
		p->burst_len = (unsigned)value;
	else if (!strcmp(name, "late"))
		p->late = (unsigned)value;
	else
		return false;
	return true;
}

static void print_stats(void)
{
	uint64_t seen = 0, p99 = 0;

	while (p99 < BUCKETS && (seen += lateness[p99]) * 100 < late_count * 99)
		p99++;
	printf("{\"late_p99_us\": %llu, \"late_most_us\": %llu, \"dropped\": %llu", (unsigned long long)p99,
	       (unsigned long long)late_most,
	       (unsigned long long)(dropped_by_sockets() - dropped_before + exhausted));
	for (unsigned way = UP; way <= DOWN; way++)
		printf(", \"%s\": {\"passed\": %llu, \"overflowed\": %llu, \"lost\": %llu}", way == UP ? "up" : "down",
		       (unsigned long long)paths[way].passed, (unsigned long long)paths[way].overflowed,
		       (unsigned long long)paths[way].lost);
	puts("}");
	forget();
}

static void command(char *line)
{
	char *word = strtok(line, " \n");
	struct path *p;

	if (word && !strcmp(word, "stats")) {
		print_stats();
		return;
	}
	if (!word || (strcmp(word, "up") && strcmp(word, "down"))) {
		puts("unknown command");
		return;
	}
	p = &paths[word[0] == 'u' ? UP : DOWN];
	*p = (struct path){0};
	while ((word = strtok(NULL, " \n"))) {
		char *value = strchr(word, '=');

		if (value)
			*value++ = '\0';
		if (!value || !set_option(p, word, strtoull(value, NULL, 10))) {
			puts("unknown option");
			return;
		}
	}
	forget();
	puts("ok");
}

/* --- the loop ------------------------------------------------------------------------------- */

static void run(void)
{
	struct pollfd fds[1 + 2 * FLOWS_MAX] = {{.fd = 0, .events = POLLIN}};
	char line[512];

	for (unsigned i = 0; i < flow_count; i++) {
		fds[1 + 2 * i] = (struct pollfd){.fd = flows[i].near_fd, .events = POLLIN};
		fds[2 + 2 * i] = (struct pollfd){.fd = flows[i].far_fd, .events = POLLIN};
	}
	for (;;) {
		uint64_t next = relay_out(), now = clock_ns(CLOCK_MONOTONIC), wait = next > now ? next - now : 0;
		struct timespec t = {(time_t)(wait / NS_PER_S), (long)(wait % NS_PER_S)};
		uint64_t ahead;

		if (ppoll(fds, 1 + 2 * flow_count, next == UINT64_MAX ? NULL : &t, NULL) < 0 && errno != EINTR)
			fail("ppoll");
		if (fds[0].revents) {
			if (!fgets(line, sizeof(line), stdin))
				exit(0);
			command(line);
			fflush(stdout);
		}
		ahead = clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_MONOTONIC);
		for (unsigned i = 0; i < flow_count; i++) {
			while (fds[1 + 2 * i].revents && relay_in(i, UP, ahead))
				;
			while (fds[2 + 2 * i].revents && relay_in(i, DOWN, ahead))
				;
		}
	}
}

int main(int argc, char **argv)
{
	struct sched_param priority = {.sched_priority = 1};
	struct sockaddr_in far = {.sin_family = AF_INET};

	if (argc < 4 || argc > 3 + FLOWS_MAX || inet_pton(AF_INET, argv[1], &far.sin_addr) != 1) {
		fputs("usage: wan_relay FAR_ADDRESS FAR_PORT LISTEN_PORT...\n", stderr);
		return 2;
	}
	far.sin_port = htons((uint16_t)atoi(argv[2]));
	setvbuf(stdin, NULL, _IONBF, 0);
	prctl(PR_SET_TIMERSLACK, 1);
	/* It is the network: it must not wait for the programs that are measured. */
	(void)sched_setscheduler(0, SCHED_FIFO, &priority);
	for (uint32_t i = 0; i < PACKETS_MAX; i++)
		unused[unused_count++] = PACKETS_MAX - 1 - i;
	for (int i = 3; i < argc; i++)
		open_flow(&far, argv[i]);
	puts("ready");
	fflush(stdout);
	run();
}
