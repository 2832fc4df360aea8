/* The sending half of a model peer: see support/model_peer.h. Numbers are offsets into its stream. */
#ifndef TESTS_SUPPORT_MODEL_SENDER_H
#define TESTS_SUPPORT_MODEL_SENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "support/model_peer.h"

struct model_sender;

/* What a segment says to a sender; 32 bits of each offset. */
struct model_ack {
	uint32_t una, window;
	uint32_t starts[MODEL_RECENT], ends[MODEL_RECENT];
	unsigned block_count;
	bool has_data;
};

/* `fixed`: a congestion window in bytes that nothing changes; 0: Reno's. */
struct model_sender *model_sender_new(uint64_t total, uint64_t fixed);
void model_sender_free(struct model_sender *s);

/* Connected: segments carry `payload` bytes. */
void model_sender_open(struct model_sender *s, size_t payload, bool sack, uint64_t rtt_ns);
void model_sender_ack(struct model_sender *s, struct boot_time now, const struct model_ack *ack);
/* The length of the next segment to send, from `at` on; 0: none for now. */
size_t model_sender_output(struct model_sender *s, struct boot_time now, uint64_t *at,
			   struct model_stats *stats);
struct boot_time model_sender_deadline(const struct model_sender *s);
void model_sender_tick(struct model_sender *s, struct boot_time now, struct model_stats *stats);

/* The next new byte. */
uint64_t model_sender_next(const struct model_sender *s);
bool model_sender_done(const struct model_sender *s);

#endif
