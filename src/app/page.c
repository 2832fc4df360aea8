/*
 * Theory of operation
 *
 * Enough of HTTP/1.1 (RFC 9112) for any client: the request's head is read up to its empty line
 * and not looked at, the answer is always the same, and then the connection ends. Connections are
 * few and short; a head beyond its limit ends them.
 */
#include "app/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/err.h"
#include "base/list.h"
#include "io/sock.h"

#define PAGE_HEAD_MAX 8192
#define PAGE_MAX 1024
#define PAGE_CONNECTIONS_MAX 64	/* a browser opens six */

const char page_phrase[] = "Greetings from the far side of the tunnel";

struct page {
	struct io_loop *loop;
	struct io_listener *listener;
	struct list connections;
	unsigned connection_count;
	char answer[PAGE_MAX];
	size_t answer_len;
};

struct page_connection {
	struct list node;
	struct page *page;
	struct io_sock *sock;
	unsigned matched;	/* characters of the empty line seen so far */
	size_t read, written;
	bool answering;
};

static void drop(struct page_connection *c)
{
	list_remove(&c->node);
	c->page->connection_count--;
	io_sock_close(c->sock);
	free(c);
}

/* Whether the head has ended within these bytes. */
static bool find_end(struct page_connection *c, const char *p, size_t len)
{
	static const char end[] = "\r\n\r\n";

	for (size_t i = 0; i < len && c->matched < 4; i++) {
		if (p[i] == end[c->matched])
			c->matched++;
		else
			c->matched = p[i] == '\r';
	}
	return c->matched == 4;
}

/* False when the connection is over. */
static bool read_head(struct page_connection *c)
{
	char chunk[1024];
	ssize_t n = io_sock_read(c->sock, chunk, sizeof(chunk));

	if (n == ERR_AGAIN)
		return true;
	if (n <= 0)
		return false;
	c->read += (size_t)n;
	if (c->read > PAGE_HEAD_MAX)
		return false;
	if (!c->answering && find_end(c, chunk, (size_t)n)) {
		c->answering = true;
		io_sock_want(c->sock, IO_READ | IO_WRITE);
	}
	return true;
}

static bool write_answer(struct page_connection *c)
{
	const struct page *page = c->page;
	ssize_t n = io_sock_write(c->sock, page->answer + c->written,
				  page->answer_len - c->written);

	if (n < 0)
		return n == ERR_AGAIN;
	c->written += (size_t)n;
	if (c->written == page->answer_len) {
		/* The client closes; a close from here could overtake the answer. */
		io_sock_shutdown(c->sock);
		io_sock_want(c->sock, IO_READ);
	}
	return true;
}

static void on_ready(void *ctx, unsigned ready)
{
	struct page_connection *c = ctx;
	bool good = true;

	if (ready & IO_READ)
		good = read_head(c);
	if (good && (ready & IO_WRITE) && c->answering && c->written < c->page->answer_len)
		good = write_answer(c);
	if (!good)
		drop(c);
}

static void on_accept(void *ctx, struct io_sock *sock)
{
	struct page *page = ctx;
	struct page_connection *c = NULL;

	if (page->connection_count < PAGE_CONNECTIONS_MAX)
		c = calloc(1, sizeof(*c));
	if (!c) {
		io_sock_close(sock);
		return;
	}
	c->page = page;
	c->sock = sock;
	list_push_back(&page->connections, &c->node);
	page->connection_count++;
	io_sock_set_handler(sock, on_ready, c);
	io_sock_want(sock, IO_READ);
}

static void write_page(struct page *page)
{
	char body[PAGE_MAX / 2];
	int len = snprintf(body, sizeof(body),
			   "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">"
			   "<title>culvert</title>\n<h1>%s</h1>\n<p>This page came through a "
			   "WireGuard tunnel between two processes without any privilege.\n", page_phrase);

	len = snprintf(page->answer, sizeof(page->answer),
		       "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
		       "Content-Length: %d\r\nConnection: close\r\n\r\n%s", len, body);
	page->answer_len = (size_t)len;
}

struct page *page_new(struct io_loop *loop, uint16_t *port)
{
	struct page *page = calloc(1, sizeof(*page));
	struct io_address at;

	if (!page)
		return NULL;
	page->loop = loop;
	list_init(&page->connections);
	write_page(page);
	memset(&at, 0, sizeof(at));
	at.endpoint.addr = addr_v4((const uint8_t[4]){127, 0, 0, 1});
	if (io_listen(loop, &at, on_accept, page, &page->listener) < 0) {
		free(page);
		return NULL;
	}
	io_listener_address(page->listener, &at);
	*port = at.endpoint.port;
	return page;
}

void page_free(struct page *page)
{
	while (!list_empty(&page->connections))
		drop(LIST_ENTRY(page->connections.next, struct page_connection, node));
	io_listener_free(page->listener);
	free(page);
}
