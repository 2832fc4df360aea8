/* culvert genkey, pubkey, genpsk: as wg(8) has them. */
#ifndef CULVERT_APP_CMD_KEYS_H
#define CULVERT_APP_CMD_KEYS_H

#include "app/options.h"

int cmd_genkey(const struct options *o);
int cmd_pubkey(const struct options *o);
int cmd_genpsk(const struct options *o);

#endif
