/* The functions that lwIP calls; see third_party/lwip/include for their contracts. */
#ifndef CULVERT_NET_HOOKS_H
#define CULVERT_NET_HOOKS_H

#include "net/lwip_err.h"

#include "lwip/arch.h"
#include "lwiphooks.h"

#endif
