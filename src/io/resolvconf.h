/* The host's resolver configuration (resolv.conf(5)): name servers, search domains, options. */
#ifndef CULVERT_IO_RESOLVCONF_H
#define CULVERT_IO_RESOLVCONF_H

#include <stddef.h>

#include "base/addr.h"
#include "base/txt.h"
#include "dns/name.h"
#include "dns/resolver.h"

/* A few lines in practice; what lies behind this is not looked at. */
#define RESOLVCONF_FILE_MAX 65536U
#define RESOLVCONF_NDOTS_MAX 15	/* as the C library has it */
#define RESOLVCONF_TIMEOUT_MAX_S 30
#define RESOLVCONF_ATTEMPTS_MAX 5

struct resolvconf {
	struct endpoint servers[DNS_SERVERS_MAX];
	size_t server_count;
	char search[DNS_SEARCH_MAX][DNS_NAME_MAX + 1];
	size_t search_count;
	unsigned ndots;
	unsigned timeout_s, attempts;	/* 0: not given */
};

/*
 * Reads the file's text. Lines, options and domains that make no sense, and servers and domains
 * beyond what `out` holds, are left out, as the C library does.
 */
void resolvconf_parse(struct resolvconf *out, struct txt text);

/* The same with the file at `path`; one that cannot be read names nothing. */
void resolvconf_read(struct resolvconf *out, const char *path);

#endif
