/*
 * The work in progress of config_load, and what its parts build with: conf/config.c (files and
 * sections), conf/env.c (the environment), conf/verify.c (checks across sections). No other file
 * includes this.
 */
#ifndef CULVERT_CONF_BUILD_H
#define CULVERT_CONF_BUILD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "conf/config.h"
#include "conf/ini.h"
#include "conf/problem.h"
#include "conf/schema.h"

struct config_file {
	const char *path;	/* as shown */
	char folder[VALUE_PATH_MAX];
	unsigned rank;
	struct buf text;
	struct ini ini;
	bool exposed;		/* every user can read it */
	bool literal_secret;	/* holds a key or a password itself */
};

/* Where an element of the configuration's arrays stands, and each of its keys. */
struct element_place {
	struct place place;
	unsigned lines[SCHEMA_KEYS_MAX];	/* in the order of the schema; 0: not in the file */
};

struct config_build {
	struct node_config *config;
	const struct config_request *request;
	struct config_facts *facts;
	struct problems *problems;
	struct config_file main, wg;
	char wg_path[VALUE_PATH_MAX];	/* of WGConfig; empty: none */
	char wg_joined[VALUE_PATH_MAX];	/* the same, seen from the main file's folder */
	struct place interface;		/* the section, or the file or environment that lacks it */
	bool interface_found;
	unsigned interface_lines[SCHEMA_KEYS_MAX];
	size_t peer_sections;
	struct element_place *peer_places, *service_places;
	unsigned told;			/* keys of [Interface] that drew their warning, as bits */
	unsigned foreign_told;		/* for foreign_apply */
	bool nomem;
};

/* One section on its way into an object. */
struct section_job {
	enum schema_id id;
	void *object;
	unsigned *lines;	/* [SCHEMA_KEYS_MAX], filled in; NULL: nobody asks for them */
	struct config_file *file;		/* NULL: the environment alone */
	const struct ini_section *section;	/* NULL: no such section */
	struct place place;
	bool use_env;		/* take variables, and insist on required keys */
	bool only_timeouts;	/* [Interface] beside WGConfig */
};

/* A variable that is set to something, or NULL. */
const char *build_env(const struct config_build *b, const char *name);

void build_apply_section(struct config_build *b, const struct section_job *job);
/*
 * One raw value; `file` NULL: it comes from the environment. Reports what is wrong. False when the
 * value itself stands elsewhere, behind `$NAME` or `file:`.
 */
bool build_apply_value(struct config_build *b, const struct place *at, struct config_file *file,
		       const struct schema_key *key, struct txt raw, void *object);
/*
 * A new element with its defaults; NULL when out of memory (noted in the build) or beyond a limit
 * (reported).
 */
struct peer_config *build_add_peer(struct config_build *b, const struct place *at);
struct service_config *build_add_service(struct config_build *b, const struct place *at,
					 enum service_kind kind);

/* Reports a section or a key that nobody knows; `nearest`: what it may mean, or NULL. */
void build_report_unknown(struct config_build *b, const struct place *at, const char *what,
			  struct txt name, const char *nearest);

#endif
