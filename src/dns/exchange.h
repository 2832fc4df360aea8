/*
 * Exchanges: one question put to one server over one socket of the driver. The table finds them by
 * number, queues what the driver has to do for them, and puts TCP streams together.
 */
#ifndef CULVERT_DNS_EXCHANGE_H
#define CULVERT_DNS_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/buf.h"
#include "base/compiler.h"
#include "base/list.h"
#include "dns/message.h"
#include "dns/resolver.h"

/* Chains stay short with DNS_JOBS_MAX questions of up to three exchanges. */
#define DNS_EXCHANGE_BUCKETS 256

struct dns_job;

struct dns_exchange {
	struct list by_id;		/* in a bucket; in none once it is over */
	struct list todo;		/* in the table's `todo`, or in none */
	struct dns_job *job;		/* NULL: over, and only DNS_CLOSE is left to say */
	uint32_t id;
	struct endpoint server;
	uint8_t server_index;
	bool tcp, edns, sent;
	bool case_lost;			/* TCP because the server changed letter case */
	struct dns_question question;
	struct buf stream;		/* TCP: what has come so far */
};

struct dns_exchanges {
	struct list buckets[DNS_EXCHANGE_BUCKETS];
	struct list todo;
	uint32_t last_id;
	uint8_t message[2 + DNS_QUERY_MAX];	/* behind dns_output.data */
};

void dns_exchanges_init(struct dns_exchanges *t);
/* Jobs must have closed theirs. */
void dns_exchanges_fini(struct dns_exchanges *t);

/* A new exchange of `job`, queued for sending; the caller fills in the rest. NULL: no memory. */
struct dns_exchange *dns_exchange_new(struct dns_exchanges *t, struct dns_job *job);

/* Ends it: forgotten at once when never sent, else when the driver was told to close. */
void dns_exchange_close(struct dns_exchanges *t, struct dns_exchange *x);

/* The exchange with this number that still waits for an answer, or NULL. */
struct dns_exchange *dns_exchange_find(struct dns_exchanges *t, uint32_t id);

bool dns_exchanges_output(struct dns_exchanges *t, struct dns_output *out);

/*
 * Adds a stretch of the stream. 1: `*msg` is the complete message, valid until the exchange is
 * closed; 0: more has to come; ERR_SYNTAX, ERR_NOMEM.
 */
CULVERT_MUST_USE int dns_exchange_stream(struct dns_exchange *x, const uint8_t *data, size_t len,
					 const uint8_t **msg, size_t *msg_len);

#endif
