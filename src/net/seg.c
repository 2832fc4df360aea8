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
 *
 * Headers have fixed offsets: after one check of the length their fields are read in place, because
 * this runs for each packet.
 */
#include "net/seg.h"

#include <string.h>

#include "net/chksum.h"
#include "net/core.h"

#define IP4_HLEN 20	/* RFC 791 3.1 */
#define IP6_HLEN 40	/* RFC 8200 3 */
#define TCP_HLEN_MIN 20	/* RFC 9293 3.1 */
#define UDP_HLEN_ALL 8	/* RFC 768 */
#define ICMP_HLEN_MIN 8	/* RFC 792; RFC 4443 2.1 has 4 and a body */
#define PROTO_TCP 6
#define PROTO_UDP 17

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

static int check_upper(struct seg *seg, uint8_t protocol, enum net_drop *reason)
{
	const uint8_t *l4 = seg->ip + seg->l4;
	const uint8_t *src = seg->ip + (seg->v6 ? 8 : 12);
	size_t addr_len = seg->v6 ? 16 : 4;
	uint32_t l4_len = seg->len - seg->l4;
	struct chksum c = {0, 0};
	int err = 0;

	seg->kind = SEG_CHECKED;
	if (protocol == PROTO_TCP) {
		err = check_tcp(seg, l4_len, reason);
	} else if (protocol == PROTO_UDP) {
		err = check_udp(seg, &l4_len, reason);
		if (!err && !seg->v6 && l4[6] == 0 && l4[7] == 0)
			return 0;	/* RFC 768: no checksum; IPv6 forbids it */
	} else if (protocol == (seg->v6 ? IP_PROTO_ICMP_V6 : IP_PROTO_ICMP_V4)) {
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
	if (protocol != IP_PROTO_ICMP_V4)
		chksum_pseudo(&c, src, src + addr_len, addr_len, l4_len, protocol);
	chksum_add(&c, l4, l4_len);
	return chksum_fold(&c) == 0xffff ? 0 : fail(reason, NET_DROP_CHECKSUM);
}

/*
 * The first fragment of a datagram holds the whole upper header (RFC 1858 2.1, RFC 8200 4.5): what is
 * made of its pieces elsewhere reads it in one place. None is empty: of a chain that ends with an
 * empty piece lwIP copies a part only, and the rest of an ICMPv6 quotation would be old memory.
 */
static bool fragment_fits(const uint8_t *l4, uint32_t l4_len, uint8_t protocol, bool first)
{
	if (!first)
		return l4_len > 0;
	if (protocol == PROTO_TCP)
		return l4_len >= TCP_HLEN_MIN && (uint32_t)(l4[12] >> 4) * 4 <= l4_len;
	return l4_len >= UDP_HLEN_ALL;	/* ICMP's has as many bytes */
}

static int parse_v4(struct seg *seg, uint32_t len, enum net_drop *reason)
{
	const uint8_t *ip = seg->ip;
	uint32_t hlen, total;

	if (len < IP4_HLEN)
		return fail(reason, NET_DROP_MALFORMED);
	hlen = (uint32_t)(ip[0] & 15) * 4;
	total = get_be16(ip + 2);
	if (hlen < IP4_HLEN || hlen > total || total > len)
		return fail(reason, NET_DROP_MALFORMED);
	if (net_chksum(ip, (int)hlen) != 0xffff)
		return fail(reason, NET_DROP_CHECKSUM);
	seg->len = total;
	seg->l4 = hlen;
	if (get_be16(ip + 6) & 0x3fff) {	/* more fragments, or an offset */
		seg->kind = SEG_UNCHECKED;
		if (!fragment_fits(ip + hlen, total - hlen, ip[9], !(get_be16(ip + 6) & 0x1fff)))
			return fail(reason, NET_DROP_MALFORMED);
		return 0;
	}
	return check_upper(seg, ip[9], reason);
}

#define IP6_FRAGMENT 44	/* RFC 8200 4.5 */
#define IP6_FRAGMENT_HLEN 8

/* RFC 8200 4: hop-by-hop, routing, destination options, authentication. */
static bool is_refused_extension(uint8_t next)
{
	return next == 0 || next == 43 || next == 60 || next == 51;
}

/* Of the protocols that end here; nothing else comes in fragments. */
static bool is_upper(uint8_t next)
{
	return next == PROTO_TCP || next == PROTO_UDP || next == IP_PROTO_ICMP_V6;
}

static int parse_v6(struct seg *seg, uint32_t len, enum net_drop *reason)
{
	const uint8_t *ip = seg->ip;
	uint32_t payload;

	if (len < IP6_HLEN)
		return fail(reason, NET_DROP_MALFORMED);
	payload = get_be16(ip + 4);
	/* lwIP counts the whole packet in 16 bits. */
	if (payload > len - IP6_HLEN || payload > UINT16_MAX - IP6_HLEN)
		return fail(reason, NET_DROP_MALFORMED);
	seg->len = IP6_HLEN + payload;
	seg->l4 = IP6_HLEN;
	if (is_refused_extension(ip[6]))
		return fail(reason, NET_DROP_MALFORMED);
	if (ip[6] == IP6_FRAGMENT) {
		if (payload < IP6_FRAGMENT_HLEN || !is_upper(ip[IP6_HLEN]))
			return fail(reason, NET_DROP_MALFORMED);
		seg->kind = SEG_UNCHECKED;
		if (!fragment_fits(ip + IP6_HLEN + IP6_FRAGMENT_HLEN, payload - IP6_FRAGMENT_HLEN,
				   ip[IP6_HLEN], !(get_be16(ip + IP6_HLEN + 2) & 0xfff8)))
			return fail(reason, NET_DROP_MALFORMED);
		return 0;
	}
	return check_upper(seg, ip[6], reason);
}

int seg_parse(struct seg *seg, uint8_t *ip, uint32_t len, enum net_drop *reason)
{
	memset(seg, 0, sizeof(*seg));
	seg->ip = ip;
	if (len == 0)
		return fail(reason, NET_DROP_MALFORMED);
	if (ip[0] >> 4 == 4)
		return parse_v4(seg, len, reason);
	if (ip[0] >> 4 == 6) {
		seg->v6 = true;
		return parse_v6(seg, len, reason);
	}
	return fail(reason, NET_DROP_MALFORMED);
}

struct addr seg_dst(const struct seg *seg)
{
	return seg->v6 ? addr_v6(seg->ip + 24) : addr_v4(seg->ip + 16);
}
