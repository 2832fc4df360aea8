/*
 * Theory of operation
 *
 * config_load reads the file (and the one that WGConfig names), splits it into sections and keys,
 * and applies each key through the schema's table to the object of its section: the node_config
 * itself, or a new element of one of its arrays. Then the environment adds and overrides
 * (app/env.c), and the whole is checked (app/verify.c).
 *
 * A key whose variable is set is not read from the file at all. Every error is collected with its
 * place; the result counts only when there is none. The text of the files and all expanded values
 * are wiped.
 */
#include "app/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/array.h"
#include "app/build.h"
#include "app/foreign.h"
#include "app/verify.h"
#include "base/err.h"
#include "wg/device.h"

#define LISTENERS_MAX 4096	/* each one is a descriptor */

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
	err = key->parse(object, text, &reason);
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

/* Where the object of a section keeps which of its values are not for display; NULL: nowhere. */
static unsigned *masked_of(enum schema_id id, void *object)
{
	switch (id) {
	case SCHEMA_INTERFACE:
		return &((struct node_config *)object)->masked;
	case SCHEMA_PEER:
		return &((struct node_peer_config *)object)->masked;
	case SCHEMA_TCP_SERVER:
		return &((struct node_inbound_config *)object)->masked;
	case SCHEMA_ROOT:
	case SCHEMA_COUNT:
		return NULL;
	default:
		return &((struct node_listener_config *)object)->masked;
	}
}

static void apply_value(struct config_build *b, const struct section_job *job,
			const struct place *at, struct config_file *file,
			const struct schema_key *key, struct txt raw)
{
	unsigned *masked = masked_of(job->id, job->object);

	if (!build_apply_value(b, at, file, key, raw, job->object) && masked)
		*masked |= 1U << (key - schema_section_get(job->id)->keys);
}

static void report_unknown(struct config_build *b, const struct place *at, const char *what,
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
		report_unknown(b, at, "key", ini_key->name, nearest);
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

struct node_peer_config *build_add_peer(struct config_build *b, const struct place *at)
{
	struct node_config *c = b->config;
	void *items = c->peers;
	struct node_peer_config *peer;

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

static bool too_many(struct config_build *b, const struct place *at, size_t count)
{
	if (count < LISTENERS_MAX)
		return false;
	problem_add(b->problems, PROBLEM_ERROR, at, "more than %u listeners", LISTENERS_MAX);
	return true;
}

struct node_listener_config *build_add_listener(struct config_build *b, const struct place *at,
						enum node_listener_kind kind)
{
	struct node_config *c = b->config;
	void *items = c->listeners;
	struct node_listener_config *listener;

	if (too_many(b, at, c->listener_count))
		return NULL;
	listener = add_element(b, &items, &c->listener_count, sizeof(*listener),
			       &b->listener_places, at);
	c->listeners = items;
	if (listener) {
		listener->kind = kind;
		listener->max_connections = NODE_MAX_CONNECTIONS_DEFAULT;
	}
	return listener;
}

struct node_inbound_config *build_add_inbound(struct config_build *b, const struct place *at)
{
	struct node_config *c = b->config;
	void *items = c->inbound;
	struct node_inbound_config *inbound;

	if (too_many(b, at, c->inbound_count))
		return NULL;
	inbound = add_element(b, &items, &c->inbound_count, sizeof(*inbound), &b->inbound_places,
			      at);
	c->inbound = items;
	if (inbound)
		inbound->max_connections = NODE_MAX_CONNECTIONS_DEFAULT;
	return inbound;
}

/* --- sections and files ---------------------------------------------------------------------- */

static void read_interface(struct config_build *b, struct section_job *job)
{
	job->object = b->config;
	job->only_timeouts = b->wg_path[0] && job->file == &b->main;
	if (job->only_timeouts) {
		build_apply_section(b, job);
		return;
	}
	if (b->interface_found)
		problem_add(b->problems, PROBLEM_ERROR, &job->place,
			    "a second such section; the first is in line %u", b->interface.line);
	else
		b->interface = job->place;
	job->use_env = !b->interface_found;
	job->lines = b->interface_found ? NULL : b->interface_lines;
	b->interface_found = true;
	build_apply_section(b, job);
}

static void read_peer(struct config_build *b, struct section_job *job)
{
	if (b->wg_path[0] && job->file == &b->main) {
		problem_add(b->problems, PROBLEM_WARNING, &job->place,
			    "ignored, because WGConfig names another file");
		return;
	}
	job->object = build_add_peer(b, &job->place);
	job->use_env = true;
	if (!job->object)
		return;
	job->lines = b->peer_places[b->config->peer_count - 1].lines;
	build_apply_section(b, job);
}

static void read_listener(struct config_build *b, struct section_job *job)
{
	static const enum node_listener_kind kinds[SCHEMA_COUNT] = {
		[SCHEMA_SOCKS5] = NODE_LISTEN_SOCKS,
		[SCHEMA_HTTP] = NODE_LISTEN_HTTP,
		[SCHEMA_MIXED] = NODE_LISTEN_MIXED,
		[SCHEMA_TCP_CLIENT] = NODE_LISTEN_FORWARD,
	};

	if (build_env_replaces(b, job->id))
		return;
	if (job->id == SCHEMA_TCP_SERVER)
		job->object = build_add_inbound(b, &job->place);
	else
		job->object = build_add_listener(b, &job->place, kinds[job->id]);
	job->use_env = true;
	if (!job->object)
		return;
	job->lines = job->id == SCHEMA_TCP_SERVER ?
			     b->inbound_places[b->config->inbound_count - 1].lines :
			     b->listener_places[b->config->listener_count - 1].lines;
	build_apply_section(b, job);
}

static void read_section(struct config_build *b, struct config_file *file,
			 const struct ini_section *section)
{
	struct section_job job = {
		.file = file,
		.section = section,
		.place = {.file = file->path, .rank = file->rank, .line = section->line},
	};
	const char *instead = NULL;
	int err = schema_find_section(section->name, &job.id, &instead);

	if (err == ERR_UNSUPPORTED) {
		char shown[PROBLEM_NAME_MAX];

		problem_add(b->problems, PROBLEM_ERROR, &job.place,
			    "section %s is not supported yet: %s",
			    problem_name(section->name, shown), instead);
		return;
	}
	if (err) {
		const char *nearest = schema_nearest_section(section->name);

		report_unknown(b, &job.place, "section", section->name, nearest);
		/* What is meant is read as that, so that it is not missing and its keys are judged. */
		if (!nearest || schema_find_section(txt_str(nearest), &job.id, &instead))
			return;
	}
	job.place.section = schema_section_get(job.id)->name;
	if (job.id == SCHEMA_INTERFACE)
		read_interface(b, &job);
	else if (job.id == SCHEMA_PEER)
		read_peer(b, &job);
	else if (file == &b->wg)
		problem_add(b->problems, PROBLEM_WARNING, &job.place,
			    "ignored in a file that WGConfig names");
	else
		read_listener(b, &job);
}

static void set_folder(struct config_file *file)
{
	const char *slash = strrchr(file->path, '/');
	size_t len = slash ? (size_t)(slash - file->path) : 0;

	if (!slash)
		snprintf(file->folder, sizeof(file->folder), ".");
	else
		snprintf(file->folder, sizeof(file->folder), "%.*s", (int)(len ? len : 1),
			 file->path);
}

/*
 * Reads and splits one file, or the one at `otherwise` when it does not exist; false when there is
 * nothing to go on with.
 */
static bool load_file(struct config_build *b, struct config_file *file, const char *otherwise)
{
	const struct config_host *host = b->request->host;
	struct place at;
	int err;

	err = host->read_file(host->ctx, file->path, &file->text, &file->exposed);
	if (err == ERR_NOTFOUND && otherwise) {
		err = host->read_file(host->ctx, otherwise, &file->text, &file->exposed);
		file->path = err == ERR_NOTFOUND ? file->path : otherwise;
	}
	set_folder(file);
	at = (struct place){.file = file->path, .rank = file->rank};
	if (err == ERR_NOTFOUND)
		problem_add(b->problems, PROBLEM_ERROR, &at, "no such file");
	else if (err == ERR_LIMIT)
		problem_add(b->problems, PROBLEM_ERROR, &at, "larger than %u MiB; expected a "
			    "configuration file", INI_FILE_MAX >> 20);
	else if (err)
		problem_add(b->problems, PROBLEM_ERROR, &at, "cannot read the file: %s",
			    err_text(err));
	if (err)
		return false;
	err = ini_parse(&file->ini, txt_init((const char *)buf_data(&file->text),
					     buf_len(&file->text)),
			file->path, file->rank, b->problems);
	if (err == ERR_NOMEM)
		b->nomem = true;
	return !err;
}

/* Sets wg_path when the file has a WGConfig key. */
static void read_root(struct config_build *b)
{
	const struct section_job root = {
		.id = SCHEMA_ROOT,
		.object = b->wg_path,
		.file = &b->main,
		.section = &b->main.ini.sections[0],
		.place = {.file = b->main.path},
	};

	build_apply_section(b, &root);
}

/*
 * The file that WGConfig names: seen from this file's folder, else from the current one, as
 * wireproxy does.
 */
static bool load_wg_file(struct config_build *b)
{
	const struct ini *ini = &b->wg.ini;

	b->wg.rank = 1;
	b->wg.path = b->wg_path;
	if (path_join(b->wg_joined, b->main.folder, txt_str(b->wg_path)) == 0)
		b->wg.path = b->wg_joined;
	if (!load_file(b, &b->wg, b->wg_path))
		return false;
	b->interface = (struct place){b->wg.path, 1, 0, "Interface", NULL};
	if (ini->sections[0].key_count)
		problem_add(b->problems, PROBLEM_ERROR,
			    &(struct place){b->wg.path, 1, ini->keys[0].line, NULL, NULL},
			    "a key before the first section; expected [Interface]");
	return true;
}

static void count_peers(struct config_build *b, const struct ini *ini)
{
	const char *instead;
	enum schema_id id;

	for (size_t i = 1; i < ini->section_count; i++) {
		if (schema_find_section(ini->sections[i].name, &id, &instead) == 0 &&
		    id == SCHEMA_PEER)
			b->peer_sections++;
	}
}

static void read_sections(struct config_build *b, struct config_file *file)
{
	for (size_t i = 1; i < file->ini.section_count; i++)
		read_section(b, file, &file->ini.sections[i]);
	if (file->exposed && file->literal_secret) {
		const struct place at = {.file = file->path, .rank = file->rank};

		problem_add(b->problems, PROBLEM_WARNING, &at,
			    "every user of this machine can read the secrets in this file; "
			    "chmod 600 it");
	}
}

/* False when a file is missing or unreadable: then everything else would seem to be missing. */
static bool load_files(struct config_build *b)
{
	bool has_wg;

	b->interface = (struct place){.file = b->main.path, .section = "Interface"};
	if (!load_file(b, &b->main, NULL))
		return false;
	read_root(b);
	has_wg = b->wg_path[0];
	if (has_wg && !load_wg_file(b))
		return false;
	count_peers(b, has_wg ? &b->wg.ini : &b->main.ini);
	read_sections(b, &b->main);
	if (has_wg)
		read_sections(b, &b->wg);
	return true;
}

static void file_fini(struct config_file *file)
{
	ini_fini(&file->ini);
	buf_fini(&file->text);
}

int config_load(struct node_config *out, const struct config_request *request,
		struct config_facts *facts, struct problems *problems)
{
	struct config_build b = {
		.config = out,
		.request = request,
		.facts = facts,
		.problems = problems,
		.main = {.path = request->path},
	};

	node_config_init(out);
	*facts = (struct config_facts){.path = request->path};
	buf_init_secret(&b.main.text, INI_FILE_MAX);
	buf_init_secret(&b.wg.text, INI_FILE_MAX);
	if (!request->path || load_files(&b)) {
		build_apply_env(&b);
		build_verify(&b);
	}
	file_fini(&b.main);
	file_fini(&b.wg);
	free(b.peer_places);
	free(b.listener_places);
	free(b.inbound_places);
	problems_sort(problems);
	if (b.nomem)
		return ERR_NOMEM;
	return problems->errors ? ERR_INVAL : 0;
}
