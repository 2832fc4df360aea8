/*
 * The header of an IP packet, checked once: where its parts are, and that they lie inside. IPv4 with options, IPv6
 * with a fragment header that comes first; of any other extension header the view tells the number only, as the
 * protocol of the payload. The checksum of IPv4 is not checked. The view holds offsets, not the packet: whoever asks
 * for an address passes the packet that was parsed.
 */
#ifndef CULVERT_BASE_IP_H
#define CULVERT_BASE_IP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/compiler.h"

#define IP_V4_HLEN_MIN 20	/* RFC 791 section 3.1 */
#define IP_V4_MORE 0x2000u	/* the same: flag and offset of fragments */
#define IP_V4_OFFSET 0x1fffu
#define IP_V6_HLEN 40		/* RFC 8200 section 3 */
#define IP_V6_FRAGMENT_HLEN 8	/* RFC 8200 section 4.5 */
#define IP_LEN_MAX 65535	/* RFC 791; what IPv6 has beyond, with its own header, fits no datagram of WireGuard */

/* https://www.iana.org/assignments/protocol-numbers */
enum ip_protocol {
	IP_HOP_BY_HOP = 0,
	IP_ICMP_V4 = 1,
	IP_TCP = 6,
	IP_UDP = 17,
	IP_ROUTING = 43,
	IP_FRAGMENT = 44,
	IP_AUTHENTICATION = 51,
	IP_ICMP_V6 = 58,
	IP_DESTINATION = 60,
};

enum ip_piece {
	IP_WHOLE,
	IP_FIRST,	/* fragment: the payload begins with the upper header */
	IP_LATER,	/* fragment: it does not */
};

struct ip_view {
	uint32_t len;		/* by the header; what follows is padding */
	uint8_t version;	/* 4 or 6 */
	uint8_t protocol;	/* of the payload, enum ip_protocol or any other */
	uint8_t payload;	/* its offset: behind the options of IPv4, behind the fragment header of IPv6 */
	uint8_t piece;		/* enum ip_piece */
};

/* A part of ip_parse_header: IPv6, or false. */
CULVERT_MUST_USE bool ip_parse_v6(struct ip_view *ip, const uint8_t *p, size_t len);

/*
 * Only its headers lie within `len`, and `ip->len` is not checked: what an ICMP error quotes, or the first buffer of a
 * chain. Headers have fixed offsets: after one check of the length their fields are read in place, because this runs
 * for each packet.
 */
CULVERT_MUST_USE static inline bool ip_parse_header(struct ip_view *ip, const uint8_t *p, size_t len)
{
	unsigned hlen, piece;

	if (len < IP_V4_HLEN_MIN)
		return false;
	if (p[0] >> 4 != 4)
		return ip_parse_v6(ip, p, len);
	hlen = (p[0] & 15u) * 4;
	piece = ((unsigned)p[6] << 8 | p[7]) & (IP_V4_MORE | IP_V4_OFFSET);
	*ip = (struct ip_view){(uint32_t)p[2] << 8 | p[3], 4, p[9], (uint8_t)hlen, IP_WHOLE};
	if (piece)
		ip->piece = piece & IP_V4_OFFSET ? IP_LATER : IP_FIRST;
	return hlen >= IP_V4_HLEN_MIN && hlen <= len;
}

/* Measures the packet that `p` begins with. false: not IP, or a header or its length goes beyond `len`. */
CULVERT_MUST_USE static inline bool ip_parse(struct ip_view *ip, const uint8_t *p, size_t len)
{
	return ip_parse_header(ip, p, len) && ip->payload <= ip->len && ip->len <= len && ip->len <= IP_LEN_MAX;
}

static inline size_t ip_addr_len(const struct ip_view *ip)
{
	return ip->version == 4 ? 4 : 16;
}

/* Offset of both addresses, the source first. */
static inline size_t ip_addrs_at(const struct ip_view *ip)
{
	return ip->version == 4 ? 12 : 8;
}

static inline struct addr ip_src(const struct ip_view *ip, const uint8_t *p)
{
	return ip->version == 4 ? addr_v4(p + 12) : addr_v6(p + 8);
}

static inline struct addr ip_dst(const struct ip_view *ip, const uint8_t *p)
{
	return ip->version == 4 ? addr_v4(p + 16) : addr_v6(p + 24);
}

#endif
