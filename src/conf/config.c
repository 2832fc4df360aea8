/*
 * Theory of operation
 *
 * config_load reads the file (and the one that WGConfig names), splits it into sections and has each
 * one applied (conf/build.c). Then the environment adds and overrides (conf/env.c), and the whole is
 * checked (conf/verify.c). The text of the files is wiped.
 */
#include "conf/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "conf/build.h"
#include "conf/env.h"
#include "conf/verify.h"

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

static void read_service(struct config_build *b, struct section_job *job)
{
	if (env_replaces(b, job->id))
		return;
	job->object = build_add_service(b, &job->place, (enum service_kind)(job->id - SCHEMA_SERVICE));
	job->use_env = true;
	if (!job->object)
		return;
	job->lines = b->service_places[b->config->service_count - 1].lines;
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

		build_report_unknown(b, &job.place, "section", section->name, nearest);
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
		read_service(b, &job);
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
		env_apply(&b);
		build_verify(&b);
	}
	file_fini(&b.main);
	file_fini(&b.wg);
	free(b.peer_places);
	free(b.service_places);
	problems_sort(problems);
	if (b.nomem)
		return ERR_NOMEM;
	return problems->errors ? ERR_INVAL : 0;
}
