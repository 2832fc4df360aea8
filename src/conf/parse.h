/*
 * Parsers of configuration values, one per kind of value; the schema's table names them. All have
 * the signature and the contract of parse_fn.
 */
#ifndef CULVERT_CONF_PARSE_H
#define CULVERT_CONF_PARSE_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/txt.h"
#include "conf/value.h"
#include "io/sock.h"
#include "proxy/proxy.h"

/* Where in the section's object a value goes, and what it may be. */
struct parse_field {
	size_t offset;
	/* Numbers only: */
	unsigned size;		/* of the field, in bytes */
	uint64_t min, max;
	uint64_t unit;		/* the field holds the number times this */
};

/*
 * Parses the text into the section's object: 0; ERR_NOMEM; or another error, and then `reason` says
 * what is wrong with the value, and shows it only when it may. Parsers of one value only know its
 * place and ignore `field`.
 */
typedef int (*parse_fn)(const struct parse_field *field, void *object, struct txt value,
			struct value_reason *reason);

#define PARSE_FN(name) \
	CULVERT_MUST_USE int name(const struct parse_field *field, void *object, struct txt value, \
				  struct value_reason *reason)

/* Any object: what the field says. */
PARSE_FN(parse_number);
PARSE_FN(parse_number_or_off);	/* off: 0 */
PARSE_FN(parse_credential);	/* field: char[PROXY_CREDENTIAL_MAX + 1] */
PARSE_FN(parse_target);		/* field: struct proxy_target */
PARSE_FN(parse_bind);		/* field: struct io_address */

/* object: struct node_config */
PARSE_FN(parse_private_key);
PARSE_FN(parse_addresses);
PARSE_FN(parse_dns);
PARSE_FN(parse_congestion);

/* object: struct peer_config */
PARSE_FN(parse_public_key);
PARSE_FN(parse_preshared_key);
PARSE_FN(parse_endpoint);
PARSE_FN(parse_allowed_ips);

/* object: struct service_config */
PARSE_FN(parse_inbound_target);

/* object: char[VALUE_PATH_MAX] */
PARSE_FN(parse_path);

/* "HOST:PORT" with a port of at least 1. 0 or ERR_SYNTAX with a reason. */
CULVERT_MUST_USE int parse_host_port(struct proxy_target *out, struct txt value,
				     struct value_reason *reason);

/* A bind address: "address:port", "localhost:port", ":port" or "unix:PATH". 0 or ERR_SYNTAX. */
CULVERT_MUST_USE int parse_bind_address(struct io_address *out, struct txt t);

/* Takes the next item off a comma-separated list, blanks removed; false at the end. */
bool parse_next_item(struct txt *list, struct txt *item);

#endif
