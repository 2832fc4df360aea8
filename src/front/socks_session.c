/*
 * Theory of operation
 *
 * A session reads what the client sends into a small buffer. On a mixed listener the first byte
 * decides between SOCKS and HTTP; HTTP clients move on to an http_session with what was read. The
 * SOCKS machine consumes the buffer until it has a request; then the session dials. What the
 * client sends ahead of the answer stays in the buffer (and, beyond it, in the kernel) and goes
 * to the stream first. A refusal is written, and the socket lingers so that it arrives.
 *
 * Ends. A client that resets, or closes both directions, ends its session at once. A bare end while
 * dialling is taken for a half-close (`echo x | nc -N`), for as long as the dial lasts.
 */
#include "front/socks_session.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "front/dial.h"
#include "front/http_session.h"
#include "front/relay.h"
#include "proxy/proxy.h"
#include "proxy/socks.h"

/* The longest SOCKS exchange has 513 bytes; the rest is early data. */
#define SESSION_INPUT_MAX 1024

enum session_state {
	SESSION_FIRST_BYTE,	/* mixed: which protocol? */
	SESSION_SOCKS,		/* reading a SOCKS request */
	SESSION_HELD,		/* a wrong password waits for its answer */
	SESSION_DIALING,	/* waiting for the dial */
	SESSION_ANSWERING,	/* writing the answer; `stream` or refusal follows */
};

struct session {
	struct conn conn;
	struct io_sock *sock;
	struct io_timer *timer;
	struct dial *dial;
	struct net_stream *stream;
	struct tunnel_stream_sink sink;
	struct socks socks;
	enum session_state state;
	size_t in_len;
	uint8_t in[SESSION_INPUT_MAX];
};

static void set_state(struct session *s, enum session_state state)
{
	static const char *const names[] = {
		[SESSION_FIRST_BYTE] = "first byte", [SESSION_SOCKS] = "socks", [SESSION_HELD] = "held",
		[SESSION_DIALING] = "dialing", [SESSION_ANSWERING] = "answering",
	};

	log_trace("session: %s -> %s", names[s->state], names[state]);
	s->state = state;
}

/* Gives the session up; `sock` and `stream` have another owner or are closed by the caller. */
static void session_free(struct session *s)
{
	if (s->dial)
		dial_cancel(s->dial);
	io_timer_free(s->timer);
	conn_leave(&s->conn);
	free(s);
}

static void session_abort(struct session *s)
{
	if (s->stream)
		net_stream_abort(s->stream);
	io_sock_abort(s->sock);
	session_free(s);
}

static void session_kill(struct conn *c)
{
	session_abort(CONTAINER_OF(c, struct session, conn));
}

static void set_timer(struct session *s)
{
	struct boot_time now = io_loop_now(s->conn.group->loop);

	io_timer_set(s->timer, boot_add_ms(now, CONN_HANDSHAKE_TIMEOUT_MS));
}

static void consume_input(struct session *s, size_t len)
{
	s->in_len -= len;
	memmove(s->in, s->in + len, s->in_len);
}

/* The stream opens while the answer is still being written, and may fail meanwhile. */
static void on_stream(struct tunnel_stream_sink *sink, struct net_stream *stream, unsigned events)
{
	if (events & NET_EV_READABLE)
		net_stream_settle(stream);
	if (events & NET_EV_FAILED)
		session_abort(CONTAINER_OF(sink, struct session, sink));
}

static void start_relay(struct session *s)
{
	relay_start(&s->conn, s->sock, s->stream, s->in, s->in_len);
	session_free(s);
}

static void end_refused(struct session *s)
{
	conn_linger(s->conn.group, s->sock);
	session_free(s);
}

/* Writes the SOCKS answer; when it is out, goes on with the relay or ends. */
static void answer(struct session *s)
{
	const uint8_t *p;
	size_t len;

	set_state(s, SESSION_ANSWERING);
	while ((len = socks_output(&s->socks, &p)) > 0) {
		ssize_t n = io_sock_write(s->sock, p, len);

		if (n == ERR_AGAIN) {
			io_sock_want(s->sock, IO_WRITE);
			set_timer(s);
			return;
		}
		if (n < 0) {
			session_abort(s);
			return;
		}
		socks_sent(&s->socks, (size_t)n);
	}
	if (s->stream)
		start_relay(s);
	else
		end_refused(s);
}

/* A client that is gone gets nothing: neither its dial nor its answer is worth going on with. */
static bool client_is_gone(const struct session *s, unsigned ready)
{
	if (s->state == SESSION_HELD && ready & IO_END)
		return true;
	/* Whoever speaks SOCKS wants to read the answer. */
	return ready & (IO_RESET | IO_CLOSED);
}

static void on_dialled(void *ctx, struct net_stream *stream, const struct fault *fault)
{
	struct session *s = ctx;
	struct endpoint bound;

	s->dial = NULL;
	s->stream = stream;
	if (stream) {
		s->sink.on_stream = on_stream;
		net_stream_set_owner(stream, &s->sink);
		net_stream_local(stream, &bound);
	} else {
		log_debug("%s (%s)", fault->text, cause_name(fault->cause));
	}
	socks_reply(&s->socks, stream ? CAUSE_OK : fault->cause, stream ? &bound : NULL);
	answer(s);
}

/* There is no dial. */
static void refuse(struct session *s, enum cause cause, const char *why)
{
	struct fault fault;

	fault_set_cause(&fault, cause, "%s", why);
	on_dialled(s, NULL, &fault);
}

static void start_dial(struct session *s, const struct proxy_target *target)
{
	set_state(s, SESSION_DIALING);
	io_timer_set(s->timer, BOOT_NEVER);
	if (s->conn.group->draining)
		refuse(s, CAUSE_EXHAUSTED, CONN_DRAIN_TEXT);
	else if (!conn_take_place(&s->conn))
		refuse(s, CAUSE_LIMIT, "MaxConnections of the listener is reached");
	else if (dial_start(s->conn.group->dial, target, on_dialled, s, &s->dial))
		refuse(s, CAUSE_EXHAUSTED, err_text(ERR_NOMEM));
	else
		io_sock_want(s->sock, s->in_len < sizeof(s->in) ? IO_READ : 0);
}

static void run_socks(struct session *s)
{
	size_t used = 0;
	enum socks_event event = socks_input(&s->socks, s->in, s->in_len, &used);
	const uint8_t *p;
	size_t len;

	consume_input(s, used);
	if (event == SOCKS_REQUEST) {
		start_dial(s, socks_target(&s->socks));
		return;
	}
	if (event == SOCKS_CLOSE && socks_login_is_wrong(&s->socks)) {
		set_state(s, SESSION_HELD);
		io_sock_want(s->sock, 0);
		io_timer_set(s->timer, conn_wrong_login(&s->conn, s->sock, 1));
		return;
	}
	if (event == SOCKS_CLOSE) {
		answer(s);
		return;
	}
	/* A method selection or password verdict is a few bytes on an empty socket buffer. */
	while ((len = socks_output(&s->socks, &p)) > 0) {
		ssize_t n = io_sock_write(s->sock, p, len);

		if (n < 0) {
			session_abort(s);
			return;
		}
		socks_sent(&s->socks, (size_t)n);
	}
}

static void become_http(struct session *s)
{
	http_session_start(s->conn.group, s->sock, s->in, s->in_len);
	session_free(s);
}

static void run_input(struct session *s)
{
	if (s->state == SESSION_FIRST_BYTE && s->in_len > 0) {
		if (!proxy_is_socks(s->in[0])) {
			become_http(s);
			return;
		}
		set_state(s, SESSION_SOCKS);
	}
	if (s->state == SESSION_SOCKS)
		run_socks(s);
	else if (s->state == SESSION_DIALING && s->in_len == sizeof(s->in))
		io_sock_want(s->sock, 0);
}

static void on_readable(struct session *s)
{
	ssize_t len = io_sock_read(s->sock, s->in + s->in_len, sizeof(s->in) - s->in_len);

	if (len == ERR_AGAIN)
		return;
	if (len == 0 && s->state == SESSION_DIALING) {
		/* Half-closed: the relay will see it again and pass it on. */
		io_sock_want(s->sock, 0);
		return;
	}
	if (len <= 0) {
		session_abort(s);
		return;
	}
	s->in_len += (size_t)len;
	run_input(s);
}

static void on_sock(void *ctx, unsigned ready)
{
	struct session *s = ctx;

	if (client_is_gone(s, ready))
		session_abort(s);
	else if (s->state == SESSION_ANSWERING)
		answer(s);
	else if (ready & IO_READ)
		on_readable(s);
}

static void on_timer(void *ctx)
{
	struct session *s = ctx;

	if (s->state == SESSION_HELD)
		answer(s);
	else
		session_abort(s);
}

/* Nobody is promised anything before his stream is open. */
static void session_drain(struct conn *c)
{
	struct session *s = CONTAINER_OF(c, struct session, conn);

	switch (s->state) {
	case SESSION_FIRST_BYTE:
	case SESSION_SOCKS:
	case SESSION_HELD:
		io_sock_close(s->sock);
		session_free(s);
		break;
	case SESSION_DIALING:
		dial_cancel(s->dial);
		refuse(s, CAUSE_EXHAUSTED, CONN_DRAIN_TEXT);
		break;
	case SESSION_ANSWERING:
		break;
	}
}

static void start(struct conn_group *g, struct io_sock *sock, enum session_state state)
{
	const struct service_config *config = g->config;
	struct session *s = calloc(1, sizeof(*s));
	struct io_timer *timer = s ? io_timer_new(g->loop, on_timer, s) : NULL;

	if (!timer) {
		free(s);
		io_sock_abort(sock);
		return;
	}
	s->sock = sock;
	s->timer = timer;
	s->conn.drain = session_drain;
	conn_enter(&s->conn, g, session_kill);
	io_sock_set_handler(sock, on_sock, s);
	set_state(s, state);
	socks_init(&s->socks, config->has_auth ? &config->auth : NULL, true);
	set_timer(s);
	io_sock_want(sock, IO_READ);
}

void socks_session_start(struct conn_group *g, struct io_sock *sock)
{
	start(g, sock, SESSION_SOCKS);
}

void mixed_session_start(struct conn_group *g, struct io_sock *sock)
{
	start(g, sock, SESSION_FIRST_BYTE);
}
