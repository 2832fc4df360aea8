/*
 * Stands before glibc's allocator in a test program: one allocation can be made to fail, and what
 * is live is counted. With a sanitizer, which has its own allocator, nothing fails and nothing is
 * counted; the tests then only run the paths. libcrypto gets what it asks for: crypto/ ends the
 * process when a primitive fails, which must never pass for a result.
 */
#ifndef CULVERT_TESTS_NODE_ALLOC_H
#define CULVERT_TESTS_NODE_ALLOC_H

#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ALLOC_INTERPOSE 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define ALLOC_INTERPOSE 0
#endif
#endif
#ifndef ALLOC_INTERPOSE
#define ALLOC_INTERPOSE 1
#endif

static long alloc_countdown = -1;	/* allocations until one fails; -1: none does */
static bool alloc_failed;
static long alloc_live;

#if ALLOC_INTERPOSE
void *__libc_malloc(size_t len);
void *__libc_calloc(size_t count, size_t len);
void *__libc_realloc(void *p, size_t len);
void *__libc_memalign(size_t align, size_t len);
void __libc_free(void *p);

static bool alloc_is_spared(const void *caller)
{
	Dl_info info;

	return dladdr(caller, &info) && info.dli_fname && strstr(info.dli_fname, "libcrypto");
}

static bool alloc_fails(const void *caller)
{
	if (alloc_countdown < 0 || alloc_is_spared(caller) || alloc_countdown-- > 0)
		return false;
	alloc_failed = true;
	errno = ENOMEM;
	return true;
}

static void *alloc_count(void *p)
{
	alloc_live += p != NULL;
	return p;
}

void *malloc(size_t len)
{
	return alloc_fails(__builtin_return_address(0)) ? NULL : alloc_count(__libc_malloc(len));
}

void *calloc(size_t count, size_t len)
{
	return alloc_fails(__builtin_return_address(0)) ? NULL :
							  alloc_count(__libc_calloc(count, len));
}

void *realloc(void *old, size_t len)
{
	void *p = alloc_fails(__builtin_return_address(0)) ? NULL : __libc_realloc(old, len);

	alloc_live += !old && p;
	return p;
}

void *aligned_alloc(size_t align, size_t len)
{
	return alloc_fails(__builtin_return_address(0)) ? NULL :
							  alloc_count(__libc_memalign(align, len));
}

int posix_memalign(void **out, size_t align, size_t len)
{
	void *p = NULL;

	if (!alloc_fails(__builtin_return_address(0)))
		p = alloc_count(__libc_memalign(align, len));
	if (!p)
		return ENOMEM;
	*out = p;
	return 0;
}

void free(void *p)
{
	alloc_live -= p != NULL;
	__libc_free(p);
}
#endif

#endif
