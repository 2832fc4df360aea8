/*
 * Stub resolver without sockets: names in, addresses out, exchanges with name servers in between.
 *
 * The driver gives each exchange a fresh socket (its port must be unpredictable, RFC 5452), feeds
 * what arrives, drains output and events after every call, and sets one timer from the deadline.
 * Identical look-ups share their exchanges. Nothing here calls back.
 */
#ifndef CULVERT_DNS_RESOLVER_H
#define CULVERT_DNS_RESOLVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/cause.h"
#include "base/clock.h"
#include "base/compiler.h"
#include "base/rng.h"

/* resolv.conf allows three; tunnels of companies list a few more. Further ones are left out. */
#define DNS_SERVERS_MAX 8
/* glibc once allowed six; each is one more question for a name that does not exist. */
#define DNS_SEARCH_MAX 8
/* Look-ups in progress: one for each connection that 10,000 clients may open at once. */
#define DNS_QUERIES_MAX 16384
/* Different questions in progress; each holds up to three sockets of the driver. */
#define DNS_JOBS_MAX 1024

struct dns_resolver;
struct dns_query;

struct dns_resolver_config {
	const struct endpoint *servers;	/* in order of preference; copied */
	size_t server_count;
	const char *const *search;	/* search domains; copied, invalid ones are left out */
	size_t search_count;
	const struct rng *rng;		/* outlives the resolver */
	bool want_v4, want_v6;		/* families worth asking for */
	unsigned ndots;			/* names with fewer dots try search domains first */
	bool uncached;			/* each look-up asks anew */
	unsigned limit_ms;		/* of a question, all servers and rounds; 0: 10 s */
};

enum dns_action {
	DNS_SEND_UDP,	/* one datagram to `server`, from a fresh socket for `exchange` */
	DNS_SEND_TCP,	/* connect to `server` and send; the 2-byte length is in `data` */
	DNS_CLOSE,	/* `exchange` is over; follows each one that was sent, failed ones too */
};

struct dns_output {
	enum dns_action action;
	uint32_t exchange;
	struct endpoint server;
	const uint8_t *data;	/* valid until the next call on the resolver */
	size_t len;
};

/* One family's result. */
struct dns_result {
	struct dns_query *query;
	void *owner;
	enum addr_family family;
	const struct addr *addrs;	/* valid until the next call on the resolver */
	size_t count;
	bool done;		/* the query's last result: it is gone, do not cancel it */
	enum cause cause;	/* CAUSE_OK, or with count 0: why */
};

/* What was thrown away, for the status command. */
enum dns_drop {
	DNS_DROP_STRAY,		/* no such exchange (any more) */
	DNS_DROP_SOURCE,	/* not from the server that was asked */
	DNS_DROP_MISMATCH,	/* wrong id, question, class or kind of message */
	DNS_DROP_CASE,		/* letter case was not kept */
	DNS_DROP_MALFORMED,
	DNS_DROP_COUNT
};

/* A stable snake_case name for the status, for example "wrong_source". Static storage. */
const char *dns_drop_name(enum dns_drop reason);

/* A resolver, or NULL: out of memory, no server, or no family wanted. */
struct dns_resolver *dns_resolver_new(const struct dns_resolver_config *config);
/* Ends every query without an event; the driver closes its sockets itself. */
void dns_resolver_free(struct dns_resolver *r);

/*
 * Starts a look-up of `name` (not an IP literal), A and AAAA side by side as the configuration
 * wants. Results come from dns_resolver_event, never from inside this call. `*out` belongs to the
 * resolver and is valid until the result with `done`, or until it is cancelled. ERR_SYNTAX for
 * what is no host name, ERR_LIMIT beyond DNS_QUERIES_MAX, ERR_NOMEM.
 */
CULVERT_MUST_USE int dns_query_start(struct dns_resolver *r, struct boot_time now,
				     const char *name, size_t len, void *owner,
				     struct dns_query **out);
/* No event follows. */
void dns_query_cancel(struct dns_query *q);

/* The next thing to do on the network; call until it says false. */
bool dns_resolver_output(struct dns_resolver *r, struct boot_time now, struct dns_output *out);

/*
 * What arrived for `exchange`: one UDP datagram and its source, or any stretch of a TCP stream
 * (`src` is then ignored). Unknown exchanges are ignored.
 */
void dns_resolver_input(struct dns_resolver *r, struct boot_time now, uint32_t exchange,
			const struct endpoint *src, const uint8_t *data, size_t len);

/* `exchange` could not be sent, was refused, or its stream ended. */
void dns_resolver_failed(struct dns_resolver *r, struct boot_time now, uint32_t exchange);

/* The next result, or false. */
bool dns_resolver_event(struct dns_resolver *r, struct dns_result *out);

struct boot_time dns_resolver_deadline(const struct dns_resolver *r);
void dns_resolver_tick(struct dns_resolver *r, struct boot_time now);

uint64_t dns_resolver_drops(const struct dns_resolver *r, enum dns_drop reason);

#endif
