/* A node with its loop, as the commands run it. */
#ifndef CULVERT_APP_RUNNER_H
#define CULVERT_APP_RUNNER_H

#include <stdint.h>

#include "base/compiler.h"
#include "base/rng.h"
#include "io/loop.h"
#include "node/node.h"

struct runner {
	struct io_loop *loop;
	struct node *node;
	struct rng rng;
	struct boot_time started;
	const struct node_config *config;
};

/*
 * Makes the loop of an all-zero runner before its node, for what else runs in it. EXIT_OK, or
 * EXIT_RUNTIME with the reason logged.
 */
CULVERT_MUST_USE int runner_make_loop(struct runner *s);
/*
 * Opens the node of `config`, which must outlive the runner, in an all-zero runner or one with
 * its loop: EXIT_OK; EXIT_BIND or EXIT_RUNTIME with the reason logged, and then nothing is open.
 * Needs crypto_init.
 */
CULVERT_MUST_USE int runner_open(struct runner *s, const struct node_config *config,
				  const struct node_callbacks *callbacks);
/* Closes at once. Signals and timers of the loop must be freed before. */
void runner_close(struct runner *s);

/* Says where the node listens. */
void runner_log_listeners(const struct runner *s);
/* Milliseconds since runner_open, as of this wakeup. */
uint64_t runner_age_ms(const struct runner *s);

#endif
