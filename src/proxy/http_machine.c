/*
 * Theory of operation
 *
 * What the two sides of the machine share: its memory, the events for the driver, and the end of
 * both connections. A side may post an event that the other one makes void before the driver sees
 * it; then it is taken back.
 */
#include "proxy/http_machine.h"

#include <stdlib.h>

/* A head grows when it is written anew: a blank per field, Host, Via, framing. */
#define HEAD_GROWTH_MAX (HTTP_FIELDS_MAX + PROXY_TARGET_TEXT_MAX + 512)
#define REQUEST_MAX (HTTP_REQUEST_HEAD_MAX + HEAD_GROWTH_MAX)
#define UPSTREAM_OUT_MAX (HTTP_OUTPUT_SOFT_MAX + REQUEST_MAX)
#define CLIENT_OUT_MAX (HTTP_OUTPUT_SOFT_MAX + HTTP_RESPONSE_HEAD_MAX + HEAD_GROWTH_MAX)

struct http_proxy *http_proxy_new(const struct proxy_auth *auth)
{
	struct http_proxy *h = calloc(1, sizeof(*h));

	if (!h)
		return NULL;
	h->auth = auth;
	buf_init_secret(&h->request_head, HTTP_REQUEST_HEAD_MAX);
	buf_init(&h->request, REQUEST_MAX);
	buf_init(&h->response_head, HTTP_RESPONSE_HEAD_MAX);
	buf_init(&h->client_out, CLIENT_OUT_MAX);
	buf_init(&h->upstream_out, UPSTREAM_OUT_MAX);
	http_body_init(&h->request_body, HTTP_BODY_NONE, 0, false, false);
	http_body_init(&h->response_body, HTTP_BODY_NONE, 0, false, true);
	http_client_next(h);
	return h;
}

void http_proxy_free(struct http_proxy *h)
{
	if (!h)
		return;
	http_body_fini(&h->request_body);
	http_body_fini(&h->response_body);
	buf_fini(&h->request_head);
	buf_fini(&h->request);
	buf_fini(&h->response_head);
	buf_fini(&h->client_out);
	buf_fini(&h->upstream_out);
	free(h);
}

void http_post(struct http_proxy *h, enum http_event event)
{
	h->events |= 1U << event;
}

void http_unpost(struct http_proxy *h, enum http_event event)
{
	h->events &= ~(1U << event);
}

enum http_event http_proxy_event(struct http_proxy *h)
{
	/* What ends comes before what begins, the client last. */
	static const enum http_event order[] = {
		HTTP_EV_WRONG_LOGIN, HTTP_EV_CLOSE_UPSTREAM, HTTP_EV_DIAL, HTTP_EV_TUNNEL,
		HTTP_EV_ABORT_CLIENT, HTTP_EV_CLOSE_CLIENT,
	};

	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		if (h->events & 1U << order[i]) {
			http_unpost(h, order[i]);
			return order[i];
		}
	}
	return HTTP_EV_NONE;
}

const struct proxy_target *http_proxy_target(const struct http_proxy *h)
{
	return &h->target;
}

void http_close_both(struct http_proxy *h, bool abort)
{
	http_close_upstream(h);
	http_post(h, abort ? HTTP_EV_ABORT_CLIENT : HTTP_EV_CLOSE_CLIENT);
	http_client_close(h);
}
