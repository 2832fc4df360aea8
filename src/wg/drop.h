/* The reasons for which WireGuard drops something. */
#ifndef CULVERT_WG_DROP_H
#define CULVERT_WG_DROP_H

/* Why a datagram or an inner packet was dropped; one counter each. */
enum wg_drop {
	WG_DROP_SHORT,			/* no whole message type */
	WG_DROP_TYPE,			/* unknown type, or reserved bytes not zero */
	WG_DROP_LENGTH,			/* not the exact length of its type */
	WG_DROP_MAC1,			/* mac1 wrong: not for us */
	WG_DROP_UNDER_LOAD,		/* mac2 wrong or missing under load; a cookie was sent */
	WG_DROP_RATE_LIMIT,		/* source exceeds its handshake rate */
	WG_DROP_HANDSHAKE,		/* a handshake message does not decrypt or verify */
	WG_DROP_UNKNOWN_PEER,		/* static key of nobody we know */
	WG_DROP_REPLAYED_INITIATION,	/* TAI64N not newer */
	WG_DROP_FLOOD,			/* initiations of one peer follow too fast */
	WG_DROP_UNEXPECTED,		/* a response or cookie that nobody waits for */
	WG_DROP_UNKNOWN_INDEX,		/* receiver index of no session */
	WG_DROP_EXPIRED,		/* session too old or used up */
	WG_DROP_TAG,			/* data does not authenticate */
	WG_DROP_REPLAYED,		/* counter seen before, or behind the window */
	WG_DROP_INNER_MALFORMED,	/* inner packet is no IP packet of that length */
	WG_DROP_SOURCE,			/* inner source not among the peer's allowed IPs */
	WG_DROP_NO_ENDPOINT,		/* nothing to send to */
	WG_DROP_QUEUE_FULL,		/* packets waiting for a session displaced older ones */
	WG_DROP_NO_SESSION,		/* waited for a session that did not come */
	WG_DROP_COUNT
};

/* Stable snake_case name for logs and metrics. */
const char *wg_drop_name(enum wg_drop reason);

#endif
