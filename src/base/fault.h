/*
 * What went wrong, for whoever has to tell a person: the one form in which a part of this program reports
 * it upwards. The part that knows fills it in; whoever asked logs it, answers with it, or chooses an exit code
 * by it.
 */
#ifndef CULVERT_BASE_FAULT_H
#define CULVERT_BASE_FAULT_H

#include <stdbool.h>

#include "base/cause.h"
#include "base/compiler.h"

/* The longest: a target of 255 bytes with its port, an address of it, and 320 bytes of what is known of its peer. */
#define FAULT_TEXT_MAX 704

struct fault {
	int err;		/* enum err; 0 where `cause` says it */
	enum cause cause;	/* of a request towards a destination, else CAUSE_OK */
	bool cannot_bind;	/* an address or port is not to be had: exit code 3 instead of 4 */
	char text[FAULT_TEXT_MAX];	/* one line without full stop: what failed, on what, why, what to do */
};

/* Sets all of it; text that is too long is cut. Returns `err`. */
int fault_set(struct fault *f, int err, const char *format, ...) CULVERT_PRINTF(3, 4);
/* The same for what a destination came to. */
void fault_set_cause(struct fault *f, enum cause cause, const char *format, ...) CULVERT_PRINTF(3, 4);

#endif
