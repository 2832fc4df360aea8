/* What was understood of a configuration, for people to compare with what they meant. */
#ifndef CULVERT_APP_SUMMARY_H
#define CULVERT_APP_SUMMARY_H

#include <stdbool.h>

#include "conf/config.h"
#include "node/config.h"

/* `text` lives for the call. */
typedef void (*summary_fn)(void *ctx, const char *label, const char *text);

/* Own addresses and public key, names, peers; no secret, and no value of a variable or a file. */
void summary_tell_network(const struct node_config *c, summary_fn fn, void *ctx);
/* Listeners, forwards and served ports with their targets. */
void summary_tell_listeners(const struct node_config *c, const struct config_facts *facts,
			    summary_fn fn, void *ctx);

#endif
