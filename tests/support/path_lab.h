/*
 * Our stack at A, model peers at B, one simulated path between them: each flow is a stream of the
 * stack to a peer of its own, and all share the bottleneck. Writers write as much as they may,
 * readers read at once. One lab per process at a time, because there is one stack.
 */
#ifndef TESTS_SUPPORT_PATH_LAB_H
#define TESTS_SUPPORT_PATH_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/packet.h"
#include "base/rng.h"
#include "net/stack.h"
#include "net/stream.h"
#include "support/model_peer.h"
#include "support/net_raw.h"
#include "support/path_sim.h"

#define LAB_FLOWS_MAX 8
#define LAB_PINGS_MAX 4096
#define LAB_PING_LEN 64
#define LAB_STAGED_MAX 128	/* as WireGuard's queue for a peer */

struct lab_flow_plan {
	uint64_t start_ms;
	uint64_t extra_ms;	/* more round-trip time than the path's */
	uint64_t to_send;	/* bytes, then FIN; 0: without end, 1 to 3 GB will do */
	uint64_t rest_at_ms, rest_ms;	/* from then on it writes nothing for so long */
	uint64_t ping_ms;	/* writes LAB_PING_LEN bytes so long after the last were acknowledged; 0: bulk */
	enum net_congestion congestion;	/* where the plan says that they differ */
};

/* The UDP socket below: what it has taken leaves at its rate; full, it takes nothing until half is gone. */
struct lab_socket {
	uint64_t rate;		/* bit/s; 0: takes everything at once */
	size_t max;		/* bytes */
};

struct lab_plan {
	enum net_congestion congestion;
	struct path_link up, down;
	struct model_options peer;
	bool batched;		/* peers answer once for what arrives at one time, as behind GRO */
	struct lab_socket socket;
	uint64_t stage_at_ms, stage_ms;	/* packets wait for a session for so long */
	/* From then on the path up takes only packets of so many bytes, 0: any; `silent`: no ICMP tells. */
	uint64_t narrow_at_ms;
	unsigned narrow_to;
	bool silent;
	/* Before flow i is connected; may be NULL. */
	void (*before_flow)(struct net_stack *stack, const struct lab_flow_plan *flow);
	bool downward;		/* the peers send (peer.to_send), our streams read */
	bool reference;		/* `downward`, and in place of our streams model peers read */
	struct model_options near;	/* theirs */
	unsigned mtu;		/* 0: 1420 */
	uint64_t seed;
	unsigned flow_count;
	struct lab_flow_plan flows[LAB_FLOWS_MAX];
};

struct lab_flow {
	struct lab_flow_plan plan;
	struct net_stream *s;
	struct model_peer peer, near;
	uint64_t extra_ns;	/* each way */
	uint64_t written, read;
	bool dialled, connected, full, shut, failed;
	/* Packets with payload that left at one time: at present, and most. */
	struct boot_time burst_at;
	unsigned burst, burst_most;
	bool pinging;
	struct boot_time ping_at;	/* the last was written, or the next is due */
	uint64_t pings[LAB_PINGS_MAX];	/* ns from writing to acknowledgement */
	size_t ping_count;
};

struct lab_staged {
	struct lab_flow *flow;
	size_t len;
	uint8_t bytes[MODEL_PACKET_MAX];
};

struct lab {
	struct lab_plan plan;
	struct net_stack *stack;
	struct packet_pool *pool;
	struct path *path;
	struct rng_seeded seed;
	struct rng rng;
	struct boot_time now, start;
	struct boot_time socket_free;	/* when all that the socket has taken is gone */
	bool socket_full;
	struct lab_staged staged[LAB_STAGED_MAX];
	size_t staged_count;
	struct raw_packet too_big;	/* on its way to the stack; len 0: none */
	struct lab_flow flows[LAB_FLOWS_MAX];
	uint64_t steps;
};

/* Static memory; lab_free ends its use. */
struct lab *lab_new(const struct lab_plan *plan);
/* Goes on until so much time has passed since the start. */
void lab_run(struct lab *lab, uint64_t until_ms);
/* One step: to the next thing that happens, at most to `limit`. */
void lab_step(struct lab *lab, struct boot_time limit);
/* Forgets queue times and bursts so far. */
void lab_forget(struct lab *lab);
/* The time that `percent` of the flow's pings did not exceed, in us; 0: it has sent none. */
uint64_t lab_ping_us(struct lab *lab, unsigned flow, unsigned percent);
/* Bytes that have arrived in order at the receiving end. */
uint64_t lab_flow_bytes(const struct lab *lab, unsigned flow);
/* Aborts what is open and checks that nothing is left over. */
void lab_free(struct lab *lab);

#endif
