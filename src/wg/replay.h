/*
 * Which counters a session has seen: a sliding window over the newest WG_REPLAY_WINDOW counters
 * (RFC 6479; paper section 5.4.6). Invariant: every counter below `next` that is more than the
 * window behind it is refused; inside the window a bit says whether it was accepted.
 */
#ifndef CULVERT_WG_REPLAY_H
#define CULVERT_WG_REPLAY_H

#include <stdbool.h>
#include <stdint.h>

#define WG_REPLAY_BITS 8256	/* a multiple of 64, one word more than the window: see replay.c */
#define WG_REPLAY_WINDOW (WG_REPLAY_BITS - 64)

struct wg_replay {
	uint64_t next;		/* highest accepted counter plus one */
	uint64_t bitmap[WG_REPLAY_BITS / 64];
};

/* Whether `counter` could still be accepted. Changes nothing: for use before authentication. */
bool wg_replay_check(const struct wg_replay *r, uint64_t counter);

/* Accepts an authenticated counter once: false when it was seen before or is too old. */
bool wg_replay_accept(struct wg_replay *r, uint64_t counter);

#endif
