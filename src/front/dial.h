/*
 * One attempt to reach a destination through the tunnel: waits for the session, resolves the name,
 * races the addresses (RFC 8305) and ends with an open stream or with a cause and a line of text.
 * One deadline covers it all.
 */
#ifndef CULVERT_FRONT_DIAL_H
#define CULVERT_FRONT_DIAL_H

#include <stdbool.h>

#include "base/cause.h"
#include "base/compiler.h"
#include "base/fault.h"
#include "base/list.h"
#include "front/names.h"
#include "front/patience.h"
#include "link/tunnel.h"
#include "net/stream.h"
#include "proxy/proxy.h"

struct dial;

/* Of what is known of a peer. */
#define DIAL_WHY_MAX 320
/* So long without an answer, a client that gives up has learned something about the tunnel, too. */
#define DIAL_SILENT_MS 3000

/*
 * The end of a dial: `stream` is open (the callee owns it and sets its owner) and `fault` is NULL;
 * or `stream` is NULL, and `fault` says with cause and text what failed, on what and why. The dial is freed by
 * then; never called from dial_start.
 */
typedef void (*dial_fn)(void *ctx, struct net_stream *stream, const struct fault *fault);

/* Text that says why there is no session with a peer. Returns `out`. */
typedef const char *(*dial_describe_fn)(void *ctx, struct wg_peer *peer, char *out, size_t cap);

struct dial_env {
	struct tunnel *tunnel;
	struct names *names;
	dial_describe_fn describe;
	dial_describe_fn silence;	/* why a session brings no answer; "": not known */
	void *describe_ctx;
	struct patience *patience;	/* NULL: nothing gives way when the stack is full */
	unsigned timeout_ms;
	uint64_t failed[CAUSE_COUNT];	/* dials that ended without a stream, by cause: for the status */
	struct list ready;	/* dials whose first step is due: list_init by the owner */
};

/* `env` outlives the dial. 0 or ERR_NOMEM. */
CULVERT_MUST_USE int dial_start(struct dial_env *env, const struct proxy_target *target,
				dial_fn fn, void *ctx, struct dial **out);
/* Gives up without a callback. */
void dial_cancel(struct dial *d);
/* One round of a flush: takes the first step of new dials. Whether there were any. */
CULVERT_MUST_USE bool dial_flush(struct dial_env *env);

#endif
