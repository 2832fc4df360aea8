/*
 * Theory of operation
 *
 * A dial goes through: (1) for a name, wait until a DNS server's peer has a session; (2) resolve;
 * (3) attempts, one per address, started and staggered by dns/eyeballs. An attempt checks the
 * address (policy, route), waits for a session with the peer that owns it, and connects. When that peer is
 * removed meanwhile, it goes on with the one that has the address then, or fails. The first
 * open stream wins and the others are aborted. When every attempt has failed, the cause that tells
 * most is reported; when the deadline passes, the cause follows from what was still waited for.
 * Dials are independent of one another: a dead host costs its own dial's time and nobody else's.
 */
#include "front/dial.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/log.h"
#include "dns/eyeballs.h"
#include "io/loop.h"
#include "wg/device.h"

enum dial_phase {
	DIAL_NEW,		/* on the ready list */
	DIAL_WAIT_RESOLVER,	/* for a session with a DNS server's peer */
	DIAL_ACTIVE,		/* resolving, connecting, or both */
};

struct attempt {
	struct list link;
	struct dial *dial;
	struct addr addr;
	uint32_t peer;			/* wg_peer_id: whom it waits for, or `stream` is behind */
	struct tunnel_waiter waiter;
	struct tunnel_stream_sink sink;
	struct net_stream *stream;	/* NULL: waits for the session */
};

struct dial {
	struct list link;	/* dial_env.ready while DIAL_NEW */
	struct dial_env *env;
	struct proxy_target target;
	dial_fn fn;
	void *ctx;
	enum dial_phase phase;
	struct io_timer *timer;
	struct boot_time deadline;
	struct tunnel_waiter waiter;
	struct names_query *query;
	struct dns_eyeballs eyeballs;
	struct list attempts;
	struct fault fault;	/* the most telling failure so far; CAUSE_OK: none */
	unsigned rank;		/* of its cause */
};

/* How much a failure tells; of several ones that with the highest rank is reported. */
static const uint8_t cause_rank[CAUSE_COUNT] = {
	[CAUSE_OK] = 0,
	[CAUSE_NO_ROUTE] = 1,
	[CAUSE_NO_FAMILY] = 1,
	[CAUSE_DENIED] = 2,
	[CAUSE_NAME_NOT_FOUND] = 3,
	[CAUSE_EXHAUSTED] = 4,
	[CAUSE_LIMIT] = 4,
	[CAUSE_TUNNEL_DOWN] = 5,
	[CAUSE_NAME_FAILED] = 6,
	[CAUSE_NAME_NO_ANSWER] = 6,
	[CAUSE_NO_ANSWER] = 6,
	[CAUSE_UNREACHABLE] = 7,
	[CAUSE_PROHIBITED] = 8,
	[CAUSE_TIME_EXCEEDED] = 8,
	[CAUSE_RESET] = 9,
	[CAUSE_REFUSED] = 10,
};

/* What became of an address tells more than that a look-up of the other family failed. */
#define RANK_LOOKUP 0
#define RANK_ADDRESS 16

static void set_phase(struct dial *d, enum dial_phase phase)
{
	static const char *const names[] = {
		[DIAL_NEW] = "new", [DIAL_WAIT_RESOLVER] = "waits for a name server", [DIAL_ACTIVE] = "active",
	};

	log_trace("dial: %s -> %s", names[d->phase], names[phase]);
	d->phase = phase;
}

static struct boot_time now_of(const struct dial *d)
{
	return io_loop_now(tunnel_loop(d->env->tunnel));
}

static void attempt_free(struct attempt *a)
{
	list_remove(&a->link);
	tunnel_wait_cancel(&a->waiter);
	if (a->stream)
		net_stream_abort(a->stream);
	free(a);
}

static void dial_free(struct dial *d)
{
	list_remove(&d->link);
	while (!list_empty(&d->attempts))
		attempt_free(LIST_ENTRY(d->attempts.next, struct attempt, link));
	tunnel_wait_cancel(&d->waiter);
	if (d->query)
		names_cancel(d->query);
	io_timer_free(d->timer);
	free(d);
}

static void finish(struct dial *d, struct net_stream *stream)
{
	struct fault fault = d->fault;
	dial_fn fn = d->fn;
	void *ctx = d->ctx;

	if (!stream)
		d->env->failed[fault.cause]++;
	dial_free(d);
	fn(ctx, stream, stream ? NULL : &fault);
}

/*
 * Remembers a failure if it tells more than what is known. `why` follows "cannot connect to
 * TARGET: ".
 */
static void note_failure(struct dial *d, unsigned rank, enum cause cause, const char *why)
{
	char target[PROXY_TARGET_TEXT_MAX];

	rank += cause_rank[cause];
	if (d->fault.cause != CAUSE_OK && rank < d->rank)
		return;
	d->rank = rank;
	fault_set_cause(&d->fault, cause, "cannot connect to %s: %s", proxy_target_format(&d->target, target), why);
}

static void note_address_failure(struct dial *d, const struct addr *addr, enum cause cause,
				 const char *why)
{
	char text[ADDR_TEXT_MAX], line[DIAL_WHY_MAX + ADDR_TEXT_MAX + 2];

	/* A target that is this address has been named already. */
	if (addr_equal(addr, &d->target.addr))
		snprintf(line, sizeof(line), "%s", why);
	else
		snprintf(line, sizeof(line), "%s: %s", addr_format(addr, text), why);
	note_failure(d, RANK_ADDRESS, cause, line);
}

static void note_no_session(struct dial *d, struct wg_peer *peer)
{
	char line[DIAL_WHY_MAX + 32], why[DIAL_WHY_MAX];

	d->env->describe(d->env->describe_ctx, peer, why, sizeof(why));
	snprintf(line, sizeof(line), "the tunnel is not up: %s", why);
	note_failure(d, RANK_ADDRESS, CAUSE_TUNNEL_DOWN, line);
}

/* `what` with what is known of the peer's silence. Returns `out`. */
static const char *add_silence(const struct dial *d, struct wg_peer *peer, const char *what, char *out,
			       size_t cap)
{
	char why[DIAL_WHY_MAX - 64];

	d->env->silence(d->env->describe_ctx, peer, why, sizeof(why));
	snprintf(out, cap, "%s%s%s", what, why[0] ? "; " : "", why);
	return out;
}

static void note_lookup_failure(struct dial *d, enum cause cause)
{
	const char *text = names_failure_text(d->env->names, cause);
	struct wg_peer *peer = names_session_peer(d->env->names);
	char line[DIAL_WHY_MAX];

	if (cause == CAUSE_NAME_NO_ANSWER && peer && !wg_peer_heard(peer))
		note_no_session(d, peer);
	else if (cause == CAUSE_NAME_NO_ANSWER && peer)
		note_failure(d, RANK_LOOKUP, cause, add_silence(d, peer, text, line, sizeof(line)));
	else
		note_failure(d, RANK_LOOKUP, cause, text);
}

static struct wg_peer *route(const struct dial *d, const struct addr *addr)
{
	return wg_device_route(tunnel_device(d->env->tunnel), addr);
}

static void note_no_route(struct dial *d, const struct addr *addr)
{
	note_address_failure(d, addr, CAUSE_NO_ROUTE, "no peer's AllowedIPs hold this address");
}

/* The peer that leads to the address, if it may be dialled at all; notes why not. */
static struct wg_peer *check_address(struct dial *d, const struct addr *addr)
{
	struct net_stack *stack = tunnel_stack(d->env->tunnel);
	struct wg_peer *peer;

	if (addr_is_loopback(addr) || addr_is_unspecified(addr) || addr_is_multicast(addr) ||
	    net_stack_owns(stack, addr)) {
		note_address_failure(d, addr, CAUSE_DENIED,
				     "own, loopback, multicast and unspecified addresses are not "
				     "reached through the tunnel");
		return NULL;
	}
	if (!net_stack_has_family(stack, addr->family)) {
		note_address_failure(d, addr, CAUSE_NO_FAMILY,
				     addr->family == ADDR_V6 ? "the tunnel has no IPv6 address" :
							       "the tunnel has no IPv4 address");
		return NULL;
	}
	peer = route(d, addr);
	if (!peer)
		note_no_route(d, addr);
	return peer;
}

static void dial_step(struct dial *d);

static void attempt_failed(struct attempt *a)
{
	struct dial *d = a->dial;

	attempt_free(a);
	dns_eyeballs_attempt_failed(&d->eyeballs, now_of(d));
	dial_step(d);
}

static void note_connect_error(struct dial *d, const struct addr *addr, int err)
{
	enum cause cause = err == ERR_UNREACH ? CAUSE_UNREACHABLE :
			   err == ERR_LIMIT   ? CAUSE_LIMIT :
						CAUSE_EXHAUSTED;

	note_address_failure(d, addr, cause, err_text(err));
}

static bool attempt_connect(struct attempt *a)
{
	struct dial *d = a->dial;
	struct endpoint dst = {.addr = a->addr, .port = d->target.port};
	struct net_stack *stack = tunnel_stack(d->env->tunnel);
	int err;

	/* When this fails, so does what follows, and says why. */
	if (net_stack_stream_count(stack) >= NET_STREAMS_MAX)
		(void)patience_make_room(d->env->patience, NULL);
	err = net_stream_connect(stack, now_of(d), &dst, &a->sink, &a->stream);
	if (!err)
		net_stream_set_peer(a->stream, a->peer);
	else
		note_connect_error(d, &a->addr, err);
	return !err;
}

/* Connects through the peer that the address leads to now, or waits for it. False: failed, and noted. */
static bool attempt_go_on(struct attempt *a)
{
	struct dial *d = a->dial;
	struct wg_peer *peer = check_address(d, &a->addr);

	if (!peer)
		return false;
	a->peer = wg_peer_id(peer);
	if (wg_peer_has_session(peer, now_of(d)))
		return attempt_connect(a);
	tunnel_wait(d->env->tunnel, &a->waiter, peer);
	return true;
}

static void on_attempt_wake(struct tunnel_waiter *w)
{
	struct attempt *a = CONTAINER_OF(w, struct attempt, waiter);

	if (!attempt_go_on(a))
		attempt_failed(a);
}

static bool was_rerouted(const struct attempt *a)
{
	const struct wg_peer *peer = route(a->dial, &a->addr);

	return !peer || wg_peer_id(peer) != a->peer;
}

static void attempt_lost(struct attempt *a)
{
	enum cause cause = net_stream_cause(a->stream);

	if (!was_rerouted(a)) {
		note_address_failure(a->dial, &a->addr, cause, cause_text(cause));
		attempt_failed(a);
		return;
	}
	net_stream_abort(a->stream);
	a->stream = NULL;
	if (!attempt_go_on(a))
		attempt_failed(a);
}

static void on_attempt_stream(struct tunnel_stream_sink *sink, struct net_stream *s,
			      unsigned events)
{
	struct attempt *a = CONTAINER_OF(sink, struct attempt, sink);

	if (events & NET_EV_FAILED) {
		attempt_lost(a);
	} else if (events & NET_EV_CONNECTED) {
		a->stream = NULL;
		finish(a->dial, s);
	}
}

/* Starts an attempt; one that fails at once is noted and forgotten. */
static bool attempt_start(struct dial *d, const struct addr *target)
{
	struct addr addr = addr_unmap(target);
	struct attempt *a = calloc(1, sizeof(*a));

	if (!a) {
		note_address_failure(d, &addr, CAUSE_EXHAUSTED, err_text(ERR_NOMEM));
		return false;
	}
	a->dial = d;
	a->addr = addr;
	a->sink.on_stream = on_attempt_stream;
	a->waiter.on_wake = on_attempt_wake;
	list_init(&a->waiter.link);
	list_push_back(&d->attempts, &a->link);
	if (attempt_go_on(a))
		return true;
	attempt_free(a);
	return false;
}

static void set_timer(struct dial *d)
{
	struct boot_time at = d->deadline;

	if (d->phase == DIAL_ACTIVE)
		at = boot_min(at, dns_eyeballs_deadline(&d->eyeballs));
	io_timer_set(d->timer, at);
}

/* Starts what is due; ends the dial when nothing is left to hope for. May free `d`. */
static void dial_step(struct dial *d)
{
	struct addr addr;

	while (dns_eyeballs_next(&d->eyeballs, now_of(d), &addr)) {
		if (!attempt_start(d, &addr))
			dns_eyeballs_attempt_failed(&d->eyeballs, now_of(d));
	}
	if (list_empty(&d->attempts) && !d->query && dns_eyeballs_exhausted(&d->eyeballs)) {
		if (d->fault.cause == CAUSE_OK)
			note_lookup_failure(d, CAUSE_NAME_NOT_FOUND);
		finish(d, NULL);
		return;
	}
	set_timer(d);
}

static void on_names(void *ctx, enum addr_family family, const struct addr *addrs, size_t count,
		     bool done, enum cause cause)
{
	struct dial *d = ctx;

	if (done)
		d->query = NULL;
	if (count == 0 && cause != CAUSE_OK)
		note_lookup_failure(d, cause);
	dns_eyeballs_add(&d->eyeballs, now_of(d), family, addrs, count);
	if (done)
		dns_eyeballs_resolved(&d->eyeballs, now_of(d));
	dial_step(d);
}

static void resolve(struct dial *d)
{
	int err = names_resolve(d->env->names, d->target.name, on_names, d, &d->query);

	set_phase(d, DIAL_ACTIVE);
	if (err) {
		d->query = NULL;
		note_failure(d, RANK_LOOKUP,
			     err == ERR_SYNTAX ? CAUSE_NAME_NOT_FOUND :
			     err == ERR_LIMIT  ? CAUSE_LIMIT :
						 CAUSE_EXHAUSTED,
			     err == ERR_SYNTAX ? "this is not a possible host name" : err_text(err));
		dns_eyeballs_resolved(&d->eyeballs, now_of(d));
		dial_step(d);
		return;
	}
	set_timer(d);
}

/* Looks the name up as soon as a name server may be reached. May free `d`. */
static void resolve_or_wait(struct dial *d)
{
	if (!names_needs_session(d->env->names)) {
		resolve(d);
		return;
	}
	set_phase(d, DIAL_WAIT_RESOLVER);
	names_start_sessions(d->env->names);
	tunnel_wait_any(d->env->tunnel, &d->waiter);
	set_timer(d);
}

static void on_some_session(struct tunnel_waiter *w)
{
	resolve_or_wait(CONTAINER_OF(w, struct dial, waiter));
}

static void dial_begin(struct dial *d)
{
	dns_eyeballs_init(&d->eyeballs, now_of(d));
	if (d->target.addr.family != ADDR_NONE) {
		set_phase(d, DIAL_ACTIVE);
		dns_eyeballs_add(&d->eyeballs, now_of(d), d->target.addr.family, &d->target.addr, 1);
		dns_eyeballs_resolved(&d->eyeballs, now_of(d));
		dial_step(d);
		return;
	}
	resolve_or_wait(d);
}

/* What an attempt still waits for. */
static void note_waiting(struct dial *d, const struct attempt *a)
{
	struct wg_peer *peer = route(d, &a->addr);
	char line[DIAL_WHY_MAX], what[32];
	struct wg_peer_info info;

	if (!peer) {
		note_no_route(d, &a->addr);
		return;
	}
	/* A session whose peer stopped answering counts as none. */
	wg_peer_info(peer, now_of(d), &info);
	if (!a->stream || info.attempts > 1 || !wg_peer_heard(peer)) {
		note_no_session(d, peer);
		return;
	}
	snprintf(what, sizeof(what), "no answer in %u s", d->env->timeout_ms / 1000);
	note_address_failure(d, &a->addr, CAUSE_NO_ANSWER, add_silence(d, peer, what, line, sizeof(line)));
}

/* The deadline has passed: says what was still waited for. */
static void note_timeout(struct dial *d)
{
	struct wg_peer *resolver = names_needs_session(d->env->names);

	if (d->phase == DIAL_WAIT_RESOLVER && resolver)
		note_no_session(d, resolver);
	else if (list_empty(&d->attempts))
		note_lookup_failure(d, CAUSE_NAME_NO_ANSWER);
	for (struct list *l = d->attempts.next; l != &d->attempts; l = l->next)
		note_waiting(d, LIST_ENTRY(l, struct attempt, link));
}

static void on_timer(void *ctx)
{
	struct dial *d = ctx;

	if (!boot_reached(now_of(d), d->deadline)) {
		dial_step(d);
		return;
	}
	note_timeout(d);
	finish(d, NULL);
}

int dial_start(struct dial_env *env, const struct proxy_target *target, dial_fn fn, void *ctx,
	       struct dial **out)
{
	struct dial *d = calloc(1, sizeof(*d));

	if (!d)
		return ERR_NOMEM;
	d->env = env;
	d->target = *target;
	d->fn = fn;
	d->ctx = ctx;
	d->timer = io_timer_new(tunnel_loop(env->tunnel), on_timer, d);
	if (!d->timer) {
		free(d);
		return ERR_NOMEM;
	}
	list_init(&d->attempts);
	list_init(&d->waiter.link);
	d->waiter.on_wake = on_some_session;
	d->deadline = boot_add_ms(now_of(d), env->timeout_ms);
	list_push_back(&env->ready, &d->link);
	*out = d;
	return 0;
}

/* Clients may give up before ConnectTimeout, again and again: the log is to say why all the same. */
static void note_given_up(struct dial *d)
{
	struct wg_peer *peer = names_session_peer(d->env->names);
	char why[DIAL_WHY_MAX];

	if (d->phase == DIAL_NEW ||
	    boot_since_ms(d->deadline, now_of(d)) + DIAL_SILENT_MS > d->env->timeout_ms)
		return;
	if (d->query && peer)
		d->env->silence(d->env->describe_ctx, peer, why, sizeof(why));
	for (struct list *l = d->attempts.next; l != &d->attempts; l = l->next) {
		struct attempt *a = LIST_ENTRY(l, struct attempt, link);

		peer = a->stream ? route(d, &a->addr) : NULL;
		if (peer)
			d->env->silence(d->env->describe_ctx, peer, why, sizeof(why));
	}
}

void dial_cancel(struct dial *d)
{
	note_given_up(d);
	dial_free(d);
}

bool dial_flush(struct dial_env *env)
{
	struct list todo, *l;

	/* A dial that fails at once may be followed by the next: that one waits for the next round. */
	list_init(&todo);
	while ((l = list_pop_front(&env->ready)))
		list_push_back(&todo, l);
	if (list_empty(&todo))
		return false;
	while ((l = list_pop_front(&todo)))
		dial_begin(LIST_ENTRY(l, struct dial, link));
	return true;
}
