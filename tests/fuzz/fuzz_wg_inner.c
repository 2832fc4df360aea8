/*
 * Inner packets through the parser and the allowed-source check. The first bytes of the input
 * choose the routes, the rest is the packet.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/ip.h"
#include "base/rd.h"
#include "wg/allowedips.h"

#define PEERS 8

static char peers[PEERS];

static struct prefix read_prefix(struct rd *r)
{
	struct prefix p = {.bits = rd_u8(r)};
	unsigned i, max;

	p.addr.family = rd_u8(r) & 1 ? ADDR_V4 : ADDR_V6;
	max = addr_max_bits(&p.addr);
	p.bits = (uint8_t)(p.bits % (max + 1));
	rd_copy(r, p.addr.bytes, addr_len(&p.addr));
	for (i = p.bits; i < max; i++)
		p.addr.bytes[i / 8] &= (uint8_t)~(0x80u >> i % 8);
	return p;
}

static void check_packet(const struct wg_allowedips *a, const struct prefix *routes,
			 size_t count, const uint8_t *p, size_t len)
{
	struct wg_peer *found;
	struct ip_view ip;
	struct addr src;
	size_t i;
	bool any = false;

	if (!ip_parse(&ip, p, len))
		return;
	assert(ip.len <= len && ip.len >= 20);
	src = ip_src(&ip, p);
	found = wg_allowedips_find(a, &src);
	for (i = 0; i < count; i++)
		any |= prefix_contains(&routes[i], &src);
	assert((found != NULL) == any);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd r = rd_init(data, size);
	struct wg_allowedips a;
	struct prefix routes[32];
	struct list lists[PEERS];
	size_t count = rd_u8(&r) % 32, i;
	uint8_t *copy;

	wg_allowedips_init(&a);
	for (i = 0; i < PEERS; i++)
		list_init(&lists[i]);
	for (i = 0; i < count; i++) {
		routes[i] = read_prefix(&r);
		if (wg_allowedips_insert(&a, (struct wg_peer *)(void *)&peers[i % PEERS],
					 &lists[i % PEERS], &routes[i], 1))
			abort();
	}
	/* A copy of exact size, so that the sanitizer sees every byte read too far. */
	copy = malloc(r.left ? r.left : 1);
	if (!copy)
		abort();
	if (r.left)
		memcpy(copy, r.p, r.left);
	check_packet(&a, routes, count, copy, r.left);
	for (i = 0; i < PEERS; i++)
		wg_allowedips_remove(&a, &lists[i]);
	assert(!a.v4 && !a.v6);
	free(copy);
	wg_allowedips_fini(&a);
	return 0;
}
