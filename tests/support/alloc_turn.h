/*
 * Counts what the program under test allocates, and makes one allocation fail. The program is linked with --wrap
 * (ALLOC_WRAP in the Makefile), so this works with and without a sanitizer, and libraries get what they ask for:
 * crypto/ ends the process when a primitive fails, which must never pass for a result.
 */
#ifndef CULVERT_TESTS_SUPPORT_ALLOC_TURN_H
#define CULVERT_TESTS_SUPPORT_ALLOC_TURN_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include "support/sim_own.h"

static long alloc_countdown = -1;	/* allocations until one fails; -1: none does */
static bool alloc_failed;
static long alloc_live;

void *__real_malloc(size_t len);
void *__real_calloc(size_t count, size_t len);
void *__real_realloc(void *p, size_t len);
void *__real_aligned_alloc(size_t align, size_t len);
int __real_posix_memalign(void **out, size_t align, size_t len);
void __real_free(void *p);

static inline bool alloc_fails(void)
{
	if (sim_own || alloc_countdown < 0 || alloc_countdown-- > 0)
		return false;
	alloc_failed = true;
	return true;
}

static inline void *alloc_note(void *p)
{
	alloc_live += p != NULL;
	return p;
}

void *__wrap_malloc(size_t len)
{
	return alloc_fails() ? NULL : alloc_note(__real_malloc(len));
}

void *__wrap_calloc(size_t count, size_t len)
{
	return alloc_fails() ? NULL : alloc_note(__real_calloc(count, len));
}

void *__wrap_realloc(void *old, size_t len)
{
	void *p = alloc_fails() ? NULL : __real_realloc(old, len);

	return old ? p : alloc_note(p);
}

void *__wrap_aligned_alloc(size_t align, size_t len)
{
	return alloc_fails() ? NULL : alloc_note(__real_aligned_alloc(align, len));
}

int __wrap_posix_memalign(void **out, size_t align, size_t len)
{
	int err = alloc_fails() ? ENOMEM : __real_posix_memalign(out, align, len);

	alloc_live += !err;
	return err;
}

void __wrap_free(void *p)
{
	alloc_live -= p != NULL;
	__real_free(p);
}

#endif
