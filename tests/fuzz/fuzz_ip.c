/* The view of an IP header: whatever the bytes are, it lies inside them and says what they say. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/ip.h"
#include "base/rd.h"

/* The same read again, with a cursor. */
static void check_header(const struct ip_view *ip, const uint8_t *p, size_t len)
{
	struct rd r = rd_init(p, len);
	uint8_t first = rd_u8(&r);

	assert(ip->version == first >> 4);
	assert(ip->payload <= len && ip_addrs_at(ip) + 2 * ip_addr_len(ip) <= ip->payload);
	if (ip->version == 4) {
		assert(ip->payload == (first & 15) * 4 && ip->payload >= IP_V4_HLEN_MIN);
		rd_skip(&r, 1);
		assert(ip->len == rd_be16(&r));
		return;
	}
	rd_skip(&r, 3);
	assert(ip->len == IP_V6_HLEN + (uint32_t)rd_be16(&r));
	if (rd_u8(&r) == IP_FRAGMENT)
		assert(ip->payload == IP_V6_HLEN + IP_V6_FRAGMENT_HLEN && ip->piece != IP_WHOLE);
	else
		assert(ip->payload == IP_V6_HLEN && ip->piece == IP_WHOLE);
}

static void check(const uint8_t *p, size_t len)
{
	struct ip_view header, ip;
	struct addr src, dst;
	bool has_header = ip_parse_header(&header, p, len);
	bool whole = ip_parse(&ip, p, len);

	assert(!whole || (has_header && !memcmp(&ip, &header, sizeof(ip))));
	if (!has_header)
		return;
	check_header(&header, p, len);
	assert(whole == (header.len <= len && header.len <= IP_LEN_MAX && header.payload <= header.len));
	src = ip_src(&header, p);
	dst = ip_dst(&header, p);
	assert(src.family == header.version && dst.family == header.version);
	assert(!memcmp(src.bytes, p + ip_addrs_at(&header), ip_addr_len(&header)));
	assert(!memcmp(dst.bytes, p + ip_addrs_at(&header) + ip_addr_len(&header), ip_addr_len(&header)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* A copy of exact size, so that the sanitizer sees every byte read too far. */
	uint8_t *copy = malloc(size ? size : 1);

	if (!copy)
		abort();
	if (size)
		memcpy(copy, data, size);
	check(copy, size);
	free(copy);
	return 0;
}
