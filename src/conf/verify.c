/*
 * Theory of operation
 *
 * What no single key can tell: that there is a peer, that peers differ from each other and from
 * us, that addresses and MTU go together, that no two listeners want the same place, and what is
 * legal but probably not meant. Duplicates among many peers are found by sorting.
 */
#include "conf/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "conf/build.h"
#include "crypto/keys.h"
#include "crypto/system.h"

#define IPV6_MTU_MIN 1280	/* RFC 8200 section 5 */

struct peer_ref {
	struct key_public key;
	size_t index;
};

struct prefix_ref {
	struct prefix prefix;
	size_t peer;
};

static int compare_index(size_t a, size_t b)
{
	return a < b ? -1 : a > b;
}

static int compare_peers(const void *a, const void *b)
{
	const struct peer_ref *x = a, *y = b;
	int order = memcmp(x->key.bytes, y->key.bytes, sizeof(x->key.bytes));

	return order ? order : compare_index(x->index, y->index);
}

static int compare_prefixes(const void *a, const void *b)
{
	const struct prefix_ref *x = a, *y = b;
	int order = memcmp(x->prefix.addr.bytes, y->prefix.addr.bytes,
			   sizeof(x->prefix.addr.bytes));

	if (!order)
		order = x->prefix.bits - y->prefix.bits;
	if (!order)
		order = x->prefix.addr.family - y->prefix.addr.family;
	return order ? order : compare_index(x->peer, y->peer);
}

/* The place of a key in the file, or of the element when the key is not there. */
static struct place key_place(const struct element_place *element, enum schema_id id,
			      const char *name)
{
	const struct schema_section *section = schema_section_get(id);
	const struct schema_key *key = schema_find_key(section, txt_str(name));
	struct place at = element->place;
	unsigned line = element->lines[key - section->keys];

	if (line)
		at.line = line;
	if (at.file)
		at.key = key->name;
	else if (key->env)
		at.key = key->env;
	return at;
}

static struct place interface_place(const struct config_build *b, const char *name)
{
	struct element_place element = {.place = b->interface};

	memcpy(element.lines, b->interface_lines, sizeof(element.lines));
	return key_place(&element, SCHEMA_INTERFACE, name);
}

static bool peer_has(const struct config_build *b, size_t peer, const char *name)
{
	const struct schema_section *section = schema_section_get(SCHEMA_PEER);
	const struct schema_key *key = schema_find_key(section, txt_str(name));

	return b->peer_places[peer].lines[key - section->keys] || build_env(b, key->env);
}

/* "line 12" or "the environment", for the other one of two. */
static const char *other_place(const struct place *at, char out[static 32])
{
	if (!at->file)
		return "the environment";
	snprintf(out, 32, "line %u", at->line);
	return out;
}

static void check_same_peers(struct config_build *b)
{
	struct node_config *c = b->config;
	struct peer_ref *refs = calloc(c->peer_count, sizeof(*refs));

	if (!refs) {
		b->nomem = true;
		return;
	}
	for (size_t i = 0; i < c->peer_count; i++)
		refs[i] = (struct peer_ref){c->peers[i].public_key, i};
	qsort(refs, c->peer_count, sizeof(*refs), compare_peers);
	for (size_t i = 1; i < c->peer_count; i++) {
		static const struct key_public none;
		struct place at = key_place(&b->peer_places[refs[i].index], SCHEMA_PEER,
					    "PublicKey");
		char text[32];

		if (!key_public_equal(&refs[i].key, &refs[i - 1].key) ||
		    key_public_equal(&refs[i].key, &none))
			continue;
		problem_add(b->problems, PROBLEM_ERROR, &at,
			    "the same key as the peer in %s; expected one section for each peer",
			    other_place(&b->peer_places[refs[i - 1].index].place, text));
	}
	free(refs);
}

/* wg(8) clamps what it makes (RFC 7748 section 5); of other 32 bytes 1 in 32 looks so. */
static bool is_clamped(const struct key_private *key)
{
	return (key->bytes[0] & 7) == 0 && (key->bytes[KEY_LEN - 1] & 192) == 64;
}

/* The same 32 bytes as PrivateKey and as a peer's PublicKey: which of the two is wrong? */
static void report_mixed_keys(struct config_build *b, size_t peer)
{
	const struct place interface = interface_place(b, "PrivateKey");
	const struct place public = key_place(&b->peer_places[peer], SCHEMA_PEER, "PublicKey");
	char text[32];

	if (is_clamped(b->config->tunnel.private_key))
		problem_add(b->problems, PROBLEM_ERROR, &public,
			    "this is the private key of this node; expected the peer's public key, "
			    "as `culvert pubkey` prints it on the other side");
	else
		problem_add(b->problems, PROBLEM_ERROR, &interface,
			    "this is the public key of the peer in %s; expected the private key "
			    "of this node, as `culvert genkey` prints it",
			    other_place(&public, text));
}

static void check_own_key(struct config_build *b)
{
	struct node_config *c = b->config;
	struct key_public own;
	bool mixed = false;

	if (!c->tunnel.private_key || key_public_from_private(&own, c->tunnel.private_key) < 0)
		return;
	for (size_t i = 0; i < c->peer_count; i++) {
		const struct place at = key_place(&b->peer_places[i], SCHEMA_PEER, "PublicKey");

		if (key_public_equal(&own, &c->peers[i].public_key))
			problem_add(b->problems, PROBLEM_ERROR, &at,
				    "this is the key of this node itself; expected the peer's");
		if (!crypto_equal(c->tunnel.private_key->bytes, c->peers[i].public_key.bytes, KEY_LEN))
			continue;
		report_mixed_keys(b, i);
		mixed = true;
	}
	if (!mixed && !is_clamped(c->tunnel.private_key)) {
		const struct place at = interface_place(b, "PrivateKey");

		problem_add(b->problems, PROBLEM_WARNING, &at,
			    "no key that `culvert genkey` or `wg genkey` made (unclamped): is it a "
			    "public key?");
	}
}

/* Peers that allow nothing in particular allow everything, as in wireproxy. */
static void allow_everything(struct config_build *b, struct peer_config *peer)
{
	struct prefix *all = calloc(2, sizeof(*all));

	if (!all) {
		b->nomem = true;
		return;
	}
	all[0].addr.family = ADDR_V4;
	all[1].addr.family = ADDR_V6;
	peer->allowed_ips = all;
	peer->allowed_ip_count = 2;
}

static void check_allowed_ips(struct config_build *b, size_t index)
{
	struct peer_config *peer = &b->config->peers[index];
	const struct place at = key_place(&b->peer_places[index], SCHEMA_PEER, "AllowedIPs");

	if (peer->allowed_ip_count)
		return;
	if (peer->allows_nothing) {
		problem_add(b->problems, PROBLEM_WARNING, &at,
			    "empty: nothing is sent to this peer, and nothing is taken from it");
		return;
	}
	/* Several peers cannot all have everything; a bad value has been reported. */
	if (b->config->peer_count > 1 && !peer_has(b, index, "AllowedIPs"))
		problem_add(b->problems, PROBLEM_WARNING, &at,
			    "missing beside other peers: this one gets all that no other peer "
			    "has (0.0.0.0/0, ::/0)");
	allow_everything(b, peer);
}

static struct prefix_ref *list_prefixes(const struct node_config *c, size_t *count)
{
	struct prefix_ref *refs;
	size_t n = 0;

	for (size_t i = 0; i < c->peer_count; i++)
		n += c->peers[i].allowed_ip_count;
	*count = n;
	refs = calloc(n ? n : 1, sizeof(*refs));
	n = 0;
	for (size_t i = 0; refs && i < c->peer_count; i++) {
		for (size_t j = 0; j < c->peers[i].allowed_ip_count; j++)
			refs[n++] = (struct prefix_ref){c->peers[i].allowed_ips[j], i};
	}
	return refs;
}

static void check_same_prefixes(struct config_build *b)
{
	size_t count;
	struct prefix_ref *refs = list_prefixes(b->config, &count);

	if (!refs) {
		b->nomem = true;
		return;
	}
	qsort(refs, count, sizeof(*refs), compare_prefixes);
	for (size_t i = 1; i < count; i++) {
		const struct prefix *p = &refs[i].prefix, *q = &refs[i - 1].prefix;
		struct place at = key_place(&b->peer_places[refs[i].peer], SCHEMA_PEER,
					    "AllowedIPs");
		char text[PREFIX_TEXT_MAX], other[32];

		if (p->bits != q->bits || !addr_equal(&p->addr, &q->addr) ||
		    refs[i].peer == refs[i - 1].peer)
			continue;
		problem_add(b->problems, PROBLEM_WARNING, &at,
			    "%s also belongs to the peer in %s; this later one gets it",
			    prefix_format(p, text),
			    other_place(&b->peer_places[refs[i - 1].peer].place, other));
	}
	free(refs);
}

static void check_peers(struct config_build *b)
{
	struct node_config *c = b->config;

	if (!c->peer_count) {
		const struct place at = {.file = b->interface.file, .rank = b->interface.rank,
					 .section = "Peer"};

		problem_add(b->problems, PROBLEM_ERROR, &at,
			    "missing section; expected at least one peer");
		return;
	}
	for (size_t i = 0; i < c->peer_count; i++) {
		const struct place at = key_place(&b->peer_places[i], SCHEMA_PEER, "Endpoint");

		check_allowed_ips(b, i);
		if (!c->peers[i].endpoint_port && !c->tunnel.listen_port && !peer_has(b, i, "Endpoint"))
			problem_add(b->problems, PROBLEM_WARNING, &at,
				    "missing, and [Interface] has no ListenPort: neither "
				    "side can find the other");
	}
	check_same_peers(b);
	check_own_key(b);
	check_same_prefixes(b);
}

static void check_mtu(struct config_build *b)
{
	struct node_config *c = b->config;
	const struct place at = interface_place(b, "MTU");

	for (size_t i = 0; i < c->tunnel.address_count && c->tunnel.mtu < IPV6_MTU_MIN; i++) {
		if (c->tunnel.addresses[i].addr.family != ADDR_V6)
			continue;
		problem_add(b->problems, PROBLEM_ERROR, &at,
			    "%u is too small for the IPv6 address; expected at least %u", c->tunnel.mtu,
			    IPV6_MTU_MIN);
		return;
	}
}

static bool same_bind(const struct io_address *a, const struct io_address *b)
{
	if (a->path[0] || b->path[0])
		return strcmp(a->path, b->path) == 0;
	return a->endpoint.port && endpoint_equal(&a->endpoint, &b->endpoint);
}

static void check_access(struct config_build *b, size_t i)
{
	const struct service_config *s = &b->config->services[i];
	const struct place *at = &b->service_places[i].place;

	if (s->has_auth && (!s->auth.username[0] || !s->auth.password[0]))
		problem_add(b->problems, PROBLEM_WARNING, at,
			    "%s without %s: clients must send that one empty",
			    s->auth.username[0] ? "Username" : "Password",
			    s->auth.username[0] ? "Password" : "Username");
	if (!s->has_auth && service_is_proxy(s) && !s->bind.path[0] &&
	    s->bind.endpoint.addr.family != ADDR_NONE &&
	    !addr_is_loopback(&s->bind.endpoint.addr))
		problem_add(b->problems, PROBLEM_WARNING, at,
			    "other machines can use this proxy without a password; set "
			    "Username and Password, or listen on 127.0.0.1");
}

static bool same_place(const struct service_config *a, const struct service_config *b)
{
	if (service_is_local(a) != service_is_local(b))
		return false;
	if (service_is_local(a))
		return same_bind(&a->bind, &b->bind);
	return a->listen_port && a->listen_port == b->listen_port;
}

/* Service `i` wants the place of `earlier`. */
static void report_same_place(struct config_build *b, size_t i, size_t earlier)
{
	const struct service_config *s = &b->config->services[i];
	bool local = service_is_local(s);
	const struct place at = key_place(&b->service_places[i], schema_of_service(s->kind),
					  local ? "BindAddress" : "ListenPort");
	char text[32];
	const char *other = other_place(&b->service_places[earlier].place, text);

	if (local)
		problem_add(b->problems, PROBLEM_ERROR, &at,
			    "the same address as the listener in %s; expected another port", other);
	else
		problem_add(b->problems, PROBLEM_ERROR, &at,
			    "the same port as the section in %s; expected another one", other);
}

static void check_services(struct config_build *b)
{
	const struct node_config *c = b->config;

	for (size_t i = 0; i < c->service_count; i++) {
		check_access(b, i);
		for (size_t j = 0; j < i; j++) {
			if (same_place(&c->services[i], &c->services[j])) {
				report_same_place(b, i, j);
				break;
			}
		}
	}
}

void build_verify(struct config_build *b)
{
	if (b->nomem)
		return;
	check_peers(b);
	check_mtu(b);
	check_services(b);
}
