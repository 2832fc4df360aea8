/*
 * The clock of waits that must end: it counts time in which this program ran and the path to the
 * remote was up, so neither a freeze nor an outage of the tunnel ends what would have gone on.
 *
 * Whoever holds a connection enters a `patience_wait` for as long as he lives. One timer of the
 * node looks at all of them every few seconds; in between a wait costs nothing, and a moved byte
 * costs one store. Nothing ends before its limit, and all within PATIENCE_LOOK_MS after it.
 */
#ifndef CULVERT_FRONT_PATIENCE_H
#define CULVERT_FRONT_PATIENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/compiler.h"
#include "base/list.h"
#include "io/loop.h"
#include "io/sock.h"
#include "net/stream.h"

/* Short against every limit below; 65,536 connections are looked at in a few milliseconds. */
#define PATIENCE_LOOK_MS 5000
/* Later than that, the loop did not run: the machine slept or the process was stopped. */
#define PATIENCE_LATE_MS 1000

/* One direction has ended and nothing moves in the other: clients and servers have given up. */
#define PATIENCE_HALF_MS 300000
/* The client has sent its end and the answer to its request does not come. */
#define PATIENCE_GONE_MS 30000
/* So long without a byte while one side takes none: such a connection gives way to a new one. */
#define PATIENCE_STALLED_MS 10000

/* Why a connection was ended from here. */
enum patience_reason {
	PATIENCE_HALF,		/* one direction ended, nothing moved in the other */
	PATIENCE_GONE,		/* the client had sent its end and no answer came */
	PATIENCE_IDLE,		/* IdleTimeout of the listener */
	PATIENCE_STALLED,	/* gave way: its listener, or the stack, was full */
	PATIENCE_REASON_COUNT
};

struct patience_wait;

struct patience_kind {
	/* Asks patience_count, and ends its object when that is too long. */
	void (*look)(struct patience_wait *w);
	/*
	 * Ends the stalled object if it is of listener `group` (NULL: of any) and still stalled.
	 * False when it is not.
	 */
	bool (*give_way)(struct patience_wait *w, const void *group);
};

struct patience {
	struct io_loop *loop;
	struct io_timer *timer;
	struct list waits;
	struct list stalled;		/* longest first */
	bool (*path_up)(void *ctx, const struct net_stream *s);
	void *ctx;
	struct boot_time last;
	uint32_t step_ms;		/* counted since the look before: during a look only */
	uint64_t ended[PATIENCE_REASON_COUNT];
};

/* Embedded by a connection; `moved` is the owner's to set, the rest is not. */
struct patience_wait {
	struct list link;
	struct list stalled;
	struct patience *patience;
	const struct patience_kind *kind;
	size_t unacked, unsent;	/* on their way when last asked: a change is a move */
	uint32_t waited_ms;
	bool moved;	/* a byte has moved since the last look */
};

/* `path_up`: whether the peer that leads to the remote of `s` is heard. 0 or ERR_NOMEM. */
CULVERT_MUST_USE int patience_init(struct patience *p, struct io_loop *loop,
				   bool (*path_up)(void *ctx, const struct net_stream *s),
				   void *ctx);
/* Nobody waits any more. */
void patience_fini(struct patience *p);

/* NULL for `p`: never looked at. */
void patience_enter(struct patience *p, struct patience_wait *w, const struct patience_kind *kind);
void patience_leave(struct patience_wait *w);

/*
 * From a look: how long nothing has moved, the time since the last look included. `s` (NULL: none)
 * is the stream whose path must be up for the time to count.
 */
uint32_t patience_count(struct patience_wait *w, const struct net_stream *s);
/* Whether the path of `s` (NULL: none) is down. */
bool patience_cut_off(const struct patience_wait *w, const struct net_stream *s);
/*
 * What was passed on before may still leave the stack and the system, at a pace that moves nothing
 * here: that counts as moved, too. One system call. `s` may be NULL.
 */
void patience_note_drained(struct patience_wait *w, const struct net_stream *s,
			   const struct io_sock *sock);
/* Whether the object gives way when room is needed. */
void patience_set_stalled(struct patience_wait *w, bool stalled);
/* Counts an end. */
void patience_ended(struct patience_wait *w, enum patience_reason reason);
/* Has the longest stalled connection of `group` (NULL: of any) end. False when there is none. */
bool patience_make_room(struct patience *p, const void *group);

/* For the status, for example "idle". Static. */
const char *patience_reason_name(enum patience_reason reason);

#endif
