/* The four message types of WireGuard on the wire (paper section 5.4). Little-endian. */
#ifndef CULVERT_WG_MESSAGES_H
#define CULVERT_WG_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/wr.h"
#include "crypto/blake2s.h"
#include "crypto/xaead.h"
#include "noise/ik.h"
#include "wg/device.h"

enum wg_message_type {
	WG_MSG_INITIATION = 1,
	WG_MSG_RESPONSE = 2,
	WG_MSG_COOKIE_REPLY = 3,
	WG_MSG_DATA = 4,
};

#define WG_TIMESTAMP_LEN 12	/* TAI64N */
#define WG_COOKIE_LEN 16
#define WG_MAC_LEN BLAKE2S_MAC_LEN
#define WG_MACS_LEN (2 * WG_MAC_LEN)

#define WG_REQUEST_LEN (NOISE_IK_REQUEST_LEN + WG_TIMESTAMP_LEN)
#define WG_REPLY_LEN NOISE_IK_REPLY_LEN
#define WG_INITIATION_LEN (8 + WG_REQUEST_LEN + WG_MACS_LEN)
#define WG_RESPONSE_LEN (12 + WG_REPLY_LEN + WG_MACS_LEN)
#define WG_COOKIE_REPLY_LEN (8 + XAEAD_NONCE_LEN + WG_COOKIE_LEN + XAEAD_TAG_LEN)

/* Pointers go into the datagram. */
struct wg_initiation {
	uint32_t sender;
	const uint8_t *request;		/* WG_REQUEST_LEN bytes of Noise */
};

struct wg_response {
	uint32_t sender, receiver;
	const uint8_t *reply;		/* WG_REPLY_LEN bytes of Noise */
};

struct wg_cookie_reply {
	uint32_t receiver;
	const uint8_t *nonce;		/* XAEAD_NONCE_LEN */
	const uint8_t *sealed;		/* WG_COOKIE_LEN + XAEAD_TAG_LEN */
};

struct wg_data {
	uint32_t receiver;
	uint64_t counter;
	uint8_t *sealed;
	size_t sealed_len;		/* at least WG_TAG_LEN */
};

/*
 * The type of a datagram whose length fits that type. false sets `why` (WG_DROP_SHORT, _TYPE or
 * _LENGTH). Data is a multiple of 16 bytes long in what senders make (section 5.4.6), but shorter
 * padding at the MTU exists, so only the minimum is enforced.
 */
bool wg_message_classify(const uint8_t *p, size_t len, enum wg_message_type *type,
			 enum wg_drop *why);

/* Decoders for a classified message. */
void wg_initiation_decode(struct wg_initiation *m, const uint8_t p[static WG_INITIATION_LEN]);
void wg_response_decode(struct wg_response *m, const uint8_t p[static WG_RESPONSE_LEN]);
void wg_cookie_reply_decode(struct wg_cookie_reply *m, const uint8_t p[static WG_COOKIE_REPLY_LEN]);
void wg_data_decode(struct wg_data *m, uint8_t *p, size_t len);

/*
 * Encoders write the fixed fields and return where the Noise part goes; macs come last
 * (wg/cookie.h).
 */
uint8_t *wg_initiation_encode(uint8_t out[static WG_INITIATION_LEN], uint32_t sender);
uint8_t *wg_response_encode(uint8_t out[static WG_RESPONSE_LEN], uint32_t sender,
			    uint32_t receiver);
void wg_data_encode_header(uint8_t out[static WG_DATA_HEADER_LEN], uint32_t receiver,
			   uint64_t counter);

#endif
