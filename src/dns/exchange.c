/*
 * Theory of operation
 *
 * An exchange is created with its question, sits in `todo` until the driver takes it, then waits.
 * When it ends, its number is forgotten at once, so that late packets are strays; the object stays
 * in `todo` until the driver has heard DNS_CLOSE. Numbers count up and are not reused for four
 * thousand million exchanges.
 */
#include "dns/exchange.h"

#include <assert.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/rd.h"
#include "base/wr.h"

/* RFC 1035 section 4.2.2: a 2-byte length before the message. */
#define STREAM_MAX (2 + 65535)

void dns_exchanges_init(struct dns_exchanges *t)
{
	for (size_t i = 0; i < DNS_EXCHANGE_BUCKETS; i++)
		list_init(&t->buckets[i]);
	list_init(&t->todo);
	t->last_id = 0;
}

static void exchange_free(struct dns_exchange *x)
{
	list_remove(&x->by_id);
	list_remove(&x->todo);
	buf_fini(&x->stream);
	free(x);
}

void dns_exchanges_fini(struct dns_exchanges *t)
{
	while (!list_empty(&t->todo))
		exchange_free(LIST_ENTRY(t->todo.next, struct dns_exchange, todo));
	for (size_t i = 0; i < DNS_EXCHANGE_BUCKETS; i++)
		assert(list_empty(&t->buckets[i]));
}

struct dns_exchange *dns_exchange_new(struct dns_exchanges *t, struct dns_job *job)
{
	struct dns_exchange *x = calloc(1, sizeof(*x));

	if (!x)
		return NULL;
	list_init(&x->by_id);
	list_init(&x->todo);
	buf_init(&x->stream, STREAM_MAX);
	x->job = job;
	x->id = ++t->last_id;
	list_push_back(&t->buckets[x->id % DNS_EXCHANGE_BUCKETS], &x->by_id);
	list_push_back(&t->todo, &x->todo);
	return x;
}

void dns_exchange_close(struct dns_exchanges *t, struct dns_exchange *x)
{
	if (!x->sent) {
		exchange_free(x);
		return;
	}
	x->job = NULL;
	buf_clear(&x->stream);
	list_remove(&x->by_id);
	list_push_back(&t->todo, &x->todo);
}

struct dns_exchange *dns_exchange_find(struct dns_exchanges *t, uint32_t id)
{
	struct list *bucket = &t->buckets[id % DNS_EXCHANGE_BUCKETS];

	for (struct list *n = bucket->next; n != bucket; n = n->next) {
		struct dns_exchange *x = LIST_ENTRY(n, struct dns_exchange, by_id);

		/* What was never sent cannot be answered. */
		if (x->id == id)
			return x->sent ? x : NULL;
	}
	return NULL;
}

bool dns_exchanges_output(struct dns_exchanges *t, struct dns_output *out)
{
	struct list *n = list_pop_front(&t->todo);
	struct dns_exchange *x;
	size_t len;

	if (!n)
		return false;
	x = LIST_ENTRY(n, struct dns_exchange, todo);
	*out = (struct dns_output){DNS_CLOSE, x->id, x->server, NULL, 0};
	if (!x->job) {
		exchange_free(x);
		return true;
	}
	len = dns_message_query(t->message + 2, &x->question, x->edns);
	if (x->tcp) {
		struct wr w = wr_init(t->message, 2);

		wr_be16(&w, (uint16_t)len);
		assert(wr_ok(&w));
	}
	out->action = x->tcp ? DNS_SEND_TCP : DNS_SEND_UDP;
	out->data = x->tcp ? t->message : t->message + 2;
	out->len = x->tcp ? len + 2 : len;
	x->sent = true;
	return true;
}

int dns_exchange_stream(struct dns_exchange *x, const uint8_t *data, size_t len,
			const uint8_t **msg, size_t *msg_len)
{
	struct rd r;
	int err;

	/* Only one answer is expected: what lies beyond the largest is not kept. */
	if (len > buf_room(&x->stream))
		len = buf_room(&x->stream);
	err = buf_append(&x->stream, data, len);
	if (err)
		return err;
	r = rd_init(buf_data(&x->stream), buf_len(&x->stream));
	*msg_len = rd_be16(&r);
	if (!rd_ok(&r))
		return 0;
	if (*msg_len < DNS_HEADER_LEN)
		return ERR_SYNTAX;
	*msg = rd_bytes(&r, *msg_len);
	return *msg ? 1 : 0;
}
