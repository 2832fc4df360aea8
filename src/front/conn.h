/*
 * Open connections, counted by the service that they came to. Every object that owns a client connection
 * embeds a `conn` and is in exactly one group, so that limits hold, a drain knows when it is done,
 * and the node can end everything at once.
 *
 * A client is a stranger until it has shown its password, if one is wanted, and asked for a
 * destination; then it takes one of the listener's places. Strangers take none, so they shut nobody
 * out: when they are too many the oldest is closed, and a new client is never refused.
 */
#ifndef CULVERT_FRONT_CONN_H
#define CULVERT_FRONT_CONN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/list.h"
#include "front/config.h"
#include "front/dial.h"
#include "io/sock.h"

/*
 * Strangers for whom there is room even when all places are taken. A flood must bring as many
 * within the round trip of an honest client to displace it; 256 hold 0.3 MB.
 */
#define CONN_STRANGERS_MAX 256
/* A client must have sent its whole request head, or SOCKS request, within this time. */
#define CONN_HANDSHAKE_TIMEOUT_MS 30000
/* After a refusal, so long for the client to read it before the socket is closed. */
#define CONN_LINGER_MS 2000
/* Bytes that are discarded meanwhile: a client that sends more is reset. */
#define CONN_LINGER_BYTES (256 * 1024)

/* What a client is told that comes, or still waits for its destination, in a drain. */
#define CONN_DRAIN_TEXT "this proxy is shutting down"

struct guesses;
struct patience;

struct conn_group {
	struct list conns;	/* those that hold a place */
	struct list strangers;	/* those that hold none, oldest first */
	unsigned open;		/* all of them, refused ones on their way out included */
	unsigned placed, max;	/* those that hold one of the `max` places */
	uint64_t displaced;	/* strangers that were closed for a new one */
	uint64_t idle_ms;	/* after so long without a byte a connection ends; 0: never */
	struct patience *patience;	/* NULL: waits have no end */
	struct guesses *guesses;	/* where passwords are wanted */
	struct io_loop *loop;
	struct dial_env *dial;
	const struct service_config *config;	/* of the service; may change between two uses */
	void (*on_leave)(void *ctx);	/* a connection of this group has ended */
	void *ctx;
	bool draining;
};

struct conn {
	struct list link;
	struct conn_group *group;
	void (*kill)(struct conn *c);	/* ends and frees the object at once; leaves the group */
	void (*drain)(struct conn *c);	/* NULL, or: ends it if it is idle; may free the object */
	bool placed;
};

void conn_group_init(struct conn_group *g, struct io_loop *loop, unsigned max);
/* Ends every connection of the group. */
void conn_group_kill(struct conn_group *g);
/* Ends those that hold no place, without a word. */
void conn_group_kill_strangers(struct conn_group *g);
/* No more connections are wanted: tells those that are open. */
void conn_group_drain(struct conn_group *g);

/* `c->drain` stays as it is. */
void conn_enter(struct conn *c, struct conn_group *g, void (*kill)(struct conn *c));
void conn_leave(struct conn *c);
/* Before a connection enters that a client has opened: closes the oldest stranger if need be. */
void conn_group_admit(struct conn_group *g);
/*
 * Asks for one of the group's places, which is held until the connection leaves. When all are
 * taken, the longest stalled connection gives way; false when there is none: answer, but do not
 * dial. True again for one that has its place already.
 */
CULVERT_MUST_USE bool conn_take_place(struct conn *c);
/* `to`, of the same group, goes on for `from`. */
void conn_pass_place(struct conn *from, struct conn *to);

/* When to answer a wrong password, the `nth` one of the connection on `sock`. */
struct boot_time conn_wrong_login(struct conn *c, const struct io_sock *sock, unsigned nth);

/*
 * Ends a connection whose last bytes must still arrive: sends FIN and discards what the client
 * still sends until it closes, for a short while (closing at once would reset the connection and
 * destroy the answer in flight). Takes `sock` over in every case.
 */
void conn_linger(struct conn_group *g, struct io_sock *sock);

#endif
