#include "net/rebuild.h"

#include <stdint.h>

#include "net/lwip_err.h"

#include "lwip/ip.h"
#include "lwip/pbuf.h"
#include "lwip/prot/tcp.h"

#include "base/ip.h"
#include "net/core.h"

/* A piece and its pbuf fill one object of the allocator's largest class. */
#define PIECE 4000

static void write_ip(struct wr *w, size_t len)
{
	struct addr src = net_addr_from_lwip(ip_current_src_addr());
	struct addr dst = net_addr_from_lwip(ip_current_dest_addr());

	if (src.family == ADDR_V4) {
		wr_be16(w, 0x4500);
		wr_be16(w, (uint16_t)(20 + len));
		wr_be32(w, 0);
		wr_be16(w, IP_DEFAULT_TTL << 8 | IP_TCP);
		wr_be16(w, 0);
	} else {
		wr_be32(w, UINT32_C(6) << 28);
		wr_be16(w, (uint16_t)len);
		wr_be16(w, IP_TCP << 8 | IP_DEFAULT_TTL);
	}
	wr_bytes(w, src.bytes, addr_len(&src));
	wr_bytes(w, dst.bytes, addr_len(&dst));
}

void rebuild_headers(struct wr *w, const struct tcp_hdr *hdr, unsigned opt_len, size_t payload_len)
{
	write_ip(w, TCP_HLEN + opt_len + payload_len);
	wr_be16(w, hdr->src);
	wr_be16(w, hdr->dest);
	wr_be32(w, hdr->seqno);
	wr_be32(w, hdr->ackno);
	wr_bytes(w, &hdr->_hdrlen_rsvd_flags, 2);
	wr_be16(w, hdr->wnd);
	wr_be16(w, 0);
	wr_bytes(w, &hdr->urgp, 2);
	wr_bytes(w, hdr + 1, opt_len);
}

struct pbuf *rebuild_packet(const struct tcp_hdr *hdr, unsigned opt_len, const struct pbuf *p)
{
	uint8_t headers[REBUILD_HEADERS_MAX];
	struct wr w = wr_init(headers, sizeof(headers));
	struct pbuf *chain;
	u16_t at = 0;

	rebuild_headers(&w, hdr, opt_len, p->tot_len);
	chain = pbuf_alloc(PBUF_RAW, (u16_t)w.len, PBUF_RAM);
	if (!chain)
		return NULL;
	pbuf_take(chain, headers, (u16_t)w.len);
	while (at < p->tot_len) {
		u16_t n = p->tot_len - at < PIECE ? (u16_t)(p->tot_len - at) : PIECE;
		struct pbuf *piece = pbuf_alloc(PBUF_RAW, n, PBUF_RAM);

		if (!piece) {
			pbuf_free(chain);
			return NULL;
		}
		pbuf_copy_partial(p, piece->payload, n, at);
		pbuf_cat(chain, piece);
		at = (u16_t)(at + n);
	}
	return chain;
}
