/* The little that WireGuard has to know of the IP packets that it carries. */
#ifndef CULVERT_WG_INNER_H
#define CULVERT_WG_INNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

/*
 * Source address and own length of the IPv4 or IPv6 packet that `p` begins with; the rest of `len`
 * is padding. false when it is neither or claims more than there is.
 */
bool wg_inner_parse(const uint8_t *p, size_t len, struct addr *src, size_t *packet_len);

#endif
