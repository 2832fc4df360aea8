/*
 * Names through the host's own resolver configuration (hosts file, resolv.conf), never blocking the
 * loop. Started when first used. For peer endpoints, and for destinations when the file names no
 * DNS server.
 */
#ifndef CULVERT_IO_HOSTDNS_H
#define CULVERT_IO_HOSTDNS_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/cause.h"
#include "base/compiler.h"
#include "base/rng.h"
#include "dns/resolver.h"
#include "io/loop.h"

#define IO_HOSTDNS_ADDRS_MAX 16

struct io_hostdns;
struct io_hostdns_query;

/*
 * The answer: addresses of both families in resolver order, or count 0 and why
 * (CAUSE_NAME_NOT_FOUND, _NAME_FAILED, _NAME_NO_ANSWER, _EXHAUSTED). The query is freed afterwards; the
 * callee may free the io_hostdns itself.
 */
typedef void (*io_hostdns_fn)(void *ctx, const struct addr *addrs, size_t count, enum cause cause);

/* `rng` outlives it. NULL: out of memory. */
struct io_hostdns *io_hostdns_new(struct io_loop *loop, const struct rng *rng);
/* Cancels what is under way, without callbacks. */
void io_hostdns_free(struct io_hostdns *dns);

/* 0 or ERR_NOMEM. `fn` is called from the loop, never from inside this call. */
CULVERT_MUST_USE int io_hostdns_resolve(struct io_hostdns *dns, const char *name, io_hostdns_fn fn,
					void *ctx, struct io_hostdns_query **out);
void io_hostdns_cancel(struct io_hostdns_query *query);
/*
 * Asks now, however many others are asking: names that clients want and nobody answers must not
 * keep the tunnel from its endpoint. For a few queries, one of each peer.
 */
void io_hostdns_hurry(struct io_hostdns_query *query);

/* What was thrown away, for the status. */
uint64_t io_hostdns_drops(const struct io_hostdns *dns, enum dns_drop reason);

#endif
