#include "wg/inner.h"

#include "base/rd.h"

#define IPV4_HEADER_MIN 20	/* RFC 791 section 3.1 */
#define IPV6_HEADER_LEN 40	/* RFC 8200 section 3 */

static bool parse_ipv4(struct rd r, struct addr *src, size_t *packet_len)
{
	size_t len = r.left;
	uint8_t bytes[4];

	rd_skip(&r, 2);
	*packet_len = rd_be16(&r);
	rd_skip(&r, 8);
	rd_copy(&r, bytes, sizeof bytes);
	*src = addr_v4(bytes);
	return rd_ok(&r) && *packet_len >= IPV4_HEADER_MIN && *packet_len <= len;
}

static bool parse_ipv6(struct rd r, struct addr *src, size_t *packet_len)
{
	size_t len = r.left;
	uint8_t bytes[16];

	rd_skip(&r, 4);
	*packet_len = IPV6_HEADER_LEN + (size_t)rd_be16(&r);
	rd_skip(&r, 2);
	rd_copy(&r, bytes, sizeof bytes);
	*src = addr_v6(bytes);
	return rd_ok(&r) && *packet_len <= len;
}

bool wg_inner_parse(const uint8_t *p, size_t len, struct addr *src, size_t *packet_len)
{
	struct rd r = rd_init(p, len), peek = r;

	switch (rd_u8(&peek) >> 4) {
	case 4:
		return parse_ipv4(r, src, packet_len);
	case 6:
		return parse_ipv6(r, src, packet_len);
	default:
		return false;
	}
}
