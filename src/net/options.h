/* The TCP options that an acknowledgement may carry: timestamps (RFC 7323 3) and SACK blocks (RFC 2018 3). */
#ifndef CULVERT_NET_OPTIONS_H
#define CULVERT_NET_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/cc/cc.h"

struct tcp_options {
	bool has_timestamps;
	uint32_t value, echo;	/* TSval, TSecr */
	unsigned sack_count;
	struct cc_range sacks[CC_SACK_BLOCKS_MAX];	/* as received: nothing is checked but the length */
};

/*
 * Reads the option bytes behind a TCP header. A malformed list ends there: what came before it counts, as in
 * kernels; an option of a wrong length counts as absent.
 */
void tcp_options_parse(struct tcp_options *out, const uint8_t *p, size_t len);

#endif
