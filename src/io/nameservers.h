/*
 * The name servers of one reading of resolv.conf: the driver of dns/resolver for sockets of the
 * host. Each exchange has a UDP socket or TCP connection of its own, so its port is the system's
 * random choice (RFC 5452 section 9.2) and an ICMP error about it is known for what it is.
 */
#ifndef CULVERT_IO_NAMESERVERS_H
#define CULVERT_IO_NAMESERVERS_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/rng.h"
#include "dns/resolver.h"
#include "io/loop.h"
#include "io/resolvconf.h"

struct nameservers;

/* A result; must not free the nameservers. */
typedef void (*nameservers_fn)(const struct dns_result *result);

/* `rng` outlives them. NULL: out of memory, or `config` names no server. */
struct nameservers *nameservers_new(struct io_loop *loop, const struct rng *rng,
				    const struct resolvconf *config, nameservers_fn fn);
/* Ends every look-up without a result. */
void nameservers_free(struct nameservers *ns);

/*
 * Starts a look-up; `*out` is valid until its last result or dns_query_cancel, after which
 * nameservers_flush must follow. Results may come from inside this call, with `*out` set. As
 * dns_query_start: 0, ERR_SYNTAX, ERR_LIMIT, ERR_NOMEM.
 */
CULVERT_MUST_USE int nameservers_ask(struct nameservers *ns, const char *name, size_t len,
				     void *owner, struct dns_query **out);

/* Does what the resolver wants done. */
void nameservers_flush(struct nameservers *ns);

uint64_t nameservers_drops(const struct nameservers *ns, enum dns_drop reason);

#endif
