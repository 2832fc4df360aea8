/*
 * Theory of operation
 *
 * What config_load and its parts build with: a key goes through the schema's table into the object
 * of its section, which is the node_config itself or a new element of one of its arrays. A key whose
 * variable is set is not read from the file at all. Every error is collected with its place; the
 * result counts only when there is none. Expanded values are wiped.
 */
#include "conf/build.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "conf/array.h"
#include "conf/foreign.h"
#include "wg/device.h"

#define SERVICES_MAX 4096	/* most are a descriptor each */

const char *build_env(const struct config_build *b, const char *name)
{
	const char *value = b->request->host->get_env(b->request->host->ctx, name);

	return value && *value ? value : NULL;
}

/* --- values and keys ------------------------------------------------------------------------- */

/* A value without verbatim meaning has no line ends or blanks around it, wherever it comes from. */
static struct txt trim_value(struct txt t)
{
	for (;;) {
		t = txt_trim(t);
		if (!t.left || (t.p[t.left - 1] != '\n' && t.p[t.left - 1] != '\r'))
			return t;
		t.left--;
	}
}

static void parse_value(struct config_build *b, const struct place *at,
			const struct config_file *file, const struct schema_key *key,
			const struct value *value, void *object)
{
	struct txt text = value_text(value);
	struct value_reason reason = {
		.may_show = file && value->literal && !(key->flags & SCHEMA_SECRET),
	};
	int err;

	if (!(key->flags & SCHEMA_VERBATIM))
		text = trim_value(text);
	/* As an empty variable does, an empty value counts as none; a file's content does not. */
	if (txt_end(&text) && !value->path[0] && !(key->flags & SCHEMA_EMPTY)) {
		if (key->flags & SCHEMA_REQUIRED)
			problem_add(b->problems, PROBLEM_ERROR, at, "empty; expected %s",
				    key->expected);
		return;
	}
	err = key->parse(&key->field, object, text, &reason);
	if (err == ERR_NOMEM)
		b->nomem = true;
	else if (err)
		problem_add(b->problems, PROBLEM_ERROR, at, "%s; expected %s", reason.text,
			    key->expected);
}

bool build_apply_value(struct config_build *b, const struct place *at, struct config_file *file,
		       const struct schema_key *key, struct txt raw, void *object)
{
	const struct value_request request = {
		.host = b->request->host,
		.folder = file ? file->folder : NULL,
		.expand_env = file != NULL,
		.verbatim = (key->flags & SCHEMA_VERBATIM) != 0,
	};
	struct value value;
	bool literal;

	if (value_expand(&value, &request, raw) < 0) {
		problem_add(b->problems, PROBLEM_ERROR, at, "%s; expected %s", value.reason,
			    key->expected);
		value_fini(&value);
		return true;
	}
	literal = value.literal;
	if (key->flags & SCHEMA_SECRET) {
		if (file && value.literal && raw.left)
			file->literal_secret = true;
		if (value.exposed)
			problem_add(b->problems, PROBLEM_WARNING, at,
				    "every user of this machine can read %s; chmod 600 it",
				    value.path);
	}
	parse_value(b, at, file, key, &value, object);
	value_fini(&value);
	return literal;
}

static void apply_value(struct config_build *b, const struct section_job *job,
			const struct place *at, struct config_file *file,
			const struct schema_key *key, struct txt raw)
{
	const struct schema_section *section = schema_section_get(job->id);
	bool literal = build_apply_value(b, at, file, key, raw, job->object);

	if (!literal && section->masked_at >= 0)
		*(unsigned *)((char *)job->object + section->masked_at) |= 1U << (key - section->keys);
}

void build_report_unknown(struct config_build *b, const struct place *at, const char *what,
			  struct txt name, const char *nearest)
{
	char buf[PROBLEM_NAME_MAX];
	const char *shown = problem_name(name, buf);

	if (nearest)
		problem_add(b->problems, PROBLEM_ERROR, at,
			    "unknown %s %s. Did you mean \"%s\"?", what, shown, nearest);
	else
		problem_add(b->problems, PROBLEM_ERROR, at, "unknown %s %s; see culvert(1)", what,
			    shown);
}

/* Keys that are known but not used. */
static void report_unused(struct config_build *b, const struct place *at,
			  const struct schema_key *key, unsigned bit)
{
	if (key->use == SCHEMA_REFUSED) {
		problem_add(b->problems, PROBLEM_ERROR, at, "not supported yet");
		return;
	}
	if (b->told & bit)
		return;
	b->told |= bit;
	if (key->use == SCHEMA_MEANINGLESS)
		problem_add(b->problems, PROBLEM_WARNING, at,
			    "has no meaning without an interface of the system; ignored");
	else
		problem_add(b->problems, PROBLEM_WARNING, at,
			    "not supported yet; ignored");
}

/* What a misspelt or malformed line means stands there, so it is not missing. */
static void mark_meant(const struct schema_section *section, const struct ini_key *ini_key,
		       unsigned seen[static SCHEMA_KEYS_MAX])
{
	const char *nearest = schema_nearest_key(section, ini_key->name);

	if (nearest)
		seen[schema_find_key(section, txt_str(nearest)) - section->keys] = ini_key->line;
}

/* A key that this kind of section does not have. */
static void apply_unknown_key(struct config_build *b, const struct section_job *job,
			      const struct place *at, const struct ini_key *ini_key,
			      unsigned seen[static SCHEMA_KEYS_MAX])
{
	const struct schema_section *section = schema_section_get(job->id), *owner;
	const char *nearest = schema_nearest_key(section, ini_key->name);
	char buf[PROBLEM_NAME_MAX];

	if (job->id == SCHEMA_ROOT) {
		problem_add(b->problems, PROBLEM_ERROR, at,
			    "a key before the first section; expected [Interface] or WGConfig");
		return;
	}
	if (foreign_apply(b->problems, at, ini_key->name, ini_key->value, &b->foreign_told))
		return;
	owner = schema_owner(ini_key->name);
	if (owner)
		problem_add(b->problems, PROBLEM_ERROR, at,
			    "unknown key %s. It belongs into [%s]",
			    problem_name(ini_key->name, buf), owner->name);
	else
		build_report_unknown(b, at, "key", ini_key->name, nearest);
	if (!owner)
		mark_meant(section, ini_key, seen);
}

static void apply_key(struct config_build *b, const struct section_job *job,
		      const struct ini_key *ini_key, unsigned seen[static SCHEMA_KEYS_MAX])
{
	const struct schema_section *section = schema_section_get(job->id);
	const struct schema_key *key = schema_find_key(section, ini_key->name);
	struct place at = job->place;
	size_t index;

	at.line = ini_key->line;
	if (ini_key->malformed) {
		mark_meant(section, ini_key, seen);
		return;
	}
	if (!key) {
		apply_unknown_key(b, job, &at, ini_key, seen);
		return;
	}
	at.key = key->name;
	index = (size_t)(key - section->keys);
	if (job->only_timeouts && !(key->flags & SCHEMA_BESIDE)) {
		problem_add(b->problems, PROBLEM_WARNING, &at,
			    "ignored, because WGConfig names another file");
		return;
	}
	if (seen[index] && !(key->flags & SCHEMA_LIST)) {
		problem_add(b->problems, PROBLEM_ERROR, &at,
			    "given twice; the first is in line %u", seen[index]);
		return;
	}
	seen[index] = ini_key->line;
	if (key->use != SCHEMA_SET)
		report_unused(b, &at, key, 1U << index);
	else if (!key->env || !build_env(b, key->env))
		apply_value(b, job, &at, job->file, key, ini_key->value);
}

void build_apply_section(struct config_build *b, const struct section_job *job)
{
	const struct schema_section *section = schema_section_get(job->id);
	unsigned local[SCHEMA_KEYS_MAX] = {0}, *seen = job->lines ? job->lines : local;

	for (size_t i = 0; job->section && i < job->section->key_count; i++)
		apply_key(b, job, &job->file->ini.keys[job->section->first_key + i], seen);
	for (size_t i = 0; job->use_env && i < section->key_count; i++) {
		const struct schema_key *key = &section->keys[i];
		const char *env = key->env ? build_env(b, key->env) : NULL;
		struct place at = job->place;

		at.key = key->name;
		if (env) {
			at = (struct place){.rank = 2, .key = key->env};
			apply_value(b, job, &at, NULL, key, txt_str(env));
		} else if ((key->flags & SCHEMA_REQUIRED) && !seen[i]) {
			if (!at.file)
				at = (struct place){.rank = 2, .key = key->env};
			problem_add(b->problems, PROBLEM_ERROR, &at, "missing; expected %s",
				    key->expected);
		}
	}
}

/* --- elements -------------------------------------------------------------------------------- */

static void *add_element(struct config_build *b, void **items, size_t *count, size_t size,
			 struct element_place **places, const struct place *at)
{
	struct element_place *grown_places = array_grow(*places, *count, sizeof(*grown_places));
	void *grown;

	if (grown_places) {
		*places = grown_places;
		grown_places[*count] = (struct element_place){.place = *at};
		grown = array_grow(*items, *count, size);
		if (grown) {
			*items = grown;
			return (char *)grown + (*count)++ * size;
		}
	}
	b->nomem = true;
	return NULL;
}

struct peer_config *build_add_peer(struct config_build *b, const struct place *at)
{
	struct node_config *c = b->config;
	void *items = c->peers;
	struct peer_config *peer;

	if (c->peer_count >= WG_PEERS_MAX) {
		if (c->peer_count == WG_PEERS_MAX)
			problem_add(b->problems, PROBLEM_ERROR, at, "more than %u peers",
				    WG_PEERS_MAX);
		return NULL;
	}
	peer = add_element(b, &items, &c->peer_count, sizeof(*peer), &b->peer_places, at);
	c->peers = items;
	return peer;
}

struct service_config *build_add_service(struct config_build *b, const struct place *at,
					 enum service_kind kind)
{
	struct node_config *c = b->config;
	void *items = c->services;
	struct service_config *service;

	if (c->service_count >= SERVICES_MAX) {
		problem_add(b->problems, PROBLEM_ERROR, at, "more than %u listeners", SERVICES_MAX);
		return NULL;
	}
	service = add_element(b, &items, &c->service_count, sizeof(*service), &b->service_places, at);
	c->services = items;
	if (service) {
		service->kind = kind;
		service->max_connections = SERVICE_MAX_CONNECTIONS_DEFAULT;
	}
	return service;
}
