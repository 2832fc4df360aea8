#include "mesh/netmap_self.h"

#include <stdlib.h>
#include <string.h>

static size_t text_len(const struct netmap_self *self)
{
	size_t len = 0;

	for (size_t i = 0; i < self->search_domain_count; i++)
		len += strlen(self->search_domains[i]) + 1;
	return len;
}

static void copy(void *to, const void *from, size_t len)
{
	if (len)
		memcpy(to, from, len);
}

struct self_copy *self_copy_new(const struct netmap_self *self)
{
	size_t domains = self->search_domain_count * sizeof(char *);
	size_t addresses = self->address_count * sizeof(struct prefix);
	size_t servers = self->server_count * sizeof(struct addr);
	struct self_copy *c = calloc(1, sizeof(*c) + domains + addresses + servers + text_len(self));
	char **domain, *at;

	if (!c)
		return NULL;
	c->self = *self;
	/* Pointers first, bytes after them: all is aligned. */
	domain = (char **)(void *)(c + 1);
	at = (char *)domain + domains;
	c->self.search_domains = (const char *const *)domain;
	c->self.addresses = (const struct prefix *)(void *)at;
	copy(at, self->addresses, addresses);
	at += addresses;
	c->self.servers = (const struct addr *)(void *)at;
	copy(at, self->servers, servers);
	at += servers;
	for (size_t i = 0; i < self->search_domain_count; i++) {
		size_t len = strlen(self->search_domains[i]) + 1;

		domain[i] = memcpy(at, self->search_domains[i], len);
		at += len;
	}
	return c;
}

bool self_same_addresses(const struct self_copy *a, const struct self_copy *b)
{
	if (a->self.address_count != b->self.address_count)
		return false;
	for (size_t i = 0; i < a->self.address_count; i++) {
		if (!addr_equal(&a->self.addresses[i].addr, &b->self.addresses[i].addr))
			return false;
	}
	return true;
}

bool self_same_names(const struct self_copy *a, const struct self_copy *b)
{
	if (a->self.server_count != b->self.server_count || a->self.search_domain_count != b->self.search_domain_count)
		return false;
	for (size_t i = 0; i < a->self.server_count; i++) {
		if (!addr_equal(&a->self.servers[i], &b->self.servers[i]))
			return false;
	}
	for (size_t i = 0; i < a->self.search_domain_count; i++) {
		if (strcmp(a->self.search_domains[i], b->self.search_domains[i]) != 0)
			return false;
	}
	return true;
}
