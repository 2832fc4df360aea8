/*
 * Theory of operation
 *
 * Each parser reads one value, already expanded and trimmed, and commits it to the section's
 * object when all of it is right. Reasons tell the number of a bad item, and its text when it stands
 * in the file and cannot be a secret (problem_value): a private key in the line of an address must
 * not reach the log.
 */
#include "conf/parse.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/err.h"
#include "conf/array.h"
#include "conf/problem.h"
#include "crypto/keys.h"
#include "crypto/system.h"
#include "dns/resolver.h"
#include "net/stack.h"
#include "node/config.h"

/* A device's worth of routes of its own for one peer. */
#define ALLOWED_IPS_MAX 100000

#define REASON(...) snprintf(reason->text, sizeof(reason->text), __VA_ARGS__)

/* The item in quotes behind `before`, or nothing when it may not be shown. */
static const char *shown(const struct value_reason *reason, const char *before, struct txt item,
			 char out[static PROBLEM_VALUE_MAX])
{
	out[0] = '\0';
	return reason->may_show ? problem_value(before, item, out) : out;
}

bool parse_next_item(struct txt *list, struct txt *item)
{
	do {
		if (txt_end(list))
			return false;
		if (!txt_until(list, ',', item)) {
			*item = *list;
			list->left = 0;
		}
		*item = txt_trim(*item);
	} while (txt_end(item));
	return true;
}

static void *field_of(const struct parse_field *field, void *object)
{
	return (char *)object + field->offset;
}

static void store_number(const struct parse_field *field, void *object, uint64_t n)
{
	void *p = field_of(field, object);

	n *= field->unit;
	switch (field->size) {
	case sizeof(uint16_t):
		*(uint16_t *)p = (uint16_t)n;
		break;
	case sizeof(unsigned):
		*(unsigned *)p = (unsigned)n;
		break;
	default:
		assert(field->size == sizeof(uint64_t));
		*(uint64_t *)p = n;
	}
}

int parse_number(const struct parse_field *field, void *object, struct txt value,
		 struct value_reason *reason)
{
	char text[PROBLEM_VALUE_MAX];
	struct txt digits = value;
	uint64_t n;

	if (!txt_u64(&digits, UINT64_MAX, &n) || !txt_end(&digits)) {
		REASON("not a whole number%s", shown(reason, ": ", value, text));
		return ERR_SYNTAX;
	}
	if (n < field->min || n > field->max) {
		REASON("out of range%s", shown(reason, ": ", value, text));
		return ERR_INVAL;
	}
	store_number(field, object, n);
	return 0;
}

int parse_number_or_off(const struct parse_field *field, void *object, struct txt value,
			struct value_reason *reason)
{
	if (!txt_equal_nocase(value, "off"))
		return parse_number(field, object, value, reason);
	store_number(field, object, 0);
	return 0;
}

static int bad_key(struct txt value, struct value_reason *reason)
{
	if (value.left == KEY_TEXT_LEN)
		REASON("not a key in base64");
	else
		REASON("not a key: %zu characters", value.left);
	return ERR_SYNTAX;
}

int parse_private_key(const struct parse_field *field, void *object, struct txt value,
		      struct value_reason *reason)
{
	struct node_config *config = object;
	struct key_private *key = crypto_secret_alloc(sizeof(*key));
	struct key_public public;

	(void)field;
	if (!key)
		return ERR_NOMEM;
	if (key_private_parse(key, value.p, value.left) < 0 ||
	    key_public_from_private(&public, key) < 0) {
		crypto_secret_free(key);
		return bad_key(value, reason);
	}
	crypto_secret_free(config->tunnel.private_key);
	config->tunnel.private_key = key;
	return 0;
}

static int add_address(struct node_config *config, const struct addr *addr)
{
	struct prefix *grown;

	for (size_t i = 0; i < config->tunnel.address_count; i++) {
		if (addr_equal(&config->tunnel.addresses[i].addr, addr))
			return 0;
	}
	if (config->tunnel.address_count == NET_ADDRESSES_MAX)
		return ERR_LIMIT;
	grown = array_grow(config->tunnel.addresses, config->tunnel.address_count, sizeof(*grown));
	if (!grown)
		return ERR_NOMEM;
	config->tunnel.addresses = grown;
	/* A WireGuard node has no neighbours: whatever the prefix, only this address is its own. */
	grown[config->tunnel.address_count++] = (struct prefix){*addr, (uint8_t)addr_max_bits(addr)};
	return 0;
}

static bool is_host_address(const struct addr *a)
{
	return !addr_is_loopback(a) && !addr_is_multicast(a) && !addr_is_unspecified(a);
}

int parse_addresses(const struct parse_field *field, void *object, struct txt value,
		    struct value_reason *reason)
{
	struct txt item;
	unsigned n = 0;
	int err = 0;

	(void)field;
	while (!err && parse_next_item(&value, &item)) {
		struct prefix prefix;
		char text[PROBLEM_VALUE_MAX];
		struct txt head, rest = item;
		struct addr addr;

		n++;
		if (!txt_until(&rest, '/', &head))
			head = item;
		if (prefix_parse(&prefix, item.p, item.left) < 0 ||
		    addr_parse(&addr, head.p, head.left) < 0) {
			REASON("item %u%s is not an IP address", n,
			       shown(reason, " ", item, text));
			return ERR_SYNTAX;
		}
		if (!is_host_address(&addr)) {
			REASON("item %u%s cannot be the address of a node", n,
			       shown(reason, " ", item, text));
			return ERR_INVAL;
		}
		err = add_address(object, &addr);
	}
	if (err == ERR_LIMIT)
		REASON("more than %u addresses", NET_ADDRESSES_MAX);
	if (!err && !n)
		REASON("no address");
	return n ? err : ERR_SYNTAX;
}

static int add_dns_server(struct node_config *config, const struct addr *addr)
{
	struct addr *grown;

	if (config->names.server_count == DNS_SERVERS_MAX)
		return ERR_LIMIT;
	grown = array_grow(config->names.servers, config->names.server_count, sizeof(*grown));
	if (!grown)
		return ERR_NOMEM;
	config->names.servers = grown;
	grown[config->names.server_count++] = *addr;
	return 0;
}

static int add_search_domain(struct node_config *config, struct txt name)
{
	struct proxy_target check;
	char **grown, *copy;

	if (proxy_target_set_host(&check, name.p, name.left) < 0 || check.addr.family != ADDR_NONE)
		return ERR_SYNTAX;
	if (config->names.search_domain_count == DNS_SEARCH_MAX)
		return ERR_LIMIT;
	grown = array_grow(config->names.search_domains, config->names.search_domain_count, sizeof(*grown));
	if (!grown)
		return ERR_NOMEM;
	config->names.search_domains = grown;
	copy = txt_dup(name);
	if (!copy)
		return ERR_NOMEM;
	grown[config->names.search_domain_count++] = copy;
	return 0;
}

int parse_dns(const struct parse_field *field, void *object, struct txt value,
	      struct value_reason *reason)
{
	struct txt item = {.left = 0};
	char text[PROBLEM_VALUE_MAX];
	unsigned n = 0;
	int err = 0;

	(void)field;
	while (!err && parse_next_item(&value, &item)) {
		struct addr addr;

		n++;
		if (addr_parse(&addr, item.p, item.left) == 0)
			err = add_dns_server(object, &addr);
		else
			err = add_search_domain(object, item);
	}
	if (err == ERR_LIMIT)
		REASON("too many items");
	else if (err)
		REASON("item %u%s is neither an IP address nor a domain name", n,
		       shown(reason, " ", item, text));
	return err;
}

int parse_congestion(const struct parse_field *field, void *object, struct txt value,
		     struct value_reason *reason)
{
	struct node_config *config = object;

	(void)field;
	if (txt_equal_nocase(value, "cubic")) {
		config->tunnel.congestion = NET_CUBIC;
	} else if (txt_equal_nocase(value, "bbr")) {
		config->tunnel.congestion = NET_BBR;
	} else {
		char item[PROBLEM_VALUE_MAX];

		REASON("unknown%s", shown(reason, ": ", value, item));
		return ERR_INVAL;
	}
	return 0;
}

int parse_public_key(const struct parse_field *field, void *object, struct txt value,
		     struct value_reason *reason)
{
	struct peer_config *peer = object;
	struct key_public key;

	(void)field;
	if (key_public_parse(&key, value.p, value.left) < 0)
		return bad_key(value, reason);
	peer->public_key = key;
	return 0;
}

int parse_preshared_key(const struct parse_field *field, void *object, struct txt value,
			struct value_reason *reason)
{
	struct peer_config *peer = object;
	struct key_shared key;

	(void)field;
	if (key_shared_parse(&key, value.p, value.left) < 0)
		return bad_key(value, reason);
	peer->preshared_key = key;
	crypto_wipe(&key, sizeof(key));
	return 0;
}

/* Says what is wrong with a text that is not HOST:PORT. */
static int bad_target(struct txt value, struct value_reason *reason)
{
	bool bracketed = value.left && *value.p == '[';
	struct txt rest = value, head = value, unused;
	char text[PROBLEM_VALUE_MAX];

	shown(reason, ": ", value, text);
	if (bracketed && !txt_until(&rest, ']', &head))
		REASON("'[' without ']'%s", text);
	else if (bracketed ? txt_end(&rest) : !txt_until(&rest, ':', &head))
		REASON("no port%s", text);
	else if (txt_word(&rest, "//"))
		REASON("a URL%s", text);
	else if (!bracketed && txt_until(&rest, ':', &unused))
		REASON("an IPv6 address needs brackets before its port%s", text);
	else
		REASON("the port is not a number from 1 to 65535%s", text);
	return ERR_SYNTAX;
}

int parse_host_port(struct proxy_target *out, struct txt value, struct value_reason *reason)
{
	struct proxy_target t = {.port = 0};
	char text[PROBLEM_VALUE_MAX];
	const char *host = NULL;
	size_t len = 0;

	if (host_port_split(value.p, value.left, &host, &len, &t.port) < 0 || !t.port)
		return bad_target(value, reason);
	if (proxy_target_set_host(&t, host, len) < 0) {
		shown(reason, ": ", value, text);
		REASON(len ? "the host is neither an address nor a possible name%s" :
			     "no host before the port%s", text);
		return ERR_SYNTAX;
	}
	*out = t;
	return 0;
}

int parse_target(const struct parse_field *field, void *object, struct txt value,
		 struct value_reason *reason)
{
	return parse_host_port(field_of(field, object), value, reason);
}

int parse_endpoint(const struct parse_field *field, void *object, struct txt value,
		   struct value_reason *reason)
{
	struct peer_config *peer = object;
	struct proxy_target t;
	int err = parse_host_port(&t, value, reason);

	(void)field;
	if (err)
		return err;
	if (t.addr.family != ADDR_NONE)
		addr_format(&t.addr, peer->endpoint_host);
	else
		memcpy(peer->endpoint_host, t.name, sizeof(t.name));
	peer->endpoint_port = t.port;
	return 0;
}

int parse_allowed_ips(const struct parse_field *field, void *object, struct txt value,
		      struct value_reason *reason)
{
	struct peer_config *peer = object;
	struct txt item;

	(void)field;
	if (!peer->allowed_ip_count)
		peer->allows_nothing = true;
	for (unsigned n = 1; parse_next_item(&value, &item); n++) {
		struct prefix *grown, prefix;
		char text[PROBLEM_VALUE_MAX];

		peer->allows_nothing = false;

		if (prefix_parse(&prefix, item.p, item.left) < 0) {
			REASON("item %u%s is not an IP prefix", n,
			       shown(reason, " ", item, text));
			return ERR_SYNTAX;
		}
		if (peer->allowed_ip_count == ALLOWED_IPS_MAX) {
			REASON("more than %u prefixes", ALLOWED_IPS_MAX);
			return ERR_LIMIT;
		}
		grown = array_grow(peer->allowed_ips, peer->allowed_ip_count, sizeof(*grown));
		if (!grown)
			return ERR_NOMEM;
		peer->allowed_ips = grown;
		grown[peer->allowed_ip_count++] = prefix;
	}
	return 0;
}

static int parse_unix_path(char path[static IO_UNIX_PATH_MAX + 1], struct txt t)
{
	return t.left && txt_copy(t, path, IO_UNIX_PATH_MAX + 1) ? 0 : ERR_SYNTAX;
}

int parse_bind_address(struct io_address *out, struct txt t)
{
	struct io_address a;
	const char *host = NULL;
	size_t len = 0;
	uint16_t port = 0;

	memset(&a, 0, sizeof(a));
	if (txt_word(&t, "unix:")) {
		if (parse_unix_path(a.path, t) < 0)
			return ERR_SYNTAX;
	} else if (endpoint_parse(&a.endpoint, t.p, t.left) < 0) {
		if (host_port_split(t.p, t.left, &host, &len, &port) < 0 || *t.p == '[')
			return ERR_SYNTAX;
		if (len && !txt_equal_nocase(txt_init(host, len), "localhost"))
			return ERR_SYNTAX;
		a.endpoint.addr = addr_v4((const uint8_t[4]){len ? 127 : 0, 0, 0, len ? 1 : 0});
		a.endpoint.port = port;
	}
	*out = a;
	return 0;
}

int parse_bind(const struct parse_field *field, void *object, struct txt value,
	       struct value_reason *reason)
{
	struct txt digits = value;
	char text[PROBLEM_VALUE_MAX];
	uint64_t port;

	if (parse_bind_address(field_of(field, object), value) == 0)
		return 0;
	shown(reason, ": ", value, text);
	if (txt_u64(&digits, UINT16_MAX, &port) && txt_end(&digits))
		REASON("a port alone%s", text);
	else
		REASON("not an address to listen on%s", text);
	return ERR_SYNTAX;
}

int parse_credential(const struct parse_field *field, void *object, struct txt value,
		     struct value_reason *reason)
{
	if (txt_copy(value, field_of(field, object), PROXY_CREDENTIAL_MAX + 1))
		return 0;
	REASON("%zu bytes long", value.left);
	return ERR_LIMIT;
}

int parse_inbound_target(const struct parse_field *field, void *object, struct txt value,
			 struct value_reason *reason)
{
	struct service_config *service = object;

	(void)field;
	if (!txt_word(&value, "unix:"))
		return parse_host_port(&service->target, value, reason);
	if (parse_unix_path(service->unix_path, value) == 0)
		return 0;
	REASON("the path after unix: is empty or longer than %u bytes", IO_UNIX_PATH_MAX);
	return ERR_SYNTAX;
}

int parse_path(const struct parse_field *field, void *object, struct txt value,
	       struct value_reason *reason)
{
	(void)field;
	if (value.left && txt_copy(value, object, VALUE_PATH_MAX))
		return 0;
	REASON("the path is empty or too long");
	return ERR_SYNTAX;
}
