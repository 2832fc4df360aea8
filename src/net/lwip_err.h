/*
 * lwIP's error codes beside ours: two names exist in both. Every file of net/ that needs lwIP
 * includes this before any of lwIP's headers. ERR_OK is 0 in both; ERR_TIMEOUT is ours, lwIP's is
 * LWIP_ERR_TIMEOUT.
 */
#ifndef CULVERT_NET_LWIP_ERR_H
#define CULVERT_NET_LWIP_ERR_H

#define ERR_OK LWIP_ERR_OK
#define ERR_TIMEOUT LWIP_ERR_TIMEOUT
#include "lwip/err.h"
#undef ERR_OK
#undef ERR_TIMEOUT

#include "base/err.h"

#endif
