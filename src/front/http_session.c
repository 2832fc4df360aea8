/*
 * Theory of operation
 *
 * A session joins three parts: the client's socket, the HTTP machine and at most one stream. `pump`
 * takes the machine's events and moves bytes until nothing moves any more; everything else
 * (readiness, stream events, a dial's end, the timer) notes what happened and calls it.
 *
 *	socket -> pending -> machine -> stream		heads, chunk lines, small bodies
 *	socket ----------------------> stream		bulk, as far as the machine says
 *
 * and the same downwards, without `pending`: what the machine does not take stays in the stack.
 * The socket is read only while `pending` is empty, so at most one piece waits per connection and
 * an idle one holds no buffer.
 *
 * The origin's bytes are offered before the client's (the machine's contract). An end: the client's
 * output is sent first, then the socket lingers, is reset, or is given to a relay.
 *
 * Limits of time: a request head (CONN_HANDSHAKE_TIMEOUT_MS, from the connection's start for the
 * first), the dropped body of a refused request, idleness between requests, and the way out of a
 * last answer. An exchange has none while its client is there. A client that resets, or closes both
 * directions, ends it at once. After a bare end, which may be a half-close, it goes on for
 * PATIENCE_GONE_MS without a byte; where bytes wait only for the client to read them, for
 * PATIENCE_HALF_MS, as in a relay.
 *
 * A wrong login is answered when its time has come (proxy/guesses): the session is `held` until
 * then, sends nothing and has no other limit of time.
 */
#include "front/http_session.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "crypto/keys.h"
#include "front/dial.h"
#include "front/patience.h"
#include "front/pump.h"
#include "front/relay.h"
#include "link/tunnel.h"
#include "proxy/http.h"

/* One read; all of it may have to wait as early data of a tunnel. */
#define HTTP_PIECE RELAY_EARLY_MAX
/* Pieces of one gather write. */
/* Bytes that one session moves up per wakeup before others get their turn. */
#define HTTP_UP_BUDGET (512 * 1024)
/* Clients keep idle proxy connections for minutes; two are enough to be useful. */
#define HTTP_IDLE_TIMEOUT_MS 120000

enum ending {
	ENDING_NOT,
	ENDING_TUNNEL,	/* relay when all output is sent */
	ENDING_CLOSE,	/* linger when the client's output is sent */
	ENDING_ABORT,	/* reset when the client's output is sent */
};

struct http_session {
	struct conn conn;
	struct patience_wait wait;
	struct tunnel_stream_sink sink;
	struct io_sock *sock;
	struct io_timer *timer;
	struct http_proxy *http;
	struct dial *dial;
	struct boot_time dialled;	/* when `dial` began */
	struct net_stream *stream;
	struct buf pending;		/* read from the client, not yet taken */
	enum ending ending;
	enum http_phase phase;
	bool held;			/* a wrong login waits for its answer, by `timer` */
	bool first;			/* the first request head counts from the start */
	bool answered;			/* bytes went to the client since the timer was set */
	bool client_eof, client_eof_told;
	bool upstream_eof_told;
	bool client_blocked;		/* wait for IO_WRITE */
	bool upstream_blocked;		/* wait for NET_EV_WRITABLE */
};

static void set_ending(struct http_session *s, enum ending ending)
{
	static const char *const names[] = {
		[ENDING_NOT] = "not", [ENDING_TUNNEL] = "tunnel", [ENDING_CLOSE] = "close", [ENDING_ABORT] = "abort",
	};

	log_trace("http session ends: %s -> %s", names[s->ending], names[ending]);
	s->ending = ending;
}

/* Ends the session; `sock` and `stream` have another owner or are closed by the caller. */
static void session_free(struct http_session *s)
{
	if (s->dial)
		dial_cancel(s->dial);
	io_timer_free(s->timer);
	http_proxy_free(s->http);
	buf_fini(&s->pending);
	patience_leave(&s->wait);
	conn_leave(&s->conn);
	free(s);
}

static void session_abort(struct http_session *s)
{
	if (s->stream)
		net_stream_abort(s->stream);
	io_sock_abort(s->sock);
	session_free(s);
}

static void session_kill(struct conn *c)
{
	session_abort(CONTAINER_OF(c, struct http_session, conn));
}

static void pump(struct http_session *s);

static void close_upstream(struct http_session *s)
{
	if (s->dial)
		dial_cancel(s->dial);
	if (s->stream)
		net_stream_close(s->stream);
	s->dial = NULL;
	s->stream = NULL;
	s->upstream_blocked = false;
	s->upstream_eof_told = false;
}

static void on_stream(struct tunnel_stream_sink *sink, struct net_stream *stream, unsigned events)
{
	struct http_session *s = CONTAINER_OF(sink, struct http_session, sink);

	(void)stream;
	(void)events;
	s->upstream_blocked = false;
	pump(s);
}

/* For how long the dial has waited: at most its deadline, however late its timer was. */
static unsigned waited_s(const struct http_session *s)
{
	const struct conn_group *g = s->conn.group;
	uint64_t ms = boot_since_ms(io_loop_now(g->loop), s->dialled);

	if (ms > g->dial->timeout_ms)
		ms = g->dial->timeout_ms;
	return (unsigned)(ms / 1000);
}

static void on_dialled(void *ctx, struct net_stream *stream, const struct fault *fault)
{
	struct http_session *s = ctx;

	s->dial = NULL;
	if (stream) {
		s->stream = stream;
		net_stream_set_owner(stream, &s->sink);
		http_proxy_connected(s->http);
	} else {
		log_debug("%s (%s)", fault->text, cause_name(fault->cause));
		http_proxy_failed(s->http, fault->cause, waited_s(s), fault->text);
	}
	pump(s);
}

static void start_dial(struct http_session *s)
{
	struct conn_group *g = s->conn.group;

	close_upstream(s);
	s->dialled = io_loop_now(g->loop);
	if (g->draining) {
		http_proxy_failed(s->http, CAUSE_EXHAUSTED, 0, CONN_DRAIN_TEXT);
	} else if (!conn_take_place(&s->conn)) {
		/* One of those beyond the limit: it must not stay. */
		http_proxy_drain(s->http);
		http_proxy_failed(s->http, CAUSE_LIMIT, 0,
				  "MaxConnections of the listener is reached");
	} else if (dial_start(g->dial, http_proxy_target(s->http), on_dialled, s, &s->dial) < 0) {
		s->dial = NULL;
		http_proxy_failed(s->http, CAUSE_EXHAUSTED, 0, NULL);
	}
}

static void hold(struct http_session *s)
{
	s->held = true;
	io_timer_set(s->timer,
		     conn_wrong_login(&s->conn, s->sock, http_proxy_wrong_logins(s->http)));
}

/* Whether there were any. */
static bool take_events(struct http_session *s)
{
	enum http_event event;
	bool any = false;

	while ((event = http_proxy_event(s->http)) != HTTP_EV_NONE) {
		any = true;
		switch (event) {
		case HTTP_EV_WRONG_LOGIN:
			hold(s);
			break;
		case HTTP_EV_DIAL:
			start_dial(s);
			break;
		case HTTP_EV_CLOSE_UPSTREAM:
			close_upstream(s);
			break;
		case HTTP_EV_TUNNEL:
			set_ending(s, ENDING_TUNNEL);
			break;
		case HTTP_EV_CLOSE_CLIENT:
			set_ending(s, ENDING_CLOSE);
			break;
		case HTTP_EV_ABORT_CLIENT:
			set_ending(s, ENDING_ABORT);
			break;
		case HTTP_EV_NONE:
			break;
		}
	}
	return any;
}

/* All move functions: bytes moved (an end counts as one), or negative when the client is lost. */
static ssize_t send_client(struct http_session *s)
{
	const uint8_t *p;
	size_t len = http_proxy_client_output(s->http, &p);
	ssize_t n;

	if (len == 0 || s->client_blocked || s->held)
		return 0;
	n = io_sock_write(s->sock, p, len);
	if (n == ERR_AGAIN) {
		s->client_blocked = true;
		return 0;
	}
	if (n > 0)
		http_proxy_client_sent(s->http, (size_t)n);
	s->answered = true;
	return n;
}

static ssize_t send_upstream(struct http_session *s)
{
	const uint8_t *p;
	size_t len = http_proxy_upstream_output(s->http, &p), n;

	if (len == 0 || !s->stream || s->upstream_blocked)
		return 0;
	n = net_stream_write(s->stream, p, len);
	s->upstream_blocked = n < len;
	http_proxy_upstream_sent(s->http, n);
	return (ssize_t)n;
}

/* Bulk from the stream to the socket. */
static ssize_t bulk_down(struct http_session *s, uint64_t may)
{
	ssize_t n = s->client_blocked ? 0 : pump_down(s->stream, s->sock, may);

	if (n == ERR_AGAIN) {
		s->client_blocked = true;
		return 0;
	}
	if (n > 0) {
		http_proxy_passed_down(s->http, (uint64_t)n);
		s->wait.moved = true;
	}
	return n;
}

/* The origin's end, once everything before it was taken. */
static ssize_t tell_upstream_end(struct http_session *s)
{
	bool failed = net_stream_cause(s->stream) != CAUSE_OK;

	if (s->upstream_eof_told || net_stream_pending(s->stream) > 0)
		return 0;
	if (!failed && !net_stream_at_eof(s->stream))
		return 0;
	s->upstream_eof_told = true;
	if (failed)
		http_proxy_upstream_reset(s->http);
	else
		http_proxy_upstream_eof(s->http);
	return 1;
}

static ssize_t move_down(struct http_session *s)
{
	uint64_t may = http_proxy_passthrough_down(s->http);
	struct iovec iov;
	size_t used = 0;
	ssize_t n;

	if (!s->stream)
		return 0;
	if (may > 0) {
		n = bulk_down(s, may);
		if (n)
			return n;
	} else if (net_stream_peek(s->stream, &iov, 1) > 0) {
		http_proxy_upstream_input(s->http, iov.iov_base, iov.iov_len, &used);
		net_stream_consume(s->stream, used);
	}
	return used ? (ssize_t)used : tell_upstream_end(s);
}

static ssize_t read_result(struct http_session *s, ssize_t n)
{
	if (n == 0) {
		s->client_eof = true;
		return 1;
	}
	return n == ERR_AGAIN ? 0 : n;
}

/* Bulk from the socket to the stream. */
static ssize_t bulk_up(struct http_session *s, uint64_t may)
{
	bool emptied;
	ssize_t n;

	if (!s->stream || s->upstream_blocked)
		return 0;
	n = pump_up(s->stream, s->sock, may, &emptied);
	if (n == ERR_LIMIT) {
		s->upstream_blocked = true;
		return 0;
	}
	if (n > 0)
		http_proxy_passed_up(s->http, (uint64_t)n);
	return read_result(s, n);
}

/* What was read before and did not find its way yet. */
static ssize_t move_pending(struct http_session *s, uint64_t may)
{
	const uint8_t *p = buf_data(&s->pending);
	size_t len = buf_len(&s->pending), used = 0;

	if (may == 0) {
		http_proxy_client_input(s->http, p, len, &used);
	} else if (s->stream && !s->upstream_blocked) {
		if (len > may)
			len = (size_t)may;
		used = net_stream_write(s->stream, p, len);
		s->upstream_blocked = used < len;
		http_proxy_passed_up(s->http, used);
	}
	buf_consume(&s->pending, used);
	return (ssize_t)used;
}

static ssize_t read_piece(struct http_session *s)
{
	uint8_t piece[HTTP_PIECE];
	ssize_t n = io_sock_read(s->sock, piece, sizeof(piece));
	size_t used = 0;

	if (n > 0) {
		http_proxy_client_input(s->http, piece, (size_t)n, &used);
		if (buf_append(&s->pending, piece + used, (size_t)n - used) < 0)
			n = ERR_NOMEM;
		if (s->conn.group->config->has_auth)
			crypto_wipe(piece, sizeof(piece));
	}
	return read_result(s, n);
}

static ssize_t move_up(struct http_session *s, bool may_read)
{
	uint64_t may = http_proxy_passthrough_up(s->http);

	if (buf_len(&s->pending) > 0)
		return move_pending(s, may);
	if (s->client_eof) {
		if (s->client_eof_told)
			return 0;
		s->client_eof_told = true;
		http_proxy_client_eof(s->http);
		return 1;
	}
	if (!may_read)
		return 0;
	return may > 0 ? bulk_up(s, may) : read_piece(s);
}

/* An exchange whose client has sent its end: half-closed, or gone. */
static bool is_left(const struct http_session *s)
{
	return s->ending == ENDING_NOT && http_proxy_phase(s->http) == HTTP_BUSY &&
	       (s->client_eof || (io_sock_ends_seen(s->sock) & IO_END));
}

/* Moves what can be moved. 0, or negative when the client is lost. */
static int move_all(struct http_session *s)
{
	ssize_t sent_down, sent_up, down, up, up_total = 0;
	bool events;

	do {
		events = take_events(s);
		sent_down = send_client(s);
		sent_up = send_upstream(s);
		down = up = 0;
		if (s->ending == ENDING_NOT) {
			down = move_down(s);
			events |= take_events(s);
		}
		if (s->ending == ENDING_NOT && down == 0)
			up = move_up(s, up_total < HTTP_UP_BUDGET);
		if (sent_down < 0 || down < 0 || up < 0)
			return ERR_CLOSED;
		/*
		 * An end counts, too: the time after it starts here. To a client that has ended
		 * only what goes on to it counts: an origin can send a head byte by byte for
		 * weeks, and to HTTP/1.0, which gets none of them, interim answers for ever.
		 */
		if (sent_down || sent_up || up || (down && !is_left(s)))
			s->wait.moved = true;
		up_total += up;
	} while (events || sent_down || sent_up || down || up);
	return 0;
}

/* The last output is on its way. True when the session is over. */
static bool try_end(struct http_session *s)
{
	const uint8_t *p;

	if (s->ending == ENDING_NOT || http_proxy_client_output(s->http, &p) > 0)
		return false;
	if (s->ending == ENDING_TUNNEL) {
		if (http_proxy_upstream_output(s->http, &p) > 0)
			return false;
		relay_start(&s->conn, s->sock, s->stream, buf_data(&s->pending),
			    buf_len(&s->pending));
	} else {
		close_upstream(s);
		if (s->ending == ENDING_CLOSE)
			conn_linger(s->conn.group, s->sock);
		else
			io_sock_abort(s->sock);
	}
	session_free(s);
	return true;
}

static void set_timer(struct http_session *s, uint64_t ms)
{
	io_timer_set(s->timer, boot_add_ms(io_loop_now(s->conn.group->loop), ms));
}

static void update_timer(struct http_session *s)
{
	enum http_phase phase = http_proxy_phase(s->http);

	/* A request that is refused at once leaves the phase as it was. */
	if (s->held || s->ending != ENDING_NOT || (phase == s->phase && !s->answered))
		return;
	s->phase = phase;
	s->first = s->first && !s->answered;
	s->answered = false;
	if (phase == HTTP_HEAD && !s->first)
		set_timer(s, CONN_HANDSHAKE_TIMEOUT_MS);
	else if (phase == HTTP_IDLE)
		set_timer(s, HTTP_IDLE_TIMEOUT_MS);
	else if (phase == HTTP_BUSY)
		io_timer_set(s->timer, BOOT_NEVER);
	s->first = s->first && phase != HTTP_BUSY;
}

static void update_want(struct http_session *s)
{
	unsigned want = 0;

	if (s->ending == ENDING_NOT && !s->client_eof && !s->upstream_blocked &&
	    buf_len(&s->pending) == 0)
		want |= IO_READ;
	if (s->client_blocked)
		want |= IO_WRITE;
	io_sock_want(s->sock, want);
}

/* Does all there is to do. May free `s`. */
static void pump(struct http_session *s)
{
	bool was_ending = s->ending != ENDING_NOT;

	if (s->conn.group->draining)
		http_proxy_drain(s->http);
	if (move_all(s) < 0 || (s->conn.group->draining && is_left(s))) {
		session_abort(s);
		return;
	}
	if (try_end(s))
		return;
	if (s->stream && s->client_blocked)
		net_stream_settle(s->stream);
	if (s->ending != ENDING_NOT && !was_ending && !s->held)
		set_timer(s, CONN_HANDSHAKE_TIMEOUT_MS);
	update_timer(s);
	update_want(s);
}

/* The machine closes it if it is between requests; a dial that has not succeeded will not. */
static void session_drain(struct conn *c)
{
	struct http_session *s = CONTAINER_OF(c, struct http_session, conn);

	if (s->held) {
		session_abort(s);
		return;
	}
	if (s->dial) {
		dial_cancel(s->dial);
		s->dial = NULL;
		http_proxy_failed(s->http, CAUSE_EXHAUSTED, 0, CONN_DRAIN_TEXT);
	}
	pump(s);
}

static void on_sock(void *ctx, unsigned ready)
{
	struct http_session *s = ctx;

	if (ready & (IO_RESET | IO_CLOSED)) {
		session_abort(s);
		return;
	}
	if (ready & IO_END)
		s->wait.moved = true;
	if (ready & IO_WRITE)
		s->client_blocked = false;
	pump(s);
}

static void give_up(struct http_session *s, enum patience_reason reason)
{
	log_debug("an HTTP exchange is ended: %s, nothing moved for %u s",
		  patience_reason_name(reason), s->wait.waited_ms / 1000);
	patience_ended(&s->wait, reason);
	session_abort(s);
}

static bool is_stalled(const struct http_session *s)
{
	return s->ending == ENDING_NOT && (s->client_blocked || s->upstream_blocked);
}

static void look(struct patience_wait *w)
{
	struct http_session *s = CONTAINER_OF(w, struct http_session, wait);
	bool busy = http_proxy_phase(s->http) == HTTP_BUSY;
	uint64_t idle_ms = s->conn.group->idle_ms;
	uint32_t waited;

	if (busy)
		patience_note_drained(w, s->stream, s->sock);
	waited = patience_count(w, s->stream);
	if (is_left(s) && waited >= (s->client_blocked ? PATIENCE_HALF_MS : PATIENCE_GONE_MS))
		give_up(s, PATIENCE_GONE);
	else if (idle_ms && waited >= idle_ms && s->ending == ENDING_NOT)
		give_up(s, PATIENCE_IDLE);
	else
		patience_set_stalled(w, ((is_stalled(s) || !busy) && waited >= PATIENCE_STALLED_MS) ||
					patience_cut_off(w, s->stream));
}

/* A blocked exchange, or a connection that is kept open between requests. */
static bool give_way(struct patience_wait *w, const void *group)
{
	struct http_session *s = CONTAINER_OF(w, struct http_session, wait);
	bool idle = http_proxy_phase(s->http) == HTTP_IDLE;

	if ((group && group != s->conn.group) || !s->conn.placed ||
	    !(idle || is_stalled(s) || patience_cut_off(w, s->stream)))
		return false;
	if (!idle)
		patience_note_drained(w, s->stream, s->sock);
	if (w->moved)
		return false;
	give_up(s, PATIENCE_STALLED);
	return true;
}

static const struct patience_kind http_kind = {look, give_way};

static void on_timer(void *ctx)
{
	struct http_session *s = ctx;

	if (s->held) {
		s->held = false;
		set_timer(s, CONN_HANDSHAKE_TIMEOUT_MS);
		http_proxy_login_answered(s->http);
	} else if (s->ending != ENDING_NOT) {
		session_abort(s);
		return;
	} else {
		http_proxy_timeout(s->http);
	}
	pump(s);
}

void http_session_start(struct conn_group *g, struct io_sock *sock, const void *early,
			size_t early_len)
{
	const struct service_config *config = g->config;
	struct http_session *s = calloc(1, sizeof(*s));

	if (!s) {
		io_sock_abort(sock);
		return;
	}
	s->sock = sock;
	s->sink.on_stream = on_stream;
	s->conn.drain = session_drain;
	s->phase = HTTP_IDLE;
	s->first = true;
	buf_init_secret(&s->pending, HTTP_PIECE);
	conn_enter(&s->conn, g, session_kill);
	patience_enter(g->patience, &s->wait, &http_kind);
	io_sock_set_handler(sock, on_sock, s);
	s->timer = io_timer_new(g->loop, on_timer, s);
	s->http = http_proxy_new(config->has_auth ? &config->auth : NULL);
	if (!s->timer || !s->http || buf_append(&s->pending, early, early_len) < 0) {
		session_abort(s);
		return;
	}
	set_timer(s, CONN_HANDSHAKE_TIMEOUT_MS);
	pump(s);
}
