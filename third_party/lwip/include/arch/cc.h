/*
 * lwIP's view of the compiler and of this program. The functions declared here are what src/net/
 * provides to lwIP; nothing else of culvert is visible to it.
 */
#ifndef CULVERT_LWIP_ARCH_CC_H
#define CULVERT_LWIP_ARCH_CC_H

#include <stddef.h>
#include <stdint.h>

/* Byte order from the compiler: lwIP would assume little endian. It has defined both names. */
#ifndef BYTE_ORDER
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define BYTE_ORDER BIG_ENDIAN
#else
#define BYTE_ORDER LITTLE_ENDIAN
#endif
#endif

/* One instruction each; lwIP's own are calls into another file. It needs none on big endian. */
#if BYTE_ORDER == LITTLE_ENDIAN
#define lwip_htons(x) __builtin_bswap16((uint16_t)(x))
#define lwip_htonl(x) __builtin_bswap32((uint32_t)(x))
#endif

#define LWIP_NO_UNISTD_H 1	/* the stack makes no system calls */

/* Never returns: an lwIP assertion failed, which is a bug in lwIP or in net/. */
_Noreturn void net_lwip_fail(const char *what);
#define LWIP_PLATFORM_ASSERT(what) net_lwip_fail(what)
#define LWIP_PLATFORM_DIAG(what) do { } while (0)

/* 32 unpredictable bits. */
uint32_t net_lwip_rand(void);
#define LWIP_RAND() net_lwip_rand()

/* The peer that sent the packet being processed: LWIP_HOOK_FRAGMENT_SENDER. */
uint32_t net_lwip_sender(void);

/* Ones' complement sum of `len` bytes, folded, not inverted, as if at an even offset. */
uint16_t net_chksum(const void *data, int len);
#define LWIP_CHKSUM net_chksum

/* Size-class free lists: no libc allocation per packet. Aligned for any pointer; calloc zeroes. */
void *net_mem_malloc(size_t size);
void *net_mem_calloc(size_t count, size_t size);
void net_mem_free(void *block);

#endif
