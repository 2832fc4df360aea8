/*
 * Theory of operation
 *
 * A stream joins its owner to one lwIP pcb. lwIP's callbacks only record: bytes into `rx`, an
 * event bit, the cause of a failure; the owner takes the events after the stack has run. What the
 * owner does (commit, consume, shut down) is recorded as well and marks the stream dirty;
 * streams_flush hands it to lwIP once per round, before packets are taken out, so that many small
 * commits fill segments and one acknowledgement speaks for a whole batch.
 *
 * Ends. Either side may end first; FIN passes in both directions. lwIP frees pcbs on its own in
 * three ways, and the stream must have let go by then:
 *   errf        reset, timeout, ICMP error, or both FINs done: the pcb is gone already.
 *   TIME_WAIT   entered while a segment is processed; stream_after_input sees it and detaches.
 *   LAST_ACK    after tcp_close no errf comes: an orphan detaches as soon as all is acknowledged
 *               that needs its blocks; FIN needs none.
 * A callback never frees the stream; it goes to dead_streams, which is reaped outside lwIP.
 *
 * Failure. While connecting, RST means refused; later it means reset. Keepalive, user timeout and
 * exhausted retries mean no answer. ICMP errors reach errf while connecting, with their own codes.
 *
 * Timers: keepalives (lwIP's) after 30 s of silence, 5 probes 5 s apart: a silent remote is
 * found in 55 s; 10,000 idle streams cost 333 probes a second. Unacknowledged data (net/cc/): 45 s. While the
 * WireGuard peer in front of the remote cannot be reached they stand still (net/path.c): silence then
 * says nothing about the remote.
 */
#include "net/stream.h"

#include <assert.h>
#include <string.h>

#include "net/lwip_err.h"

#include "lwip/priv/tcp_priv.h"
#include "lwip/tcp.h"

#include "net/core.h"
#include "net/inbound.h"
#include "net/mem.h"
#include "net/recovery.h"
#include "net/room.h"
#include "net/stream_core.h"

#define KEEPALIVE_IDLE_MS 30000
#define KEEPALIVE_INTERVAL_MS 5000
#define KEEPALIVE_PROBES 5
#define NOT_WRITABLE_BELOW 8192	/* a wakeup for less room costs more than it moves */

void stream_raise(struct net_stream *s, unsigned events)
{
	if (s->orphan || s->dead)
		return;
	s->events = (uint8_t)(s->events | events);
	if (s->undecided) {
		inbound_stream_event(s->undecided, events);
		return;
	}
	if (!list_linked(&s->ready))
		list_push_back(&s->stack->ready_streams, &s->ready);
}

void stream_dirty(struct net_stream *s)
{
	if (s->pcb && !list_linked(&s->dirty))
		list_push_back(&s->stack->dirty_streams, &s->dirty);
}

void stream_output(struct net_stream *s)
{
	if (tcp_output(s->pcb) != ERR_OK || tcp_is_flag_set(s->pcb, TF_NAGLEMEMERR))
		stream_dirty(s);
}

static bool out_busy(const struct net_stack *stack)
{
	return stack->out.count > 0;
}

/* --- life --- */

struct net_stream *stream_new(struct net_stack *stack, const struct endpoint *local,
			      const struct endpoint *remote, void *owner)
{
	struct net_stream *s = net_mem_calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	if (heap_reserve(&stack->timers, stack->stream_count + 1)) {
		net_mem_free(s);
		return NULL;
	}
	s->stack = stack;
	s->owner = owner;
	s->local = *local;
	s->remote = *remote;
	s->start = stack->now;
	list_push_back(&stack->streams, &s->all);
	list_init(&s->ready);
	list_init(&s->dirty);
	list_init(&s->resume);
	waits_init(&s->waits);
	room_open(s, &stack->peers.nobody);
	stack->stream_count++;
	return s;
}

void stream_free(struct net_stream *s)
{
	struct net_stack *stack = s->stack;

	assert(!s->pcb);
	if (stack->current == s)
		stack->current = NULL;
	if (stack->offer.to == &s->tx)
		stack->offer.to = NULL;
	rx_free(&s->rx);
	tx_free(&s->tx, &stack->blocks, out_busy(stack));
	list_remove(&s->all);
	list_remove(&s->ready);
	list_remove(&s->dirty);
	list_remove(&s->resume);
	room_close(s);
	stack->stream_count--;
	if (s->opened_by)
		s->opened_by->streams--;
	net_mem_free(s);
}

void stream_opened_by(struct net_stream *s, struct net_peer *peer)
{
	s->opened_by = peer;
	s->peer = peer->id;
	room_move(s, peer);
	peer->streams++;
}

size_t streams_free(const struct net_stack *stack)
{
	return stack->stream_count < stack->streams_max ? stack->streams_max - stack->stream_count : 0;
}

void stream_bury(struct net_stream *s)
{
	assert(!s->pcb);
	if (s->dead)
		return;
	s->dead = true;
	list_remove(&s->ready);
	list_push_back(&s->stack->dead_streams, &s->ready);
}

void streams_reap(struct net_stack *stack)
{
	struct list *node;

	while ((node = list_pop_front(&stack->dead_streams)))
		stream_free(LIST_ENTRY(node, struct net_stream, ready));
}

/* TCP goes on, or has gone, without us. */
static void stream_detach(struct net_stream *s)
{
	struct tcp_pcb *pcb = s->pcb;

	recovery_end(s);
	tcp_arg(pcb, NULL);
	tcp_recv(pcb, NULL);
	tcp_sent(pcb, NULL);
	tcp_err(pcb, NULL);
	s->pcb = NULL;
	list_remove(&s->dirty);
	list_remove(&s->resume);
}

void stream_drop(struct net_stream *s)
{
	struct tcp_pcb *pcb = s->pcb;

	if (pcb) {
		stream_detach(s);
		tcp_abandon(pcb, 0);
	}
	stream_free(s);
}

static void pcb_abort(struct net_stream *s)
{
	struct tcp_pcb *pcb = s->pcb;

	if (!pcb)
		return;
	stream_detach(s);
	tcp_abort(pcb);
}

void streams_abort_all(struct net_stack *stack)
{
	while (!list_empty(&stack->streams)) {
		struct net_stream *s = LIST_ENTRY(stack->streams.next, struct net_stream, all);

		pcb_abort(s);
		stream_free(s);
	}
}

/* --- lwIP's callbacks --- */

static void note_all_acked(struct net_stream *s)
{
	if (s->tx.unacked || (s->shut && !s->fin_acked))
		return;
	stream_raise(s, NET_EV_SENT_ALL);
}

/* What an orphan still needs the pcb for is done: the rest is TCP's own business. */
static void orphan_check(struct net_stream *s)
{
	if (!s->orphan || s->dead || s->tx.unacked || !s->fin_given)
		return;
	if (s->pcb) {
		struct tcp_pcb *pcb = s->pcb;

		stream_detach(s);
		/* Nobody could tell it later that the path is back: its retries have to run out. */
		tcp_path_set(pcb, 1);
	}
	stream_bury(s);
}

static err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
	struct net_stream *s = arg;

	(void)pcb;
	if (!s)
		return ERR_OK;
	tx_acked(&s->tx, &s->stack->blocks, len, out_busy(s->stack));
	room_acked(s, len);
	if (s->want_space && (!s->tx.unacked || room_to_send(s) >= NOT_WRITABLE_BELOW)) {
		s->want_space = false;
		stream_raise(s, NET_EV_WRITABLE);
	}
	note_all_acked(s);
	orphan_check(s);
	return ERR_OK;
}

static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
	struct net_stream *s = arg;

	(void)err;
	if (!s) {
		if (p)
			pbuf_free(p);
		return ERR_OK;
	}
	if (s->orphan && p) {
		/* Nobody will read them (RFC 1122 4.2.2.13). ERR_ABRT tells lwIP of the abort. */
		pbuf_free(p);
		stream_detach(s);
		tcp_abort(pcb);
		stream_bury(s);
		return ERR_ABRT;
	}
	if (!p) {
		s->eof = true;
		stream_raise(s, NET_EV_EOF);
		return ERR_OK;
	}
	rx_append(&s->rx, p);
	room_count(s);
	stream_raise(s, NET_EV_READABLE);
	return ERR_OK;
}

static enum cause cause_of(const struct net_stream *s, err_t err)
{
	switch (err) {
	case ERR_RST:
		return s->active_open && !s->connected ? CAUSE_REFUSED : CAUSE_RESET;
	case ERR_ABRT:
		return CAUSE_RESET;	/* by us, because a check of lwIP's failed */
	case ERR_ICMP_PORT:
	case ERR_ICMP_PROTO:
		return CAUSE_REFUSED;
	case ERR_ICMP_ADMIN:
		return CAUSE_PROHIBITED;
	case ERR_ICMP_NET:
	case ERR_ICMP_HOST:
		return CAUSE_UNREACHABLE;
	case ERR_ICMP_TTL:
		return CAUSE_TIME_EXCEEDED;
	case ERR_MEM:
		return CAUSE_EXHAUSTED;
	default:
		return CAUSE_NO_ANSWER;
	}
}

static void stream_failed(struct net_stream *s, enum cause cause)
{
	s->cause = (uint8_t)cause;
	tx_free(&s->tx, &s->stack->blocks, out_busy(s->stack));
	room_count(s);
	stream_raise(s, NET_EV_FAILED);
}

static void on_error(void *arg, err_t err)
{
	struct net_stream *s = arg;

	if (!s)
		return;
	s->pcb = NULL;
	recovery_end(s);
	list_remove(&s->dirty);
	list_remove(&s->resume);
	if (s->orphan) {
		stream_bury(s);
		return;
	}
	if (err == ERR_CLSD) {
		/* Both FINs are acknowledged. */
		s->fin_acked = true;
		tx_free(&s->tx, &s->stack->blocks, out_busy(s->stack));
		room_count(s);
		note_all_acked(s);
		return;
	}
	stream_failed(s, cause_of(s, err));
}

void stream_fail(struct net_stream *s, enum cause cause)
{
	pcb_abort(s);
	if (s->orphan)
		stream_bury(s);
	else
		stream_failed(s, cause);
}

static void note_connected(struct net_stream *s)
{
	uint64_t rtt_ns = boot_since_ns(s->stack->now, s->start);

	s->connected = true;
	window_sample(&s->window, net_now_ms(s->stack), (uint32_t)(rtt_ns / NS_PER_MS));
	/* A repeated SYN says nothing about the time (RFC 6298 3). */
	if (s->active_open && !s->pcb->nrtx)
		room_connected(s);
	recovery_begin(s, s->pcb->nrtx ? 0 : rtt_ns ? rtt_ns : 1);
	stream_raise(s, NET_EV_CONNECTED);
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
	(void)pcb;
	(void)err;
	if (arg)
		note_connected(arg);
	return ERR_OK;
}

err_t stream_accepted(void *arg, struct tcp_pcb *pcb, err_t err)
{
	struct net_stream *s = arg;

	/* The only place where a stream is refused inside a callback: lwIP frees the pcb itself. */
	if (!s || !pcb || err != ERR_OK)
		return ERR_VAL;
	note_connected(s);
	return ERR_OK;
}

void stream_attach(struct net_stream *s, struct tcp_pcb *pcb)
{
	s->pcb = pcb;
	tcp_arg(pcb, s);
	tcp_recv(pcb, on_recv);
	tcp_sent(pcb, on_sent);
	tcp_err(pcb, on_error);
	tcp_nagle_disable(pcb);
	tcp_keepalive_set(pcb, KEEPALIVE_IDLE_MS, KEEPALIVE_INTERVAL_MS, KEEPALIVE_PROBES);
	tcp_user_timeout_set(pcb, STREAM_USER_TIMEOUT_MS);
	tcp_set_snd_buf_max(pcb, TCP_SND_BUF);
	if (s->window.max != pcb->rcv_wnd_max)
		tcp_set_rcv_wnd_max(pcb, s->window.max);
}

void stream_after_input(struct net_stream *s)
{
	struct tcp_pcb *pcb = s->pcb;

	if (!pcb || s->dead)
		return;
	room_count(s);
	if (s->fin_given && !s->fin_acked &&
	    (pcb->state == FIN_WAIT_2 || pcb->state == TIME_WAIT)) {
		s->fin_acked = true;
		note_all_acked(s);
	}
	if (pcb->state == TIME_WAIT) {
		stream_detach(s);
		if (s->orphan)
			stream_bury(s);
		return;
	}
	/* The output queue was full: try again in the next round. */
	if (tcp_is_flag_set(pcb, TF_NAGLEMEMERR))
		stream_dirty(s);
	recovery_arm(s);
}

/* --- opening --- */

static int connect_pcb(struct net_stream *s)
{
	ip_addr_t local, remote;
	struct tcp_pcb *pcb;
	err_t err;

	net_addr_to_lwip(&local, &s->local.addr);
	net_addr_to_lwip(&remote, &s->remote.addr);
	pcb = tcp_new_ip_type(IP_GET_TYPE(&remote));
	if (!pcb)
		return ERR_NOMEM;
	ip_addr_copy(pcb->local_ip, local);
	stream_attach(s, pcb);
	err = tcp_connect(pcb, &remote, s->remote.port, on_connected);
	if (err == ERR_OK) {
		s->local.port = pcb->local_port;
		return 0;
	}
	stream_detach(s);
	/* A port of tcp_connect's own choice is not on lwIP's list of bound ones. */
	pcb->local_port = 0;
	tcp_abort(pcb);
	return err == ERR_RTE ? ERR_UNREACH : err == ERR_BUF ? ERR_LIMIT : ERR_NOMEM;
}

int net_stream_connect(struct net_stack *stack, struct boot_time now, const struct endpoint *dst,
		       void *owner, struct net_stream **out)
{
	const struct addr *source = net_stack_source_for(stack, &dst->addr);
	struct endpoint local = {0};
	struct net_stream *s;
	int err;

	net_stack_set_now(stack, now);
	if (!source)
		return ERR_UNREACH;
	if (stack->stream_count >= stack->streams_max)
		return ERR_LIMIT;
	local.addr = *source;
	s = stream_new(stack, &local, dst, owner);
	if (!s)
		return ERR_NOMEM;
	s->active_open = true;
	err = connect_pcb(s);
	if (err) {
		stream_free(s);
		return err;
	}
	*out = s;
	return 0;
}

/* --- queries --- */

void *net_stream_owner(const struct net_stream *s)
{
	return s->owner;
}

void net_stream_set_owner(struct net_stream *s, void *owner)
{
	s->owner = owner;
}

void net_stream_local(const struct net_stream *s, struct endpoint *out)
{
	*out = s->local;
}

void net_stream_remote(const struct net_stream *s, struct endpoint *out)
{
	*out = s->remote;
}

unsigned net_stream_take_events(struct net_stream *s)
{
	unsigned events = s->events;

	s->events = 0;
	list_remove(&s->ready);
	return events;
}

enum cause net_stream_cause(const struct net_stream *s)
{
	return (enum cause)s->cause;
}

struct net_stream *net_stack_next_stream(struct net_stack *stack)
{
	if (list_empty(&stack->ready_streams))
		return NULL;
	return LIST_ENTRY(stack->ready_streams.next, struct net_stream, ready);
}

size_t net_stack_stream_count(const struct net_stack *stack)
{
	return stack->stream_count;
}

/* --- reading --- */

unsigned net_stream_peek(const struct net_stream *s, struct iovec *iov, unsigned max)
{
	return rx_peek(&s->rx, iov, max);
}

size_t net_stream_pending(const struct net_stream *s)
{
	return s->rx.len;
}

void net_stream_consume(struct net_stream *s, size_t len)
{
	rx_consume(&s->rx, len);
	room_count(s);
	if (!s->pcb)
		return;
	s->credit += (uint32_t)len;
	room_taken(s, len);
	stream_dirty(s);
}

void net_stream_settle(struct net_stream *s)
{
	rx_settle(&s->rx);
}

bool net_stream_at_eof(const struct net_stream *s)
{
	return s->eof && !s->rx.len;
}

/* --- writing --- */

static bool may_write(const struct net_stream *s)
{
	return s->pcb && s->connected && !s->shut && !s->cause;
}

unsigned net_stream_space(struct net_stream *s, struct iovec *iov, unsigned max)
{
	struct net_stack *stack = s->stack;
	size_t room;
	unsigned count;

	if (!may_write(s))
		return 0;
	room = room_to_send(s);
	count = room ? tx_space(&s->tx, &stack->blocks, &stack->offer, iov, max, room) : 0;
	if (count == 0) {
		s->want_space = true;
		if (!s->tx.unacked)
			stack->starved = true;
	}
	return count;
}

void net_stream_commit(struct net_stream *s, size_t len)
{
	if (!len)
		return;
	tx_commit(&s->tx, &s->stack->offer, len);
	room_count(s);
	stream_dirty(s);
}

size_t net_stream_write(struct net_stream *s, const void *data, size_t len)
{
	const uint8_t *p = data;
	size_t done = 0;

	while (done < len) {
		struct iovec iov[2];
		unsigned count = net_stream_space(s, iov, 2);
		size_t placed = 0;

		if (!count)
			break;
		for (unsigned i = 0; i < count && done + placed < len; i++) {
			size_t n = len - done - placed;

			if (n > iov[i].iov_len)
				n = iov[i].iov_len;
			memcpy(iov[i].iov_base, p + done + placed, n);
			placed += n;
		}
		net_stream_commit(s, placed);
		done += placed;
	}
	return done;
}

size_t net_stream_unacked(const struct net_stream *s)
{
	return s->tx.unacked;
}

void streams_wake_starved(struct net_stack *stack)
{
	if (!stack->starved)
		return;
	stack->starved = false;
	for (struct list *node = stack->streams.next; node != &stack->streams; node = node->next) {
		struct net_stream *s = LIST_ENTRY(node, struct net_stream, all);

		if (!s->want_space || s->tx.unacked || !may_write(s))
			continue;
		s->want_space = false;
		stream_raise(s, NET_EV_WRITABLE);
	}
}

/* --- handing over to lwIP --- */

static void give_credit(struct net_stream *s)
{
	while (s->credit) {
		u16_t n = s->credit > UINT16_MAX ? UINT16_MAX : (u16_t)s->credit;

		s->credit -= n;
		tcp_recved(s->pcb, n);
	}
}

/* True when everything was given. */
static bool give_bytes(struct net_stream *s)
{
	while (s->tx.pending) {
		size_t len;
		const uint8_t *p = tx_pending(&s->tx, &len);

		if (len > UINT16_MAX)
			len = UINT16_MAX;
		if (tcp_write(s->pcb, p, (u16_t)len,
			      len < s->tx.pending ? TCP_WRITE_FLAG_MORE : 0) != ERR_OK)
			return false;
		tx_taken(&s->tx, len);
	}
	return true;
}

/* Sends FIN once all bytes were given. For an orphan tcp_close, so that lwIP expects no reader. */
static bool give_fin(struct net_stream *s)
{
	if (s->orphan) {
		/* All was read; a changed window must not look like unread bytes (RST). */
		s->pcb->rcv_wnd = TCP_WND_MAX(s->pcb);
		if (tcp_close(s->pcb) != ERR_OK)
			return false;
		s->fin_given = true;
		orphan_check(s);
		return true;
	}
	if (tcp_shutdown(s->pcb, 0, 1) != ERR_OK)
		return false;
	s->fin_given = true;
	return true;
}

static void flush_one(struct net_stream *s)
{
	bool again;

	give_credit(s);
	again = !give_bytes(s);
	if (!again && s->shut && !s->fin_given && s->connected)
		again = !give_fin(s);
	if (!s->pcb)
		return;
	stream_output(s);
	if (again)
		stream_dirty(s);
}

static void stream_flush(struct net_stream *s)
{
	struct net_stack *stack = s->stack;

	stack->sender = s->peer;
	flush_one(s);
	stack->sender = 0;
}

void streams_flush(struct net_stack *stack)
{
	struct list todo, *node;

	if (list_empty(&stack->dirty_streams))
		return;
	/* What cannot be given now goes to the list again, for the next round. */
	todo = stack->dirty_streams;
	todo.next->prev = todo.prev->next = &todo;
	list_init(&stack->dirty_streams);
	while ((node = list_pop_front(&todo))) {
		struct net_stream *s = LIST_ENTRY(node, struct net_stream, dirty);

		if (s->pcb)
			stream_flush(s);
	}
	streams_reap(stack);
}

/* --- ending --- */

void net_stream_shutdown(struct net_stream *s)
{
	if (s->shut)
		return;
	s->shut = true;
	stream_dirty(s);
}

void net_stream_close(struct net_stream *s)
{
	if (!s->pcb || !s->connected || s->rx.len) {
		net_stream_abort(s);
		return;
	}
	give_credit(s);
	list_remove(&s->ready);
	s->events = 0;
	s->orphan = true;
	s->owner = NULL;
	s->shut = true;
	/* With FIN on its way already, lwIP still has to learn that nobody reads any more. */
	s->fin_given = false;
	stream_dirty(s);
}

void net_stream_abort(struct net_stream *s)
{
	pcb_abort(s);
	stream_free(s);
}
