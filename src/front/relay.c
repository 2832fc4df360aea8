/*
 * Theory of operation
 *
 * `move_down` and `move_up` move bytes for as long as both sides take them; what stops them is
 * noted (`up_blocked`, `down_blocked`) and asked for. Both sides are always watched for their loss.
 *
 * Ends. Both directions ended: closed in order. Either side lost: the other is reset. One direction
 * ended and nothing moved in the other for PATIENCE_HALF_MS: both are reset, because the one who
 * should end has gone or never will. Open both ways, a relay lasts for ever, moving or not, unless
 * its listener has an IdleTimeout. One that is blocked gives way to a new connection where there is
 * no place left: the longest blocked first, never one whose bytes still drain.
 */
#include "front/relay.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/log.h"
#include "front/patience.h"
#include "front/pump.h"
#include "link/tunnel.h"

/* Bytes that one relay moves up per wakeup before others get their turn. */
#define RELAY_UP_BUDGET (512 * 1024)

struct relay {
	struct conn conn;
	struct patience_wait wait;
	struct tunnel_stream_sink sink;
	struct io_sock *sock;
	struct net_stream *stream;
	bool up_done;		/* the client's end of stream was passed on */
	bool down_done;		/* the remote's end of stream was passed on */
	bool up_blocked;	/* the stream has no room: wait for NET_EV_WRITABLE */
	bool down_blocked;	/* the socket has no room: wait for IO_WRITE */
	bool failed;		/* the stream is lost; what it had received still goes down */
};

static void relay_free(struct relay *r)
{
	patience_leave(&r->wait);
	conn_leave(&r->conn);
	free(r);
}

/* Either side is lost: the other one must see an error, not an end. */
static void relay_abort(struct relay *r)
{
	net_stream_abort(r->stream);
	io_sock_abort(r->sock);
	relay_free(r);
}

static void relay_kill(struct conn *c)
{
	relay_abort(CONTAINER_OF(c, struct relay, conn));
}

static bool relay_blocked(const struct relay *r)
{
	return r->up_blocked || r->down_blocked;
}

/* At least one direction has ended: its sender said so, or is lost. */
static bool half_ended(const struct relay *r)
{
	return r->up_done || r->down_done || r->failed || io_sock_ends_seen(r->sock);
}

static void give_up(struct relay *r, enum patience_reason reason)
{
	log_debug("a connection is ended: %s, nothing moved for %u s",
		  patience_reason_name(reason), r->wait.waited_ms / 1000);
	patience_ended(&r->wait, reason);
	relay_abort(r);
}

static void look(struct patience_wait *w)
{
	struct relay *r = CONTAINER_OF(w, struct relay, wait);
	uint64_t idle_ms = r->conn.group->idle_ms;
	bool half = half_ended(r), blocked = relay_blocked(r);
	uint32_t waited;

	/* An idle connection without a limit is spared the system call. */
	if (half || blocked || idle_ms)
		patience_note_drained(w, r->stream, r->sock);
	waited = patience_count(w, r->stream);
	if (half && waited >= PATIENCE_HALF_MS)
		give_up(r, PATIENCE_HALF);
	else if (idle_ms && waited >= idle_ms)
		give_up(r, PATIENCE_IDLE);
	else
		/* What an outage keeps must not keep out what could be served. */
		patience_set_stalled(w, (blocked && waited >= PATIENCE_STALLED_MS) ||
					patience_cut_off(w, r->stream));
}

static bool give_way(struct patience_wait *w, const void *group)
{
	struct relay *r = CONTAINER_OF(w, struct relay, wait);

	if (group && group != r->conn.group)
		return false;
	/* What has moved since is not stalled, whatever the last look said. */
	patience_note_drained(w, r->stream, r->sock);
	if (w->moved)
		return false;
	give_up(r, PATIENCE_STALLED);
	return true;
}

static const struct patience_kind relay_kind = {look, give_way};

static bool relay_reads(const struct relay *r)
{
	return !r->up_done && !r->up_blocked && !r->failed;
}

/* The client is lost, and nothing that it sent before is left that could still be passed on. */
static bool client_lost(const struct relay *r)
{
	return (io_sock_ends_seen(r->sock) & IO_RESET) && !relay_reads(r);
}

static void update_want(struct relay *r)
{
	unsigned want = 0;

	/* Reading tells of a reset as well, behind the bytes that came before it. */
	if (relay_reads(r))
		want |= IO_READ;
	if (r->down_blocked)
		want |= IO_WRITE;
	io_sock_want(r->sock, want);
}

/* Stream to socket. Negative when the relay is lost. */
static int move_down(struct relay *r)
{
	ssize_t len;

	r->down_blocked = false;
	while ((len = pump_down(r->stream, r->sock, UINT64_MAX)) > 0)
		r->wait.moved = true;
	if (len == ERR_AGAIN) {
		r->down_blocked = true;
		net_stream_settle(r->stream);
		return 0;
	}
	if (len < 0)
		return (int)len;
	if (!r->down_done && net_stream_at_eof(r->stream)) {
		io_sock_shutdown(r->sock);
		r->down_done = true;
		r->wait.moved = true;
	}
	return 0;
}

/* The client has sent its end. */
static void pass_end_up(struct relay *r)
{
	net_stream_shutdown(r->stream);
	r->up_done = true;
	r->wait.moved = true;
}

/* Socket to stream. Negative when the relay is lost. */
static int move_up(struct relay *r)
{
	uint64_t left = RELAY_UP_BUDGET;
	bool emptied = false;

	r->up_blocked = false;
	while (!r->up_done && left > 0 && !emptied) {
		ssize_t len = pump_up(r->stream, r->sock, left, &emptied);

		if (len == ERR_LIMIT)
			r->up_blocked = true;
		if (len == ERR_LIMIT || len == ERR_AGAIN)
			return 0;
		if (len < 0)
			return (int)len;
		if (len == 0) {
			pass_end_up(r);
			return 0;
		}
		r->wait.moved = true;
		left -= (uint64_t)len;
	}
	return 0;
}

static void relay_settle(struct relay *r, int err)
{
	if (err || client_lost(r) || (r->failed && !r->down_blocked)) {
		relay_abort(r);
	} else if (r->up_done && r->down_done) {
		net_stream_close(r->stream);
		io_sock_close(r->sock);
		relay_free(r);
	} else {
		update_want(r);
	}
}

static void on_stream(struct tunnel_stream_sink *sink, struct net_stream *s, unsigned events)
{
	struct relay *r = CONTAINER_OF(sink, struct relay, sink);
	int err = 0;

	if (events & NET_EV_FAILED)
		r->failed = true;
	if (r->down_blocked)
		net_stream_settle(s);
	else if (events & (NET_EV_READABLE | NET_EV_EOF | NET_EV_FAILED))
		err = move_down(r);
	if (!err && !r->failed && (events & NET_EV_WRITABLE))
		err = move_up(r);
	relay_settle(r, err);
}

static void on_sock(void *ctx, unsigned ready)
{
	struct relay *r = ctx;
	int err = 0;

	/* The time with one end counts from here. */
	if (ready & IO_END)
		r->wait.moved = true;
	if (ready & IO_WRITE)
		err = move_down(r);
	if (!err && !r->failed && (ready & IO_READ))
		err = move_up(r);
	relay_settle(r, err);
}

void relay_start(struct conn *from, struct io_sock *sock, struct net_stream *stream,
		 const void *early, size_t early_len)
{
	struct relay *r = calloc(1, sizeof(*r));
	int err = 0;

	if (!r) {
		net_stream_abort(stream);
		io_sock_abort(sock);
		return;
	}
	r->sock = sock;
	r->stream = stream;
	r->sink.on_stream = on_stream;
	net_stream_set_owner(stream, &r->sink);
	io_sock_set_handler(sock, on_sock, r);
	conn_enter(&r->conn, from->group, relay_kill);
	conn_pass_place(from, &r->conn);
	patience_enter(from->group->patience, &r->wait, &relay_kind);
	/* The event may have been taken by the owner before. */
	r->failed = net_stream_cause(stream) != CAUSE_OK;
	if (early_len > 0 && !r->failed && net_stream_write(stream, early, early_len) < early_len)
		err = ERR_NOMEM;
	/* Who waits for the answer to his request has sent nothing yet: the loop tells of the first bytes. */
	if (!err)
		err = move_down(r);
	relay_settle(r, err);
}
