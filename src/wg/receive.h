/* What a device does with a datagram: wg_device_input of wg/device.h, and nothing else. */
#ifndef CULVERT_WG_RECEIVE_H
#define CULVERT_WG_RECEIVE_H

#include "wg/device.h"

/*
 * Renewal on receipt (paper section 6.2): the session would not outlive a keepalive and a
 * handshake.
 */
#define WG_REKEY_ON_RECEIVE_MS \
	(WG_REJECT_AFTER_TIME_MS - WG_KEEPALIVE_TIMEOUT_MS - WG_REKEY_TIMEOUT_MS)

#endif
