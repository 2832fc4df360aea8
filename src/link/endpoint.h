/*
 * Finds the UDP endpoint of one peer from its configured name or address, and finds it again
 * when handshakes go unanswered. Never blocks, never gives up.
 */
#ifndef CULVERT_LINK_ENDPOINT_H
#define CULVERT_LINK_ENDPOINT_H

#include "base/compiler.h"
#include "base/rng.h"
#include "io/hostdns.h"
#include "link/config.h"
#include "link/tunnel.h"
#include "wg/device.h"

struct endpoint_finder;

/*
 * Starts looking for the endpoint of `peer`, `delay_ms` from now, and then asks the device for a
 * session. `host` is a name or a literal, copied; `peer` outlives the finder. NULL: out of memory.
 */
struct endpoint_finder *endpoint_finder_new(struct tunnel *tunnel, struct io_hostdns *dns,
					    struct wg_peer *peer, const char *host, uint16_t port,
					    const struct rng *rng, uint64_t delay_ms);
void endpoint_finder_free(struct endpoint_finder *f);

/* The device's events of this peer: an unanswered handshake moves on to the next address. */
void endpoint_finder_event(struct endpoint_finder *f, enum wg_event_type type);

/* Why the peer has no endpoint yet: name not found, still looked up. Returns `out`. */
const char *endpoint_finder_describe(const struct endpoint_finder *f, char *out, size_t cap);

#endif
