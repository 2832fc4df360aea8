/*
 * Theory of operation
 *
 * Everything that lwIP would check in a packet is checked here, once, with a fast sum; lwIP's own
 * checks are off. lwIP then relies on: an IP header that fits, a length that agrees with the
 * bytes, a TCP header with its options inside the packet, right checksums. What cannot be checked
 * here is marked SEG_UNCHECKED, and lwIP's checks are switched on for it: fragments, whose
 * checksum spans the whole datagram.
 *
 * IPv6 extension headers other than that of fragments are refused: nobody uses them between a host
 * and a tunnel's end, and lwIP reads beyond packets in which they are cut short.
 */
#include "net/seg.h"

#include <string.h>

#include "base/ip.h"
#include "net/chksum.h"
#include "net/core.h"

#define TCP_HLEN_MIN 20	/* RFC 9293 3.1 */
#define UDP_HLEN_ALL 8	/* RFC 768 */
#define ICMP_HLEN_MIN 8	/* RFC 792; RFC 4443 2.1 has 4 and a body */

/* RFC 4861: no neighbours inside a tunnel; lwIP must not see these. */
#define ICMP6_ND_FIRST 133
#define ICMP6_ND_LAST 137

static int fail(enum net_drop *reason, enum net_drop why)
{
	*reason = why;
	return -1;
}

static int check_tcp(struct seg *seg, uint32_t l4_len, enum net_drop *reason)
{
	const uint8_t *tcp = seg->ip + seg->l4;
	uint32_t tcp_hlen;

	if (l4_len < TCP_HLEN_MIN)
		return fail(reason, NET_DROP_MALFORMED);
	tcp_hlen = (uint32_t)(tcp[12] >> 4) * 4;
	if (tcp_hlen < TCP_HLEN_MIN || tcp_hlen > l4_len)
		return fail(reason, NET_DROP_MALFORMED);
	seg->kind = SEG_TCP;
	seg->seq = get_be32(tcp + 4);
	seg->ack = get_be32(tcp + 8);
	seg->flags = tcp[13];
	seg->opt_len = (uint8_t)(tcp_hlen - TCP_HLEN_MIN);
	seg->hdr_len = seg->l4 + tcp_hlen;
	seg->payload_len = l4_len - tcp_hlen;
	return 0;
}

/* The length that the checksum covers: UDP has a length of its own. */
static int check_udp(const struct seg *seg, uint32_t *l4_len, enum net_drop *reason)
{
	uint32_t udp_len;

	if (*l4_len < UDP_HLEN_ALL)
		return fail(reason, NET_DROP_MALFORMED);
	udp_len = get_be16(seg->ip + seg->l4 + 4);
	if (udp_len < UDP_HLEN_ALL || udp_len > *l4_len)
		return fail(reason, NET_DROP_MALFORMED);
	*l4_len = udp_len;
	return 0;
}

static int check_upper(struct seg *seg, const struct ip_view *ip, enum net_drop *reason)
{
	const uint8_t *l4 = seg->ip + seg->l4;
	const uint8_t *src = seg->ip + ip_addrs_at(ip);
	size_t addr_len = ip_addr_len(ip);
	uint32_t l4_len = seg->len - seg->l4;
	struct chksum c = {0, 0};
	int err = 0;

	seg->kind = SEG_CHECKED;
	if (ip->protocol == IP_TCP) {
		err = check_tcp(seg, l4_len, reason);
	} else if (ip->protocol == IP_UDP) {
		err = check_udp(seg, &l4_len, reason);
		if (!err && !seg->v6 && l4[6] == 0 && l4[7] == 0)
			return 0;	/* RFC 768: no checksum; IPv6 forbids it */
	} else if (ip->protocol == (seg->v6 ? IP_ICMP_V6 : IP_ICMP_V4)) {
		if (l4_len < ICMP_HLEN_MIN)
			return fail(reason, NET_DROP_MALFORMED);
		if (seg->v6 && l4[0] >= ICMP6_ND_FIRST && l4[0] <= ICMP6_ND_LAST)
			return fail(reason, NET_DROP_NOT_OURS);
		seg->kind = SEG_ICMP;
	} else {
		return 0;
	}
	if (err)
		return err;
	if (ip->protocol != IP_ICMP_V4)
		chksum_pseudo(&c, src, src + addr_len, addr_len, l4_len, ip->protocol);
	chksum_add(&c, l4, l4_len);
	return chksum_fold(&c) == 0xffff ? 0 : fail(reason, NET_DROP_CHECKSUM);
}

/*
 * The first fragment of a datagram holds the whole upper header (RFC 1858 2.1, RFC 8200 4.5): what is
 * made of its pieces elsewhere reads it in one place. None is empty: of a chain that ends with an
 * empty piece lwIP copies a part only, and the rest of an ICMPv6 quotation would be old memory.
 */
static bool fragment_fits(const struct seg *seg, const struct ip_view *ip)
{
	const uint8_t *l4 = seg->ip + ip->payload;
	uint32_t l4_len = ip->len - ip->payload;

	if (ip->piece == IP_LATER)
		return l4_len > 0;
	if (ip->protocol == IP_TCP)
		return l4_len >= TCP_HLEN_MIN && (uint32_t)(l4[12] >> 4) * 4 <= l4_len;
	return l4_len >= UDP_HLEN_ALL;	/* ICMP's has as many bytes */
}

/* RFC 8200 4: none but that of fragments, and in these nothing but what ends here. */
static bool is_refused_v6(const struct ip_view *ip)
{
	switch (ip->protocol) {
	case IP_TCP:
	case IP_UDP:
	case IP_ICMP_V6:
		return false;
	case IP_HOP_BY_HOP:
	case IP_ROUTING:
	case IP_AUTHENTICATION:
	case IP_DESTINATION:
		return true;
	default:
		return ip->piece != IP_WHOLE;
	}
}

int seg_parse(struct seg *seg, uint8_t *p, uint32_t len, enum net_drop *reason)
{
	struct ip_view ip;

	memset(seg, 0, sizeof(*seg));
	if (!ip_parse(&ip, p, len))
		return fail(reason, NET_DROP_MALFORMED);
	seg->ip = p;
	seg->len = ip.len;
	seg->v6 = ip.version == 6;
	seg->l4 = ip.payload;
	if (seg->v6 && is_refused_v6(&ip))
		return fail(reason, NET_DROP_MALFORMED);
	if (!seg->v6 && net_chksum(p, ip.payload) != 0xffff)
		return fail(reason, NET_DROP_CHECKSUM);
	if (ip.piece == IP_WHOLE)
		return check_upper(seg, &ip, reason);
	seg->kind = SEG_UNCHECKED;
	return fragment_fits(seg, &ip) ? 0 : fail(reason, NET_DROP_MALFORMED);
}
