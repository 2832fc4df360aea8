/*
 * Delivery rate samples (draft-ietf-ccwg-bbr-06 4.1, before that draft-cheng-iccrg-delivery-rate-
 * estimation): how much was delivered between the sending of a segment and its acknowledgement.
 * Sans-IO; one `struct rate` per sender, one `struct rate_mark` in each scoreboard entry.
 */
#ifndef CULVERT_NET_CC_RATE_H
#define CULVERT_NET_CC_RATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

/* State of the connection when the segment was last sent; the draft's P.*. */
struct rate_mark {
	uint64_t delivered;		/* bytes */
	struct boot_time delivered_at;
	struct boot_time first_sent_at;
	uint64_t lost;			/* bytes marked lost so far */
	uint32_t in_flight;		/* with this segment, bytes */
	bool app_limited;
};

/* The draft's C.*. */
struct rate {
	uint64_t delivered;		/* bytes delivered so far, by SACK or cumulatively */
	struct boot_time delivered_at;
	struct boot_time first_sent_at;
	uint64_t lost;			/* bytes marked lost so far */
	uint64_t app_limited_until;	/* `delivered` beyond which the bubble is over; 0: none */
	struct boot_time restarted_at;	/* what was last sent before gives no sample */
	uint64_t stale_until;		/* nor what was sent when no more than this was `delivered` */
};

/* One sample per acknowledgement, zeroed before it; the draft's RS.*. */
struct rate_sample {
	/* while it is gathered */
	struct rate_mark newest;	/* of the most recently sent segment newly delivered */
	struct boot_time newest_sent_at;
	uint32_t newest_end;		/* sequence number: breaks ties of one pass */
	bool any;
	/* the result, of rate_sample_finish, if `any` */
	uint64_t delivered;		/* bytes since `newest` was sent */
	uint64_t lost;			/* bytes marked lost since */
	uint64_t interval_ns;		/* 0: no rate can be told, bytes_per_s is 0 too */
	uint64_t bytes_per_s;
	bool app_limited;
};

void rate_init(struct rate *r, struct boot_time now);

/* A segment leaves (for the first time or again): fills in its mark. `in_flight` includes it. */
void rate_sent(struct rate *r, struct rate_mark *mark, struct boot_time now, uint32_t in_flight_before,
	       uint32_t len);
/* The sending of that mark is only now; asked in the order of sending. */
void rate_postponed(struct rate *r, struct rate_mark *mark, struct boot_time now, uint32_t len);
/* `len` bytes last sent at `sent_at` with `mark`, ending at `end`, are newly delivered. */
void rate_delivered(struct rate *r, struct rate_sample *rs, struct boot_time now,
		    const struct rate_mark *mark, struct boot_time sent_at, uint32_t end, uint32_t len);
/* `len` bytes were marked lost. */
void rate_lost(struct rate *r, uint32_t len);
/* After all of one acknowledgement: computes the sample. `min_rtt_ns` 0: not known. */
void rate_sample_finish(struct rate *r, struct rate_sample *rs, uint64_t min_rtt_ns);
/* Nothing to send though the window has room: samples up to here say less than the path can. */
void rate_app_limited(struct rate *r, uint32_t in_flight);
/* After a freeze or an outage: what is in flight gives no sample. */
void rate_restart(struct rate *r, struct boot_time now);

#endif
