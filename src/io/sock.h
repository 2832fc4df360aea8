/*
 * Local stream sockets: TCP and Unix, non-blocking. Readiness is level-triggered and delivered
 * only for what was asked for (io_sock_want). Ends are told unasked, each once, to an owner that
 * does not read; to one that reads, the read says it.
 */
#ifndef CULVERT_IO_SOCK_H
#define CULVERT_IO_SOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "base/addr.h"
#include "base/compiler.h"
#include "io/loop.h"

struct io_sock;
struct io_listener;

#define IO_READ 1U
#define IO_WRITE 2U

/*
 * The other side has sent its end, behind which nothing follows what can still be read: half-closed
 * or gone, which only a Unix socket can tell.
 */
#define IO_END 4U
/* The other side has closed both directions (Unix): nobody reads what is written. */
#define IO_CLOSED 8U
/* The connection is lost: reset, or its peer does not answer. */
#define IO_RESET 16U

/* `ready` is a set of IO_*. The callee may close this socket and any other one, and free listeners. */
typedef void (*io_sock_fn)(void *ctx, unsigned ready);

#define IO_UNIX_PATH_MAX 107	/* sun_path of Linux, without its NUL */

/* Where to listen or connect: an endpoint, or a Unix path when `path` is not empty. */
struct io_address {
	struct endpoint endpoint;
	char path[IO_UNIX_PATH_MAX + 1];
};

#define IO_ADDRESS_TEXT_MAX (IO_UNIX_PATH_MAX + 8)
/* "127.0.0.1:1080" or "unix:PATH". Returns `out`. */
const char *io_address_format(const struct io_address *a, char out[static IO_ADDRESS_TEXT_MAX]);

/*
 * Starts to connect. 0, and then IO_WRITE (wanted from the start) when io_sock_connect_result is
 * known; or an error at once (ERR_LIMIT: no local port, or the backlog of a Unix listener is full).
 */
CULVERT_MUST_USE int io_sock_connect(struct io_loop *loop, const struct io_address *to,
				     io_sock_fn fn, void *ctx, struct io_sock **out);
/* 0 when connected, ERR_AGAIN while not yet, else why it failed (ERR_REFUSED, ERR_TIMEOUT, ...). */
CULVERT_MUST_USE int io_sock_connect_result(struct io_sock *sock);

/* Changes who is told. */
void io_sock_set_handler(struct io_sock *sock, io_sock_fn fn, void *ctx);
/* Which readiness to report from now on (set of IO_READ, IO_WRITE; 0: none). */
void io_sock_want(struct io_sock *sock, unsigned want);

/* Bytes moved, 0 at the end (read only), or ERR_AGAIN, ERR_RESET, ERR_CLOSED, ERR_IO. */
CULVERT_MUST_USE ssize_t io_sock_readv(struct io_sock *sock, const struct iovec *iov, unsigned n);
CULVERT_MUST_USE ssize_t io_sock_writev(struct io_sock *sock, const struct iovec *iov, unsigned n);
CULVERT_MUST_USE ssize_t io_sock_read(struct io_sock *sock, void *p, size_t len);
CULVERT_MUST_USE ssize_t io_sock_write(struct io_sock *sock, const void *p, size_t len);
/* The ends that were told so far, to this owner or one before (set of IO_END, _CLOSED, _RESET). */
unsigned io_sock_ends_seen(const struct io_sock *sock);
/* Bytes that the system has taken and not yet delivered; 0 where it does not say. */
size_t io_sock_unsent(const struct io_sock *sock);
/* No more bytes will be written. */
void io_sock_shutdown(struct io_sock *sock);
/* Closes in an orderly way. NULL is ignored. */
void io_sock_close(struct io_sock *sock);
/* Closes with a reset, so that the other side sees an error and not an end. */
void io_sock_abort(struct io_sock *sock);
/* The two ends, for messages (Unix sockets: family ADDR_NONE). */
void io_sock_local(const struct io_sock *sock, struct endpoint *out);
void io_sock_peer(const struct io_sock *sock, struct endpoint *out);

/* A new connection; the callee owns `sock` and sets its handler. It may free the listener. */
typedef void (*io_accept_fn)(void *ctx, struct io_sock *sock);

/*
 * 0; ERR_INUSE, ERR_PERM, ERR_INVAL (address not of this host), ERR_NOTFOUND (folder of a Unix
 * path), ERR_NODESC, ERR_NOMEM, ERR_IO. A stale Unix socket of a dead process is replaced.
 */
CULVERT_MUST_USE int io_listen(struct io_loop *loop, const struct io_address *at, io_accept_fn fn,
			       void *ctx, struct io_listener **out);
void io_listener_free(struct io_listener *l);
/* The bound address: tells the port when 0 was asked for. */
void io_listener_address(const struct io_listener *l, struct io_address *out);

/* Raises the descriptor limit to the hard limit; returns the limit in force. */
unsigned long io_raise_descriptor_limit(void);

#endif
