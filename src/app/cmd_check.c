#include "app/cmd_check.h"

#include <stdio.h>

#include "app/load.h"
#include "base/addr.h"
#include "crypto/keys.h"

static void print_problems(const struct problems *problems)
{
	for (size_t i = 0; i < problems->count; i++)
		fprintf(stderr, "%s%s\n",
			problems->items[i].kind == PROBLEM_WARNING ? "warning: " : "",
			problems->items[i].text);
	if (problems->dropped)
		fprintf(stderr, "%zu more problems are not shown\n", problems->dropped);
}

static void print_node(const struct node_config *c)
{
	struct key_public public;
	char key[KEY_TEXT_LEN + 1], addr[ADDR_TEXT_MAX];

	if (key_public_from_private(&public, c->private_key) == 0) {
		key_public_format(&public, key);
		printf("  public key   %s\n", key);
	}
	for (size_t i = 0; i < c->address_count; i++)
		printf("  address      %s\n", addr_format(&c->addresses[i].addr, addr));
	for (size_t i = 0; i < c->dns_server_count; i++)
		printf("  name server  %s\n", addr_format(&c->dns_servers[i], addr));
	if (!c->dns_server_count)
		printf("  name server  none in the tunnel; this machine resolves names\n");
}

static void print_listeners(const struct node_config *c, const struct config_facts *facts)
{
	char text[IO_ADDRESS_TEXT_MAX];

	for (size_t i = 0; i < c->listener_count; i++) {
		const struct node_listener_config *l = &c->listeners[i];

		printf("  listener     %s on %s%s%s\n", load_listener_name(l->kind),
		       io_address_format(&l->bind, text), l->has_auth ? ", with a password" : "",
		       facts->default_listener ? " (by default)" : "");
	}
	for (size_t i = 0; i < c->inbound_count; i++)
		printf("  inbound      port %u of this node\n", c->inbound[i].listen_port);
}

static void print_summary(const struct node_config *c, const struct config_facts *facts)
{
	size_t with_endpoint = 0;

	for (size_t i = 0; i < c->peer_count; i++)
		with_endpoint += c->peers[i].endpoint_port != 0;
	puts("OK");
	print_node(c);
	printf("  peers        %zu, %zu with an endpoint\n", c->peer_count, with_endpoint);
	print_listeners(c, facts);
}

int cmd_check(const struct options *o)
{
	struct config_facts facts = {false};
	struct node_config config;
	struct problems problems;
	int code = load_config(&config, o, false, &facts, &problems);

	print_problems(&problems);
	if (!code)
		print_summary(&config, &facts);
	problems_fini(&problems);
	node_config_fini(&config);
	return code;
}
