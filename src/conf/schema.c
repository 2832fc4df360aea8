#include "conf/schema.h"

#include <assert.h>

#include "base/err.h"
#include "conf/parse.h"
#include "net/stack.h"
#include "node/config.h"

#define EXPECT_KEY "a key of 44 base64 characters"
#define EXPECT_BIND "ADDRESS:PORT, localhost:PORT, :PORT or unix:PATH"
#define CONNECT_TIMEOUT_MAX_S 3600
/* A week: whoever wants more means 0. */
#define QUIET_MAX_S 604800

#define AT(type, member) {offsetof(type, member), 0, 0, 0, 0}
/* A number from `min` to `max`; the field holds it times `unit`. */
#define NUMBER(type, member, min, max, unit) \
	{offsetof(type, member), sizeof(((type *)NULL)->member), min, max, unit}

#define EXPECT_QUIET "seconds from 1 to 604800, or 0 for no limit"
#define EXPECT_MAX "a number from 1 to 65536"

static_assert(NET_STREAMS_MAX == 65536, "the number of EXPECT_MAX");

#define MEANINGLESS(name) {name, SCHEMA_MEANINGLESS, SCHEMA_LIST, NULL, NULL, NULL, {0}}

static const struct schema_key root_keys[] = {
	{"WGConfig", SCHEMA_SET, 0, parse_path, "the path of a WireGuard configuration file", NULL,
	 {0}},
};

static const struct schema_key interface_keys[] = {
	{"PrivateKey", SCHEMA_SET, SCHEMA_REQUIRED | SCHEMA_SECRET, parse_private_key,
	 EXPECT_KEY ", as `culvert genkey` prints it", "CULVERT_PRIVATE_KEY", {0}},
	{"Address", SCHEMA_SET, SCHEMA_REQUIRED | SCHEMA_LIST, parse_addresses,
	 "IP addresses with or without /LENGTH, separated by commas", "CULVERT_ADDRESS",
	 {0}},
	{"DNS", SCHEMA_SET, SCHEMA_LIST, parse_dns,
	 "at most 8 IP addresses of name servers and 8 search domains, separated by commas",
	 "CULVERT_DNS", {0}},
	{"MTU", SCHEMA_SET, 0, parse_number, "a number from 576 to 9000", "CULVERT_MTU",
	 NUMBER(struct node_config, tunnel.mtu, NET_MTU_MIN, NET_MTU_MAX, 1)},
	{"ListenPort", SCHEMA_SET, 0, parse_number, "a port from 0 to 65535 (0: any)",
	 "CULVERT_LISTEN_PORT", NUMBER(struct node_config, tunnel.listen_port, 0, UINT16_MAX, 1)},
	{"ConnectTimeout", SCHEMA_SET, SCHEMA_BESIDE, parse_number, "seconds from 1 to 3600",
	 "CULVERT_CONNECT_TIMEOUT",
	 NUMBER(struct node_config, connect_timeout_ms, 1, CONNECT_TIMEOUT_MAX_S, 1000)},
	{"OutageTimeout", SCHEMA_SET, SCHEMA_BESIDE, parse_number, EXPECT_QUIET,
	 "CULVERT_OUTAGE_TIMEOUT",
	 NUMBER(struct node_config, outage_timeout_ms, 0, QUIET_MAX_S, 1000)},
	{"Congestion", SCHEMA_SET, SCHEMA_BESIDE, parse_congestion, "cubic or bbr",
	 "CULVERT_CONGESTION", {0}},
	{"CheckAlive", SCHEMA_IGNORED, SCHEMA_LIST, NULL, NULL, NULL, {0}},
	{"CheckAliveInterval", SCHEMA_IGNORED, SCHEMA_LIST, NULL, NULL, NULL, {0}},
	MEANINGLESS("Table"), MEANINGLESS("PreUp"), MEANINGLESS("PostUp"), MEANINGLESS("PreDown"),
	MEANINGLESS("PostDown"), MEANINGLESS("SaveConfig"), MEANINGLESS("FwMark"),
};

static const struct schema_key peer_keys[] = {
	{"PublicKey", SCHEMA_SET, SCHEMA_REQUIRED, parse_public_key,
	 EXPECT_KEY ", as `culvert pubkey` prints it", "CULVERT_PEER_PUBLIC_KEY", {0}},
	{"PresharedKey", SCHEMA_SET, SCHEMA_SECRET, parse_preshared_key,
	 EXPECT_KEY ", as `culvert genpsk` prints it", "CULVERT_PEER_PRESHARED_KEY", {0}},
	{"Endpoint", SCHEMA_SET, 0, parse_endpoint, "HOST:PORT, ADDRESS:PORT or [IPV6]:PORT",
	 "CULVERT_PEER_ENDPOINT", {0}},
	{"AllowedIPs", SCHEMA_SET, SCHEMA_LIST | SCHEMA_EMPTY, parse_allowed_ips,
	 "prefixes such as 10.0.0.0/8 or fd00::/8, separated by commas",
	 "CULVERT_PEER_ALLOWED_IPS", {0}},
	{"PersistentKeepalive", SCHEMA_SET, 0, parse_number_or_off,
	 "seconds from 0 to 65535, or off", "CULVERT_PEER_KEEPALIVE",
	 NUMBER(struct peer_config, persistent_keepalive_s, 0, UINT16_MAX, 1)},
};

#define BIND_KEY \
	{"BindAddress", SCHEMA_SET, SCHEMA_REQUIRED, parse_bind, EXPECT_BIND, NULL, \
	 AT(struct service_config, bind)}
#define MAX_KEY \
	{"MaxConnections", SCHEMA_SET, 0, parse_number, EXPECT_MAX, NULL, \
	 NUMBER(struct service_config, max_connections, 1, NET_STREAMS_MAX, 1)}
#define IDLE_KEY \
	{"IdleTimeout", SCHEMA_SET, 0, parse_number, EXPECT_QUIET, NULL, \
	 NUMBER(struct service_config, idle_timeout_ms, 0, QUIET_MAX_S, 1000)}
#define REFUSED_KEY(name) {name, SCHEMA_REFUSED, SCHEMA_LIST, NULL, NULL, NULL, {0}}

static const struct schema_key proxy_keys[] = {
	BIND_KEY,
	{"Username", SCHEMA_SET, SCHEMA_VERBATIM, parse_credential, "a text of at most 255 bytes",
	 NULL, AT(struct service_config, auth.username)},
	{"Password", SCHEMA_SET, SCHEMA_VERBATIM | SCHEMA_SECRET, parse_credential,
	 "a text of at most 255 bytes", NULL, AT(struct service_config, auth.password)},
	MAX_KEY,
	IDLE_KEY,
	REFUSED_KEY("CertFile"), REFUSED_KEY("KeyFile"),
};

static const struct schema_key client_keys[] = {
	BIND_KEY,
	{"Target", SCHEMA_SET, SCHEMA_REQUIRED, parse_target, "HOST:PORT in the tunnel", NULL,
	 AT(struct service_config, target)},
	MAX_KEY,
	IDLE_KEY,
};

static const struct schema_key server_keys[] = {
	{"ListenPort", SCHEMA_SET, SCHEMA_REQUIRED, parse_number, "a port from 1 to 65535", NULL,
	 NUMBER(struct service_config, listen_port, 1, UINT16_MAX, 1)},
	{"Target", SCHEMA_SET, SCHEMA_REQUIRED, parse_inbound_target,
	 "HOST:PORT of this machine's network, or unix:PATH", NULL, {0}},
	MAX_KEY,
	IDLE_KEY,
};

#define KEYS(keys) keys, ARRAY_LEN(keys)
#define MASKED(type) offsetof(type, masked)
#define EXPECT_BINDS "ADDRESS:PORT or unix:PATH, separated by commas"
#define SERVICE(kind, name, keys, env, expected) \
	[SCHEMA_SERVICE + SERVICE_##kind] = {name, KEYS(keys), MASKED(struct service_config), env, expected}

static const struct schema_section sections[SCHEMA_COUNT] = {
	[SCHEMA_ROOT] = {"", KEYS(root_keys), -1, NULL, NULL},
	[SCHEMA_INTERFACE] = {"Interface", KEYS(interface_keys), MASKED(struct node_config), NULL, NULL},
	[SCHEMA_PEER] = {"Peer", KEYS(peer_keys), MASKED(struct peer_config), NULL, NULL},
	SERVICE(SOCKS, "Socks5", proxy_keys, "CULVERT_SOCKS5", EXPECT_BINDS),
	SERVICE(HTTP, "http", proxy_keys, "CULVERT_HTTP", EXPECT_BINDS),
	SERVICE(MIXED, "Mixed", proxy_keys, "CULVERT_MIXED", EXPECT_BINDS),
	SERVICE(FORWARD, "TCPClientTunnel", client_keys, "CULVERT_FORWARD",
		"ADDRESS:PORT=HOST:PORT, separated by commas"),
	SERVICE(PUBLISH, "TCPServerTunnel", server_keys, "CULVERT_SERVE", "PORT=HOST:PORT, separated by commas"),
};

static_assert(ARRAY_LEN(interface_keys) <= SCHEMA_KEYS_MAX, "marks per key");
static_assert(ARRAY_LEN(interface_keys) < 32, "warnings already given are bits of a word");

/* Sections of wireproxy and of later versions. */
static const struct {
	const char *name, *instead;
} later[] = {
	{"UDPProxyTunnel", "forward TCP with [TCPClientTunnel], or leave the section to wireproxy"},
	{"STDIOTunnel", "make it a [TCPClientTunnel] and connect nc to its BindAddress"},
	{"SNI", "make it an [http] proxy, or a [TCPClientTunnel] for each server"},
	{"Resolve", "remove it, since addresses of both families are tried anyway"},
	{"Tailnet", "describe the network with [Interface] and [Peer]"},
	{"Inbound", "make it a [TCPServerTunnel] for each port"},
	{"DNS", "put the name servers into the key DNS of [Interface]"},
	{"Status", "remove it and send SIGUSR1, which logs the state"},
};

/* Variables that belong to no section and no key of one; conf/env.c reads them. */
static const char *const env_names[] = {
	"CULVERT_CONFIG", "CULVERT_LOG_LEVEL", "CULVERT_LOG_FORMAT", "CULVERT_USERNAME",
	"CULVERT_PASSWORD", "CULVERT_MAX_CONNECTIONS", "CULVERT_IDLE_TIMEOUT",
};

const struct schema_section *schema_section_get(enum schema_id id)
{
	return &sections[id];
}

int schema_find_section(struct txt name, enum schema_id *id, const char **instead)
{
	for (unsigned i = SCHEMA_INTERFACE; i < SCHEMA_COUNT; i++) {
		if (txt_equal_nocase(name, sections[i].name)) {
			*id = (enum schema_id)i;
			return 0;
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(later); i++) {
		if (txt_equal_nocase(name, later[i].name)) {
			*instead = later[i].instead;
			return ERR_UNSUPPORTED;
		}
	}
	return ERR_NOTFOUND;
}

const struct schema_key *schema_find_key(const struct schema_section *section, struct txt name)
{
	for (size_t i = 0; i < section->key_count; i++) {
		if (txt_equal_nocase(name, section->keys[i].name))
			return &section->keys[i];
	}
	return NULL;
}

const char *schema_nearest_section(struct txt name)
{
	const char *names[SCHEMA_COUNT];
	size_t count = 0;

	for (unsigned i = SCHEMA_INTERFACE; i < SCHEMA_COUNT; i++)
		names[count++] = sections[i].name;
	return txt_nearest(name, names, count);
}

const char *schema_nearest_key(const struct schema_section *section, struct txt name)
{
	const char *names[SCHEMA_KEYS_MAX];

	for (size_t i = 0; i < section->key_count; i++)
		names[i] = section->keys[i].name;
	return txt_nearest(name, names, section->key_count);
}

const struct schema_section *schema_owner(struct txt name)
{
	for (unsigned i = SCHEMA_INTERFACE; i < SCHEMA_COUNT; i++) {
		if (schema_find_key(&sections[i], name))
			return &sections[i];
	}
	return NULL;
}

const char *schema_nearest_env(struct txt name)
{
	const char *names[ARRAY_LEN(env_names) + SERVICE_KIND_COUNT + 2 * SCHEMA_KEYS_MAX];
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_LEN(env_names); i++)
		names[count++] = env_names[i];
	for (unsigned id = SCHEMA_SERVICE; id < SCHEMA_COUNT; id++)
		names[count++] = sections[id].env;
	for (unsigned id = SCHEMA_INTERFACE; id <= SCHEMA_PEER; id++) {
		for (size_t i = 0; i < sections[id].key_count; i++) {
			if (sections[id].keys[i].env)
				names[count++] = sections[id].keys[i].env;
		}
	}
	return txt_nearest(name, names, count);
}
