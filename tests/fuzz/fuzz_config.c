/*
 * Configuration files and variables. The input is cut at 0x1e: the file, the file that WGConfig may
 * name ("wg"), then NAME=value variables. What is accepted must be usable; what is refused must say
 * why; and no message may show more of a value than names do.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/txt.h"
#include "conf/config.h"
#include "crypto/system.h"

#define VARIABLES_MAX 8
#define SEPARATOR '\x1e'

struct input {
	struct txt file, wg;
	char *variables[VARIABLES_MAX];
	size_t variable_count;
};

static const char *get_env(void *ctx, const char *name)
{
	const struct input *in = ctx;
	size_t len = strlen(name);

	for (size_t i = 0; i < in->variable_count; i++) {
		if (strncmp(in->variables[i], name, len) == 0 && in->variables[i][len] == '=')
			return in->variables[i] + len + 1;
	}
	return NULL;
}

static int read_file(void *ctx, const char *path, struct buf *out, bool *exposed)
{
	const struct input *in = ctx;
	struct txt text;

	*exposed = true;
	if (strcmp(path, "d/f") == 0)
		text = in->file;
	else if (strcmp(path, "d/wg") == 0)
		text = in->wg;
	else
		return ERR_NOTFOUND;
	return text.left ? buf_append(out, text.p, text.left) : 0;
}

static struct txt next_part(struct txt *rest)
{
	struct txt part;

	if (!txt_until(rest, SEPARATOR, &part)) {
		part = *rest;
		rest->left = 0;
	}
	return part;
}

static void check_accepted(const struct node_config *c)
{
	assert(c->tunnel.private_key && c->tunnel.address_count && c->peer_count);
	assert(c->service_count);
	for (size_t i = 0; i < c->peer_count; i++)
		assert(c->peers[i].allowed_ip_count || c->peers[i].allows_nothing);
	for (size_t i = 0; i < c->service_count; i++) {
		const struct service_config *s = &c->services[i];

		assert(s->max_connections);
		assert(service_is_local(s) ? s->bind.path[0] || s->bind.endpoint.addr.family : s->listen_port);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool ready;
	struct txt rest = txt_init((const char *)data, size);
	struct input in = {.file = next_part(&rest), .wg = next_part(&rest)};
	const struct config_host host = {get_env, read_file, &in};
	const struct config_request request = {&host, "d/f", size & 1};
	struct config_facts facts;
	struct node_config config;
	struct problems problems;
	int err;

	if (!ready && crypto_init() < 0)
		abort();
	ready = true;
	while (!txt_end(&rest) && in.variable_count < VARIABLES_MAX) {
		in.variables[in.variable_count] = txt_dup(next_part(&rest));
		if (!in.variables[in.variable_count++])
			abort();
	}
	problems_init(&problems);
	err = config_load(&config, &request, &facts, &problems);
	assert(err == 0 || err == ERR_INVAL);
	assert((err == 0) == (problems.errors == 0));
	if (!err)
		check_accepted(&config);
	for (size_t i = 0; i < problems.count; i++)
		assert(strlen(problems.items[i].text) < PROBLEM_TEXT_MAX);
	problems_fini(&problems);
	node_config_fini(&config);
	for (size_t i = 0; i < in.variable_count; i++)
		free(in.variables[i]);
	return 0;
}
