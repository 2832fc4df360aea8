/*
 * Consuming cursor over untrusted text (not NUL-terminated). Like `rd`, for characters: helpers
 * either remove what they name, or leave the cursor alone and return false.
 */
#ifndef CULVERT_BASE_TXT_H
#define CULVERT_BASE_TXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

struct txt {
	const char *p;
	size_t left;
};

static inline struct txt txt_init(const char *p, size_t len)
{
	return (struct txt){p, len};
}

struct txt txt_str(const char *s);

static inline bool txt_end(const struct txt *t)
{
	return t->left == 0;
}

/* Removes one character `c`. */
bool txt_char(struct txt *t, char c);
/* Removes `word`, exactly or without regard to ASCII case. */
bool txt_word(struct txt *t, const char *word);
bool txt_word_nocase(struct txt *t, const char *word);
/* Removes everything up to `c` into `out`, and `c` itself; false when `c` does not occur. */
bool txt_until(struct txt *t, char c, struct txt *out);
/* Removes the longest run of characters that occur in `set` (may be empty). */
struct txt txt_span(struct txt *t, const char *set);
/* Removes a decimal number of at most `max`: no sign, a digit at least, no leading zero but "0". */
bool txt_u64(struct txt *t, uint64_t max, uint64_t *out);
/* Cuts blanks (space and tab) off both ends. */
struct txt txt_trim(struct txt t);

bool txt_equal(struct txt t, const char *s);
bool txt_equal_nocase(struct txt t, const char *s);

/* A NUL-terminated copy in `buf`; false when it does not fit or holds a NUL. */
CULVERT_MUST_USE bool txt_copy(struct txt t, char *buf, size_t cap);
/* A NUL-terminated copy on the heap, or NULL. The caller frees it. */
char *txt_dup(struct txt t);

/* ASCII only, whatever the locale. */
int txt_lower(int c);

/* For "did you mean": the nearest of `names` within an edit distance of 3, or NULL. */
const char *txt_nearest(struct txt t, const char *const *names, size_t count);

#endif
