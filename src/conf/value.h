/* Values that stand elsewhere: `$NAME` in the environment, `file:PATH` in a file. */
#ifndef CULVERT_CONF_VALUE_H
#define CULVERT_CONF_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "base/txt.h"

/* Longer than the longest line of a configuration. */
#define VALUE_MAX (64U << 10)
#define VALUE_REASON_MAX 160
#define VALUE_PATH_MAX 4096	/* PATH_MAX of Linux */

/* What the configuration may ask of the system; tests and fuzzers pass their own. */
struct config_host {
	/* NULL when unset. */
	const char *(*get_env)(void *ctx, const char *name);
	/*
	 * Appends the file to `out`: 0, ERR_NOTFOUND, ERR_PERM, ERR_LIMIT (beyond the ceiling of
	 * `out`), ERR_UNSUPPORTED (no file that can be read), ERR_NOMEM or ERR_IO. `exposed`:
	 * every user of the machine can read it, and its owner can change that.
	 */
	int (*read_file)(void *ctx, const char *path, struct buf *out, bool *exposed);
	void *ctx;
};

/* What is wrong with a value. */
struct value_reason {
	bool may_show;	/* the value stands in the file itself and is no secret */
	char text[VALUE_REASON_MAX];
};

struct value_request {
	const struct config_host *host;
	const char *folder;	/* for relative paths; NULL: the current one */
	bool expand_env;	/* `$NAME` counts */
	bool verbatim;		/* free text: '#' and blanks belong to it */
};

struct value {
	struct buf bytes;	/* wiped by value_fini */
	size_t len;		/* of the text; a file's last line end is behind it */
	bool literal;		/* stood in the configuration itself */
	bool exposed;		/* came from a file that every user can read */
	char path[VALUE_PATH_MAX];	/* of that file */
	char reason[VALUE_REASON_MAX];	/* why value_expand failed; never the value */
};

/*
 * Fills in `v` from the text as written: 0, or an error with `v->reason`. value_fini in both cases.
 *
 * `$NAME` stands for that variable as a whole, `$$...` for a text that starts with one '$';
 * `file:PATH`, also as the value of a variable, for the content of a file without its last line
 * end. What a file holds is taken as it is.
 */
CULVERT_MUST_USE int value_expand(struct value *v, const struct value_request *request,
				  struct txt raw);
void value_fini(struct value *v);

/* The expanded text; valid until value_fini. */
struct txt value_text(const struct value *v);

/* `path` as seen from `folder` (NULL: as it is). 0 or ERR_LIMIT. */
CULVERT_MUST_USE int path_join(char out[static VALUE_PATH_MAX], const char *folder,
			       struct txt path);

#endif
