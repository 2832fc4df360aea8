/*
 * What is wrong with a configuration: all of it, in the order of the file, not only the first
 * thing found. Texts hold a value only through problem_value, since any may be a secret in the
 * wrong place.
 */
#ifndef CULVERT_CONF_PROBLEM_H
#define CULVERT_CONF_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/txt.h"

/* Nobody mends more than this in one go; the rest is counted. */
#define PROBLEMS_MAX 100
#define PROBLEM_TEXT_MAX 768	/* a line of the log with its time */

enum problem_kind {
	PROBLEM_ERROR,
	PROBLEM_WARNING,
};

/* Where in the configuration. Pointers need only live for the call. */
struct place {
	const char *file;	/* path, or NULL for the environment */
	unsigned rank;		/* order among the files */
	unsigned line;		/* 0: the file as a whole, told after its lines */
	const char *section;	/* NULL or empty: none */
	const char *key;	/* NULL: none */
};

struct problem {
	enum problem_kind kind;
	unsigned rank, line;
	char text[PROBLEM_TEXT_MAX];
};

struct problems {
	struct problem *items;	/* in order after problems_sort */
	size_t count;
	size_t errors;		/* dropped ones included */
	size_t dropped;		/* beyond PROBLEMS_MAX, or for lack of memory */
};

void problems_init(struct problems *p);
void problems_fini(struct problems *p);

/* Adds "FILE:LINE: [Section] Key: " and the formatted text. */
void problem_add(struct problems *p, enum problem_kind kind, const struct place *at,
		 const char *fmt, ...) CULVERT_PRINTF(4, 5);

#define PROBLEM_NAME_MAX 35

/* A name from the file in quotes, or "this name" when it might be a secret in the wrong place. */
const char *problem_name(struct txt name, char out[static PROBLEM_NAME_MAX]);

#define PROBLEM_VALUE_MAX 72

/*
 * `before` and the value in quotes; empty when the value is too long for a line, or could be a key or
 * a login in the wrong place.
 */
const char *problem_value(const char *before, struct txt value, char out[static PROBLEM_VALUE_MAX]);

/* By file, then line, then order of discovery. */
void problems_sort(struct problems *p);

#endif
