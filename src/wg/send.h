/* What a device sends on its own account. Sealing for the caller is wg_peer_seal in wg/device.h. */
#ifndef CULVERT_WG_SEND_H
#define CULVERT_WG_SEND_H

#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "wg/device.h"

/* The next datagram that `peer` wants to send, and where to; or 0 when there is none for now. */
size_t wg_send_next(struct wg_peer *peer, struct boot_time now, struct wall_time wall,
		    uint8_t *out, size_t cap, struct endpoint *dst);

#endif
