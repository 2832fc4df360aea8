/*
 * Whatever listens, for local programs (SOCKS, HTTP, mixed, forward) or for the mesh (published ports): opened, limited,
 * drained, changed and shown alike.
 */
#ifndef CULVERT_FRONT_SERVICE_H
#define CULVERT_FRONT_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/fault.h"
#include "front/config.h"
#include "front/dial.h"
#include "front/patience.h"
#include "io/hostdns.h"
#include "io/loop.h"
#include "link/tunnel.h"
#include "proxy/guesses.h"

struct services;

/* What they work with. All of it outlives them. */
struct service_env {
	struct io_loop *loop;
	struct tunnel *tunnel;
	struct io_hostdns *hostdns;	/* for local targets of published ports */
	struct dial_env *dial;
	struct patience *patience;
	struct guesses *guesses;
	/* A connection has ended. Called while its owner still holds it: closes and frees nothing. */
	void (*on_leave)(void *ctx);
	void *ctx;
};

/* "SOCKS5 proxy", ..., for people. Static storage. */
const char *service_kind_name(enum service_kind kind);

/* NULL: out of memory. */
struct services *services_new(const struct service_env *env);
/* Closes what listens and ends every connection. NULL is ignored. */
void services_free(struct services *s);

/*
 * Makes what listens what `want` says; copied. The first call is the start, later ones are changes. A service is the
 * same as before if it listens in the same place: it goes on listening, its connections stay, and limits, targets and
 * passwords are those of `want` from now on. When its kind or its password has changed, clients that have not shown
 * theirs yet are closed. Those that are not wanted any more stop listening and drain; then new ones open.
 *
 * 0; or a negative enum err, and `fault` names the first that could not open. Out of memory nothing has changed.
 * Otherwise, at the start nothing is open; later the rest is as wanted, and the next call tries again. Not
 * from within a connection's handler, nor after services_drain.
 */
CULVERT_MUST_USE int services_apply(struct services *s, const struct service_config *want, size_t count,
				    struct fault *fault);
/* Stops listening for local programs, refuses what comes from the mesh, ends what is idle between requests. */
void services_drain(struct services *s);
/* Open connections, those of services that are not wanted any more included. */
unsigned services_open(const struct services *s);
/* Where service `index` of the last services_apply listens, a local one: tells the port when 0 was asked for. */
void services_address(const struct services *s, size_t index, struct io_address *out);

/* --- for the status --- */

struct service_counters {
	uint64_t open;		/* connections */
	uint64_t placed, max;	/* those that hold one of the `max` places */
	uint64_t displaced;	/* strangers that were closed for a new one */
};

struct service_info {
	const struct service_config *config;	/* until the next services_apply */
	bool open;		/* it listens */
	struct io_address at;	/* local ones: where */
	struct service_counters counters;
};

/* Service `index` of the last services_apply; false: there are no more. */
bool services_info(const struct services *s, size_t index, struct service_info *out);
/* Open connections of services that are not wanted any more. */
unsigned services_left(const struct services *s);

#endif
