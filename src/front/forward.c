/*
 * Theory of operation
 *
 * There is no protocol: the target is dialled at once, and a failure can only be shown by a reset. What the client sends
 * ahead waits in the system; the relay reads it. The socket is watched for its ends meanwhile: a reset ends the
 * dial. Any other end may be a client that has written all it had to say (`echo x | nc -N`), so the dial goes on.
 */
#include "front/forward.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/log.h"
#include "front/dial.h"
#include "front/relay.h"

struct forward {
	struct conn conn;
	struct io_sock *sock;
	struct dial *dial;
};

/* The socket has another owner, or is closed by the caller. */
static void forward_free(struct forward *f)
{
	if (f->dial)
		dial_cancel(f->dial);
	conn_leave(&f->conn);
	free(f);
}

static void forward_abort(struct forward *f)
{
	io_sock_abort(f->sock);
	forward_free(f);
}

static void forward_end(struct conn *c)
{
	forward_abort(CONTAINER_OF(c, struct forward, conn));
}

static void on_dialled(void *ctx, struct net_stream *stream, const struct fault *fault)
{
	struct forward *f = ctx;

	f->dial = NULL;
	if (!stream) {
		log_debug("%s (%s)", fault->text, cause_name(fault->cause));
		forward_abort(f);
		return;
	}
	relay_start(&f->conn, f->sock, stream, NULL, 0);
	forward_free(f);
}

static void on_sock(void *ctx, unsigned ready)
{
	if (ready & IO_RESET)
		forward_abort(ctx);
}

static void refuse(struct forward *f, const char *why)
{
	log_debug("%s", why);
	forward_abort(f);
}

void forward_start(struct conn_group *g, struct io_sock *sock)
{
	struct forward *f = calloc(1, sizeof(*f));

	if (!f) {
		io_sock_abort(sock);
		return;
	}
	f->sock = sock;
	f->conn.drain = forward_end;
	conn_enter(&f->conn, g, forward_end);
	io_sock_set_handler(sock, on_sock, f);
	io_sock_want(sock, 0);
	if (g->draining)
		refuse(f, CONN_DRAIN_TEXT);
	else if (!conn_take_place(&f->conn))
		refuse(f, "MaxConnections of the listener is reached");
	else if (dial_start(g->dial, &g->config->target, on_dialled, f, &f->dial))
		refuse(f, err_text(ERR_NOMEM));
}
