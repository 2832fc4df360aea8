/*
 * Theory of operation
 *
 * Variables override the file. Those of [Interface] and [Peer] stand in the schema's table beside
 * their keys and are taken with the section; with several peers in the file there is no telling
 * which one is meant, which is an error. CULVERT_SOCKS5, _HTTP, _MIXED, _FORWARD and _SERVE each
 * list listeners that replace the file's sections of that kind; CULVERT_USERNAME, _PASSWORD,
 * _MAX_CONNECTIONS and _IDLE_TIMEOUT hold for all listeners. An empty variable counts as unset, since
 * container manifests cannot always leave one out.
 */
#include "conf/env.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/err.h"
#include "conf/build.h"
#include "conf/parse.h"
#include "crypto/system.h"

#define ENV_PREFIX "CULVERT_"
#define ENV_RANK 2

bool env_replaces(const struct config_build *b, enum schema_id id)
{
	const char *name = schema_section_get(id)->env;

	return name && build_env(b, name);
}

/* --- lists of services ----------------------------------------------------------------------- */

struct env_list {
	struct config_build *b;
	struct place place;
	enum service_kind kind;
};

#define REASON(...) snprintf(reason->text, sizeof(reason->text), __VA_ARGS__)

static int parse_proxy(struct service_config *service, unsigned n, struct txt item, struct value_reason *reason)
{
	if (parse_bind_address(&service->bind, item) == 0)
		return 0;
	REASON("item %u is not an address to listen on", n);
	return ERR_SYNTAX;
}

static int parse_forward(struct service_config *service, unsigned n, struct txt item,
			 struct value_reason *reason)
{
	struct txt head;

	if (!txt_until(&item, '=', &head) || parse_bind_address(&service->bind, txt_trim(head)) < 0) {
		REASON("item %u does not start with an address to listen on and '='", n);
		return ERR_SYNTAX;
	}
	if (parse_host_port(&service->target, txt_trim(item), reason) == 0)
		return 0;
	REASON("the target of item %u is not HOST:PORT", n);
	return ERR_SYNTAX;
}

/* The value of a section's key, as in a file. */
static int set_key(enum service_kind kind, const char *name, void *object, struct txt value,
		   struct value_reason *reason)
{
	const struct schema_section *section = schema_section_get(schema_of_service(kind));
	const struct schema_key *key = schema_find_key(section, txt_str(name));

	return key->parse(&key->field, object, value, reason);
}

static int parse_publish(struct service_config *service, unsigned n, struct txt item,
			 struct value_reason *reason)
{
	struct txt head;

	if (txt_until(&item, '=', &head) &&
	    set_key(SERVICE_PUBLISH, "ListenPort", service, txt_trim(head), reason) == 0 &&
	    set_key(SERVICE_PUBLISH, "Target", service, txt_trim(item), reason) == 0)
		return 0;
	REASON("item %u is not PORT=HOST:PORT or PORT=unix:PATH", n);
	return ERR_SYNTAX;
}

static int parse_list(const struct parse_field *field, void *object, struct txt value,
		      struct value_reason *reason)
{
	struct env_list *list = object;
	struct txt item;

	(void)field;
	for (unsigned n = 1; parse_next_item(&value, &item); n++) {
		struct service_config *service = build_add_service(list->b, &list->place, list->kind);
		int err;

		if (!service)
			return 0;
		if (list->kind == SERVICE_FORWARD)
			err = parse_forward(service, n, item, reason);
		else if (list->kind == SERVICE_PUBLISH)
			err = parse_publish(service, n, item, reason);
		else
			err = parse_proxy(service, n, item, reason);
		if (err)
			return err;
	}
	return 0;
}

static void apply_lists(struct config_build *b)
{
	for (unsigned kind = 0; kind < SERVICE_KIND_COUNT; kind++) {
		const struct schema_section *section =
			schema_section_get(schema_of_service((enum service_kind)kind));
		const struct schema_key key = {
			section->env, SCHEMA_SET, 0, parse_list, section->env_expected, NULL, {0},
		};
		const char *value = build_env(b, section->env);
		struct env_list list = {
			.b = b,
			.place = {.rank = ENV_RANK, .key = section->env},
			.kind = (enum service_kind)kind,
		};

		if (value)
			(void)build_apply_value(b, &list.place, NULL, &key, txt_str(value), &list);
	}
}

/* --- what holds for all services ------------------------------------------------------------- */

/* The service's key `name`, from the variable, for one service. */
static void override(struct config_build *b, const char *env, const char *name, struct service_config *service)
{
	const struct place at = {.rank = ENV_RANK, .key = env};
	const struct schema_section *section = schema_section_get(schema_of_service(service->kind));
	const struct schema_key *key = schema_find_key(section, txt_str(name));
	const char *value = build_env(b, env);

	if (value)
		(void)build_apply_value(b, &at, NULL, key, txt_str(value), service);
}

static void apply_to_all(struct config_build *b)
{
	for (size_t i = 0; i < b->config->service_count; i++) {
		struct service_config *service = &b->config->services[i];

		override(b, "CULVERT_MAX_CONNECTIONS", "MaxConnections", service);
		override(b, "CULVERT_IDLE_TIMEOUT", "IdleTimeout", service);
		if (service_is_proxy(service)) {
			override(b, "CULVERT_USERNAME", "Username", service);
			override(b, "CULVERT_PASSWORD", "Password", service);
		}
	}
}

/* --- the whole ------------------------------------------------------------------------------- */

static const char *first_peer_env(const struct config_build *b)
{
	const struct schema_section *peer = schema_section_get(SCHEMA_PEER);

	for (size_t i = 0; i < peer->key_count; i++) {
		if (build_env(b, peer->keys[i].env))
			return peer->keys[i].env;
	}
	return NULL;
}

static void apply_peer(struct config_build *b)
{
	struct section_job job = {.id = SCHEMA_PEER, .use_env = true};
	struct place at = {.rank = ENV_RANK, .key = first_peer_env(b)};

	if (!at.key)
		return;
	if (b->peer_sections > 1) {
		problem_add(b->problems, PROBLEM_ERROR, &at,
			    "the file has several peers; expected at most one beside this variable");
		return;
	}
	if (b->peer_sections)
		return;
	job.object = build_add_peer(b, &at);
	if (job.object)
		build_apply_section(b, &job);
}

static void add_loopback_proxy(struct config_build *b, uint16_t port)
{
	const struct place at = {.file = b->request->path, .section = "Mixed"};
	struct service_config *service = build_add_service(b, &at, SERVICE_MIXED);

	if (!service)
		return;
	service->bind.endpoint.addr = addr_v4((const uint8_t[4]){127, 0, 0, 1});
	service->bind.endpoint.port = port;
}

/* Leaves forwards and published ports, in their order. */
static void remove_proxies(struct config_build *b)
{
	struct node_config *c = b->config;
	size_t kept = 0;

	for (size_t i = 0; i < c->service_count; i++) {
		if (service_is_proxy(&c->services[i]))
			continue;
		c->services[kept] = c->services[i];
		b->service_places[kept++] = b->service_places[i];
	}
	if (kept < c->service_count)
		crypto_wipe(&c->services[kept], (c->service_count - kept) * sizeof(*c->services));
	c->service_count = kept;
}

#define DEFAULT_PORT 1080	/* of SOCKS, RFC 1928 */

void env_apply(struct config_build *b)
{
	struct node_config *c = b->config;

	if (!b->interface_found) {
		const struct section_job job = {
			.id = SCHEMA_INTERFACE, .object = c, .place = b->interface, .use_env = true,
		};

		build_apply_section(b, &job);
	}
	apply_peer(b);
	apply_lists(b);
	if (!b->request->free_port && !c->service_count) {
		b->facts->default_listener = true;
		add_loopback_proxy(b, DEFAULT_PORT);
	}
	apply_to_all(b);
	if (b->request->free_port) {
		remove_proxies(b);
		add_loopback_proxy(b, 0);
	}
	for (size_t i = 0; i < c->service_count; i++) {
		const struct proxy_auth *auth = &c->services[i].auth;

		c->services[i].has_auth = auth->username[0] || auth->password[0];
	}
}

/* Splits "CULVERT_NAME=value"; false for other variables and empty values. */
static bool our_variable(const char *entry, struct txt *name)
{
	struct txt t = txt_str(entry);

	return txt_until(&t, '=', name) && !txt_end(&t) &&
	       strncmp(entry, ENV_PREFIX, strlen(ENV_PREFIX)) == 0;
}

bool env_configures(char *const *environment)
{
	struct txt name;

	for (; *environment; environment++) {
		if (our_variable(*environment, &name) &&
		    (txt_equal(name, "CULVERT_PRIVATE_KEY") || txt_equal(name, "CULVERT_ADDRESS") ||
		     txt_equal(name, "CULVERT_PEER_PUBLIC_KEY")))
			return true;
	}
	return false;
}

void env_check_names(char *const *environment, struct problems *problems)
{
	for (; *environment; environment++) {
		char text[PROBLEM_NAME_MAX];
		const char *nearest;
		struct txt name;

		if (!our_variable(*environment, &name) ||
		    !txt_copy(name, text, sizeof(text)))
			continue;
		/* Names that are a key's own are at distance 0. */
		nearest = schema_nearest_env(name);
		if (nearest && strcmp(nearest, text) != 0)
			problem_add(problems, PROBLEM_WARNING,
				    &(struct place){.rank = ENV_RANK, .key = text},
				    "unknown variable, ignored. Did you mean \"%s\"?",
				    nearest);
	}
}

void env_remove_secrets(void)
{
	static const char *const names[] = {
		"CULVERT_PRIVATE_KEY", "CULVERT_PEER_PRESHARED_KEY", "CULVERT_PASSWORD",
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		unsetenv(names[i]);
}
