#include "app/summary.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/addr.h"
#include "base/compiler.h"
#include "conf/schema.h"
#include "crypto/keys.h"
#include "front/service.h"

/* A screen; beyond it, what was understood is not read line by line. */
#define PEERS_SHOWN_MAX 20
#define PREFIXES_SHOWN_MAX 8
/* A peer: its key, the longest endpoint, and PREFIXES_SHOWN_MAX prefixes. */
#define TEXT_MAX 1024
#define MASK "(from a variable or a file)"

struct teller {
	summary_fn fn;
	void *ctx;
};

static void tell(const struct teller *t, const char *label, const char *fmt, ...)
	CULVERT_PRINTF(3, 4);

static void tell(const struct teller *t, const char *label, const char *fmt, ...)
{
	char text[TEXT_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	t->fn(t->ctx, label, text);
}

/* Whether the key's value stood elsewhere, so that it is not for display. */
static bool is_masked(enum schema_id id, unsigned masked, const char *name)
{
	const struct schema_section *section = schema_section_get(id);

	return masked & 1U << (schema_find_key(section, txt_str(name)) - section->keys);
}

static void tell_node(const struct teller *t, const struct node_config *c)
{
	char key[KEY_TEXT_LEN + 1], addr[ADDR_TEXT_MAX];
	bool masked = is_masked(SCHEMA_INTERFACE, c->masked, "Address");
	struct key_public public;

	if (key_public_from_private(&public, c->tunnel.private_key) == 0) {
		key_public_format(&public, key);
		tell(t, "public key", "%s", key);
	}
	for (size_t i = 0; i < c->tunnel.address_count; i++)
		tell(t, "address", "%s",
		     masked ? MASK : addr_format(&c->tunnel.addresses[i].addr, addr));
	masked = is_masked(SCHEMA_INTERFACE, c->masked, "DNS");
	for (size_t i = 0; i < c->names.server_count; i++)
		tell(t, "name server", "%s",
		     masked ? MASK : addr_format(&c->names.servers[i], addr));
	if (!c->names.server_count)
		tell(t, "name server", "none in the tunnel; this machine resolves names");
	for (size_t i = 0; i < c->names.search_domain_count; i++)
		tell(t, "search", "%s", masked ? MASK : c->names.search_domains[i]);
}

static void format_prefixes(const struct peer_config *p, char out[static TEXT_MAX / 2])
{
	size_t len = 0;

	out[0] = '\0';
	if (is_masked(SCHEMA_PEER, p->masked, "AllowedIPs")) {
		snprintf(out, TEXT_MAX / 2, MASK);
		return;
	}
	for (size_t i = 0; i < p->allowed_ip_count && i < PREFIXES_SHOWN_MAX; i++) {
		char text[PREFIX_TEXT_MAX];

		len += (size_t)snprintf(out + len, TEXT_MAX / 2 - len, "%s%s", i ? ", " : "",
					prefix_format(&p->allowed_ips[i], text));
	}
	if (p->allowed_ip_count > PREFIXES_SHOWN_MAX)
		snprintf(out + len, TEXT_MAX / 2 - len, " and %zu more",
			 p->allowed_ip_count - PREFIXES_SHOWN_MAX);
	else if (!p->allowed_ip_count)
		snprintf(out, TEXT_MAX / 2, "none");
}

static void format_endpoint(const struct peer_config *p,
			    char out[static PROXY_NAME_MAX + 16])
{
	bool colons = strchr(p->endpoint_host, ':') != NULL;

	if (!p->endpoint_port)
		snprintf(out, PROXY_NAME_MAX + 16, "unknown until it calls");
	else if (is_masked(SCHEMA_PEER, p->masked, "Endpoint"))
		snprintf(out, PROXY_NAME_MAX + 16, MASK);
	else
		snprintf(out, PROXY_NAME_MAX + 16, "%s%s%s:%u", colons ? "[" : "",
			 p->endpoint_host, colons ? "]" : "", p->endpoint_port);
}

void summary_tell_network(const struct node_config *c, summary_fn fn, void *ctx)
{
	const struct teller t = {fn, ctx};

	tell_node(&t, c);
	for (size_t i = 0; i < c->peer_count && i < PEERS_SHOWN_MAX; i++) {
		char key[KEY_TEXT_LEN + 1], at[PROXY_NAME_MAX + 16], allowed[TEXT_MAX / 2];

		key_public_format(&c->peers[i].public_key, key);
		format_endpoint(&c->peers[i], at);
		format_prefixes(&c->peers[i], allowed);
		tell(&t, "peer", "%s, endpoint %s, AllowedIPs %s", key, at, allowed);
	}
	if (c->peer_count > PEERS_SHOWN_MAX)
		tell(&t, "peers", "%zu in all", c->peer_count);
}

static const char *format_target(const struct proxy_target *target, bool masked,
				 char out[static PROXY_TARGET_TEXT_MAX])
{
	return masked ? MASK : proxy_target_format(target, out);
}

static void tell_published(const struct teller *t, const struct service_config *s)
{
	bool masked = is_masked(schema_of_service(s->kind), s->masked, "Target");
	char target[PROXY_TARGET_TEXT_MAX];

	if (s->unix_path[0] && !masked)
		tell(t, "inbound", "port %u of this node to unix:%s", s->listen_port, s->unix_path);
	else
		tell(t, "inbound", "port %u of this node to %s", s->listen_port,
		     format_target(&s->target, masked, target));
}

static void tell_local(const struct teller *t, const struct service_config *s, bool by_default)
{
	char at[IO_ADDRESS_TEXT_MAX], target[PROXY_TARGET_TEXT_MAX];
	bool forward = s->kind == SERVICE_FORWARD;
	enum schema_id id = schema_of_service(s->kind);

	tell(t, "listener", "%s on %s%s%s%s%s", service_kind_name(s->kind),
	     is_masked(id, s->masked, "BindAddress") ? MASK : io_address_format(&s->bind, at),
	     forward ? " to " : "",
	     forward ? format_target(&s->target, is_masked(id, s->masked, "Target"), target) : "",
	     s->has_auth ? ", with a password" : "", by_default ? " (by default)" : "");
}

void summary_tell_listeners(const struct node_config *c, const struct config_facts *facts,
			    summary_fn fn, void *ctx)
{
	const struct teller t = {fn, ctx};

	for (size_t i = 0; i < c->service_count; i++) {
		if (service_is_local(&c->services[i]))
			tell_local(&t, &c->services[i], facts->default_listener);
		else
			tell_published(&t, &c->services[i]);
	}
}
