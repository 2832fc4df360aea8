/*
 * Theory of operation
 *
 * A literal address is used as it is. A name is resolved by the host's resolver; its addresses (of
 * families that the UDP socket has) form a ring. The first one becomes the endpoint; each handshake
 * that goes unanswered moves to the next, so both families are tried, then to the place that the
 * peer last spoke from, if that is another one. When all that has gone round without a session the
 * name is looked up again, and a look-up that fails is repeated with a growing pause.
 *
 * A peer that is heard is where it speaks from: neither a lost handshake nor a late answer of the
 * resolver moves it.
 */
#include "link/endpoint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

/* Pause after a failed look-up: doubles from the first to the second, with a random part. */
#define ENDPOINT_RETRY_MIN_MS 1000
#define ENDPOINT_RETRY_MAX_MS 60000
/* A literal endpoint is repeated by WireGuard itself; a name is looked up at most this often. */
#define ENDPOINT_LOOKUP_INTERVAL_MS 5000

struct endpoint_finder {
	struct tunnel *tunnel;
	struct io_hostdns *dns;
	struct io_hostdns_query *query;
	struct io_timer *timer;
	struct wg_peer *peer;
	uint16_t port;
	const struct rng *rng;
	struct endpoint ring[IO_HOSTDNS_ADDRS_MAX];
	size_t ring_count, ring_at;
	struct endpoint away;	/* where the peer was last heard outside the ring, or ADDR_NONE */
	struct boot_time last_lookup;
	uint64_t retry_ms;
	enum cause lookup_cause;
	bool literal;
	bool reported;	/* this run of failed look-ups has been logged */
	char host[];
};

static void use_endpoint(struct endpoint_finder *f)
{
	char text[ENDPOINT_TEXT_MAX];

	if (wg_peer_heard(f->peer))
		return;
	wg_peer_set_endpoint(f->peer, &f->ring[f->ring_at]);
	wg_peer_start(f->peer, io_loop_now(tunnel_loop(f->tunnel)), 0);
	log_debug("peer endpoint %s:%u: trying %s", f->host,
		  f->port, endpoint_format(&f->ring[f->ring_at], text));
}

static void retry_later(struct endpoint_finder *f)
{
	struct boot_time now = io_loop_now(tunnel_loop(f->tunnel));
	uint64_t wait = f->retry_ms + rng_below(f->rng, (uint32_t)(f->retry_ms / 4 + 1));

	io_timer_set(f->timer, boot_add_ms(now, wait));
	f->retry_ms = f->retry_ms * 2 > ENDPOINT_RETRY_MAX_MS ? ENDPOINT_RETRY_MAX_MS :
								 f->retry_ms * 2;
}

static void fill_ring(struct endpoint_finder *f, const struct addr *addrs, size_t count)
{
	f->ring_count = 0;
	f->ring_at = 0;
	for (size_t i = 0; i < count && f->ring_count < ARRAY_LEN(f->ring); i++) {
		if (!tunnel_has_udp_family(f->tunnel, addrs[i].family))
			continue;
		f->ring[f->ring_count++] = (struct endpoint){
			.addr = addrs[i],
			.port = f->port,
		};
	}
}

static void on_resolved(void *ctx, const struct addr *addrs, size_t count, enum cause cause)
{
	struct endpoint_finder *f = ctx;

	f->query = NULL;
	f->lookup_cause = cause;
	if (count > 0)
		fill_ring(f, addrs, count);
	if (count > 0 && f->ring_count > 0) {
		f->retry_ms = ENDPOINT_RETRY_MIN_MS;
		f->reported = false;
		use_endpoint(f);
		return;
	}
	if (count > 0)
		f->lookup_cause = CAUSE_UNREACHABLE;
	if (!f->reported)
		log_warn("peer endpoint %s: %s; will try again", f->host,
			 count > 0 ? "no address of a family that this host has" :
				     cause_text(cause));
	f->reported = true;
	retry_later(f);
}

static void look_up(struct endpoint_finder *f)
{
	if (f->query)
		return;
	f->last_lookup = io_loop_now(tunnel_loop(f->tunnel));
	if (io_hostdns_resolve(f->dns, f->host, on_resolved, f, &f->query)) {
		f->query = NULL;
		f->lookup_cause = CAUSE_EXHAUSTED;
		retry_later(f);
		return;
	}
	io_hostdns_hurry(f->query);
}

static void on_timer(void *ctx)
{
	struct endpoint_finder *f = ctx;

	if (f->literal)
		use_endpoint(f);
	else
		look_up(f);
}

struct endpoint_finder *endpoint_finder_new(struct tunnel *tunnel, struct io_hostdns *dns,
					    struct wg_peer *peer, const char *host, uint16_t port,
					    const struct rng *rng, uint64_t delay_ms)
{
	size_t host_len = strlen(host);
	struct endpoint_finder *f = calloc(1, sizeof(*f) + host_len + 1);
	struct boot_time now = io_loop_now(tunnel_loop(tunnel));
	struct addr literal;

	if (!f)
		return NULL;
	f->tunnel = tunnel;
	f->dns = dns;
	f->peer = peer;
	f->port = port;
	memcpy(f->host, host, host_len);
	f->rng = rng;
	f->retry_ms = ENDPOINT_RETRY_MIN_MS;
	f->timer = io_timer_new(tunnel_loop(tunnel), on_timer, f);
	if (!f->timer) {
		free(f);
		return NULL;
	}
	if (!addr_parse(&literal, host, host_len)) {
		f->literal = true;
		f->ring[0] = (struct endpoint){.addr = literal, .port = port};
		f->ring_count = 1;
	}
	if (delay_ms == 0)
		on_timer(f);
	else
		io_timer_set(f->timer, boot_add_ms(now, delay_ms));
	return f;
}

void endpoint_finder_free(struct endpoint_finder *f)
{
	if (!f)
		return;
	if (f->query)
		io_hostdns_cancel(f->query);
	io_timer_free(f->timer);
	free(f);
}

static void note_roamed(struct endpoint_finder *f)
{
	const struct endpoint *at = wg_peer_endpoint(f->peer);

	for (size_t i = 0; i < f->ring_count; i++) {
		if (!endpoint_equal(at, &f->ring[i]))
			continue;
		f->ring_at = i;
		f->away = (struct endpoint){0};
		return;
	}
	f->away = *at;
}

static void try_next(struct endpoint_finder *f)
{
	struct boot_time now = io_loop_now(tunnel_loop(f->tunnel));
	bool is_away = f->away.addr.family != ADDR_NONE &&
		       endpoint_equal(wg_peer_endpoint(f->peer), &f->away);

	if (!is_away && f->ring_at + 1 < f->ring_count) {
		f->ring_at++;
		wg_peer_set_endpoint(f->peer, &f->ring[f->ring_at]);
		return;
	}
	if (!is_away && f->away.addr.family != ADDR_NONE) {
		wg_peer_try_endpoint(f->peer, &f->away);
		return;
	}
	f->ring_at = 0;
	if (f->ring_count > 0)
		wg_peer_set_endpoint(f->peer, &f->ring[0]);
	if (!f->literal && boot_since_ms(now, f->last_lookup) >= ENDPOINT_LOOKUP_INTERVAL_MS)
		look_up(f);
}

void endpoint_finder_event(struct endpoint_finder *f, enum wg_event_type type)
{
	if (type == WG_EVENT_ROAMED)
		note_roamed(f);
	if ((type == WG_EVENT_HANDSHAKE_RETRY || type == WG_EVENT_HANDSHAKE_FAILED) &&
	    !wg_peer_heard(f->peer))
		try_next(f);
}

const char *endpoint_finder_describe(const struct endpoint_finder *f, char *out, size_t cap)
{
	snprintf(out, cap, "endpoint %s: %s", f->host,
		 f->query || f->lookup_cause == CAUSE_OK ? "still being looked up" :
							   cause_text(f->lookup_cause));
	return out;
}
