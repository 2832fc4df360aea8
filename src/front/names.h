/*
 * Names of destinations: resolved inside the tunnel by the configuration's DNS servers, or by the
 * host's resolver when it names none. This is the driver of dns/resolver for the stack's sockets.
 */
#ifndef CULVERT_FRONT_NAMES_H
#define CULVERT_FRONT_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"
#include "base/cause.h"
#include "base/compiler.h"
#include "base/rng.h"
#include "front/config.h"
#include "io/hostdns.h"
#include "link/tunnel.h"

struct names;
struct names_query;

/*
 * One family's addresses (`count` 0: none, `cause` says why); `done` with the last answer, after
 * which the query is gone. Host look-ups answer both families at once, per call still one family.
 */
typedef void (*names_fn)(void *ctx, enum addr_family family, const struct addr *addrs, size_t count,
			 bool done, enum cause cause);

struct names *names_new(struct tunnel *tunnel, struct io_hostdns *host,
			const struct names_config *config, const struct rng *rng);
void names_free(struct names *n);

/*
 * Other servers and search domains, both copied; no servers: the host's resolver. What was remembered is forgotten;
 * look-ups under way start again with the new ones, and may tell a family a second time. 0, or ERR_NOMEM or ERR_LIMIT,
 * and nothing has changed. Not from inside a names_fn.
 */
CULVERT_MUST_USE int names_configure(struct names *n, const struct addr *servers, size_t server_count,
				     const char *const *search_domains, size_t search_domain_count);

/*
 * Starts a look-up; `fn` is called from the loop, never from here. 0, ERR_SYNTAX (no possible
 * name), ERR_LIMIT or ERR_NOMEM.
 */
CULVERT_MUST_USE int names_resolve(struct names *n, const char *name, names_fn fn, void *ctx,
				   struct names_query **out);
void names_cancel(struct names_query *q);

/*
 * A peer that must have a session before a look-up can be answered (the first name server's that
 * has any), or NULL: none is needed, or the peer of some name server has one.
 */
struct wg_peer *names_needs_session(const struct names *n);
/* The first peer that leads to a name server and has a session, or NULL. */
struct wg_peer *names_session_peer(const struct names *n);
/* Asks the peers of all name servers for a session. */
void names_start_sessions(const struct names *n);

/* What a look-up's failure means here, for people. A constant. */
const char *names_failure_text(const struct names *n, enum cause cause);

/* What was dropped of name servers' answers, the host's and the tunnel's. */
uint64_t names_drops(const struct names *n, enum dns_drop reason);

/* One round of a flush: moves the resolver's output and events on. Whether it did anything. */
CULVERT_MUST_USE bool names_flush(struct names *n);

#endif
