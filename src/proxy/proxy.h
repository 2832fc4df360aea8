/* What SOCKS and HTTP share: where a client wants to go, and who may ask. */
#ifndef CULVERT_PROXY_PROXY_H
#define CULVERT_PROXY_PROXY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/compiler.h"

#define PROXY_NAME_MAX 255	/* RFC 1928: one length byte; a DNS name has at most 253 */
#define PROXY_CREDENTIAL_MAX 255	/* RFC 1929: one length byte each */

/* A destination by name or address. */
struct proxy_target {
	struct addr addr;			/* family ADDR_NONE: `name` counts */
	char name[PROXY_NAME_MAX + 1];		/* NUL-terminated, no NUL inside */
	uint16_t port;
};

/* Owned by the listener; outlives its connections. Empty texts are values like any other. */
struct proxy_auth {
	char username[PROXY_CREDENTIAL_MAX + 1];
	char password[PROXY_CREDENTIAL_MAX + 1];
};

/*
 * Whether both texts match, in time that depends on neither content nor place of the first
 * difference.
 */
CULVERT_MUST_USE bool proxy_auth_check(const struct proxy_auth *auth, const void *username,
				       size_t username_len, const void *password,
				       size_t password_len);

/*
 * Sets addr or name from a host text: an IP literal (brackets removed by the caller) or a name.
 * 0 or ERR_SYNTAX for an empty, overlong or impossible name.
 */
CULVERT_MUST_USE int proxy_target_set_host(struct proxy_target *t, const char *host, size_t len);

#define PROXY_TARGET_TEXT_MAX (PROXY_NAME_MAX + 10)
/* "host:port" for messages; brackets around IPv6. Returns `out`. */
const char *proxy_target_format(const struct proxy_target *t,
				char out[static PROXY_TARGET_TEXT_MAX]);

/*
 * Which protocol a client of a mixed listener speaks. 4 and 5 are the version bytes of SOCKS; neither
 * can start an HTTP request, whose method is made of printable characters. Everything else goes to
 * HTTP, which answers garbage with 400.
 */
static inline bool proxy_is_socks(uint8_t first_byte)
{
	return first_byte == 4 || first_byte == 5;
}

#endif
