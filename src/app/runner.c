#include "app/runner.h"

#include <stddef.h>

#include "app/options.h"
#include "base/log.h"
#include "crypto/system.h"
#include "front/service.h"

int runner_make_loop(struct runner *s)
{
	s->loop = io_loop_new();
	if (s->loop)
		return EXIT_OK;
	log_error("cannot make an event loop");
	return EXIT_RUNTIME;
}

int runner_open(struct runner *s, const struct node_config *config,
		 const struct node_callbacks *callbacks)
{
	struct fault fault;

	if (!s->loop && runner_make_loop(s))
		return EXIT_RUNTIME;
	s->rng = crypto_system_rng();
	s->config = config;
	s->started = io_loop_now(s->loop);
	if (node_new(s->loop, config, &s->rng, callbacks, &s->node, &fault) == 0)
		return EXIT_OK;
	log_error("%s", fault.text);
	s->node = NULL;
	runner_close(s);
	return fault.cannot_bind ? EXIT_BIND : EXIT_RUNTIME;
}

void runner_close(struct runner *s)
{
	if (s->node)
		node_free(s->node);
	if (s->loop)
		io_loop_free(s->loop);
	s->node = NULL;
	s->loop = NULL;
}

void runner_log_listeners(const struct runner *s)
{
	const struct node_config *c = s->config;
	char text[IO_ADDRESS_TEXT_MAX];
	struct io_address at;

	for (size_t i = 0; i < c->service_count; i++) {
		const struct service_config *service = &c->services[i];

		if (!service_is_local(service)) {
			log_info("port %u of this node is served in the tunnel", service->listen_port);
			continue;
		}
		node_listener_address(s->node, i, &at);
		log_info("%s listens on %s", service_kind_name(service->kind), io_address_format(&at, text));
	}
}

uint64_t runner_age_ms(const struct runner *s)
{
	return boot_since_ms(io_loop_now(s->loop), s->started);
}
