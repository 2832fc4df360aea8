/* The configuration files of the demo, in a private folder that goes with it. */
#ifndef CULVERT_APP_DEMOFILES_H
#define CULVERT_APP_DEMOFILES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "crypto/keys.h"

#define DEMOFILES_PATH_MAX 512
#define DEMOFILES_TEXT_MAX 512

struct demofiles {
	char folder[DEMOFILES_PATH_MAX];	/* empty: not made */
};

/* One node that knows one peer on loopback. */
struct demofiles_node {
	const char *name;	/* of its files */
	const char *address;
	const struct key_private *key;
	const struct key_public *peer;
	const char *peer_address;
	uint16_t peer_port;	/* UDP */
};

/* Makes the folder, below TMPDIR or /tmp. False, with errno, when that fails. */
CULVERT_MUST_USE bool demofiles_open(struct demofiles *f);
/*
 * Writes NAME.key and NAME.conf; `path` becomes that of the latter, `text` its content, which holds
 * no secret. False, with errno, when that fails.
 */
CULVERT_MUST_USE bool demofiles_write(const struct demofiles *f, const struct demofiles_node *node,
				      char path[static DEMOFILES_PATH_MAX + 32],
				      char text[static DEMOFILES_TEXT_MAX]);
/* Removes the files of the nodes named, and the folder. */
void demofiles_close(struct demofiles *f, const char *const *names, unsigned count);

#endif
