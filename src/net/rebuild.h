/* IP packets made again from a TCP segment that lwIP has taken apart, in memory of their own. */
#ifndef CULVERT_NET_REBUILD_H
#define CULVERT_NET_REBUILD_H

#include <stddef.h>

#include "base/wr.h"

struct pbuf;
struct tcp_hdr;

#define REBUILD_HEADERS_MAX (40 + 60)	/* IPv6 and the longest TCP header */

/*
 * Writes IP and TCP headers of the segment that lwIP processes now: `hdr` has its fields in host
 * byte order and is followed by `opt_len` bytes of options. Checksums are left zero: who feeds the
 * packet knows that the original was checked.
 */
void rebuild_headers(struct wr *w, const struct tcp_hdr *hdr, unsigned opt_len, size_t payload_len);
/* The whole packet with the payload `p`, as a chain of its own; NULL: no memory. */
struct pbuf *rebuild_packet(const struct tcp_hdr *hdr, unsigned opt_len, const struct pbuf *p);

#endif
