/* IP addresses, endpoints (address and port) and prefixes, as values. */
#ifndef CULVERT_BASE_ADDR_H
#define CULVERT_BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

enum addr_family {
	ADDR_NONE = 0,
	ADDR_PATH = 1,	/* no IP address: a path that only link/path can send to */
	ADDR_V4 = 4,
	ADDR_V6 = 6,
};

/*
 * Network byte order; an IPv4 address uses the first four bytes and leaves the others zero, as a path does, whose
 * id they are. Endpoints of paths have port 0, which no source of a UDP datagram has.
 */
struct addr {
	uint8_t family;		/* enum addr_family */
	uint8_t bytes[16];
};

struct endpoint {
	struct addr addr;
	uint16_t port;		/* host byte order */
	uint32_t scope_id;	/* interface of an IPv6 link-local address, else 0 */
};

struct prefix {
	struct addr addr;	/* bits beyond `bits` are zero */
	uint8_t bits;
};

#define ADDR_TEXT_MAX 46	/* longest IPv6 text and its NUL */
#define ENDPOINT_TEXT_MAX 66	/* brackets, scope and port besides */
#define PREFIX_TEXT_MAX 50

struct addr addr_v4(const uint8_t bytes[static 4]);
struct addr addr_v6(const uint8_t bytes[static 16]);
struct addr addr_path(uint32_t id);
uint32_t addr_path_id(const struct addr *a);

bool addr_equal(const struct addr *a, const struct addr *b);
bool endpoint_equal(const struct endpoint *a, const struct endpoint *b);
bool addr_is_loopback(const struct addr *a);
bool addr_is_multicast(const struct addr *a);	/* and IPv4 broadcast */
bool addr_is_unspecified(const struct addr *a);	/* ::, and all of 0.0.0.0/8 (RFC 6890 2.2.2) */
bool addr_is_link_local(const struct addr *a);

/* ::ffff:a.b.c.d becomes a.b.c.d; anything else stays as it is. */
struct addr addr_unmap(const struct addr *a);

static inline unsigned addr_len(const struct addr *a)
{
	return a->family == ADDR_V4 ? 4 : 16;
}

static inline unsigned addr_max_bits(const struct addr *a)
{
	return a->family == ADDR_V4 ? 32 : 128;
}

/* Strict parsers: the whole text of `len` bytes, no name look-ups. 0 or ERR_SYNTAX. */
CULVERT_MUST_USE int addr_parse(struct addr *out, const char *text, size_t len);
/* "a.b.c.d:port" or "[v6%scope]:port" with a numeric scope. */
CULVERT_MUST_USE int endpoint_parse(struct endpoint *out, const char *text, size_t len);
/* "addr" or "addr/bits"; host bits are cleared in `out`. */
CULVERT_MUST_USE int prefix_parse(struct prefix *out, const char *text, size_t len);

bool prefix_contains(const struct prefix *p, const struct addr *a);

/* Canonical text (RFC 5952 for IPv6), "path 7" for a path, of which no parser makes one. Returns `buf`. */
const char *addr_format(const struct addr *a, char buf[static ADDR_TEXT_MAX]);
const char *endpoint_format(const struct endpoint *e, char buf[static ENDPOINT_TEXT_MAX]);
const char *prefix_format(const struct prefix *p, char buf[static PREFIX_TEXT_MAX]);

/*
 * Splits "host:port", "[v6]:port" or ":port"; host may be a name. Pointers go into `text`. 0 or
 * ERR_SYNTAX.
 */
CULVERT_MUST_USE int host_port_split(const char *text, size_t len, const char **host,
				     size_t *host_len, uint16_t *port);

/* A decimal port 0 to 65535 without sign or leading blanks. */
CULVERT_MUST_USE int port_parse(uint16_t *out, const char *text, size_t len);

#endif
