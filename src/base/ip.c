#include "base/ip.h"

/* RFC 8200 section 4.5 */
#define V6_OFFSET 0xfff8u

/* What begins with a fragment header is a fragment, although it may hold the whole (RFC 6946). */
static bool parse_fragment(struct ip_view *ip, const uint8_t *p, size_t len)
{
	unsigned piece;

	if (len < IP_V6_HLEN + IP_V6_FRAGMENT_HLEN)
		return false;
	piece = (unsigned)p[IP_V6_HLEN + 2] << 8 | p[IP_V6_HLEN + 3];
	ip->protocol = p[IP_V6_HLEN];
	ip->payload = IP_V6_HLEN + IP_V6_FRAGMENT_HLEN;
	ip->piece = piece & V6_OFFSET ? IP_LATER : IP_FIRST;
	return true;
}

bool ip_parse_v6(struct ip_view *ip, const uint8_t *p, size_t len)
{
	if (len < IP_V6_HLEN || p[0] >> 4 != 6)
		return false;
	*ip = (struct ip_view){IP_V6_HLEN + ((uint32_t)p[4] << 8 | p[5]), 6, p[6], IP_V6_HLEN, IP_WHOLE};
	return ip->protocol != IP_FRAGMENT || parse_fragment(ip, p, len);
}
