/*
 * How long the answer to a wrong password waits, so that trying them out is slow. Wrong ones of
 * one source address wait for one another, each longer than the one before. On loopback and Unix
 * sockets everybody has the same address, so there each connection has its own delay, and a common
 * rate limits them together. A right password is answered at once, whatever others did: nothing
 * here is asked about it.
 */
#ifndef CULVERT_PROXY_GUESSES_H
#define CULVERT_PROXY_GUESSES_H

#include <stdint.h>

#include "base/addr.h"
#include "base/clock.h"

/* Wrong passwords on one connection; the last one ends it. */
#define GUESSES_PER_CONNECTION 3
/* The first wrong one may be a slip; doubling, the sixth and all after it wait for the maximum. */
#define GUESSES_DELAY_MIN_MS 100
#define GUESSES_DELAY_MAX_MS 2000
/* Between two answers on loopback and Unix sockets, or of sources beyond the table. */
#define GUESSES_COMMON_GAP_MS 100
/* No answer waits longer, so that a neighbour who types wrong is told before clients give up. */
#define GUESSES_WAIT_MAX_MS 20000
/* A source is forgotten so long after its last wrong one. */
#define GUESSES_FORGET_MS 60000
/* Sources that are remembered; 12 kB, and a scan shorter than the way of the password. */
#define GUESSES_SOURCES_MAX 256

struct guesses_source {
	struct addr prefix;	/* IPv4: the address; IPv6: its /64, which one host may use freely */
	unsigned wrong;
	struct boot_time last;	/* ns 0: free */
	struct boot_time answered;	/* when the last one is answered */
};

/* All zero is empty. Embedded by the node; only the function below touches the fields. */
struct guesses {
	struct guesses_source sources[GUESSES_SOURCES_MAX];
	struct boot_time common;	/* when the last one without a source is answered */
	uint64_t wrong;			/* for the status */
};

/*
 * A wrong password came from `from` (family ADDR_NONE: a Unix socket), the `nth` one of its
 * connection (from 1). Returns when to answer.
 */
struct boot_time guesses_wrong(struct guesses *g, struct boot_time now, const struct addr *from,
			       unsigned nth);

#endif
