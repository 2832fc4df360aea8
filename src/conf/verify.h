/* Checks of a configuration that need more than one key. A part of config_load. */
#ifndef CULVERT_CONF_VERIFY_H
#define CULVERT_CONF_VERIFY_H

struct config_build;

/* Reports to the build's problems; peers without AllowedIPs get everything. */
void build_verify(struct config_build *b);

#endif
