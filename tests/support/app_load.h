/* Loads a configuration from memory and looks at what is said about it. Include cmocka.h first. */
#ifndef CULVERT_TESTS_APP_LOAD_H
#define CULVERT_TESTS_APP_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "conf/config.h"
#include "support/app_host.h"

/* Made for these tests; PSK also serves as a second public key, which may be any 32 bytes. */
#define PRIVATE "0N/5kgGWFwDYRJhaATEA+S5dF8fEY8oXWOdvf+V7HV8="
#define OWN_PUBLIC "MVsPNPiPexUSI1wi3xe+3hRG1FAQmVyeKRe3m88W6Qk="
#define PUBLIC "m9l/qq1WH0sQUeyLDKPJsHeVDTLu+Ee5mZu00Xn2TRc="
#define PSK "QM7isRFb4wX1xkEZgbfIZBgFhUfVPcSlka1Yea0Lngs="

#define INTERFACE "[Interface]\nPrivateKey = " PRIVATE "\nAddress = 10.0.0.2/24\n"
#define PEER "[Peer]\nPublicKey = " PUBLIC "\nEndpoint = vpn.example:51820\n"

struct loaded {
	struct fake_host fake;
	struct config_facts facts;
	struct node_config config;
	struct problems problems;
	int err;
};

static inline void load_prepared(struct loaded *l, const char *path, bool free_port)
{
	const struct config_host host = {fake_get_env, fake_read_file, &l->fake};
	const struct config_request request = {&host, path, free_port};

	problems_init(&l->problems);
	l->err = config_load(&l->config, &request, &l->facts, &l->problems);
}

static inline void load(struct loaded *l, const char *text)
{
	*l = (struct loaded){.fake = {.files = {{"d/f", text, 0, false, 0}}}};
	load_prepared(l, "d/f", false);
}

static inline void release(struct loaded *l)
{
	node_config_fini(&l->config);
	problems_fini(&l->problems);
}

static inline void show(const struct loaded *l)
{
	for (size_t i = 0; i < l->problems.count; i++)
		print_error("%s\n", l->problems.items[i].text);
}

static inline void assert_clean(const struct loaded *l)
{
	show(l);
	assert_int_equal(l->err, 0);
	assert_int_equal(l->problems.count, 0);
}

static inline bool mentions(const struct loaded *l, enum problem_kind kind, const char *want)
{
	for (size_t i = 0; i < l->problems.count; i++) {
		if (l->problems.items[i].kind == kind && strstr(l->problems.items[i].text, want))
			return true;
	}
	return false;
}

#endif
