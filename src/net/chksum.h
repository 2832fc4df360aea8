/*
 * The Internet checksum (RFC 1071), fast enough that it does not show: sums in wide words, and
 * fused with the copy where bytes are copied anyway. Sums are in the machine's byte order; as the
 * one's complement sum does not depend on it, a folded sum is stored as it is.
 */
#ifndef CULVERT_NET_CHKSUM_H
#define CULVERT_NET_CHKSUM_H

#include <stddef.h>
#include <stdint.h>

/*
 * A partial sum over a byte string that is fed in pieces of any length. `odd` tells that the
 * pieces so far had an odd number of bytes: the next one is then summed with its bytes swapped.
 */
struct chksum {
	uint64_t sum;
	unsigned odd;
};

/* Adds `len` bytes at `p`. */
void chksum_add(struct chksum *c, const void *p, size_t len);
/* Copies `len` bytes from `src` to `dst` (not overlapping) and adds them. */
void chksum_copy(struct chksum *c, void *dst, const void *src, size_t len);
/*
 * Adds the pseudo header of RFC 9293 3.1 and RFC 8200 8.1: two addresses of `addr_len` bytes, the
 * upper-layer length and the protocol.
 */
void chksum_pseudo(struct chksum *c, const uint8_t *src, const uint8_t *dst, size_t addr_len,
		   uint32_t len, uint8_t protocol);
/* The sum, folded to 16 bits, not inverted: 0xffff over bytes that contain a correct checksum. */
uint16_t chksum_fold(const struct chksum *c);

/* lwIP's LWIP_CHKSUM: the folded sum of `len` bytes, not inverted. */
uint16_t net_chksum(const void *p, int len);

#endif
