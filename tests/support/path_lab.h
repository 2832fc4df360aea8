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
#include "support/path_sim.h"

#define LAB_FLOWS_MAX 8

struct lab_flow_plan {
	uint64_t start_ms;
	uint64_t extra_ms;	/* more round-trip time than the path's */
	uint64_t to_send;	/* bytes, then FIN; 0: without end, 1 to 3 GB will do */
	uint64_t rest_at_ms, rest_ms;	/* from then on it writes nothing for so long */
};

struct lab_plan {
	enum net_congestion congestion;
	struct path_link up, down;
	struct model_options peer;
	bool batched;		/* peers answer once for what arrives at one time, as behind GRO */
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
};

struct lab {
	struct lab_plan plan;
	struct net_stack *stack;
	struct packet_pool *pool;
	struct path *path;
	struct rng_seeded seed;
	struct rng rng;
	struct boot_time now, start;
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
/* Bytes that have arrived in order at the receiving end. */
uint64_t lab_flow_bytes(const struct lab *lab, unsigned flow);
/* Aborts what is open and checks that nothing is left over. */
void lab_free(struct lab *lab);

#endif
