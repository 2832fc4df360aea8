/*
 * Parsers of configuration values, one per kind of value; the schema's table names them. All have
 * the signature and the contract of schema_parse_fn (app/schema.h).
 */
#ifndef CULVERT_APP_PARSE_H
#define CULVERT_APP_PARSE_H

#include "app/value.h"
#include "base/compiler.h"
#include "base/txt.h"
#include "io/sock.h"

#define PARSE_FN(name) \
	CULVERT_MUST_USE int name(void *object, struct txt value, \
				  struct value_reason *reason)

/* object: struct node_config */
PARSE_FN(parse_private_key);
PARSE_FN(parse_addresses);
PARSE_FN(parse_dns);
PARSE_FN(parse_mtu);
PARSE_FN(parse_listen_port);
PARSE_FN(parse_connect_timeout);
PARSE_FN(parse_outage_timeout);
PARSE_FN(parse_congestion);

/* object: struct node_peer_config */
PARSE_FN(parse_public_key);
PARSE_FN(parse_preshared_key);
PARSE_FN(parse_endpoint);
PARSE_FN(parse_allowed_ips);
PARSE_FN(parse_keepalive);

/* object: struct node_listener_config */
PARSE_FN(parse_bind);
PARSE_FN(parse_username);
PARSE_FN(parse_password);
PARSE_FN(parse_listener_max);
PARSE_FN(parse_listener_idle);
PARSE_FN(parse_forward_target);

/* object: struct node_inbound_config */
PARSE_FN(parse_inbound_port);
PARSE_FN(parse_inbound_target);
PARSE_FN(parse_inbound_max);
PARSE_FN(parse_inbound_idle);

/* object: char[VALUE_PATH_MAX] */
PARSE_FN(parse_path);

/* A bind address: "address:port", "localhost:port", ":port" or "unix:PATH". 0 or ERR_SYNTAX. */
CULVERT_MUST_USE int parse_bind_address(struct io_address *out, struct txt t);

/* Takes the next item off a comma-separated list, blanks removed; false at the end. */
bool parse_next_item(struct txt *list, struct txt *item);

#endif
