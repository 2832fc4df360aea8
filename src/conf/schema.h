/*
 * The sections and keys of the configuration: what they are called, where their values go, and
 * what is expected of them. One table for the file, the environment and the suggestions.
 */
#ifndef CULVERT_CONF_SCHEMA_H
#define CULVERT_CONF_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/txt.h"
#include "conf/parse.h"
#include "front/config.h"

enum schema_id {
	SCHEMA_ROOT,		/* object: char path[VALUE_PATH_MAX] of WGConfig */
	SCHEMA_INTERFACE,	/* object: struct node_config */
	SCHEMA_PEER,		/* object: struct peer_config */
	SCHEMA_SERVICE,		/* one for each enum service_kind, in that order; object: struct service_config */
	SCHEMA_COUNT = SCHEMA_SERVICE + SERVICE_KIND_COUNT,
};

enum schema_use {
	SCHEMA_SET,		/* parsed into the object */
	SCHEMA_MEANINGLESS,	/* wg-quick's, without a meaning here: one warning each */
	SCHEMA_IGNORED,		/* wireproxy's, not supported yet and not needed: one warning */
	SCHEMA_REFUSED,		/* not supported yet, and leaving it out would be unsafe */
};

#define SCHEMA_LIST 1U		/* may be repeated; values add up */
#define SCHEMA_REQUIRED 2U
#define SCHEMA_SECRET 4U	/* must not lie in a file that everybody can read */
#define SCHEMA_VERBATIM 8U	/* free text */
#define SCHEMA_EMPTY 32U	/* an empty value means something */
#define SCHEMA_BESIDE 16U	/* of ours, so also beside WGConfig */

#define SCHEMA_KEYS_MAX 24	/* keys of one section */

struct schema_key {
	const char *name;
	enum schema_use use;
	unsigned flags;
	parse_fn parse;
	const char *expected;
	const char *env;	/* variable that overrides the key, or NULL */
	struct parse_field field;
};

struct schema_section {
	const char *name;
	const struct schema_key *keys;
	size_t key_count;
	/* Where the object has the bits of the keys whose values are not for display; -1: nowhere. */
	ptrdiff_t masked_at;
	/* Of a service: the variable that lists such sections in the place of the file's, and its items. */
	const char *env, *env_expected;
};

const struct schema_section *schema_section_get(enum schema_id id);
/* The section of a kind of service. */
static inline enum schema_id schema_of_service(enum service_kind kind)
{
	return (enum schema_id)(SCHEMA_SERVICE + (int)kind);
}
/*
 * Whatever the case: 0; ERR_NOTFOUND; or ERR_UNSUPPORTED for a section of wireproxy's or later, and
 * then `*instead` says what to do instead.
 */
CULVERT_MUST_USE int schema_find_section(struct txt name, enum schema_id *id, const char **instead);
/* The key, or NULL. */
const struct schema_key *schema_find_key(const struct schema_section *section, struct txt name);

/* The known name that a wrong one probably means, or NULL. */
const char *schema_nearest_section(struct txt name);
const char *schema_nearest_key(const struct schema_section *section, struct txt name);
/* The first section that has this key, or NULL. */
const struct schema_section *schema_owner(struct txt name);
const char *schema_nearest_env(struct txt name);

#endif
