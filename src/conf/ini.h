/* The lines of a configuration file as sections and keys, each with its line number. */
#ifndef CULVERT_CONF_INI_H
#define CULVERT_CONF_INI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/txt.h"
#include "conf/problem.h"

/* Room for as many peers as a device takes, at some 200 bytes each. */
#define INI_FILE_MAX (16U << 20)
/* One line may hold the AllowedIPs of a split tunnel: some 3,000 prefixes. */
#define INI_LINE_MAX (64U << 10)

struct ini_key {
	struct txt name;
	struct txt value;	/* without blanks and one pair of quotes around it */
	unsigned line;
	bool malformed;		/* reported; a line whose first word is `name` */
};

struct ini_section {
	struct txt name;	/* empty: what stands before the first section */
	unsigned line;
	size_t first_key, key_count;
};

/* All texts point into the text that was parsed. */
struct ini {
	struct ini_section *sections;	/* the first is always the nameless one */
	size_t section_count;
	struct ini_key *keys;
	size_t key_count;
};

/*
 * Splits `text`, which must outlive `out`. Malformed lines go to `problems` with `file` and `rank`.
 * 0 or ERR_NOMEM; `out` is to be freed with ini_fini in both cases.
 */
CULVERT_MUST_USE int ini_parse(struct ini *out, struct txt text, const char *file, unsigned rank,
			       struct problems *problems);
void ini_fini(struct ini *ini);

#endif
