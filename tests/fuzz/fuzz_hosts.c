/*
 * What the host says of names: the first byte chooses between the hosts file and resolv.conf.
 * Whatever stands there, only addresses and names that are possible come out, within the limits.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "dns/name.h"
#include "io/hosts.h"
#include "io/resolvconf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
	if (!ok)
		abort();
}

static void fuzz_hosts(struct txt text)
{
	static const char *const names[] = {"localhost", "a", "host.example"};
	struct addr all[8], some[2];

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		size_t count = hosts_lookup(text, names[i], all, ARRAY_LEN(all));
		size_t few = hosts_lookup(text, names[i], some, ARRAY_LEN(some));

		require(count <= ARRAY_LEN(all));
		require(few == (count < ARRAY_LEN(some) ? count : ARRAY_LEN(some)));
		for (size_t k = 0; k < count; k++) {
			require(all[k].family == ADDR_V4 || all[k].family == ADDR_V6);
			require(k >= few || addr_equal(&all[k], &some[k]));
		}
	}
}

static void fuzz_resolvconf(struct txt text)
{
	struct resolvconf c;

	resolvconf_parse(&c, text);
	require(c.server_count <= DNS_SERVERS_MAX && c.search_count <= DNS_SEARCH_MAX);
	require(c.ndots <= RESOLVCONF_NDOTS_MAX && c.timeout_s <= RESOLVCONF_TIMEOUT_MAX_S &&
		c.attempts <= RESOLVCONF_ATTEMPTS_MAX);
	for (size_t i = 0; i < c.server_count; i++) {
		require(c.servers[i].port != 0);
		require(c.servers[i].addr.family == ADDR_V4 || c.servers[i].addr.family == ADDR_V6);
		require(!c.servers[i].scope_id || c.servers[i].addr.family == ADDR_V6);
	}
	for (size_t i = 0; i < c.search_count; i++) {
		struct dns_name name;
		bool absolute;

		require(dns_name_parse(&name, c.search[i], strlen(c.search[i]), &absolute) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct txt text;

	if (!size)
		return 0;
	text = txt_init((const char *)data + 1, size - 1);
	if (data[0] & 1)
		fuzz_resolvconf(text);
	else
		fuzz_hosts(text);
	return 0;
}
