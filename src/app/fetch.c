#include "app/fetch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/addr.h"
#include "base/err.h"
#include "base/wr.h"

#define FETCH_LIMIT_S 20	/* for one read or write: a tunnel that is up answers at once */
#define FETCH_ANSWER_MAX 8192

#define FAIL(r, ...) (snprintf((r)->reason, sizeof((r)->reason), __VA_ARGS__), ERR_IO)

static int open_socket(uint16_t port, struct fetch_result *r)
{
	const struct timeval limit = {.tv_sec = FETCH_LIMIT_S};
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) == 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) == 0 &&
	    connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	(void)FAIL(r, "cannot connect to the proxy: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

static int send_all(int fd, const void *p, size_t len, struct fetch_result *r)
{
	if (send(fd, p, len, MSG_NOSIGNAL) == (ssize_t)len)
		return 0;
	return FAIL(r, "cannot send to the proxy: %s", strerror(errno));
}

static int receive(int fd, void *p, size_t len, struct fetch_result *r)
{
	ssize_t n = recv(fd, p, len, MSG_WAITALL);

	if (n == (ssize_t)len)
		return 0;
	if (n < 0)
		return FAIL(r, "no answer from the proxy: %s", strerror(errno));
	return FAIL(r, "the proxy closed the connection early");
}

/* Greeting without authentication and a request to connect (RFC 1928 sections 3, 4 and 6). */
static int socks_connect(int fd, const char *host, struct fetch_result *r)
{
	uint8_t out[16], in[10];
	struct wr w = wr_init(out, sizeof(out));
	struct addr addr;
	int err;

	if (addr_parse(&addr, host, strlen(host)) < 0)
		return FAIL(r, "no address");
	wr_bytes(&w, "\5\1\0", 3);
	wr_bytes(&w, "\5\1\0\1", 4);
	wr_bytes(&w, addr.bytes, 4);
	wr_be16(&w, 80);
	err = send_all(fd, out, 3, r);
	if (!err)
		err = receive(fd, in, 2, r);
	if (!err && (in[0] != 5 || in[1] != 0))
		err = FAIL(r, "the proxy wants a password");
	if (!err)
		err = send_all(fd, out + 3, w.len - 3, r);
	if (!err)
		err = receive(fd, in, sizeof(in), r);
	if (!err && in[1] != 0)
		err = FAIL(r, "SOCKS5 reply %u", in[1]);
	return err;
}

/* Everything up to the end of the stream, as text. */
static int read_answer(int fd, char answer[static FETCH_ANSWER_MAX], struct fetch_result *r)
{
	size_t len = 0;
	ssize_t n = 1;

	while (n > 0 && len < FETCH_ANSWER_MAX - 1) {
		n = recv(fd, answer + len, FETCH_ANSWER_MAX - 1 - len, 0);
		if (n > 0)
			len += (size_t)n;
	}
	answer[len] = '\0';
	r->bytes = len;
	return n < 0 ? FAIL(r, "no answer: %s", strerror(errno)) : 0;
}

static int exchange(int fd, enum fetch_through through, const char *host, const char *phrase,
		    struct fetch_result *r)
{
	char request[256], answer[FETCH_ANSWER_MAX];
	int len = snprintf(request, sizeof(request),
			   "GET %s%s/ HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n",
			   through == FETCH_HTTP ? "http://" : "",
			   through == FETCH_HTTP ? host : "", host);
	int err = 0;

	if (through == FETCH_SOCKS5)
		err = socks_connect(fd, host, r);
	if (!err)
		err = send_all(fd, request, (size_t)len, r);
	if (!err)
		err = read_answer(fd, answer, r);
	if (!err && strncmp(answer, "HTTP/1.1 200 ", 13) != 0)
		err = FAIL(r, "the answer starts with \"%.40s\"", answer);
	if (!err && !strstr(answer, phrase))
		err = FAIL(r, "the answer is not the page");
	return err;
}

static double elapsed_ms(const struct timespec *from)
{
	struct timespec to;

	clock_gettime(CLOCK_MONOTONIC, &to);
	return (double)(to.tv_sec - from->tv_sec) * 1e3 +
	       (double)(to.tv_nsec - from->tv_nsec) / 1e6;
}

int fetch_page(enum fetch_through through, uint16_t port, const char *host, const char *phrase,
	       struct fetch_result *result)
{
	struct timespec start;
	int fd, err;

	*result = (struct fetch_result){.ms = 0};
	clock_gettime(CLOCK_MONOTONIC, &start);
	fd = open_socket(port, result);
	if (fd < 0)
		return ERR_IO;
	err = exchange(fd, through, host, phrase, result);
	result->ms = elapsed_ms(&start);
	close(fd);
	return err;
}
