/*
 * lwIP's memory: size classes with free lists in 64 kB chunks, so that no packet costs a call of
 * libc's allocator. One instance per process, as lwIP is. Chunks that run empty are kept up to a
 * small number, and returned to the system by net_mem_trim.
 */
#ifndef CULVERT_NET_MEM_H
#define CULVERT_NET_MEM_H

#include <stddef.h>

/* lwIP's allocator (lwipopts.h names them): aligned to 16 bytes; NULL when there is no memory. */
void *net_mem_malloc(size_t size);
void *net_mem_calloc(size_t count, size_t size);
void net_mem_free(void *p);

/* Gives empty chunks back to the system. */
void net_mem_trim(void);
/* Allocations at present: 0 after a complete teardown. */
size_t net_mem_count(void);
/* Bytes in allocations, as rounded up to their classes. */
size_t net_mem_used(void);
/* Bytes held from the system. */
size_t net_mem_held(void);
/* For tests: the `n`th allocation from now fails (1: the next one); 0 switches it off. */
void net_mem_fail_at(size_t n);

#endif
