/* Attributes and small macros that every layer uses. */
#ifndef CULVERT_BASE_COMPILER_H
#define CULVERT_BASE_COMPILER_H

#include <stddef.h>

/* The result says whether the call worked; ignoring it is a bug. */
#define CULVERT_MUST_USE __attribute__((warn_unused_result))

/* printf-like: argument `fmt` is the format, `args` the first value (0 for a va_list). */
#define CULVERT_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

#define CULVERT_NORETURN __attribute__((noreturn))

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* The object that contains `member` at `ptr`. */
#define CONTAINER_OF(ptr, type, member) ((type *)(void *)((char *)(ptr) - offsetof(type, member)))

#endif
