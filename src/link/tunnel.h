/*
 * The tunnel: paths (UDP sockets among them), WireGuard device and TCP/IP stack joined into one data path.
 *
 *	datagrams -> wg_device_input_array -> net_stack_input -> stream events -> relays
 *	relays -> net_stack_output -> wg_peer_seal_later in the slot -> paths_flush
 *
 * Everything that a wakeup has queued is moved on by tunnel_flush, from the node's flush.
 * Nothing below calls upward: stream, UDP and inbound events are taken from the stack here and
 * handed to the `tunnel_sink` that the owner of the object embedded.
 */
#ifndef CULVERT_LINK_TUNNEL_H
#define CULVERT_LINK_TUNNEL_H

#include <stdbool.h>

#include "base/addr.h"
#include "base/fault.h"
#include "base/list.h"
#include "base/rng.h"
#include "io/loop.h"
#include "io/udp.h"
#include "link/config.h"
#include "net/stack.h"
#include "net/stream.h"
#include "net/udp.h"
#include "wg/device.h"

/* Owner of a stream: net_stream_owner() is a pointer to this. `events`: enum net_stream_event. */
struct tunnel_stream_sink {
	void (*on_stream)(struct tunnel_stream_sink *sink, struct net_stream *s, unsigned events);
};

/* Owner of a UDP object. */
struct tunnel_udp_sink {
	void (*on_udp)(struct tunnel_udp_sink *sink, struct net_udp *udp);
};

/* Owner of a listening port inside the tunnel. */
struct tunnel_inbound_sink {
	void (*on_inbound)(struct tunnel_inbound_sink *sink, struct net_inbound *in);
};

/* Somebody who waits for a session with a peer; told once, then unlinked. */
struct tunnel_waiter {
	struct list link;
	uint32_t peer;	/* wg_peer_id; 0: any */
	/* There is a session, or a peer that was waited for is removed: ask the device again. */
	void (*on_wake)(struct tunnel_waiter *w);
};

/* Told of every event of the device (peer endpoints, readiness). */
struct tunnel_observer {
	void (*on_wg_event)(void *ctx, const struct wg_event *event);
	void *ctx;
};

struct paths;
struct tunnel;

/* Opens sockets and stack; adds no peers. 0 or a negative enum err with `fault` filled in. */
CULVERT_MUST_USE int tunnel_new(struct io_loop *loop, const struct tunnel_config *config,
				const struct rng *rng, struct tunnel_observer observer,
				struct tunnel **out, struct fault *fault);
void tunnel_free(struct tunnel *t);

struct io_loop *tunnel_loop(const struct tunnel *t);
struct wg_device *tunnel_device(const struct tunnel *t);
struct net_stack *tunnel_stack(const struct tunnel *t);
/* For who carries datagrams that no UDP address leads to. */
struct paths *tunnel_paths(const struct tunnel *t);
bool tunnel_has_udp_family(const struct tunnel *t, enum addr_family family);

/* See io_udp_trouble. */
enum io_udp_trouble tunnel_udp_trouble(const struct tunnel *t, const struct endpoint *dst,
				       struct boot_time since);

/* Whether the peer that leads to `remote` is heard. */
bool tunnel_path_up(struct tunnel *t, const struct addr *remote);

/*
 * Ends a peer of the device. Whoever keeps its pointer (an endpoint_finder, an outage_peer) has let go of it
 * before. What has arrived from it and was not passed on is dropped, what waits to be sent to it is wiped;
 * streams behind it fail with CAUSE_NO_ROUTE, and those who wait for it are told, from tunnel_flush. Packets to
 * its addresses go to the peer that has them now, or nowhere.
 */
void tunnel_remove_peer(struct tunnel *t, struct wg_peer *peer);

/*
 * One round of a flush: moves what is queued, in both directions, and tells owners of their events. Whether it did
 * anything: then there may be more, here or with them.
 */
CULVERT_MUST_USE bool tunnel_flush(struct tunnel *t);
/* After the last round: hands the datagrams to the system and sets the timer. */
void tunnel_flush_end(struct tunnel *t);
/* Sends what is queued and tells nobody of anything: the last words before tunnel_free. */
void tunnel_send(struct tunnel *t);

/*
 * Asks for a session with `peer` and has `w` told when one exists, or when the peer is removed (from
 * tunnel_flush, never from here). The peer is asked again for as long as `w` waits. tunnel_wait_cancel
 * is harmless when `w` waits for nothing.
 */
void tunnel_wait(struct tunnel *t, struct tunnel_waiter *w, struct wg_peer *peer);
/* Has `w` told of the next session with any peer, or removal of one, and asks none. */
void tunnel_wait_any(struct tunnel *t, struct tunnel_waiter *w);
void tunnel_wait_cancel(struct tunnel_waiter *w);

/* --- for the status --- */

/* Packets that were lost between the stack and WireGuard. */
struct tunnel_drops {
	uint64_t no_route;	/* no peer allows the destination */
	uint64_t no_packet;	/* no descriptor for an inner packet */
	uint64_t unsealed;	/* WireGuard refused to seal it */
};

const struct tunnel_drops *tunnel_drops(const struct tunnel *t);
const struct packet_pool *tunnel_pool(const struct tunnel *t);

#endif
