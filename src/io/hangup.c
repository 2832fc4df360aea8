#include "io/hangup.h"

#include <event2/event.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "io/loop_private.h"

/* Ends told in one wakeup; the rest waits for the next, so that a flood leaves room for others. */
#define HANGUPS_MAX 256

struct io_hangup {
	struct io_loop *loop;
	struct event *event;
	io_hangup_fn fn;
	int fd;		/* an epoll of its own, which is readable when one of its sockets ends */
};

static unsigned ends_of(uint32_t events)
{
	unsigned ends = 0;

	if (events & EPOLLRDHUP)
		ends |= IO_HANGUP_END;
	if (events & EPOLLHUP)
		ends |= IO_HANGUP_BOTH;
	if (events & EPOLLERR)
		ends |= IO_HANGUP_ERROR;
	return ends;
}

static void on_hangups(evutil_socket_t fd, short what, void *ctx)
{
	struct io_hangup *h = ctx;
	struct epoll_event event;

	(void)what;
	io_loop_enter(h->loop);
	/* One at a time: who is told may close others that have ended too. */
	for (unsigned n = 0; n < HANGUPS_MAX && epoll_wait(fd, &event, 1, 0) == 1; n++)
		h->fn(event.data.ptr, ends_of(event.events));
}

struct io_hangup *io_hangup_new(struct io_loop *loop, io_hangup_fn fn)
{
	struct io_hangup *h = calloc(1, sizeof(*h));

	if (!h)
		return NULL;
	h->loop = loop;
	h->fn = fn;
	h->fd = epoll_create1(EPOLL_CLOEXEC);
	if (h->fd >= 0)
		h->event = event_new(io_loop_base(loop), h->fd, EV_READ | EV_PERSIST, on_hangups, h);
	if (!h->event || event_add(h->event, NULL) < 0) {
		io_hangup_free(h);
		return NULL;
	}
	return h;
}

void io_hangup_free(struct io_hangup *h)
{
	if (!h)
		return;
	if (h->event)
		event_free(h->event);
	if (h->fd >= 0)
		(void)close(h->fd);
	free(h);
}

bool io_hangup_add(struct io_hangup *h, int fd, void *item)
{
	/* Errors and hang-ups come unasked (epoll_ctl(2)); edge-triggered, each comes once. */
	struct epoll_event event = {.events = EPOLLRDHUP | EPOLLET, .data.ptr = item};

	return epoll_ctl(h->fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

void io_hangup_remove(struct io_hangup *h, int fd)
{
	(void)epoll_ctl(h->fd, EPOLL_CTL_DEL, fd, NULL);
}
