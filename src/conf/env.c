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

static const char *replacing_env(enum schema_id id)
{
	switch (id) {
	case SCHEMA_SOCKS5:
		return "CULVERT_SOCKS5";
	case SCHEMA_HTTP:
		return "CULVERT_HTTP";
	case SCHEMA_MIXED:
		return "CULVERT_MIXED";
	case SCHEMA_TCP_CLIENT:
		return "CULVERT_FORWARD";
	case SCHEMA_TCP_SERVER:
		return "CULVERT_SERVE";
	default:
		return NULL;
	}
}

bool env_replaces(const struct config_build *b, enum schema_id id)
{
	const char *name = replacing_env(id);

	return name && build_env(b, name);
}

/* --- lists of listeners ---------------------------------------------------------------------- */

struct env_list {
	struct config_build *b;
	struct place place;
	enum listener_kind kind;
};

#define REASON(...) snprintf(reason->text, sizeof(reason->text), __VA_ARGS__)

static int parse_proxy_list(const struct parse_field *field, void *object, struct txt value,
			    struct value_reason *reason)
{
	struct env_list *list = object;
	struct txt item;

	(void)field;
	for (unsigned n = 1; parse_next_item(&value, &item); n++) {
		struct listener_config *listener;
		struct io_address bind;

		if (parse_bind_address(&bind, item) < 0) {
			REASON("item %u is not an address to listen on", n);
			return ERR_SYNTAX;
		}
		listener = build_add_listener(list->b, &list->place, list->kind);
		if (!listener)
			return 0;
		listener->bind = bind;
	}
	return 0;
}

static int parse_forward_list(const struct parse_field *field, void *object, struct txt value,
			      struct value_reason *reason)
{
	struct env_list *list = object;
	struct txt item;

	(void)field;
	for (unsigned n = 1; parse_next_item(&value, &item); n++) {
		struct listener_config *listener;
		struct io_address bind;
		struct txt head;

		if (!txt_until(&item, '=', &head) ||
		    parse_bind_address(&bind, txt_trim(head)) < 0) {
			REASON("item %u does not start with an address to listen on and '='", n);
			return ERR_SYNTAX;
		}
		listener = build_add_listener(list->b, &list->place, LISTENER_FORWARD);
		if (!listener)
			return 0;
		listener->bind = bind;
		if (parse_host_port(&listener->target, txt_trim(item), reason) < 0) {
			REASON("the target of item %u is not HOST:PORT", n);
			return ERR_SYNTAX;
		}
	}
	return 0;
}

/* The value of a section's key, as in a file. */
static int set_key(enum schema_id id, const char *name, void *object, struct txt value,
		   struct value_reason *reason)
{
	const struct schema_key *key = schema_find_key(schema_section_get(id), txt_str(name));

	return key->parse(&key->field, object, value, reason);
}

static int parse_serve_list(const struct parse_field *field, void *object, struct txt value,
			    struct value_reason *reason)
{
	struct env_list *list = object;
	struct txt item;

	(void)field;
	for (unsigned n = 1; parse_next_item(&value, &item); n++) {
		struct published_config *inbound = build_add_inbound(list->b, &list->place);
		struct txt head;

		if (!inbound)
			return 0;
		if (!txt_until(&item, '=', &head) ||
		    set_key(SCHEMA_TCP_SERVER, "ListenPort", inbound, txt_trim(head), reason) < 0 ||
		    set_key(SCHEMA_TCP_SERVER, "Target", inbound, txt_trim(item), reason) < 0) {
			REASON("item %u is not PORT=HOST:PORT or PORT=unix:PATH", n);
			return ERR_SYNTAX;
		}
	}
	return 0;
}

static const struct env_listener {
	enum schema_id id;
	enum listener_kind kind;
	struct schema_key key;	/* `name` is the variable's */
} env_listeners[] = {
	{SCHEMA_SOCKS5, LISTENER_SOCKS,
	 {"CULVERT_SOCKS5", SCHEMA_SET, 0, parse_proxy_list,
	  "ADDRESS:PORT or unix:PATH, separated by commas", NULL, {0}}},
	{SCHEMA_HTTP, LISTENER_HTTP,
	 {"CULVERT_HTTP", SCHEMA_SET, 0, parse_proxy_list,
	  "ADDRESS:PORT or unix:PATH, separated by commas", NULL, {0}}},
	{SCHEMA_MIXED, LISTENER_MIXED,
	 {"CULVERT_MIXED", SCHEMA_SET, 0, parse_proxy_list,
	  "ADDRESS:PORT or unix:PATH, separated by commas", NULL, {0}}},
	{SCHEMA_TCP_CLIENT, LISTENER_FORWARD,
	 {"CULVERT_FORWARD", SCHEMA_SET, 0, parse_forward_list,
	  "ADDRESS:PORT=HOST:PORT, separated by commas", NULL, {0}}},
	{SCHEMA_TCP_SERVER, LISTENER_FORWARD,
	 {"CULVERT_SERVE", SCHEMA_SET, 0, parse_serve_list, "PORT=HOST:PORT, separated by commas",
	  NULL, {0}}},
};

static void apply_listeners(struct config_build *b)
{
	for (size_t i = 0; i < ARRAY_LEN(env_listeners); i++) {
		const struct env_listener *e = &env_listeners[i];
		const char *value = build_env(b, e->key.name);
		struct env_list list = {
			.b = b,
			.place = {.rank = ENV_RANK, .key = e->key.name},
			.kind = e->kind,
		};

		if (value)
			(void)build_apply_value(b, &list.place, NULL, &e->key, txt_str(value),
						&list);
	}
}

/* --- what holds for all listeners ------------------------------------------------------------ */

static bool is_proxy(const struct listener_config *listener)
{
	return listener->kind != LISTENER_FORWARD;
}

/* The listener's key `name`, from the variable, for one listener. */
static void override(struct config_build *b, const char *env, enum schema_id id, const char *name,
		     void *object)
{
	const struct place at = {.rank = ENV_RANK, .key = env};
	const struct schema_key *key = schema_find_key(schema_section_get(id), txt_str(name));
	const char *value = build_env(b, env);

	if (value)
		(void)build_apply_value(b, &at, NULL, key, txt_str(value), object);
}

static void apply_to_all(struct config_build *b)
{
	struct node_config *c = b->config;

	for (size_t i = 0; i < c->listener_count; i++) {
		override(b, "CULVERT_MAX_CONNECTIONS", SCHEMA_MIXED, "MaxConnections",
			 &c->listeners[i]);
		override(b, "CULVERT_IDLE_TIMEOUT", SCHEMA_MIXED, "IdleTimeout", &c->listeners[i]);
		if (is_proxy(&c->listeners[i])) {
			override(b, "CULVERT_USERNAME", SCHEMA_MIXED, "Username",
				 &c->listeners[i]);
			override(b, "CULVERT_PASSWORD", SCHEMA_MIXED, "Password",
				 &c->listeners[i]);
		}
	}
	for (size_t i = 0; i < c->published_count; i++) {
		override(b, "CULVERT_MAX_CONNECTIONS", SCHEMA_TCP_SERVER, "MaxConnections",
			 &c->published[i]);
		override(b, "CULVERT_IDLE_TIMEOUT", SCHEMA_TCP_SERVER, "IdleTimeout",
			 &c->published[i]);
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
	struct listener_config *listener = build_add_listener(b, &at, LISTENER_MIXED);

	if (!listener)
		return;
	listener->bind.endpoint.addr = addr_v4((const uint8_t[4]){127, 0, 0, 1});
	listener->bind.endpoint.port = port;
}

/* Leaves the forwards, in their order. */
static void remove_proxies(struct config_build *b)
{
	struct node_config *c = b->config;
	size_t kept = 0;

	for (size_t i = 0; i < c->listener_count; i++) {
		if (is_proxy(&c->listeners[i]))
			continue;
		c->listeners[kept] = c->listeners[i];
		b->listener_places[kept++] = b->listener_places[i];
	}
	if (kept < c->listener_count)
		crypto_wipe(&c->listeners[kept],
			    (c->listener_count - kept) * sizeof(*c->listeners));
	c->listener_count = kept;
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
	apply_listeners(b);
	if (!b->request->free_port && !c->listener_count && !c->published_count) {
		b->facts->default_listener = true;
		add_loopback_proxy(b, DEFAULT_PORT);
	}
	apply_to_all(b);
	if (b->request->free_port) {
		remove_proxies(b);
		add_loopback_proxy(b, 0);
	}
	for (size_t i = 0; i < c->listener_count; i++) {
		const struct proxy_auth *auth = &c->listeners[i].auth;

		c->listeners[i].has_auth = auth->username[0] || auth->password[0];
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
