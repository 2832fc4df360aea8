/*
 * BBR version 3 (draft-ietf-ccwg-bbr; bbr.c names the revision and each deviation): models the path
 * by its bandwidth and least round-trip time and keeps what is in flight near their product.
 */
#ifndef CULVERT_NET_CC_BBR_H
#define CULVERT_NET_CC_BBR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

struct bbr {
	uint8_t state;
};

#endif
