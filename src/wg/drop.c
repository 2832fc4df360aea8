#include "wg/drop.h"

const char *wg_drop_name(enum wg_drop reason)
{
	static const char *const names[WG_DROP_COUNT] = {
		[WG_DROP_SHORT] = "short",
		[WG_DROP_TYPE] = "type",
		[WG_DROP_LENGTH] = "length",
		[WG_DROP_MAC1] = "mac1",
		[WG_DROP_UNDER_LOAD] = "under_load",
		[WG_DROP_RATE_LIMIT] = "rate_limit",
		[WG_DROP_HANDSHAKE] = "handshake",
		[WG_DROP_UNKNOWN_PEER] = "unknown_peer",
		[WG_DROP_REPLAYED_INITIATION] = "replayed_initiation",
		[WG_DROP_FLOOD] = "flood",
		[WG_DROP_UNEXPECTED] = "unexpected",
		[WG_DROP_UNKNOWN_INDEX] = "unknown_index",
		[WG_DROP_EXPIRED] = "expired",
		[WG_DROP_TAG] = "tag",
		[WG_DROP_REPLAYED] = "replayed",
		[WG_DROP_INNER_MALFORMED] = "inner_malformed",
		[WG_DROP_SOURCE] = "source",
		[WG_DROP_NO_ENDPOINT] = "no_endpoint",
		[WG_DROP_QUEUE_FULL] = "queue_full",
		[WG_DROP_NO_SESSION] = "no_session",
	};

	return (unsigned)reason < WG_DROP_COUNT ? names[reason] : "unknown";
}
