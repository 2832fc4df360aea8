/* A host for the configuration parser: files and variables from memory. */
#ifndef CULVERT_TESTS_APP_HOST_H
#define CULVERT_TESTS_APP_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/err.h"
#include "conf/value.h"

#define FAKE_FILES_MAX 8
#define FAKE_VARIABLES_MAX 24

struct fake_file {
	const char *path, *text;
	size_t len;		/* 0: up to the NUL */
	bool exposed;
	int err;
};

struct fake_host {
	struct fake_file files[FAKE_FILES_MAX];
	struct {
		const char *name, *value;
	} variables[FAKE_VARIABLES_MAX];
};

static inline const char *fake_get_env(void *ctx, const char *name)
{
	const struct fake_host *host = ctx;

	for (size_t i = 0; i < FAKE_VARIABLES_MAX && host->variables[i].name; i++) {
		if (strcmp(host->variables[i].name, name) == 0)
			return host->variables[i].value;
	}
	return NULL;
}

static inline int fake_read_file(void *ctx, const char *path, struct buf *out, bool *exposed)
{
	const struct fake_host *host = ctx;

	for (size_t i = 0; i < FAKE_FILES_MAX && host->files[i].path; i++) {
		const struct fake_file *file = &host->files[i];

		if (strcmp(file->path, path) != 0)
			continue;
		*exposed = file->exposed;
		if (file->err)
			return file->err;
		return buf_append(out, file->text, file->len ? file->len : strlen(file->text));
	}
	return ERR_NOTFOUND;
}

#endif
