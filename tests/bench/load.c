/*
 * Load for the bench: a server for the far end of the tunnel and SOCKS5 clients for the near end.
 * Both are made to cost little: data is discarded in the kernel (MSG_TRUNC) and sent from one
 * static block, so that two cores are left to the programs that are measured.
 *
 * A connection to the server starts with a request: 'D' + 8 bytes (send that many bytes), 'U' + 8
 * bytes (take that many, then answer one byte), 'E' (echo from here on), or an HTTP GET, answered
 * once. A count is in network byte order.
 *
 * usage: load serve ADDRESS PORT
 *        load down|up PROXY_PORT ADDRESS PORT STREAMS BYTES_EACH    prints seconds
 *        load rtt     PROXY_PORT ADDRESS PORT COUNT                 prints median microseconds
 *        load short   PROXY_PORT ADDRESS PORT COUNT                 prints seconds
 *        load idle    PROXY_PORT ADDRESS PORT COUNT     prints "open", holds until stdin ends
 *        load first   PROXY_PORT ADDRESS PORT CMD ARG.. runs CMD, prints its pid and the seconds
 *                                                       from exec to the first byte, then as idle
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BLOCK_LEN (256 * 1024)
#define FDS_MAX 65536	/* far above the 10,000 connections of the idle test */
#define STREAMS_MAX 64
#define REQUEST_LEN 9

static char block[BLOCK_LEN];
static const char http_get[] = "GET / HTTP/1.1\r\nHost: bench\r\n\r\n";
static const char http_answer[] =
	"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void put_count(char out[static 8], uint64_t count)
{
	for (int i = 0; i < 8; i++)
		out[i] = (char)(count >> (56 - 8 * i));
}

static uint64_t get_count(const char in[static 8])
{
	uint64_t count = 0;

	for (int i = 0; i < 8; i++)
		count = count << 8 | (unsigned char)in[i];
	return count;
}

static struct sockaddr_in address_of(const char *host, const char *port)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };

	sa.sin_port = htons((uint16_t)atoi(port));
	if (inet_pton(AF_INET, host, &sa.sin_addr) != 1) {
		fprintf(stderr, "load: %s is no IPv4 address\n", host);
		exit(2);
	}
	return sa;
}

static void set_nodelay(int fd)
{
	int one = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
}

/* --- server --------------------------------------------------------------------------------- */

struct server_conn {
	char mode;		/* 0: the request is not complete */
	char request[64];
	size_t request_len;
	uint64_t left;
};

static struct server_conn conns[FDS_MAX];

static bool would_block(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

/* Each step returns false when the connection is to be closed. */
static bool server_read_request(int fd, struct server_conn *c)
{
	size_t want = c->request_len == 0 ? 1 : c->request[0] == 'G' ? sizeof(http_get) - 1
		: c->request[0] == 'E' ? 1 : REQUEST_LEN;

	while (c->request_len < want) {
		ssize_t n = recv(fd, c->request + c->request_len, want - c->request_len, 0);

		if (n <= 0)
			return n < 0 && would_block();
		c->request_len += (size_t)n;
		if (c->request_len == 1)
			return server_read_request(fd, c);
	}
	c->mode = c->request[0];
	if (c->mode == 'D' || c->mode == 'U')
		c->left = get_count(c->request + 1);
	return c->mode == 'D' || c->mode == 'U' || c->mode == 'E' || c->mode == 'G';
}

static bool server_send(int fd, struct server_conn *c)
{
	while (c->left > 0) {
		size_t len = c->left < BLOCK_LEN ? (size_t)c->left : BLOCK_LEN;
		ssize_t n = send(fd, block, len, MSG_NOSIGNAL);

		if (n < 0)
			return would_block();
		c->left -= (uint64_t)n;
	}
	return true;
}

static bool server_take(int fd, struct server_conn *c)
{
	while (c->left > 0) {
		size_t len = c->left < (4 << 20) ? (size_t)c->left : (4 << 20);
		ssize_t n = recv(fd, NULL, len, MSG_TRUNC);

		if (n <= 0)
			return n < 0 && would_block();
		c->left -= (uint64_t)n;
		if (c->left == 0)
			return send(fd, block, 1, MSG_NOSIGNAL) == 1;
	}
	return recv(fd, block, 1, 0) < 0 && would_block();
}

static bool server_echo(int fd)
{
	char data[4096];
	ssize_t n = recv(fd, data, sizeof(data), 0);

	if (n <= 0)
		return n < 0 && would_block();
	return send(fd, data, (size_t)n, MSG_NOSIGNAL) == n;
}

static bool server_step(int fd, uint32_t events)
{
	struct server_conn *c = &conns[fd];

	if (c->mode == 0 && !server_read_request(fd, c))
		return false;
	switch (c->mode) {
	case 'D':
		if (c->left == 0 && (events & (EPOLLIN | EPOLLHUP)) && recv(fd, block, 1, 0) == 0)
			return false;
		return server_send(fd, c);
	case 'U':
		return server_take(fd, c);
	case 'E':
		return (events & EPOLLIN) ? server_echo(fd) : (events & EPOLLHUP) == 0;
	case 'G':
		(void)!send(fd, http_answer, sizeof(http_answer) - 1, MSG_NOSIGNAL);
		return false;
	default:
		return true;
	}
}

static void server_accept(int listener, int poller)
{
	for (;;) {
		struct epoll_event ev = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET };
		int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);

		if (fd < 0)
			return;
		if (fd >= FDS_MAX) {
			close(fd);
			continue;
		}
		set_nodelay(fd);
		memset(&conns[fd], 0, sizeof(conns[fd]));
		ev.data.fd = fd;
		epoll_ctl(poller, EPOLL_CTL_ADD, fd, &ev);
	}
}

static void serve(const char *host, const char *port)
{
	struct sockaddr_in sa = address_of(host, port);
	struct epoll_event ready[256], ev = { .events = EPOLLIN };
	int one = 1, poller = epoll_create1(0);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(listener, (struct sockaddr *)&sa, sizeof(sa)) != 0 || listen(listener, 4096) != 0)
		fail("listen");
	ev.data.fd = listener;
	epoll_ctl(poller, EPOLL_CTL_ADD, listener, &ev);
	for (;;) {
		int n = epoll_wait(poller, ready, 256, -1);

		for (int i = 0; i < n; i++) {
			int fd = ready[i].data.fd;

			if (fd == listener)
				server_accept(listener, poller);
			else if (!server_step(fd, ready[i].events))
				close(fd);
		}
	}
}

/* --- clients -------------------------------------------------------------------------------- */

struct target {
	struct sockaddr_in proxy, host;
};

static void send_all(int fd, const void *data, size_t len)
{
	const char *at = data;

	while (len > 0) {
		ssize_t n = send(fd, at, len, MSG_NOSIGNAL);

		if (n <= 0)
			fail("send");
		at += n;
		len -= (size_t)n;
	}
}

static void recv_all(int fd, void *data, size_t len)
{
	if (recv(fd, data, len, MSG_WAITALL) != (ssize_t)len)
		fail("recv");
}

/* Connects to the proxy; -1 when it does not accept (yet). */
static int dial_proxy(const struct target *t)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		fail("socket");
	if (connect(fd, (const struct sockaddr *)&t->proxy, sizeof(t->proxy)) != 0) {
		close(fd);
		return -1;
	}
	set_nodelay(fd);
	return fd;
}

static void socks_handshake(int fd, const struct target *t)
{
	unsigned char request[10] = { 5, 1, 0, 1 }, reply[10];

	send_all(fd, "\x05\x01\x00", 3);
	recv_all(fd, reply, 2);
	memcpy(request + 4, &t->host.sin_addr, 4);
	memcpy(request + 8, &t->host.sin_port, 2);
	send_all(fd, request, sizeof(request));
	recv_all(fd, reply, 4);
	if (reply[1] != 0) {
		fprintf(stderr, "load: SOCKS reply %d\n", reply[1]);
		exit(1);
	}
	/* Bound address: 4, 16, or a length byte and a name; then the port. */
	if (reply[3] == 3) {
		unsigned char rest[258];

		recv_all(fd, rest, 1);
		recv_all(fd, rest + 1, rest[0] + 2u);
	} else {
		unsigned char rest[18];

		recv_all(fd, rest, reply[3] == 4 ? 18 : 6);
	}
}

static int open_stream(const struct target *t)
{
	int fd = dial_proxy(t);

	if (fd < 0)
		fail("connect to the proxy");
	socks_handshake(fd, t);
	return fd;
}

/* One step of a bulk stream; returns the bytes moved, 0 when the kernel has no room or data. */
static uint64_t bulk_step(int fd, bool down, uint64_t left)
{
	size_t len = left < BLOCK_LEN ? (size_t)left : BLOCK_LEN;
	ssize_t n = down ? recv(fd, NULL, left < (4 << 20) ? (size_t)left : (4 << 20),
				MSG_TRUNC | MSG_DONTWAIT)
			 : send(fd, block, len, MSG_NOSIGNAL | MSG_DONTWAIT);

	if (n == 0 || (n < 0 && !would_block())) {
		fprintf(stderr, "load: stream ended with %llu bytes to go: %s\n",
			(unsigned long long)left, n ? strerror(errno) : "end of stream");
		exit(1);
	}
	return n > 0 ? (uint64_t)n : 0;
}

static void bulk(const struct target *t, bool down, int streams, uint64_t bytes)
{
	struct pollfd polls[STREAMS_MAX];
	uint64_t left[STREAMS_MAX];
	char request[REQUEST_LEN] = { down ? 'D' : 'U' };
	int open = streams;
	double start;

	put_count(request + 1, bytes);
	for (int i = 0; i < streams; i++) {
		polls[i] = (struct pollfd){ open_stream(t), down ? POLLIN : POLLOUT, 0 };
		left[i] = bytes;
	}
	start = now_s();
	for (int i = 0; i < streams; i++)
		send_all(polls[i].fd, request, sizeof(request));
	while (open > 0) {
		if (poll(polls, (nfds_t)streams, -1) < 0)
			fail("poll");
		for (int i = 0; i < streams; i++) {
			if (polls[i].fd < 0 || !polls[i].revents)
				continue;
			left[i] -= bulk_step(polls[i].fd, down, left[i]);
			if (left[i] > 0)
				continue;
			if (!down)
				recv_all(polls[i].fd, request, 1);
			close(polls[i].fd);
			polls[i].fd = -1;
			open--;
		}
	}
	printf("%.6f\n", now_s() - start);
}

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void round_trips(const struct target *t, int count)
{
	double *samples = calloc((size_t)count, sizeof(*samples));
	int fd = open_stream(t);
	char data[64] = { 0 };

	if (!samples)
		fail("calloc");
	send_all(fd, "E", 1);
	for (int i = 0; i < count; i++) {
		double start = now_s();

		send_all(fd, data, sizeof(data));
		recv_all(fd, data, sizeof(data));
		samples[i] = now_s() - start;
	}
	qsort(samples, (size_t)count, sizeof(*samples), compare_doubles);
	printf("%.1f\n", samples[count / 2] * 1e6);
	free(samples);
	close(fd);
}

static void short_connections(const struct target *t, int count)
{
	double start = now_s();

	for (int i = 0; i < count; i++) {
		char answer[256];
		int fd = open_stream(t);
		ssize_t n;

		send_all(fd, http_get, sizeof(http_get) - 1);
		while ((n = recv(fd, answer, sizeof(answer), 0)) > 0)
			;
		close(fd);
	}
	printf("%.6f\n", now_s() - start);
}

static void hold(void)
{
	char byte;

	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
}

static void idle_connections(const struct target *t, int count)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	for (int i = 0; i < count; i++) {
		int fd = open_stream(t);
		char byte;

		send_all(fd, "E1", 2);
		recv_all(fd, &byte, 1);
	}
	puts("open");
	hold();
}

static void first_byte(const struct target *t, char **argv)
{
	const struct timespec pause = { 0, 100000 };
	double start = now_s();
	char byte;
	int fd, status;
	pid_t child = fork();

	if (child == 0) {
		execv(argv[0], argv);
		fail(argv[0]);
	}
	while ((fd = dial_proxy(t)) < 0) {
		if (waitpid(child, &status, WNOHANG) == child) {
			fprintf(stderr, "load: %s ended\n", argv[0]);
			exit(1);
		}
		nanosleep(&pause, NULL);
	}
	socks_handshake(fd, t);
	send_all(fd, http_get, sizeof(http_get) - 1);
	recv_all(fd, &byte, 1);
	printf("%d %.6f\n", (int)child, now_s() - start);
	close(fd);
	hold();
	kill(child, SIGTERM);
	waitpid(child, &status, 0);
}

int main(int argc, char **argv)
{
	struct target t;
	const char *what = argc > 1 ? argv[1] : "";

	if (strcmp(what, "serve") == 0 && argc == 4)
		serve(argv[2], argv[3]);
	if (argc < 6) {
		fputs("usage: see the top of load.c\n", stderr);
		return 2;
	}
	t.proxy = address_of("127.0.0.1", argv[2]);
	t.host = address_of(argv[3], argv[4]);
	if (strcmp(what, "down") == 0 || strcmp(what, "up") == 0) {
		int streams = atoi(argv[5]);

		if (argc != 7 || streams < 1 || streams > STREAMS_MAX)
			return 2;
		bulk(&t, what[0] == 'd', streams, strtoull(argv[6], NULL, 10));
	} else if (strcmp(what, "rtt") == 0) {
		round_trips(&t, atoi(argv[5]));
	} else if (strcmp(what, "short") == 0) {
		short_connections(&t, atoi(argv[5]));
	} else if (strcmp(what, "idle") == 0) {
		idle_connections(&t, atoi(argv[5]));
	} else if (strcmp(what, "first") == 0) {
		first_byte(&t, argv + 5);
	} else {
		return 2;
	}
	return 0;
}
