/* A blocking web client with time limits: how the demo proves itself. */
#ifndef CULVERT_APP_FETCH_H
#define CULVERT_APP_FETCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

enum fetch_through {
	FETCH_SOCKS5,
	FETCH_HTTP,
};

#define FETCH_REASON_MAX 160

struct fetch_result {
	double ms;		/* from connecting to the last byte */
	size_t bytes;		/* of the answer, head included */
	char reason[FETCH_REASON_MAX];	/* why it failed */
};

/*
 * Gets http://HOST/ through the proxy on `port` of 127.0.0.1; `host` is an IPv4 literal. 0 when the
 * answer has status 200 and holds `phrase`; else ERR_IO with a reason.
 */
CULVERT_MUST_USE int fetch_page(enum fetch_through through, uint16_t port, const char *host,
				const char *phrase, struct fetch_result *result);

#endif
