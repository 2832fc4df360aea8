/*
 * SOCKS: the first byte chooses the listener's settings and the cut, the rest is what a client
 * sends. Fed at once and in two parts, the machine must come to the same end.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/socks.h"

static const struct proxy_auth AUTH = {"user", "pass"};

static enum socks_event feed(struct socks *s, const uint8_t *p, size_t len, size_t *used)
{
	/* A copy of exact size: reading beyond it is found. */
	uint8_t *copy = malloc(len ? len : 1);
	enum socks_event event;

	if (!copy)
		abort();
	if (len)
		memcpy(copy, p, len);
	event = socks_input(s, copy, len, used);
	assert(*used <= len);
	free(copy);
	return event;
}

static void check_same(const struct socks *a, const struct socks *b)
{
	const uint8_t *pa, *pb;
	size_t len = socks_output(a, &pa);

	assert(len == socks_output(b, &pb) && len <= SOCKS_OUTPUT_MAX);
	assert(memcmp(pa, pb, len) == 0);
	assert(a->state == b->state);
	if (a->state == SOCKS_ST_WAIT) {
		char ta[PROXY_TARGET_TEXT_MAX], tb[PROXY_TARGET_TEXT_MAX];

		assert(strcmp(proxy_target_format(socks_target(a), ta),
			      proxy_target_format(socks_target(b), tb)) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct socks whole, parts;
	enum socks_event event, first;
	size_t used, used_first, cut;

	if (size < 1)
		return 0;
	socks_init(&whole, data[0] & 1 ? &AUTH : NULL, data[0] & 2);
	socks_init(&parts, data[0] & 1 ? &AUTH : NULL, data[0] & 2);
	cut = (size_t)data[0] >> 2;
	data++;
	size--;
	if (cut > size)
		cut = size;
	event = feed(&whole, data, size, &used);
	first = feed(&parts, data, cut, &used_first);
	if (first == SOCKS_NEED_MORE)
		first = feed(&parts, data + used_first, size - used_first, &used_first);
	assert(first == event);
	check_same(&whole, &parts);
	if (event == SOCKS_NEED_MORE)
		assert(size - used < SOCKS_INPUT_MAX || whole.state == SOCKS_ST_WAIT);
	if (event == SOCKS_REQUEST)
		socks_reply(&whole, (enum cause)(size % CAUSE_COUNT), NULL);
	return 0;
}
